"""The formats that can be read. A format is a module with two functions:

    guess(raw: bytes, path: Path) -> bool      from the content first, from the name when that is silent
    parse(raw: bytes) -> Iterable[Parsed]      one for each document in the file

They are asked in the order below; the last one takes every text. Modules are imported when first needed.

A container that may be too large for memory (a table, an archive) has `holds` and `parts` instead, which
take an open `Source`; containers are asked first. One part that cannot be read is yielded as `Unread`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

if TYPE_CHECKING:
    from workbench.read.source import Source


class Parsed(NamedTuple):
    """One document of a file: text, what its container states about it, repairs, line hints.

    The columns mean what they mean in `schema.Document`. `part` is its place in the file, such as a row
    or a member; where it is empty and the file holds several documents, they are numbered.
    `attributes` are the cells of a table's columns that are none of ours.
    """

    text: str
    known: Mapping[str, str]
    repairs: tuple[str, ...]
    hints: Mapping[int, str]
    part: str = ""
    attributes: Mapping[str, str] = MappingProxyType({})


class Unread(NamedTuple):
    """A part of a container that was refused (or is doubtful), with its hint; the other parts are read."""

    part: str
    problem: str
    hint: str
    severity: str = "refused"


class Format(Protocol):
    """A module of this room that reads one format."""

    __name__: str

    def guess(self, raw: bytes, path: Path) -> bool:
        """Whether the file is of this format."""

    def parse(self, raw: bytes) -> Iterable[Parsed]:
        """The documents in the file. Raises decode.NotText."""


class Container(Protocol):
    """A module of this room that reads a file part by part."""

    def holds(self, source: Source) -> bool:
        """Whether the file is of this format."""

    def parts(self, source: Source) -> Iterator[Parsed | Unread]:
        """The documents in the file, one at a time. Raises decode.NotText."""


CONTAINERS = ("archives.warc", "mail.mbox", "tables.reader", "archives.archive")
FORMATS = (
    "pdf.reader", "office.docx", "office.odt", "office.rtf", "web.mhtml", "mail.eml", "web.html", "markdown", "txt",
)  # fmt: skip


@cache  # importing what is imported costs a microsecond, and a file asks a dozen modules
def _module(name: str) -> ModuleType:
    return import_module(f"workbench.read.{name}")


def choose(raw: bytes, path: Path) -> Format:
    """The first format that recognises the file."""
    for name in FORMATS:
        module = cast(Format, _module(name))
        if module.guess(raw, path):
            return module
    raise AssertionError("the last format takes every file")


def documents(source: Source) -> Iterator[Parsed | Unread]:
    """The documents of a file of any format, one at a time, each with its `part` filled where it needs one.

    Raises decode.NotText, with what was read until then already yielded.
    """
    for name in CONTAINERS:
        container = cast(Container, _module(name))
        if container.holds(source):
            yield from container.parts(source)
            return
    raw = source.whole()
    from workbench.read.press import articles

    chosen = choose(raw, source.path)
    if source.charset and chosen.__name__.endswith(".html"):
        from workbench.read.web import html

        yield from _numbered(articles(html.parse(raw, source.charset)))
        return
    yield from _numbered(articles(chosen.parse(raw)))


def _numbered(found: Iterable[Parsed]) -> Iterator[Parsed]:
    """The documents with their number as `part`, unless there is only one."""
    parts = iter(found)
    before, number = next(parts, None), 0
    while before is not None:
        number += 1
        try:
            after = next(parts, None)
        except ValueError:
            yield before._replace(part=before.part or str(number))
            raise
        alone = number == 1 and after is None
        yield before if alone else before._replace(part=before.part or str(number))
        before = after
