"""Run what is due: decide about due slots, start runs, retry failures, recover after a kill.

What becomes of slots that are due: run now, or skipped, or missed, each with the reason.

The runner: takes up what is due, one step at a time, and writes every change into the ledger first.

A run is begun only after its slot stands as `running` in the ledger, and its end is entered before
anything is sent. So whatever is killed at whatever moment, the next runner finds what was cut short.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Protocol

from workbench.errors import WorkbenchError
from workbench.report.jobs.model import JobFile, Schedule
from workbench.report.records import KILLED
from workbench.report.window import window_of
from workbench.schedule.calendar import next_slot, slots_between
from workbench.schedule.slots import Slot, SlotLocked, SlotStore

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


# ---------------------------------------------------------------- the runner: takes up what is due, one step at a time, and writes every change into the ledger first

LONGEST_WAIT = 30.0  # seconds: a laptop that slept, or a new job file, is noticed within this
MOST_SLOTS = 5_000  # of a job at once; a job for every minute makes 1,440 a day
TAKEN_UP = "; the next runner takes it up"
STOPPED = "stopped from outside while it ran"


@dataclass(frozen=True)
class SlotOutcome:
    """How a run ended: done, reused, degraded, failed or skipped, and what is to be kept of it."""

    state: str
    reason: str = ""
    result: Mapping[str, Any] = field(default_factory=dict)


class RunHandle(Protocol):
    """A run that has been begun."""

    def poll(self) -> SlotOutcome | None:
        """How it ended; None while it runs."""

    def stop(self) -> None:
        """End it, softly first; returns when it is gone."""


class SchedulerRuntime(Protocol):
    """What the runner has around it; tests bring their own."""

    def now(self) -> datetime:
        """The time, in UTC."""

    def wait(self, seconds: float) -> None:
        """Let time pass; may return early."""

    def jobs(self) -> Mapping[str, JobFile | WorkbenchError]:
        """The jobs that have a schedule, and the refusals of those that cannot be read, by name."""

    def start(self, row: Slot) -> RunHandle:
        """Begin a run."""

    def left_behind(self, row: Slot) -> SlotOutcome | None:
        """How a run ended whose runner was killed; None when it left no word. It runs no longer."""

    def send(self, job: JobFile, row: Slot, ledger: SlotStore) -> None:
        """Send what the job wants sent of a finished slot; never raises."""

    def resend(self, jobs: Mapping[str, JobFile], ledger: SlotStore) -> None:
        """Try again what could not be sent; never raises."""

    def changed(self, ledger: SlotStore, jobs: Mapping[str, JobFile | WorkbenchError]) -> None:
        """Something in the ledger is new: show it."""


class Runner:
    """Steps through what is due. `tell` hears of each change of a slot."""

    def __init__(
        self,
        ledger: SlotStore,
        world: SchedulerRuntime,
        *,
        at_once: int = 1,
        tell: Callable[[Slot], object] = lambda _: None,
    ) -> None:
        self.ledger, self.world, self.at_once, self._tell = ledger, world, at_once, tell
        self._runs: dict[tuple[str, datetime], tuple[RunHandle, datetime]] = {}
        self._jobs: dict[str, JobFile] = {}
        self._dirty = True

    def recover(self) -> None:
        """Give a true state to what a killed runner left as running."""
        self._read_jobs()
        for row in self.ledger.slots(states=("running",)):
            try:
                outcome = self.world.left_behind(row)
            except SlotLocked:  # begun by hand, and it runs: its state is true
                continue
            if outcome is None:
                again = row.cuts + 1 < MOST_CUTS
                reason = KILLED + (TAKEN_UP if again else f", {MOST_CUTS} times; not begun again by itself")
                killed = replace(row, state="failed", reason=reason, cuts=row.cuts + 1, again=again)
                self._put(replace(killed, ended=self._now()))
            else:
                self._finish(row, outcome)

    def step(self) -> float | None:
        """One pass: end, plan, begin. Seconds until the next, None when nothing runs or waits for now."""
        self._read_jobs()
        self._reap()
        for name, job in self._jobs.items():
            self._plan(name, job)
        self._begin()
        if self._dirty:
            self._dirty = False
            self.world.changed(self.ledger, self.world.jobs())
        return 0.2 if self._runs else None

    def tick(self) -> None:
        """Take up what is due now, and return when it has been done."""
        with self._stopping():
            self.recover()
            self.world.resend(self._jobs, self.ledger)
            while (pause := self.step()) is not None:
                self.world.wait(pause)

    def forever(self) -> None:
        """Take up what is due, until stopped."""
        with self._stopping():
            self.recover()
            while True:
                pause = self.step()
                self.world.resend(self._jobs, self.ledger)
                self.world.wait(self._idle() if pause is None else pause)

    def one(self, row: Slot) -> Slot:
        """Run one slot now, whatever the ledger says of it, and give its row at the end. No retries."""
        self._jobs = {n: job for n, job in self.world.jobs().items() if isinstance(job, JobFile)}
        row = replace(
            row, state="running", tries=row.tries + 1, started=self._now(), ended=None, not_before=None
        )
        job = self._jobs[row.job]
        rule = replace(self._rule(row.job), retries=0)
        self._jobs[row.job] = replace(job, schedule=rule)
        self._put(row)
        with self._stopping():
            latest = self._now() + timedelta(seconds=rule.deadline)
            self._runs[row.job, row.slot] = (self.world.start(row), latest)
            while self._runs:
                self._reap()
                self.world.wait(0.2 if self._runs else 0)
        self.world.changed(self.ledger, self.world.jobs())
        return self.ledger.slot(row.job, row.slot) or row

    # ------------------------------------------------------------ parts of a step

    def _read_jobs(self) -> None:
        found = self.world.jobs()
        self._jobs = {name: job for name, job in found.items() if isinstance(job, JobFile) and job.schedule}
        ill = self.ledger.problems()
        for name, problem in found.items():
            if isinstance(problem, WorkbenchError):
                self.ledger.complain(name, str(problem), self._now())
            elif name in ill:
                self.ledger.well(name)
        for row in self.ledger.slots(states=("waiting",)):
            if row.job not in found:
                self._put(replace(row, state="skipped", reason="the job has no file or no schedule any more"))

    def _reap(self) -> None:
        for key, (run, latest) in list(self._runs.items()):
            outcome = run.poll()
            row = self.ledger.slot(*key)
            assert row is not None
            if outcome is None and self._now() >= latest:
                run.stop()
                limit = timedelta(seconds=self._rule(row.job).deadline)
                outcome = run.poll() or SlotOutcome("failed")
                if outcome.state == "failed":
                    outcome = SlotOutcome(
                        "failed", f"not finished within its deadline of {limit}; it was stopped"
                    )
            if outcome is not None:
                del self._runs[key]
                self._finish(row, outcome)

    def _plan(self, name: str, job: JobFile) -> None:
        """Enter the slots that have become due since the last time, and those that were cut short."""
        rule, now = self._rule(name), self._now()
        calendar = f"{rule.timezone} {rule.cron}"
        planned, known = self.ledger.planned(name) or (now, "")
        if not known:  # known from now on; what lay before is nobody's miss
            self.ledger.plan(name, now, calendar, [], now)
        # What was due before a calendar was changed was due by the old one.
        zone, _, cron = known.partition(" ")
        passed = slots_between(replace(rule, cron=cron, timezone=zone or "UTC"), planned, now)
        cut = {row.slot: row for row in self.ledger.cut_short(name)}
        due = sorted({*deque(passed, MOST_SLOTS), *cut})
        if not due:
            if known not in ("", calendar):
                self.ledger.plan(name, now, calendar, [], now)
            return
        running = next((slot for job_name, slot in self._runs if job_name == name), None)
        rows = [_entered(cut.get(one.slot), name, rule, one) for one in decide(rule, due, now, running)]
        self.ledger.plan(name, max(planned, now), calendar, rows, now)
        self._heard(rows)
        if running is not None and rule.overlap == "replace":
            self._replace(name, running)
        if missed := [row for row in rows if row.state == "missed"]:
            self.world.send(job, missed[-1], self.ledger)

    def _replace(self, name: str, running: datetime) -> None:
        run, _ = self._runs.pop((name, running))
        run.stop()
        row = self.ledger.slot(name, running)
        assert row is not None
        self._put(replace(row, state="skipped", reason="stopped for a newer slot", ended=self._now()))

    def _begin(self) -> None:
        now = self._now()
        busy = {name for name, _ in self._runs}
        for row in sorted(self.ledger.slots(states=("waiting",)), key=lambda row: (row.slot, row.job)):
            if len(self._runs) >= self.at_once:
                return
            if row.job in busy or row.job not in self._jobs or (row.not_before and row.not_before > now):
                continue
            busy.add(row.job)
            row = replace(row, state="running", tries=row.tries + 1, started=now, ended=None, not_before=None)
            self._put(row)
            latest = now + timedelta(seconds=self._rule(row.job).deadline)
            try:
                self._runs[row.job, row.slot] = (self.world.start(row), latest)
            except (OSError, WorkbenchError) as error:
                self._finish(row, SlotOutcome("failed", f"it could not be begun: {error}"))

    def _finish(self, row: Slot, outcome: SlotOutcome) -> None:
        """Enter how a run ended; a failure is tried again as the job says; then send what is to be sent."""
        job = self._jobs.get(row.job)
        state = {"done": "ran", "reused": "ran"}.get(outcome.state, outcome.state)
        row = replace(row, state=state, reason=outcome.reason, result=outcome.result, ended=self._now())
        failures = row.tries - row.cuts
        if state == "failed" and job and failures <= self._rule(row.job).retries:
            pause = timedelta(seconds=min(self._rule(row.job).backoff * 2 ** (failures - 1), 86400))
            after = self._now() + pause
            said = f"try {failures} of {self._rule(row.job).retries + 1} failed: {outcome.reason}"
            self._put(replace(row, state="waiting", not_before=after, reason=said))
            return
        self._put(row)
        if job:
            self.world.send(job, row, self.ledger)

    # ------------------------------------------------------------ stopping

    @contextmanager
    def _stopping(self) -> Iterator[None]:
        """Whatever ends the runner, no run is left and every slot has a terminal state that is true."""
        try:
            yield
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End what runs, and leave it as failed to be taken up by the next runner; what waits, as missed."""
        ended = [(key, run) for key, (run, _) in self._runs.items()]
        self._runs.clear()
        for _, run in ended:
            run.stop()
        for key, run in ended:
            row, outcome = self.ledger.slot(*key), run.poll()
            assert row is not None
            if outcome is not None and outcome.state != "failed":
                self._finish(row, outcome)
            else:
                stopped = replace(
                    row, state="failed", reason=STOPPED + TAKEN_UP, again=True, ended=self._now()
                )
                self._put(replace(stopped, tries=row.tries - 1))  # not the job's fault: no try is used up
        for row in self.ledger.slots(states=("waiting",)):
            state, words = (
                ("failed", row.reason) if row.tries else ("missed", "the runner was stopped before it ran")
            )
            self._put(replace(row, state=state, reason=words + TAKEN_UP, again=True))
        self.world.changed(self.ledger, self.world.jobs())

    # ------------------------------------------------------------ small things

    def _rule(self, name: str) -> Schedule:
        job = self._jobs.get(name)
        return job.schedule if job and job.schedule else Schedule()

    def _now(self) -> datetime:
        return self.world.now().astimezone(UTC).replace(microsecond=0)

    def _put(self, row: Slot) -> None:
        self.ledger.put(row, self._now())
        self._heard([row])

    def _heard(self, rows: list[Slot]) -> None:
        self._dirty = self._dirty or bool(rows)
        for row in rows:
            self._tell(row)

    def _idle(self) -> float:
        """Seconds until something is due, at most half a minute."""
        now = self._now()
        due = [next_slot(self._rule(name), now) for name in self._jobs]
        due += [row.not_before for row in self.ledger.slots(states=("waiting",))]
        waits = [(moment - now).total_seconds() for moment in due if moment is not None]
        return max(0.2, min([LONGEST_WAIT, *waits]))


def _entered(old: Slot | None, name: str, rule: Schedule, decision: Decision) -> Slot:
    """The row of a slot that has become due, or of one that was cut short and is taken up or given up."""
    slot, state, reason = decision
    if old is None:
        since, until = window_of(rule.window, slot, rule.timezone) or (None, None)
        return Slot(name, slot, since, until, state, reason)
    if state == "waiting":
        return replace(
            old, state=state, reason=old.reason.removesuffix(TAKEN_UP), again=False, not_before=None
        )
    given_up = f"{old.reason.removesuffix(TAKEN_UP)}; not taken up: {reason}"
    return replace(old, state=old.state, reason=given_up, again=False)
