"""Intervals for ratios of sums: rates, means and shares are all "sum of this over sum of that".

Documents are resampled with replacement when a group has enough of them. With fewer, sentences are
resampled within their documents; such an interval speaks of these texts and not of their source, and
the column `basis` says so. Fixed seeds: the same tables give the same limits.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from workbench.analysis.enough import LEAST_DOCUMENTS
from workbench.analysis.tails import Z95, Floats, normal_tails, poisson_interval, t_quantile

SEED = 20151211  # any fixed number; the date of a text everybody here knows
RESAMPLES = 2000  # limits move by about 2 % of their width between seeds; at 500 by 5 %
LEAST_FOR_RESAMPLING = 5  # hits; below, a resampled count piles up on zero and Poisson limits are used
_CELLS = 4_000_000  # weights held at once, so that memory does not grow with the corpus

DOCUMENTS, SENTENCES, EXACT = "documents", "sentences", "exact"
BASIS_WORDS = {
    DOCUMENTS: "documents resampled",
    SENTENCES: "too few documents: sentences resampled within them, so it speaks of these texts only",
    EXACT: "exact Poisson limits, because there are fewer than five hits",
}


class Limits(NamedTuple):
    """95 % limits of k ratios, and what was resampled: documents, sentences or exact."""

    low: Floats
    high: Floats
    basis: str


def ratio_limits(above: npt.ArrayLike, below: npt.ArrayLike, documents: npt.ArrayLike) -> Limits:
    """95 % limits of sum(above) / sum(below), for each column of `above`.

    In: `above` one row per sentence (n, or n x k), `below` one number per sentence, `documents` the
    document of each sentence. Percentile bootstrap, its tails widened by Hesterberg's rule (2015,
    section 5.4) for the effective number of documents: without it ten documents cover 90 % where 95 % is
    promised, and 92 % when it counts documents of unequal length alike.
    """
    draws, basis, n = replicates(above, below, documents)
    tail = _widened_tail(n)
    with np.errstate(invalid="ignore"):
        low, high = np.nanquantile(draws, [tail, 1 - tail], axis=0)
    return Limits(low, high, basis)


def count_limits(
    counts: npt.ArrayLike, words: npt.ArrayLike, documents: npt.ArrayLike
) -> tuple[Limits, list[str]]:
    """95 % limits of sum(counts) / sum(words) for counts of events, and the basis of each column.

    The logarithm of the rate ± t times its jackknife error: the rate is made anew without each document in
    turn (without each sentence, when documents are few). Rates are skewed, and where words come in bursts the
    bootstrap's own error is too small: percentiles cover 89–92 % at ten documents, t times the bootstrap's
    error 84–94 %, this 93–97 % (tests/test_analysis_coverage.py). Columns of fewer than five events get exact
    Poisson limits.
    """
    counted, size = _columns(counts), np.asarray(words, dtype=float)
    names, codes = np.unique(np.asarray(documents), return_inverse=True)
    basis, strata = SENTENCES, codes
    if len(names) >= LEAST_DOCUMENTS:
        counted, size = _summed(counted, codes, len(names)), np.bincount(codes, weights=size)
        basis, strata = DOCUMENTS, np.zeros(len(names), dtype=int)
    total, whole = counted.sum(axis=0), float(size.sum())
    half = _log_half_width(counted, size, strata)
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = total / whole * np.exp(-half), total / whole * np.exp(half)
    bases = [basis] * len(total)
    for k in np.flatnonzero(total < LEAST_FOR_RESAMPLING):
        low[k], high[k] = (limit / whole if whole else np.nan for limit in poisson_interval(int(total[k])))
        bases[k] = EXACT
    return Limits(low, high, basis), bases


def difference_limits(
    a: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
    b: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
) -> tuple[float, float, float, str]:
    """(difference, low, high, basis) of two ratios, each given as (above, below, documents).

    Groups that share documents (two speakers of one transcript) are resampled together, so that what
    the documents have in common cancels; groups that do not are resampled apart.
    """
    ratio = [float(np.sum(np.asarray(g[0], float)) / np.sum(np.asarray(g[1], float))) for g in (a, b)]
    if set(np.asarray(a[2])) & set(np.asarray(b[2])):
        draws, basis, n = _paired(a, b)
    else:
        draws_a, basis_a, n_a = replicates(*a)
        draws_b, basis_b, n_b = replicates(*b, stream=1)
        draws = draws_a[:, 0] - draws_b[:, 0]
        basis = basis_a if basis_a == basis_b else SENTENCES
        n = min(n_a, n_b)
    tail = _widened_tail(n)
    low, high = np.nanquantile(draws, [tail, 1 - tail])
    return ratio[0] - ratio[1], float(low), float(high), basis


def replicates(
    above: npt.ArrayLike, below: npt.ArrayLike, documents: npt.ArrayLike, stream: int = 0
) -> tuple[Floats, str, float]:
    """Resampled ratios (RESAMPLES x k), what was resampled, and how many of it there are (Kish's number)."""
    top, bottom = _columns(above), _columns(below)
    names, codes = np.unique(np.asarray(documents), return_inverse=True)
    rng = np.random.default_rng([SEED, stream])
    if len(names) >= LEAST_DOCUMENTS:
        top, bottom = _summed(top, codes, len(names)), _summed(bottom, codes, len(names))
        draws = _resample(top, bottom, np.zeros(len(names), dtype=int), rng)
        return draws, DOCUMENTS, _effective(bottom[:, 0])
    return _resample(top, bottom, codes, rng), SENTENCES, _effective(bottom[:, 0])


def _effective(sizes: Floats) -> float:
    """Kish's effective number of units: ten of very unequal length are worth fewer than ten."""
    squares = float((sizes**2).sum())
    return float(sizes.sum()) ** 2 / squares if squares else 0.0


def _log_half_width(counts: Floats, sizes: Floats, strata: npt.NDArray[np.int_]) -> Floats:
    """Half the interval of each log rate: its jackknife error times t.

    The degrees of freedom are those of Kish's effective number of units, and fewer where a few units make
    most of the error (Satterthwaite's 2 / relative variance of an estimated variance, from its kurtosis).
    """
    many = np.bincount(strata)
    free = _effective(sizes) - len(many)
    if free < 2:
        return np.full(counts.shape[1], np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        without = np.log(np.maximum(counts.sum(axis=0) - counts, 0.5) / (sizes.sum() - sizes)[:, None])
        apart = without - (_summed(without, strata, len(many)) / many[:, None])[strata]
        squares = ((many - 1) / many)[strata][:, None] * apart**2
        variance = squares.sum(axis=0)
        kurtosis = len(sizes) * (squares**2).sum(axis=0) / variance**2
        own = np.nan_to_num(2 * len(sizes) / np.maximum(kurtosis - 1, 1e-9), nan=free)
    t = [t_quantile(float(each)) for each in np.clip(own, 2, free)]
    return np.asarray(np.sqrt(variance) * t)


def _paired(
    a: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
    b: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
) -> tuple[Floats, str, float]:
    """Resampled differences of two ratios that share documents: one set of weights for both."""
    size = len(np.asarray(a[1])), len(np.asarray(b[1]))
    documents = np.concatenate([np.asarray(a[2]), np.asarray(b[2])])
    side = np.repeat([0, 1], size)
    top, bottom = (np.concatenate([np.asarray(a[k], float), np.asarray(b[k], float)]) for k in (0, 1))
    both = np.column_stack([top * (side == 0), top * (side == 1), bottom * (side == 0), bottom * (side == 1)])
    names, codes = np.unique(documents, return_inverse=True)
    rng = np.random.default_rng([SEED, 2])
    if len(names) >= LEAST_DOCUMENTS:
        both, basis = _summed(both, codes, len(names)), DOCUMENTS
        sums = _weighted(both, np.zeros(len(names), dtype=int), rng)
    else:
        sums, basis = _weighted(both, codes * 2 + side, rng), SENTENCES
    with np.errstate(invalid="ignore", divide="ignore"):
        draws = sums[:, 0] / sums[:, 2] - sums[:, 1] / sums[:, 3]
    return draws, basis, min(_effective(both[:, 2]), _effective(both[:, 3]))


def _resample(top: Floats, bottom: Floats, strata: npt.NDArray[np.int_], rng: np.random.Generator) -> Floats:
    sums = _weighted(np.column_stack([top, bottom]), strata, rng)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sums[:, :-1] / sums[:, -1:])


def _weighted(rows: Floats, strata: npt.NDArray[np.int_], rng: np.random.Generator) -> Floats:
    """Sums of resampled rows, RESAMPLES of them; rows are drawn within their stratum."""
    total = np.zeros((RESAMPLES, rows.shape[1]))
    for stratum in np.unique(strata):
        mine = rows[strata == stratum]
        step = max(1, _CELLS // len(mine))
        for first in range(0, RESAMPLES, step):
            many = min(step, RESAMPLES - first)
            weights = rng.multinomial(len(mine), np.full(len(mine), 1 / len(mine)), size=many)
            total[first : first + many] += weights @ mine
    return total


def _widened_tail(n: float) -> float:
    """Hesterberg's tail: that of a normal at t * sqrt(n / (n - 1)), instead of 0.025."""
    if n < 2:
        return 0.0
    z = t_quantile(n - 1) * np.sqrt(n / (n - 1)) if n > 3 else 2 * Z95
    return float(normal_tails(z)) / 2


def _columns(values: npt.ArrayLike) -> Floats:
    array = np.asarray(values, dtype=float)
    return array[:, None] if array.ndim == 1 else array


def _summed(rows: Floats, codes: npt.NDArray[np.int_], n: int) -> Floats:
    """Rows added up by their code."""
    return np.column_stack([np.bincount(codes, weights=column, minlength=n) for column in rows.T])
