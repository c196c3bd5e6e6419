"""Stopping in good order: SIGTERM and a closed terminal end a run as Ctrl-C does."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_NAMES = ("SIGTERM", "SIGHUP")  # SIGHUP is unknown to Windows


@contextmanager
def terminable() -> Iterator[None]:
    """Inside, the first such signal raises KeyboardInterrupt and later ones wait for the clearing up.

    Only the main thread can take signals; in others this does nothing. A signal that is ignored
    (nohup) stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    ours = [number for number in numbers if before[number] is signal.SIG_DFL]

    def stop(number: int, _frame: Any) -> None:
        for each in ours:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt(signal.Signals(number).name)

    for number in ours:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number])
