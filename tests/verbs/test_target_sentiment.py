"""Sentiment toward entities added up in DuckDB is that of the tables."""

import pandas as pd
import pytest

from workbench.analysis import target_sentiment as pure
from workbench.analysis.units import count_units
from workbench.errors import BadParameter

PEOPLE = ["Mara Lindqvist", "Tomas Avrel"]


def tables(corpus, by="source"):
    units = count_units(
        corpus.tables.sentences.to_pandas(),
        corpus.tables.tokens.to_pandas(),
        corpus.tables.documents.to_pandas(),
        by=by,
    )
    return corpus.tables.toward.to_pandas(), corpus.tables.mentions.to_pandas(), units


@pytest.mark.parametrize(("select", "by", "holder"), [
    ("", "speaker", "speaker"), ("", "voice", "voice"), ("", "doc_id", "doc_id"), ("", "source", "group"),
    ("source:wire", ["month", "voice"], "group"), ("voice:quote", "speaker", "speaker"),
])  # fmt: skip
def test_means_and_ends_are_those_of_the_tables(small, select, by, holder):
    corpus = small.where(select)
    toward, mentions, units = tables(corpus, by)
    wanted = pure.toward_by(toward, mentions, units, PEOPLE, by=holder)
    result = corpus.target_sentiment(PEOPLE, by=by, each=3)
    assert len(wanted)
    pd.testing.assert_frame_equal(result.table, wanted, check_exact=False, rtol=1e-9, check_dtype=False)
    assert result.table.attrs == wanted.attrs
    judged = pure.chosen(pure.judged(toward, mentions, units, by=holder), mentions, PEOPLE)
    ends = pure.toward_ends(judged, each=3)
    pd.testing.assert_frame_equal(result.extra["ends"], ends, check_exact=False, rtol=1e-9, check_dtype=False)


def test_left_out_the_most_judged_are_taken_and_evidence_marks_the_name(small):
    result = small.target_sentiment(top=2)
    assert result.table["entity"].nunique() == 2
    row = result.table.iloc[0]
    found = result.evidence(0, n=4)
    assert found.title == f"{row['holder']}, {row['entity']}"
    assert set(found.lines["speaker"]) == {row["holder"]}
    assert result.code == "workbench.load('texts').target_sentiment(top=2)"
    assert "<svg" in result.html()


def test_an_unknown_entity_names_the_nearest_with_its_count(small):
    with pytest.raises(BadParameter, match=r"did you mean Mara Lindqvist \(\d+\)"):
        small.target_sentiment(["Mara Lindquist"])


def test_only_sums_and_the_ends_reach_python(small):
    session = small.count_context("tokens", "mentions", "entities", "toward").session
    before = session.cost.rows, session.cost.queries
    result = small.target_sentiment(by="all", top=2, each=1)
    documents = result.table["n_docs"].sum()
    assert session.cost.rows - before[0] <= 1 + 2 + len(result.table) + documents + 2
    assert session.cost.queries - before[1] <= 16
