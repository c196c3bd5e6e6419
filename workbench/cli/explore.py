"""`workbench explore`: serve the explorer as a page without code, with Voilà, to this machine only by default."""

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
from typing import Annotated
from urllib.parse import urlencode

import typer

from workbench.cli.options import CorpusFolder, Quiet, Select
from workbench.errors import BadParameter, MissingExtra
from workbench.explorer import READ_ONLY
from workbench.explorer.markup import label, text
from workbench.schema import visible

LOCAL = "127.0.0.1"
ALL_INTERFACES = ("0.0.0.0", "::", "")  # noqa: S104 - asked for, not bound here
TEMPLATE = "explorer"  # the name of Voilà's template


def explore(  # noqa: PLR0913 - one parameter for each option
    corpus: CorpusFolder = None,
    select: Select = "",
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Port to listen on; the next free one when it is taken.")
    ] = 8866,
    ip: Annotated[str, typer.Option(help="Address to listen on (default: this machine only).")] = LOCAL,
    token: Annotated[
        str, typer.Option(help="Secret in the address of the page (default: a new one, printed).")
    ] = "",
    write: Annotated[bool, typer.Option("--write", help="Allow corrections, saving and reports.")] = False,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    theme: Annotated[str, typer.Option(help="Colours of the page: light or dark.")] = "light",
    quiet: Quiet = False,
) -> None:
    """Show the explorer as a page without code.

    Needs the extra `live`. The page is read-only unless --write is given.
    """
    raise typer.Exit(
        serve(
            corpus,
            select,
            port=port,
            ip=ip,
            token=token,
            write=write,
            browser=browser,
            theme=theme,
            quiet=quiet,
        )
    )


def serve(  # noqa: PLR0913 - one parameter for each option
    folder: str | None,
    select: str,
    *,
    port: int,
    ip: str,
    token: str,
    write: bool,
    browser: bool,
    theme: str,
    quiet: bool = False,
) -> int:
    """Build the corpus, then serve the explorer until it is stopped; returns the exit code of the server.

    Without `token` one is made; the address with it is printed. When the port is taken, the next free one is
    used. Without `write` nothing can be corrected, saved or run. Raises MissingExtra without Voilà,
    BadParameter when no port is free, and the errors of a wrong folder or selection.
    """
    from workbench.pipeline.build import build
    from workbench.project import find_corpus, find_project
    from workbench.selection.saved import parse_selection

    if find_spec("voila") is None:
        raise MissingExtra(
            "workbench explore",
            problem="Voilà is not installed",
            hint="pip install 'analyst-workbench[live]'",
        )
    project = find_project()
    corpus, line = find_corpus(folder, project), parse_selection(select, project.settings).line()
    free = free_port(ip, port)
    built = build(corpus, project=project, progress=not quiet and sys.stderr.isatty())
    if not quiet:
        typer.echo(f"{corpus}: {built}")
    with tempfile.TemporaryDirectory() as workspace:
        notebook = Path(workspace) / "explorer.ipynb"
        notebook.write_text(
            json.dumps(explorer_notebook(project.folder, corpus, line, write=write)), encoding="utf-8"
        )
        write_template(Path(workspace))
        secret = token or secrets.token_urlsafe(16)
        settings = json.dumps(server_settings(ip, free, secret))
        Path(workspace, "voila.json").write_text(settings, encoding="utf-8")
        command = [sys.executable, "-m", "voila", str(notebook), f"--theme={theme}", f"--template={TEMPLATE}"]
        environment = {key: value for key, value in os.environ.items() if key != READ_ONLY}
        for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH"):
            environment[name] = os.pathsep.join(filter(None, (workspace, os.environ.get(name))))
        host = LOCAL if ip in ALL_INTERFACES else ip
        address = f"http://{host}:{free}/?{urlencode({'token': secret})}"
        typer.echo(f"the documents of {visible(corpus.name)}: {address}\nPress Ctrl-C to stop.")
        if browser:
            threading.Thread(target=open_browser, args=(address, free), daemon=True).start()
        previous = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        try:
            return subprocess.call(command, env=environment if write else environment | {READ_ONLY: "1"})
        except KeyboardInterrupt:  # the usual way to stop it
            return 0
        finally:
            signal.signal(signal.SIGTERM, previous)


def free_port(ip: str, first: int) -> int:
    """The first free port of the twenty from `first` on; BadParameter when there is none."""
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
        problem=f"port {first} and the next ones are not free on {ip}: {reason}",
        hint="choose another port",
    )


def server_settings(ip: str, port: int, secret: str) -> dict[str, object]:
    """Voilà's settings; they go into a private file, since a command line is visible to every user of the machine."""
    settings: dict[str, object] = {
        "Voila": {
            "ip": ip, "port": port, "port_retries": 0, "token": secret, "open_browser": False, "log_level": 40,
        },
        "VoilaConfiguration": {"file_allowlist": []},
    }  # fmt: skip
    if hasattr(socket, "AF_UNIX") and os.name == "posix":
        settings["KernelManager"] = {"transport": "ipc"}  # over TCP every user of the machine could listen
    return settings


def open_browser(address: str, port: int) -> None:
    """Open a browser as soon as the server answers."""
    for _ in range(240):
        with socket.socket() as probe:
            if probe.connect_ex((LOCAL, port)) == 0:
                webbrowser.open(address)
                return
        time.sleep(0.25)


def write_template(workspace: Path) -> None:
    """Write the template of the page where Voilà looks for it when `workspace` is on JUPYTER_PATH."""
    folder = workspace / "voila" / "templates" / TEMPLATE
    folder.mkdir(parents=True)
    folder.joinpath("conf.json").write_text('{"base_template": "lab"}', encoding="utf-8")
    template = resources.files("workbench.explorer").joinpath("voila.html.j2").read_text(encoding="utf-8")
    folder.joinpath("index.html.j2").write_text(template, encoding="utf-8")


def explorer_notebook(project: Path, corpus: Path, line: str, *, write: bool) -> dict[str, object]:
    """A notebook with a heading and one cell that shows the explorer."""
    hint = "" if write else "<p>Read-only: <code>--write</code> allows corrections, saving and reports.</p>"
    heading: dict[str, object] = {
        "cell_type": "markdown",
        "id": "heading",
        "metadata": {},
        "source": f"<header class='wbx-page'><h1>The documents of {text(label(corpus.name, 80))}</h1>{hint}</header>",
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
