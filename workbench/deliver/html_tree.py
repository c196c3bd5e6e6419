"""Read a finished page as a tree of elements, and mend links that lead nowhere outside the project.

A page as a tree of elements: our pages close all of theirs, so that no rule of browsers has to be guessed.

Links of a page that is taken elsewhere: one that would lead nowhere becomes words that say where it led.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


def parse_page(page: str) -> ET.Element:
    """The elements of a page, inside one named `page`; an end without a start is nothing."""
    parser = _Builder()
    parser.feed(page)
    parser.close()
    while parser.open:
        parser.builder.end(parser.open.pop())
    parser.builder.end("page")
    return parser.builder.close()


def to_html(element: ET.Element) -> str:
    """An element as HTML, without what follows it."""
    alone = ET.Element(element.tag, element.attrib)
    alone.text = element.text
    alone.extend(element)
    return ET.tostring(alone, encoding="unicode", method="html")


def first_of_class(root: ET.Element, kind: str) -> ET.Element | None:
    """The first element of a class; None when there is none."""
    return next((one for one in root.iter() if kind in classes_of(one)), None)


def descendants(element: ET.Element | None, tag: str) -> Iterator[ET.Element]:
    """The elements of a name inside another, which may be none."""
    return element.iter(tag) if element is not None else iter(())


def classes_of(element: ET.Element) -> set[str]:
    """The classes of an element."""
    return set(element.get("class", "").split())


def text_of(element: ET.Element | None) -> str:
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


# ---------------------------------------------------------------- links of a page that is taken elsewhere: one that would lead nowhere becomes words that say where it led

_ELSEWHERE = re.compile(r"#|//|[a-z][a-z0-9+.-]*:", re.I)  # within the page, or by its full address
_UP = "../"


def describe_path(path: str) -> str:
    """Where a file lies, seen from the report's own folder, in words."""
    owner = "this report's folder" if path.startswith(_UP) else "this report"
    return f"{path.replace(_UP, '')}, beside {owner}"


def path_describer(page: Path, project: Path) -> Callable[[str], str]:
    """Where a file lies, by its path from a page, in words: its path from the project's folder."""

    def place(path: str) -> str:
        lies = Path(os.path.normpath(page.parent / path))
        return f"{lies.relative_to(project).as_posix() if lies.is_relative_to(project) else lies.name} in the project"

    return place


def replace_dead_links(
    page: str, there: Callable[[str], bool] = lambda _: False, place: Callable[[str], str] = describe_path
) -> str:
    """The page with every relative link that does not lead anywhere as words: its own, and `place` of it in brackets.

    `there` says of a path, seen from the page's new folder, whether something is there. The rest is left as it is.
    """
    finder = _Links()
    finder.feed(page)
    finder.close()
    pieces, done = [], 0
    for start, end, inside, address in finder.found:
        path = unquote(address.partition("#")[0].partition("?")[0])
        if there(path):
            continue
        pieces += [page[done:start], inside, f" ({escape(place(path))})"]
        done = end
    return "".join([*pieces, page[done:]])


class _Links(HTMLParser):
    """Finds relative links: (start, end, what stands inside, address), places in the text that is fed at once."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, int, str, str]] = []
        self._open: tuple[int, int, str] | None = None
        self._page, self._lines = "", [0]

    def feed(self, data: str) -> None:
        self._page = data
        self._lines = [0, *(found.end() for found in re.finditer("\n", data))]
        super().feed(data)

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href") or ""
        if tag == "a" and address and not _ELSEWHERE.match(address):
            start = self._at()
            self._open = (start, start + len(self.get_starttag_text() or ""), address)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open is not None:
            start, inside, address = self._open
            at = self._at()
            self.found.append((start, self._page.index(">", at) + 1, self._page[inside:at], address))
            self._open = None
