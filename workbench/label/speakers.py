"""Who speaks: the person a label stands for, and the office the document gives that person.

All labels of a document are read together with what stands before the first of them. Only what the
document says is repeated: a surname that fits two persons, or none, keeps its displayed form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workbench.label.offices import HONORIFICS, LINKS, NEVER_FIRST, OFFICE_PARTS, OFFICES, PARTICLES, Name, low, readable
from workbench.schema import plain


class Speaker(NamedTuple):
    """A label within its document: who speaks, and the office the document gives for that person."""

    speaker: str
    role: str | None


def resolve(labels: Sequence[Name], displayed: Sequence[str], text: str, first: int) -> list[Speaker]:
    """Speaker and role of every label, in order.

    `text[:first]` is the document before its first label (title, place, introduction). A full name comes from
    another label or from the head; a surname that fits several persons stays as displayed.
    """
    folded = " ".join(plain(text[:first]).split())
    persons = _full_names(labels, folded)
    roles = _roles(labels, persons, folded)
    taken = {_surname(name.person) for name in labels if name.person}
    return [_speaker(name, shown, persons, roles, folded, taken) for name, shown in zip(labels, displayed, strict=True)]


def _speaker(
    name: Name, shown: str, persons: dict[str, set[str]], roles: dict[str, str], head: str, taken: set[str]
) -> Speaker:
    if name.person is None:
        found = _holder(shown, head, taken)
        if found is None:
            return Speaker(readable(shown), None)
        full = _only(persons.get(_surname(found[1]), set())) or found[1]
        return Speaker(full, roles.get(full.casefold(), found[0]))
    full = _person(name.person, persons)
    role = readable(name.role) if name.role else None
    if full is None:
        return Speaker(readable(shown), role)
    return Speaker(full, roles.get(full.casefold(), role))


def _person(person: str, persons: dict[str, set[str]]) -> str | None:
    """The full name a label's person stands for, or None when nobody or several bear it."""
    known = persons.get(_surname(person), set())
    same = [full for full in known if _fits(person, full)]
    if len(same) == 1:
        return same[0]
    if len(person.split()) >= 2:
        exact = [full for full in known if full.casefold() == person.casefold()]
        return exact[0] if exact else readable(person)
    return None


def _fits(short: str, full: str) -> bool:
    """"Kerry" and "J. Kerry" and "John Kerry" fit "John F. Kerry"."""
    mine, whole = short.casefold().split(), full.casefold().split()
    if mine[-1] != whole[-1] and _surname(short) != _surname(full):
        return False
    if len(mine) == 1:
        return True
    return mine == whole or mine[0].rstrip(".") == whole[0][: len(mine[0].rstrip("."))] and (
        len(mine[0].rstrip(".")) == 1 or mine[0] == whole[0]
    )


def _surname(person: str) -> str:
    words = [word for word in person.casefold().replace(",", "").split() if word.strip(".") not in ("jr", "sr", "ii", "iii")]
    return words[-1] if words else ""


def _only(names: set[str]) -> str | None:
    return next(iter(names)) if len(names) == 1 else None


def _full_names(labels: Sequence[Name], head: str) -> dict[str, set[str]]:
    """Surname to the full names that labels and head give for it."""
    found: dict[str, set[str]] = {}
    for name in labels:
        if name.person and len(name.person.split()) >= 2 and not (name.kind == "titled" and name.role is None):
            found.setdefault(_surname(name.person), set()).add(name.person)
    surnames = {_surname(name.person) for name in labels if name.person}
    for surname in surnames:
        for full in _named(surname, head):
            found.setdefault(surname, set()).add(full)
    for surname, names in found.items():
        found[surname] = _merge(names)
    return found


def _merge(names: set[str]) -> set[str]:
    """One spelling a person: mixed case before capitals, the longer before the shorter that fits it."""
    kept: dict[str, str] = {}
    for name in sorted(names, key=lambda item: (item.isupper(), -len(item), item)):
        if not any(_fits(name, other) for other in kept.values() if len(name.split()) >= 2):
            kept[name.casefold()] = readable(name)
    return set(kept.values())


def _named(surname: str, head: str) -> Iterator[str]:
    """Full names in the head that end in `surname`: "Secretary of State John Kerry" gives "John Kerry"."""
    for match in re.finditer(rf"\b{re.escape(surname)}\b", head, re.IGNORECASE):
        if not match[0][0].isupper():
            continue
        before = head[max(0, match.start() - 60) : match.start()].split(" ")[:-1]
        given: list[str] = []
        for word in reversed(before):
            if not _is_given(word) or len(given) == 3:
                break
            given.insert(0, word)
        while given and given[0].casefold() in PARTICLES:
            given.pop(0)
        if given:
            yield " ".join([*given, match[0]])


def _is_given(word: str) -> bool:
    """A word that can be a given name or a middle initial: capital, no office, no honorific, no end of sentence."""
    if word.casefold() in PARTICLES:
        return True
    if re.fullmatch(r"[A-Z]\.", word):
        return True
    return bool(
        re.fullmatch(r"[^\W\d_][\w'\-]*", word)
        and word[0].isupper()
        and low(word) not in OFFICE_PARTS
        and low(word) not in HONORIFICS
        and low(word) not in NEVER_FIRST
        and low(word) not in LINKS
        and low(word) not in ("with", "remarks", "briefing", "press", "meeting", "interview", "gaggle", "conference")
    )


def _roles(labels: Sequence[Name], persons: dict[str, set[str]], head: str) -> dict[str, str]:
    """Full name to the longest office that a label or the head gives it."""
    roles: dict[str, str] = {}
    for name in labels:
        if name.role and name.person:
            full = _person(name.person, persons)
            _longer(roles, full, readable(name.role))
    for names in persons.values():
        for full in names:
            for match in re.finditer(re.escape(full), head, re.IGNORECASE):
                _longer(roles, full, _office_before(head[max(0, match.start() - 90) : match.start()]))
    return roles


def _longer(roles: dict[str, str], full: str | None, role: str | None) -> None:
    if full and role and len(role) > len(roles.get(full.casefold(), "")):
        roles[full.casefold()] = role


def _office_before(before: str) -> str | None:
    """The office that ends right before a name: "… with US Secretary of State" gives "US Secretary of State"."""
    words = before.split()
    start = len(words)
    while start > 0:
        word = words[start - 1]
        if word.casefold() in ("of", "for", "and", "to", "the"):
            if start < 2 or not (low(words[start - 2]) in OFFICE_PARTS or words[start - 2] in ("of", "for")):
                break
        elif not (word[0].isupper() and word.replace(".", "").replace("-", "").isalpha()) or low(word) in NEVER_FIRST:
            break
        start -= 1
    role = words[start:]
    if not any(low(word) in OFFICES for word in role) or role[0] in ("of", "for", "and", "to", "the"):
        return None
    return " ".join(role)


_BY = r"\bby\ (?:the\ )?(?:U\.?S\.?\ )?{office}\ ((?:[A-Z][\w'\-]+|[A-Z]\.)(?:\ (?:[A-Z][\w'\-]+|[A-Z]\.)){{0,2}}?)(?=\ (?:[a-z]|At|In|On|And|During|After|Before|To|With)|[,.;:]|$|\ [A-Z])"


def _holder(shown: str, head: str, taken: set[str]) -> tuple[str, str] | None:
    """(office, person) for "THE PRESIDENT" when the head says "by President X"; None otherwise."""
    office = re.sub(r"^the\s+", "", shown.strip().casefold())
    if office == shown.strip().casefold() or not any(low(word) in OFFICES for word in office.split()):
        return None
    found = {}
    for match in re.finditer(_BY.format(office=re.escape(office.title()).replace(r"\ ", " ")), head, re.VERBOSE):
        if _surname(match[1].split()[0]) not in taken:
            found[match[1]] = office.title()
    return next(((role, person) for person, role in found.items()), None) if len(found) == 1 else None
