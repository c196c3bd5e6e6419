"""Lock a file between processes; the system releases the lock when its holder dies.

A lock that the system lets go of when its holder dies, however it dies: the one lock of the house.

Builds, runs, reports, schedules and private folders are held by it.

One builder at a time, by a lock that a crash releases.
"""

from __future__ import annotations

import errno
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from workbench.errors import BadCorpus

_LOOK = 0.2  # seconds between two tries; SQLite's own wait would not hear a signal
# What SQLite calls an answer of the system, as the system's own number.
_REASONS = {
    "SQLITE_FULL": errno.ENOSPC, "SQLITE_CANTOPEN": errno.EACCES, "SQLITE_READONLY": errno.EACCES,
    "SQLITE_PERM": errno.ENOLCK, "SQLITE_PROTOCOL": errno.ENOLCK, "SQLITE_IOERR_LOCK": errno.ENOLCK,
    "SQLITE_IOERR_RDLOCK": errno.ENOLCK, "SQLITE_IOERR_UNLOCK": errno.ENOLCK,
    "SQLITE_IOERR_CHECKRESERVEDLOCK": errno.ENOLCK,
}  # fmt: skip
NO_LOCKS = "the drive it is on, as some network drives, cannot lock files: keep it on a disk of this machine"


class LockTimeout(Exception):
    """Another process, or another thread, holds it."""


@contextmanager
def lock(path: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock file; Busy when another still has it after `wait` seconds.

    It is the lock of an SQLite file that is never written, so it works on every platform, on a full disk
    too, and a holder that is killed leaves none behind. Raises OSError when the file cannot be used, at once
    and with errno ENOLCK on a drive that has no locks.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            database = stack.enter_context(closing(_opened(path)))
            _wait_for(database, path, wait)
        except sqlite3.Error as error:
            raise _as_of_system(error) from error
        yield


def _wait_for(database: sqlite3.Connection, path: Path, wait: float) -> None:
    end, looked = time.monotonic() + wait, False
    while not _taken(database):
        if not looked and not _can_lock(path.parent):  # SQLite calls that "locked", too
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))
        looked = True
        if time.monotonic() >= end:
            raise LockTimeout(str(path))
        time.sleep(_LOOK)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)


def _taken(database: sqlite3.Connection) -> bool:
    try:
        database.execute("PRAGMA journal_mode = MEMORY")  # a journal on a full disk could not be begun
        database.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            return False
        raise
    return True


def _can_lock(folder: Path) -> bool:
    """Whether a file that nobody else knows can be locked there."""
    probe = folder / f".{secrets.token_hex(4)}.lock"
    try:
        with closing(_opened(probe)) as database:
            return _taken(database)
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)


def _as_of_system(error: sqlite3.Error) -> OSError:
    name = getattr(error, "sqlite_errorname", "")
    number = next((number for known, number in _REASONS.items() if name.startswith(known)), errno.EIO)
    return OSError(number, f"{os.strerror(number)} ({error})")


# ---------------------------------------------------------------- one builder at a time, by a lock that a crash releases

WAIT = 600.0  # seconds: parallel notebooks wait for the one that builds; a first build of 8,000 texts takes minutes


@contextmanager
def write_lock(place: Path, wait: float = WAIT) -> Iterator[None]:
    """Hold the store at `place` for writing; BadCorpus when another build still holds it after `wait` seconds.

    BadCorpus, too, where the folder cannot be written or its drive cannot lock. A full disk is no hindrance
    here: what cannot be written on it is said by whoever writes.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(lock(place / "lock", wait))
        except LockTimeout as error:
            raise BadCorpus(
                place,
                problem="another build holds this store",
                hint="wait until it ends, or load with build=False",
            ) from error
        except OSError as error:
            raise BadCorpus(
                place,
                problem=f"the store failed: it cannot be locked: {error.strerror or error}",
                hint=NO_LOCKS
                if error.errno == errno.ENOLCK
                else "make the folder writable, or free space on its disk",
            ) from error
        yield
