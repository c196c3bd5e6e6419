"""The step across documents: which documents' persons and things are the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from workbench.link.entities.decisions import Refusals
from workbench.link.entities.name_forms import PersonName, thing_key
from workbench.link.entities.offices import Role, fits
from workbench.link.entities.within_document import Person, group_names

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
    if not agree or contrary or refusals.apart(person.name, bearer.name):
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
        if long and not refusals.apart(thing_key(surface), thing_key(long)):
            declared_in_document[doc_id, thing_key(surface)] = thing_key(long)
            declared_anywhere[thing_key(surface)].add(thing_key(long))
    declared_once = {short: min(longs) for short, longs in declared_anywhere.items() if len(longs) == 1}
    return {
        (doc_id, surface): declared_in_document.get(
            (doc_id, thing_key(surface)), declared_once.get(thing_key(surface), thing_key(surface))
        )
        for doc_id, surface, _ in mentions
    }
