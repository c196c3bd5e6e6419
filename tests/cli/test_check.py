"""`workbench check`: a screenful whatever the corpus, lines that paste as they stand, and every row on request."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

import workbench
from workbench.cli.app import app
from workbench.cli.check import coverage_line

SCREEN = 40
BODY = "The ferry left the harbour on Monday with {n} lamps and all its crew on board, the mayor of the town said.\n"


def corpus_of(folder, n):
    """A corpus in which each kind of thing that can be corrected occurs, `n` documents with gaps since 1983."""
    for k in range(n):
        page = (
            f"Ferry {k} leaves\n\n"
            + ("" if k % 4 == 0 else f"March {k % 28 + 1}, {1983 + k % 40}\n\n")
            + BODY.format(n=k)
        )
        name = (
            f"press/2020-03-{k % 28 + 1:02}-{k}.txt"
            if k % 8 == 0
            else f"{'tass' if k % 3 else 'wire'}/{k}.txt"
        )
        path = folder / "texts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    (folder / "texts" / "broken.txt").write_bytes(b"\x00\x01\x02\xff" * 400)
    (folder / "workbench.toml").write_text('corpus = "texts"\n', encoding="utf-8")


@pytest.fixture
def check(tmp_path, monkeypatch):
    corpus_of(tmp_path, 120)
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        done = CliRunner().invoke(app, ["check", *arguments], catch_exceptions=False)
        assert done.exit_code == 1, "a file was refused"
        return done.stdout

    return run


def test_the_summary_fits_on_a_screen_and_names_the_next_step(check):
    lines = check().splitlines()
    assert len(lines) <= SCREEN
    assert lines[0].startswith("120 documents of 1 source, 1984-")
    assert lines[-1] == "Every row: workbench check --limit 0; as data: --json"
    assert sum(line.startswith("Coverage: ") for line in lines) == 1


def test_the_line_on_dates_pastes_as_it_stands_and_corrects_what_it_says(check, tmp_path):
    said = check()
    assert "30 of 120 documents have no date; 15 of them have one in the file name" in said
    (line,) = [line.strip() for line in said.splitlines() if "date_from" in line]
    with (tmp_path / "texts" / "metadata.toml").open("a", encoding="utf-8") as file:
        file.write(f'["wire/0.txt".lines]\n{line}\n')
    assert "15 of 120 documents have no date" in check()
    assert workbench.load().tables.documents.to_pandas()["date_precision"].eq("none").sum() == 15


def test_every_row_is_shown_on_request(check):
    said = check("--limit", "0")
    assert "coverage by source and month" in said
    assert sum(".txt " in line for line in said.splitlines()) >= 120
    assert "20 of 120 rows shown" not in said
    assert "5 of 120 rows shown" in check("--limit", "5")


def test_json_has_the_groups_and_every_row_of_the_tables(check):
    tables = json.loads(check("--json"))
    assert next(iter(tables)) == "what you can correct"
    assert set(tables["what you can correct"][0]) == {"what", "n", "of", "note", "line"}
    assert len(tables["documents"]) == 120
    assert len(json.loads(check("--json", "--limit", "3"))["documents"]) == 3


def test_gaps_of_many_years_are_one_line():
    months = [f"{1983 + k // 12}-{k % 12 + 1:02}" for k in range(480)]
    rows = [
        (source, month, int(month == months[0]), "" if month == months[0] else "gap")
        for source in "ABCDE"
        for month in months
    ]
    line = coverage_line(pd.DataFrame(rows, columns=["source", "period", "n_docs", "mark"]))
    assert "\n" not in line
    assert line.startswith("Coverage: 2,395 months without a document (A 479 since 1983-01")
    assert line.endswith("and 2 other sources)")


def test_a_placeholder_that_was_pasted_is_named_as_one(check, tmp_path):
    (tmp_path / "texts" / "metadata.toml").write_text(
        '"wire/0.txt" = {date = "…", reason = "…"}\n', encoding="utf-8"
    )
    assert "1 of 1 entries of metadata.toml have no effect" in (said := check())
    assert "in place of …" in said
