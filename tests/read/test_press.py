"""Exports of press databases: one document an article, whatever the format of the file."""

import pytest
from support.press_exports import BODIES, EXPORTS, TITLES, academic, as_text, nexis, uncoded
from support.written_files import PROSE, lines, parse

from workbench.read import read


@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS)
def test_an_export_is_a_document_an_article_with_what_its_head_states(export):
    found = parse(export)
    assert [one.known["title"] for one in found] == list(TITLES)
    assert {one.known["source"] for one in found} == {"The Northern Post"}
    assert {one.known["author"].lower() for one in found} == {"anna bell"}
    assert [
        one.known["date"].split()[1 if one.known["date"][0] == "M" else 0].strip(",") for one in found
    ] == ["5", "6", "7"]


@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS)
def test_what_is_not_hinted_front_is_the_article(export):
    for one, title, body in zip(parse(export), TITLES, BODIES, strict=True):
        kept = [line.removeprefix("HD  ").removeprefix("HD | ").removeprefix("LP  ").removeprefix("TD  ").removeprefix("TD | ")
                for mark in ("", "body") for line in lines(one, mark)]  # fmt: skip
        assert kept == [title, body, "A second paragraph of it."]


def test_no_line_of_an_export_vanishes():
    for export, said in ((as_text(nexis()), nexis()), (as_text(uncoded()), uncoded())):
        assert [line for one in parse(export) for line in lines(one)] == said


def test_documents_of_an_export_are_numbered_and_a_single_one_is_not(tmp_path):
    for name, count, ids in (
        ("many.txt", 3, ["many.txt#1", "many.txt#2", "many.txt#3"]),
        ("one.txt", 1, ["one.txt"]),
    ):
        path = tmp_path / name
        path.write_bytes(as_text(nexis(count)))
        assert [one.doc_id for one in read(path, tmp_path)] == ids


def test_the_list_of_results_is_no_article():
    first = parse(as_text(nexis()))[0]
    assert "1. Harbour opens after a long winter" in lines(first, "front")


def test_languages_and_places_are_known():
    (one,) = parse("\n".join(academic(1)).encode())
    assert one.known["language"] == "en"
    assert one.known["place"] == "NORTHPORT"


@pytest.mark.parametrize(
    "text",
    [
        f"{PROSE}\nEnd of Document\n",
        f"HD\nIN\n{PROSE}",
        f"3 of 12\n{PROSE}",
        f"512 words\n{PROSE}",
        f"Length: 512 words\n{PROSE}",
    ],
)
def test_a_text_that_only_looks_like_one_stays_as_it_is(text):
    (one,) = parse(text.encode())
    assert one.text == text
    assert one.hints == {}
