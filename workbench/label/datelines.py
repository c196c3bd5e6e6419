"""Read the lead of a wire story: "(Adds detail) By Jane Roe MOSCOW, December 11. /TASS/."."""

from __future__ import annotations

import re
from typing import NamedTuple

from workbench.label.dates import StatedDate, find_dates
from workbench.languages import default_language

_LANGUAGE = default_language()


class Dateline(NamedTuple):
    """A dateline at `start:end` of a text, with its place, date and agency mark where it has them."""

    start: int
    end: int
    place: str
    date: StatedDate | None
    agency: str | None


_CAPITALS = _LANGUAGE.datelines.capitals  # NEW YORK, RIO DE JANEIRO, ST. PETERSBURG
_CASED = r"[A-Z][A-Za-z.'-]+(?: [A-Za-z.'-]+){0,3}"
_ONE_PLACE = rf"{_CAPITALS}(?:, ?{_CASED}){{0,2}}?"
_PLACE = rf"(?P<place>{_ONE_PLACE}(?:/{_ONE_PLACE})*)"  # CHARLOTTE, N.C./NEW YORK
_PLACE_CASED = rf"(?P<place>{_CASED}(?:, ?{_CASED}){{0,1}}?)"
_MONTH = _LANGUAGE.datelines.month
_WHEN = rf"(?:[,.]? {{0,3}}(?P<when>(?:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})(?:,? \d{{4}})?))"
_AGENCY_BRACKET = r"\( ?(?P<agency1>[A-Z][\w./ &-]{1,40}) ?\)"
_AGENCY_SLASH = r"/(?P<agency2>[A-Z][\w .&-]{1,30})/"
_DASH = r"(?:--?|\?)"  # a dash; the question mark is a dash lost on its way through a narrow encoding
# Each shape with a mark without which it cannot match, "" where there is none: most heads are settled by that.
_SHAPES = tuple(
    (re.compile(shape), mark)
    for shape, mark in (
        (rf"{_PLACE}{_WHEN}?(?:[.,] {{0,3}}| {{1,3}}){_AGENCY_SLASH}[.,]?(?: ?{_DASH} )?", "/"),
        (rf"{_PLACE}{_WHEN}?[.,]? {{0,3}}{_AGENCY_BRACKET} {{0,2}}{_DASH} {{0,2}}", "("),
        (rf"{_PLACE}{_WHEN}? {{0,2}}{_DASH} {{1,2}}(?=\S)", ""),
        (rf"{_PLACE}{_WHEN}[.:] {{1,2}}(?=\S)", ""),
        (rf"{_PLACE_CASED}{_WHEN}?[.,]? {{0,3}}{_AGENCY_BRACKET} {{0,2}}{_DASH} {{0,2}}", "("),
        (rf"{_PLACE_CASED}{_WHEN}[.,]? {{0,3}}{_AGENCY_SLASH}[.,]?", "/"),
    )
)
# What stands before a dateline in the same paragraph: "(Adds analyst comment)   By  Emily Roe    CHICAGO, ..."
_NOTE = re.compile(_LANGUAGE.datelines.note)
_BY = re.compile(_LANGUAGE.datelines.by)
REACH = 160


class Lead(NamedTuple):
    """What comes before the story's first word in its first paragraph; offsets in that paragraph."""

    note: tuple[int, int] | None
    byline: tuple[int, int] | None
    dateline: Dateline | None


def find_lead(text: str) -> Lead:
    """The update note, byline and dateline at the head of a paragraph, each if it is there."""
    position = 0
    note = byline = None
    if match := _NOTE.match(text):
        note, position = match.span(), match.end()
    if match := _BY.match(text, position):
        byline = match.span()
        position = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip())
    dateline = find_dateline(text, position)
    if dateline is None and byline and position < len(text) and not note:
        byline = None if len(text) > position + 40 else byline
    return Lead(note, byline, dateline)


def find_dateline(text: str, position: int = 0) -> Dateline | None:
    """The dateline that begins at `position`, or None."""
    opening = text[position : position + REACH]
    if not opening[:1].isupper():
        return None
    for shape, mark in _SHAPES:
        if mark in opening and (match := shape.match(opening)) and _is_place(match["place"]):
            groups = match.groupdict()
            when = groups.get("when")
            agency = groups.get("agency1") or groups.get("agency2")
            date = next(find_dates(when), None) if when else None
            return Dateline(position, position + match.end(), match["place"].strip(" ,."), date, agency)
    return None


# Capitals before a dash that name a part of a page or a kind of text, not a place.
_NO_PLACE = re.compile(_LANGUAGE.datelines.no_place)


def _is_place(name: str) -> bool:
    return len(name) > 2 and not _NO_PLACE.match(name)
