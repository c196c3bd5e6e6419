"""Links of a page that is taken elsewhere: one that would lead nowhere becomes words that say where it led."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

_ELSEWHERE = re.compile(r"#|//|[a-z][a-z0-9+.-]*:", re.I)  # within the page, or by its full address
_UP = "../"


def beside(path: str) -> str:
    """Where a file lies, seen from the report's own folder, in words."""
    owner = "this report's folder" if path.startswith(_UP) else "this report"
    return f"{path.replace(_UP, '')}, beside {owner}"


def in_project(page: Path, project: Path) -> Callable[[str], str]:
    """Where a file lies, by its path from a page, in words: its path from the project's folder."""

    def place(path: str) -> str:
        lies = Path(os.path.normpath(page.parent / path))
        return f"{lies.relative_to(project).as_posix() if lies.is_relative_to(project) else lies.name} in the project"

    return place


def portable(
    page: str, there: Callable[[str], bool] = lambda _: False, place: Callable[[str], str] = beside
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
