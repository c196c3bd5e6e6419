"""Keyness counted in DuckDB is that of the tables, and only the strongest rows leave it."""

import pandas as pd
import pytest

from workbench.analysis import frequency, keyness as pure
from workbench.analysis.units import count_units
from workbench.annotate.stem_groups import replace_by_stem_group
from workbench.errors import BadParameter

QUESTIONS = [
    ("", "words", "source", "rest"),
    ("", "words", "month", "rest"),
    ("", "words", ("source", "voice"), "rest"),
    ("", "words", "voice", "pairs"),
    ("source:wire", "stems", "voice", "rest"),
    ("voice:quote", "bigrams", "source", "rest"),
]


def terms_of(corpus, feature):
    if feature == "stems":
        return replace_by_stem_group(corpus.tables.tokens.to_pandas())
    return frequency.ngrams(corpus.tables.tokens.to_pandas(), {"words": 1, "bigrams": 2}[feature])


def units_of(corpus, by="source"):
    return count_units(
        corpus.tables.sentences.to_pandas(),
        corpus.tables.tokens.to_pandas(),
        corpus.tables.documents.to_pandas(),
        by=list(by) if isinstance(by, tuple) else by,
    )


def same(found, wanted):
    pd.testing.assert_frame_equal(found, wanted, rtol=1e-9, atol=1e-12)
    assert found.attrs == wanted.attrs


@pytest.mark.parametrize(("select", "feature", "by", "against"), QUESTIONS)
def test_keyness_is_that_of_the_tables(small, select, feature, by, against):
    corpus, units = small.where(select), units_of(small.where(select), by)
    counts = frequency.term_counts(terms_of(corpus, feature), units)
    wanted = pure.keyness(counts, units, against=against)
    assert len(wanted) > 3
    same(corpus.keyness(feature, by=by, against=against, top=10_000).table, wanted)


def test_keyness_of_entities_counts_mentions(small):
    units = units_of(small)
    mentions = small.tables.mentions.to_pandas()[
        small.tables.mentions.to_pandas()["entity"].notna()
        & small.tables.mentions.to_pandas()["sentence"].notna()
    ]
    placed = mentions.astype({"sentence": "int64"}).merge(
        units[["doc_id", "sentence", "group"]], on=["doc_id", "sentence"]
    )
    counts = placed.groupby(["group", "doc_id", "entity"], observed=True).size().rename("n").reset_index()
    wanted = pure.keyness(counts.rename(columns={"entity": "form"}), units)
    found = small.keyness("entities", by="source")
    pd.testing.assert_frame_equal(
        found.table.rename(columns={"entity": "form"}).astype({"form": "object"}),
        wanted.astype({"form": "object"}), rtol=1e-9,
    )  # fmt: skip
    assert "names were compared" in found.reading
    assert "stop words" not in found.display.caption


def test_the_strongest_rows_are_kept_and_q_covers_all_that_were_tested(small):
    whole, few = (small.keyness("words", by="month", top=top).table for top in (10_000, 3))
    assert few.attrs["tested"] == len(whole) > len(few) == 12
    pd.testing.assert_frame_equal(few, whole[whole.groupby("group").cumcount() < 3].reset_index(drop=True))


@pytest.mark.parametrize("feature", ["words", "stems"])
def test_words_near_a_place_are_those_of_the_tables(small, feature):
    units = units_of(small, "all")
    nodes = frequency.word_hits(
        small.tables.tokens.to_pandas(), small.tables.documents.to_pandas(), ["trade NEAR/3 with"]
    )
    near, parts = frequency.near_and_far(
        nodes, terms_of(small, feature), units, name="trade NEAR/3 with", window=3
    )
    wanted = pure.keyness(frequency.grouped_counts(near), parts)
    result = small.keyness(feature, near="trade NEAR/3 with", window=3, top=10_000)
    same(result.table, wanted)
    assert (
        result.code
        == f"workbench.load('texts').keyness({feature!r}, top=10000, near='trade NEAR/3 with', window=3)"
    )


def test_a_topic_or_an_entity_is_a_place_too_and_an_unknown_one_names_the_nearest(small):
    assert (
        small.keyness(near="topic:human rights and law").table["group"] == "near human rights and law"
    ).all()
    assert len(small.keyness(near="entity:Tomas Avrel").table)
    assert small.keyness(near="absent").table.empty
    with pytest.raises(BadParameter, match=r"Tomas Avrel \(\d+\)"):
        small.keyness(near="entity:Tomas Avrell")
    with pytest.raises(BadParameter, match="words or stems"):
        small.keyness("bigrams", near="trade")
    with pytest.raises(BadParameter, match="leave out"):
        small.keyness(near="trade", by="source")


def test_the_sentences_are_those_of_the_side_that_the_row_shows(small):
    result = small.keyness("words", by="source")
    for positive in (True, False):
        row = result.table[(result.table["log_ratio"] > 0) == positive].iloc[0]
        side = row["group"] if positive else row["against"]
        assert set(result.evidence(row, 3).lines["source"]) == {side}
    around = small.keyness(near="trade", window=3)
    row = around.table[around.table["log_ratio"] > 0].iloc[0]
    behind = around.evidence(row, 3)
    assert behind.title.endswith("near trade")
    assert all("trade" in "".join(line) for line in behind.lines[["before", "hit", "after"]].to_numpy())


def test_what_reaches_python_are_sums_of_terms_and_names_of_the_rows_shown(small):
    session = small.count_context("tokens").session
    small.keyness("words", by="source", top=5)  # makes the tables of the session
    before = session.cost.rows, session.cost.queries
    table = small.keyness("words", by="source", top=5).table
    documents = len(small.tables.documents.to_pandas())
    terms = table.attrs["tested"]
    assert session.cost.rows - before[0] <= documents + 3 * terms + 30 + 2
    assert session.cost.queries - before[1] <= 6


def test_a_wrong_side_is_refused_with_the_nearest(small):
    with pytest.raises(BadParameter, match="pairs"):
        small.keyness("words", against="pair")
