"""Debounce typing and run slow work in a background thread; drop work that is no longer needed.

In a kernel the thread that takes changes in also shows what is ready; work runs in one thread behind, the
newest job of a name only. Which thread takes changes in is the kernel's affair: JupyterLab hands those of
widgets to a thread and an event loop of their own (a subshell), other pages to the main one. So a timer and
a result always go to the loop of the caller. Without a loop (a test, a script) everything is done at once,
in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

REST = 0.15  # seconds without a key before the line is read: between two keys of a slow typist lie 0.2


class Debouncer:
    """Debounce and background work; `live` without an event loop is refused by asyncio itself."""

    def __init__(self, *, live: bool) -> None:
        self._home = asyncio.get_running_loop() if live else None
        self._pool = ThreadPoolExecutor(1, "explorer") if live else None
        self._waiting: dict[str, tuple[asyncio.TimerHandle, Callable[[], object]]] = {}
        self._newest: dict[str, int] = {}

    @classmethod
    def of_kernel(cls) -> Debouncer:
        """Debounce inside a running event loop; call everything at once elsewhere."""
        try:
            return cls(live=True)
        except RuntimeError:
            return cls(live=False)

    @property
    def live(self) -> bool:
        """Whether things happen later, in a running event loop."""
        return self._home is not None

    def later(self, name: str, call: Callable[[], object], seconds: float = REST) -> None:
        """Call it after a rest, in the loop of the caller; a later call of the same name takes its place."""
        if self._home is None:
            call()
            return
        if before := self._waiting.pop(name, None):
            before[0].cancel()
        self._waiting[name] = (asyncio.get_running_loop().call_later(seconds, self.now, name), call)

    def now(self, name: str) -> None:
        """Call at once what waits under this name, if anything does."""
        if waiting := self._waiting.pop(name, None):
            waiting[0].cancel()
            waiting[1]()

    def behind(self, name: str, work: Callable[[], Any], done: Callable[[Any], object]) -> None:
        """Do `work` in the thread and give its result, or the exception it ended with, to `done`.

        When a newer job of the name has come meanwhile, the work is not begun, or its result dropped.
        """
        number = self._newest[name] = self._newest.get(name, 0) + 1
        if self._home is None or self._pool is None:
            done(_result(work))
            return
        loop, home = asyncio.get_running_loop(), self._home

        def deliver(result: Any) -> None:
            if self._newest[name] == number:
                done(result)

        def run() -> None:
            if self._newest[name] != number:
                return
            result = _result(work)
            try:
                loop.call_soon_threadsafe(deliver, result)
            except RuntimeError:  # the loop of the caller has ended meanwhile, with the page it served
                home.call_soon_threadsafe(deliver, result)

        self._pool.submit(run)

    def drop(self, name: str) -> None:
        """Drop the job of this name: its result is not needed any more."""
        self._newest[name] = self._newest.get(name, 0) + 1


def _result(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception as error:  # shown to the person who asked, in the place where the result would stand
        return error
