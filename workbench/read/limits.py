"""Limit what a file may cost: bounds on unpacking, on XML and on time, with the reason of each.

A refusal here is `Refused`: a `NotText` that carries its own hint. `read` turns it into UnreadableFile.
"""

from __future__ import annotations

import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from importlib.util import find_spec
from typing import IO, Any

from workbench.read.decode import NotText

MAX_MEMBERS = 50_000  # files in one archive; the largest press corpora ship 10 to 20 thousand a zip
MAX_MEMBER = 256 * 2**20  # bytes of one unpacked member: a mailbox of ten years; a book's XML is below 10 MB
MAX_TOTAL = 2**30  # bytes that one archive may unpack to in all: a year of a daily paper is about 0.2 GB
# A repetitive table in XML packs 60 to 1, spreadsheets up to 150 to 1, a bomb 1,000 to 1 (the most that
# deflate can do). Below MIN_SUSPECT bytes the ratio says nothing and harms nothing.
MAX_RATIO = 300
MIN_SUSPECT = 2**20
MAX_XML = 32 * 2**20  # bytes of one XML part, read into a tree of up to 0.6 GB; 3,000 pages of Word
MAX_DEPTH = 256  # nesting of XML and MIME parts; libxml2's own bound for XML, ten times any real document
_CHUNK = 2**18

INSTALL = "pip install 'analyst-workbench[files]'"


class Refused(NotText):
    """A file that is not read, with the hint: what the analyst can do about it."""

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.hint = hint


def require(module: str, what: str) -> None:
    """Refuse `what` ("PDF files") with the line that installs its library, when `module` is missing."""
    if find_spec(module) is None:
        raise Refused(f"{what} cannot be read: {module} is not installed", f"run: {INSTALL}")


class Zip:
    """The members of a zip archive, unpacked one at a time within one common bound.

    `names` are the files in the order of the archive: no folders, no links. Bytes are counted as they
    unpack, not as the archive states them.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left = MAX_TOTAL
        self._members = {
            info.filename: info for info in archive.infolist() if not info.is_dir() and not _is_link(info)
        }
        self.names = tuple(self._members)

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def read(self, name: str, most: int = MAX_MEMBER) -> bytes:
        """The bytes of a member. Raises Refused when it is locked, damaged, too large or a bomb."""
        info = self._members[name]
        if info.flag_bits & 1:
            raise Refused(
                f"`{name}` in it is locked with a password", "unpack it by hand and put the files here"
            )
        try:
            with self._archive.open(info) as stream:
                raw = read_bounded(stream, min(most, self._left), f"`{name}`", packed=info.compress_size)
        except (
            zipfile.BadZipFile,
            zlib.error,
            lzma.LZMAError,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise Refused(
                f"`{name}` in it is damaged ({error})", "download it again, or unpack it by hand"
            ) from error
        self._left -= len(raw)
        return raw


def _is_link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)


def open_zip(raw: bytes) -> Zip:
    """Open the zip archive in `raw`. Raises Refused when it is damaged or has more than MAX_MEMBERS members."""
    if raw.count(b"PK\x01\x02") > 2 * MAX_MEMBERS:  # before the directory is read into objects
        raise Refused(f"more than {MAX_MEMBERS:,} files in one archive", "unpack it by hand, in parts")
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeError, EOFError) as error:
        raise Refused(f"the zip archive is damaged ({error})", "download it again") from error
    if len(archive.infolist()) > MAX_MEMBERS:
        raise Refused(f"more than {MAX_MEMBERS:,} files in one archive", "unpack it by hand, in parts")
    return Zip(archive)


def read_bounded(stream: IO[bytes], most: int, what: str, *, packed: int) -> bytes:
    """Read all of an unpacking `stream` of `packed` bytes, chunk by chunk.

    Raises Refused beyond `most` bytes, or beyond MAX_RATIO times `packed` from MIN_SUSPECT bytes on.
    """
    parts, size = [], 0
    while chunk := stream.read(_CHUNK):
        parts.append(chunk)
        size += len(chunk)
        if size > MIN_SUSPECT and size > MAX_RATIO * max(packed, 1):
            raise Refused(
                f"{what} unpacks to more than {MAX_RATIO} times its size (a zip bomb)",
                "leave it out, or ask its sender for the text",
            )
        if size > most:
            raise Refused(f"{what} unpacks to more than {most:,} bytes", "split it, or unpack it by hand")
    return b"".join(parts)


def parse_xml(raw: bytes, what: str) -> Any:
    """Parse an XML part: its root element, with no entity, no document type and no network.

    Raises Refused for XML that is broken, nested deeper than MAX_DEPTH, larger than MAX_XML, or that
    declares entities.
    """
    from lxml import etree  # type: ignore[import-untyped]

    if len(raw) > MAX_XML:
        raise Refused(f"{what} has more than {MAX_XML:,} bytes of XML", "save it in parts")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(raw, parser)
    except (etree.LxmlError, ValueError) as error:
        if "entity" in str(error).lower() and b"<!ENTITY" in raw[:MIN_SUSPECT]:
            raise _entities(what) from error
        raise Refused(f"{what} is damaged ({_first(error)})", "open it, and save it again") from error
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise _entities(what)
    return root


def _entities(what: str) -> Refused:
    return Refused(f"{what} declares XML entities, as no such document does", "open it, and save it again")


def _first(error: BaseException) -> str:
    return str(error).split("\n", 1)[0][:120] or type(error).__name__


def elements(root: Any) -> Iterator[tuple[str, Any]]:
    """Start and end of each element below `root` in order, as ("start" | "end", element); no recursion."""
    from lxml import etree

    yield from etree.iterwalk(root, events=("start", "end"))
