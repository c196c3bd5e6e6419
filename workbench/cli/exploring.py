"""The explorer as a page for people who never see code: Voilà over one notebook, on this machine only."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

from workbench.errors import MissingExtra
from workbench.explorer import READ_ONLY
from workbench.explorer.markup import label, text
from workbench.project import find_corpus, find_project
from workbench.selection import Selection

LOCAL = "127.0.0.1"
PAGE = "explorer"  # the template's name


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
        notebook.write_text(json.dumps(page(project.folder, corpus, line, write=write)), encoding="utf-8")
        lay_out(Path(place))
        secret = f"--Voila.token={token}" if token else "--Voila.auto_token=True"
        command = [
            sys.executable, "-m", "voila", str(notebook), f"--Voila.ip={ip}", f"--port={port}", secret,
            f"--theme={theme}", f"--template={PAGE}", "--VoilaConfiguration.file_allowlist=[]", *([] if browser else ["--no-browser"]),
        ]  # fmt: skip
        environment = {key: value for key, value in os.environ.items() if key != READ_ONLY}
        environment["JUPYTER_PATH"] = os.pathsep.join(filter(None, (place, os.environ.get("JUPYTER_PATH"))))
        before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        try:
            return subprocess.call(command, env=environment if write else environment | {READ_ONLY: "1"})
        finally:
            signal.signal(signal.SIGTERM, before)


def lay_out(place: Path) -> None:
    """Write the template of the page where Voilà looks for one when `place` is on JUPYTER_PATH."""
    folder = place / "voila" / "templates" / PAGE
    folder.mkdir(parents=True)
    folder.joinpath("conf.json").write_text('{"base_template": "lab"}', encoding="utf-8")
    template = resources.files("workbench.explorer").joinpath("voila.html.j2").read_text(encoding="utf-8")
    folder.joinpath("index.html.j2").write_text(template, encoding="utf-8")


def page(project: Path, corpus: Path, line: str, *, write: bool) -> dict[str, object]:
    """A notebook with a heading and one cell that shows the explorer."""
    closed = (
        "" if write else "<p>For reading: <code>--write</code> allows corrections, saving and reports.</p>"
    )
    heading: dict[str, object] = {
        "cell_type": "markdown",
        "id": "heading",
        "metadata": {},
        "source": f"<header class='wbx-page'><h1>The documents of {text(label(corpus.name, 80))}</h1>{closed}</header>",
    }
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
        "cells": [heading, cell],
        "metadata": {"kernelspec": spec, "title": f"The documents of {label(corpus.name, 80)}"},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
