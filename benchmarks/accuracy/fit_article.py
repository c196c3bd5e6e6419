"""Fit the weights of `workbench/label/article.toml`: a linear-chain model over the blocks of labelled pages.

    python -m benchmarks.accuracy.fit_article --data DIR [--folds 5] [--write]

Pages: l3s_gn1_lines (a class for each line, read by people), article_extraction_benchmark (a line whose
words stand in the article's body is body), and whole texts without chrome from whitehouse, reuters_sample
and polnear, so that a clean text stays whole. Without --write: cross-validation, whole pages left out
(nearly every page of l3s_gn1_lines is the only one of its site).
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.accuracy.rows import read_rows
from benchmarks.accuracy.wire import white_case, wire_case
from workbench.label import article, furniture
from workbench.label.blocks import find_blocks
from workbench.label.lines import split_lines
from workbench.label.shape import Look

THEIRS = {
    "boilerplate": "chrome",
    "headline": "title",
    "supplemental": "extra",
    "fulltext": "body",
    "related": "related",
    "comment": "remark",
}
SEEN = 4  # pages in which a feature must occur
CLEAN = 40  # texts without chrome from each of three sets
RIDGE = (
    0.3  # weight of the squared norm against the log-likelihood of all pages; swept 0.1-3, flat from 0.2 to 1
)
STEPS = 100
LONGEST = 250  # blocks of a page to fit on; what follows is menus, comments and the same weights


class Page(NamedTuple):
    """Features and classes of the blocks of a page, and the words of each block."""

    origin: str
    rows: list[list[str]]
    states: list[int]
    words: list[int]


def pages(data: Path) -> Iterator[Page]:
    """All pages to fit on."""
    for record in read_rows(data / "l3s_gn1_lines.jsonl.gz"):
        text = "\n".join(line for _, line in record["lines"])
        yield _page("l3s", text, [THEIRS[kind] for kind, _ in record["lines"]], {})
    for record in read_rows(data / "article_extraction_benchmark.jsonl.gz"):
        yield _html_page(record)
    draw = random.Random(3)
    white = [white_case(r, "page") for r in draw.sample(list(read_rows(data / "whitehouse.jsonl.gz")), CLEAN)]
    wire = [wire_case(r) for r in draw.sample(list(read_rows(data / "reuters_sample.jsonl.gz")), CLEAN)]
    for case in white + wire:
        yield _clean_page(case.raw[:20_000], case.wanted["title"])
    for record in draw.sample(list(read_rows(data / "polnear.jsonl.gz")), CLEAN):
        yield _clean_page(record["text"], record.get("title") or "")


def _page(origin: str, text: str, kinds: Sequence[str], hints: dict[int, str]) -> Page:
    """`kinds`: a class for each physical line."""
    blocks = find_blocks(text, split_lines(text), hints)
    states = [article.CLASSES.index(kinds[block.line]) for block in blocks]
    rows = list(Look(blocks).rows())[:LONGEST]
    return Page(origin, rows, states[:LONGEST], [len(block.text.split()) for block in blocks[:LONGEST]])


def _html_page(record: dict[str, Any]) -> Page:
    from workbench.read.html import parse

    (parsed,) = parse(record["html"].encode("utf-8", errors="replace"))
    words = re.findall(r"\w+", record["articleBody"])
    shingles = {tuple(words[n : n + 3]) for n in range(len(words) - 2)}
    whole = " " + " ".join(words) + " "
    kinds = []
    for line in parsed.text.split("\n"):
        said = re.findall(r"\w+", line)
        own = [tuple(said[n : n + 3]) for n in range(len(said) - 2)]
        hit = (
            sum(s in shingles for s in own) >= 0.7 * len(own)
            if own
            else f" {' '.join(said)} " in whole and len(said) > 1
        )
        title = parsed.known.get("title", "") and furniture.bare(line) == parsed.known["title"]
        kinds.append("title" if title else "body" if hit else "chrome")
    return _page("html", parsed.text, kinds, dict(parsed.hints))


def _clean_page(text: str, title: str) -> Page:
    kinds = []
    for line in split_lines(text):
        bare = furniture.bare(line.text)
        if title and bare == " ".join(title.replace("\u00a0", " ").split()) and "title" not in kinds:
            kinds.append("title")
        elif len(bare) < 100 and (furniture.date_line(bare) or furniture.byline(line.text)):
            kinds.append("extra")
        else:
            kinds.append(
                "chrome" if furniture.address(line.text) or furniture.is_marks(line.text) else "body"
            )
    return _page("clean", text, kinds, {})


class Batch(NamedTuple):
    """Pages padded to one length: features as index lists, states, mask."""

    flat: np.ndarray
    owner: np.ndarray
    states: np.ndarray
    mask: np.ndarray


def _batch(chosen: Sequence[Page], index: dict[str, int]) -> Batch:
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
    return Batch(np.array(flat), np.array(owner), states, mask)


def _gradient(batch: Batch, weights: np.ndarray, changes: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
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


def fit(chosen: Sequence[Page]) -> tuple[dict[str, int], np.ndarray, np.ndarray]:
    """Feature index, weights and changes by Adam on the penalised log-likelihood."""
    counts = Counter(name for page in chosen for name in {name for row in page.rows for name in row})
    index = {name: n for n, name in enumerate(sorted(name for name, seen in counts.items() if seen >= SEEN))}
    ordered = sorted(chosen, key=lambda page: len(page.rows))
    batches = [_batch(ordered[n : n + 60], index) for n in range(0, len(ordered), 60)]
    k = len(article.CLASSES)
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
    return index, values[0], values[1]


def guess(page: Page, index: dict[str, int], weights: np.ndarray, changes: np.ndarray) -> list[int]:
    """The states of a page under these weights."""
    scores = [weights[[index[name] for name in row if name in index]].sum(0).tolist() for row in page.rows]
    return article.best_path(scores, changes.tolist())


def word_f1(page: Page, found: Sequence[int]) -> float:
    """F1 of body words; the headline is neither wanted nor held against it."""
    body, title = article.CLASSES.index("body"), article.CLASSES.index("title")
    both = sum(w for w, s, f in zip(page.words, page.states, found, strict=True) if s == f == body)
    ours = sum(w for w, s, f in zip(page.words, page.states, found, strict=True) if f == body and s != title)
    truth = sum(w for w, s in zip(page.words, page.states, strict=True) if s == body)
    return 2 * both / (ours + truth) if ours + truth else 1.0


def cross_validate(all_pages: Sequence[Page], folds: int) -> None:
    """Print word F1, extras kept out and titles found on pages left out, by origin."""
    order = random.Random(1).sample(range(len(all_pages)), len(all_pages))
    body, extra, title = (article.CLASSES.index(name) for name in ("body", "extra", "title"))
    scores: dict[str, list[float]] = {}
    kept, heads = Counter(), Counter()
    for fold in range(folds):
        out = set(order[fold::folds])
        model = fit([page for n, page in enumerate(all_pages) if n not in out])
        for n in out:
            page = all_pages[n]
            found = guess(page, *model)
            scores.setdefault(page.origin, []).append(word_f1(page, found))
            for w, s, f in zip(page.words, page.states, found, strict=True):
                if s == extra and page.origin == "l3s":
                    kept[f != body] += w
                if page.origin == "l3s":
                    heads[s == title, f == title] += 1
    for origin, values in scores.items():
        print(f"{origin}: word F1 {np.mean(values):.3f}, n={len(values)}")
    print(
        f"extras kept out {kept[True] / (kept[True] + kept[False]):.3f}; headlines recall {heads[True, True] / (heads[True, True] + heads[True, False]):.3f}, precision {heads[True, True] / max(1, heads[True, True] + heads[False, True]):.3f}"
    )


def write(model: tuple[dict[str, int], np.ndarray, np.ndarray], count: Counter[str], place: Path) -> None:
    """The model as TOML, two decimals."""
    index, weights, changes = model
    made = ", ".join(f"{n} of {origin}" for origin, n in sorted(count.items()))
    lines = [
        "# Weights of label/article.py: for each feature of a block (label/shape.py) one number for each class,",
        f"# in the order {', '.join(article.CLASSES)}. Larger says more likely.",
        f"# Fitted by benchmarks/accuracy/fit_article.py on pages labelled by people ({made}); ridge {RIDGE}.",
        "# No text of those pages is in here. To change the model, change the features and fit again.",
        "", "[changes]  # from the class of this row to the class of the column, one block to the next",
    ]  # fmt: skip
    lines += [
        f"{name} = [{', '.join(f'{w:.2f}' for w in changes[n])}]" for n, name in enumerate(article.CLASSES)
    ]
    lines += ["", "[features]"]
    lines += [f"'{name}' = [{', '.join(f'{w:.2f}' for w in weights[n])}]" for name, n in index.items()]
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Cross-validate, or fit on all and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    found = list(pages(options.data))
    if not options.write:
        cross_validate(found, options.folds)
        return
    write(fit(found), Counter(page.origin for page in found), Path(article.__file__).with_suffix(".toml"))


if __name__ == "__main__":
    main()
