import pickle

import pandas as pd
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from workbench.analysis.frequency import word_rates
from workbench.analysis.units import count_units
from workbench.errors import BadParameter


@pytest.fixture(scope="module")
def result(small):
    return small.rates("topics", by="source")


def test_a_verb_gives_table_reading_notes_and_the_line_that_asks_again(small, result):
    assert list(result.table.columns[:4]) == ["group", "topic", "n", "words"]
    assert result.reading.startswith("The most frequent topic in Vessin Wire is economy and trade")
    assert result.code == "workbench.load('texts').rates('topics', by='source')"
    assert small.where("source:gazette").rates("words", by="all", top=3).code == (
        "workbench.load('texts', 'source:gazette').rates('words', by='all', top=3)"
    )


def test_left_out_the_grouping_is_the_first_that_the_corpus_can_compare(small):
    assert set(small.rates("words").table["group"]) == {"Vessin Wire", "Ostland Gazette"}
    assert set(small.where("source:wire").rates("words").table["group"]) == {
        f"2019-0{m}" for m in range(1, 5)
    }


def test_items_by_name_stand_in_their_order_and_an_unknown_one_names_the_nearest_with_counts(small):
    assert list(dict.fromkeys(small.rates("words", by="all", items=["trade", "oil"]).table["form"])) == [
        "trade",
        "oil",
    ]
    with pytest.raises(BadParameter, match=r"did you mean trade \(\d+\)"):
        small.rates("words", items=["trde"])
    with pytest.raises(BadParameter, match="topics"):
        small.rates("topcs")


def test_evidence_is_found_by_number_by_name_and_by_row(result):
    topic = result.table["topic"].iloc[0]
    whole = result.evidence(topic, 3)
    assert len(whole.lines) == 3
    assert whole.found == sum(
        result.evidence(row).found for row in result.table[result.table["topic"] == topic].to_dict("records")
    )
    assert str(result.evidence(0, 2)) == str(result.evidence(result.table.iloc[0], 2))
    with pytest.raises(BadParameter, match="nothing"):
        result.evidence("nothing")
    with pytest.raises(BadParameter, match="rows"):
        result.evidence(10_000)


def test_a_result_is_short_in_a_terminal_whole_in_a_notebook_and_pickles(small, result):
    assert len(repr(result)) <= 2_000
    shown = result._repr_mimebundle_()
    assert "<svg" in shown["text/html"]
    assert "The sentences behind the numbers" in shown["text/html"]
    again = pickle.loads(pickle.dumps(result))
    pd.testing.assert_frame_equal(again.table, result.table)
    assert str(again.evidence(0)) == str(result.evidence(0))
    assert len(repr(small.rates("words", by="doc_id", top=40))) <= 2_000


def test_the_figure_is_one_of_matplotlib(result):
    assert type(result.figure).__module__.startswith("matplotlib")


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_a_picture_says_where_it_is_from(result, tmp_path, suffix):
    path = result.save(tmp_path / f"rates.{suffix}")
    content = path.read_bytes()
    assert content[:4] == {"png": b"\x89PNG", "svg": b"<?xm", "pdf": b"%PDF"}[suffix]
    assert b"rates(" in content or suffix == "pdf"
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_tables_are_saved_with_their_provenance(result, tmp_path):
    csv = result.save(tmp_path / "rates.csv")
    pd.testing.assert_frame_equal(
        pd.read_csv(csv, comment="#"), result.table.reset_index(drop=True), check_dtype=False
    )
    assert result.code in csv.read_text(encoding="utf-8-sig")
    book = load_workbook(result.save(tmp_path / "rates.xlsx"))
    assert book.sheetnames == ["table", "provenance"]
    assert book["table"].max_row == len(result.table) + 1
    assert result.code in [row[1].value for row in book["provenance"].rows]
    table = pq.read_table(result.save(tmp_path / "rates.parquet"))
    assert table.schema.metadata[b"corpus"].decode() == result.provenance["corpus"]
    page = result.save(tmp_path / "rates.html").read_text(encoding="utf-8")
    assert result.notes.question in page
    assert result.notes.limits in page
    with pytest.raises(BadParameter, match=r"\.xlsx"):
        result.save(tmp_path / "rates.doc")


def test_a_list_of_patterns_is_a_feature_and_one_that_is_not_found_stays_in_the_table(small):
    patterns = ["sanction*", "trade NEAR/9 work", "absent"]
    result = small.rates(patterns, by="source")
    units = count_units(
        small.tables.sentences.to_pandas(),
        small.tables.tokens.to_pandas(),
        small.tables.documents.to_pandas(),
        by="source",
    )
    pd.testing.assert_frame_equal(
        result.table,
        word_rates(small.tables.tokens.to_pandas(), small.tables.documents.to_pandas(), units, patterns),
        rtol=1e-9,
    )
    assert result.code == f"workbench.load('texts').rates({patterns!r}, by='source')"
    assert result.evidence("sanction*").found
    with pytest.raises(BadParameter, match="empty"):
        small.rates([])
