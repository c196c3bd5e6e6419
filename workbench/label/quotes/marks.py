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
    spans_found: list[MarkedSpan] = []
    single_spans: list[MarkedSpan] = []
    folded_text = folded(
        text
    )  # in which double marks are one, so that a paragraph without any is known at once
    has_pairs = "''" in folded_text and any(pair in text for pair in _PAIRS)
    scan = _DOUBLE if has_pairs else _WHOLE
    single_marks = [match.start() for match in _MAYBE_SINGLE.finditer(folded_text)]
    has_angles = "‹" in text
    open_mark = ""  # the opening mark of a quotation that the paragraph before left open
    for start, end in paragraphs:
        paragraph_spans: list[MarkedSpan] = []
        unclosed = ""
        if has_pairs or folded_text.find('"', start, end) >= 0:
            paragraph_spans, unclosed = _double_spans(text, start, end, scan)
        if has_angles or bisect_left(single_marks, start) < bisect_left(single_marks, end):
            single_spans += _single_spans(text, start, end, paragraph_spans)
        if (
            open_mark
            and paragraph_spans
            and paragraph_spans[0].start == _first_character(text, start, end)
            and text.startswith(open_mark, paragraph_spans[0].start)
        ):
            continuation = paragraph_spans.pop(0)
            spans_found[-1] = spans_found[-1]._replace(
                end=continuation.end, inner_end=continuation.inner_end, closed=continuation.closed
            )
        spans_found += paragraph_spans
        open_mark = unclosed
    return sorted(spans_found + single_spans) if single_spans else spans_found


def _first_character(text: str, start: int, end: int) -> int:
    """Place of the first character that is no space."""
    while start < end and text[start].isspace():
        start += 1
    return start


def _double_spans(text: str, start: int, end: int, scan: re.Pattern[str]) -> tuple[list[MarkedSpan], str]:
    """Quotations between double marks, and the mark left open at the end of the paragraph."""
    spans: list[MarkedSpan] = []
    opening, opening_start = "", -1
    for match in scan.finditer(text, start, end):
        mark, mark_start = match[0], match.start()
        if not opening:
            if _opens(text, mark, mark_start, match.end(), start, end):
                opening, opening_start = mark, mark_start
        elif _closes(text, opening, mark, mark_start, match.end(), end):
            spans.append(
                MarkedSpan(opening_start, match.end(), opening_start + len(opening), mark_start, True)
            )
            opening = ""
        elif mark in "“„" and mark == opening and text[mark_start - 1 : mark_start].isspace():
            span_end = _sentence_end(text, opening_start, mark_start)
            spans.append(MarkedSpan(opening_start, span_end, opening_start + len(opening), span_end, False))
            opening_start = mark_start
    if opening:
        span_end = end
        while span_end > opening_start and text[span_end - 1].isspace():
            span_end -= 1
        if span_end > opening_start + len(opening):
            spans.append(MarkedSpan(opening_start, span_end, opening_start + len(opening), span_end, False))
    return spans, opening


def _opens(text: str, mark: str, mark_start: int, mark_end: int, start: int, end: int) -> bool:
    """An opening mark touches what follows and not what is before; a mark behind a digit is an inch."""
    if mark_end >= end or text[mark_end].isspace():
        return False
    if mark in ("“", "„", "«", "``", "‘‘", "‟"):
        return True
    before = text[mark_start - 1] if mark_start > start else " "
    return not (before.isalnum() or before in ".,;!?%)")


def _closes(text: str, opening: str, mark: str, mark_start: int, mark_end: int, end: int) -> bool:
    """A closing mark fits the opening one and does not stand between a space and a letter."""
    if mark not in _CLOSER[opening] and mark != _CLOSER[opening]:
        return (opening, mark) in _MIXED and _ends_here(text, mark_start, mark_end, end)
    if mark == '"' and _FEET.search(text[max(0, mark_start - 4) : mark_start]):
        return False  # five foot ten
    next_char = text[mark_end] if mark_end < end else " "
    return not (text[mark_start - 1].isspace() and next_char.isalnum())


def _ends_here(text: str, mark_start: int, mark_end: int, end: int) -> bool:
    """A mark of the other shape closes where it follows a stop or comma and no word touches it."""
    return text[mark_start - 1] in ".,!?" and (mark_end >= end or text[mark_end].isspace())


def _sentence_end(text: str, start: int, end: int) -> int:
    """Where an unclosed quotation ends when another one opens: with its sentence, or just before it."""
    last_stop = max(text.rfind(mark, start, end) for mark in ".!?,")
    sentence_end = last_stop + 1 if last_stop > start + 1 else end
    while text[sentence_end - 1].isspace():
        sentence_end -= 1
    return sentence_end


def _single_spans(text: str, start: int, end: int, double: Sequence[MarkedSpan]) -> list[MarkedSpan]:
    """Quotations between single marks, outside the double ones."""
    spans: list[MarkedSpan] = []
    starts = [span.start for span in double]
    search_start = start
    while match := _SINGLE.search(text, search_start, end):
        mark_start, search_start = match.start(), match.end()
        number = bisect_right(starts, mark_start)
        if number and mark_start < double[number - 1].end:
            search_start = double[number - 1].end
            continue
        if _ELIDED.match(text, mark_start):
            continue
        limit = min(end, mark_start + _MAX_SINGLE, starts[number] if number < len(starts) else end)
        if closing := _single_close(text, match.end(), limit):
            spans.append(MarkedSpan(mark_start, closing + 1, mark_start + 1, closing, True))
            search_start = closing + 1
    return spans


def _single_close(text: str, start: int, stop: int) -> int:
    """Place of the closing single mark; one behind an s and before a word may be a possessive; 0 if none."""
    possessive = 0
    for match in _SINGLE_END.finditer(text, start, stop):
        mark_start = match.start()
        if mark_start == start or text[mark_start - 1].isspace():
            continue
        if text[mark_start - 1] == "s" and text[mark_start + 1 : mark_start + 2] == " ":
            possessive = possessive or mark_start
            continue
        return mark_start
    return possessive
