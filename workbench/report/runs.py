"""The runs of a job as they stand on the disk: `run.json`, there from the first moment, and what it says.

Whoever makes a run holds a lock of its folder, which the system lets go of when the process ends. So a run
that says `running` without its lock was cut short, and whoever comes next gives it its true state.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import BadJob, ReportFailed, WorkbenchError
from workbench.report.execute_notebooks import STOPPED
from workbench.report.files import cannot_write, write_file
from workbench.report.records import KILLED, recover_records
from workbench.report.run import ReportResult
from workbench.report.window import Window
from workbench.store.locks import LockTimeout, lock

if TYPE_CHECKING:
    from workbench.project import Project

RUN = "run.json"
LOCK = ".lock"  # beside it
MANUAL = "manual"  # the slot of a run that no schedule asked for
PATIENCE = 5.0  # seconds for a process that was killed to be gone with its lock


@dataclass(frozen=True)
class JobRun:
    """What became of a run of a job.

    `state` is running, then the worst of its reports: done, reused, degraded, failed or skipped, with `reason`.
    `before` is what an earlier, good run of the same slot left, which a later one that fails does not undo.
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
    reports: tuple[ReportResult, ...] = ()
    made: str = ""
    seconds: float = 0.0
    corpus_version: str = ""
    deliver: str = "report"
    before: Mapping[str, Any] | None = None

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

    def good(self) -> JobRun | None:
        """This run when its reports are good, else the good one that it did not undo; None when there is neither."""
        if self.state in ("done", "reused"):
            return self
        return _read(self.before, self.folder) if self.before else None

    def __str__(self) -> str:
        why = f": {self.reason}" if self.reason else ""
        return f"{self.job}, slot {self.slot}: {self.state}{why}"


@contextmanager
def beginning(run: JobRun) -> Iterator[JobRun]:
    """Hold the run's folder and keep there that it runs; whatever is raised inside is kept as its failure.

    Gives the run with what an earlier good one of the slot left. Raises BadJob when another process makes
    the same slot, ReportFailed when the folder cannot be written.
    """
    with _holding(run):
        earlier = read_run(run.folder)
        good = earlier.good() if earlier else None
        run = replace(run, before=_kept(replace(good, before=None)) if good else None)
        keep(run)
        began = time.monotonic()
        try:
            yield run
        except BaseException as error:
            reason = str(error) if isinstance(error, WorkbenchError) else f"{type(error).__name__}: {error}"
            reason = STOPPED if isinstance(error, KeyboardInterrupt) else reason
            with suppress(ReportFailed):  # the error that led here says more than a second one
                keep(replace(run, state="failed", reason=reason, seconds=_since(began), deliver="notice"))
            raise


@contextmanager
def _holding(run: JobRun) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(lock(run.folder / LOCK, wait=PATIENCE))
        except LockTimeout as error:
            raise BadJob(
                run.job,
                problem=f"its slot {run.slot} is being made by another process",
                hint="let it; `run.json` in its folder says when it began",
            ) from error
        except OSError as error:
            raise cannot_write(run.folder, error) from error
        yield


def recover_runs(reports: Path, job: str = "*") -> list[JobRun]:
    """Give every run that was cut short its true state, and return these; one that still runs is left alone."""
    mended = []
    for path in sorted(reports.glob(f"{job}/*/{RUN}")):
        run = read_run(path.parent)
        if run is None or run.state != "running":
            continue
        with suppress(LockTimeout, OSError, ReportFailed), lock(path.parent / LOCK):
            run = read_run(path.parent)  # it may just have ended
            if run is not None and run.state == "running":
                mended.append(keep(replace(run, state="failed", reason=KILLED, deliver="notice")))
                recover_records(path.parent, KILLED)
    return mended


def keep(run: JobRun) -> JobRun:
    """Write a run into its folder. What an earlier good one left is forgotten once this one is good too."""
    if run.state in ("done", "reused"):
        run = replace(run, before=None)
    write_file(run.folder / RUN, json.dumps(_kept(run), indent=1, ensure_ascii=False) + "\n")
    return run


def _kept(run: JobRun) -> dict[str, Any]:
    kept: dict[str, Any] = _plain({**asdict(run), "folder": run.folder.name, "changes": run.changes})
    for one in kept["reports"]:
        one["paths"] = {
            k: os.path.relpath(v, run.folder).replace(os.sep, "/") for k, v in one["paths"].items()
        }
    return kept


def _since(began: float) -> float:
    return round(time.monotonic() - began, 2)


def slot_name(moment: datetime) -> str:
    """A slot as a folder's name, in UTC: `20151214T0600Z`; it sorts as the slots do."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%MZ")


def read_run(folder: Path) -> JobRun | None:
    """The run kept in a folder; None when there is none that can be read."""
    try:
        return _read(json.loads((folder / RUN).read_text(encoding="utf-8")), folder)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _read(kept: Mapping[str, Any], folder: Path) -> JobRun:
    reports = tuple(
        ReportResult(**{
            **one, "paths": {k: folder / v for k, v in one["paths"].items()},
            "changes": tuple(one.get("changes", ())),
        })
        for one in kept["reports"]
    )  # fmt: skip
    window = tuple(kept["window"]) if kept["window"] else None
    rest = {key: value for key, value in kept.items() if key != "changes"}
    return JobRun(**{**rest, "folder": folder, "reports": reports, "window": window})


def read_runs(job: str, project: Project) -> list[JobRun]:
    """All runs of a job that can be read, oldest slot first."""
    folders = sorted(path.parent for path in (project.reports / job).glob(f"*/{RUN}"))
    return [run for folder in folders if (run := read_run(folder)) is not None]


def last_good(job: str, project: Project, before: str) -> JobRun | None:
    """The last run of an earlier slot whose reports are good; for a manual run, the newest of all."""
    runs = (run.good() for run in read_runs(job, project) if run.slot != before)
    good = [run for run in runs if run is not None]
    if before == MANUAL:
        return max(good, key=lambda run: run.made, default=None)
    return max((run for run in good if run.slot < before), key=lambda run: run.slot, default=None)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value
