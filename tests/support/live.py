"""A real JupyterLab or Voilà over a project of its own, and the explorer's page in it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RUN_ALL = """async () => { const app = window.jupyterapp; await app.restored; const w = app.shell.currentWidget;
  await w.context.ready; await w.sessionContext.ready; await w.sessionContext.session.kernel.info;
  await app.commands.execute('notebook:run-all-cells'); }"""
_listened: list[tuple[Any, str, list[str]]] = []
_logs: dict[str, Path] = {}
THEME = "async name => { await window.jupyterapp.commands.execute('apputils:change-theme', {theme: name}); }"


def project(folder: Path, **texts: str) -> Path:
    """A project around the seeds and further texts, with the notebooks."""
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_*"))
    for name, text in texts.items():
        (folder / "seeds" / f"{name}.txt").write_text(text, encoding="utf-8")
    (folder / "workbench.toml").write_text('corpus = "seeds"\n', encoding="utf-8")
    return folder


@contextmanager
def serving(folder: Path, command: list[str], status: str) -> Iterator[str]:
    """The address of a server started in `folder`; its settings are fresh, and it ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = folder / "home"
    settings = home / "lab" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True, exist_ok=True)
    quiet = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(quiet), encoding="utf-8")
    environment = os.environ | {
        "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / "config"), "IPYTHONDIR": str(home / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "lab"), "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "PYTHONPATH": str(ROOT), "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
    }  # fmt: skip
    log = (home / "server.log").open("w", encoding="utf-8")
    server = subprocess.Popen(
        [part.replace("PORT", str(port)) for part in command], cwd=folder, env=environment, stdout=log, stderr=log,
        start_new_session=True,
    )  # fmt: skip
    base = f"http://127.0.0.1:{port}"
    _logs[base] = home / "server.log"
    try:
        _wait(f"{base}{status}", server, home / "server.log")
        yield base
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
        log.close()


def lab(folder: Path) -> Any:
    """JupyterLab without a token, on this machine only."""
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=PORT",
        "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}", "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    return serving(folder, command, "/api/status")


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError as error:
            if "HTTP Error" in str(error):
                return
            time.sleep(0.5)
    raise AssertionError(f"the server did not start: {log.read_text(encoding='utf-8')[-2000:]}")


def listen(page: Any, base: str) -> list[str]:
    """The complaints of a page, as they come: errors of its scripts and console, and what it asks another host for."""
    said: list[str] = []
    _listened.append((page, base, said))
    page.on("console", lambda m: said.append(f"{m.text} ({m.location})") if m.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(own(base)) else said.append(asked.url))
    return said


def describe(page: Any, base: str, complaints: list[str]) -> str:
    """What the page shows, what it complained of and what its server said last."""
    try:
        shown = page.inner_text("body", timeout=5_000)
    except Exception as error:
        shown = f"({error})"
    log = _logs.get(base)
    server = log.read_text(encoding="utf-8", errors="replace")[-3000:] if log and log.exists() else ""
    return f"shown:\n{shown[:3000]}\ncomplaints: {complaints}\nserver:\n{server}"


def listened() -> list[tuple[Any, str, list[str]]]:
    """The pages that are listened to and still open, each with its server's address and its complaints."""
    return [(page, base, complaints) for page, base, complaints in _listened if not page.is_closed()]


def own(base: str) -> tuple[str, ...]:
    """How an address begins that leaves this machine alone."""
    return base, base.replace("http", "ws", 1), "data:", "blob:", "about:"


def voila(folder: Path, *more: str) -> Any:
    """`workbench explore` over the project's own corpus, its token being the word secret."""
    command = [
        sys.executable,
        "-c",
        "import sys; from workbench.cli import main; sys.exit(main())",
        "explore",
    ]
    return serving(folder, [*command, "--port=PORT", "--token=secret", "--no-browser", *more], "/login")


def open_lab(page: Any, base: str) -> None:
    """The explorer's notebook, run, with the side bar folded."""
    page.goto(f"{base}/lab/tree/notebooks/explorer.ipynb?reset")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=120_000)
    page.evaluate(RUN_ALL)
    page.evaluate("() => { const s = window.jupyterapp.shell; s.collapseLeft(); s.collapseRight(); }")
    page.locator(".wbx-search input").wait_for(timeout=180_000)
    page.locator(".wbx-count b").wait_for(timeout=60_000)
