"""HTML pages: the visible lines stay and are hinted; trafilatura has one vote on which are the story.

The only door to lxml and trafilatura. The text holds every visible line of the page, in page order, a
line for each block of it; scripts, styles, templates and hidden elements are no text. Hints of a line,
parted by spaces: heading, title (h1), link (mostly links), caption, item (of a list), time, cell,
edge (inside nav, header, footer, aside or a form), story (inside article or main), vote (trafilatura
takes it for the story).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from workbench.read.decode import MARKS, NotText, decode
from workbench.read.formats import Parsed

_MARKUP = re.compile(
    rb"(?is)\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b"
)
_STATED = re.compile(rb"(?i)<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)")
_HEAD = 4_096
MAX_DEPTH = (
    2_000  # nesting beyond any page written by hand or program; libxml2 itself stops at 256 unless told
)

HIDDEN = frozenset(
    "script style noscript template head svg iframe object canvas select option datalist audio video map math title meta link input button textarea".split()
)
BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul time".split()
)
EDGES = frozenset(("nav", "header", "footer", "aside", "form", "menu"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
MOSTLY = 0.7  # share of a line's letters inside links from which the line is a link
_GONE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def guess(raw: bytes, path: Path) -> bool:
    """Markup at its head, or a name that says so with a tag somewhere near."""
    if _MARKUP.match(raw[:_HEAD]):
        return True
    return (
        path.suffix.lower() in (".html", ".htm", ".xhtml")
        and re.search(rb"<[a-zA-Z!/]", raw[:_HEAD]) is not None
    )


def parse(raw: bytes, charset: str = "") -> Iterator[Parsed]:
    """The page as one document; `charset` is what its server stated beside it, if it did."""
    markup, repairs = _markup(raw, charset)
    tree = _tree(markup)
    known = page_facts(tree)
    lines = _lines(tree)
    votes = _votes(markup, lines)
    text = "\n".join(line.text for line in lines)
    hints = {}
    for number, line in enumerate(lines):
        marks = sorted(line.marks | ({"vote"} if number in votes else set()))
        if marks:
            hints[number] = " ".join(marks)
    yield Parsed(text, known, repairs, hints)


# What pages state is read as the encoding that browsers take for it (WHATWG Encoding, labels).
_MEANT = {
    "ascii": "cp1252", "us-ascii": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252", "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "x-sjis": "cp932",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "gb2312": "gb18030", "gbk": "gb18030",
    "x-gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "x-cp1251": "cp1251", "x-cp1252": "cp1252",
}  # fmt: skip
# Encodings that a page may be in; another codec of Python's (base64, idna, unicode_escape …) is none.
_KNOWN = re.compile(
    r"cp(?:125\d|866|874|932|949)|windows-(?:125\d|874)|iso-?8859-\d{1,2}|koi8-[ru]|mac(?:intosh|roman|-cyrillic)|"
    r"gb18030|big5(?:-hkscs)?|euc-jp|iso-2022-jp|utf-16(?:le|be)?"
)
_ESCAPED = b"\x1b"  # begins the other letters of iso-2022-jp, which is ASCII and so UTF-8 as well


def _markup(raw: bytes, charset: str = "") -> tuple[str, tuple[str, ...]]:
    """The page decoded in the order of the HTML standard: byte order mark, the server's word, the page's own.

    One thing stands above both words: a page with letters beyond ASCII that is valid UTF-8 is that, whoever
    says otherwise. What neither word decodes is read by content.
    """
    stated = _STATED.search(raw[:_HEAD])
    own = stated[1].decode().lower() if stated else ""
    own = "utf-8" if own.startswith("utf-16") else own  # a page whose own tag can be read is not UTF-16
    for name, who in ((charset.lower(), "its server states"), (own, "the page states")):
        if (text := _as_stated(raw, name)) is not None:
            return decode(text.encode()).text, (f"read as {name}, as {who}",)
    decoded = decode(raw)
    return decoded.text, decoded.repairs


def _as_stated(raw: bytes, name: str) -> str | None:
    """`raw` as the encoding that is stated for it; None where that cannot be, or UTF-8 is the better reading."""
    meant = _MEANT.get(name, name)
    if not _KNOWN.fullmatch(meant) or raw.startswith(MARKS):
        return None
    if meant.startswith("utf-16") and b"\0" not in raw[:_HEAD]:
        return None  # markup has a null byte in each of its letters there
    if _ESCAPED not in raw and not meant.startswith("utf-16"):
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return None
    try:
        return raw.decode(meant)
    except (LookupError, UnicodeDecodeError):
        return None


def _tree(markup: str) -> Any:
    from lxml import etree, html  # type: ignore[import-untyped]

    parser = html.HTMLParser(
        huge_tree=True, remove_comments=True, remove_pis=True, no_network=True, encoding="utf-8"
    )
    try:
        tree = html.document_fromstring(markup.encode("utf-8", errors="replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise NotText(f"markup that cannot be parsed ({error})") from error
    return tree


class VisibleLine(NamedTuple):
    """A line as a reader sees it, with its marks."""

    text: str
    marks: frozenset[str]


def _lines(tree: Any) -> list[VisibleLine]:
    """The visible lines of a page; an empty line where nothing is visible between two blocks is left out."""
    from lxml import etree

    lines: list[VisibleLine] = []
    parts: list[str] = []
    linked = 0
    stack: list[str] = []
    hidden = 0

    def flush() -> None:
        nonlocal linked
        text = " ".join("".join(parts).split(" ")).strip()
        text = re.sub(r"[ \t\r\n\f\v]+", " ", text).strip()
        if text:
            lines.append(VisibleLine(text, _marks(stack, linked, len(text))))
        parts.clear()
        linked = 0

    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else "#"
        if event == "start":
            gone = _is_hidden(element, tag)
            if tag in BLOCKS and not hidden:
                flush()
            stack.append(tag)
            hidden += gone
            if not hidden and element.text:
                parts.append(element.text)
                linked += len(element.text.strip()) if "a" in stack else 0
            continue
        if tag in BLOCKS and not hidden:
            flush()
        hidden -= _is_hidden(element, tag)
        stack.pop()
        if not hidden and element.tail:
            parts.append(element.tail)
            linked += len(element.tail.strip()) if "a" in stack else 0
    flush()
    return lines


def _is_hidden(element: Any, tag: str) -> bool:
    if tag in HIDDEN or tag == "#":
        return True
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _GONE.search(style))


def _marks(stack: list[str], linked: int, length: int) -> frozenset[str]:
    marks = set()
    tags = set(stack)
    if tags & HEADINGS:
        marks.add("heading")
    if "h1" in tags:
        marks.add("title")
    if linked >= MOSTLY * length:
        marks.add("link")
    for tag, mark in (("figcaption", "caption"), ("li", "item"), ("time", "time"), ("td", "cell")):
        if tag in tags:
            marks.add(mark)
    if tags & EDGES:
        marks.add("edge")
    if "article" in tags or "main" in tags:
        marks.add("story")
    return frozenset(marks)


def _votes(markup: str, lines: list[VisibleLine]) -> set[int]:
    """The lines that trafilatura takes for the story."""
    import trafilatura

    try:
        found = trafilatura.extract(markup, include_comments=False, include_tables=True, fast=False)
    except (ValueError, RecursionError, AttributeError, TypeError):
        return set()
    if not found:
        return set()
    story, whole = f" {_key(found)} ", {_key(line) for line in found.split("\n")}
    keys = [_key(line.text) for line in lines]
    return {
        number
        for number, key in enumerate(keys)
        if key and (key in whole or (key.count(" ") >= LONG and f" {key} " in story))
    }


LONG = (
    4  # spaces; a shorter line must be a whole line of trafilatura's, since "Home" stands in many a sentence
)


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


# ---------------------------------------------------------------- what a page states of itself

_META = {
    "title": ("og:title", "twitter:title", "dc.title", "headline"),
    "date": ("article:published_time", "datepublished", "og:published_time", "dc.date", "dc.date.issued", "pubdate", "publishdate", "date", "sailthru.date", "parsely-pub-date", "publication_date"),
    "source": ("og:site_name", "application-name", "dc.publisher"),
    "url": ("og:url",),
    "author": ("author", "article:author", "dc.creator", "parsely-author"),
}  # fmt: skip


def page_facts(tree: Any) -> dict[str, str]:
    """What the head of a page states: title, date, source, address, author, language."""
    stated: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        content = " ".join((meta.get("content") or "").split())
        if name and content:
            stated.setdefault(name, content)
    facts = {
        ours: found
        for ours, names in _META.items()
        for found in [next((stated[n] for n in names if n in stated), "")]
        if found
    }
    for key, said in _linked_data(tree).items():
        facts.setdefault(key, said)
    _add_title(tree, facts)
    canonical = next(
        (
            link.get("href")
            for link in tree.iter("link")
            if link.get("rel") == "canonical" and link.get("href")
        ),
        None,
    )
    if canonical and canonical.startswith(("http://", "https://")):
        facts["url"] = canonical
    if language := (tree.get("lang") or ""):
        facts["language"] = language[:2].lower()
    return facts


def _add_title(tree: Any, facts: dict[str, str]) -> None:
    headings = [" ".join(h.text_content().split()) for h in tree.iter("h1")]
    headings = [heading for heading in headings if heading]
    stated = facts.get("title") or next((" ".join(t.text_content().split()) for t in tree.iter("title")), "")
    inside = [heading for heading in headings if _key(heading) and _key(heading) in _key(stated)]
    if inside:
        facts["title"] = max(inside, key=len)
    elif stated:
        facts["title"] = stated


def _linked_data(tree: Any) -> Mapping[str, str]:
    """Headline and date of the article that the page describes in JSON-LD."""
    facts: dict[str, str] = {}
    for script in tree.iter("script"):
        if script.get("type") != "application/ld+json" or not script.text:
            continue
        try:
            loaded = json.loads(script.text, strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(loaded):
            for theirs, ours in (("headline", "title"), ("datePublished", "date")):
                if isinstance(node.get(theirs), str):
                    facts.setdefault(ours, " ".join(node[theirs].split()))
    return facts


def _nodes(loaded: Any) -> Iterator[Mapping[str, Any]]:
    waiting = [loaded]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            yield node
            waiting += [node["@graph"]] if "@graph" in node else []
