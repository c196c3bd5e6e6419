"""The input and the output of every reader: an open file with its unpacking budget, and the documents read from it."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import IO, NamedTuple

from workbench.read.decode import NotText, decode
from workbench.read.limits import MAX_MEMBER, MAX_MEMBERS, MAX_RATIO, Refused

HEAD = 65_536  # bytes that tell a format: the longest XML prologue, comment and script seen before a page
OPENING = 8_192  # bytes of it that tell a table of text from prose
MAX_NESTED = 5  # archives within archives; a mailed zip of tar.gz is 3, the known quines never end
# A million articles are 4 GB. A bomb of any size is stopped here after a minute or two of unpacking.
MAX_UNPACKED = 16 * 2**30
MIN_UNPACKED = 100 * 2**20  # what any archive may unpack to, however small: a second of work
IN_MEMORY = 8 * 2**20  # a larger member waits on disk, so that an archive of large tables needs no memory
_CHUNK = 2**18
DAMAGED = (zlib.error, EOFError, OSError, ValueError, RuntimeError, LookupError, OverflowError)


class ParsedDocument(NamedTuple):
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


class UnreadPart(NamedTuple):
    """A part of a container that was refused (or is doubtful), with its hint; the other parts are read."""

    part: str
    problem: str
    hint: str
    severity: str = "refused"


class Budget:
    """What one file may ask of us in all, archives within it included."""

    def __init__(self, packed: int) -> None:
        self._bytes = min(MAX_UNPACKED, max(MIN_UNPACKED, MAX_RATIO * packed))
        self._members = MAX_MEMBERS
        self.most = self._bytes

    def unpack(self, size: int) -> None:
        """Count bytes that were unpacked; raise Spent when there are too many."""
        self._bytes -= size
        if self._bytes < 0:
            raise BudgetExceeded(
                f"it unpacks to more than {self.most:,} bytes (a zip bomb, or very many pages)",
                "unpack it by hand, in parts",
            )

    def member(self) -> None:
        """Count a member; raise Spent when there are too many."""
        self._members -= 1
        if self._members < 0:
            raise BudgetExceeded(
                f"more than {MAX_MEMBERS:,} files in one archive", "unpack it by hand, in parts"
            )


class BudgetExceeded(Refused):
    """The budget of the whole file is spent: nothing more is read of it."""


@dataclass
class SourceFile:
    """An open, seekable file with the name it goes by; `outer` is the file in the folder that holds it.

    `columns` is what the analyst says of the columns of tables in it: our name -> theirs; `charset` is
    the encoding that a server stated beside the file, empty where none did.
    """

    file: IO[bytes]
    path: Path
    outer: Path
    size: int
    budget: Budget
    columns: Mapping[str, str] = field(default_factory=dict)
    depth: int = 0
    charset: str = ""

    @cached_property
    def head(self) -> bytes:
        """The first HEAD bytes."""
        self.file.seek(0)
        return self.file.read(HEAD)

    @cached_property
    def opening(self) -> str:
        """The first OPENING bytes as text; empty when they are none."""
        try:
            return decode(self.head[:OPENING]).text
        except NotText:
            return ""

    def whole(self) -> bytes:
        """All bytes. Raises Refused for more than MAX_MEMBER, and for white space only."""
        if self.size > MAX_MEMBER:
            raise Refused(f"the file has more than {MAX_MEMBER:,} bytes", "split it into one file a document")
        raw = self.head
        if len(raw) == HEAD:  # there may be more
            self.file.seek(0)
            raw = self.file.read(MAX_MEMBER + 1)
        if not raw or raw.isspace():
            raise Refused("the file is empty", "download it again, or remove it")
        return raw

    def inside(self, name: str, packed: IO[bytes]) -> SourceFile:
        """A member as a source of its own, unpacked within the budget; close its `file` after use.

        Raises Refused when it is damaged, Spent when the budget is.
        """
        unpacked: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the caller closes it
        try:
            while chunk := packed.read(_CHUNK):
                self.budget.unpack(len(chunk))
                unpacked.write(chunk)
        except DAMAGED as error:
            unpacked.close()
            if isinstance(error, Refused):
                raise
            raise damaged(error) from error
        return SourceFile(
            unpacked, Path(name), self.outer, unpacked.tell(), self.budget, self.columns, self.depth + 1
        )


def damaged(error: BaseException) -> Refused:
    """The refusal for what its library cannot unpack."""
    reason = (str(error) or type(error).__name__).split("\n", 1)[0][:120]
    return Refused(f"it is damaged ({reason})", "download it again, or unpack it by hand")


def open_source(path: Path, file: IO[bytes], size: int, columns: Mapping[str, str]) -> SourceFile:
    """The source for a file in the folder."""
    return SourceFile(file, path, path, size, Budget(size), columns)
