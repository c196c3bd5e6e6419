"""Tables, lists and JSON for the terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from workbench.cli.options import rows_to_show
from workbench.schema import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

PIPE_WIDTH = 160  # columns of a table that goes to a file or a pipe


def console() -> Console:
    """The terminal that tables are printed to."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False)


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows as a table; a missing value is an empty cell, a long one goes on below."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(
        title=title, title_justify="left", box=None, pad_edge=False, header_style="dim", title_style="bold"
    )
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(escape(_cell(value)) for value in row))
    console().print(table)


def print_list(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    limit: int | None,
    noun: str,
    total: int | None = None,
    quiet: bool = False,
) -> None:
    """Print the first rows as a table, one line a row, and below it how to see the rest.

    `limit` is the option; `noun` says in the singular what a row is; `total` is how many there are where `rows`
    has only those that are shown. Cells of the widest columns are cut.
    """
    shown = [
        [_cell(value).replace("\n", " ") for value in row] for row in rows[: rows_to_show(limit, len(rows))]
    ]
    widths = _fit([list(columns), *shown], console().width)
    cells = [[shorten(cell, width) for cell, width in zip(row, widths, strict=True)] for row in shown]
    print_table(title, columns, cells)
    if not quiet:
        print_rest(len(shown), len(rows) if total is None else total, noun)


def print_rest(shown: int, total: int, noun: str) -> None:
    """Say how many rows there are, and how to see those that are not shown."""
    if shown < total:
        typer.echo(f"{shown:,} of {counted(total, noun)} shown; all of them: --limit 0, or --json")


def shorten(text: str, width: int) -> str:
    """Text cut to `width` columns of the terminal, with an ellipsis where something is missing.

    >>> shorten("Talks resume in Geneva", 12)
    'Talks resum…'
    """
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= width else set_cell_size(text, max(width - 1, 0)).rstrip() + "…"


def counted(n: int, noun: str) -> str:
    """A number with its noun, in the plural but for one.

    >>> counted(1, "document"), counted(1204, "entity")
    ('1 document', '1,204 entities')
    """
    if n != 1:
        ending = "es" if noun.endswith("s") else "s"
        noun = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else noun + ending
    return f"{n:,} {noun}"


def print_frame(title: str, frame: Any, limit: int | None = 0) -> None:
    """Print a DataFrame as a list, shares as percentages; nothing when it has no rows."""
    if len(frame):
        shares = {column: frame[column].map("{:.1%}".format) for column in ("share",) if column in frame}
        rows = list(frame.assign(**shares).itertuples(index=False, name=None))
        print_list(title, list(frame.columns), rows, limit=limit, noun="row")
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


def _cell(value: Any) -> str:
    missing = value is None or (isinstance(value, float) and value != value) or str(value) == "<NA>"
    return "" if missing else visible(str(value))


def _fit(rows: Sequence[Sequence[str]], room: int, gap: int = 2) -> list[int]:
    """Widths of columns that fit into `room`: the widest column gives way first."""
    from rich.cells import cell_len

    widths = [max(cell_len(row[k]) for row in rows) for k in range(len(rows[0]))]
    room -= gap * (len(widths) - 1)
    while sum(widths) > room and max(widths) > 8:
        widest = max(widths)
        second = max((width for width in widths if width < widest), default=8)
        several = widths.count(widest)
        cut = max(1, min(widest - second, -(-(sum(widths) - room) // several)))
        widths = [width - cut if width == widest else width for width in widths]
    return widths
