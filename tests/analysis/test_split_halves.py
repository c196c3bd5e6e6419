"""One corpus cut in two by lot, or dated by lot: nothing may differ, nothing may change, beyond the stated rate."""

import numpy as np
import pandas as pd
import pytest
from support.analysis_texts import random_corpus

from workbench.analysis import change_points as changes, intervals
from workbench.analysis.change_points import change_points, spikes
from workbench.analysis.frequency import grouped_counts, near_and_far, word_hits
from workbench.analysis.keyness import keyness
from workbench.analysis.sentiment import sentiment_difference
from workbench.analysis.units import count_units

pytestmark = pytest.mark.null
SPLITS = 200
BORDER = 0.05 + 1.96 * np.sqrt(0.05 * 0.95 / SPLITS)  # 5 % and its simulation error: 8 %


@pytest.fixture(scope="module")
def tables():
    """40 documents, each with its own taste for words and its own mood: sentences of one are alike."""
    c = random_corpus(40, 7)
    units = count_units(c.sentences, c.tokens, c.documents)
    rng = np.random.default_rng(5)
    mood = dict(zip(c.documents["doc_id"], rng.normal(0.1, 0.15, 40), strict=True))
    scores = units["doc_id"].map(mood) + rng.normal(0, 0.3, len(units)) * (rng.random(len(units)) < 0.6)
    return (
        c,
        units,
        units[["doc_id", "sentence"]].assign(
            score=scores.clip(-1, 1), score_unmasked=scores, hits=[[] for _ in range(len(units))]
        ),
    )


def test_random_halves_do_not_differ_in_tone(tables, monkeypatch):
    monkeypatch.setattr(intervals, "RESAMPLES", 300)
    _, units, sentiment = tables
    rng, false, names = np.random.default_rng(1), 0, units["doc_id"].unique()
    for _ in range(SPLITS):
        half = set(rng.permutation(names)[: len(names) // 2])
        split = units.assign(group=np.where(units["doc_id"].isin(half), "one", "two"))
        row = sentiment_difference(sentiment, split, "one", "two").iloc[0]
        assert row["sufficient"]
        false += not row["low"] <= 0 <= row["high"]
    assert false / SPLITS <= BORDER, false


def series_of(n: np.ndarray, words: np.ndarray, month: np.ndarray) -> pd.DataFrame:
    """The table of `rate_series` for documents with these hits, words and months."""
    hits, size = (np.bincount(month, weights=values, minlength=10) for values in (n, words))
    table = pd.DataFrame({
        "group": "all", "item": "wad", "period": [f"{k:02}" for k in range(10)],
        "start": [f"2015-{k + 1:02}-01" for k in range(10)], "until": [f"2015-{k + 1:02}-28" for k in range(10)],
        "complete": True, "n": hits.astype(int), "size": size.astype(int), "value": hits / size * 1000, "sufficient": True,
    })  # fmt: skip
    table.attrs["kind"] = "rate"
    return table


def test_documents_dated_by_lot_show_no_change_of_level_and_no_spike(tables, monkeypatch):
    monkeypatch.setattr(changes, "SHUFFLES", 199)
    c, units, _ = tables
    hits = word_hits(c.tokens, c.documents, ["wad"])["doc_id"].value_counts()
    words = units.groupby("doc_id")["words"].sum()
    n, rng, changed, spiked = words.index.map(hits).fillna(0).to_numpy(), np.random.default_rng(2), 0, 0
    for _ in range(SPLITS):
        series = series_of(n, words.to_numpy(), rng.permutation(np.arange(40) % 10))
        changed += len(change_points(series)) > 0
        spiked += bool((spikes(series)["q"] < 0.05).any())
    assert changed / SPLITS <= BORDER, changed
    assert spiked / SPLITS <= BORDER, spiked


def test_words_around_places_drawn_by_lot_are_no_company():
    """Twenty corpora, 150 places each: the parts of a document share its taste, and none may seem special."""
    draws, false = 20, 0
    for seed in range(draws):
        c = random_corpus(40, seed)
        units = count_units(c.sentences, c.tokens, c.documents)
        nodes = c.tokens[c.tokens["word"].astype(bool)].sample(150, random_state=seed)
        near, parts = near_and_far(nodes, c.tokens, units, name="lot", window=3)
        found = keyness(grouped_counts(near), parts)
        assert set(found["basis"]) == {"documents"}
        false += bool((found["q"] < 0.05).any())
    assert false / draws <= 0.05 + 1.96 * np.sqrt(0.05 * 0.95 / draws), false
