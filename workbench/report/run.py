"""Notebook in, report out: reused when nothing changed, never half written.

`run_reports` runs the jobs one after another; one that fails leaves its notebook with the traceback
and a page that shows it, beside the last good report, and the others still run.
"""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench import __version__
from workbench.errors import ReportFailed, WorkbenchError
from workbench.report.files import cannot_write, write_whole
from workbench.report.index import write_index
from workbench.report.ledger import Record, read_record, write_record
from workbench.report.plan import DEADLINE, FORMATS, Job, Plan, Setting, notebook_digest, package_digest, plan
from workbench.report.signals import terminable

if TYPE_CHECKING:
    from workbench.report.html import Facts

STOPPED = "the run was stopped from outside"
__all__ = ["DEADLINE", "FORMATS", "Job", "Plan", "Result", "Setting", "plan", "run_report", "run_reports"]


@dataclass(frozen=True)
class Result:
    """What became of a job. `state` is done, reused or failed; `paths` the report's files by format."""

    name: str
    state: str
    paths: Mapping[str, Path]
    seconds: float
    reason: str = ""

    def __str__(self) -> str:
        place = self.paths.get("html", "")
        if self.state == "failed":
            return f"failed: {self.name}: {self.reason}" + (f"\n  see {place}" if place else "")
        return f"unchanged: {place}" if self.state == "reused" else f"{place} ({self.seconds:.1f} s)"


def run_report(job: Job, setting: Setting) -> Result:
    """Make one report, or reuse what is there.

    Raises what `plan` raises, before a kernel starts, and ReportFailed when `out` cannot be written. A
    notebook that fails, dies or passes its deadline is a Result with state failed, and its output
    notebook and page show the traceback; the last good report stays.
    """
    return _run(plan(job, setting), setting)


def run_reports(
    jobs: Iterable[Job], setting: Setting, tell: Callable[[Result], object] | None = None
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
    """Find out before a kernel starts that the folder cannot be written."""
    try:
        (out / "notebooks").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(out, error) from error


def _run(one: Plan, setting: Setting) -> Result:
    _writable(setting.out)
    last = read_record(setting.out, one.name)
    good = _paths(setting.out, one.name)
    if last and not setting.force and last.is_good_for(one.key, good):
        return _reuse(one.name, setting.out, last, good)
    began = time.monotonic()
    record = Record.of(_about(one, setting), last)
    write_record(setting.out, record)
    try:
        with terminable():
            nb, failure, stopped = _execute(one, setting)
            record = replace(record, reason=failure, seconds=round(time.monotonic() - began, 2))
            paths = _write(one, setting, nb, _facts(one, setting, record))
    except (ReportFailed, KeyboardInterrupt) as error:
        _remember(setting.out, record.failed(str(error) if isinstance(error, ReportFailed) else STOPPED))
        raise
    record = record.failed(failure, paths["html"].name) if failure else record.done(paths)
    write_record(setting.out, record)
    if stopped is not None:
        raise stopped
    return Result(one.name, record.state, paths, record.seconds, failure)


def _reuse(name: str, out: Path, last: Record, good: Mapping[str, Path]) -> Result:
    """Leave the good report as it is; a failure since then, of other inputs, is over."""
    if last.state != "done":
        write_record(out, last.good_again())
        _forget_failure(out, name)
    return Result(name, "reused", good, 0.0, "unchanged")


def _execute(one: Plan, setting: Setting) -> tuple[Any, str, BaseException | None]:
    """The executed notebook, why it failed (or ""), and what interrupted us, to be raised again."""
    from workbench.report.client import DeadlinePassed, KernelDied
    from workbench.report.engine import execute

    kept: list[Any] = []
    defaults = one.schema.defaults()
    given = {name: value for name, value in one.values.items() if value != defaults[name]}
    reason = ""
    stopped: BaseException | None = None
    try:
        execute(one.notebook, given, cwd=setting.project, deadline=setting.deadline, kept=kept)
    except DeadlinePassed as error:
        reason = f"{error}; give it more time with --deadline, or narrow the selection"
    except KernelDied as error:
        reason = f"{error}; the usual cause is too little memory: narrow the selection"
    except KeyboardInterrupt as error:
        reason, stopped = STOPPED, error
    except Exception as error:  # whatever papermill or the cell raised is the report's failure, not ours
        reason = _in_a_line(error)
    return kept[0] if kept else one.notebook, reason, stopped


def _write(one: Plan, setting: Setting, nb: Any, facts: Facts) -> dict[str, Path]:
    """Write page and notebook; a failed run under names of its own, so that the last good one stays."""
    from workbench.report.html import render

    paths = _paths(setting.out, one.name + (".failed" if facts.failure else ""))
    try:
        page = render(nb, facts)
    except Exception as error:  # a defect of ours must not stop the other reports
        problem = f"its page cannot be drawn ({_in_a_line(error)})"
        raise ReportFailed(
            one.job.notebook, problem=problem, mend="please report this with the notebook"
        ) from error
    write_whole(paths["ipynb"], json.dumps(nb, indent=1, ensure_ascii=False) + "\n")
    write_whole(paths["html"], page)
    if not facts.failure:
        _forget_failure(setting.out, one.name)
    return paths


def _forget_failure(out: Path, name: str) -> None:
    for path in _paths(out, f"{name}.failed").values():
        path.unlink(missing_ok=True)


def _paths(out: Path, name: str) -> dict[str, Path]:
    return {"html": out / f"{name}.html", "ipynb": out / "notebooks" / f"{name}.ipynb"}


def _remember(out: Path, record: Record) -> None:
    """Write the record if that can be done; the error that led here says more than a second one."""
    try:
        write_record(out, record)
    except ReportFailed:
        return


def _about(one: Plan, setting: Setting) -> dict[str, Any]:
    return {
        "name": one.name,
        "notebook": one.job.notebook.stem,
        "key": one.key,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "selection": one.select.caption(),
        "parameters": dict(one.changed),
        "corpus_version": setting.corpus_version,
    }


def _facts(one: Plan, setting: Setting, record: Record) -> Facts:
    from workbench.report.html import Facts

    changed = ", ".join(f"{name} = {value}" for name, value in one.changed.items())
    stamp = {
        "Corpus version": setting.corpus_version or "not given",
        "Settings": setting.settings_digest or "not given",
        "Selection": record.selection,
        "Parameters": changed or "all at their defaults",
        "Notebook": f"{one.job.notebook.name} ({notebook_digest(one.notebook['cells'])})",
        "Program": f"analyst-workbench {__version__} ({package_digest()}), Python {platform.python_version()}",
        "Run key": one.key,
    }
    made = record.made.replace("T", " ")[:16] + " UTC"
    return Facts(
        one.job.notebook.stem, one.schema, one.values, one.changed, one.select, made, stamp, record.reason
    )


def _in_a_line(error: BaseException) -> str:
    """`NameError: name 'x' is not defined` for a cell that failed, whatever papermill wraps around it."""
    name, value = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", str(error))
    lines = str(value).strip().splitlines()
    return f"{name}: {lines[0]}" if lines else str(name)
