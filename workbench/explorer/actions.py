"""Save, report, schedule and export the selection of the explorer.

A report is made by the command line in a process of its own, which is watched until it ends.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import ReportFailed, WorkbenchError
from workbench.explorer.markup import text
from workbench.explorer.views import code
from workbench.explorer.widgets.actions import ActionsBox
from workbench.explorer.widgets.elements import put
from workbench.export import write_tables
from workbench.project import notebook_paths
from workbench.report.notebook.parameters import ParameterSchema, check_parameters, read_schema
from workbench.selection.model import Selection
from workbench.selection.saved import find_saved, save_selection, saved_names

if TYPE_CHECKING:
    from workbench.corpus import Corpus
    from workbench.explorer.app import Explorer

LOOK = 0.5  # seconds between two looks at a report that is being made
OUT = "exports"  # below the project


class Actions:
    """Carry out what the box of actions asks for, for one explorer."""

    def __init__(self, explorer: Explorer, *, read_only: bool) -> None:
        self._x = explorer
        self._running: ReportProcess | None = None
        self.schemas = schemas(notebook_paths(explorer.project).values())
        self.box = ActionsBox(self._act, self.schemas, read_only=read_only)

    def show(self) -> None:
        """Bring the code and the saved names up to date."""
        state = self._x.state
        try:
            names = saved_names(self._x.project.settings)
        except WorkbenchError:
            names = []  # opening one says what is wrong with the file
        self.box.show(code(self.folder, state.selection, state.view, state.by), names)

    @property
    def folder(self) -> str:
        """The corpus as a notebook of the project names it."""
        folder, project = self._x.corpus.folder, self._x.project.folder
        return folder.relative_to(project).as_posix() if folder.is_relative_to(project) else str(folder)

    def load(self) -> Corpus:
        """The corpus as it is on disk now, every layer made that was."""
        from workbench.corpus import load

        old = self._x.corpus
        return load(old.folder, project=self._x.project)

    def _act(self, action: str, **values: Any) -> None:
        actions: dict[str, Callable[..., None]] = {
            "save": self._save, "open": self._open, "report": self._report, "stop": self._stop, "job": self._job,
            "export": self._export,
        }  # fmt: skip
        self._x.catch_up()
        try:
            actions[action](**values)
        except WorkbenchError as error:
            self.box.tell(error)

    def _save(self, name: str) -> None:
        path = save_selection(self._x.project.settings, name, self._x.state.selection)
        self.show()
        self.box.tell(f"Saved as “{name.strip()}” in {path.name}.")

    def _open(self, name: str) -> None:
        self._x.go(find_saved(name, self._x.project.settings))

    def _report(self, notebook: str, values: Mapping[str, Any]) -> None:
        check_parameters(self.schemas[notebook], values)
        x = self._x
        own = x.project.corpus is not None and x.project.corpus.resolve() == x.corpus.folder
        corpus = "" if own else self.folder
        self._running = ReportProcess(notebook, values, x.state.selection, corpus, x.project.folder)
        if x.debouncer.live:
            self._look()
        else:
            self._running.wait()
            self._done(self._running)

    def _look(self) -> None:
        running = self._running
        if running is None:
            return
        if running.ended():
            self._done(running)
        else:
            self.box.running(running.share, f"Making {running.notebook}: {running.seconds:.0f} s")
            self._x.debouncer.later("report", self._look, LOOK)

    def _done(self, running: ReportProcess) -> None:
        self._running = None
        self.box.running(None)
        try:
            page = running.result()
        except WorkbenchError as error:
            self.box.tell(error)
            return
        put(self.box.made, value=draw_report(page))
        self.box.tell(f"The report {page.stem} is ready ({running.seconds:.0f} s).")

    def _stop(self) -> None:
        if self._running is not None:
            self._running.stop()

    def _job(self, name: str, cron: str, notebook: str, values: Mapping[str, Any]) -> None:
        from workbench.report.jobs.check import write_job
        from workbench.report.jobs.model import FOLDER, JobFile, Schedule

        x = self._x
        given = check_parameters(self.schemas[notebook], values)
        changed = {key: given[key] for key in values}
        path = x.project.folder / FOLDER / f"{file_name(name)}.toml"
        job = JobFile(
            name=path.stem, title=name.strip(), notebooks=(notebook,), corpus=self.folder,
            selection=x.state.selection, parameters=changed, schedule=Schedule(cron=cron.strip()),
        )  # fmt: skip
        write_job(path, job)
        self.box.tell(
            f"Added: {path.relative_to(x.project.folder)}. `workbench schedule list` shows when it runs."
        )

    def _export(self, to: str) -> None:
        x = self._x
        out = x.project.folder / OUT / (x.state.selection.digest() if x.state.selection else "all")
        self.box.tell("Writing …")

        def done(result: Any) -> None:
            failed = isinstance(result, Exception)
            self.box.tell(
                result if failed else f"{len(result)} files are in {out.relative_to(x.project.folder)}."
            )

        x.debouncer.behind("export", lambda: list(write_tables(x.texts(x.state.selection), out, to)), done)


def schemas(notebooks: Iterable[Path]) -> dict[str, ParameterSchema]:
    """The notebooks that take a selection, each with its parameters; one that cannot be read is left out."""
    by_name = {}
    for path in notebooks:
        try:
            schema = read_schema(path)
        except WorkbenchError:
            continue
        if "select" in schema.names and path.stem not in ("explorer", "validation"):
            by_name[path.stem] = schema
    return by_name


def file_name(name: str) -> str:
    """A name as a file has it: letters, digits and single hyphens.

    >>> file_name("Weekly: TASS / Kremlin")
    'Weekly-TASS-Kremlin'
    """
    return "-".join(re.findall(r"\w+", name)) or "job"


_COMMAND = "import sys; from workbench.cli import main; sys.exit(main())"
SHOWN = 8_000_000  # letters of a page that are put into the notebook; a larger one is only linked by its path


class ReportProcess:
    """One report that is being made; `corpus` is a folder, or "" for the project's own."""

    def __init__(
        self, notebook: str, values: Mapping[str, Any], selection: Selection, corpus: str, folder: Path
    ) -> None:
        self.notebook, self.began = notebook, time.monotonic()
        self._out, self._err = (tempfile.TemporaryFile("w+", encoding="utf-8") for _ in range(2))  # noqa: SIM115 - closed by `result`
        given = [part for name, value in values.items() for part in ("-p", f"{name}={_said(value)}")]
        command = [sys.executable, "-c", _COMMAND, "report", notebook, *given, f"--select={selection.line()}"]
        self._process = subprocess.Popen(
            [*command, *(["--corpus", corpus] if corpus else []), "--json"], cwd=folder, stdout=self._out, stderr=self._err,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.began

    @property
    def share(self) -> int:
        """About how much is done, from 2 to 95: half of it after the 15 seconds that a small report takes."""
        return min(95, max(2, round(100 * self.seconds / (self.seconds + 15))))

    def ended(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def wait(self) -> None:
        """Wait until it ends."""
        self._process.wait()

    def stop(self) -> None:
        """Stop the process; a report that is not complete is not written."""
        self._process.terminate()

    def result(self) -> Path:
        """The page that was made. Raises ReportFailed with what the command said."""
        for file in (self._out, self._err):
            file.seek(0)
        output, errors = self._out.read(), self._err.read().strip()
        self._out.close()
        self._err.close()
        try:
            (report,) = json.loads(output)
        except ValueError:
            reason = errors.splitlines()[0] if errors else "it was stopped"
            raise ReportFailed(
                self.notebook, problem=reason, hint="change the selection or a parameter"
            ) from None
        if report["state"] == "failed":
            raise ReportFailed(
                self.notebook,
                problem=report["reason"],
                hint=f"see {report['paths'].get('html', 'its notebook')}",
            )
        return Path(report["paths"]["html"])


def draw_report(page: Path) -> str:
    """A finished report: where it is, a link that keeps a copy, and the report itself in a frame of its own.

    The frame has no origin, so nothing in it reaches the notebook; it needs no server to be opened.
    """
    content = page.read_text(encoding="utf-8")
    if len(content) > SHOWN:
        return f"<p>The report is at <code>{text(page)}</code>.</p>"
    link = f"data:text/html;charset=utf-8;base64,{b64encode(content.encode()).decode()}"
    return (
        f"<p>The report is at <code>{text(page)}</code>. "
        f"<a href='{link}' download='{text(page.name)}'>Save a copy</a></p>"
        f"<iframe class='wbx-report' title='The report {text(page.stem)}' sandbox='allow-scripts' srcdoc='{text(content)}'></iframe>"
    )


def _said(value: Any) -> str:
    """A value as the command line takes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
