import re

import pandas as pd
import pytest
from support.analysis_texts import corpus

from workbench.analysis import cooccurrence, entities, frequency, keyness, quality, sentiment, topics, voices
from workbench.analysis.units import count_units
from workbench.display.readings import rates as words, sentiment as words_sentiment
from workbench.settings.topics import Topics

TOPICS = Topics({"cooperation": ("cooperat*",), "sport": ("football",)})


def rates(**changes: object) -> pd.DataFrame:
    rows = [
        {
            "group": "Wire",
            "topic": "war",
            "n": 40,
            "words": 4000,
            "rate": 10.0,
            "low": 8.0,
            "high": 12.0,
            "n_docs": 30,
            "sufficient": True,
        },
        {
            "group": "Court",
            "topic": "war",
            "n": 5,
            "words": 5000,
            "rate": 1.0,
            "low": 0.4,
            "high": 2.0,
            "n_docs": 30,
            "sufficient": True,
        },
    ]
    return pd.DataFrame(rows).assign(**changes)


@pytest.fixture(scope="module")
def made():  # type: ignore[no-untyped-def]
    c = corpus()
    c.units = count_units(c.sentences, c.tokens, c.documents)
    return c


def test_a_clear_difference_is_the_heading_and_stands_with_both_intervals() -> None:
    assert words.topic_heading(rates()) == "War: more in Wire than in Court"
    said = words.topic_reading(rates())
    assert "10.0 [8.0–12.0] per 1,000 words in Wire, 1.0 [0.4–2.0] in Court" in said
    assert "40 hits in 4,000 words" in said


def test_intervals_that_meet_are_no_difference() -> None:
    assert "sets the groups apart beyond their intervals" in words.topic_reading(rates(low=0.5, high=14.0))


def test_too_few_hits_are_not_ranked(made) -> None:  # type: ignore[no-untyped-def]
    hits = topics.find_topics(made.tokens, made.documents, TOPICS)
    table = topics.topic_rates(hits, made.units, TOPICS)
    assert words.topic_heading(table) == "Too few hits to rank topics"
    assert "(4 hits in all)" in words.topic_reading(table)


def test_single_documents_are_called_texts_not_sources(made) -> None:  # type: ignore[no-untyped-def]
    said = words.scope_note(voices.voice_shares(made.units))
    assert "cannot tell how their sources or speakers write in general" in said


def test_many_documents_need_no_such_note() -> None:
    assert words.scope_note(rates()) == ""


def test_a_voice_reading_has_its_share_its_interval_and_its_n(made) -> None:  # type: ignore[no-untyped-def]
    said = words.voice_reading(voices.voice_shares(made.units)).replace("\u202f", " ")
    assert "Direct quotes fill 100 % of the sentences of Wire [65–100, n = 7]." in said
    assert words.voice_heading(voices.voice_shares(made.units)) == "Direct quotes fill all sentences of Wire"


def test_keyness_of_two_texts_warns_that_words_are_not_independent(made) -> None:  # type: ignore[no-untyped-def]
    table = keyness.keyness(frequency.term_counts(made.tokens, made.units), made.units)
    said = words.keyness_reading(table)
    assert "No word sets the groups apart beyond chance" in said
    assert "not of their sources" in said


def test_one_group_alone_has_no_key_words(made) -> None:  # type: ignore[no-untyped-def]
    table = keyness.keyness(frequency.term_counts(made.tokens, made.units), made.units).head(0)
    assert "one group alone" in words.keyness_reading(table)
    assert words.keyness_heading(table)


def test_too_few_sentences_are_not_compared_in_tone(made) -> None:  # type: ignore[no-untyped-def]
    table = sentiment.sentiment_by(made.sentiment, made.units)
    assert words.sentiment_heading(table) == "Too few sentences to compare tone"
    assert "Too few sentences to tell: Wire (7) and Court <b> (6)" in words.sentiment_reading(table)
    apart = sentiment.sentiment_difference(made.sentiment, made.units, "Wire", "Court <b>")
    assert words.difference_reading(apart).startswith("Cannot tell whether")


@pytest.mark.parametrize(
    ("low", "mean", "high", "said"),
    [
        (0.02, 0.12, 0.2, "sounds positive on the whole"),
        (-0.3, -0.2, -0.1, "sounds negative on the whole"),
        (0.01, 0.03, 0.05, "is close to neutral, a little positive"),
        (-0.04, -0.02, -0.01, "is close to neutral, a little negative"),
        (-0.1, 0.2, 0.5, "is neither clearly positive nor clearly negative"),
    ],
)
def test_a_mean_that_is_sure_but_small_is_not_called_positive(
    low: float, mean: float, high: float, said: str
) -> None:
    assert words_sentiment.tone({"low": low, "mean": mean, "high": high}) == said


def test_of_many_groups_a_reading_names_the_highest_and_the_lowest_alone() -> None:
    rows = [
        {"group": f"speaker {k}", "n": 12303, "mean": k / 10, "low": k / 10 - 0.05, "high": k / 10 + 0.05, "positive": 0.4,
         "neutral": 0.5, "negative": 0.1, "n_docs": 20, "sufficient": True}
        for k in range(-1, 8)
    ]  # fmt: skip
    said = words.sentiment_reading(pd.DataFrame(rows))
    assert (
        "Of 9 groups with fifteen sentences or more, 7 sound positive on the whole, 1 negative, 1 neither"
        in said
    )
    assert "speaker 3" not in said
    assert said.index("Speaker 7 sounds positive") < said.index("Speaker -1 sounds negative")
    assert said.count("over 12,303 sentences") == 2
    assert "groups with" not in words.sentiment_reading(pd.DataFrame(rows[:2]))


def test_a_reading_gives_the_two_first_of_many_groups_a_sentence_of_their_own() -> None:
    table = pd.concat([rates().assign(group=f"Wire {k}") for k in range(5)])
    assert words.topic_reading(table).count("The most frequent topic in") == 2


def test_masking_says_how_many_sentences_changed(made) -> None:  # type: ignore[no-untyped-def]
    said = words.masking_reading(sentiment.masking(made.sentiment, made.units))
    assert "changes the score of 2 of 13 sentences" in said


def test_every_reading_ends_as_a_sentence_and_names_no_nan(made) -> None:  # type: ignore[no-untyped-def]
    u = made.units
    hits = topics.find_topics(made.tokens, made.documents, TOPICS)
    said = [
        words.topic_reading(topics.topic_rates(hits, u, TOPICS)), words.entity_reading(entities.entity_rates(made.mentions, u)),
        words.comparison_reading(entities.compare(made.mentions, made.quotes, made.sentiment, u, ["US", "Anna Berg"])),
        words.network_reading(cooccurrence.comentions(made.mentions, u)), words.voice_reading(voices.speaker_shares(u)),
        words.segment_reading(quality.segment_shares(made.segments, made.documents)),
        words.arrived_reading(quality.arrived(made.documents, u)),
    ]  # fmt: skip
    for text in said:
        assert text.endswith("."), text
        assert "nan" not in text.split(), text
        assert not re.search(r"\b1 (documents|sentences|hits|mentions)\b", text), text


def test_shares_in_headings_are_words() -> None:
    for share, said in (
        (0.92, "nine of ten sentences"),
        (0.74, "three of four sentences"),
        (0.5, "about half the sentences"),
    ):
        table = pd.DataFrame([{"group": "Wire", "voice": "quote", "sentence_share": share, "n": 7}])
        assert words.voice_heading(table) == f"Direct quotes fill {said} of Wire"


def test_a_day_without_a_year_begins_no_period():
    arrived = pd.DataFrame(
        {"source": ["AFP"] * 4, "words": [10] * 4, "date": ["--05-05", "2013-05-07", "2020-03", "unknown"]}
    )
    assert words.arrived_reading(arrived) == (
        "4 documents with 40 words of body text, dated 2013-05-07 to 2020-03; 1 document without a date; "
        "1 document with a day but no year: AFP 4."
    )


def test_a_word_too_rare_to_be_judged_is_not_called_chance():
    frame = pd.DataFrame(
        {
            "group": ["A"], "against": ["B"], "form": ["visit"], "n": [4], "n_other": [0], "q": [0.013],
            "sufficient": [False], "log_ratio": [3.7], "basis": ["sentences"],
        }
    )  # fmt: skip
    assert words.keyness_reading(frame).startswith("No word that is frequent enough to be judged sets")
    assert words.keyness_reading(frame.assign(q=0.4)).startswith(
        "No word sets the groups apart beyond chance"
    )
