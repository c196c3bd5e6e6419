"""One builder at a time, by a lock that a crash releases."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from workbench.errors import BadCorpus
from workbench.holding import NO_LOCKS, Busy, hold

WAIT = 600.0  # seconds: parallel notebooks wait for the one that builds; a first build of 8,000 texts takes minutes


@contextmanager
def one_builder(place: Path, wait: float = WAIT) -> Iterator[None]:
    """Hold the store at `place` for writing; BadCorpus when another build still holds it after `wait` seconds.

    BadCorpus, too, where the folder cannot be written or its drive cannot lock. A full disk is no hindrance
    here: what cannot be written on it is said by whoever writes.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(hold(place / "lock", wait))
        except Busy as error:
            raise BadCorpus(
                place,
                problem="another build holds this store",
                mend="wait until it ends, or load with build=False",
            ) from error
        except OSError as error:
            raise BadCorpus(
                place,
                problem=f"the store failed: it cannot be locked: {error.strerror or error}",
                mend=NO_LOCKS
                if error.errno == errno.ENOLCK
                else "make the folder writable, or free space on its disk",
            ) from error
        yield
