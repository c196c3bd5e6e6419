"""What DuckDB counts is what the functions over tables count, in every grouping and under every selection."""

import pickle

import pandas as pd
import pyarrow as pa
import pytest

from workbench.analysis import entities, frequency, topics
from workbench.analysis.frequency import is_stop
from workbench.analysis.rates import cell_rates
from workbench.analysis.units import count_units
from workbench.display.evidence import evidence
from workbench.errors import BadParameter
from workbench.features.entities import entities as entity_hits
from workbench.features.evidence import sampled_evidence
from workbench.features.hits import cells, named_items, ranked
from workbench.features.topics import topics as topic_hits
from workbench.features.units import units_of
from workbench.features.words import content_forms, words as word_hits

GROUPINGS = ["source", "month", "voice", "speaker", "doc_id", "all", ("source", "voice"), ("year", "speaker")]
SELECTIONS = ["source:gazette", "voice:quote", "arms", "speaker:Avrel"]
QUESTIONS = [*(("", by) for by in GROUPINGS), *((select, ("source", "voice")) for select in SELECTIONS)]


def both(corpus, by):
    tables = corpus.count_context("tokens", "mentions", "entities")
    units = count_units(
        corpus.tables.sentences.to_pandas(),
        corpus.tables.tokens.to_pandas(),
        corpus.tables.documents.to_pandas(),
        by=list(by) if isinstance(by, tuple) else by,
    )
    return units_of(tables, corpus.scope(), by), units


def same(found, wanted, item):
    pd.testing.assert_frame_equal(found, wanted, check_exact=False, rtol=1e-9)
    assert found.attrs["by"] == wanted.attrs["by"]
    assert len(found[found["n"] > 0][item])


@pytest.mark.parametrize(("select", "by"), QUESTIONS)
def test_rates_of_topics_are_those_of_the_tables(small, select, by):
    corpus = small.where(select)
    counted, units = both(corpus, by)
    hits = topic_hits(counted)
    order = [row for row in ranked(hits, counted)]
    listed = topics.topic_rates(
        topics.find_topics(
            corpus.tables.tokens.to_pandas(), corpus.tables.documents.to_pandas(), corpus.settings.topics
        ),
        units,
    )
    names = list(dict.fromkeys(listed["topic"]))
    assert {item.name: item.n for item in order} == listed.groupby("topic")["n"].sum().to_dict()
    same(cell_rates(cells(hits, counted, named_items(hits, counted, names))), listed, "topic")


@pytest.mark.parametrize(("select", "by"), QUESTIONS)
def test_rates_of_words_are_those_of_the_tables(small, select, by):
    corpus = small.where(select)
    counted, units = both(corpus, by)
    hits = word_hits(counted)
    same(
        cell_rates(cells(hits, counted, ranked(hits, counted, 9))),
        frequency.term_rates(corpus.tables.tokens.to_pandas(), units, top=9),
        "form",
    )


@pytest.mark.parametrize(("select", "by"), QUESTIONS)
def test_rates_of_entities_are_those_of_the_tables(small, select, by):
    corpus = small.where(select)
    counted, units = both(corpus, by)
    hits = entity_hits(counted)
    chosen = ranked(hits, counted, 5)
    table = entities.entity_rates(corpus.tables.mentions.to_pandas(), units, [item.name for item in chosen])
    same(cell_rates(cells(hits, counted, chosen)), table.drop(columns="share"), "entity")


def test_the_sentences_behind_a_rate_are_those_that_the_tables_give(small):
    counted, units = both(small, "source")
    hits = topic_hits(counted)
    spans = topics.find_topics(
        small.tables.tokens.to_pandas(), small.tables.documents.to_pandas(), small.settings.topics
    )
    items = ranked(hits, counted)[:3]
    rows = [(item, [group]) for item in items for group in counted.groups]
    for found, (item, (group,)) in zip(sampled_evidence(hits, counted, rows, at_most=4), rows, strict=True):
        wanted = evidence(
            {"topic": item.name, "group": group}, spans, units, small.tables.documents.to_pandas(), at_most=4
        )
        assert (found.found, found.rule, found.title) == (wanted.found, wanted.rule, wanted.title)
        columns = [
            "doc_id",
            "start",
            "end",
            "source",
            "date",
            "speaker",
            "voice",
            "before",
            "hit",
            "after",
            "address",
        ]
        assert found.lines[columns].astype(str).to_dict("records") == wanted.lines[columns].astype(
            str
        ).to_dict("records")


def test_forms_that_are_listed_are_those_that_the_rule_of_stop_words_leaves(small):
    session = small.count_context("tokens").session
    odd = [
        "we’re",
        "don't",
        "isn’t",
        "n",
        "x",
        "u.s",
        "russia's",
        "29.2",
        "½",
        "xii",
        "g8",
        "élan",
        "т",
        "_",
        "she'll",
        "rock'n'roll",
    ]
    session.put(pa.table({"number": range(len(odd)), "form": odd}), name="forms")
    known = session.table("SELECT form FROM forms").column("form").to_pylist()
    kept = set(session.table(f"SELECT form FROM {content_forms(session)}").column("form").to_pylist())
    assert kept == {
        form
        for form in known
        if not is_stop(form) and any(c.isalpha() or (c.isnumeric() and not c.isdecimal()) for c in form)
    }


def test_a_second_question_finds_the_count_of_the_first(small, monkeypatch):
    first = units_of(small.count_context("tokens"), small.scope(), "source")
    listed = ranked(topic_hits(first), first)
    again = pickle.loads(pickle.dumps(small))  # as in another process: without the connection
    monkeypatch.setattr("workbench.features.topics.words_that_fit", lambda *_: pytest.fail("counted again"))
    units = units_of(again.count_context("tokens"), again.scope(), "source")
    assert units.session is not first.session
    assert ranked(topic_hits(units), units) == listed


def test_what_reaches_python_grows_with_the_rows_shown_and_not_with_the_tokens(small):
    context = small.count_context("tokens")
    units = units_of(context, small.scope(), "all")
    hits = word_hits(units)
    assert len(units.sizes.document) == len(small.tables.documents.to_pandas())
    before = context.session.cost.rows, context.session.cost.queries
    table = cell_rates(cells(hits, units, ranked(hits, units, 3)))
    assert context.session.cost.rows - before[0] == 3 + table["docs_with"].sum()
    assert context.session.cost.queries - before[1] <= 3


def test_an_unknown_grouping_is_refused_with_the_nearest(small):
    with pytest.raises(BadParameter, match="source"):
        units_of(small.count_context("tokens"), small.scope(), "sorce")
