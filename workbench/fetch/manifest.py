"""Record what was fetched, when and into which file (`fetched.jsonl`), with safe file names.

What was fetched before, and the files it was saved in: `fetched.jsonl` of the folder, kept in step.

A page is written beside its place and moved there whole, then its line is added to the ledger. A crash
between the two leaves a file without a line, which the next run fetches again; a broken last line says
nothing. Nothing in a ledger is believed that would lead out of the folder.

Safe file names: from an address that may be hostile to a path that every system can hold.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import unquote

from workbench.errors import NotFetched
from workbench.fetch.addresses import Address
from workbench.fetch.http import Response
from workbench.fetch.visit import FetchedPage
from workbench.settings import fetch_manifest


class ManifestEntry(NamedTuple):
    """A line of the ledger about a page (`path`) or a feed (`links`)."""

    asked: str
    url: str
    path: str | None
    links: tuple[str, ...]
    fetched: str
    sha256: str
    bytes: int
    etag: str
    modified: str


class FetchManifest:
    """The ledger of a folder, with the files it speaks of."""

    def __init__(self, folder: Path, started: datetime.datetime, resume_within: float) -> None:
        """Raises NotFetched when the folder cannot be made or written to."""
        self.folder, self._place = folder, folder / fetch_manifest.FILE
        self.by_asked: dict[str, ManifestEntry] = {}
        self.by_url: dict[str, ManifestEntry] = {}
        self._fresh: set[str] = set()
        oldest = (started - datetime.timedelta(seconds=resume_within)).strftime(_TIME)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for row in fetch_manifest.rows(self._place):
                self._take(row, oldest)
            self._end_broken_line()
        except OSError as error:
            raise NotFetched(
                folder, problem=f"cannot be written to ({error.strerror})", hint="name a folder of your own"
            ) from error

    def _take(self, row: Mapping[str, Any], oldest: str) -> None:
        entry = _entry(row)
        if row.get("run") == "ended":
            self._fresh.clear()
        elif entry is not None:
            self.by_asked[entry.asked] = self.by_url[entry.url] = entry
            if entry.path and entry.fetched >= oldest:
                self._fresh.add(entry.asked)

    def _end_broken_line(self) -> None:
        with self._place.open("ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    file.write(b"\n")

    def add(self, **row: object) -> None:
        """Add a line."""
        with self._place.open("ab") as file:
            file.write(json.dumps(row, ensure_ascii=False).encode("utf-8", errors="replace") + b"\n")

    def fresh(self, asked: str) -> ManifestEntry | None:
        """What an interrupted run saved for an address, when the file is there as it was saved."""
        entry = self.by_asked.get(asked)
        return entry if entry and asked in self._fresh and self.is_whole(entry) else None

    def file(self, entry: ManifestEntry) -> Path:
        """The file of a page."""
        return self.folder / (entry.path or "")

    def is_whole(self, entry: ManifestEntry) -> bool:
        """Whether the file of a page is there with the bytes that were saved."""
        if entry.path is None:
            return bool(entry.links)
        try:
            return hashlib.sha256(self.file(entry).read_bytes()).hexdigest() == entry.sha256
        except OSError:
            return False

    def questions(self, asked: str, address: str) -> dict[str, dict[str, str]]:
        """For where `asked` led last time and for the address itself: the headers that ask for changes alone."""
        entries = [self.by_asked.get(asked), self.by_url.get(address)]
        return {entry.url: _question(entry) for entry in entries if entry and self.is_whole(entry)}

    def save(self, page: FetchedPage, suffix: str) -> PurePosixPath:
        """Write a page below the folder and say where; NotFetched when that is not possible."""
        name = file_name(page.address, suffix)
        place = self.folder / name
        part = place.with_name(f".{place.name}.part")
        try:
            place.parent.mkdir(exist_ok=True)
            if not place.parent.resolve().is_relative_to(self.folder.resolve()):
                raise NotFetched(place.parent, problem="it leads out of the folder", hint="remove that link")
            part.unlink(missing_ok=True)
            with part.open("xb") as file:
                file.write(page.answer.body)
                file.flush()
                os.fsync(file.fileno())
            part.replace(place)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise NotFetched(
                place,
                problem=f"cannot be written ({error.strerror})",
                hint="make room, or name another folder",
            ) from error
        return name


_TIME = "%Y-%m-%dT%H:%M:%SZ"


def utc_timestamp(moment: datetime.datetime) -> str:
    """A moment in UTC as the ledger has it."""
    return moment.astimezone(datetime.UTC).strftime(_TIME)


def validators(answer: Response) -> dict[str, str]:
    """What the server gave to ask for changes with, for the ledger."""
    names = {"etag": "etag", "modified": "last-modified"}
    return {ours: answer.headers[theirs] for ours, theirs in names.items() if answer.headers.get(theirs)}


def _question(entry: ManifestEntry) -> dict[str, str]:
    asked = {"If-None-Match": entry.etag, "If-Modified-Since": entry.modified}
    return {name: said for name, said in asked.items() if said and said.isascii() and said.isprintable()}


def _entry(row: Mapping[str, Any]) -> ManifestEntry | None:
    """The line as an entry; None for lines about other things, and for a path that leaves the folder."""
    path, links = row.get("path"), row.get("links", [])
    told = {key: row.get(key, "") for key in ("asked", "url", "fetched", "sha256", "etag", "modified")}
    if not all(isinstance(said, str) for said in told.values()) or not told["url"]:
        return None
    if path is not None and not _stays(path):
        return None
    if not isinstance(links, list) or not all(isinstance(link, str) for link in links):
        return None
    size = row.get("bytes", 0)
    if path is None and not links:
        return None
    return ManifestEntry(path=path, links=tuple(links), bytes=size if isinstance(size, int) else 0, **told)


def _stays(path: object) -> bool:
    if not isinstance(path, str) or "\\" in path or ":" in path or "\0" in path:
        return False
    parts = PurePosixPath(path)
    return not parts.is_absolute() and ".." not in parts.parts and len(parts.parts) > 0


# ---------------------------------------------------------------- safe file names: from an address that may be hostile to a path that every system can hold

LENGTH = 80  # of the readable part; with mark and suffix well below the 143 that encrypted folders allow
MARK = 10  # hex digits of the address's hash: 40 bits, one clash expected in a million pages
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\..*)?", re.IGNORECASE)
_SKIPPED = ("readme", "metadata", "fetched")  # begin names that the reader leaves out


def file_name(address: Address, suffix: str) -> PurePosixPath:
    """Where a page goes below the folder: `host/words-of-its-path-0123456789.html`.

    Only small ASCII letters, digits, `-`, `_` and `.`; no dot in front, no name of a device, nothing
    that the reader would leave out. The mark keeps apart addresses that differ in anything else.

    >>> file_name(Address("https", "example.org", 443, "/a/../Talks%20on%20TRADE?id=7"), ".html").name[:22]
    'talks-on-trade-id-7-fd'
    """
    path, _, query = unquote(address.target, errors="replace").partition("?")
    last = [part for part in path.split("/") if part.strip(".")][-1:]
    words = " ".join([*last, query])
    mark = hashlib.sha256(str(address).encode()).hexdigest()[:MARK]
    stem = _plain(re.sub(r"\.(html?|xhtml|txt|pdf|php|aspx?|jsp)\b", "", words)) or "page"
    return PurePosixPath(_plain(_host(address)) or "host", f"{stem}-{mark}{suffix}")


def _host(address: Address) -> str:
    return address.origin.partition("://")[2].replace(":", "-")


def _plain(text: str) -> str:
    """Small letters, digits and hyphens between words, at most `LENGTH` of them."""
    plain = re.sub(r"[^a-z0-9._-]+", "-", text.lower())
    plain = re.sub(r"\.{2,}", ".", plain)[:LENGTH].strip("-._")
    if _DEVICES.fullmatch(plain) or plain.startswith(_SKIPPED):
        return f"page-{plain}"
    return plain
