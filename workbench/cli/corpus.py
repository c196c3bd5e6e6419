"""`workbench build`, `check`, `search` and `export`: the commands on a corpus as a whole."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.console import Folder, Json, Select, json_rows, json_value, print_frame
from workbench.errors import BadParameter, did_you_mean
from workbench.schema import visible


def build(folder: Folder = None, as_json: Json = False) -> None:
    """Read, label and store what is new or changed.

    Files of the folder that did not change are not read again.
    """
    from workbench.pipeline.build import build as build_corpus

    built = build_corpus(folder, progress=sys.stderr.isatty())
    if as_json:
        typer.echo(json.dumps(json_value(built._asdict())))
    else:
        typer.echo(str(built))
    raise typer.Exit(1 if built.refused else 0)


def check(folder: Folder = None, select: Select = "", as_json: Json = False) -> None:
    """Show what is missing or doubtful in a corpus.

    Lists what was read and what was refused, gaps in the coverage, and the labels to check first.
    """
    from workbench import load
    from workbench.analysis import quality

    corpus = load(folder, select)
    documents, problems = corpus.documents, corpus.problems
    tables = {
        "what is missing": quality.shortfalls(documents, problems),
        "coverage by source and month": quality.coverage(documents),
        "text by kind and source": quality.segment_shares(corpus.segments, documents),
        "documents": documents[
            ["doc_id", "source", "title", "date", "date_basis", "genre", "language", "words"]
        ],
        "labels to look at first": quality.least_certain_labels(corpus.segments, documents),
        "quotes whose speaker is least sure": quality.least_certain(corpus.quotes, documents, top=20),
        "problems": quality.doubts(problems, documents),
    }
    if as_json:
        typer.echo(json.dumps({title: json_rows(frame) for title, frame in tables.items()}))
    else:
        for title, frame in tables.items():
            print_frame(title, frame)
        typer.echo(f"{len(documents)} documents, {len(problems)} problems; corpus {corpus.version}")
    raise typer.Exit(1 if (problems["severity"] == "refused").any() else 0)


def search(
    folder: Annotated[str, typer.Argument(help="Folder of documents.")],
    query: Annotated[str, typer.Argument(help='Words, "phrases", word*, a OR b, NOT a, a NEAR/5 b.')],
    select: Select = "",
    limit: Annotated[int, typer.Option(min=1, help="Largest number of documents to show.")] = 20,
    as_json: Json = False,
) -> None:
    """Find the documents that match a query, best first."""
    from workbench import load
    from workbench.store.fulltext import CLOSE, OPEN

    matches = load(folder, select).search(query, limit)
    if as_json:
        rows = [
            match._asdict() | {"passage": match.passage.replace(OPEN, "").replace(CLOSE, "")}
            for match in matches
        ]
        typer.echo(json.dumps(rows))
        return
    for match in matches:
        passage = " ".join(match.passage.replace(OPEN, "[").replace(CLOSE, "]").split())
        doc_id = typer.style(visible(match.doc_id), bold=True)
        typer.echo(f"{doc_id}\n  {visible(passage)}")
    typer.echo(f"{len(matches)} documents")


def export(
    folder: Annotated[str, typer.Argument(help="Folder of documents.")],
    to: Annotated[str, typer.Option(help="Format: csv, parquet or jsonl.")] = "csv",
    out: Annotated[Path, typer.Option(help="Folder to write the files to.")] = Path("export"),
    select: Select = "",
) -> None:
    """Write every table of a corpus as a file.

    Text that looks like a formula stays text in CSV.
    """
    from workbench import load
    from workbench.export import FORMATS, write_tables

    if to not in FORMATS:
        raise BadParameter("export --to", problem=f"no format `{to}`", hint=did_you_mean(to, FORMATS))
    for path in write_tables(load(folder, select), out, to):
        typer.echo(str(path))
