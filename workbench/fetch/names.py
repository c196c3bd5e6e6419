"""Safe file names: from an address that may be hostile to a path that every system can hold."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath
from urllib.parse import unquote

from workbench.fetch.addresses import Address

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
