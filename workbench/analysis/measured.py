"""What was measured of a method, as its benchmark recorded it: the figures that stand beside its results.

`measured.toml` is written by `python -m benchmarks.accuracy --data DIR --only toward --record`, never by hand;
it carries a digest of the judge that was measured, and a test holds it against the judge that is there.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

FILE = "measured.toml"


class Figure(NamedTuple):
    """A figure with its 95 % interval and the number of cases."""

    value: float
    low: float
    high: float
    n: int


@cache
def figures(name: str) -> dict[str, Figure]:
    """The figures of one set, by their name in the benchmark's table."""
    table = tomllib.loads(resources.files("workbench.analysis").joinpath(FILE).read_text(encoding="utf-8"))
    return {figure: Figure(*row) for figure, row in table[name].items()}


def toward_figures() -> dict[str, Figure]:
    """Sentiment toward an entity, on the half of newsmtsc that nothing was fitted on."""
    return figures("toward")
