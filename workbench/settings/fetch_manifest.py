"""The ledger `fetched.jsonl` beside fetched pages: where each file is from, and when it came.

`workbench fetch` writes it and whoever reads the files looks them up in it. One JSON object a line; the
last one about a file counts; a line that is broken off, as by a crash, says nothing. A page:

    {"asked": "https://…", "url": "https://…", "path": "example.org/talks-0123456789.html",
     "fetched": "2026-03-01T12:00:00Z", "type": "text/html; charset=utf-8", "bytes": 5120,
     "sha256": "…", "etag": "…", "modified": "…"}

`asked` is the address that was given, `url` the one it led to; `path` is below the ledger's folder. Other
lines tell of feeds, of refusals, and of where a run began and ended; they have no `path`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = "fetched.jsonl"
MAX_URL = 2_000


def rows(place: Path) -> Iterator[dict[str, Any]]:
    """The objects of a ledger in order; none when there is no ledger. Raises OSError when it is locked."""
    try:
        file = place.open(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    with file:
        for line in file:
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(row, dict):
                yield row


def of_file(path: Path, root: Path) -> dict[str, str]:
    """`url`, `fetched` (UTC, ISO 8601) and `charset` of a file, from the nearest ledger up to `root` that knows it.

    `charset` is what the server stated beside the page, empty where it stated none.

    The two folders nearest to the file are asked even where `root` is the file or its folder, since pages
    lie one folder below their ledger. Nothing for a file that no ledger speaks of.
    """
    for place, way in _places(path.parent, root):
        if known := _in(place, way + path.name):
            return dict(zip(("url", "fetched", "charset"), known, strict=True))
    return {}


@lru_cache(maxsize=256)
def _places(folder: Path, root: Path) -> tuple[tuple[Path, str], ...]:
    """Where ledgers may speak of a file in `folder`, the nearest first, and the way from each down to it."""
    near = [folder, *folder.parents]
    asked = [one for number, one in enumerate(near) if number < NEAREST or one.is_relative_to(root)]
    return tuple((one / FILE, "".join(f"{step}/" for step in folder.relative_to(one).parts)) for one in asked)


_CHARSET = re.compile(r"(?i);\s*charset\s*=\s*[\"']?([\w.:-]{1,40})")


def charset_of(content_type: object) -> str:
    """The charset of a Content-Type as a server states it; empty where there is none.

    >>> charset_of("text/html; charset=windows-1251")
    'windows-1251'
    """
    found = _CHARSET.search(content_type) if isinstance(content_type, str) else None
    return found[1] if found else ""


NEAREST = 2  # folders: the host's and the one with the ledger


def _in(place: Path, name: str) -> tuple[str, str, str] | None:
    try:
        return _known(place, place.stat().st_mtime_ns).get(name)
    except OSError:
        return None


@lru_cache(maxsize=16)
def _known(place: Path, changed: int) -> dict[str, tuple[str, str, str]]:  # noqa: ARG001 - `changed` renews the cache
    """Path -> address, time and charset; only what is a web address is believed, whoever wrote the ledger."""
    found = {}
    for row in rows(place):
        path, url, fetched = row.get("path"), row.get("url"), row.get("fetched")
        if isinstance(path, str) and isinstance(fetched, str) and _is_address(url):
            found[path] = (str(url), fetched, charset_of(row.get("type")))
    return found


def _is_address(said: object) -> bool:
    return (
        isinstance(said, str)
        and said.startswith(("http://", "https://"))
        and len(said) <= MAX_URL
        and said.isprintable()
    )
