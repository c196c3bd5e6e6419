"""Mask words that do not count toward sentiment: parts of names, offices, forms of courtesy.

Offices and courtesy are phrases of `sentiment_masks.toml`. Names are recognised by capitals alone, so that
sentiment waits for no model:
- a capitalised word inside a sentence is a name;
- the first word of a sentence or quotation is one when capitalised words lead from it to a word that
  ends names ("United Nations"), or when its document writes it with a capital inside sentences, and
  does so more often than without;
- a word in capitals ("this is GREAT") is emphasis, no name;
- in a sentence capitalised throughout, as headlines are, capitals say nothing.
"""

from __future__ import annotations

import string
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

import numpy as np

from workbench.annotate.sentiment.vader import AllTokens, Ints, lexicon as vader_lexicon
from workbench.languages import default_language
from workbench.settings.sentiment_masks import SentimentMasks

_LANGUAGE = default_language()

GROUPS = ("names", "offices", "courtesy")
# Words that may stand between the capitalised words of a name: "Peace and Security Council".
_LINKS = _LANGUAGE.personal_names.links
# How far a name may run to its last word; "Truth and Reconciliation Commission" needs 3.
_NAME_REACH = 5
# A sentence is a headline when this share of its longer words is capitalised, and there are enough of them.
# A sentence full of names ("President Barack Obama met Prime Minister Benjamin Netanyahu") may look so.
_HEADLINE_SHARE, _HEADLINE_WORDS, _LONGER = 0.85, 4, 4
_OPENING = "\"'([{*"
_ENDING = ',.;:!?)"'


def mask_groups(
    types: Sequence[str],
    every: AllTokens,
    known: Ints,
    document: Ints,
    lexicon: SentimentMasks,
    groups: Collection[str],
    charged: Collection[str] | None = None,
) -> Ints:
    """For each token 0, or the place of its group in `GROUPS`, counted from 1.

    `types` are the different tokens, `every` all tokens of the batch, `known` the numbers of those that
    are words of the lexicon (`charged`, by default VADER's), `document` the document of each sentence.
    """
    out = np.zeros(len(every.code), np.int32)
    text = _Tokens(types, every)
    left = known
    if phrases := _Phrases(lexicon, groups, vader_lexicon() if charged is None else charged):
        trigger = np.array([word in phrases.shapes for word in text.folded], np.bool_)
        for at in known[trigger[every.code[known]]].tolist():
            if found := phrases.around(text, at):
                out[found[0] : found[1]] = GROUPS.index(found[2]) + 1
        left = known[out[known] == 0]
    if "names" in groups:
        out[_names(text, known, left, document, lexicon.name_heads)] = GROUPS.index("names") + 1
    return out


def word_of_token(token: str) -> str:
    """The word of a token: without the marks around it and without a possessive 's."""
    word = token.strip(string.punctuation)
    return word[:-2] if word[-2:].lower() == "'s" else word


class _Tokens:
    """The tokens of a batch as the rules look at them; `at` is a token's number in the batch."""

    def __init__(self, types: Sequence[str], every: AllTokens) -> None:
        self.types = types
        self.code: list[int] = every.code.tolist()
        self.first: list[int] = every.first.tolist()
        self.sentence = np.repeat(np.arange(len(every.first) - 1), np.diff(every.first))
        self.cores = [word_of_token(token) for token in types]
        self.folded = [word.lower() for word in self.cores]
        self.headlines: dict[int, bool] = {}

    def bounds(self, at: int) -> tuple[int, int]:
        """The first token of the sentence of a token, and one past its last."""
        sentence = int(self.sentence[at])
        return self.first[sentence], self.first[sentence + 1]

    def capitalised(self, at: int) -> bool:
        """Whether the word begins with a capital and is not all in capitals."""
        word = self.cores[self.code[at]]
        return word[:1].isupper() and not word.isupper()

    def says_nothing(self, at: int) -> bool:
        """Whether a capital here is no evidence: the word opens a sentence, or all words have capitals."""
        return self.opens(at) or self.headline(int(self.sentence[at]))

    def opens(self, at: int) -> bool:
        """Whether the word is the first of its sentence, of a quotation, or after a colon or dash."""
        if at == self.bounds(at)[0] or self.types[self.code[at]][0] in _OPENING:
            return True
        before = self.types[self.code[at - 1]]
        return before[-1] in ":!?" or not before.strip("-*")

    def headline(self, sentence: int) -> bool:
        """Whether nearly all longer words of a sentence after its first begin with a capital."""
        known = self.headlines.get(sentence)
        if known is None:
            codes = self.code[self.first[sentence] + 1 : self.first[sentence + 1]]
            longer = [
                word for word in map(self.cores.__getitem__, codes) if len(word) >= _LONGER and word.isalpha()
            ]
            capital = sum(word[0].isupper() for word in longer)
            known = len(longer) >= _HEADLINE_WORDS and capital >= _HEADLINE_SHARE * len(longer)
            self.headlines[sentence] = known
        return known

    def leads_to(self, at: int, heads: frozenset[str]) -> bool:
        """Whether capitalised words lead from this word to one that ends names."""
        reach = 1 if self.headline(int(self.sentence[at])) else _NAME_REACH
        for place in range(at + 1, min(at + 1 + reach, self.bounds(at)[1])):
            word = self.cores[self.code[place]]
            if self.types[self.code[place - 1]][-1] in _ENDING:
                return False
            if word[:1].isupper() and word.lower() in heads:
                return True
            if not word[:1].isupper() and word not in _LINKS:
                return False
        return False


class _Phrases:
    """The masked phrases of some groups, found from the words of each that the lexicon knows."""

    def __init__(self, lexicon: SentimentMasks, groups: Collection[str], known: Collection[str]) -> None:
        self.group = {phrase: mask.group for phrase, mask in lexicon.masks.items() if mask.group in groups}
        self.shapes: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for phrase in self.group:
            for place, word in enumerate(phrase):
                if word in known:
                    self.shapes[word].add((place, len(phrase)))

    def __bool__(self) -> bool:
        return bool(self.shapes)

    def around(self, text: _Tokens, at: int) -> tuple[int, int, str] | None:
        """The longest masked phrase that holds a token: its first token, its end, its group."""
        low, high = text.bounds(at)
        codes = text.code
        best: tuple[int, int, str] | None = None
        for place, length in self.shapes[text.folded[codes[at]]]:
            first, end = at - place, at - place + length
            if first < low or end > high or (best and length <= best[1] - best[0]):
                continue
            if group := self.group.get(tuple([text.folded[code] for code in codes[first:end]])):
                best = (first, end, group)
        return best


def _names(text: _Tokens, known: Ints, left: Ints, document: Ints, heads: frozenset[str]) -> list[int]:
    """Those of the tokens `left` that are names; `known` may give evidence for them."""
    found: list[int] = []
    doubtful: list[int] = []
    of_type = np.array([word[:1].isupper() and not word.isupper() for word in text.cores], np.bool_)
    for at in left[of_type[np.array(text.code, np.int32)[left]]].tolist():
        if not text.says_nothing(at) or text.leads_to(at, heads):
            found.append(at)
        else:
            doubtful.append(at)
    return found + _by_evidence(text, known, doubtful, document)


def _by_evidence(text: _Tokens, known: Ints, doubtful: Sequence[int], document: Ints) -> list[int]:
    """Those of the doubtful tokens that their document writes as names elsewhere."""

    def key(at: int) -> tuple[int, str]:
        return int(document[text.sentence[at]]), text.folded[text.code[at]]

    asked = {key(at) for at in doubtful}
    words = {word for _, word in asked}
    of_type = np.array([word in words for word in text.folded], np.bool_)
    balance: Counter[tuple[int, str]] = Counter()
    for at in known[of_type[np.array(text.code, np.int32)[known]]].tolist() if asked else ():
        if key(at) in asked and not text.says_nothing(at):
            balance[key(at)] += 1 if text.capitalised(at) else -1
    return [at for at in doubtful if balance[key(at)] > 0]
