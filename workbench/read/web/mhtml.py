"""Pages saved with their pictures in one file (.mhtml, .mht): the page goes to the HTML reader.

The address is the one the page was saved from. The day it was saved counts as its date only where the
page itself names no year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

from workbench.read.formats import Parsed
from workbench.read.limits import Refused
from workbench.read.mail.message import content, day, has_headers, header, open_message
from workbench.read.office.paragraphs import Properties
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


def parse(raw: bytes) -> Iterator[Parsed]:
    """The page as one document. Raises Refused when there is none in it."""
    message = open_message(raw)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    if page is None:
        raise Refused("the saved page holds no HTML", "save the page again")
    for found in html.parse(content(page)):
        known = {**_stated(message, page, found.text), **found.known}
        yield found._replace(known=known)


def _stated(message: Message, page: Message, text: str) -> dict[str, str]:
    address = header(message, "Snapshot-Content-Location") or header(page, "Content-Location")
    known = Properties(created=day(header(message, "Date"))).stated(text)
    if title := header(message, "Subject"):
        known["title"] = title
    if address.startswith(("http://", "https://")):
        known["url"] = address
    return known
