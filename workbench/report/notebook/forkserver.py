"""Kernels forked from one warm process, where the system can fork; elsewhere they start cold.

The same environment, command line and folder hold for both, so that reports are the same either way.
"""

from __future__ import annotations

import atexit
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from workbench.report.notebook.kernel_env import forkserver_environment

START = 60  # seconds until the warm process must be there; 3 on a quiet machine
ANSWER = 20  # seconds until it must have forked


class ForkFailed(Exception):
    """The warm process forked no kernel; its text says why."""


class ForkedKernel:
    """A kernel's process as `subprocess.Popen` shows one, told of by the process it was forked from."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.over = threading.Event()
        self.stdin = self.stdout = self.stderr = None

    def end(self, code: int) -> None:
        """Note that it has ended."""
        self.returncode = code
        self.over.set()

    def poll(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; subprocess.TimeoutExpired when that takes too long."""
        if not self.over.wait(timeout):
            raise subprocess.TimeoutExpired(f"kernel {self.pid}", timeout or 0.0)
        return self.returncode or 0

    def send_signal(self, number: int) -> None:
        """Send it a signal while it runs."""
        if self.returncode is None:
            with suppress(OSError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class ForkServer:
    """The warm process as the runner sees it; safe to be asked from several threads."""

    def __init__(self, env: Mapping[str, str]) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "workbench.report.notebook.forkserver_process"]
        self.process = subprocess.Popen(command, stdin=theirs.fileno(), env=dict(env), start_new_session=True)
        theirs.close()
        self.line = ours
        self.ready: Future[dict[str, Any]] = Future()
        self.numbers = itertools.count()
        self.lock = threading.Lock()
        self.asked: dict[int, Future[dict[str, Any]]] = {}
        self.kernels: dict[int, ForkedKernel] = {}
        threading.Thread(target=self._listen, daemon=True).start()

    def ready_within(self, seconds: float = START) -> bool:
        """Wait until it can fork; whether it can."""
        try:
            return bool(self.ready.result(seconds))
        except (OSError, TimeoutError):
            return False

    def fork(self, argv: list[str], cwd: str, env: Mapping[str, str]) -> ForkedKernel:
        """A kernel of this command line; NoFork with the reason when none could be forked."""
        try:
            self.ready.result(START)
            with self.lock:
                number = next(self.numbers)
                answer = self.asked[number] = Future()
                request = {"id": number, "argv": argv, "cwd": cwd, "env": dict(env)}
                self.line.sendall(json.dumps(request).encode() + b"\n")
            said = answer.result(ANSWER)
        except TimeoutError as error:
            raise ForkFailed("the warm process did not answer in time") from error
        except OSError as error:
            raise ForkFailed("the warm process ended") from error
        if "pid" not in said:
            raise ForkFailed(f"the warm process refused: {said.get('refused', 'no reason given')}")
        return self._kernel(said["pid"])

    def close(self) -> None:
        """End it and every kernel that still runs."""
        for kernel in list(self.kernels.values()):
            if kernel.poll() is None:
                with suppress(OSError):
                    os.killpg(kernel.pid, signal.SIGKILL)
        with suppress(OSError):
            self.line.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            self.process.kill()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(5)

    def _kernel(self, pid: int) -> ForkedKernel:
        with self.lock:
            return self.kernels.setdefault(pid, ForkedKernel(pid))

    def _listen(self) -> None:
        """Hear what it says; when it is gone, everything that waits for it is told."""
        with suppress(OSError, ValueError), self.line.makefile("r") as lines:
            for text in lines:
                said = json.loads(text)
                if "ended" in said:
                    self._kernel(said["ended"]).end(said["code"])
                elif "ready" in said:
                    self.ready.set_result(said)
                elif (asked := self.asked.pop(said["id"], None)) is not None:
                    asked.set_result(said)
        gone = OSError("the warm process ended")
        for future in [self.ready, *self.asked.values()]:
            if not future.done():
                future.set_exception(gone)
        for kernel in list(self.kernels.values()):
            if kernel.poll() is None:
                kernel.end(-signal.SIGKILL)


_kept: list[ForkServer] = []
_lock = threading.Lock()


def fork_server() -> ForkServer | None:
    """The warm process of this runner, started when first asked for; None where the system has no fork."""
    if not hasattr(os, "fork") or sys.platform == "darwin" or os.environ.get("WORKBENCH_COLD"):
        return None  # macOS ends a forked process that touches its frameworks
    with _lock:
        if _kept and _kept[0].process.poll() is None:
            return _kept[0]
        _kept[:] = [ForkServer(forkserver_environment(os.environ))]
        return _kept[0]


@atexit.register
def close() -> None:
    """End the warm process; the next report starts a new one."""
    with _lock:
        while _kept:
            _kept.pop().close()
