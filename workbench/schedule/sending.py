"""After a slot: forget what the job need not keep."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

from workbench.project import Project
from workbench.report.jobrun import slot_name
from workbench.report.jobs import JobFile
from workbench.schedule.ledger import GOOD, Ledger


def forget(project: Project, job: JobFile, ledger: Ledger) -> None:
    """Forget the slots that are neither among the newest nor young enough, with their folders and logs.

    The last good one is never forgotten, nor what still waits or runs.
    """
    from workbench.schedule.world import log_of

    keep = job.retention
    if not (keep.runs or keep.days):
        return
    borders = []
    if keep.days:
        borders.append(datetime.now(UTC) - timedelta(days=keep.days))
    if keep.runs:
        made = [row.slot for row in ledger.slots(job.name, states=(*GOOD, "failed"))]
        borders.append(made[keep.runs - 1] if len(made) >= keep.runs else datetime.min.replace(tzinfo=UTC))
    for slot in ledger.forget(job.name, min(borders)):
        shutil.rmtree(project.reports / job.name / slot_name(slot), ignore_errors=True)
        log_of(project, job.name, slot).unlink(missing_ok=True)
