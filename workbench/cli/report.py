"""`workbench report`: check, run and verify notebooks and jobs, and print where the reports are."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import json_value
from workbench.cli.options import CorpusFolder, Json, Quiet, Select
from workbench.errors import BadJob, BadParameter, BadSelection, WorkbenchError, did_you_mean

if TYPE_CHECKING:
    from workbench.project import Project
    from workbench.report.run import ReportResult
    from workbench.report.runs import JobRun
    from workbench.selection.model import Selection


def report(  # noqa: PLR0913 - one parameter for each option
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NOTEBOOK|JOB...",
            help="Notebooks or jobs by name, such as topic_frequency or weekly (default: default_reports "
            "of workbench.toml); or: verify RUN.",
        ),
    ] = None,
    parameter: Annotated[
        list[str] | None, typer.Option("-p", help="Set a parameter: name=value. Repeat for more.")
    ] = None,
    select: Select = "",
    corpus: CorpusFolder = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the reports (default: that of the project).")
    ] = None,
    to: Annotated[
        str, typer.Option(help="Formats to write besides the page: pdf, docx, or both with a comma.")
    ] = "",
    deadline: Annotated[float, typer.Option(min=1, help="Time limit for each notebook, in seconds.")] = 900,
    force: Annotated[bool, typer.Option(help="Run again even when nothing changed.")] = False,
    slot: Annotated[
        str, typer.Option(help="Run a job for this time instead of now, such as 2015-12-14T07:00Z.")
    ] = "",
    check_only: Annotated[bool, typer.Option("--check", help="Check everything and run nothing.")] = False,
    show: Annotated[
        bool, typer.Option("--parameters", help="Show the parameters of the notebooks and run nothing.")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run notebooks or jobs and print where the reports are.

    `report verify RUN` runs a stored report again from its recorded settings, leaves the stored one as it is,
    and prints which results differ. RUN is a job, a job/slot, the name of a report, or a path to a page or to
    the folder of a run. Exit code 1 when a report failed or is degraded.
    """
    names = names or default_names()
    if names[0] == "verify":
        raise typer.Exit(verify_runs(names[1:], out=out, deadline=deadline, as_json=as_json))
    given = dict(_name_and_value(text) for text in parameter or [])
    requests = ReportRequests.from_arguments(names, given, select, corpus, slot)
    if show:
        print_parameters(requests)
        return
    if check_only:
        raise typer.Exit(check_requests(requests, as_json))
    results = run_requests(
        requests, out=out, deadline=deadline, force=force, quiet=quiet, as_json=as_json, to=to
    )
    if as_json:
        typer.echo(json.dumps([json_value(vars(result)) for result in results]))
    raise typer.Exit(1 if any(result.state in ("failed", "degraded") for result in results) else 0)


def default_names() -> list[str]:
    """The reports that the project lists for when none is named; BadParameter when it lists none.

    A notebook that needs an extra that is not installed is left out, which is said with the line that installs it.
    """
    from workbench.cli.doctor import install_line, missing_libraries
    from workbench.project import find_project, notebook_paths
    from workbench.report.notebook.parameters import needed_extra

    project = find_project()
    if not project.default_reports:
        raise BadParameter(
            project.file,
            problem="`default_reports` is empty",
            hint="name a notebook or a job, or list some there",
        )
    notebooks, names = notebook_paths(project), []
    for name in project.default_reports:
        extra = needed_extra(notebooks[name]) if name in notebooks else ""
        if extra and missing_libraries(extra):
            typer.echo(f"left out: {name} needs more: {install_line(extra)}", err=True)
        else:
            names.append(name)
    return names


@dataclass(frozen=True)
class ReportRequests:
    """The reports that a command line asks for: notebooks with parameters and selection, or jobs with a slot."""

    notebooks: tuple[Path, ...]
    jobs: tuple[Path, ...]
    given: Mapping[str, str]
    select: str
    slot: datetime | None

    @classmethod
    def from_arguments(
        cls, names: Sequence[str], given: Mapping[str, str], select: str, corpus: str | None, slot: str
    ) -> ReportRequests:
        """Tell jobs from notebooks by name; BadParameter or BadJob for an unknown name or an option of the other kind."""
        from workbench.project import find_project
        from workbench.report.jobs.model import find_job, job_paths

        project = find_project()
        known_jobs = job_paths(project)
        jobs = [name for name in names if name.endswith(".toml") or name in known_jobs]
        notebooks = find_notebooks([name for name in names if name not in jobs], project, known_jobs)
        if corpus is not None:
            given = {**given, "corpus": corpus}
        if jobs and (given or select):
            raise BadJob(
                jobs[0],
                problem="a job takes its parameters and its selection from its file",
                hint="change them there, or name the notebooks instead",
            )
        job_files = tuple(find_job(name, project) for name in jobs)
        return cls(tuple(notebooks), job_files, given, select, _slot_time(slot))


def check_requests(requests: ReportRequests, as_json: bool) -> int:
    """Check everything and run nothing: print every problem with its hint; 0 when there is none, else 1."""
    from workbench.project import find_project
    from workbench.report.jobs.check import read_job
    from workbench.report.jobs.run import check_job
    from workbench.report.run import ReportRequest, RunConfig, plan
    from workbench.report.unknown_values import unknown_value
    from workbench.selection.saved import meant_saved

    project = find_project()
    problems: list[WorkbenchError] = []
    for path in requests.jobs:
        job, faults = read_job(path, project.settings)
        problems += faults if job is None else check_job(job, project)
        corpus = str(job.corpus or job.parameters.get("corpus") or "") if job else ""
        if job and (wrong := unknown_value(job.selection, corpus, project)):
            problems.append(BadJob(path, problem=f"the selection: {wrong.problem}", hint=wrong.hint))
        if job and (hint := meant_saved(job.selection, project.settings)):
            problems.append(BadJob(path, problem=_name_of_saved(job.selection), hint=hint))
    for notebook in requests.notebooks:
        request = ReportRequest(notebook, dict(requests.given), requests.select)
        try:
            planned = plan(request, RunConfig(project.folder, project.reports))
            corpus = str(planned.values.get("corpus") or "")
            if wrong := unknown_value(planned.select, corpus, project):
                problems.append(wrong)
            if hint := meant_saved(planned.select, project.settings):
                problems.append(BadSelection("selection", problem=_name_of_saved(planned.select), hint=hint))
        except WorkbenchError as error:
            problems.append(error)
    if as_json:
        rows = [
            {"place": problem.place, "problem": problem.problem, "hint": problem.hint} for problem in problems
        ]
        typer.echo(json.dumps(rows))
    else:
        for problem in problems:
            typer.echo(str(problem))
        n = len(requests.jobs) + len(requests.notebooks)
        typer.echo(f"{n} checked, {len(problems) or 'no'} problem{'' if len(problems) == 1 else 's'}")
    return 1 if problems else 0


def _name_of_saved(selection: Selection) -> str:
    return f"the words `{selection.query}` are the name of a saved selection"


def run_requests(
    requests: ReportRequests,
    *,
    out: Path | None,
    deadline: float,
    force: bool,
    quiet: bool,
    as_json: bool = False,
    to: str = "",
) -> list[ReportResult | JobRun]:
    """Run the notebooks and jobs and return the result of each; everything is checked before anything runs.

    Each result is printed as soon as it is there; `quiet` leaves out everything else, `as_json` the results too.
    """
    from workbench.report.index import write_index
    from workbench.report.jobs.check import load_job
    from workbench.report.jobs.run import check_job, run_job
    from workbench.report.run import ReportRequest
    from workbench.report.run_notebooks import run_notebooks

    quiet = quiet or as_json

    def show(result: object) -> None:
        if not as_json and not (quiet and isinstance(result, str)):
            typer.echo(str(result))

    project = _project_with_reports(out)
    jobs = [load_job(path, project.settings) for path in requests.jobs]
    formats = tuple(dict.fromkeys(["html", *filter(None, map(str.strip, to.split(",")))]))
    if to:
        jobs = [replace(job, formats=formats) for job in jobs]
    for job in jobs:
        if problems := check_job(job, project):
            raise problems[0]
    results: list[ReportResult | JobRun] = []
    if requests.notebooks:
        results += run_notebooks(
            [ReportRequest(path, dict(requests.given), requests.select) for path in requests.notebooks],
            project,
            formats,
            deadline=deadline,
            force=force,
            tell=show,
            progress=not quiet and sys.stderr.isatty(),
        )
        if not quiet:
            typer.echo(f"index: {project.reports / 'index.html'}")
    for job in jobs:
        results.append(run_job(job, project, slot=requests.slot, force=force, tell=show))
        show(results[-1])
    if jobs:
        write_index(project.reports)
    return results


def verify_runs(names: Sequence[str], *, out: Path | None, deadline: float, as_json: bool) -> int:
    """Verify stored reports and print what differs; 0 when nothing does, else 1."""
    from workbench.report.verify import stored, verify

    project = _project_with_reports(out)
    if not names:
        raise BadParameter(
            "report verify", problem="no run is named", hint="name a job, job/slot, report or page"
        )
    paths = [path for name in names for path in stored(name, project)]
    results = [verify(path, project, deadline=deadline) for path in paths]
    typer.echo(json.dumps([each.table() for each in results]) if as_json else "\n".join(map(str, results)))
    return 0 if all(each.good for each in results) else 1


def print_parameters(requests: ReportRequests) -> None:
    """Print name, type, default and meaning of every parameter of the notebooks."""
    from workbench.report.notebook.parameters import read_schema

    for path in requests.notebooks:
        typer.echo(typer.style(path.stem, bold=True))
        for parameter in read_schema(path).parameters:
            typer.echo(f"  {parameter}")


def find_notebooks(names: Sequence[str], project: Project, others: Iterable[str] = ()) -> list[Path]:
    """The named notebooks: by name in the project or else in the package, or by path.

    Raises BadParameter with the nearest name (of notebooks and `others`) for one that is not there.
    """
    from workbench.project import notebook_paths

    known = notebook_paths(project)
    paths = []
    for name in names:
        path = known.get(name.removesuffix(".ipynb"), Path(name))
        if not path.is_file():
            raise BadParameter(
                project.notebooks, problem=f"no notebook `{name}`", hint=did_you_mean(name, [*known, *others])
            )
        paths.append(path)
    return paths


def _project_with_reports(out: Path | None) -> Project:
    """The project, with another folder for its reports where one is given."""
    from workbench.project import find_project

    project = find_project()
    return project if out is None else replace(project, reports=out.absolute())


def _name_and_value(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise BadParameter("-p", problem=f"`{text}` is not name=value", hint="write -p top=5")
    return name.strip(), value.strip()


def _slot_time(text: str) -> datetime | None:
    """The time that `--slot` names; BadParameter for what is not a time with a time zone."""
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise BadParameter(
            "--slot",
            problem=f"`{text}` is not a time with a time zone",
            hint="write --slot 2015-12-14T07:00Z",
        )
    return time
