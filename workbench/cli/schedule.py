"""`workbench schedule …`: what is due, what became of it, and why."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from workbench.errors import BadSchedule, did_you_mean

if TYPE_CHECKING:
    from workbench.project import Project
    from workbench.report.jobs.model import JobFile
    from workbench.schedule.slots import Slot

app = typer.Typer(help="Run jobs when they are due, and tell what became of them.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
AtOnce = Annotated[int, typer.Option(min=1, help="So many jobs at the same time.")]


@app.command()
def run(at_once: AtOnce = 1) -> None:
    """Stay and run what is due, until stopped.

    Ctrl-C or SIGTERM stops it; what runs then is taken up by the next runner.
    """
    _work(at_once, forever=True)


@app.command()
def tick(at_once: AtOnce = 1) -> None:
    """Run what is due now and return.

    For cron, a systemd timer or a Windows task: `install` prints them.
    """
    _work(at_once, forever=False)


def _work(at_once: int, *, forever: bool) -> None:
    from workbench.project import find_project
    from workbench.report.notebook.interrupts import terminable
    from workbench.report.runs import recover_runs
    from workbench.schedule.runner import Runner
    from workbench.schedule.runtime import ProjectRuntime, ledger_of, schedule_folder
    from workbench.schedule.slots import Held, held

    project = find_project()
    failed: list[Slot] = []
    heard: list[Slot] = []

    def tell(row: Slot) -> None:
        heard.append(row)
        typer.echo(
            f"{datetime.now(UTC):%H:%M:%S} {row.job} {row.slot:%Y-%m-%dT%H:%MZ}: {row.state}"
            + (f": {row.reason}" if row.reason else "")
            + _page(project, row)
        )
        failed.extend([row] if row.state in ("failed", "missed") else [])

    try:
        with held(schedule_folder(project) / "runner.lock"), terminable():
            recover_runs(project.reports)
            runner = Runner(ledger_of(project), ProjectRuntime(project), at_once=at_once, tell=tell)
            if not forever:
                runner.tick()
                if not heard:
                    typer.echo("schedule: nothing is due now; `workbench schedule list` says what is next")
            else:
                typer.echo(f"schedule: at work in {project.folder}; stop it with Ctrl-C")
                runner.forever()
    except Held:
        typer.echo("schedule: another runner is at work; it takes up what is due")
        raise typer.Exit(1 if forever else 0) from None
    raise typer.Exit(1 if failed else 0)


@app.command(name="list")
def list_(as_json: Json = False) -> None:
    """Each job with its last slot and its next.

    What became of the last one and why, and where the last good report is, below the reports folder.
    """
    from workbench.cli.commands import _table
    from workbench.schedule.status import overview

    project, jobs, ledger = _opened()
    rows = overview(ledger, jobs, datetime.now(UTC))
    if as_json:
        typer.echo(json.dumps(rows))
    elif rows:
        _table("", list(rows[0]), [list(row.values()) for row in rows])
    else:
        typer.echo(f"no job has a schedule: {_no_job(project)}")


@app.command()
def log(
    job: Annotated[str, typer.Argument(help="A job; all of them when left out.")] = "",
    slot: Annotated[str, typer.Argument(help="A slot, such as 2026-11-23 or 2026-11-23T06:00.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="The newest so many.")] = 20,
    as_json: Json = False,
) -> None:
    """The slots of a job, newest first, with reasons.

    Of one slot: every step of it, and the last words of its run.
    """
    from workbench.cli.commands import _table
    from workbench.schedule.runtime import log_of
    from workbench.schedule.status import history

    project, jobs, ledger = _opened()
    if job and job not in {*jobs, *(row.job for row in ledger.slots())}:
        raise BadSchedule("schedule log", problem=f"no job `{job}`", hint=did_you_mean(job, jobs))
    zone = _zone(jobs.get(job))
    if not slot:
        rows = history(ledger, job, zone, limit)
        if as_json:
            typer.echo(json.dumps(rows))
        elif rows:
            _table("", list(rows[0]), [list(row.values()) for row in rows])
        else:
            typer.echo("nothing has been due yet; `workbench schedule list` says when it will be")
        return
    found = _named(slot, [row.slot for row in ledger.slots(job)], zone, job)
    events = ledger.events(job, found, limit=1000)
    words = _tail(log_of(project, job, found))
    if as_json:
        typer.echo(json.dumps({"events": events, "words": words}))
        return
    _table(
        f"{job}, slot {found:%Y-%m-%dT%H:%MZ}",
        ["at", "state", "said"],
        [[e["at"], e["state"], e["said"]] for e in events],
    )
    typer.echo("\n" + (words or "its run left no words"))


@app.command()
def slot(
    job: Annotated[str, typer.Argument(help="The job.")],
    when: Annotated[
        str, typer.Argument(help="The slot: 2026-11-23, or 2026-11-23T06:00 by the job's clock, or with Z.")
    ],
    nearest: Annotated[
        bool, typer.Option("--nearest", help="The last slot at or before that moment.")
    ] = False,
) -> None:
    """Run one slot, again or for the first time.

    It is about the same days, whenever it is run. Exit code 1 when it failed.
    """
    from dataclasses import replace

    from workbench.report.jobs.model import JobFile
    from workbench.report.jobs.window import window_of
    from workbench.report.notebook.interrupts import terminable
    from workbench.schedule.runner import Runner
    from workbench.schedule.runtime import PATIENCE, ProjectRuntime, by_hand
    from workbench.schedule.slots import Slot, held

    project, jobs, ledger = _opened()
    found = jobs.get(job)
    if not isinstance(found, JobFile):
        hint = did_you_mean(job, jobs) if jobs else _no_job(project)
        raise found or BadSchedule("schedule slot", problem=f"no job `{job}` has a schedule", hint=hint)
    assert found.schedule is not None
    moment = _slot_of(found, when, nearest)
    since, until = window_of(found.schedule.window, moment, found.schedule.timezone) or (None, None)
    old = ledger.slot(job, moment) or Slot(job, moment, since, until, "waiting")
    world, heard = ProjectRuntime(project), []
    runner = Runner(ledger, world, tell=lambda row: heard.append(row))
    with terminable(), held(by_hand(project, job), wait=3 * PATIENCE):
        row = runner.one(replace(old, tries=0, cuts=0, again=False, since=since, until=until))
    why = f": {row.reason}" if row.reason else ""
    typer.echo(f"{job} {moment:%Y-%m-%dT%H:%MZ}: {row.state}{why}" + _page(project, row))
    raise typer.Exit(0 if row.state in ("ran", "degraded", "skipped") else 1)


@app.command()
def install(
    printed: Annotated[bool, typer.Option("--print", help="Print them; nothing is installed.")] = True,  # noqa: ARG001
) -> None:
    """Print what starts the schedule by itself.

    A systemd timer, a cron line and a Windows task, each with where it goes; nothing is installed.
    """
    from workbench.project import find_project
    from workbench.schedule.install import installs

    typer.echo(installs(find_project().folder), nl=False)


@app.command()
def export(
    to: Annotated[str, typer.Option(help="airflow.")] = "airflow",
    out: Annotated[Path, typer.Option(help="Where the DAGs go.")] = Path("dags"),
    python: Annotated[
        str, typer.Option(help="The Python with the workbench on its workers; this one when left out.")
    ] = sys.executable,
) -> None:
    """Write the jobs with a schedule as DAGs of Airflow.

    One file for each job, and the notebook they run; they call `workbench schedule slot` when they are due.
    """
    from workbench.report.jobs.model import JobFile
    from workbench.schedule.airflow import write_dags

    if to != "airflow":
        raise BadSchedule(
            "schedule export --to", problem=f"no scheduler `{to}`", hint=did_you_mean(to, ["airflow"])
        )
    project, jobs, _ = _opened()
    whole = {n: job for n, job in jobs.items() if isinstance(job, JobFile)}
    for problem in (job for job in jobs.values() if not isinstance(job, JobFile)):
        typer.echo(f"left out: {problem}", err=True)
    if not whole:
        raise BadSchedule("schedule export", problem="no job has a schedule", hint=_no_job(project))
    for path in write_dags(whole, project, out, python=python):
        typer.echo(str(path))
    if len(whole) < len(jobs):
        raise typer.Exit(1)


def _page(project: Project, row: Slot) -> str:
    """A line that says where the report of a slot is, where there is one."""
    from workbench.schedule.status import report_of

    page = report_of(row) if row.state in ("ran", "degraded") else ""
    return f"\n  see {project.reports / page}" if page else ""


def _no_job(project: Project) -> str:
    return f"add [schedule] to a file in {project.folder / 'jobs'}"


def _opened() -> tuple[Project, dict[str, Any], Any]:
    """The project, its jobs and its ledger, in which nothing is left as running that no longer runs."""
    from workbench.project import find_project
    from workbench.report.runs import recover_runs
    from workbench.schedule.runner import Runner
    from workbench.schedule.runtime import ProjectRuntime, ledger_of, schedule_folder
    from workbench.schedule.slots import Held, held

    project = find_project()
    ledger = ledger_of(project)
    if ledger.slots(states=("running",)):
        with suppress(Held), held(schedule_folder(project) / "runner.lock"):  # else a runner is at work
            Runner(ledger, ProjectRuntime(project, patience=2.0)).recover()
    recover_runs(project.reports)
    return project, dict(ProjectRuntime(project).jobs()), ledger_of(project)


def _zone(job: Any) -> str:
    return getattr(getattr(job, "schedule", None), "timezone", "UTC")


def _slot_of(job: JobFile, when: str, nearest: bool) -> datetime:
    """The slot that is meant, by the job's calendar; BadSchedule with the nearest one when none is."""
    from workbench.schedule.calendar import next_slot, slot_before, slots_between

    assert job.schedule is not None
    moment = _moment(when, job.schedule.timezone)
    if nearest:
        before = slot_before(job.schedule, moment)
        if before:
            return before
    length = timedelta(days=1) if len(when) == 10 else timedelta(seconds=1)
    found = list(
        slots_between(job.schedule, moment - timedelta(seconds=1), moment + length - timedelta(seconds=1))
    )
    if len(found) == 1:
        return found[0]
    near = found[:6] or [
        one for one in (slot_before(job.schedule, moment), next_slot(job.schedule, moment)) if one
    ]
    said = ", ".join(f"{one.astimezone(ZoneInfo(job.schedule.timezone)):%Y-%m-%dT%H:%M}" for one in near)
    problem = f"{len(found)} slots are on {when}" if found else f"no slot is at {when}"
    raise BadSchedule(job.name, problem=problem, hint=f"name one: {said}")


def _named(when: str, known: list[datetime], zone: str, job: str) -> datetime:
    """The slot of the ledger that is meant."""
    moment = _moment(when, zone)
    length = timedelta(days=1) if len(when) == 10 else timedelta(minutes=1)
    found = [one for one in known if moment <= one < moment + length]
    if found:
        return found[0]
    said = ", ".join(f"{one.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}" for one in known[:6]) or "none yet"
    raise BadSchedule(job, problem=f"no slot at {when} is in the ledger", hint=f"known: {said}")


def _moment(when: str, zone: str) -> datetime:
    try:
        moment = datetime.fromisoformat(when)
    except ValueError:
        raise BadSchedule(
            "slot", problem=f"`{when}` is no moment", hint="write 2026-11-23 or 2026-11-23T06:00"
        ) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _tail(path: Path, lines: int = 25) -> str:
    try:
        return "\n".join(path.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-lines:])
    except OSError:
        return ""
