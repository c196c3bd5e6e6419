"""Find quotation marks, and the spans of a paragraph between them.

Straight, doubled-apostrophe, curly, low-high and angle marks; single marks only outside double ones, so
that a quotation inside a quotation is not counted again. An opening mark repeated at the beginning of the next
paragraph continues a quotation; a mark that is never closed ends with its paragraph.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from workbench.label.blocks.lines import folded
from workbench.languages import default_language

_LANGUAGE = default_language()


class MarkedSpan(NamedTuple):
    """A stretch between marks, marks included; `inner` to `inner_end` is what they enclose."""

    start: int
    end: int
    inner: int
    inner_end: int
    closed: bool


# Both expressions begin with a set of characters, which lets the scan jump from mark to mark.
_DOUBLE = re.compile(_LANGUAGE.quotation.double)
_WHOLE = re.compile(_LANGUAGE.quotation.whole)  # the same for a text in which no mark is made of two
_PAIRS = _LANGUAGE.quotation.pairs
_CLOSER = _LANGUAGE.quotation.closers
_MIXED = {("“", '"'), ('"', "“")}  # pages with marks of two shapes, of which one is wrong
_SINGLE = re.compile(_LANGUAGE.quotation.single)
_MAYBE_SINGLE = re.compile(
    r"'(?<![\w.,]')(?=[^\d.,;)])"
)  # in a text made plain; finds what _SINGLE finds, and more
_SINGLE_END = re.compile(_LANGUAGE.quotation.single_end)
_FEET = re.compile(r"^\d'\d+$")
_ELIDED = re.compile(_LANGUAGE.quotation.elided, re.I)
_MAX_SINGLE = 400  # longer runs between single marks were apostrophes, not quotations


def find_marked_spans(text: str, paragraphs: Sequence[tuple[int, int]]) -> list[MarkedSpan]:
    """Every quotation of the paragraphs (spans in `text`, in order), in text order; none overlaps another."""
    found: list[MarkedSpan] = []
    singles: list[MarkedSpan] = []
    shown = folded(text)  # in which double marks are one, so that a paragraph without any is known at once
    paired = "''" in shown and any(pair in text for pair in _PAIRS)
    scan = _DOUBLE if paired else _WHOLE
    lone = [match.start() for match in _MAYBE_SINGLE.finditer(shown)]
    angled = "‹" in text
    carried = ""  # the opening mark of a quotation that the paragraph before left open
    for start, end in paragraphs:
        spans: list[MarkedSpan] = []
        left_open = ""
        if paired or shown.find('"', start, end) >= 0:
            spans, left_open = _double(text, start, end, scan)
        if angled or bisect_left(lone, start) < bisect_left(lone, end):
            singles += _single(text, start, end, spans)
        if (
            carried
            and spans
            and spans[0].start == _first(text, start, end)
            and text.startswith(carried, spans[0].start)
        ):
            head = spans.pop(0)
            found[-1] = found[-1]._replace(end=head.end, inner_end=head.inner_end, closed=head.closed)
        found += spans
        carried = left_open
    return sorted(found + singles) if singles else found


def _first(text: str, start: int, end: int) -> int:
    """Place of the first character that is no space."""
    while start < end and text[start].isspace():
        start += 1
    return start


def _double(text: str, start: int, end: int, scan: re.Pattern[str]) -> tuple[list[MarkedSpan], str]:
    """Quotations between double marks, and the mark left open at the end of the paragraph."""
    found: list[MarkedSpan] = []
    opened, at = "", -1
    for match in scan.finditer(text, start, end):
        mark, place = match[0], match.start()
        if not opened:
            if _opens(text, mark, place, match.end(), start, end):
                opened, at = mark, place
        elif _closes(text, opened, mark, place, match.end(), end):
            found.append(MarkedSpan(at, match.end(), at + len(opened), place, True))
            opened = ""
        elif mark in "“„" and mark == opened and text[place - 1 : place].isspace():
            cut = _sentence_end(text, at, place)
            found.append(MarkedSpan(at, cut, at + len(opened), cut, False))
            at = place
    if opened:
        cut = end
        while cut > at and text[cut - 1].isspace():
            cut -= 1
        if cut > at + len(opened):
            found.append(MarkedSpan(at, cut, at + len(opened), cut, False))
    return found, opened


def _opens(text: str, mark: str, place: int, after: int, start: int, end: int) -> bool:
    """An opening mark touches what follows and not what is before; a mark behind a digit is an inch."""
    if after >= end or text[after].isspace():
        return False
    if mark in ("“", "„", "«", "``", "‘‘", "‟"):
        return True
    before = text[place - 1] if place > start else " "
    return not (before.isalnum() or before in ".,;!?%)")


def _closes(text: str, opened: str, mark: str, place: int, after: int, end: int) -> bool:
    """A closing mark fits the opening one and does not stand between a space and a letter."""
    if mark not in _CLOSER[opened] and mark != _CLOSER[opened]:
        return (opened, mark) in _MIXED and _ends_here(text, place, after, end)
    if mark == '"' and _FEET.search(text[max(0, place - 4) : place]):
        return False  # five foot ten
    follows = text[after] if after < end else " "
    return not (text[place - 1].isspace() and follows.isalnum())


def _ends_here(text: str, place: int, after: int, end: int) -> bool:
    """A mark of the other shape closes where it follows a stop or comma and no word touches it."""
    return text[place - 1] in ".,!?" and (after >= end or text[after].isspace())


def _sentence_end(text: str, start: int, end: int) -> int:
    """Where an unclosed quotation ends when another one opens: with its sentence, or just before it."""
    stop = max(text.rfind(mark, start, end) for mark in ".!?,")
    cut = stop + 1 if stop > start + 1 else end
    while text[cut - 1].isspace():
        cut -= 1
    return cut


def _single(text: str, start: int, end: int, double: Sequence[MarkedSpan]) -> list[MarkedSpan]:
    """Quotations between single marks, outside the double ones."""
    found: list[MarkedSpan] = []
    starts = [mark.start for mark in double]
    at = start
    while match := _SINGLE.search(text, at, end):
        place, at = match.start(), match.end()
        number = bisect_right(starts, place)
        if number and place < double[number - 1].end:
            at = double[number - 1].end
            continue
        if _ELIDED.match(text, place):
            continue
        stop = min(end, place + _MAX_SINGLE, starts[number] if number < len(starts) else end)
        if close := _single_close(text, match.end(), stop):
            found.append(MarkedSpan(place, close + 1, place + 1, close, True))
            at = close + 1
    return found


def _single_close(text: str, start: int, stop: int) -> int:
    """Place of the closing single mark; one behind an s and before a word may be a possessive; 0 if none."""
    doubtful = 0
    for match in _SINGLE_END.finditer(text, start, stop):
        place = match.start()
        if place == start or text[place - 1].isspace():
            continue
        if text[place - 1] == "s" and text[place + 1 : place + 2] == " ":
            doubtful = doubtful or place
            continue
        return place
    return doubtful
