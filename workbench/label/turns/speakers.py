"""Resolve speaker labels to persons, with the office that the document gives them.

All labels of a document are read together with the text before the first of them. Only what the
document says is used: a surname that fits two persons, or none, keeps its displayed form, and
"The President" is a person only where the text before the first label says "by President …".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workbench.label.blocks.lines import folded
from workbench.label.turns.speaker_labels import (
    HONORIFICS,
    LINKS,
    NEVER_FIRST,
    OFFICE_PARTS,
    OFFICES,
    PARTICLES,
    SpeakerLabel,
    folded_word,
    name_in_reading_case,
)
from workbench.languages import default_language
from workbench.schema import plain

_LANGUAGE = default_language()


class Speaker(NamedTuple):
    """A label within its document: who speaks, and the office the document gives for that person."""

    speaker: str
    role: str | None


class _Person(NamedTuple):
    """A full name the document states, with the office beside it."""

    full: str
    role: str | None


def resolve_speakers(
    labels: Sequence[SpeakerLabel], displayed: Sequence[str], text: str, opening_length: int
) -> list[Speaker]:
    """Speaker and role of every label, in order.

    `text[:opening_length]` is the document before its first label (title, place, introduction). A full name comes
    from another label, from the head, or from the body where an office stands before it.
    """
    opening = re.sub(r"[ *_]+", " ", folded(text)[:opening_length])  # line feeds stay: no name runs over one
    persons = _known_persons(labels, opening, text)
    known: dict[tuple[SpeakerLabel, str], Speaker] = {}
    for name, displayed_label in zip(labels, displayed, strict=True):
        if (name, displayed_label) not in known:
            known[name, displayed_label] = _resolve_speaker(
                name, " ".join(displayed_label.split()), labels, persons, opening, text
            )
    return [known[name, displayed_label] for name, displayed_label in zip(labels, displayed, strict=True)]


def _resolve_speaker(
    name: SpeakerLabel,
    displayed_label: str,
    labels: Sequence[SpeakerLabel],
    persons: dict[str, list[_Person]],
    opening: str,
    text: str,
) -> Speaker:
    role = name_in_reading_case(name.role) if name.role else None
    if name.person is None:
        return _office_holder(displayed_label, labels, opening, text) or Speaker(
            name_in_reading_case(displayed_label),
            role if role != name_in_reading_case(displayed_label) else None,
        )
    bearers = _matching_persons(name, persons, labels)
    if len(bearers) == 1:
        fullest_role = max((role or "", bearers[0].role or ""), key=len)
        return Speaker(bearers[0].full, fullest_role or None)
    return Speaker(
        name_in_reading_case(name.person) if _is_full(name) else name_in_reading_case(displayed_label), role
    )


def _is_full(name: SpeakerLabel) -> bool:
    """Given name and surname: "JOHN KERRY", but not the two-word surname of "MS. VAN SUSTEREN"."""
    words = (name.person or "").split()
    courtesy = name.kind == "titled" and name.role is None  # "MS. LINKE YOUNG" may bear both as surname
    return len(words) >= 2 and words[0].casefold() not in PARTICLES and not (courtesy and name.caps)


# ---------------------------------------------------------------- the persons a document names


def _known_persons(labels: Sequence[SpeakerLabel], opening: str, text: str) -> dict[str, list[_Person]]:
    """Surname to the persons of that name, one entry a person, the fullest office beside each."""
    persons: dict[str, list[_Person]] = {}
    names = list(dict.fromkeys(labels))
    for name in names:
        if name.person and _is_full(name) and not (name.caps and name.person[1:2] == "."):
            _add_person(persons, _Person(name.person, name_in_reading_case(name.role) if name.role else None))
    for surname in dict.fromkeys(_surname(name.person) for name in names if name.person):
        for person in _full_names(surname, opening, anywhere=True):
            _add_person(persons, person)
        if surname.casefold() not in persons:
            for person in _full_names(surname, text, anywhere=False):
                _add_person(persons, person)
    return persons


def _add_person(persons: dict[str, list[_Person]], new: _Person) -> None:
    """Join `new` to the person it can only be, or enter it; mixed case wins over capitals."""
    known = persons.setdefault(_surname(new.full).casefold(), [])
    for index, old in enumerate(known):
        if _name_fits(new.full, old.full) or _name_fits(old.full, new.full):
            names = sorted((old.full, new.full), key=lambda full: (full.isupper(), -len(full)))
            role = max(old.role or "", new.role or "", key=len) or None
            known[index] = _Person(name_in_reading_case(names[0]), role)
            return
    known.append(_Person(name_in_reading_case(new.full), new.role))


def _matching_persons(
    name: SpeakerLabel, persons: dict[str, list[_Person]], labels: Sequence[SpeakerLabel]
) -> list[_Person]:
    """The persons a label may stand for: the name fits, and the office does not speak against it."""
    person = name.person or ""
    candidates = [
        candidate
        for candidate in persons.get(_surname(person).casefold(), ())
        if _name_fits(person, candidate.full)
    ]
    if _is_full(name):
        exact = [
            candidate
            for candidate in candidates
            if candidate.full.casefold() == name_in_reading_case(person).casefold()
        ]
        return exact or candidates
    roles = {other.role for other in labels if other.person and _surname(other.person).casefold() == _surname(person).casefold()
              and not _is_full(other)}  # fmt: skip
    return [candidate for candidate in candidates if _office_agrees(name, candidate, strict=len(roles) > 1)]


def _office_agrees(name: SpeakerLabel, person: _Person, *, strict: bool) -> bool:
    """ "PRESIDENT BIDEN" is not "First Lady Jill Biden"; where two labels share a surname, the office must agree."""
    if not name.role or not person.role:
        return not strict
    label_offices, person_offices = (
        {folded_word(word) for word in role.split()} & OFFICES for role in (name.role, person.role)
    )
    return bool(label_offices & person_offices)


def _name_fits(short: str, full: str) -> bool:
    """ "Kerry", "J. Kerry" and "John Kerry" fit "John F. Kerry"; "Von der Leyen" fits "Ursula von der Leyen"."""
    short_words, full_words = short.casefold().split(), full.casefold().split()
    if _surname(short).casefold() != _surname(full).casefold():
        return False
    if len(short_words) == 1 or full_words[-len(short_words) :] == short_words:
        return True
    if len(short_words) < 2 or len(full_words) < 2:
        return False
    given, full_given = short_words[0].rstrip("."), full_words[0].rstrip(".")
    return given == full_given or (len(given) == 1 and full_given.startswith(given))


def _surname(person: str) -> str:
    """The surname, without "Jr."."""
    words = [word.rstrip(",") for word in person.split()]
    while len(words) > 1 and folded_word(words[-1]) in ("jr", "sr", "ii", "iii", "iv"):
        words.pop()
    return words[-1] if words else ""


# ---------------------------------------------------------------- names in running text


def _full_names(surname: str, text: str, *, anywhere: bool) -> Iterator[_Person]:
    """Full names that end in `surname`; with `anywhere` False only those with an office before them."""
    for match in (
        re.finditer(re.escape(surname), text, re.IGNORECASE if anywhere else 0)
        if anywhere
        else _find_surname(surname, text)
    ):
        if not match[0][0].isupper() or text[match.end() : match.end() + 1].isalnum():
            continue
        before = folded(text)[max(0, match.start() - 120) : match.start()].rpartition("\n")[2]
        if not before.endswith(" "):
            continue
        words = before.split(" ")[:-1]
        given = _given_names(words)
        if not given:
            continue
        role = _office_before(words[: len(words) - len(given)]) or _office_after(
            text[match.end() : match.end() + 90]
        )
        if anywhere or role:
            yield _Person(" ".join([*given, match[0]]), role)


def _find_surname(surname: str, text: str) -> Iterator[re.Match[str]]:
    """Places of a surname in running text, where names are not in capitals."""
    return re.finditer(re.escape(name_in_reading_case(surname) if surname.isupper() else surname), text)


def _given_names(words: Sequence[str]) -> list[str]:
    """The given names at the end of `words`: one, with initials and particles; a second one after an office or "with".

    Not after "of": "Secretary of Labor Ann Roe" is no Labor Ann Roe.
    """
    start = len(words)
    while start and (words[start - 1].casefold() in PARTICLES or re.fullmatch(r"[A-Z]\.", words[start - 1])):
        start -= 1
    if not start or not _can_be_given_name(words[start - 1]):
        return (
            [] if not any(re.fullmatch(r"[A-Z]\.", word) for word in words[start:]) else list(words[start:])
        )
    start -= 1
    if start and _can_be_given_name(words[start - 1]) and (start == 1 or folded_word(words[start - 2]) in OFFICES
                                              or (words[start - 2].islower() and words[start - 2] not in LINKS - {"and"})):  # fmt: skip
        start -= 1
    return list(words[start:])


def _can_be_given_name(word: str) -> bool:
    return bool(
        re.fullmatch(r"[A-Z\u00c0-\u024f][\w'\-]*", word)
        and folded_word(word) not in OFFICE_PARTS | HONORIFICS | NEVER_FIRST | LINKS | _HEADING_WORDS
    )


# Words of titles that stand before names without being any.
_HEADING_WORDS = _LANGUAGE.speakers.heading_words


def _office_before(words: Sequence[str]) -> str | None:
    """The office that ends right before a name: "with US Secretary of State" gives "US Secretary of State"."""
    start = len(words)
    while start > 0:
        word = words[start - 1]
        if word in ("of", "for", "to", "the"):
            links = ("of", "for", "to") if word == "the" else ()
            if start < 2 or not (
                words[start - 2] in links or (word != "the" and folded_word(words[start - 2]) in OFFICE_PARTS)
            ):
                break
        elif (
            not re.fullmatch(r"[A-Z\u00c0-\u024f][\w'.\-]*", word)
            or folded_word(word) in NEVER_FIRST | _HEADING_WORDS
        ):
            break
        start -= 1
    role = list(words[start:])
    while role and folded_word(role[-1]) in HONORIFICS - OFFICES:
        role.pop()
    while role and role[0] in ("of", "for", "to", "the"):
        role.pop(0)
    return " ".join(role) if any(folded_word(word) in OFFICES for word in role) else None


def _office_after(after: str) -> str | None:
    """The office in apposition: "Anna Berg, Minister of Trade, said" gives "Minister of Trade"."""
    match = re.match(
        r", (?:the )?((?:[A-Z][\w'.\-]*|of|for|the|and)(?: (?:[A-Z][\w'\-]*|of|for|the|and))*)", plain(after)
    )
    if match is None:
        return None
    words = match[1].split()
    while words and words[-1] in ("of", "for", "the", "and"):
        words.pop()
    return " ".join(words).rstrip(".") if any(folded_word(word) in OFFICES for word in words) else None


# ---------------------------------------------------------------- "The President"

_HEADING_STOP = re.compile(_LANGUAGE.speakers.heading_stop)


def _office_holder(
    displayed_label: str, labels: Sequence[SpeakerLabel], opening: str, text: str
) -> Speaker | None:
    """Who "THE PRESIDENT" is where the head says "by President X" of one X without a label of his own."""
    office = re.fullmatch(r"(?i:the )(.+)", displayed_label)
    if office is None or not any(folded_word(word) in OFFICES for word in office[1].split()):
        return None
    title = name_in_reading_case(office[1]).title() if office[1].isupper() else office[1]
    labelled_surnames = {_surname(name.person).casefold() for name in labels if name.person}
    holders = {
        person
        for person in _named_holders(title, opening, text)
        if _surname(person).casefold() not in labelled_surnames
    }
    if len({_surname(person) for person in holders}) != 1:
        return None
    person = max(holders, key=len)
    full_names = {match[0].removeprefix(title + " ") for match in
            re.finditer(rf"\b{title} (?:[A-Z][\w'\-]+ |[A-Z]\. ){{1,2}}{re.escape(_surname(person))}\b", text)}  # fmt: skip
    return Speaker(next(iter(full_names)) if len(full_names) == 1 and " " not in person else person, title)


def _named_holders(title: str, opening: str, text: str) -> Iterator[str]:
    """The X of "by President X" in the head: a surname, or a full name whose surname the text uses with the office."""
    for match in re.finditer(rf"(?i:\bby) (?:the )?(?:U\.?S\.? )?{title} (?=[A-Z])(.{{1,60}})", opening):
        words: list[str] = []
        for word in re.split(r"[\\_]", match[1])[0].split():  # marks of escaped text end a name
            if (
                not word[0].isupper()
                or _HEADING_STOP.fullmatch(word)
                or (words and word.endswith("ing"))
                or len(words) == 4
            ):
                break
            words.append(re.sub(r"[,.;:]$|'s$", "", word) if len(word) > 2 else word)
            if word[-1] in ",;:":
                break
        if len(words) == 1 or (
            words and re.search(rf"\b{title} {re.escape(words[0])}(?=[^\w ]| [a-z(])", folded(text))
        ):
            yield words[0]
        elif 2 <= len(words) <= 3:
            yield " ".join(words)
