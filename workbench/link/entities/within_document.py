"""One document's mentions sorted into persons, offices and things."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from workbench.link.entities.decisions import Refusals
from workbench.link.entities.persons import Person, find_people, office_holder
from workbench.schema import UNKNOWN


class Group(NamedTuple):
    """Mentions of one document that nothing tells apart; `speaker` only for offices, whom it decides."""

    doc_id: str
    surface: str
    label: str
    beside: str | None
    speaker: str | None


def group_mentions(mentions: pd.DataFrame) -> tuple[list[Group], Counter[Group]]:
    """The group of each row, and how many rows each group has. Reads doc_id, surface, label, beside, speaker."""
    columns = mentions[["doc_id", "surface", "label", "beside", "speaker"]].astype(object)
    columns = columns.where(columns.notna(), None)
    rows = [
        Group(doc_id, surface, label, beside, speaker if label == "office" else None)
        for doc_id, surface, label, beside, speaker in columns.itertuples(index=False, name=None)
    ]
    return rows, Counter(rows)


def by_document(groups: Counter[Group]) -> dict[str, list[Group]]:
    """The groups of each document, documents and groups in order."""
    found: dict[str, list[Group]] = defaultdict(list)
    for group in sorted(groups, key=lambda g: tuple(part or "" for part in g)):
        found[group.doc_id].append(group)
    return found


def speakers_of(segments: pd.DataFrame) -> dict[str, set[tuple[str, str | None]]]:
    """The (speaker, role) pairs of each document. Reads doc_id, speaker, role."""
    known = segments.loc[segments["speaker"].notna(), ["doc_id", "speaker", "role"]].drop_duplicates()
    found: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
    for doc_id, speaker, role in known.itertuples(index=False, name=None):
        if speaker != UNKNOWN:
            found[doc_id].add((speaker, role if isinstance(role, str) else None))
    return found


def read_document(
    groups: Sequence[Group],
    counts: Mapping[Group, int],
    speakers: set[tuple[str, str | None]],
    refusals: Refusals,
) -> tuple[list[Person], dict[Group, Person]]:
    """The persons of a document, and of each group that means one the person: names, and offices resolved."""
    named = [group for group in groups if group.label == "person"]
    forms = Counter[tuple[str, str | None]]()
    for group in named:
        forms[group.surface, group.beside] += counts[group]
    people, means = find_people(
        [(form, beside, n) for (form, beside), n in forms.items()], speakers, refusals
    )
    whose = {group: means[group.surface, group.beside] for group in named}
    for group in groups:
        if group.label == "office" and (holder := office_holder(group.surface, group.speaker, people)):
            whose[group] = holder
    return people, whose
