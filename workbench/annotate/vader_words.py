"""What VADER knows of a word, told once for each different word of a batch.

The word lists and weights are NLTK's (`VaderConstants`), the lexicon is the file of the vaderSentiment
package (Hutto and Gilbert 2014). Nothing here touches `nltk.data`, which would want a download.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.annotate.nltk_door import SentimentIntensityAnalyzer, VaderConstants

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
_EXACT = {"never": 32, "so": 64, "this": 64, "kind": 128, "sort": 128, "of": 256, "just": 512, "enough": 1024}
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


class Features(NamedTuple):
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


def features(types: Sequence[str], own: Mapping[str, float] | None = None) -> Features:
    """What VADER knows of each type, and of the two masks that are appended.

    `own` are valences of lower-case words that take the place of VADER's: its rules, another lexicon.
    """
    valences = lexicon() if own is None else own
    count = len(types) + 2
    found = Features(
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
            found.words[number] = word = strip_mark(token)
            found.same[number] = first.setdefault(word, number)
            _fill(found, number, word, valences)
    return found


def _fill(found: Features, number: int, word: str, valences: Mapping[str, float]) -> None:
    """The row of one type."""
    low = word.lower()
    found.upper[number] = word.isupper()
    found.known[number] = low in valences
    found.valence[number] = valences.get(low, 0.0)
    found.booster[number] = BOOSTERS.get(low, 0.0)
    found.negation[number] = low in NEGATIONS or "n't" in low
    ends = IDIOM_END if word in _IDIOM_ENDS else 0
    found.rules[number] = _FOLDED.get(low, 0) | _EXACT.get(word, 0) | ends
