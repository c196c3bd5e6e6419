"""The explorer as a page for people who never see code: Voilà over one notebook, on this machine only."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import webbrowser
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlencode

import typer

from workbench.errors import BadParameter, MissingExtra
from workbench.explorer import READ_ONLY
from workbench.explorer.markup import label, text
from workbench.pipeline.build import build
from workbench.project import find_corpus, find_project
from workbench.schema import visible
from workbench.selection.model import Selection

LOCAL = "127.0.0.1"
EVERYBODY = ("0.0.0.0", "::", "")  # noqa: S104 - asked for, not bound here
PAGE = "explorer"  # the template's name


def run(  # noqa: PLR0913 - one parameter for each option
    folder: str | None, select: str, *, port: int, ip: str, token: str, write: bool, browser: bool, theme: str
) -> int:
    """Bring the corpus up to date, then serve the explorer until it is stopped; the exit code of the server.

    Without `token` one is made; the address with it is printed. A port that is taken is passed over. Without
    `write` nothing can be corrected, saved or run. Raises MissingExtra without Voilà, BadParameter when no port
    is free, and what a wrong folder or selection raises.
    """
    if find_spec("voila") is None:
        raise MissingExtra(
            "workbench explore",
            problem="Voilà is not installed",
            hint="pip install 'analyst-workbench[live]'",
        )
    project = find_project()
    corpus, line = find_corpus(folder, project), Selection.parse(select).line()
    free = free_port(ip, port)
    typer.echo(f"{corpus}: {build(corpus, project=project, progress=sys.stderr.isatty())}")
    with tempfile.TemporaryDirectory() as place:
        notebook = Path(place) / "explorer.ipynb"
        notebook.write_text(json.dumps(page(project.folder, corpus, line, write=write)), encoding="utf-8")
        lay_out(Path(place))
        secret = token or secrets.token_urlsafe(16)
        Path(place, "voila.json").write_text(json.dumps(server_settings(ip, free, secret)), encoding="utf-8")
        command = [sys.executable, "-m", "voila", str(notebook), f"--theme={theme}", f"--template={PAGE}"]
        environment = {key: value for key, value in os.environ.items() if key != READ_ONLY}
        for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH"):
            environment[name] = os.pathsep.join(filter(None, (place, os.environ.get(name))))
        address = f"http://{ip if ip not in EVERYBODY else LOCAL}:{free}/?{urlencode({'token': secret})}"
        typer.echo(f"the documents of {visible(corpus.name)}: {address}\nCtrl-C ends it.")
        if browser:
            threading.Thread(target=open_when_there, args=(address, free), daemon=True).start()
        before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        try:
            return subprocess.call(command, env=environment if write else environment | {READ_ONLY: "1"})
        except KeyboardInterrupt:  # how it is meant to end
            return 0
        finally:
            signal.signal(signal.SIGTERM, before)


def free_port(ip: str, first: int) -> int:
    """The first port from `first` on that can be had, of the next twenty; BadParameter when there is none."""
    for port in range(first, min(first + 20, 65536)):
        with socket.socket(socket.AF_INET6 if ":" in ip else socket.AF_INET) as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((ip, port))
            except OSError as error:
                reason = error.strerror or str(error)
                continue
            return port
    raise BadParameter(
        "--port",
        problem=f"neither {first} nor the next ports can be had on {ip}: {reason}",
        hint="name another",
    )


def server_settings(ip: str, port: int, secret: str) -> dict[str, object]:
    """Voilà's settings, in a file that only we can read: a command line is seen by everybody on the machine."""
    settings: dict[str, object] = {
        "Voila": {
            "ip": ip, "port": port, "port_retries": 0, "token": secret, "open_browser": False, "log_level": 40,
        },
        "VoilaConfiguration": {"file_allowlist": []},
    }  # fmt: skip
    if hasattr(socket, "AF_UNIX") and os.name == "posix":
        settings["KernelManager"] = {"transport": "ipc"}  # over TCP everybody on the machine could listen
    return settings


def open_when_there(address: str, port: int) -> None:
    """Open a browser as soon as the server answers; without one the printed address is enough."""
    for _ in range(240):
        with socket.socket() as probe:
            if probe.connect_ex((LOCAL, port)) == 0:
                webbrowser.open(address)
                return
        time.sleep(0.25)


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
