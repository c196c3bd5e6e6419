"""One runner at a time, and one run of a job: by a lock that the system lets go of when its holder dies."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from workbench.errors import BadSchedule
from workbench.holding import NO_LOCKS, Busy, hold


class Held(BadSchedule):
    """Another process holds the lock."""


@contextmanager
def held(path: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock file; Held when another process still has it after `wait` seconds.

    A holder that is killed leaves none behind. BadSchedule when the file cannot be used.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(hold(path, wait))
        except Busy as error:
            raise Held(
                path, problem="another runner is at work", mend="let it: it takes up what is due"
            ) from error
        except OSError as error:
            raise _unusable(path, error) from error
        yield


def _unusable(path: Path, error: OSError) -> BadSchedule:
    return BadSchedule(
        path.parent,
        problem=f"the folder of the schedule cannot be used: {error.strerror or error}",
        mend=NO_LOCKS if error.errno == errno.ENOLCK else "make it writable, and free some space on its disk",
    )
