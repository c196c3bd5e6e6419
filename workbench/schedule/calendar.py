"""The calendar of a job: the instants, in UTC, at which it is due.

Around a clock change: a time of day that does not exist is due at the first minute that does, one
that occurs twice is due once, at its first; a rule for every hour or every few minutes follows the
real hours, so none is left out and none comes twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from workbench.report.jobs.cron import cron_of
from workbench.report.jobs.model import Schedule


def slots_after(rule: Schedule, after: datetime) -> Iterator[datetime]:
    """The slots after an instant, in their order, without end; none when the rule has no calendar."""
    if not rule.cron:
        return
    last = after.astimezone(UTC)
    # The calendar gives an hour's first passage also when it is started in the second, and a missing
    # time and the one after it as the same instant: only what lies ahead is taken.
    for found in CronSim(cron_of(rule.cron), after.astimezone(ZoneInfo(rule.timezone))):
        moment = found.astimezone(UTC)
        if moment > last:
            last = moment
            yield moment


def slots_between(rule: Schedule, after: datetime, until: datetime) -> Iterator[datetime]:
    """The slots with after < slot <= until."""
    for slot in slots_after(rule, after):
        if slot > until:
            return
        yield slot


def next_slot(rule: Schedule, after: datetime) -> datetime | None:
    """The first slot after an instant."""
    return next(slots_after(rule, after), None)


def slot_before(rule: Schedule, at: datetime) -> datetime | None:
    """The last slot at or before an instant; None when there was none in the nine years before."""
    for days in (2, 40, 400, 9 * 366):
        found = list(slots_between(rule, at - timedelta(days=days), at))
        if found:
            return found[-1]
    return None
