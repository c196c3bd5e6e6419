"""Quotes and indirect speech: what is said, by whom, and the word that reports it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workbench.label.heads import FILLER, Head, find_heads
from workbench.label.people import People
from workbench.label.quotation_marks import Marked, find_marked
from workbench.schema import UNKNOWN, Quote, Segment, plain

_MOSTLY = 0.8  # share of a content that quotation marks must cover for it to be the quotation alone
_SHORT = (
    "mr",
    "mrs",
    "ms",
    "dr",
    "sen",
    "rep",
    "gov",
    "gen",
    "st",
    "jr",
    "sr",
    "lt",
    "col",
    "no",
    "vs",
    "u.s",
    "u.n",
    "u.k",
    "d.c",
    "rev",
    "prof",
    "sgt",
    "capt",
    "adm",
    "dem",
    "jan",
    "feb",
    "aug",
    "sept",
    "oct",
    "nov",
    "dec",
    "inc",
    "corp",
    "co",
)
_STOPS = re.compile(r"""[.!?]["')\]]*\s+(?=["'(\[$-]*[A-Z0-9\x01])""")


class Found(NamedTuple):
    """A quote with the rule that found it."""

    quote: Quote
    rule: str


def find_quotes(text: str, body: Sequence[Segment]) -> list[Quote]:
    """Quotes and indirect speech of the body segments, in text order."""
    return [found.quote for found in find_with_rules(text, body)]


def find_with_rules(text: str, body: Sequence[Segment]) -> list[Found]:
    """As `find_quotes`, each with the rule that found it: what confidence is measured by."""
    paragraphs = _paragraphs(text, body)
    marked = find_marked(text, paragraphs)
    masked = _masked(plain(text), marked)
    people = People(plain(text))
    found: list[Found] = []
    starts = [m.start for m in marked]
    previous: Quote | None = None
    for start, end in paragraphs:
        mine = marked[bisect_right(starts, start - 1) : bisect_right(starts, end - 1)]
        here = _paragraph(masked, start, end, mine, people, previous)
        spoken = [f.quote for f in here if f.quote.kind != "indirect" and f.quote.speaker != UNKNOWN]
        previous = spoken[-1] if spoken else None
        found += here
    return sorted(found)


def _paragraphs(text: str, body: Sequence[Segment]) -> list[tuple[int, int]]:
    return [(segment.start, segment.end) for segment in body]


def _masked(text: str, marked: Sequence[Marked]) -> str:
    """Plain text of equal length with the words between marks hidden, their last character kept."""
    pieces, at = [], 0
    for mark in marked:
        pieces.append(text[at : mark.start])
        pieces.append('"' * (mark.inner - mark.start))
        last = mark.inner_end - 1
        if last >= mark.inner:
            pieces.append(FILLER * (last - mark.inner))
            pieces.append(text[last] if not text[last].isalnum() else FILLER)
        pieces.append('"' * (mark.end - mark.inner_end))
        at = mark.end
    pieces.append(text[at:])
    return "".join(pieces)


def _sentences(masked: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for match in _STOPS.finditer(masked, start, end):
        word = masked[max(at, match.start() - 6) : match.start()].rsplit(" ", 1)[-1].lower().lstrip('("')
        if masked[match.start()] == "." and (word in _SHORT or len(word) == 1):
            continue
        if (
            masked[match.start()] in "?!"
            and '"' in match[0]
            and re.match(
                r"(?:[A-Z][\w.]* ){1,4}(?:said|asked|says|added|wrote|replied|responded|exclaimed|tweeted)\b",
                masked[match.end() : match.end() + 80],
            )
        ):
            continue
        yield at, match.end()
        at = match.end()
    if at < end:
        yield at, end


def _paragraph(
    masked: str, start: int, end: int, marked: Sequence[Marked], people: People, previous: Quote | None
) -> list[Found]:
    found: list[Found] = []
    waiting: list[Marked] = []
    last: Quote | None = None
    for left, right in _sentences(masked, start, end):
        here = [m for m in marked if left <= m.start < right]
        while left < right and masked[left].isspace():
            left += 1
        trimmed = len(masked[left:right].rstrip()) + left
        heads = find_heads(masked, left, trimmed)
        for mark in here:
            head = _head_of(mark, heads)
            if head is not None and head.source is not None:
                quote = _quote(masked, mark, head, people)
                found.append(Found(quote, f"{head.shape} {head.frame} {head.source.kind}"))
                last = quote
            elif last is not None and mark.start - left < 3:
                found.append(_carried(masked, mark, last, "continued"))
            elif previous is not None and mark.start - start < 3 and trimmed - mark.end < 3:
                found.append(_carried(masked, mark, previous, "carried"))
            else:
                waiting.append(mark)
        found += _indirect(masked, heads, here, people)
    for mark in waiting:
        if last is not None and mark.end < last.start and mark.start - start < 3:
            found.append(_carried(masked, mark, last, "ahead"))
        else:
            found.append(
                Found(
                    Quote(mark.start, mark.end, _kind(masked, mark), UNKNOWN, None, None, None, None, 0.2),
                    "unknown",
                )
            )
    return found


def _head_of(mark: Marked, heads: Sequence[Head]) -> Head | None:
    """The reporting clause that reports this quotation: the nearest whose content holds it."""
    holding = [h for h in heads if any(s <= mark.start + 1 and mark.end - 2 <= e for s, e in h.contents)]
    if not holding:
        return None
    return min(holding, key=lambda h: min(abs(mark.start - h.cue_end), abs(h.cue_start - mark.end)))


def _kind(masked: str, mark: Marked) -> str:
    """Direct when the quotation is a clause of its own, partial when it is a phrase in the author's sentence."""
    inner = masked[mark.inner : mark.inner_end]
    before = masked[max(0, mark.start - 2) : mark.start].strip()
    if before in ("", ",", ":") and len(inner) > 24:
        return "direct"
    return "direct" if inner[-1:] in ",.?!" and before in ("", ",", ":") else "partial"


def _quote(masked: str, mark: Marked, head: Head, people: People) -> Quote:
    assert head.source is not None
    return Quote(
        mark.start, mark.end, _kind(masked, mark), people.name(head.source), head.source.start, head.source.end,
        masked[head.cue_start : head.cue_end], head.cue_class, 0.9,
    )  # fmt: skip


def _carried(masked: str, mark: Marked, last: Quote, rule: str) -> Found:
    quote = last._replace(start=mark.start, end=mark.end, kind=_kind(masked, mark), cue=None, cue_class=None)
    return Found(quote, rule)


def _indirect(
    masked: str, heads: Sequence[Head], marked: Sequence[Marked], people: People
) -> Iterator[Found]:
    for head in heads:
        if head.source is None:
            continue
        for start, end in head.contents:
            while start < end and masked[start] in " ,;:-":
                start += 1
            while end > start and masked[end - 1] in " ,;:-.\n":
                end -= 1
            if end - start < 3:
                continue
            covered = sum(max(0, min(end, m.end) - max(start, m.start)) for m in marked)
            if covered >= _MOSTLY * (end - start):
                continue
            quote = Quote(
                start,
                end,
                "indirect",
                people.name(head.source),
                head.source.start,
                head.source.end,
                masked[head.cue_start : head.cue_end],
                head.cue_class,
                0.7,
            )
            yield Found(quote, f"indirect {head.shape} {head.frame} {head.source.kind}")
