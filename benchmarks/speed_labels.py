"""Side by side in one run: reading and labelling plain text, and trafilatura on HTML pages.

    python -m benchmarks.speed_labels --data DIR [--texts 200] [--pages 20] [--runs 3] [--json]

Plain texts (news of polnear and reuters_sample, transcripts and releases of whitehouse) are written to files
and read and labelled by `read` and `label`; reading alone and finding quotes alone are measured as well, and what
is left are the other labels: lines, speaker turns, dates, titles, sources. The pages of
article_extraction_benchmark go through `trafilatura.extract`, and through `read` and `label`, which ask
trafilatura for its vote. No language model is loaded: each document
is labelled once before the clock runs, so that tables and expressions are in place, and the works take
turns, document by document. Processor seconds of this process; of the runs the fastest counts, since a busy
machine slows some. MB are millions of bytes of UTF-8. Exit code 1 when the goal is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from benchmarks.accuracy.rows import read_rows
from workbench.label import label
from workbench.label.quotes.quotes import find_quotes
from workbench.read import read
from workbench.schema import BODY_KINDS, Document
from workbench.settings import Settings, load_settings

GOAL = 3.0  # MB/s of read and label on plain text, all sets together
PLAIN, READ, QUOTES, LABELS = "plain text", "reading it", "its quotes", "its other labels"
EXTRACT, PAGES = "trafilatura on HTML", "read and label HTML"
SETS = (("polnear", "text"), ("reuters_sample", "raw"), ("whitehouse", "raw"))
HTML = "article_extraction_benchmark"


class Task(NamedTuple):
    """One work on one document: `group` is the line of the report it is counted in."""

    group: str
    size: int
    work: Callable[[], object]


class Speed(NamedTuple):
    """A line of the report: what was measured, over how many documents, bytes and processor seconds."""

    group: str
    documents: int
    bytes: int
    seconds: float

    @property
    def rate(self) -> float:
        """MB a second."""
        return self.bytes / self.seconds / 1e6


def main(arguments: list[str] | None = None) -> int:
    """0 when the goal is met, else 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed_labels", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled sets")
    parser.add_argument("--texts", type=int, default=200, help="texts of each set, spread over it")
    parser.add_argument("--pages", type=int, default=20, help="HTML pages")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        tasks = [
            *texts(options.data, Path(folder), options.texts),
            *pages(options.data, Path(folder), options.pages),
        ]
        speeds = measure(tasks, options.runs)
    whole, rest = summed(speeds)
    print(shown([whole, *speeds, rest], as_json=options.json))
    return int(whole.rate < GOAL)


def summed(speeds: Sequence[Speed]) -> tuple[Speed, Speed]:
    """All plain texts together, and of their time what is left for the labels other than quotes."""
    plain = [speed for speed in speeds if speed.group in dict(SETS)]
    whole = Speed(PLAIN, *(sum(column) for column in list(zip(*plain, strict=True))[1:]))
    apart = sum(speed.seconds for speed in speeds if speed.group in (READ, QUOTES))
    return whole, whole._replace(group=LABELS, seconds=whole.seconds - apart)


def texts(data: Path, folder: Path, count: int) -> Iterator[Task]:
    """Read and label of `count` texts of each set, every n-th of the whole set."""
    settings = load_settings()
    for name, column in SETS:
        records = [record[column] for record in read_rows(data / f"{name}.jsonl.gz")]
        for number, text in enumerate(records[:: max(1, len(records) // count)][:count]):
            path = folder / f"{name}-{number}.txt"
            path.write_text(text, encoding="utf-8")
            size = path.stat().st_size
            yield Task(name, size, _labelling(path, folder, settings))
            yield Task(READ, size, partial(_read, path, folder))
            yield Task(QUOTES, size, _quoting(path, folder, settings))


def _read(path: Path, folder: Path) -> list[Document]:
    return [found for found in read(path, folder) if isinstance(found, Document)]


def _quoting(path: Path, folder: Path, settings: Settings) -> Callable[[], object]:
    bodies = [
        (document.text, [segment for segment in segments if segment.kind in BODY_KINDS])
        for document in _read(path, folder)
        for segments in [label(document, settings).segments]
    ]
    return lambda: [find_quotes(text, body) for text, body in bodies]


def _labelling(path: Path, folder: Path, settings: Settings) -> Callable[[], object]:
    return lambda: [label(found, settings) for found in _read(path, folder)]


def pages(data: Path, folder: Path, count: int) -> Iterator[Task]:
    """trafilatura on HTML pages, and read and label on the same."""
    from trafilatura import extract

    settings = load_settings()
    for number, record in enumerate(islice(read_rows(data / f"{HTML}.jsonl.gz"), count)):
        html: str = record["html"]
        path = folder / f"{number}.html"
        path.write_text(html, encoding="utf-8", errors="replace")
        yield Task(EXTRACT, path.stat().st_size, _extracting(extract, html))
        yield Task(PAGES, path.stat().st_size, _labelling(path, folder, settings))


def _extracting(extract: Callable[..., object], html: str) -> Callable[[], object]:
    return lambda: extract(html, include_comments=False)


def measure(tasks: Sequence[Task], runs: int) -> list[Speed]:
    """Speed of each group; a document's time is that of its fastest run."""
    seconds = [float("inf")] * len(tasks)
    order = sorted(range(len(tasks)), key=lambda number: (number * 7919) % len(tasks))  # takes turns
    for run in range(runs + 1):
        for number in order:
            start = time.process_time()
            tasks[number].work()
            if run:  # the first makes warm
                seconds[number] = min(seconds[number], time.process_time() - start)
    groups = dict.fromkeys(task.group for task in tasks)
    return [_speed(group, tasks, seconds) for group in groups]


def _speed(group: str, tasks: Sequence[Task], seconds: Sequence[float]) -> Speed:
    mine = [number for number, task in enumerate(tasks) if task.group == group]
    return Speed(group, len(mine), sum(tasks[n].size for n in mine), sum(seconds[n] for n in mine))


def shown(speeds: Sequence[Speed], *, as_json: bool) -> str:
    """The rows as JSON, or as lines to read."""
    if as_json:
        return json.dumps([speed._asdict() | {"megabytes_per_second": speed.rate} for speed in speeds])
    lines = [
        f"{speed.group:<22} {speed.documents:>6,} documents {speed.bytes / 1e6:>8.2f} MB "
        f"{speed.seconds:>8.3f} s {speed.rate:>7.2f} MB/s"
        for speed in speeds
    ]
    by = {speed.group: speed for speed in speeds}
    beside = f"beside trafilatura on HTML, a byte: plain text {by[PLAIN].rate / by[EXTRACT].rate:.2f} times as fast"
    if PAGES in by:
        beside += f", the same pages {by[PAGES].rate / by[EXTRACT].rate:.2f} times"
    return "\n".join([*lines, beside, f"goal for plain text {GOAL} MB/s"])


if __name__ == "__main__":
    sys.exit(main())
