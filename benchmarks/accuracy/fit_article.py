"""Fit the weights of `workbench/label/blocks/classifier.toml`: a linear chain over the blocks of labelled pages.

    python -m benchmarks.accuracy.fit_article --data DIR [--write]

Pages: l3s_gn1_lines (a class for each line, read by people), article_extraction_benchmark (a line whose
words stand in the article's body is body), and whole texts without chrome from whitehouse, reuters_sample
and polnear, so that a clean text stays whole. The procedure is fixed: FOLDS folds of whole sites, the
same features, ridge and steps for the held-out models and for the one that is written.

Without --write: how well blocks of sites left out are classed. The figures of `lines.py` and `pages.py`
run the whole of `label` under the same held-out models.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

from benchmarks.accuracy.chain import RIDGE, ChainPage, fit
from benchmarks.accuracy.rows import read_rows
from benchmarks.accuracy.wire import white_case, wire_case
from workbench.label.blocks import boilerplate, classifier
from workbench.label.blocks.features import PageFeatures
from workbench.label.blocks.lines import find_blocks, split_lines

THEIRS = {
    "boilerplate": "chrome",
    "headline": "title",
    "supplemental": "extra",
    "fulltext": "body",
    "related": "related",
    "comment": "remark",
}
FOLDS = 5
CLEAN = 40  # texts without chrome from each of three sets
LONGEST = 250  # blocks of a page to fit on; what follows is menus, comments and the same weights
# Lines that two pages must share to be taken for pages of one site, which l3s_gn1_lines does not name.
SAME_SITE = 12


@cache
def cross_validated_weights(data: Path) -> dict[str, classifier.Weights]:
    """For each page, by its key, the weights fitted without any page of its site."""
    found = list(pages(data))
    fold = fold_of([page.site for page in found])
    models = [fit([page for page in found if fold[page.site] != out]) for out in range(FOLDS)]
    return {page.key: models[fold[page.site]] for page in found}


@contextmanager
def weights_of(model: classifier.Weights) -> Iterator[None]:
    """Within it, `label` finds the story with these weights instead of those of classifier.toml."""
    with mock.patch.object(classifier, "load_weights", return_value=model):
        yield


def fold_of(sites: Sequence[str]) -> dict[str, int]:
    """The fold of each site."""
    order = sorted(set(sites))
    random.Random(1).shuffle(order)
    return {site: number % FOLDS for number, site in enumerate(order)}


def pages(data: Path) -> Iterator[ChainPage]:
    """All pages to fit on."""
    records = list(read_rows(data / "l3s_gn1_lines.jsonl.gz"))
    for record, site in zip(records, same_sites([r["lines"] for r in records]), strict=True):
        text = "\n".join(line for _, line in record["lines"])
        kinds = [THEIRS[kind] for kind, _ in record["lines"]]
        yield _page(("l3s", site, record["id"]), text, kinds, {})
    for record in read_rows(data / "article_extraction_benchmark.jsonl.gz"):
        yield _html_page(record)
    draw = random.Random(3)
    white = [white_case(r, "page") for r in draw.sample(list(read_rows(data / "whitehouse.jsonl.gz")), CLEAN)]
    wire = [wire_case(r) for r in draw.sample(list(read_rows(data / "reuters_sample.jsonl.gz")), CLEAN)]
    for case in white + wire:
        yield _clean_page(case.name, case.raw[:20_000], case.wanted["title"])
    for n, record in enumerate(draw.sample(list(read_rows(data / "polnear.jsonl.gz")), CLEAN)):
        yield _clean_page(f"polnear {n}", record["text"], record.get("title") or "")


def same_sites(found: Sequence[Sequence[Sequence[str]]]) -> list[str]:
    """A name of a site for each page: pages that share SAME_SITE different lines are of one."""
    holders = defaultdict[str, set[int]](set)
    for number, lines in enumerate(found):
        for line in {line for _, line in lines}:
            holders[line].add(number)
    shared = Counter((a, b) for pages in holders.values() for a in pages for b in pages if a < b)
    site = list(range(len(found)))
    for (a, b), many in shared.items():
        if many >= SAME_SITE:
            old, new = site[b], site[a]
            site = [new if one == old else one for one in site]
    return [f"l3s {one}" for one in site]


def _page(where: tuple[str, str, str], text: str, kinds: Sequence[str], hints: dict[int, str]) -> ChainPage:
    """`where`: origin, site and key; `kinds`: a class for each physical line."""
    blocks = find_blocks(text, split_lines(text), hints)
    states = [classifier.CLASSES.index(kinds[block.line]) for block in blocks]
    rows = list(PageFeatures(blocks).rows())[:LONGEST]
    words = [len(block.text.split()) for block in blocks[:LONGEST]]
    return ChainPage(*where, rows, states[:LONGEST], words)


def _html_page(record: dict[str, Any]) -> ChainPage:
    from workbench.read.web.html import parse

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
        title = (
            parsed.known.get("title", "") and boilerplate.strip_leading_marks(line) == parsed.known["title"]
        )
        kinds.append("title" if title else "body" if hit else "chrome")
    where = ("html", urlsplit(record["url"]).hostname or "", record["url"])
    return _page(where, parsed.text, kinds, dict(parsed.hints))


def _clean_page(key: str, text: str, title: str) -> ChainPage:
    kinds = []
    for line in split_lines(text):
        bare = boilerplate.strip_leading_marks(line.text)
        if title and bare == " ".join(title.replace("\u00a0", " ").split()) and "title" not in kinds:
            kinds.append("title")
        elif len(bare) < 100 and (boilerplate.date_line(bare) or boilerplate.byline(line.text)):
            kinds.append("extra")
        else:
            kinds.append(
                "chrome"
                if boilerplate.address_in_line(line.text) or boilerplate.has_only_marks(line.text)
                else "body"
            )
    return _page(("clean", key, key), text, kinds, {})


def guess(page: ChainPage, weights: classifier.Weights) -> list[int]:
    """The states of a page under these weights."""
    found = classifier.best_classes(page.rows, len(page.rows), (), weights)
    return [classifier.CLASSES.index(name) for name in found.classes]


def word_f1(page: ChainPage, found: Sequence[int]) -> float:
    """F1 of body words; the headline is neither wanted nor held against it."""
    body, title = classifier.CLASSES.index("body"), classifier.CLASSES.index("title")
    both = sum(w for w, s, f in zip(page.words, page.states, found, strict=True) if s == f == body)
    ours = sum(w for w, s, f in zip(page.words, page.states, found, strict=True) if f == body and s != title)
    truth = sum(w for w, s in zip(page.words, page.states, strict=True) if s == body)
    return 2 * both / (ours + truth) if ours + truth else 1.0


def report(data: Path) -> None:
    """Print word F1, extras kept out and titles found on blocks of sites left out, by origin."""
    body, extra, title = (classifier.CLASSES.index(name) for name in ("body", "extra", "title"))
    models = cross_validated_weights(data)
    scores = defaultdict[str, list[float]](list)
    kept, heads = Counter[bool](), Counter[tuple[bool, bool]]()
    for page in pages(data):
        found = guess(page, models[page.key])
        scores[page.origin].append(word_f1(page, found))
        if page.origin != "l3s":
            continue
        for w, s, f in zip(page.words, page.states, found, strict=True):
            kept[f != body] += w * (s == extra)
            heads[s == title, f == title] += 1
    for origin, values in scores.items():
        print(f"{origin}: word F1 {sum(values) / len(values):.3f}, n={len(values)}")
    print(f"extras kept out {kept[True] / kept.total():.3f}")
    right = heads[True, True]
    print(f"headlines: recall {right / (right + heads[True, False]):.3f}, "
          f"precision {right / max(1, right + heads[False, True]):.3f}")  # fmt: skip


def write(weights: classifier.Weights, count: Counter[str], place: Path) -> None:
    """The weights as TOML, two decimals."""
    made = ", ".join(f"{n} of {origin}" for origin, n in sorted(count.items()))
    lines = [
        "# Weights of label/article.py: for each feature of a block (label/shape.py) one number for each class,",
        f"# in the order {', '.join(classifier.CLASSES)}. Larger says more likely.",
        f"# Fitted by benchmarks/accuracy/fit_article.py on pages labelled by people ({made}); ridge {RIDGE}.",
        "# No text of those pages is in here. To change the model, change the features and fit again.",
        "", "[changes]  # from the class of this row to the class of the column, one block to the next",
    ]  # fmt: skip
    lines += [
        f"{name} = {_numbers(row)}" for name, row in zip(classifier.CLASSES, weights.changes, strict=True)
    ]
    lines += ["", "[features]"]
    lines += [f"'{name}' = {_numbers(weights.features[n])}" for name, n in weights.numbers.items()]
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _numbers(row: Sequence[float]) -> str:
    return f"[{', '.join(f'{w:.2f}' for w in row)}]"


def main() -> None:
    """Report on sites left out, or fit on all and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if not options.write:
        report(options.data)
        return
    found = list(pages(options.data))
    write(fit(found), Counter(page.origin for page in found), Path(classifier.__file__).with_suffix(".toml"))


if __name__ == "__main__":
    main()
