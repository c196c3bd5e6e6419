"""One builder at a time, by a lock that a crash releases."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from workbench.errors import BadCorpus
from workbench.store.tables import our_errors

WAIT = 600.0  # seconds: parallel notebooks wait for the one that builds; a first build of 8,000 texts takes minutes


@contextmanager
def one_builder(place: Path, wait: float = WAIT) -> Iterator[None]:
    """Hold the store at `place` for writing; BadCorpus when another build still holds it after `wait` seconds.

    The lock is that of an SQLite file which is never written: the system lets go of it when the process
    dies, on every platform, so no stale lock can remain.
    """
    with our_errors(place):
        place.mkdir(parents=True, exist_ok=True)
    try:
        database = sqlite3.connect(place / "lock", timeout=wait, isolation_level=None)
        database.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        busy = "locked" in str(error)
        raise BadCorpus(
            place,
            problem="another build holds this store" if busy else f"the store cannot be locked: {error}",
            mend="wait until it ends, or load with build=False"
            if busy
            else "make the folder writable, or free space on its disk",
        ) from error
    with closing(database):
        yield
