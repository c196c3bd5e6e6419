"""A lock that the system lets go of when its holder dies, however it dies."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_LOOK = 0.2  # seconds between two tries; SQLite's own wait would not hear a signal


class Busy(Exception):
    """Another process, or another thread, holds it."""


@contextmanager
def hold(path: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock file; Busy when another still has it after `wait` seconds.

    It is the lock of an SQLite file that is never written, so it works on every platform, on a full disk
    too, and a holder that is killed leaves none behind. Raises OSError or sqlite3.Error when the file
    cannot be used.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + wait
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)) as database:
        while True:
            try:
                database.execute("BEGIN EXCLUSIVE")
                break
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise
                if time.monotonic() >= end:
                    raise Busy(str(path)) from error
            time.sleep(_LOOK)
        yield
