"""Facts that the two seeds must show."""

from itertools import groupby
from pathlib import Path

import pytest

from workbench.label import label
from workbench.read import read
from workbench.settings import load_settings

SEEDS = Path(__file__).parents[2] / "seeds"


def labelled(name):
    (document,) = read(SEEDS / name, SEEDS)
    return document.text, label(document, load_settings())


@pytest.fixture(scope="module")
def kremlin():
    return labelled("000_c09b3d58b53652ec.txt")


@pytest.fixture(scope="module")
def tass():
    return labelled("003_a52b3706e287451f.txt")


def shown(page, *kinds):
    text, labels = page
    return [text[s.start : s.end].strip() for s in labels.segments if s.kind in kinds]


@pytest.mark.parametrize("page", ["kremlin", "tass"])
def test_every_character_is_in_exactly_one_segment(page, request):
    text, labels = request.getfixturevalue(page)
    assert [s.start for s in labels.segments] == [0, *(s.end for s in labels.segments[:-1])]
    assert labels.segments[-1].end == len(text)


def test_the_kremlin_page_is_a_transcript_of_7_may_2013_in_the_kremlin(kremlin):
    meta = kremlin[1].meta
    assert meta.title == "Meeting with US Secretary of State John Kerry"
    assert (meta.date, meta.date_precision) == ("2013-05-07", "day")
    assert meta.date_basis == "stated in a date line"
    assert (meta.place, meta.genre, meta.source, meta.language) == (
        "The Kremlin, Moscow",
        "transcript",
        "Kremlin",
        "en",
    )


def test_the_kremlin_settings_block_and_masthead_are_chrome(kremlin):
    chrome = shown(kremlin, "chrome")
    assert chrome[:6] == [
        "View settings",
        "Font size:",
        "Site colours:",
        "Images",
        "Settings",
        "Official website of the President of Russia",
    ]
    assert chrome[6].split() == ["Документ", "/"]
    assert len(chrome) == 7


def test_the_kremlin_page_has_two_separators_and_repeats_its_date_line_last(kremlin):
    assert shown(kremlin, "separator") == ["* * *", "<…>"]
    assert kremlin[1].segments[-1].kind == "date"
    assert kremlin[1].segments[-1].rule == "date line repeated below the story"


def test_the_kremlin_author_writes_two_paragraphs(kremlin):
    paragraphs = shown(kremlin, "paragraph")
    assert [p.replace("\xa0", " ")[:22] for p in paragraphs] == [
        "Vladimir Putin welcome",
        "The two sides exchange",
    ]


def test_putin_speaks_five_paragraphs_and_kerry_seven(kremlin):
    text, labels = kremlin
    spoken = [s for s in labels.segments if s.kind in ("turn", "insertion", "speaker_label")]
    lines = {}
    for speaker, group in groupby(spoken, key=lambda s: s.speaker or "John Kerry"):
        said = text[(run := list(group))[0].start : run[-1].end]
        lines[speaker] = [line for line in said.split("\n") if line.strip()]
    assert {speaker: len(found) for speaker, found in lines.items()} == {"Vladimir Putin": 5, "John Kerry": 7}
    roles = [(s.speaker, s.role.replace("\xa0", " ")) for s in labels.segments if s.kind == "speaker_label"]
    assert roles == [("Vladimir Putin", "President of Russia"), ("John Kerry", "US Secretary of State")]


def test_the_name_in_brackets_is_the_editors(kremlin):
    assert shown(kremlin, "insertion") == ["[Sergei Lavrov]"]


def test_the_tass_head_is_chrome_title_standfirst_captions_and_credit(tass):
    kinds = [s.kind for s in tass[1].segments]
    assert kinds[:7] == ["chrome", "title", "standfirst", "caption", "caption", "credit", "dateline"]
    assert set(kinds[7:]) == {"paragraph"}
    assert shown(tass, "title") == [
        "US Secretary of State John Kerry to visit Moscow December 15 — Russian foreign ministry"
    ]
    assert shown(tass, "dateline") == ["MOSCOW, December 11. /TASS/."]


def test_the_tass_year_is_inferred_from_the_weekday_and_its_rival_is_named(tass):
    meta = tass[1].meta
    assert (meta.date, meta.date_precision) == ("2015-12-11", "day")
    for said in ("year inferred", "Friday 11 December fits 2015", "2014", "2020 also fits the weekday"):
        assert said in meta.date_basis


def test_the_tass_story_is_an_article_from_moscow(tass):
    meta = tass[1].meta
    assert (meta.source, meta.place, meta.genre, meta.language) == ("TASS", "Moscow", "article", "en")
