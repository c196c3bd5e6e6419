"""Read Markdown and text with front matter: a block between two lines `---` that states title, date, address.

The front matter stays in the text (nothing vanishes), its lines hinted as such; what it states goes to
`known`. Headings are hinted. The text itself is left as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from workbench.read.decode import decode
from workbench.read.source import ParsedDocument

# The names that blogs, site generators and archives give to what we call title, date, ...
KEYS = {
    "title": "title", "headline": "title",
    "date": "date", "published": "date", "published_time": "date", "pubdate": "date", "publish_date": "date",
    "url": "url", "source_url": "url", "link": "url", "permalink": "url", "canonical": "url",
    "source": "source", "publisher": "source", "site": "source", "site_name": "source",
    "author": "author", "byline": "author", "by": "author",
    "place": "place", "location": "place",
    "language": "language", "lang": "language",
    "genre": "genre",
}  # fmt: skip
MAX_FRONT_LINES = 200  # a front matter that is longer is a text that begins with a rule

_FENCE = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n(?=[\w-]+[ \t]*:)")
_PAIR = re.compile(r"([A-Za-z][\w-]*)[ \t]*:(?:[ \t]+(.*))?$")
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.S)
_NAMED = {
    "n": "\n",
    "t": "\t",
    "_": "\u00a0",
    "N": "\u0085",
    "L": "\u2028",
    "P": "\u2029",
    "0": "\ufffd",
    "r": "\n",
    "e": "\ufffd",
}
_HEADING = re.compile(r"#{1,6}[ \t]+\S")


def guess(raw: bytes, path: Path) -> bool:
    """Front matter at its head, or a name that says so."""
    return bool(_FENCE.match(raw)) or path.suffix.lower() in (".md", ".markdown")


def parse(raw: bytes) -> Iterator[ParsedDocument]:
    """The whole file as one document."""
    decoded = decode(raw)
    lines = decoded.text.split("\n")
    end = _front_end(lines)
    metadata = _known(_pairs(lines[1 : end - 1])) if end else {}
    hints = dict.fromkeys(range(end), "front")
    if "\n#" in decoded.text or decoded.text[:1] == "#":
        hints |= {
            number: "heading"
            for number in range(end, len(lines))
            if lines[number][:1] == "#" and _HEADING.match(lines[number])
        }
    yield ParsedDocument(decoded.text, metadata, decoded.repairs, hints)


def _front_end(lines: list[str]) -> int:
    """Number of lines of the front matter with both fences; 0 without one."""
    if lines[0].rstrip() != "---":
        return 0
    for number, line in enumerate(lines[1:MAX_FRONT_LINES], start=1):
        if line.rstrip() in ("---", "..."):
            return number + 1 if any(_PAIR.match(line) for line in lines[1:number]) else 0
    return 0


def _pairs(lines: list[str]) -> dict[str, str]:
    """Keys and values at the outermost level; a value that goes on over indented lines is joined."""
    pairs: dict[str, str] = {}
    key = ""
    for line in lines:
        if match := _PAIR.match(line):
            key = match[1].lower()
            pairs[key] = (match[2] or "").strip()
        elif key and line[:1] in " \t" and line.strip():
            before = pairs[key]
            glue = "" if before.endswith("\\") and before.startswith('"') else " "
            pairs[key] = (before.removesuffix("\\") if not glue else before) + glue + line.strip()
    return {key: unquote(value) for key, value in pairs.items()}


def unquote(value: str) -> str:
    """The value of a scalar as YAML writes it: plain, in single or in double quotes.

    >>> unquote('"Nation\\\\u2019s day"')
    'Nation’s day'
    """
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return _ESCAPE.sub(_unescape, value[1:-1]).strip()
    if len(value) >= 2 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'").strip()
    return re.sub(r"^[|>][+-]?\s+", "", value)


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] not in "xuU" or len(code) == 1:
        return _NAMED.get(code, code)
    number = int(code[1:], 16)
    sound = number < 0x110000 and not 0xD800 <= number < 0xE000 and number
    return chr(number) if sound else "\N{REPLACEMENT CHARACTER}"


def _known(pairs: dict[str, str]) -> dict[str, str]:
    """What the front matter states in our words; of two keys with one meaning the first in KEYS counts."""
    known: dict[str, str] = {}
    for theirs, ours in KEYS.items():
        if pairs.get(theirs) and pairs[theirs] not in ("null", "~"):
            known.setdefault(ours, pairs[theirs])
    return known
