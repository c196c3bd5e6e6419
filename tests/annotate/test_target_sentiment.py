"""Sentiment toward an entity: the relation around the mention decides, and the receipt says how."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from workbench.annotate.target_sentiment.features import find_clues
from workbench.annotate.target_sentiment.scorer import (
    LABELS,
    Reason,
    SentimentTarget,
    TargetSentiment,
    load_weights,
    sum_clues,
    target_sentiment,
)
from workbench.annotate.target_sentiment.syntax import parse_sentence
from workbench.languages import default_language


def judge(sentence: str, name: str) -> TargetSentiment:
    """Sentiment toward the first place of `name`."""
    start = sentence.index(name)
    return target_sentiment([sentence], [SentimentTarget(0, start, start + len(name))])[0]


def receipt(sentence: str, name: str) -> dict[str, Reason]:
    return {reason.word: reason for reason in judge(sentence, name).receipt}


@pytest.mark.parametrize(("sentence", "name", "label"), [
    ("The governor was accused of fraud and bribery by Marla Quist.", "The governor", "negative"),
    ("Marla Quist praised Orin Vale as a wise and generous leader.", "Orin Vale", "positive"),
    ("Critics slammed Orin Vale for his reckless and dishonest campaign.", "Orin Vale", "negative"),
    ("Orin Vale, a corrupt liar, was convicted of fraud.", "Orin Vale", "negative"),
    ("Orin Vale is a great and popular leader.", "Orin Vale", "positive"),
    ("Orin Vale said the talks would resume on Monday.", "Orin Vale", "neutral"),
    ("Anger against Orin Vale is growing after the scandal.", "Orin Vale", "negative"),
])  # fmt: skip
def test_the_label_follows_the_relation(sentence: str, name: str, label: str) -> None:
    assert judge(sentence, name).label == label


def test_one_sentence_says_different_things_of_two_names() -> None:
    sentence = "Marla Quist won a great victory, while Orin Vale was convicted of fraud."
    assert judge(sentence, "Marla Quist").score > 0 > judge(sentence, "Orin Vale").score


def test_who_is_praised_gains_more_than_who_praises_a_rival_loses() -> None:
    assert judge("Quist praised Vale.", "Vale").score > judge("Quist criticised Vale.", "Vale").score


def test_the_subject_of_a_passive_is_the_one_it_is_done_to() -> None:
    sentence = "Orin Vale was praised by Marla Quist."
    assert receipt(sentence, "Orin Vale")["praised"].relation == "patient"
    assert receipt(sentence, "Marla Quist")["praised"].relation == "agent"


def test_who_condemns_an_attack_does_not_attack() -> None:
    assert receipt("Orin Vale condemned the attack.", "Orin Vale")["attack"].relation == "matter"
    assert receipt("Orin Vale began the attack.", "Orin Vale")["attack"].relation == "subject"


def test_a_relative_clause_speaks_of_the_name_before_it() -> None:
    found = receipt("Orin Vale, who was accused by many, left.", "Orin Vale")
    assert found["accused"].relation == "patient"


def test_a_noun_of_criticism_points_at_its_target() -> None:
    assert receipt("The sharp criticism of Orin Vale went on.", "Orin Vale")["criticism"].relation == "target"


def test_a_possessive_owns_what_follows_it() -> None:
    assert receipt("Orin Vale's failure was plain.", "Orin Vale")["failure"].relation == "possessed"


def test_words_of_another_clause_are_far() -> None:
    found = receipt("Orin Vale spoke, while the murderer fled.", "Orin Vale")
    assert found["murderer"].relation == "far"


def test_a_negation_turns_the_word_and_the_receipt_says_so() -> None:
    plain, turned = (receipt(f"Orin Vale is {how}corrupt.", "Orin Vale")["corrupt"] for how in ("", "not "))
    assert not plain.negated
    assert turned.negated
    assert plain.valence < 0 < turned.valence


def test_a_name_that_is_a_word_of_the_lexicon_counts_nothing() -> None:
    assert "Justice" not in receipt("Orin Vale left the Justice Department.", "Orin Vale")


def test_every_word_of_a_receipt_can_be_cut_from_its_sentence() -> None:
    sentence = "Marla Quist attacked “the corrupt Orin Vale” and didn’t praise him."
    for reason in judge(sentence, "Orin Vale").receipt:
        assert sentence[reason.start :].startswith(reason.word)


def test_the_receipt_adds_up_to_the_log_odds() -> None:
    found = judge("Orin Vale is a popular and honest judge.", "Orin Vale")
    assert sum(reason.weight for reason in found.receipt) > 0
    assert found.score > 0


def test_a_target_outside_its_sentence_is_refused() -> None:
    with pytest.raises(ValueError, match="no span of its sentence of 5 characters"):
        target_sentiment(["Hello"], [SentimentTarget(0, 3, 9)])
    with pytest.raises(ValueError, match="there are 1 sentences"):
        target_sentiment(["Hello"], [SentimentTarget(1, 0, 2)])


def test_no_targets_give_no_rows() -> None:
    assert target_sentiment(["Hello there."], []) == []


def test_a_mention_without_a_word_is_judged_by_nothing() -> None:
    assert target_sentiment(["   "], [SentimentTarget(0, 0, 2)])[0].label in LABELS


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("ab AZ'’“”\".,;-\u00a0n't"), min_size=1, max_size=60), st.data())
def test_any_span_of_any_text_gets_a_score_on_the_scale(text: str, pick: st.DataObject) -> None:
    start = pick.draw(st.integers(0, len(text) - 1))
    end = pick.draw(st.integers(start + 1, len(text)))
    (found,) = target_sentiment([text], [SentimentTarget(0, start, end)])
    assert -1 <= found.score <= 1
    assert 1 / 3 <= found.confidence <= 1


def test_every_class_of_words_gives_its_reason() -> None:
    table = default_language().connotations
    for row in [*table.relations.values(), *table.words.values(), *table.fields.values()]:
        assert len(row["because"].split()) > 5
    for row in table.relations.values():
        assert -1 <= row["subject"] <= 1
        assert -1 <= row["object"] <= 1


def test_a_word_of_a_field_is_a_line_of_the_receipt_where_it_moves_the_score() -> None:
    found = receipt("Orin Vale won the primary election with the help of voters.", "Orin Vale")
    assert found["election"].relation == "contest"
    assert found["election"].valence == 0
    near, far = (
        judge(f"Orin Vale {gap}led in the polls.", "Orin Vale") for gap in ("", "of the old town by the sea ")
    )
    assert near.score != far.score


def test_what_moves_little_is_in_the_line_of_the_sentence() -> None:
    for sentence in ("Orin Vale met the deputy director of the office in Geneva.", "Orin Vale won."):
        syntax = parse_sentence(sentence)
        features, weights = sum_clues(find_clues(syntax, 0, 9)), load_weights()
        whole = sum(size * (weights[n][2] - weights[n][0]) for n, size in features.items() if n in weights)
        assert sum(r.weight for r in judge(sentence, "Orin Vale").receipt) == pytest.approx(whole)


def test_the_weights_name_no_word_but_those_of_our_lists() -> None:
    """Single words have weights only where they are of the closed classes of English."""
    table = default_language().connotations
    classes, words = set(table.relations), set(table.grammar["words"])
    for name in load_weights():
        if name.startswith("word "):
            assert name.removeprefix("word ") in words
        if name.startswith("field "):
            assert name.removeprefix("field ") in table.fields
    own = {"always", "charged", "long", "possessive", "pronoun", "question", "speaks"}
    heads = {
        "behind",
        "words",
        "quoted",
        "distance",
        "tone",
        "not",
        "his",
        "in",
        "mention",
        "quotation",
        "told",
        "field",
        "word",
    }
    assert {name.split()[0] for name in load_weights()} <= classes | own | heads


@pytest.mark.xfail(strict=True, reason="pronouns are not resolved within a sentence")
def test_a_pronoun_later_in_the_sentence_speaks_of_the_name() -> None:
    found = receipt("Orin Vale went home, and there he lied.", "Orin Vale")
    assert found["lied"].relation == "subject"


def test_who_condemns_an_attack_is_not_negative() -> None:
    assert judge("Orin Vale condemned the attack in the old town.", "Orin Vale").label != "negative"


@pytest.mark.xfail(strict=True, reason="the fit holds a condemnation against the one who condemns")
def test_who_denounces_terrorists_is_not_negative() -> None:
    assert judge("Orin Vale denounced the terrorist attack.", "Orin Vale").label != "negative"


@pytest.mark.xfail(strict=True, reason="irony is not read: only the words are")
def test_irony_is_negative() -> None:
    assert judge("What a brilliant and generous idea of Orin Vale to double the rent.", "Orin Vale").score < 0


@pytest.mark.xfail(strict=True, reason="a denial in the main clause does not reach the clause it denies")
def test_a_harm_that_is_denied_is_no_harm() -> None:
    assert judge("Quist denied that the scandal had hurt Orin Vale.", "Orin Vale").score > -0.1
