"""File to documents: one file a format, found by content; the only door to the parsers of formats.

    for document in read(path, root): ...

To add a format, add a module with `guess` and `parse` (see `formats.py`) and name it there.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from workbench.errors import UnreadableFile
from workbench.read import formats
from workbench.read.decode import NotText
from workbench.schema import Document, Problem
from workbench.settings import metadata

__all__ = ["find_files", "read", "stale_metadata"]


def find_files(root: Path) -> list[Path]:
    """The files below `root` that may hold documents, sorted by their path.

    Left out: hidden files and folders, README files, `metadata.toml`. A link that leads out of `root`
    or back into it is not followed. A `root` that is a file is its own list.
    """
    if root.is_file():
        return [root]
    found: list[Path] = []
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(folder, name) for name in names if _is_document(name)]
    return sorted(found, key=lambda path: path.relative_to(root).as_posix())


def _is_document(name: str) -> bool:
    return (
        not name.startswith((".", "~$")) and not name.lower().startswith("readme") and name != metadata.FILE
    )


def read(path: Path, root: Path) -> Iterator[Document]:
    """The documents of the file `path`; their ids are its path below `root`, with #n inside a container.

    What `metadata.toml` beside the file says of it stands above everything the file says of itself.
    Raises UnreadableFile with the mend for a file that is empty, locked, binary or damaged.
    """
    place = doc_path(path, root)
    raw = _bytes(path)
    try:
        parsed = list(formats.choose(raw, path).parse(raw))
    except NotText as error:
        raise UnreadableFile(
            path,
            problem=str(error),
            mend=getattr(error, "mend", "save it as text, or leave it out of the folder"),
        ) from error
    if not any(part.text.strip() for part in parsed):
        raise UnreadableFile(
            path, problem="the file holds no text", mend="save the page again, with its text"
        )
    digest = hashlib.sha256(raw).hexdigest()
    said = metadata.for_file(path, root)
    for number, part in enumerate(parsed, start=1):
        document = Document(
            doc_id=place if len(parsed) == 1 else f"{place}#{number}",
            path=place,
            text=part.text,
            sha256=digest,
            known=MappingProxyType(dict(part.known)),
            repairs=part.repairs,
            hints=MappingProxyType(dict(part.hints)),
        )
        yield replace(document, known=MappingProxyType({**part.known, **said})) if said else document


def doc_path(path: Path, root: Path) -> str:
    """The posix path of `path` below `root`; its name where it does not lie below it.

    Bytes of a name that are not UTF-8 are shown as U+FFFD, so that every table can hold it.
    """
    try:
        below = path.relative_to(root).as_posix()
    except ValueError:
        below = path.name
    shown = path.name if below == "." else below
    return shown.encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")


def _bytes(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
    except PermissionError as error:
        raise UnreadableFile(
            path, problem="no permission to read it", mend=f"allow reading: chmod u+r '{path}'"
        ) from error
    except OSError as error:
        raise UnreadableFile(
            path, problem=f"cannot be read ({error.strerror})", mend="copy the file here again"
        ) from error
    if not raw.strip():
        raise UnreadableFile(path, problem="the file is empty", mend="download it again, or remove it")
    return raw


def stale_metadata(root: Path, files: Sequence[Path]) -> list[Problem]:
    """What the `metadata.toml` files below `root` say of files that are not among `files`."""
    return metadata.stale(root, files)
