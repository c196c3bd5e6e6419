import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from workbench.display.blocks import Caveat, Figure, Header, Heading, KeyFigures, Reading, Table
from workbench.display.formatting import cell, interval, number, percent
from workbench.display.named_results import MIME

RATES = pd.DataFrame({
    "group": ["Wire", "Court"], "topic": ["war", "war"], "n": [9, 0], "words": [412, 560], "rate": [21.8447, 0.0],
    "low": [10.94, 0.0], "high": [39.12, 6.59], "n_docs": [1, 1], "docs_with": [1, 0], "basis": ["sentences", "exact"],
    "sufficient": [True, False],
})  # fmt: skip
HOSTILE = '<script>alert(1)</script><a href="javascript:x" onclick=y>"&'


class Open(HTMLParser):
    """Counts tags and collects attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def test_the_interval_stands_beside_its_value_and_not_in_columns_of_its_own() -> None:
    table = Table(RATES)
    assert "21.8 [10.9–39.1]" in table.html()
    assert "low" not in table.headings()
    assert "high" not in table.headings()


def test_a_table_has_headers_with_scope_and_numbers_on_the_right() -> None:
    page = Table(RATES, "Rates").html()
    assert page.count("<th scope='col'") == len(Table(RATES).headings())
    assert page.count("<th scope='row'>") == 2
    assert "<td class='wb-number'>412</td>" in page
    assert "<caption>Rates</caption>" in page


def test_a_table_shows_at_most_eight_columns() -> None:
    wide = pd.DataFrame([range(20)], columns=[f"c{k}" for k in range(20)])
    assert len(Table(wide).headings()) == 8


def test_a_long_table_is_folded_and_says_how_much_is_folded() -> None:
    page = Table(pd.DataFrame({"word": [f"w{k}" for k in range(40)], "n": range(40)})).html()
    assert "28 more rows, 40 in all" in page
    assert page.count("<tr>") == 42


def test_an_empty_table_says_that_it_is_empty() -> None:
    assert "no rows" in Table(RATES.head(0), "Problems").html()


def test_too_little_data_is_said_in_words() -> None:
    assert "too little" in Table(RATES).text()


@pytest.mark.parametrize("shown", [
    Table(pd.DataFrame({HOSTILE: [HOSTILE]}), HOSTILE), Reading(HOSTILE), Caveat(HOSTILE), Heading(HOSTILE),
    KeyFigures([(HOSTILE, HOSTILE, HOSTILE)]), Header(HOSTILE, HOSTILE, {HOSTILE: HOSTILE}, [HOSTILE]),
    Figure("<svg></svg>", HOSTILE, HOSTILE, Table(pd.DataFrame({"a": [HOSTILE]}))),
])  # fmt: skip
def test_nothing_from_a_document_becomes_markup(shown) -> None:  # type: ignore[no-untyped-def]
    page = Open(shown.html())
    assert not {"script", "a"} & set(page.tags)
    assert not any(name.startswith("on") for name, _ in page.attributes)
    assert shown.text()
    assert set(shown._repr_mimebundle_()) - {MIME} == {"text/plain", "text/html"}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_text_comes_back_from_a_table_as_it_was(text: str) -> None:
    found = re.search(r"<th scope='row'[^>]*>(.*?)</th>", Table(pd.DataFrame({"a": [text]})).html(), re.S)
    assert found is not None
    assert "<" not in found[1]


def test_key_figures_are_a_list_of_terms() -> None:
    page = Open(KeyFigures([("4.2", "rate", "A sentence."), ("2", "documents")]).html())
    assert page.tags.count("dt") == page.tags.count("dd") == 2


def test_the_style_sheet_comes_with_the_opening_alone() -> None:
    assert "<style>" in Header("Why?", "all documents").html()
    assert "style" not in Open(Reading("x").html()).tags


@pytest.mark.parametrize(
    ("value", "said"),
    [(1234.4, "1,234"), (12.34, "12.3"), (0.123, "0.12"), (-0.5, "−0.50"), (0, "0"), (float("nan"), "–")],
)
def test_numbers_have_sensible_digits(value: float, said: str) -> None:
    assert number(value) == said


def test_shares_are_percents_and_limits_with_a_minus_use_to() -> None:
    assert percent(0.714).replace("\u202f", " ") == "71 %"
    assert interval(-0.2, 0.4, "mean") == "[−0.20 to 0.40]"
    assert interval(0.58, 0.82, "share") == "[58–82]"


def test_a_minus_zero_is_zero() -> None:
    assert number(-0.001, 2) == "0.00"


@pytest.mark.parametrize(("column", "value", "said"), [
    ("n", np.int64(3), "3"), ("q", 0.0001, "< 0.001"), ("sufficient", np.False_, "too little"), ("title", pd.NA, "–"),
    ("aliases", ["a", "b"], "a, b"), ("year", "2015", "2015"),
])  # fmt: skip
def test_cells_are_written_by_what_their_column_is(column: str, value: object, said: str) -> None:
    assert cell(column, value) == said


def test_days_are_not_broken_and_sentences_get_room() -> None:
    frame = pd.DataFrame(
        {"title": ["A", "B"], "date": ["2013-05-07", "--12-11"], "why": ["short", "long " * 20]}
    )
    page = Table(frame).html()
    assert "<td class='wb-day'>--12-11</td>" in page
    assert "<th scope='col' class='wb-long'>why</th>" in page
    assert "<th scope='row'>A</th>" in page
