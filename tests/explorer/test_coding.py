"""Coding by keys: written at once, taken back, gone on with, and blind."""

from __future__ import annotations

from support.coded_texts import check, coded_project, texts  # noqa: F401 - fixtures

from workbench.corpus import load
from workbench.explorer import code
from workbench.verbs import hand_coding as codes

HOSTILE = "Third\nSee <script>alert(1)</script> & go.\n"


def typed(box, keys):
    for key in keys:
        box.keys.value = key
        assert box.keys.value == "", "the field is empty again for the next key"


def test_digits_code_u_takes_back_and_n_goes_on(check):
    box = code(check, "Ada")
    first = box.page.value
    typed(box, "1")
    assert box.page.value != first
    assert list(check.codes()["code"]) == ["positive"]
    typed(box, "u")
    assert check.codes().empty
    assert box.page.value == first
    typed(box, "n")
    assert box.page.value != first
    assert "0 of 4 coded by Ada" in box.said.value
    typed(box, "9x")
    assert check.codes().empty, "other keys do nothing"
    typed(box, "u")
    assert "Nothing to undo" in box.said.value


def test_a_second_coder_begins_at_nothing_and_the_first_goes_on_where_they_were(check):
    typed(code(check, "Ada"), "12")
    again, other = code(check, "Ada"), code(check, "Ben")
    assert (again.progress.value, other.progress.value) == (2, 0)
    assert "3 of 4" in again.page.value
    assert "1 of 4" in other.page.value


def test_nothing_of_the_machine_or_of_others_is_shown(check):
    typed(code(check, "Ada"), "3")
    box = code(check, "Ben")
    shown = box.page.value + box.said.value
    for word in ("positive", "negative", "neutral", "0.5", "Ada"):
        assert word not in shown


def test_a_sentence_stands_in_its_context_and_is_the_documents_own(check):
    box = code(check, "Ada")
    item = check.items().iloc[0]
    words = check.texts.text(item["doc_id"])[item["start"] : item["end"]]
    assert f"<mark>{words}</mark>" in box.page.value
    assert "wbx-context" in box.page.value


def test_at_the_end_it_says_so_and_the_keys_do_no_harm(check):
    box = code(check, "Ada")
    typed(box, "2222")
    assert "You have coded every sentence" in box.page.value
    assert all(button.disabled for button in box.buttons)
    typed(box, "1n")
    assert len(check.codes()) == 4
    typed(box, "u")
    assert len(check.codes()) == 3
    assert not box.buttons[0].disabled


def test_a_name_that_is_none_is_refused_under_the_field(check):
    box = code(check)
    box.name.value = "<b>"
    box.start.click()
    assert "&lt;b&gt;" in box.said.value
    assert "role='alert'" in box.said.value
    typed(box, "1")
    assert check.codes().empty


def test_what_cannot_be_written_is_said_and_the_sentence_stays(check):
    box = code(check, "Ada")
    check.place.parent.write_text("a file where the folder should be", encoding="utf-8")
    before = box.page.value
    typed(box, "1")
    assert "cannot be written" in box.said.value
    assert box.page.value == before


def test_read_only_codes_nothing(check, monkeypatch):
    monkeypatch.setenv("WORKBENCH_READ_ONLY", "1")
    box = code(check, "Ada")
    assert box.start.disabled
    typed(box, "1")
    assert check.codes().empty


def test_exported_it_says_what_was_coded_and_where(check):
    typed(code(check, "Ada"), "1")
    bundle = code(check)._repr_mimebundle_()
    assert "Ada 1 of 4" in bundle["text/html"]
    assert check.place.name in bundle["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "Box(" not in bundle["text/plain"]


def test_a_document_full_of_script_stays_text(tmp_path, check):
    (tmp_path / "texts" / "evil.txt").write_text(HOSTILE, encoding="utf-8")
    box = code(codes.open_coding_task(load("texts"), size=50), "Ada")
    pages = []
    for _ in box._items:
        pages.append(box.page.value)
        typed(box, "n")
    assert "<script" not in "".join(pages)
    assert "&lt;script&gt;alert(1)" in "".join(pages)
