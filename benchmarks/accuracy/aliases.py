"""Which name forms of a document are one person: given the labelled names, and end to end.

Scored over pairs of different forms of persons within a document. A wrong merge (two persons made one)
misleads, a split (one person left in two) only hides: both are printed beside the F1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from benchmarks.accuracy.names import Counts, f1, labelled, precision, recall
from benchmarks.accuracy.rows import FigureRow, figure_row, read_rows
from workbench.annotate.ner.layer import find_mentions
from workbench.link import link
from workbench.schema import TABLES, Mention
from workbench.settings import load_settings


class Form(NamedTuple):
    """A name of the labelled set: its span, its form, whom it means."""

    start: int
    end: int
    text: str
    qid: str
    person: bool


def measure(data: Path) -> list[FigureRow]:
    """Pairwise F1 of persons' name forms, with wrong merges and splits."""
    documents = list(read_rows(data / "alias_clusters.jsonl.gz"))
    forms = {str(i): list(_forms(row)) for i, row in enumerate(documents)}
    given = {doc_id: [_mention(form) for form in found] for doc_id, found in forms.items()}
    batch = [labelled(row["text"])._replace(doc_id=str(i)) for i, row in enumerate(documents)]
    found = {d.doc_id: names for d, names in zip(batch, find_mentions(batch, load_settings()), strict=True)}
    rows = list(_rows("alias_clusters, names given", forms, _linked(given), 0.92))
    return rows + list(_rows("alias_clusters, end to end", forms, _linked(found), None))


def _forms(row: Mapping[str, Any]) -> Iterator[Form]:
    for cluster in row["clusters"]:
        for m in cluster["mentions"]:
            if not m["pronoun_or_nominal"]:
                yield Form(*m["span"], m["text"], cluster["qid"], cluster["person"])


def _mention(form: Form) -> Mention:
    label = "person" if form.person else "other"
    return Mention(None, form.start, form.end, form.text, label, None, "author", None)


def _linked(found: Mapping[str, Sequence[Mention]]) -> dict[str, list[tuple[int, int, str]]]:
    """(start, end, entity) of the linked mentions of each document."""
    rows = [(doc_id, *m) for doc_id, mentions in found.items() for m in mentions]
    frame = pd.DataFrame(rows, columns=list(TABLES["mentions"]))
    segments = pd.DataFrame(columns=list(TABLES["segments"]))
    linked, _ = link(frame, segments, pd.DataFrame(columns=["doc_id", "story"]), load_settings().aliases)
    spans: dict[str, list[tuple[int, int, str]]] = {doc_id: [] for doc_id in found}
    for doc_id, start, end, entity in linked[["doc_id", "start", "end", "entity"]].itertuples(
        index=False, name=None
    ):
        spans[doc_id].append((start, end, entity))
    return spans


def _rows(
    name: str,
    forms: Mapping[str, list[Form]],
    linked: Mapping[str, list[tuple[int, int, str]]],
    goal: float | None,
) -> Iterator[FigureRow]:
    cases = [_pairs(found, linked[doc_id]) for doc_id, found in forms.items()]
    cases = [case for case in cases if case.found or case.labelled]
    yield figure_row(name, "pairwise F1 of person forms", cases, f1, goal)
    yield figure_row(name, "pairwise precision", cases, precision, None)
    yield figure_row(name, "pairwise recall", cases, recall, None)
    yield figure_row(
        name, "wrong merges (pairs)", cases, lambda c: float(sum(x.found - x.right for x in c)), None
    )
    yield figure_row(
        name, "splits (pairs)", cases, lambda c: float(sum(x.labelled - x.right for x in c)), None
    )


def _pairs(forms: Sequence[Form], linked: Sequence[tuple[int, int, str]]) -> Counts:
    """Pairs of different forms: joined rightly, joined, and labelled as one person."""
    whose: dict[str, str] = {}
    entity: dict[str, str] = {}
    for form in forms:
        if form.person:
            whose.setdefault(form.text, form.qid)
            hit = next((e for s, t, e in linked if s < form.end and form.start < t), None)
            if hit is not None:
                entity.setdefault(form.text, hit)
    pairs = list(combinations(sorted(whose), 2))
    joined = {(a, b) for a, b in pairs if a in entity and entity.get(a) == entity.get(b)}
    same = {(a, b) for a, b in pairs if whose[a] == whose[b]}
    return Counts(len(joined & same), len(joined), len(same))
