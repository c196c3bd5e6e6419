import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from support.analysis_texts import corpus

from workbench.analysis.topics import find_topics, topic_rates, topic_words
from workbench.analysis.units import AUTHOR, count_units, regroup, totals
from workbench.errors import BadParameter
from workbench.settings.topics import Topics

TOPICS = Topics(
    {
        "arms": ("arms control", "=New START", "arms"),
        "rights": ("right*",),
        "people": ("human rights",),
        "US": ("=US",),
        "cooperation": ("cooperat*", "joint work"),
        "sport": ("football",),
    },
    nothing=("new start of talks",),
)


@pytest.fixture(scope="module")
def made():  # type: ignore[no-untyped-def]
    c = corpus()
    c.units = count_units(c.sentences, c.tokens, c.documents)
    c.hits = find_topics(c.tokens, c.documents, TOPICS)
    return c


def found(made, topic: str) -> list[str]:  # type: ignore[no-untyped-def]
    return list(made.hits[made.hits["topic"] == topic]["surface"])


def test_exact_case_tells_the_country_from_the_pronoun(made) -> None:  # type: ignore[no-untyped-def]
    assert found(made, "US") == ["US", "US"]


def test_the_treaty_is_found_and_a_new_start_of_talks_is_not(made) -> None:  # type: ignore[no-untyped-def]
    assert found(made, "arms") == ["arms control", "arms control", "New START"]


def test_a_longer_entry_blocks_a_shorter_one_of_another_topic(made) -> None:  # type: ignore[no-untyped-def]
    assert found(made, "people") == ["Human rights"]
    assert found(made, "rights") == []


def test_every_hit_can_be_cut_from_its_document(made) -> None:  # type: ignore[no-untyped-def]
    texts = dict(zip(made.documents["doc_id"], made.documents["text"], strict=True))
    assert len(made.hits)
    for hit in made.hits.itertuples():
        assert texts[hit.doc_id][hit.start : hit.end] == hit.surface


def test_a_comma_breaks_a_phrase_and_a_hyphen_does_not() -> None:
    c = corpus(
        {"a": ("We spoke of arms, control and arms-control. Anti-terrorist forces met.", "W", "author", None)}
    )
    hits = find_topics(c.tokens, c.documents, Topics({"arms": ("arms control",), "terror": ("terror*",)}))
    assert list(hits["surface"]) == ["arms-control", "terrorist"]


def test_the_same_words_may_count_for_two_topics(made) -> None:  # type: ignore[no-untyped-def]
    hits = find_topics(made.tokens, made.documents, Topics({"a": ("sanctions",), "b": ("sanction*",)}))
    assert hits["topic"].value_counts().to_dict() == {"a": 2, "b": 2}


def test_the_rate_is_hits_per_thousand_words_of_the_group(made) -> None:  # type: ignore[no-untyped-def]
    table = topic_rates(made.hits, made.units, TOPICS)
    row = table[(table["group"] == "Wire") & (table["topic"] == "US")].iloc[0]
    words = made.tokens[(made.tokens["doc_id"] == "a.txt") & made.tokens["word"]].shape[0]
    assert (row["n"], row["words"], row["rate"]) == (2, words, 2 / words * 1000)


def test_zero_rows_are_there_with_an_upper_limit(made) -> None:  # type: ignore[no-untyped-def]
    table = topic_rates(made.hits, made.units, TOPICS)
    assert len(table) == 2 * len(TOPICS.names)
    none = table[table["topic"] == "sport"]
    assert (none["n"] == 0).all()
    assert (none["high"] > 0).all()
    assert not none["sufficient"].any()
    assert (none["basis"] == "exact").all()


def test_the_inputs_are_left_as_they_were(made) -> None:  # type: ignore[no-untyped-def]
    hits, units = made.hits.copy(), made.units.copy()
    topic_rates(made.hits, made.units, TOPICS)
    pd.testing.assert_frame_equal(hits, made.hits)
    pd.testing.assert_frame_equal(units, made.units)


def test_the_words_of_a_topic_add_up_to_its_hits(made) -> None:  # type: ignore[no-untyped-def]
    said = topic_words(made.hits, made.units)
    assert said["n"].sum() == len(made.hits)
    assert said["n"].is_monotonic_decreasing
    assert set(said[said["topic"] == "cooperation"]["word"]) == {"cooperation", "joint work"}


def test_a_dictionary_without_a_hit_gives_zero_rows_and_no_error(made) -> None:  # type: ignore[no-untyped-def]
    nothing = Topics({"sport": ("football",)})
    hits = find_topics(made.tokens, made.documents, nothing)
    assert hits.empty
    assert list(topic_rates(hits, made.units, nothing)["n"]) == [0, 0]


def test_units_know_that_nobody_speaks_the_authors_sentences() -> None:
    c = corpus({"a": ("One two. Three.", None, "author", None), "b": ("Four.", "Wire", "quote", None)})
    units = count_units(c.sentences, c.tokens, c.documents, by=["source", "speaker"])
    assert list(units["group"]) == [f"unknown source · {AUTHOR}"] * 2 + ["Wire · unknown speaker"]
    assert list(totals(regroup(units, "all"))["words"]) == [4]


def test_an_unknown_grouping_is_refused_with_the_nearest_one(made) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(BadParameter, match="did you mean `source`"):
        regroup(made.units, "sorce")


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.sampled_from(["arms", "control", "human", "rights", "US", "us", ","]), min_size=1, max_size=25
    )
)
def test_hits_of_one_topic_never_overlap_and_none_lies_inside_a_longer_one(parts: list[str]) -> None:
    c = corpus({"a": (" ".join(parts) + " end.", "W", "author", None)})
    hits = find_topics(c.tokens, c.documents, TOPICS)
    for topic, mine in hits.groupby("topic"):
        assert (mine["start"].to_numpy()[1:] >= mine["end"].to_numpy()[:-1]).all(), topic
    spans = set(zip(hits["start"], hits["end"], strict=True))
    assert not any(a <= c_ and d <= b and (a, b) != (c_, d) for a, b in spans for c_, d in spans)
