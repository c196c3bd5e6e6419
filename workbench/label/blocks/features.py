"""Compute the features of a block by which the classifier tells the story from its page.

Each feature is a short name that is present or absent. None names a site or a topic: they speak of
length, punctuation, small words, capitals, repetition, place on the page, of the neighbours, and, for
a web page, of what its markup and the extractor's vote say of the line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from workbench.label.blocks import boilerplate
from workbench.label.blocks.lines import Block
from workbench.label.datelines import find_dateline
from workbench.label.language import COMMON
from workbench.languages import default_language

_LANGUAGE = default_language()

LENGTHS = (2, 3, 5, 8, 13, 21, 36, 61)  # words: the bounds of the length classes, about a factor 1.6 apart
HEAD = 240  # characters of a block that are looked at: its shape is clear by then, and long blocks stay cheap
OPENING = 16  # blocks of the core whose words are the story's words, to know its title and captions by
SHORT = 40  # words up to which a block can be furniture: a date line, a credit, rights
# A word of prose earns its block a point, a block without prose costs as much as a short sentence gives:
# the stretch of blocks with the largest sum is the core. Not swept: the weights are fitted to what it gives.
COST = 10.0

_WORD = re.compile(r"[a-z'-]+")
_PARTED = {code: " " for code in range(128) if not _WORD.match(chr(code))}
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_LETTERS = {code: " " for code in range(128) if not chr(code).isalpha()}
_MENU = _LANGUAGE.page.menu
_ASKING = _LANGUAGE.page.asking
_FIRST = _LANGUAGE.page.first_person
_PAST = _LANGUAGE.page.verbs
_NOTED = _MENU | _ASKING | _FIRST | _PAST  # few words are: they are picked out once for the four questions
_DIGIT = re.compile("[0-9]")
_REMARKS = re.compile(
    _LANGUAGE.page.remarks,
    re.IGNORECASE,
)
_REMARK_BY = re.compile(
    _LANGUAGE.page.remark_by,
    re.IGNORECASE,
)
_RELATED = re.compile(
    _LANGUAGE.page.related,
    re.IGNORECASE,
)
MAX_SIGN = 60  # characters of a line that opens readers' remarks or a list of other stories


class BlockFeatures(NamedTuple):
    """A block by itself: its features, its words of prose (or a cost), and what its neighbours see of it."""

    names: list[str]
    prose: float
    kind: str


class PageFeatures:
    """The features of all blocks of one document; `rows()` gives them in order.

    Holds what one block's features need to know of the others: which lines repeat, where the core is,
    which words it uses, where readers' remarks begin. `settled` are blocks known to be story: they count
    as prose for the others, and have no features.
    """

    def __init__(self, blocks: Sequence[Block], settled: Collection[int] = frozenset()) -> None:
        self.blocks, self.settled = blocks, settled
        self.own = [
            BlockFeatures([], _words(block), "prose") if number in settled else block_features(block)
            for number, block in enumerate(blocks)
        ]
        prose = [features.prose for features in self.own]
        self.first, self.last = find_core(prose)
        self.sums = [0, *accumulate(points > 0 for points in prose)]
        self.times = Counter(block.text for block in blocks if len(block.text) < HEAD)
        openings = (block.text[:HEAD] for block in blocks[self.first : self.last + 1][:OPENING])
        self.words = frozenset(_long_words(" ".join(openings)))
        self.remarks, self.related = (
            self._first_line_below_core(_REMARKS),
            self._first_line_below_core(_RELATED),
        )
        self.votes = extractor_votes(blocks)

    def _first_line_below_core(self, pattern: re.Pattern[str]) -> int:
        """The first line below the core's beginning that is such a pattern; past the end when there is none."""
        matching = (
            number
            for number in range(self.first + 1, len(self.blocks))
            if len(self.blocks[number].text) < MAX_SIGN
            and number not in self.settled
            and pattern.fullmatch(self.blocks[number].text)
        )
        return next(matching, len(self.blocks))

    def rows(self) -> Iterator[list[str]]:
        """The features of each block that is not settled."""
        for number, features in enumerate(self.own):
            if number not in self.settled:
                yield [
                    *features.names,
                    *self._position_features(number),
                    *self._neighbour_features(number),
                    *self._vote_features(number),
                ]

    def _position_features(self, number: int) -> Iterator[str]:
        """Where a block stands, and whether its words are the story's."""
        block = self.blocks[number]
        inside = self.first <= number <= self.last
        if inside:
            yield "in core"
            if number == self.first:
                yield "core begins"
        elif number < self.first:
            yield f"above core {_far(self.first - number)}"
        else:
            yield f"below core {_far(number - self.last)}"
        if self.times[block.text] > 1:
            yield "repeated"
        if number > self.remarks:
            yield "behind remarks"
        if number > self.related:
            yield "behind related"
        if number < 3:
            yield f"place {number}"
        if len(self.blocks) - number < 4:
            yield "last places"
        if not inside and len(block.text) < HEAD:
            yield from self._story_word_features(number)

    def _story_word_features(self, number: int) -> Iterator[str]:
        words = _long_words(self.blocks[number].text)
        if len(words) > 1:
            share = sum(map(self.words.__contains__, words)) / len(words)
            yield f"story words {int(share * 4)}"
            if share >= 0.5 and number < self.first:
                yield f"story words above {_far(self.first - number)}"

    def _neighbour_features(self, number: int) -> Iterator[str]:
        """What the two neighbours are, and how much prose is near."""
        last = len(self.own) - 1
        yield f"prev {self.own[number - 1].kind}" if number else "prev none"
        yield f"next {self.own[number + 1].kind}" if number < last else "next none"
        before = self.sums[number] - self.sums[max(0, number - 4)]
        after = self.sums[min(last + 1, number + 5)] - self.sums[number + 1]
        yield f"prose before {before}"
        yield f"prose after {after}"
        own_prose = "here" if self.own[number].prose > 0 else "not here"
        yield f"prose {own_prose} between {min(before, 2)} {min(after, 2)}"

    def _vote_features(self, number: int) -> Iterator[str]:
        """HTML: the extractor's vote on this line and those around it."""
        if not self.votes:
            return
        names, votes = self.own[number].names, self.votes
        own_vote = "vote" if votes[number] else "no vote"
        neighbour_votes = sum(votes[max(0, number - 2) : number]), sum(votes[number + 1 : number + 3])
        yield own_vote
        yield f"{own_vote} {names[0]}"
        yield f"{own_vote} {names[1].rpartition(' ')[2]}"
        yield f"{own_vote} between {neighbour_votes[0]} {neighbour_votes[1]}"
        side = "above" if not any(votes[:number]) else "below" if not any(votes[number:]) else "among"
        yield f"{own_vote} {side} votes"
        yield f"{own_vote} {side} {names[0]}"
        yield from (f"{own_vote} {name}" for name in names if name.startswith("hint") or name in MARKED)


MARKED = frozenset(("date line", "by-line", "credit", "rights", "related", "menu words", "asks"))
MIN_VOTED = 200  # characters in voted lines, below which the extractor has found no story to speak of


def extractor_votes(blocks: Sequence[Block]) -> list[bool]:
    """For each block whether the extractor takes it for story; empty where it found none to speak of."""
    votes = ["vote" in block.hint for block in blocks]
    voted_length = sum(len(block.text) for block, vote in zip(blocks, votes, strict=True) if vote)
    return votes if voted_length >= MIN_VOTED else []


def block_features(block: Block) -> BlockFeatures:
    """A block by itself."""
    text = block.text[:HEAD]
    lower = text.lower()
    words = lower.translate(_PARTED).split() if lower.isascii() else _WORD.findall(lower)
    count = block.text.count(" ") + 1
    size = bisect_right(LENGTHS, count)
    is_ended = ends_sentence(block.text)
    share = sum(map(COMMON.__contains__, words)) / max(1, len(words))
    names = [
        f"length {size}",
        f"length {size} {'ended' if is_ended else 'open'}",
        f"ends {block.text[-1] if block.text[-1] in ':,;|?!>-)]' else 'other'}",
        f"small words {min(int(share * 10), 5)}",
        f"small words {min(int(share * 5), 2)} length {size}",
        *_opening_features(text),
        *_word_features(text, words),
    ]
    if count <= SHORT:
        capital = sum([word[0].isupper() for word in text.split()]) / count
        names += [f"capitals {min(int(capital * 4), 4)}", *_boilerplate_features(text)]
    elif find_dateline(text):
        names.append("dateline")
    if block.hint:
        names += [f"hint {hint}" for hint in block.hint.split() if hint != "vote"]
    prose = _prose(count, share, is_ended, names)
    return BlockFeatures(names, prose, _kind(size, is_ended, prose, names))


def ends_sentence(text: str) -> bool:
    """Whether a block ends with a full stop, a question or exclamation mark, quotation marks aside."""
    return text.rstrip("\"')]")[-1:] in (".", "!", "?")


def _opening_features(text: str) -> Iterator[str]:
    first_char = text[0]
    if first_char.islower():
        yield "starts small"
    elif first_char.isdigit():
        yield "starts digit"
    elif first_char == '"':
        yield "starts quote"
    elif not first_char.isalpha():
        yield "starts mark"
    if text.isupper():
        yield "all capitals"


def _word_features(text: str, words: Sequence[str]) -> Iterator[str]:
    noted = _NOTED.intersection(words)
    if not _MENU.isdisjoint(noted):
        yield "menu word"
        if 4 * sum(map(_MENU.__contains__, words)) > len(words):
            yield "menu words"
    if not _ASKING.isdisjoint(noted):
        yield "asks"
    if not _FIRST.isdisjoint(noted):
        yield "first person"
    yield "no verb" if _PAST.isdisjoint(noted) and "ed " not in text else "verb"
    if '"' in text:
        yield "quotes"
    if "|" in text or ">>" in text or "::" in text:
        yield "bars"
    if "http" in text or "www." in text or "@" in text:
        yield "address"
    if ", " in text:
        yield "comma"
    if _DIGIT.search(text):
        yield "digit"


def _boilerplate_features(text: str) -> Iterator[str]:
    """What a short line is by the rules of `boilerplate`."""
    if boilerplate.date_line(boilerplate.strip_leading_marks(text)):
        yield "date line"
    if boilerplate.byline(text):
        yield "by-line"
    if boilerplate.is_credit(text) or boilerplate.has_credit(text):
        yield "credit"
    if boilerplate.is_footer(text):
        yield "rights"
    if len(text) < MAX_SIGN:
        if _REMARKS.fullmatch(text):
            yield "remarks"
        if _RELATED.fullmatch(text):
            yield "related"
    if len(text) < 2 * MAX_SIGN and _REMARK_BY.fullmatch(text):
        yield "remark by"
    if find_dateline(text):
        yield "dateline"


def _long_words(text: str) -> list[str]:
    """Words of four letters and more, in small letters."""
    lower = text.lower()
    if lower.isascii():  # the usual case, and cutting is ten times as fast as searching
        return [word for word in lower.translate(_LETTERS).split() if len(word) >= 4]
    return _LONG_WORD.findall(lower)


def _words(block: Block) -> int:
    return min(block.text.count(" ") + 1, 80)


def _prose(count: int, share: float, ended: bool, names: Sequence[str]) -> float:
    """Words of a block when it reads as sentences, else a cost."""
    sentences = count >= 8 and share >= 0.2 and (ended or count >= 30)
    if sentences and "rights" not in names and "hint link" not in names:
        return min(count, 80) * (0.5 if "asks" in names and "quotes" not in names else 1.0)
    return -COST if count < LENGTHS[-1] else -COST / 2


def find_core(prose: Sequence[float]) -> tuple[int, int]:
    """First and last block of the stretch with the largest sum; the whole where nothing is prose."""
    best = total = 0.0
    first, last, begin = 0, len(prose) - 1, 0
    for number, points in enumerate(prose):
        if total <= 0:
            total, begin = 0.0, number
        total += points
        if total > best:
            best, first, last = total, begin, number
    return first, last


def _far(away: int) -> str:
    return str(away) if away < 4 else "near" if away < 9 else "far"


_SEEN = ("date line", "by-line", "credit", "rights", "related", "remarks")


def _kind(size: int, ended: bool, prose: float, names: Sequence[str]) -> str:
    """What a neighbour sees of a block."""
    if prose > 0:
        return "prose"
    for name in _SEEN:
        if name in names:
            return name
    return "line" if size in (3, 4, 5) else f"length {size} {'ended' if ended else 'open'}"
