"""The physical lines of a text, with their places."""

from __future__ import annotations

from functools import lru_cache
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
    lines, start = [], 0
    for raw, shown in zip(text.split("\n"), folded(text).split("\n"), strict=True):
        lines.append(Line(start, start + len(raw), shown.strip()))
        start += len(raw) + 1
    return lines
