"""What the masks do to the mean, one after the other: nothing masked, names, names and offices, names, offices and courtesy.

A receipt keeps what every masked word would have counted, so each step is had from it without scoring anew.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from workbench.analysis.distributions import Floats
from workbench.analysis.intervals import ratio_limits
from workbench.analysis.rates import KEY
from workbench.analysis.reliability import sufficient
from workbench.analysis.units import grouping

STEPS = ("nothing", "names", "names and offices", "names, offices and courtesy")
_OPEN: tuple[Collection[str], ...] = (
    (),
    ("masked: office", "masked: courtesy"),
    ("masked: courtesy",),
)  # by step
_ALPHA = 15.0  # VADER's: compound = sum / sqrt(sum² + 15)


def sensitivity(sentiment: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """The mean score of each group under each mask, and how far the step moves it.

    In:  sentiment as in the schema; units.
    Out: [group, masked, n, mean, low, high, moved, moved_low, moved_high, n_docs, basis, sufficient], a row for each
         group and each of STEPS; `moved` is the mean less that with nothing masked.
    """
    table = units.merge(sentiment[[*KEY, "score", "score_unmasked", "hits"]], on=KEY, how="inner")
    scores = {
        STEPS[0]: table["score_unmasked"].to_numpy(float),
        STEPS[1]: _reopened(table, _OPEN[1]),
        STEPS[2]: _reopened(table, _OPEN[2]),
        STEPS[3]: table["score"].to_numpy(float),
    }
    rows = []
    groups = table["group"].to_numpy()
    for group in sorted(set(groups)):
        inside = groups == group
        documents = table["doc_id"].to_numpy()[inside]
        columns = np.column_stack([scores[step][inside] for step in STEPS])
        limits = ratio_limits(
            np.hstack([columns, columns - columns[:, :1]]), np.ones(len(columns)), documents
        )
        for k, step in enumerate(STEPS):
            mean, moved = columns[:, k].mean(), (columns[:, k] - columns[:, 0]).mean()
            rows.append({
                "group": group, "masked": step, "n": len(columns), "mean": mean, "low": limits.low[k],
                "high": limits.high[k], "moved": moved, "moved_low": limits.low[4 + k], "moved_high": limits.high[4 + k],
                "n_docs": len(set(documents)), "basis": limits.basis, "sufficient": bool(sufficient("mean", sentences=len(columns))),
            })  # fmt: skip
    columns_out = "group masked n mean low high moved moved_low moved_high n_docs basis sufficient".split()
    out = pd.DataFrame(rows, columns=columns_out)
    out.attrs["by"] = grouping(units)
    return out


def _reopened(table: pd.DataFrame, opened: Collection[str]) -> Floats:
    """The masked scores with the words of some masks counted again.

    The sum of a sentence is taken back out of its score, so its marks ("!") stay as they were counted. A masked
    word that also changed its neighbours (a booster, "but") does so in full steps only: means of
    the seeds are within 0.002 of scoring anew.
    """
    score = np.clip(table["score"].to_numpy(float), -0.9999, 0.9999)
    total = score * np.sqrt(_ALPHA / (1 - score * score))
    added = np.array([_added(hits, opened) for hits in table["hits"]], float)
    changed = total + added
    return np.asarray(
        np.where(added == 0, table["score"].to_numpy(float), changed / np.sqrt(changed**2 + _ALPHA))
    )


def _added(hits: Any, opened: Collection[str]) -> float:
    if hits is None or not opened:
        return 0.0
    return sum(
        float(hit["valence"]) for hit in hits if hit["masked"] and str(hit["rule"]).startswith(tuple(opened))
    )
