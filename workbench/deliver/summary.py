"""What a mail says of a report, read from its page: key figures, drawings with their readings, what changed.

The page is read as a tree, once: it is what the report says, whichever notebooks it was made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.deliver.html_tree import classes_of, descendants, first_of_class, parse_page, text_of, to_html

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

_APART = frozenset("nav header footer details script style".split())  # not the report's own course
_HEADING = re.compile(r"h[2-6]\Z")
# A sentence ends at a full stop after a word, a number or a bracket, not after "Mr", "Gen" or an initial.
_END = re.compile(r"(?<=[a-z\d\])%”\"][.!?])(?<!\b[A-Z][a-z]\.)(?<!\b[A-Z][a-z]{2}\.)\s+(?=[A-Z“\"\d])")


@dataclass(frozen=True)
class KeyFigure:
    """A key figure: what it is, its value as printed, and its sentence, in which its interval stands."""

    what: str
    value: str
    sentence: str = ""


@dataclass(frozen=True)
class ReportFigure:
    """A figure of a page: the heading of its section, the first sentence of its reading, what it shows in words.

    `source` is its SVG, or the address (`data:`) of an image that stands in the page.
    """

    heading: str
    alt: str
    source: str
    reading: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Chapter:
    """A notebook's part of a report; `title` is "" where the report has one part alone."""

    title: str
    keys: tuple[KeyFigure, ...] = ()
    drawings: tuple[ReportFigure, ...] = ()


@dataclass(frozen=True)
class ReportSummary:
    """A page in short. `notices` say why it is to be read with care, `since` what changed, in one sentence."""

    title: str
    facts: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    since: str = ""
    chapters: tuple[Chapter, ...] = ()
    command: str = ""


def summarize_report(page: str) -> ReportSummary:
    """The digest of a report's page; what a page does not have is empty."""
    root = parse_page(page)
    main = first_of_class(root, "wb-page")
    reader = _Reader()
    if main is not None:
        reader.walk(main)
    return ReportSummary(
        title=text_of(next(root.iter("h1"), None)),
        facts=tuple(text_of(one) for one in descendants(first_of_class(root, "wb-facts"), "span")),
        notices=tuple(text_of(one) for one in descendants(first_of_class(root, "wb-degraded"), "li")),
        since=_since(root),
        chapters=tuple(one for one in reader.chapters if one.keys or one.drawings),
        command=text_of(next(descendants(first_of_class(root, "wb-stamp"), "code"), None)),
    )


def leading_figures(chapters: Sequence[Chapter], most: int) -> list[ReportFigure]:
    """At most so many drawings: the first of each chapter, then the second; one of each section before others."""
    rows = []
    for chapter in chapters:
        known: dict[str, int] = {}
        ranks = []
        for drawing in chapter.drawings:
            known[drawing.heading] = known.get(drawing.heading, -1) + 1
            ranks.append(known[drawing.heading])
        rows.append(
            sorted(zip(ranks, range(len(ranks)), chapter.drawings, strict=True), key=lambda one: one[:2])
        )
    found = [row[k][2] for k in range(max(map(len, rows), default=0)) for row in rows if k < len(row)]
    chosen = {id(drawing) for drawing in found[:most]}
    return [drawing for chapter in chapters for drawing in chapter.drawings if id(drawing) in chosen]


def first_sentence(words: str) -> str:
    """The first sentence of a reading.

    >>> first_sentence("TASS has 3.1 per 1,000 [2–5]. Too few to tell.")
    'TASS has 3.1 per 1,000 [2–5].'
    """
    return _END.split(words.strip(), maxsplit=1)[0]


# ---------------------------------------------------------------- reading


class _Reader:
    """Goes through a page in its order."""

    def __init__(self) -> None:
        self.chapters: list[Chapter] = [Chapter("")]
        self.heading = ""

    def walk(self, element: ET.Element) -> None:
        """Take what stands inside an element."""
        for child in element:
            if child.tag not in _APART and not classes_of(child) & {"wb-appendix", "wb-changes", "wb-error"}:
                self._take(child)

    def _take(self, child: ET.Element) -> None:
        if "wb-chapter" in classes_of(child):
            self.chapters.append(Chapter(text_of(next(child.iter("h2"), None))))
            self.heading = ""
            self.walk(child)
        elif _HEADING.match(child.tag):
            self.heading = text_of(child)
        elif "wb-keys" in classes_of(child):
            self._add(keys=(*self.chapters[-1].keys, *_keys(child)))
        elif "wb-reading" in classes_of(child):
            self._read(text_of(child))
        elif child.tag in ("figure", "svg", "img"):
            self._draw(child)
        elif child.tag != "table":
            self.walk(child)

    def _add(self, **parts: tuple[KeyFigure, ...] | tuple[ReportFigure, ...]) -> None:
        self.chapters[-1] = replace(self.chapters[-1], **parts)  # type: ignore[arg-type]

    def _draw(self, element: ET.Element) -> None:
        drawing = _drawing(element, self.heading or self.chapters[-1].title)
        if drawing is not None:
            self._add(drawings=(*self.chapters[-1].drawings, drawing))

    def _read(self, words: str) -> None:
        """The reading belongs to the drawing before it, in the same section."""
        drawings = self.chapters[-1].drawings
        if drawings and not drawings[-1].reading and drawings[-1].heading == self.heading:
            self._add(drawings=(*drawings[:-1], replace(drawings[-1], reading=first_sentence(words))))


def _drawing(element: ET.Element, heading: str) -> ReportFigure | None:
    svg, image = next(element.iter("svg"), None), next(element.iter("img"), None)
    caption = text_of(next(element.iter("figcaption"), None))
    if svg is not None:
        return ReportFigure(heading, svg.get("aria-label", ""), to_html(svg), caption=caption)
    if image is not None and image.get("src", "").startswith("data:image/"):
        return ReportFigure(heading, image.get("alt", ""), image.get("src", ""), caption=caption)
    return None


def _keys(element: ET.Element) -> Iterator[KeyFigure]:
    for one in element:
        parts = [text_of(next(one.iter(tag), None)) for tag in ("dt", "b", "span")]
        if parts[0] and parts[1]:
            yield KeyFigure(*parts)


def _since(root: ET.Element) -> str:
    changes = first_of_class(root, "wb-changes")
    if changes is None:
        return ""
    return text_of(next(changes.iter("h2"), None)) or (text_of(changes) if changes.tag == "p" else "")
