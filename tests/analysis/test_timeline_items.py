"""Facts about what a series follows, its periods and its evidence."""

import pandas as pd
import pytest
from support.analysis_texts import MEETING, MINISTRY, corpus

from workbench.analysis.change_points import around_date
from workbench.analysis.timeline import as_events, collected, followed, in_periods, rate_series
from workbench.analysis.topics import find_topics
from workbench.analysis.units import count_units
from workbench.display.evidence import evidence
from workbench.errors import BadParameter
from workbench.settings.topics import Topics

C = corpus({
    "a.txt": (MINISTRY, "Wire", "quote", "ministry"), "b.txt": (MEETING, "Court", "turn", "Anna Berg"),
    "c.txt": ("Cooperation again. Nothing else.", "Wire", "author", None),
})  # fmt: skip
DATED = C.documents.assign(date=["2015-11-02", "2016-01-10", "2015-11-20"])
UNITS = count_units(C.sentences, C.tokens, DATED, by="all")
HITS = find_topics(C.tokens, DATED, Topics({"ties": ("cooperation",), "arms": ("arms control",)}))


def follow(**asked: list[str]) -> pd.DataFrame:
    return followed(HITS, C.tokens, DATED, C.mentions, **asked)


def test_topics_words_and_entities_come_to_one_column():
    found = follow(topics=["ties"], words=["talk*"], entities=["Ivan Petrov"])
    assert found.attrs["items"] == ["ties", "talk*", "Ivan Petrov"]
    assert found["item"].value_counts().to_dict() == {"ties": 5, "talk*": 3, "Ivan Petrov": 1}


def test_without_a_wish_the_most_frequent_topics_are_followed():
    assert follow().attrs["items"] == ["ties", "arms"]


def test_a_word_that_is_not_there_is_followed_all_the_same():
    found = follow(words=["glacier"])
    table = rate_series(found, UNITS, item="item", items=found.attrs["items"])
    assert list(table["n"]) == [0, 0, 0]


def test_an_unknown_topic_says_which_one_may_be_meant():
    with pytest.raises(BadParameter, match="no hit of a topic `tie`") as raised:
        follow(topics=["tie"])
    assert "ties" in raised.value.hint


def test_what_was_collected_adds_up_and_a_gap_is_a_row():
    table = collected(UNITS)
    assert list(table["period"]) == ["2015-11", "2015-12", "2016-01"]
    assert list(table["n_docs"]) == [2, 0, 1]
    assert table["words"].sum() == UNITS["words"].sum()
    assert list(table["complete"]) == [True, True, False]


def test_every_value_of_a_series_leads_to_as_many_places_as_it_counts():
    found = follow(topics=["ties", "arms"])
    spans = in_periods(found, UNITS)
    for row in rate_series(found, UNITS, item="item").to_dict("records"):
        behind = evidence(row, spans, UNITS, DATED, at_most=99)
        inside = spans[(spans["item"] == row["item"]) & (spans["period"] == row["period"])]
        assert len(inside) == row["n"]
        assert behind.found == inside.drop_duplicates(["doc_id", "sentence"]).shape[0]


def test_events_are_named_or_take_their_day_as_a_name():
    assert as_events(["the visit = 2015-12-15", "2016-01-01"]) == {
        "the visit": "2015-12-15",
        "from 2016-01-01": "2016-01-01",
    }
    with pytest.raises(BadParameter, match="`soon` is no date"):
        as_events(["soon"])


def test_no_date_compares_nothing():
    assert around_date(HITS, UNITS, "", item="topic").empty
    assert set(around_date(HITS, UNITS, "2016-01-01", item="topic")["item"]) == {"ties", "arms"}
