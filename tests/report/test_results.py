"""What a report shows is kept by name; the next run is compared with it."""

import json

import pandas as pd

from workbench.display import blocks, named_results
from workbench.report import results
from workbench.report.results import MIME, NamedResult, ResultStamp, read_results, take, write_results

RATES = pd.DataFrame(
    {"group": ["A", "B"], "topic": ["peace", "war"], "n": [3, 4], "rate": [1.5, 2.0], "low": [1.0, 1.1], "high": [2.0, 3.0]}
)  # fmt: skip


def executed(*shown):
    """An executed notebook that shows these."""
    outputs = [{"output_type": "display_data", "data": one._repr_mimebundle_()} for one in shown]
    return {"cells": [{"cell_type": "code", "outputs": outputs}]}


def test_the_notebook_and_the_runner_mean_the_same_bundle():
    assert named_results.MIME == results.MIME


def test_tables_figures_and_key_figures_give_named_results_and_leave_the_notebook_as_it_was():
    keys = blocks.KeyFigures([("1,234", "words"), ("71\u202f%", "quoted"), ("TASS", "mentioned most")])
    book = executed(keys, blocks.Table(RATES), blocks.Figure("<svg/>", "alt", "", blocks.Table(RATES)))
    assert take([book]) == [
        NamedResult("words", 1234.0, key=True), NamedResult("quoted", 71.0, key=True), NamedResult("mentioned most", "TASS", key=True),
        NamedResult("A, peace: per 1,000 words", 1.5, 1.0, 2.0, 3.0), NamedResult("B, war: per 1,000 words", 2.0, 1.1, 3.0, 4.0),
    ]  # fmt: skip
    assert MIME not in json.dumps(book)


def test_a_key_figure_with_an_interval_brings_it_and_its_exact_number():
    row = {"mean": 0.1234, "low": -0.2, "high": float("nan"), "n": 12}
    made = named_results.Measured.of("0.12", row, "mean")
    assert made == "0.12", "printed as before"
    keys = blocks.KeyFigures(
        [
            (made, "mean score", ""),
            (named_results.Measured.of("–", {"mean": float("nan")}, "mean"), "none", ""),
        ]
    )
    assert take([executed(keys)]) == [
        NamedResult("mean score", 0.1234, -0.2, None, 12.0, True),
        NamedResult("none", "–", key=True),
    ]


def test_a_name_that_stands_for_two_values_gets_a_number():
    book = executed(
        blocks.KeyFigures([("1", "x")]), blocks.KeyFigures([("2", "x")]), blocks.KeyFigures([("1", "x")])
    )
    assert take([book]) == [NamedResult("x", 1.0, key=True), NamedResult("x (2)", 2.0, key=True)]


def test_a_table_without_intervals_or_with_equal_lines_has_no_named_results():
    assert blocks.Table(RATES.drop(columns=["low", "high"])).results() == []
    assert blocks.Table(pd.concat([RATES, RATES])).results() == []


def test_a_bundle_that_is_none_of_ours_is_passed_over():
    rows = [3, {"name": "x"}, {"name": "x", "value": []}, {"name": "y", "value": 1, "low": "no"}]
    output = {"output_type": "display_data", "data": {MIME: {"rows": rows}}}
    assert take([{"cells": [{"cell_type": "code", "outputs": [output]}]}]) == []


def test_what_is_kept_reads_back_and_is_the_same_byte_for_byte(tmp_path):
    kept = [NamedResult("peace, “A”", 1.5, 1.0, 2.0, 3), NamedResult("most", "TASS")]
    path, stamp = tmp_path / "a.results.json", ResultStamp("2026-01-01T00:00:00+00:00", "v1", documents=3)
    write_results(path, stamp, kept)
    first = path.read_bytes()
    assert read_results(path) == (stamp, kept)
    write_results(path, stamp, kept)
    assert path.read_bytes() == first
    path.write_text("{")
    assert read_results(path) is None
