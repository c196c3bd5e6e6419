"""Classify the blocks of a page by a linear chain over the blocks, its weights in `classifier.toml`.

Every block gets one of CLASSES so that the sum of its features' weights and of the weights of each
change from one class to the next is largest (Viterbi). The weights are data: fitted by
`benchmarks/accuracy/fit_article.py`, readable one by one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from workbench.label.blocks.features import PageFeatures
from workbench.label.blocks.lines import Block

CLASSES = ("chrome", "title", "extra", "body", "related", "remark")
BODY = CLASSES.index("body")
EXTRA = CLASSES.index("extra")
CERTAIN = 1e6  # score that keeps a settled block in the body; all weights of a page sum to less

Array = npt.NDArray[np.float64]


class Weights(NamedTuple):
    """The row of each feature's weights (a column for each class), and the weight of each change of class."""

    numbers: Mapping[str, int]
    features: Array
    changes: Array


@cache
def load_weights() -> Weights:
    """The weights of `classifier.toml`."""
    table = tomllib.loads(
        resources.files("workbench.label.blocks").joinpath("classifier.toml").read_text(encoding="utf-8")
    )
    index = {name: number for number, name in enumerate(table["features"])}
    changes = np.array([table["changes"][name] for name in CLASSES])
    return Weights(index, np.array([*table["features"].values()]), changes)


class ArticleBlocks(NamedTuple):
    """The class of each block, and how probable it is that the block is body (1 for settled ones), or an extra."""

    classes: list[str]
    body: list[float]
    extra: list[float]


def find_article(blocks: Sequence[Block], settled: Collection[int] = frozenset()) -> ArticleBlocks:
    """The class of each block; the `settled` ones are body, and the chain goes through them."""
    return best_classes(list(PageFeatures(blocks, settled).rows()), len(blocks), settled, load_weights())


def best_classes(
    rows: Sequence[Sequence[str]], block_count: int, settled: Collection[int], weights: Weights
) -> ArticleBlocks:
    """The classes of `block_count` blocks; `rows` has the features of those that are not settled, in order."""
    scores = iter(score(rows, weights))
    fixed = np.zeros(len(CLASSES))
    fixed[BODY] = CERTAIN
    steps: list[Array] = []
    step_blocks: list[int] = []
    for number in range(block_count):
        if number not in settled:
            steps.append(next(scores))
            step_blocks.append(number)
        elif not number or number - 1 not in settled:  # a run of settled blocks is one step
            steps.append(fixed)
            step_blocks.append(number)
    article = ArticleBlocks(["body"] * block_count, [1.0] * block_count, [0.0] * block_count)
    if not steps:
        return article
    sums = best_sums(steps, weights.changes)
    shares = np.exp(sums - sums.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    for number, state, share in zip(step_blocks, sums.argmax(1).tolist(), shares.tolist(), strict=True):
        article.classes[number] = CLASSES[state]
        article.body[number], article.extra[number] = share[BODY], share[EXTRA]
    return article


def score(rows: Sequence[Sequence[str]], weights: Weights) -> Array:
    """For each row the sum of its features' weights, a column for each class; unknown features weigh nothing."""
    numbers = weights.numbers
    row_numbers = [[number for name in row if (number := numbers.get(name)) is not None] for row in rows]
    scores = np.zeros((len(rows), len(CLASSES)))
    nonempty = [number for number, row in enumerate(row_numbers) if row]
    if nonempty:
        lengths = [len(row_numbers[number]) for number in nonempty]
        starts = list(accumulate(lengths[:-1], initial=0))
        flat = [number for row in row_numbers for number in row]
        scores[nonempty] = np.add.reduceat(weights.features[flat], starts, axis=0)
    return scores


def best_sums(scores: Sequence[Array], changes: Array) -> Array:
    """For each step and state the sum of the best path through it: its largest in a row is Viterbi's state."""
    # What `max` of an array calls, without the way there: that is half the time of a step.
    best = np.maximum.reduce
    forward = [scores[0]]
    for row in scores[1:]:
        forward.append(best(forward[-1][:, None] + changes) + row)
    backward = [np.zeros(len(changes))]
    for row in scores[:0:-1]:
        backward.append(best(changes + (row + backward[-1]), 1))
    return np.array(forward) + np.array(backward[::-1])
