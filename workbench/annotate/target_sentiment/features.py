"""Compute the features of a target: each charged word with its relation to the mention.

Every feature has a name that a person can read ("accuse patient", "words - near", "behind against"), and
keeps the words that make it, so that a score can be explained in words and relations.

The words are those of `connotations.toml`. A relational word has a class ("accuse") that says what it implies of
its subject and of its object. Any other word has at most a valence, -4 to 4: that of `connotations.toml`, or else
VADER's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from workbench.annotate.sentiment.vader import lexicon
from workbench.annotate.target_sentiment.syntax import (
    PREPOSITIONS,
    PRONOUNS,
    SPEECH,
    ParsedSentence,
    clauses_of_target,
    is_negated,
    is_passive,
    names_between,
    role,
    tokens_of,
)
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


DOERS = ("subject", "agent", "possessed")  # roles of the one who does it; all others have it done to them
UNSURE = ("far", "near", "matter")  # roles that do not tell whether the mention does it or has it done
STANCES = ("criticise", "accuse", "praise", "support", "reject", "warn", "like", "hate")
REACH = 8  # words; at this distance a word of a field counts half. Swept 2–16 by cross-validation, 8 best
UNDONE = -0.5  # a negated word counts half, the other way: VADER's -0.74 is for "not good" in a review


class Clue(NamedTuple):
    """A word and what it adds: its place, relation (or field), valence after negation, features with sizes."""

    start: int
    end: int
    relation: str
    valence: float
    negated: bool
    features: dict[str, float]


def find_clues(syntax: ParsedSentence, start: int, end: int) -> list[Clue]:
    """Find the clues about the mention at `start:end` of a sentence, in text order; the last is the whole sentence."""
    first, last = tokens_of(syntax, start, end)
    clauses = clauses_of_target(syntax, first, last) if syntax.words else set()
    clues = [
        clue
        for token in range(len(syntax.words))
        if (clue := _clue(syntax, token, first, last, clauses)) is not None
    ]
    return [*clues, *_adjacent_clues(syntax, first, last), _sentence_clue(syntax, clues, first, last)]


def _clue(syntax: ParsedSentence, token: int, first: int, last: int, clauses: set[int]) -> Clue | None:
    """The clue of one token; None when it is neither relational nor charged nor of any field."""
    word = syntax.words[token]
    relation = relational_words().get(word)
    charge = 0.0 if syntax.capital[token] else valences().get(word, 0.0)
    names = () if syntax.capital[token] else fields_of_words().get(word, ())
    if not (relation or charge or names) or first <= token < last:
        return None
    gap = first - token if token < first else token - last
    features = {f"field {name}": 1 / (1 + gap / REACH) for name in names}
    if relation is None and not charge:
        return Clue(syntax.starts[token], syntax.ends[token], names[0], 0.0, False, features)
    target_role = role(syntax, token, first, last, clauses)
    if target_role == "subject" and _stance_between(syntax, last, token):
        target_role = "matter"
    negated = is_negated(syntax, token)
    if relation is not None and not syntax.capital[token]:
        doer = target_role in DOERS
        effect = relation.subject if doer else relation.object
        charge = 4 * effect if target_role not in UNSURE else 2 * (relation.subject + relation.object)
        features[f"{'not ' if negated else ''}{relation.name} {target_role}"] = 1.0
    value = charge * UNDONE if negated else charge
    size = abs(value) / 4
    sign = "+" if value > 0 else "-"
    features[f"words {sign} {target_role}"] = size
    if syntax.quoted[token]:
        features[f"quoted {sign}"] = size
    features[f"distance {sign}"] = size / (1 + gap / 4)
    return Clue(syntax.starts[token], syntax.ends[token], target_role, value, negated, features)


def _stance_between(syntax: ParsedSentence, last: int, token: int) -> bool:
    """Whether the mention takes a stance on what follows: "X condemned the attack" attacks nobody."""
    return any(
        (verb := relational_words().get(syntax.words[n])) is not None
        and verb.name in STANCES
        and not verb.noun
        and not is_passive(syntax, n)
        for n in range(last, token)
    )


def _adjacent_clues(syntax: ParsedSentence, first: int, last: int) -> list[Clue]:
    """What stands directly beside the mention: a preposition, a word of speech, a possessive."""
    words, clues = syntax.words, []
    if first and words[first - 1] in PREPOSITIONS:
        clues.append(_word_clue(syntax, first - 1, "preposition", f"behind {words[first - 1]}"))
    for token in range(last, min(last + 3, len(words))):
        if words[token] in SPEECH and names_between(syntax, last, token) == 0:
            clues.append(_word_clue(syntax, token, "speaker", "speaks"))
            break
    if first and words[first - 1] in SPEECH:
        clues.append(_word_clue(syntax, first - 1, "speaker", "told or speaks"))
    if last < len(words) and words[last] == "'s":
        clues.append(_word_clue(syntax, last, "possessive", "possessive"))
    return clues


def _word_clue(syntax: ParsedSentence, token: int, relation: str, feature: str) -> Clue:
    return Clue(syntax.starts[token], syntax.ends[token], relation, 0.0, False, {feature: 1.0})


def _sentence_clue(syntax: ParsedSentence, clues: list[Clue], first: int, last: int) -> Clue:
    """What the sentence is as a whole: its tone, marks and grammar, and what kind of mention it is."""
    words = syntax.words
    total = sum(clue.valence for clue in clues)
    tone = total / (total * total + 15) ** 0.5  # VADER's own way to bring a sum between -1 and 1
    features = {"always": 1.0, "tone +": max(tone, 0.0), "tone -": max(-tone, 0.0)}
    features["charged"] = float(any(clue.valence for clue in clues))
    features["mention first"] = float(first <= 1)
    features["pronoun"] = float(bool(words) and words[first] in PRONOUNS)
    features["his or her"] = float(bool(words) and words[first] in ("his", "her", "their", "its"))
    features["in quotation marks"] = float(bool(words) and syntax.quoted[first])
    features["quotation in the sentence"] = float(any(syntax.quoted))
    features["question"] = float(words[-1:] == ["?"])
    features["long"] = min(len(words), 60) / 30
    features |= _closed_class_features(syntax, first, last)
    return Clue(0, 0, "sentence", 0.0, False, features)


def _closed_class_features(syntax: ParsedSentence, first: int, last: int) -> dict[str, float]:
    """The words of the closed classes, each where it stands nearest to the mention."""
    features: dict[str, float] = {}
    for token, word in enumerate(syntax.words):
        if word in closed_class_words() and not first <= token < last:
            gap = first - token if token < first else token - last
            features[f"word {word}"] = max(features.get(f"word {word}", 0.0), 1 / (1 + gap / REACH))
    return features
