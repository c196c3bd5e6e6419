"""What becomes of slots that are due: run now, or skipped, or missed, each with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from workbench.report.jobs.model import Schedule

LATE = timedelta(hours=1)  # begun within this a slot is in time: a tick every quarter of an hour is enough
WITHIN = timedelta(days=14)  # what is older is not caught up: two weekly reports, not a year of them
MOST_CUTS = 3  # a run that takes the machine down with it is not begun for ever


class Decision(NamedTuple):
    """What a due slot becomes: waiting, skipped or missed."""

    slot: datetime
    state: str
    reason: str = ""


def decide(
    rule: Schedule, due: Sequence[datetime], now: datetime, running: datetime | None = None
) -> list[Decision]:
    """What the due slots of a job become, oldest first. `running` is the job's slot that still runs."""
    ordered = sorted(due)
    if running is not None and rule.overlap == "skip":
        return [
            Decision(one, "skipped", f"the slot of {_clock(running)} was still running") for one in ordered
        ]
    if running is not None and rule.overlap == "replace":
        newer = "a newer slot was due before it could run"
        return [Decision(one, "skipped", newer) for one in ordered[:-1]] + [Decision(ordered[-1], "waiting")]
    if running is not None:
        return [Decision(one, "waiting", f"after the slot of {_clock(running)}") for one in ordered]
    return _caught_up(rule, ordered, now)


def _caught_up(rule: Schedule, ordered: Sequence[datetime], now: datetime) -> list[Decision]:
    most = {"none": 1, "latest": 1, "all": rule.catch_up_cap}[rule.catch_up]
    oldest = now - (LATE if rule.catch_up == "none" else WITHIN)
    taken = [one for one in ordered[-most:] if one >= oldest]
    decisions = []
    for one in ordered:
        if one in taken:
            late = f"caught up {_ago(now - one)} late" if now - one > LATE else ""
            decisions.append(Decision(one, "waiting", late))
        else:
            decisions.append(Decision(one, "missed", _why(rule, one, oldest)))
    return decisions


def _why(rule: Schedule, one: datetime, oldest: datetime) -> str:
    """Why a slot is not caught up, as an operator would say it."""
    idle = "no runner was at work when it was due"
    if rule.catch_up == "none":
        return f'{idle}, and the job says catch_up = "none"'
    if one < oldest:
        return f"{idle}, and it is more than {WITHIN.days} days old"
    if rule.catch_up == "latest":
        return f'{idle}, and only the latest slot is caught up (catch_up = "latest")'
    return f"{idle}, and only {rule.catch_up_cap} are caught up (catch_up_cap)"


def _clock(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _ago(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"
