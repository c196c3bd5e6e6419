"""Running a job: its window, its sweep, one report for each value, what came of them.

A run lies in a folder of its own below the reports folder, `<job>/<slot>/`, with `run.json`.
"""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from workbench.errors import BadJob, ReportFailed, WorkbenchError
from workbench.project import notebook_paths, pin
from workbench.report.diff.attribution import Documents, settings_of
from workbench.report.files import report_name
from workbench.report.index import write_index
from workbench.report.jobs.gates import failed_gates
from workbench.report.jobs.model import Gates, JobFile
from workbench.report.jobs.sweep import SweepPoint, swept
from workbench.report.notebook.kernel_env import DEADLINE
from workbench.report.notebook.parameters import read_schema
from workbench.report.plan import (
    SELECT,
    NotebookPlan,
    ReportRequest,
    ReportSpec,
    RunConfig,
    bind,
    plan,
)
from workbench.report.results import place
from workbench.report.run import ReportResult, run_books
from workbench.report.runs import MANUAL, JobRun, beginning, keep, last_good, recover_runs, slot_name
from workbench.report.window import Window, window_of, within
from workbench.selection.saved import meant_saved
from workbench.verbs.hand_coding import digest

if TYPE_CHECKING:
    from workbench.corpus import Corpus
    from workbench.project import Project
    from workbench.selection.model import Selection

STATES = ("failed", "degraded", "done", "reused", "skipped")  # the worst first
Tell = Callable[["ReportResult"], object]


def check_job(job: JobFile, project: Project) -> list[WorkbenchError]:
    """What in a job does not fit its notebooks, without running anything; empty when all is well."""
    problems: list[WorkbenchError] = []
    for notebook in job.notebooks:
        try:
            _plan(
                job,
                _place(notebook, project),
                SweepPoint("", job.selection),
                RunConfig(project.folder, project.reports),
            )
        except WorkbenchError as error:
            problems.append(error)
    return problems + _unused(job, project)


def run_job(
    job: JobFile,
    project: Project,
    *,
    window: Window | None = None,
    slot: datetime | None = None,
    tell: Tell | None = None,
    force: bool = False,
) -> JobRun:
    """Run a job for a slot (now, when none is given) and say what became of it.

    `window` is first and last day; left out, the job's own for the slot. Raises BadJob, BadParameter,
    BadSelection or BadCorpus for what cannot be meant, before a kernel starts; a notebook that fails is a
    JobRun with state failed.
    """
    began = time.monotonic()
    moment = (slot or datetime.now(UTC)).astimezone(UTC)
    name = slot_name(moment) if slot else MANUAL
    if window is None and job.schedule is not None:
        window = window_of(job.schedule.window, moment, job.schedule.timezone)
    if problems := check_job(job, project):
        raise problems[0]
    run = JobRun(
        job.name, job.title, "running", project.reports / job.name / name, name, window,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
    )  # fmt: skip
    recover_runs(project.reports, job.name)
    with beginning(run) as run:
        run = _made(job, project, run, slot, force, tell)
        return keep(replace(run, seconds=round(time.monotonic() - began, 2)))


def _made(
    job: JobFile, project: Project, run: JobRun, slot: datetime | None, force: bool, tell: Tell | None
) -> JobRun:
    """The run with its reports and its state."""
    corpus = _corpus(job, project)
    moment = (slot or datetime.now(UTC)).astimezone(UTC)
    run = replace(run, corpus_version=corpus.version)
    chosen = within(job.selection, run.window)
    last = last_good(job.name, project, run.slot)
    if not corpus.where(chosen).doc_ids:
        none = "no document is inside the selection: " + chosen.caption()
        if hint := meant_saved(job.selection, project.settings):
            none += f"; {hint}"
        missed = _doubts(job, job.gates, corpus, chosen, moment)
        return _doubted(replace(run, **_nothing_new(job, none)), missed)
    setting = RunConfig(
        project.folder, run.folder, corpus.version, corpus.settings.digest + digest(project), force=force, formats=job.formats,
        deadline=job.schedule.deadline if job.schedule else DEADLINE, documents=Documents(corpus),
        settings=settings_of(corpus, digest(project)), memory=job.memory, pin=pin(corpus.folder, corpus.version, project),
    )  # fmt: skip
    points = swept(job.sweep, corpus, chosen)
    doubts = _doubts_of_parts(job, corpus, points, chosen, moment)
    books = [_book(job, point, project, setting, slot) for point in points]
    books = [replace(book, before=_before(last, book)) for book in books]
    links = [_link(last, book, run.folder) for book in books]
    books = [
        book.warned(said, link) if said else replace(book, last_good=link)
        for book, link, said in zip(books, links, doubts, strict=True)
    ]
    if last and not force and _same(last, books):
        return replace(run, reports=_again(last), **_unchanged(job))
    results = run_books(books, setting, tell)
    run = replace(run, reports=tuple(results), **_sum_up(job, results))
    try:
        write_index(setting.out)
    except ReportFailed as error:  # the reports are what they are without it
        run = replace(run, reason="; ".join(filter(None, [run.reason, f"the index {error.problem}"])))
    return _doubted(run, _in_words(points, doubts))


# ---------------------------------------------------------------- before


def _plan(job: JobFile, notebook: Path, point: SweepPoint, setting: RunConfig) -> NotebookPlan:
    names = read_schema(notebook).names
    given = job.parameters_of(notebook.stem, names) | {
        k: v for k, v in point.parameters.items() if k in names
    }
    if job.corpus and "corpus" in names:
        given.setdefault("corpus", job.corpus)
    line = point.selection.line() or str(given.pop(SELECT, ""))
    return plan(ReportRequest(notebook, given, line), setting)


def _unused(job: JobFile, project: Project) -> list[WorkbenchError]:
    """General parameters that none of the notebooks has."""
    from workbench.errors import did_you_mean

    known: set[str] = set()
    for notebook in job.notebooks:
        try:
            known |= set(read_schema(_place(notebook, project)).names)
        except WorkbenchError:
            return []  # said already
    wanted = [k for k, v in job.parameters.items() if not isinstance(v, Mapping)]
    wanted += [job.sweep.parameter] if job.sweep and job.sweep.parameter else []
    place = project.folder / "jobs" / f"{job.name}.toml"
    return [
        BadJob(
            place, problem=f"none of its notebooks has a parameter `{name}`", hint=did_you_mean(name, known)
        )
        for name in wanted
        if name not in known
    ]


def _place(name: str, project: Project) -> Path:
    """A notebook by its name, in the project or else in the package, or by its path from the project's folder."""
    stem = name.removesuffix(".ipynb")
    unknown = project.folder / name if "/" in name else project.notebooks / f"{stem}.ipynb"
    return notebook_paths(project).get(stem, unknown)


def _corpus(job: JobFile, project: Project) -> Corpus:
    from workbench import build, load

    folder = job.corpus or job.parameters.get("corpus") or None
    build(folder, project=project)
    return load(folder, project=project, build=False)


def _book(
    job: JobFile, point: SweepPoint, project: Project, setting: RunConfig, slot: datetime | None
) -> ReportSpec:
    plans = [_plan(job, _place(name, project), point, setting) for name in job.notebooks]
    title = f"{job.title}: {point.label}" if point.label else job.title
    name = report_name(job.name, {"for": point.label} if point.label else {}, "")
    when = f" --slot {slot.astimezone(UTC).strftime('%Y-%m-%dT%H:%MZ')}" if slot else ""
    command = f"workbench report {shlex.quote(job.name)}{when}"
    return bind(name, title, plans, command)


def _doubts_of_parts(
    job: JobFile, corpus: Corpus, points: Sequence[SweepPoint], chosen: Selection, moment: datetime
) -> list[list[str]]:
    """Which gates the documents of each report miss: each part of a sweep has to pass them by itself.

    A month is the exception for the age of the newest document: that is asked of all months together, since an
    old one is not a stale one.
    """
    together, apart = Gates(), job.gates
    if job.sweep is not None and job.sweep.by == "month" and not job.sweep.parameter:
        together, apart = Gates(max_age_days=apart.max_age_days), replace(apart, max_age_days=None)
    common = _doubts(job, together, corpus, chosen, moment)
    return [[*common, *_doubts(job, apart, corpus, point.selection, moment)] for point in points]


def _in_words(points: Sequence[SweepPoint], doubts: Sequence[Sequence[str]]) -> list[str]:
    """The doubts of all reports, each once; with the names of the parts where only some have it."""
    of: dict[str, list[str]] = {}
    for point, said in zip(points, doubts, strict=True):
        for sentence in said:
            of.setdefault(sentence, []).append(point.label)
    return [
        sentence if len(labels) == len(points) else f"{', '.join(labels)}: {sentence}"
        for sentence, labels in of.items()
    ]


def _doubts(job: JobFile, gates: Gates, corpus: Corpus, chosen: Selection, moment: datetime) -> list[str]:
    """Which gates the documents of a selection miss, on the day of the slot."""
    if gates == Gates():
        return []
    zone = ZoneInfo(job.schedule.timezone if job.schedule else "UTC")
    whole = corpus.where(chosen.narrowed(since=None, until=None))
    return failed_gates(
        corpus.where(chosen).tables.documents.to_pandas(),
        gates,
        moment.astimezone(zone).date(),
        whole.tables.documents.to_pandas(),
    )


# ---------------------------------------------------------------- after


def _doubted(run: JobRun, doubts: Sequence[str]) -> JobRun:
    """A run whose documents miss a gate is degraded, unless it failed anyway; somebody hears of it."""
    if not doubts:
        return run
    state = "failed" if run.state == "failed" else "degraded"
    deliver = "report" if run.reports and state != "failed" else "notice"
    first = [f"{run.reason}."] if run.state in ("failed", "skipped", "degraded") else []
    # its pages may stand where good ones stood, about other documents: these are good no more
    before = run.before if not run.reports else None
    return replace(run, state=state, reason=" ".join([*first, *doubts]), deliver=deliver, before=before)


def _link(last: JobRun | None, book: ReportSpec, folder: Path) -> tuple[str, str] | None:
    """Where the same report of the last good run is, seen from a folder."""
    found = [one.paths["html"] for one in last.reports if one.name == book.name] if last else []
    if not last or not found or not found[0].is_file():
        return None
    about = " to ".join(last.window) if last.window else last.made[:10]
    return f"The last good report, of {about}", quote(os.path.relpath(found[0], folder).replace(os.sep, "/"))


def _before(last: JobRun | None, book: ReportSpec) -> Path | None:
    """The results of the same report in the last good run."""
    found = [one.paths["html"] for one in last.reports if one.name == book.name] if last else []
    return place(found[0].parent, book.name) if found else None


def _nothing_new(job: JobFile, reason: str) -> dict[str, Any]:
    """What a run without anything new becomes, as the job says."""
    deliver = {"skip": "nothing", "notice": "notice", "send": "report"}[job.when_unchanged]
    return {"state": "skipped", "reason": reason, "deliver": deliver}


def _unchanged(job: JobFile) -> dict[str, Any]:
    deliver = {"skip": "nothing", "notice": "notice", "send": "report"}[job.when_unchanged]
    return {"state": "reused", "reason": "nothing changed since the last good run", "deliver": deliver}


def _same(last: JobRun, books: Sequence[ReportSpec]) -> bool:
    """Whether every report wanted now stands in an earlier run, untouched."""
    made = {report.key for report in last.reports}
    return all(book.key in made for book in books) and all(
        path.is_file() for report in last.reports for path in report.paths.values()
    )


def _again(last: JobRun) -> tuple[ReportResult, ...]:
    return tuple(
        replace(report, state="reused", reason="unchanged", seconds=0.0, changes=())
        for report in last.reports
    )


def _sum_up(job: JobFile, results: Sequence[ReportResult]) -> dict[str, Any]:
    state = min((result.state for result in results), key=STATES.index)
    bad = [result for result in results if result.state in ("failed", "degraded")]
    reason = "; ".join(f"{result.name}: {result.reason}" for result in bad)
    if state == "reused":
        return _unchanged(job)
    return {"state": state, "reason": reason, "deliver": "notice" if state == "failed" else "report"}
