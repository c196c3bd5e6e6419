"""`workbench correct`: what an analyst types to correct a speaker, a quotation or a label, and the lines that are offered."""

from __future__ import annotations

import json
import shlex

import pytest
from support.corrected_texts import BRIEFING, DUSK, REED, SHIP, STEP, STORY, address, write_corpus
from typer.testing import CliRunner

from workbench.cli.app import app
from workbench.errors import BadParameter


@pytest.fixture
def say(tmp_path, monkeypatch):
    write_corpus(tmp_path / "texts")
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*arguments, command="correct"):
        done = CliRunner().invoke(app, [command, *arguments], catch_exceptions=False)
        assert done.exit_code == 0
        return done.stdout

    return run


STEP_AT, SHIP_AT = f"story.txt:{address(STORY, STEP)}", f"story.txt:{address(STORY, SHIP)}"
REED_AT = f"briefing.txt:{address(BRIEFING, REED)}"


@pytest.mark.parametrize(
    ("arguments", "said", "undo"),
    [
        (("speaker", STEP_AT, "Anna Falk"), "→ Anna Falk (corrected in metadata.toml: seen): changes 0 turns, 1 quotation, 1 sentence", STEP_AT),
        (("speaker", REED_AT, "Anna Falk"), "changes 1 turn, 0 quotations, 3 sentences", REED_AT),
        (("quote", SHIP_AT, "--delete"), "→ deleted (corrected in metadata.toml: seen): changes 0 turns, 1 quotation, 1 sentence", SHIP_AT),
        (("quote", STEP_AT, "Anna Falk"), "1 quotation", STEP_AT),
        (("label", f"story.txt:{address(STORY, DUSK)}", "caption"), "body text −11 words", f"story.txt:{address(STORY, DUSK)}"),
        (("speaker", "customs", "--to", "unknown"), "Customs throughout the corpus", "Customs"),
        (("speaker", "Ms. Reed", "--to", "Anna Falk", "--document", "briefing.txt"), "changes 2 turns, 0 quotations, 4 sentences", "--document"),
    ],
)  # fmt: skip
def test_a_correction_shows_its_effect_is_written_and_the_offered_line_takes_it_back(
    say, tmp_path, arguments, said, undo
):
    place = tmp_path / "texts" / "metadata.toml"
    dry = say(*arguments, "--reason", "seen", "--dry-run")
    assert said in dry
    assert not place.exists()
    done = say(*arguments, "--reason", "seen")
    assert done.startswith(dry.partition("nothing is written")[0])
    assert 'reason = "seen"' in place.read_text(encoding="utf-8")
    (line,) = [line for line in done.splitlines() if line.startswith("to take it back: ")]
    assert undo in line
    _, command, *rest = shlex.split(line.removeprefix("to take it back: "))
    assert "removed from" in say(*rest, command=command)
    assert place.read_text(encoding="utf-8").strip() == ""


def test_the_list_says_what_holds_and_check_what_does_not(say, tmp_path):
    assert "No label is corrected here." in say()
    say("quote", SHIP_AT, "--delete", "--reason", "a ship")
    say("speaker", REED_AT, "Anna Falk", "--reason", "the recording")
    (tmp_path / "texts" / "story.txt").write_text(STORY.replace("Old Ferry", "New Ferry"), encoding="utf-8")
    rows = json.loads(say("list", "--json"))
    assert [(row["correct"], row["effect"]) for row in rows] == [
        ("deleted", "without effect"),
        ("Anna Falk", "in effect"),
    ]
    listed = say("list")
    assert f"1 correction has no effect; to remove the first: workbench correct undo {SHIP_AT}" in listed
    checked = say(command="check")
    assert "entries of metadata.toml have no effect; metadata.toml: story.txt: it corrects quotes" in checked
    say("undo", SHIP_AT)
    assert "have no effect" not in say(command="check")


def test_a_speaker_throughout_that_nobody_has_any_more_is_listed_without_effect(say, tmp_path):
    say("speaker", "customs", "--to", "unknown", "--reason", "an office")
    (tmp_path / "texts" / "story.txt").write_text(
        STORY.replace("Customs said", "Officials said"), encoding="utf-8"
    )
    assert [row["effect"] for row in json.loads(say("list", "--json"))] == ["without effect"]
    assert 'have no effect; metadata.toml: it corrects the speaker "Customs"' in say(command="check")


def test_json_has_the_entry_its_effect_and_where_it_is_written(say):
    told = json.loads(say("quote", STEP_AT, "Anna Falk", "--reason", "seen", "--json"))
    assert told["values"] == {"speaker": "Anna Falk", "words": STEP, "reason": "seen"}
    assert (told["effect"]["quotes"], told["effect"]["sentences"]) == (1, 1)
    assert told["written"].endswith("metadata.toml")


@pytest.mark.parametrize(
    ("arguments", "problem", "hint"),
    [
        (("speker",), "no verb `speker`", "did you mean `speaker`"),
        (("speaker",), "nothing is named", "workbench correct speaker visit.txt:1204-1309 'Anna Berg' --reason"),
        (("speaker", STEP_AT), "who speaks", f"workbench correct speaker {STEP_AT} 'Anna Berg'"),
        (("label", STEP_AT), "what it is", "caption"),
        (("label", STEP_AT, "--delete"), "--delete stands alone", "workbench correct quote"),
        (("quote", "customs", "--to", "unknown"), "--to gives a speaker another name", "workbench correct speaker customs"),
        (("speaker", STEP_AT, "A", "--document", "story.txt"), "--document goes with --to", "address"),
        (("speaker", STEP_AT, "A"), "no reason is given", "--reason"),
    ],
)  # fmt: skip
def test_a_line_that_does_not_say_what_is_right_is_refused_with_one_that_does(say, arguments, problem, hint):
    with pytest.raises(BadParameter) as refused:
        say(*arguments)
    assert problem in refused.value.problem
    assert hint in refused.value.hint
