"""Options shared by the commands, and tables and JSON for the terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.schema import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

Folder = Annotated[
    str | None, typer.Argument(help="Folder of documents (default: the corpus of the project).")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Select = Annotated[
    str, typer.Option(help='Use only this part of the text, such as: source:TASS since:2015 "political process".')
]  # fmt: skip
PIPE_WIDTH = 160  # columns of a table that goes to a file or a pipe


def console() -> Console:
    """The terminal that tables are printed to."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False)


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows as a table; a missing value is an empty cell."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(
        title=title, title_justify="left", box=None, pad_edge=False, header_style="dim", title_style="bold"
    )
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(
            *("" if value is None or value != value else escape(visible(str(value))) for value in row)
        )
    console().print(table)


def print_frame(title: str, frame: Any) -> None:
    """Print a DataFrame as a table, shares as percentages; nothing when it has no rows."""
    if len(frame):
        shares = {column: frame[column].map("{:.1%}".format) for column in ("share",) if column in frame}
        print_table(title, list(frame.columns), frame.assign(**shares).itertuples(index=False))
        typer.echo()


def json_rows(frame: Any) -> list[dict[str, Any]]:
    """The rows of a DataFrame as values that JSON can hold."""
    return json.loads(frame.to_json(orient="records"))  # type: ignore[no-any-return]


def json_value(value: Any) -> Any:
    """A value that JSON can hold: paths as text, tuples as lists, reports by their fields."""
    if hasattr(value, "paths") and hasattr(value, "state"):
        return json_value(vars(value))
    if isinstance(value, dict):
        return {key: json_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_value(item) for item in value]
    return str(value) if isinstance(value, Path) else value
