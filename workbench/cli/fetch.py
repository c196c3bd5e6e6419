"""`workbench fetch`: save pages, feeds and lists of addresses in a folder, and print the outcome of each."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import counted, print_list, print_rest
from workbench.cli.options import (
    CorpusFolder,
    Json,
    Limit,
    Quiet,
    is_folder,
    refuse_folder,
    rows_to_show,
)
from workbench.schema import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.fetch import FetchResult


def fetch(  # noqa: PLR0913 - one parameter for each option
    ctx: typer.Context,
    targets: Annotated[
        list[str], typer.Argument(help="Addresses of pages and feeds, or files with one address a line.")
    ],
    corpus: CorpusFolder = None,
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
    limit: Limit = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Save pages with their address and time in the folder of the corpus.

    The folder is made where there is none. A second run requests only what is missing or changed. robots.txt is respected. With --json, prints one
    JSON object a line for each address. Exit code 1 when an address was refused.
    """
    from workbench.fetch import FetchLimits, fetch as fetch_pages, user_agent

    if len(targets) > 1 and (is_folder(targets[-1]) or not is_source(targets[-1])):
        refuse_folder(ctx, targets[-1])
    folder = folder_to_fill(corpus)
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
        print_outcomes(rows, folder, limit, quiet)
    raise typer.Exit(1 if any(row.state == "refused" for row in rows) else 0)


def folder_to_fill(folder: str | None) -> Path:
    """The folder that pages are saved in: the one that is named, else the corpus of the project, there or not yet.

    Raises BadCorpus when none is named anywhere.
    """
    from workbench.project import find_corpus, find_project

    project = find_project()
    if folder:
        return Path(folder)
    return project.corpus or find_corpus(None, project)


def is_source(target: str) -> bool:
    """Whether a target is an address or the name of a file, and no folder."""
    return "://" in target or Path(target).is_file() or Path(target).suffix != ""


def print_outcomes(rows: Sequence[FetchResult], folder: Path, limit: int | None, quiet: bool) -> None:
    """Print what was refused with reason and hint, then the outcome of each address and how many there are."""
    refused = [row for row in rows if row.state == "refused"]
    for row in refused[: rows_to_show(limit, len(refused))]:
        typer.echo(visible(f"refused: {row.url}: {row.reason}"))
    print_rest(rows_to_show(limit, len(refused)), len(refused), "refused address")
    saved = [row for row in rows if row.state != "refused"]
    if saved:
        cells = [(row.state, row.url, _relative_path(row, folder), row.bytes) for row in saved]
        columns = ["state", "address", "file", "bytes"]
        print_list("pages", columns, cells, limit=limit, noun="address", quiet=quiet)
    if not quiet:
        counts = Counter(row.state for row in rows)
        summary = ", ".join(f"{counts[state]} {state}" for state in ("fetched", "unchanged", "refused"))
        typer.echo(f"{counted(len(rows), 'address')}: {summary}; in {folder}")


def _relative_path(row: FetchResult, folder: Path) -> str | None:
    """The file as its path below the folder, as the corpus will know it."""
    return row.path.relative_to(folder).as_posix() if row.path else None
