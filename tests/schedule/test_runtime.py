"""The schedule by its real command: processes, locks, ledger, list, log, a slot again; what is printed to install it."""

from __future__ import annotations

import ast
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from typer.testing import CliRunner

from workbench.cli.app import app
from workbench.errors import BadSchedule
from workbench.project import find_project
from workbench.report.jobs.model import JobFile, Schedule
from workbench.report.run import ReportResult
from workbench.report.runs import JobRun
from workbench.schedule.install import dag_of, installs, write_dags
from workbench.schedule.run_process import slot_result
from workbench.schedule.runner import Runner
from workbench.schedule.runtime import ProjectRuntime
from workbench.schedule.slots import Slot, SlotLocked, hold_lock, open_slot_store, schedule_folder

JOB = """
title = "The <week> & more"
notebooks = ["one"]
[schedule]
cron = "{cron}"
timezone = "Europe/Berlin"
window = "previous week"
"""


needs_airflow = pytest.mark.skipif(
    "WORKBENCH_AIRFLOW" not in os.environ,
    reason="WORKBENCH_AIRFLOW names no Python that has Airflow and its papermill provider; the DAG is parsed above",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one document, one notebook that imports nothing, and the job `weekly`."""
    for folder in ("notebooks", "jobs", "texts"):
        (tmp_path / folder).mkdir()
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n')
    (tmp_path / "texts" / "a.txt").write_text("A title\n\nThe ministers met in Moscow and spoke at length.\n")
    cells = [
        new_markdown_cell("# A title"),
        new_code_cell("pause: float = 0.0", metadata={"tags": ["parameters"]}),
        new_code_cell("import time; time.sleep(pause); print('counted')"),
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "notebooks" / "one.ipynb")
    (tmp_path / "jobs" / "weekly.toml").write_text(
        JOB.format(cron="0 * * * *").replace('window = "previous week"', "")
    )
    return tmp_path


def workbench(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "workbench", "schedule", *words]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, env=environment)


def due(project: Path, hours: int = 3) -> datetime:
    """Make the job due: known for some hours, so that the last of its slots is to be run now."""
    ledger, now = open_slot_store(find_project(project)), datetime.now(UTC)
    ledger.plan("weekly", now - timedelta(hours=hours), "Europe/Berlin 0 * * * *", [], now)
    return now


@pytest.mark.notebooks
@pytest.mark.slow
def test_a_tick_makes_the_report_and_list_and_log_tell_of_it_in_one_look(project):
    due(project)
    ticked = workbench(project, "tick")
    assert "weekly" in ticked.stdout, ticked.stderr
    rows = json.loads(workbench(project, "list", "--json").stdout)
    (row,) = rows
    assert row["job"] == "weekly", rows
    assert (project / "reports" / row["report"]).is_file()
    assert row["next"].endswith(("CET", "CEST"))
    slots = json.loads(workbench(project, "log", "weekly", "--json").stdout)
    assert {slot["state"] for slot in slots} == {"ran", "missed"}
    last = next(slot for slot in slots if slot["state"] == "ran")
    told = json.loads(workbench(project, "log", "weekly", last["utc"], "--json").stdout)
    assert [event["state"] for event in told["events"]] == ["waiting", "running", "ran"]
    assert "begun" in told["words"]
    page = json.loads((project / "reports" / "schedule.json").read_text())
    assert page["jobs"][0]["report"] == row["report"]

    again = workbench(project, "slot", "weekly", last["utc"])
    assert again.returncode == 0, again.stderr
    assert "nothing changed since the last" in again.stdout
    wrong = workbench(project, "slot", "weekly", "soon")
    assert wrong.returncode == 2
    assert "write 2026-11-23" in wrong.stderr


@pytest.mark.parametrize(
    ("deliver", "said"),
    [
        ('mail = ["a@example.org"]', "no mail server is named"),
        ('folder = "texts/a.txt/x"', "folder not sent"),
    ],
)
def test_a_slot_whose_report_was_not_sent_says_so_at_once_with_the_wait(project, monkeypatch, deliver, said):
    job = project / "jobs" / "weekly.toml"
    job.write_text(f"{job.read_text()}[deliver]\n{deliver}\n")
    monkeypatch.chdir(project)
    monkeypatch.delenv("WORKBENCH_SMTP_HOST", raising=False)

    def ran(self, row):
        row = replace(row, state="ran", result={"deliver": "report", "files": {"html": ["weekly.html"]}})
        self.ledger.put(row, datetime.now(UTC))
        self.world.send(self.world.jobs()["weekly"], row, self.ledger)
        return row

    monkeypatch.setattr(Runner, "one", ran)
    slot = CliRunner().invoke(app, ["schedule", "slot", "weekly", "2026-11-23T06:00"])
    assert slot.exit_code == 1, slot.output
    assert said in slot.stderr
    assert "tries again after a wait of 10 minutes" in slot.stderr
    job.write_text(job.read_text().partition("[deliver]")[0])
    assert CliRunner().invoke(app, ["schedule", "slot", "weekly", "2026-11-23T07:00"]).exit_code == 0


def test_a_tick_says_what_it_tried_to_send_in_vain_and_fails_only_then(project, monkeypatch):
    job = project / "jobs" / "weekly.toml"
    job.write_text(job.read_text() + '[deliver]\nfolder = "texts/a.txt/x"\n')
    monkeypatch.chdir(project)
    ledger, slot = open_slot_store(find_project(project)), datetime(2026, 11, 23, 5, tzinfo=UTC)
    result = {"deliver": "report", "files": {"html": ["weekly.html"]}}
    row, now = Slot("weekly", slot, None, None, "ran", result=result), datetime.now(UTC)
    ledger.put(row, now)
    ledger.deliver(row, "folder", "waiting", now - timedelta(hours=1), reason="no space", tries=1)
    tried = CliRunner().invoke(app, ["schedule", "tick"])
    assert tried.exit_code == 1, tried.output
    assert "weekly 2026-11-23T05:00Z: folder not sent" in tried.stderr
    assert "try 2 of 5" in tried.stderr
    assert "nothing is due" not in tried.stdout
    waits = CliRunner().invoke(app, ["schedule", "tick"])  # within the wait nothing is tried
    assert (waits.exit_code, waits.stderr) == (0, "")


def test_the_page_of_a_report_that_was_reused_is_named_without_a_detour(project):
    found = find_project(project)
    page = found.reports / "weekly" / "20261124T0500Z" / ".." / "20261123T0500Z" / "weekly.html"
    result = ReportResult("weekly", "reused", {"html": page}, 0.0)
    run = JobRun(
        "weekly", "A title", "reused", found.reports / "weekly" / "20261124T0500Z", "x", reports=(result,)
    )
    assert slot_result(run, found)["files"] == {"html": ["weekly/20261123T0500Z/weekly.html"]}


def test_two_runners_at_once_are_one_and_a_killed_one_leaves_no_lock(project):
    place = schedule_folder(find_project(project)) / "runner.lock"
    code = f"import time; from pathlib import Path; from workbench.schedule.slots import hold_lock\nwith hold_lock(Path({str(place)!r})): print('held', flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(SlotLocked), hold_lock(place):
            pass
        second = workbench(project, "tick")
        assert (second.returncode, second.stdout) == (
            0,
            "schedule: another runner is active; it runs what is due\n",
        )
        holder.kill()
        holder.wait()
        with hold_lock(place):
            pass


def test_where_nothing_is_due_or_no_job_has_a_schedule_that_is_said(project):
    assert workbench(project, "tick").stdout.startswith("schedule: nothing is due now")
    (project / "jobs" / "broken.toml").write_text("notebooks = 3")
    some = workbench(project, "export", "--out", "dags")
    assert some.returncode == 1
    assert some.stdout.split() == ["dags/workbench_slot.ipynb", "dags/workbench_weekly.py"]
    assert "left out: " in some.stderr
    for job in (project / "jobs").iterdir():
        job.unlink()
    none = workbench(project, "export", "--out", "none")
    assert (none.returncode, (project / "none").exists()) == (2, False)
    assert "no job has a schedule\n  hint: add [schedule] to a file in" in none.stderr
    assert "add [schedule] to a file in" in workbench(project, "slot", "weekly", "2026-11-23").stderr


def test_a_folder_that_cannot_be_used_is_refused_with_its_mend(project):
    (project / "reports").write_text("in the way")
    refused = workbench(project, "tick")
    assert refused.returncode == 2
    assert "the folder of the schedule cannot be used" in refused.stderr
    assert "make it writable" in refused.stderr
    with pytest.raises(BadSchedule), hold_lock(project / "reports" / "lock"):
        pass


def test_what_is_printed_to_install_runs_the_same_tick(tmp_path):
    told = installs(Path("/srv/it's 100%/project"), python="/opt/a b/python")
    assert 'ExecStart="/opt/a b/python" -m workbench schedule tick' in told
    assert "WorkingDirectory=/srv/it's 100%%/project" in told
    cron = next(line for line in told.splitlines() if line.startswith("*/15"))
    assert "100\\%" in cron
    assert shlex.split(cron.replace("\\%", "%"))[5:7] == ["cd", "/srv/it's 100%/project"]
    assert "'/srv/it''s 100%/project'" in told
    assert "Persistent=true" in told


def test_a_dag_calls_the_same_command_with_its_slot_and_a_title_is_text_in_it(tmp_path):
    """Parsed, not run under Airflow: the DAG is Python, its values are literals, its notebook is the command."""
    rule = Schedule(cron="Monday 06:00", timezone="Europe/Berlin", retries=2, backoff=300, deadline=1800)
    evil = '"""); import os; os.system("true") #{{ 1 }}'
    job = JobFile("weekly", evil, ("one",), schedule=rule)
    paths = write_dags(
        {"weekly": job, "none": JobFile("none", "x", ("one",))}, find_project(tmp_path), tmp_path / "dags"
    )
    assert [path.name for path in paths] == ["workbench_slot.ipynb", "workbench_weekly.py"]
    (tmp_path / "workbench.toml").write_text('reports = "out"\n')
    source = dag_of(job, find_project(tmp_path), sys.executable, date(2026, 11, 23))
    assert f"OUT = Path({str(tmp_path / 'out' / '.schedule' / 'airflow')!r})" in source
    tree = ast.parse(source)
    calls = {
        node.func.id: node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert set(calls) == {
        "DAG",
        "CronTriggerTimetable",
        "PapermillOperator",
        "Path",
        "datetime",
        "timedelta",
        "str",
    }
    assert "start_date=datetime(2000, 1, 1," in source, (
        "Airflow runs nothing of before that day, and calls it a success"
    )
    late = dag_of(
        replace(job, schedule=replace(rule, catch_up="all")),
        find_project(tmp_path),
        "python",
        date(2026, 11, 23),
    )
    assert "start_date=datetime(2026, 11, 23," in late, "all is caught up since the first day"
    given = {key.arg: key.value for key in calls["DAG"].keywords}
    assert ast.literal_eval(given["description"]) == evil
    assert ast.literal_eval(calls["CronTriggerTimetable"].args[0]) == "0 6 * * 1"
    wanted = {key.arg: key.value for key in calls["PapermillOperator"].keywords}
    given = {
        ast.literal_eval(key): value
        for key, value in zip(wanted["parameters"].keys, wanted["parameters"].values, strict=True)
    }
    assert {name: ast.literal_eval(given[name]) for name in ("python", "project", "job")} == {
        "python": sys.executable, "project": str(tmp_path), "job": "weekly",
    }  # fmt: skip
    assert ast.unparse(given["slot"]) == "'{{ ' + MOMENT + '.isoformat() }}'"
    notebook = nbformat.read(paths[0], as_version=4)
    nbformat.validate(notebook)
    assert (
        '[python, "-m", "workbench", "schedule", "slot", job, slot, "--nearest"]' in notebook.cells[1].source
    )


@needs_airflow
def test_a_real_airflow_imports_the_dag_and_finds_its_task(tmp_path):
    rule = Schedule(cron="Monday 06:00", timezone="Europe/Berlin", retries=2, backoff=300, deadline=1800)
    title = '"""); import os; os.system("true") #{{ 1 }}'
    job = JobFile("weekly", title, ("one",), schedule=rule)
    write_dags({"weekly": job}, find_project(tmp_path), tmp_path / "dags")
    code = (
        "import json, sys\nfrom airflow.dag_processing.dagbag import DagBag\n"
        "bag = DagBag(sys.argv[1])\ndag = bag.dags['workbench_weekly']\ntask, = dag.tasks\n"
        "print(json.dumps([bag.import_errors, dag.description, type(task).__name__, task.retries, dag.catchup]))"
    )
    command = [os.environ["WORKBENCH_AIRFLOW"], "-c", code, str(tmp_path / "dags")]
    told = subprocess.run(command, env=airflow(tmp_path), capture_output=True, text=True, check=True)
    assert json.loads(told.stdout.splitlines()[-1]) == [{}, title, "PapermillOperator", 2, False]


@needs_airflow
@pytest.mark.notebooks
@pytest.mark.slow
def test_a_real_airflow_runs_the_slot_and_fails_with_the_reason_of_one_that_cannot_be(project, tmp_path):
    """`airflow dags test`: the task as a worker runs it. Airflow's own Python has no workbench."""
    (project / "jobs" / "weekly.toml").write_text(JOB.format(cron="Monday 06:00"))
    (project / "jobs" / "wrong.toml").write_text(
        JOB.format(cron="daily 06:00") + "[parameters]\npause = 'long'\n"
    )
    parameters = 'pause: float = 0.0\nselect: str = ""'
    notebook = nbformat.read(project / "notebooks" / "one.ipynb", as_version=4)
    notebook.cells[1].source = parameters
    nbformat.write(notebook, project / "notebooks" / "one.ipynb")
    (project / "texts" / "metadata.toml").write_text(
        '["a.txt"]\ndate = "2026-11-18"\nreason = "the day of the talks"\n'
    )
    python = tmp_path / "python"  # the environment of the tests, which Airflow does not hand on
    python.write_text(f'#!/bin/sh\nPYTHONPATH={Path(__file__).parents[2]} exec {sys.executable} "$@"\n')
    python.chmod(0o755)
    made = workbench(
        project, "export", "--to", "airflow", "--out", str(tmp_path / "dags"), "--python", str(python)
    )
    assert made.returncode == 0, made.stderr
    run = [os.environ["WORKBENCH_AIRFLOW"], "-m", "airflow"]
    subprocess.run([*run, "db", "migrate"], env=airflow(tmp_path), capture_output=True, check=True)
    test = [*run, "dags", "test"]
    slot = "2026-11-23T05:00:00+00:00"
    good = subprocess.run(
        [*test, "workbench_weekly", slot], env=airflow(tmp_path), capture_output=True, text=True
    )
    assert "weekly 2026-11-23T05:00Z: ran" in good.stdout + good.stderr
    (row, _) = json.loads(workbench(project, "list", "--json").stdout)
    assert (row["job"], row["state"], row["report"]) == ("weekly", "ran", "weekly/20261123T0500Z/weekly.html")
    kept = json.loads((project / "reports" / "weekly" / "20261123T0500Z" / "run.json").read_text())
    assert kept["window"] == ["2026-11-16", "2026-11-22"]
    bad = subprocess.run(
        [*test, "workbench_wrong", slot], env=airflow(tmp_path), capture_output=True, text=True
    )
    said = bad.stdout + bad.stderr
    assert "DagRun failed" in said
    assert "`pause` cannot be 'long'" in said


def airflow(folder: Path) -> dict[str, str]:
    """The environment of an Airflow of its own, whose DAGs are in `dags`."""
    return {
        "AIRFLOW_HOME": str(folder / "home"), "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(folder / "dags"), "PATH": os.environ["PATH"],
    }  # fmt: skip


@pytest.mark.notebooks
@pytest.mark.slow
@pytest.mark.faults
def test_sigterm_leaves_every_state_terminal_and_the_next_tick_makes_the_report(project):
    job = project / "jobs" / "weekly.toml"
    job.write_text(job.read_text() + "[parameters]\npause = 60.0\n")
    due(project)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "workbench", "schedule", "run"]
    with subprocess.Popen(command, cwd=project, env=environment, stdout=subprocess.PIPE, text=True) as runner:
        ledger = open_slot_store(find_project(project))
        assert running(ledger), "the run was never begun"
        time.sleep(1)
        runner.send_signal(signal.SIGTERM)
        runner.wait(60)
    states = {row.state for row in ledger.slots()}
    assert not states & {"running", "waiting"}
    (cut,) = ledger.cut_short("weekly")
    assert cut.state == "failed"
    assert "the next runner takes it up" in cut.reason
    job.write_text(job.read_text().replace("60.0", "0.0"))
    workbench(project, "tick")
    assert ledger.slots("weekly", states=("ran",))
    assert not ledger.slots(states=("running", "waiting"))


@pytest.mark.faults
def test_list_does_not_say_running_of_what_was_killed(project):
    now = due(project)
    ledger = open_slot_store(find_project(project))
    slot = now.replace(minute=0, second=0, microsecond=0)
    ledger.put(Slot("weekly", slot, None, None, "running", tries=1, started=now), now)
    place = schedule_folder(find_project(project))
    with hold_lock(place / "runner.lock"):  # a runner is at work: it is believed
        assert json.loads(workbench(project, "list", "--json").stdout)[0]["state"] == "running"
    (row,) = json.loads(workbench(project, "list", "--json").stdout)
    assert row["state"] == "failed"
    assert "killed" in row["why"]
    assert "the next runner takes it up" in row["why"]


@pytest.mark.notebooks
@pytest.mark.slow
def test_a_slot_run_by_hand_is_left_alone_by_whoever_looks_meanwhile(project):
    """Two slots that Airflow began in one minute: the second took the first, not yet locked, for a killed one."""
    job = project / "jobs" / "weekly.toml"
    job.write_text(job.read_text() + "[parameters]\npause = 5.0\n")
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "workbench", "schedule", "slot", "weekly", "2026-11-23T06:00"]
    with subprocess.Popen(command, cwd=project, env=environment, stdout=subprocess.PIPE, text=True) as slot:
        ledger = open_slot_store(find_project(project))
        assert running(ledger), "the run was never begun"
        place = schedule_folder(find_project(project))
        with pytest.raises(SlotLocked), hold_lock(place / "weekly.hand.lock"):
            pass
        Runner(ledger, ProjectRuntime(find_project(project), patience=0.0)).recover()
        assert [row.state for row in ledger.slots()] == ["running"]
        said = slot.communicate(timeout=120)[0]
    page = project / "reports" / "weekly" / "20261123T0500Z" / "weekly.html"
    assert (slot.returncode, said) == (0, f"weekly 2026-11-23T05:00Z: ran\n  see {page}\n")


def running(ledger) -> list[Slot]:
    """The running slots, once there are any."""
    for _ in range(600):
        if found := ledger.slots(states=("running",)):
            return found
        time.sleep(0.1)
    return []
