"""`workbench fetch`: save pages, feeds and lists of addresses in a folder, and print the outcome of each."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import Json, print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.fetch import FetchResult

MOST_ROWS = 60  # rows that a screen or two can hold; beyond them only what was refused is listed


def fetch(  # noqa: PLR0913 - one parameter for each option
    targets: Annotated[
        list[str], typer.Argument(help="Addresses of pages and feeds, or files with one address a line.")
    ],
    folder: Annotated[
        Path, typer.Argument(help="Folder to save the pages in; fetched.jsonl is written there too.")
    ],
    delay: Annotated[float, typer.Option(min=0.1, help="Seconds between two requests to a host.")] = 1.0,
    page_seconds: Annotated[float, typer.Option(min=1, help="Time limit for one page, in seconds.")] = 60.0,
    total_minutes: Annotated[
        float, typer.Option(min=0.1, help="Time limit for the whole run, in minutes.")
    ] = 360.0,
    max_mb: Annotated[
        float, typer.Option(min=0.001, help="Largest size of one page, in megabytes (millions of bytes).")
    ] = 20.0,
    contact: Annotated[str, typer.Option(help="Your mail address; it is sent to the servers.")] = "",
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Visit private, loopback and link-local addresses too.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Save pages with their address and time.

    A second run requests only what is missing or changed. robots.txt is respected. With --json, prints one
    JSON object a line for each address. Exit code 1 when an address was refused.
    """
    from workbench.fetch import FetchLimits, fetch as fetch_pages, user_agent

    rules = FetchLimits(
        delay=delay,
        page_seconds=page_seconds,
        total_seconds=60 * total_minutes,
        max_bytes=round(1e6 * max_mb),
        allow_private=allow_private,
        agent=user_agent(contact),
    )
    rows = fetch_pages(targets, folder, rules=rules)
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row._asdict() | {"path": _relative_path(row, folder)}))
    else:
        _print_outcomes(rows, folder)
    raise typer.Exit(1 if any(row.state == "refused" for row in rows) else 0)


def _print_outcomes(rows: Sequence[FetchResult], folder: Path) -> None:
    listed = [row for row in rows if len(rows) <= MOST_ROWS or row.state == "refused"]
    if listed:
        cells = (
            (row.state, row.url, _relative_path(row, folder) or "", row.bytes, row.reason) for row in listed
        )
        print_table("pages", ["state", "address", "file", "bytes", "reason"], cells)
    counts = Counter(row.state for row in rows)
    summary = ", ".join(f"{counts[state]} {state}" for state in ("fetched", "unchanged", "refused"))
    typer.echo(f"{len(rows)} addresses: {summary}; in {folder}")


def _relative_path(row: FetchResult, folder: Path) -> str | None:
    """The file as its path below the folder, as the corpus will know it."""
    return row.path.relative_to(folder).as_posix() if row.path else None
