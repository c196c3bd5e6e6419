"""Pairs counted in DuckDB are those of the tables, and only the pairs reach Python."""

import pandas as pd
import pytest

from workbench.analysis import cooccurrence
from workbench.analysis.units import count_units
from workbench.errors import BadParameter


def of_tables(corpus, **asked):
    units = count_units(
        corpus.tables.sentences.to_pandas(),
        corpus.tables.tokens.to_pandas(),
        corpus.tables.documents.to_pandas(),
        by="all",
    )
    return cooccurrence.comentions(corpus.tables.mentions.to_pandas(), units, **asked)


@pytest.mark.parametrize("select", ["", "source:gazette", "voice:quote", "speaker:Avrel"])
@pytest.mark.parametrize("within", ["sentence", "document"])
def test_pairs_are_those_of_the_tables(small, select, within):
    corpus = small.where(select)
    found = corpus.cooccurrence("entities", top=5, within=within)
    wanted = of_tables(corpus, top=5, within=within)
    assert len(wanted)
    pd.testing.assert_frame_equal(found.table, wanted, check_exact=False, rtol=1e-9)
    assert found.table.attrs["tested"] == wanted.attrs["tested"]


def test_evidence_of_a_pair_is_a_sentence_that_names_both(small):
    result = small.cooccurrence()
    a, b, n = result.table.loc[0, ["a", "b", "n"]]
    found = result.evidence(0, n=50)
    assert found.found == n
    sentences = found.lines["before"] + found.lines["hit"] + found.lines["after"]
    forms = small.tables.entities.to_pandas().set_index("entity").loc[b, "aliases"]
    assert all(any(form in sentence for form in forms) for sentence in sentences)
    assert found.title == f"{a} and {b}"
    assert result.evidence(a).found == result.table.loc[0, "n_a"]


def test_topics_and_words_are_paired_too_and_items_by_name(small):
    topics = small.cooccurrence("topics", within="document").table
    assert set(topics["a"]) < set(small.settings.topics.names)
    pair = small.cooccurrence("words", items=["oil", "market"])
    assert pair.table[["a", "b"]].to_numpy().tolist() == [["market", "oil"]]
    assert pair.code == "workbench.load('texts').cooccurrence('words', items=['oil', 'market'])"
    with pytest.raises(BadParameter, match=r"did you mean market"):
        small.cooccurrence("words", items=["markt"])
    with pytest.raises(BadParameter, match="sentence"):
        small.cooccurrence(within="sentnce")


def test_names_of_topics_that_hold_an_and_are_kept_apart(small):
    assert "economy and trade with human rights and law (" in small.cooccurrence("topics").reading


def test_a_pair_is_read_and_drawn(small):
    result = small.cooccurrence()
    assert "together" in result.reading
    assert "<svg" in result.html()


def test_only_pairs_reach_python(small):
    session = small.count_context("mentions").session
    before = session.cost.rows, session.cost.queries
    table = small.cooccurrence("entities", top=4).table
    assert session.cost.rows - before[0] <= len(table) + 4 + 4 + 1 + 1
    assert session.cost.queries - before[1] <= 12
