"""`workbench schedule`: run jobs when they are due, and show the outcome of each slot with its reason."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from workbench.cli.console import print_list, print_rest, print_table
from workbench.cli.options import Json, Limit, Quiet, rows_to_show
from workbench.errors import BadSchedule, did_you_mean
from workbench.schema import visible

if TYPE_CHECKING:
    from workbench.project import Project
    from workbench.report.jobs.model import JobFile
    from workbench.schedule.slots import Slot

app = typer.Typer(help="Run jobs when they are due and show their outcomes.", no_args_is_help=True)
AtOnce = Annotated[int, typer.Option(min=1, help="Number of jobs to run at the same time.")]


@app.command()
def run(at_once: AtOnce = 1) -> None:
    """Run jobs when they are due, until stopped.

    Ctrl-C or SIGTERM stops the runner; the next runner resumes what it interrupted.
    """
    _run_due(at_once, forever=True)


@app.command()
def tick(at_once: AtOnce = 1) -> None:
    """Run what is due now, then stop.

    For cron, a systemd timer or a Windows task; `workbench schedule install` prints the lines for each. Exit code 1
    when a slot failed or was missed, or when what a job delivers was tried and not sent.
    """
    _run_due(at_once, forever=False)


def _run_due(at_once: int, *, forever: bool) -> None:
    from workbench.project import find_project
    from workbench.report.notebook.interrupts import terminable
    from workbench.report.runs import recover_runs
    from workbench.schedule.runner import Runner
    from workbench.schedule.runtime import ProjectRuntime
    from workbench.schedule.slots import SlotLocked, hold_lock, open_slot_store, schedule_folder

    project = find_project()
    failed: list[Slot] = []
    outcomes: list[Slot] = []
    not_sent: list[str] = []

    def tell_unsent(sentence: str) -> None:
        not_sent.append(sentence)
        typer.echo(f"  {visible(sentence)}", err=True)

    def tell(row: Slot) -> None:
        outcomes.append(row)
        typer.echo(
            f"{datetime.now(UTC):%H:%M:%S} {row.job} {row.slot:%Y-%m-%dT%H:%MZ}: {row.state}"
            + (f": {row.reason}" if row.reason else "")
            + _page(project, row)
        )
        failed.extend([row] if row.state in ("failed", "missed") else [])

    try:
        with hold_lock(schedule_folder(project) / "runner.lock"), terminable():
            recover_runs(project.reports)
            runtime = ProjectRuntime(project, tell_unsent=tell_unsent)
            runner = Runner(open_slot_store(project), runtime, at_once=at_once, tell=tell)
            if not forever:
                runner.tick()
                if not outcomes and not not_sent:
                    typer.echo("schedule: nothing is due now; `workbench schedule list` shows what is next")
            else:
                typer.echo(f"schedule: running in {project.folder}; press Ctrl-C to stop")
                runner.forever()
    except SlotLocked:
        typer.echo("schedule: another runner is active; it runs what is due")
        raise typer.Exit(1 if forever else 0) from None
    raise typer.Exit(1 if failed or not_sent else 0)


@app.command(name="list")
def list_(limit: Limit = None, as_json: Json = False, quiet: Quiet = False) -> None:
    """List each job with its last and its next slot.

    Shows the outcome of the last slot, where the last good report is, below the reports folder, and under the
    list the reason of each outcome that has one.
    """
    from workbench.schedule.status import job_status

    project, jobs, ledger = _open_ledger()
    rows = job_status(ledger, jobs, datetime.now(UTC))
    if as_json:
        typer.echo(json.dumps(rows[: limit or None]))
    elif rows:
        columns = ["job", "last", "state", "next", "report"]
        print_list(
            "",
            columns,
            [[row[column] for column in columns] for row in rows],
            limit=limit,
            noun="job",
            quiet=quiet,
        )
        print_reasons([(row["job"], row["why"]) for row in rows if row["why"]], limit)
        if not quiet:
            typer.echo("One job slot by slot: workbench schedule log JOB")
    else:
        typer.echo(f"no job has a schedule: {_no_job(project)}")


@app.command()
def log(
    job: Annotated[str, typer.Argument(help="Name of a job (default: all jobs).")] = "",
    slot: Annotated[str, typer.Argument(help="One slot, such as 2026-11-23 or 2026-11-23T06:00.")] = "",
    limit: Limit = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show the slots of a job, newest first, with reasons.

    With a slot, shows every step of it and the end of the log of its run.
    """
    from workbench.schedule.slots import log_path
    from workbench.schedule.status import slot_history

    project, jobs, ledger = _open_ledger()
    if job and job not in {*jobs, *(row.job for row in ledger.slots())}:
        raise BadSchedule("schedule log", problem=f"no job `{job}`", hint=did_you_mean(job, jobs))
    zone = _zone(jobs.get(job))
    if not slot:
        total = len(ledger.slots(job))
        n = total if as_json and limit is None else rows_to_show(limit, total)
        rows = slot_history(ledger, job, zone, n)
        if as_json:
            typer.echo(json.dumps(rows))
        elif rows:
            columns = ["job", "slot", "state", "window", "tries", "seconds", "report"]
            cells = [[row[column] for column in columns] for row in rows]
            print_list("", columns, cells, limit=limit, noun="slot", total=total, quiet=quiet)
            reasons = [(f"{row['job']}, {row['slot']}", row["why"]) for row in rows if row["why"]]
            print_reasons(reasons, limit)
            if not quiet:
                line = f"{rows[0]['job']} {rows[0]['utc']}"
                typer.echo(f"Every step of the newest: workbench schedule log {line}")
        else:
            typer.echo("no slot has been due yet; `workbench schedule list` shows the next ones")
        return
    moment = _recorded_slot(slot, [row.slot for row in ledger.slots(job)], zone, job)
    events = ledger.events(job, moment, limit=1000)
    log_tail = _tail(log_path(project, job, moment))
    if as_json:
        typer.echo(json.dumps({"events": events, "words": log_tail}))
        return
    print_table(
        f"{job}, slot {moment:%Y-%m-%dT%H:%MZ}",
        ["at", "state", "said"],
        [[event["at"], event["state"], event["said"]] for event in events],
    )
    typer.echo("\n" + (log_tail or "the run wrote no log"))


MOST_REASONS = 10  # below a list, where --limit says nothing: they share a screen with it


def print_reasons(reasons: list[tuple[str, str]], limit: int | None) -> None:
    """Print what each row of a list has to say of its state, a line each, under the list."""
    shown = reasons[: MOST_REASONS if limit is None else rows_to_show(limit, len(reasons))]
    for name, reason in shown:
        typer.echo(visible(f"{name}: {reason}"))
    print_rest(len(shown), len(reasons), "reason")


@app.command()
def slot(
    job: Annotated[str, typer.Argument(help="Name of the job.")],
    when: Annotated[
        str,
        typer.Argument(
            help="Slot: 2026-11-23, or 2026-11-23T06:00 in the time zone of the job, or with Z for UTC."
        ),
    ],
    nearest: Annotated[
        bool, typer.Option("--nearest", help="Run the last slot at or before that time.")
    ] = False,
) -> None:
    """Run one slot, again or for the first time.

    A slot covers the same days whenever it is run. Exit code 1 when it failed, or when what the job delivers was
    not sent.
    """
    from dataclasses import replace

    from workbench.report.jobs.model import JobFile
    from workbench.report.notebook.interrupts import terminable
    from workbench.report.window import window_of
    from workbench.schedule.delivery import unsent
    from workbench.schedule.runner import Runner
    from workbench.schedule.runtime import PATIENCE, ProjectRuntime
    from workbench.schedule.slots import Slot, hold_lock, manual_lock_path

    project, jobs, ledger = _open_ledger()
    job_file = jobs.get(job)
    if not isinstance(job_file, JobFile):
        hint = did_you_mean(job, jobs) if jobs else _no_job(project)
        raise job_file or BadSchedule("schedule slot", problem=f"no job `{job}` has a schedule", hint=hint)
    assert job_file.schedule is not None
    moment = _slot_of(job_file, when, nearest)
    since, until = window_of(job_file.schedule.window, moment, job_file.schedule.timezone) or (None, None)
    slot_before_run = ledger.slot(job, moment) or Slot(job, moment, since, until, "waiting")
    runner = Runner(ledger, ProjectRuntime(project))
    with terminable(), hold_lock(manual_lock_path(project, job), wait=3 * PATIENCE):
        row = runner.one(replace(slot_before_run, tries=0, cuts=0, again=False, since=since, until=until))
    why = f": {row.reason}" if row.reason else ""
    typer.echo(f"{job} {moment:%Y-%m-%dT%H:%MZ}: {row.state}{why}" + _page(project, row))
    not_sent = unsent(ledger, row)
    for sentence in not_sent:
        typer.echo(f"  {sentence}", err=True)
    raise typer.Exit(0 if row.state in ("ran", "degraded", "skipped") and not not_sent else 1)


@app.command()
def install(
    printed: Annotated[bool, typer.Option("--print", help="Print the lines; nothing is installed.")] = True,  # noqa: ARG001
) -> None:
    """Print the lines that start the schedule automatically.

    Prints a systemd timer, a cron line and a Windows task, each with the place where it belongs. Nothing is
    installed.
    """
    from workbench.project import find_project
    from workbench.schedule.install import installs

    typer.echo(installs(find_project().folder), nl=False)


@app.command()
def export(
    to: Annotated[str, typer.Option(help="Scheduler to export to: airflow.")] = "airflow",
    out: Annotated[Path, typer.Option(help="Folder to write the DAGs to.")] = Path("dags"),
    python: Annotated[
        str, typer.Option(help="Python with the workbench on the workers (default: this one).")
    ] = sys.executable,
) -> None:
    """Write the jobs that have a schedule as Airflow DAGs.

    Writes one file for each job. A DAG calls `workbench schedule slot` when it is due.
    """
    from workbench.report.jobs.model import JobFile
    from workbench.schedule.install import write_dags

    if to != "airflow":
        raise BadSchedule(
            "schedule export --to", problem=f"no scheduler `{to}`", hint=did_you_mean(to, ["airflow"])
        )
    project, jobs, _ = _open_ledger()
    valid = {name: job for name, job in jobs.items() if isinstance(job, JobFile)}
    for problem in (job for job in jobs.values() if not isinstance(job, JobFile)):
        typer.echo(f"left out: {problem}", err=True)
    if not valid:
        raise BadSchedule("schedule export", problem="no job has a schedule", hint=_no_job(project))
    for path in write_dags(valid, project, out, python=python):
        typer.echo(str(path))
    if len(valid) < len(jobs):
        raise typer.Exit(1)


def _page(project: Project, row: Slot) -> str:
    """A line with the path of the report of a slot; empty where there is none."""
    from workbench.schedule.status import report_page

    page = report_page(row) if row.state in ("ran", "degraded") else ""
    return f"\n  see {project.reports / page}" if page else ""


def _no_job(project: Project) -> str:
    return f"add [schedule] to a file in {project.folder / 'jobs'}"


def _open_ledger() -> tuple[Project, dict[str, Any], Any]:
    """The project, its jobs and its ledger, after slots whose run has ended are no longer marked as running."""
    from workbench.project import find_project
    from workbench.report.runs import recover_runs
    from workbench.schedule.runner import Runner
    from workbench.schedule.runtime import ProjectRuntime
    from workbench.schedule.slots import SlotLocked, hold_lock, open_slot_store, schedule_folder

    project = find_project()
    ledger = open_slot_store(project)
    if ledger.slots(states=("running",)):
        with (
            suppress(SlotLocked),
            hold_lock(schedule_folder(project) / "runner.lock"),
        ):  # else a runner is active
            Runner(ledger, ProjectRuntime(project, patience=2.0)).recover()
    recover_runs(project.reports)
    return project, dict(ProjectRuntime(project).jobs()), open_slot_store(project)


def _zone(job: Any) -> str:
    return getattr(getattr(job, "schedule", None), "timezone", "UTC")


def _slot_of(job: JobFile, when: str, nearest: bool) -> datetime:
    """The slot of the job's calendar at a time or on a day; BadSchedule with the nearest ones when there is none."""
    from workbench.schedule.calendar import next_slot, slot_before, slots_between

    assert job.schedule is not None
    moment = _moment(when, job.schedule.timezone)
    if nearest:
        before = slot_before(job.schedule, moment)
        if before:
            return before
    length = timedelta(days=1) if len(when) == 10 else timedelta(seconds=1)
    slots = list(
        slots_between(job.schedule, moment - timedelta(seconds=1), moment + length - timedelta(seconds=1))
    )
    if len(slots) == 1:
        return slots[0]
    near = slots[:6] or [
        slot for slot in (slot_before(job.schedule, moment), next_slot(job.schedule, moment)) if slot
    ]
    nearest_slots = ", ".join(
        f"{slot.astimezone(ZoneInfo(job.schedule.timezone)):%Y-%m-%dT%H:%M}" for slot in near
    )
    problem = f"{len(slots)} slots are on {when}" if slots else f"there is no slot at {when}"
    raise BadSchedule(job.name, problem=problem, hint=f"choose one: {nearest_slots}")


def _recorded_slot(when: str, known: list[datetime], zone: str, job: str) -> datetime:
    """The slot of the ledger at a time or on a day; BadSchedule with the known ones when there is none."""
    moment = _moment(when, zone)
    length = timedelta(days=1) if len(when) == 10 else timedelta(minutes=1)
    slots = [slot for slot in known if moment <= slot < moment + length]
    if slots:
        return slots[0]
    known_slots = (
        ", ".join(f"{slot.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}" for slot in known[:6]) or "none yet"
    )
    raise BadSchedule(job, problem=f"no slot at {when} is in the ledger", hint=f"known: {known_slots}")


def _moment(when: str, zone: str) -> datetime:
    try:
        moment = datetime.fromisoformat(when)
    except ValueError:
        raise BadSchedule(
            "slot", problem=f"`{when}` is not a time", hint="write 2026-11-23 or 2026-11-23T06:00"
        ) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _tail(path: Path, lines: int = 25) -> str:
    try:
        return "\n".join(path.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-lines:])
    except OSError:
        return ""
