"""`workbench search`: the documents that match a query, each with the passage around the hit."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from workbench.cli.console import console, counted, print_rest, shorten
from workbench.cli.options import (
    CorpusFolder,
    Json,
    Limit,
    Quiet,
    Select,
    is_folder,
    refuse_folder,
    rows_to_show,
)
from workbench.errors import BadSelection
from workbench.schema import visible

if TYPE_CHECKING:
    from workbench.corpus import Corpus
    from workbench.selection.model import Selection


class SearchHit(NamedTuple):
    """A document that matches a query: what is known of it, and its best passage with the marks of the index."""

    doc_id: str
    title: str | None
    source: str | None
    date: str | None
    passage: str


def search(
    ctx: typer.Context,
    query: Annotated[
        list[str],
        typer.Argument(
            metavar="QUERY",
            help='Words, "phrases", word*, a OR b, NOT a, a NEAR/5 b, and the fields of a selection, such as source:TASS.',
        ),
    ],
    corpus: CorpusFolder = None,
    select: Select = "",
    limit: Limit = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find the documents that match a query, best first.

    Each comes with its title, source and date and with the passage around the hit. A query of fields alone
    lists the documents, newest first. Put a query with a phrase into single quotes: 'source:TASS "new start"'.
    """
    from workbench import load
    from workbench.project import find_project
    from workbench.selection.model import narrow
    from workbench.selection.saved import parse_selection

    if len(query) > 1 and is_folder(query[0]):
        refuse_folder(ctx, query[0])
    settings = find_project().settings
    wanted = parse_selection(" ".join(query), settings)
    if not wanted:
        raise BadSelection("query", problem="it is empty", hint="write a word to look for")
    selection = narrow(parse_selection(select, settings), wanted.narrowed(query=""))
    loaded = load(corpus, selection, progress=not quiet and not as_json and sys.stderr.isatty())
    total, hits = find_hits(loaded, wanted.query, None if limit is None and as_json else limit, as_json)
    if as_json:
        typer.echo(json.dumps([hit._asdict() | {"passage": "".join(_pieces(hit.passage))} for hit in hits]))
        return
    width = console().width
    for hit in hits:
        print_hit(hit, width)
    if not quiet:
        _print_summary(loaded, wanted, hits, total)


def find_hits(
    corpus: Corpus, query: str, limit: int | None, every: bool = False
) -> tuple[int, list[SearchHit]]:
    """How many documents of the corpus match a query, and those that are shown: the best, or without words the newest."""
    inside = corpus.doc_ids
    if query:
        if corpus.selection.is_spoken():  # the query is looked for in the words of the speakers alone
            total = len(corpus.search(query, len(inside)))
        else:
            total = len(corpus.matches(query).intersection(inside))
        shown = total if every and limit is None else rows_to_show(limit, total)
        passages = dict(corpus.search(query, shown)) if shown else {}
    else:
        total = len(inside)
        shown = total if every and limit is None else rows_to_show(limit, total)
        newest = corpus.query(
            "SELECT doc_id FROM documents WHERE list_contains(?, doc_id) ORDER BY date DESC NULLS LAST, doc_id LIMIT ?",
            inside,
            shown,
        )
        passages = dict.fromkeys(newest["doc_id"], "")
    known = corpus.query(
        "SELECT doc_id, title, source, date FROM documents WHERE list_contains(?, doc_id)", list(passages)
    )
    facts = known.astype("object").where(known.notna(), None).set_index("doc_id").to_dict("index")
    return total, [
        SearchHit(doc_id, **{str(name): value for name, value in facts[doc_id].items()}, passage=passage)
        for doc_id, passage in passages.items()
    ]


def print_hit(hit: SearchHit, width: int) -> None:
    """Print a hit on two lines: title, source, date and, where there is room, the document's name; then the passage."""
    facts = f" · {visible(hit.source or 'unknown source')} · {visible(hit.date or 'no date')}"
    name = f" · {visible(hit.doc_id)}"
    title = visible(hit.title or hit.doc_id)
    room = width - len(facts) - len(name)
    if room < min(len(title), 30) or not hit.title:
        name, room = "", width - len(facts)
    typer.echo(typer.style(shorten(title, max(room, 10)), bold=True) + facts + typer.style(name, dim=True))
    if hit.passage:
        typer.echo(f"  {passage_line(hit.passage, width - 2, marked=sys.stdout.isatty())}")


def passage_line(passage: str, width: int, *, marked: bool) -> str:
    """A passage on one line of `width` columns around its first hit, hits marked: by style, or in square brackets.

    >>> from workbench.store.fulltext import CLOSE, OPEN
    >>> passage_line(f"the sides {OPEN}resumed{CLOSE} talks", 40, marked=False)
    'the sides [resumed] talks'
    """
    pieces = [re.sub(r"\s+", " ", visible(piece)) for piece in _pieces(passage)]
    hits = len(pieces) // 2
    room = width - (0 if marked else 2 * hits)
    start = max(0, len(pieces[0]) - room // 3) if sum(map(len, pieces)) > room else 0
    shown: list[str] = ["…"] if start else []
    room -= 2 * bool(start)
    for number, piece in enumerate(pieces):
        piece = piece[start:] if number == 0 else piece
        cut = shorten(piece, room)
        room -= len(cut)
        if cut and number % 2:
            cut = typer.style(cut, bold=True, underline=True) if marked else f"[{cut}]"
        shown.append(cut)
        if len(cut) < len(piece) or room <= 0:
            break
    return "".join(shown).strip()


def _pieces(passage: str) -> list[str]:
    """The passage cut at the marks of the index: what stands outside a hit, inside, outside, and so on."""
    from workbench.store.fulltext import CLOSE, OPEN

    return re.split(f"[{OPEN}{CLOSE}]", passage)


def _print_summary(corpus: Corpus, wanted: Selection, hits: Sequence[SearchHit], total: int) -> None:
    """Say how many documents match what, how to see the rest, and how to read the first."""
    caption = corpus.selection.narrowed(
        query=" ".join(filter(None, (corpus.selection.query, wanted.query)))
    ).caption()
    typer.echo(f"{counted(total, 'document')}: {visible(caption)}")
    if not total:
        typer.echo("Use fewer words, a OR b, or the beginning of a word with *.")
        return
    print_rest(len(hits), total, "document")
    first = shlex.quote(_shown_path(corpus, hits[0].doc_id))
    typer.echo(visible(f"To read the first: workbench parse {first}"))


def _shown_path(corpus: Corpus, doc_id: str) -> str:
    """The file of a document as one types it from the working directory."""
    path = corpus.query("SELECT path FROM documents WHERE doc_id = ?", doc_id)["path"].iloc[0]
    file = Path(corpus.folder, path)
    here: Any = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)
