"""Keyness: which words set groups apart, by how much, and how sure that is.

Effect is the log ratio with its interval, evidence is G²; beside them the log-odds z with an
informative Dirichlet prior and a test that takes documents, not words, as the units. One
Benjamini–Hochberg correction covers the whole table. Formulas and sources: docs/methods.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.analysis.distributions import Z95, Floats, benjamini_hochberg, chi_square_tail, t_tails
from workbench.analysis.reliability import LEAST_DOCUMENTS, sufficient
from workbench.analysis.units import grouping

REST = "all others"
COLUMNS = (
    "group against form n n_other words words_other rate rate_other log_ratio low high g2 z p p_documents q "
    "docs docs_other basis sufficient"
).split()
PER_TERM = ("n", "docs", "n_squared", "n_words", "rate_sum", "rate_squared")  # what a side sums for each term
PRIOR_WORDS = 500.0  # weight of the prior in words, as Monroe et al. recommend of the order of a document;
# at 50,000 every z on the seeds shrinks below 1, at 5 rare words lead the list


class Side(NamedTuple):
    """One side of a comparison: sums over its documents, for each term and of their sizes.

    A document has n hits of a term among its w words; `documents`, `words` and `words_squared` are of all documents
    that have words, with a hit or without.
    """

    n: Floats
    docs: Floats  # documents with a hit
    n_squared: Floats
    n_words: Floats  # n · w
    rate_sum: Floats  # n / w
    rate_squared: Floats  # (n / w)²
    documents: int
    words: float
    words_squared: float


class TwoSides(NamedTuple):
    """The two sides of a comparison by name; `shared` says whether a document has words on both."""

    group: str
    against: str
    one: Side
    other: Side
    shared: bool


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
    forms = pd.Index(counts["form"].astype("object").unique())
    comparisons = (
        _comparison(counts, units, one, others, name, forms)
        for one, others, name in pairs_of(sorted(units["group"].unique(), key=str), against)
    )
    rows, tested = compare_sides(comparisons, least=least)
    return keyness_table(
        rows.assign(form=forms.take(rows["term"].astype("int64"))), tested=tested, by=grouping(units)
    )


def pairs_of(groups: Sequence[str], against: str) -> list[tuple[str, list[str], str]]:
    """(group, the groups it is compared with, their name): each against the rest, or every two of them."""
    if against == "pairs":
        return [(a, [b], b) for a, b in combinations(groups, 2)]
    if len(groups) == 2:  # the second against the first would repeat it with its sign turned
        return [(groups[0], [groups[1]], groups[1])]
    return [(g, [h for h in groups if h != g], REST) for g in groups] if len(groups) > 1 else []


def compare_sides(
    comparisons: Iterable[TwoSides], *, least: int = 2, top: int | None = None
) -> tuple[pd.DataFrame, int]:
    """The statistics of each term in each comparison, from sums over documents.

    In:  sides with a value for each term; terms with fewer than `least` hits on both sides together are not tested.
    Out: rows as `keyness` explains them, `term` the place of the term in the sides, and how many were tested; with
         `top`, the strongest of each comparison and those that are as strong, corrected over all that were tested.
    """
    kept, tested = [], []
    for comparison in comparisons:
        rows = _compared(comparison, least)
        tested.append(np.fmax(rows["p_documents"].to_numpy(float), rows["p"].to_numpy(float)))
        strong = np.arange(len(rows))
        if top is not None and len(rows) > top:
            g2 = rows["g2"].to_numpy()
            strong = np.flatnonzero(g2 >= np.partition(g2, len(g2) - top)[len(g2) - top])
        kept.append((rows.iloc[strong], strong))
    every = benjamini_hochberg(np.concatenate([np.zeros(0), *tested]))
    first = np.cumsum([0, *map(len, tested)])
    tables = [rows.assign(q=every[first[k] + at]) for k, (rows, at) in enumerate(kept) if len(rows)]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=[*COLUMNS, "term"])
    return table, len(every)


def keyness_table(
    rows: pd.DataFrame, *, tested: int, by: str, item: str = "form", top: int | None = None
) -> pd.DataFrame:
    """The rows of `compare_sides` with the names of their terms in `form`, strongest evidence first."""
    out = rows.sort_values(["g2", "form", "group"], ascending=[False, True, True], ignore_index=True)[COLUMNS]
    if top is not None:
        out = out[out.groupby(["group", "against"]).cumcount() < top].reset_index(drop=True)
    out = out.rename(columns={"form": item})
    out.attrs |= {"by": by, "item": item, "tested": tested}
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


def _compared(comparison: TwoSides, least: int) -> pd.DataFrame:
    terms = np.flatnonzero(comparison.one.n + comparison.other.n >= least)
    a, b = (_of_terms(side, terms) for side in (comparison.one, comparison.other))
    c, d = max(a.words, 1.0), max(b.words, 1.0)
    ratio, g2 = log_ratio(a.n, b.n, c, d), log_likelihood(a.n, b.n, c, d)
    by_documents = min(a.documents, b.documents) >= LEAST_DOCUMENTS
    half = (
        Z95
        * np.sqrt(_variance(a, c / (c + d), by_documents) + _variance(b, d / (c + d), by_documents))
        / np.log(2)
    )
    p_documents: Floats | float = np.nan
    if by_documents:
        p_documents = _over_parts(a, b, ratio, half) if comparison.shared else _welch(a, b)
    background = (a.n + b.n) / max((a.n + b.n).sum(), 1) * PRIOR_WORDS
    return pd.DataFrame({
        "group": comparison.group, "against": comparison.against, "term": terms, "n": a.n.astype(int), "n_other": b.n.astype(int),
        "words": int(c), "words_other": int(d), "rate": a.n / c * 1000, "rate_other": b.n / d * 1000,
        "log_ratio": ratio, "low": ratio - half, "high": ratio + half, "g2": g2,
        "z": log_odds_z(a.n, b.n, c, d, background), "p": chi_square_tail(g2),
        "p_documents": p_documents, "docs": a.docs.astype(int),
        "docs_other": b.docs.astype(int), "basis": "documents" if by_documents else "words",
        "sufficient": sufficient("keyness", hits=a.n + b.n),
    })  # fmt: skip


def _of_terms(side: Side, terms: npt.NDArray[np.int64]) -> Side:
    return side._replace(**{name: getattr(side, name)[terms] for name in PER_TERM})


def _comparison(
    counts: pd.DataFrame, units: pd.DataFrame, one: str, others: list[str], name: str, forms: pd.Index
) -> TwoSides:
    sides = [(counts["group"].isin(names), units[units["group"].isin(names)]) for names in ([one], others)]
    documents = [set(mine["doc_id"]) for _, mine in sides]
    a, b = (_side(counts[rows], mine, forms) for rows, mine in sides)
    return TwoSides(one, name, a, b, bool(set.intersection(*documents)))


def _side(counts: pd.DataFrame, units: pd.DataFrame, forms: pd.Index) -> Side:
    sizes = units.groupby("doc_id")["words"].sum()
    sizes = sizes[sizes > 0]
    whole = counts.groupby(["doc_id", "form"], sort=False)["n"].sum().reset_index()
    w = whole["doc_id"].map(sizes).to_numpy(float)
    x = whole["n"].to_numpy(float)
    code = forms.get_indexer(pd.Index(whole["form"].astype("object")))

    def summed(weights: Floats) -> Floats:
        return np.asarray(np.bincount(code, weights=weights, minlength=len(forms)), dtype=float)

    return Side(
        summed(x), summed(np.ones_like(x)), summed(x * x), summed(x * w), summed(x / w), summed((x / w) ** 2),
        len(sizes), float(sizes.sum()), float((sizes.astype(float) ** 2).sum()),
    )  # fmt: skip


def _variance(side: Side, least: float, by_documents: bool) -> Floats:
    """Variance of the log rate: over documents by linearisation, otherwise 1/n as for a Poisson count."""
    poisson = np.asarray(1 / np.maximum(side.n, least), dtype=float)
    if not by_documents:
        return poisson
    m, rate = side.documents, side.n / side.words
    spread = side.n_squared - 2 * rate * side.n_words + rate**2 * side.words_squared
    return np.asarray(np.maximum(spread / np.maximum(side.n, 0.5) ** 2 * m / (m - 1), poisson))


def _over_parts(a: Side, b: Side, ratio: Floats, half: Floats) -> Floats:
    """Two-sided p of the log ratio over its error, for sides that are parts of the same documents.

    The parts are of very unequal length, some of a few words: their rates cannot be weighed alike as Welch's
    test does, and words are weighed by the linearised variance instead. What the parts have in common is left in.
    """
    free = min(side.words**2 / side.words_squared for side in (a, b)) - 1
    return t_tails(ratio / (half / Z95), free)


def _welch(a: Side, b: Side) -> Floats:
    """Two-sided p of Welch's t over the rates of single documents."""
    means, variances = [], []
    for side in (a, b):
        m = side.documents
        mean = side.rate_sum / m
        means.append(mean)
        variances.append(np.maximum(side.rate_squared - m * mean**2, 0) / (m - 1) / m)
    both = variances[0] + variances[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (means[0] - means[1]) / np.sqrt(both)
        freedom = both**2 / (variances[0] ** 2 / (a.documents - 1) + variances[1] ** 2 / (b.documents - 1))
    return t_tails(t, freedom)
