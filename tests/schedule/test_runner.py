"""The runner with a clock of its own: catch-up, overlap, retries, deadlines, kills, outages. Nothing sleeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from workbench.errors import BadJob, BadSchedule, WorkbenchError
from workbench.report.jobs.model import JobFile, Schedule
from workbench.schedule.runner import Runner, SlotOutcome
from workbench.schedule.slots import Slot, SlotStore

MONDAY = datetime(2026, 11, 23, 5, tzinfo=UTC)  # 06:00 in Berlin
WEEKLY = Schedule(cron="Monday 06:00", timezone="Europe/Berlin", window="previous week", deadline=7200)
HOURLY = Schedule(cron="0 * * * *", deadline=36000)
DONE = SlotOutcome("done", result={"files": {}})


class FakeRun:
    def __init__(self, world: FakeWorld, row: Slot, minutes: float, outcome: SlotOutcome) -> None:
        self.world, self.row, self.outcome = world, row, outcome
        self.ends = world.clock + timedelta(minutes=minutes)
        self.stopped = False

    def poll(self) -> SlotOutcome | None:
        if self.stopped:
            return SlotOutcome("failed", "stopped")
        return self.outcome if self.world.clock >= self.ends else None

    def stop(self) -> None:
        self.stopped = True


class FakeWorld:
    """A clock that only moves when it is waited for; runs that end as they are told to."""

    def __init__(self, rule: Schedule | None, clock: datetime) -> None:
        self.files: dict[str, Any] = {"weekly": JobFile("weekly", "Weekly", ("one",), schedule=rule)}
        self.clock, self.minutes = clock, 10.0
        self.step = 60.0  # a wait takes at least so many seconds
        self.wait_hook: Callable[[], object] = lambda: None
        self.outcomes: list[SlotOutcome] = []
        self.started: list[Slot] = []
        self.runs: list[FakeRun] = []
        self.sent: list[Slot] = []
        self.word: SlotOutcome | None = None
        self.stop_at: datetime | None = None

    def now(self) -> datetime:
        return self.clock

    def wait(self, seconds: float) -> None:
        self.clock += timedelta(seconds=max(seconds, self.step))
        self.wait_hook()
        if self.stop_at and self.clock >= self.stop_at:
            raise KeyboardInterrupt

    def jobs(self) -> Mapping[str, JobFile | WorkbenchError]:
        return self.files

    def start(self, row: Slot) -> FakeRun:
        self.started.append(row)
        self.runs.append(FakeRun(self, row, self.minutes, self.outcomes.pop(0) if self.outcomes else DONE))
        return self.runs[-1]

    def left_behind(self, row: Slot) -> SlotOutcome | None:
        return self.word

    def send(self, job: JobFile, row: Slot, ledger: SlotStore) -> None:
        self.sent.append(row)

    def resend(self, jobs: Mapping[str, JobFile], ledger: SlotStore) -> None: ...

    def changed(self, ledger: SlotStore, jobs: Mapping[str, Any]) -> None: ...


@pytest.fixture
def ledger(tmp_path: Path) -> SlotStore:
    return SlotStore(tmp_path / "ledger.sqlite")


def seen(ledger: SlotStore, world: FakeWorld, at: datetime) -> Runner:
    """A runner that has known the jobs since `at`; the clock stands there."""
    world.clock = at
    runner = Runner(ledger, world, tell=lambda row: None)
    runner.step()
    return runner


def states(ledger: SlotStore) -> list[tuple[str, str]]:
    return [(f"{row.slot:%d %H:%M}", row.state) for row in reversed(ledger.slots())]


def until(runner: Runner, world: FakeWorld, moment: datetime) -> None:
    """Let the runner work until a moment, then stop it as SIGTERM does."""
    world.stop_at = moment
    with pytest.raises(KeyboardInterrupt):
        runner.forever()


def test_mondays_report_is_there_on_monday_and_speaks_of_the_week_before(ledger):
    world = FakeWorld(WEEKLY, MONDAY)
    runner = seen(ledger, world, MONDAY - timedelta(minutes=5))
    assert ledger.slots() == []
    world.clock = MONDAY + timedelta(minutes=2)
    runner.tick()
    (row,) = ledger.slots()
    assert (row.state, row.slot, row.since, row.until) == ("ran", MONDAY, "2026-11-16", "2026-11-22")
    assert world.sent == [row]
    runner.tick()
    assert len(world.started) == 1, "a second tick finds nothing to do"


def test_a_job_that_was_never_seen_has_missed_nothing(ledger):
    seen(ledger, FakeWorld(WEEKLY, MONDAY), MONDAY + timedelta(days=3))
    assert ledger.slots() == []


@pytest.mark.faults
@pytest.mark.parametrize(
    ("catch_up", "cap", "expected"),
    [
        ("none", 10, {"missed": 12}),
        ("latest", 10, {"missed": 11, "ran": 1}),
        ("all", 5, {"missed": 7, "ran": 5}),
        ("all", 100, {"ran": 12}),
    ],
)
def test_after_three_days_without_a_runner_every_slot_has_a_state(ledger, catch_up, cap, expected):
    rule = replace(HOURLY, cron="0 */6 * * *", catch_up=catch_up, catch_up_cap=cap)
    world = FakeWorld(rule, MONDAY)
    world.minutes = 0
    seen(ledger, world, MONDAY)
    world.clock = MONDAY + timedelta(days=3)
    Runner(ledger, world, tell=lambda row: None).tick()
    assert Counter(row.state for row in ledger.slots()) == expected
    assert [run.slot for run in world.started] == sorted(run.slot for run in world.started), "oldest first"


def test_what_was_missed_says_why(ledger):
    world = FakeWorld(HOURLY, MONDAY)
    seen(ledger, world, MONDAY)
    world.clock = MONDAY + timedelta(hours=3, minutes=5)
    Runner(ledger, world, tell=lambda row: None).tick()
    reasons = [row.reason for row in ledger.slots(states=("missed",))]
    assert len(reasons) == 2
    assert all('only the latest slot is caught up (catch_up = "latest")' in reason for reason in reasons)
    assert [row.state for row in world.sent] == ["missed", "ran"], "one notice, not one for each"


@pytest.mark.faults
def test_what_is_older_than_two_weeks_is_not_caught_up(ledger):
    world = FakeWorld(replace(WEEKLY, catch_up="all"), MONDAY)
    seen(ledger, world, MONDAY - timedelta(days=1))
    world.clock = MONDAY + timedelta(days=29)
    Runner(ledger, world, tell=lambda row: None).tick()
    assert [state for _, state in states(ledger)] == ["missed"] * 3 + ["ran"] * 2
    assert "more than 14 days old" in ledger.slots(states=("missed",))[-1].reason


@pytest.mark.parametrize(
    ("overlap", "expected"),
    [
        ("skip", ["ran", "skipped", "skipped", "ran"]),
        ("queue", ["ran", "ran", "ran", "ran"]),
        ("replace", ["skipped", "skipped", "skipped", "ran"]),
    ],
)
def test_a_slot_that_comes_while_the_one_before_runs(ledger, overlap, expected):
    """Hourly slots from 06:00, of which the first runs take two and a half hours; looked at 12 hours later."""
    world = FakeWorld(replace(HOURLY, overlap=overlap), MONDAY)
    world.minutes, world.step = 150, 600
    runner = seen(ledger, world, MONDAY + timedelta(minutes=30))
    world.wait_hook = lambda: setattr(
        world, "minutes", 150 if world.clock < MONDAY + timedelta(hours=4) else 5
    )
    until(runner, world, MONDAY + timedelta(hours=12, minutes=50))
    assert [state for _, state in states(ledger)][:4] == expected
    assert {state for _, state in states(ledger)} <= {"ran", "skipped"}
    reasons = {row.reason for row in ledger.slots(states=("skipped",))}
    assert all("still running" in r or "newer slot" in r for r in reasons)


def test_a_failure_is_tried_again_with_growing_pauses_and_then_is_one(ledger):
    world = FakeWorld(replace(WEEKLY, retries=2, backoff=300), MONDAY)
    world.minutes, world.outcomes = 0, [SlotOutcome("failed", "KeyError: 'x'")] * 3
    runner = seen(ledger, world, MONDAY - timedelta(minutes=1))
    world.clock = MONDAY
    for minute in range(30):
        world.clock = MONDAY + timedelta(minutes=minute)
        runner.tick()
        if minute == 1:
            (row,) = ledger.slots()
            assert (row.state, row.reason) == ("waiting", "try 1 of 3 failed: KeyError: 'x'")
            assert world.sent == [], "nothing is said before the last try"
    begun = [int((row.started - MONDAY).total_seconds() // 60) for row in world.started if row.started]
    assert begun == [0, 6, 17], "a minute each for the run, then pauses of five and of ten"
    (row,) = ledger.slots()
    assert (row.state, row.tries, row.reason) == ("failed", 3, "KeyError: 'x'")
    assert [row.state for row in world.sent] == ["failed"]


@pytest.mark.faults
def test_a_run_past_its_deadline_is_stopped_and_says_so(ledger):
    world = FakeWorld(WEEKLY, MONDAY)
    world.minutes, world.step = 100_000, 600
    runner = seen(ledger, world, MONDAY - timedelta(minutes=1))
    world.clock = MONDAY
    runner.tick()
    (row,) = ledger.slots()
    assert row.state == "failed"
    assert "not finished within its deadline of 2:00:00" in row.reason
    assert world.runs[0].stopped


def test_stopping_leaves_every_state_terminal_and_the_next_runner_takes_it_up(ledger):
    world = FakeWorld(WEEKLY, MONDAY)
    world.files["other"] = replace(world.files["weekly"], name="other")
    runner = seen(ledger, world, MONDAY - timedelta(minutes=1))
    world.clock, world.stop_at = MONDAY, MONDAY + timedelta(minutes=3)
    with pytest.raises(KeyboardInterrupt):
        runner.forever()
    assert sorted((row.job, row.state) for row in ledger.slots()) == [
        ("other", "failed"),
        ("weekly", "missed"),
    ]
    assert all("the next runner takes it up" in row.reason for row in ledger.slots())
    assert all(run.stopped for run in world.runs)
    world.stop_at = None
    Runner(ledger, world, tell=lambda row: None).tick()
    assert [row.state for row in ledger.slots()] == ["ran", "ran"]
    assert {row.tries for row in ledger.slots()} == {1}, "being stopped uses up no try"


@pytest.mark.faults
def test_a_killed_runner_leaves_a_run_that_is_begun_again_three_times_at_most(ledger):
    world = FakeWorld(WEEKLY, MONDAY)
    seen(ledger, world, MONDAY - timedelta(minutes=1))
    world.clock = MONDAY
    for kill in range(3):
        killed = Runner(ledger, world, tell=lambda row: None)
        killed.recover()
        killed.step()
        (row,) = ledger.slots()
        assert (row.state, row.cuts) == ("running", kill)
    last = Runner(ledger, world, tell=lambda row: None)
    last.tick()
    (row,) = ledger.slots()
    assert (row.state, row.cuts) == ("failed", 3)
    assert "3 times; not begun again by itself" in row.reason


def test_a_run_that_ended_after_its_runner_was_killed_is_believed(ledger):
    world = FakeWorld(WEEKLY, MONDAY)
    runner = seen(ledger, world, MONDAY - timedelta(minutes=1))
    world.clock = MONDAY
    runner.step()
    world.word = DONE
    Runner(ledger, world, tell=lambda row: None).tick()
    (row,) = ledger.slots()
    assert (row.state, row.tries) == ("ran", 1)
    assert world.sent == [row]


@pytest.mark.faults
def test_a_clock_set_back_runs_nothing_twice_and_one_set_forward_misses_nothing_unseen(ledger):
    world = FakeWorld(HOURLY, MONDAY)
    world.minutes = 0
    runner = seen(ledger, world, MONDAY)
    world.clock = MONDAY + timedelta(hours=1, minutes=1)
    runner.tick()
    world.clock = MONDAY + timedelta(minutes=30)
    runner.tick()
    world.clock = MONDAY + timedelta(hours=1, minutes=2)
    runner.tick()
    assert len(world.started) == 1
    world.clock = MONDAY + timedelta(hours=5, minutes=2)
    runner.tick()
    assert [state for _, state in states(ledger)] == ["ran", "missed", "missed", "missed", "ran"]


def test_one_bad_job_file_stops_no_other_and_is_told_once(ledger):
    world = FakeWorld(WEEKLY, MONDAY)
    world.files["bad"] = BadJob("jobs/bad.toml", problem="it names no notebook", hint="name one")
    runner = seen(ledger, world, MONDAY - timedelta(minutes=1))
    world.clock = MONDAY
    runner.tick()
    assert states(ledger) == [("23 05:00", "ran")]
    assert ledger.problems() == {"bad": "jobs/bad.toml: it names no notebook\n  hint: name one"}
    assert [event["state"] for event in ledger.events("bad")] == ["problem"]
    world.files["bad"] = replace(world.files["weekly"], name="bad")
    runner.tick()
    assert ledger.problems() == {}


def test_a_job_whose_file_is_gone_leaves_no_slot_waiting(ledger):
    world = FakeWorld(replace(WEEKLY, retries=1), MONDAY)
    world.minutes, world.outcomes = 0, [SlotOutcome("failed", "x")]
    runner = seen(ledger, world, MONDAY - timedelta(minutes=1))
    world.clock = MONDAY
    runner.tick()
    world.files.clear()
    runner.tick()
    (row,) = ledger.slots()
    assert (row.state, row.reason) == ("skipped", "the job has no file or no schedule any more")


def test_a_calendar_that_was_changed_counts_from_then_on_and_the_old_one_until_then(ledger):
    world = FakeWorld(WEEKLY, MONDAY)
    seen(ledger, world, MONDAY - timedelta(days=1))
    world.files["weekly"] = replace(
        world.files["weekly"], schedule=replace(WEEKLY, cron="0 * * * *", catch_up="all")
    )
    world.clock = MONDAY + timedelta(hours=10)
    Runner(ledger, world, tell=lambda row: None).tick()
    assert states(ledger) == [("23 05:00", "ran")], "not a hundred hours that nobody had asked for"


def test_a_run_that_cannot_be_begun_is_a_failure_with_its_reason(ledger, monkeypatch):
    world = FakeWorld(WEEKLY, MONDAY)
    runner = seen(ledger, world, MONDAY - timedelta(minutes=1))
    world.clock = MONDAY

    def refuse(row):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(world, "start", refuse)
    runner.tick()
    (row,) = ledger.slots()
    assert row.state == "failed"
    assert "No space left on device" in row.reason


def test_old_slots_are_forgotten_and_the_last_good_one_never(ledger):
    for n, state in enumerate(["ran", "failed", "missed", "failed"]):
        ledger.put(Slot("weekly", MONDAY + timedelta(days=7 * n), None, None, state), MONDAY)
    gone = ledger.forget("weekly", MONDAY + timedelta(days=21))
    assert sorted(gone) == [MONDAY + timedelta(days=7), MONDAY + timedelta(days=14)]
    assert states(ledger) == [("23 05:00", "ran"), ("14 05:00", "failed")]


def test_a_ledger_that_cannot_be_kept_is_refused_with_its_mend(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSchedule, match="the ledger of slots cannot be kept") as refused:
        SlotStore(tmp_path / "file" / "ledger.sqlite")
    assert "writable" in refused.value.hint
