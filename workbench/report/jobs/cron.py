"""When a job is due, in words or as a cron line."""

from __future__ import annotations

import re

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WORDS = re.compile(rf"({'|'.join(DAYS)}|daily|weekdays|monthly) +([01]?\d|2[0-3]):([0-5]\d)\Z", re.I)
EXAMPLES = (
    '"Monday 06:00", "daily 06:00", "weekdays 06:00", "monthly 06:00", or a cron line such as "0 6 * * MON"'
)


def cron_of(text: str) -> str:
    """The cron line that words mean; any other text as it is. `monthly` is the first day.

    >>> cron_of("Monday 06:00"), cron_of("0 7 * * FRI")
    ('0 6 * * 1', '0 7 * * FRI')
    """
    words = _WORDS.match(text.strip())
    if not words:
        return " ".join(text.split())
    day, hour, minute = words[1].lower(), int(words[2]), int(words[3])
    days = {"daily": "* * *", "weekdays": "* * 1-5", "monthly": "1 * *"}
    return f"{minute} {hour} {days[day] if day in days else f'* * {DAYS.index(day) + 1}'}"


def cron_problem(text: str) -> str:
    """Why a text is no calendar; "" when it is one."""
    from datetime import UTC, datetime

    from cronsim import CronSim, CronSimError

    line = cron_of(text)
    if len(line.split()) != 5:
        return "a cron line has five fields: minute, hour, day of the month, month, day of the week"
    try:
        next(CronSim(line, datetime(2024, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        return str(error).lower()
    except StopIteration:
        return "no day fits it"
    return ""
