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
    lexicon_tokens: Ints,
    document: Ints,
    lexicon: SentimentMasks,
    groups: Collection[str],
    charged: Collection[str] | None = None,
) -> Ints:
    """Mask tokens: for each token 0, or the position of its group in `GROUPS`, counted from 1.

    `types` are the different tokens, `every` all tokens of the batch, `lexicon_tokens` the numbers of those that
    are words of the lexicon (`charged`, by default VADER's), `document` the document of each sentence.
    """
    out = np.zeros(len(every.code), np.int32)
    text = _Tokens(types, every)
    unmasked = lexicon_tokens
    if phrases := _Phrases(lexicon, groups, vader_lexicon() if charged is None else charged):
        trigger = np.array([word in phrases.shapes for word in text.folded], np.bool_)
        for token in lexicon_tokens[trigger[every.code[lexicon_tokens]]].tolist():
            if phrase := phrases.around(text, token):
                out[phrase[0] : phrase[1]] = GROUPS.index(phrase[2]) + 1
        unmasked = lexicon_tokens[out[lexicon_tokens] == 0]
    if "names" in groups:
        out[_names(text, lexicon_tokens, unmasked, document, lexicon.name_heads)] = GROUPS.index("names") + 1
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

    def bounds(self, token: int) -> tuple[int, int]:
        """The first token of the sentence of a token, and one past its last."""
        sentence = int(self.sentence[token])
        return self.first[sentence], self.first[sentence + 1]

    def capitalised(self, token: int) -> bool:
        """Whether the word begins with a capital and is not all in capitals."""
        word = self.cores[self.code[token]]
        return word[:1].isupper() and not word.isupper()

    def says_nothing(self, token: int) -> bool:
        """Whether a capital here is no evidence: the word opens a sentence, or all words have capitals."""
        return self.opens(token) or self.headline(int(self.sentence[token]))

    def opens(self, token: int) -> bool:
        """Whether the word is the first of its sentence, of a quotation, or after a colon or dash."""
        if token == self.bounds(token)[0] or self.types[self.code[token]][0] in _OPENING:
            return True
        before = self.types[self.code[token - 1]]
        return before[-1] in ":!?" or not before.strip("-*")

    def headline(self, sentence: int) -> bool:
        """Whether nearly all longer words of a sentence after its first begin with a capital."""
        is_headline = self.headlines.get(sentence)
        if is_headline is None:
            codes = self.code[self.first[sentence] + 1 : self.first[sentence + 1]]
            longer = [
                word for word in map(self.cores.__getitem__, codes) if len(word) >= _LONGER and word.isalpha()
            ]
            capital = sum(word[0].isupper() for word in longer)
            is_headline = len(longer) >= _HEADLINE_WORDS and capital >= _HEADLINE_SHARE * len(longer)
            self.headlines[sentence] = is_headline
        return is_headline

    def leads_to(self, token: int, name_heads: frozenset[str]) -> bool:
        """Whether capitalised words lead from this word to one that ends names."""
        reach = 1 if self.headline(int(self.sentence[token])) else _NAME_REACH
        for next_token in range(token + 1, min(token + 1 + reach, self.bounds(token)[1])):
            word = self.cores[self.code[next_token]]
            if self.types[self.code[next_token - 1]][-1] in _ENDING:
                return False
            if word[:1].isupper() and word.lower() in name_heads:
                return True
            if not word[:1].isupper() and word not in _LINKS:
                return False
        return False


class _Phrases:
    """The masked phrases of some groups, found from the words of each that the lexicon knows."""

    def __init__(
        self, lexicon: SentimentMasks, groups: Collection[str], lexicon_words: Collection[str]
    ) -> None:
        self.group = {phrase: mask.group for phrase, mask in lexicon.masks.items() if mask.group in groups}
        self.shapes: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for phrase in self.group:
            for position, word in enumerate(phrase):
                if word in lexicon_words:
                    self.shapes[word].add((position, len(phrase)))

    def __bool__(self) -> bool:
        return bool(self.shapes)

    def around(self, text: _Tokens, token: int) -> tuple[int, int, str] | None:
        """The longest masked phrase that holds a token: its first token, its end, its group."""
        low, high = text.bounds(token)
        codes = text.code
        best: tuple[int, int, str] | None = None
        for position, length in self.shapes[text.folded[codes[token]]]:
            first, end = token - position, token - position + length
            if first < low or end > high or (best and length <= best[1] - best[0]):
                continue
            if group := self.group.get(tuple([text.folded[code] for code in codes[first:end]])):
                best = (first, end, group)
        return best


def _names(
    text: _Tokens, lexicon_tokens: Ints, unmasked: Ints, document: Ints, name_heads: frozenset[str]
) -> list[int]:
    """Those of the tokens `unmasked` that are names; `lexicon_tokens` may give evidence for them."""
    names: list[int] = []
    doubtful: list[int] = []
    of_type = np.array([word[:1].isupper() and not word.isupper() for word in text.cores], np.bool_)
    for token in unmasked[of_type[np.array(text.code, np.int32)[unmasked]]].tolist():
        if not text.says_nothing(token) or text.leads_to(token, name_heads):
            names.append(token)
        else:
            doubtful.append(token)
    return names + _by_evidence(text, lexicon_tokens, doubtful, document)


def _by_evidence(text: _Tokens, lexicon_tokens: Ints, doubtful: Sequence[int], document: Ints) -> list[int]:
    """Those of the doubtful tokens that their document writes as names elsewhere."""

    def key(token: int) -> tuple[int, str]:
        return int(document[text.sentence[token]]), text.folded[text.code[token]]

    doubtful_keys = {key(token) for token in doubtful}
    words = {word for _, word in doubtful_keys}
    of_type = np.array([word in words for word in text.folded], np.bool_)
    balance: Counter[tuple[int, str]] = Counter()
    for token in (
        lexicon_tokens[of_type[np.array(text.code, np.int32)[lexicon_tokens]]].tolist()
        if doubtful_keys
        else ()
    ):
        if key(token) in doubtful_keys and not text.says_nothing(token):
            balance[key(token)] += 1 if text.capitalised(token) else -1
    return [token for token in doubtful if balance[key(token)] > 0]
