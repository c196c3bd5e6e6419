"""What an operator wants to know in one look: each job, its last slot and why, its next; and the log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from workbench.errors import WorkbenchError
from workbench.project import Project
from workbench.report.files import write_whole
from workbench.report.index import STATE
from workbench.report.jobs.model import JobFile
from workbench.schedule.calendar import next_slot
from workbench.schedule.slots import GOOD, Slot, SlotStore

_SHOWN = 20  # slots of each job in it


def overview(
    ledger: SlotStore, jobs: Mapping[str, JobFile | WorkbenchError], now: datetime
) -> list[dict[str, Any]]:
    """One row a job: job, last slot, state, why, report (of the last good run, else of a degraded one), next, by the job's own clock."""
    rows = []
    for name in sorted(set(jobs) | {row.job for row in ledger.slots()}):
        job, found = jobs.get(name), ledger.slots(name)
        last = found[0] if found else None
        made = [row for row in found if row.state in GOOD]
        good = next((row for row in made if row.state == "ran"), made[0] if made else None)
        rule = job.schedule if isinstance(job, JobFile) else None
        following = next_slot(rule, now) if rule else None
        zone = rule.timezone if rule else "UTC"
        state, why = (last.state, why_of(last, ledger)) if last else ("not yet due", "")
        if isinstance(job, WorkbenchError):
            state, why = "unreadable", f"{job.problem}. {job.hint}"
        elif job is None:
            why = why or "it has no job file any more"
        rows.append({
            "job": name, "last": clock(last.slot, zone) if last else "", "state": state, "why": why,
            "report": report_of(good), "next": clock(following, zone) if following else "",
        })  # fmt: skip
    return rows


def why_of(row: Slot, ledger: SlotStore) -> str:
    """The reason of a slot's state, and what of it was not sent."""
    words = [row.reason] if row.reason else []
    if row.state == "running" and row.started:
        words.append(f"since {row.started:%H:%M} UTC")
    if row.not_before and row.state == "waiting":
        words.append(f"again at {row.not_before:%H:%M} UTC")
    unsent = [one for one in ledger.deliveries(row.job) if one["slot"] == row.slot and one["state"] != "sent"]
    words += [f"{one['channel']} {_WORDS[one['state']]}: {one['reason']}" for one in unsent]
    return "; ".join(words)


_WORDS = {"failed": "not sent", "waiting": "not yet sent", "sending": "being sent"}


def report_of(row: Slot | None) -> str:
    """The first page of a slot's report, below the reports folder; "" when there is none."""
    pages = row.result.get("files", {}).get("html", []) if row else []
    return str(pages[0]) if pages else ""


def clock(moment: datetime, zone: str) -> str:
    """A moment by a clock: `Mon 2026-11-23 06:00 CET`."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%a %Y-%m-%d %H:%M %Z")


def history(ledger: SlotStore, name: str, zone: str, limit: int = _SHOWN) -> list[dict[str, Any]]:
    """One row a slot, newest first: slot, window, state, why, tries, seconds, report."""
    return [
        {
            "job": row.job, "slot": clock(row.slot, zone), "utc": f"{row.slot:%Y-%m-%dT%H:%MZ}", "state": row.state,
            "window": f"{row.since} to {row.until}" if row.since else "", "why": why_of(row, ledger),
            "tries": row.tries, "seconds": row.seconds, "report": report_of(row),
        }
        for row in ledger.slots(name, limit=limit)
    ]  # fmt: skip


def publish(project: Project, ledger: SlotStore, jobs: Mapping[str, JobFile | WorkbenchError]) -> None:
    """Write `schedule.json` and the feeds into the reports folder and renew the index, which shows it."""
    from workbench.report.index import write_index
    from workbench.schedule.feeds import write_feeds

    zones = {n: job.schedule.timezone for n, job in jobs.items() if isinstance(job, JobFile) and job.schedule}
    told = {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "jobs": overview(ledger, jobs, datetime.now(UTC)),
        "slots": {name: history(ledger, name, zones.get(name, "UTC")) for name in sorted(jobs)},
    }
    write_whole(project.reports / STATE, json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    write_index(project.reports)
    write_feeds(project, jobs, ledger)
