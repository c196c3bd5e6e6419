"""The physical lines of a text, with their places."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from workbench.schema import plain


class Line(NamedTuple):
    """A physical line: `start:end` in the document's text without the line feed; `text` made plain and stripped."""

    start: int
    end: int
    text: str


@lru_cache(maxsize=2)
def folded(text: str) -> str:
    """`schema.plain` of a whole document, kept while it is being labelled: each of several steps needs it."""
    return plain(text)


def split_lines(text: str) -> list[Line]:
    """Every line of `text` in order, blank ones included; joining the spans with line feeds gives the text back."""
    raw = text.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in raw)]
    ends = (start - 1 for start in starts[1:])
    return list(map(Line, starts, ends, map(str.strip, folded(text).split("\n"))))
