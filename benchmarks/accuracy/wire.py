"""Title, writer, date and place of wire stories and official texts as they were saved."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.accuracy.rows import FigureRow, figure_row, mean, read_rows
from workbench.label import Labels, label
from workbench.label.dates import find_dates, iso_date
from workbench.read.formats import choose_reader
from workbench.schema import Document, plain
from workbench.settings import Settings, load_settings

SHOWN = 6  # misses printed for a reader with `show`


class WireCase(NamedTuple):
    """A record and what it should give; an empty wish is not asked."""

    name: str
    raw: str
    wanted: dict[str, str]


def measure(data: Path) -> list[FigureRow]:
    """reuters_sample raw; whitehouse with front matter and as a saved page."""
    settings = load_settings()
    wire = [wire_case(record) for record in read_rows(data / "reuters_sample.jsonl.gz")]
    white = list(read_rows(data / "whitehouse.jsonl.gz"))
    rows = _rows(
        "reuters_sample", wire, settings, {"title": 0.98, "byline": 0.98, "date": 0.98, "place": 0.95}
    )
    goals = {"title": 0.97, "date": 0.97}
    rows += _rows("whitehouse, front matter", [white_case(r, "front") for r in white], settings, goals)
    rows += _rows("whitehouse, as a page", [white_case(r, "page") for r in white], settings, goals)
    return rows


def _rows(name: str, cases: list[WireCase], settings: Settings, goals: dict[str, float]) -> list[FigureRow]:
    hits = dict[str, list[float]]((key, []) for key in goals)
    for case in cases:
        labels, text = labels_of(case, settings)
        for key in goals:
            if case.wanted.get(key):
                hits[key].append(float(FOUND[key](labels, text) == _folded(case.wanted[key])))
    return [figure_row(name, f"{key} right", hits[key], mean, goal) for key, goal in goals.items()]


def labels_of(case: WireCase, settings: Settings) -> tuple[Labels, str]:
    """The labels of a case, read as a file of that content."""
    raw = case.raw.encode()
    path = Path("case.txt")
    (parsed,) = choose_reader(raw, path).parse(raw)
    document = Document("case.txt", "case.txt", parsed.text, "", parsed.known, parsed.repairs, parsed.hints)
    return label(document, settings), parsed.text


def _folded(text: str | None) -> str:
    return " ".join(plain(text or "").casefold().split())


def _byline(labels: Labels, text: str) -> str:
    said = next((text[s.start : s.end] for s in labels.segments if s.kind == "byline"), "")
    return _folded(re.sub(r"^\W*by\s", "", said.strip(), flags=re.IGNORECASE))


FOUND: dict[str, Callable[[Labels, str], str]] = {
    "title": lambda labels, _: _folded(labels.meta.title),
    "date": lambda labels, _: labels.meta.date or "",
    "byline": _byline,
    "place": lambda labels, _: _folded(labels.meta.place),
}


def wire_case(record: dict[str, Any]) -> WireCase:
    """A wire story with the facts of its record."""
    stated = next(find_dates(record["header_datetime"]), None)
    date = iso_date(stated)[0] if stated else record["url_date"]
    wanted = {
        "title": record["title"],
        "byline": record["byline"],
        "date": date or "",
        "place": record["dateline_place"],
    }
    return WireCase(record["path"], record["raw"], wanted)


def white_case(record: dict[str, Any], way: str) -> WireCase:
    """An official text; as a page it is title, date in words, then the body without its front matter."""
    raw = record["raw"]
    if way == "page":
        body = re.sub(r"\A---\n.*?\n---\n", "", raw, count=1, flags=re.DOTALL)
        day = datetime.date.fromisoformat(record["date"])
        raw = f"{record['title']}\n\n{day:%B} {day.day}, {day.year}\n\n{body}"
    return WireCase(record["path"], raw, {"title": record["title"], "date": record["date"]})
