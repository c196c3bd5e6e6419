"""A lock that the system lets go of when its holder dies, however it dies."""

from __future__ import annotations

import errno
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

_LOOK = 0.2  # seconds between two tries; SQLite's own wait would not hear a signal


class Busy(Exception):
    """Another process, or another thread, holds it."""


@contextmanager
def hold(path: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock file; Busy when another still has it after `wait` seconds.

    It is the lock of an SQLite file that is never written, so it works on every platform, on a full disk
    too, and a holder that is killed leaves none behind. Raises OSError when the file cannot be used.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + wait
    with ExitStack() as stack:
        try:
            database = stack.enter_context(
                closing(sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False))
            )
            while not _taken(database):
                if time.monotonic() >= end:
                    raise Busy(str(path))
                time.sleep(_LOOK)
        except sqlite3.Error as error:
            raise OSError(errno.ENOSPC if "full" in str(error) else errno.EIO, str(error)) from error
        yield


def _taken(database: sqlite3.Connection) -> bool:
    try:
        database.execute("PRAGMA journal_mode = MEMORY")  # a journal on a full disk could not be begun
        database.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            return False
        raise
    return True
