"""The kernel and the client that runs the cells in it.

The kernel talks over IPC sockets in a private folder (TCP ports collide when reports run side by
side), is this very Python whatever the notebook names, and sees no profile of the user. One deadline
ends a kernel that hangs; comms are not answered (an Output widget hung 2 of 67 headless runs); every
cell gets a terminal state whatever happens; no kernel is left behind.
"""

from __future__ import annotations

import os
import secrets
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from workbench.report.notebook.forkserver import ForkFailed, ForkServer
from workbench.report.notebook.kernel_env import DEADLINE
from workbench.report.notebook.light_imports import light_imports
from workbench.report.notebook.sections import LEFT_OUT, SectionStatus

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

with light_imports():
    import nbformat
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_client.provisioning.local_provisioner import LocalProvisioner
    from nbclient.exceptions import CellExecutionError, DeadKernelError
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NotebookExecutionManager

START_TIMEOUT = 60  # seconds until the kernel must answer: 8 were seen under load
# Seconds for the outputs of a cell that has already replied. nbclient's 4 failed runs on loaded machines.
IOPUB_TIMEOUT = 60
_LONGEST_SOCKET = 90  # bytes of a socket's folder; the system allows 107 (Linux) or 103 (macOS) for its path


class DeadlinePassed(Exception):
    """The notebook was still running when its time was up; its kernel has been ended."""


class RunStopped(Exception):
    """Somebody stopped the runner while this notebook ran in one of its threads."""


class KernelDied(Exception):
    """The kernel ended by itself, as when memory runs out."""


class KernelProvisioner(LocalProvisioner):
    """Starts a kernel by forking the warm process, or cold when there is none."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        """Start it; what jupyter_client knows of it afterwards is the same either way."""
        argv = cmd[cmd.index("ipykernel_launcher") + 1 :]
        kernel: Any = self.parent
        source: ForkServer | None = kernel.source
        forked = None
        if source is not None:
            try:
                forked = source.fork(argv, options["cwd"], options["env"])
            except ForkFailed as error:
                kernel.cold = str(error)
        if forked is None:
            started = await super().launch_kernel(cmd, **options)
        else:
            self.process, self.pid, self.pgid = forked, forked.pid, forked.pid  # type: ignore[assignment]
            self.cwd, started = options["cwd"], self.connection_info
        if kernel.memory and self.pid and hasattr(resource, "prlimit"):
            resource.prlimit(self.pid, resource.RLIMIT_DATA, (kernel.memory, kernel.memory))
        return started


class NotebookKernel(AsyncKernelManager):
    """A kernel of this very Python, installed or not, reached over sockets in a private folder."""

    source: ForkServer | None = None
    memory = 0  # bytes that it may take; 0 sets no limit
    cold = ""  # why it was not forked although it should have been

    async def _async_pre_start_kernel(self, **options: Any) -> Any:
        """The provisioner is ours, whatever is installed."""
        self.kernel_id = self.kernel_id or secrets.token_hex(8)
        self.provisioner = KernelProvisioner(
            kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
        )
        return await super()._async_pre_start_kernel(**options)

    @property
    def kernel_spec(self) -> KernelSpec:
        """The command that starts it; no kernelspec is looked up."""
        # What goes wrong in a notebook stands in its output; the kernel's own log of being ended is noise.
        quiet = "--log-level=CRITICAL"
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", quiet]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")

    @classmethod
    def in_folder(cls, folder: Path) -> NotebookKernel:
        """A kernel, not yet started, whose connection file and sockets lie in `folder`."""
        return cls(connection_file=str(folder / "kernel.json"), shutdown_wait_time=2.0, **_transport(folder))

    def kill_now(self) -> None:
        """End the kernel and all it started, at once, from any thread, however it stands."""
        process, group = getattr(self.provisioner, "process", None), getattr(self.provisioner, "pgid", None)
        with suppress(OSError):
            if group and hasattr(os, "killpg"):
                os.killpg(group, signal.SIGKILL)  # jupyter_client starts it as leader of a group of its own
            elif process is not None:
                process.kill()


class NotebookClient(PapermillNotebookClient):  # type: ignore[misc]
    """Runs the cells; leaves a terminal state and a readable reason on the cell that stopped the run."""

    def __init__(
        self,
        manager: NotebookExecutionManager,
        *,
        deadline: float | None,
        startup_timeout: int | None,
        stop: threading.Event | None = None,
        sections: SectionStatus | None = None,
        **options: Any,
    ) -> None:
        startup_timeout = int(startup_timeout or START_TIMEOUT)
        super().__init__(manager, iopub_timeout=IOPUB_TIMEOUT, startup_timeout=startup_timeout, **options)
        self.comm_open_handlers: dict[str, Any] = {}
        self.deadline = float(deadline or DEADLINE)
        self.expired = False
        self.stop = stop or threading.Event()
        self.sections = sections
        self.over = threading.Event()

    def run(self, **start: Any) -> None:
        """Run all cells. Raises DeadlinePassed, KernelDied, or what interrupted us."""
        kernel = self.km
        threading.Thread(target=self._watch, args=(kernel,), daemon=True).start()
        try:
            self.execute(**start)
        except BaseException as error:
            reason = self._reason(error)
            self._mark(reason)
            raise reason from error
        finally:
            self.over.set()
            kernel.kill_now()

    def papermill_execute_cells(self) -> None:
        """Run the cells in order; a cell that never came back is failed, not complete.

        The first one that fails is the last, or, where `sections` are asked for, the last of its section.
        """
        for index, cell in enumerate(self.nb.cells):
            if self.sections is not None:
                self.sections.begin(cell)
                if self.sections.failed:
                    cell.metadata[LEFT_OUT] = True
                    continue
            self.nb_man.cell_start(cell, index)
            try:
                self.execute_cell(cell, index)
                if self.sections is not None and cell.cell_type == "code":
                    self.sections.succeed()
            except CellExecutionError as error:
                self.nb_man.cell_exception(cell, cell_index=index, exception=error)
                if self.sections is None:
                    return
                self.sections.fail(cell, f"{error.ename}: {error.evalue}".splitlines()[0])
                if self.sections.broken:
                    return
            except BaseException as error:
                self._note(cell, index, self._reason(error))
                if self.sections is not None:
                    self.sections.broken = True
                raise
            finally:
                self.nb_man.cell_complete(cell, cell_index=index)

    def _watch(self, kernel: NotebookKernel) -> None:
        """End the kernel when time is up or the run is stopped, and again should it only then have started."""
        end = time.monotonic() + self.deadline
        while not self.over.wait(0.1):
            self.expired = self.expired or time.monotonic() > end
            if self.expired or self.stop.is_set():
                kernel.kill_now()

    def _reason(self, error: BaseException) -> BaseException:
        if self.stop.is_set() and isinstance(error, Exception):
            return RunStopped("the run was stopped from outside")
        if self.expired and isinstance(error, Exception):
            return DeadlinePassed(f"the notebook was still running after {self.deadline:g} s")
        if isinstance(error, RuntimeError) and "Event loop stopped" in str(error):
            return KeyboardInterrupt("SIGTERM")  # nbclient took the signal before we could
        if isinstance(error, DeadKernelError):
            return KernelDied("the kernel ended in the middle of a cell")
        if isinstance(error, RuntimeError) and "Kernel d" in str(error):  # "Kernel died/didn't respond …"
            return KernelDied("the kernel did not start")
        return error

    def _mark(self, reason: BaseException) -> None:
        """Leave the reason on the first code cell when no cell has failed, as when the kernel did not start."""
        if any(cell.metadata.papermill["status"] == self.nb_man.FAILED for cell in self.nb.cells):
            return
        for index, cell in enumerate(self.nb.cells):
            if cell.cell_type == "code":
                return self._note(cell, index, reason)

    def _note(self, cell: Any, index: int, reason: BaseException) -> None:
        """Write on the cell why it stopped, where the kernel could not."""
        name, text = type(reason).__name__, str(reason) or "the run was stopped from outside"
        output = nbformat.v4.new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])  # type: ignore[no-untyped-call]
        cell.setdefault("outputs", []).append(output)
        self.nb_man.cell_exception(cell, cell_index=index, exception=reason)


def _transport(folder: Path) -> dict[str, str]:
    if sys.platform == "win32" or len(os.fsencode(folder)) > _LONGEST_SOCKET:
        return {"transport": "tcp"}
    return {"transport": "ipc", "ip": str(folder / "s")}
