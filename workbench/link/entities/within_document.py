"""Resolve the persons of one document: which name forms are one person, and who holds an office there.

A surname belongs to the person whom the document names in full with it, an office to the person named with it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

import pandas as pd

from workbench.link.entities.name_forms import (
    PersonName,
    Refusals,
    fold,
    gender,
    person_name,
    same_person_name,
    tidy,
)
from workbench.link.entities.offices import Role, fits, is_address, role
from workbench.schema import UNKNOWN


@dataclass(slots=True)
class Person:
    """One person as one document shows them: forms with their number, offices, courtesy titles."""

    forms: dict[str, int] = field(default_factory=dict)
    roles: set[Role] = field(default_factory=set)
    genders: set[str] = field(default_factory=set)
    speaks_as: set[Role] = field(default_factory=set)

    def add(self, form: str, n: int, beside: str | None) -> None:
        """Take in `n` mentions of a form with what stood beside it."""
        self.forms[form] = self.forms.get(form, 0) + n
        if beside:
            self.genders |= {gender(beside)} - {""}
            self.roles |= {office for office in (role(beside),) if office}

    @property
    def name(self) -> PersonName:
        """The fullest name: most words, then most often seen, then first in the alphabet."""
        best = min(self.forms, key=lambda form: (-len(person_name(form).given), -self.forms[form], form))
        return person_name(best)


def group_names(
    names: Iterable[PersonName], refusals: Refusals, *, initials: bool
) -> dict[PersonName, PersonName]:
    """Each full name with the first name of its group.

    Two names join when they can be one person's and neither can also be a third's that contradicts:
    with "George H. W. Bush" and "George W. Bush" about, "George Bush" stays alone. A refusal only takes joins
    away: a name that could be either of two persons does not become the other's when one is refused.
    """
    families: dict[str, list[PersonName]] = {}
    for name in sorted(set(names)):
        families.setdefault(name.family, []).append(name)
    first: dict[PersonName, PersonName] = {}
    for family in families.values():
        possible: dict[PersonName, set[PersonName]] = {a: {a} for a in family}
        for a, b in combinations(family, 2):
            if same_person_name(a, b, initials=initials):
                possible[a].add(b)
                possible[b].add(a)
        similar = {a: {b for b in possible[a] if a == b or not refusals.are_refused(a, b)} for a in family}
        unambiguous = {
            a: all(one[a] <= one[b] for one in (possible, similar) for b in one[a]) for a in family
        }
        for a in family:
            joined = (
                [b for b in sorted(similar[a]) if unambiguous[a] and unambiguous[b] and b in first]
                if len(similar[a]) > 1
                else []
            )
            first[a] = first[joined[0]] if joined else a
    return first


def find_persons(
    forms: Sequence[tuple[str, str | None, int]],
    speakers: Iterable[tuple[str, str | None]],
    refusals: Refusals,
) -> tuple[list[Person], dict[tuple[str, str | None], Person]]:
    """The persons of a document, and for each (form, beside) the person it means.

    In:  forms as (surface, beside, n); speakers as (name, role).
    A surname goes to the only person named in full who bears it; where two do, to the one whose office
    or courtesy title agrees; else it stands for itself.
    """
    speakers = [(tidy(name), office) for name, office in speakers if person_name(name).full]
    full = [tidy(form) for form, _, _ in forms if person_name(form).full] + [name for name, _ in speakers]
    group_of_name = group_names((person_name(form) for form in full), refusals, initials=True)
    people: dict[PersonName, Person] = {}
    means: dict[tuple[str, str | None], Person] = {}
    for name, office in sorted(set(speakers), key=lambda s: (s[0], s[1] or "")):
        person = people.setdefault(group_of_name[person_name(name)], Person())
        person.add(name, 0, office)
        person.speaks_as |= {r for r in (role(office or ""),) if r}
    for form, beside, n in sorted(forms, key=lambda f: (f[0], f[1] or "")):
        if person_name(form).full:
            person = people.setdefault(group_of_name[person_name(form)], Person())
            person.add(tidy(form), n, beside)
            means[form, beside] = person
    _short_forms(forms, people, means, refusals)
    return list(people.values()), means


def _short_forms(
    forms: Sequence[tuple[str, str | None, int]],
    people: dict[PersonName, Person],
    means: dict[tuple[str, str | None], Person],
    refusals: Refusals,
) -> None:
    """Give each single word to its bearer, or to a person of its own."""
    bearers = list(people.values())
    for form, beside, n in sorted(forms, key=lambda f: (f[0], f[1] or "")):
        name = person_name(form)
        if name.full:
            continue
        fitting = _bearers(name, bearers)
        fitting = _agreeing(fitting, beside) if len(fitting) > 1 else _not_contrary(fitting, beside)
        # Asked last: were a refused bearer left out before, the word would become the other bearer's.
        fitting = (
            [p for p in fitting if not any(refusals.are_refused(name, person_name(full)) for full in p.forms)]
            if len(fitting) == 1
            else []
        )
        person = fitting[0] if fitting else people.setdefault(name, Person())
        person.add(tidy(form), n, beside)
        means[form, beside] = person


def _bearers(name: PersonName, people: Sequence[Person]) -> list[Person]:
    """Who may be meant by one word: bearers of the surname, else of another name, else of the given name."""
    by_rank: list[list[Person]] = [[], [], []]
    for person in people:
        names = [person_name(form) for form in person.forms]
        if any(n.full and n.family == name.family for n in names):
            by_rank[0].append(person)
        elif any(name.family in [_key(g) for g in n.given[1:]] for n in names):
            by_rank[1].append(person)
        elif any(n.full and name.family == _key(n.given[0]) for n in names):
            by_rank[2].append(person)
    return next((rank for rank in by_rank if rank), [])


def _key(word: str) -> str:
    return person_name(word).family


def _agreeing(people: Sequence[Person], beside: str | None) -> list[Person]:
    """Of several bearers those whose office, or else courtesy title, is the one beside the surname."""
    office, title_gender = role(beside or ""), gender(beside)
    if office and (agree := [p for p in people if any(fits(office, r) for r in p.roles)]):
        return agree
    return [p for p in people if title_gender in p.genders] if title_gender else []


def _not_contrary(people: Sequence[Person], beside: str | None) -> list[Person]:
    """The bearer unless the courtesy title contradicts: "Mrs Clinton" is not "Mr Bill Clinton"."""
    title_gender = gender(beside)
    return [p for p in people if not title_gender or not p.genders or title_gender in p.genders]


def office_holder(surface: str, speaker: str | None, people: Sequence[Person]) -> Person | None:
    """Whom an office means in its document, None unless exactly one fits.

    In address it is first another speaker of that office, then a person named with it; the speaker is
    never meant. Elsewhere it is the person whom this document names with that office, so as of its date.
    """
    office, address = role(surface), is_address(surface)
    if office is None:
        return None
    others = [p for p in people if not (address and speaker and _is_named(p, speaker))]
    if address:
        speakers = [p for p in others if any(fits(office, r, address=True) for r in p.speaks_as)]
        if speakers:
            return speakers[0] if len(speakers) == 1 else None
    holders = [p for p in others if any(fits(office, r, address=address) for r in p.roles)]
    return holders[0] if len(holders) == 1 else None


def _is_named(person: Person, speaker: str) -> bool:
    """Whether a speaker's name is one of the person's forms."""
    return fold(tidy(speaker)) in {fold(form) for form in person.forms}


# ---------------------------------------------------------------- one document's mentions sorted into persons, offices and things


class MentionGroup(NamedTuple):
    """Mentions of one document that nothing tells apart; `speaker` only for offices, whom it decides."""

    doc_id: str
    surface: str
    label: str
    beside: str | None
    speaker: str | None


def group_mentions(mentions: pd.DataFrame) -> tuple[list[MentionGroup], Counter[MentionGroup]]:
    """The group of each row, and how many rows each group has. Reads doc_id, surface, label, beside, speaker."""
    columns = mentions[["doc_id", "surface", "label", "beside", "speaker"]].astype(object)
    columns = columns.where(columns.notna(), None)
    rows = [
        MentionGroup(doc_id, surface, label, beside, speaker if label == "office" else None)
        for doc_id, surface, label, beside, speaker in columns.itertuples(index=False, name=None)
    ]
    return rows, Counter(rows)


def groups_by_document(groups: Counter[MentionGroup]) -> dict[str, list[MentionGroup]]:
    """The groups of each document, documents and groups in order."""
    by_document: dict[str, list[MentionGroup]] = defaultdict(list)
    for group in sorted(groups, key=lambda g: tuple(part or "" for part in g)):
        by_document[group.doc_id].append(group)
    return by_document


def speakers_of(segments: pd.DataFrame) -> dict[str, set[tuple[str, str | None]]]:
    """The (speaker, role) pairs of each document. Reads doc_id, speaker, role."""
    speaker_rows = segments.loc[segments["speaker"].notna(), ["doc_id", "speaker", "role"]].drop_duplicates()
    speakers: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
    for doc_id, speaker, office in speaker_rows.itertuples(index=False, name=None):
        if speaker != UNKNOWN:
            speakers[doc_id].add((speaker, office if isinstance(office, str) else None))
    return speakers


def resolve_document(
    groups: Sequence[MentionGroup],
    counts: Mapping[MentionGroup, int],
    speakers: set[tuple[str, str | None]],
    refusals: Refusals,
) -> tuple[list[Person], dict[MentionGroup, Person]]:
    """The persons of a document, and of each group that means one the person: names, and offices resolved."""
    person_groups = [group for group in groups if group.label == "person"]
    forms = Counter[tuple[str, str | None]]()
    for group in person_groups:
        forms[group.surface, group.beside] += counts[group]
    people, means = find_persons(
        [(form, beside, n) for (form, beside), n in forms.items()], speakers, refusals
    )
    person_of_group = {group: means[group.surface, group.beside] for group in person_groups}
    for group in groups:
        if group.label == "office" and (holder := office_holder(group.surface, group.speaker, people)):
            person_of_group[group] = holder
    return people, person_of_group
