"""Publish the state of the schedule: one row for each job, the history of its slots, and the feeds.

`feed.json` and `feed.atom` beside the index of reports: the runs of the jobs that want `deliver.feed`.

What an operator wants to know in one look: each job, its last slot and why, its next; and the log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from workbench.deliver.feed import FeedEntry, atom, json_feed
from workbench.errors import WorkbenchError
from workbench.project import Project
from workbench.report.files import write_file
from workbench.report.index import STATE
from workbench.report.jobs.model import JobFile
from workbench.schedule.calendar import next_slot
from workbench.schedule.slots import GOOD, Slot, SlotStore

MOST = 50  # entries: a reader that comes once a week still sees every run of a job for each working hour
TITLE = "Reports"
_WORDS = {"ran": "", "degraded": "degraded: ", "failed": "failed: ", "missed": "missed: "}


def write_feeds(project: Project, jobs: Mapping[str, object], ledger: SlotStore) -> None:
    """Write both feeds when a job wants them; those of jobs that want them no more are emptied, not left stale."""
    wanted = [job for job in jobs.values() if isinstance(job, JobFile) and job.deliver.feed]
    if not wanted and not (project.reports / "feed.json").is_file():
        return
    found = [(row, job) for job in wanted for row in ledger.slots(job.name, states=tuple(_WORDS), limit=MOST)]
    newest = sorted(found, key=lambda one: (one[0].slot, one[0].job), reverse=True)
    entries = [feed_entry(row, job) for row, job in newest if row.result.get("deliver") != "nothing"][:MOST]
    write_file(project.reports / "feed.json", json_feed(TITLE, entries))
    write_file(project.reports / "feed.atom", atom(TITLE, entries, datetime.now(UTC)))


def feed_entry(row: Slot, job: JobFile) -> FeedEntry:
    """A slot as an entry: the job's title and slot, why it is as it is, and what changed."""
    about = f"About {row.since} to {row.until}." if row.since else f"Slot {row.slot:%Y-%m-%d %H:%M} UTC."
    why = [f"Why: {row.reason}"] if row.reason else []
    pages = row.result.get("files", {}).get("html", []) if row.state in GOOD else []
    return FeedEntry(
        key=f"{row.job} {row.slot.isoformat()}",
        title=f"{_WORDS[row.state]}{job.title}, {row.slot:%Y-%m-%d %H:%M} UTC",
        text="\n".join([about, *why, *row.result.get("changes", [])]),
        when=row.ended or row.slot,
        link=quote(str(pages[0])) if pages else "",
    )


# ---------------------------------------------------------------- what an operator wants to know in one look: each job, its last slot and why, its next; and the log

_SHOWN = 20  # slots of each job in it


def job_status(
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
        state, why = (last.state, slot_reason(last, ledger)) if last else ("not yet due", "")
        if isinstance(job, WorkbenchError):
            state, why = "unreadable", f"{job.problem}. {job.hint}"
        elif job is None:
            why = why or "it has no job file any more"
        rows.append({
            "job": name, "last": format_slot(last.slot, zone) if last else "", "state": state, "why": why,
            "report": report_page(good), "next": format_slot(following, zone) if following else "",
        })  # fmt: skip
    return rows


def slot_reason(row: Slot, ledger: SlotStore) -> str:
    """The reason of a slot's state, and what of it was not sent."""
    words = [row.reason] if row.reason else []
    if row.state == "running" and row.started:
        words.append(f"since {row.started:%H:%M} UTC")
    if row.not_before and row.state == "waiting":
        words.append(f"again at {row.not_before:%H:%M} UTC")
    unsent = [one for one in ledger.deliveries(row.job) if one["slot"] == row.slot and one["state"] != "sent"]
    words += [f"{one['channel']} {_WORDS_STATUS[one['state']]}: {one['reason']}" for one in unsent]
    return "; ".join(words)


_WORDS_STATUS = {"failed": "not sent", "waiting": "not yet sent", "sending": "being sent"}


def report_page(row: Slot | None) -> str:
    """The first page of a slot's report, below the reports folder; "" when there is none."""
    pages = row.result.get("files", {}).get("html", []) if row else []
    return str(pages[0]) if pages else ""


def format_slot(moment: datetime, zone: str) -> str:
    """A moment by a clock: `Mon 2026-11-23 06:00 CET`."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%a %Y-%m-%d %H:%M %Z")


def slot_history(ledger: SlotStore, name: str, zone: str, limit: int = _SHOWN) -> list[dict[str, Any]]:
    """One row a slot, newest first: slot, window, state, why, tries, seconds, report."""
    return [
        {
            "job": row.job, "slot": format_slot(row.slot, zone), "utc": f"{row.slot:%Y-%m-%dT%H:%MZ}", "state": row.state,
            "window": f"{row.since} to {row.until}" if row.since else "", "why": slot_reason(row, ledger),
            "tries": row.tries, "seconds": row.seconds, "report": report_page(row),
        }
        for row in ledger.slots(name, limit=limit)
    ]  # fmt: skip


def publish(project: Project, ledger: SlotStore, jobs: Mapping[str, JobFile | WorkbenchError]) -> None:
    """Write `schedule.json` and the feeds into the reports folder and renew the index, which shows it."""
    from workbench.report.index import write_index

    zones = {n: job.schedule.timezone for n, job in jobs.items() if isinstance(job, JobFile) and job.schedule}
    told = {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "jobs": job_status(ledger, jobs, datetime.now(UTC)),
        "slots": {name: slot_history(ledger, name, zones.get(name, "UTC")) for name in sorted(jobs)},
    }
    write_file(project.reports / STATE, json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    write_index(project.reports)
    write_feeds(project, jobs, ledger)
