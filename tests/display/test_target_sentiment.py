"""Sentiment toward entities as figures and words: what is apart is said, what is thin is not claimed."""

from __future__ import annotations

import pandas as pd
import pytest

from workbench.display import draw_toward, draw_toward_ends, fix_colours
from workbench.display.palette import OKABE_ITO, colour_of
from workbench.display.readings.target_sentiment import toward_heading, toward_keys, toward_reading

COLUMNS = "holder entity n mean low high positive negative n_docs basis sufficient".split()


def table(*rows: tuple, by: str = "speaker") -> pd.DataFrame:
    """Rows (holder, entity, n, mean, half the interval, enough)."""
    out = pd.DataFrame(
        [(h, e, n, m, m - half, m + half, 0.5, 0.2, 12, "documents", ok) for h, e, n, m, half, ok in rows], columns=COLUMNS
    )  # fmt: skip
    out.attrs |= {"by": by, "right": 0.64, "measured": "measured"}
    return out


APART = table(
    ("Ann <b>", "Geneva", 30, 0.5, 0.1, True),
    ("the author", "Geneva", 40, -0.2, 0.1, True),
    ("the author", "Bonn", 20, -0.25, 0.1, True),
)
THIN = table(("Ann", "Geneva", 3, 0.5, 0.1, False), ("the author", "Geneva", 2, -0.2, 0.1, False))


def test_two_holders_whose_intervals_do_not_meet_lie_apart() -> None:
    assert toward_heading(APART) == "Ann <b> speaks better of Geneva than the author does"
    assert "0.50 [0.40–0.60], n = 30 against −0.20" in toward_reading(APART)
    assert "Bonn" not in toward_reading(APART)


def test_of_thin_rows_nothing_is_claimed() -> None:
    assert toward_heading(THIN) == "Too few mentions to tell who speaks well of whom"
    assert "Too few sentences to tell" in toward_reading(THIN)


def test_of_rows_that_meet_only_the_levels_are_told() -> None:
    close = table(("Ann", "Geneva", 30, 0.1, 0.3, True), ("Bea", "Geneva", 30, 0.2, 0.3, True))
    assert toward_heading(close) == "Nobody is clearly spoken of better than another"
    assert "No two of them lie clearly apart." in toward_reading(close)


def test_a_voice_and_a_group_do_not_speak_somebody_is_spoken_of_in_them() -> None:
    rows = (
        ("quote", "Geneva", 30, 0.5, 0.1, True),
        ("author", "Geneva", 40, -0.2, 0.1, True),
        ("author", "Bonn", 40, 0.2, 0.1, True),
    )
    said = toward_reading(table(*rows, by="voice"))
    assert "In direct quotes Geneva is spoken of better than in the author's own words (0.50" in said
    assert "In the author's own words Bonn is spoken of better than Geneva (0.20" in said
    assert "speaks" not in said
    assert "In Wire Geneva is" in toward_reading(
        table(("Wire", *rows[0][1:]), ("AFP", *rows[1][1:]), by="group")
    )
    assert "In Wire of Geneva: 0.50" in toward_reading(table(("Wire", *rows[0][1:]), by="group"))


def test_no_mention_is_an_answer() -> None:
    nothing = table()
    assert toward_reading(nothing).startswith("No mention was judged")
    assert draw_toward(nothing).svg == ""
    judged = pd.DataFrame(columns=["entity", "doc_id", "score"])
    assert toward_keys(nothing, judged)[0][0] == "0"


def test_the_figure_names_its_holders_escapes_them_and_carries_its_error() -> None:
    figure = draw_toward(APART, caption="source TASS")
    assert "Ann &lt;b&gt;" in figure.svg
    assert "<b>" not in figure.svg
    assert "right in 64\u202f% of cases" in figure.caption
    assert "Text: source TASS." in figure.caption
    assert [row[0] for row in figure.table.cells()] == ["Geneva", "Geneva", "Bonn"]


def test_what_does_not_fit_the_figure_is_named() -> None:
    many = table(*((f"h{k}", f"place {k}", 30 - k, 0.1, 0.1, True) for k in range(9)))
    assert "place 6, place 7 and place 8 are in the table only" in draw_toward(many).caption


@pytest.mark.parametrize("voice", ["author", "turn", "quote", "indirect"])
def test_every_voice_is_drawn(voice: str) -> None:
    assert draw_toward(table((voice, "Geneva", 30, 0.1, 0.1, True), by="voice")).svg


def test_the_ends_show_the_words_that_moved_them() -> None:
    ends = pd.DataFrame(
        [{"entity": "Geneva", "holder": "Ann", "score": 0.7, "receipt": "praised (object) +1.2"}]
    )
    assert "praised (object) +1.2" in draw_toward_ends(ends).html()


def test_the_key_and_the_dots_of_a_holder_have_one_colour() -> None:
    fix_colours(["somebody", "quote"])
    figure = draw_toward(
        table(("quote", "Geneva", 30, 0.1, 0.1, True), ("author", "Geneva", 30, 0.1, 0.1, True), by="voice")
    )
    drawn = {colour for colour in OKABE_ITO if colour.lower() in figure.svg.lower()}
    assert drawn == {colour_of("quote"), colour_of("author")}
