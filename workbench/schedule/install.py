"""Print what starts the scheduler: a systemd timer, a cron line, a Windows task, or Airflow DAGs.

Jobs as DAGs of Apache Airflow: its papermill provider runs a notebook that calls our own command.

The calendar and the retries are then Airflow's; the window, the reuse of what is unchanged and the
ledger stay ours, since the DAG calls `workbench schedule slot` with the time it was due.

What starts the scheduler: a systemd timer, a cron line, a Windows task. Printed, never installed.
"""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from workbench.project import Project
from workbench.report.files import write_file
from workbench.report.jobs.cron import cron_of
from workbench.report.jobs.model import JobFile

NOTEBOOK = "workbench_slot.ipynb"
_EARLY = date(2000, 1, 1)
# Values enter as Python literals, so a title or a path is text and nothing else.
_DAG = '''\
"""Written by `workbench schedule export --to airflow`; write it anew when the job's schedule changes."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

from airflow import DAG
from airflow.providers.papermill.operators.papermill import PapermillOperator
from airflow.timetables.trigger import CronTriggerTimetable

HERE = Path(__file__).parent
# The time at which the run was due; one that is triggered by hand has none: then the last slot is meant.
MOMENT = "(dag_run.logical_date or dag_run.run_after)"
OUT = Path({out!r})


def make_room(context):
    """Make the folder of the executed notebooks, which papermill wants to be there."""
    OUT.mkdir(parents=True, exist_ok=True)


with DAG(
    dag_id={dag!r},
    description={title!r},
    schedule=CronTriggerTimetable({cron!r}, timezone={zone!r}),
    start_date=datetime({day}, tzinfo=timezone.utc),
    catchup={catchup!r},
    max_active_runs=1,
    default_args={{
        "retries": {retries!r},
        "retry_delay": timedelta(seconds={backoff!r}),
        "retry_exponential_backoff": True,
        "execution_timeout": timedelta(seconds={deadline!r}),
    }},
    tags=["workbench"],
):
    PapermillOperator(
        task_id="report",
        input_nb=str(HERE / {notebook!r}),
        output_nb=str(OUT / ({name!r} + "-{{{{ " + MOMENT + ".strftime('%Y%m%dT%H%M%SZ') }}}}.ipynb")),
        parameters={{
            "python": {python!r},
            "project": {project!r},
            "job": {name!r},
            "slot": "{{{{ " + MOMENT + ".isoformat() }}}}",
        }},
        log_output=True,
        pre_execute=make_room,
    )
'''
_CELLS: tuple[tuple[str, list[str]], ...] = (
    ('python: str = ""\nproject: str = "."\njob: str = ""\nslot: str = ""', ["parameters"]),
    (
        "import subprocess\n"
        'command = [python, "-m", "workbench", "schedule", "slot", job, slot, "--nearest"]\n'
        "done = subprocess.run(command, cwd=project, capture_output=True, text=True)\n"
        "said = (done.stdout + done.stderr).strip()\n"
        "print(said)\n"
        "if done.returncode:\n"
        "    raise RuntimeError(said)",
        [],
    ),
)


def write_dags(
    jobs: Mapping[str, JobFile], project: Project, out: Path, *, python: str = sys.executable
) -> list[Path]:
    """One DAG a job with a schedule, and the notebook that they run; their paths.

    `python` has the workbench on the machine of Airflow's workers; their own need not.
    """
    notebook = out / NOTEBOOK
    write_file(notebook, json.dumps(_notebook(), indent=1) + "\n")
    paths = [notebook]
    for name, job in jobs.items():
        if job.schedule and job.schedule.cron:
            paths.append(out / f"workbench_{_identifier(name)}.py")
            write_file(paths[-1], dag_of(job, project, python, datetime.now(UTC).date()))
    return paths


def dag_of(job: JobFile, project: Project, python: str, since: date) -> str:
    """The source of a job's DAG. One that catches everything up begins on the day `since`.

    Others begin early: Airflow calls a run from before that day a success and runs nothing.
    """
    rule = job.schedule
    assert rule is not None
    begins = since if rule.catch_up == "all" else _EARLY
    return _DAG.format(
        name=job.name, dag=f"workbench_{_identifier(job.name)}", title=job.title, cron=cron_of(rule.cron),
        zone=rule.timezone, catchup=rule.catch_up == "all", retries=rule.retries, backoff=rule.backoff,
        deadline=rule.deadline + 60, notebook=NOTEBOOK, out=str(project.reports / ".schedule" / "airflow"),
        project=str(project.folder), python=python, day=f"{begins.year}, {begins.month}, {begins.day}",
    )  # fmt: skip


def _identifier(name: str) -> str:
    return re.sub(r"[^\w.-]+", "_", name, flags=re.ASCII)


def _notebook() -> dict[str, Any]:
    cells = [
        {
            "cell_type": "code", "execution_count": None, "id": f"cell-{n}", "metadata": {"tags": tags},
            "outputs": [], "source": source.splitlines(keepends=True),
        }
        for n, (source, tags) in enumerate(_CELLS)
    ]  # fmt: skip
    spec = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return {"cells": cells, "metadata": spec, "nbformat": 4, "nbformat_minor": 5}


# ---------------------------------------------------------------- what starts the scheduler: a systemd timer, a cron line, a Windows task. Printed, never installed

EVERY = 15  # minutes between two ticks; a slot begun within an hour is in time


def installs(project: Path, python: str = sys.executable) -> str:
    """All three, each with where it goes."""
    tick = [python, "-m", "workbench", "schedule", "tick"]
    return "\n\n".join([_systemd(project, tick), _cron(project, tick), _windows(project, python)]) + "\n"


def _systemd(project: Path, tick: list[str]) -> str:
    place = str(project).replace("%", "%%")
    command = " ".join(_systemd_word(word) for word in tick)
    return f"""\
# Linux with systemd: two files in ~/.config/systemd/user, then
#   systemctl --user daemon-reload; systemctl --user enable --now workbench.timer; loginctl enable-linger

# workbench.service
[Unit]
Description=Reports of the analyst workbench that are due
[Service]
Type=oneshot
WorkingDirectory={place}
ExecStart={command}
# secrets such as WORKBENCH_SMTP_PASSWORD; the file belongs to you alone (chmod 600)
EnvironmentFile=-%h/.config/workbench.env
TimeoutStopSec=60

# workbench.timer
[Unit]
Description=Every {EVERY} minutes, and at once after an outage
[Timer]
OnCalendar=*:0/{EVERY}
Persistent=true
[Install]
WantedBy=timers.target"""


def _systemd_word(word: str) -> str:
    safe = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{safe}"' if any(c in safe for c in " \t\"'\\") else safe


def _cron(project: Path, tick: list[str]) -> str:
    # cron reads % as the end of the line
    line = f"cd {shlex.quote(str(project))} && {shlex.join(tick)} >/dev/null".replace("%", "\\%")
    return (
        f"# Any Unix: one line, added with `crontab -e`; cron mails what goes wrong\n*/{EVERY} * * * * {line}"
    )


def _windows(project: Path, python: str) -> str:
    def text(value: str) -> str:
        return "'" + value.replace("'", "''") + "'"

    return f"""\
# Windows: in PowerShell, once
$do = New-ScheduledTaskAction -Execute {text(python)} -Argument '-m workbench schedule tick' -WorkingDirectory {text(str(project))}
$when = New-ScheduledTaskTrigger -Once -At (Get-Date) -RepetitionInterval (New-TimeSpan -Minutes {EVERY})
$how = New-ScheduledTaskSettingsSet -StartWhenAvailable -MultipleInstances IgnoreNew
Register-ScheduledTask -TaskName 'workbench' -Action $do -Trigger $when -Settings $how"""
