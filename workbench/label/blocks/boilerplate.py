"""Recognise a line that is no text of the story: separator, date line, byline, credit, address, footer.

Each rule looks at one line alone; what needs the neighbours is in `classify`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from workbench.label.dates import StatedDate, find_dates
from workbench.languages import default_language

_LANGUAGE = default_language()


class LineLabel(NamedTuple):
    """A kind and the rule that gave it; how sure the chain is of it, where the chain was asked."""

    kind: str
    rule: str
    confidence: float | None = None


_SEPARATOR = re.compile(_LANGUAGE.page.separator)
_MARKS = re.compile(r"\W*")
_URL = re.compile(r"(?:-- )?<?(?P<url>https?://[^\s<>\"]+)>?")
_CREDIT = re.compile(
    _LANGUAGE.page.credit,
    re.IGNORECASE,
)
_AGENCY_END = re.compile(_LANGUAGE.page.agency_end)
_FOOTER = re.compile(_LANGUAGE.page.rights, re.IGNORECASE)
_BYLINE = re.compile(
    _LANGUAGE.page.byline,
    re.IGNORECASE,
)
_BY_NAME = re.compile(r"[A-Z][\w.'-]*(?:(?: and | & |, | |  )[A-Z][\w.'@-]*){0,12}.{0,40}")
_REPORTING = re.compile(
    _LANGUAGE.page.reporting_credit,
    re.IGNORECASE,
)
_DATE_WORDS = _LANGUAGE.calendar.date_words
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[A-Za-z][A-Za-z.'-]*")
MAX_REPORTING = 420  # characters of such a note with its brackets
MAX_LINE = 200  # characters; a longer line is a paragraph, not furniture


def strip_leading_marks(text: str) -> str:
    """A line without the marks before it: "-- Title", "# Title", "> Title", "* Title"."""
    return text.lstrip("-#>*\u2022= ").strip()


def is_separator(text: str) -> bool:
    """Whether a line holds nothing but marks that part a text, such as "* * *" or "<…>"."""
    return len(text) <= MAX_LINE and _SEPARATOR.fullmatch(text) is not None


def has_only_marks(text: str) -> bool:
    """Whether a line holds no letter and no digit."""
    return _MARKS.fullmatch(text) is not None


def address_in_line(text: str) -> str | None:
    """The address that a line consists of, if it does."""
    match = _URL.fullmatch(text)
    return match["url"] if match else None


class DateLine(NamedTuple):
    """A line that states a date: the date, what else stands in it, and where that begins in the line."""

    date: StatedDate
    rest: str
    rest_start: int


@lru_cache(maxsize=4096)  # several steps ask it of the same line, and so do pages of one site
def date_line(text: str) -> DateLine | None:
    """A short line that consists of a date and at most a place: "May 7, 2013, The Kremlin, Moscow"."""
    if len(text) > 110 or not _DIGIT.search(text):
        return None
    date = next(find_dates(text), None)
    if date is None:
        return None
    text_before, text_after = text[: date.start], text[date.end :]
    if _other_words(text_before) > 2 or (
        _other_words(text_before) and not text_before.rstrip().endswith((",", "|", ":", "-"))
    ):
        return None
    if _other_words(text_after) > 7 or _other_words(text_before) + _other_words(text_after) > 7:
        return None
    if date.day is None and _other_words(text_before) + _other_words(text_after):
        return None  # "October 2021 visitor log" speaks of a month
    rest = re.sub(
        r"^[\s,;:.|/-]*(?:(?:at )?\d{1,2}[:.]\d\d\s?(?:[ap]\.?m\.?)?\s?(?:[A-Z]{2,4}\b)?)?[\s,;:.|/-]*",
        "",
        text_after,
    )
    return DateLine(date, rest, len(text) - len(rest))


def _other_words(text: str) -> int:
    return sum(word.lower().strip(".") not in _DATE_WORDS for word in _WORD.findall(text))


_VERBISH = re.compile(
    _LANGUAGE.page.no_place,
    re.IGNORECASE,
)


def is_place(rest: str) -> bool:
    """Whether what follows a date reads like a place: a few capitalised words, no verb."""
    words = rest.split()
    if (
        not 1 <= len(words) <= 8
        or not rest[0].isupper()
        or _VERBISH.search(rest)
        or any(char.isdigit() for char in rest)
    ):
        return False
    lower_case_words = [word for word in words if word[0].islower()]
    return (
        all(word in ("the", "of", "de", "in", "and", "near", "la", "del") for word in lower_case_words)
        and not rest.isupper()
    )


def byline(text: str) -> str | None:
    """The name of the writer that a line states: "By Jane Roe"; None when the line states none."""
    match = _BYLINE.fullmatch(text) if len(text) <= 120 else None
    if match is None or text.rstrip().endswith(("?", "!", ":")):
        return None
    name = match["name"].strip()
    return name if _BY_NAME.fullmatch(name) and not name.endswith(".") else None


def is_credit(text: str) -> bool:
    """Whether a line is the credit of a picture: "© Jane Roe/TASS", "Photo: Jane Roe"."""
    if len(text) > 120:
        return False
    if _CREDIT.match(text):
        return True
    return _may_be_agency(text) and _AGENCY_END.fullmatch(text) is not None


def has_credit(text: str) -> bool:
    """Whether a short line without a full stop ends with a picture credit: "John Roe Jane Doe/TASS Archive"."""
    return (
        len(text) <= 400
        and _may_be_agency(text)
        and "//" not in text
        and _AGENCY_END.search(text) is not None
    )


def _may_be_agency(text: str) -> bool:
    """Cheaply: whether `text` has a slash, or ends with a bracket, as every agency mark behind a name does."""
    return text[-1:] in (")", "]") or "/" in text


def is_reporting_credit(text: str) -> bool:
    """Whether a paragraph says who helped to report: "(Additional reporting by Jane Roe in Paris)"."""
    return _REPORTING.fullmatch(text) is not None


def reporting_credit_start(text: str) -> int | None:
    """Where such a note begins at the end of a paragraph."""
    start = None
    if "(" not in text[-MAX_REPORTING:]:
        return None
    for match in _REPORTING.finditer(text):
        if match.end() >= len(text.rstrip()) - 1:
            start = match.start()
    return start


def is_footer(text: str) -> bool:
    """Whether a line states rights: "© 2008 …", "All rights reserved"."""
    return len(text) <= 300 and _may_be_footer(text.casefold()) and _FOOTER.fullmatch(text) is not None


def _may_be_footer(folded: str) -> bool:
    """Cheaply: the words without which no line states rights."""
    return "rights reserved" in folded or folded.startswith(("\u00a9", "(c)", "copyright"))
