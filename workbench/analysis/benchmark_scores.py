"""What was measured of a method, as its benchmark recorded it: the figures that stand beside its results.

`benchmark_scores.toml` is written by `python -m benchmarks.accuracy --data DIR --only toward --record`, never by hand;
it carries a digest of the judge that was measured, and a test holds it against the judge that is there.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

import pandas as pd

FILE = "benchmark_scores.toml"


class BenchmarkScore(NamedTuple):
    """A figure with its 95 % interval and the number of cases."""

    value: float
    low: float
    high: float
    n: int


@cache
def figures(name: str) -> dict[str, BenchmarkScore]:
    """The figures of one set, by their name in the benchmark's table."""
    table = tomllib.loads(resources.files("workbench.analysis").joinpath(FILE).read_text(encoding="utf-8"))
    return {figure: BenchmarkScore(*row) for figure, row in table[name].items()}


def toward_figures() -> dict[str, BenchmarkScore]:
    """Sentiment toward an entity, on the half of newsmtsc that nothing was fitted on."""
    return figures("toward")


SHOWN = (
    ("toward", "single mentions", ("right", "macro-F1", "F1, negative", "F1, neutral", "F1, positive",
     "macro-F1, in quotation marks", "macro-F1, in the author's words", "macro-F1, targets of one sentence differ")),
    ("articles", "whole articles", ("macro-F1", "r of mean score with the label")),
)  # fmt: skip


def toward_errors() -> pd.DataFrame:
    """The measured error of sentiment toward an entity, whole-sentence VADER beside it.

    Out: [on, figure, ours, ours_low, ours_high, vader, vader_low, vader_high, n].
    """
    rows = []
    for name, on, wanted in SHOWN:
        found = figures(name)
        for figure in wanted:
            ours, other = found[figure], found[f"{figure}, VADER"]
            rows.append((on, figure, *ours[:3], *other[:3], ours.n))
    columns = "on figure ours ours_low ours_high vader vader_low vader_high n".split()
    return pd.DataFrame(rows, columns=columns)
