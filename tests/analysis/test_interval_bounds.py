"""No limit lies outside what is possible, whatever the documents, and clustered words are covered."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from workbench.analysis.collocates import MOST, NodeCounts, scores
from workbench.analysis.intervals import (
    DOCUMENTS,
    EXACT,
    LEAST_EFFECTIVE,
    SCORES,
    SENTENCES,
    Limits,
    count_limits,
    difference,
    ratio_limits,
    share_limits,
)
from workbench.analysis.rates import rates
from workbench.analysis.reliability import sufficient

FEW = settings(max_examples=60, deadline=None)
WORDS = st.lists(st.integers(1, 3000), min_size=1, max_size=40)


@st.composite
def counted(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(hits, words, documents) of sentences: never more hits than words, often all of them in one sentence."""
    words = np.array(draw(WORDS))
    documents = np.array(draw(st.lists(st.integers(0, 24), min_size=len(words), max_size=len(words))))
    hits = np.array([draw(st.one_of(st.just(0), st.integers(0, int(n)))) for n in words])
    if draw(st.booleans()):
        hits = np.where(np.arange(len(words)) == draw(st.integers(0, len(words) - 1)), hits, 0)
    return hits, words, documents


@given(counted())
@FEW
def test_limits_of_a_rate_hold_the_rate_and_lie_between_nothing_and_every_word(
    data: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    hits, words, documents = data
    limits, basis = count_limits(hits, words, documents)
    low, high, rate = limits.low[0], limits.high[0], hits.sum() / words.sum()
    if np.isnan(high):
        assert np.isnan(low)
        assert basis == [SENTENCES]  # of documents there is always an error to be had, or they are not used
    else:
        assert 0 <= low <= rate + 1e-12
        assert rate - 1e-12 <= high <= 1


@given(counted(), counted())
@FEW
def test_differences_of_shares_and_scores_stay_within_their_scale(
    a: tuple[np.ndarray, np.ndarray, np.ndarray], b: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> None:
    for k, (hits, words, documents) in enumerate((a, b)):
        share = share_limits(hits, words, documents)
        assert -1e-12 <= share.low[0] <= share.high[0] <= 1 + 1e-12
        scores = ratio_limits(2 * hits / words - 1, np.ones(len(words)), documents + 100 * k, scale=SCORES)
        assert -1 - 1e-12 <= scores.low[0] <= scores.high[0] <= 1 + 1e-12
    apart, low, high, *_ = difference(a, (b[0], b[1], b[2] + 100), scale=(-1, 1))
    assert -1 - 1e-12 <= low <= high <= 1 + 1e-12
    assert -1 <= apart <= 1
    _, low, high, *_ = difference(a, b, scale=(-1, 1))  # some documents are the same
    assert -1 - 1e-12 <= low <= high <= 1 + 1e-12


@given(counted())
@FEW
def test_hits_in_sentences_without_words_make_no_limit_endless(
    data: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    hits, words, documents = data
    words = np.where(np.arange(len(words)) % 2, 0, words)
    limits, _ = count_limits(hits, words, documents)
    shares = share_limits(hits, words, documents)
    for found in (*limits[:2], *shares[:2]):
        assert not np.isinf(found).any()
    assert not (limits.high > 1).any()


def test_one_document_with_most_of_the_hits_keeps_the_limits_within_reason() -> None:
    words = np.array([1200, *[400] * 29])
    hits = np.array([60, *[0] * 28, 1])
    limits, basis = count_limits(hits, words, np.arange(30))
    assert basis == [DOCUMENTS]
    rate = hits.sum() / words.sum()
    assert limits.high[0] < 150 * rate < 1  # exp(t · s) alone makes 20 million per 1,000 words of it


def test_a_document_that_outweighs_all_others_makes_sentences_the_units() -> None:
    words, documents = np.full(320, 20), np.array([*range(20), *[20] * 300])
    hits = np.arange(320) % 4 == 0
    assert count_limits(hits, words, documents)[1] == [SENTENCES]
    even = np.repeat(np.arange(20), 16)
    assert count_limits(hits, words, even)[1] == [DOCUMENTS]


def test_scores_that_are_all_alike_have_one_limit_to_the_last_digit() -> None:
    limits = ratio_limits(np.full(130, 0.4019), np.ones(130), np.arange(130) % 13)
    assert limits.low[0] == limits.high[0] == pytest.approx(0.4019)


def test_no_item_has_no_limits() -> None:
    limits, basis = count_limits(np.zeros((12, 0)), np.full(12, 10), np.arange(12))
    assert (len(limits.low), len(limits.high), basis) == (0, 0, [])


def test_few_hits_among_few_words_are_at_most_every_word() -> None:
    limits, basis = count_limits([2, 1], [3, 1], [0, 1])
    assert basis == [EXACT]
    assert limits.high[0] == 1


def units_of(documents: int) -> pd.DataFrame:
    rows = [
        {"doc_id": f"d{d:02}", "sentence": s, "segment": s, "words": 20, "group": "all", "by": "all"}
        for d in range(documents)
        for s in range(5)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(("elsewhere", "sure"), [(0, False), (2, False), (3, True)])
def test_a_rate_made_in_one_of_many_documents_is_too_little(elsewhere: int, sure: bool) -> None:
    here = [{"doc_id": "d00", "sentence": s, "item": "x"} for s in range(5) for _ in range(4)]
    there = [{"doc_id": "d01", "sentence": s, "item": "x"} for s in range(elsewhere)]
    table = rates(pd.DataFrame(here + there), units_of(12), item="item")
    assert table["sufficient"].tolist() == [sure]
    assert table["high"].max() <= 1000


def test_a_rate_over_few_documents_may_come_from_one() -> None:
    rows = [{"doc_id": "d00", "sentence": s, "item": "x"} for s in range(5) for _ in range(2)]
    assert rates(pd.DataFrame(rows), units_of(4), item="item")["sufficient"].tolist() == [True]


def test_a_word_is_never_more_than_always_beside_a_node() -> None:
    near, every = np.array([3, 5]), np.array([3, 20])  # "rare" stands nowhere but near the node
    counts = NodeCounts(
        pd.Index(["rare", "other"]), n=near, n_form=every, n_docs=np.array([1, 1]), n_sentences=near,
        listed=np.array([True, True]), near=8, words=23, n_node=2,
    )  # fmt: skip
    table = scores(counts)
    assert table["high"].max() == MOST


CLUSTERS = [
    (20, 0.01, 0.1), (40, 0.01, 0.1), (20, 0.01, 0.05), (40, 0.01, 0.05), (100, 0.01, 0.05), (40, 0.002, 0.05),
]  # fmt: skip


def clustered(documents: int, per_word: float, shape: float) -> tuple[Limits, np.ndarray, np.ndarray]:
    """(limits, sure, one document holds most) of 2,000 words that most documents lack."""
    rng, low, high, sure, most = np.random.default_rng([documents, 7]), [], [], [], []
    for _ in range(40):
        words = np.maximum(rng.lognormal(6, 0.5, documents).round(), 20)
        hits = rng.poisson(rng.gamma(shape, per_word / shape, (50, documents)) * words).T.astype(float)
        limits, _ = count_limits(hits, words, np.arange(documents))
        low.append(limits.low)
        high.append(limits.high)
        total, largest = hits.sum(axis=0), hits.max(axis=0)
        elsewhere = 100 * (total - largest) / np.maximum(total, 1)
        sure.append(
            sufficient("rate", hits=total, sentences=15)
            & sufficient("rate of documents", percent_elsewhere=elsewhere)
        )
        most.append(largest > 0.5 * total)
    joined = [np.concatenate(part) for part in (low, high, sure, most)]
    return Limits(joined[0], joined[1], DOCUMENTS), joined[2], joined[3]


@pytest.mark.null
@pytest.mark.parametrize(("documents", "per_word", "shape"), CLUSTERS)
def test_words_that_most_documents_lack_are_covered_and_bounded(
    documents: int, per_word: float, shape: float
) -> None:
    limits, sure, most = clustered(documents, per_word, shape)
    held = (limits.low <= per_word) & (per_word <= limits.high)
    assert 0.925 <= held[sure].mean() <= 0.995  # 93–99 %, give or take what 2,000 runs leave open
    assert held[sure & most].mean() >= 0.95  # where one document holds most, too wide rather than too narrow
    assert np.nanmax(limits.high) < 1


def test_what_is_left_out_in_turn_follows_from_the_lengths_alone() -> None:
    rng = np.random.default_rng(3)
    words = rng.lognormal(6, 2.5, 12).round() + 1
    bases = {count_limits(rng.poisson(0.01 * words) + 5, words, np.arange(12))[1][0] for _ in range(20)}
    assert len(bases) == 1
    assert LEAST_EFFECTIVE - 1 >= 2
