"""The runner's real surroundings: the clock, the project's job files, runs as processes of their own.

A run is a process of its own, so that a notebook that eats all memory, or a run that must be replaced,
never takes the runner with it. It ends by itself when its runner dies, and it holds a lock of its job,
so that the next runner begins nothing beside it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbench.errors import WorkbenchError
from workbench.project import Project
from workbench.report.files import write_file
from workbench.report.jobs.check import load_job
from workbench.report.jobs.model import JobFile, job_paths
from workbench.report.runs import recover_runs, slot_name
from workbench.schedule.runner import SlotOutcome
from workbench.schedule.slots import Slot, SlotStore, hold_lock, log_path, manual_lock_path, schedule_folder
from workbench.selection.saved import saved_mark

PATIENCE = 20.0  # seconds that a run has to clear up when it is ended; a kernel takes two


class ProjectRuntime:
    """Give the runner the clock, job files and processes of a project."""

    def __init__(
        self,
        project: Project,
        patience: float = 1.5 * PATIENCE,
        tell_unsent: Callable[[str], object] = lambda _: None,
    ) -> None:
        """`patience` is in seconds, for a run whose runner was killed to clear up.

        `tell_unsent` hears of each delivery that was tried and failed.
        """
        self.project, self.patience, self._tell_unsent = project, patience, tell_unsent
        self._read: dict[Path, tuple[tuple[int, int, int], JobFile | WorkbenchError]] = {}

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.now(UTC)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)

    def jobs(self) -> Mapping[str, JobFile | WorkbenchError]:
        """The jobs with a schedule; a file is read anew only when it, or the saved selections, have changed."""
        found = {name: self._job(path) for name, path in job_paths(self.project).items()}
        return {n: job for n, job in found.items() if not isinstance(job, JobFile) or job.schedule}

    def _job(self, path: Path) -> JobFile | WorkbenchError:
        try:
            state = path.stat()
            mark = (state.st_mtime_ns, state.st_size, saved_mark(self.project.settings))
            if self._read.get(path, ((0, 0, 0), None))[0] != mark:
                self._read[path] = (mark, load_job(path, self.project.settings))
        except WorkbenchError as error:
            self._read[path] = (mark, error)
        except OSError as error:
            return WorkbenchError(
                path, problem=f"cannot be read: {error.strerror}", hint="give the right to read it"
            )
        return self._read[path][1]

    def start(self, row: Slot) -> ProcessRun:
        """Begin a run as a process of its own, its words in the slot's log."""
        return ProcessRun(self.project, row)

    def left_behind(self, row: Slot) -> SlotOutcome | None:
        """The word of a run whose runner was killed, once it is surely over; Held when it was begun by hand and runs.

        A run takes some seconds to take its own lock, and leaves it before its word is read.
        """
        lock = schedule_folder(self.project) / f"{row.job}.lock"
        with hold_lock(manual_lock_path(self.project, row.job)), hold_lock(lock, wait=self.patience):
            recover_runs(self.project.reports, row.job)
            return _read_outcome(_outcome_path(self.project, row))

    def send(self, job: JobFile, row: Slot, ledger: SlotStore) -> None:
        """Send what the job wants sent; forget what is old."""
        from workbench.schedule.delivery import send

        for sentence in send(self.project, job, row, ledger):
            self._tell_unsent(sentence)

    def resend(self, jobs: Mapping[str, JobFile], ledger: SlotStore) -> None:
        """Try again what could not be sent."""
        from workbench.schedule.delivery import resend

        for sentence in resend(self.project, jobs, ledger):
            self._tell_unsent(sentence)

    def changed(self, ledger: SlotStore, jobs: Mapping[str, JobFile | WorkbenchError]) -> None:
        """Write the state of all jobs beside the ledger and into the index of reports."""
        from workbench.schedule.status import publish

        publish(self.project, ledger, jobs)


class ProcessRun:
    """A run in a process of its own. It hears of its runner's death by the end of its standard input."""

    def __init__(self, project: Project, row: Slot) -> None:
        self._word = _outcome_path(project, row)
        self._word.unlink(missing_ok=True)
        log = log_path(project, row.job, row.slot)
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log
        command = [
            sys.executable,
            "-m",
            "workbench.schedule.run_process",
            row.job,
            row.slot.isoformat(),
            str(self._word),
        ]
        group: dict[str, Any] = (
            {"start_new_session": True} if os.name == "posix" else {"creationflags": 0x200}
        )
        with log.open("ab") as file:
            file.write(f"\n== try {row.tries}, begun {row.started:%Y-%m-%d %H:%M:%S} UTC\n".encode())
            file.flush()
            self._process = subprocess.Popen(
                command,
                cwd=project.folder,
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=subprocess.STDOUT,
                **group,
            )

    @property
    def pid(self) -> int:
        """Of the process."""
        return int(self._process.pid)

    def poll(self) -> SlotOutcome | None:
        """How it ended; None while it runs."""
        code = self._process.poll()
        if code is None:
            return None
        how = (
            f"was killed (signal {-code}); the usual cause is too little memory"
            if code < 0
            else f"ended with code {code}"
        )
        return _read_outcome(self._word) or SlotOutcome(
            "failed", f"the run {how}; its last words are in {self._log.name}"
        )

    def stop(self) -> None:
        """End it softly, and by force when it takes too long."""
        with suppress(OSError):
            self._process.terminate()
        with suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _outcome_path(project: Project, row: Slot) -> Path:
    return schedule_folder(project) / f"{row.job}.{slot_name(row.slot)}.{row.tries}.{row.cuts}.json"


def _read_outcome(place: Path) -> SlotOutcome | None:
    """What a run left behind as its last word, which is read once."""
    try:
        told: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
        place.unlink()
        return SlotOutcome(told["state"], told["reason"], told["result"])
    except (OSError, ValueError, KeyError):
        return None


def write_outcome(place: Path, outcome: SlotOutcome) -> None:
    """Leave the last word of a run, whole or not at all."""
    told = {"state": outcome.state, "reason": outcome.reason, "result": dict(outcome.result)}
    write_file(place, json.dumps(told, ensure_ascii=False))
