"""A warm start for kernels: one process that has imported what notebooks import, and forks.

`python -m workbench.report.notebook.forkserver_process` reads one JSON line a kernel from the socket that is its standard
input and answers with the process id; when a kernel ends it says so. It forks only while it has a single
thread, refuses otherwise, and when its socket closes it ends every kernel and itself.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

# What the notebooks of the house import, without anything that starts a thread.
MODULES = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "matplotlib_inline.config",
    "IPython.core.completer", "IPython.core.completerlib", "IPython.extensions.storemagic", "IPython.core.debugger",
    "tornado.platform.asyncio", "pandas", "pandas.io.formats.string", "pandas.core.methods.to_dict",
    "pandas.core.arrays.arrow._arrow_utils", "matplotlib.pyplot", "matplotlib.backends.backend_svg",
    "matplotlib.backends.backend_agg", "pyarrow", "pyarrow.dataset", "pyarrow.parquet", "deltalake", "duckdb",
    "workbench.corpus", "workbench.display.evidence", "workbench.entity_decisions", "workbench.annotate.stem_groups", "workbench.read.source",
    "workbench.read.tables.columns", "workbench.read.formats", "workbench.settings.fetch_manifest",
)  # fmt: skip
PACKAGES = ("workbench.analysis", "workbench.display", "workbench.label")  # all of their modules


def threads() -> int:
    """Threads of this process, those of libraries included where the system tells."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        import threading

        return threading.active_count()


def load() -> None:
    """Import what the notebooks import; a module that is not there is left to the notebook to miss."""
    import pkgutil

    names = list(MODULES)
    for package in PACKAGES:
        paths = import_module(package).__path__
        names += [one.name for one in pkgutil.walk_packages(paths, f"{package}.")]
    for name in names:
        with suppress(ImportError):
            import_module(name)
    _draw_once()
    # It shows pyplot's figures from the moment it is imported in a kernel, and never when it was imported before.
    sys.modules.pop("matplotlib_inline.backend_inline", None)


def _draw_once() -> None:
    """One small figure: fonts and the parts of matplotlib that load late are then there."""
    from workbench.display.canvas import canvas, to_svg

    with canvas(1.0) as (drawing, axes):
        axes.plot([0, 1], label="a")
        axes.set_title("a")
        axes.legend()
        to_svg(drawing, "a")


def serve(line: socket.socket) -> None:
    """Answer until the socket closes."""
    awake, signalled = os.pipe()
    for end in (awake, signalled):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(signalled, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C at the terminal is the runner's to answer
    children: set[int] = set()
    waiting = b""
    _say(line, {"ready": os.getpid(), "threads": threads()})
    while True:
        sources: list[Any] = [line, awake]
        ready, _, _ = select.select(sources, [], [])
        if awake in ready:
            os.read(awake, 4096)
            _reap(line, children)
        if line in ready:
            got = line.recv(65536)
            if not got:
                break
            *requests, waiting = (waiting + got).split(b"\n")
            for request in requests:
                _answer(line, json.loads(request), children, [awake, signalled])
    for pid in children:
        with suppress(OSError):
            os.killpg(pid, signal.SIGKILL)


def _answer(line: socket.socket, request: dict[str, Any], children: set[int], ours: list[int]) -> None:
    if (n := threads()) != 1:
        return _say(line, {"id": request["id"], "refused": f"{n} threads run"})
    request["parent"] = os.getpid()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            _become_kernel(line, request, ours)
            code = 0
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 0
        finally:
            os._exit(code)
    with suppress(OSError):
        os.setpgid(pid, pid)  # whoever comes first: the group is there before anybody ends it
    children.add(pid)
    return _say(line, {"id": request["id"], "pid": pid})


def _reap(line: socket.socket, children: set[int]) -> None:
    for pid in list(children):
        try:
            ended, status = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            ended, status = pid, 0
        if ended:
            children.discard(pid)
            _say(line, {"ended": pid, "code": os.waitstatus_to_exitcode(status)})


def _become_kernel(line: socket.socket, request: dict[str, Any], ours: list[int]) -> None:
    """In the child: nothing of the zygote's is left but its modules."""
    import random

    import numpy as np

    with suppress(OSError):
        os.setpgid(0, 0)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    line.close()
    for end in ours:
        os.close(end)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.chdir(request["cwd"])
    sys.path[0:1] = [""]  # as `python -m ipykernel_launcher` leaves it: the project's own modules first
    os.environ.update(request["env"])
    random.seed()
    np.random.seed()
    gc.unfreeze()
    from ipykernel.kernelapp import IPKernelApp

    # Its own watch on whoever started it: it ends when this zygote is gone, however that ended.
    IPKernelApp.launch_instance(argv=[*request["argv"], f"--IPKernelApp.parent_handle={request['parent']}"])


def _say(line: socket.socket, answer: dict[str, Any]) -> None:
    with suppress(OSError):
        line.sendall(json.dumps(answer).encode() + b"\n")


def main() -> None:
    """Load, then serve the socket that is standard input."""
    line = socket.socket(fileno=os.dup(0))
    load()
    gc.collect()
    gc.freeze()
    serve(line)


if __name__ == "__main__":
    main()
