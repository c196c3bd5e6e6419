"""Our value beside a published one or a peer's, on the same input. docs/methods.md lists them."""

import math

import numpy as np
import pytest
from nltk.metrics import BigramAssocMeasures
from support.analysis_texts import corpus

from workbench.analysis.cooccurrence import association, npmi
from workbench.analysis.distributions import (
    benjamini_hochberg,
    chi_square_tail,
    poisson_interval,
    t_quantile,
    t_tails,
    wilson,
)
from workbench.analysis.frequency import term_counts
from workbench.analysis.keyness import keyness, log_likelihood, log_odds_z, log_ratio
from workbench.analysis.rates import dpnorm
from workbench.analysis.units import count_units
from workbench.report.diff.compare import difference_limits
from workbench.report.results import NamedResult

pytestmark = pytest.mark.published

# Dunning (1993), Accurate methods for the statistics of surprise and coincidence, Table 2:
# k(AB), k(A not B), k(not A B), k(neither), -2 log lambda
DUNNING = [(110, 2442, 111, 29114, 270.72), (29, 13, 123, 31612, 263.90), (31, 23, 139, 31584, 256.84)]


@pytest.mark.parametrize(("ab", "a", "b", "none", "published"), DUNNING)
def test_g2_is_dunnings(ab: int, a: int, b: int, none: int, published: float) -> None:
    ours = log_likelihood(np.array([ab]), np.array([b]), ab + a, b + none)
    assert ours[0] == pytest.approx(published, abs=0.005)


@pytest.mark.parametrize(("ab", "a", "b", "none", "published"), DUNNING)
def test_g2_of_a_pair_is_dunnings_too(ab: int, a: int, b: int, none: int, published: float) -> None:
    total = ab + a + b + none
    ours = association(np.array([float(ab)]), np.array([float(ab + a)]), np.array([float(ab + b)]), total)
    assert ours[0] == pytest.approx(published, abs=0.005)


def test_g2_is_nltks() -> None:
    nltk = BigramAssocMeasures.likelihood_ratio(8, (15, 20), 4000)
    assert association(np.array([8.0]), np.array([15.0]), np.array([20.0]), 4000)[0] == pytest.approx(
        nltk, rel=1e-9
    )


def test_dp_of_a_is_grieses_example() -> None:
    """Gries (2008), section 3.1: a stands 1, 2, 3, 4, 5 times in parts of 9, 10, 10, 10, 11 words; DP = 0.18."""
    sizes, counts = np.array([9.0, 10, 10, 10, 11]), np.array([[1.0], [2], [3], [4], [5]])
    ours = dpnorm(counts, sizes)[0]
    assert ours * (1 - 9 / 50) == pytest.approx(0.18, abs=0.005)
    assert ours == pytest.approx(0.22, abs=0.005)


def test_npmi_is_nltks_pmi_normalised() -> None:
    n, n_a, n_b, total = 8, 15, 20, 4000
    nltk = BigramAssocMeasures.pmi(n, (n_a, n_b), total) / -math.log2(n / total)
    assert npmi(np.array([n]), np.array([n_a]), np.array([n_b]), total)[0] == pytest.approx(nltk, rel=1e-12)


def test_npmi_has_boumas_limits() -> None:
    """Bouma (2009), section 3.2: 1 when they only come together, 0 when independent, -1 when never."""
    ours = npmi(np.array([5.0, 4, 0]), np.array([5.0, 20, 9]), np.array([5.0, 20, 9]), 100)
    assert ours == pytest.approx([1, 0, -1])


def test_benjamini_and_hochbergs_example_rejects_four_of_fifteen() -> None:
    """Benjamini & Hochberg (1995), section 3.1: fifteen p values, four rejected at 0.05."""
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    ]
    q = benjamini_hochberg(p)
    assert (q <= 0.05).sum() == 4
    assert q[3] == pytest.approx(0.0095 * 15 / 4)


# Newcombe (1998), Two-sided confidence intervals for the single proportion, Table I, method 3
@pytest.mark.parametrize(("hits", "n", "low", "high"), [
    (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718),
])  # fmt: skip
def test_wilson_limits_are_newcombes(hits: int, n: int, low: float, high: float) -> None:
    ours = wilson(hits, n)
    assert (float(ours[0]), float(ours[1])) == pytest.approx((low, high), abs=5e-5)


# Newcombe (1998), Interval estimation for the difference between independent proportions, Table II, method 10
@pytest.mark.parametrize(("then", "now", "low", "high"), [
    ((48, 80), (56, 70), 0.0524, 0.3339), ((3, 10), (9, 10), 0.1705, 0.8090),
])  # fmt: skip
def test_the_limits_of_a_difference_between_runs_are_newcombes(
    then: tuple[int, int], now: tuple[int, int], low: float, high: float
) -> None:
    before, after = (NamedResult("share", k / n, *map(float, wilson(k, n))) for k, n in (then, now))
    assert difference_limits(before, after) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("n", "low", "high"), [(0, 0.0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390)]
)
def test_poisson_limits_are_garwoods(n: int, low: float, high: float) -> None:
    assert poisson_interval(n) == pytest.approx((low, high), abs=6e-4)


@pytest.mark.parametrize(
    ("t", "freedom", "p"),
    [(3.182, 3, 0.05), (2.776, 4, 0.05), (2.228, 10, 0.05), (3.169, 10, 0.01), (2.042, 30, 0.05)],
)
def test_t_tails_are_those_of_the_tables(t: float, freedom: int, p: float) -> None:
    assert float(t_tails(t, freedom)) == pytest.approx(p, abs=2e-4)


@pytest.mark.parametrize(("freedom", "t"), [(5, 2.571), (9, 2.262), (19, 2.093), (30, 2.042)])
def test_t_quantiles_are_those_of_the_tables(freedom: int, t: float) -> None:
    assert t_quantile(freedom) == pytest.approx(t, abs=0.003)


@pytest.mark.parametrize(("x", "p"), [(3.841, 0.05), (6.635, 0.01), (10.828, 0.001)])
def test_chi_square_tails_are_those_of_the_tables(x: float, p: float) -> None:
    assert float(chi_square_tail(x)) == pytest.approx(p, rel=2e-3)


def test_log_ratio_doubles_with_each_point() -> None:
    """Hardie (2014): 1 is twice, 2 four times as often; one more hit, shared out by size, stands in for none."""
    ours = log_ratio(np.array([20.0, 40, 5]), np.array([10.0, 10, 0]), 1000, 1000)
    assert ours == pytest.approx([1, 2, math.log2(11)])


def test_log_odds_are_monroes_formula_written_out() -> None:
    """Monroe, Colaresi & Quinn (2008), equations 16 and 20–22, word by word in plain arithmetic."""
    y_i, y_j, prior = [30, 3, 967], [10, 8, 1982], [5.0, 2.0, 493.0]
    n_i, n_j, a0 = sum(y_i), sum(y_j), sum(prior)
    ours = log_odds_z(np.array(y_i, float), np.array(y_j, float), n_i, n_j, np.array(prior))
    for w in range(3):
        omega_i = (y_i[w] + prior[w]) / (n_i + a0 - y_i[w] - prior[w])
        omega_j = (y_j[w] + prior[w]) / (n_j + a0 - y_j[w] - prior[w])
        variance = 1 / (y_i[w] + prior[w]) + 1 / (y_j[w] + prior[w])
        assert ours[w] == pytest.approx((math.log(omega_i) - math.log(omega_j)) / math.sqrt(variance))


def test_the_table_carries_the_same_numbers_as_the_formulas() -> None:
    c = corpus()
    units = count_units(c.sentences, c.tokens, c.documents)
    table = keyness(term_counts(c.tokens, units), units)
    for row in table.itertuples():
        rest = BigramAssocMeasures.likelihood_ratio(
            row.n, (row.n + row.n_other, row.words), row.words + row.words_other
        )
        assert row.g2 == pytest.approx(rest, abs=1e-6)
