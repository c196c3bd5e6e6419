"""Link mentions to entities across the corpus: every mention its entity, every entity its name forms.

First each document by itself, where a surname belongs to the person it names in full and an office to
the person it names with it (`within_document`); then across documents, where full names meet and a surname alone
stays alone unless its office agrees with its only bearer. Nothing depends on the order of rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from workbench.link.entities.name_forms import (
    PersonName,
    Refusals,
    merges_by_name,
    person_name,
    refused_families,
    thing_key,
    tidy,
)
from workbench.link.entities.offices import Role, fits, is_address, role
from workbench.link.entities.within_document import (
    MentionGroup,
    Person,
    group_mentions,
    group_names,
    groups_by_document,
    resolve_document,
    speakers_of,
)
from workbench.schema import ENTITY_LABELS, TABLES
from workbench.settings.aliases import Accept, Aliases, Refuse, fold_name

NAMED = ("person", "surname")  # kinds of id whose labels are persons


@dataclass(slots=True)
class Entity:
    """An entity on its way to the table: forms of its name, other forms (offices), labels, all with n."""

    id: EntityId
    names: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    accept: Accept | None = None

    @property
    def n(self) -> int:
        """Mentions in the corpus."""
        return self.names.total() + self.others.total()


def link(
    mentions: pd.DataFrame, segments: pd.DataFrame, documents: pd.DataFrame, aliases: Aliases
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The mentions with `entity` filled, and the entities table.

    In:  mentions, segments, documents with the columns of those tables; of segments doc_id, speaker,
         role are read, of documents doc_id and story.
    Out: mentions in the same order, `entity` = key of the entity; entities [entity, name, label, aliases,
         n], most mentioned first. The same whatever the order of rows and documents.

    Two bearers of one full name in different documents are one entity unless courtesy titles contradict
    (Mr and Mrs); offices do not tell them apart, since people change them. A surname that no document
    explains is an entity of its own, which says only: somebody called so.
    """
    return Linker(mentions, segments, documents).link(mentions, aliases)


@dataclass(frozen=True, slots=True)
class ResolvedEntities:
    """What linking came to: the entities, their display names, and the id of each group of mentions.

    `accepts` has the accepted merge of each group that one was made for.
    """

    entities: Mapping[EntityId, Entity]
    names: Mapping[EntityId, str]
    ids: Mapping[MentionGroup, EntityId]
    accepts: Mapping[MentionGroup, Accept]

    def entity_of(self, group: MentionGroup) -> str:
        """The display name of the entity that a group means."""
        return self.names[self.ids[group]]


class Linker:
    """The names of a corpus, sorted once, so that decisions can be tried one after another.

    What a document says by itself is read once; another refusal has only those documents read again
    that use a name of it. A corpus is grouped in about the time of one `link`, a decision tried in a
    quarter of it.
    """

    def __init__(self, mentions: pd.DataFrame, segments: pd.DataFrame, documents: pd.DataFrame) -> None:
        """In: as `link`."""
        self.counts: Counter[MentionGroup]
        self._rows, self.counts = group_mentions(mentions)
        self._groups = groups_by_document(self.counts)
        self._speakers = speakers_of(segments)
        self._stories = _stories(documents)
        self._refuse: tuple[Refuse, ...] = ()
        self._read: dict[str, tuple[list[Person], dict[MentionGroup, Person]]] = {}
        self._found: dict[Aliases, ResolvedEntities] = {}

    def link(self, mentions: pd.DataFrame, aliases: Aliases) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The mentions handed over at first, in that order, with their entity, and the entities."""
        resolved = self.resolve(aliases)
        names = [resolved.entity_of(group) for group in self._rows]
        linked = mentions.assign(entity=pd.Series(names, index=mentions.index, dtype=object))
        return linked, _table(resolved.entities, resolved.names)

    def resolve(self, aliases: Aliases) -> ResolvedEntities:
        """`link` over groups of like mentions instead of rows; the last two answers are kept."""
        if aliases not in self._found:
            ids, silent = self._ids(aliases)
            entities = _collect(self.counts, ids, silent)
            accepts = _apply_merges(entities, ids, aliases)
            self._found = dict(list(self._found.items())[-1:])
            self._found[aliases] = ResolvedEntities(entities, _display_names(entities), ids, accepts)
        return self._found[aliases]

    def _ids(self, aliases: Aliases) -> tuple[dict[MentionGroup, EntityId], dict[EntityId, set[str]]]:
        refusals = Refusals.of(aliases)
        changed = refused_families(set(self._refuse) ^ set(aliases.refuse))
        for doc_id, groups in self._groups.items():
            speakers = self._speakers.get(doc_id, set())
            if doc_id not in self._read or (changed and changed & _families_in(groups, speakers)):
                self._read[doc_id] = resolve_document(groups, self.counts, speakers, refusals)
        self._refuse = aliases.refuse
        return _ids(self.counts, self._read, self._stories, refusals)


def _families_in(groups: Sequence[MentionGroup], speakers: Iterable[tuple[str, str | None]]) -> set[str]:
    """The family names that a document uses."""
    surfaces = {group.surface for group in groups if group.label == "person"} | {name for name, _ in speakers}
    return {person_name(name).family for name in surfaces}


def _stories(documents: pd.DataFrame) -> dict[str, str]:
    """The story of each document, itself where none is known."""
    if "story" not in documents:
        return {}
    in_stories = documents.loc[documents["story"].notna(), ["doc_id", "story"]]
    return dict(in_stories.itertuples(index=False, name=None))


def _ids(
    counts: Counter[MentionGroup],
    resolved_documents: Mapping[str, tuple[list[Person], dict[MentionGroup, Person]]],
    stories: Mapping[str, str],
    refusals: Refusals,
) -> tuple[dict[MentionGroup, EntityId], dict[EntityId, set[str]]]:
    """The id of each group, and of each person the names that only speaker labels give."""
    all_persons: list[Person] = []
    person_documents: list[str] = []
    person_of_group: dict[MentionGroup, int] = {}
    for doc_id, (persons, means) in resolved_documents.items():
        number = {id(person): len(all_persons) + i for i, person in enumerate(persons)}
        person_of_group |= {group: number[id(person)] for group, person in means.items()}
        all_persons += persons
        person_documents += [doc_id] * len(persons)
    person_ids = cluster_persons(
        all_persons, [stories.get(doc_id, doc_id) for doc_id in person_documents], refusals
    )
    ids: dict[MentionGroup, EntityId] = {
        group: person_ids[number] for group, number in person_of_group.items()
    }
    unresolved = [group for group in counts if group not in ids]
    things = cluster_things(
        ((g.doc_id, g.surface, g.beside) for g in unresolved if g.label != "office"), refusals
    )
    for group in unresolved:
        ids[group] = (
            _office_id(group.surface)
            if group.label == "office"
            else ("thing", things[group.doc_id, group.surface])
        )
    silent: dict[EntityId, set[str]] = defaultdict(set)
    for entity, person in zip(person_ids, all_persons, strict=True):
        silent[entity].update(form for form, n in person.forms.items() if n == 0)
    return ids, silent


def _office_id(surface: str) -> EntityId:
    """An office nobody is named with: the office itself, of its country if it says one."""
    office = role(surface)
    return (
        ("office", office.head, office.country, "past" if office.past else "")
        if office
        else ("office", thing_key(surface), "", "")
    )


def _collect(
    counts: Mapping[MentionGroup, int],
    ids: Mapping[MentionGroup, EntityId],
    silent: Mapping[EntityId, set[str]],
) -> dict[EntityId, Entity]:
    """The entities with their forms counted."""
    entities: dict[EntityId, Entity] = {}
    for group, n in counts.items():
        entity = entities.setdefault(ids[group], Entity(ids[group]))
        by_office = group.label == "office" and entity.id[0] in NAMED
        (entity.others if by_office else entity.names)[tidy(group.surface)] += n
        entity.labels["person" if by_office else group.label] += n
    for entity in entities.values():
        entity.names.update(dict.fromkeys(silent.get(entity.id, ()), 0))
    return entities


def _apply_merges(
    entities: dict[EntityId, Entity], ids: dict[MentionGroup, EntityId], aliases: Aliases
) -> dict[MentionGroup, Accept]:
    """Merge what the settings say is one, in place; the merge of each group that has one."""
    merged: dict[EntityId, Accept] = {}
    accepted = merges_by_name(aliases)
    for old in sorted(entities, key=repr):
        entity = entities[old]
        decided_names = {
            (fold_name(form), old[0] in NAMED) for form in _identifying_forms(entity)
        } & accepted.keys()
        if not decided_names:
            continue
        accept = accepted[min(decided_names)]
        del entities[old]
        merged[old] = accept
        into = entities.setdefault(_accepted_id(accept), Entity(_accepted_id(accept), accept=accept))
        into.names += entity.names
        into.others += entity.others
    accepts = {group: merged[old] for group, old in ids.items() if old in merged}
    ids.update((group, _accepted_id(accept)) for group, accept in accepts.items())
    return accepts


def _accepted_id(accept: Accept) -> EntityId:
    return ("accepted", accept.entity)


def _identifying_forms(entity: Entity) -> list[str]:
    """The forms that say who it is: full names of a person that has one; else every form of the name."""
    full = [form for form in entity.names if person_name(form).full]
    return full if entity.id[0] == "person" and full else list(entity.names)


def _display(entity: Entity, shared: Collection[str] = ()) -> str:
    """The most frequent form, of persons a full one; mixed case before capitals; then the first in the alphabet.

    A treaty goes by its short form unless the long one is more usual, or the short one is `shared` by others.
    """
    if entity.accept:
        return entity.accept.entity
    forms = _identifying_forms(entity) or list(entity.others)
    if entity.id[0] == "office":
        forms = [_without_address(form) for form in forms]
    if entity.id[0] == "thing":
        forms = [form for form in forms if form not in shared] or forms
    if len(forms) == 1:
        return forms[0]
    counts = entity.names + entity.others

    def rank(form: str) -> tuple[bool, int, int, str]:
        initial = entity.id[0] == "person" and len("".join(person_name(form).given[:1])) == 1
        shouted = form.isupper() and len(form) > 5  # longer than most abbreviations
        return (initial or shouted, -counts[form], len(form) if entity.id[0] == "thing" else 0, form)

    return min(forms, key=rank)


def _without_address(form: str) -> str:
    return form.split(" ", 1)[1] if is_address(form) and " " in form else form


def _display_names(entities: Mapping[EntityId, Entity]) -> dict[EntityId, str]:
    """A display name for each entity, the most mentioned first; a second bearer of a name gets " (2)"."""
    names: dict[EntityId, str] = {}
    uses: Counter[str] = Counter()
    owners = Counter(form for entity in entities.values() for form in entity.names if entity.id[0] == "thing")
    shared = {form for form, n in owners.items() if n > 1}
    display_names = {entity.id: _display(entity, shared) for entity in entities.values()}
    for entity in sorted(entities.values(), key=lambda e: (-e.n, display_names[e.id], repr(e.id))):
        name = display_names[entity.id]
        uses[name] += 1
        names[entity.id] = name if uses[name] == 1 else f"{name} ({uses[name]})"
    return names


def _table(entities: Mapping[EntityId, Entity], names: Mapping[EntityId, str]) -> pd.DataFrame:
    """The entities table, most mentioned first."""
    rows = []
    for entity in entities.values():
        forms = entity.names + entity.others  # adding drops the names that only speaker labels give
        fullest = min(
            _identifying_forms(entity),
            key=lambda f: (-len(f.split()), f.isupper(), -entity.names[f], f),
            default=names[entity.id],
        )
        label = entity.accept.label if entity.accept else _label(entity)
        rows.append((names[entity.id], fullest, label, sorted(forms, key=lambda f: (-forms[f], f)), entity.n))
    rows.sort(key=lambda row: (-row[4], row[0]))
    return pd.DataFrame(rows, columns=list(TABLES["entities"]))


def _label(entity: Entity) -> str:
    """The most frequent label, the first of ENTITY_LABELS where two are."""
    return min(entity.labels, key=lambda label: (-entity.labels[label], ENTITY_LABELS.index(label)))


# ---------------------------------------------------------------- persons and things across documents

EntityId = tuple[str, ...] | tuple[str, PersonName, str]
"""What makes an entity one before it has a name; the first part says of which kind it is."""


class PersonCluster(NamedTuple):
    """A person named in full somewhere in the corpus: the offices and stories they were seen in."""

    name: PersonName
    roles: set[Role]
    stories: set[str]
    genders: set[str]


def cluster_persons(people: Sequence[Person], stories: Sequence[str], refusals: Refusals) -> list[EntityId]:
    """The id of each document's person.

    In: persons as the documents show them, and the story of each one's document. Full names meet when
    equal or spelled differently; initials alone ("J. Kerry") join nobody across documents. A surname
    joins its bearer when the corpus knows only one and an office or the story agrees.
    """
    group_of_name = group_names((p.name for p in people if p.name.full), refusals, initials=False)
    bearers: dict[PersonName, PersonCluster] = {}
    for person, story in zip(people, stories, strict=True):
        if person.name.full:
            bearer = bearers.setdefault(
                group_of_name[person.name], PersonCluster(group_of_name[person.name], set(), set(), set())
            )
            bearer.roles.update(person.roles)
            bearer.stories.add(story)
            bearer.genders.update(person.genders if len(person.genders) == 1 else ())
    families: dict[str, list[PersonCluster]] = defaultdict(list)
    for bearer in bearers.values():
        families[bearer.name.family].append(bearer)
    ids: list[EntityId] = []
    for person, story in zip(people, stories, strict=True):
        if person.name.full:
            ids.append(_bearer_id(bearers[group_of_name[person.name]], person))
        else:
            bearer_or_none = _only_bearer(person, story, families[person.name.family], refusals)
            ids.append(
                _bearer_id(bearer_or_none, person) if bearer_or_none else ("surname", person.name.family)
            )
    return ids


def _bearer_id(bearer: PersonCluster, person: Person) -> EntityId:
    """One id for all bearers of a name, two when some are Mr and some are Mrs."""
    second = len(bearer.genders) > 1 and person.genders == {max(bearer.genders)}
    return ("person", bearer.name, "2" if second else "")


def _only_bearer(
    person: Person, story: str, bearers: Sequence[PersonCluster], refusals: Refusals
) -> PersonCluster | None:
    """The one bearer of a surname, if an office or the story agrees and nothing speaks against it."""
    if len(bearers) != 1:
        return None
    bearer = bearers[0]
    agree = story in bearer.stories or any(fits(a, b) for a in person.roles for b in bearer.roles)
    contrary = bool(person.genders and bearer.genders and not person.genders & bearer.genders)
    if not agree or contrary or refusals.are_refused(person.name, bearer.name):
        return None
    return bearer


def cluster_things(
    mentions: Iterable[tuple[str, str, str | None]], refusals: Refusals
) -> Mapping[tuple[str, str], str]:
    """(doc_id, surface) -> key of the thing, short forms under the long form they are declared for.

    In: (doc_id, surface, long form declared beside it or None) of all that is neither person nor office.
    A document's own declaration holds in it; elsewhere one holds if no other document contradicts it.
    """
    mentions = list(mentions)
    declared_in_document: dict[tuple[str, str], str] = {}
    declared_anywhere: dict[str, set[str]] = defaultdict(set)
    for doc_id, surface, long in mentions:
        if long:
            declared_anywhere[thing_key(surface)].add(thing_key(long))
            if not refusals.are_refused(thing_key(surface), thing_key(long)):
                declared_in_document[doc_id, thing_key(surface)] = thing_key(long)
    # A refused long form still contradicts another: elsewhere the short form stays undecided.
    declared_once = {
        short: min(longs)
        for short, longs in declared_anywhere.items()
        if len(longs) == 1 and not refusals.are_refused(short, min(longs))
    }
    return {
        (doc_id, surface): declared_in_document.get(
            (doc_id, thing_key(surface)), declared_once.get(thing_key(surface), thing_key(surface))
        )
        for doc_id, surface, _ in mentions
    }
