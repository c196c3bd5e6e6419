"""Sentiment: equal to NLTK where nothing is masked, without names, offices and courtesy where it is."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from support.annotate_rows import labelled, pieces, seed
from support.paths import SUPPORT

from workbench.annotate.sentiment import vader
from workbench.annotate.sentiment.layer import sentiment_table
from workbench.annotate.sentiment.masks import GROUPS
from workbench.annotate.sentiment.vader import PlainVader
from workbench.annotate.tokens import sentence_texts
from workbench.schema import arrow_schema, plain
from workbench.settings import load_settings

LEXICON = load_settings().sentiment_masks
NLTK = PlainVader()
NEUTRAL = (SUPPORT / "neutral_sentences.txt").read_text(encoding="utf-8").splitlines()


def rows(text: str, *groups: str) -> list[dict[str, Any]]:
    return sentiment_table([labelled(text)], LEXICON, groups or GROUPS).to_pylist()


def masked(text: str, *groups: str) -> list[tuple[str, str]]:
    """(word, rule) of the masked words."""
    return [(hit["word"], hit["rule"]) for row in rows(text, *groups) for hit in row["hits"] if hit["masked"]]


def assert_equals_nltk(texts: list[str]) -> None:
    found = vader.score_texts(texts)
    for number, text in enumerate(texts):
        want = NLTK.polarity_scores(text)
        got = {
            "neg": found.negative[number],
            "neu": found.neutral[number],
            "pos": found.positive[number],
            "compound": found.compound[number],
        }
        assert got == want, text


# ---------------------------------------------------------------- equal to NLTK


def test_every_sentence_of_the_seeds_scores_as_nltk_scores_it() -> None:
    batch = [seed("000"), seed("003")]
    assert_equals_nltk(list(sentence_texts(batch)))
    unmasked = sentiment_table(batch, LEXICON)["score_unmasked"].to_pylist()
    assert unmasked == [NLTK.polarity_scores(text)["compound"] for text in sentence_texts(batch)]


RULES = (
    "kind of sort just enough the shit bomb bad ass yeah right cut mustard kiss death hand to mouth but BUT least at"
    ' very never Never so this good GOOD not isn\'t great awful no VERY slightly despite good! "good" good!! :) x'
).split()
WORDS = (
    sorted(vader.NEGATIONS) + sorted(vader.BOOSTERS) + sorted(vader.lexicon())[::7] + RULES
    + ["don't,", "caf\u00e9", "\u201cgood\u201d", "\u00a0fine", "?!?bad", "---", "\u0130t", "\u1680", "bad\x1cgood"]
)  # fmt: skip


@pytest.mark.parametrize("words", [RULES, WORDS], ids=["words of the rules", "words of the lexicon"])
def test_thousands_of_stress_strings_score_as_nltk_scores_them(words: list[str]) -> None:
    chance = random.Random(11)
    ends = ["", "", "!", "?", "!!", "???", ".", "!!!!!", "?!?!?"]
    texts = [
        " ".join(chance.choices(words, k=chance.randint(0, 12))) + chance.choice(ends) for _ in range(3000)
    ]
    assert_equals_nltk(texts)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=5))
def test_any_text_scores_as_nltk_scores_it(texts: list[str]) -> None:
    assert_equals_nltk([text.encode("utf-8", "ignore").decode() for text in texts])


def test_curly_apostrophes_keep_their_negation() -> None:
    (row,) = rows("I don’t like it, it isn’t good.")
    assert row["score_unmasked"] == NLTK.polarity_scores("I don't like it, it isn't good.")["compound"] < 0


def test_insertions_and_stage_marks_are_not_scored() -> None:
    text = "He left [in great anger] today. (Cheers, wonderful applause.)"
    kinds = (("paragraph", "He"), ("insertion", "[in"), ("paragraph", "today"), ("stage", "(Che"))
    table = sentiment_table([labelled(text, pieces(text, *kinds))], LEXICON)
    assert table["score_unmasked"].to_pylist() == [0.0]


# ---------------------------------------------------------------- masks


@pytest.mark.parametrize(
    ("text", "word", "rule"),
    [
        ("He flew to the United States.", "United", "masked: name"),
        ("United Nations experts left.", "United", "masked: name"),
        ("Freedom and Unity Party members met.", "Freedom", "masked: name"),
        ("Mrs Grand met Joy Hope in Oslo.", "Grand", "masked: name"),
        ("The security council met.", "security", "masked: office"),
        ("The Minister of Defence spoke.", "Defence", "masked: office"),
        ("The defence ministry's note is short.", "defence", "masked: office"),
        ("Thank you, Mr President.", "Thank", "masked: courtesy"),
        ("He will pay a working visit to Oslo.", "pay", "masked: courtesy"),
        ("We met on any number of matters.", "number", "masked: courtesy"),
        ("It was the second visit in the outgoing year.", "outgoing", "masked: courtesy"),
        ("We agree with respect to tariffs.", "respect", "masked: courtesy"),
        ("We are happy to see you.", "happy", "masked: courtesy"),
        ("Dear colleagues, let us begin.", "Dear", "masked: courtesy"),
    ],
)
def test_words_of_names_offices_and_courtesy_count_for_nothing(text: str, word: str, rule: str) -> None:
    assert (word, rule) in [(hit, said.split("; ")[0]) for hit, said in masked(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Terrible Russian losses were reported.",
        "Great news came from the front line.",
        'He said: "Terrible things happened."',
        "This is GREAT for all of us.",
        "The Terrible Crime Shocked Every Village Across Western Norway.",
        "The party was wonderful.",
        "They lost all hope of peace.",
        "He welcomed the decision of the court.",
    ],
)
def test_words_that_carry_sentiment_are_left(text: str) -> None:
    assert masked(text) == []


def test_a_first_word_is_a_name_where_its_document_writes_it_as_one() -> None:
    assert ("Hope", "masked: name") in masked("We asked Hope about it. Hope did not answer.")
    assert masked("We still hope so, and hope is left. Hope did not answer.") == []


def test_united_states_victory_day_and_secretary_of_state_carry_no_sentiment() -> None:
    text = "The Secretary of State of the United States came for Victory Day."
    (row,) = rows(text)
    assert row["score"] == row["positive"] == row["negative"] == 0.0
    assert row["score_unmasked"] > 0.3


def test_the_masked_and_the_unmasked_totals_of_the_seeds_differ() -> None:
    for name in ("000", "003"):
        table = sentiment_table([seed(name)], LEXICON)
        assert abs(sum(table["score"].to_pylist()) - sum(table["score_unmasked"].to_pylist())) > 0.2


def test_each_step_of_masking_hides_more() -> None:
    text = "Thank you for coming to the United Nations. The security council met."
    hidden = [len(masked(text, *GROUPS[:step])) for step in (1, 2, 3)]
    assert hidden == sorted(set(hidden))
    nothing = sentiment_table([labelled(text)], LEXICON, ())
    assert nothing["score"].equals(nothing["score_unmasked"])


def test_an_unknown_mask_is_refused() -> None:
    with pytest.raises(ValueError, match=r"unknown mask.*courtesy"):
        sentiment_table([], LEXICON, ("office",))


def test_neutral_official_sentences_score_near_zero() -> None:
    """At least 90 of 100; the first try gave 67 of 72, before which no phrase was fitted to them."""
    assert len(NEUTRAL) >= 60
    batch = [labelled(text, doc_id=str(number)) for number, text in enumerate(NEUTRAL)]
    scores = sentiment_table(batch, LEXICON)["score"].to_pylist()
    assert sum(abs(score) <= 0.05 for score in scores) / len(scores) >= 0.9


# ---------------------------------------------------------------- the receipt


def test_every_hit_can_be_cut_from_its_document() -> None:
    for document in (seed("000"), seed("003")):
        text = plain(document.text)
        for row in sentiment_table([document], LEXICON).to_pylist():
            sentence = document.sentences[row["sentence"]]
            for hit in row["hits"]:
                assert text[hit["start"] : hit["start"] + len(hit["word"])] == hit["word"]
                assert sentence.start <= hit["start"] < sentence.end


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("It is very good.", "booster: very"),
        ("It is slightly good.", "dampener: slightly"),
        ("It is not good.", "negated: not"),
        ("This is GOOD for us all.", "capitals"),
        ("It was long but good.", "after but"),
        ("It was good but long.", "before but"),
        ("He is the least good of them.", "negated: least"),
        ("He wore the kiss of death.", "idiom: kiss of death"),
        ("It is good.", ""),
    ],
)
def test_the_receipt_says_in_words_which_rule_changed_a_word(text: str, rule: str) -> None:
    hits = rows(text)[0]["hits"]
    assert rule in [hit["rule"] for hit in hits]


def test_the_valences_of_the_open_hits_make_the_score() -> None:
    for row in sentiment_table([seed("000"), seed("003")], LEXICON).to_pylist():
        total = sum(hit["valence"] for hit in row["hits"] if not hit["masked"])
        assert row["score"] == pytest.approx(total / (total**2 + 15) ** 0.5, abs=2e-4)


def test_the_table_has_the_types_of_the_schema_and_a_row_for_every_sentence() -> None:
    batch = [labelled("One. Two."), labelled("", doc_id="empty"), labelled("It is good.", doc_id="b")]
    table = sentiment_table(batch, LEXICON)
    assert table.schema.equals(arrow_schema("sentiment"))
    assert list(zip(table["doc_id"].to_pylist(), table["sentence"].to_pylist(), strict=True)) == [
        ("a.txt", 0),
        ("a.txt", 1),
        ("b", 0),
    ]
    assert sentiment_table([], LEXICON).num_rows == 0


def test_the_second_score_is_that_of_the_second_lexicon_by_the_same_rules() -> None:
    def second(text: str) -> float:
        return sentiment_table([labelled(text)], LEXICON)["score_second"].to_pylist()[0]

    assert second("The plan is outstanding.") == pytest.approx(4 / (16 + 15) ** 0.5, abs=1e-4)
    assert second("The plan is not outstanding.") < 0
    assert second("They met in the United States.") == 0.0  # united is a word of AFINN, and part of a name


def test_the_second_lexicon_leaves_the_first_score_as_it_was() -> None:
    text = "The United Nations hailed a great victory, but the war is horrible."
    row = sentiment_table([labelled(text)], LEXICON).to_pylist()[0]
    assert row["score_unmasked"] == NLTK.polarity_scores(text)["compound"]
    assert row["score_second"] != row["score"]
