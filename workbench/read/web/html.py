"""Read HTML pages: the visible lines stay and are hinted; trafilatura has one vote on which are the story.

The only door to lxml and trafilatura. The text holds every visible line of the page, in page order, a
line for each block of it; `<br>` and preformatted text (`preformatted`) keep their lines, and a run of `<br>`
is a blank line. Scripts, styles, templates and hidden elements are no text. Hints of a line,
parted by spaces: heading, title (h1), link (mostly links), caption, item (of a list), time, cell,
edge (inside nav, header, footer, aside or a form), story (inside article or main), vote (trafilatura
takes it for the story).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from workbench.read.decode import MARKS, NotText, decode
from workbench.read.source import ParsedDocument
from workbench.read.web.preformatted import COLLAPSE, lay_out, lines_of, mode_of, rules

_MARKUP = re.compile(
    rb"(?is)\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b"
)
_STATED = re.compile(rb"(?i)<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)")
_HEAD = 4_096
HIDDEN = frozenset(
    "script style noscript template head svg iframe object canvas select option datalist audio video map math title meta link input button".split()
)
BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li listing main menu nav ol p plaintext pre section summary table tbody td tfoot th textarea thead time tr ul xmp".split()
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


def parse(raw: bytes, charset: str = "") -> Iterator[ParsedDocument]:
    """The page as one document; `charset` is what its server stated beside it, if it did."""
    markup, repairs = _markup(raw, charset)
    tree = _tree(markup)
    metadata = page_metadata(tree)
    lines = _lines(tree)
    votes = _votes(markup, lines)
    text = "\n".join(line.text for line in lines)
    yield ParsedDocument(text, metadata, repairs, _hints(lines, votes))


def _hints(lines: list[VisibleLine], votes: set[int]) -> dict[int, str]:
    """The hints of the lines that begin something; a vote for half the lines of a paragraph is one for it."""
    hints = {}
    line_starts = [number for number, line in enumerate(lines) if line.begins and line.text]
    for number, end in pairwise([*line_starts, len(lines)]):
        own_lines = [n for n in range(number, end) if lines[n].text]
        voted = {"vote"} if 2 * sum(n in votes for n in own_lines) >= len(own_lines) else set()
        if marks := sorted(lines[number].marks | voted):
            hints[number] = " ".join(marks)
    return hints


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
    page_charset = stated[1].decode().lower() if stated else ""
    page_charset = (
        "utf-8" if page_charset.startswith("utf-16") else page_charset
    )  # a page whose own tag can be read is not UTF-16
    for name, authority in ((charset.lower(), "its server states"), (page_charset, "the page states")):
        if (text := _as_stated(raw, name)) is not None:
            return decode(text.encode()).text, (f"read as {name}, as {authority}",)
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
    """A line as a reader sees it, with its marks; one that does not begin goes on with the paragraph above."""

    text: str
    marks: frozenset[str]
    begins: bool = True


BLANK = VisibleLine("", frozenset())


class _Group:
    """The lines of a page between two of its blocks: one, unless `<br>` or line feeds that count part them."""

    def __init__(self) -> None:
        self.lines: list[VisibleLine] = []  # blank ones included
        self._parts: list[str] = []
        self._linked = 0
        self._collapsed = True

    def add(self, text: str, mode: str, tags: Mapping[str, int]) -> None:
        """Add a run of text inside elements with these tags."""
        first, *rest = lines_of(text, mode)
        self._add(first, mode, tags)
        for line in rest:
            self.end_line(tags)
            self._add(line, mode, tags)

    def _add(self, text: str, mode: str, tags: Mapping[str, int]) -> None:
        self._parts.append(text)
        self._collapsed = self._collapsed and (mode == COLLAPSE or not text)
        self._linked += len(text.strip()) if "a" in tags else 0

    def end_line(self, tags: Mapping[str, int]) -> None:
        """End the open line."""
        text = "".join(self._parts)
        if self._collapsed:
            text = re.sub(" +", " ", text).strip(" ")
        bare = text.strip()
        marks = _marks(tags, self._linked, len(bare)) if bare else frozenset()
        self.lines.append(VisibleLine(text if bare else "", marks))
        self._parts, self._linked, self._collapsed = [], 0, True

    def laid_out(self, tags: Mapping[str, int]) -> tuple[list[VisibleLine], bool]:
        """All lines, and whether they are hard-wrapped prose."""
        if self._parts:
            self.end_line(tags)
        if len(self.lines) < 2:
            return [line._replace(text=line.text.strip()) for line in self.lines if line.text], False
        laid, wrapped = lay_out([line.text for line in self.lines])
        marks = iter([line.marks for line in self.lines if line.text])
        lines = []
        for text, begins, row in laid:
            line_marks = next(marks) if text else frozenset()
            lines.append(VisibleLine(text, line_marks | {"cell"} if row else line_marks, begins))
        return lines, wrapped


class _Walk:
    """The groups of visible lines, collected while the elements of a page open and close."""

    def __init__(self, styles: dict[str, str]) -> None:
        self.groups: list[list[VisibleLine]] = []
        self.any_wrapped = False
        self._styles = styles
        self._tags: dict[str, int] = {}  # open elements, counted: a page may nest thousands
        self._open = [(COLLAPSE, False)]  # of each open element its white space, and whether it is hidden
        self._group = _Group()

    def start(self, element: Any, tag: str) -> None:
        """Open an element."""
        mode, hidden = self._open[-1]
        if tag in BLOCKS and tag != "br" and not hidden:
            self.close_group()
        self._tags[tag] = self._tags.get(tag, 0) + 1
        hidden = hidden or _is_hidden(element, tag)
        self._open.append((mode_of(element, tag, mode, self._styles), hidden))
        self._text(element.text)

    def end(self, element: Any, tag: str) -> None:
        """Close it, and read what stands behind it."""
        if not self._open[-1][1]:
            if tag == "br":
                self._group.end_line(self._tags)
            elif tag in BLOCKS:
                self.close_group()
        self._open.pop()
        self._tags[tag] -= 1
        if not self._tags[tag]:
            del self._tags[tag]
        self._text(element.tail)

    def _text(self, text: str | None) -> None:
        mode, hidden = self._open[-1]
        if text and not hidden:
            self._group.add(text, mode, self._tags)

    def close_group(self) -> None:
        """End the open group."""
        lines, wrapped = self._group.laid_out(self._tags)
        self.any_wrapped = self.any_wrapped or wrapped
        if lines:
            self.groups.append(lines)
        self._group = _Group()


def _lines(tree: Any) -> list[VisibleLine]:
    """The visible lines of a page.

    Blank ones stand where lines inside a block are parted by one, and between all blocks of a page with
    hard-wrapped prose: nothing else keeps the step that joins such lines from joining two blocks.
    """
    from lxml import etree

    walk = _Walk(rules(tree))
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else "#"
        (walk.start if event == "start" else walk.end)(element, tag)
    walk.close_group()
    lines: list[VisibleLine] = []
    for group in walk.groups:
        if lines and walk.any_wrapped:
            lines.append(BLANK)
        lines += group
    return lines


def _is_hidden(element: Any, tag: str) -> bool:
    if tag in HIDDEN or tag == "#":
        return True
    if tag == "textarea" and (element.text or "").lstrip()[:1] == "<":
        return True  # code to embed the page elsewhere
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _GONE.search(style))


def _marks(tags: Mapping[str, int], linked: int, length: int) -> frozenset[str]:
    marks = set()
    if tags.keys() & HEADINGS:
        marks.add("heading")
    if "h1" in tags:
        marks.add("title")
    if linked >= MOSTLY * length:
        marks.add("link")
    for tag, name in (("figcaption", "caption"), ("li", "item"), ("time", "time"), ("td", "cell")):
        if tag in tags:
            marks.add(name)
    if tags.keys() & EDGES:
        marks.add("edge")
    if "article" in tags or "main" in tags:
        marks.add("story")
    return frozenset(marks)


def _votes(markup: str, lines: list[VisibleLine]) -> set[int]:
    """The lines that trafilatura takes for the story."""
    import trafilatura

    try:
        extracted = trafilatura.extract(markup, include_comments=False, include_tables=True, fast=False)
    except (ValueError, RecursionError, AttributeError, TypeError):
        return set()
    if not extracted:
        return set()
    story, extracted_lines = f" {_key(extracted)} ", {_key(line) for line in extracted.split("\n")}
    keys = [_key(line.text) for line in lines]
    return {
        number
        for number, key in enumerate(keys)
        if key and (key in extracted_lines or (key.count(" ") >= LONG and f" {key} " in story))
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


def page_metadata(tree: Any) -> dict[str, str]:
    """What the head of a page states: title, date, source, address, author, language."""
    stated: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        content = " ".join((meta.get("content") or "").split())
        if name and content:
            stated.setdefault(name, content)
    facts = {
        ours: value
        for ours, names in _META.items()
        for value in [next((stated[n] for n in names if n in stated), "")]
        if value
    }
    for key, linked_value in _linked_data(tree).items():
        facts.setdefault(key, linked_value)
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
