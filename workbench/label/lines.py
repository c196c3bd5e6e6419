"""The physical lines of a text, with their places."""

from __future__ import annotations

from typing import NamedTuple

from workbench.schema import plain


class Line(NamedTuple):
    """A physical line: `start:end` in the document's text without the line feed; `text` made plain and stripped."""

    start: int
    end: int
    text: str


def split_lines(text: str) -> list[Line]:
    """Every line of `text` in order, blank ones included; joining the spans with line feeds gives the text back."""
    lines, start = [], 0
    for raw, folded in zip(text.split("\n"), plain(text).split("\n"), strict=True):
        lines.append(Line(start, start + len(raw), folded.strip()))
        start += len(raw) + 1
    return lines
