"""Who is mentioned together: pairs of entities in one sentence or document, against chance."""

from __future__ import annotations

from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from workbench.analysis.distributions import Floats, benjamini_hochberg, chi_square_tail
from workbench.analysis.rates import KEY
from workbench.analysis.reliability import sufficient

COLUMNS = ["a", "b", "n", "n_a", "n_b", "units", "expected", "npmi", "g2", "p", "q", "basis", "sufficient"]


class PairCounts(NamedTuple):
    """In how many of `units` sentences (or documents) each two of `names` stand together.

    `together` is symmetric; on its diagonal stands how many hold one name.
    """

    names: tuple[str, ...]
    together: Floats
    units: int
    within: str


def comentions(
    mentions: pd.DataFrame,
    units: pd.DataFrame,
    *,
    within: Literal["sentence", "document"] = "sentence",
    top: int = 40,
) -> pd.DataFrame:
    """Pairs among the `top` most mentioned entities that stand together in a sentence (or document).

    In:  mentions (with `entity`), units.
    Out: [a, b, n, n_a, n_b, units, expected, npmi, g2, p, q, basis, sufficient], pairs with enough data
         first, then strongest; `n` of
         `units` sentences mention both, `n_a` and `n_b` the one and the other; `expected` if they had
         nothing to do with each other; `npmi` -1 to 1 (0 = chance); `q` corrected over all pairs of the
         chosen entities, also those never seen together. Every sentence counts once.
    """
    key = KEY if within == "sentence" else ["doc_id"]
    inside = mentions[mentions["entity"].notna() & mentions["sentence"].notna()].astype({"sentence": "int64"})
    inside = inside.merge(units[KEY].drop_duplicates(), on=KEY, how="inner")[
        [*key, "entity"]
    ].drop_duplicates()
    total = len(units[key].drop_duplicates())
    most = sorted(inside["entity"].value_counts().items(), key=lambda item: (-item[1], str(item[0])))[:top]
    names = sorted(str(name) for name, _ in most)
    inside = inside[inside["entity"].isin(names)]  # a column for every entity would not fit into memory
    unit = inside.groupby(key, sort=False).ngroup().to_numpy()
    seen = np.zeros(
        (int(unit.max(initial=-1)) + 1, len(names)), np.float32
    )  # counts stay exact up to 16 million units
    seen[unit, pd.Categorical(inside["entity"], categories=names).codes] = 1
    return pair_table(PairCounts(tuple(names), (seen.T @ seen).astype(float), total, within))


def pair_table(counts: PairCounts) -> pd.DataFrame:
    """Pairs of items against chance, from how often each two of them stand together.

    Out: the columns of `comentions`.
    """
    names, together, total, within = counts
    if len(names) < 2:
        return pd.DataFrame(columns=COLUMNS)
    pairs = np.array(list(combinations(range(len(names)), 2)))
    i, j = pairs.T
    n, n_a, n_b = together[i, j], together[i, i], together[j, j]
    g2 = association(n, n_a, n_b, total)
    p = chi_square_tail(g2)
    out = pd.DataFrame({
        "a": np.array(names, dtype=object)[i], "b": np.array(names, dtype=object)[j], "n": n.astype(int),
        "n_a": n_a.astype(int), "n_b": n_b.astype(int), "units": total, "expected": n_a * n_b / total,
        "npmi": npmi(n, n_a, n_b, total), "g2": g2, "p": p, "q": benjamini_hochberg(p), "basis": within,
        "sufficient": sufficient("comention", together=n, each=np.minimum(n_a, n_b)),
    })  # fmt: skip
    out = out[out["n"] > 0].sort_values(
        ["sufficient", "g2", "n", "a", "b"], ascending=[False, False, False, True, True], ignore_index=True
    )
    out.attrs["tested"] = len(pairs)
    return out


def npmi(n: Floats, n_a: Floats, n_b: Floats, total: float) -> Floats:
    """Normalised pointwise mutual information (Bouma 2009): ln(p(ab) / p(a)p(b)) / -ln p(ab); -1 where n is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(n * total / (n_a * n_b)) / -np.log(n / total)
    return np.where(n == 0, -1.0, np.where(n == total, 1.0, value))


def association(n: Floats, n_a: Floats, n_b: Floats, total: float) -> Floats:
    """G² of the two-by-two table of seen together, one alone, the other alone, neither."""
    observed = np.array([n, n_a - n, n_b - n, total - n_a - n_b + n])
    expected = (
        np.array([n_a * n_b, n_a * (total - n_b), (total - n_a) * n_b, (total - n_a) * (total - n_b)]) / total
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        part = observed * np.log(observed / expected)
    return np.asarray(2 * np.where(observed > 0, part, 0).sum(axis=0))
