"""Cutting a body paragraph into pieces: lead note, byline, dateline, editor's insertions, stage marks, credit.

The pieces of a paragraph tile it; what is left is the paragraph's own kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from workbench.label.datelines import find_lead
from workbench.label.furniture import reporting_start
from workbench.languages import default_language

_LANGUAGE = default_language()


class Piece(NamedTuple):
    """A part of a paragraph; offsets in the paragraph's text. `kind` is "" for the paragraph's own words."""

    start: int
    end: int
    kind: str
    rule: str


_STAGE_WORDS = _LANGUAGE.speakers.stage_words
_STAGE = re.compile(rf"[(\[](?:{_STAGE_WORDS})\b[^()\[\]]{{0,120}}[)\]][.!]?", re.IGNORECASE)
# Editor's insertion in square brackets; not a markdown link "[text](address)" and not a bare note number.
_INSERTION = re.compile(r"\[(?!\d{1,3}\])[^\[\]]{1,200}\](?!\()")


def cut(text: str, *, lead: bool) -> list[Piece]:
    """The pieces of a paragraph in order; `lead` when it may begin with note, byline and dateline."""
    marks = list(_leads(text)) if lead else []
    begin = marks[-1].end if marks else 0
    if "(" in text or "[" in text:
        marks += _bracketed(text, begin)
    pieces: list[Piece] = []
    position = 0
    for mark in marks:
        if mark.start < position:
            continue
        if text[position : mark.start].strip():
            pieces.append(Piece(position, mark.start, "", ""))
        pieces.append(mark)
        position = mark.end
    if text[position:].strip() or not pieces:
        pieces.append(Piece(position, len(text), "", ""))
    return pieces


def _leads(text: str) -> Iterator[Piece]:
    lead = find_lead(text)
    if lead.note and (lead.byline or lead.dateline):
        yield Piece(*lead.note, "chrome", "note on the update")
    if lead.byline:
        yield Piece(*lead.byline, "byline", "by-line in the paragraph")
    if lead.dateline:
        yield Piece(lead.dateline.start, lead.dateline.end, "dateline", "dateline")


def _bracketed(text: str, begin: int) -> list[Piece]:
    marks = [Piece(*match.span(), "stage", "stage mark") for match in _STAGE.finditer(text, begin)]
    taken = {mark.start for mark in marks}
    if "[" in text:
        marks += [
            Piece(*match.span(), "insertion", "square brackets")
            for match in _INSERTION.finditer(text, begin)
            if match.start() not in taken
        ]
    credit = reporting_start(text)
    if credit is not None and credit >= begin and credit not in taken:
        marks.append(Piece(credit, len(text), "credit", "reporting credit"))
    return sorted(marks)
