"""Tails and quantiles of the normal, t and chi-square distributions, without scipy.

All of them take and return numpy arrays. Accuracy against published tables is a test.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

Z95 = NormalDist().inv_cdf(0.975)  # 1.96: every interval here is a 95 % interval
_erfc = np.frompyfunc(math.erfc, 1, 1)


def normal_tails(z: npt.ArrayLike) -> Floats:
    """Two-sided p of a standard normal z."""
    return np.asarray(_erfc(np.abs(np.asarray(z, dtype=float)) / math.sqrt(2)), dtype=float)


def chi_square_tail(x: npt.ArrayLike) -> Floats:
    """Upper tail of chi-square with one degree of freedom, which is the square of a normal."""
    return normal_tails(np.sqrt(np.maximum(np.asarray(x, dtype=float), 0.0)))


def t_tails(t: npt.ArrayLike, freedom: npt.ArrayLike) -> Floats:
    """Two-sided p of Student's t, by Hill's transformation to a normal (1970, Algorithm 395).

    The error is below 0.0005 from three degrees of freedom on; NaN where `freedom` is not positive.
    """
    t_, n = np.broadcast_arrays(np.asarray(t, dtype=float), np.asarray(freedom, dtype=float))
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        a = n - 0.5
        b = 48 * a * a
        y = np.sqrt(a * np.log1p(t_ * t_ / n))
        y3 = y**3
        z = (
            y
            + (y3 + 3 * y) / b
            - (4 * y**7 + 33 * y**5 + 240 * y3 + 855 * y) / (10 * b * (b + 0.8 * y**4 + 100))
        )
    return np.where((n > 0.5) & np.isfinite(z), normal_tails(np.nan_to_num(z)), np.nan)


def t_quantile(freedom: float, p: float = 0.975) -> float:
    """The p-quantile of Student's t by the Cornish–Fisher series (Abramowitz & Stegun 26.7.5).

    Off by less than 0.01 from five degrees of freedom on; below that it is too small and nothing here
    calls an interval from so few documents enough.
    """
    z = NormalDist().inv_cdf(p)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom ** (k + 1) for k, term in enumerate(terms))


def poisson_interval(n: int) -> tuple[float, float]:
    """Garwood's exact 95 % interval (1936) for the mean behind a Poisson count.

    >>> [round(limit, 2) for limit in poisson_interval(0)]
    [0.0, 3.69]
    """
    low = 0.0 if n == 0 else _bisect(lambda mean: 1 - _poisson_cdf(n - 1, mean), 0.025, 0.0, float(n))
    high = _bisect(lambda mean: 1 - _poisson_cdf(n, mean), 0.975, float(n), n + 10 * math.sqrt(n + 1) + 10)
    return low, high


def wilson(hits: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Wilson's 95 % score interval (1927) for a share of n independent sentences; NaN where n is 0."""
    x, m = np.asarray(hits, dtype=float), np.asarray(n, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        share, z2 = x / m, Z95 * Z95
        middle = (share + z2 / (2 * m)) / (1 + z2 / m)
        half = Z95 * np.sqrt(share * (1 - share) / m + z2 / (4 * m * m)) / (1 + z2 / m)
    return np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)


def benjamini_hochberg(p: npt.ArrayLike) -> Floats:
    """Adjusted p values (q) that control the false discovery rate over all of `p`; NaN stays NaN.

    >>> benjamini_hochberg([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    given = np.asarray(p, dtype=float)
    q = np.full(given.shape, np.nan)
    known = np.flatnonzero(~np.isnan(given))
    order = known[np.argsort(given[known], kind="stable")]
    scaled = given[order] * len(order) / np.arange(1, len(order) + 1)
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q


def _poisson_cdf(n: int, mean: float) -> float:
    if mean == 0:
        return 1.0
    return math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(n + 1))


def _bisect(rising: object, target: float, low: float, high: float) -> float:
    """Where the rising function meets the target, to 60 halvings."""
    assert callable(rising)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < target else (low, middle)
    return (low + high) / 2
