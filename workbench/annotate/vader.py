"""VADER as NLTK computes it, over the tokens of a whole batch at once.

Every rule of `nltk.sentiment.vader` stands here as a step over arrays, in NLTK's order, its oddities
kept: a word said twice takes the valence of its first place; words are compared with folded case in
some rules and as written in others. The result equals NLTK's on every sentence (tested), some thirty
times faster (`benchmarks/speed_sentiment.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from workbench.annotate import vader_words as words
from workbench.annotate.nltk_door import VaderConstants
from workbench.annotate.vader_split import Split, split
from workbench.annotate.vader_words import Features, Flags, Floats, Ints, features

_CAPITALS, _NEGATED = VaderConstants.C_INCR, VaderConstants.N_SCALAR
_DAMPENED = VaderConstants.B_DECR
# The weight of a booster one, two and three words before, as written into NLTK's loop.
_BY_DISTANCE = (1.0, 0.95, 0.9)
_REACH = 3


class Scores(NamedTuple):
    """The four figures of each text, rounded as NLTK rounds them."""

    negative: Floats
    neutral: Floats
    positive: Floats
    compound: Floats


class Valences(NamedTuple):
    """Words with a valence: their token numbers, sentences, and what they count after all rules."""

    token: Ints
    sentence: Ints
    first: Ints  # token whose surroundings decided: the first with the same word in the sentence
    value: Floats


class View(NamedTuple):
    """The first places of valenced words and what stands around them."""

    code: Ints  # of all tokens, with three rows of nothing before and after
    at: Ints  # place of each word in `code`
    rank: Ints  # place in its sentence
    last: Ints  # place of the sentence's last token
    shout: Flags  # its sentence holds words in capitals and others
    features: Features

    def near(self, distance: int) -> Ints:
        """The type that stands `distance` tokens away."""
        return self.code[self.at + distance]

    def is_(self, distance: int, bits: int) -> Flags:
        """Whether the type there is a word that a rule names."""
        return (self.features.rules[self.near(distance)] & bits).astype(np.bool_)


def score(texts: Sequence[str]) -> Scores:
    """The scores of each text, equal to NLTK's `polarity_scores`."""
    found = split(texts)
    known = features(found.types)
    return totals(found, valences(found, known, found.code))


def valences(found: Split, known: Features, code: Ints) -> Valences:
    """Every word with a valence among `code` (the tokens of `found`, some perhaps replaced by masks)."""
    sentence = np.repeat(np.arange(len(found.first) - 1, dtype=np.int32), np.diff(found.first))
    token = np.flatnonzero((known.known & (known.booster == 0))[code]).astype(np.int32)
    where = sentence[token]
    first, of_first = _first_places(token, where, known.same[code[token]], len(known.same))
    value = _first_values(_view(found, known, code, first, where=sentence[first]))[of_first]
    value = _but(found, known, code, sentence, token, value)
    return Valences(token, where, first[of_first], value)


def _first_places(token: Ints, where: Ints, word: Ints, count: int) -> tuple[Ints, Ints]:
    """The first token of each word in its sentence, and for each token the number of its first."""
    key = where.astype(np.int64) * count + word
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    return token[first], inverse.astype(np.int32)


def _view(found: Split, known: Features, code: Ints, first: Ints, where: Ints) -> View:
    count = np.diff(found.first)
    upper = np.concatenate([[0], np.cumsum(known.upper[code])])
    capitals = upper[found.first[1:]] - upper[found.first[:-1]]
    shout = (capitals > 0) & (capitals < count)
    pad = np.full(_REACH, len(known.same) - 2, np.int32)
    rank = first - found.first[where]
    return View(np.concatenate([pad, code, pad]), first + _REACH, rank, count[where] - 1, shout[where], known)


def _first_values(view: View) -> Floats:
    """The valence of each word by the words around it, before "but"."""
    known, own = view.features, view.near(0)
    value = known.valence[own].copy()
    loud = known.upper[own] & view.shout
    value[loud] += np.where(value[loud] > 0, _CAPITALS, -_CAPITALS)
    for step in range(_REACH):
        free = (view.rank > step) & ~known.known[view.near(-step - 1)]
        value = np.where(free, value + _boost(view, step, value), value)
        value = np.where(free, _negate(view, step, value), value)
        if step == _REACH - 1:
            value = _idioms(view, free, value)
    least = (view.rank > 0) & view.is_(-1, words.LEAST) & ~known.known[view.near(-1)]
    value = np.where(least & ~((view.rank > 1) & view.is_(-2, words.AT_VERY)), value * _NEGATED, value)
    value[view.is_(0, words.KIND) & (view.rank < view.last) & view.is_(1, words.OF)] = 0.0
    return value


def _boost(view: View, step: int, value: Floats) -> Floats:
    """What the word `step + 1` before adds: "very", "slightly", louder in capitals."""
    known, before = view.features, view.near(-step - 1)
    added = known.booster[before].copy()
    boosts = added != 0
    added = np.where(value < 0, -added, added)
    loud = boosts & known.upper[before] & view.shout
    added = np.where(loud, np.where(value > 0, added + _CAPITALS, added - _CAPITALS), added)
    return added * _BY_DISTANCE[step] if step else added


def _negate(view: View, step: int, value: Floats) -> Floats:
    """`value` turned by a negation `step + 1` before, or raised by "never so"."""
    turned = np.where(view.features.negation[view.near(-step - 1)], value * _NEGATED, value)
    if step == 0:
        return turned
    if step == 1:
        return np.where(view.is_(-2, words.NEVER) & view.is_(-1, words.SO_THIS), value * 1.5, turned)
    raised = (view.is_(-3, words.NEVER) & view.is_(-2, words.SO_THIS)) | view.is_(-1, words.SO_THIS)
    return np.where(raised, value * 1.25, turned)


def _idioms(view: View, free: Flags, value: Floats) -> Floats:
    """Idioms take the place of the valence; "kind of", "sort of", "just enough" dampen it."""
    ends = view.is_(-2, words.IDIOM_END) | view.is_(-1, words.IDIOM_END) | view.is_(0, words.IDIOM_END)
    ends |= view.is_(1, words.IDIOM_END) & (view.rank < view.last)
    ends |= view.is_(2, words.IDIOM_END) & (view.rank + 1 < view.last)
    value = value.copy()
    for number in np.flatnonzero(free & ends).tolist():
        value[number] = idiom_value(view, number, float(value[number]))
    of = (view.is_(-3, words.KIND_SORT) & view.is_(-2, words.OF_EXACT)) | (
        view.is_(-2, words.KIND_SORT) & view.is_(-1, words.OF_EXACT)
    )
    enough = (view.is_(-3, words.JUST) & view.is_(-2, words.ENOUGH)) | (
        view.is_(-2, words.JUST) & view.is_(-1, words.ENOUGH)
    )
    return np.where(free & (of | enough), value + _DAMPENED, value)


def idiom_value(view: View, number: int, value: float) -> float:
    """The valence of one word when an idiom ends near it, `value` when none does."""
    at = int(view.at[number])
    three, two, one, own, next_, after = (view.features.words[code] for code in view.code[at - 3 : at + 3])
    before = (f"{one} {own}", f"{two} {one} {own}", f"{two} {one}", f"{three} {two} {one}", f"{three} {two}")
    value = next((words.IDIOMS[phrase] for phrase in before if phrase in words.IDIOMS), value)
    left = int(view.last[number] - view.rank[number])
    if left > 0:
        value = words.IDIOMS.get(f"{own} {next_}", value)
    if left > 1:
        value = words.IDIOMS.get(f"{own} {next_} {after}", value)
    return value


def _but(found: Split, known: Features, code: Ints, sentence: Ints, token: Ints, value: Floats) -> Floats:
    """Halve what stands before the first "but" of a sentence, raise what stands after it."""
    buts = np.flatnonzero((known.rules[code] & words.BUT) != 0)
    if not len(buts):
        return value
    first = np.full(len(found.first) - 1, -1, np.int64)
    first[sentence[buts[::-1]]] = buts[::-1]
    place = first[sentence[token]]
    has = place >= 0
    return np.where(has & (token < place), value * 0.5, np.where(has & (token > place), value * 1.5, value))


def totals(found: Split, counted: Valences) -> Scores:
    """The four figures of each sentence from its valences and its marks."""
    n, where, value = len(found.first) - 1, counted.sentence, counted.value
    count, emphasis = np.diff(found.first), found.emphasis
    plain = np.bincount(where, value, n)
    total = plain + np.sign(plain) * emphasis
    up, down = value > 0, value < 0
    neutral = count - np.bincount(where[up | down], minlength=n)
    plus, minus = np.bincount(where[up], value[up] + 1, n), np.bincount(where[down], 1 - value[down], n)
    positive, negative = plus + (plus > minus) * emphasis, minus + (plus < minus) * emphasis
    whole = np.where(count == 0, 1.0, positive + negative + neutral)
    return Scores(
        rounded(negative / whole, 3),
        rounded(neutral / whole, 3),
        rounded(positive / whole, 3),
        rounded(total / np.sqrt(total * total + 15), 4),
    )


def rounded(numbers: Floats, digits: int) -> Floats:
    """`numbers` rounded as Python rounds; numpy alone errs where a digit five stands at the edge."""
    out = np.round(numbers, digits)
    scaled = np.abs(numbers) * 10.0**digits
    edge = np.flatnonzero(np.abs(scaled - np.floor(scaled) - 0.5) < 1e-6)
    out[edge] = [round(number, digits) for number in numbers[edge].tolist()]
    return out
