"""Where a job's copy of a notebook came from: a small file beside it, since jupyter-scheduler forgets it.

A job runs the copy that was made when it was created; its project is that of the notebook copied. A job
of a definition copies the definition's copy, and takes this file along.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from workbench.errors import BadParameter
from workbench.project import FILE, Project, find_project
from workbench.report.files import write_whole
from workbench.report.notebook.parameters import check, read_schema

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
    write_whole(copy.with_name(BESIDE), json.dumps(asdict(Origin(notebook, python))) + "\n")


def read_origin(copy: Path) -> Origin | None:
    """What stands beside a copy; None when nothing does, or nothing that can be read."""
    try:
        return Origin(**json.loads(copy.with_name(BESIDE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def project_of(notebook: Path) -> Project:
    """The project around a notebook; BadParameter when no folder above it is one."""
    project = find_project(notebook.parent)
    if not (project.folder / FILE).is_file():
        raise BadParameter(
            notebook,
            problem=f"no folder above it holds {FILE}, so it belongs to no project",
            hint=f"write {FILE} into the folder of the project, or choose another environment in the form",
        )
    return project


def refuse_early(notebook: Path, source: Path, parameters: dict[str, str]) -> None:
    """Raise what a run would be refused for, while the form is still open; the place is the source.

    BadParameter for a notebook outside a project or unreadable, and for an unknown or wrong parameter.
    """
    project_of(source)
    try:
        check(read_schema(notebook), parameters)
    except BadParameter as error:
        raise BadParameter(source, problem=error.problem, hint=error.hint) from None
