"""Sentiment added up in DuckDB is that of the tables, and only sums and the ends of the scale reach Python."""

import pandas as pd
import pytest

from workbench.analysis import sentiment as pure
from workbench.analysis.units import count_units


def tables(corpus, by):
    units = count_units(
        corpus.tables.sentences.to_pandas(),
        corpus.tables.tokens.to_pandas(),
        corpus.tables.documents.to_pandas(),
        by=by,
    )
    return corpus.tables.sentiment.to_pandas(), units


def same(found, wanted):
    pd.testing.assert_frame_equal(found, wanted, check_exact=False, rtol=1e-9, check_dtype=False)


@pytest.mark.parametrize(("select", "by"), [
    ("", "source"), ("", ["source", "voice"]), ("", "month"), ("", "doc_id"), ("source:wire", "speaker"), ("voice:quote", "source"),
])  # fmt: skip
def test_means_masks_and_ends_are_those_of_the_tables(small, select, by):
    corpus = small.where(select)
    result = corpus.sentiment(by=by, each=4)
    scores, units = tables(corpus, by)
    wanted = pure.sentiment_by(scores, units)
    same(result.table, wanted)
    assert result.table.attrs["by"] == wanted.attrs["by"]
    same(result.extra["masking"], pure.masking(scores, units))
    same(result.extra["ends"], pure.sentiment_ends(scores, units, each=4))


def test_two_groups_have_their_difference_and_what_it_could_have_shown(small):
    result = small.sentiment(by="source")
    a, b = result.table["group"]
    wanted = pure.sentiment_difference(*tables(small, "source"), a, b)
    same(result.extra["difference"], wanted)
    row = wanted.iloc[0]
    assert row["low"] <= 0 <= row["high"]
    assert "in four of five cases" in result.reading
    assert row["detectable"] < row["high"] - row["low"]
    assert "difference" not in small.sentiment(by="month").extra


def test_a_difference_that_is_sure_needs_no_smallest_one(small):
    result = small.sentiment(by="voice")
    assert "in four of five cases" not in result.reading
    assert "clearly" in result.reading or "sounds" in result.reading


def test_evidence_of_a_group_is_its_scored_sentences(small):
    result = small.sentiment(by="source")
    group, n = result.table.loc[0, ["group", "n"]]
    found = result.evidence(group, n=3)
    assert (found.found, len(found.lines), found.title) == (n, 3, group)
    assert (found.lines["source"] == group).all()
    assert result.code == "workbench.load('texts').sentiment(by='source')"
    assert "<svg" in result.html()


def test_only_sums_and_the_ends_reach_python(small):
    session = small.count_context("tokens", "sentiment").session
    before = session.cost.rows, session.cost.queries
    small.sentiment(by="all", each=2)
    assert session.cost.rows - before[0] == 1 + len(small.tables.documents.to_pandas()) + 4
    assert session.cost.queries - before[1] <= 12
