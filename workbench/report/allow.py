"""What may stand in a report: the elements, the attributes, and the values they may have.

Chosen by what tables, figures, evidence and prose need. What is not listed is not written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping


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
