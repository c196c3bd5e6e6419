"""Jobs as DAGs of Apache Airflow: its papermill provider runs a notebook that calls our own command.

The calendar and the retries are then Airflow's; the window, the reuse of what is unchanged and the
ledger stay ours, since the DAG calls `workbench schedule slot` with the time it was due.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.report.files import write_whole
from workbench.report.jobs import JobFile
from workbench.report.when import cron_of

NOTEBOOK = "workbench_slot.ipynb"
# Values enter as Python literals, so a title or a path is text and nothing else.
_DAG = '''\
"""Written by `workbench schedule export --to airflow`; write it anew when the job's schedule changes."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

from airflow import DAG
from airflow.providers.papermill.operators.papermill import PapermillOperator
from airflow.timetables.trigger import CronTriggerTimetable

HERE = Path(__file__).parent

with DAG(
    dag_id={dag!r},
    description={title!r},
    schedule=CronTriggerTimetable({cron!r}, timezone={zone!r}),
    start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),
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
        output_nb={output!r},
        parameters={{"project": {project!r}, "job": {name!r}, "slot": "{{{{ dag_run.logical_date.isoformat() }}}}"}},
    )
'''
_CELLS: tuple[tuple[str, list[str]], ...] = (
    ('project: str = "."\njob: str = ""\nslot: str = ""', ["parameters"]),
    (
        "import subprocess, sys\n"
        'command = [sys.executable, "-m", "workbench", "schedule", "slot", job, slot, "--nearest"]\n'
        "done = subprocess.run(command, cwd=project, capture_output=True, text=True)\n"
        "print(done.stdout, done.stderr)\n"
        "done.check_returncode()",
        [],
    ),
)


def write_dags(jobs: Mapping[str, JobFile], project: Path, out: Path) -> list[Path]:
    """One DAG a job with a schedule, and the notebook that they run; their paths."""
    notebook = out / NOTEBOOK
    write_whole(notebook, json.dumps(_notebook(), indent=1) + "\n")
    paths = [notebook]
    for name, job in jobs.items():
        if job.schedule and job.schedule.cron:
            paths.append(out / f"workbench_{_identifier(name)}.py")
            write_whole(paths[-1], dag_of(job, project))
    return paths


def dag_of(job: JobFile, project: Path) -> str:
    """The source of a job's DAG."""
    rule = job.schedule
    assert rule is not None
    output = project / "reports" / ".schedule" / "airflow" / f"{job.name}-{{{{ ts_nodash }}}}.ipynb"
    return _DAG.format(
        name=job.name, dag=f"workbench_{_identifier(job.name)}", title=job.title, cron=cron_of(rule.cron),
        zone=rule.timezone, catchup=rule.catch_up == "all", retries=rule.retries, backoff=rule.backoff,
        deadline=rule.deadline + 60, notebook=NOTEBOOK, output=str(output), project=str(project),
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
