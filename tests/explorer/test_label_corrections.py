"""Speakers, quotations and kinds are corrected in the reader: a place of the list, the effect, one click."""

import pytest
from support.corrected_texts import BRIEFING, DUSK, REED, SHIP, STEP, STORY, address, write_corpus

from workbench.corpus import load
from workbench.explorer.app import Explorer
from workbench.explorer.debounce import Debouncer
from workbench.explorer.state import State
from workbench.project import find_project
from workbench.selection.model import Selection


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
    monkeypatch.setattr("workbench.annotate.ner.layer.find_mentions", lambda found, _: [[] for _ in found])
    write_corpus(tmp_path / "texts")
    return tmp_path


def opened(doc_id, query=""):
    explorer = Explorer(
        load("texts"), State(Selection.parse(query)), find_project(), debouncer=Debouncer(live=False)
    )
    explorer.look(view="reader", doc_id=doc_id)
    explorer.correct.open.value = True
    return explorer


def fill(box, what, place, right, because):
    box.what.value = what
    box.place.value, box.right.value, box.because.value = place, right, because


CASES = {
    "turn": ("turns", "briefing.txt", BRIEFING, REED, "Anna Falk", "1 turn, 0 quotations, 3 sentences"),
    "quote": ("quotes", "story.txt", STORY, STEP, "Anna Falk", "0 turns, 1 quotation, 1 sentence"),
    "deletion": ("delete", "story.txt", STORY, SHIP, "", "0 turns, 1 quotation, 1 sentence"),
    "label": ("labels", "story.txt", STORY, DUSK, "caption", "1 passage, 0 quotations, 1 sentence"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_place_shows_what_changes_and_a_click_corrects_it(folder, case):
    what, doc_id, text, words, right, effect = CASES[case]
    explorer = opened(doc_id)
    box, place = explorer.correct, folder / "texts" / "metadata.toml"
    fill(box, what, f"{doc_id}:{address(text, words)}", right, "seen")
    box.effect.click()
    assert effect in box.said.value
    assert "Not written yet" in box.said.value
    assert not place.exists()
    box.write.click()
    assert "Written to texts/metadata.toml." in box.said.value
    assert 'reason = "seen"' in place.read_text(encoding="utf-8")
    shown = "".join(
        part.value for part in (explorer.reader.before, explorer.reader.here, explorer.reader.after)
    )
    assert ("corrected in metadata.toml: seen" in shown) == (case != "deletion")


def test_the_list_begins_with_the_place_at_the_hit(folder):
    box = opened("briefing.txt", "Karsten").correct
    box.what.value = "turns"
    assert box.place.value == f"briefing.txt:{address(BRIEFING, REED)}"
    assert {"unknown", "Mr. Able", "Ms. Reed"} <= set(box.right.options)


def test_a_correction_without_value_or_reason_is_refused_and_nothing_is_written(folder):
    box = opened("story.txt").correct
    fill(box, "quotes", f"story.txt:{address(STORY, STEP)}", "", "seen")
    box.write.click()
    assert "No value is given" in box.said.value
    fill(box, "quotes", f"story.txt:{address(STORY, STEP)}", "Anna Falk", "")
    box.write.click()
    assert "No reason is given" in box.said.value
    assert not (folder / "texts" / "metadata.toml").exists()


def test_words_of_a_document_in_the_list_are_no_markup_and_a_document_without_turns_offers_none(folder):
    box = opened("story.txt").correct
    box.what.value = "turns"
    assert box.place.options == ()
    box.write.click()
    assert "No place is chosen" in box.said.value
