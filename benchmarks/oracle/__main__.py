"""Print what the workbench finds of a planted truth: python -m benchmarks.oracle [--seeds 20] [--effects zero,half,one,two]

Each seed is a corpus of its own, written by `workbench.example`, built, and compared with its truth: labels, quotations,
speakers, dates, names, stories, and what each report says of the effects that were planted. `found` counts what is
true and was found, `missed` what was not, `false alarms` what was claimed and is not true.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

from benchmarks.oracle.corpora import SIZES, load_example, score_seed
from benchmarks.oracle.executed import compare_executed
from benchmarks.oracle.scores import Score, add_up, as_markdown


def main(arguments: list[str] | None = None) -> int:
    """0 when the table was printed, 2 when the command line is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.oracle", description=__doc__.split("\n")[0] if __doc__ else ""
    )
    parser.add_argument("--seeds", type=int, default=20, help="corpora, each of another seed")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument(
        "--effects", default=",".join(SIZES), help=f"sizes of the effects: {', '.join(SIZES)}"
    )
    parser.add_argument("--confounded-by", choices=("genre", "year"), default="genre")
    parser.add_argument("--pages", type=int, default=240)
    parser.add_argument(
        "--names", type=int, default=None, help="seeds whose names are read, too (default: all)"
    )
    parser.add_argument("--workers", type=int, default=1, help="corpora built at once")
    parser.add_argument("--cache", type=Path, help="folder that keeps the corpora and their scores")
    parser.add_argument(
        "--executed", action="store_true", help="compare a report executed on the first corpus, too"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of a table")
    options = parser.parse_args(arguments)
    sizes = [size for size in options.effects.split(",") if size]
    if unknown := [size for size in sizes if size not in SIZES]:
        parser.error(f"unknown size {unknown[0]!r}; known: {', '.join(SIZES)}")
    with tempfile.TemporaryDirectory() as fresh:
        root = options.cache or Path(fresh)
        seeds = range(options.first, options.first + options.seeds)
        named = options.seeds if options.names is None else options.names
        with ProcessPoolExecutor(options.workers) as pool:
            jobs = [
                pool.submit(score_seed, seed, sizes, root / f"seed-{seed}", pages=options.pages,
                            confounded_by=options.confounded_by, names=number < named)
                for number, seed in enumerate(seeds)
            ]  # fmt: skip
            scores: list[Score] = []
            for seed, job in zip(seeds, jobs, strict=True):
                scores += job.result()
                print(f"(seed {seed} done)", file=sys.stderr, flush=True)
        if options.executed:
            folder = root / f"seed-{options.first}"
            scores.append(compare_executed(load_example(folder), folder))
    rows = add_up(scores)
    print("\n".join(json.dumps(asdict(row)) for row in rows) if options.json else as_markdown(rows, SIZES))
    return 0


if __name__ == "__main__":
    sys.exit(main())
