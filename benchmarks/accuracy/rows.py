"""The row that every measurement of accuracy returns."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """A figure on a labelled set: its value, 95 % interval, number of cases and the goal."""

    set: str
    figure: str
    value: float
    low: float
    high: float
    n: int
    goal: float | None
