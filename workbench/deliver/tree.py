"""A page as a tree of elements: our pages close all of theirs, so that no rule of browsers has to be guessed."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


def tree_of(page: str) -> ET.Element:
    """The elements of a page, inside one named `page`; an end without a start is nothing."""
    parser = _Builder()
    parser.feed(page)
    parser.close()
    while parser.open:
        parser.builder.end(parser.open.pop())
    parser.builder.end("page")
    return parser.builder.close()


def written(element: ET.Element) -> str:
    """An element as HTML, without what follows it."""
    alone = ET.Element(element.tag, element.attrib)
    alone.text = element.text
    alone.extend(element)
    return ET.tostring(alone, encoding="unicode", method="html")


def first(root: ET.Element, kind: str) -> ET.Element | None:
    """The first element of a class; None when there is none."""
    return next((one for one in root.iter() if kind in kinds(one)), None)


def inside(element: ET.Element | None, tag: str) -> Iterator[ET.Element]:
    """The elements of a name inside another, which may be none."""
    return element.iter(tag) if element is not None else iter(())


def kinds(element: ET.Element) -> set[str]:
    """The classes of an element."""
    return set(element.get("class", "").split())


def said(element: ET.Element | None) -> str:
    """The text of an element in one line; "" when there is none."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = ET.TreeBuilder()
        self.builder.start("page", {})
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in _VOID:
            self.builder.end(tag)
        else:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag in self.open:
            last = self.open.pop()
            self.builder.end(last)
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        self.builder.data(data)
