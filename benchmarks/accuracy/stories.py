"""Near-duplicates: is what two documents are to each other told rightly, and is no form letter merged.

Each labelled pair is a corpus of its own, read and labelled as files are; then all documents together
are one. A table of the labelled relation against the one found goes to standard error.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from benchmarks.accuracy.rows import FigureRow, mean, read_rows
from benchmarks.accuracy.wire import WireCase, labels_of
from workbench.link.stories.near_duplicates import find_pairs, group_stories
from workbench.schema import BODY_KINDS, RELATIONS
from workbench.settings import Settings, load_settings

NOTHING = "nothing"  # no relation was found


class Pair(NamedTuple):
    """A labelled pair: the relation as labelled and as found, and whether both became one story."""

    labelled: str
    found: str
    merged: bool


def measure(data: Path) -> list[FigureRow]:
    """near_duplicate_pairs, pair by pair and as one corpus."""
    records = list(read_rows(data / "near_duplicate_pairs.jsonl.gz"))
    read = list(_documents(records, load_settings()))
    alone = [_told(record, read[2 * at : 2 * at + 2])[0] for at, record in enumerate(records)]
    together = _told_all(records, read)
    print(_table(alone), file=sys.stderr)
    return [
        *_rows("near_duplicate_pairs", alone),
        *_rows("near_duplicate_pairs, one corpus", together),
    ]


def _rows(name: str, pairs: Sequence[Pair]) -> Iterator[FigureRow]:
    def row(figure: str, labelled: str, right: Any, goal: float | None) -> FigureRow:
        cases = [float(right(pair)) for pair in pairs if labelled in ("", pair.labelled)]
        low, high = _wilson(sum(cases), len(cases))
        return FigureRow(name, figure, mean(cases), low, high, len(cases), goal)

    yield row("template pairs not merged", "template", lambda pair: not pair.merged, 1.0)
    yield row("same-text pairs found", "same text", lambda pair: pair.found == "same text", 1.0)
    yield row("same-text pairs merged", "same text", lambda pair: pair.merged, 1.0)
    yield row("updates merged", "update", lambda pair: pair.merged, None)
    yield row("passages not merged", "shared passage", lambda pair: not pair.merged, None)
    yield row("relation right", "", lambda pair: pair.found == pair.labelled, None)


def _wilson(right: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927): with few pairs all of which are right, resampling would say 1 to 1."""
    z = 1.96
    centre, half = (
        right + z * z / 2,
        z * math.sqrt(right * (n - right) / max(n, 1) + z * z / 4),
    )
    return max(0.0, (centre - half) / (n + z * z)), min(1.0, (centre + half) / (n + z * z))


def _documents(records: Sequence[dict[str, Any]], settings: Settings) -> Iterator[tuple[Any, ...]]:
    """(doc_id, title, date, source, body) of both documents of each record."""
    for record in records:
        for side in "ab":
            doc_id = f"{record['id']}{side}"
            labels, text = labels_of(WireCase(doc_id, record[f"text_{side}"], {}), settings)
            body = "\n\n".join(text[s.start : s.end].strip() for s in labels.segments if s.kind in BODY_KINDS)
            yield doc_id, labels.meta.title, labels.meta.date, labels.meta.source, body


def _told_all(records: Sequence[dict[str, Any]], read: Sequence[tuple[Any, ...]]) -> list[Pair]:
    _, found, story = _told(records[0], read)
    return [
        Pair(
            record["relation"].replace("_", " "),
            found.get((f"{record['id']}a", f"{record['id']}b"), NOTHING),
            story[f"{record['id']}a"] == story[f"{record['id']}b"],
        )
        for record in records
    ]


def _told(
    record: dict[str, Any], read: Sequence[tuple[Any, ...]]
) -> tuple[Pair, dict[tuple[str, str], str], pd.Series[str]]:
    """The pair of a record in the corpus `read`, all relations found there in both orders, all stories."""
    documents = pd.DataFrame([row[:4] for row in read], columns=["doc_id", "title", "date", "source"])
    pairs = find_pairs({row[0]: row[4] for row in read}, documents)
    story = group_stories(pairs, documents)
    found: dict[tuple[str, str], str] = {}
    for row in pairs.itertuples():
        found[str(row.a), str(row.b)] = found[str(row.b), str(row.a)] = str(row.relation)
    a, b = f"{record['id']}a", f"{record['id']}b"
    labelled = record["relation"].replace("_", " ")
    return Pair(labelled, found.get((a, b), NOTHING), story[a] == story[b]), found, story


def _table(pairs: Sequence[Pair]) -> str:
    """Labelled relations as rows, found ones as columns."""
    counts = Counter((pair.labelled, pair.found) for pair in pairs)
    columns = [name for name in (*RELATIONS, NOTHING)]
    lines = [f"{'labelled':16}" + "".join(f"{name:>16}" for name in columns)]
    for name in RELATIONS:
        if any(labelled == name for labelled, _ in counts):
            lines.append(f"{name:16}" + "".join(f"{counts[name, column]:16}" for column in columns))
    return "\n".join(lines)
