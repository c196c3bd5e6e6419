"""The explorer as a page for people who never see code: Voilà over one notebook, on this machine only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from workbench.errors import MissingExtra
from workbench.explorer import READ_ONLY
from workbench.project import find_corpus, find_project
from workbench.selection import Selection

LOCAL = "127.0.0.1"


def run(  # noqa: PLR0913 - one parameter for each option
    folder: str | None, select: str, *, port: int, ip: str, token: str, write: bool, browser: bool, theme: str
) -> int:
    """Serve the explorer until it is stopped; the exit code of the server.

    Without `token` one is made and printed with the address; without `write` nothing can be corrected,
    saved or run. Raises MissingExtra without Voilà, and what a wrong folder or selection raises.
    """
    if find_spec("voila") is None:
        raise MissingExtra(
            "workbench explore",
            problem="Voilà is not installed",
            mend="pip install 'analyst-workbench[live]'",
        )
    project = find_project()
    corpus, line = find_corpus(folder, project), Selection.parse(select).line()
    with tempfile.TemporaryDirectory() as place:
        notebook = Path(place) / "explorer.ipynb"
        notebook.write_text(json.dumps(page(project.folder, corpus, line)), encoding="utf-8")
        secret = f"--Voila.token={token}" if token else "--Voila.auto_token=True"
        command = [
            sys.executable, "-m", "voila", str(notebook), f"--Voila.ip={ip}", f"--port={port}", secret,
            f"--theme={theme}", "--VoilaConfiguration.file_allowlist=[]", *([] if browser else ["--no-browser"]),
        ]  # fmt: skip
        environment = {key: value for key, value in os.environ.items() if key != READ_ONLY}
        return subprocess.call(command, env=environment if write else environment | {READ_ONLY: "1"})


def page(project: Path, corpus: Path, line: str) -> dict[str, object]:
    """A notebook of one cell that shows the explorer."""
    source = f"import os\nfrom workbench import explorer\n\nos.chdir({str(project)!r})\nexplorer.explore({str(corpus)!r}, {line!r})"
    cell: dict[str, object] = {
        "cell_type": "code",
        "id": "explorer",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "cells": [cell],
        "metadata": {"kernelspec": spec, "title": "Explorer"},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
