"""Peak memory of a build, over corpora of growing size: it follows the batch, not the corpus.

    python -m benchmarks.memory --data DIR [--sizes 1000,3000,7638] [--json]

Texts of whitehouse, at even steps through the set, are written to a folder and built with labels, tokens and sentiment (no names, no language
model), each size in a process of its own, whose greatest resident memory is taken. Exit code 1 when the largest
corpus takes more than half as much again as the smallest.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.accuracy.rows import read_rows

SET = "whitehouse"
MOST = 1.5  # times the memory of the smallest corpus
_BUILD = """
import json, resource, sys, time
from workbench.pipeline.build import build
from workbench.pipeline import QUICK
start = time.process_time()
built = build(sys.argv[1], layers=QUICK)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([built.documents, peak / 1024, time.process_time() - start]))
"""


class Peak(NamedTuple):
    """One build: documents, greatest resident memory in MB (2^20), processor seconds."""

    documents: int
    megabytes: float
    seconds: float


def main(arguments: list[str] | None = None) -> int:
    """0 when memory is flat, else 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled sets")
    parser.add_argument("--sizes", default="1000,3000,7638", help="documents of each corpus")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    options = parser.parse_args(arguments)
    peaks = [peak(options.data, int(size)) for size in options.sizes.split(",")]
    if options.json:
        print(json.dumps([one._asdict() for one in peaks]))
    else:
        for one in peaks:
            print(f"{one.documents:>6,} documents {one.megabytes:>8.0f} MB at most {one.seconds:>8.1f} s")
    return int(peaks[-1].megabytes > MOST * peaks[0].megabytes)


def evenly(data: Path, size: int) -> Iterator[dict[str, Any]]:
    """`size` texts at even steps through the set, whose first thousand are short: each corpus has all kinds."""
    total = sum(1 for _ in read_rows(data / f"{SET}.jsonl.gz"))
    wanted = {at * total // size for at in range(size)}
    return (record for at, record in enumerate(read_rows(data / f"{SET}.jsonl.gz")) if at in wanted)


def peak(data: Path, size: int) -> Peak:
    """Build `size` texts in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder, "texts")
        texts.mkdir()
        Path(folder, "workbench.toml").write_text('corpus = "texts"\n', encoding="utf-8")
        for number, record in enumerate(evenly(data, size)):
            (texts / f"{number:05}.txt").write_text(record["raw"], encoding="utf-8")
        command = [sys.executable, "-c", _BUILD, str(texts)]
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return Peak(*json.loads(run.stdout))


if __name__ == "__main__":
    sys.exit(main())
