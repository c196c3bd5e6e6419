"""Decisions about names are written whole or not at all, and leave the rest of the file as it was."""

from __future__ import annotations

import pytest

from workbench.errors import BadSettings
from workbench.settings.alias_editor import own_decisions, remove_decision, with_decision, write_decision
from workbench.settings.aliases import Accept, Refuse

MERGE = Accept(("Falk", "Ole Falk"), "Ole Falk", "person", "the only Falk")
APART = Refuse(("Ida Falk", "Ole Falk"), "sisters and brothers")
WRITTEN = """\
# our own file
[names.known]
body = ["Fish Authority"]  # found by hand

[[accept]]  # of the first week
names = ["BFA", "Fish Authority"]
entity = "Fish Authority"
label = "body"
reason = "its own abbreviation"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "aliases.toml").write_text(WRITTEN, encoding="utf-8")
    return tmp_path


def text(folder):
    return (folder / "aliases.toml").read_text(encoding="utf-8")


def test_a_decision_is_added_and_every_comment_stays(folder):
    place = write_decision(folder, MERGE)
    write_decision(folder, APART)
    assert place == folder / "aliases.toml"
    for line in WRITTEN.splitlines():
        assert line in text(folder)
    own = own_decisions(folder)
    assert own.accept[1:] == (MERGE,)
    assert own.refuse == (APART,)
    assert list(folder.iterdir()) == [place], "no half-written file is left"


def test_the_first_decision_of_a_project_makes_the_file_and_says_what_it_is(tmp_path):
    write_decision(tmp_path / "settings", MERGE)
    assert text(tmp_path / "settings").startswith("# Decisions about names")
    assert own_decisions(tmp_path / "settings").decisions == (MERGE,)


def test_a_decision_taken_back_leaves_the_file_as_it_was(folder):
    write_decision(folder, APART)
    assert remove_decision(folder, ["ole falk", "Ida Falk"]) == APART
    assert text(folder).strip() == WRITTEN.strip()
    assert own_decisions(folder).refuse == ()


def test_the_last_of_two_decisions_about_the_same_names_is_taken_back(folder):
    write_decision(folder, MERGE)
    write_decision(folder, MERGE._replace(reason="asked again"))
    assert remove_decision(folder, MERGE.names).reason == "asked again"
    assert own_decisions(folder).accept[-1] == MERGE


@pytest.mark.parametrize(
    ("decision", "problem", "hint"),
    [
        (Refuse(("BFA", "Fish Authority"), "r"), "both accepted", "remove one"),
        (Accept(("BFA", "Bank"), "Bank", "body", "r"), "`BFA` is accepted as Fish Authority and as Bank", 'entity = "Fish Authority"'),
        (Accept(("EU", "Eu"), "Europe", "body", "r"), "accepted as European Union and as Europe", "leave `EU` out"),
        (Refuse(("A", "the a"), "r"), "not two different forms", "one entry for each pair"),
        (Accept(("A", "B"), "A", "boddy", "r"), "label `boddy`", "did you mean `body`"),
    ],
)  # fmt: skip
def test_a_contradiction_is_refused_with_its_place_and_nothing_is_written(folder, decision, problem, hint):
    for write in (with_decision, write_decision):
        with pytest.raises(BadSettings) as refused:
            write(folder, decision)
        assert refused.value.place == str(folder / "aliases.toml")
        assert problem in refused.value.problem
        assert hint in refused.value.hint
    assert text(folder) == WRITTEN


def test_taking_back_what_was_never_decided_names_what_was(folder):
    with pytest.raises(BadSettings, match="no decision about BFA and Fish stands here") as refused:
        remove_decision(folder, ["BFA", "Fish"])
    assert "BFA = Fish Authority" in refused.value.hint
    with pytest.raises(BadSettings, match="nothing was decided in this project yet"):
        remove_decision(folder / "none", ["BFA"])


def test_a_file_that_is_no_toml_is_refused_with_its_line_and_stays(folder):
    (folder / "aliases.toml").write_text("[[accept]\n", encoding="utf-8")
    with pytest.raises(BadSettings, match="not valid TOML"):
        write_decision(folder, MERGE)
    assert text(folder) == "[[accept]\n"


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "settings").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(BadSettings, match="cannot be written"):
        write_decision(tmp_path / "settings", MERGE)
