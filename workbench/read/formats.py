"""The formats that can be read. A format is a module with two functions:

    guess(raw: bytes, path: Path) -> bool      from the content first, from the name when that is silent
    parse(raw: bytes) -> Iterable[Parsed]      one for each document in the file

They are asked in the order below; the last one takes every text. Modules are imported when first needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, Protocol, cast


class Parsed(NamedTuple):
    """One document of a file: text, what its container states about it, repairs, line hints.

    The columns mean what they mean in `schema.Document`.
    """

    text: str
    known: Mapping[str, str]
    repairs: tuple[str, ...]
    hints: Mapping[int, str]


class Format(Protocol):
    """A module of this room that reads one format."""

    def guess(self, raw: bytes, path: Path) -> bool:
        """Whether the file is of this format."""

    def parse(self, raw: bytes) -> Iterable[Parsed]:
        """The documents in the file. Raises decode.NotText."""


NAMES = ("html", "markdown", "txt")


def choose(raw: bytes, path: Path) -> Format:
    """The first format that recognises the file."""
    for name in NAMES:
        module = cast(Format, import_module(f"workbench.read.{name}"))
        if module.guess(raw, path):
            return module
    raise AssertionError("the last format takes every file")
