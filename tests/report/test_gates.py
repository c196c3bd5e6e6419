"""The gates of a job: which documents make a report one to be read with care, and where that is said."""

import json
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from workbench.project import find_project
from workbench.report.jobs.gates import failed_gates
from workbench.report.jobs.model import Gates, JobFile, Schedule, Sweep
from workbench.report.jobs.run import run_job
from workbench.report.runs import read_run

DAY = date(2020, 3, 16)


def table(*dates, stories=None):
    ids = [f"d{number}" for number in range(len(dates))]
    rows = {"doc_id": ids, "date": list(dates), "story": stories or ids}
    return pd.DataFrame(rows).astype({"date": "string", "story": "string", "doc_id": "string"})


FOUR = table("2020-03-12", "2020-03-03", None, "--03-11", stories=["d0", "d1", "d0", None])


@pytest.mark.parametrize(
    ("gates", "said"),
    [
        (Gates(min_documents=5), "It rests on 4 documents; at least 5 are wanted."),
        (Gates(min_documents=4), ""),
        (Gates(max_age_days=3), "Its newest document is of 2020-03-12, 4 days before 2020-03-16; at most 3 are wanted."),
        (Gates(max_age_days=4), ""),
        (Gates(max_duplicate_share=0.2), "1 of 4 documents (25%) are copies of another document; at most 20% are wanted."),
        (Gates(max_duplicate_share=0.25), ""),
        (Gates(max_unknown_dates=0.1), "1 of 4 documents (25%) are without a date; at most 10% are wanted."),
        (Gates(max_unknown_dates=0.25), ""),
        (Gates(), ""),
    ],
)  # fmt: skip
def test_each_gate_says_what_is_there_and_what_is_wanted(gates, said):
    assert failed_gates(FOUR, gates, DAY) == [said] * bool(said)


def test_all_gates_that_are_missed_are_said():
    gates = Gates(min_documents=9, max_age_days=0, max_duplicate_share=0.0, max_unknown_dates=0.0)
    assert len(failed_gates(FOUR, gates, DAY)) == 4


def test_a_date_is_as_new_as_it_may_be_and_one_without_a_year_is_none():
    assert failed_gates(table("2020-03"), Gates(max_age_days=0), DAY) == []
    assert "of 2019-12-31, 76 days" in failed_gates(table("2019"), Gates(max_age_days=75), DAY)[0]
    assert "None of its documents has a date" in failed_gates(table("--03-11"), Gates(max_age_days=9), DAY)[0]


def test_undated_documents_are_counted_although_they_are_in_no_window():
    assert failed_gates(table("2020-03-12"), Gates(max_unknown_dates=0.2), DAY, FOUR) != []
    assert failed_gates(table("2020-03-12"), Gates(max_unknown_dates=0.2), DAY) == []


def test_no_document_misses_only_the_gate_that_asks_for_some():
    gates = Gates(min_documents=1, max_age_days=1, max_duplicate_share=0.0, max_unknown_dates=0.0)
    assert failed_gates(table(), gates, DAY) == ["It rests on 0 documents; at least 1 are wanted."]


@pytest.fixture
def project(tmp_path):
    from nbformat import write as save
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n')
    (tmp_path / "texts").mkdir()
    (tmp_path / "notebooks").mkdir()
    for day in (3, 12):
        page = f"Talks of day {day}\n\nGENEVA, March {day}, 2020 - The two sides resumed talks, officials said.\n"
        (tmp_path / "texts" / f"day{day}.txt").write_text(page, encoding="utf-8")
    values = new_code_cell('select: str = ""', metadata={"tags": ["parameters"]})
    cells = [new_markdown_cell("# About\n## What"), values, new_code_cell("print(6 * 7)")]
    save(new_notebook(cells=cells), tmp_path / "notebooks" / "first.ipynb")
    return find_project(tmp_path)


@pytest.mark.notebooks
def test_a_report_that_misses_a_gate_is_made_and_says_so_on_top_with_the_last_good_one(project):
    week = Schedule(window="7 days")
    good = run_job(
        JobFile("week", "The week", ("first",), schedule=week), project, slot=datetime(2020, 3, 9, tzinfo=UTC)
    )
    job = JobFile("week", "The week", ("first",), schedule=week, gates=Gates(min_documents=2))
    run = run_job(job, project, slot=datetime(2020, 3, 16, tzinfo=UTC))
    said = "It rests on 1 document; at least 2 are wanted."
    assert (good.state, run.state, run.reason, run.deliver) == ("done", "degraded", said, "report")
    page = run.files["html"][0].read_text(encoding="utf-8")
    assert (
        page.index("Read this report with care")
        < page.index(said)
        < page.index("The last good report")
        < page.index('<pre tabindex="0">42')
    )
    link = page.split('<p class="wb-good"><a href="')[1].split('"')[0]
    assert (run.folder / link).resolve() == good.files["html"][0].resolve()
    assert json.loads((run.folder / "run.json").read_text(encoding="utf-8"))["reason"] == said
    assert read_run(run.folder).state == "degraded"
    again = run_job(job, project, slot=datetime(2020, 3, 16, tzinfo=UTC))
    assert (again.state, again.reports[0].state) == ("degraded", "reused")
    healed = run_job(
        JobFile("week", "The week", ("first",), schedule=week),
        project,
        slot=datetime(2020, 3, 16, tzinfo=UTC),
    )
    assert healed.state == "done"
    assert "Read this report with care" not in healed.files["html"][0].read_text(encoding="utf-8")


def test_a_window_without_documents_is_degraded_when_a_gate_asks_for_some(project):
    job = JobFile("week", "W", ("first",), schedule=Schedule(window="7 days"), gates=Gates(min_documents=1))
    run = run_job(job, project, slot=datetime(2020, 4, 30, tzinfo=UTC))
    assert (run.state, run.reports, run.deliver) == ("degraded", (), "notice")
    assert "no document is inside the selection" in run.reason
    assert "It rests on 0 documents" in run.reason


@pytest.mark.notebooks
def test_each_part_of_a_sweep_passes_the_gates_by_itself_and_the_run_says_which_did_not(project):
    """Two documents in March, one in April; two notebooks a report. Only April has too few."""
    page = "Talks go on\n\nGENEVA, April 2, 2020 - The two sides met once more, officials said.\n"
    (project.folder / "texts" / "april.txt").write_text(page, encoding="utf-8")
    (project.notebooks / "second.ipynb").write_text((project.notebooks / "first.ipynb").read_text())
    gates = Gates(min_documents=2, max_age_days=30)
    job = JobFile("all", "All", ("first", "second"), sweep=Sweep("month"), gates=gates)
    run = run_job(job, project, slot=datetime(2020, 4, 10, tzinfo=UTC))
    few = "It rests on 1 document; at least 2 are wanted."
    assert (run.state, run.reason, run.deliver) == ("degraded", f"2020-04: {few}", "report")
    march, april = (path.read_text(encoding="utf-8") for path in run.files["html"])
    assert ("Read this report with care" in march, few in april) == (False, True)
    stale = run_job(job, project, slot=datetime(2020, 6, 10, tzinfo=UTC))
    old = "Its newest document is of 2020-04-02, 69 days before 2020-06-10; at most 30 are wanted."
    assert stale.reason == f"{old} 2020-04: {few}"
    assert all(old in path.read_text(encoding="utf-8") for path in stale.files["html"])


@pytest.mark.notebooks
@pytest.mark.parametrize(
    ("gates", "said"),
    [
        (Gates(max_age_days=9), "Its newest document is of 2020-03-12, 10 days before 2020-03-22"),
        (Gates(max_duplicate_share=0.2), "1 of 3 documents (33%) are copies of another document"),
        (Gates(max_unknown_dates=0.2), "2 of 4 documents (50%) are without a date"),
    ],
    ids=["age", "copies", "dates"],
)
def test_freshness_copies_and_unknown_dates_mark_a_report_of_two_notebooks(project, gates, said):
    (project.notebooks / "second.ipynb").write_text((project.notebooks / "first.ipynb").read_text())
    if gates.max_duplicate_share is not None:
        (project.folder / "texts" / "copy.txt").write_text(
            (project.folder / "texts" / "day3.txt").read_text()
        )
    if gates.max_unknown_dates is not None:
        for name in ("x", "y"):
            page = f"Talks {name}\n\nThe two sides resumed talks about {name}, officials said, and left the town.\n"
            (project.folder / "texts" / f"{name}.txt").write_text(page, encoding="utf-8")
    job = JobFile("all", "All", ("first", "second"), gates=gates)
    run = run_job(job, project, slot=datetime(2020, 3, 22, tzinfo=UTC))
    assert (run.state, said in run.reason) == ("degraded", True), run.reason
    (page,) = run.files["html"]
    assert said in page.read_text(encoding="utf-8")
