"""Intervals for ratios of sums: rates, means and shares are all "sum of this over sum of that".

Documents are left out in turn (jackknife) when a group has enough of them, so that sums by document are all that
is needed. With fewer, sentences are resampled within their documents; such an interval speaks of these texts and not
of their source, and the column `basis` says so. Fixed seeds: the same tables give the same limits.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from workbench.analysis.distributions import Z95, Floats, normal_tails, poisson_interval, t_quantile, wilson
from workbench.analysis.reliability import LEAST_DOCUMENTS

SEED = 20151211  # any fixed number; the date of a text everybody here knows
RESAMPLES = 2000  # limits move by about 2 % of their width between seeds; at 500 by 5 %
LEAST_FOR_RESAMPLING = 5  # hits; below, a resampled count piles up on zero and Poisson limits are used
LEAST_EFFECTIVE = 3  # effective units; fewer leave less than two degrees of freedom and no error to be had
TAMED = 2.0  # of a half width: up to here (7.4 times the rate) t · s covers what it promises as it is
_CELLS = 4_000_000  # weights held at once, so that memory does not grow with the corpus

# Times the error of a difference: the least true difference that a corpus like this shows as sure in four of five
# cases (z of 97.5 % plus z of 80 %).
DETECTABLE = NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(0.8)
SCORES = (-1.0, 1.0)  # the scale of a mean of scores; no limit lies outside

DOCUMENTS, SENTENCES, EXACT = "documents", "sentences", "exact"


Side = tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike]  # above, below, documents of a ratio


class Limits(NamedTuple):
    """95 % limits of k ratios, and what was resampled or left out: documents, sentences or exact."""

    low: Floats
    high: Floats
    basis: str


class Difference(NamedTuple):
    """A difference of two ratios with its 95 % limits, their basis and the standard error they are made from."""

    value: float
    low: float
    high: float
    basis: str
    error: float

    @property
    def detectable(self) -> float:
        """The smallest true difference that would be found in four of five such corpora, by a limit on one side of zero."""
        return DETECTABLE * self.error


def ratio_limits(
    above: npt.ArrayLike,
    below: npt.ArrayLike,
    documents: npt.ArrayLike,
    *,
    scale: tuple[float, float] | None = None,
) -> Limits:
    """95 % limits of sum(above) / sum(below), for each column of `above`: means of scores.

    In: `above` one row per sentence or per document (n, or n x k), `below` one number per row, `documents` the
    document of each row. No limit lies outside `scale`. Documents, where they are the units: the ratio ± t times
    its jackknife error (`_mean_error`). Sentences: percentile bootstrap within documents, its tails widened by
    Hesterberg's rule (2015, section 5.4) for the effective number of sentences.
    """
    top, bottom = _columns(above), _columns(below)[:, 0]
    units = _documents(top, bottom, documents)
    if units is None:
        low, high = _percentiles(top, bottom, documents)
        basis = SENTENCES
    else:
        top, bottom = units
        ratio, (error, freedom), basis = top.sum(axis=0) / bottom.sum(), _mean_error(top, bottom), DOCUMENTS
        half = _quantiles(freedom) * error
        low, high = ratio - half, ratio + half
    alike = high - low < 1e-12  # what all units share, but for the last digit of a division
    low, high = low, np.where(alike, low, high)
    return Limits(*((low, high) if scale is None else (np.clip(low, *scale), np.clip(high, *scale))), basis)


def share_limits(above: npt.ArrayLike, below: npt.ArrayLike, documents: npt.ArrayLike) -> Limits:
    """95 % limits of sum(above) / sum(below), for each column of `above` that counts some of what `below` counts.

    Documents, where they are the units: the log odds of the share ± t times its jackknife error, as `count_limits`
    has it; Wilson's limits (1927) where fewer than five stand on one side. Sentences: resampled as in `ratio_limits`.
    """
    top, bottom = _columns(above), _columns(below)[:, 0]
    units = _documents(top, bottom, documents)
    if units is None:
        return Limits(*_percentiles(top, bottom, documents), SENTENCES)
    top, bottom = units
    hits, whole = top.sum(axis=0), bottom.sum()
    half = _half_width(top, bottom, np.zeros(len(bottom), dtype=int), odds=True)
    with np.errstate(divide="ignore"):
        odds = hits / np.maximum(whole - hits, 0)
    few = np.minimum(hits, whole - hits) < LEAST_FOR_RESAMPLING
    exact = wilson(hits, np.full(len(hits), whole))
    with np.errstate(invalid="ignore"):
        low, high = (
            np.where(few, limit, odds / (odds + np.exp(-side)))
            for limit, side in zip(exact, (-half, half), strict=True)
        )
    return Limits(low, high, DOCUMENTS)


def count_limits(
    counts: npt.ArrayLike, words: npt.ArrayLike, documents: npt.ArrayLike
) -> tuple[Limits, list[str]]:
    """95 % limits of sum(counts) / sum(words) for counts of events, and the basis of each column.

    The log odds of the rate ± a half width made from t times its jackknife error (`_half_width`): the rate is
    made anew without each document in turn (without each sentence, when documents are few, or when one of them
    outweighs the others so far that they are worth fewer than three). Rates are skewed, and where words come in
    bursts the bootstrap's own error is too small: percentiles cover 89–92 % at ten documents, t times the
    bootstrap's error 84–94 %, this 93–97 % (tests/analysis/test_interval_coverage.py). Columns of fewer than five events
    get exact Poisson limits. No limit lies below 0 or above 1; both are NaN where nothing says how sure a rate is.
    """
    counted, size = _columns(counts), np.asarray(words, dtype=float)
    total, whole = counted.sum(axis=0), float(size.sum())
    counted, size, strata, basis = _units(counted, size, documents)
    half = _half_width(counted, size, strata)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = total / whole
        odds = np.where(rate < 1, rate / (1 - rate), np.inf)
        low, high = (
            np.where(np.isfinite(odds), odds / (odds + np.exp(-side)), 1.0) for side in (-half, half)
        )
    low, high = np.where(np.isnan(half), np.nan, low), np.where(np.isnan(half), np.nan, high)
    bases = [basis] * len(total)
    for k in np.flatnonzero(total < LEAST_FOR_RESAMPLING):
        exact = poisson_interval(int(total[k]))
        low[k], high[k] = (min(limit / whole, 1.0) if whole else np.nan for limit in exact)
        bases[k] = EXACT
    return Limits(low, high, basis), bases


def difference_limits(a: Side, b: Side) -> tuple[float, float, float, str]:
    """(difference, low, high, basis) of two ratios, each given as (above, below, documents); see `difference`."""
    return difference(a, b)[:4]


def difference(a: Side, b: Side, *, scale: tuple[float, float] | None = None) -> Difference:
    """How far two ratios lie apart, each given as (above, below, documents) with a row a sentence or a document.

    Documents, where they are the units of both: t times the jackknife error. Groups that share documents (two
    speakers of one transcript) lose a document together, so that what the documents have in common cancels; the
    errors of groups that share none are added, with Welch's degrees of freedom. Sentences otherwise: resampled
    together or apart, percentiles. No limit lies outside `scale`.
    """
    first, second = (float(np.sum(np.asarray(g[0], float)) / np.sum(np.asarray(g[1], float))) for g in (a, b))
    value = first - second
    shared = bool(set(np.asarray(a[2]).tolist()) & set(np.asarray(b[2]).tolist()))
    found = _paired_error(a, b) if shared else _added_error(a, b)
    if found is not None:
        error, freedom = found
        half = t_quantile(freedom) * error
        low, high, basis = value - half, value + half, DOCUMENTS
    else:
        draws, basis, n = _drawn(a, b, shared=shared)
        tail = _widened_tail(n)
        low, high = map(float, np.nanquantile(draws, [tail, 1 - tail]))
        error = float(np.nanstd(draws))
    if scale is not None:
        low, high = max(low, scale[0]), min(high, scale[1])
    return Difference(value, low, high, basis, error)


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


def needs_sentences(words: npt.ArrayLike) -> bool:
    """Whether documents of these lengths are too few, or worth too few, for an interval over documents."""
    sizes = np.asarray(words, dtype=float)
    return len(sizes) < LEAST_DOCUMENTS or _effective(sizes) < LEAST_EFFECTIVE


def _effective(sizes: Floats) -> float:
    """Kish's effective number of units: ten of very unequal length are worth fewer than ten."""
    squares = float((sizes**2).sum())
    return float(sizes.sum()) ** 2 / squares if squares else 0.0


def _units(
    counts: Floats, sizes: Floats, documents: npt.ArrayLike
) -> tuple[Floats, Floats, npt.NDArray[np.int_], str]:
    """(counts, sizes, strata, basis) of what is left out in turn: documents, or sentences within theirs.

    Which of them it is follows from the lengths alone, never from the counts: a choice by the counts would
    leave out the samples whose limits hold the truth.
    """
    names, codes = np.unique(np.asarray(documents), return_inverse=True)
    if len(names) >= LEAST_DOCUMENTS:
        summed = _summed(sizes[:, None], codes, len(names))[:, 0]
        if _effective(summed) >= LEAST_EFFECTIVE:
            return _summed(counts, codes, len(names)), summed, np.zeros(len(names), dtype=int), DOCUMENTS
    within = _effective(sizes) - len(names) >= LEAST_EFFECTIVE - 1  # else documents are left out of account
    return counts, sizes, codes if within else np.zeros_like(codes), SENTENCES


def _half_width(counts: Floats, sizes: Floats, strata: npt.NDArray[np.int_], *, odds: bool = False) -> Floats:
    """Half the interval of each log rate (with `odds`, log odds): its jackknife error s times t, tamed where that is much.

    The degrees of freedom are those of Kish's effective number of units, and fewer where a few units make
    most of the error (Satterthwaite's 2 / relative variance of an estimated variance, from its kurtosis).
    Where one document holds most of the hits, t · s reaches 15 and the limit a million times the rate. Wilson's
    score interval (1927) with 1/s² hits has the half width 2 · arsinh(t · s / 2) on this scale, which grows like a
    logarithm; from TAMED on the half width grows as that does.
    """
    many = np.bincount(strata)
    free = _effective(sizes) - len(many)
    if free < LEAST_EFFECTIVE - 1:
        return np.full(counts.shape[1], np.nan)
    left = np.maximum(sizes.sum() - sizes, 1.0)[:, None]
    kept = np.maximum(counts.sum(axis=0) - counts, 0.5)
    squares = _jackknife(np.log(kept / (np.maximum(left - kept, 0.5) if odds else left)), strata) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = squares.sum(axis=0)
        kurtosis = len(sizes) * (squares**2).sum(axis=0) / variance**2
        own = np.nan_to_num(2 * len(sizes) / np.maximum(kurtosis - 1, 1e-9), nan=free)
    plain = np.sqrt(variance) * _quantiles(np.clip(own, LEAST_EFFECTIVE - 1, free))
    tamed = np.where(plain < TAMED, plain, TAMED + 2 * (np.arcsinh(plain / 2) - np.arcsinh(TAMED / 2)))
    return np.asarray(tamed, dtype=float)


def _jackknife(without: Floats, strata: npt.NDArray[np.int_]) -> Floats:
    """What each unit adds to the error of k estimates, from the estimates without it: their squares sum to the variance."""
    many = np.bincount(strata)
    apart = without - (_summed(without, strata, len(many)) / many[:, None])[strata]
    return np.asarray(np.sqrt((many - 1) / many)[strata][:, None] * apart)


def _documents(top: Floats, bottom: Floats, documents: npt.ArrayLike) -> tuple[Floats, Floats] | None:
    """Sums by document, where documents are the units; None where they are too few, or worth too few."""
    names, codes = np.unique(np.asarray(documents), return_inverse=True)
    sizes = _summed(bottom[:, None], codes, len(names))[:, 0]
    return None if needs_sentences(sizes) else (_summed(top, codes, len(names)), sizes)


def _mean_error(top: Floats, bottom: Floats) -> tuple[Floats, Floats]:
    """Jackknife error of each sum(top) / sum(bottom) over documents, and its degrees of freedom."""
    parts = _jackknife(_without(top, bottom), np.zeros(len(bottom), dtype=int))
    return np.sqrt((parts**2).sum(axis=0)), _freedom(parts, _effective(bottom))


def _without(top: Floats, bottom: Floats) -> Floats:
    """The ratio without each document in turn."""
    return np.asarray((top.sum(axis=0) - top) / (bottom.sum() - bottom)[:, None])


def _freedom(parts: Floats, effective: float) -> Floats:
    """Degrees of freedom of an error made of `parts`: Kish's number less one, fewer where few parts make most of it.

    Satterthwaite (1946): 2 / relative variance of the estimated variance, which is G₂/n + 2/(n − 1) with the unbiased
    kurtosis G₂ (Joanes & Gill 1998). With the biased one limits over ten documents with skewed scores cover 92 %.
    """
    n, squares = len(parts), parts**2
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = n * (squares**2).sum(axis=0) / squares.sum(axis=0) ** 2 - 3
    unbiased = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * excess + 6)
    own = 2 / np.maximum(np.nan_to_num(unbiased) / n + 2 / (n - 1), 1e-9)
    return np.asarray(np.clip(own, LEAST_EFFECTIVE - 1, effective - 1), dtype=float)


def _quantiles(freedom: Floats) -> Floats:
    return np.array([t_quantile(float(each)) for each in freedom], dtype=float)


def _added_error(a: Side, b: Side) -> tuple[float, float] | None:
    """Error and degrees of freedom (Welch 1947) of a difference of ratios of other documents; None where they are few."""
    variances, freedoms = [], []
    for above, below, documents in (a, b):
        units = _documents(_columns(above)[:, :1], np.asarray(below, dtype=float), documents)
        if units is None:
            return None
        error, freedom = _mean_error(*units)
        variances.append(float(error[0]) ** 2)
        freedoms.append(float(freedom[0]))
    parts = sum(v * v / f for v, f in zip(variances, freedoms, strict=True))
    freedom_of_both = sum(variances) ** 2 / parts if parts else min(freedoms)
    return float(np.sqrt(sum(variances))), freedom_of_both


def _paired_error(a: Side, b: Side) -> tuple[float, float] | None:
    """The same of ratios that share documents: a document is left out of both."""
    names, codes = np.unique(np.concatenate([np.asarray(a[2]), np.asarray(b[2])]), return_inverse=True)
    cut = len(np.asarray(a[2]))
    sums = [
        (
            _summed(_columns(above)[:, :1], place, len(names)),
            _summed(_columns(below), place, len(names))[:, 0],
        )
        for (above, below, _), place in ((a, codes[:cut]), (b, codes[cut:]))
    ]
    if any(needs_sentences(bottom[bottom > 0]) for _, bottom in sums):
        return None
    without = _without(*sums[0]) - _without(*sums[1])
    parts = _jackknife(without, np.zeros(len(names), dtype=int))
    freedom = _freedom(parts, min(_effective(bottom) for _, bottom in sums))
    return float(np.sqrt((parts**2).sum())), float(freedom[0])


def _percentiles(top: Floats, bottom: Floats, documents: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Limits by resampling sentences within their documents."""
    _, codes = np.unique(np.asarray(documents), return_inverse=True)
    draws = _resample(top, bottom[:, None], codes, np.random.default_rng([SEED, 0]))
    tail = _widened_tail(_effective(bottom))
    with np.errstate(invalid="ignore"):
        low, high = np.nanquantile(draws, [tail, 1 - tail], axis=0)
    return low, high


def _drawn(a: Side, b: Side, *, shared: bool) -> tuple[Floats, str, float]:
    """Resampled differences of two ratios: sentences within their documents, together where documents are shared."""
    if shared:
        return _paired(a, b)
    draws_a, basis_a, n_a = replicates(*a)
    draws_b, basis_b, n_b = replicates(*b, stream=1)
    return draws_a[:, 0] - draws_b[:, 0], basis_a if basis_a == basis_b else SENTENCES, min(n_a, n_b)


def _paired(a: Side, b: Side) -> tuple[Floats, str, float]:
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
    draws = _divided(sums[:, 0], sums[:, 2]) - _divided(sums[:, 1], sums[:, 3])
    return draws, basis, min(_effective(both[:, 2]), _effective(both[:, 3]))


def _resample(top: Floats, bottom: Floats, strata: npt.NDArray[np.int_], rng: np.random.Generator) -> Floats:
    sums = _weighted(np.column_stack([top, bottom]), strata, rng)
    return _divided(sums[:, :-1], sums[:, -1:])


def _divided(top: Floats, bottom: Floats) -> Floats:
    """top / bottom; NaN where a resample has drawn nothing to divide by."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(bottom > 0, top / bottom, np.nan)


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
    columns = [np.bincount(codes, weights=column, minlength=n) for column in rows.T]
    return np.column_stack(columns) if columns else np.zeros((n, 0))
