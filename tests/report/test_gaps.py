"""A section that fails leaves a gap with the reason in words; what comes after it is made all the same."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nbformat import write
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workbench.project import Project, find_project
from workbench.report.jobs.model import JobFile, Schedule
from workbench.report.jobs.run import run_job
from workbench.report.notebook.sections import SectionStatus
from workbench.report.run import ReportRequest, RunConfig, run_report, run_reports
from workbench.report.runs import read_run

pytestmark = pytest.mark.notebooks
THREE = [
    "base = 7", "## Topics", "print('six', base - 1)", "## Moods\n\nHow it is said.", "print('half')\n1 / 0",
    "print('never')", "## Names", "print('eight', base + 1)",
]  # fmt: skip


def notebook(folder: Path, name: str, *cells: str) -> Path:
    """A notebook; what begins with # is text."""
    made = [new_markdown_cell(one) if one.startswith("#") else new_code_cell(one) for one in cells]
    values = new_code_cell('top: int = 3\nselect: str = ""', metadata={"tags": ["parameters"]})
    folder.mkdir(exist_ok=True)
    write(new_notebook(cells=[new_markdown_cell(f"# About {name}"), values, *made]), folder / f"{name}.ipynb")
    return folder / f"{name}.ipynb"


def test_a_failed_section_is_a_gap_between_whole_ones_and_the_last_good_report_is_linked(tmp_path):
    setting = RunConfig(tmp_path, tmp_path / "reports")
    good = run_report(
        ReportRequest(notebook(tmp_path, "three", *[one.replace("1 / 0", "1") for one in THREE])), setting
    )
    kept = good.paths["html"].read_bytes()
    (bad,) = run_reports([ReportRequest(notebook(tmp_path, "three", *THREE))], setting)
    said = "The section \u201cMoods\u201d is missing: ZeroDivisionError: division by zero"
    assert (bad.state, bad.reason, good.paths["html"].read_bytes()) == ("degraded", said, kept)
    page = bad.paths["html"].read_text(encoding="utf-8")
    shown = ["Read this report with care", said, 'href="three.html">The last good report', ">six 6", ">half",
             "This section failed: ZeroDivisionError", "The rest of this section is missing", ">eight 8"]  # fmt: skip
    places = [page.find(words) for words in shown]
    assert places == sorted(places), shown
    assert -1 not in places
    assert "never" not in json.dumps(
        [c.get("outputs") for c in json.loads(bad.paths["ipynb"].read_text())["cells"]]
    )
    index = (setting.out / "index.html").read_text(encoding="utf-8")
    assert said in index
    assert 'href="three.degraded.html"' in index
    assert run_report(ReportRequest(tmp_path / "three.ipynb"), setting).state == "degraded", (
        "a gap is no reason to stop trying"
    )
    healed = run_report(
        ReportRequest(notebook(tmp_path, "three", *[one.replace("1 / 0", "1") for one in THREE])), setting
    )
    assert healed.state == "reused"
    assert not bad.paths["html"].exists()


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["1 / 0", "## One", "print(1)"], "division by zero"),  # what all sections rest on
        (["## One", "1 / 0", "## Two", "[][1]"], "division by zero"),  # nothing is left
        (["## One", "print(1)", "## Two", "import os; os.kill(os.getpid(), 9)"], "the kernel ended"),
    ],
)
def test_a_report_of_which_nothing_can_be_relied_on_fails(tmp_path, cells, reason):
    result = run_report(
        ReportRequest(notebook(tmp_path, "x", *cells)), RunConfig(tmp_path, tmp_path / "reports")
    )
    assert result.state == "failed"
    assert reason in result.reason
    assert result.paths["html"].name == "x.failed.html"


def test_two_sections_of_one_name_are_two():
    sections = SectionStatus()
    cell = new_code_cell("1")
    for fails in (False, True, False):
        sections.begin(new_markdown_cell("text\n## Same ##\nmore"))
        if fails:
            sections.fail(cell, "why")
        else:
            assert not sections.failed
            sections.succeed()
    assert (len(sections.whole), sections.gaps, sections.usable) == (2, {"Same (2)": "why"}, True)
    sections.begin(new_markdown_cell("### Same"))
    assert sections.now == "Same (3)"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n')
    (tmp_path / "texts").mkdir()
    for day in (3, 12):
        text = f"Talks of day {day}\n\nGENEVA, March {day}, 2020 - The two sides resumed talks, officials said.\n"
        (tmp_path / "texts" / f"day{day}.txt").write_text(text, encoding="utf-8")
    notebook(tmp_path / "notebooks", "whole", "## One", "print('whole')")
    notebook(tmp_path / "notebooks", "breaks", "## One", "print('breaks')")
    return find_project(tmp_path)


@pytest.mark.faults
def test_a_job_whose_first_notebook_fails_is_made_of_the_others_and_links_the_last_good_one(project):
    job = JobFile("week", "The week", ("breaks", "whole"), schedule=Schedule(window="7 days"))
    good = run_job(job, project, slot=datetime(2020, 3, 9, tzinfo=UTC))
    notebook(
        project.folder / "notebooks", "breaks", "raise MemoryError('no room')", "## One", "print('breaks')"
    )
    run = run_job(job, project, slot=datetime(2020, 3, 16, tzinfo=UTC))
    said = "The part \u201cbreaks\u201d is missing: MemoryError: no room"
    assert (good.state, run.state, run.deliver) == ("done", "degraded", "report")
    assert said in run.reason
    page = run.files["html"][0].read_text(encoding="utf-8")
    assert (
        page.index(said)
        < page.index("The last good report")
        < page.index("This section failed")
        < page.index('<pre tabindex="0">whole')
    )
    link = page.split('<p class="wb-good"><a href="')[1].split('"')[0]
    assert (run.folder / link).resolve() == good.files["html"][0].resolve()
    kept = read_run(run.folder)
    assert (kept.state, kept.reason) == (run.state, run.reason)
    alone = run_job(replace(job, notebooks=("breaks",)), project, slot=datetime(2020, 3, 16, tzinfo=UTC))
    assert alone.state == "failed"
