"""The figure of a series: gaps open, the last period hollow, lines named at their ends."""

from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from workbench.analysis.change_points import change_points
from workbench.display import draw_series


def series(groups=("Wire", "Court <b>"), kind="rate"):  # type: ignore[no-untyped-def]
    """Two years of months: March 2010 without text, the last month unfinished, a new level in 2011."""
    rows = []
    for group in groups:
        for k in range(24):
            month, empty, value = (
                pd.Period("2010-01", freq="M") + k,
                k == 2,
                5.0 + 9 * (k > 11) + (k * 7 % 5) / 5,
            )
            rows.append({
                "group": group, "item": "war", "period": str(month), "start": str(month.start_time.date()),
                "until": str(month.end_time.date()), "complete": k < 23, "n": 0 if empty else 20, "size": 0 if empty else 2000,
                "value": np.nan if empty else value, "low": np.nan if empty else value - 1, "high": np.nan if empty else value + 1,
                "n_docs": 0 if empty else 9, "basis": "" if empty else "documents", "sufficient": not empty,
            })  # fmt: skip
    table = pd.DataFrame(rows)
    table.attrs |= {"kind": kind, "per": "month", "undated": 3}
    return table


def test_the_caption_says_unit_gap_unfinished_month_and_undated_documents() -> None:
    said = draw_series(series(), caption="All texts.").caption
    for part in ("Hits per 1,000 words", "of war, a dot a month", "1 period without text", "hollow and dotted",
                 "3 documents without a date", "resampling documents", "All texts."):  # fmt: skip
        assert part in said, part


def test_lines_are_named_at_their_ends_and_markup_is_text() -> None:
    figure = draw_series(series())
    root = ElementTree.fromstring(figure.svg)
    texts = {(node.text or "").strip() for node in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Wire", "Court <b>"} <= texts
    assert "from 5.0 in 2010-01 to" in (root.get("aria-label") or "")


def test_a_gap_is_not_joined() -> None:
    """The line of whole periods has two strokes: before the empty month and after it."""
    figure = draw_series(series(("Wire",)))
    whole = next(line for line in figure.svg.split("<path") if line.count(" L ") > 15)
    assert whole.count("M ") == 2


def test_change_points_are_drawn_and_said() -> None:
    table = series(("Wire",))
    changes = change_points(table)
    assert list(changes["date"]) == ["2011-01-01"]
    assert "2011-01-01 (5.3 before, 14.4 after)" in draw_series(table, changes=changes).caption


@pytest.mark.parametrize("kind", ["rate", "mean"])
def test_two_periods_and_no_period_at_all_are_said_and_not_drawn(kind: str) -> None:
    table = series(("Wire",), kind)
    two = table.iloc[:2]
    two.attrs = dict(table.attrs)
    figure = draw_series(two)
    assert figure.svg == ""
    assert "no course is drawn" in figure.caption
    assert "<figure" not in figure.html()
    assert len(figure.table.frame) == 2
    assert draw_series(table.iloc[:0]).caption.startswith("There is no dated text")


def test_more_than_four_series_are_left_to_the_table() -> None:
    assert "2 smaller series not drawn" in draw_series(series(tuple("abcdef"))).caption


def test_series_without_any_limits_are_drawn() -> None:
    table = series(kind="mean").assign(low=np.nan, high=np.nan)
    assert "<svg" in draw_series(table).svg


def test_many_periods_of_several_series_have_a_panel_each() -> None:
    """Sixty-one months of two groups: two titles, and each panel's change of level is its own."""
    few = series()
    many = pd.concat([few.assign(start=few["start"], period=few["period"] + f"-{k}") for k in range(3)])
    many.attrs = dict(few.attrs)
    drawn = draw_series(many)
    assert "a panel and a scale of its own" in drawn.caption
    assert drawn.svg.count("per 1,000<") == 2
    assert "panel" not in draw_series(few).caption
    alone = many[many["group"] == "Wire"]
    alone.attrs = dict(few.attrs)
    assert "panel" not in draw_series(alone).caption
