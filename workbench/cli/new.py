"""`workbench new`: write a project, or bring newer notebooks into one."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import Json, json_value
from workbench.errors import BadParameter, BadProject

if TYPE_CHECKING:
    from workbench.templates.create import NotebookUpdate


def new(
    folder: Annotated[
        str, typer.Argument(help="Folder of the new project. With --update: the project (default: this one).")
    ] = "",
    update: Annotated[
        bool, typer.Option("--update", help="Bring newer notebooks into a project; changed ones stay.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write a project: its page, settings, notebooks, an example job, and a folder for your texts.

    `--update` replaces the notebooks that you did not change, writes the newer ones beside those that you did,
    and shows the difference. It touches nothing else.
    """
    if update:
        show_updates(find_notebooks_folder(folder), as_json)
    elif folder:
        show_project(Path(folder), as_json)
    else:
        raise BadParameter("workbench new", problem="no folder is named", hint="workbench new my-project")


def show_project(folder: Path, as_json: bool) -> None:
    """Write a project and print what each of its files is for."""
    from workbench.templates.create import create_project

    files = create_project(folder)
    if as_json:
        typer.echo(json.dumps([{"path": str(folder / file.path), "purpose": file.purpose} for file in files]))
        return
    typer.echo(f"{folder}: a new project\n")
    width = max(len(file.path) for file in files)
    for file in files:
        typer.echo(f"  {file.path:{width}}  {file.purpose}")
    enter = "" if folder.resolve() == Path.cwd() else f"  cd {shlex.quote(str(folder))}\n"
    typer.echo(f"\nNext: put your documents into {folder / 'texts'}, then\n{enter}  workbench report")


def find_notebooks_folder(folder: str) -> Path:
    """The folder of notebooks of a project; BadProject when there is no project."""
    from workbench.project import find_project

    project = find_project(Path(folder) if folder else None)
    if not project.file.is_file():
        raise BadProject(
            folder or project.folder,
            problem="there is no project here: no workbench.toml",
            hint="start in a project's folder, or make one: workbench new my-project",
        )
    return project.notebooks


def show_updates(notebooks: Path, as_json: bool) -> None:
    """Update the notebooks of a project and print what became of each that is not as it was."""
    from workbench.templates.create import CURRENT, KEPT, NEWER, update_notebooks

    updates = update_notebooks(notebooks)
    if as_json:
        typer.echo(json.dumps([json_value(vars(one)) for one in updates]))
        return
    for one in updates:
        if one.state != CURRENT:
            typer.echo(f"{one.path.name}: {_outcome(one)}")
    current = sum(one.state == CURRENT for one in updates)
    typer.echo(f"{notebooks}: {current} of {len(updates)} notebooks were up to date")
    for one in updates:
        if one.state == NEWER:
            _show_difference(one)
    if any(one.state in (KEPT, NEWER) for one in updates):
        typer.echo("\nTo take a newer notebook, move it over yours; to keep yours, delete the newer one.")


def _outcome(one: NotebookUpdate) -> str:
    beside = one.beside.name if one.beside else ""
    return {
        "added": "added",
        "replaced": "replaced by the newer one; you had not changed it",
        "kept": "changed by you; it stays, and there is no newer one",
        "newer": f"changed by you; it stays, and the newer one is {beside} beside it",
    }[one.state]


def _show_difference(one: NotebookUpdate) -> None:
    typer.echo("")
    for line in one.difference:
        typer.echo(line)
