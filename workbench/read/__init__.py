"""Read documents from files of any format: web pages, PDF, office files, mail, tables, archives, press exports.

    for document in read(path, root): ...

The format is found by the content of the file. To add a file format, see `formats.py`.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import IO

from workbench.errors import UnreadableFile
from workbench.read import formats
from workbench.read.decode import NotText
from workbench.read.limits import Refused
from workbench.read.source import ParsedDocument, SourceFile, UnreadPart, open_source
from workbench.read.tables.columns import MAX_TEXT
from workbench.schema import Document, Problem
from workbench.settings import fetch_manifest, metadata

__all__ = ["find_files", "metadata_problems", "read"]

_CHUNK = 2**18  # bytes read at once


def find_files(root: Path) -> list[Path]:
    """Find the files below `root` that may hold documents, sorted by their path.

    Left out: hidden files and folders, README files, `metadata.toml`, `fetched.jsonl`. A link that leads
    out of `root` or back into it is not followed. A `root` that is a file is its own list.
    """
    if root.is_file():
        return [root]
    paths: list[Path] = []
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths += [Path(folder, name) for name in names if _is_document(name)]
    return sorted(paths, key=lambda path: path.relative_to(root).as_posix())


def _is_document(name: str) -> bool:
    return (
        not name.startswith((".", "~$"))
        and not name.lower().startswith("readme")
        and name not in (metadata.FILE, fetch_manifest.FILE)
    )


def read(path: Path, root: Path) -> Iterator[Document | Problem]:
    """Read the documents of the file `path`, one at a time; their ids are its path below `root`, with #part inside a container.

    What `metadata.toml` beside the file says of it stands above everything the file says of itself. A part
    of a container that cannot be read comes as a Problem, and the others follow. Raises UnreadableFile with
    the hint for a file that is empty, locked, binary or damaged; what was read of it before was yielded.
    """
    doc_id = doc_path(path, root)
    try:
        with _open(path, root) as file:
            digest = _sha256(file)
            size = file.tell()
            source = open_source(path, file, size, metadata.columns_for(path, root))
            fetched = fetch_manifest.of_file(path, root)
            source.charset = fetched.get("charset", "")
            yield from _documents(source, doc_id, digest, _stated_beside(path, root, fetched))
    except NotText as error:
        hint = getattr(error, "hint", "save it as text, or leave it out of the folder")
        raise UnreadableFile(path, problem=str(error), hint=hint) from error
    except PermissionError as error:
        raise UnreadableFile(
            path, problem="no permission to read it", hint=f"allow reading: chmod u+r '{path}'"
        ) from error
    except OSError as error:
        raise UnreadableFile(
            path, problem=f"cannot be read ({error.strerror})", hint="copy the file here again"
        ) from error


def _sha256(file: IO[bytes]) -> str:
    """Of a whole file; `hashlib.file_digest` clears a buffer of 256 kB first, which small files feel."""
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _stated_beside(path: Path, root: Path, fetched: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What is known of a file ("") and of its parts from beside it: its address when fetched, `metadata.toml`."""
    stated = metadata.for_parts(path, root)
    return {**stated, "": {"url": fetched["url"], **stated[""]}} if fetched else stated


def _documents(
    source: SourceFile, path: str, digest: str, stated_beside: Mapping[str, Mapping[str, str]]
) -> Iterator[Document | Problem]:
    is_empty = True
    for parsed in formats.read_documents(source):
        is_empty = is_empty and isinstance(parsed, ParsedDocument) and not parsed.text.strip()
        part = replace_invalid_characters(parsed.part)
        if isinstance(parsed, UnreadPart):
            yield Problem(path, f"{part}: {parsed.problem}" if part else parsed.problem, *parsed[2:])
        elif len(parsed.text) > MAX_TEXT:
            problem = f"the text has more than {MAX_TEXT:,} characters"
            hint = "split it into one file a document"
            yield Problem(path, f"{part}: {problem}" if part else problem, hint, "refused")
        elif parsed.text.strip():
            own_metadata = {key: replace_invalid_characters(value) for key, value in parsed.known.items()}
            attributes = {
                replace_invalid_characters(name): replace_invalid_characters(value)
                for name, value in parsed.attributes.items()
            }
            stated_of_part = metadata.merged(stated_beside.get("", {}), stated_beside.get(part, {}))
            attributes |= json.loads(stated_of_part.pop("attributes", "{}"))
            text, repairs = replace_invalid_characters(parsed.text), parsed.repairs
            if text != parsed.text:
                repairs = (*repairs, f"half characters shown as {chr(0xFFFD)}")
            yield Document(
                doc_id=f"{path}#{part}" if part else path,
                path=path,
                text=text,
                sha256=digest,
                known=MappingProxyType(own_metadata | stated_of_part),
                repairs=repairs,
                hints=MappingProxyType(dict(parsed.hints)),
                attributes=MappingProxyType(attributes),
            )
        elif part:
            yield Problem(path, f"{part}: it holds no text", "leave it out, or save it with its text", "note")
    if is_empty:
        raise Refused("the file holds no text", "save the page again, with its text")


def replace_invalid_characters(text: str) -> str:
    """Replace in `text` what no table can hold (halves of surrogate pairs, nulls) by U+FFFD."""
    if text.isascii() and "\0" not in text:
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def doc_path(path: Path, root: Path) -> str:
    """The posix path of `path` below `root`; its name where it does not lie below it.

    Bytes of a name that are not UTF-8 are shown as U+FFFD, so that every table can hold it.
    """
    try:
        below = path.relative_to(root).as_posix()
    except ValueError:
        below = path.name
    name = path.name if below == "." else below
    return name.encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")


def _open(path: Path, root: Path) -> IO[bytes]:
    """The file, opened; Refused for a link out of the folder, and for a device or a pipe."""
    real = os.path.realpath  # Path.resolve raises RuntimeError where links go in a circle
    if path.is_symlink() and path != root and not Path(real(path)).is_relative_to(real(root)):
        raise Refused("it is a link that leads out of the folder", "put a copy of the file in its place")
    if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for ever
        raise Refused("it is no file but a folder, a device or a pipe", "leave it out of the folder")
    return path.open("rb")


def metadata_problems(root: Path, files: Sequence[Path]) -> list[Problem]:
    """Find problems of the `metadata.toml` files below `root`: entries that mean nothing, or name none of `files`."""
    return metadata.wrong_entries(root, files) + metadata.unused_entries(root, files)
