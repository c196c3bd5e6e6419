"""Which lines of a page without its HTML are the story: word F1, and what is kept out of the body.

What is fitted (label/classifier.toml) is fitted anew for each page without the pages of its site: these are
the figures. With the weights as they are shipped, which have seen the pages, they are printed as in-sample.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.accuracy.fit_article import cross_validated_weights, weights_of
from benchmarks.accuracy.rows import FigureRow, figure_row, mean, read_rows
from workbench.label import label
from workbench.schema import BODY_KINDS, Document, plain
from workbench.settings import Settings, load_settings

WAYS = {"a line each": "\n", "blank lines between": "\n\n"}


class LabelledPage(NamedTuple):
    """Counts of words of one page: in both bodies, in ours, in the true one; extras kept out of extras in all."""

    both: int
    ours: int
    truth: int
    out: int
    extras: int
    title: bool


def measure(data: Path) -> list[FigureRow]:
    """Word F1 of the article on l3s_gn1_lines, the share of extras kept out, and titles."""
    records = list(read_rows(data / "l3s_gn1_lines.jsonl.gz"))
    trivials = [trivial(record["lines"]) for record in records]
    rows = [figure_row("l3s_gn1_lines", "word F1, lines of 100+ characters", trivials, f1, None)]
    models = cross_validated_weights(data)
    settings = load_settings()
    for way, joint in WAYS.items():
        fair = []
        for record in records:
            with weights_of(models[record["id"]]):
                fair.append(page(record["lines"], joint, settings))
        rows += _rows(f"l3s_gn1_lines, {way}", "held out", fair, (0.92, 0.75))
        shipped = [page(record["lines"], joint, settings) for record in records]
        rows += _rows(f"l3s_gn1_lines, {way}", "in-sample", shipped, (None, None))
    return rows


def _rows(
    name: str, how: str, found: Sequence[LabelledPage], goals: tuple[float | None, float | None]
) -> list[FigureRow]:
    return [
        figure_row(name, f"word F1 of the article, {how}", found, f1, goals[0]),
        figure_row(name, f"extras kept out of the body, {how}", found, excluded_extras, goals[1]),
        figure_row(name, f"title is the headline, {how}", [p.title for p in found], mean, None),
    ]


def page(lines: Sequence[Sequence[str]], joint: str, settings: Settings) -> LabelledPage:
    """One page labelled and compared, line by line, word by word."""
    text = joint.join(line for _, line in lines)
    labels = label(Document("page.txt", "page.txt", text, ""), settings)
    body = bytearray(len(text))
    for segment in labels.segments:
        if segment.kind in BODY_KINDS:
            body[segment.start : segment.end] = b"\1" * (segment.end - segment.start)
    counts, start = Counter[tuple[str, bool]](), 0
    for kind, line in lines:
        for match in re.finditer(r"\S+", line):
            counts[kind, bool(body[start + match.start()])] += 1
        start += len(line) + len(joint)
    both, ours = counts["fulltext", True], sum(n for (_, kept), n in counts.items() if kept)
    # a headline is neither wanted in the body nor held against it
    ours -= counts["headline", True]
    extras = counts["supplemental", False] + counts["supplemental", True]
    headlines = {_folded(line) for kind, line in lines if kind == "headline"}
    found = _folded(labels.meta.title or "") in headlines
    return LabelledPage(
        both, ours, both + counts["fulltext", False], counts["supplemental", False], extras, found
    )


def trivial(lines: Sequence[Sequence[str]]) -> LabelledPage:
    """The same counts for the rule that keeps every line of 100 characters."""
    words = [(kind, len(line.split()), len(line) >= 100) for kind, line in lines]
    both = sum(n for kind, n, kept in words if kept and kind == "fulltext")
    ours = sum(n for kind, n, kept in words if kept and kind != "headline")
    return LabelledPage(both, ours, sum(n for kind, n, _ in words if kind == "fulltext"), 0, 0, False)


def _folded(text: str) -> str:
    return " ".join(plain(text).casefold().split())


def f1(pages: Sequence[LabelledPage]) -> float:
    """Mean over pages of the F1 of words."""
    return sum(2 * p.both / (p.ours + p.truth) if p.ours + p.truth else 1.0 for p in pages) / len(pages)


def excluded_extras(pages: Sequence[LabelledPage]) -> float:
    """Share of the words of captions, bylines, dates and credits that are not in the body."""
    return sum(p.out for p in pages) / max(1, sum(p.extras for p in pages))
