"""Collocates and bigrams: counted by hand, beside NLTK, on random words, with their sentences behind them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from nltk.collocations import BigramCollocationFinder
from nltk.metrics import BigramAssocMeasures
from support.analysis_texts import corpus, random_corpus

from workbench.analysis.collocates import bigrams, collocates, log_dice, near_words, t_score
from workbench.analysis.cooccurrence import association
from workbench.analysis.frequency import word_hits
from workbench.analysis.units import count_units
from workbench.display.evidence import evidence
from workbench.errors import BadParameter

NONE: frozenset[str] = frozenset()
STORY = (
    "Old treaty talks began today. New treaty talks failed. Nobody left the old house. Treaty or no treaty."
)


def tables(text: str = STORY):  # type: ignore[no-untyped-def]
    c = corpus({"a.txt": (text, "Wire", "author", None)})
    return c, count_units(c.sentences, c.tokens, c.documents)


def near(pattern: str, text: str = STORY, **how: object) -> dict[str, int]:
    c, u = tables(text)
    spans = word_hits(c.tokens, c.documents, [pattern])
    found = collocates(spans, c.tokens, u, stop=NONE, **how)  # type: ignore[arg-type]
    return dict(zip(found["form"], found["n"], strict=True))


def test_the_window_counts_words_and_ends_with_the_sentence() -> None:
    assert near("talks", window=1) == {"treaty": 2, "began": 1, "failed": 1}
    assert near("failed", window=9) == {"new": 1, "treaty": 1, "talks": 1}


def test_left_and_right_are_two_halves_of_both() -> None:
    assert near("talks", window=1, direction="left") == {"treaty": 2}
    assert near("talks", window=1, direction="right") == {"began": 1, "failed": 1}


def test_a_word_in_two_windows_counts_once_and_a_node_is_nobodys_collocate() -> None:
    assert near("treaty", text="Treaty or no treaty.", window=5) == {"or": 1, "no": 1}


def test_a_phrase_is_one_node_with_its_edges() -> None:
    assert near("treaty talks", window=1) == {"old": 1, "began": 1, "new": 1, "failed": 1}


def test_the_table_states_its_denominators_window_and_direction() -> None:
    c, u = tables()
    row = collocates(
        word_hits(c.tokens, c.documents, ["talks"]), c.tokens, u, window=1, direction="left"
    ).iloc[0]
    assert (row["form"], row["n"], row["n_form"], row["n_node"], row["near"]) == ("treaty", 2, 4, 2, 2)
    assert (row["words"], row["window"], row["direction"], row["sufficient"]) == (18 - 2, 1, "left", False)
    assert row["log_dice"] == pytest.approx(14 + np.log2(2 * 2 / (4 + 2)))
    assert row["low"] < row["log_dice"]


def test_mentions_of_an_entity_are_a_node_too() -> None:
    c = corpus()
    u = count_units(c.sentences, c.tokens, c.documents, by="all")
    found = collocates(c.mentions[c.mentions["entity"] == "New START"], c.tokens, u, window=3)
    assert list(found["form"]) == ["treaty"]


def test_every_counted_word_is_found_again_by_its_evidence() -> None:
    c = random_corpus(6, 1)
    u = count_units(c.sentences, c.tokens, c.documents)
    spans = word_hits(c.tokens, c.documents, ["waa"])
    table = collocates(spans, c.tokens, u, window=3)
    words = near_words(spans, c.tokens, u, window=3)
    for row in table.head(10).to_dict("records"):
        behind = evidence(row, words, u, c.documents, at_most=10_000)
        assert behind.found == row["n_sentences"]
        assert {line.lower() for line in behind.lines["hit"]} == {row["form"]}
        assert (words["form"] == row["form"]).sum() == row["n"]


def test_nothing_found_is_an_empty_table_and_the_input_is_unchanged() -> None:
    c, u = tables()
    before = c.tokens.copy()
    found = collocates(word_hits(c.tokens, c.documents, ["absent"]), c.tokens, u)
    assert len(found) == 0
    assert {"log_dice", "sufficient", "window"} <= set(found.columns)
    assert len(bigrams(c.tokens, u, least=99)) == 0
    pd.testing.assert_frame_equal(c.tokens, before)


def test_a_wrong_direction_and_an_empty_window_are_refused_with_their_mend() -> None:
    c, u = tables()
    spans = word_hits(c.tokens, c.documents, ["talks"])
    with pytest.raises(BadParameter, match="did you mean `right`"):
        collocates(spans, c.tokens, u, direction="rigth")  # type: ignore[arg-type]
    with pytest.raises(BadParameter, match="use 1 or more"):
        near_words(spans, c.tokens, u, window=0)


def test_a_pair_across_a_comma_or_a_full_stop_is_no_bigram() -> None:
    c, u = tables("Peace talks, peace talks. Talks peace. Peace. Talks.")
    found = bigrams(c.tokens, u, least=1)
    assert dict(zip(found["phrase"], found["n"], strict=True)) == {"peace talks": 2, "talks peace": 1}


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.sampled_from(["war", "peace", "talks", "treaty"]), min_size=2, max_size=40), st.integers(1, 6)
)
def test_a_wider_window_never_loses_a_word(words: list[str], window: int) -> None:
    text = " ".join(words) + "."
    narrow, wide = (near("war", text, window=w) for w in (window, window + 1))
    assert all(wide[form] >= n for form, n in narrow.items())


@pytest.mark.published
def test_bigrams_are_nltks_with_nltks_scores() -> None:
    c = random_corpus(8, 3)
    u = count_units(c.sentences, c.tokens, c.documents)
    words = c.tokens[c.tokens["word"]]
    lines = [list(s) for _, s in words.groupby(["doc_id", "sentence"], observed=True)["form"]]
    finder = BigramCollocationFinder.from_documents(lines)
    finder.apply_freq_filter(2)
    ours = bigrams(c.tokens, u, stop=NONE).set_index(["first", "second"])
    for column, measure in (
        ("g2", BigramAssocMeasures.likelihood_ratio),
        ("t", BigramAssocMeasures.student_t),
    ):
        theirs = dict(finder.score_ngrams(measure))
        assert set(theirs) == set(ours.index)
        assert np.allclose(ours[column].to_numpy(), [theirs[pair] for pair in ours.index], atol=1e-9)
    dice = dict(finder.score_ngrams(BigramAssocMeasures.dice))
    assert np.allclose(ours["log_dice"], [14 + np.log2(dice[pair]) for pair in ours.index])


@pytest.mark.published
def test_log_dice_has_rychlys_landmarks() -> None:
    """Rychlý (2008): 14 at most; one point is twice, seven points about a hundred times; 0 is 1 in 16,000."""
    assert log_dice(np.array([9.0]), np.array([9]), np.array([9]))[0] == 14
    once, twice, many = log_dice(np.array([1.0, 2, 128]), np.full(3, 1000), np.full(3, 3000))
    assert twice - once == pytest.approx(1)
    assert many - once == pytest.approx(7)
    assert log_dice(np.array([1.0]), np.array([16384]), np.array([16384]))[0] == pytest.approx(0)


@pytest.mark.published
def test_t_is_churchs_and_nltks() -> None:
    assert t_score(np.array([8.0]), np.array([15 * 20 / 4000]))[0] == pytest.approx(
        BigramAssocMeasures.student_t(8, (15, 20), 4000), rel=1e-9
    )
    assert association(np.array([8.0]), np.array([15.0]), np.array([20.0]), 4000)[0] > 0


@pytest.mark.null
def test_independent_words_have_hardly_a_collocate() -> None:
    """100 texts of words drawn one by one: at most 8 % may show any word with q below 0.05."""
    rng, false = np.random.default_rng(4), 0
    names = np.array([f"w{chr(97 + k)}" for k in range(26)])
    for _ in range(100):
        drawn = rng.choice(names, size=(80, 10), p=np.arange(26, 0, -1) / 351)
        c, u = tables(" ".join(" ".join(line) + "." for line in drawn))
        found = collocates(word_hits(c.tokens, c.documents, ["wc"]), c.tokens, u)
        false += bool((found["q"] < 0.05).any())
    assert false / 100 <= 0.08
