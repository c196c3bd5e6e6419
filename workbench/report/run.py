"""Notebook in, report out: checked before it starts, reused when nothing changed, never half written.

`run_reports` runs the jobs one after another; one that fails leaves its notebook with the traceback
and a page that shows it, beside the last good report, and the others still run.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench import __version__
from workbench.errors import BadParameter, ReportFailed, WorkbenchError
from workbench.report.files import cannot_write, report_name, write_whole
from workbench.report.index import write_index
from workbench.report.ledger import Record, read_record, write_record
from workbench.report.schema import Schema, check, read_cells, schema_of
from workbench.selection import Selection

if TYPE_CHECKING:
    from workbench.report.html import Facts

SELECT = "select"  # the notebook parameter that takes the selection's line
FORMATS = ("html",)


@dataclass(frozen=True)
class Job:
    """One report that is wanted: a notebook, parameters that differ from its defaults, a selection."""

    notebook: Path
    parameters: Mapping[str, object] = field(default_factory=dict)
    select: str = ""


@dataclass(frozen=True)
class Setting:
    """Where reports are made and from what.

    `project` is the kernel's working folder, `out` receives the reports. `corpus_version` and
    `settings_digest` enter the run key: the same key is not run twice unless `force`. `deadline` is
    in seconds, for each notebook.
    """

    project: Path
    out: Path
    corpus_version: str = ""
    settings_digest: str = ""
    deadline: float = 900.0
    formats: tuple[str, ...] = FORMATS
    force: bool = False


@dataclass(frozen=True)
class Result:
    """What became of a job. `state` is done, reused or failed; `paths` the report's files by format."""

    name: str
    state: str
    paths: Mapping[str, Path]
    seconds: float
    reason: str = ""

    def __str__(self) -> str:
        place = self.paths.get("html", next(iter(self.paths.values()), Path()))
        if self.state == "failed":
            return f"failed: {self.name}: {self.reason}" + (f"\n  see {place}" if self.paths else "")
        return f"unchanged: {place}" if self.state == "reused" else f"{place} ({self.seconds:.1f} s)"


@dataclass(frozen=True)
class Plan:
    """A job that passed every check: its full parameters, its file name, its run key."""

    job: Job
    cells: list[dict[str, Any]]
    schema: Schema
    values: Mapping[str, Any]
    changed: Mapping[str, Any]
    select: Selection
    name: str
    key: str


def plan(job: Job, setting: Setting) -> Plan:
    """Check a job against its notebook before anything starts.

    Raises BadParameter for a missing notebook, an unknown or wrong parameter, or a selection that the
    notebook does not take; BadSelection; ReportFailed for an unknown format.
    """
    from workbench.errors import did_you_mean

    for wanted in setting.formats:
        if wanted not in FORMATS:
            raise ReportFailed(
                job.notebook, problem=f"no format `{wanted}`", mend=did_you_mean(wanted, FORMATS)
            )
    cells = read_cells(job.notebook)
    schema = schema_of(job.notebook, cells)
    values = check(schema, job.parameters)
    line = job.select or str(job.parameters.get(SELECT, ""))
    select = Selection.parse(line)
    if select and SELECT not in schema.names:
        raise BadParameter(
            job.notebook,
            problem="it takes no selection",
            mend=f'add `{SELECT}: str = ""` to its cell tagged `parameters`',
        )
    if SELECT in schema.names:
        values[SELECT] = select.line() or values[SELECT]
    defaults = schema.defaults()
    changed = {name: value for name, value in values.items() if value != defaults[name] and name != SELECT}
    name = report_name(job.notebook.stem, changed, select.line())
    return Plan(job, cells, schema, values, changed, select, name, _key(cells, values, setting))


def run_report(job: Job, setting: Setting) -> Result:
    """Make one report, or reuse what is there.

    Raises what `plan` raises, before a kernel starts, and ReportFailed when `out` cannot be written. A
    notebook that fails, dies or passes its deadline is a Result with state failed, and its output
    notebook and page show the traceback; the last good report stays.
    """
    return _run(plan(job, setting), setting)


def run_reports(
    jobs: Iterable[Job], setting: Setting, tell: Callable[[Result], None] | None = None
) -> list[Result]:
    """Run the jobs one after another and write the index. `tell` hears of each result at once.

    All jobs are checked before the first starts, so a wrong parameter costs no time. When a file
    cannot be written, that job fails and the others still run.
    """
    plans = [plan(job, setting) for job in jobs]
    _writable(setting.out)
    results = []
    try:
        for one in plans:
            results.append(_run_safely(one, setting))
            if tell is not None:
                tell(results[-1])
    finally:
        write_index(setting.out)
    return results


def _run_safely(one: Plan, setting: Setting) -> Result:
    began = time.monotonic()
    try:
        return _run(one, setting)
    except WorkbenchError as error:
        return Result(one.name, "failed", {}, time.monotonic() - began, str(error))


def _writable(out: Path) -> None:
    """Find out before the first kernel starts that the folder cannot be written."""
    try:
        (out / "notebooks").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(out, error) from error


# ---------------------------------------------------------------- one run


def _run(one: Plan, setting: Setting) -> Result:
    _writable(setting.out)
    last = read_record(setting.out, one.name)
    paths = {
        "html": setting.out / f"{one.name}.html",
        "ipynb": setting.out / "notebooks" / f"{one.name}.ipynb",
    }
    if last and last.is_good_for(one.key, paths) and not setting.force:
        return Result(one.name, "reused", paths, 0.0, "unchanged")
    began = time.monotonic()
    made = datetime.now(UTC).isoformat(timespec="seconds")
    write_record(setting.out, _record(one, setting, made, last, state="running"))
    nb, failure, stopped = _execute(one, setting)
    seconds = time.monotonic() - began
    try:
        result = _write(one, setting, nb, _facts(one, setting, made, failure), seconds)
    except ReportFailed as error:
        _remember(
            setting.out, _record(one, setting, made, last, state="failed", reason=str(error), seconds=seconds)
        )
        raise
    _remember(
        setting.out,
        _record(
            one,
            setting,
            made,
            last,
            state=result.state,
            reason=result.reason,
            seconds=seconds,
            paths=result.paths,
        ),
    )
    if stopped is not None:
        write_index(setting.out)
        raise stopped
    return result


def _execute(one: Plan, setting: Setting) -> tuple[Any, str, BaseException | None]:
    """The executed notebook, why it failed (or ""), and what interrupted us, to be raised again."""
    from workbench.report.client import DeadlinePassed, KernelDied
    from workbench.report.engine import execute

    kept: list[Any] = []
    source = {"cells": one.cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    given = {name: value for name, value in one.values.items() if value != one.schema.defaults()[name]}
    try:
        execute(source, given, cwd=setting.project, deadline=setting.deadline, kept=kept)
    except DeadlinePassed as error:
        return kept[0], f"{error}; give it more time with --deadline, or narrow the selection", None
    except KernelDied as error:
        return kept[0], f"{error}; the usual cause is too little memory: narrow the selection", None
    except KeyboardInterrupt as error:
        return kept[0] if kept else source, "the run was stopped from outside", error
    except Exception as error:
        return kept[0] if kept else source, _first_line(error), None
    return kept[0], "", None


def _write(one: Plan, setting: Setting, nb: Any, facts: Facts, seconds: float) -> Result:
    """Write page and notebook; a failed run under names of its own, so that the last good one stays."""
    from workbench.report.html import render

    mark = ".failed" if facts.failure else ""
    html = setting.out / f"{one.name}{mark}.html"
    notebook = setting.out / "notebooks" / f"{one.name}{mark}.ipynb"
    write_whole(notebook, json.dumps(nb, indent=1, ensure_ascii=False) + "\n")
    write_whole(html, render(nb, facts))
    if not mark:
        for old in (
            html.with_name(f"{one.name}.failed.html"),
            notebook.with_name(f"{one.name}.failed.ipynb"),
        ):
            old.unlink(missing_ok=True)
    return Result(
        one.name, "failed" if mark else "done", {"html": html, "ipynb": notebook}, seconds, facts.failure
    )


def _record(
    one: Plan, setting: Setting, made: str, last: Record | None, *, state: str, reason: str = "",
    seconds: float = 0.0, paths: Mapping[str, Path] | None = None,
) -> Record:  # fmt: skip
    return Record.of(
        last,
        name=one.name,
        notebook=one.job.notebook.stem,
        state=state,
        key=one.key,
        made=made,
        seconds=round(seconds, 2),
        reason=reason,
        selection=one.select.caption(),
        parameters=dict(one.changed),
        corpus_version=setting.corpus_version,
        paths=paths or {},
    )


def _remember(out: Path, record: Record) -> None:
    """Write the record; when even that fails, the report itself has already said why."""
    try:
        write_record(out, record)
    except ReportFailed:
        if record.state != "failed":
            raise


def _facts(one: Plan, setting: Setting, made: str, failure: str) -> Facts:
    import platform

    from workbench.report.html import Facts

    stamp = {
        "Corpus version": setting.corpus_version or "not given",
        "Settings": setting.settings_digest or "not given",
        "Selection": one.select.caption(),
        "Parameters": ", ".join(f"{name} = {value}" for name, value in one.changed.items())
        or "all at their defaults",
        "Notebook": f"{one.job.notebook.name} ({_digest(_sources(one.cells))})",
        "Program": f"analyst-workbench {__version__} ({package_digest()}), Python {platform.python_version()}",
        "Run key": one.key,
    }
    return Facts(
        name=one.job.notebook.stem, schema=one.schema, values=one.values, changed=one.changed,
        select=one.select.line(), caption=one.select.caption(), made=made.replace("T", " ")[:16] + " UTC",
        stamp=stamp, failure=f"This report failed: {failure}" if failure else "",
    )  # fmt: skip


# ---------------------------------------------------------------- run keys


def _key(cells: list[dict[str, Any]], values: Mapping[str, Any], setting: Setting) -> str:
    """Sixteen hex digits over everything that can change a report."""
    parts = [
        _sources(cells),
        dict(values),
        setting.corpus_version,
        setting.settings_digest,
        __version__,
        package_digest(),
    ]
    return _digest(parts)


def _sources(cells: list[dict[str, Any]]) -> list[Any]:
    """What of a notebook decides its result: not its outputs, ids and counts."""
    return [
        (cell["cell_type"], "".join(cell["source"]), sorted(cell.get("metadata", {}).get("tags", [])))
        for cell in cells
    ]


def package_digest() -> str:
    """Over the package's own files: a report from changed code is not "unchanged"."""
    root = Path(__file__).parent.parent
    files = sorted(path for path in root.rglob("*") if path.suffix in (".py", ".css", ".js", ".toml"))
    return _digest(
        [(str(path.relative_to(root)), hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]
    )


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def _first_line(error: BaseException) -> str:
    """`NameError: name 'x' is not defined` for a cell that failed, whatever papermill wraps around it."""
    if hasattr(error, "ename"):
        return f"{error.ename}: {error.evalue}".strip(": ")
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else 'no message'}"
