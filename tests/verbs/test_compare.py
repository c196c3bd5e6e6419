"""Entities compared in DuckDB are those of the tables, and no whole table reaches Python."""

import pandas as pd
import pytest

from workbench.analysis import entities as pure
from workbench.analysis.units import count_units
from workbench.errors import BadParameter

PAIR = ["Mara Lindqvist", "Tomas Avrel"]


def same(found, wanted):
    pd.testing.assert_frame_equal(
        found, wanted.reset_index(drop=True), check_exact=False, rtol=1e-9, check_dtype=False
    )


@pytest.mark.parametrize("select", ["", "source:gazette", "voice:quote", "speaker:Avrel"])
def test_every_table_is_that_of_the_tables(small, select):
    corpus = small.where(select)
    units = count_units(
        corpus.tables.sentences.to_pandas(),
        corpus.tables.tokens.to_pandas(),
        corpus.tables.documents.to_pandas(),
        by="all",
    )
    names = [*PAIR, "Vessin"] if not select else pure.check_entities([], corpus.tables.mentions.to_pandas())
    result = corpus.compare(names)
    same(
        result.table,
        pure.compare(
            corpus.tables.mentions.to_pandas(),
            corpus.tables.quotes.to_pandas(),
            corpus.tables.sentiment.to_pandas(),
            units,
            names,
        ),
    )
    same(result.extra["mentioned_by"], pure.mentioned_by(corpus.tables.mentions.to_pandas(), names))
    same(
        result.extra["mentioned_where"],
        pure.mentioned_where(corpus.tables.mentions.to_pandas(), corpus.tables.segments.to_pandas(), names),
    )
    forms = pure.name_forms(corpus.tables.mentions.to_pandas(), corpus.tables.entities.to_pandas())
    same(result.extra["name_forms"], forms[forms["entity"].isin(names)])


def test_two_entities_have_differences_and_what_the_texts_could_have_shown(small):
    result = small.compare(PAIR)
    apart = result.extra["difference"].set_index("measure")
    table = result.table.set_index("entity")
    for measure, column in (("rate", "rate"), ("tone", "mean")):
        row = apart.loc[measure]
        assert row["difference"] == pytest.approx(table.loc[PAIR[0], column] - table.loc[PAIR[1], column])
        assert row["low"] < row["difference"] < row["high"]
        if row["low"] <= 0 <= row["high"]:
            assert "in four of five cases" in result.reading
    assert "difference" not in small.compare([*PAIR, "Vessin"]).extra


def test_left_out_the_two_most_mentioned_are_compared(small):
    result = small.compare()
    assert list(result.table["entity"]) == pure.check_entities([], small.tables.mentions.to_pandas())
    assert result.code == "workbench.load('texts').compare()"
    assert result.evidence(0).found
    assert "<svg" in result.html()


def test_an_unknown_entity_names_the_nearest_with_its_count(small):
    with pytest.raises(BadParameter, match=r"did you mean Mara Lindqvist \(\d+\)"):
        small.compare(["Mara Lindquist"])


def test_only_sums_reach_python(small):
    session = small.count_context("tokens", "sentiment", "mentions").session
    before = session.cost.rows, session.cost.queries
    result = small.compare(PAIR)
    small_tables = sum(len(frame) for name, frame in result.extra.items() if name != "difference")
    assert session.cost.rows - before[0] <= 5 * len(small.tables.documents.to_pandas()) + small_tables + 20
    assert session.cost.queries - before[1] <= 35
