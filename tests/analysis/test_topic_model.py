"""Topics found in the data: planted ones come back, too few texts are refused, and the reason is printed."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from support.analysis_texts import corpus

from workbench.analysis import topic_model
from workbench.analysis.reliability import RULES
from workbench.analysis.topic_model import (
    exemplars,
    find_model,
    frex,
    leading_terms,
    matched,
    topic_shares,
    topic_table,
)
from workbench.analysis.units import count_units, regroup
from workbench.display import draw_found_topics, draw_topic_numbers, draw_topic_shares
from workbench.display.evidence import evidence
from workbench.display.readings import topic_model as words_found
from workbench.errors import BadParameter, MissingExtra

PLANTED, OWN, EACH = 4, 150, 60


def word(topic: int, number: int) -> str:
    return f"{'abcd'[topic]}{chr(97 + number // 26)}{chr(97 + number % 26)}x"


@pytest.fixture(scope="module")
def tables():
    """120 texts of sixty words, each text nearly all from one of four vocabularies; two sources."""
    rng = np.random.default_rng(3)
    weights = 1 / np.arange(1, OWN + 1) ** 0.5
    texts = {}
    for number in range(120):
        topic = number % PLANTED
        own = [word(topic, k) for k in rng.choice(OWN, EACH, p=weights / weights.sum())]
        other = [word(int(rng.integers(PLANTED)), int(rng.integers(OWN))) for _ in range(6)]
        words = own + other
        text = " ".join(" ".join(words[k : k + 11]) + "." for k in range(0, len(words), 11))
        texts[f"{number:03}.txt"] = (text, "Wire" if topic < 2 else "Court", "author", None)
    c = corpus(texts)
    units = count_units(c.sentences, c.tokens, c.documents)
    return c, units, find_model(c.tokens, units)


def test_as_many_topics_as_were_planted_are_found_and_each_is_one_vocabulary(tables):
    _, units, model = tables
    assert model.numbers.loc[model.numbers["chosen"], "k"].tolist() == [PLANTED]
    for _, mine in model.terms[model.terms["rank"] < 10].groupby("topic"):
        assert mine["form"].str[0].nunique() == 1
    table = topic_table(model, units)
    assert table["share"].sum() == pytest.approx(1)
    assert table["sufficient"].all()
    assert table["units"].sum() == 120


def test_planted_differences_between_groups_are_found(tables):
    _, units, model = tables
    shares = topic_shares(model, units)
    for _, mine in shares.groupby("topic"):
        low, high = mine.sort_values("share").to_dict("records")
        assert low["high"] < high["low"]
    assert "The clearest difference is topic" in words_found.shares_reading(shares)
    assert shares.groupby("group")["share"].sum().tolist() == pytest.approx([1, 1])


def test_exemplars_hold_the_words_of_their_topic_each_from_another_document(tables):
    c, units, model = tables
    whole, shown = regroup(units, "all"), exemplars(tables[2], c.tokens, units)
    table, leading = topic_table(model, units), leading_terms(model).set_index("topic")["leading_words"]
    for row in table.to_dict("records"):
        lines = evidence(row, shown, whole, c.documents).lines
        assert len(lines) == lines["doc_id"].nunique() == 3
        words = set(leading[row["topic"]].split(", "))
        mine = shown[shown["topic"] == row["topic"]]
        for line, n in zip(lines["hit"], mine.sort_values(["doc_id", "start"])["n"], strict=True):
            assert len(words & set(line.rstrip(".").split())) == n


def test_the_same_texts_give_the_same_topics(tables):
    c, units, model = tables
    again = find_model(c.tokens, units, topics=PLANTED)
    pd.testing.assert_frame_equal(again.terms, model.terms)
    assert len(again.numbers) == 1


def test_paragraphs_and_lda_are_other_ways(tables):
    c, units, _ = tables
    model = find_model(c.tokens, units, over="segments", method="lda", topics=PLANTED)
    assert topic_table(model, units)["share"].sum() == pytest.approx(1)


def test_figures_and_readings_say_what_was_chosen(tables):
    _, units, model = tables
    table = topic_table(model, units)
    assert "Chosen: 4" in draw_topic_numbers(model.numbers).alt
    assert "<svg" in draw_found_topics(table).html()
    assert "<svg" in draw_topic_shares(topic_shares(model, units)).html()
    assert words_found.numbers_reading(model.numbers, "").startswith("4 topics are the most stable choice")
    assert "A topic is a habit of words" in words_found.found_reading(table)
    thin = words_found.found_reading(table.assign(sufficient=False))
    assert thin.startswith("No topic comes back from run to run")


def test_too_few_texts_are_refused_with_the_reason_and_nothing_is_drawn():
    c = corpus()
    units = count_units(c.sentences, c.tokens, c.documents)
    model = find_model(c.tokens, units)
    assert model.reason.startswith("No topics are looked for: of 2 documents 0 hold")
    assert str(RULES["found topics"].least["units"]) in model.reason
    table = topic_table(model, units)
    for figure in (
        draw_topic_numbers(model.numbers, model.reason),
        draw_found_topics(table),
        draw_topic_shares(topic_shares(model, units)),
    ):
        assert "svg" not in figure.html()
    assert words_found.found_keys(model.numbers, table, model.reason)[0][0] == "none"
    assert exemplars(model, c.tokens, units).empty
    assert leading_terms(model).empty


@pytest.mark.parametrize(("asked", "problem"), [
    ({"over": "pages"}, "no `pages`"), ({"method": "plsa"}, "no `plsa`"), ({"topics": 1}, "look for 1 topics"), ({"topics": -3}, "-3"),
])  # fmt: skip
def test_a_wrong_wish_is_refused(tables, asked, problem):
    c, units, _ = tables
    with pytest.raises(BadParameter, match=problem):
        find_model(c.tokens, units, **asked)


def test_without_the_extra_one_line_says_how_to_get_it(tables, monkeypatch):
    def absent() -> None:
        raise ImportError("no module named sklearn")

    monkeypatch.setattr(topic_model, "_Names", absent)
    c, units, _ = tables
    with pytest.raises(MissingExtra, match="scikit-learn is not installed") as raised:
        find_model(c.tokens, units, topics=4)
    assert "[topics]" in raised.value.hint


@pytest.mark.published
def test_frex_prefers_what_is_frequent_here_and_rare_elsewhere():
    """Bischof and Airoldi (2012), by hand: ranks of exclusivity 3/3, 1/3, 2/3 and of frequency 2/3, 3/3, 1/3."""
    exclusive, scores = frex(np.array([[3.0, 6.0, 1.0], [0.0, 8.0, 2.0]]))
    assert exclusive[0].tolist() == pytest.approx([1.0, 0.6 / 1.4, 0.1 / 0.3])
    by_hand = [
        1 / (0.5 / 1 + 0.5 / (2 / 3)),
        1 / (0.5 / (2 / 3) + 0.5 / 1),
        1 / (0.5 / (1 / 3) + 0.5 / (1 / 3)),
    ]
    assert scores[0].tolist() == pytest.approx(by_hand)


def test_topics_are_matched_so_that_the_sum_is_greatest():
    assert matched(np.array([[0.9, 0.8], [0.8, 0.1]])).tolist() == [0.8, 0.8]


def test_the_most_stable_number_near_the_best_coherence_is_taken_the_smaller_of_equals():
    choice = topic_model._choice
    assert choice([0.9, 0.5, 0.6], [0.1, 0.30, 0.28]) == 2
    assert choice([0.5, 0.5], [0.3, 0.3]) == 0


def test_nothing_loads_scikit_learn_before_it_is_asked_for():
    code = (
        "import sys, workbench.corpus, workbench.display.plots.topic_model, workbench.analysis.topic_model, workbench.annotate.sentences\n"
        "print([m for m in ('sklearn', 'scipy') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert said.stdout.strip() == "[]", said.stderr
