"""`workbench report`: check every job, bring the corpus up to date once, run, say where the reports are."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import typer

from workbench.cli.commands import notebook_places
from workbench.errors import BadJob, BadParameter, WorkbenchError
from workbench.project import Project, find_project
from workbench.report.index import write_index
from workbench.report.jobs.check import read_job
from workbench.report.jobs.model import find_job, job_paths, load_job
from workbench.report.jobs.run import check_job, run_job
from workbench.report.run import ReportRequest, ReportResult, Setting, plan
from workbench.report.run_notebooks import run_notebooks
from workbench.report.runs import JobRun


@dataclass(frozen=True)
class ReportRequests:
    """What a command line asks for: notebooks with parameters and selection, or jobs with their slot."""

    notebooks: tuple[Path, ...]
    jobs: tuple[Path, ...]
    given: Mapping[str, str]
    select: str
    slot: datetime | None

    @classmethod
    def of(
        cls, names: Sequence[str], given: dict[str, str], select: str, corpus: str | None, slot: str
    ) -> ReportRequests:
        """Sort the names; BadParameter or BadJob for one that is neither, and for what a job cannot take."""
        project = find_project()
        known = job_paths(project)
        jobs = [name for name in names if name.endswith(".toml") or name in known]
        notebooks = [name for name in names if name not in jobs]
        places = tuple(notebook_places(notebooks, project, known))
        if corpus is not None:
            given = given | {"corpus": corpus}
        if jobs and (given or select):
            said = "a job takes its parameters and its selection from its file"
            raise BadJob(jobs[0], problem=said, hint="change them there, or name the notebooks instead")
        return cls(places, tuple(find_job(name, project) for name in jobs), given, select, _moment(slot))


def check_all(wish: ReportRequests, as_json: bool) -> int:
    """Check everything and run nothing: print every problem with its hint; 0 when there is none, else 1."""
    project = find_project()
    problems: list[WorkbenchError] = []
    for path in wish.jobs:
        job, wrong = read_job(path)
        problems += wrong if job is None else check_job(job, project)
    for place in wish.notebooks:
        try:
            plan(
                ReportRequest(place, dict(wish.given), wish.select), Setting(project.folder, project.reports)
            )
        except WorkbenchError as error:
            problems.append(error)
    if as_json:
        rows = [{"place": one.place, "problem": one.problem, "hint": one.hint} for one in problems]
        typer.echo(json.dumps(rows))
    else:
        for one in problems:
            typer.echo(str(one))
        n = len(wish.jobs) + len(wish.notebooks)
        typer.echo(f"{n} checked, {len(problems) or 'no'} problem{'' if len(problems) == 1 else 's'}")
    return 1 if problems else 0


def carry_out(
    wish: ReportRequests, *, out: Path | None, deadline: float, force: bool, quiet: bool, to: str = ""
) -> list[ReportResult | JobRun]:
    """Run what is wished and return what became of each; everything is checked before anything runs."""
    project = find_project()
    if out is not None:
        project = replace(project, reports=out.absolute())
    jobs = [load_job(path) for path in wish.jobs]
    formats = tuple(dict.fromkeys(["html", *filter(None, map(str.strip, to.split(",")))]))
    if to:
        jobs = [replace(job, formats=formats) for job in jobs]
    for job in jobs:
        if problems := check_job(job, project):
            raise problems[0]
    done: list[ReportResult | JobRun] = []
    if wish.notebooks:
        done += run(wish, project, formats, deadline=deadline, force=force, quiet=quiet)
    tell = None if quiet else lambda result: typer.echo(str(result))
    for job in jobs:
        done.append(run_job(job, project, slot=wish.slot, force=force, tell=tell))
        if not quiet:
            typer.echo(str(done[-1]))
    if jobs:
        write_index(project.reports)
    return done


def run(
    wish: ReportRequests,
    project: Project,
    formats: tuple[str, ...],
    *,
    deadline: float,
    force: bool,
    quiet: bool,
) -> list[ReportResult]:
    """Run the notebooks and return what became of each; tell of it unless quiet."""
    jobs = [ReportRequest(place, dict(wish.given), wish.select) for place in wish.notebooks]
    results = run_notebooks(
        jobs,
        project,
        formats,
        deadline=deadline,
        force=force,
        tell=None if quiet else lambda said: typer.echo(str(said)),
        progress=not quiet and sys.stderr.isatty(),
    )
    if not quiet:
        typer.echo(f"index: {project.reports / 'index.html'}")
    return results


def verify_all(names: Sequence[str], *, out: Path | None, deadline: float, as_json: bool) -> int:
    """Verify stored reports and print what differs; 0 when nothing does, else 1."""
    from workbench.report.verify import stored, verify

    project = find_project()
    if out is not None:
        project = replace(project, reports=out.absolute())
    if not names:
        raise BadParameter(
            "report verify", problem="no run is named", hint="name a job, job/slot, report or page"
        )
    places = [place for name in names for place in stored(name, project)]
    found = [verify(place, project, deadline=deadline) for place in places]
    typer.echo(json.dumps([one.table() for one in found]) if as_json else "\n".join(map(str, found)))
    return 0 if all(one.good for one in found) else 1


def _moment(text: str) -> datetime | None:
    """The time that `--slot` names; BadParameter for what is no time with its zone."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadParameter(
            "--slot", problem=f"`{text}` is no time with its zone", hint="write --slot 2015-12-14T07:00Z"
        )
    return found


def print_parameters(wish: ReportRequests) -> None:
    """Print name, type, default and meaning of every parameter of the notebooks."""
    from workbench.report.notebook.parameters import read_schema

    for place in wish.notebooks:
        typer.echo(typer.style(place.stem, bold=True))
        for parameter in read_schema(place).parameters:
            typer.echo(f"  {parameter}")
