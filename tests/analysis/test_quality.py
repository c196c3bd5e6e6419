"""The audit: what is missing, and where coverage has holes."""

import pandas as pd
import pytest

from workbench.analysis.quality import coverage, shortfalls

COLUMNS = ["path", "problem", "hint", "severity"]


def documents(*rows):
    """Documents of (source, date, precision) with 200 words each."""
    return pd.DataFrame(
        {
            "doc_id": [f"{k}.txt" for k in range(len(rows))],
            "path": [f"{k}.txt" for k in range(len(rows))],
            "source": [source for source, _, _ in rows],
            "title": ["A title"] * len(rows),
            "date": [date for _, date, _ in rows],
            "date_precision": [precision for _, _, precision in rows],
            "date_basis": ["stated"] * len(rows),
            "language": ["en"] * len(rows),
            "words": [200] * len(rows),
            "story": [f"{k}.txt" for k in range(len(rows))],
        }
    )


def monthly(counts, source="Agency"):
    return documents(
        *[
            (source, f"2020-{month:02d}-{day + 1:02d}", "day")
            for month, n in enumerate(counts, start=1)
            for day in range(n)
        ]
    )


def count_of(table, what):
    return int(table.set_index("what").loc[what, "n"])


def test_what_is_missing_is_counted_with_zero_rows_and_a_mend():
    table = documents(("A", "2020-01-02", "day"), (None, None, "none"), ("A", "--12-11", "month-day"))
    table.loc[2, "language"] = "fr"
    table.loc[1, "words"] = 3
    table.loc[2, "story"] = "0.txt"
    problems = pd.DataFrame([("x.bin", "binary", "leave it out", "refused")], columns=COLUMNS)
    found = shortfalls(table, problems)
    assert count_of(found, "without a date") == 1
    assert count_of(found, "with a day but no year") == 1
    assert count_of(found, "without a source") == 1
    assert count_of(found, "not in English") == 1
    assert count_of(found, "shorter than 50 words") == 1
    assert count_of(found, "copies of another document") == 1
    assert count_of(found, "without a title") == 0
    assert found.iloc[0].tolist()[:3] == ["files that could not be read", 1, 4]
    assert found["hint"].str.len().min() > 0


def test_a_month_in_which_nothing_arrived_is_a_gap_with_a_row():
    found = coverage(monthly([3, 0, 3]))
    assert found["period"].tolist() == ["2020-01", "2020-02", "2020-03"]
    assert found["n_docs"].tolist() == [3, 0, 3]
    assert found["mark"].tolist() == ["", "gap", "last"]


def test_fewer_than_chance_allows_is_a_dip_and_ordinary_noise_is_not():
    found = coverage(monthly([20, 22, 5, 19, 15, 21, 20]))
    assert found["mark"].tolist() == ["", "", "dip", "", "", "", "last"]


def test_with_three_periods_nobody_knows_what_is_usual():
    assert coverage(monthly([20, 1, 20]))["mark"].tolist() == ["", "", "last"]


def test_each_source_has_its_own_span_and_undated_documents_stand_apart():
    both = documents(
        ("A", "2020-01-05", "day"), ("A", "2020-03-05", "day"), ("B", "2020-02-01", "day"), ("B", "2020", "year"),
        (None, None, "none"),
    )  # fmt: skip
    found = coverage(both).set_index(["source", "period"])["n_docs"].to_dict()
    assert found == {
        ("A", "2020-01"): 1, ("A", "2020-02"): 0, ("A", "2020-03"): 1,
        ("B", "2020-02"): 1, ("B", "unknown"): 1, ("unknown", "unknown"): 1,
    }  # fmt: skip


def test_years_cross_december():
    found = coverage(documents(("A", "2019-12-30", "day"), ("A", "2020-02-01", "day")))
    assert found["period"].tolist() == ["2019-12", "2020-01", "2020-02"]
    assert coverage(documents(("A", "2018", "year"), ("A", "2020", "year")), "year")["n_docs"].tolist() == [
        1,
        0,
        1,
    ]


@pytest.mark.parametrize("period", ["month", "year"])
def test_nothing_dated_is_no_error(period):
    found = coverage(documents(("A", None, "none")), period)
    assert found["period"].tolist() == ["unknown"]
