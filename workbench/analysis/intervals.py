"""Intervals for ratios of sums: rates, means and shares are all "sum of this over sum of that".

Documents are resampled with replacement when a group has enough of them. With fewer, sentences are
resampled within their documents; such an interval speaks of these texts and not of their source, and
the column `basis` says so. Fixed seeds: the same tables give the same limits.
"""

from __future__ import annotations

import warnings
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
    document of each sentence. Percentile bootstrap, its tails widened for small n by Hesterberg's
    rule (2015, section 5.4): without it ten documents cover 90 % where 95 % is promised.
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

    The resampled rates give the standard error of the logarithm of the rate, Student's t the width:
    rates are skewed, and with bursty words percentiles cover 89–92 % at ten documents where this covers
    94–96 %. Columns of fewer than five events get exact Poisson limits.
    """
    counted = _columns(counts)
    draws, basis, n = replicates(counted, words, documents)
    total, size = counted.sum(axis=0), float(np.sum(np.asarray(words, dtype=float)))
    half = _log_half_width(draws, _effective(words, documents) if basis == DOCUMENTS else n)
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = total / size * np.exp(-half), total / size * np.exp(half)
    bases = [basis] * len(total)
    for k in np.flatnonzero(total < LEAST_FOR_RESAMPLING):
        low[k], high[k] = (limit / size if size else np.nan for limit in poisson_interval(int(total[k])))
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
) -> tuple[Floats, str, int]:
    """Resampled ratios (RESAMPLES x k), what was resampled, and how many of it there are."""
    top, bottom = _columns(above), _columns(below)
    names, codes = np.unique(np.asarray(documents), return_inverse=True)
    rng = np.random.default_rng([SEED, stream])
    if len(names) >= LEAST_DOCUMENTS:
        top, bottom = _summed(top, codes, len(names)), _summed(bottom, codes, len(names))
        return _resample(top, bottom, np.zeros(len(names), dtype=int), rng), DOCUMENTS, len(names)
    return _resample(top, bottom, codes, rng), SENTENCES, len(top)


def _effective(words: npt.ArrayLike, documents: npt.ArrayLike) -> float:
    """Kish's effective number of documents: ten of very unequal length are worth fewer than ten."""
    _, codes = np.unique(np.asarray(documents), return_inverse=True)
    sizes = np.bincount(codes, weights=np.asarray(words, dtype=float))
    return float(sizes.sum() ** 2 / (sizes**2).sum())


def _log_half_width(draws: Floats, n: float) -> Floats:
    """Half the interval of each log rate: t times its resampled standard error, corrected for small n."""
    if n < 4:
        return np.full(draws.shape[1], np.inf)
    logs = np.log(np.where(draws > 0, draws, np.nan))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a column without any hit, replaced by the caller
        error = np.nanstd(logs, axis=0)
    return np.asarray(t_quantile(n - 1) * error * np.sqrt(n / (n - 1)))


def _paired(
    a: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
    b: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
) -> tuple[Floats, str, int]:
    """Resampled differences of two ratios that share documents: one set of weights for both."""
    size = len(np.asarray(a[1])), len(np.asarray(b[1]))
    documents = np.concatenate([np.asarray(a[2]), np.asarray(b[2])])
    side = np.repeat([0, 1], size)
    top, bottom = (np.concatenate([np.asarray(a[k], float), np.asarray(b[k], float)]) for k in (0, 1))
    both = np.column_stack([top * (side == 0), top * (side == 1), bottom * (side == 0), bottom * (side == 1)])
    names, codes = np.unique(documents, return_inverse=True)
    rng = np.random.default_rng([SEED, 2])
    if len(names) >= LEAST_DOCUMENTS:
        sums, basis = (
            _weighted(_summed(both, codes, len(names)), np.zeros(len(names), dtype=int), rng),
            DOCUMENTS,
        )
    else:
        sums, basis = _weighted(both, codes * 2 + side, rng), SENTENCES
    with np.errstate(invalid="ignore", divide="ignore"):
        draws = sums[:, 0] / sums[:, 2] - sums[:, 1] / sums[:, 3]
    return draws, basis, len(names) if basis == DOCUMENTS else min(size)


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


def _widened_tail(n: int) -> float:
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
