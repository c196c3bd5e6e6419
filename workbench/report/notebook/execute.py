"""Papermill's engine of the house: `papermill --engine workbench` and our own reports run by it.

Papermill loads this module by its entry point while it is itself being imported, so nothing of
papermill is imported here before it is used, and the engine is a class of papermill's shape, not of
its kind.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.project import PINNED
from workbench.report.notebook.interrupts import terminable
from workbench.report.notebook.light_imports import light_imports

NAME = "workbench"


class _UnknownParameterFilter(logging.Filter):
    """Leaves out what papermill calls unknown: it does not read `Literal["a", "b"]`, and our schema has checked all."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is anything else."""
        return not str(record.msg).startswith("Passed unknown parameter")


_UNKNOWN_PARAMETER_FILTER = _UnknownParameterFilter()


class WorkbenchEngine:
    """What papermill calls to run a notebook: no write before the end, then one, atomic."""

    @classmethod
    def execute_notebook(
        cls, nb: Any, kernel_name: str, output_path: str | None = None, **options: Any
    ) -> Any:
        """Run `nb` in place and return it. With `output_path`, one atomic write at the end, come what may."""
        with light_imports():
            import nbformat
            from papermill.engines import NotebookExecutionManager

        progress, log = options.pop("progress_bar", False), options.pop("log_output", False)
        options.pop("autosave_cell_every", None)
        options.pop("kept", []).append(nb)
        manager = NotebookExecutionManager(
            nb, None, log_output=log, progress_bar=progress, autosave_cell_every=0
        )
        manager.notebook_start()
        try:
            cls.execute_managed_notebook(manager, kernel_name, log_output=log, **options)
        finally:
            manager.cleanup_pbar()
            manager.notebook_complete()
            if output_path:
                from workbench.report.files import write_file

                write_file(Path(output_path), nbformat.writes(nb))  # type: ignore[no-untyped-call]
        return nb

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> None:  # noqa: ARG003
        """Run the cells in a fresh kernel.

        Options: deadline and start_timeout (seconds), project (the kernel's working folder), pin (which
        version of which store its kernel reads), log_output;
        `remarks` receives what was not as it should have been, in words; with `sections` one that fails does
        not end the run.
        """
        from workbench.report.notebook.forkserver import fork_server
        from workbench.report.notebook.kernel import NotebookClient, NotebookKernel
        from workbench.report.notebook.kernel_env import kernel_environment, private_folder

        with private_folder() as folder, terminable():
            env = kernel_environment(folder, os.environ)
            if options.get("pin"):
                env[PINNED] = options["pin"]
            kernel = NotebookKernel.in_folder(folder)
            kernel.source = fork_server() if options.get("warm", True) else None
            kernel.memory = options.get("memory") or 0
            client = NotebookClient(
                nb_man,
                deadline=options.get("deadline"),
                km=kernel,
                startup_timeout=options.get("start_timeout"),
                stop=options.get("stop"),
                sections=options.get("sections"),
                extra_arguments=["--HistoryManager.enabled=False"],
                store_widget_state=False,
                log_output=bool(options.get("log_output")),
                stdout_file=options.get("stdout_file"),
                stderr_file=options.get("stderr_file"),
            )
            try:
                client.run(env=env, cwd=options.get("project") or os.getcwd(), cleanup_kc=True)
            finally:
                options.get("remarks", []).extend(
                    [f"its kernel started cold: {kernel.cold}"] * bool(kernel.cold)
                )

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:  # noqa: ARG003
        """Always this Python, whatever the notebook names."""
        return "python3"

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:  # noqa: ARG003
        """Always Python."""
        return "python"


def execute(
    notebook: Mapping[str, Any], parameters: Mapping[str, Any], *, cwd: Path, kept: list[Any], **options: Any
) -> None:
    """Run a notebook (the dict of its JSON) through papermill, in this Python, below `cwd`.

    `kept` receives the notebook that is being executed, so that its outputs survive what is raised:
    papermill's PapermillExecutionError, DeadlinePassed, KernelDied, Stopped, KeyboardInterrupt. The other
    options are the engine's: deadline, warm, memory, stop, pin, remarks,
    and sections, which receives what became of each and lets those after a failed one run.
    """
    with light_imports():
        import nbformat
        from papermill.execute import execute_notebook

    logging.getLogger("papermill").addFilter(
        _UNKNOWN_PARAMETER_FILTER
    )  # a filter that is there is not added again
    execute_notebook(
        nbformat.from_dict(dict(notebook)),  # type: ignore[no-untyped-call]
        None,
        parameters=dict(parameters),
        engine_name=register(),
        kernel_name="python3",
        language="python",
        progress_bar=False,
        project=str(cwd),
        kept=kept,
        **options,
    )


def register() -> str:
    """Make the engine known to papermill, also where our entry point is not installed; returns its name."""
    with light_imports():
        from papermill.engines import papermill_engines

    papermill_engines.register(NAME, WorkbenchEngine)
    return NAME
