"""Compute VADER sentiment as NLTK does, over the tokens of a whole batch at once.

Every rule of `nltk.sentiment.vader` stands here as a step over arrays, in NLTK's order, with its oddities:
a repeated word takes the valence of its first place; words are compared with folded case in
some rules and as written in others. The result equals NLTK's on every sentence (tested), some thirty
times faster (`benchmarks/speed_sentiment.py`).

The word lists and weights are NLTK's (`VaderConstants`), the lexicon is the file of the vaderSentiment
package (Hutto and Gilbert 2014). Nothing here touches `nltk.data`, which would want a download.
Texts are split on the bytes of a whole batch at once; Arrow numbers the different tokens.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from workbench.annotate.nltk_import import SentimentIntensityAnalyzer, VaderConstants

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


class TokenView(NamedTuple):
    """The first places of valenced words and what stands around them."""

    code: Ints  # of all tokens, with three rows of nothing before and after
    at: Ints  # place of each word in `code`
    rank: Ints  # place in its sentence
    last: Ints  # place of the sentence's last token
    shout: Flags  # its sentence holds words in capitals and others
    features: WordFeatures

    def near(self, distance: int) -> Ints:
        """The type that stands `distance` tokens away."""
        return self.code[self.at + distance]

    def is_(self, distance: int, bits: int) -> Flags:
        """Whether the type there is a word that a rule names."""
        return (self.features.rules[self.near(distance)] & bits).astype(np.bool_)


def score_texts(texts: Sequence[str]) -> Scores:
    """Score each text, equal to NLTK's `polarity_scores`."""
    split = split_texts(texts)
    features = word_features(split.types)
    return sum_valences(split, token_valences(split, features, split.code))


def token_valences(texts: SplitTexts, features: WordFeatures, code: Ints) -> Valences:
    """Every word with a valence among `code` (the tokens of `texts`, some perhaps replaced by masks)."""
    sentence = np.repeat(np.arange(len(texts.first) - 1, dtype=np.int32), np.diff(texts.first))
    token = np.flatnonzero((features.known & (features.booster == 0))[code]).astype(np.int32)
    token_sentence = sentence[token]
    first, of_first = _first_places(token, token_sentence, features.same[code[token]], len(features.same))
    value = _first_values(_view(texts, features, code, first, word_sentence=sentence[first]))[of_first]
    value = _but(texts, features, code, sentence, token, value)
    return Valences(token, token_sentence, first[of_first], value)


def _first_places(token: Ints, where: Ints, word: Ints, count: int) -> tuple[Ints, Ints]:
    """The first token of each word in its sentence, and for each token the number of its first."""
    key = where.astype(np.int64) * count + word
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    return token[first], inverse.astype(np.int32)


def _view(
    texts: SplitTexts, features: WordFeatures, code: Ints, first: Ints, word_sentence: Ints
) -> TokenView:
    count = np.diff(texts.first)
    upper = np.concatenate([[0], np.cumsum(features.upper[code])])
    capitals = upper[texts.first[1:]] - upper[texts.first[:-1]]
    shout = (capitals > 0) & (capitals < count)
    pad = np.full(_REACH, len(features.same) - 2, np.int32)
    rank = first - texts.first[word_sentence]
    return TokenView(
        np.concatenate([pad, code, pad]),
        first + _REACH,
        rank,
        count[word_sentence] - 1,
        shout[word_sentence],
        features,
    )


def _first_values(view: TokenView) -> Floats:
    """The valence of each word by the words around it, before "but"."""
    features, own_code = view.features, view.near(0)
    value = features.valence[own_code].copy()
    loud = features.upper[own_code] & view.shout
    value[loud] += np.where(value[loud] > 0, _CAPITALS, -_CAPITALS)
    for step in range(_REACH):
        free = (view.rank > step) & ~features.known[view.near(-step - 1)]
        value = np.where(free, value + _boost(view, step, value), value)
        value = np.where(free, _negate(view, step, value), value)
        if step == _REACH - 1:
            value = _idioms(view, free, value)
    least = (view.rank > 0) & view.is_(-1, LEAST) & ~features.known[view.near(-1)]
    value = np.where(least & ~((view.rank > 1) & view.is_(-2, AT_VERY)), value * _NEGATED, value)
    value[view.is_(0, KIND) & (view.rank < view.last) & view.is_(1, OF)] = 0.0
    return value


def _boost(view: TokenView, step: int, value: Floats) -> Floats:
    """What the word `step + 1` before adds: "very", "slightly", louder in capitals."""
    features, before = view.features, view.near(-step - 1)
    added = features.booster[before].copy()
    boosts = added != 0
    added = np.where(value < 0, -added, added)
    loud = boosts & features.upper[before] & view.shout
    added = np.where(loud, np.where(value > 0, added + _CAPITALS, added - _CAPITALS), added)
    return added * _BY_DISTANCE[step] if step else added


def _negate(view: TokenView, step: int, value: Floats) -> Floats:
    """`value` turned by a negation `step + 1` before, or raised by "never so"."""
    turned = np.where(view.features.negation[view.near(-step - 1)], value * _NEGATED, value)
    if step == 0:
        return turned
    if step == 1:
        return np.where(view.is_(-2, NEVER) & view.is_(-1, SO_THIS), value * 1.5, turned)
    raised = (view.is_(-3, NEVER) & view.is_(-2, SO_THIS)) | view.is_(-1, SO_THIS)
    return np.where(raised, value * 1.25, turned)


def _idioms(view: TokenView, free: Flags, value: Floats) -> Floats:
    """Idioms take the place of the valence; "kind of", "sort of", "just enough" dampen it."""
    ends = view.is_(-2, IDIOM_END) | view.is_(-1, IDIOM_END) | view.is_(0, IDIOM_END)
    ends |= view.is_(1, IDIOM_END) & (view.rank < view.last)
    ends |= view.is_(2, IDIOM_END) & (view.rank + 1 < view.last)
    value = value.copy()
    for number in np.flatnonzero(free & ends).tolist():
        value[number] = idiom_value(view, number, float(value[number]))
    of = (view.is_(-3, KIND_SORT) & view.is_(-2, OF_EXACT)) | (
        view.is_(-2, KIND_SORT) & view.is_(-1, OF_EXACT)
    )
    just_enough = (view.is_(-3, JUST) & view.is_(-2, ENOUGH)) | (view.is_(-2, JUST) & view.is_(-1, ENOUGH))
    return np.where(free & (of | just_enough), value + _DAMPENED, value)


def idiom_value(view: TokenView, number: int, value: float) -> float:
    """The valence of one word when an idiom ends near it, `value` when none does."""
    position = int(view.at[number])
    minus_3, minus_2, minus_1, own, plus_1, plus_2 = (
        view.features.words[code] for code in view.code[position - 3 : position + 3]
    )
    phrases_before = (
        f"{minus_1} {own}",
        f"{minus_2} {minus_1} {own}",
        f"{minus_2} {minus_1}",
        f"{minus_3} {minus_2} {minus_1}",
        f"{minus_3} {minus_2}",
    )
    value = next((IDIOMS[phrase] for phrase in phrases_before if phrase in IDIOMS), value)
    words_left = int(view.last[number] - view.rank[number])
    if words_left > 0:
        value = IDIOMS.get(f"{own} {plus_1}", value)
    if words_left > 1:
        value = IDIOMS.get(f"{own} {plus_1} {plus_2}", value)
    return value


def _but(
    texts: SplitTexts, features: WordFeatures, code: Ints, sentence: Ints, token: Ints, value: Floats
) -> Floats:
    """Halve what stands before the first "but" of a sentence, raise what stands after it."""
    buts = np.flatnonzero((features.rules[code] & BUT) != 0)
    if not len(buts):
        return value
    first = np.full(len(texts.first) - 1, -1, np.int64)
    first[sentence[buts[::-1]]] = buts[::-1]
    but_token = first[sentence[token]]
    has = but_token >= 0
    return np.where(
        has & (token < but_token), value * 0.5, np.where(has & (token > but_token), value * 1.5, value)
    )


def sum_valences(texts: SplitTexts, counted: Valences) -> Scores:
    """Sum valences and emphasis to the four scores of each sentence."""
    n, where, value = len(texts.first) - 1, counted.sentence, counted.value
    count, emphasis = np.diff(texts.first), texts.emphasis
    plain = np.bincount(where, value, n)
    total = plain + np.sign(plain) * emphasis
    up, down = value > 0, value < 0
    neutral = count - np.bincount(where[up | down], minlength=n)
    plus, minus = np.bincount(where[up], value[up] + 1, n), np.bincount(where[down], 1 - value[down], n)
    positive, negative = plus + (plus > minus) * emphasis, minus + (plus < minus) * emphasis
    total_weight = np.where(count == 0, 1.0, positive + negative + neutral)
    return Scores(
        round_as_python(negative / total_weight, 3),
        round_as_python(neutral / total_weight, 3),
        round_as_python(positive / total_weight, 3),
        round_as_python(total / np.sqrt(total * total + 15), 4),
    )


def round_as_python(numbers: Floats, digits: int) -> Floats:
    """`numbers` rounded as Python rounds; numpy alone errs where a digit five stands at the edge."""
    out = np.round(numbers, digits)
    scaled = np.abs(numbers) * 10.0**digits
    edge = np.flatnonzero(np.abs(scaled - np.floor(scaled) - 0.5) < 1e-6)
    out[edge] = [round(number, digits) for number in numbers[edge].tolist()]
    return out


# ---------------------------------------------------------------- features of words

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NEGATIONS = frozenset(VaderConstants.NEGATE)
BOOSTERS: dict[str, float] = {
    word: step for word, step in VaderConstants.BOOSTER_DICT.items() if " " not in word
}
IDIOMS: dict[str, float] = dict(VaderConstants.SPECIAL_CASE_IDIOMS)
_IDIOM_ENDS = frozenset(idiom.split()[-1] for idiom in IDIOMS)
_MARKS = frozenset(VaderConstants.PUNC_LIST)

# Words that a rule of VADER names, each with its bit. The first group counts in any case, as NLTK folds
# it; the second only as written here, because NLTK compares those without folding.
_FOLDED = {"kind": 1, "of": 2, "but": 4, "least": 8, "at": 16, "very": 16}
_EXACT = {
    "never": 32,
    "so": 64,
    "this": 64,
    "kind": 128,
    "sort": 128,
    "of": 256,
    "just": 512,
    "enough": 1024,
}
KIND, OF, BUT, LEAST, AT_VERY = 1, 2, 4, 8, 16
NEVER, SO_THIS, KIND_SORT, OF_EXACT, JUST, ENOUGH, IDIOM_END = 32, 64, 128, 256, 512, 1024, 2048

_PUNCTUATION = re.escape(string.punctuation)
_BEFORE = re.compile(rf"([{_PUNCTUATION}]+)([^{_PUNCTUATION}]{{2,}})")
_AFTER = re.compile(rf"([^{_PUNCTUATION}]{{2,}})([{_PUNCTUATION}]+)")


class PlainVader(SentimentIntensityAnalyzer):  # type: ignore[misc]
    """NLTK's own analyser, handed its lexicon: the reference that `vader.score` equals."""

    def __init__(self) -> None:
        self.lexicon_file = _lexicon_text()
        self.lexicon = self.make_lex_dict()
        self.constants = VaderConstants()


def _lexicon_text() -> str:
    return resources.files("vaderSentiment").joinpath("vader_lexicon.txt").read_text("utf-8").strip("\n")


@cache
def lexicon() -> dict[str, float]:
    """The valence of each word, as NLTK reads the file."""
    return dict(PlainVader().lexicon)


@cache
def _hot() -> frozenset[str]:
    """Lower-case words that mean anything to VADER's rules, beside the lexicon."""
    return frozenset({*BOOSTERS, *NEGATIONS, *_FOLDED, *_EXACT, *_IDIOM_ENDS})


class WordFeatures(NamedTuple):
    """One row a type (a different token, as written). The last two rows are masks, lower and upper case."""

    words: list[str]  # without the mark that VADER takes off
    same: Ints  # number of the first type with the same word
    upper: Flags
    known: Flags  # in the lexicon
    valence: Floats
    booster: Floats
    negation: Flags
    rules: Ints  # bits of the words that rules name


def strip_mark(token: str) -> str:
    """`token` without the one run of marks that NLTK's VADER takes off: "good!" but not "don't," or '"good"'.

    >>> strip_mark("cat,"), strip_mark("don't,")
    ('cat', "don't,")
    """
    if match := _AFTER.fullmatch(token):
        return match[1] if match[2] in _MARKS else token
    if match := _BEFORE.fullmatch(token):
        return match[2] if match[1] in _MARKS else token
    return token


def word_features(types: Sequence[str], own_valences: Mapping[str, float] | None = None) -> WordFeatures:
    """What VADER knows of each type, and of the two masks that are appended.

    `own_valences` are valences of lower-case words that take the place of VADER's: its rules, another lexicon.
    """
    valences = lexicon() if own_valences is None else own_valences
    count = len(types) + 2
    features = WordFeatures(
        words=[*types, "xxxx", "XXXX"],
        same=np.arange(count, dtype=np.int32),
        upper=np.fromiter(map(str.isupper, [*types, "x", "X"]), np.bool_, count),
        known=np.zeros(count, np.bool_),
        valence=np.zeros(count),
        booster=np.zeros(count),
        negation=np.zeros(count, np.bool_),
        rules=np.zeros(count, np.int32),
    )
    hot = _hot()
    first: dict[str, int] = {}
    for number, token in enumerate(types):
        low = token.lower()
        bare = low.strip(string.punctuation)
        if low in valences or bare in valences or low in hot or bare in hot or "n't" in low:
            features.words[number] = word = strip_mark(token)
            features.same[number] = first.setdefault(word, number)
            _fill(features, number, word, valences)
    return features


def _fill(features: WordFeatures, number: int, word: str, valences: Mapping[str, float]) -> None:
    """The row of one type."""
    low = word.lower()
    features.upper[number] = word.isupper()
    features.known[number] = low in valences
    features.valence[number] = valences.get(low, 0.0)
    features.booster[number] = BOOSTERS.get(low, 0.0)
    features.negation[number] = low in NEGATIONS or "n't" in low
    ends = IDIOM_END if word in _IDIOM_ENDS else 0
    features.rules[number] = _FOLDED.get(low, 0) | _EXACT.get(word, 0) | ends


# ---------------------------------------------------------------- texts to tokens

# What str.split() takes for white space: these bytes, and these characters beyond ASCII.
_IS_WORD = bytes(0 if byte in b"\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f " else 1 for byte in range(256))
_WIDE_SPACE = re.compile("[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_EXCLAIM, _QUESTION = b"!?"


class AllTokens(NamedTuple):
    """All tokens at white space, those of one character among them, which VADER does not see."""

    code: Ints
    first: Ints  # of each sentence, as in Split
    seen: Flags  # by VADER


class SplitTexts(NamedTuple):
    """The tokens of a batch. Token arrays are aligned; sentence n holds tokens first[n] to first[n + 1]."""

    types: list[str]
    code: Ints
    first: Ints
    start: Ints  # of each token, in code points of its text
    emphasis: Floats  # of each text, from its exclamation and question marks
    every: AllTokens


def split_texts(texts: Sequence[str]) -> SplitTexts:
    """Split `texts` into tokens at white space, each text its own sentence."""
    raw = [_WIDE_SPACE.sub(" ", text).encode("utf-8", "replace") for text in texts]
    bounds = np.cumsum([1, *(len(line) + 1 for line in raw)], dtype=np.int32)  # byte each text begins at
    buffer = b"\n".join([b"", *raw, b""])
    inside = np.frombuffer(buffer.translate(_IS_WORD), np.int8)
    edges = np.flatnonzero(inside[1:] != inside[:-1]).astype(np.int32) + 1
    start, end = edges[0::2], edges[1::2]
    bytes_ = np.frombuffer(buffer, np.uint8)
    numbered = _numbered(bytes_[inside.view(np.bool_)], end - start)
    types = numbered.dictionary.to_pylist()
    code = np.frombuffer(numbered.indices.buffers()[1], np.int32)[: len(start)]
    is_seen = np.fromiter(map(len, types), np.int32, len(types))[code] > 1 if types else np.zeros(0, np.bool_)
    every = AllTokens(code, np.searchsorted(start, bounds).astype(np.int32), is_seen)
    start = start[is_seen]
    first = np.searchsorted(start, bounds).astype(np.int32)
    points = _code_points(start, first, bounds, bytes_)
    return SplitTexts(types, code[is_seen], first, points, _emphasis(bytes_, bounds), every)


def _numbered(letters: NDArray[np.uint8], length: Ints) -> pa.DictionaryArray:
    """Tokens written end to end, with their lengths in bytes, as an Arrow dictionary."""
    offsets = np.zeros(len(length) + 1, np.int32)
    np.cumsum(length, out=offsets[1:])
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(letters)]
    return pa.Array.from_buffers(pa.utf8(), len(length), buffers).dictionary_encode()


def _code_points(start: Ints, first: Ints, bounds: Ints, buffer: NDArray[np.uint8]) -> Ints:
    """Byte offsets in the batch as code points in each text."""
    followers = np.flatnonzero((buffer & 0xC0) == 0x80).astype(np.int32)  # bytes that begin no character

    def points(byte_offsets: Ints) -> Ints:
        return (
            byte_offsets - np.searchsorted(followers, byte_offsets) if len(followers) else byte_offsets
        ).astype(np.int32)

    return points(start) - np.repeat(points(bounds[:-1]), np.diff(first))


def _emphasis(buffer: NDArray[np.uint8], bounds: Ints) -> Floats:
    """NLTK's amplifier for each text, from its number of exclamation and question marks."""
    exclaim, question = _count(buffer, bounds, _EXCLAIM), _count(buffer, bounds, _QUESTION)
    out = np.zeros(len(bounds) - 1)
    for number in np.flatnonzero((exclaim > 0) | (question > 1)).tolist():
        marks = "!" * int(exclaim[number]) + "?" * int(question[number])
        out[number] = SentimentIntensityAnalyzer._punctuation_emphasis(_AMPLIFIER, 0, marks)
    return out


def _count(buffer: NDArray[np.uint8], bounds: Ints, byte: int) -> NDArray[np.intp]:
    positions = np.flatnonzero(buffer == byte)
    return np.bincount(np.searchsorted(bounds, positions, "right") - 1, minlength=len(bounds) - 1)


_AMPLIFIER = object.__new__(SentimentIntensityAnalyzer)  # its methods need no lexicon
