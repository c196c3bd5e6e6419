"""Sentiment toward an entity against people's labels, whole-sentence VADER beside it on the same targets.

newsmtsc: the half of the documents that `fit_toward` never read. persent: transfer to another set, the
author's sentiment toward the main entity of an article, as the mean over the mentions that its name finds; the
judge was not fitted on it, the two borders of the labels were set on the half that the labels are not measured
on. Intervals resample documents, since sentences of one are not independent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.accuracy.fit_toward import TargetCase, macro_f1, part, read_cases
from benchmarks.accuracy.recording import record
from benchmarks.accuracy.rows import FigureRow, read_rows
from workbench.analysis.target_sentiment import article_labels
from workbench.annotate.sentences import split_sentences
from workbench.annotate.sentiment import vader
from workbench.annotate.target_sentiment.scorer import LABELS, SentimentTarget, target_sentiment
from workbench.annotate.target_sentiment.syntax import parse_sentence, tokens_of
from workbench.schema import Segment, plain

NEWS, ARTICLES = "newsmtsc, half not fitted on", "persent, transfer"
RESAMPLES = 500  # of documents; the limits move by less than 0.003 between seeds
NEUTRAL = 0.05  # VADER's own border between neutral and the rest
SET_ON, KEPT = 0, 1  # halves of PerSenT by hash: the borders of article labels were set on the first
STEPS = np.arange(-0.6, 0.61, 0.02)  # where borders are looked for
BINS = (0.0, 0.45, 0.55, 0.65, 0.75, 1.01)  # of confidence; three labels leave little below 0.4
Score = Callable[[np.ndarray, np.ndarray], float]


class Judged(NamedTuple):
    """Truth, our answer and VADER's, one a case: places in LABELS; confidence; the documents they are from."""

    truth: np.ndarray
    ours: np.ndarray
    vader: np.ndarray
    sure: np.ndarray
    documents: np.ndarray


def measure(data: Path) -> list[FigureRow]:
    """Every figure of this file; `data` holds newsmtsc.jsonl.gz and persent.jsonl.gz."""
    return [*_newsmtsc(data), *_persent(data)]


def record_figures(rows: Sequence[FigureRow]) -> None:
    """Write the figures to where the reports read them."""
    sets = {"toward": NEWS, "articles": ARTICLES}
    record({name: [row for row in rows if row.set == known] for name, known in sets.items()})


def _newsmtsc(data: Path) -> list[FigureRow]:
    cases = [case for case in read_cases(data) if part(case.document) == 1]
    texts = [case.sentence for case in cases]
    found = target_sentiment(
        texts, [SentimentTarget(n, case.start, case.end) for n, case in enumerate(cases)]
    )
    judged = Judged(
        np.array([case.truth for case in cases]),
        np.array([LABELS.index(each.label) for each in found]),
        _borders(vader.score_texts([plain(text) for text in texts]).compound, NEUTRAL),
        np.array([each.confidence for each in found]),
        np.array([case.document for case in cases]),
    )
    name = NEWS
    rows = [*_compared(name, judged, 0.6)]
    for label, word in enumerate(LABELS):
        for figure, score in _by_label(label).items():
            rows.append(_row(name, f"{figure}, {word}", judged, judged.ours, score))
            if figure == "F1":
                rows.append(_row(name, f"{figure}, {word}, VADER", judged, judged.vader, score))
    return [*rows, *_parts(name, cases, judged), *_calibration(name, judged)]


def _parts(name: str, cases: Sequence[TargetCase], judged: Judged) -> Iterator[FigureRow]:
    """Macro-F1 by voice, and where the targets of one sentence have different labels."""
    labels: dict[str, set[int]] = {}
    for case in cases:
        labels.setdefault(case.sentence, set()).add(case.truth)
    spoken = np.array([_quoted(case) for case in cases])
    mixed = np.array([len(labels[case.sentence]) > 1 for case in cases])
    parts = {
        "in quotation marks": spoken,
        "in the author's words": ~spoken,
        "targets of one sentence differ": mixed,
    }
    for part_name, inside in parts.items():
        mine = Judged(*(column[inside] for column in judged))
        yield _row(name, f"macro-F1, {part_name}", mine, mine.ours, macro_f1)
        yield _row(name, f"macro-F1, {part_name}, VADER", mine, mine.vader, macro_f1)


def _quoted(case: TargetCase) -> bool:
    """Whether the mention stands between quotation marks."""
    syntax = parse_sentence(case.sentence)
    return syntax.quoted[tokens_of(syntax, case.start, case.end)[0]]


def _compared(name: str, judged: Judged, goal: float | None) -> Iterator[FigureRow]:
    """Macro-F1 of both and of the difference, and the share right."""

    def gain(some: np.ndarray) -> float:
        truth = judged.truth[some]
        return macro_f1(truth, judged.ours[some]) - macro_f1(truth, judged.vader[some])

    yield _row(name, "macro-F1", judged, judged.ours, macro_f1, goal)
    yield _row(name, "macro-F1, VADER", judged, judged.vader, macro_f1)
    yield _bounded(name, "macro-F1 gained over VADER", judged, gain)
    yield _row(name, "right", judged, judged.ours, _right)
    yield _row(name, "right, VADER", judged, judged.vader, _right)


def _calibration(name: str, judged: Judged) -> Iterator[FigureRow]:
    """The share right for each bin of confidence, whose mean stands in the name of the figure."""
    for low, high in pairwise(BINS):
        inside = np.flatnonzero((judged.sure >= low) & (judged.sure < high))
        if len(inside):
            mine = Judged(*(column[inside] for column in judged))
            figure = f"right where confidence {low:.2f}-{min(high, 1):.2f} (mean {mine.sure.mean():.3f})"
            yield _row(name, figure, mine, mine.ours, _right)


def _persent(data: Path) -> list[FigureRow]:
    articles = list(read_rows(data / "persent.jsonl.gz"))
    means, tones, kept = [], [], []
    for number, article in enumerate(articles):
        sentences, targets = _mentions(article)
        if targets:
            named = sorted({target.sentence for target in targets})
            means.append(np.mean([each.score for each in target_sentiment(sentences, targets)]))
            tones.append(np.mean(vader.score_texts([plain(sentences[n]) for n in named]).compound))
            kept.append(number)
    truth = np.array([LABELS.index(articles[n]["TRUE_SENTIMENT"].lower()) for n in kept])
    ours, theirs, numbers = np.array(means), np.array(tones), np.array(kept)
    halves = np.array([part(str(articles[n]["DOCUMENT_INDEX"])) for n in kept])
    low, high = best_borders(truth[halves == SET_ON], theirs[halves == SET_ON])
    fitted = np.where(theirs >= high, 2, np.where(theirs <= low, 0, 1))
    found = np.array([LABELS.index(label) for label in article_labels(ours)])
    whole = Judged(truth, found, _borders(theirs, NEUTRAL), np.abs(ours), numbers)
    judged = Judged(*(column[halves == KEPT] for column in whole))
    name = ARTICLES
    rows = [*_compared(name, judged, None)]
    likewise = "macro-F1, VADER with borders set likewise"
    rows.append(_row(name, likewise, judged, fitted[halves == KEPT], macro_f1))
    for label, word in enumerate(LABELS):
        rows.append(_row(name, f"F1, {word}", judged, judged.ours, _by_label(label)["F1"]))
        rows.append(_row(name, f"F1, {word}, VADER", judged, judged.vader, _by_label(label)["F1"]))
    one, two = _correlation(truth, ours), _correlation(truth, theirs)
    rows.append(_bounded(name, "r gained over VADER", whole, lambda some: one(some) - two(some)))
    for who, scores in (("", ours), (", VADER", theirs)):
        rows.append(
            _bounded(name, f"r of mean score with the label{who}", whole, _correlation(truth, scores))
        )
    return rows


def best_borders(truth: np.ndarray, scores: np.ndarray) -> tuple[float, float]:
    """The two borders with the best macro-F1, the first of equals."""
    pairs = [(low, high) for low in STEPS for high in STEPS if low <= high]
    found = [macro_f1(truth, np.where(scores >= h, 2, np.where(scores <= lo, 0, 1))) for lo, h in pairs]
    low, high = pairs[int(np.argmax(found))]
    return float(low), float(high)


def _mentions(article: dict[str, Any]) -> tuple[list[str], list[SentimentTarget]]:
    """The sentences of an article and where its main entity is named: in full, or by the last word."""
    text, name = article["DOCUMENT"], article["TARGET_ENTITY"]
    segments = [Segment(0, len(text), "paragraph", None, None, "whole")]
    sentences = [text[s.start : s.end] for s in split_sentences(text, segments, [])]
    targets = []
    for number, sentence in enumerate(sentences):
        at = 0
        while (place := sentence.find(name.split()[-1], at)) >= 0:
            end = place + len(name.split()[-1])
            whole = sentence.rfind(name, 0, end)
            targets.append(
                SentimentTarget(number, whole if whole >= 0 and whole + len(name) == end else place, end)
            )
            at = end
    return sentences, targets


def _borders(scores: np.ndarray, border: float) -> np.ndarray:
    """Places in LABELS of scores, neutral between minus and plus `border`."""
    return np.where(scores >= border, 2, np.where(scores <= -border, 0, 1))


def _by_label(label: int) -> dict[str, Score]:
    """F1, precision and recall of one label."""

    def share(truth: np.ndarray, found: np.ndarray, below: Callable[[int, int], float]) -> float:
        both = int(((truth == label) & (found == label)).sum())
        return both / max(1.0, below(int((truth == label).sum()), int((found == label).sum())))

    return {
        "F1": lambda truth, found: share(truth, found, lambda t, f: (t + f) / 2),
        "precision": lambda truth, found: share(truth, found, lambda _, f: f),
        "recall": lambda truth, found: share(truth, found, lambda t, _: t),
    }


def _right(truth: np.ndarray, found: np.ndarray) -> float:
    return float((truth == found).mean())


def _correlation(truth: np.ndarray, scores: np.ndarray) -> Callable[[np.ndarray], float]:
    return lambda some: float(np.corrcoef(truth[some], scores[some])[0, 1])


def _row(
    name: str, figure: str, judged: Judged, found: np.ndarray, score: Score, goal: float | None = None
) -> FigureRow:
    return _bounded(name, figure, judged, lambda some: score(judged.truth[some], found[some]), goal)


def _bounded(
    name: str, figure: str, judged: Judged, value: Callable[[np.ndarray], float], goal: float | None = None
) -> FigureRow:
    """The row of `value`, a function of case numbers, with its interval."""
    draws = [value(some) for some in _samples(judged.documents)]
    low, high = np.percentile(draws, [2.5, 97.5])
    whole = np.arange(len(judged.truth))
    return FigureRow(name, figure, value(whole), float(low), float(high), len(whole), goal)


def _samples(documents: Sequence[object] | np.ndarray) -> Iterator[np.ndarray]:
    """TargetCase numbers of `RESAMPLES` draws of documents."""
    _, codes = np.unique(np.asarray(documents), return_inverse=True)
    order = np.argsort(codes, kind="stable")
    groups = np.split(order, np.cumsum(np.bincount(codes))[:-1])
    draw = np.random.default_rng(11)
    for _ in range(RESAMPLES):
        yield np.concatenate([groups[n] for n in draw.integers(0, len(groups), len(groups))])
