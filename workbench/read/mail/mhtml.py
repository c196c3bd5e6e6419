"""Read saved pages (.mhtml, .mht), which hold a page with its pictures: the page goes to the HTML reader.

The address is the one the page was saved from. The day it was saved counts as its date only where the
page itself names no year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

from workbench.read.limits import Refused
from workbench.read.mail.message import decoded_header, has_headers, iso_day, open_message, part_bytes
from workbench.read.office.paragraphs import Properties
from workbench.read.source import ParsedDocument
from workbench.read.web import html

_HEAD = 16_384  # bytes; a browser writes below 1,000 before the first part
_RELATED = re.compile(rb"(?im)^content-type:\s*multipart/related\b")
_SAVED = re.compile(rb"(?im)^(?:snapshot-content-location:|from:\s*(?:\"?<?saved by))")


def guess(raw: bytes, path: Path) -> bool:
    """The headers that browsers write, or those of a message of related parts with the right name."""
    head = raw[:_HEAD]
    if path.suffix.lower() in (".mhtml", ".mht"):
        return has_headers(head)
    return bool(has_headers(head) and _SAVED.search(head) and _RELATED.search(head))


def parse(raw: bytes) -> Iterator[ParsedDocument]:
    """The page as one document. Raises Refused when there is none in it."""
    message = open_message(raw)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    if page is None:
        raise Refused("the saved page holds no HTML", "save the page again")
    for document in html.parse(part_bytes(page)):
        metadata = {**_stated(message, page, document.text), **document.known}
        yield document._replace(known=metadata)


def _stated(message: Message, page: Message, text: str) -> dict[str, str]:
    address = decoded_header(message, "Snapshot-Content-Location") or decoded_header(page, "Content-Location")
    metadata = Properties(created=iso_day(decoded_header(message, "Date"))).stated(text)
    if title := decoded_header(message, "Subject"):
        metadata["title"] = title
    if address.startswith(("http://", "https://")):
        metadata["url"] = address
    return metadata
