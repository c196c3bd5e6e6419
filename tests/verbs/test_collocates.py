"""Collocates counted in DuckDB are those of the function over tables."""

import pandas as pd
import pytest

from workbench.analysis.collocates import collocates, near_words
from workbench.analysis.frequency import word_hits
from workbench.analysis.units import count_units
from workbench.errors import BadParameter


@pytest.mark.parametrize(
    ("select", "by", "window", "direction"),
    [("", "all", 5, "both"), ("", ("source", "voice"), 2, "left"), ("source:wire", "month", 3, "right")],
)
def test_collocates_are_those_of_the_tables(small, select, by, window, direction):
    corpus = small.where(select)
    units = count_units(
        corpus.tables.sentences.to_pandas(),
        corpus.tables.tokens.to_pandas(),
        corpus.tables.documents.to_pandas(),
        by=list(by) if isinstance(by, tuple) else by,
    )
    spans = word_hits(corpus.tables.tokens.to_pandas(), corpus.tables.documents.to_pandas(), ["US"])
    wanted = collocates(spans, corpus.tables.tokens.to_pandas(), units, window=window, direction=direction)
    found = corpus.collocates("US", by=by, window=window, direction=direction, top=10_000).table
    assert len(wanted) > 1
    pd.testing.assert_frame_equal(found, wanted, rtol=1e-9, check_dtype=False)
    assert found.attrs == wanted.attrs


def test_evidence_is_the_sentences_in_whose_windows_the_word_stands(small):
    result = small.collocates("trade", window=2)
    row = result.table.iloc[0]
    units = count_units(
        small.tables.sentences.to_pandas(),
        small.tables.tokens.to_pandas(),
        small.tables.documents.to_pandas(),
        by="all",
    )
    words = near_words(
        word_hits(small.tables.tokens.to_pandas(), small.tables.documents.to_pandas(), ["trade"]),
        small.tables.tokens.to_pandas(),
        units,
        window=2,
    )
    behind = result.evidence(0, 10_000)
    assert (
        behind.found
        == row["n_sentences"]
        == len(words[words["form"] == row["form"]].drop_duplicates(["doc_id", "sentence"]))
    )
    assert {hit.lower() for hit in behind.lines["hit"]} == {row["form"]}


def test_an_unknown_node_and_a_window_of_nothing_are_refused(small):
    unknown = small.collocates("tradde")
    assert unknown.table.empty
    assert "Did you mean trade (" in unknown.reading
    assert len(small.collocates("entity:Tomas Avrel").table)
    with pytest.raises(BadParameter, match=r"did you mean .*\(\d+\)"):
        small.collocates("topic:human right")
    with pytest.raises(BadParameter, match="use 1 or more"):
        small.collocates("trade", window=0)
