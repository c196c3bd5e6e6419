"""Which content is taken: HTML, plain text, PDF and feeds, by what the server states and by the head.

To take a further type, add it to `TYPES` with the suffix under which it is saved.
"""

from __future__ import annotations

import re

from workbench.errors import NotFetched
from workbench.fetch.addresses import printable

FEED = "feed"
TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
    "application/rss+xml": FEED,
    "application/atom+xml": FEED,
    "application/rdf+xml": FEED,
    "application/xml": FEED,
    "text/xml": FEED,
}
_HEAD = 2_048
# Possessive, so that no head is matched in more than one way: "<??><??>…" would double with each pair.
_FEED = re.compile(
    rb"(?s)\A(?:(?><\?.*?\?>)|(?><!--.*?-->)|(?><!DOCTYPE[^<>\[]*+(?:\[.*?\]\s*+)?>)|\s)*+<(?:\w+:)?(?:rss|RDF|feed)\b"
)
_PAGE = re.compile(rb"(?i)<(?:!doctype\s+html|html|head|body)\b")


def content_kind(stated: str, body: bytes, place: str) -> str:
    """`feed`, or the suffix for a page, from the stated content type and the first bytes.

    Servers call feeds HTML or text, so a feed is known by its first element. Without a stated type the
    first bytes decide. Raises NotFetched for everything else.
    """
    name = stated.partition(";")[0].strip().lower()
    head = _plain_head(body)
    if (not name or name in TYPES) and _FEED.match(head):
        return FEED
    found = TYPES.get(name) if name else _guess(head)
    if found is None or found == FEED or (found == ".pdf" and b"%PDF-" not in head):
        problem = f"its type is {printable(name, 60) or 'not stated'}"
        if name in TYPES:
            problem = f"it says that it is {name}, and is not a {'PDF' if found == '.pdf' else 'feed'}"
        raise NotFetched(place, problem=problem, hint="only HTML, plain text, PDF and feeds are fetched")
    return found


def _plain_head(body: bytes) -> bytes:
    """The first bytes without a byte order mark; UTF-16 as if it were ASCII."""
    head = body[: 2 * _HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[2:].replace(b"\x00", b"")[:_HEAD]
    return head.removeprefix(b"\xef\xbb\xbf")[:_HEAD]


def _guess(head: bytes) -> str | None:
    if head.startswith(b"%PDF-"):
        return ".pdf"
    if _PAGE.search(head):
        return ".html"
    return None
