"""How one file was understood, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich import markup
from rich.table import Table

from workbench.schema import visible

WIDTH = 88  # of a text cell: a segment is recognised by its beginning; the rest is in --json

Row = Mapping[str, Any]


def parse_view(parsed: Mapping[str, Any]) -> Iterator[str | Table]:
    """What to print for one parsed document: its head, segments, quotes, names and problems."""
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
        who = row["speaker"] or ""
        role = f" ({row['role']})" if row["role"] and row["kind"] == "speaker_label" else ""
        table.add_row(_span(row), row["kind"], escape(who + role), escape(row["rule"]), _short(row["text"]))
    return table


def _quotes(rows: list[Row]) -> Table:
    table = _table("quotes", "span", "kind", "speaker", "cue", "sure", "text")
    for row in rows:
        sure = f"{row['confidence']:.2f}"
        table.add_row(_span(row), row["kind"], escape(row["speaker"] or ""), escape(row["cue"] or ""), sure,
                      _short(row["text"]))  # fmt: skip
    return table


def _entities(rows: list[Row]) -> Table:
    table = _table("names", "entity", "label", "mentions", "written as")
    for row in rows:
        table.add_row(escape(row["entity"]), row["label"], str(row["n"]), escape(", ".join(row["aliases"])))
    return table


def _table(title: str, *columns: str) -> Table:
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
    """Text of a page as a terminal may show it: no markup, nothing that steers."""
    return markup.escape(visible(text))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return escape(line if len(line) <= WIDTH else line[: WIDTH - 1] + "…")
