"""Print every accuracy figure: `python -m benchmarks.accuracy --data DIR [--only lines,wire] [--json] [--record]`."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import sys
import time
from pathlib import Path

from benchmarks.accuracy.rows import FigureRow

PARTS = (
    "lines",
    "pages",
    "wire",
    "turns",
    "quotes",
    "names",
    "aliases",
    "sentiment",
    "toward",
    "pronouns",
    "stories",
)  # modules of this package, in this order


def main(arguments: list[str] | None = None) -> int:
    """0 when every goal is met, 1 when one is missed, 2 on wrong use."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the labelled *.jsonl.gz sets")
    parser.add_argument("--only", default="", help=f"parts to run, parted by commas: {', '.join(PARTS)}")
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of a table")
    parser.add_argument("--record", action="store_true", help="keep the figures that reports print (toward)")
    options = parser.parse_args(arguments)
    chosen = [part for part in options.only.split(",") if part] or [part for part in PARTS if _exists(part)]
    if unknown := [part for part in chosen if part not in PARTS or not _exists(part)]:
        parser.error(
            f"unknown part {unknown[0]!r}; known: {', '.join(part for part in PARTS if _exists(part))}"
        )
    missed = 0
    for part in chosen:
        started = time.perf_counter()
        module = importlib.import_module(f"benchmarks.accuracy.{part}")
        rows: list[FigureRow] = module.measure(options.data)
        if options.record and hasattr(module, "record_figures"):
            module.record_figures(rows)
        for row in rows:
            missed += row.goal is not None and row.value < row.goal
            print(json.dumps(row._asdict()) if options.json else _line(row), flush=True)
        print(f"({part}: {time.perf_counter() - started:.0f} s)", file=sys.stderr)
    return int(missed > 0)


def _exists(part: str) -> bool:
    return importlib.util.find_spec(f"benchmarks.accuracy.{part}") is not None


def _line(row: FigureRow) -> str:
    goal = "" if row.goal is None else f"  goal {row.goal:.3f} {'met' if row.value >= row.goal else 'MISSED'}"
    return f"{row.set:32} {row.figure:46} {row.value:6.3f} [{row.low:.3f}-{row.high:.3f}] n={row.n:<6}{goal}"


if __name__ == "__main__":
    sys.exit(main())
