"""Read archives: zip, tar, gz, bz2 and what is nested in them; each member is read as the file it is.

Members are unpacked one at a time, bounded by the `Budget` of the file in the folder. A member becomes a
document `archive.zip#inner/path.txt`. Names that lead out of the archive, links and devices are refused,
hidden files and what a Mac adds are passed over, as they are in a folder.
"""

from __future__ import annotations

import bz2
import gzip
import re
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO, Any, NamedTuple, cast

from workbench.errors import BadSettings, WorkbenchError
from workbench.read.decode import NotText
from workbench.read.formats import read_documents
from workbench.read.limits import MAX_MEMBERS, Refused
from workbench.read.source import (
    DAMAGED,
    MAX_NESTED,
    BudgetExceeded,
    ParsedDocument,
    SourceFile,
    UnreadPart,
    damaged,
)
from workbench.settings.metadata import FILE

ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
STREAMS: dict[bytes, Callable[[IO[bytes]], Any]] = {b"\x1f\x8b\x08": gzip.open, b"BZh": bz2.open}
XZ = b"\xfd7zXZ\x00"
# Zips that are one document: Word, PowerPoint, OpenDocument, EPUB.
DOCUMENTS = frozenset(("[Content_Types].xml", "mimetype", "META-INF/container.xml"))
# Bytes of a zip's directory, read at once: 46 and the name for each member, here 450 for its name and notes.
MAX_DIRECTORY = MAX_MEMBERS * 500
MAX_HEADER = 2**24  # bytes read at once for a long name in a tar; names end at 4,096, notes are a few kB
PROGRAMS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
UNREADABLE = (*DAMAGED, zipfile.BadZipFile, tarfile.TarError, struct.error, MemoryError, RecursionError)
_CRYPT = "unpack it by hand with its password, and put the files here"


class Member(NamedTuple):
    """A file in an archive; `problem` says why it is not to be opened."""

    name: str
    open: Callable[[], IO[bytes]]
    problem: str = ""
    hint: str = "unpack it by hand, if you trust it"


def holds(source: SourceFile) -> bool:
    """A packed stream, a tar, or a zip that is no office document."""
    head = source.head
    if head.startswith((*STREAMS, XZ)) or _is_tar(head):
        return True
    return head.startswith(ZIP) and DOCUMENTS.isdisjoint(zip_names(source))


def parts(source: SourceFile) -> Iterator[ParsedDocument | UnreadPart]:
    """Read the documents of all members, in the order of the archive."""
    head = source.head
    if source.depth >= MAX_NESTED:
        raise Refused(f"archives within archives, more than {MAX_NESTED} deep", "unpack it by hand")
    if head.startswith(XZ):
        raise Refused("it is packed with xz, which is not read", "unpack it by hand: xz -d")
    if head.startswith(tuple(STREAMS)):
        yield from _stream(source)
        return
    members = _zip(source) if head.startswith(ZIP) else _tar(source)
    yield from _members(source, members)


def zip_names(source: SourceFile) -> frozenset[str]:
    """The names in a zip; none when it is damaged."""
    try:
        with open_zip(source) as archive:
            return frozenset(archive.namelist())
    except Refused:
        return frozenset()


def open_zip(source: SourceFile) -> zipfile.ZipFile:
    """The zip, with a directory of a size that may be read. Raises Refused."""
    tail = min(source.size, MAX_DIRECTORY + 2**16)
    source.file.seek(source.size - tail)
    if source.file.read(tail).count(b"PK\x01\x02") > 2 * MAX_MEMBERS:
        raise Refused(f"more than {MAX_MEMBERS:,} files in one archive", "unpack it by hand, in parts")
    try:
        archive = zipfile.ZipFile(_Guarded(source.file, MAX_DIRECTORY))
    except UNREADABLE as error:
        raise damaged(error) from error
    return archive


class _Guarded:
    """A file that refuses to hand over very many bytes at once, as damaged headers ask for."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file, self._most = file, most
        self.seek, self.tell, self.seekable = file.seek, file.tell, lambda: True

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= self._most:
            before = self._file.tell()
            left = self._file.seek(0, 2) - before
            self._file.seek(before)
            if left > self._most and (size < 0 or size > self._most):
                raise OSError(f"a header of {size:,} bytes")
        return self._file.read(size)


def _stream(source: SourceFile) -> Iterator[ParsedDocument | UnreadPart]:
    """What one packed stream holds; its parts keep their names, since it adds none."""
    opened = next(open_ for mark, open_ in STREAMS.items() if source.head.startswith(mark))
    name = re.sub(r"\.(?:gz|bz2|bzip2)$", "", source.path.name, flags=re.IGNORECASE)
    name = re.sub(r"\.(?:tgz|tbz2?)$", ".tar", name, flags=re.IGNORECASE)
    source.file.seek(0)
    with cast(IO[bytes], opened(source.file)) as packed:
        inner = source.inside(name, packed)
    with inner.file:
        yield from read_documents(inner)


def _members(source: SourceFile, members: Iterator[Member]) -> Iterator[ParsedDocument | UnreadPart]:
    copies: dict[str, int] = {}
    try:
        for member in members:
            source.budget.member()
            if _is_passed_over(member.name):
                continue
            name = member.name.replace("#", "%23")
            copies[name] = copies.get(name, 0) + 1
            if copies[name] > 1:
                name += f" ({copies[name]})"
            if problem := member.problem or _leads_out(member.name):
                yield UnreadPart(name, problem, member.hint)
            else:
                yield from _member(source, name, member)
    except UNREADABLE as error:
        if isinstance(error, NotText):
            raise
        raise damaged(error) from error


def _member(source: SourceFile, name: str, member: Member) -> Iterator[ParsedDocument | UnreadPart]:
    """The documents of one member; that it cannot be read is told, and the others follow."""
    try:
        try:
            with member.open() as packed:
                inner = source.inside(member.name, packed)
        except UNREADABLE as error:
            raise error if isinstance(error, NotText) else damaged(error) from error
        with inner.file:
            for document in read_documents(inner):
                yield document._replace(part=f"{name}#{document.part}" if document.part else name)
    except (BudgetExceeded, BadSettings):
        raise
    except NotText as error:
        yield UnreadPart(name, str(error), getattr(error, "hint", "leave it out of the archive"))
    except WorkbenchError as error:
        yield UnreadPart(name, error.problem, error.hint)
    except Exception as error:  # a fault of ours in one member must not take the others with it
        yield UnreadPart(
            name, f"the workbench failed on it: {type(error).__name__}: {error}", "report this with the file"
        )


def _zip(source: SourceFile) -> Iterator[Member]:
    with open_zip(source) as archive:
        for info in archive.infolist():
            if not info.is_dir():
                yield Member(info.filename, lambda info=info: archive.open(info), *_of_zip(info))  # type: ignore[misc]


def _of_zip(info: zipfile.ZipInfo) -> tuple[str, ...]:
    """Why a member of a zip is not opened, with a hint; nothing when it is."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) and info.create_system == 3:
        return ("it is a link or a device",)
    if info.flag_bits & 1:
        return "it is locked with a password", _CRYPT
    if info.compress_type not in PROGRAMS:
        return (f"it is packed in a way that few programs use (method {info.compress_type})",)
    return ()


def _tar(source: SourceFile) -> Iterator[Member]:
    source.file.seek(0)
    with tarfile.open(fileobj=_Guarded(source.file, MAX_HEADER), mode="r:") as archive:  # type: ignore[call-overload]
        for info in archive:
            if not info.isdir():
                problem = () if info.isfile() else ("it is a link or a device",)
                yield Member(info.name, lambda info=info: archive.extractfile(info), *problem)  # type: ignore[misc]


def _is_tar(head: bytes) -> bool:
    """The mark of a tar, or, for the oldest kind, the sum of the bytes of its first header."""
    if head[257:262] == b"ustar":
        return True
    try:
        stated = int(head[148:156].strip(b" \0"), 8)
    except ValueError:
        return False
    return len(head) >= 512 and stated == sum(head[:148]) + 8 * 32 + sum(head[156:512]) > 8 * 32


def _leads_out(name: str) -> str:
    """Why a member's name is refused: it would be written outside the folder it is unpacked in."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or re.match(r"[A-Za-z]:", name):
        return "its name is an absolute path"
    if ".." in path.parts:
        return "its name leads out of the archive"
    return ""


def _is_passed_over(name: str) -> bool:
    """Hidden files, what a Mac adds, README files and settings, which are no documents in a folder either."""
    steps = name.replace("\\", "/").split("/")
    last_step = steps[-1].lower()
    hidden = any((step.startswith(".") and step not in (".", "..")) or step == "__MACOSX" for step in steps)
    return hidden or last_step.startswith(("readme", "~$")) or last_step in ("", FILE)
