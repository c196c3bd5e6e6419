"""What one changed document costs in a corpus that is built: the time of the update, and of a build that finds nothing.

    python -m benchmarks.update --data DIR [--documents 1000] [--runs 5] [--json]

Texts of whitehouse are built with labels, tokens and sentiment (no names, no language model); then one of them gets
another line, and the corpus is built again, as often as `--runs` says, in the same process. Processor seconds; of the
runs the fastest counts, since a busy machine slows some. Exit code 1 when the update takes more than the goal.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from benchmarks.accuracy.rows import read_rows
from workbench.pipeline import QUICK
from workbench.pipeline.build import build
from workbench.project import find_project

SET = "whitehouse"
GOAL = 1.0  # processor seconds of an update, 1,000 documents


class Update(NamedTuple):
    """Processor seconds of the first build, of an update by one document, and of a build without any change."""

    documents: int
    first: float
    changed: float
    unchanged: float


def main(arguments: list[str] | None = None) -> int:
    """0 when the goal is met, else 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.update", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled sets")
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = measure(options.data, Path(folder), options.documents, options.runs)
    shown = (
        f"{found.documents:,} documents: first build {found.first:.1f} s, one changed {found.changed:.2f} s, "
        f"none changed {found.unchanged:.2f} s; goal for one changed {GOAL} s"
    )
    print(json.dumps(found._asdict()) if options.json else shown)
    return int(found.changed > GOAL)


def measure(data: Path, folder: Path, documents: int, runs: int) -> Update:
    """Build, change and build again, in a project of its own."""
    texts = folder / "texts"
    texts.mkdir()
    (folder / "workbench.toml").write_text('corpus = "texts"\n', encoding="utf-8")
    for number, record in enumerate(islice(read_rows(data / f"{SET}.jsonl.gz"), documents)):
        (texts / f"{number:05}.txt").write_text(record["raw"], encoding="utf-8")
    middle = texts / f"{documents // 2:05}.txt"
    first = _build(folder)
    changed = []
    for run in range(runs):
        with middle.open("a", encoding="utf-8") as file:
            file.write(f"\n\nMore was said on day {run + 1}.\n")
        changed.append(_build(folder))
    return Update(documents, first, min(changed), min(_build(folder) for _ in range(runs)))


def _build(folder: Path) -> float:
    start = time.process_time()
    build(folder / "texts", project=find_project(folder), layers=QUICK)
    return time.process_time() - start


if __name__ == "__main__":
    sys.exit(main())
