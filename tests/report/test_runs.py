"""A run stands on the disk from its first moment; one that was cut short is told from one that still runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nbformat import write
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workbench.errors import BadJob, WorkbenchError
from workbench.project import Project, find_project
from workbench.report.jobs.model import JobFile, Schedule, Sweep
from workbench.report.jobs.run import run_job
from workbench.report.records import KILLED, read_records
from workbench.report.runs import LOCK, last_good, read_run, read_runs, recover_runs
from workbench.store.locks import LockTimeout, lock

SLOT = datetime(2020, 3, 9, 7, tzinfo=UTC)
NAME = "20200309T0700Z"
JOB = JobFile("week", "The week", ("one",), schedule=Schedule(window="7 days"))
TEXT = "Talks\n\nGENEVA, March 3, 2020 - The two sides resumed talks, officials said.\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for folder in ("texts", "notebooks", "jobs"):
        (tmp_path / folder).mkdir()
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n')
    (tmp_path / "texts" / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "jobs" / "week.toml").write_text('notebooks = ["one"]\n[schedule]\nwindow = "7 days"\n')
    says(tmp_path, f"print(open('reports/week/{NAME}/run.json').read())")
    return find_project(tmp_path)


def says(folder: Path, source: str) -> None:
    """Write the notebook anew."""
    values = new_code_cell('select: str = ""', metadata={"tags": ["parameters"]})
    cells = [new_markdown_cell("# One"), values, new_code_cell(source)]
    write(new_notebook(cells=cells), folder / "notebooks" / "one.ipynb")


def kept(project: Project) -> dict[str, object]:
    return json.loads((project.reports / "week" / NAME / "run.json").read_text(encoding="utf-8"))


@pytest.fixture
def elsewhere(project: Project):
    """The same slot in a process of its own, in the middle of a cell that sleeps."""
    says(project.folder, "open('begun', 'w').close()\nimport time\ntime.sleep(600)")
    words = [sys.executable, "-m", "workbench", "report", "week", "--slot", "2020-03-09T07:00Z"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(words, cwd=project.folder, env=environment, stdout=subprocess.DEVNULL) as process:
        for _ in range(900):
            if (project.folder / "begun").exists():
                break
            time.sleep(0.1)
        yield process
        process.kill()


@pytest.mark.notebooks
def test_a_run_says_that_it_runs_before_its_first_cell_does(project):
    run = run_job(JOB, project, slot=SLOT)
    notebook = run.files["ipynb"][0].read_text(encoding="utf-8")
    assert '\\"state\\": \\"running\\"' in notebook
    assert (kept(project)["state"], read_run(run.folder)) == ("done", run)


@pytest.mark.notebooks
@pytest.mark.faults
def test_a_killed_run_is_told_from_one_that_runs_and_gets_its_true_state(project, elsewhere, monkeypatch):
    monkeypatch.setattr("workbench.report.runs.PATIENCE", 0.2)
    assert recover_runs(project.reports) == [], "it still runs"
    assert kept(project)["state"] == "running"
    with pytest.raises(BadJob, match="is being made by another process"):
        run_job(JOB, project, slot=SLOT)
    os.kill(elsewhere.pid, signal.SIGKILL)
    elsewhere.wait()
    (mended,) = recover_runs(project.reports)
    assert (mended.state, mended.reason, mended.deliver) == ("failed", KILLED, "notice")
    assert kept(project)["state"] == "failed"
    (record,) = read_records(mended.folder)
    assert (record.state, record.reason) == ("failed", KILLED)
    assert recover_runs(project.reports) == []
    says(project.folder, "print(1)")
    assert run_job(JOB, project, slot=SLOT).state == "done"


@pytest.mark.notebooks
@pytest.mark.faults
def test_a_failure_of_a_slot_does_not_undo_the_good_run_it_had(project):
    good = run_job(JOB, project, slot=SLOT)
    says(project.folder, "1 / 0")
    bad = run_job(JOB, project, slot=SLOT)
    assert bad.state == "failed"
    later = last_good("week", project, "20200316T0700Z")
    assert later == good
    assert later.files["html"][0].is_file()
    assert run_job(JOB, project, slot=SLOT).before is not None, "nor does a second failure"
    says(project.folder, "print(2)")
    healed = run_job(JOB, project, slot=SLOT)
    assert (healed.state, healed.before) == ("done", None)


def test_what_ends_a_run_before_a_report_is_begun_is_kept_too(project):
    sweep = replace(JOB, sweep=Sweep("source", ("Nobody",)))
    with pytest.raises(WorkbenchError, match="nothing to sweep by source"):
        run_job(sweep, project, slot=SLOT)
    (run,) = read_runs("week", project)
    assert run.state == "failed"
    assert "nothing to sweep by source" in run.reason


def test_a_run_record_that_runs_no_more_is_mended_and_one_that_cannot_be_read_is_left(project):
    folder = project.reports / "week" / NAME
    run_job(
        replace(JOB, notebooks=("one",)), project, slot=datetime(2021, 1, 4, tzinfo=UTC)
    )  # skipped: no document
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{")
    assert recover_runs(project.reports) == []
    with lock(folder / LOCK), pytest.raises(LockTimeout), lock(folder / LOCK):
        pass
    assert [run.state for run in read_runs("week", project)] == ["skipped"]
