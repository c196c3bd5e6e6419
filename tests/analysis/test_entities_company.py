"""What stands beside entities, found again by counting the sentences."""

from __future__ import annotations

import pandas as pd
import pytest
from support.analysis_texts import corpus

from workbench.analysis.entities import compare, entity_topic_rates, quotes_of
from workbench.analysis.topics import find_topics
from workbench.analysis.units import count_units
from workbench.display.evidence import evidence_lists
from workbench.display.readings.entities import entity_topics_reading, ledger_reading, quotes_reading
from workbench.link.entities.decisions import COLUMNS
from workbench.settings import load_settings

TOPICS = load_settings().topics
CHOSEN = ["US", "Anna Berg"]


@pytest.fixture(scope="module")
def texts():
    made = corpus()
    page = made.documents.set_index("doc_id").loc["a.txt", "text"]
    start = page.index("The US froze")
    quote = {
        "doc_id": "a.txt", "quote": 0, "start": start, "end": page.index(".", start), "kind": "direct", "speaker": "ministry",
        "cue": "said", "cue_class": "neutral", "confidence": 0.9,
    }  # fmt: skip
    own = quote | {"doc_id": "b.txt", "start": 0, "end": 9, "speaker": "Anna Berg"}
    made.quotes = pd.DataFrame([quote, own])
    return made


@pytest.fixture(scope="module")
def units(texts):
    return count_units(texts.sentences, texts.tokens, texts.documents)


def test_topics_beside_an_entity_are_those_of_the_sentences_that_name_it(texts, units):
    hits = find_topics(texts.tokens, texts.documents, TOPICS)
    table = entity_topic_rates(hits, texts.mentions, units, CHOSEN)
    for row in table.to_dict("records"):
        named = texts.mentions[texts.mentions["entity"] == row["group"]][
            ["doc_id", "sentence"]
        ].drop_duplicates()
        mine = hits[hits["topic"] == row["topic"]].merge(named, on=["doc_id", "sentence"])
        assert row["n"] == len(mine), row
    assert table["n"].sum() > 0
    assert "Beside US it is most often" in entity_topics_reading(table)


def test_quotes_can_be_cut_from_their_document_and_agree_with_the_comparison(texts, units):
    table = quotes_of(texts.mentions, texts.quotes, texts.documents, units, CHOSEN)
    pages = dict(zip(texts.documents["doc_id"], texts.documents["text"], strict=True))
    for row in table.to_dict("records"):
        assert pages[row["doc_id"]][row["start"] : row["end"]] == row["words"]
    compared = compare(texts.mentions, texts.quotes, texts.sentiment, units, CHOSEN).set_index("entity")
    for name, mine in table.groupby("entity"):
        assert (mine["direction"] == "by").sum() == compared.loc[name, "quoted"]
        assert (mine["direction"] == "about").sum() == compared.loc[name, "in_quotes"]
    assert quotes_reading(table).startswith("US: 0 quotes of their own, 1 quote of others")
    lines = evidence_lists(table[["entity"]].drop_duplicates(), table, units, texts.documents)
    assert "›The US froze arms control talks‹." in str(lines)


def test_two_entities_that_never_meet_and_nobody_who_is_quoted_are_said(texts, units):
    nobody = quotes_of(texts.mentions, texts.quotes.iloc[:0], texts.documents, units, CHOSEN)
    assert quotes_reading(nobody) == "None of them is quoted, and no quotation names one of them."
    none = entity_topic_rates(
        find_topics(texts.tokens, texts.documents, TOPICS).iloc[:0], texts.mentions, units, CHOSEN
    )
    assert none.empty
    assert "No topic of the dictionary" in entity_topics_reading(none)


def test_the_ledger_says_how_much_moved_and_what_no_longer_fits():
    rows = [
        ("accept", ["a", "b"], "b", "a", 3, 1, "r", ""),
        ("refuse", ["x", "y"], None, None, 0, 0, "r", "no longer fits: x"),
    ]
    told = ledger_reading(pd.DataFrame(rows, columns=COLUMNS))
    assert (
        told
        == "2 decisions about names move 3 mentions of the whole corpus. No longer fitting: x = y; undo or correct them."
    )
    assert "No decision" in ledger_reading(pd.DataFrame(columns=COLUMNS))
