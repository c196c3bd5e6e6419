"""How fast names are judged, and in how much memory: `python -m benchmarks.speed_toward --data DIR [--documents N]`.

Runs of capitalised words stand for names, since finding real ones costs a hundred times as much and is not what is
measured. Batches of 64 documents as in a build; CPU seconds, and the peak memory of the process before and after,
which must not grow with the number of batches.
"""

from __future__ import annotations

import argparse
import re
import resource
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.accuracy.rows import read_rows
from workbench.annotate.sentences import split_sentences
from workbench.annotate.target_sentiment.layer import target_sentiment_layer
from workbench.schema import Labelled, Mention, Meta, Segment
from workbench.settings.target_sentiment import TargetSentimentSettings

BATCH = 64
META = Meta(None, None, None, "none", "", None, "other", "en", None)
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*")


def labelled(row: dict[str, str]) -> tuple[Labelled, list[Mention]]:
    """A document as one paragraph, its runs of capitalised words as persons."""
    text = row["raw"]
    segments = [Segment(0, len(text), "paragraph", None, None, "whole")]
    sentences = split_sentences(text, segments, [])
    names = [
        Mention(number, s.start + m.start(), s.start + m.end(), m[0], "person", None, "author", None)
        for number, s in enumerate(sentences)
        for m in NAME.finditer(text[s.start : s.end])
    ]
    return Labelled(row["path"], text, META, segments, [], sentences), names


def run(documents: Iterator[dict[str, str]]) -> None:
    """Judge batch after batch, and print what it took."""
    spent, judged, words = 0.0, 0, 0
    seen, first = 0, 0.0
    while rows := list(islice(documents, BATCH)):
        batch = [labelled(row) for row in rows]
        began = time.process_time()
        table = target_sentiment_layer(batch, TargetSentimentSettings())
        spent += time.process_time() - began
        judged, seen = judged + table.num_rows, seen + len(batch)
        words += sum(len(row["raw"].split()) for row in rows)
        first = first or _peak()
    print(f"{seen:,} documents, {words:,} words: {judged:,} names and pronouns judged in {spent:.1f} CPU s, "
          f"{judged / max(spent, 1e-9):,.0f} a second; peak memory {first:.0f} MB after the first batch, {_peak():.0f} MB at the end")  # fmt: skip


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--documents", type=int, default=10_000)
    options = parser.parse_args()
    run(islice(read_rows(options.data / "whitehouse.jsonl.gz"), options.documents))
