"""`workbench check`: what an analyst can correct, in groups, and behind them the tables of what is missing or doubtful."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from workbench.cli.console import counted, json_rows, print_frame, shorten
from workbench.cli.options import CorpusFolder, Json, Limit, Quiet, Select, command_line, corpus_option
from workbench.schema import visible
from workbench.settings.metadata import FILE as METADATA

if TYPE_CHECKING:
    import pandas as pd

    from workbench.corpus import Corpus

MOST_SOURCES = 3  # that the line on coverage names
LINE = 300  # characters of a line of the summary; the tables have the whole


def check(
    corpus: CorpusFolder = None,
    select: Select = "",
    limit: Limit = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show what is missing or doubtful in a corpus, and the line that corrects it.

    Shows groups that fit on a screen. With --limit N, shows N rows of every table behind them as well: coverage
    by source and month, text by kind, documents, the least certain labels, problems. Exit code 1 when a file was refused.
    """
    from workbench import load

    loaded = load(corpus, select, progress=not quiet and not as_json and sys.stderr.isatty())
    groups = correction_groups(loaded)
    if as_json:
        tables = {"what you can correct": groups} | audit_tables(loaded)
        typer.echo(json.dumps({title: json_rows(_first(frame, limit)) for title, frame in tables.items()}))
    else:
        print_groups(loaded, groups, quiet)
        if limit is not None:
            typer.echo()
            for title, frame in audit_tables(loaded).items():
                print_frame(title, frame, limit)
        elif not quiet:
            print_next(loaded, groups, corpus)
    raise typer.Exit(1 if (loaded.tables.problems.to_pandas()["severity"] == "refused").any() else 0)


def correction_groups(corpus: Corpus) -> pd.DataFrame:
    """What can be corrected in a corpus, in groups, as of `analysis.corrections`."""
    from workbench.analysis import corrections

    documents = corpus.tables.documents.to_pandas()
    wanted = corrections.titles_to_check(documents)
    segments = corpus.query(
        'SELECT doc_id, start, "end", kind FROM segments WHERE list_contains(?, doc_id)', wanted
    )
    titles = corrections.doubtful_titles(documents, segments)
    problems = entries_without_effect(corpus)
    return corrections.correction_groups(documents, problems, titles, str(_typed_folder(corpus)))


def entries_without_effect(corpus: Corpus) -> pd.DataFrame:
    """The problems, those of an entry on a document under the name of the file that has the entry; and corpus-wide entries."""
    import pandas as pd

    from workbench.pipeline.label_corrections import unused_everywhere

    problems = corpus.tables.problems.to_pandas()
    about = problems["problem"].str.contains(r"^(?:[^:]+: )?metadata\.toml \w+ ")
    stale = about & (problems["severity"] == "doubtful")
    said = problems["problem"].str.replace("metadata.toml ", "it ", n=1)
    placed = problems.assign(
        path=problems["path"].mask(stale, METADATA),
        problem=problems["problem"].mask(stale, problems["path"] + ": " + said),
    )
    unused = pd.DataFrame(unused_everywhere(corpus), columns=list(problems.columns))
    return pd.concat([placed, unused.astype(placed.dtypes)], ignore_index=True) if len(unused) else placed


def audit_tables(corpus: Corpus) -> dict[str, pd.DataFrame]:
    """Every table of the audit, by its title."""
    from workbench.analysis import quality

    documents, problems = corpus.tables.documents.to_pandas(), corpus.tables.problems.to_pandas()
    return {
        "what is missing": quality.shortfalls(documents, problems),
        "coverage by source and month": quality.coverage(documents),
        "text by kind and source": quality.segment_shares(corpus.tables.segments.to_pandas(), documents),
        "documents": documents[
            ["doc_id", "source", "title", "date", "date_basis", "genre", "language", "words"]
        ],
        "labels to look at first": quality.least_certain_labels(
            corpus.tables.segments.to_pandas(), documents
        ),
        "quotes whose speaker is least sure": quality.least_certain(
            corpus.tables.quotes.to_pandas(), documents, top=20
        ),
        "problems": quality.doubts(problems, documents),
    }


def print_groups(corpus: Corpus, groups: pd.DataFrame, quiet: bool) -> None:
    """Print what the corpus holds, each group with its line to paste or type, and the coverage on one line."""
    from workbench.analysis import quality

    documents = corpus.tables.documents.to_pandas()
    if not quiet:
        typer.echo(_held(documents, corpus.version))
    for what, n, of, note, line in groups.itertuples(index=False):
        subject = (
            f"{n:,} of {of:,} {what}"
            if what.startswith(("files", "entries"))
            else f"{n:,} of {counted(of, 'document')} {what}"
        )
        print_line(subject + (f"; {note}" if note else ""))
        if line:
            typer.echo(f"    {visible(line)}")
    if not len(groups):
        typer.echo("Nothing is missing or doubtful.")
    print_line(coverage_line(quality.coverage(documents)))


def coverage_line(coverage: pd.DataFrame) -> str:
    """The months without a document, or with unusually few, in one sentence; empty where there is none.

    In: as `quality.coverage` gives it.
    """
    gaps, dips = coverage[coverage["mark"] == "gap"], coverage[coverage["mark"] == "dip"]
    if not len(gaps) and not len(dips):
        return ""
    parts = []
    if len(gaps):
        counts = gaps["source"].value_counts()
        first = coverage[coverage["period"] != "unknown"].groupby("source")["period"].min().to_dict()
        named = [f"{source} {n:,} since {first[source]}" for source, n in counts.head(MOST_SOURCES).items()]
        more = (
            f" and {counted(len(counts) - MOST_SOURCES, 'other source')}"
            if len(counts) > MOST_SOURCES
            else ""
        )
        parts.append(f"{counted(len(gaps), 'month')} without a document ({', '.join(named)}{more})")
    if len(dips):
        parts.append(f"{counted(len(dips), 'month')} with unusually few")
    return f"Coverage: {'; '.join(parts)}"


def print_next(corpus: Corpus, groups: pd.DataFrame, folder: str | None) -> None:
    """Say where the lines belong and how to see every row."""
    option = corpus_option(folder)
    if groups["line"].str.contains("= {", regex=False).any():
        place = _typed_folder(corpus) / "metadata.toml"
        typer.echo(
            f"\nPaste lines into {place}, with what you know for …, then: {command_line('build', *option)}"
        )
    typer.echo(f"Every row: {command_line('check', '--limit', '0', *option)}; as data: --json")


def print_line(text: str) -> None:
    """Print a line of the summary, cut where it is endless; nothing for an empty one."""
    if text:
        typer.echo(shorten(visible(text), LINE))


def _held(documents: pd.DataFrame, version: str) -> str:
    """How much the corpus holds, of how many sources and from when to when."""
    dates = documents["date"].dropna()
    dates = dates[~dates.str.startswith("-")]
    span = f", {dates.min()} to {dates.max()}" if len(dates) else ""
    sources = counted(documents["source"].nunique(), "source")
    return f"{counted(len(documents), 'document')} of {sources}{span}; corpus {version}"


def _typed_folder(corpus: Corpus) -> Path:
    """The folder of the corpus as one types it from the working directory."""
    return Path(os.path.relpath(corpus.folder)) if corpus.folder.is_relative_to(Path.cwd()) else corpus.folder


def _first(frame: pd.DataFrame, limit: int | None) -> pd.DataFrame:
    return frame.head(limit) if limit else frame
