"""`workbench lab`: open JupyterLab on the notebooks of the project."""

from __future__ import annotations

import subprocess
import sys

import typer

from workbench.errors import BadCorpus


def lab() -> None:
    """Open JupyterLab on the project's notebooks.

    JupyterLab has the form "Create job" where the extra `scheduler` is installed.
    """
    from importlib.util import find_spec

    from workbench.lab import SETTINGS
    from workbench.project import find_project

    project = find_project()
    if not project.notebooks.is_dir():
        raise BadCorpus(
            project.notebooks, problem="there is no notebooks folder", hint="workbench new --update"
        )
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={project.folder}"]
    command.append(f"--LabApp.default_url=/lab/tree/{project.notebooks.name}")
    if find_spec("jupyter_scheduler"):
        command += [f"--{name}={value}" for name, value in SETTINGS.items()]
    raise typer.Exit(subprocess.call(command, cwd=project.folder))
