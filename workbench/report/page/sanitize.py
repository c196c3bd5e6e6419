"""Make the HTML of a notebook harmless and well formed: an allow-list of elements and attributes.

Making HTML of a notebook harmless and well formed: an allowlist, written anew tag by tag.

Everything that markdown cells and outputs bring passes here. Only listed elements and attributes are
written, every text and value is escaped, and no element whose content browsers read as raw text
(script, style, title, textarea, …) is ever written, so the result cannot be read in a second way. On
the way, what a reader needs is added: heading levels without gaps, ids that occur once, `scope` on
table headers, `alt` on images, a frame in which a wide table scrolls.

What may stand in a report: the elements, the attributes, and the values they may have.

Chosen by what tables, figures, evidence and prose need. What is not listed is not written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from html.parser import HTMLParser
from typing import NamedTuple

_HEADING = re.compile(r"h[1-6]\Z")
_ID = re.compile(r"""\sid\s*=\s*["']?([^"'\s>]+)""", re.I)
_SCOPES = {"thead": "col", "tbody": "row", "tfoot": "row"}
_PAGE_IDS = ("changes", "contents", "evidence", "parameters", "stamp", "top")  # the page's own
_MAX_ID = 60  # characters of a heading in its id


class PageHeading(NamedTuple):
    """A heading as it stands in the report: level 2 to 6, id, text."""

    level: int
    id: str
    text: str


class Cleaner:
    """Cleans the pieces of one report in their order; knows the ids and headings so far."""

    def __init__(self) -> None:
        self.ids: set[str] = set(_PAGE_IDS)
        self._numbers: dict[str, int] = {}  # the last number that each wanted id was given
        self.headings: list[PageHeading] = []
        self.level = 1  # of the last heading; the report's title is the only 1
        self.lower = 0  # by how many levels headings are set lower: 1 inside a chapter
        self.tables = 0
        self.images = 0

    def clean(self, html: str) -> str:
        """The harmless copy of a piece of HTML, all its elements closed."""
        ids = {wanted: self.take_id(wanted) for wanted in dict.fromkeys(_ID.findall(html))}
        writer = _Writer(self, ids)
        writer.feed(html)
        writer.close()
        return writer.finish()

    def take_id(self, wanted: str) -> str:
        """`wanted`, or with a number when an earlier piece has it."""
        name, n = wanted, self._numbers.get(wanted, 1)
        while name in self.ids:
            n += 1
            name = f"{wanted}-{n}"
        self._numbers[wanted] = n  # the next of this name goes on from here: all before are taken
        self.ids.add(name)
        return name

    def next_level(self, level: int) -> int:
        """The level a heading may have here: never 1, never more than one below the last."""
        self.level = max(2 + self.lower, min(level + self.lower, self.level + 1))
        return self.level

    def next_image(self) -> str:
        """Words for an image that came without any."""
        self.images += 1
        return f"Figure {self.images}; no description was given"


def text_of(html: str) -> str:
    """The text of HTML as `Cleaner` writes it."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


class _Open(NamedTuple):
    tag: str  # as it came
    written: str  # as it went out
    place: int  # of its start tag in the output


class _Writer(HTMLParser):
    """Writes one piece; `gone` are the open elements that are dropped with their content."""

    def __init__(self, cleaner: Cleaner, ids: dict[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self.cleaner = cleaner
        self.ids = ids
        self.used: set[str] = set()
        self.out: list[str] = []
        self.stack: list[_Open] = []
        self.gone: list[str] = []

    # ---- what the parser finds
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write the start tag if the element is allowed."""
        if tag in GONE:
            self.gone.append(tag)
        if self.gone or (tag not in HTML and tag not in SVG):
            return
        written = f"h{self.cleaner.next_level(int(tag[1]))}" if _HEADING.match(tag) else tag
        kept = self._attributes(written, attrs)
        if tag == "img" and "src" not in kept:
            return
        if tag == "table":
            self.cleaner.tables += 1
            label = f"Table {self.cleaner.tables}"
            self.out.append(f'<div class="wb-scroll" role="group" tabindex="0" aria-label="{label}">')
        place = len(self.out)
        self.out.append(f"<{written}{_written(kept)}>")
        if tag not in VOID:
            self.stack.append(_Open(tag, written, place))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<path/>` is a whole element in SVG; in HTML browsers read `<p/>` as `<p>`."""
        self.handle_starttag(tag, attrs)
        if tag in SVG or tag in GONE:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the element and what is still open inside it; an end without a start is nothing."""
        if self.gone:
            if tag == self.gone[-1]:
                self.gone.pop()
        elif any(opened.tag == tag for opened in self.stack):
            while self._close_last() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Text is text."""
        if not self.gone:
            self.out.append(escape(data, quote=False))

    def finish(self) -> str:
        """What was written, with everything closed."""
        while self.stack:
            self._close_last()
        return "".join(self.out)

    # ---- writing
    def _close_last(self) -> str:
        opened = self.stack.pop()
        if _HEADING.match(opened.written):
            self._note_heading(opened)
        if opened.tag == "th" and not text_of(self._inside(opened)):
            self.out[opened.place] = "<td>"  # a header that names nothing is a plain cell
            self.out.append("</td>")
        else:
            self.out.append(f"</{opened.written}>" + ("</div>" if opened.tag == "table" else ""))
        return opened.tag

    def _inside(self, opened: _Open) -> str:
        return "".join(self.out[opened.place + 1 :])

    def _note_heading(self, opened: _Open) -> None:
        """Put the heading into the contents, with an id to lead there."""
        text, start = text_of(self._inside(opened)), self.out[opened.place]
        found = re.search(r' id="([^"]*)"', start)
        name = unescape(found[1]) if found else self.cleaner.take_id(_id_from(text))
        if found is None:
            self.out[opened.place] = f'{start[:-1]} id="{escape(name)}">'
        if text:
            self.cleaner.headings.append(PageHeading(int(opened.written[1]), name, text))

    def _attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> dict[str, str]:
        kept: dict[str, str] = {}
        for raw, value in attrs:
            name = "href" if raw == "xlink:href" else raw
            if name not in kept and is_allowed(tag, name):
                safe = (
                    self._take_id(value or "")
                    if name == "id"
                    else safe_value(tag, name, value or "", self.ids)
                )
                if safe is not None:
                    kept[name] = safe
        self._complete(tag, kept)
        return kept

    def _take_id(self, value: str) -> str | None:
        """The id as it is written; none for the second of its kind in one piece."""
        if value not in self.ids or value in self.used:
            return None
        self.used.add(value)
        return self.ids[value]

    def _complete(self, tag: str, kept: dict[str, str]) -> None:
        """Add what readers of any kind need and the author left out."""
        if tag == "img" and "src" in kept and "alt" not in kept:
            kept["alt"] = self.cleaner.next_image()
        named = {"aria-label", "aria-labelledby", "aria-hidden"} & set(kept)
        if tag == "svg" and kept.setdefault("role", "img") == "img" and not named:
            kept["aria-label"] = self.cleaner.next_image()
        if tag == "th" and "scope" not in kept:
            around = [opened.tag for opened in self.stack if opened.tag in _SCOPES]
            kept["scope"] = _SCOPES[around[-1]] if around else "col"
        if tag == "a" and kept.get("href", "").lower().startswith(("http", "mailto")):
            kept["rel"] = "noopener noreferrer"


def _written(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())


def _id_from(text: str) -> str:
    return re.sub(r"\W+", "-", text.casefold()).strip("-")[:_MAX_ID] or "section"


# ---------------------------------------------------------------- what may stand in a report: the elements, the attributes, and the values they may have


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


VOID = _words("br hr img wbr col")  # they hold nothing and have no end tag
HTML = VOID | _words(
    "a abbr aside b blockquote caption cite code colgroup dd del details dfn div dl dt em figcaption figure",
    "h1 h2 h3 h4 h5 h6 i ins kbd li mark nav ol p pre q s samp section small span strong sub summary sup",
    "table tbody td tfoot th thead time tr u ul var",
)
SVG = _words(
    "svg g path rect circle ellipse line polyline polygon text tspan defs use symbol clippath lineargradient",
    "radialgradient stop marker mask pattern desc",
)
# Dropped with all they hold: what runs, loads, or is read as raw text. Of others only the tag goes.
GONE = _words(
    "script style iframe object applet template noscript noembed noframes xmp plaintext textarea title math",
    "foreignobject select audio video canvas frameset head metadata animate set animatemotion animatetransform",
)
_HTML_ATTRIBUTES = _words(
    "class id title lang dir role alt width height colspan rowspan scope headers datetime open start value",
    "reversed tabindex style href src",
)
_SVG_ATTRIBUTES = _HTML_ATTRIBUTES | _words(
    "d x y x1 y1 x2 y2 cx cy r rx ry dx dy points viewbox transform fill stroke opacity offset marker-end",
    "marker-start marker-mid markerwidth markerheight refx refy orient gradientunits gradienttransform",
    "clippathunits patternunits preserveaspectratio text-anchor dominant-baseline font-family font-size",
    "font-style font-weight letter-spacing rotate textlength vector-effect xmlns version",
)
_PREFIXES = ("aria-", "data-wb-", "fill-", "stroke-", "stop-", "clip-")
_REFERENCES = _words("aria-labelledby aria-describedby aria-controls aria-details headers")
_OUR_ROLES = _words("main banner contentinfo application alert dialog")  # the page's own, or too loud

_LINK = re.compile(r"(https?://|mailto:)", re.I)
_RELATIVE = re.compile(r"(?![/\\])[^:\\]*\Z")  # below this folder, without a scheme
_IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]+\Z", re.I)
_LOCAL_URL = re.compile(r"url\(\s*['\"]?#([\w.:-]+)['\"]?\s*\)")
_BAD_STYLE = re.compile(
    r"url\s*\(|image-set|expression|@|\\|/\*|[<>]|^\s*(position|z-index|behavior|-moz-binding)\b", re.I
)


def is_allowed(tag: str, name: str) -> bool:
    """Whether an element may have this attribute, given a harmless value."""
    return name in (_SVG_ATTRIBUTES if tag in SVG else _HTML_ATTRIBUTES) or name.startswith(_PREFIXES)


def safe_value(tag: str, name: str, value: str, ids: Mapping[str, str]) -> str | None:
    """The value as it may be written, None when it may not. `ids` tells how ids of the piece are renamed."""
    if name in _REFERENCES:
        return " ".join(ids.get(part, part) for part in value.split())
    if name == "href":
        return _safe_link(tag, value.strip(), ids)
    if name == "src":
        return value if tag == "img" and _IMAGE.match(value) else None
    if name == "style":
        return _safe_style(value, ids)
    if name == "role":
        return None if value.strip().lower() in _OUR_ROLES else value
    if name == "tabindex":
        return "0" if value.strip() == "0" else None
    if tag in SVG and not name.startswith("aria-") and "url" in value.lower():
        return _local_url(value, ids)
    return value


def _safe_link(tag: str, value: str, ids: Mapping[str, str]) -> str | None:
    bare = re.sub(r"[\x00-\x20]", "", value)  # browsers read over these: java\nscript:
    if bare.startswith("#"):
        return "#" + ids.get(bare[1:], bare[1:])
    if tag != "a":
        return None  # <use> and gradients may point into the page alone
    return value if _LINK.match(bare) or _RELATIVE.match(bare) else None


def _local_url(value: str, ids: Mapping[str, str]) -> str | None:
    found = _LOCAL_URL.fullmatch(value.strip())
    return f"url(#{ids.get(found[1], found[1])})" if found else None


def _safe_style(value: str, ids: Mapping[str, str]) -> str | None:
    kept = []
    for part in filter(None, (part.strip() for part in value.split(";"))):
        name, _, rest = part.partition(":")
        local = _local_url(rest, ids)
        if local:
            kept.append(f"{name.strip()}: {local}")
        elif not _BAD_STYLE.search(part):
            kept.append(part)
    return "; ".join(kept) or None
