"""Fit the weights of `workbench/annotate/target_sentiment/weights.toml`: multinomial logistic regression with a ridge.

    python -m benchmarks.accuracy.fit_toward --data DIR [--write]

Fitted on one half of newsmtsc, the documents whose hash is even; the accuracy command measures on the other
half, which nothing here reads. Without --write: five-fold cross-validation within the first half.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.accuracy.rows import read_rows
from workbench.annotate.target_sentiment import scorer
from workbench.annotate.target_sentiment.features import find_clues
from workbench.annotate.target_sentiment.syntax import parse_sentence

RIDGE = 10.0  # weight of half the squared norm; swept 1-30 by cross-validation, flat from 5 to 20
SEEN = 5  # targets in which a feature must occur
STEPS = 300
_DOCUMENT = re.compile(r"(?:allsides_\d+_\d+|polusa_v1_\d+)")


class TargetCase(NamedTuple):
    """A labelled target: its document, its sentence and span, and its label as a place in LABELS."""

    document: str
    sentence: str
    start: int
    end: int
    truth: int


def read_cases(data: Path) -> list[TargetCase]:
    """Every target of newsmtsc, in the order of the file."""
    return [
        TargetCase(document_of(target["Input.gid"]), row["sentence_normalized"], target["from"], target["to"],
             int(target["polarity"]) // 2 - 1)
        for row in read_rows(data / "newsmtsc.jsonl.gz")
        for target in row["targets"]
    ]  # fmt: skip


def document_of(gid: str) -> str:
    """The document that a number of newsmtsc names: the numbers of sentence and span cut off."""
    match = _DOCUMENT.match(gid)
    return match[0] if match else gid


def part(document: str, parts: int = 2, salt: str = "") -> int:
    """Which of `parts` parts a document falls in, by its hash."""
    return int(hashlib.sha256((salt + document).encode()).hexdigest(), 16) % parts


def features(case: TargetCase) -> dict[str, float]:
    """The features of a case, as `toward` sees them."""
    return scorer.sum_clues(find_clues(parse_sentence(case.sentence), case.start, case.end))


def matrix(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> np.ndarray:
    """One row a case, one column a feature."""
    place = {name: n for n, name in enumerate(names)}
    out = np.zeros((len(rows), len(names)))
    for n, row in enumerate(rows):
        for name, size in row.items():
            if name in place:
                out[n, place[name]] = size
    return out


def fit(rows: Sequence[Mapping[str, float]], truth: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Names and weights (features x labels) by Adam on the penalised log-likelihood."""
    seen = Counter(name for row in rows for name, size in row.items() if size)
    names = sorted(name for name, count in seen.items() if count >= SEEN)
    known, wanted = matrix(rows, names), np.eye(len(scorer.LABELS))[truth]
    weights = np.zeros((len(names), wanted.shape[1]))
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        gradient = known.T @ (chances(known, weights) - wanted) + RIDGE * weights
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient * gradient
        move = (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        weights -= 0.1 * (1 - step / (STEPS + 1)) * move
    return names, weights


def chances(known: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The chance of each label for each case."""
    logits = known @ weights
    odds = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(odds / odds.sum(1, keepdims=True))


def macro_f1(truth: np.ndarray, found: np.ndarray) -> float:
    """The mean of the F1 of the three labels."""
    scores = []
    for label in range(len(scorer.LABELS)):
        both = int(((truth == label) & (found == label)).sum())
        scores.append(2 * both / max(1, int((truth == label).sum() + (found == label).sum())))
    return float(np.mean(scores))


def write(names: Sequence[str], weights: np.ndarray, cases: int, documents: int, place: Path) -> None:
    """The model as TOML, two decimals."""
    lines = [
        "# Weights of annotate/toward.py: for each feature of a mention (annotate/toward_features.py) one number",
        f"# for each label, in the order {', '.join(scorer.LABELS)}. Larger says more likely.",
        f"# Fitted by benchmarks/accuracy/fit_toward.py on {cases} targets in {documents} documents, one half of",
        f"# newsmtsc (Hamborg and Donnay 2021), labelled by people; ridge {RIDGE:g}. No text of it is in here.",
        "# To change the model, change the features or languages/en/connotations.toml and fit again.",
        "", "[features]",
    ]  # fmt: skip
    lines += [f"'{name}' = [{', '.join(f'{w:.2f}' for w in weights[n])}]" for n, name in enumerate(names)]
    place.write_text("\n".join(lines).replace("-0.00", "0.00") + "\n", encoding="utf-8")


def main() -> None:
    """Cross-validate within the first half, or fit on all of it and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    cases = [case for case in read_cases(options.data) if part(case.document) == 0]
    rows, truth = [features(case) for case in cases], np.array([case.truth for case in cases])
    if options.write:
        names, weights = fit(rows, truth)
        place = Path(scorer.__file__).with_name("weights.toml")
        write(names, weights, len(cases), len({case.document for case in cases}), place)
        return
    folds = np.array([part(case.document, 5, "fold") for case in cases])
    found = np.zeros(len(cases), int)
    for fold in range(5):
        inside, outside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        names, weights = fit([rows[n] for n in inside], truth[inside])
        found[outside] = chances(matrix([rows[n] for n in outside], names), weights).argmax(1)
    print(f"macro-F1 {macro_f1(truth, found):.4f}, n={len(cases)}")


if __name__ == "__main__":
    main()
