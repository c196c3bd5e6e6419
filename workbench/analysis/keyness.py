"""Keyness: which words set groups apart, by how much, and how sure that is.

Effect is the log ratio with its interval, evidence is G²; beside them the log-odds z with an
informative Dirichlet prior and a test that takes documents, not words, as the units. One
Benjamini–Hochberg correction covers the whole table. Formulas and sources: docs/methods.md.
"""

from __future__ import annotations

from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from workbench.analysis.distributions import Z95, Floats, benjamini_hochberg, chi_square_tail, t_tails
from workbench.analysis.reliability import LEAST_DOCUMENTS, sufficient
from workbench.analysis.units import grouping

REST = "all others"
COLUMNS = (
    "group against form n n_other words words_other rate rate_other log_ratio low high g2 z p p_documents q "
    "docs docs_other basis sufficient"
).split()
PRIOR_WORDS = 500.0  # weight of the prior in words, as Monroe et al. recommend of the order of a document;
# at 50,000 every z on the seeds shrinks below 1, at 5 rare words lead the list


class Side(NamedTuple):
    """One side of a comparison: per word n, documents, sums for variances; and the words of the side."""

    n: Floats
    docs: Floats
    n_squared: Floats
    n_words: Floats
    rate_sum: Floats
    rate_squared: Floats
    sizes: Floats


def keyness(
    counts: pd.DataFrame, units: pd.DataFrame, *, against: Literal["rest", "pairs"] = "rest", least: int = 2
) -> pd.DataFrame:
    """Words that one group uses more or less than the others ("rest") or than each other one ("pairs").

    In:  counts [group, doc_id, form, n] from `frequency.term_counts`; units for the denominators;
         words seen fewer than `least` times on both sides together are left out.
    Out: [group, against, form, n, n_other, words, words_other, rate, rate_other, log_ratio, low, high,
         g2, z, p, p_documents, q, docs, docs_other, basis, sufficient], strongest evidence first.
         `log_ratio` is binary (1 = twice as often); `p` belongs to G² and takes words for independent,
         `p_documents` does not (Welch's t over documents; where one document has words on both sides, as
         around a topic, t of the log ratio by its spread over documents); `q` is corrected over the whole table, from
         the larger of the two where both sides have at least ten documents (basis "documents"), since
         either alone is fooled: G² by bursts, Welch by a word that a small side could hardly hold;
         otherwise from `p` (basis "words": two texts are compared then, not two sources). With one
         group alone the table is empty.
    """
    groups = sorted(units["group"].unique(), key=str)
    pairs: list[tuple[str, list[str], str]] = []
    if len(groups) > 1 and against == "rest":
        only_other = groups[::-1] if len(groups) == 2 else [REST] * len(groups)
        pairs = [(g, [h for h in groups if h != g], only_other[k]) for k, g in enumerate(groups)]
        pairs = (
            pairs[:1] if len(groups) == 2 else pairs
        )  # the second would repeat the first with its sign turned
    elif against == "pairs":
        pairs = [(a, [b], b) for a, b in combinations(groups, 2)]
    tables = [_compared(counts, units, one, others, name, least) for one, others, name in pairs]
    out = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)
    tested = np.fmax(out["p_documents"].to_numpy(float), out["p"].to_numpy(float))
    out["q"] = benjamini_hochberg(tested)
    out = out.sort_values(["g2", "form", "group"], ascending=[False, True, True], ignore_index=True)[COLUMNS]
    out.attrs |= {"by": grouping(units), "item": "form", "tested": len(out)}
    return out


def log_likelihood(a: Floats, b: Floats, c: float, d: float) -> Floats:
    """G² of a word seen a times in c words and b times in d words, over all four cells, unsigned."""
    observed = np.array([a, b, c - a, d - b])
    row, column = np.array([a + b, a + b, c + d - a - b, c + d - a - b]), np.array([[c], [d], [c], [d]])
    with np.errstate(divide="ignore", invalid="ignore"):
        part = observed * np.log(observed / (row * column / (c + d)))
    return np.asarray(2 * np.nansum(np.where(observed > 0, part, 0), axis=0))


def log_ratio(a: Floats, b: Floats, c: float, d: float) -> Floats:
    """Hardie's binary logarithm of the ratio of two rates.

    Where one side has no hit, one more is shared out by size (half and half for equal sizes), so that
    the sign stays that of the rates; half a hit on each side would turn it for a small group.
    """
    none = (a == 0) | (b == 0)
    return np.asarray(np.log2((a + none * c / (c + d)) / c) - np.log2((b + none * d / (c + d)) / d))


def log_odds_z(a: Floats, b: Floats, c: float, d: float, prior: Floats) -> Floats:
    """z of the log-odds ratio with an informative Dirichlet prior (Monroe et al. 2008, eq. 16, 18–22)."""
    total = prior.sum()
    first = np.log((a + prior) / (c + total - a - prior))
    second = np.log((b + prior) / (d + total - b - prior))
    return np.asarray((first - second) / np.sqrt(1 / (a + prior) + 1 / (b + prior)))


def _compared(
    counts: pd.DataFrame, units: pd.DataFrame, one: str, others: list[str], name: str, least: int
) -> pd.DataFrame:
    mine, theirs = counts[counts["group"] == one], counts[counts["group"].isin(others)]
    total = pd.concat([mine, theirs]).groupby("form")["n"].sum()
    forms = total[total >= least].index
    a = _side(mine, units[units["group"] == one], forms)
    b = _side(theirs, units[units["group"].isin(others)], forms)
    c, d = max(float(a.sizes.sum()), 1.0), max(float(b.sizes.sum()), 1.0)
    ratio, g2 = log_ratio(a.n, b.n, c, d), log_likelihood(a.n, b.n, c, d)
    by_documents = min(len(a.sizes), len(b.sizes)) >= LEAST_DOCUMENTS
    half = (
        Z95
        * np.sqrt(_variance(a, c / (c + d), by_documents) + _variance(b, d / (c + d), by_documents))
        / np.log(2)
    )
    p_documents: Floats | float = np.nan
    if by_documents:
        sides = (set(units.loc[units["group"].isin(names), "doc_id"]) for names in ([one], others))
        p_documents = _over_parts(a, b, ratio, half) if set.intersection(*sides) else _welch(a, b)
    background = (a.n + b.n) / max((a.n + b.n).sum(), 1) * PRIOR_WORDS
    return pd.DataFrame({
        "group": one, "against": name, "form": forms, "n": a.n.astype(int), "n_other": b.n.astype(int),
        "words": int(c), "words_other": int(d), "rate": a.n / c * 1000, "rate_other": b.n / d * 1000,
        "log_ratio": ratio, "low": ratio - half, "high": ratio + half, "g2": g2,
        "z": log_odds_z(a.n, b.n, c, d, background), "p": chi_square_tail(g2),
        "p_documents": p_documents, "docs": a.docs.astype(int),
        "docs_other": b.docs.astype(int), "basis": "documents" if by_documents else "words",
        "sufficient": sufficient("keyness", hits=a.n + b.n),
    })  # fmt: skip


def _side(counts: pd.DataFrame, units: pd.DataFrame, forms: pd.Index) -> Side:
    sizes = units.groupby("doc_id")["words"].sum()
    sizes = sizes[sizes > 0]
    kept = counts[counts["form"].isin(forms)]
    w = kept["doc_id"].map(sizes).to_numpy(float)
    x = kept["n"].to_numpy(float)
    code = forms.get_indexer(pd.Index(kept["form"]))

    def summed(weights: Floats) -> Floats:
        return np.asarray(np.bincount(code, weights=weights, minlength=len(forms)), dtype=float)

    return Side(
        summed(x), summed(np.ones_like(x)), summed(x * x), summed(x * w), summed(x / w), summed((x / w) ** 2),
        sizes.to_numpy(float),
    )  # fmt: skip


def _variance(side: Side, least: float, by_documents: bool) -> Floats:
    """Variance of the log rate: over documents by linearisation, otherwise 1/n as for a Poisson count."""
    poisson = np.asarray(1 / np.maximum(side.n, least), dtype=float)
    if not by_documents:
        return poisson
    m, rate = len(side.sizes), side.n / side.sizes.sum()
    spread = side.n_squared - 2 * rate * side.n_words + rate**2 * (side.sizes**2).sum()
    return np.asarray(np.maximum(spread / np.maximum(side.n, 0.5) ** 2 * m / (m - 1), poisson))


def _over_parts(a: Side, b: Side, ratio: Floats, half: Floats) -> Floats:
    """Two-sided p of the log ratio over its error, for sides that are parts of the same documents.

    The parts are of very unequal length, some of a few words: their rates cannot be weighed alike as Welch's
    test does, and words are weighed by the linearised variance instead. What the parts have in common is left in.
    """
    free = min(float(s.sizes.sum() ** 2 / (s.sizes**2).sum()) for s in (a, b)) - 1
    return t_tails(ratio / (half / Z95), free)


def _welch(a: Side, b: Side) -> Floats:
    """Two-sided p of Welch's t over the rates of single documents."""
    means, variances = [], []
    for side in (a, b):
        m = len(side.sizes)
        mean = side.rate_sum / m
        means.append(mean)
        variances.append(np.maximum(side.rate_squared - m * mean**2, 0) / (m - 1) / m)
    both = variances[0] + variances[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (means[0] - means[1]) / np.sqrt(both)
        freedom = both**2 / (variances[0] ** 2 / (len(a.sizes) - 1) + variances[1] ** 2 / (len(b.sizes) - 1))
    return t_tails(t, freedom)
