"""Very long lines, sentences, words, names and lists are shown with work that grows as they do, not as its square.

Steps are counted where they can be; elsewhere a size is chosen for which the square would take hours.
"""

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from workbench.display import canvas, draw_sentiment_ends
from workbench.display.blocks import WIDEST, Table
from workbench.display.canvas import SMALL, fitting, page_svg, text_width
from workbench.display.plots.dot_plot import Dot, Row, draw_dots
from workbench.explorer import reader
from workbench.explorer.reader import Mark, MarkedDocument
from workbench.report.notebook.sections import SectionStatus
from workbench.report.page.sanitize import Cleaner

LINE = 4.5  # inches
MOST_MEASURED = 15 * 400  # letters, for one line: halving 400 takes nine steps
SOME = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs", "Mn")), max_size=60)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The letters of each text that is measured, which are taken to be 0.07 inches wide."""
    lengths: list[int] = []

    def width(text: str, size: float) -> float:
        lengths.append(len(text))
        return 0.07 * len(text)

    monkeypatch.setattr(canvas, "text_width", width)
    return lengths


@pytest.mark.parametrize("piece", ["awful −2.0, ", "x", "long word ", "i", "W", "名", "\t\n", "e\u0301"])
def test_a_line_is_cut_in_few_steps_whatever_its_length(piece: str, measured: list[int]) -> None:
    for many in (1, 10, 1000, 50_000):
        measured.clear()
        said = fitting(piece * many, LINE, SMALL)
        assert 0.07 * len(said) <= LINE
        assert sum(measured) <= MOST_MEASURED


@given(SOME, st.integers(0, 4000), st.sampled_from([0.3, 1.0, LINE]))
@settings(max_examples=25, deadline=None)
def test_what_fits_is_kept_and_what_is_cut_says_so(start: str, many: int, width: float) -> None:
    given_text = start + " ab" * many
    flat, said = " ".join(given_text.split()), fitting(given_text, width, SMALL)
    if said == flat:
        assert text_width(said, SMALL) <= width
    else:
        assert said.endswith("…")
        assert flat.startswith(said[:-1])
        assert text_width(said, SMALL) <= width or said == "…"


def test_a_cut_line_is_as_long_as_it_can_be() -> None:
    said = fitting("abcde " * 500, LINE, SMALL)
    assert LINE - 0.2 < text_width(said, SMALL) <= LINE


def test_a_sentence_of_nine_hundred_listed_items_is_drawn(measured: list[int]) -> None:
    receipt = ", ".join(f"awful item {k} −2.0" for k in range(900))
    rows = [{"end": "negative", "score": -0.9, "score_unmasked": -0.9, "group": "all", "doc_id": "a", "start": 0,
             "speaker": "Anna" * 500, "receipt": receipt}] * 10  # fmt: skip
    figure = draw_sentiment_ends(pd.DataFrame(rows))
    assert "…" in figure.svg
    assert sum(measured) <= 10 * MOST_MEASURED


def test_names_of_any_length_are_measured_by_their_beginning() -> None:
    once = text_width("ab c" * 100, SMALL)
    assert text_width("ab c" * 100_000, SMALL) == pytest.approx(1000 * once)
    dots = [Dot("g" * 30_000, 1.0, 0.5, 2.0, True, "one " * 5_000), Dot("h", 1.0, 0.5, 2.0, True, "1")]
    assert draw_dots([Row("name " * 5_000, dots)], "rate", "alt").startswith("<svg")


def test_a_drawing_with_a_gap_of_any_length_is_made_fit_for_a_page() -> None:
    svg = f'<svg viewBox="0 0 10 10">\n  <text>a{" " * 300_000}b</text>  \n\n  <g/>\n</svg>'
    assert page_svg(svg, "x").endswith(f"> <text>a{' ' * 300_000}b</text> <g/> </svg>".lstrip("> "))


def test_a_long_cell_does_not_pad_all_other_rows() -> None:
    frame = pd.DataFrame({"form": ["x" * 50_000, *["y"] * 2_000], "speaker": "z"})
    lines = Table(frame).text().split("\n")
    assert len(lines[1]) == 50_003
    assert max(map(len, lines[2:])) <= WIDEST + 3


class Asked(set[str]):
    """A set that counts how often it is asked."""

    times = 0

    def __contains__(self, name: object) -> bool:
        self.times += 1
        return super().__contains__(name)


def test_ids_of_one_name_are_numbered_on_from_the_last() -> None:
    cleaner = Cleaner()
    cleaner.ids = asked = Asked(cleaner.ids | {"topics-7"})
    names = [cleaner.take_id("topics") for _ in range(5_000)]
    assert names[:7] == ["topics", *(f"topics-{k}" for k in (2, 3, 4, 5, 6, 8))]
    assert len(set(names)) == 5_000
    assert asked.times < 3 * 5_000


@pytest.mark.parametrize("gap", [" ", "#", " #", "# ", "\t"])
def test_a_heading_with_a_gap_of_any_length_opens_its_section(gap: str) -> None:
    sections = SectionStatus()
    sections.begin({"cell_type": "markdown", "source": f"## Names {gap * 50_000}x"})
    assert sections.now == f"Names {gap * 50_000}x"
    sections.begin({"cell_type": "markdown", "source": f"## Topics {gap * 50_000}"})
    assert sections.now == "Topics"


LAYERS = st.sampled_from(["hits", "quotes", "mentions", "topics"])


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 70), LAYERS), max_size=30),
    st.lists(st.integers(1, 59), unique=True, max_size=6),
)
def test_each_piece_has_the_marks_that_reach_into_it(
    spans: list[tuple[int, int, str]], borders: list[int]
) -> None:
    marks = sorted(Mark(a, a + n, layer, layer, "why") for a, n, layer in spans)
    edges = [0, *sorted(borders), 60]
    pieces = [{"start": a, "end": b} for a, b in pairwise(edges)]
    found = reader._by_piece(pieces, marks)
    for a, b in pairwise(edges):
        assert found[a, b] == [mark for mark in marks if mark.start < b and mark.end > a]
        page = MarkedDocument("d", "x" * 60, {}, pd.DataFrame(), marks)
        drawn = list(reader._atoms(page, a, b, found[a, b], None))
        cuts = sorted({a, b, *(p for m in marks for p in (m.start, m.end) if a < p < b)})
        assert len(drawn) == len(cuts) - 1
        for said, (left, right) in zip(drawn, pairwise(cuts), strict=True):
            over = {m.layer for m in marks if m.start <= left and m.end >= right}
            assert {
                layer for layer in ("hits", "quotes", "mentions", "topics") if f"wbx-{layer}" in said
            } == over


def test_a_paragraph_of_a_hundred_thousand_marks_is_drawn() -> None:
    n = 100_000
    text = "good " * n
    segments = pd.DataFrame({"start": [0], "end": [len(text)], "kind": ["paragraph"], "speaker": None,
                             "role": None, "rule": ""})  # fmt: skip
    marks = [Mark(5 * k, 5 * k + 4, "hits", "good", "a word of the search: good") for k in range(n)]
    parts = reader.draw_document(
        MarkedDocument("d", text, {}, segments, marks), hit=0, layers=("hits",), chrome=False
    )
    assert parts.here.count("class='wbx-m") == n


def test_a_document_of_ten_thousand_paragraphs_and_names_is_drawn() -> None:
    n = 10_000
    text = "Anna said so.\n" * n
    segments = pd.DataFrame({"start": range(0, 14 * n, 14), "end": range(14, 14 * n + 14, 14), "kind": "paragraph",
                             "speaker": None, "role": None, "rule": ""})  # fmt: skip
    marks = [Mark(14 * k, 14 * k + 4, "mentions", "Anna", "names Anna") for k in range(n)]
    parts = reader.draw_document(
        MarkedDocument("d", text, {}, segments, marks), hit=0, layers=("mentions",), chrome=False
    )
    assert parts.before.count("wbx-mentions") == n
