"""Sentiment of sentences against people: correlation with the mean of 20 raters, masked and unmasked.

Pearson's r of VADER's compound with the mean rating of each sentence of New York Times editorials, for
NLTK's own scores, for each step of masking, and the gain of all masks over none. Intervals are percentile
bootstraps over editorials, since the sentences of one editorial are not independent.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.accuracy.rows import FigureRow
from workbench.annotate.sentiment.layer import sentiment_table
from workbench.annotate.sentiment.vader import PlainVader
from workbench.schema import Labelled, Meta, Segment, Sentence, plain
from workbench.settings import load_settings

RESAMPLES = 2000  # of editorials; the ends of the intervals move by less than 0.002 between seeds
STEPS: dict[str, tuple[str, ...]] = {
    "nothing masked": (),
    "names masked": ("names",),
    "names and offices masked": ("names", "offices"),
    "names, offices and courtesy masked": ("names", "offices", "courtesy"),
}
_META = Meta(None, None, None, "none", "", None, "other", "en", None)


def measure(data: Path) -> list[FigureRow]:
    """Every figure of this file; `data` holds nyt_editorial_valence.jsonl.gz."""
    name = "nyt_editorial_valence"
    batch, ratings = _editorials(data / f"{name}.jsonl.gz")
    counts = [len(labelled.sentences) for labelled in batch]
    texts = [labelled.text[s.start : s.end] for labelled in batch for s in labelled.sentences]
    scores = {"NLTK": [PlainVader().polarity_scores(plain(text))["compound"] for text in texts]}
    lexicon = load_settings().sentiment_masks
    for step, groups in STEPS.items():
        scores[step] = sentiment_table(batch, lexicon, groups)["score"].to_pylist()
    floor = float(np.corrcoef(scores["NLTK"], ratings)[0, 1])
    samples = _samples(counts)
    rows = [_row(name, step, np.array(scores[step]), ratings, samples, floor) for step in scores]
    last = list(STEPS)[-1]
    return [*rows, _gain(name, np.array(scores["NLTK"]), np.array(scores[last]), ratings, samples)]


def _editorials(path: Path) -> tuple[list[Labelled], np.ndarray]:
    """Each editorial as a document with one paragraph a sentence, and the ratings in that order."""
    groups: dict[str, list[tuple[str, float]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            groups[row["id"].rsplit("_", 1)[0]].append((row["text"], row["mean_rating_-4_4"]))
    batch = [_document(name, [text for text, _ in rows]) for name, rows in groups.items()]
    return batch, np.array([rating for rows in groups.values() for _, rating in rows])


def _document(name: str, texts: Sequence[str]) -> Labelled:
    segments, sentences, at = [], [], 0
    for number, text in enumerate(texts):
        segments.append(Segment(at, at + len(text) + 1, "paragraph", None, None, "one a sentence"))
        sentences.append(Sentence(number, at, at + len(text), "author", None))
        at += len(text) + 1
    return Labelled(name, "\n".join([*texts, ""]), _META, segments, [], sentences)


def _samples(counts: Sequence[int]) -> list[np.ndarray]:
    """Sentence numbers of `RESAMPLES` draws of editorials."""
    ends = np.cumsum(counts)
    groups = [np.arange(end - count, end) for end, count in zip(ends, counts, strict=True)]
    draw = np.random.default_rng(4).integers(0, len(groups), (RESAMPLES, len(groups)))
    return [np.concatenate([groups[number] for number in drawn]) for drawn in draw]


def _row(
    name: str, step: str, scores: np.ndarray, ratings: np.ndarray, samples: list[np.ndarray], floor: float
) -> FigureRow:
    low, high = np.percentile([np.corrcoef(scores[s], ratings[s])[0, 1] for s in samples], [2.5, 97.5])
    value = float(np.corrcoef(scores, ratings)[0, 1])
    goal = floor if step.startswith("names, offices") else None
    return FigureRow(name, f"r with raters, {step}", value, float(low), float(high), len(ratings), goal)


def _gain(
    name: str, before: np.ndarray, after: np.ndarray, ratings: np.ndarray, samples: list[np.ndarray]
) -> FigureRow:
    """How much the masks add to r, with the interval of the paired difference."""

    def gain(some: np.ndarray) -> float:
        one, two = np.corrcoef(after[some], ratings[some]), np.corrcoef(before[some], ratings[some])
        return float(one[0, 1] - two[0, 1])

    low, high = np.percentile([gain(some) for some in samples], [2.5, 97.5])
    value = gain(np.arange(len(ratings)))
    return FigureRow(name, "r gained by all masks", value, float(low), float(high), len(ratings), 0.0)
