"""One runner at a time, and one run of a job: by a lock that the system lets go of when its holder dies."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from workbench.errors import BadSchedule


class Held(BadSchedule):
    """Another process holds the lock."""


@contextmanager
def held(path: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock file; Held when another process still has it after `wait` seconds.

    It is the lock of an SQLite file that is never written, so it works on every platform, on a full
    disk too, and a holder that is killed leaves none behind.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(path, timeout=wait, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise _unusable(path, error) from error
    with closing(database):
        try:
            database.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if "locked" not in str(error):
                raise _unusable(path, error) from error
            raise Held(
                path, problem="another runner is at work", mend="let it: it takes up what is due"
            ) from error
        yield


def _unusable(path: Path, error: Exception) -> BadSchedule:
    reason = getattr(error, "strerror", None) or error
    return BadSchedule(
        path.parent,
        problem=f"the folder of the schedule cannot be used: {reason}",
        mend="make it writable, and free some space on its disk",
    )
