"""Making HTML of a notebook harmless and well formed: an allowlist, written anew tag by tag.

Everything that markdown cells and outputs bring passes here. Only listed tags and attributes are
written, every text and value is escaped, and no element whose content browsers read as raw text
(script, style, title, textarea, …) is ever written, so the result cannot be read in a second way. On
the way, what a reader needs is added: heading levels without gaps, ids that occur once, `scope` on
table headers, `alt` on images, a frame to scroll wide tables in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape
from html.parser import HTMLParser
from typing import NamedTuple

_VOID = frozenset(["br", "hr", "img", "wbr", "col", "input"])
_HTML = frozenset(
    [
        "a",
        "abbr",
        "aside",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "nav",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
        "var",
        "wbr",
    ]
)
_SVG = frozenset(
    [
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "defs",
        "use",
        "symbol",
        "clippath",
        "lineargradient",
        "radialgradient",
        "stop",
        "marker",
        "mask",
        "pattern",
        "desc",
    ]
)
# Dropped with all they hold: what runs, loads, submits, or is read as raw text.
_GONE = frozenset(
    [
        "script",
        "style",
        "iframe",
        "object",
        "embed",
        "applet",
        "form",
        "template",
        "noscript",
        "noembed",
        "noframes",
        "xmp",
        "plaintext",
        "textarea",
        "title",
        "math",
        "foreignobject",
        "select",
        "button",
        "audio",
        "video",
        "canvas",
        "frameset",
        "frame",
        "link",
        "meta",
        "base",
        "animate",
        "set",
        "animatemotion",
        "animatetransform",
        "head",
    ]
) - {"link", "meta", "base", "embed", "frame"}  # void ones hold nothing: dropped as unknown tags are
_ATTRIBUTES = frozenset(
    [
        "class",
        "id",
        "title",
        "lang",
        "dir",
        "role",
        "alt",
        "width",
        "height",
        "colspan",
        "rowspan",
        "scope",
        "headers",
        "datetime",
        "open",
        "start",
        "value",
        "type",
        "reversed",
        "cite",
        "abbr",
        "tabindex",
        "style",
        "href",
        "src",
        "name",
    ]
)
_SVG_ATTRIBUTES = frozenset(
    [
        "d",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "dx",
        "dy",
        "points",
        "viewbox",
        "transform",
        "fill",
        "stroke",
        "opacity",
        "offset",
        "marker-end",
        "marker-start",
        "marker-mid",
        "markerwidth",
        "markerheight",
        "refx",
        "refy",
        "orient",
        "gradientunits",
        "gradienttransform",
        "clippathunits",
        "patternunits",
        "preserveaspectratio",
        "text-anchor",
        "dominant-baseline",
        "font-family",
        "font-size",
        "font-style",
        "font-weight",
        "letter-spacing",
        "rotate",
        "textlength",
        "vector-effect",
        "xmlns",
        "version",
    ]
)
_PREFIXES = ("aria-", "data-wb-", "fill-", "stroke-", "stop-", "clip-")
_REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-details", "headers")
_BAD_ROLES = frozenset({"main", "banner", "contentinfo", "application", "alert", "dialog"})
_SAFE_LINK = re.compile(r"(https?://|mailto:|#)", re.I)
_SAFE_IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]+\Z", re.I)
_RELATIVE = re.compile(r"(?![/\\])[^:\\]*\Z")  # below this folder, no scheme
_BAD_STYLE = re.compile(
    r"url\s*\(|expression|@|\\|/\*|position|z-index|behavior|binding|image|content|[<>]", re.I
)
_LOCAL_URL = re.compile(r"url\(\s*['\"]?#([\w.-]+)['\"]?\s*\)")
_HEADING = re.compile(r"h[1-6]\Z")
_SCOPED = {"thead": "col", "tbody": "row", "tfoot": "row"}


class Heading(NamedTuple):
    """A heading as it stands in the report: level 2 to 6, id, text."""

    level: int
    id: str
    text: str


class Cleaner:
    """Cleans the pieces of one report in their order; knows the ids and headings so far."""

    def __init__(self) -> None:
        self.ids: set[str] = {"contents", "parameters", "stamp", "top"}
        self.headings: list[Heading] = []
        self.level = 1  # of the last heading; the report's title is the only 1
        self.tables = 0
        self.images = 0

    def clean(self, html: str) -> str:
        """The harmless copy of a piece of HTML, all its elements closed."""
        writer = _Writer(self)
        writer.feed(html)
        writer.close()
        return writer.finish()

    def take_id(self, wanted: str) -> str:
        """`wanted`, or with a number when an earlier piece has it."""
        name, n = wanted, 1
        while name in self.ids:
            n += 1
            name = f"{wanted}-{n}"
        self.ids.add(name)
        return name

    def next_level(self, level: int) -> int:
        """The level a heading may have here: never 1, never more than one below the last."""
        self.level = max(2, min(level, self.level + 1))
        return self.level


class _Open(NamedTuple):
    tag: str  # as it came
    written: str  # as it went out, "" when dropped
    place: int  # of its start tag in the output


class _Writer(HTMLParser):
    """Writes one piece. `gone` counts how deep we are in something that is dropped with its content."""

    def __init__(self, cleaner: Cleaner) -> None:
        super().__init__(convert_charrefs=True)
        self.cleaner = cleaner
        self.out: list[str] = []
        self.stack: list[_Open] = []
        self.gone: list[str] = []
        self.renamed: dict[str, str] = {}
        self.own: set[str] = set()

    # ---- events
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _GONE or self.gone:
            if tag in _GONE:
                self.gone.append(tag)
            return
        if tag not in _HTML and tag not in _SVG:
            return
        written = f"h{self.cleaner.next_level(int(tag[1]))}" if _HEADING.match(tag) else tag
        kept = self._attributes(written, attrs)
        if kept is None:
            return
        if tag == "table":
            self.cleaner.tables += 1
            self.out.append(
                f'<div class="wb-scroll" role="group" tabindex="0" aria-label="Table {self.cleaner.tables}">'
            )
        place = len(self.out)
        self.out.append(f"<{written}{kept}>")
        if tag not in _VOID:
            self.stack.append(_Open(tag, written, place))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        gone = len(self.gone)
        self.handle_starttag(tag, attrs)
        if tag in _SVG or len(self.gone) > gone:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.gone:
            if tag == self.gone[-1]:
                self.gone.pop()
            return
        if any(opened.tag == tag for opened in self.stack):
            while self._close_last() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.gone:
            self.out.append(escape(data, quote=False))

    # ---- writing
    def finish(self) -> str:
        while self.stack:
            self._close_last()
        return "".join(self.out)

    def _close_last(self) -> str:
        opened = self.stack.pop()
        inside = "".join(self.out[opened.place + 1 :])
        if _HEADING.match(opened.written):
            self._heading(opened, inside)
        if opened.tag == "th" and not text_of(inside):  # a header that names nothing is a plain cell
            self.out[opened.place] = "<td>"
            self.out.append("</td>")
        else:
            self.out.append(f"</{opened.written}>" + ("</div>" if opened.tag == "table" else ""))
        return opened.tag

    def _heading(self, opened: _Open, inside: str) -> None:
        """Give the heading an id and put it into the contents."""
        text = text_of(inside)
        found = re.search(r' id="([^"]*)"', self.out[opened.place])
        if found is None:
            name = self.cleaner.take_id(re.sub(r"\W+", "-", text.casefold()).strip("-")[:60] or "section")
            self.out[opened.place] = f'{self.out[opened.place][:-1]} id="{escape(name)}">'
        else:
            name = found[1]
        self.cleaner.headings.append(Heading(int(opened.written[1]), name, text))

    # ---- attributes
    def _attributes(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> str | None:
        """The attributes as they are written; None when the element is not wanted at all."""
        allowed = _SVG_ATTRIBUTES | _ATTRIBUTES if tag in _SVG else _ATTRIBUTES
        kept: dict[str, str] = {}
        for name, value in attrs:
            name = "href" if name == "xlink:href" else name
            if (name in allowed or name.startswith(_PREFIXES)) and name not in kept:
                safe = self._value(tag, name, value or "")
                if safe is not None:
                    kept[name] = safe
        if tag == "img":
            if "src" not in kept:
                return None
            self.cleaner.images += 1
            kept.setdefault("alt", f"Image {self.cleaner.images}; no description was given")
        if tag == "svg":
            kept.setdefault("role", "img")
            if kept["role"] == "img" and not {"aria-label", "aria-labelledby", "aria-hidden"} & set(kept):
                self.cleaner.images += 1
                kept["aria-label"] = f"Figure {self.cleaner.images}; no description was given"
        if tag == "th" and "scope" not in kept:
            inside = [opened.tag for opened in self.stack if opened.tag in _SCOPED]
            kept["scope"] = _SCOPED[inside[-1]] if inside else "col"
        if tag == "a" and kept.get("href", "").startswith(("http", "mailto")):
            kept["rel"] = "noopener noreferrer"
        return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())

    def _value(self, tag: str, name: str, value: str) -> str | None:
        """The value if it is harmless here, else None."""
        if name == "id":
            return self._own_id(value)
        if name in _REFERENCES:
            return " ".join(self.renamed.get(part, part) for part in value.split())
        if name == "href":
            return self._link(tag, value.strip())
        if name == "src":
            return value if tag == "img" and _SAFE_IMAGE.match(value) else None
        if name == "style":
            return self._style(value)
        if name == "role":
            return None if value.strip().lower() in _BAD_ROLES else value
        if name == "tabindex":
            return "0" if value.strip() == "0" else None
        if "(" in value and tag in _SVG and not name.startswith("aria-") and "url" in value.lower():
            return self._local_url(value)
        return value

    def _own_id(self, value: str) -> str | None:
        if not value or re.search(r"\s", value):
            return None
        if value not in self.renamed:
            self.renamed[value] = self.cleaner.take_id(value)
            return self.renamed[value]
        return None  # the same id twice in one piece: the first keeps it

    def _link(self, tag: str, value: str) -> str | None:
        bare = re.sub(r"[\x00-\x20]", "", value)
        if bare.startswith("#"):
            return "#" + self.renamed.get(bare[1:], bare[1:])
        if tag != "a":
            return None  # <use> and gradients may point into the page alone
        return value if _SAFE_LINK.match(bare) or _RELATIVE.match(bare) else None

    def _local_url(self, value: str) -> str | None:
        found = _LOCAL_URL.fullmatch(value.strip())
        return f"url(#{self.renamed.get(found[1], found[1])})" if found else None

    def _style(self, value: str) -> str | None:
        parts = [part.strip() for part in value.split(";") if part.strip()]
        kept = []
        for part in parts:
            name, _, rest = part.partition(":")
            local = _LOCAL_URL.fullmatch(rest.strip())
            if local:
                kept.append(f"{name.strip()}: url(#{self.renamed.get(local[1], local[1])})")
            elif not _BAD_STYLE.search(part):
                kept.append(part)
        return "; ".join(kept) or None


def text_of(html: str) -> str:
    """The text of HTML as `Cleaner` writes it."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())
