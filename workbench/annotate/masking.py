"""Which words of a sentence count for nothing: parts of names, offices, forms of courtesy.

Offices and courtesy are phrases of `lexicon.toml`. Names are told by capitals alone, so that sentiment
waits for no model:
- a capitalised word inside a sentence is a name;
- the first word of a sentence or quotation is one when capitalised words lead from it to a word that
  ends names ("United Nations"), or when its document writes it with a capital inside sentences, and
  does so more often than without;
- a word in capitals ("this is GREAT") is emphasis, no name;
- in a sentence capitalised throughout, as headlines are, capitals say nothing.
"""

from __future__ import annotations

import re
import string
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from workbench.annotate.vader_words import lexicon as vader_lexicon
from workbench.settings.lexicon import Lexicon

GROUPS = ("names", "offices", "courtesy")
# Words that may stand between the capitalised words of a name: "Peace and Security Council".
_LINKS = frozenset({"of", "the", "and", "for", "on", "in", "against", "to"})
# How far a name may run to its last word; "Truth and Reconciliation Commission of South Africa" needs 4.
_NAME_REACH = 5
# A sentence is a headline when this share of its longer words is capitalised, and there are enough of them.
# A sentence full of names ("President Barack Obama met Prime Minister Benjamin Netanyahu") stays below.
_HEADLINE_SHARE, _HEADLINE_WORDS, _LONGER = 0.85, 4, 4
_OPENING = "\"'([{*"
_TOKEN = re.compile(r"\S+")
_EDGES = string.punctuation


class Found(NamedTuple):
    """A word of VADER's lexicon in a sentence: its start there and its end, in code points."""

    document: int
    sentence: int  # in the batch
    start: int


def core(token: str) -> str:
    """The word of a token: without marks around it and without a possessive 's."""
    word = token.strip(_EDGES)
    return word[:-2] if word[-2:].lower() == "'s" else word


class Sentence:
    """A sentence as the rules look at it: its tokens, and whether it is capitalised throughout."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [(match.start(), match[0]) for match in _TOKEN.finditer(text)]
        self.number = {start: number for number, (start, _) in enumerate(self.tokens)}
        self.cores = [core(token) for _, token in self.tokens]

    @cached_property
    def folded(self) -> list[str]:
        """The words in lower case."""
        return [word.lower() for word in self.cores]

    @cached_property
    def headline(self) -> bool:
        """Whether nearly all longer words after the first begin with a capital."""
        longer = [word for word in self.cores[1:] if len(word) >= _LONGER and word.isalpha()]
        capital = sum(word[0].isupper() for word in longer)
        return len(longer) >= _HEADLINE_WORDS and capital >= _HEADLINE_SHARE * len(longer)

    def capitalised(self, number: int) -> bool:
        """Whether the word begins with a capital and is not in capitals."""
        word = self.cores[number]
        return word[:1].isupper() and not word.isupper()

    def opens(self, number: int) -> bool:
        """Whether the word is the first of the sentence, of a quotation, or after a colon or dash."""
        token = self.tokens[number][1]
        before = self.tokens[number - 1][1] if number else ""
        return not number or token[0] in _OPENING or before[-1] in ":!?" or not before.strip("-*")

    def leads_to(self, number: int, heads: frozenset[str]) -> bool:
        """Whether capitalised words lead from this word to one that ends names."""
        reach = 1 if self.headline else _NAME_REACH
        for at in range(number + 1, min(number + 1 + reach, len(self.tokens))):
            if self.tokens[at - 1][1][-1] in ',.;:!?)"':
                return False
            if self.cores[at][:1].isupper():
                if self.folded[at] in heads:
                    return True
            elif self.cores[at] not in _LINKS:
                return False
        return False


class Phrases:
    """The masked phrases, found from the one word of each that VADER knows."""

    def __init__(self, lexicon: Lexicon) -> None:
        known = vader_lexicon()
        self.group = {phrase: mask.group for phrase, mask in lexicon.masks.items()}
        self.shapes: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for phrase in self.group:
            for place, word in enumerate(phrase):
                if word in known:
                    self.shapes[word].add((place, len(phrase)))

    def at(self, sentence: Sentence, number: int) -> tuple[int, int, str] | None:
        """The longest masked phrase around a word: first word, end, group."""
        best: tuple[int, int, str] | None = None
        words = sentence.folded
        for place, length in self.shapes.get(words[number], ()):
            first, end = number - place, number - place + length
            if first < 0 or end > len(words) or (best and length <= best[1] - best[0]):
                continue
            if group := self.group.get(tuple(words[first:end])):
                best = (first, end, group)
        return best


class Evidence:
    """How often a document writes a word with and without a capital inside its sentences."""

    def __init__(self) -> None:
        self.capital: Counter[tuple[int, str]] = Counter()
        self.small: Counter[tuple[int, str]] = Counter()

    def add(self, document: int, sentence: Sentence, number: int) -> None:
        """Count a word unless it opens a sentence or stands in a headline."""
        if sentence.headline or sentence.opens(number):
            return
        counter = self.capital if sentence.capitalised(number) else self.small
        counter[document, sentence.folded[number]] += 1

    def names(self, document: int, word: str) -> bool:
        """Whether the document writes the word as a name."""
        return self.capital[document, word] > self.small[document, word]


def masks(
    texts: Sequence[str], found: Sequence[Found], lexicon: Lexicon, groups: Sequence[str]
) -> Iterator[tuple[int, int, str]]:
    """(sentence, start of a token, group) of every token that is masked.

    `found` lists the lexicon words of the sentences `texts`, in text order.
    """
    looked: Mapping[int, Sentence] = {
        number: Sentence(texts[number]) for number in {f.sentence for f in found}
    }
    evidence, phrases = Evidence(), Phrases(lexicon)
    places = [(f.document, f.sentence, looked[f.sentence], looked[f.sentence].number[f.start]) for f in found]
    for document, _, sentence, number in places:
        evidence.add(document, sentence, number)
    for document, where, sentence, number in places:
        phrase = phrases.at(sentence, number)
        if phrase and phrase[2] in groups:
            for at in range(phrase[0], phrase[1]):
                yield where, sentence.tokens[at][0], phrase[2]
        elif "names" in groups and _is_name(document, sentence, number, evidence, lexicon.name_heads):
            yield where, sentence.tokens[number][0], "names"


def _is_name(
    document: int, sentence: Sentence, number: int, evidence: Evidence, heads: frozenset[str]
) -> bool:
    if not sentence.capitalised(number):
        return False
    if not sentence.headline and not sentence.opens(number):
        return True
    return sentence.leads_to(number, heads) or evidence.names(document, sentence.folded[number])
