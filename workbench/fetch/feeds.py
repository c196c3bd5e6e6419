"""Feeds: the addresses of their entries. RSS 0.9x, 1.0 and 2.0, and Atom.

A feed is decoded first, and what was decoded is both looked through for entities and parsed, so that no
encoding hides one. expat is told to refuse every declared entity and never leaves the text. Common
faults are repaired (a bare `&` in an address, `&nbsp;`); a feed that breaks off gives the entries before.
"""

from __future__ import annotations

import codecs
import html
import re
from typing import NamedTuple
from urllib.parse import urljoin
from xml.parsers import expat

from workbench.errors import NotFetched
from workbench.fetch.addresses import MAX_LENGTH, printable

MAX_BYTES = 10_000_000  # of a feed; the largest we met, ten years in one file, had 4 MB
MAX_ENTRIES = 20_000  # read from one feed: with addresses of 2,000 characters, 40 MB
_ATOM = ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#")
_BASE = "http://www.w3.org/XML/1998/namespace base"
_ABOUT = "http://www.w3.org/1999/02/22-rdf-syntax-ns# about"
_DECLARED = re.compile(rb"\A\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)")
_DECLARATION = re.compile(r"\A\ufeff?\s*<\?xml[^>]*\?>")
# An unclosed section runs to the end, so that each character is looked at once.
_MARKS = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(\w{1,31};)?",
    re.DOTALL,
)


class Feed(NamedTuple):
    """What a feed says: the addresses of its entries in its order, and what was wrong with it."""

    links: list[str]
    fault: str


def read_feed(body: bytes, place: str, stated: str = "") -> Feed:
    """The entries' addresses, relative ones resolved against xml:base and `place`.

    stated: the encoding of the HTTP header, if it gave one. Raises NotFetched for a feed that is too
    large, declares entities, or is no feed.
    """
    if len(body) > MAX_BYTES:
        raise NotFetched(place, problem=f"a feed of {len(body):,} bytes", hint="name the pages in a file")
    text = _DECLARATION.sub("", _decode(body, stated), count=1)
    if "<!ENTITY" in text:
        raise _bomb(place)
    entries = _Entries(place)
    fault = entries.parse(_MARKS.sub(_mend, text))
    if not entries.is_feed:
        raise NotFetched(place, problem="no feed in RSS or Atom", hint="give the address of a page or a feed")
    if fault and not entries.links:
        raise NotFetched(place, problem=f"a damaged feed ({fault})", hint="name the pages in a file")
    return Feed(list(dict.fromkeys(entries.links)), fault)


def _bomb(place: str) -> NotFetched:
    return NotFetched(
        place,
        problem="the feed declares entities, which can grow without end",
        hint="name the pages in a file",
    )


def _decode(body: bytes, stated: str) -> str:
    """Decoded by its byte order mark, the header, its declaration, or as UTF-8; wrong bytes are replaced."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if body.startswith(mark):
            return body[len(mark) :].decode(name, errors="replace")
    declared = _DECLARED.match(body[:200])
    for name in (stated, declared[1].decode() if declared else "", "utf-8"):
        try:
            codecs.lookup(name)
            return body.decode(name, errors="replace")
        except (LookupError, ValueError, AssertionError):  # not an encoding of text, or none at all
            continue
    raise AssertionError("UTF-8 is an encoding")


def _mend(found: re.Match[str]) -> str:
    """A bare `&` and the named characters of HTML as XML can hold them; CDATA and comments as they are."""
    text = found[0]
    if not text.startswith("&"):
        return text
    if found[1] is None:
        return "&amp;"
    letter = html.unescape(text)
    return letter if letter != text and letter not in "&<>\"'" else "&amp;" + text[1:]


class _Entries:
    """The handlers of expat: keep the links of each item or entry as it ends."""

    def __init__(self, place: str) -> None:
        self.links: list[str] = []
        self.is_feed = False
        self._bases = [place]
        self._tags: list[str] = []
        self._entry: dict[str, str] | None = None
        self._parts: list[str] | None = None

    def parse(self, text: str) -> str:
        """Read the feed; words for the fault at which it broke off, or nothing."""
        parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        try:
            parser.Parse(text.encode("utf-8", errors="replace"), True)
        except expat.ExpatError as error:
            return f"not well-formed: {printable(expat.ErrorString(error.code))}, line {error.lineno}"
        return ""

    def _entity(self, *_: object) -> None:
        raise _bomb(self._bases[0])

    def _start(self, tag: str, given: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        if not self._tags:
            self.is_feed = name in ("rss", "RDF") or (name == "feed" and space in _ATOM)
        self._tags.append(name)
        base = _joined(self._bases[-1], given.get(_BASE, ""))
        self._bases.append(base if len(base) <= MAX_LENGTH else self._bases[-1])
        if name in ("item", "entry") and self._entry is None:
            self._entry = {"about": given[_ABOUT]} if _ABOUT in given else {}
            self._depth = len(self._tags)
        elif self._entry is not None and len(self._tags) == self._depth + 1:
            self._child(space, name, given, self._entry)

    def _child(self, space: str, name: str, given: dict[str, str], entry: dict[str, str]) -> None:
        """A link or guid directly below the entry: Atom has it in an attribute, RSS in the text."""
        if name == "link" and space in _ATOM and given.get("href"):
            kind = given.get("type", "text/html")
            if given.get("rel", "alternate") == "alternate":
                rank = "link" if "html" in kind else "other"
                entry.setdefault(rank, _joined(self._bases[-1], given["href"]))
        elif (name == "link" and space not in _ATOM) or (
            name == "guid" and given.get("isPermaLink", "true").strip().lower() == "true"
        ):
            self._parts = []

    def _characters(self, text: str) -> None:
        if self._parts is not None:
            self._parts.append(text)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        base = self._bases.pop()
        self._tags.pop()
        if self._entry is None:
            return
        if self._parts is not None and len(self._tags) == self._depth:
            text = "".join(self._parts).strip()
            if text and (name == "link" or text.startswith(("http://", "https://"))):
                self._entry.setdefault(name, _joined(base, text))
            self._parts = None
        elif len(self._tags) < self._depth:
            ranked = [self._entry[rank] for rank in ("link", "guid", "other", "about") if rank in self._entry]
            if len(self.links) < MAX_ENTRIES:
                self.links += ranked[:1]
            self._entry = None


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link.strip()) if link else base
    except ValueError:  # [ without ], and the like: refused as an address later
        return link
