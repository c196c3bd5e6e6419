"""What was fetched before, and the files it was saved in: `fetched.jsonl` of the folder, kept in step.

A page is written beside its place and moved there whole, then its line is added to the ledger. A crash
between the two leaves a file without a line, which the next run fetches again; a broken last line says
nothing. Nothing in a ledger is believed that would lead out of the folder.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from workbench.errors import NotFetched
from workbench.fetch.http import Answer
from workbench.fetch.names import file_name
from workbench.fetch.visit import Page
from workbench.settings import fetched


class Entry(NamedTuple):
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


class Ledger:
    """The ledger of a folder, with the files it speaks of."""

    def __init__(self, folder: Path, started: datetime.datetime, resume_within: float) -> None:
        """Raises NotFetched when the folder cannot be made or written to."""
        self.folder, self._place = folder, folder / fetched.FILE
        self.by_asked: dict[str, Entry] = {}
        self.by_url: dict[str, Entry] = {}
        self._fresh: set[str] = set()
        oldest = (started - datetime.timedelta(seconds=resume_within)).strftime(_TIME)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for row in fetched.rows(self._place):
                self._take(row, oldest)
            self._end_broken_line()
        except OSError as error:
            raise NotFetched(
                folder, problem=f"cannot be written to ({error.strerror})", mend="name a folder of your own"
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

    def fresh(self, asked: str) -> Entry | None:
        """What an interrupted run saved for an address, when the file is there as it was saved."""
        entry = self.by_asked.get(asked)
        return entry if entry and asked in self._fresh and self.is_whole(entry) else None

    def file(self, entry: Entry) -> Path:
        """The file of a page."""
        return self.folder / (entry.path or "")

    def is_whole(self, entry: Entry) -> bool:
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

    def save(self, page: Page, suffix: str) -> PurePosixPath:
        """Write a page below the folder and say where; NotFetched when that is not possible."""
        name = file_name(page.address, suffix)
        place = self.folder / name
        part = place.with_name(f".{place.name}.part")
        try:
            place.parent.mkdir(exist_ok=True)
            if not place.parent.resolve().is_relative_to(self.folder.resolve()):
                raise NotFetched(place.parent, problem="it leads out of the folder", mend="remove that link")
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
                mend="make room, or name another folder",
            ) from error
        return name


_TIME = "%Y-%m-%dT%H:%M:%SZ"


def stamp(moment: datetime.datetime) -> str:
    """A moment in UTC as the ledger has it."""
    return moment.astimezone(datetime.UTC).strftime(_TIME)


def validators(answer: Answer) -> dict[str, str]:
    """What the server gave to ask for changes with, for the ledger."""
    names = {"etag": "etag", "modified": "last-modified"}
    return {ours: answer.headers[theirs] for ours, theirs in names.items() if answer.headers.get(theirs)}


def _question(entry: Entry) -> dict[str, str]:
    asked = {"If-None-Match": entry.etag, "If-Modified-Since": entry.modified}
    return {name: said for name, said in asked.items() if said and said.isascii() and said.isprintable()}


def _entry(row: Mapping[str, Any]) -> Entry | None:
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
    return Entry(path=path, links=tuple(links), bytes=size if isinstance(size, int) else 0, **told)


def _stays(path: object) -> bool:
    if not isinstance(path, str) or "\\" in path or ":" in path or "\0" in path:
        return False
    parts = PurePosixPath(path)
    return not parts.is_absolute() and ".." not in parts.parts and len(parts.parts) > 0
