"""Stopping in good order: SIGTERM and a closed terminal end a run as Ctrl-C does."""

from __future__ import annotations

import os
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


def end_with_input() -> None:
    """When standard input ends, whoever started this process is gone: end as by SIGTERM."""

    def wait() -> None:
        try:
            while os.read(0, 64):
                pass
        finally:
            if hasattr(signal, "raise_signal") and os.name == "posix":
                os.kill(os.getpid(), signal.SIGTERM)
            else:
                os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
