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
    clauses = own_clauses(syntax, first, last) if syntax.words else set()
    clues = [
        clue
        for token in range(len(syntax.words))
        if (clue := _clue(syntax, token, first, last, clauses)) is not None
    ]
    return [*clues, *_beside(syntax, first, last), _whole(syntax, clues, first, last)]


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


def _beside(syntax: ParsedSentence, first: int, last: int) -> list[Clue]:
    """What stands directly beside the mention: a preposition, a word of speech, a possessive."""
    words, clues = syntax.words, []
    if first and words[first - 1] in PREPOSITIONS:
        clues.append(_word(syntax, first - 1, "preposition", f"behind {words[first - 1]}"))
    for token in range(last, min(last + 3, len(words))):
        if words[token] in SPEECH and rivals(syntax, last, token) == 0:
            clues.append(_word(syntax, token, "speaker", "speaks"))
            break
    if first and words[first - 1] in SPEECH:
        clues.append(_word(syntax, first - 1, "speaker", "told or speaks"))
    if last < len(words) and words[last] == "'s":
        clues.append(_word(syntax, last, "possessive", "possessive"))
    return clues


def _word(syntax: ParsedSentence, token: int, relation: str, feature: str) -> Clue:
    return Clue(syntax.starts[token], syntax.ends[token], relation, 0.0, False, {feature: 1.0})


def _whole(syntax: ParsedSentence, clues: list[Clue], first: int, last: int) -> Clue:
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
    features |= _grammar(syntax, first, last)
    return Clue(0, 0, "sentence", 0.0, False, features)


def _grammar(syntax: ParsedSentence, first: int, last: int) -> dict[str, float]:
    """The words of the closed classes, each where it stands nearest to the mention."""
    features: dict[str, float] = {}
    for token, word in enumerate(syntax.words):
        if word in closed_class_words() and not first <= token < last:
            gap = first - token if token < first else token - last
            features[f"word {word}"] = max(features.get(f"word {word}", 0.0), 1 / (1 + gap / REACH))
    return features
