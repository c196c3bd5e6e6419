"""`workbench fetch`: save pages, feeds and lists of addresses in a folder, and print what became of each."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import typer

from workbench.cli.commands import _table
from workbench.fetch import Fetched, FetchLimits, fetch

SHOWN = 60  # rows that a screen or two can hold; beyond them only what was refused is listed


def run(targets: Sequence[str], folder: Path, *, rules: FetchLimits, as_json: bool) -> int:
    """Fetch, print the table (or a JSON object a line) and a summary; 1 when something was refused, else 0."""
    rows = fetch(targets, folder, rules=rules)
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row._asdict() | {"path": _below(row, folder)}))
    else:
        _show(rows, folder)
    return 1 if any(row.state == "refused" for row in rows) else 0


def _show(rows: Sequence[Fetched], folder: Path) -> None:
    listed = [row for row in rows if len(rows) <= SHOWN or row.state == "refused"]
    if listed:
        cells = ((row.state, row.url, _below(row, folder) or "", row.bytes, row.reason) for row in listed)
        _table("pages", ["state", "address", "file", "bytes", "reason"], cells)
    counts = Counter(row.state for row in rows)
    said = ", ".join(f"{counts[state]} {state}" for state in ("fetched", "unchanged", "refused"))
    typer.echo(f"{len(rows)} addresses: {said}; in {folder}")


def _below(row: Fetched, folder: Path) -> str | None:
    """The file as its path below the folder, as the corpus will know it."""
    return row.path.relative_to(folder).as_posix() if row.path else None
