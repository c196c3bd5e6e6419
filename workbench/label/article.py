"""Which blocks of a page are the story: a linear chain over the blocks, its weights in `article.toml`.

Every block gets one of CLASSES so that the sum of its features' weights and of the weights of each
change from one class to the next is largest (Viterbi). The weights are data: fitted by
`benchmarks/accuracy/fit_article.py`, readable one by one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from operator import add
from typing import NamedTuple

from workbench.label.blocks import Block
from workbench.label.shape import Look

CLASSES = ("chrome", "title", "extra", "body", "related", "remark")


class Weights(NamedTuple):
    """For each feature a weight for each class; for each pair of classes the weight of the change."""

    features: Mapping[str, tuple[float, ...]]
    changes: tuple[tuple[float, ...], ...]


@cache
def load_weights() -> Weights:
    """The weights of `article.toml`."""
    table = tomllib.loads(
        resources.files("workbench.label").joinpath("article.toml").read_text(encoding="utf-8")
    )
    features = {name: tuple(weights) for name, weights in table["features"].items()}
    return Weights(features, tuple(tuple(table["changes"][name]) for name in CLASSES))


def find_article(blocks: Sequence[Block]) -> list[str]:
    """The class of each block."""
    if not blocks:
        return []
    weights = load_weights()
    find, none = weights.features.get, (0.0,) * len(CLASSES)
    scores = []
    for features in Look(blocks).rows():
        columns = zip(*(find(name, none) for name in features))  # noqa: B905 - all weights have one length
        scores.append(list(map(sum, columns)))
    return [CLASSES[state] for state in best_path(scores, weights.changes)]


def best_path(scores: Sequence[Sequence[float]], changes: Sequence[Sequence[float]]) -> list[int]:
    """The states with the largest sum of scores and changes (Viterbi)."""
    states = range(len(changes))
    into = list(zip(*changes, strict=True))
    best = list(scores[0])
    came: list[list[int]] = []
    for row in scores[1:]:
        step, froms = [], []
        for state in states:
            options = list(map(add, best, into[state]))
            top = max(options)
            froms.append(options.index(top))
            step.append(top + row[state])
        best = step
        came.append(froms)
    state = best.index(max(best))
    path = [state]
    for froms in reversed(came):
        state = froms[state]
        path.append(state)
    return path[::-1]
