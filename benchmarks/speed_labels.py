"""Side by side in one run: reading and labelling plain text, and trafilatura on HTML pages.

    python -m benchmarks.speed_labels --data DIR [--texts 200] [--pages 20] [--runs 3] [--json]

Plain texts (news of polnear and reuters_sample, transcripts and releases of whitehouse) are written to files
and read and labelled by `read` and `label`; the pages of article_extraction_benchmark go through
`trafilatura.extract`. No language model is loaded: each document
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
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from benchmarks.accuracy.rows import read_rows
from workbench.label import label
from workbench.read import read
from workbench.schema import Document
from workbench.settings import Settings, load_settings

GOAL = 3.0  # MB/s of read and label on plain text, all sets together
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
        tasks = [*texts(options.data, Path(folder), options.texts), *pages(options.data, options.pages)]
        speeds = measure(tasks, options.runs)
    plain = [speed for speed in speeds if speed.group in dict(SETS)]
    whole = Speed("plain text", *(sum(column) for column in list(zip(*plain, strict=True))[1:]))
    print(shown([whole, *speeds], as_json=options.json))
    return int(whole.rate < GOAL)


def texts(data: Path, folder: Path, count: int) -> Iterator[Task]:
    """Read and label of `count` texts of each set, every n-th of the whole set."""
    settings = load_settings()
    for name, column in SETS:
        records = [record[column] for record in read_rows(data / f"{name}.jsonl.gz")]
        for number, text in enumerate(records[:: max(1, len(records) // count)][:count]):
            path = folder / f"{name}-{number}.txt"
            path.write_text(text, encoding="utf-8")
            yield Task(name, path.stat().st_size, _labelling(path, folder, settings))


def _labelling(path: Path, folder: Path, settings: Settings) -> Callable[[], object]:
    return lambda: [label(found, settings) for found in read(path, folder) if isinstance(found, Document)]


def pages(data: Path, count: int) -> Iterator[Task]:
    """trafilatura on HTML pages."""
    from trafilatura import extract

    for record in islice(read_rows(data / f"{HTML}.jsonl.gz"), count):
        html: str = record["html"]
        size = len(html.encode("utf-8", errors="replace"))
        yield Task("trafilatura on HTML", size, _extracting(extract, html))


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
    return "\n".join([*lines, f"goal for plain text {GOAL} MB/s"])


if __name__ == "__main__":
    sys.exit(main())
