"""Register the file formats: the one place that names the reader of each.

To add a file format, write a module of this package and add its name to FORMATS (or CONTAINERS), with a test.
A reader is a module with two functions:

    guess(raw: bytes, path: Path) -> bool          from the content first, from the name when that is silent
    parse(raw: bytes) -> Iterable[ParsedDocument]    one for each document in the file

The readers are asked in the order of FORMATS; the last one takes every text. A module is imported when it is first needed.

A container that may be too large for memory (a table, an archive) has `holds` and `parts` instead, which
take an open `SourceFile`; containers are asked first. A part that cannot be read is yielded as `UnreadPart`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, cast

from workbench.read.press import split_press_export
from workbench.read.source import ParsedDocument, SourceFile, UnreadPart


class Reader(Protocol):
    """A module that reads one format."""

    __name__: str

    def guess(self, raw: bytes, path: Path) -> bool:
        """Whether the file is of this format."""

    def parse(self, raw: bytes) -> Iterable[ParsedDocument]:
        """The documents in the file. Raises decode.NotText."""


class ContainerReader(Protocol):
    """A module that reads a file part by part."""

    def holds(self, source: SourceFile) -> bool:
        """Whether the file is of this format."""

    def parts(self, source: SourceFile) -> Iterator[ParsedDocument | UnreadPart]:
        """The documents in the file, one at a time. Raises decode.NotText."""


CONTAINERS = ("archives.warc", "mail.mbox", "tables.reader", "archives.archive")
FORMATS = (
    "pdf.reader", "office.docx", "office.odt", "office.rtf", "mail.mhtml", "mail.message", "web.html", "markdown", "text",
)  # fmt: skip
WITH_CHARSET = "web.html"  # its `parse` takes the encoding that a server stated beside the file


@cache  # importing what is imported costs a microsecond, and a file asks a dozen modules
def _module(name: str) -> ModuleType:
    return import_module(f"workbench.read.{name}")


def choose_reader(raw: bytes, path: Path) -> Reader:
    """The first format that recognises the file."""
    for name in FORMATS:
        module = cast(Reader, _module(name))
        if module.guess(raw, path):
            return module
    raise AssertionError("the last format takes every file")


def read_documents(source: SourceFile) -> Iterator[ParsedDocument | UnreadPart]:
    """The documents of a file of any format, one at a time, each with its `part` filled where it needs one.

    Raises decode.NotText, with what was read until then already yielded.
    """
    for name in CONTAINERS:
        container = cast(ContainerReader, _module(name))
        if container.holds(source):
            yield from container.parts(source)
            return
    raw = source.whole()
    reader: Any = choose_reader(raw, source.path)
    takes_charset = source.charset and reader.__name__ == f"workbench.read.{WITH_CHARSET}"
    parsed = reader.parse(raw, source.charset) if takes_charset else reader.parse(raw)
    yield from _numbered(split_press_export(parsed))


def _numbered(documents: Iterable[ParsedDocument]) -> Iterator[ParsedDocument]:
    """The documents with their number as `part`, unless there is only one."""
    parts = iter(documents)
    document, number = next(parts, None), 0
    while document is not None:
        number += 1
        try:
            following = next(parts, None)
        except ValueError:
            yield document._replace(part=document.part or str(number))
            raise
        alone = number == 1 and following is None
        yield document if alone else document._replace(part=document.part or str(number))
        document = following
