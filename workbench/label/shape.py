"""What a block looks like: the features by which `article.py` tells the story from its page.

Each feature is a short name that is present or absent. None names a site or a topic: they speak of
length, punctuation, small words, capitals, repetition, place on the page, and of the neighbours.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from operator import itemgetter

from workbench.label import furniture
from workbench.label.blocks import Block
from workbench.label.datelines import find_dateline
from workbench.label.language import ENGLISH

LENGTHS = (2, 3, 5, 8, 13, 21, 36, 61)  # words: the bounds of the length classes, about a factor 1.6 apart
HEAD = 400  # characters of a block that are looked at: its shape is clear by then, and long blocks stay cheap
# A word of prose earns its block a point, a block without prose costs as much as a short sentence gives:
# the stretch of blocks with the largest sum is the core. Swept 4-16 on l3s_gn1_lines; 8-12 are alike.
COST = 10.0

_END = re.compile(r"[.!?][\"')\]]*$")
_TOKEN = re.compile(r"\w+")
# Words that menus, tools and notices use; with the phrases below each is counted as often as it stands there.
_MENU = frozenset(
    "home login signin signup register subscribe subscription search rss sitemap privacy terms email print share bookmark "
    "digg facebook reddit stumbleupon twitter newsletter help faq faqs comment comments forum forums blog blogs jobs careers "
    "classifieds weather horoscope horoscopes sport sports video photo photos gallery archive archives feedback send save "
    "download sponsored link links next previous back top page more related also password username member cookie cookies "
    "javascript browser font".split()
)
_PHRASES = re.compile(
    r"\b(?:log in|sign in|sign up|site map|contact us|about us|e-mail|del\.icio\.us|click here|powered by|full story|"
    r"most (?:read|popular|viewed|emailed)|text size)\b"
)
_PHRASE_ENDS = frozenset("in up map us mail here by story read popular viewed emailed size".split())
_ADVERTISING = re.compile(r"\badvertis\w")
_ASKING = frozenset("please your you click our us".split())
_REMARKS = re.compile(
    r"(?:\d+ )?(?:reader |user |all |view |your |post(?:ed)? )*comments?\b.{0,30}|have your say.{0,30}|(?:add|leave|post) a (?:comment|reply).{0,20}|discussion|responses?\b.{0,20}|what do you think\??",
    re.IGNORECASE,
)
_REMARK_BY = re.compile(
    r"(?:posted|comment|written|submitted|reply) (?:by|from)\b.*|.{2,40} (?:says|said|wrote)[:.]?|#?\d+\.? .{0,40}\d{1,2}:\d\d.*|report (?:this|abuse).*|.{0,60}\b(?:ago|[ap]\.?m\.?)",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"(?:related|see also|also read|read also|more (?:on|from|in|about)|other (?:stories|news|articles|headlines)|latest|top stories|most|recent|further reading|must read|headlines|in this section|previous|similar)\b.{0,40}",
    re.IGNORECASE,
)
_FIRST = frozenset("I my lol".split())
_PAST = frozenset("said says told was were had has have is are will would".split())
_PAST_TENSE = re.compile(r"\w{3}ed\b")
_DIGIT = re.compile(r"[\d\u00b2\u00b3\u00b9]")
_WORD = re.compile(r"[^\W\d_]{4,}")
_ASCII_WORD = re.compile(r"[a-z]{4,}")  # finds the same words three times as fast


class Look:
    """The features of all blocks of one document; `rows()` gives them in order.

    Holds what one block's features need to know of the others: which lines repeat, where the core is,
    which words it uses, where readers' remarks begin.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.own = [list(alone(block)) for block in blocks]
        self.prose = [_prose(block, own) for block, own in zip(blocks, self.own, strict=True)]
        self.first, self.last = core(self.prose)
        self.times = Counter(block.text for block in blocks)
        core_text = " ".join(block.text for block in blocks[self.first : self.last + 1][:60])[:20_000].lower()
        self.words = frozenset(_long_words(core_text))
        self.remarks = next(
            (
                n
                for n in range(self.first + 1, len(blocks))
                if len(blocks[n].text) < 60 and _REMARKS.fullmatch(blocks[n].text)
            ),
            len(blocks),
        )
        self.related = next(
            (
                n
                for n in range(self.first + 1, len(blocks))
                if len(blocks[n].text) < 60 and _RELATED.fullmatch(blocks[n].text)
            ),
            len(blocks),
        )

    def rows(self) -> Iterator[list[str]]:
        """The features of each block."""
        for number in range(len(self.blocks)):
            yield [*self.own[number], *self._placed(number), *self._beside(number)]

    def _placed(self, number: int) -> Iterator[str]:
        """Where a block stands, and whether its words are the story's."""
        block = self.blocks[number]
        if self.first <= number <= self.last:
            yield "in core"
            if number == self.first:
                yield "core begins"
        else:
            side, away = (
                ("above", self.first - number) if number < self.first else ("below", number - self.last)
            )
            yield f"{side} core {_far(away)}"
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
        if len(block.text) < HEAD and not self.first <= number <= self.last:
            words = _long_words(block.text.lower())
            if len(words) > 1:
                share = sum(word in self.words for word in words) / len(words)
                yield f"story words {int(share * 4)}"
                if share >= 0.5 and number < self.first:
                    yield f"story words above {_far(self.first - number)}"

    def _beside(self, number: int) -> Iterator[str]:
        """What the two neighbours are, and how much prose is near."""
        for way, other in (("prev", number - 1), ("next", number + 1)):
            if 0 <= other < len(self.blocks):
                yield f"{way} {_kind(self.own[other], self.prose[other])}"
            else:
                yield f"{way} none"
        before = sum(prose > 0 for prose in self.prose[max(0, number - 4) : number])
        after = sum(prose > 0 for prose in self.prose[number + 1 : number + 5])
        yield f"prose before {before}"
        yield f"prose after {after}"
        yield f"prose {'here' if self.prose[number] > 0 else 'not here'} between {min(before, 2)} {min(after, 2)}"


def alone(block: Block) -> Iterator[str]:
    """The features of a block by itself."""
    text = block.text[:HEAD]
    words = text.split()
    count = len(words) if len(block.text) <= HEAD else block.text.count(" ") + 1
    size = bisect_right(LENGTHS, count)
    ended = _END.search(block.text[-6:]) is not None
    yield f"length {size}"
    yield f"length {size} ended" if ended else f"length {size} open"
    yield f"ends {block.text[-1] if block.text[-1] in ':,;|?!>-)]' else 'other'}"
    lower = text.lower()
    small = sum(map(ENGLISH.__contains__, lower.split())) / len(words)
    yield f"small words {min(int(small * 10), 5)}"
    yield f"small words {min(int(small * 5), 2)} length {size}"
    capital = sum(map(str.isupper, map(itemgetter(0), words))) / len(words)
    yield f"capitals {int(capital * 4)}"
    yield from _first_mark(text)
    yield from _wording(text, lower, count)
    if count <= 40:
        yield from _furniture(text)
    elif find_dateline(text):
        yield "dateline"
    if block.hint:
        yield from (f"hint {mark}" for mark in block.hint.split())
        yield f"hint {'vote' if 'vote' in block.hint else 'no vote'} length {size}"


def _long_words(lower: str) -> list[str]:
    """The words of four letters and more of a text in small letters."""
    return (_ASCII_WORD if lower.isascii() else _WORD).findall(lower)


def _first_mark(text: str) -> Iterator[str]:
    first = text[0]
    if first.islower():
        yield "starts small"
    elif first.isdigit():
        yield "starts digit"
    elif first == '"':
        yield "starts quote"
    elif not first.isalpha():
        yield "starts mark"
    if text.isupper():
        yield "all capitals"


def _wording(text: str, lower: str, count: int) -> Iterator[str]:
    tokens = frozenset(_TOKEN.findall(text))
    words = frozenset(map(str.lower, tokens))
    menu = _menu_words(lower, words)
    if menu:
        yield "menu word"
        if menu * 4 > count:
            yield "menu words"
    if not words.isdisjoint(_ASKING):
        yield "asks"
    if not tokens.isdisjoint(_FIRST):
        yield "first person"
    yield "no verb" if tokens.isdisjoint(_PAST) and not _PAST_TENSE.search(text) else "verb"
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


def _menu_words(lower: str, words: frozenset[str]) -> int:
    """How many words and phrases of menus a text in small letters holds; `words` are its words."""
    menu = 0 if words.isdisjoint(_MENU) else sum(map(_MENU.__contains__, _TOKEN.findall(lower)))
    if not words.isdisjoint(_PHRASE_ENDS):
        menu += len(_PHRASES.findall(lower))
    return menu + (len(_ADVERTISING.findall(lower)) if "advertis" in lower else 0)


def _furniture(text: str) -> Iterator[str]:
    """What a short line is by the rules of `furniture`."""
    if furniture.date_line(furniture.bare(text)):
        yield "date line"
    if furniture.byline(text):
        yield "by-line"
    if furniture.is_credit(text) or furniture.has_credit(text):
        yield "credit"
    if furniture.is_footer(text):
        yield "rights"
    if _REMARKS.fullmatch(text):
        yield "remarks"
    if _REMARK_BY.fullmatch(text):
        yield "remark by"
    if _RELATED.fullmatch(text):
        yield "related"
    if find_dateline(text):
        yield "dateline"


def _prose(block: Block, own: Sequence[str]) -> float:
    """Words of a block when it reads as sentences, else a cost."""
    size, ended = own[0], own[1].endswith("ended")
    small = int(own[3][-1])
    words = min(block.text.count(" ") + 1, 80)
    if (
        words >= 8
        and small >= 2
        and (ended or words >= 30)
        and "rights" not in own
        and "hint link" not in own
    ):
        return words * (0.5 if "asks" in own and "quotes" not in own else 1.0)
    return -COST if size != "length 8" else -COST / 2


def core(prose: Sequence[float]) -> tuple[int, int]:
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


def _kind(own: Sequence[str], prose: float) -> str:
    for name in ("date line", "by-line", "credit", "rights", "related", "remarks"):
        if name in own:
            return name
    if prose > 0:
        return "prose"
    return "line" if own[0] in ("length 3", "length 4", "length 5") else own[1]
