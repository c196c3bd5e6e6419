"""`workbench parse`: show how files are understood, without storing anything."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.console import console
from workbench.cli.options import Json
from workbench.schema import visible
from workbench.settings.metadata import FILE

if TYPE_CHECKING:
    from rich.table import Table

    from workbench.project import Project

WIDTH = 88  # of a text cell: a segment is recognised by its beginning; the rest is in --json

Row = Mapping[str, Any]


def parse(
    files: Annotated[list[Path], typer.Argument(help="Files, or a folder of them.")],
    as_json: Json = False,
    names: Annotated[bool, typer.Option(help="Find names too (loads the language model).")] = True,
) -> None:
    """Show how files are understood.

    Prints every segment with its rule, quotes, sentences, names and problems. With --json, prints one JSON
    object a line for each document. Exit code 1 when a file was refused.
    """
    from workbench.pipeline import QUICK, USUAL
    from workbench.pipeline.parse import parse as parse_files
    from workbench.project import find_project
    from workbench.settings import load_settings
    from workbench.settings.metadata import wrong_entries

    settings = load_settings(find_project().settings)
    refused = False
    layers = USUAL if names else QUICK
    root = corpus_root(files, find_project())
    for parsed in parse_files(files, settings, layers=layers, root=root):
        refused = refused or any(problem["severity"] == "refused" for problem in parsed["problems"])
        if as_json:
            typer.echo(json.dumps(parsed))
            continue
        for line_or_table in parse_view(parsed):
            console().print(line_or_table)
        typer.echo()
    folder = root or Path.cwd()
    for problem in wrong_entries(folder, [file.absolute() for file in files if file.is_file()]):
        typer.echo(visible(f"{problem.path}: {problem.problem}\n  hint: {problem.hint}"), err=True)
    raise typer.Exit(1 if refused else 0)


def corpus_root(files: Sequence[Path], project: Project) -> Path | None:
    """The folder of the corpus that files lie in, so that its metadata.toml holds for them as in a build.

    It is the corpus of the project or, elsewhere, the outermost folder with a metadata.toml between the project and
    all the files; a single folder that lies in neither is its own root, and other files have none.
    """
    places = [path.absolute() for path in files]
    folders = [path if path.is_dir() else path.parent for path in places]
    shared = Path(os.path.commonpath(folders))
    above = [shared, *shared.parents]
    corpus = project.corpus.absolute() if project.corpus else None
    if corpus in above:
        return corpus
    if project.folder in above:
        inside = above[: above.index(project.folder)]
        if stated := [folder for folder in inside if (folder / FILE).is_file()]:
            return stated[-1]
    return places[0] if len(places) == 1 and places[0].is_dir() else None


def parse_view(parsed: Mapping[str, Any]) -> Iterator[str | Table]:
    """Lines and tables that show one parsed document: metadata, segments, quotes, names and problems."""
    document = parsed["document"]
    yield f"[bold]{escape(document['path'])}[/bold]"
    for name in ("title", "date", "place", "source", "genre", "language", "url", "words"):
        if document.get(name) is not None:
            yield f"  {name:<9} {escape(str(document[name]))}{_basis(document) if name == 'date' else ''}"
    if document.get("date") is None and document.get("date_basis"):
        yield f"  {'date':<9} [yellow]unknown[/yellow]: {escape(document['date_basis'])}"
    if parsed["segments"]:
        yield _segments(parsed["segments"])
    if parsed["quotes"]:
        yield _quotes(parsed["quotes"])
    if parsed.get("entities"):
        yield _entities(parsed["entities"])
    for problem in parsed["problems"]:
        yield f"  [yellow]{problem['severity']}[/yellow]: {escape(problem['problem'])} — {escape(problem['hint'])}"


def _basis(document: Row) -> str:
    return f"  [dim]({escape(document['date_precision'])}: {escape(document['date_basis'])})[/dim]"


def _segments(rows: list[Row]) -> Table:
    table = _table("segments", "span", "kind", "speaker", "rule", "text")
    for row in rows:
        speaker = row["speaker"] or ""
        role = f" ({row['role']})" if row["role"] and row["kind"] == "speaker_label" else ""
        table.add_row(
            _span(row), row["kind"], escape(speaker + role), escape(row["rule"]), _short(row["text"])
        )
    return table


def _quotes(rows: list[Row]) -> Table:
    table = _table("quotes", "span", "kind", "speaker", "cue", "confidence", "text")
    for row in rows:
        confidence = f"{row['confidence']:.2f}"
        table.add_row(_span(row), row["kind"], escape(row["speaker"] or ""), escape(row["cue"] or ""), confidence,
                      _short(row["text"]))  # fmt: skip
    return table


def _entities(rows: list[Row]) -> Table:
    table = _table("names", "entity", "label", "mentions", "written as")
    for row in rows:
        table.add_row(escape(row["entity"]), row["label"], str(row["n"]), escape(", ".join(row["aliases"])))
    return table


def _table(title: str, *columns: str) -> Table:
    from rich.table import Table

    table = Table(
        title=title, title_justify="left", box=None, pad_edge=False, header_style="dim", title_style="bold"
    )
    for column in columns:
        wide = column in ("text", "written as")
        table.add_column(column, overflow="fold" if wide else "ellipsis", no_wrap=not wide)
    return table


def _span(row: Row) -> str:
    return f"{row['start']}-{row['end']}"


def escape(text: str) -> str:
    """Text of a page for the terminal, without markup or control characters."""
    from rich import markup

    return markup.escape(visible(text))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return escape(line if len(line) <= WIDTH else line[: WIDTH - 1] + "…")
