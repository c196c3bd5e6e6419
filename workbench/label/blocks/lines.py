"""Split a text into physical lines, and join lines into blocks (paragraphs), hard-wrapped or not.

A block's text has the length of its span: line feeds inside it are shown as spaces, so that an offset
in the one is an offset in the other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from workbench.schema import plain


class TextLine(NamedTuple):
    """A physical line: `start:end` in the document's text without the line feed; `text` made plain and stripped."""

    start: int
    end: int
    text: str


@lru_cache(maxsize=2)
def folded(text: str) -> str:
    """`schema.plain` of a whole document, kept while it is being labelled: each of several steps needs it."""
    return plain(text)


def split_lines(text: str) -> list[TextLine]:
    """Every line of `text` in order, blank ones included; joining the spans with line feeds gives the text back."""
    raw = text.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in raw)]
    ends = (start - 1 for start in starts[1:])
    return list(map(TextLine, starts, ends, map(str.strip, folded(text).split("\n"))))


# ---------------------------------------------------------------- blocks


class Block(NamedTuple):
    """A paragraph, heading, menu entry …: `start:end` without the white space around it.

    `text` is made plain; `line` is the number of its first physical line; `gap` counts the blank lines
    above it; `hint` is what the container knew of that line.
    """

    start: int
    end: int
    text: str
    line: int
    gap: int
    hint: str


# A wrapped text has lines of at most this length; press releases, mail and wire copy use 60 to 80.
MAX_WRAP = 100
MIN_WRAP = 40
# Share of the lines of wrap length before one with a small letter. Measured: 100 news texts wrapped by us at
# 60, 70 and 80 columns 0.58-1.00 (median 0.8); 192 pages with a paragraph a line: median 0, 95 % below 0.17.
MIN_RUN_ON = 0.3
SLACK = 1  # columns by which a line may fall short of the width although the next word would not fit
_ITEM = re.compile(
    r"(?:--|[*#>\u2022]|- |\(?\w{1,2}[.)] )\W*(?=\w|$)|[\W_]+$"
)  # a list item, a header line "-- ", marks only
ENDS = ".!?:\"')]"  # marks after which a line does not run on
# Wire copy sometimes has several paragraphs in one line, parted by a run of spaces after a full stop.
_PARTED = re.compile(r"(?<=[.!?\"')]) {4,}(?=[A-Z\"'(])")


def find_blocks(
    text: str, lines: Sequence[TextLine], hints: Mapping[int, str], breaks: Collection[int] = ()
) -> list[Block]:
    """The blocks of a text in order. At each offset in `breaks` a line begins a new block (a turn begins or ends)."""
    one_line = folded(text).replace("\n", " ")
    width = wrap_width(lines)
    starts = [line.start for line in lines] if breaks else []
    broken_lines = {bisect_right(starts, offset) - 1 for offset in breaks if offset < len(text)}
    blocks: list[Block] = []
    first = last = -1
    gap = pending = 0
    for number, line in enumerate(lines):
        if not line.text:
            pending += 1
            continue
        joined = (
            last >= 0
            and not pending
            and (width or line.text[0].islower())  # without a width, only a small letter goes on
            and number not in hints
            and number not in broken_lines
            and _continues_paragraph(text, lines[last], line, width)
        )
        if joined:
            last = number
            continue
        if first >= 0:
            blocks += _split_paragraphs(one_line, lines, first, last, gap, hints)
        first = last = number
        gap, pending = pending, 0
    if first >= 0:
        blocks += _split_paragraphs(one_line, lines, first, last, gap, hints)
    return blocks


def wrap_width(lines: Sequence[TextLine]) -> int:
    """The column at which the text was wrapped; 0 when its lines are paragraphs."""
    lengths, run_on = [], 0
    for line, following in pairwise(lines):
        if MIN_WRAP <= len(line.text) <= MAX_WRAP and following.text:
            lengths.append(len(line.text))
            run_on += following.text[0].islower()
    if len(lengths) < 2 or run_on < MIN_RUN_ON * len(lengths):
        return 0
    return sorted(lengths)[int(0.95 * (len(lengths) - 1))]


def _continues_paragraph(text: str, line: TextLine, following: TextLine, width: int) -> bool:
    """Whether `following` is the same paragraph: its first word would not have fitted above, or it starts small."""
    runs_on = following.text[0].islower() and len(line.text) >= MIN_WRAP and line.text[-1] not in ENDS
    if not width or len(line.text) > MAX_WRAP:
        return runs_on and len(following.text) > 2
    if _ITEM.match(following.text):
        return False
    if text[following.start : following.start + 2] == "  " and text[line.start] != " ":
        return False  # an indented line begins a paragraph
    word = following.text.split(" ", 1)[0]
    if len(line.text) + 1 + len(word) > width - SLACK:
        return True
    return runs_on


def _split_paragraphs(
    one_line: str, lines: Sequence[TextLine], first: int, last: int, gap: int, hints: Mapping[int, str]
) -> list[Block]:
    """The block of lines first..last, in parts where one line holds several paragraphs."""
    start, end, block_text = lines[first]
    if first != last or len(block_text) != end - start:  # else the line is the block as it stands
        end = lines[last].end
        bare = one_line[start:end].lstrip()
        start, block_text = end - len(bare), bare.rstrip()
        end = start + len(block_text)
    hint = hints.get(first, "")
    if "    " not in block_text:
        return [Block(start, end, block_text, first, gap, hint)]
    parts, begin = [], start
    for match in _PARTED.finditer(one_line, start, end):
        parts.append((begin, match.start()))
        begin = match.end()
    parts.append((begin, end))
    return [
        Block(begin, stop, one_line[begin:stop], first, gap if not number else 0, hint)
        for number, (begin, stop) in enumerate(parts)
    ]
