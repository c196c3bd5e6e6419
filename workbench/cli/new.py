"""`workbench new`: write a project, or bring newer notebooks into one."""

from __future__ import annotations

import json
import shlex
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import json_value
from workbench.cli.options import Json
from workbench.errors import BadParameter, BadProject

if TYPE_CHECKING:
    from workbench.templates.create import NotebookUpdate

LATE, TRUTH = "texts-late", "texts-truth.json"  # beside the folder of texts
SOURCES = "settings/sources.toml"


def new(
    folder: Annotated[
        str,
        typer.Argument(
            metavar="FOLDER",
            help="Folder of the new project. With --update: the project (default: this one).",
        ),
    ] = "",
    update: Annotated[
        bool, typer.Option("--update", help="Bring newer notebooks into a project; changed ones stay.")
    ] = False,
    example: Annotated[
        bool,
        typer.Option("--example", help="Write an example corpus of invented news into it, to try things."),
    ] = False,
    seed: Annotated[
        int | None,
        typer.Option(help="Number that the example is made from (default: 1).", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write a project: its page, settings, notebooks, an example job, and a folder for your texts.

    `--example` puts invented news into it, with a file that says what is true of them; another `--seed` makes
    other ones.
    `--update` replaces the notebooks that you did not change, writes the newer ones beside those that you did,
    and shows the difference. It touches nothing else.
    """
    if (update and example) or (seed is not None and not example):
        wrong, hint = ("--update", "leave one of the two out") if update else ("--seed", "add --example")
        raise BadParameter(wrong, problem="it does not go with the other options", hint=hint)
    if update:
        show_updates(find_notebooks_folder(folder), as_json)
    elif folder:
        show_project(Path(folder), (1 if seed is None else seed) if example else None, as_json)
    else:
        raise BadParameter("workbench new", problem="no folder is named", hint="workbench new my-project")


def show_project(folder: Path, seed: int | None, as_json: bool) -> None:
    """Write a project, with an example where there is a seed, and print what each of its files is for."""
    from workbench.templates.create import create_project

    purposes = {file.path: file.purpose for file in create_project(folder)}
    if seed is not None:
        purposes |= write_example(folder, seed)
    if as_json:
        rows = [{"path": str(folder / path), "purpose": purpose} for path, purpose in purposes.items()]
        typer.echo(json.dumps(rows))
        return
    typer.echo(f"{folder}: a new project\n")
    width = max(map(len, purposes))
    for path, purpose in purposes.items():
        typer.echo(f"  {path:{width}}  {purpose}")
    first = "" if seed is not None else f"put your documents into {folder / 'texts'}, then"
    enter = "" if folder.resolve() == Path.cwd() else f"  cd {shlex.quote(str(folder))}\n"
    typer.echo(f"\nNext: {first}".rstrip() + f"\n{enter}  workbench report")


def write_example(folder: Path, seed: int) -> dict[str, str]:
    """Write the example corpus into a new project; what is added to it, each with its purpose.

    The pages are written aside and moved, since the folder of texts has its own page already. Raises BadProject
    when they cannot be written; the project stays.
    """
    from workbench import example

    try:
        with tempfile.TemporaryDirectory(prefix=".example-", dir=folder) as temporary:
            texts = Path(temporary) / "texts"
            truth = example.write(texts, seed=seed)
            for path in (*texts.iterdir(), texts.with_name(LATE), texts.with_name(TRUTH)):
                if path.exists():
                    path.rename(folder / path.relative_to(temporary))
            with (folder / SOURCES).open("a", encoding="utf-8", newline="\n") as file:
                file.write("\n" + (Path(temporary) / SOURCES).read_text(encoding="utf-8"))
    except OSError as error:
        problem = f"the example cannot be written: {error.strerror or error}"
        raise BadProject(
            folder, problem=problem, hint="remove this folder, and run the same line again"
        ) from error
    late = sum(page["late"] for page in truth.documents.values())
    broken = sum(not page["readable"] for page in truth.documents.values())
    damaged = f"; {broken} are damaged on purpose" if broken else ""
    hosts = sum(path.is_dir() for path in (folder / "texts").iterdir())
    added = {
        "texts/": f"{len(truth.documents) - late} pages of the example, from {hosts} invented sources{damaged}",
        f"{LATE}/": f"{late} pages that come later: copy them into texts/ after a first report",
        TRUTH: "what is true of these pages, to compare a report with",
    }
    return {path: purpose for path, purpose in added.items() if (folder / path).exists()}


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
    from workbench.templates.create import CURRENT, NEWER, update_notebooks

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


def _outcome(one: NotebookUpdate) -> str:
    beside = one.beside.name if one.beside else ""
    return {
        "added": "added",
        "replaced": "replaced by the newer one; you had not changed it",
        "kept": "changed by you; it stays, and nothing newer has come",
        "newer": f"changed by you; it stays, and the newer one is {beside} beside it",
    }[one.state]


def _show_difference(one: NotebookUpdate) -> None:
    typer.echo("")
    for line in one.difference:
        typer.echo(line)
    newer = one.beside.name if one.beside else ""
    typer.echo(f"To take the newer one, move {newer} over {one.path.name}; to keep yours, delete {newer}.")
