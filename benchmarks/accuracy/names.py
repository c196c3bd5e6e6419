"""Names found against labelled news and official texts, with our rules and by the model alone.

A name counts as found when its span and its label (person, body, place) are the labelled ones. Other
labels are left out on both sides, since the sets mark no offices, agreements or events, or mark them
otherwise; "overlap" asks only for a common character and the label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path
from typing import NamedTuple

from benchmarks.accuracy.rows import FigureRow, figure_row, read_rows
from workbench.annotate.ner.layer import find_mentions
from workbench.annotate.ner.model import model_entities
from workbench.schema import Labelled, Meta, Segment, plain
from workbench.settings import Settings, load_settings

Name = tuple[int, int, str]
SENTENCES = 3250  # of CoNLL-2003, its validation part: what the model is usually reported on

_IEER = {"PERSON": "person", "ORGANIZATION": "body", "LOCATION": "place"}
_BIO = {
    "PER": "person", "ORG": "body", "LOC": "place", "Person": "person", "Organisation": "body", "Location": "place",
}  # fmt: skip
_META = Meta(None, None, None, "none", "", None, "article", "en", None)


class Counts(NamedTuple):
    """Names found rightly, found in all, and labelled, in one document."""

    right: int
    found: int
    labelled: int


class NamesCase(NamedTuple):
    """A document with its labelled names."""

    text: str
    names: list[Name]


def measure(data: Path) -> list[FigureRow]:
    """F1 of names on newswire stories, official texts and single news sentences."""
    settings = load_settings()
    rows: list[FigureRow] = []
    for name, cases in (
        ("ieer_newswire_ner", list(_ieer(data))),
        ("ner re3d", list(_bio(data, "re3d", 765))),
        ("ner conll2003 valid", list(_bio(data, "conll2003", SENTENCES))),
    ):
        rows += _rows(name, cases, settings)
    return rows


def _rows(name: str, cases: Sequence[NamesCase], settings: Settings) -> Iterator[FigureRow]:
    documents = [labelled(case.text) for case in cases]
    ours = [[(m.start, m.end, m.label) for m in found] for found in find_mentions(documents, settings)]
    alone = [_alone(document, settings) for document in documents]
    exact = [count(names, case.names) for names, case in zip(ours, cases, strict=True)]
    before = [count(names, case.names) for names, case in zip(alone, cases, strict=True)]
    overlap = [count(names, case.names, overlap=True) for names, case in zip(ours, cases, strict=True)]
    pairs = list(zip(exact, before, strict=True))
    yield figure_row(name, "names F1", exact, f1, None)
    yield figure_row(name, "names precision", exact, precision, None)
    yield figure_row(name, "names recall", exact, recall, None)
    yield figure_row(name, "names F1, model alone", before, f1, None)
    yield figure_row(
        name, "gain of the rules in F1", pairs, lambda c: f1([a for a, _ in c]) - f1([b for _, b in c]), None
    )
    yield figure_row(name, "names F1, overlap", overlap, f1, None)
    for label in ("person", "body", "place"):
        of_label = [count(names, case.names, only=label) for names, case in zip(ours, cases, strict=True)]
        yield figure_row(name, f"names F1, {label}", of_label, f1, None)


def labelled(text: str) -> Labelled:
    """A text whose every indented line begins a paragraph, as a document of the workbench."""
    starts = [0, *(m.start() + 1 for m in re.finditer(r"\n(?=\t)", text)), len(text)]
    segments = [Segment(a, b, "paragraph", None, None, "") for a, b in pairwise(starts) if a < b]
    return Labelled("", text, _META, segments, [], [])


def _alone(document: Labelled, settings: Settings) -> list[Name]:
    """The names as the model gives them, over the same paragraphs."""
    text = plain(document.text).replace("\n", " ")
    pieces = [text[s.start : s.end] for s in document.segments]
    found = model_entities(pieces, settings.aliases.model)
    return [
        (s.start + n.start, s.start + n.end, n.label)
        for s, names in zip(document.segments, found, strict=True)
        for n in names
    ]


def count(found: Sequence[Name], names: Sequence[Name], *, only: str = "", overlap: bool = False) -> Counts:
    """How many names of a document were found, by exact span or by a common character."""
    labels = {only} if only else {"person", "body", "place"}
    have = [name for name in found if name[2] in labels]
    want = [name for name in names if name[2] in labels]
    if not overlap:
        return Counts(len(set(have) & set(want)), len(have), len(want))
    left, right = list(have), 0
    for start, end, label in want:
        hit = next((n for n in left if n[2] == label and n[0] < end and start < n[1]), None)
        if hit:
            left.remove(hit)
            right += 1
    return Counts(right, len(have), len(want))


def precision(cases: Sequence[Counts]) -> float:
    """Share of found names that are right."""
    return sum(c.right for c in cases) / max(1, sum(c.found for c in cases))


def recall(cases: Sequence[Counts]) -> float:
    """Share of labelled names that are found."""
    return sum(c.right for c in cases) / max(1, sum(c.labelled for c in cases))


def f1(cases: Sequence[Counts]) -> float:
    """Harmonic mean of the two, over all names of all documents."""
    return 2 * sum(c.right for c in cases) / max(1, sum(c.found + c.labelled for c in cases))


def _ieer(data: Path) -> Iterator[NamesCase]:
    for row in read_rows(data / "ieer_newswire_ner.jsonl.gz"):
        yield NamesCase(
            row["text"], [(s, e, _IEER[kind]) for s, e, kind, _ in row["entities"] if kind in _IEER]
        )


def _bio(data: Path, corpus: str, most: int) -> Iterator[NamesCase]:
    """Sentences with their tokens joined by spaces; of CoNLL the last `most`, its validation part."""
    rows = [row for row in read_rows(data / "ner.jsonl.gz") if row["corpus"] == corpus]
    for row in islice(rows, max(0, len(rows) - most), None):
        yield NamesCase(" ".join(row["tokens"]), list(_spans(row["tokens"], row["tags"])))


def _spans(tokens: Sequence[str], tags: Sequence[str]) -> Iterator[Name]:
    text = " ".join(tokens)
    at, start, kind, end = 0, -1, "", 0
    for token, tag in [*zip(tokens, tags, strict=True), ("", "O")]:
        if kind and (tag[0] in "BO" or tag[2:] != kind):
            if kind in _BIO and (name := _named(text, start, end)):
                yield (*name, _BIO[kind])
            kind = ""
        if tag[0] == "B" or (tag[0] == "I" and not kind):
            start, kind = at, tag[2:]
        end = at + len(token)
        at = end + 1


def _named(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A labelled span that is a name: re3d also marks pronouns and common nouns, and "the" inside names."""
    if text[start:end].lower().startswith("the "):
        start += 4
    pronoun = text[start:end].lower() in (
        "i",
        "we",
        "he",
        "she",
        "they",
        "it",
        "us",
        "our",
        "his",
        "her",
        "my",
        "you",
    )
    return None if pronoun or not text[start].isupper() else (start, end)
