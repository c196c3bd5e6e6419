"""`workbench build` and `export`: make the tables of a corpus, and write them as files."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.console import json_value
from workbench.cli.options import CorpusFolder, Json, Quiet, Select
from workbench.errors import BadParameter, did_you_mean


def build(corpus: CorpusFolder = None, as_json: Json = False, quiet: Quiet = False) -> None:
    """Read, label and store what is new or changed.

    Files of the folder that did not change are not read again. Exit code 1 when a file was refused.
    """
    from workbench.pipeline.build import build as build_corpus

    built = build_corpus(corpus, progress=not quiet and sys.stderr.isatty())
    if as_json:
        typer.echo(json.dumps(json_value(built._asdict())))
    elif not quiet:
        typer.echo(str(built))
    raise typer.Exit(1 if built.refused else 0)


def export(
    corpus: CorpusFolder = None,
    to: Annotated[str, typer.Option(help="Format: csv, parquet or jsonl.")] = "csv",
    out: Annotated[Path, typer.Option(help="Folder to write the files to.")] = Path("export"),
    select: Select = "",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write every table of a corpus as a file.

    Prints the paths of the files. Text that looks like a formula stays text in CSV.
    """
    from workbench import load
    from workbench.export import FORMATS, write_tables

    if to not in FORMATS:
        raise BadParameter("export --to", problem=f"no format `{to}`", hint=did_you_mean(to, FORMATS))
    loaded = load(corpus, select, progress=not quiet and not as_json and sys.stderr.isatty())
    paths = [str(path) for path in write_tables(loaded, out, to)]
    typer.echo(json.dumps(paths) if as_json else "\n".join(paths))
