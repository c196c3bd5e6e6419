"""Notebook in, report out: reused when nothing changed, never half written.

`run_reports` runs the jobs, several at once; one that fails leaves its notebook with the traceback
and a page that shows it, beside the last good report, and the others still run.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from workbench import __version__
from workbench.errors import ReportFailed, WorkbenchError
from workbench.report.diff.compare import Since, changes_place, read_lines, since_last, write_since
from workbench.report.diff.render import lines, section
from workbench.report.execute_notebooks import STOPPED, error_line, execute_notebooks
from workbench.report.files import cannot_write, write_file
from workbench.report.formats import FORMATS, convert_report
from workbench.report.index import write_index
from workbench.report.notebook.forkserver import fork_server
from workbench.report.notebook.interrupts import terminable
from workbench.report.notebook.kernel_env import DEADLINE
from workbench.report.plan import (
    NotebookPlan,
    ReportRequest,
    ReportSpec,
    RunConfig,
    book_of,
    notebook_digest,
    package_digest,
    plan,
)
from workbench.report.records import KILLED, ReportRecord, alone, read_record, recover_records, write_record
from workbench.report.results import NamedResult, ResultStamp, packages, place, take, write_results

if TYPE_CHECKING:
    from workbench.report.page.render import PageFacts
    from workbench.selection.model import Selection

MOST_WORKERS = 4  # a kernel takes about 250 MB; more at once only where somebody asks for it
_PATIENCE = 60.0  # seconds for another process that makes the same report
__all__ = [
    "DEADLINE",
    "FORMATS",
    "NotebookPlan",
    "ReportRequest",
    "ReportResult",
    "RunConfig",
    "plan",
    "run_books",
    "run_report",
    "run_reports",
]


@dataclass(frozen=True)
class ReportResult:
    """What became of a job. `state` is done, reused, degraded or failed; `paths` the report's files by format.

    A degraded report has a gap where a section failed; its `reason` says which and why.

    `changes` has a sentence for each result that is not what it was in the last good run, beyond noise.
    `remark` says what the runner should know although the report is as it would have been anyway.
    """

    name: str
    state: str
    paths: Mapping[str, Path]
    seconds: float
    reason: str = ""
    title: str = ""
    key: str = ""
    changes: tuple[str, ...] = ()
    remark: str = ""

    def __str__(self) -> str:
        others = [path for kind, path in self.paths.items() if kind in FORMATS and kind != "html"]
        return self._line() + "".join(
            [*(f"\n  {path}" for path in others), f"\n  note: {self.remark}" if self.remark else ""]
        )

    def _line(self) -> str:
        place = self.paths.get("html", "")
        if self.state in ("failed", "degraded"):
            return f"{self.state}: {self.name}: {self.reason}" + (f"\n  see {place}" if place else "")
        return f"unchanged: {place}" if self.state == "reused" else f"{place} ({self.seconds:.1f} s)"


def run_report(job: ReportRequest, setting: RunConfig) -> ReportResult:
    """Make one report, or reuse what is there.

    Raises what `plan` raises, before a kernel starts, and ReportFailed when `out` cannot be written. A
    notebook that fails, dies or passes its deadline is a Result with state failed, and its output
    notebook and page show the traceback; one of which a section failed beside whole ones is degraded. The
    last good report stays in both cases.
    """
    return convert_report(_run(book_of(plan(job, setting)), setting), setting.formats)


def run_reports(
    jobs: Iterable[ReportRequest], setting: RunConfig, tell: Callable[[ReportResult], object] | None = None
) -> list[ReportResult]:
    """Run the jobs, each as a report of its own, and write the index. `tell` hears of each result at once.

    All jobs are checked before the first starts, so a wrong parameter costs no time. When a file
    cannot be written, that job fails and the others still run.
    """
    books = [book_of(plan(job, setting)) for job in jobs]
    _writable(setting.out)
    recover_records(setting.out, KILLED)
    try:
        return run_books(books, setting, tell)
    finally:
        write_index(setting.out)


def run_books(
    books: Sequence[ReportSpec], setting: RunConfig, tell: Callable[[ReportResult], object] | None = None
) -> list[ReportResult]:
    """Make reports that are already checked; one that fails does not stop the others."""
    n = min(setting.workers or min(os.cpu_count() or 1, MOST_WORKERS), len(books))
    if setting.warm and not all(_stands(one, setting) for one in books):
        fork_server()  # it loads while we do
    if n > 1:
        return _side_by_side(books, setting, tell, n)
    results = []
    for one in books:
        results.append(_run_safely(one, setting))
        if tell is not None:
            tell(results[-1])
    return results


def _side_by_side(
    books: Sequence[ReportSpec], setting: RunConfig, tell: Callable[[ReportResult], object] | None, n: int
) -> list[ReportResult]:
    """In `n` threads of this process; a signal to stop reaches all of them before it goes on."""
    done: dict[int, ReportResult] = {}
    _import()
    with ThreadPoolExecutor(n) as pool, terminable():
        futures = {pool.submit(_run_safely, one, setting): k for k, one in enumerate(books)}
        try:
            for future in as_completed(futures):
                done[futures[future]] = future.result()
                if tell is not None:
                    tell(done[futures[future]])
        except BaseException:
            setting.stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    return [done[k] for k in range(len(books))]


def warm_up() -> None:
    """Import what reports are made with, in one thread, and start the warm process that forks kernels.

    Returns when that process is there, so that the first report waits for nothing.
    """
    process = fork_server()
    _import()
    if process is not None:
        process.ready_within()


def _import() -> None:
    """Import in one thread what the others are going to use."""
    from workbench.report.notebook import execute, kernel  # noqa: F401

    execute.register()


def _run_safely(one: ReportSpec, setting: RunConfig) -> ReportResult:
    began = time.monotonic()
    try:
        return convert_report(_run(one, setting), setting.formats)
    except WorkbenchError as error:
        return ReportResult(one.name, "failed", {}, time.monotonic() - began, str(error), one.title, one.key)


def _writable(out: Path) -> None:
    """Find out before a kernel starts that the folder cannot be written."""
    try:
        (out / "notebooks").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(out, error) from error


def _run(one: ReportSpec, setting: RunConfig) -> ReportResult:
    """Make a report, or reuse it; while another process makes the same one, wait for that."""
    _writable(setting.out)
    with alone(setting.out, one.name, _PATIENCE):
        return _alone(one, setting)


def _alone(one: ReportSpec, setting: RunConfig) -> ReportResult:
    last = read_record(setting.out, one.name)
    if last and _stands(one, setting):
        return _reuse(one, setting.out, last, _paths(setting.out, one))
    began = time.monotonic()
    record = ReportRecord.of(_about(one, setting), last)
    write_record(setting.out, record)
    try:
        with terminable():
            ran = execute_notebooks(one, setting)
            failure, named = ran.failure, take(ran.notebooks)
            stamp = _made_from(one, setting, record)
            took = time.monotonic() - began
            since = None if failure or ran.gaps else _since(one, setting, stamp, named, took)
            record = replace(record, reason=failure, seconds=round(time.monotonic() - began, 2))
            facts = _facts(_with_gaps(one, setting, ran.gaps), setting, record, since)
            paths = _write(one, setting, ran.notebooks, facts, _MARKS[bool(failure), bool(ran.gaps)])
    except (ReportFailed, KeyboardInterrupt) as error:
        _remember(setting.out, record.failed(str(error) if isinstance(error, ReportFailed) else STOPPED))
        raise
    reason, page = failure or "; ".join(ran.gaps), paths["html"].name
    if failure or ran.gaps:
        record = record.failed(reason, page) if failure else record.degraded(reason, page)
    else:
        record = record.done(paths)
    write_record(setting.out, record)
    said = tuple(lines(since)) if since else ()
    if since is not None:
        write_results(place(setting.out, one.name), stamp, named)
        write_since(changes_place(setting.out, one.name), since, said)
    if ran.stopped is not None:
        raise ran.stopped
    remark = "; ".join(ran.remarks)
    return ReportResult(
        one.name, record.state, paths, record.seconds, reason, one.title, one.key, said, remark
    )


def _since(
    one: ReportSpec, setting: RunConfig, stamp: ResultStamp, named: Sequence[NamedResult], took: float
) -> Since:
    """What changed since the last good run; the report is run again where causes can be told apart by it.

    That may take the first half of the time there is: telling causes apart must never cost a report.
    """

    def rerun(selection: Selection) -> list[NamedResult]:
        if time.monotonic() - setting.began + took > setting.deadline / 2:
            said = "it was not run, since half of the time that it may take would be over"
            raise ReportFailed(one.name, problem=said, hint="give it more time with --deadline")
        ran = execute_notebooks(one.over(selection), setting)
        if ran.stopped is not None:
            raise ran.stopped
        if bad := ran.failure or "; ".join(ran.gaps):
            raise ReportFailed(one.name, problem=f"it failed ({bad})", hint="see its notebook")
        return take(ran.notebooks)

    return since_last(one, setting, stamp, named, rerun)


def _stands(one: ReportSpec, setting: RunConfig) -> bool:
    """Whether the report that is wanted is there already, untouched."""
    last = None if setting.force else read_record(setting.out, one.name)
    return last is not None and last.is_good_for(one.key, _paths(setting.out, one))


def _reuse(one: ReportSpec, out: Path, last: ReportRecord, good: Mapping[str, Path]) -> ReportResult:
    """Leave the good report as it is; a failure since then, of other inputs, is over."""
    if last.state != "done":
        write_record(out, last.good_again())
        _forget_failure(out, one)
    said = read_lines(changes_place(out, one.name))
    return ReportResult(one.name, "reused", good, 0.0, "unchanged", one.title, one.key, said)


def _write(
    one: ReportSpec, setting: RunConfig, notebooks: Sequence[Any], facts: PageFacts, mark: str
) -> dict[str, Path]:
    """Write page and notebooks; a failed or degraded run under a name of its own: the last good one stays."""
    from workbench.report.page.render import render

    paths = _paths(setting.out, one, mark)
    try:
        page = render(notebooks, facts)
    except Exception as error:  # a defect of ours must not stop the other reports
        problem = f"its page cannot be drawn ({error_line(error)})"
        raise ReportFailed(
            one.plans[0].job.notebook, problem=problem, hint="please report this with the notebook"
        ) from error
    for key, nb in zip([key for key in paths if key != "html"], notebooks, strict=True):
        write_file(paths[key], json.dumps(nb, indent=1, ensure_ascii=False) + "\n")
    write_file(paths["html"], page)
    _forget_failure(setting.out, one, keep=mark)
    return paths


_MARKS = {(True, True): ".failed", (True, False): ".failed", (False, True): ".degraded", (False, False): ""}


def _forget_failure(out: Path, one: ReportSpec, keep: str = "") -> None:
    """Drop what an earlier run left under a name of its own, with its other forms."""
    for mark in {".failed", ".degraded"} - {keep}:
        paths = _paths(out, one, mark)
        for path in [*paths.values(), *(paths["html"].with_suffix(f".{kind}") for kind in FORMATS[1:])]:
            path.unlink(missing_ok=True)


def _with_gaps(one: ReportSpec, setting: RunConfig, gaps: Sequence[str]) -> ReportSpec:
    """The report whose head says what is missing, and links the last good one if only its own folder has it."""
    good = read_record(setting.out, one.name)
    link = one.last_good
    if link is None and good is not None and (setting.out / f"{one.name}.html").is_file() and good.files:
        link = (f"The last good report, made on {good.good_made[:10]}", quote(f"{one.name}.html"))
    said = tuple(("degraded", words) for words in gaps)
    return replace(one, notices=(*said, *one.notices), last_good=link)


def _paths(out: Path, one: ReportSpec, mark: str = "") -> dict[str, Path]:
    """The page, and the executed notebook: `ipynb`, or for several `ipynb:<stem>`."""
    found = {"html": out / f"{one.name}{mark}.html"}
    for number, each in enumerate(one.plans):
        stem = each.job.notebook.stem
        several = len(one.plans) > 1
        key = f"ipynb:{number + 1}-{stem}" if several else "ipynb"
        inner = f"{one.name}-{number + 1}-{stem}" if several else one.name
        found[key] = out / "notebooks" / f"{inner}{mark}.ipynb"
    return found


def _remember(out: Path, record: ReportRecord) -> None:
    """Write the record if that can be done; the error that led here says more than a second one."""
    try:
        write_record(out, record)
    except ReportFailed:
        return


def _about(one: ReportSpec, setting: RunConfig) -> dict[str, Any]:
    return {
        "name": one.name,
        "notebook": ", ".join(each.job.notebook.stem for each in one.plans),
        "title": one.title,
        "key": one.key,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "selection": one.select.caption(),
        "parameters": {name: value for each in one.plans for name, value in each.changed.items()},
        "corpus_version": setting.corpus_version,
        "settings_digest": setting.settings_digest,
        "package": package_digest(),
        "command": one.command,
    }


def _made_from(one: ReportSpec, setting: RunConfig, record: ReportRecord) -> ResultStamp:
    """What this run is compared by, the next time."""
    return ResultStamp(
        record.made, setting.corpus_version, setting.settings_digest, record.package,
        " ".join(notebook_digest(each.notebook["cells"]) for each in one.plans),
        record.selection, json.dumps(record.parameters, sort_keys=True, ensure_ascii=False, default=str),
        one.select.since or "", one.select.until or "",
        len(setting.documents.inside(one.select)) if setting.documents else 0,
        one.select.line(), setting.settings, packages(),
    )  # fmt: skip


def _facts(one: ReportSpec, setting: RunConfig, record: ReportRecord, since: Since | None) -> PageFacts:
    from workbench.report.page.render import PageFacts, PagePart

    changed = ", ".join(f"{name} = {value}" for name, value in record.parameters.items())
    stamp = {
        "Corpus version": setting.corpus_version or "not given",
        "Settings": setting.settings_digest or "not given",
        "Selection": record.selection,
        "Parameters": changed or "all at their defaults",
        "Notebook": ", ".join(
            f"{each.job.notebook.name} ({notebook_digest(each.notebook['cells'])})" for each in one.plans
        ),
        "Program": f"analyst-workbench {__version__} ({package_digest()}), Python {platform.python_version()}",
        "Run key": one.key,
    }
    failed = [("failed", f"This report failed: {record.reason}")] if record.reason else []
    return PageFacts(
        title=one.title,
        parts=[
            PagePart(each.job.notebook.stem, each.schema, each.values, each.changed) for each in one.plans
        ],
        select=one.select,
        made=record.made.replace("T", " ")[:16] + " UTC",
        stamp=stamp,
        command=one.command,
        failure=record.reason,
        notices=[*failed, *one.notices],
        last_good=one.last_good,
        changes=section(since, setting.out, one.before) if since else "",
    )
