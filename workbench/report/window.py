"""The window of a slot: which days a scheduled report is about. It depends on the slot alone.

So the same slot, run again next month, is about the same days.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from workbench.errors import BadSelection
from workbench.selection.model import Selection, period

_WINDOW = re.compile(
    r"(?P<n>[1-9]\d{0,3})\s*(?P<unit>day|week|month|year)s?|previous\s+(?P<whole>day|week|month|year)"
)
Window = tuple[str, str]


def is_window(text: str) -> bool:
    """Whether `window_of` can read it: "7 days", "1 month", "previous week", or "" for none."""
    return not text or _WINDOW.fullmatch(text.strip().lower()) is not None


def window_of(window: str, slot: datetime, timezone: str = "UTC") -> Window | None:
    """First and last day, both inside, of the whole days before a slot; None when there is no window.

    `7 days` are those before the slot's own day in the job's time zone, `1 month` runs from the same day
    of the month before, `previous week` is Monday to Sunday.

    >>> window_of("7 days", datetime(2015, 12, 14, 7))
    ('2015-12-07', '2015-12-13')
    >>> window_of("previous month", datetime(2015, 12, 14, 7))
    ('2015-11-01', '2015-11-30')
    """
    found = _WINDOW.fullmatch(window.strip().lower())
    if found is None:
        return None
    zone = ZoneInfo(timezone)
    today = (slot.astimezone(zone) if slot.tzinfo else slot).date()
    first, last = _days(found, today)
    return first.isoformat(), last.isoformat()


def within(selection: Selection, window: Window | None) -> Selection:
    """The selection, narrowed to a window; dates that it has already stay where they are narrower.

    Raises BadSelection when they lie wholly outside the window.
    """
    if window is None:
        return selection
    since, until = window
    if selection.since and period(selection.since)[0] > since:
        since = selection.since
    if selection.until and period(selection.until)[1] < until:
        until = selection.until
    if period(since)[0] > period(until)[1]:
        said = f"its dates lie outside the window {window[0]} to {window[1]}"
        raise BadSelection("selection", problem=said, hint="drop since and until; the window sets them")
    return selection.narrowed(since=since, until=until)


def _days(found: re.Match[str], today: date) -> tuple[date, date]:
    day, whole = timedelta(days=1), found["whole"]
    if whole == "day":
        return today - day, today - day
    if whole == "week":
        monday = today - timedelta(days=today.weekday())
        return monday - timedelta(days=7), monday - day
    if whole == "month":
        last = today.replace(day=1) - day
        return last.replace(day=1), last
    if whole == "year":
        return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    n, unit = int(found["n"]), found["unit"]
    if unit in ("day", "week"):
        return today - timedelta(days=n * (7 if unit == "week" else 1)), today - day
    return _months_before(today, n * (12 if unit == "year" else 1)), today - day


def _months_before(today: date, n: int) -> date:
    months = today.year * 12 + today.month - 1 - n
    year, month = max(months // 12, 1), months % 12 + 1
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
