"""Whose words they are: the quotations and the indirect speech of a paragraph, each with its source."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workbench.label.cues import find_cues
from workbench.label.heads import Head, find_heads
from workbench.label.people import FIRST_PERSON, People
from workbench.label.quotation_marks import Marked
from workbench.label.sources import Source
from workbench.schema import UNKNOWN, Quote

_MOSTLY = 0.8  # share of a content that quotation marks must cover for it to be the quotation alone
_SCARE = 40  # code points; a shorter quotation without closing punctuation that no clause reports is a title or a scare quote
_CLAUSE_LENGTH = 24  # code points; a shorter quotation is a clause of its own only with closing punctuation
_MAX_CUES = 24  # of one sentence; more is a list or no sentence, and the cost grows with cues times quotations
_INDIRECT_LENGTH = 3  # code points; less is no content


class Found(NamedTuple):
    """A quote with the rule that found it; its confidence is not filled in yet."""

    quote: Quote
    rule: str


def attribute_paragraph(
    masked: str, start: int, end: int, marked: Sequence[Marked], people: People, before: Quote | None
) -> tuple[list[Found], Quote | None]:
    """Finds of one paragraph in no order, and the quote that the next paragraph may go on from.

    `marked` are the paragraph's quotations, `before` the attributed quote that the paragraph before ended with.
    """
    cues = find_cues(masked, start, end)
    according = masked.find("ccording to ", start, end) >= 0
    if not cues and not marked and not according and masked.find(" -", start, end) < 0:
        return [], None
    found: list[Found] = []
    waiting: list[Marked] = []
    last: Quote | None = None
    places = [cue.start for cue in cues]
    starts = [mark.start for mark in marked]
    for left, right in sentences(masked, start, end):
        here = marked[bisect_left(starts, left) : bisect_left(starts, right)]
        mine = cues[bisect_left(places, left) : bisect_left(places, right)][:_MAX_CUES]
        if not mine and not here and not according and masked.find(" -", left, right) < 0:
            continue
        heads = find_heads(masked, left, right, mine, bool(here))
        for mark in here:
            item = _attributed(masked, mark, heads, people)
            if item is None and last is not None and mark.start - left < 3:
                item = _carried(masked, mark, last, "continued")
            if item is None and before is not None and mark.start - start < 3 and right - mark.end < 3:
                item = _carried(masked, mark, before, "carried")
            if item is None:
                waiting.append(mark)
                continue
            found.append(item)
            last = item.quote if item.quote.speaker_start is not None else last
        found += _indirect(masked, heads, here, people)
        if heads and masked[right - 1] == ":":
            last = _opened(masked, heads[-1], people)
    found += _left_over(masked, waiting, start, last)
    return found, last


_SHORT = frozenset(
    "mr mrs ms dr sen rep gov gen st jr sr lt col no vs u.s u.n u.k d.c rev prof sgt capt adm dem jan feb aug sept oct nov dec inc corp "
    "co sens reps messrs hon pres maj cmdr ret".split()
)
_STOPS = re.compile(r"""[.!?]["')\]]*\s+(?=["'(\[$-]*[A-Z0-9\x01])""")
_ASKED = re.compile(
    r"(?:[A-Z][\w.]* ){1,4}(?:said|asked|says|asks|added|wrote|replied|responded|exclaimed|tweeted)\b"
)


def sentences(masked: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The author's sentences of a paragraph without white space around; a quotation's own stops do not end one."""
    at = start
    for match in _STOPS.finditer(masked, start, end):
        place = match.start()
        if masked[place] == ".":
            word = masked[max(at, place - 6) : place].rsplit(" ", 1)[-1].lower().lstrip('("')
            if word in _SHORT or (len(word) == 1 and word.isalpha()):
                continue
        elif '"' in match[0] and _ASKED.match(masked, match.end(), end):
            continue
        yield at, place + len(match[0].rstrip())
        at = match.end()
    while at < end and masked[at].isspace():
        at += 1
    while end > at and masked[end - 1].isspace():
        end -= 1
    if at < end:
        yield at, end


def _attributed(masked: str, mark: Marked, heads: Sequence[Head], people: People) -> Found | None:
    """The quotation as its reporting clause reports it; None when no clause holds it."""
    holding = [h for h in heads if any(s <= mark.start + 1 and mark.end - 2 <= e for s, e in h.contents)]
    if not holding:
        return None
    head = min(holding, key=lambda head: _distance(mark, head))
    quote = _reported(masked, mark.start, mark.end, _kind(masked, mark), head, people)
    return Found(quote, f"{head.shape} {head.frame} {head.source.kind}")


def _distance(mark: Marked, head: Head) -> tuple[int, int]:
    """A saying verb before a thinking one unless that touches the quotation, then the nearest."""
    gap = min(abs(mark.start - head.cue_end), abs(head.cue_start - mark.end))
    return (0 if head.frame == "say" or gap < 3 else 1, gap)


def _kind(masked: str, mark: Marked) -> str:
    """Direct when the quotation is a clause of its own, partial when it is a phrase in the author's sentence."""
    length = mark.inner_end - mark.inner
    before = masked[max(0, mark.start - 24) : mark.start].rstrip()
    opens = not before or before[-1] in ',:.?!\n"-' or "\n" in masked[max(0, mark.start - 2) : mark.start]
    whole = length > _CLAUSE_LENGTH or masked[mark.inner_end - 1] in ",.?!"
    return "direct" if opens and whole else "partial"


def _reported(masked: str, start: int, end: int, kind: str, head: Head, people: People) -> Quote:
    source: Source = head.source
    cue = masked[head.cue_start : head.cue_end]
    return Quote(start, end, kind, people.name(source), source.start, source.end, cue, head.cue_class, 0.0)


def _opened(masked: str, head: Head, people: People) -> Quote:
    """What a sentence that ends with a colon promises to the quotation in the next paragraph."""
    return _reported(masked, head.cue_start, head.cue_end, "direct", head, people)


def _carried(masked: str, mark: Marked, last: Quote, rule: str) -> Found:
    """A quotation without a clause of its own beside one of the same speaker."""
    quote = last._replace(start=mark.start, end=mark.end, kind=_kind(masked, mark), cue=None, cue_class=None)
    return Found(quote, rule)


def _left_over(masked: str, waiting: Sequence[Marked], start: int, last: Quote | None) -> Iterator[Found]:
    """Quotations that no clause reports: one that opens the paragraph looks ahead, scare quotes are left out."""
    for mark in waiting:
        if last is not None and mark.end < last.start and mark.start - start < 3:
            yield _carried(masked, mark, last, "ahead")
        elif mark.end - mark.start > _SCARE or masked[mark.inner_end - 1] in ",.?!":
            nobody = Quote(mark.start, mark.end, _kind(masked, mark), UNKNOWN, None, None, None, None, 0.0)
            yield Found(nobody, "unknown")


def _indirect(
    masked: str, heads: Sequence[Head], marked: Sequence[Marked], people: People
) -> Iterator[Found]:
    """Contents of the reporting clauses that are not, or not mostly, between quotation marks."""
    for head in heads:
        if masked[head.source.start : head.source.end].lower() in FIRST_PERSON:
            continue  # who speaks of himself is not reported
        for start, end in head.contents:
            while start < end and masked[start] in " ,;:-":
                start += 1
            while end > start and masked[end - 1] in " ,;:-.\n":
                end -= 1
            covered = sum(max(0, min(end, m.end) - max(start, m.start)) for m in marked)
            if end - start < _INDIRECT_LENGTH or covered >= _MOSTLY * (end - start):
                continue
            quote = _reported(masked, start, end, "indirect", head, people)
            yield Found(quote, f"indirect {head.shape} {head.frame} {head.source.kind}")
