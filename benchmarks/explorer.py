"""How long the explorer takes to answer: python -m benchmarks.explorer

Synthetic documents with the numbers of the press texts that were measured: 40 sources, three speakers a
document of 5,000, twenty entities of 30,000, four topics of 12, one document in ten a copy, 60 words of
body. Every change a person makes is one line of the table: the selection is parsed, answered, and the
facets and the histogram are counted. CPU milliseconds, the middle and the worst of nine runs, each with
another value, so that nothing is remembered.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.explorer.facet_counts import FACETS, count_facets, values
from workbench.explorer.histogram import histogram
from workbench.explorer.index import Forms, Index, NameIndex, Pairs, _days, _values
from workbench.selection.model import Selection
from workbench.selection.query import parse_query
from workbench.store.fulltext import matches, write_index

RUNS = 9
TARGET = {10_000: 200, 100_000: 1000}  # milliseconds
LINES: dict[str, Callable[[int], str]] = {
    "nothing": lambda _: "",
    "a source": lambda k: f'source:"Source {k}"',
    "a speaker": lambda k: f'speaker:"Speaker {k}"',
    "part of a name": lambda k: f"mentions:Entity{k}",
    "a word": lambda k: f"word{k}",
    "a phrase or a beginning": lambda k: f'"word{k} word{k + 1}" OR word{k}1*',
    "dates": lambda k: f"since:{2001 + k} until:{2014 + k}",
    "one per story": lambda k: f'stories:"one per story" genre:article topic:"topic {k}"',
    "everything at once": lambda k: (
        f'stories:"one per story" source:"Source {k}" voice:quote since:2003 word{k}'
    ),
}


def synthetic(n: int, place: Path) -> Index:
    """An index of `n` documents that nobody wrote, with its full-text index at `place`."""
    draw = np.random.default_rng(7)
    ids = np.array([f"{k:06}.txt" for k in range(n)], dtype=object)
    story = np.where(draw.random(n) < 0.1, np.roll(ids, 1), ids)
    days = pd.Timestamp("2000-01-01") + pd.to_timedelta(draw.integers(0, 365 * 25, n), "D")
    documents = pd.DataFrame({
        "doc_id": ids, "path": ids, "title": [f"Title of document {k}" for k in range(n)],
        "source": [f"Source {k}" for k in draw.integers(0, 40, n)], "date": days.strftime("%Y-%m-%d"),
        "date_precision": "day", "date_basis": "stated", "place": "Oslo", "language": "en", "story": story,
        "genre": np.array(["article", "transcript", "release", "statement", "other"])[draw.integers(0, 5, n)],
        "words": draw.integers(100, 2000, n), "tone": draw.random(n, np.float32), "doubts": "",
    })  # fmt: skip

    def pairs(each: int, of: int, name: str) -> Pairs:
        code = (of * draw.random(n * each) ** 3).astype(np.int32)  # few names are frequent
        doc = np.repeat(np.arange(n, dtype=np.int32), each)
        once = np.unique(doc.astype(np.int64) * of + code)
        names = NameIndex([f"{name} {k}" for k in range(of)], name.lower())
        return Pairs((once // of).astype(np.int32), (once % of).astype(np.int32), names)

    spoken, mentioned = pairs(3, 5000, "Speaker"), pairs(20, 30_000, "Entity")
    forms = [f"Entity{k % 30_000} form {k}" for k in range(90_000)]
    first, last = _days(documents["date"])
    words = (5000 * draw.random((n, 60)) ** 3).astype(int)
    write_index(
        place, ((i, "", " ".join(f"word{w}" for w in row)) for i, row in zip(ids, words, strict=True))
    )
    return Index(
        version="synthetic", documents=documents,
        values={name: _values(documents, name) for name in ("source", "genre", "language", "place", "story")},
        first=first, last=last, spoken=spoken, voice=draw.integers(0, 4, len(spoken.doc)).astype(np.int32),
        mentioned=mentioned, forms=Forms(NameIndex(forms, "mentions"), np.arange(90_000, dtype=np.int32) % 30_000),
        topical=pairs(4, 12, "topic"), search=lambda query: matches(place, parse_query(query)),  # type: ignore[arg-type]
        _place={doc_id: row for row, doc_id in enumerate(ids)},
    )  # fmt: skip


def change(index: Index, line: str) -> int:
    """What one change costs: everything but sending it to the browser."""
    found = count_facets(index, Selection.parse(line))
    for facet in FACETS:
        values(index, found, facet, 8)
    histogram(index, found)
    return len(found.shown)


def timed(index: Index) -> Iterator[tuple[str, int, float, float]]:
    """Line, documents left by its last run, middle and worst CPU milliseconds."""
    for name, line in LINES.items():
        took = []
        for k, _ in zip(cycle(range(9)), range(RUNS), strict=False):
            began = time.process_time()
            left = change(index, line(k))
            took.append(1000 * (time.process_time() - began))
        yield name, left, float(np.median(took)), max(took)


def main() -> None:
    """Print a table for each size."""
    for n, target in TARGET.items():
        with tempfile.TemporaryDirectory() as folder:
            index = synthetic(n, Path(folder) / "search.sqlite")
            print(f"{n:,} documents (wanted: every change within {target} ms)")
            for name, left, middle, worst in timed(index):
                late = "" if worst <= target else "  too slow"
                print(f"  {name:26}{left:9,} left {middle:8.1f} ms, worst {worst:8.1f} ms{late}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MB")


if __name__ == "__main__":
    main()
