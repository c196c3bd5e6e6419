"""Fitting a linear chain: penalised log-likelihood of labelled pages, its gradient by forward-backward, Adam."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from workbench.label.blocks.classifier import CLASSES, Weights

SEEN = 4  # pages in which a feature must occur
RIDGE = 0.3  # weight of the squared norm of the weights against the log-likelihood of all pages; not swept
STEPS = 100  # of Adam, its rate falling in a line from 0.2 to 0


class ChainPage(NamedTuple):
    """Features and classes of the blocks of a page, the words of each block, and where the page is from."""

    origin: str
    site: str
    key: str
    rows: list[list[str]]
    states: list[int]
    words: list[int]


class ChainBatch(NamedTuple):
    """Pages padded to one length: features as index lists, states, mask."""

    flat: np.ndarray
    owner: np.ndarray
    states: np.ndarray
    mask: np.ndarray


def _batch(chosen: Sequence[ChainPage], index: dict[str, int]) -> ChainBatch:
    long = max(len(page.rows) for page in chosen)
    states = np.zeros((len(chosen), long), int)
    mask = np.zeros((len(chosen), long), bool)
    flat, owner = [], []
    for p, page in enumerate(chosen):
        states[p, : len(page.states)] = page.states
        mask[p, : len(page.states)] = True
        for b, row in enumerate(page.rows):
            known = [index[name] for name in row if name in index]
            flat += known
            owner += [p * long + b] * len(known)
    return ChainBatch(np.array(flat), np.array(owner), states, mask)


def _gradient(
    batch: ChainBatch, weights: np.ndarray, changes: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Log-likelihood of the batch and its gradients, by forward-backward."""
    many, long = batch.states.shape
    k = changes.shape[0]
    scores = np.zeros((many * long, k))
    starts = np.flatnonzero(np.diff(batch.owner, prepend=-1))
    scores[batch.owner[starts]] = np.add.reduceat(weights[batch.flat], starts, axis=0)
    scores = scores.reshape(many, long, k)
    alpha = np.zeros((many, long, k))
    alpha[:, 0] = scores[:, 0]
    for t in range(1, long):
        inner = alpha[:, t - 1, :, None] + changes[None]
        top = inner.max(1)
        step = top + np.log(np.exp(inner - top[:, None]).sum(1)) + scores[:, t]
        alpha[:, t] = np.where(batch.mask[:, t, None], step, alpha[:, t - 1])
    top = alpha[:, -1].max(1)
    norm = top + np.log(np.exp(alpha[:, -1] - top[:, None]).sum(1))
    beta = np.zeros((many, long, k))
    pairs = np.zeros((k, k))
    for t in range(long - 1, 0, -1):
        inner = changes[None] + (scores[:, t] + beta[:, t])[:, None, :]
        both = (
            np.exp(np.minimum(alpha[:, t - 1, :, None] + inner - norm[:, None, None], 0))
            * batch.mask[:, t, None, None]
        )
        pairs += both.sum(0)
        top2 = inner.max(2)
        step = top2 + np.log(np.exp(inner - top2[..., None]).sum(2))
        beta[:, t - 1] = np.where(batch.mask[:, t, None], step, beta[:, t])
    shares = np.exp(np.minimum(alpha + beta - norm[:, None, None], 0)) * batch.mask[..., None]
    truth = np.eye(k)[batch.states] * batch.mask[..., None]
    gap = (truth - shares).reshape(-1, k)
    gradient = np.stack([np.bincount(batch.flat, gap[batch.owner, c], weights.shape[0]) for c in range(k)], 1)
    here, there = batch.states[:, :-1], batch.states[:, 1:]
    seen = np.zeros((k, k))
    np.add.at(seen, (here[batch.mask[:, 1:]], there[batch.mask[:, 1:]]), 1)
    path = (np.take_along_axis(scores, batch.states[..., None], 2)[..., 0] * batch.mask).sum() + (
        seen * changes
    ).sum()
    return float(path - norm.sum()), gradient, seen - pairs


def fit(chosen: Sequence[ChainPage]) -> Weights:
    """The weights of the features that occur in SEEN pages."""
    counts = Counter(name for page in chosen for name in {name for row in page.rows for name in row})
    index = {name: n for n, name in enumerate(sorted(name for name, seen in counts.items() if seen >= SEEN))}
    ordered = sorted(chosen, key=lambda page: len(page.rows))
    batches = [_batch(ordered[n : n + 60], index) for n in range(0, len(ordered), 60)]
    k = len(CLASSES)
    values = [np.zeros((len(index), k)), np.zeros((k, k))]
    first = [np.zeros_like(v) for v in values]
    second = [np.zeros_like(v) for v in values]
    for step in range(1, STEPS + 1):
        grads = [-RIDGE * v for v in values]
        for batch in batches:
            _, g0, g1 = _gradient(batch, *values)
            grads[0] += g0
            grads[1] += g1
        rate = 0.2 * (1 - step / (STEPS + 1))
        for n, g in enumerate(grads):
            first[n] = 0.9 * first[n] + 0.1 * g
            second[n] = 0.99 * second[n] + 0.01 * g * g
            values[n] = values[n] + rate * (first[n] / (1 - 0.9**step)) / (
                np.sqrt(second[n] / (1 - 0.99**step)) + 1e-8
            )
    return Weights(index, values[0], values[1])
