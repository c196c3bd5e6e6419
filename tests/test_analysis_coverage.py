"""Do 95 % intervals hold what they promise where `enough` is true? Bursty counts, skewed scores."""

import numpy as np
import pytest

from workbench.analysis import intervals
from workbench.analysis.intervals import EXACT, SENTENCES, count_limits, difference_limits, ratio_limits

RUNS = 800


def covered_rate(rng: np.random.Generator, units: int, documents: bool) -> float:
    """Share of runs whose limits hold the true rate of 10 per 1,000 words."""
    held = tried = 0
    while tried < RUNS:
        words = rng.lognormal(6, 0.5, units).round() if documents else rng.poisson(22, units) + 3.0
        hits = rng.poisson(rng.gamma(2, 0.005, units) * words)
        if hits.sum() < 5:
            continue
        limits, _ = count_limits(hits, words, np.arange(units) if documents else np.zeros(units))
        held, tried = held + (limits.low[0] <= 0.01 <= limits.high[0]), tried + 1
    return held / RUNS


@pytest.mark.null
@pytest.mark.parametrize("documents", [10, 20, 40])
def test_rates_over_documents_are_covered(documents: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intervals, "RESAMPLES", 300)
    assert 0.925 <= covered_rate(np.random.default_rng(documents), documents, True) <= 0.98


@pytest.mark.null
@pytest.mark.parametrize("sentences", [40, 100])
def test_rates_over_sentences_are_covered(sentences: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intervals, "RESAMPLES", 300)
    assert 0.92 <= covered_rate(np.random.default_rng(sentences), sentences, False) <= 0.99


@pytest.mark.null
@pytest.mark.parametrize("sentences", [15, 30])
def test_means_of_scores_are_covered(sentences: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intervals, "RESAMPLES", 300)
    rng, held, truth = np.random.default_rng(sentences), 0, 0.35 * 0.5 - 0.2 * 0.5
    for _ in range(RUNS):
        side, size = rng.random(sentences), rng.beta(3, 3, sentences)
        scores = np.where(side < 0.45, 0, np.where(side < 0.8, size, -size))
        limits = ratio_limits(scores, np.ones(sentences), np.zeros(sentences))
        held += limits.low[0] <= truth <= limits.high[0]
    assert 0.92 <= held / RUNS <= 0.975


@pytest.mark.null
def test_halves_of_one_set_of_scores_seldom_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intervals, "RESAMPLES", 300)
    rng, false = np.random.default_rng(9), 0
    for _ in range(200):
        scores = np.round(rng.normal(0.1, 0.4, 60) * (rng.random(60) < 0.6), 2)
        a, b = ((scores[k::2], np.ones(30), np.full(30, f"doc {k}")) for k in (0, 1))
        _, low, high, _ = difference_limits(a, b)
        false += not low <= 0 <= high
    assert false / 200 <= 0.05 + 1.96 * np.sqrt(0.05 * 0.95 / 200)


def test_the_same_tables_give_the_same_limits() -> None:
    counts, words, documents = np.array([1, 0, 4, 2, 3]), np.full(5, 100), np.array(list("aabbb"))
    first, second = (count_limits(counts, words, documents)[0] for _ in range(2))
    assert (first.low[0], first.high[0]) == (second.low[0], second.high[0])


def test_few_documents_are_resampled_by_sentence_and_few_hits_not_at_all() -> None:
    counts = np.array([[1, 0], [2, 1], [3, 0]])
    limits, basis = count_limits(counts, np.full(3, 50), np.array(["a", "a", "b"]))
    assert basis == [SENTENCES, EXACT]
    assert limits.low[0] < 6 / 150 < limits.high[0]


def test_two_speakers_of_one_transcript_are_resampled_together() -> None:
    rng = np.random.default_rng(1)
    documents = np.repeat([f"d{k:02}" for k in range(20)], 5)
    mood = np.repeat(rng.normal(0, 1, 20), 5)
    a = (mood + rng.normal(0.3, 0.1, 100), np.ones(100), documents)
    b = (mood + rng.normal(0.0, 0.1, 100), np.ones(100), documents)
    apart, low, high, basis = difference_limits(a, b)
    assert basis == "documents"
    assert 0.2 < low < apart < high < 0.4
