"""Side by side in one run: VADER by NLTK, sentence by sentence, and over the whole batch.

`python -m benchmarks.speed_sentiment FILE… [--sentences 20000]` scores the sentences of the text files
(one document a file, or `raw`/`text` of gzipped JSON lines) both ways, compares every figure, and prints
the processor seconds and their ratio. Exit code 1 when a score differs or the ratio is below the goal.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeVar

from workbench.annotate.sentences import sentence_spans
from workbench.annotate.sentiment import vader
from workbench.annotate.sentiment.vader import PlainVader
from workbench.schema import plain

GOAL = 30  # times NLTK's speed
T = TypeVar("T")


def main(arguments: list[str] | None = None) -> int:
    """0 when all scores are equal and the goal is met, else 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed_sentiment", description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", help="text files or *.jsonl.gz")
    parser.add_argument("--sentences", type=int, default=20_000, help="how many sentences at most")
    options = parser.parse_args(arguments)
    found = (sentence for path in options.files for text in _texts(path) for sentence in _sentences(text))
    sentences = list(islice(found, options.sentences))
    reference = PlainVader()
    vader.score_texts(sentences[:10])  # loads the lexicon, as PlainVader() did
    slow, want = _timed(lambda: [reference.polarity_scores(sentence) for sentence in sentences])
    runs = [_timed(lambda: vader.score_texts(sentences)) for _ in range(3)]
    fast, got = min(seconds for seconds, _ in runs), runs[0][1]
    rows = zip(want, got.negative, got.neutral, got.positive, got.compound, strict=True)
    differ = sum((row["neg"], row["neu"], row["pos"], row["compound"]) != tuple(mine) for row, *mine in rows)
    print(f"sentences     {len(sentences):>10,}   with another score: {differ}")
    print(f"NLTK          {slow:>10.3f} s {len(sentences) / slow:>12,.0f} sentences/s")
    print(f"workbench     {fast:>10.3f} s {len(sentences) / fast:>12,.0f} sentences/s   (best of 3)")
    print(f"ratio         {slow / fast:>10.1f}   goal {GOAL}")
    return int(differ > 0 or slow / fast < GOAL)


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    """Processor seconds of this process, so that a busy machine does not count, and the result."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def _texts(path: Path) -> Iterator[str]:
    if path.name.endswith(".jsonl.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield row.get("raw") or row.get("text") or ""
    else:
        yield path.read_text(encoding="utf-8", errors="replace")


def _sentences(text: str) -> Iterator[str]:
    for paragraph in plain(text).split("\n"):
        yield from (paragraph[start:end] for start, end in sentence_spans(paragraph))


if __name__ == "__main__":
    sys.exit(main())
