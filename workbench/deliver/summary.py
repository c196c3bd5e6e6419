"""What a mail says of a report, read from its page: key figures, drawings with their readings, what changed.

The page is read as a tree, once: it is what the report says, whichever notebooks it was made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.deliver.html_tree import first, inside, kinds, said, tree_of, written

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

_APART = frozenset("nav header footer details script style".split())  # not the report's own course
_HEADING = re.compile(r"h[2-6]\Z")
# A sentence ends at a full stop after a word, a number or a bracket, not after "Mr", "Gen" or an initial.
_END = re.compile(r"(?<=[a-z\d\])%”\"][.!?])(?<!\b[A-Z][a-z]\.)(?<!\b[A-Z][a-z]{2}\.)\s+(?=[A-Z“\"\d])")


@dataclass(frozen=True)
class Key:
    """A key figure: what it is, its value as printed, and its sentence, in which its interval stands."""

    what: str
    value: str
    sentence: str = ""


@dataclass(frozen=True)
class Drawing:
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
    keys: tuple[Key, ...] = ()
    drawings: tuple[Drawing, ...] = ()


@dataclass(frozen=True)
class ReportSummary:
    """A page in short. `notices` say why it is to be read with care, `since` what changed, in one sentence."""

    title: str
    facts: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    since: str = ""
    chapters: tuple[Chapter, ...] = ()
    command: str = ""


def digest_of(page: str) -> ReportSummary:
    """The digest of a report's page; what a page does not have is empty."""
    root = tree_of(page)
    main = first(root, "wb-page")
    reader = _Reader()
    if main is not None:
        reader.walk(main)
    return ReportSummary(
        title=said(next(root.iter("h1"), None)),
        facts=tuple(said(one) for one in inside(first(root, "wb-facts"), "span")),
        notices=tuple(said(one) for one in inside(first(root, "wb-degraded"), "li")),
        since=_since(root),
        chapters=tuple(one for one in reader.chapters if one.keys or one.drawings),
        command=said(next(inside(first(root, "wb-stamp"), "code"), None)),
    )


def in_turn(chapters: Sequence[Chapter], most: int) -> list[Drawing]:
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
            if child.tag not in _APART and not kinds(child) & {"wb-appendix", "wb-changes", "wb-error"}:
                self._take(child)

    def _take(self, child: ET.Element) -> None:
        if "wb-chapter" in kinds(child):
            self.chapters.append(Chapter(said(next(child.iter("h2"), None))))
            self.heading = ""
            self.walk(child)
        elif _HEADING.match(child.tag):
            self.heading = said(child)
        elif "wb-keys" in kinds(child):
            self._add(keys=(*self.chapters[-1].keys, *_keys(child)))
        elif "wb-reading" in kinds(child):
            self._read(said(child))
        elif child.tag in ("figure", "svg", "img"):
            self._draw(child)
        elif child.tag != "table":
            self.walk(child)

    def _add(self, **parts: tuple[Key, ...] | tuple[Drawing, ...]) -> None:
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


def _drawing(element: ET.Element, heading: str) -> Drawing | None:
    svg, image = next(element.iter("svg"), None), next(element.iter("img"), None)
    caption = said(next(element.iter("figcaption"), None))
    if svg is not None:
        return Drawing(heading, svg.get("aria-label", ""), written(svg), caption=caption)
    if image is not None and image.get("src", "").startswith("data:image/"):
        return Drawing(heading, image.get("alt", ""), image.get("src", ""), caption=caption)
    return None


def _keys(element: ET.Element) -> Iterator[Key]:
    for one in element:
        parts = [said(next(one.iter(tag), None)) for tag in ("dt", "b", "span")]
        if parts[0] and parts[1]:
            yield Key(*parts)


def _since(root: ET.Element) -> str:
    changes = first(root, "wb-changes")
    if changes is None:
        return ""
    return said(next(changes.iter("h2"), None)) or (said(changes) if changes.tag == "p" else "")
