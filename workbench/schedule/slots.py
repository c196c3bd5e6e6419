"""Record what became of every slot in one SQLite file; one runner and one run of a job at a time.

What became of every slot: one SQLite file, each change in it whole or not made.

A slot is a row from the moment it is due, and never leaves by accident: it is `waiting`, `running`,
or one of the terminal states ran, degraded, failed, skipped, missed. `again` marks a terminal row
whose run was cut short from outside; the next runner takes it up by the job's catch-up rule.

One runner at a time, and one run of a job: by a lock that the system lets go of when its holder dies.
"""

from __future__ import annotations

import errno
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbench.errors import BadSchedule
from workbench.project import Project
from workbench.report.runs import slot_name
from workbench.store.locks import NO_LOCKS, LockTimeout, lock

FOLDER = ".schedule"  # below the reports folder: ledger, locks, logs

TERMINAL = ("ran", "degraded", "failed", "skipped", "missed")
GOOD = ("ran", "degraded")
_TABLES = """
CREATE TABLE IF NOT EXISTS slots (
  job TEXT NOT NULL, slot TEXT NOT NULL, since TEXT, until TEXT, state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '',
  tries INTEGER NOT NULL DEFAULT 0, cuts INTEGER NOT NULL DEFAULT 0, again INTEGER NOT NULL DEFAULT 0,
  not_before TEXT, started TEXT, ended TEXT, result TEXT NOT NULL DEFAULT '{}', PRIMARY KEY (job, slot));
CREATE TABLE IF NOT EXISTS jobs (
  job TEXT PRIMARY KEY, planned TEXT NOT NULL, calendar TEXT NOT NULL DEFAULT '', problem TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS events (
  at TEXT NOT NULL, job TEXT NOT NULL, slot TEXT NOT NULL, state TEXT NOT NULL, said TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
  job TEXT NOT NULL, slot TEXT NOT NULL, channel TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '',
  tries INTEGER NOT NULL DEFAULT 0, at TEXT NOT NULL, PRIMARY KEY (job, slot, channel));
CREATE INDEX IF NOT EXISTS events_by_job ON events (job, slot);
"""
_COLUMNS = "job, slot, since, until, state, reason, tries, cuts, again, not_before, started, ended, result"


@dataclass(frozen=True)
class Slot:
    """A row of the ledger. `tries` counts runs that were begun, `cuts` those ended from outside."""

    job: str
    slot: datetime
    since: str | None
    until: str | None
    state: str
    reason: str = ""
    tries: int = 0
    cuts: int = 0
    again: bool = False
    not_before: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    result: Mapping[str, Any] = field(default_factory=dict)

    @property
    def seconds(self) -> float | None:
        """How long the last try took."""
        return (self.ended - self.started).total_seconds() if self.started and self.ended else None


class SlotStore:
    """The ledger of a project's slots. Every method is one transaction; BadSchedule when it cannot be kept."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file."""
        self.path = path
        with self._change() as database:
            for statement in filter(str.strip, _TABLES.split(";")):
                database.execute(statement)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=30, isolation_level=None)) as database:
                database.execute("PRAGMA synchronous = FULL")
                yield database
        except (sqlite3.Error, OSError) as error:
            raise BadSchedule(
                self.path,
                problem=f"the ledger of slots cannot be kept: {getattr(error, 'strerror', None) or error}",
                hint="make its folder writable and free some space; what was due is taken up by the next run",
            ) from error

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                if database.in_transaction:  # a full disk has already rolled it back
                    database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    # ------------------------------------------------------------ planning

    def planned(self, job: str) -> tuple[datetime, str] | None:
        """Up to which instant the slots of a job are in the ledger, and by which calendar; None for an unknown job."""
        with self._open() as database:
            query = "SELECT planned, calendar FROM jobs WHERE job = ? AND calendar != ''"
            row = database.execute(query, (job,)).fetchone()
        return (_instant(row[0]), row[1]) if row else None

    def plan(self, job: str, until: datetime, calendar: str, rows: Iterable[Slot], at: datetime) -> None:
        """Enter or move these slots, and remember up to when and by what the job is planned: all or nothing."""
        with self._change() as database:
            for row in rows:
                _put(database, row)
                _tell(database, at, row)
            database.execute(
                "INSERT INTO jobs (job, planned, calendar) VALUES (?, ?, ?) ON CONFLICT (job) DO UPDATE "
                "SET planned = excluded.planned, calendar = excluded.calendar, problem = ''",
                (job, _text(until), calendar),
            )

    def put(self, row: Slot, at: datetime, said: str = "") -> None:
        """Enter or replace a slot, and write the change into the log."""
        with self._change() as database:
            _put(database, row)
            _tell(database, at, row, said)

    def complain(self, job: str, problem: str, at: datetime) -> None:
        """Note that a job cannot be read; told in the log once, until it changes."""
        with self._change() as database:
            row = database.execute("SELECT problem FROM jobs WHERE job = ?", (job,)).fetchone()
            if row is None or row[0] != problem:
                database.execute(
                    "INSERT INTO jobs (job, planned, problem) VALUES (?, ?, ?) "
                    "ON CONFLICT (job) DO UPDATE SET problem = excluded.problem",
                    (job, _text(at), problem),
                )
                said = (_text(at), job, "", "problem", problem)
                database.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", said)

    def well(self, job: str) -> None:
        """A job that could not be read can be read again."""
        with self._change() as database:
            database.execute("UPDATE jobs SET problem = '' WHERE job = ? AND problem != ''", (job,))

    def problems(self) -> dict[str, str]:
        """Job to what is wrong with its file."""
        with self._open() as database:
            return dict(database.execute("SELECT job, problem FROM jobs WHERE problem != ''").fetchall())

    # ------------------------------------------------------------ reading

    def slots(self, job: str = "", *, states: Iterable[str] = (), limit: int = -1) -> list[Slot]:
        """The slots of a job, or of all, newest first."""
        wanted = tuple(states)
        where = " AND ".join(
            ["job = ?"] * bool(job) + [f"state IN ({','.join('?' * len(wanted))})"] * bool(wanted)
        )
        query = f"SELECT {_COLUMNS} FROM slots{' WHERE ' + where if where else ''} ORDER BY slot DESC, job LIMIT ?"  # noqa: S608
        with self._open() as database:
            rows = database.execute(query, (*[job] * bool(job), *wanted, limit)).fetchall()
        return [_slot(row) for row in rows]

    def slot(self, job: str, slot: datetime) -> Slot | None:
        """One slot."""
        with self._open() as database:
            query = f"SELECT {_COLUMNS} FROM slots WHERE job = ? AND slot = ?"  # noqa: S608
            row = database.execute(query, (job, _text(slot))).fetchone()
        return _slot(row) if row else None

    def cut_short(self, job: str) -> list[Slot]:
        """The slots of a job that were ended from outside and not taken up since, oldest first."""
        return [row for row in reversed(self.slots(job, states=TERMINAL)) if row.again]

    def events(self, job: str = "", slot: datetime | None = None, limit: int = 50) -> list[dict[str, str]]:
        """The log, oldest first: at, job, slot, state, said."""
        where = " AND ".join(["job = ?"] * bool(job) + ["slot = ?"] * (slot is not None))
        values = [*[job] * bool(job), *[_text(slot)] * (slot is not None)] if slot else [job] * bool(job)
        query = f"SELECT * FROM events{' WHERE ' + where if where else ''} ORDER BY rowid DESC LIMIT ?"  # noqa: S608
        with self._open() as database:
            rows = database.execute(query, (*values, limit)).fetchall()
        return [dict(zip(("at", "job", "slot", "state", "said"), row, strict=True)) for row in reversed(rows)]

    # ------------------------------------------------------------ deliveries

    def deliver(
        self, row: Slot, channel: str, state: str, at: datetime, *, reason: str = "", tries: int = 0
    ) -> None:
        """Note what became of sending a slot's report by a channel: waiting, sent or failed."""
        with self._change() as database:
            values = (row.job, _text(row.slot), channel, state, reason, tries, _text(at))
            database.execute("INSERT OR REPLACE INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?)", values)
            said = f"{channel}: {state}" + (f": {reason}" if reason else "")
            event = (_text(at), row.job, _text(row.slot), "delivery", said)
            database.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", event)

    def deliveries(self, job: str = "", state: str = "") -> list[dict[str, Any]]:
        """What was or is to be sent: job, slot, channel, state, reason, tries, at."""
        with self._open() as database:
            rows = database.execute("SELECT * FROM deliveries ORDER BY slot DESC, channel").fetchall()
        names = ("job", "slot", "channel", "state", "reason", "tries", "at")
        found = [dict(zip(names, row, strict=True)) | {"slot": _instant(row[1])} for row in rows]
        return [one for one in found if job in ("", one["job"]) and state in ("", one["state"])]

    # ------------------------------------------------------------ forgetting

    def forget(self, job: str, before: datetime, spare: Collection[datetime] = ()) -> list[datetime]:
        """Forget terminal slots older than `before`, the last good one and those to `spare` never; which ones."""
        with self._change() as database:
            marks = ",".join("?" * len(TERMINAL))
            good = ",".join("?" * len(GOOD))
            rows = database.execute(
                f"SELECT slot FROM slots WHERE job = ? AND slot < ? AND again = 0 AND state IN ({marks}) AND slot != "  # noqa: S608
                f"coalesce((SELECT max(slot) FROM slots WHERE job = ? AND state IN ({good})), '')",
                (job, _text(before), *TERMINAL, job, *GOOD),
            ).fetchall()
            gone = [text for (text,) in rows if _instant(text) not in spare]
            for table in ("slots", "events", "deliveries"):
                query = f"DELETE FROM {table} WHERE job = ? AND slot = ?"  # noqa: S608
                database.executemany(query, [(job, text) for text in gone])
        return [_instant(text) for text in gone]


def _put(database: sqlite3.Connection, row: Slot) -> None:
    moments = [_text(one) if one else None for one in (row.not_before, row.started, row.ended)]
    values = (row.job, _text(row.slot), row.since, row.until, row.state, row.reason, row.tries, row.cuts)
    rest = (int(row.again), *moments, json.dumps(dict(row.result), ensure_ascii=False))
    database.execute(
        f"INSERT OR REPLACE INTO slots ({_COLUMNS}) VALUES ({','.join('?' * 13)})",  # noqa: S608
        (*values, *rest),
    )


def _tell(database: sqlite3.Connection, at: datetime, row: Slot, said: str = "") -> None:
    event = (_text(at), row.job, _text(row.slot), row.state, said or row.reason)
    database.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", event)


def _slot(row: tuple[Any, ...]) -> Slot:
    job, slot, since, until, state, reason, tries, cuts, again, not_before, started, ended, result = row
    moments = [_instant(one) if one else None for one in (not_before, started, ended)]
    return Slot(
        job, _instant(slot), since, until, state, reason, tries, cuts, bool(again),
        moments[0], moments[1], moments[2], json.loads(result),
    )  # fmt: skip


def _text(moment: datetime) -> str:
    """UTC to the second, so that text order is time order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


# ---------------------------------------------------------------- one runner at a time, and one run of a job: by a lock that the system lets go of when its holder dies


class SlotLocked(BadSchedule):
    """Another process holds the lock."""


@contextmanager
def hold_lock(path: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock file; Held when another process still has it after `wait` seconds.

    A holder that is killed leaves none behind. BadSchedule when the file cannot be used.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(lock(path, wait))
        except LockTimeout as error:
            raise SlotLocked(
                path, problem="another runner is at work", hint="let it: it takes up what is due"
            ) from error
        except OSError as error:
            raise _unusable(path, error) from error
        yield


def _unusable(path: Path, error: OSError) -> BadSchedule:
    return BadSchedule(
        path.parent,
        problem=f"the folder of the schedule cannot be used: {error.strerror or error}",
        hint=NO_LOCKS if error.errno == errno.ENOLCK else "make it writable, and free some space on its disk",
    )


def schedule_folder(project: Project) -> Path:
    """Where the ledger, the locks and the logs of a project lie."""
    return project.reports / FOLDER


def open_slot_store(project: Project) -> SlotStore:
    """The project's ledger."""
    return SlotStore(schedule_folder(project) / "ledger.sqlite")


def log_path(project: Project, job: str, slot: datetime) -> Path:
    """What a run said."""
    return schedule_folder(project) / "logs" / job / f"{slot_name(slot)}.log"


def manual_lock_path(project: Project, job: str) -> Path:
    """The lock of whoever runs a slot of a job by hand: from before its run stands in the ledger."""
    return schedule_folder(project) / f"{job}.hand.lock"
