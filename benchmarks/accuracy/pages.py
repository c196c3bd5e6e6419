"""The article's body from HTML, beside trafilatura on the same pages.

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
from benchmarks.accuracy.rows import FigureRow, figure_row, read_rows
from workbench.label import label
from workbench.read.web.html import parse
from workbench.schema import BODY_KINDS, Document
from workbench.settings import Settings, load_settings

KINDS = (*BODY_KINDS, "dateline", "insertion", "stage")
SHINGLE = 4  # words; the article-extraction-benchmark compares bags of 4-word shingles


class Overlap(NamedTuple):
    """Precision and recall of one page."""

    precision: float
    recall: float


def measure(data: Path) -> list[FigureRow]:
    """F1 of mean precision and mean recall over pages, as that benchmark computes it."""
    import trafilatura

    settings = load_settings()
    records = list(read_rows(data / "article_extraction_benchmark.jsonl.gz"))
    theirs = [
        overlap(trafilatura.extract(r["html"], include_comments=False) or "", r["articleBody"])
        for r in records
    ]
    models = cross_validated_weights(data)
    fair = []
    for record in records:
        with weights_of(models[record["url"]]):
            fair.append(overlap(body_of(record["html"], settings), record["articleBody"]))
    shipped = [overlap(body_of(record["html"], settings), record["articleBody"]) for record in records]
    name = "article_extraction_benchmark"
    peer = figure_row(name, "trafilatura F1 of 4-word shingles", theirs, f1, None)
    return [
        peer,
        figure_row(name, "F1 of 4-word shingles, held out", fair, f1, peer.value),
        figure_row(name, "F1 of 4-word shingles, in-sample", shipped, f1, None),
        figure_row(name, "gain on trafilatura, F1, held out", [*zip(fair, theirs, strict=True)], gain, 0.0),
    ]


def gain(pairs: Sequence[tuple[Overlap, Overlap]]) -> float:
    """F1 of the first of each pair less that of the second: its interval is that of the difference."""
    return f1([ours for ours, _ in pairs]) - f1([theirs for _, theirs in pairs])


def body_of(html: str, settings: Settings) -> str:
    """The body text of a page by our labels, with what stands within it: that benchmark's bodies have both."""
    (parsed,) = parse(html.encode("utf-8", errors="replace"))
    document = Document("p.html", "p.html", parsed.text, "", parsed.known, parsed.repairs, parsed.hints)
    labels = label(document, settings)
    return "\n".join(parsed.text[s.start : s.end].strip() for s in labels.segments if s.kind in KINDS)


def overlap(found: str, truth: str) -> Overlap:
    """Precision and recall of the bag of shingles."""
    ours, theirs = _shingles(found), _shingles(truth)
    both = sum((ours & theirs).values())
    return Overlap(both / max(1, sum(ours.values())), both / max(1, sum(theirs.values())))


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    if 0 < len(words) < SHINGLE:
        return Counter([tuple(words)])
    return Counter(zip(*(words[n:] for n in range(SHINGLE)), strict=False))


def f1(pages: Sequence[Overlap]) -> float:
    """Harmonic mean of mean precision and mean recall."""
    precision = sum(p.precision for p in pages) / len(pages)
    recall = sum(p.recall for p in pages) / len(pages)
    return 2 * precision * recall / (precision + recall)
