"""Read dates in text, and infer a year that is not written.

Nothing here knows today's date: a year is read, or inferred from a weekday and the years in the text,
or left open.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import NamedTuple

from workbench.languages import default_language, languages_with

_LANGUAGE = default_language()

MONTHS = _LANGUAGE.calendar.months
# The months of other languages, as they stand in a date: a text in one of them is kept and must be found in time.
_ELSEWHERE = {
    name: number
    for language in languages_with("calendar")
    if language is not _LANGUAGE
    for number, name in enumerate(language.calendar.months, 1)
}
WEEKDAYS = _LANGUAGE.calendar.weekdays

_MONTH = rf"(?P<{{0}}>{_LANGUAGE.calendar.month})\b\.?"
_DAY = rf"(?P<{{0}}>\d{{{{1,2}}}})(?:{_LANGUAGE.calendar.day_suffix})?"
_YEAR = r"(?P<{0}>(?:19|20)\d\d)\b"
_DATE = re.compile(
    rf"""(?<![\w/.-])(?:
      (?P<iso>{_YEAR.format("y0")}-(?P<m0>\d\d)-(?P<d0>\d\d)(?!\d))
    | (?P<mdy>{_MONTH.format("m1")}\s{{0,3}}{_DAY.format("d1")}\b(?:\s*,?\s{{0,2}}{_YEAR.format("y1")})?)
    | (?P<dmy>{_DAY.format("d2")}[ .-]?\s?(?:of\s)?{_MONTH.format("m2")}(?:[-,]?\s?{_YEAR.format("y2")})?)
    | (?P<num>(?P<a>\d{{1,2}})(?P<sep>[./-])(?P<b>\d{{1,2}})(?P=sep)(?P<y3>(?:19|20)?\d\d)(?!\d))
    | (?P<abroad>(?P<d5>\d{{1,2}})(?:er|º|\.)?\s(?:de\s)?(?P<m5>[^\W\d_]{{3,12}})\s(?:del?\s)?{_YEAR.format("y5")})
    | (?P<my>{_MONTH.format("m4")}\s?,?\s?{_YEAR.format("y4")})
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_WEEKDAY = re.compile(_LANGUAGE.calendar.weekday, re.IGNORECASE)


class StatedDate(NamedTuple):
    """A date as written at `start:end`: what is not written, or could be read in two ways, is None.

    `rival` says in words how else it could be read.
    """

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None
    rival: str = ""


def find_dates(text: str) -> Iterator[StatedDate]:
    """The dates written in a (short) text, in English and, day and year beside the month, in nine other languages; impossible ones, such as 31 February, are none."""
    for match in _DATE.finditer(text):
        if (date := _parse_match(match)) is not None and _is_possible(date):
            yield date


def _parse_match(match: re.Match[str]) -> StatedDate | None:
    start, end = match.span()
    if match["iso"]:
        return StatedDate(start, end, int(match["y0"]), int(match["m0"]), int(match["d0"]))
    if match["mdy"]:
        return StatedDate(start, end, _int(match["y1"]), month_number(match["m1"]), int(match["d1"]))
    if match["dmy"]:
        return StatedDate(start, end, _int(match["y2"]), month_number(match["m2"]), int(match["d2"]))
    if match["abroad"]:
        month = _ELSEWHERE.get(match["m5"].lower())
        return StatedDate(start, end, int(match["y5"]), month, int(match["d5"])) if month else None
    if match["my"]:
        return StatedDate(start, end, int(match["y4"]), month_number(match["m4"]), None)
    return _numeric(match)


def _numeric(match: re.Match[str]) -> StatedDate | None:
    """07.05.2013 is day, month; 05/07/2013 could be either, so only its year is known."""
    start, end = match.span()
    first, second, year = int(match["a"]), int(match["b"]), int(match["y3"])
    if year < 100:
        if match["sep"] == "-":
            return None
        year += 2000 if year < 70 else 1900
    if match["sep"] == "." or first > 12:
        return StatedDate(start, end, year, second, first)
    if second > 12 or first == second:
        return StatedDate(start, end, year, first, second)
    rival = f"{match[0]} is day and month or month and day: {year}-{first:02}-{second:02} or {year}-{second:02}-{first:02}"
    return StatedDate(start, end, year, None, None, rival)


def _int(digits: str | None) -> int | None:
    return int(digits) if digits else None


def month_number(name: str) -> int:
    """1 to 12 for an English month, whole or cut to three letters or more."""
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name[:3].lower()))


def _is_possible(date: StatedDate) -> bool:
    if date.month is None or date.day is None:
        return date.month is None or date.month <= 12
    try:
        datetime.date(date.year or 2000, date.month, date.day)  # 2000 has a 29 February
    except ValueError:
        return False
    return True


def iso_date(stated: StatedDate) -> tuple[str | None, str]:
    """The date as the documents table writes it, and its precision."""
    year, month, day = stated.year, stated.month, stated.day
    if year and month and day:
        return f"{year}-{month:02}-{day:02}", "day"
    if year and month:
        return f"{year}-{month:02}", "month"
    if year:
        return f"{year}", "year"
    if month and day:
        return f"--{month:02}-{day:02}", "month-day"
    return None, "none"


def weekday_number(text: str) -> int | None:
    """0 (Monday) to 6 for the first weekday named in `text`."""
    match = _WEEKDAY.search(text)
    return (
        next(n for n, day in enumerate(WEEKDAYS) if day.startswith(match[1][:3].lower())) if match else None
    )


class InferredYear(NamedTuple):
    """A year for a month and day, with the next later year that fits as well."""

    year: int
    rival: int | None


def infer_year(month: int, day: int, weekday: int, low: int) -> InferredYear | None:
    """The first year from `low` to `low + 4` in which the day falls on the weekday, or None.

    A day of the year meets the same weekday again after 5, 6 or 11 years (29 February after 28 or 40),
    so five years hold at most one that fits; its rival is the next that does.
    """
    fits = (year for year in range(low, low + 41) if _falls_on(year, month, day, weekday))
    year = next(fits, None)
    if year is None or year > low + 4:
        return None
    return InferredYear(year, next(fits, None))


def _falls_on(year: int, month: int, day: int, weekday: int) -> bool:
    try:
        return datetime.date(year, month, day).weekday() == weekday
    except ValueError:
        return False


# A year that lies ahead ("by 2020", "until 2021"), a sum or a share says nothing of when the text was written.
_YEARS = re.compile(
    _LANGUAGE.calendar.years,
    re.IGNORECASE,
)


def latest_year(text: str) -> int | None:
    """The latest year mentioned in `text` as past or present; None when none is."""
    years = [int(match["year"]) for match in _YEARS.finditer(text) if not match["ahead"]]
    return max(years, default=None)
