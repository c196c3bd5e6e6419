"""Figures written to where reports read them, with what tells the judge that was measured from another.

`workbench/analysis/benchmark_scores.toml` is written here and nowhere else; `tests/analysis/test_benchmark_scores.py` holds its
digest against the judge of today, so that no report prints the error of another judge than its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy.rows import FigureRow
from workbench.analysis import benchmark_scores
from workbench.annotate.target_sentiment.scorer import SentimentTarget, target_sentiment

HEAD = """\
# What was measured of the methods, written by `python -m benchmarks.accuracy --data DIR --only toward --record`.
# For each figure: value, low and high of its 95 % interval, number of cases. Never edited by hand.
"""
# Written for this: sentences in which each kind of rule of the judge has something to say of A and of B.
PROBES = (
    "{A} praised {B} as a wise and generous leader.",
    "{A} was accused of fraud by {B}.",
    "Critics slammed {A}, who had defended {B}.",
    "{A} did not support the corrupt plan of {B}.",
    "The killing of {A} was condemned by {B} on Monday.",
    "“{A} is a liar,” said {B}, a respected judge.",
    "Although {A} won the prize, {B} called it a failure.",
    "{A}'s attack on {B} hurt nobody.",
    "{A} met {B} in Geneva.",
    "He thanked {A} and hoped that {B} would help.",
)


def digest() -> str:
    """Sixteen hex digits over what the judge says of the probes: another judge has others."""
    sentences, targets = [], []
    for number, probe in enumerate(PROBES):
        sentences.append(probe.format(A="Orin Vale", B="Marla Quist"))
        for name in ("Orin Vale", "Marla Quist"):
            start = sentences[-1].index(name)
            targets.append(SentimentTarget(number, start, start + len(name)))
    said = [f"{one.score:.3f} {one.label} {len(one.receipt)}" for one in target_sentiment(sentences, targets)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def record(tables: dict[str, Sequence[FigureRow]], place: Path | None = None) -> None:
    """Write the rows of each set under its name."""
    place = place or Path(benchmark_scores.__file__).with_name(benchmark_scores.FILE)
    lines = [HEAD, f'judge = "{digest()}"']
    for name, rows in tables.items():
        lines += ["", f"[{name}]"]
        lines += [f'"{r.figure}" = [{r.value:.4f}, {r.low:.4f}, {r.high:.4f}, {r.n}]' for r in rows]
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")
