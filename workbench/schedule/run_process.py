"""The process of one run: `python -m workbench.schedule.run_process JOB SLOT WORD`."""

from __future__ import annotations

import os
import sys
import traceback
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import WorkbenchError
from workbench.project import Project, find_project
from workbench.report.notebook.interrupts import end_with_input, terminable
from workbench.schedule.runner import STOPPED, SlotOutcome
from workbench.schedule.runtime import PATIENCE, write_outcome
from workbench.schedule.slots import hold_lock, schedule_folder

if TYPE_CHECKING:
    from workbench.report.runs import JobRun


def main() -> None:
    """Run a slot and leave a word about how it ended."""
    job, slot, word = sys.argv[1:4]
    end_with_input()  # it ends with the runner
    project = find_project()
    # Waits for a run of the same job whose runner was killed and which is still clearing up.
    with terminable(), hold_lock(schedule_folder(project) / f"{job}.lock", wait=3 * PATIENCE):
        write_outcome(Path(word), outcome_of(job, datetime.fromisoformat(slot), project))


def outcome_of(name: str, slot: datetime, project: Project) -> SlotOutcome:
    """Run a job for a slot; every way to fail is an outcome with its reason."""
    from workbench.report.jobs.check import load_job
    from workbench.report.jobs.model import find_job
    from workbench.report.jobs.run import run_job

    def tell(report: object) -> None:
        print(report, flush=True)  # noqa: T201

    try:
        run = run_job(load_job(find_job(name, project), project.settings), project, slot=slot, tell=tell)
    except WorkbenchError as error:
        print(error, flush=True)  # noqa: T201
        return SlotOutcome("failed", f"{error.place}: {error.problem}. {error.hint}")
    except KeyboardInterrupt:
        return SlotOutcome("failed", STOPPED)
    except Exception as error:  # a defect of ours is told with its traceback in the log
        traceback.print_exc()
        return SlotOutcome("failed", f"{type(error).__name__}: {error}")
    return SlotOutcome(run.state, run.reason, slot_result(run, project))


def slot_result(run: JobRun, project: Project) -> dict[str, Any]:
    """What the ledger keeps of a run: paths below the reports folder, corpus, what is to be sent, what changed."""
    files = {key: [_below(path, project.reports) for path in paths] for key, paths in run.files.items()}
    told = {"folder": _below(run.folder, project.reports), "files": files, "corpus": run.corpus_version}
    changes = getattr(run, "changes", None)
    return told | {"title": run.title, "deliver": run.deliver, "changes": _said(changes)}


def _said(changes: Any) -> list[str]:
    """What changed, in lines of text."""
    return [str(change) for change in changes or ()][:40]


def _below(path: Path, folder: Path) -> str:
    """A path from the reports folder; that of a report which was reused leads there through another run's."""
    plain = Path(os.path.normpath(path))
    return plain.relative_to(folder).as_posix() if plain.is_relative_to(folder) else str(plain)


if __name__ == "__main__":
    main()
