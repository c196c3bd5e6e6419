"""Figures of collocations say what they count, draw what is sure, and never break on nothing."""

from xml.etree import ElementTree

import pytest
from support.analysis_texts import corpus

from workbench.analysis.collocates import bigrams, collocates
from workbench.analysis.frequency import word_hits
from workbench.analysis.units import count_units
from workbench.display import draw_bigrams, draw_collocates

TEXT = " ".join(
    ["Peace talks failed again today.", "Nobody saw <b>sharp</b> & bitter peace talks in the far old town."]
    * 8
)


@pytest.fixture(scope="module")
def tables():  # type: ignore[no-untyped-def]
    c = corpus({"a.txt": (TEXT, "Wire", "author", None)})
    u = count_units(c.sentences, c.tokens, c.documents)
    return collocates(word_hits(c.tokens, c.documents, ["talks"]), c.tokens, u, window=1), bigrams(
        c.tokens, u
    )


def test_the_caption_states_window_direction_and_hits(tables) -> None:  # type: ignore[no-untyped-def]
    figure = draw_collocates(tables[0], "talks", caption="All texts.")
    assert "within 1 word to the left or right of talks (16 hits in Wire)" in figure.caption
    assert "All texts." in figure.caption
    assert "peace (16 of 16)" in figure.svg


def test_both_figures_are_well_formed_and_speak(tables) -> None:  # type: ignore[no-untyped-def]
    for figure in (draw_collocates(tables[0], "<talks>"), draw_bigrams(tables[1])):
        assert "peace" in (ElementTree.fromstring(figure.svg).get("aria-label") or "")


def test_what_is_not_beyond_chance_is_left_to_the_table(tables) -> None:  # type: ignore[no-untyped-def]
    figure = draw_collocates(tables[0].assign(q=0.5), "talks")
    assert figure.svg == ""
    assert "None stands there more often than chance" in figure.caption
    assert len(figure.table.frame)


def test_an_empty_table_is_said_and_not_drawn(tables) -> None:  # type: ignore[no-untyped-def]
    assert "No word stands near talks." in draw_collocates(tables[0].iloc[:0], "talks").caption
    assert draw_bigrams(tables[1].iloc[:0]).svg == ""
