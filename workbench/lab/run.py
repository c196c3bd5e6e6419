"""Run a notebook job of JupyterLab in the Python of its project.

Where a job's copy of a notebook came from: a small file beside it, since jupyter-scheduler forgets it.

A job runs the copy that was made when it was created; its project is that of the notebook copied. A job
of a definition copies the definition's copy, and takes this file along.

Running a job's notebook in the Python of its project, and hearing what became of it.

The run is a process of its own (`child`): it may have another Python than JupyterLab, and it ends when
whoever started it does, however that ends.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from workbench.errors import BadParameter, ReportFailed
from workbench.project import Project, find_project
from workbench.report.files import write_file
from workbench.report.notebook.parameters import check_parameters, read_schema

BESIDE = ".workbench-origin.json"


@dataclass(frozen=True)
class Origin:
    """The notebook that was copied, absolute, and the Python of its project."""

    notebook: str
    python: str


def keep_origin(copy: Path, source: Path, python: str) -> None:
    """Write beside a copy where it came from; the copy of a copy comes from where that one did."""
    before = read_origin(source)
    notebook = before.notebook if before else str(source)
    write_file(copy.with_name(BESIDE), json.dumps(asdict(Origin(notebook, python))) + "\n")


def read_origin(copy: Path) -> Origin | None:
    """What stands beside a copy; None when nothing does, or nothing that can be read."""
    try:
        return Origin(**json.loads(copy.with_name(BESIDE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def project_of(notebook: Path) -> Project:
    """The project around a notebook; BadParameter when no folder above it is one."""
    project = find_project(notebook.parent)
    if not project.file.is_file():
        raise BadParameter(
            notebook,
            problem=f"no folder above it holds {project.file.name}, so it belongs to no project",
            hint=f"write {project.file.name} into the folder of the project, or choose another environment in the form",
        )
    return project


def refuse_early(notebook: Path, source: Path, parameters: dict[str, str]) -> None:
    """Raise what a run would be refused for, while the form is still open; the place is the source.

    BadParameter for a notebook outside a project or unreadable, and for an unknown or wrong parameter.
    """
    project_of(source)
    try:
        check_parameters(read_schema(notebook), parameters)
    except BadParameter as error:
        raise BadParameter(source, problem=error.problem, hint=error.hint) from None


# ---------------------------------------------------------------- running a job's notebook in the Python of its project, and hearing what became of it

WANTED, ANSWER, LOG = ".workbench-wanted.json", ".workbench-answer.json", "workbench.log"
_PATIENCE = 20.0  # seconds in which a stopped run ends its kernel
_LAST = 6  # lines of the log that stand in a message


@dataclass(frozen=True)
class LabRequest:
    """What a job asks for: its copy of the notebook, where that came from, parameters as typed, formats."""

    notebook: str
    source: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    formats: Sequence[str] = ("html",)


@dataclass(frozen=True)
class LabOutcome:
    """What became of it: `state` of the report (done, reused, degraded, failed), why, and files by format."""

    state: str
    said: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


def run_in_project(wanted: LabRequest, python: str) -> LabOutcome:
    """Run a job in its project, with a Python of its own; its words go to a log beside the job's copy.

    BadParameter for a notebook outside a project; ReportFailed when that Python cannot be started, has
    no workbench, or ends without saying what became of the report.
    """
    project = project_of(Path(wanted.source))
    folder = Path(wanted.notebook).parent
    answer = folder / ANSWER
    answer.unlink(missing_ok=True)
    write_file(folder / WANTED, json.dumps(asdict(wanted)) + "\n")
    command = [python, "-m", "workbench.lab.run_process", str(folder / WANTED), str(answer)]
    with (folder / LOG).open("wb") as log:
        try:
            code = _wait(command, project.folder, log.fileno())
        except OSError as error:
            problem = f"this Python cannot be started: {error.strerror}"
            raise ReportFailed(python, problem=problem, hint=_NAME_ONE) from error
    try:
        return LabOutcome(**json.loads(answer.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise _without_answer(wanted, python, code, folder / LOG) from None


def copy_results(became: LabOutcome, places: Mapping[str, str], formats: Iterable[str]) -> list[str]:
    """Copy the files of a report to where the job wants them; the formats that there is no file of."""
    missing = []
    for name in formats:
        source = became.files.get(name)
        if source is None or not Path(source).is_file():
            missing.append(name)
        else:
            shutil.copyfile(source, places[name])
    return missing


_NAME_ONE = 'name the Python of the project: c.ReportScheduler.python = "…" in jupyter_server_config.py'


def _wait(command: Sequence[str], cwd: Path, log: int) -> int:
    """The exit code of a process that ends with this one: its standard input is a pipe that we hold."""
    with subprocess.Popen(
        command, cwd=cwd, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
    ) as process:
        try:
            return process.wait()
        except BaseException:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
            raise


def _without_answer(wanted: LabRequest, python: str, code: int, log: Path) -> ReportFailed:
    """The refusal for a run that ended without saying how."""
    words = log.read_text(encoding="utf-8", errors="replace")
    if "No module named" in words and "workbench" in words:
        return ReportFailed(python, problem="this Python has no analyst-workbench", hint=_NAME_ONE)
    said = " / ".join(words.strip().splitlines()[-_LAST:]) or "no word"
    problem = f"its process ended with code {code} and this: {said}"
    return ReportFailed(wanted.source, problem=problem, hint=f"try `workbench report` on it; see {log}")
