"""The lexicon of target sentiment: relational verbs and nouns of `connotations.toml`, and valences.

A relational word has a class ("accuse") that says what it implies of its subject and of its object. Any other
word has at most a valence, -4 to 4: that of `connotations.toml`, or else VADER's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from workbench.annotate.sentiment.vader import lexicon
from workbench.languages import default_language

_CONNOTATIONS = default_language().connotations
_DOUBLED = re.compile(r"[^aeiou][aeiou][bdgklmnprt]$")  # ban: banned, but heal: healed
_UNDOUBLED = ("er", "en", "it", "et", "or", "al", "el", "ad")  # offer: offered; stress is not at the end


class RelationalWord(NamedTuple):
    """A relational word: its class, whether it is a noun, what it says of subject and object, -1 to 1."""

    name: str
    noun: bool
    subject: float
    object: float


@cache
def relational_words() -> Mapping[str, RelationalWord]:
    """The relation of each word form, lower case; a verb form goes before the same word as a noun."""
    relational: dict[str, RelationalWord] = {}
    for name, row in _CONNOTATIONS.relations.items():
        verb = RelationalWord(name, False, row["subject"], row["object"])
        for form in (*(f for base in row["verbs"] for f in inflect(base)), *row.get("forms", ())):
            relational.setdefault(form, verb)
    for name, row in _CONNOTATIONS.relations.items():
        for form in row.get("nouns", ()):
            if form not in relational or form not in _third(relational[form].name):
                relational[form] = RelationalWord(name, True, row["subject"], row["object"])
    return relational


@cache
def valences() -> Mapping[str, float]:
    """The valence of each word, -4 to 4: VADER's lexicon with the words of `connotations.toml` over it."""
    valence_of_word = dict(lexicon())
    for row in _CONNOTATIONS.words.values():
        valence_of_word |= dict.fromkeys(row["words"], float(row["value"]))
    return valence_of_word


@cache
def fields_of_words() -> Mapping[str, tuple[str, ...]]:
    """The fields of each word that belongs to any, in the order of `connotations.toml`."""
    fields: dict[str, tuple[str, ...]] = {}
    for name, row in _CONNOTATIONS.fields.items():
        for word in row["words"]:
            fields[word] = (*fields.get(word, ()), name)
    return fields


@cache
def field_names() -> frozenset[str]:
    """The names of the fields."""
    return frozenset(_CONNOTATIONS.fields)


@cache
def closed_class_words() -> frozenset[str]:
    """The words of the closed classes of English that `connotations.toml` lists."""
    return frozenset(_CONNOTATIONS.grammar["words"])


def inflect(base: str) -> Iterator[str]:
    """The forms of a regular verb.

    >>> list(inflect("deny")), list(inflect("ban")), list(inflect("accuse"))[1:]
    (['deny', 'denies', 'denied', 'denying'], ['ban', 'bans', 'banned', 'banning'], ['accuses', 'accused', 'accusing'])
    """
    yield base
    if base.endswith("y") and base[-2] not in "aeiou":
        yield from (base[:-1] + "ies", base[:-1] + "ied", base + "ing")
    elif base.endswith("ie"):
        yield from (base + "s", base + "d", base[:-2] + "ying")
    elif base.endswith("e"):
        yield from (base + "s", base + "d", base[:-1] + "ing")
    else:
        plural = "es" if base.endswith(("s", "sh", "ch", "x", "z")) else "s"
        doubled = _DOUBLED.search(base) and (len(base) < 5 or not base.endswith(_UNDOUBLED))
        stem = base + base[-1] if doubled else base
        yield from (base + plural, stem + "ed", stem + "ing")


@cache
def _third(name: str) -> frozenset[str]:
    """Verb forms in -s and -ed of a class: these stay verbs where a noun is written alike."""
    forms = (form for base in _CONNOTATIONS.relations[name]["verbs"] for form in inflect(base))
    return frozenset(form for form in forms if form.endswith(("ed", "ing")))
