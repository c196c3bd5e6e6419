"""Features of a target: each charged word with its relation to the mention.

Every feature has a name that a person can read ("accuse patient", "words - near", "behind against"), and
keeps the words that make it, so that a score can be explained in words and relations.
"""

from __future__ import annotations

from typing import NamedTuple

from workbench.annotate.target_sentiment.lexicon import (
    closed_class_words,
    fields_of_words,
    relational_words,
    valences,
)
from workbench.annotate.target_sentiment.syntax import (
    PREPOSITIONS,
    PRONOUNS,
    SPEECH,
    ParsedSentence,
    is_negated,
    is_passive,
    own_clauses,
    rivals,
    role,
    tokens_of,
)

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
    """What speaks about the mention at `start:end` of a sentence, in text order; then the whole sentence."""
    first, last = tokens_of(syntax, start, end)
    own = own_clauses(syntax, first, last) if syntax.words else set()
    found = [
        clue for at in range(len(syntax.words)) if (clue := _clue(syntax, at, first, last, own)) is not None
    ]
    return [*found, *_beside(syntax, first, last), _whole(syntax, found, first, last)]


def _clue(syntax: ParsedSentence, at: int, first: int, last: int, own: set[int]) -> Clue | None:
    """The clue of one token; None when it is neither relational nor charged nor of any field."""
    word = syntax.words[at]
    relation = relational_words().get(word)
    charge = 0.0 if syntax.capital[at] else valences().get(word, 0.0)
    names = () if syntax.capital[at] else fields_of_words().get(word, ())
    if not (relation or charge or names) or first <= at < last:
        return None
    gap = first - at if at < first else at - last
    features = {f"field {name}": 1 / (1 + gap / REACH) for name in names}
    if relation is None and not charge:
        return Clue(syntax.starts[at], syntax.ends[at], names[0], 0.0, False, features)
    where = role(syntax, at, first, last, own)
    if where == "subject" and _stance_between(syntax, last, at):
        where = "matter"
    turned = is_negated(syntax, at)
    if relation is not None and not syntax.capital[at]:
        doer = where in DOERS
        effect = relation.subject if doer else relation.object
        charge = 4 * effect if where not in UNSURE else 2 * (relation.subject + relation.object)
        features[f"{'not ' if turned else ''}{relation.name} {where}"] = 1.0
    value = charge * UNDONE if turned else charge
    size = abs(value) / 4
    sign = "+" if value > 0 else "-"
    features[f"words {sign} {where}"] = size
    if syntax.quoted[at]:
        features[f"quoted {sign}"] = size
    features[f"distance {sign}"] = size / (1 + gap / 4)
    return Clue(syntax.starts[at], syntax.ends[at], where, value, turned, features)


def _stance_between(syntax: ParsedSentence, last: int, at: int) -> bool:
    """Whether the mention takes a stance on what follows: "X condemned the attack" attacks nobody."""
    return any(
        (verb := relational_words().get(syntax.words[n])) is not None
        and verb.name in STANCES
        and not verb.noun
        and not is_passive(syntax, n)
        for n in range(last, at)
    )


def _beside(syntax: ParsedSentence, first: int, last: int) -> list[Clue]:
    """What stands directly beside the mention: a preposition, a word of speech, a possessive."""
    words, found = syntax.words, []
    if first and words[first - 1] in PREPOSITIONS:
        found.append(_word(syntax, first - 1, "preposition", f"behind {words[first - 1]}"))
    for at in range(last, min(last + 3, len(words))):
        if words[at] in SPEECH and rivals(syntax, last, at) == 0:
            found.append(_word(syntax, at, "speaker", "speaks"))
            break
    if first and words[first - 1] in SPEECH:
        found.append(_word(syntax, first - 1, "speaker", "told or speaks"))
    if last < len(words) and words[last] == "'s":
        found.append(_word(syntax, last, "possessive", "possessive"))
    return found


def _word(syntax: ParsedSentence, at: int, relation: str, feature: str) -> Clue:
    return Clue(syntax.starts[at], syntax.ends[at], relation, 0.0, False, {feature: 1.0})


def _whole(syntax: ParsedSentence, found: list[Clue], first: int, last: int) -> Clue:
    """What the sentence is as a whole: its tone, marks and grammar, and what kind of mention it is."""
    words = syntax.words
    total = sum(clue.valence for clue in found)
    tone = total / (total * total + 15) ** 0.5  # VADER's own way to bring a sum between -1 and 1
    features = {"always": 1.0, "tone +": max(tone, 0.0), "tone -": max(-tone, 0.0)}
    features["charged"] = float(any(clue.valence for clue in found))
    features["mention first"] = float(first <= 1)
    features["pronoun"] = float(bool(words) and words[first] in PRONOUNS)
    features["his or her"] = float(bool(words) and words[first] in ("his", "her", "their", "its"))
    features["in quotation marks"] = float(bool(words) and syntax.quoted[first])
    features["quotation in the sentence"] = float(any(syntax.quoted))
    features["question"] = float(words[-1:] == ["?"])
    features["long"] = min(len(words), 60) / 30
    features |= _grammar(syntax, first, last)
    return Clue(0, 0, "sentence", 0.0, False, features)


def _grammar(syntax: ParsedSentence, first: int, last: int) -> dict[str, float]:
    """The words of the closed classes, each where it stands nearest to the mention."""
    found: dict[str, float] = {}
    for at, word in enumerate(syntax.words):
        if word in closed_class_words() and not first <= at < last:
            gap = first - at if at < first else at - last
            found[f"word {word}"] = max(found.get(f"word {word}", 0.0), 1 / (1 + gap / REACH))
    return found
