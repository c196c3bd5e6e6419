"""`feed.json` and `feed.atom` beside the index of reports: the runs of the jobs that want `deliver.feed`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from workbench.deliver.feed import Entry, atom, json_feed
from workbench.project import Project
from workbench.report.files import write_whole
from workbench.report.jobs.model import JobFile
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
    entries = [entry_of(row, job) for row, job in newest if row.result.get("deliver") != "nothing"][:MOST]
    write_whole(project.reports / "feed.json", json_feed(TITLE, entries))
    write_whole(project.reports / "feed.atom", atom(TITLE, entries, datetime.now(UTC)))


def entry_of(row: Slot, job: JobFile) -> Entry:
    """A slot as an entry: the job's title and slot, why it is as it is, and what changed."""
    about = f"About {row.since} to {row.until}." if row.since else f"Slot {row.slot:%Y-%m-%d %H:%M} UTC."
    why = [f"Why: {row.reason}"] if row.reason else []
    pages = row.result.get("files", {}).get("html", []) if row.state in GOOD else []
    return Entry(
        key=f"{row.job} {row.slot.isoformat()}",
        title=f"{_WORDS[row.state]}{job.title}, {row.slot:%Y-%m-%d %H:%M} UTC",
        text="\n".join([about, *why, *row.result.get("changes", [])]),
        when=row.ended or row.slot,
        link=quote(str(pages[0])) if pages else "",
    )
