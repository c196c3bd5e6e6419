"""After a slot: mail and copy what the job wants sent, and forget what it need not keep.

What is to be sent stands in the ledger before it is tried, so that a hanging server or a crash loses
neither the report nor what is to be sent: it is tried again, five times in all.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from workbench.deliver.folder import copy_to
from workbench.deliver.mail import mail_of, post, server_of
from workbench.errors import WorkbenchError
from workbench.project import Project
from workbench.report.formats import FORMATS
from workbench.report.jobs.model import JobFile, Retention
from workbench.report.runs import slot_name
from workbench.schedule.mail import attachments, build_mail_body
from workbench.schedule.slots import GOOD, Slot, SlotStore

CHANNELS = ("mail", "folder")
MOST_TRIES = 5
PAUSE = timedelta(minutes=10)  # before it is tried again


def send(project: Project, job: JobFile, row: Slot, ledger: SlotStore) -> list[str]:
    """Send what the job wants sent of a finished or missed slot, and forget what is old; say what was not sent."""
    channels = ["mail"] * bool(job.deliver.mail and wants_mail(job, row))
    channels += ["folder"] * bool(job.deliver.folder and _report_files(project, row))
    for channel in channels:
        ledger.deliver(row, channel, "waiting", datetime.now(UTC), reason="not tried yet")
    for channel in channels:
        _try(project, job, row, ledger, channel, 1)
    not_sent = _of_slot(row, unsent(ledger, row, channels))
    prune_slots(project, job, ledger)
    return not_sent


def resend(project: Project, jobs: Mapping[str, JobFile], ledger: SlotStore) -> list[str]:
    """Try again what waits to be sent; say what was tried and not sent."""
    now = datetime.now(UTC)
    not_sent: list[str] = []
    for one in ledger.deliveries(state="waiting"):
        row, job = ledger.slot(one["job"], one["slot"]), jobs.get(one["job"])
        if row and job and now - datetime.fromisoformat(one["at"]) >= PAUSE * bool(one["tries"]):
            _try(project, job, row, ledger, one["channel"], one["tries"] + 1)
            not_sent += _of_slot(row, unsent(ledger, row, (one["channel"],)))
    return not_sent


def _of_slot(row: Slot, sentences: Sequence[str]) -> list[str]:
    return [f"{row.job} {row.slot:%Y-%m-%dT%H:%MZ}: {sentence}" for sentence in sentences]


def unsent(ledger: SlotStore, row: Slot, channels: Sequence[str] = CHANNELS) -> list[str]:
    """Say of each of the channels by which a slot was not sent why not, and when it is tried again."""
    sentences = []
    for delivery in ledger.deliveries(row.job):
        if delivery["slot"] != row.slot or delivery["state"] == "sent" or delivery["channel"] not in channels:
            continue
        if delivery["state"] == "failed":
            then = f"given up after {delivery['tries']} tries"
        else:
            wait = PAUSE * bool(delivery["tries"])
            again = datetime.fromisoformat(delivery["at"]).astimezone(UTC) + wait
            then = (
                f"try {delivery['tries']} of {MOST_TRIES}; `workbench schedule run` or `workbench schedule tick` "
                f"tries again after a wait of {PAUSE.seconds // 60} minutes, from {again:%H:%M} UTC on"
            )
        sentences.append(f"{delivery['channel']} not sent: {delivery['reason']}; {then}")
    return sentences


def wants_mail(job: JobFile, row: Slot) -> bool:
    """Whether the job wants a mail about a slot: a success, a failure or miss, or a change."""
    if row.state in ("failed", "missed"):
        return "failure" in job.deliver.mail_on
    if row.result.get("deliver") == "nothing" or row.state not in (*GOOD, "skipped"):
        return False
    return "success" in job.deliver.mail_on or (
        "change" in job.deliver.mail_on and bool(row.result.get("changes"))
    )


def _try(project: Project, job: JobFile, row: Slot, ledger: SlotStore, channel: str, tries: int) -> None:
    """Try once to send by a channel, and note in the ledger what became of it."""
    try:
        {"mail": _mail, "folder": _copy}[channel](project, job, row)
    except (WorkbenchError, OSError, ValueError) as error:
        said = f"{error.problem} ({error.hint})" if isinstance(error, WorkbenchError) else str(error)
        state = "waiting" if tries < MOST_TRIES else "failed"
        ledger.deliver(row, channel, state, datetime.now(UTC), reason=said, tries=tries)
        return
    ledger.deliver(row, channel, "sent", datetime.now(UTC), tries=tries)


def _report_files(project: Project, row: Slot) -> list[Path]:
    """The files of a slot's report; none when there is no new one to send."""
    if row.state not in GOOD or row.result.get("deliver") in ("notice", "nothing"):
        return []
    kept = row.result.get("files", {})
    return [project.reports / name for kind in FORMATS for name in kept.get(kind, [])]


def _copy(project: Project, job: JobFile, row: Slot) -> None:
    below = f"{job.name}/{slot_name(row.slot)}"
    copy_to(job.deliver.folder, below, _report_files(project, row), project.folder)


def _mail(project: Project, job: JobFile, row: Slot) -> None:
    server = server_of(os.environ)
    files = [file for file in _report_files(project, row) if file.is_file()]
    mail = mail_of(
        build_mail_body(project, job, row, files),
        sender=server.sender,
        to=job.deliver.mail,
        key=f"{job.name} {row.slot.isoformat()} {row.state}",
        files=attachments(project, files),
    )
    post(mail, server)


def prune_slots(project: Project, job: JobFile, ledger: SlotStore) -> None:
    """Forget the slots that are neither among the newest nor young enough, with their folders and logs.

    Young is what was made lately, whatever its slot: an old one that was run again stays as long as a new one. Never
    forgotten are the last good one, what a kept one shows as its own (a report that was reused), and what still
    waits or runs.
    """
    from workbench.schedule.slots import log_path

    keep = job.retention
    if not (keep.runs or keep.days):
        return
    border, spare = _kept(ledger.slots(job.name), keep, datetime.now(UTC))
    for slot in ledger.forget(job.name, border, spare):
        shutil.rmtree(project.reports / job.name / slot_name(slot), ignore_errors=True)
        log_path(project, job.name, slot).unlink(missing_ok=True)


def _kept(rows: Sequence[Slot], keep: Retention, now: datetime) -> tuple[datetime, set[datetime]]:
    """Before which slot one may be forgotten, and which of the older ones stay. `rows` are the newest first."""
    made = [row for row in rows if row.state in (*GOOD, "failed")]
    borders = [now - timedelta(days=keep.days)] if keep.days else []
    if keep.runs:
        few = len(made) < keep.runs
        borders.append(datetime.min.replace(tzinfo=UTC) if few else made[keep.runs - 1].slot)
    border = min(borders)
    lately = sorted(made, key=lambda row: row.ended or row.slot, reverse=True)
    young = [row for row in made if keep.days and (row.ended or row.slot) >= now - timedelta(days=keep.days)]
    best = [next((row for row in made if row.state in states), None) for states in (GOOD, ("ran",))]
    spare = {row.slot for row in [*lately[: keep.runs], *young, *best] if row is not None}
    shown = {folder for row in rows if row.slot >= border or row.slot in spare for folder in _folders(row)}
    return border, spare | {row.slot for row in rows if slot_name(row.slot) in shown}


def _folders(row: Slot) -> set[str]:
    """The runs' folders in which the files of a slot lie: its own, or that of the run it was reused from."""
    files = [Path(name).parts for names in row.result.get("files", {}).values() for name in names]
    return {parts[1] for parts in files if len(parts) > 1}
