"""A corpus of two dozen invented texts in two sources, built once for the tests that count in it."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import workbench
from workbench.corpus import Corpus

PLACES = ("Vessin", "Port Amrell", "the Ostland border", "Quill Bay")
PEOPLE = ("Mara Lindqvist", "Tomas Avrel", "Ilse Brandt")
LINES = (
    "The two sides agreed on arms control and on a new treaty, the ministry said in {place}.",
    "Sanctions hit trade with {place}, and exporters don't expect joint work before spring.",
    "“We want peaceful cooperation with {place},” {person} said. “We won't threaten anybody.”",
    "{person} spoke about human rights and the economy, and the US delegation listened with great pleasure.",
    "A terrible attack near {place} killed nobody, but anti-terrorist forces arrived within the hour.",
    "Oil prices rose again; the market in {place} was calm, and US officials called that good news.",
)


def build_small_corpus(folder: Path, documents: int = 24, seed: int = 3) -> Corpus:
    """The corpus in `folder`, in a project of its own."""
    random = Random(seed)
    texts = folder / "texts"
    texts.mkdir(parents=True)
    for number in range(documents):
        source = "Vessin Wire" if number % 3 else "Ostland Gazette"
        lines = [
            line.format(place=random.choice(PLACES), person=random.choice(PEOPLE))
            for line in random.choices(LINES, k=random.randint(4, 12))
        ]
        head = f"---\ntitle: Report {number} from the region\ndate: 2019-{1 + number % 4:02d}-{1 + number % 27:02d}\nsource: {source}\n---\n"
        (texts / f"text-{number:02d}.md").write_text(head + "\n\n".join(lines) + "\n", encoding="utf-8")
    (folder / "workbench.toml").write_text('corpus = "texts"\n', encoding="utf-8")
    before = Path.cwd()
    os.chdir(folder)
    try:
        return workbench.load("texts")
    finally:
        os.chdir(before)
