"""Mail messages (.eml): the headers in front, the plain text or the page, quoted replies as they stand.

Messages attached to a message are documents of their own; other attachments are told as left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from workbench.read.formats import Parsed
from workbench.read.mail.message import has_headers, messages, open_message

_HEAD = 65_536  # bytes; the headers of a message that passed ten servers are below 20,000


def guess(raw: bytes, path: Path) -> bool:
    """Headers that a mail server writes; with the right name any headers."""
    if path.suffix.lower() == ".eml":
        return b":" in raw[:_HEAD].split(b"\n", 1)[0]
    return has_headers(raw[:_HEAD])


def parse(raw: bytes) -> Iterator[Parsed]:
    """The message, then those attached to it."""
    yield from messages(open_message(raw))
