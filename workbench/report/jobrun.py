"""Running a job: its window, its sweep, one report for each value, what came of them.

A run lies in a folder of its own below the reports folder, `<job>/<slot>/`, with `run.json`.
"""

from __future__ import annotations

import json
import os
import shlex
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from workbench.codes import digest
from workbench.errors import BadJob, WorkbenchError
from workbench.report.causes import Documents, settings_of
from workbench.report.files import report_name, write_whole
from workbench.report.gates import missed_gates
from workbench.report.index import write_index
from workbench.report.jobs import Gates, JobFile
from workbench.report.plan import DEADLINE, SELECT, Book, Job, Plan, Setting, bind, plan
from workbench.report.results import place
from workbench.report.run import Result, run_books
from workbench.report.schema import read_schema
from workbench.report.sweep import Point, swept
from workbench.report.window import Window, window_of, within

if TYPE_CHECKING:
    from workbench.corpus import Corpus
    from workbench.project import Project
    from workbench.selection import Selection

RUN = "run.json"
MANUAL = "manual"  # the slot of a run that no schedule asked for
STATES = ("failed", "degraded", "done", "reused", "skipped")  # the worst first
Tell = Callable[["Result"], object]


@dataclass(frozen=True)
class JobRun:
    """What became of a run of a job.

    `state` is the worst of its reports: done, reused, degraded, failed or skipped, with `reason`.
    `folder` holds `run.json` and the reports; `slot` and `window` say what it was about. `deliver` says
    what the job wants sent: report, notice or nothing.
    """

    job: str
    title: str
    state: str
    folder: Path
    slot: str
    window: Window | None = None
    reason: str = ""
    reports: tuple[Result, ...] = ()
    made: str = ""
    seconds: float = 0.0
    corpus_version: str = ""
    deliver: str = "report"

    @property
    def changes(self) -> list[str]:
        """What changed beyond noise since the last good run, a sentence each; of a sweep, each with its report."""
        named = len(self.reports) > 1
        return [
            f"{report.title}: {line}" if named else line for report in self.reports for line in report.changes
        ]

    @property
    def files(self) -> dict[str, list[Path]]:
        """The files of all its reports by format."""
        found: dict[str, list[Path]] = {}
        for report in self.reports:
            for key, path in report.paths.items():
                found.setdefault(key.partition(":")[0], []).append(path)
        return found

    def __str__(self) -> str:
        why = f": {self.reason}" if self.reason else ""
        return f"{self.job}, slot {self.slot}: {self.state}{why}"


def check_job(job: JobFile, project: Project) -> list[WorkbenchError]:
    """What in a job does not fit its notebooks, without running anything; empty when all is well."""
    problems: list[WorkbenchError] = []
    for notebook in job.notebooks:
        try:
            _plan(
                job,
                _place(notebook, project),
                Point("", job.selection),
                Setting(project.folder, project.reports),
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
    corpus = _corpus(job, project)
    run = JobRun(
        job.name, job.title, "running", project.reports / job.name / name, name, window,
        made=datetime.now(UTC).isoformat(timespec="seconds"), corpus_version=corpus.version,
    )  # fmt: skip
    chosen = within(job.selection, window)
    last = last_good(job.name, project, run.slot)
    doubts = _doubts(job, corpus, chosen, moment)
    if not corpus.where(chosen).doc_ids:
        none = "no document is inside the selection: " + chosen.caption()
        return _finish(_doubted(replace(run, **_nothing_new(job, none)), doubts), began)
    setting = Setting(
        project.folder, run.folder, corpus.version, corpus.settings.digest + digest(project), force=force, formats=job.formats,
        deadline=job.schedule.deadline if job.schedule else DEADLINE, documents=Documents(corpus),
        settings=settings_of(corpus, digest(project)),
    )  # fmt: skip
    books = [_book(job, point, project, setting, slot) for point in swept(job.sweep, corpus, chosen)]
    books = [replace(book, before=_before(last, book)) for book in books]
    links = [_link(last, book, run.folder) for book in books]
    books = [
        book.warned(doubts, link) if doubts else replace(book, last_good=link)
        for book, link in zip(books, links, strict=True)
    ]
    if last and not force and _same(last, books):
        return _finish(replace(run, reports=_again(last), **_unchanged(job)), began)
    results = run_books(books, setting, tell)
    write_index(setting.out)
    run = replace(run, reports=tuple(results), **_sum_up(job, results))
    return _finish(_doubted(run, doubts), began)


def slot_name(moment: datetime) -> str:
    """A slot as a folder's name, in UTC: `20151214T0600Z`; it sorts as the slots do."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%MZ")


def read_run(folder: Path) -> JobRun | None:
    """The run kept in a folder; None when there is none that can be read."""
    try:
        kept = json.loads((folder / RUN).read_text(encoding="utf-8"))
        kept.pop("changes", None)
        reports = tuple(
            Result(**{**one, "paths": {k: folder / v for k, v in one["paths"].items()}})
            for one in kept["reports"]
        )
        window = tuple(kept["window"]) if kept["window"] else None
        return JobRun(**{**kept, "folder": folder, "reports": reports, "window": window})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def read_runs(job: str, project: Project) -> list[JobRun]:
    """All runs of a job that can be read, oldest slot first."""
    folders = sorted(path.parent for path in (project.reports / job).glob(f"*/{RUN}"))
    return [run for folder in folders if (run := read_run(folder)) is not None]


def last_good(job: str, project: Project, before: str) -> JobRun | None:
    """The last run of an earlier slot whose reports are good; for a manual run, the newest of all."""
    good = [run for run in read_runs(job, project) if run.state in ("done", "reused") and run.slot != before]
    if before == MANUAL:
        return max(good, key=lambda run: run.made, default=None)
    return max((run for run in good if run.slot < before), key=lambda run: run.slot, default=None)


# ---------------------------------------------------------------- before


def _plan(job: JobFile, notebook: Path, point: Point, setting: Setting) -> Plan:
    names = read_schema(notebook).names
    given = job.parameters_of(notebook.stem, names) | {
        k: v for k, v in point.parameters.items() if k in names
    }
    if job.corpus and "corpus" in names:
        given.setdefault("corpus", job.corpus)
    line = point.selection.line() or str(given.pop(SELECT, ""))
    return plan(Job(notebook, given, line), setting)


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
            place, problem=f"none of its notebooks has a parameter `{name}`", mend=did_you_mean(name, known)
        )
        for name in wanted
        if name not in known
    ]


def _place(name: str, project: Project) -> Path:
    """A notebook by its stem below the project's notebooks, or by its path from the project's folder."""
    known = project.notebooks / f"{name.removesuffix('.ipynb')}.ipynb"
    return known if known.is_file() or "/" not in name else project.folder / name


def _corpus(job: JobFile, project: Project) -> Corpus:
    from workbench import build, load

    folder = job.corpus or job.parameters.get("corpus") or None
    build(folder, project=project)
    return load(folder, project=project, build=False)


def _book(job: JobFile, point: Point, project: Project, setting: Setting, slot: datetime | None) -> Book:
    plans = [_plan(job, _place(name, project), point, setting) for name in job.notebooks]
    title = f"{job.title}: {point.label}" if point.label else job.title
    name = report_name(job.name, {"for": point.label} if point.label else {}, "")
    when = f" --slot {slot.astimezone(UTC).strftime('%Y-%m-%dT%H:%MZ')}" if slot else ""
    command = f"workbench report {shlex.quote(job.name)}{when}"
    return bind(name, title, plans, command)


def _doubts(job: JobFile, corpus: Corpus, chosen: Selection, moment: datetime) -> list[str]:
    """Which gates of the job its documents miss, on the day of the slot."""
    if job.gates == Gates():
        return []
    zone = ZoneInfo(job.schedule.timezone if job.schedule else "UTC")
    whole = corpus.where(chosen.narrowed(since=None, until=None))
    return missed_gates(
        corpus.where(chosen).documents, job.gates, moment.astimezone(zone).date(), whole.documents
    )


# ---------------------------------------------------------------- after


def _doubted(run: JobRun, doubts: Sequence[str]) -> JobRun:
    """A run whose documents miss a gate is degraded, unless it failed anyway; somebody hears of it."""
    if not doubts:
        return run
    state = "failed" if run.state == "failed" else "degraded"
    deliver = "report" if run.reports and state != "failed" else "notice"
    first = [f"{run.reason}."] if run.state in ("failed", "skipped", "degraded") else []
    return replace(run, state=state, reason=" ".join([*first, *doubts]), deliver=deliver)


def _link(last: JobRun | None, book: Book, folder: Path) -> tuple[str, str] | None:
    """Where the same report of the last good run is, seen from a folder."""
    found = [one.paths["html"] for one in last.reports if one.name == book.name] if last else []
    if not last or not found or not found[0].is_file():
        return None
    about = " to ".join(last.window) if last.window else last.made[:10]
    return f"The last good report, of {about}", quote(os.path.relpath(found[0], folder).replace(os.sep, "/"))


def _before(last: JobRun | None, book: Book) -> Path | None:
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


def _same(last: JobRun, books: Sequence[Book]) -> bool:
    """Whether every report wanted now stands in an earlier run, untouched."""
    made = {report.key for report in last.reports}
    return all(book.key in made for book in books) and all(
        path.is_file() for report in last.reports for path in report.paths.values()
    )


def _again(last: JobRun) -> tuple[Result, ...]:
    return tuple(
        replace(report, state="reused", reason="unchanged", seconds=0.0, changes=())
        for report in last.reports
    )


def _sum_up(job: JobFile, results: Sequence[Result]) -> dict[str, Any]:
    state = min((result.state for result in results), key=STATES.index)
    bad = [result for result in results if result.state in ("failed", "degraded")]
    reason = "; ".join(f"{result.name}: {result.reason}" for result in bad)
    if state == "reused":
        return _unchanged(job)
    return {"state": state, "reason": reason, "deliver": "notice" if state == "failed" else "report"}


def _finish(run: JobRun, began: float) -> JobRun:
    run = replace(run, seconds=round(time.monotonic() - began, 2))
    kept = _plain({**asdict(run), "folder": run.folder.name, "changes": run.changes})
    for one in kept["reports"]:
        one["paths"] = {
            k: os.path.relpath(v, run.folder).replace(os.sep, "/") for k, v in one["paths"].items()
        }
    write_whole(run.folder / RUN, json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    return run


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value
