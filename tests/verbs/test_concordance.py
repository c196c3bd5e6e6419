"""Lines that DuckDB chooses and cuts are those of the function over tables."""

import pandas as pd
import pytest

from workbench.analysis.concordance import concordance
from workbench.analysis.units import count_units
from workbench.errors import BadParameter


@pytest.mark.parametrize(
    ("select", "query", "sort", "n"),
    [
        ("", '"arms control"', "text", 50),
        ("", ["trade", "US NEAR/6 news"], "left", 9),
        ("voice:quote", "we", "right", 7),
        ("", r"/\bmarket\b/", "right", 50),
    ],
)
def test_lines_are_those_of_the_tables(small, select, query, sort, n):
    corpus = small.where(select)
    units = count_units(
        corpus.tables.sentences.to_pandas(),
        corpus.tables.tokens.to_pandas(),
        corpus.tables.documents.to_pandas(),
        by="source",
    )
    wanted = concordance(
        corpus.tables.tokens.to_pandas(),
        corpus.tables.documents.to_pandas(),
        units,
        query,
        width=30,
        order=sort,
        at_most=n,
    )
    found = corpus.concordance(query, by="source", sort=sort, n=n, width=30)
    assert len(wanted)
    pd.testing.assert_frame_equal(found.table, wanted, check_dtype=False)
    assert found.table.attrs == wanted.attrs


def test_the_lines_show_themselves_and_lead_to_their_sentences(small):
    result = small.concordance("oil", n=4)
    assert "wb-kwic" in result._repr_mimebundle_()["text/html"]
    line = result.table.iloc[1]
    behind = result.evidence(1)
    assert list(behind.lines["address"]) == [f"{line['doc_id']}:{line['start']}-{line['end']}"]
    assert result.code == "workbench.load('texts').concordance('oil', n=4)"


def test_only_the_lines_shown_leave_duckdb(small):
    small.concordance("oil")
    session = small.count_context("tokens").session
    before = session.cost.rows
    result = small.concordance("oil", n=3)
    assert result.table.attrs["found"] > 3
    assert session.cost.rows - before <= 3 + 1 + len(
        small.tables.documents.to_pandas()
    )  # lines, groups, sizes of documents


def test_nothing_found_is_an_answer_and_a_wrong_order_is_not(small):
    assert small.concordance("absent").table.empty
    assert "Did you mean sanctions (" in small.concordance("sanctoins").reading
    assert len(repr(small.concordance("the", n=50))) <= 2_000
    with pytest.raises(BadParameter, match="right"):
        small.concordance("oil", sort="rigth")
    with pytest.raises(BadParameter, match="1 or more"):
        small.concordance("oil", n=0)
