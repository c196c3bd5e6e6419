"""When things are done: after typing rests, in one thread behind, and not at all when nobody waits any more.

In a kernel with a running event loop the main thread only takes changes in and shows what is ready; work
runs in one thread, the newest job of a name only. Without a loop (a test, a script) everything is done
at once, in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

REST = 0.15  # seconds without a key before the line is read: between two keys of a slow typist lie 0.2


class Pace:
    """Debounce and background work; `live` without an event loop is refused by asyncio itself."""

    def __init__(self, *, live: bool) -> None:
        self._loop = asyncio.get_running_loop() if live else None
        self._pool = ThreadPoolExecutor(1, "explorer") if live else None
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._newest: dict[str, int] = {}

    @classmethod
    def of_kernel(cls) -> Pace:
        """Live inside a running event loop, at once elsewhere."""
        try:
            return cls(live=True)
        except RuntimeError:
            return cls(live=False)

    @property
    def live(self) -> bool:
        """Whether things happen later, in a running event loop."""
        return self._loop is not None

    def later(self, name: str, call: Callable[[], object], seconds: float = REST) -> None:
        """Call it after a rest; a later call of the same name takes its place."""
        if self._loop is None:
            call()
            return
        if name in self._timers:
            self._timers[name].cancel()
        self._timers[name] = self._loop.call_later(seconds, call)

    def behind(self, name: str, work: Callable[[], Any], done: Callable[[Any], object]) -> None:
        """Do `work` in the thread and give its result, or the exception it ended with, to `done`.

        When a newer job of the name has come meanwhile, the work is not begun, or its result dropped.
        """
        number = self._newest[name] = self._newest.get(name, 0) + 1
        if self._loop is None or self._pool is None:
            done(_result(work))
            return
        loop = self._loop

        def deliver(result: Any) -> None:
            if self._newest[name] == number:
                done(result)

        def run() -> None:
            if self._newest[name] == number:
                loop.call_soon_threadsafe(deliver, _result(work))

        self._pool.submit(run)

    def drop(self, name: str) -> None:
        """Nobody waits for this job any more."""
        self._newest[name] = self._newest.get(name, 0) + 1


def _result(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception as error:  # shown to the person who asked, in the place where the result would stand
        return error
