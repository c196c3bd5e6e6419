"""When a job is due: clock changes in four zones, and days in words.

The zones differ in how: Berlin and New York move an hour on different days, Kolkata never moves and
lies half an hour off, Lord Howe moves by half an hour.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from workbench.report.jobs.cron import cron_of, cron_problem
from workbench.report.jobs.model import Schedule
from workbench.schedule.calendar import next_slot, slot_before, slots_between

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")


def local(rule: Schedule, since: str, until: str) -> list[str]:
    """The slots between two local days, by the rule's clock with its distance to UTC."""
    ends = [datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(rule.timezone)) for day in (since, until)]
    return [
        slot.astimezone(ZoneInfo(rule.timezone)).isoformat(timespec="minutes")
        for slot in slots_between(rule, *ends)
    ]


@pytest.mark.parametrize(
    ("zone", "when", "since", "expected"),
    [
        # forward: the time does not exist and is due at the first minute that does
        ("Europe/Berlin", "30 2 * * *", "2026-03-29", ["2026-03-29T03:00+02:00"]),
        ("America/New_York", "30 2 * * *", "2026-03-08", ["2026-03-08T03:00-04:00"]),
        ("Asia/Kolkata", "30 2 * * *", "2026-03-29", ["2026-03-29T02:30+05:30"]),
        ("Australia/Lord_Howe", "15 2 * * *", "2026-10-04", ["2026-10-04T02:30+11:00"]),
        # back: the time occurs twice and is due once, at its first
        ("Europe/Berlin", "30 2 * * *", "2026-10-25", ["2026-10-25T02:30+02:00"]),
        ("America/New_York", "30 1 * * *", "2026-11-01", ["2026-11-01T01:30-04:00"]),
        ("Asia/Kolkata", "30 1 * * *", "2026-11-01", ["2026-11-01T01:30+05:30"]),
        ("Australia/Lord_Howe", "45 1 * * *", "2026-04-05", ["2026-04-05T01:45+11:00"]),
        # two missing times are one slot, not two at the same minute
        ("Europe/Berlin", "0,30 2 * * *", "2026-03-29", ["2026-03-29T03:00+02:00"]),
        # Monday morning is Monday morning, whatever happened on Sunday
        ("Europe/Berlin", "Monday 06:00", "2026-03-30", ["2026-03-30T06:00+02:00"]),
        ("Europe/Berlin", "Monday 06:00", "2026-10-26", ["2026-10-26T06:00+01:00"]),
    ],
)
def test_a_time_of_day_is_due_once_on_the_day_of_a_clock_change(zone, when, since, expected):
    until = (date.fromisoformat(since) + timedelta(days=1)).isoformat()
    assert local(Schedule(when, zone), since, until) == expected


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("when", ["30 2 * * *", "30 1 * * *", "45 1 * * *", "15 2 * * *", "0 0 * * *"])
def test_a_daily_job_is_due_exactly_once_on_each_of_730_days(zone, when):
    rule = Schedule(when, zone)
    days = Counter(slot[:10] for slot in local(rule, "2025-01-01", "2027-01-01") if slot[:4] < "2027")
    assert len(days) >= 729  # midnight of the first day is the start itself
    assert set(days.values()) == {1}


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("when", ["0 * * * *", "*/15 * * * *"])
def test_an_hourly_job_follows_the_real_hours_around_every_clock_change(zone, when):
    """Against the minutes of UTC, one by one: none left out, none twice."""
    rule, minutes = Schedule(when, zone), {0} if when.startswith("0") else {0, 15, 30, 45}
    for start in (datetime(2026, month, day, tzinfo=UTC) for month, day in
                  [(3, 28), (10, 24), (3, 7), (10, 31), (10, 3), (4, 4)]):  # fmt: skip
        end = start + timedelta(days=2)
        every = [start + timedelta(minutes=n) for n in range(1, 2 * 24 * 60 + 1)]
        wanted = [one for one in every if one.astimezone(ZoneInfo(zone)).minute in minutes]
        assert list(slots_between(rule, start, end)) == wanted, (zone, start)


@pytest.mark.parametrize("zone", ZONES)
def test_asking_in_small_steps_and_in_one_gives_the_same_slots(zone):
    rule, start = Schedule("0,30 1,2 * * *", zone), datetime(2026, 10, 24, tzinfo=UTC)
    whole = list(slots_between(rule, start, start + timedelta(days=10)))
    step = timedelta(minutes=7)
    pieces = [slot for n in range(10 * 24 * 60 // 7 + 1)
              for slot in slots_between(rule, start + n * step, start + (n + 1) * step)]  # fmt: skip
    assert [slot for slot in pieces if slot <= start + timedelta(days=10)] == whole


def test_next_and_last_slot_of_a_weekly_job():
    rule, thursday = Schedule("Monday 06:00", "Europe/Berlin"), datetime(2026, 11, 26, 12, tzinfo=UTC)
    assert next_slot(rule, thursday) == datetime(2026, 11, 30, 5, tzinfo=UTC)
    assert slot_before(rule, thursday) == datetime(2026, 11, 23, 5, tzinfo=UTC)
    assert slot_before(Schedule("0 0 29 2 *", "UTC"), thursday) == datetime(2024, 2, 29, tzinfo=UTC)


def test_days_in_words_are_cron_lines():
    words = {
        "Sunday 6:05": "5 6 * * 7",
        "weekdays 07:30": "30 7 * * 1-5",
        "daily 00:00": "0 0 * * *",
        "monthly 23:59": "59 23 1 * *",
        " 0  6 * * MON ": "0 6 * * MON",
    }
    assert {said: cron_of(said) for said in words} == words


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Monday 25:00", "five fields"),
        ("0 6 * * MOO", "bad day-of-week"),
        ("0 6 31 2 *", "bad day-of-month"),
        ("0 0 6 * * MON", "five fields"),
        ("Monday", "five fields"),
        ("60 6 * * *", "bad minute"),
    ],
)
def test_what_is_no_calendar_says_why(said, why):
    assert why in cron_problem(said)
    assert cron_problem("Monday 06:00") == ""


def test_a_job_without_a_calendar_is_never_due():
    assert next_slot(Schedule(), datetime(2026, 1, 1, tzinfo=UTC)) is None
