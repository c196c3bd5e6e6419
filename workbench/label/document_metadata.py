"""Find what a document states about itself: title, date and how it is known, place, source, genre, address."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from workbench.label.blocks import boilerplate
from workbench.label.blocks.lines import folded as folded_text
from workbench.label.datelines import Dateline, find_lead
from workbench.label.dates import (
    MONTHS,
    WEEKDAYS,
    StatedDate,
    find_dates,
    infer_year,
    iso_date,
    latest_year,
    weekday_number,
)
from workbench.label.language import find_language
from workbench.languages import default_language
from workbench.schema import BODY_KINDS, GENRES, Document, Meta, Segment
from workbench.settings.metadata import date_in_path
from workbench.settings.sources import Sources

_LANGUAGE = default_language()


class DocumentDate(NamedTuple):
    """A date with its precision and the words that say how it is known."""

    date: str | None
    precision: str
    basis: str


class LabelledText(NamedTuple):
    """What the labelled text offers for the metadata."""

    document: Document
    folded: str
    segments: Sequence[Segment]
    sources: Sources
    dateline: Dateline | None

    def texts(self, *kinds: str, most: int | None = None) -> list[str]:
        """The texts of the first `most` segments of these kinds (all of them by default), plain, stripped."""
        chosen = islice((s for s in self.segments if s.kind in kinds), most)
        return [self.folded[s.start : s.end].strip() for s in chosen]


def find_metadata(
    document: Document, segments: Sequence[Segment], sources: Sources, source: str | None
) -> Meta:
    """The columns of `documents` for a labelled document; `source` as `find_source` tells it without a dateline."""
    folded = folded_text(document.text)
    labelled = LabelledText(document, folded, segments, sources, _dateline(folded, segments))
    known = document.known
    document_date = find_date(labelled)
    if labelled.dateline and labelled.dateline.agency:
        source = find_source(document, sources, folded, labelled.dateline)
    body = " ".join(labelled.texts(*BODY_KINDS, most=40))
    return Meta(
        source=source,
        title=find_title(labelled),
        date=document_date.date,
        date_precision=document_date.precision,
        date_basis=document_date.basis,
        place=find_place(labelled),
        genre=find_genre(labelled, source),
        language=known.get("language", "")[:2].lower() or find_language(body or folded),
        url=known.get("url") or find_address(labelled),
    )


def _dateline(folded: str, segments: Sequence[Segment]) -> Dateline | None:
    for segment in segments:
        if segment.kind == "dateline":
            return find_lead(folded[segment.start : segment.end].rstrip() + " x").dateline
    return None


def find_title(labelled: LabelledText) -> str | None:
    """The title as the container states it, else as the text shows it."""
    stated = labelled.document.known.get("title")
    if stated:
        return " ".join(stated.split())
    for segment in labelled.segments:
        if segment.kind == "title":
            return (
                " ".join(
                    boilerplate.strip_leading_marks(
                        labelled.document.text[segment.start : segment.end]
                    ).split()
                )
                or None
            )
    return None


def find_address(labelled: LabelledText) -> str | None:
    """An address that a line consists of, near the head or foot of the text."""
    lines = [
        text
        for segment in (*labelled.segments[:12], *labelled.segments[-4:])
        if segment.rule == "address line"
        for text in [labelled.folded[segment.start : segment.end].strip()]
    ]
    return next((url for line in lines if (url := boilerplate.address_in_line(line))), None)


# ---------------------------------------------------------------- date


def find_date(labelled: LabelledText) -> DocumentDate:
    """The date of a document: what its container states, a date line, its dateline, its address, its file name, in this order."""
    stated = labelled.document.known.get("date")
    if stated and (parsed := next(find_dates(stated), None) or _bare_year(stated)) is not None:
        date, precision = iso_date(parsed)
        if date is not None:
            reason = labelled.document.known.get("date_reason")
            basis = f"corrected in metadata.toml: {reason}" if reason else "stated by the file's metadata"
            return DocumentDate(date, precision, basis)
    lines = [
        line
        for text in labelled.texts("date")
        if (line := boilerplate.date_line(boilerplate.strip_leading_marks(text)))
    ]
    for line in lines:
        date, precision = iso_date(line.date)
        if line.date.year is not None:
            return DocumentDate(
                date, precision, line.date.rival or _with_rival_dates("stated in a date line", date, lines)
            )
    partial = (
        labelled.dateline.date
        if labelled.dateline and labelled.dateline.date
        else lines[0].date
        if lines
        else None
    )
    if partial is not None:
        line_kind = "dateline" if labelled.dateline and partial is labelled.dateline.date else "date line"
        return _complete_date(labelled, partial, line_kind)
    nothing = DocumentDate(None, "none", "no date in the text, its address or its metadata")
    return _date_in_address(labelled) or _date_in_file_name(labelled) or nothing


def _with_rival_dates(basis: str, date: str | None, lines: Sequence[boilerplate.DateLine]) -> str:
    rivals = sorted({other for line in lines if (other := iso_date(line.date)[0]) and other != date})
    return f"{basis}; other date lines say {', '.join(rivals)}" if rivals else basis


def _bare_year(text: str) -> StatedDate | None:
    match = re.match(r"((?:19|20)\d\d)(?:-(\d\d))?$", text.strip())
    return (
        StatedDate(0, len(text), int(match[1]), int(match[2]) if match[2] else None, None) if match else None
    )


_SAID_ON = re.compile(
    rf"\b(?:{_LANGUAGE.calendar.on_weekday})\s+(?:{'|'.join(WEEKDAYS)})\b|\b(?:{'|'.join(WEEKDAYS)})\b",
    re.IGNORECASE,
)
HEAD_CHARACTERS = 1_500  # the weekday of the news stands in its first paragraphs


def _complete_date(labelled: LabelledText, stated: StatedDate, line_kind: str) -> DocumentDate:
    """A date whose year is not written: inferred from the address, or the weekday and the years mentioned."""
    if stated.year is not None:
        return DocumentDate(*iso_date(stated), f"stated in the {line_kind}")
    if stated.month is None or stated.day is None:
        return DocumentDate(*iso_date(stated), stated.rival or f"incomplete in the {line_kind}")
    for whole in (_date_in_address(labelled), _date_in_file_name(labelled)):
        if whole and whole.date and whole.date[5:] == f"{stated.month:02}-{stated.day:02}":
            return whole
    body = " ".join(labelled.texts(*BODY_KINDS))
    latest, weekday = latest_year(body), _weekday(body)
    day = f"{stated.day} {MONTHS[stated.month - 1].capitalize()}"
    open_end = f"month and day stated in the {line_kind}, no year"
    if latest is None:
        return DocumentDate(*iso_date(stated), f"{open_end}; the text mentions no year to infer it from")
    if weekday is None:
        return DocumentDate(
            *iso_date(stated),
            f"{open_end}; no weekday to infer it from; perhaps {latest} or {latest + 1}, since the latest year mentioned is {latest}",
        )
    inferred = infer_year(stated.month, stated.day, weekday, latest)
    name = WEEKDAYS[weekday].capitalize()
    if inferred is None:
        return DocumentDate(
            *iso_date(stated), f"{open_end}; no year from {latest} to {latest + 4} has a {name} {day}"
        )
    rival = f"; {inferred.rival} also fits the weekday" if inferred.rival else ""
    basis = f"month and day stated in the {line_kind}, year inferred: {name} {day} fits {inferred.year}, the first after the latest year mentioned, {latest}{rival}"
    return DocumentDate(*iso_date(stated._replace(year=inferred.year)), basis)


def _weekday(body: str) -> int | None:
    match = _SAID_ON.search(body[:HEAD_CHARACTERS])
    return weekday_number(match[0]) if match else None


# Year, month and day with one separator, or eight digits; "/2028064/" is a number of an article.
_URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:([-/_.])(\d\d?)\2(\d\d?)|(\d\d)(\d\d))(?!\d)")


def _date_in_address(labelled: LabelledText) -> DocumentDate | None:
    url = labelled.document.known.get("url") or find_address(labelled) or ""
    day = date_in_address(url)
    return DocumentDate(day, "day", "from the page's address") if day else None


def date_in_address(url: str) -> str | None:
    """The day that an address holds, in ISO 8601; None where there is none.

    >>> date_in_address("https://x.example/2021/11/04/36896"), date_in_address("https://x.example/2028064/talks")
    ('2021-11-04', None)
    """
    for match in _URL_DATE.finditer(url):
        month, day = (int(part) for part in (match[3] or match[5], match[4] or match[6]))
        if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(int(match[1]), month)[1]:
            return f"{match[1]}-{month:02}-{day:02}"
    return None


def _date_in_file_name(labelled: LabelledText) -> DocumentDate | None:
    """The date in the name of the file or of its folders, where `metadata.toml` accepts it for this document."""
    reason = labelled.document.known.get("date_from")
    day = date_in_path(labelled.document.path) if reason else None
    return (
        DocumentDate(day, "day", f"from the file name, accepted in metadata.toml: {reason}") if day else None
    )


# ---------------------------------------------------------------- place, source, genre


def find_place(labelled: LabelledText) -> str | None:
    """Where the text was issued or held: stated, after the date line, or in the dateline (in reading case)."""
    if stated := labelled.document.known.get("place"):
        return stated
    if places := labelled.texts("place"):
        return places[0]
    return reading_case(labelled.dateline.place) if labelled.dateline else None


def reading_case(place: str) -> str:
    """A place in capitals as it is written in running text.

    >>> reading_case("RIO DE JANEIRO")
    'Rio de Janeiro'
    """
    if not any(word.isupper() and len(word) > 2 for word in re.findall(r"\w+", place)):
        return place
    words = [
        word
        if not word.isupper() or ("." in word and len(word) < 5)
        else word.lower()
        if word in ("DE", "DA", "DO", "OF", "LA")
        else word.title()
        for word in place.split(" ")
    ]
    return " ".join(words).replace("'S", "'s")


def find_source(
    document: Document, sources: Sources, folded: str, dateline: Dateline | None = None
) -> str | None:
    """Who issued the text: stated, by its address, its agency mark, its masthead, its folder, in this order."""
    if stated := document.known.get("source"):
        return sources.of_masthead(stated) or sources.of_mark(stated) or stated
    if (url := document.known.get("url")) and (name := sources.of_address(url)):
        return name
    lines = [line.strip() for line in folded[:4_000].split("\n")]
    for line in lines:
        if "://" in line and (url := boilerplate.address_in_line(line)) and (name := sources.of_address(url)):
            return name
    if dateline and dateline.agency:
        return sources.of_mark(dateline.agency) or dateline.agency
    for line in (*lines, *(line.strip() for line in folded[-2_000:].split("\n"))):
        if 1 < len(line) <= 80 and (name := sources.of_masthead(line)):
            return name
    for folder in reversed(document.path.split("/")[:-1]):
        if name := sources.of_folder(folder):
            return name
    return None


_STATEMENT = re.compile(
    _LANGUAGE.page.statement,
    re.IGNORECASE,
)
_RELEASE = re.compile(
    _LANGUAGE.page.release,
    re.IGNORECASE,
)


def find_genre(labelled: LabelledText, source: str | None) -> str:
    """Transcript, release, statement or article by the text's own marks, else what its source issues, else other."""
    stated = labelled.document.known.get("genre", "").lower()
    if stated in GENRES:
        return stated
    if any(segment.kind == "speaker_label" for segment in labelled.segments):
        return "transcript"
    opening = " ".join(labelled.texts("title", "chrome")[:12])
    if _RELEASE.search(opening):
        return "release"
    if labelled.dateline or labelled.texts("byline"):
        return "article"
    if _STATEMENT.search(" ".join(labelled.texts("title")) or labelled.document.known.get("title", "")):
        return "statement"
    entry = labelled.sources.entries.get(source or "")
    if entry and entry.genre:
        return entry.genre
    return "article" if labelled.texts("standfirst") else "other"
