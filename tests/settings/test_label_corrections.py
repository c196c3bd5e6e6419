"""Corrections of labels in metadata.toml: each is checked by itself, pastes below any header, and is written with comments kept."""

import json
import tomllib

import pytest

from workbench.errors import BadSettings
from workbench.settings.metadata import for_file, for_parts, read_metadata
from workbench.settings.metadata_editor import EVERYWHERE, remove_correction, write_correction, write_fields

GOOD = '"1204-1309" = {speaker = "Anna Berg", words = "We have come", reason = "the recording"}'
RIGHT = {"speaker": "Anna Berg", "words": "We have come", "reason": "the recording"}


def corrections(folder, name, toml):
    (folder / "metadata.toml").write_text(toml, encoding="utf-8")
    return json.loads(for_file(folder / name, folder).get("corrections", "{}"))


@pytest.mark.parametrize(
    "toml",
    [
        f'["a.txt".turns]\n{GOOD}\n',
        f'["a.txt"]\ntitle = "A"\nreason = "r"\n["a.txt".turns]\n{GOOD}\n',
        f'"a.txt" = {{turns = {{{GOOD}}}}}\n',
        f'["b.txt".lines]\n"Talks" = "caption"\n"a.txt" = {{turns = {{{GOOD}}}}}\n["b.txt"]\nreason = "r"\n',
        f'["b.txt".turns]\n"1-9" = {{speaker = "B", words = "w", reason = "r"}}\n"a.txt" = {{turns = {{{GOOD}}}}}\n',
        f'["b.txt".speakers]\n"B" = {{to = "C", reason = "r"}}\n"a.txt" = {{turns = {{{GOOD}}}}}\n',
        f'"a.txt" = {{turns = {{{GOOD}}}}}\n"a.txt" = {{title = "A", reason = "r"}}\n',
    ],
)  # fmt: skip
def test_a_correction_holds_wherever_it_is_pasted(tmp_path, toml):
    assert corrections(tmp_path, "a.txt", toml) == {"turns": {"1204-1309": RIGHT}}


@pytest.mark.parametrize(
    ("line", "problem", "hint"),
    [
        ('["a.txt".turns]\n"12" = {speaker = "A", words = "w", reason = "r"}', "has no address", "1204-1309"),
        ('["a.txt".turns]\n"9-3" = {speaker = "A", words = "w", reason = "r"}', "has no address", "1204-1309"),
        ('["a.txt".turns]\n"1-9" = {speaker = "A", words = "w"}', "gives no reason", 'reason = "…"'),
        ('["a.txt".turns]\n"1-9" = {speaker = "A", reason = "r"}', "gives no words", "workbench correct"),
        ('["a.txt".turns]\n"1-9" = {speaker = " ", words = "w", reason = "r"}', "gives no speaker", "speaker"),
        ('["a.txt".turns]\n"1-9" = {speeker = "A", words = "w", reason = "r"}', "no setting `speeker`", "speaker"),
        ('["a.txt".turns]\n"1-9" = "Anna"', "is no correction", "words"),
        ('["a.txt"]\nturns = 3', "is no correction", "words"),
        ('["a.txt".quotes]\n"1-9" = {words = "w", reason = "r"}', "no speaker or delete", "speaker"),
        ('["a.txt".quotes]\n"1-9" = {speaker = "A", delete = true, words = "w", reason = "r"}', "speaker and delete", "speaker"),
        ('["a.txt".quotes]\n"1-9" = {delete = false, words = "w", reason = "r"}', "delete = False", "delete = true"),
        ('["a.txt".labels]\n"1-9" = {kind = "captoin", words = "w", reason = "r"}', "captoin", "caption"),
        ('["a.txt".labels]\n"1-9" = {kind = "title", words = "w", reason = "r"}', "title", "title = "),
        ('["a.txt".speakers]\n"A" = {to = "…", reason = "r"}', "gives no to", "to = "),
        ('["*".turns]\n"1-9" = {speaker = "A", words = "w", reason = "r"}', "speaks of several files", "one file"),
    ],
)  # fmt: skip
def test_a_bad_correction_is_a_problem_with_a_hint_and_the_others_of_its_file_hold(
    tmp_path, line, problem, hint
):
    pasted = f'"b.txt" = {{turns = {{{GOOD}}}}}\n'
    assert corrections(tmp_path, "b.txt", f"{pasted}{line}\n") == {"turns": {"1204-1309": RIGHT}}
    assert "1-9" not in str(for_file(tmp_path / "a.txt", tmp_path))
    said = [one for one in read_metadata(tmp_path / "metadata.toml").problems if problem in one.problem]
    assert [hint in one.hint for one in said] == [True]


def test_what_several_entries_correct_in_a_document_is_joined_and_the_nearer_counts(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "metadata.toml").write_text(
        '["*".speakers]\n"A" = {to = "B", reason = "r"}\n"C" = {to = "D", reason = "r"}\n'
        f'["b/a.txt".speakers]\n"A" = {{to = "E", reason = "r"}}\n["b/a.txt".turns]\n{GOOD}\n',
        encoding="utf-8",
    )
    said = json.loads(for_file(tmp_path / "b" / "a.txt", tmp_path)["corrections"])
    assert {name: row["to"] for name, row in said["speakers"].items()} == {"A": "E", "C": "D"}
    assert said["turns"] == {"1204-1309": RIGHT}


def test_a_document_of_a_table_has_corrections_of_its_own(tmp_path):
    (tmp_path / "metadata.toml").write_text(f'["t.csv#7".turns]\n{GOOD}\n', encoding="utf-8")
    assert json.loads(for_parts(tmp_path / "t.csv", tmp_path)["7"]["corrections"]) == {
        "turns": {"1204-1309": RIGHT}
    }


@pytest.mark.parametrize("doc_id", ["a.txt", 'b/say "no".txt', "t.csv#7", EVERYWHERE])
def test_what_is_written_is_read_and_what_is_removed_is_gone(tmp_path, doc_id):
    (tmp_path / "b").mkdir()
    values = {"to": "unknown", "reason": 'he said "so"'}
    place = write_correction(tmp_path, doc_id, "speakers", "customs", values)
    name = doc_id.removeprefix("b/")
    assert tomllib.loads(place.read_text(encoding="utf-8")) == {name: {"speakers": {"customs": values}}}
    assert read_metadata(place).problems == ()
    remove_correction(tmp_path, doc_id, "speakers", "customs")
    assert tomllib.loads(place.read_text(encoding="utf-8")) == {}
    with pytest.raises(BadSettings, match="no correction of speakers"):
        remove_correction(tmp_path, doc_id, "speakers", "customs")


def test_comments_entries_on_one_line_and_fields_stay_when_a_correction_is_written(tmp_path):
    place = tmp_path / "metadata.toml"
    place.write_text(
        '# ours\n"a.txt" = {title = "A", reason = "the page"}\n["b.txt"]\ntitle = "B" # sure\nreason = "r"\n',
        encoding="utf-8",
    )
    for name in ("a.txt", "b.txt", "c.txt"):
        write_correction(tmp_path, name, "turns", "1204-1309", RIGHT)
    write_fields(tmp_path, "c.txt", {"title": "C", "reason": "r"})
    text = place.read_text(encoding="utf-8")
    assert "# ours" in text
    assert "# sure" in text
    assert {name: (entry["title"], entry["turns"]) for name, entry in tomllib.loads(text).items()} == {
        name: (name[0].upper(), {"1204-1309": RIGHT}) for name in ("a.txt", "b.txt", "c.txt")
    }


def test_a_write_that_would_mean_nothing_leaves_the_file_as_it_is_whatever_else_is_wrong_in_it(tmp_path):
    place = tmp_path / "metadata.toml"
    place.write_text('["b.txt"]\ntitel = "B"\n', encoding="utf-8")
    before = place.read_bytes()
    with pytest.raises(BadSettings, match="gives no reason"):
        write_correction(tmp_path, "a.txt", "turns", "1204-1309", {**RIGHT, "reason": ""})
    assert place.read_bytes() == before
    write_correction(tmp_path, "a.txt", "turns", "1204-1309", RIGHT)
    assert json.loads(for_file(tmp_path / "a.txt", tmp_path)["corrections"]) == {
        "turns": {"1204-1309": RIGHT}
    }


def test_a_document_outside_the_corpus_is_refused(tmp_path):
    with pytest.raises(BadSettings, match="outside the corpus"):
        write_correction(tmp_path / "texts", "../a.txt", "turns", "1204-1309", RIGHT)
