"""Documents over time, in periods that suit the corpus, for the bars above the date range."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from workbench.explorer.facet_counts import FacetCounts
from workbench.explorer.index import Index, Ints
from workbench.selection.model import Selection, period

BARS = 150  # at most: at 600 px a bar is then 4 px, the least that can be told from its neighbour


class Axis(NamedTuple):
    """The periods of a corpus in order: `unit` and their labels (2015, 2015-12 or 2015-12-11)."""

    unit: str
    labels: tuple[str, ...]
    bounds: tuple[int, ...]  # first day of each period, and the day after the last


@dataclass(frozen=True)
class Histogram:
    """`counts` of the documents in each period of `axis`; `loose` have no date as exact as a period."""

    axis: Axis
    counts: Ints
    loose: int


def histogram(index: Index, facet_counts: FacetCounts) -> Histogram:
    """The documents that the selection leaves when its dates are set aside."""
    axis = axis_of(index)
    rows = np.flatnonzero(facet_counts.dated)
    at = np.searchsorted(axis.bounds, index.first[rows], side="right") - 1
    until = np.searchsorted(axis.bounds, index.last[rows], side="right") - 1
    exact = (at == until) & (index.first[rows] > 0)
    counts = np.bincount(at[exact], minlength=len(axis.labels)).astype(np.int32)
    return Histogram(axis, counts[: len(axis.labels)], int((~exact).sum()))


@lru_cache(maxsize=2)
def axis_of(index: Index) -> Axis:
    """Days where they fit into BARS, else months, else years, from the first date to the last."""
    dated = index.first > 0
    if not dated.any():
        return Axis("year", (), (0,))
    low, high = int(index.first[dated].min()), int(index.last[dated].max())
    for unit in ("day", "month", "year"):
        if len(labels := _labels(low, high, unit)) <= BARS:
            break
    bounds = tuple(int(period(label)[0].replace("-", "")) for label in labels)
    return Axis(unit, tuple(labels), (*bounds, high + 1))


def chosen_range(axis: Axis, selection: Selection) -> tuple[int, int]:
    """The first and last bar inside the dates of a selection; all of them when it has none."""
    first, last = 0, len(axis.labels) - 1
    if selection.since:
        day = int(period(selection.since)[0].replace("-", ""))
        first = int(np.searchsorted(axis.bounds[:-1], day, side="right")) - 1
    if selection.until:
        day = int(period(selection.until)[1].replace("-", ""))
        last = int(np.searchsorted(axis.bounds[:-1], day, side="right")) - 1
    first, last = max(0, first), max(0, last)
    return min(first, last), max(first, last)


def with_range(axis: Axis, selection: Selection, first: int, last: int) -> Selection:
    """The selection from one bar to another; an end at the end of the axis sets no date, one that stayed keeps its day."""
    before = chosen_range(axis, selection)
    since = axis.labels[first] if first > 0 else None
    until = axis.labels[last] if last < len(axis.labels) - 1 else None
    since = selection.since if first == before[0] and selection.since else since
    until = selection.until if last == before[1] and selection.until else until
    return selection.narrowed(since=since, until=until)


def _labels(low: int, high: int, unit: str) -> list[str]:
    """Labels of all periods from a day to a day, one past BARS at most (it will not be used then)."""
    first, last = np.datetime64(_iso(low)), np.datetime64(_iso(high))
    code = {"year": "Y", "month": "M", "day": "D"}[unit]
    if (last - first).astype(int) // {"year": 365, "month": 28, "day": 1}[unit] > 4 * BARS and unit != "year":
        return [""] * (BARS + 1)
    wanted = np.arange(first.astype(f"M8[{code}]"), last.astype(f"M8[{code}]") + 1)
    return [str(label) for label in wanted]


def _iso(day: int) -> str:
    return f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}"
