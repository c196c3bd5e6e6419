"""The row that every measurement of accuracy returns, and the interval that goes with it."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

RESAMPLES = 500  # of documents; the bounds are stable to the third digit

Case = TypeVar("Case")


class FigureRow(NamedTuple):
    """A figure on a labelled set: its value, 95 % interval, number of cases and the goal."""

    set: str
    figure: str
    value: float
    low: float
    high: float
    n: int
    goal: float | None


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a gzipped JSON-lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def figure_row(
    name: str,
    figure: str,
    cases: Sequence[Case],
    score: Callable[[Sequence[Case]], float],
    goal: float | None,
) -> FigureRow:
    """A row for `score` of the cases (one a document), its interval by resampling the documents."""
    draw = random.Random(7)
    values = sorted(score(draw.choices(cases, k=len(cases))) for _ in range(RESAMPLES)) if cases else [0.0]
    low, high = values[int(0.025 * (len(values) - 1))], values[int(0.975 * (len(values) - 1))]
    return FigureRow(name, figure, score(cases) if cases else 0.0, low, high, len(cases), goal)


def mean(cases: Sequence[float]) -> float:
    """The mean; 0 without cases."""
    return sum(cases) / len(cases) if cases else 0.0
