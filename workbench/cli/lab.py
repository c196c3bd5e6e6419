"""`workbench lab`: open JupyterLab on the notebooks of a project."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from workbench.errors import BadCorpus


def lab(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FOLDER",
            help="Folder to show (default: that of the project); after --, any options of JupyterLab.",
        ),
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser.")] = True,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Port to listen on (default: JupyterLab's own, 8888)."),
    ] = None,
) -> None:
    """Open JupyterLab on the project's notebooks.

    On a remote machine: workbench lab --no-browser --port 8889. JupyterLab has the form "Create job" where the
    extra `scheduler` is installed.
    """
    words = list(arguments or [])
    folder = Path(words.pop(0)) if words and not words[0].startswith("-") else None
    options = [] if browser else ["--no-browser"]
    options += [] if port is None else [f"--port={port}"]
    raise typer.Exit(start_jupyterlab(folder, [*options, *words]))


def start_jupyterlab(folder: Path | None, options: list[str]) -> int:
    """Run JupyterLab until it is stopped; returns its exit code.

    It shows `folder`, by default that of the project around the working directory. BadCorpus when there is no
    such folder, or no folder is named and the project has no notebooks.
    """
    from importlib.util import find_spec

    from workbench.lab import SETTINGS
    from workbench.project import find_project

    if folder is not None and not folder.is_dir():
        raise BadCorpus(folder, problem="there is no such folder", hint="name the folder of a project")
    project = find_project(folder)
    shown = project.folder if folder is None else folder.resolve()
    if folder is None and not project.notebooks.is_dir():
        raise BadCorpus(
            project.notebooks, problem="there is no notebooks folder", hint="workbench new --update"
        )
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={shown}"]
    if shown == project.folder and project.notebooks.is_dir():
        command.append(f"--LabApp.default_url=/lab/tree/{project.notebooks.name}")
    if find_spec("jupyter_scheduler"):
        command += [f"--{name}={value}" for name, value in SETTINGS.items()]
    return subprocess.call([*command, *options], cwd=shown)
