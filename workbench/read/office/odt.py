"""Read OpenDocument texts (.odt, .ott, and flat .fodt): paragraphs, headings as hints, tables as lines, notes.

Read from the XML within the bounds of `limits`. Headers and footers come once, hinted `running`; notes
follow the text, hinted `note`. Deleted text, comments and pictures are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.read.limits import Refused, Zip, elements, open_zip, parse_xml
from workbench.read.office.paragraphs import Paragraphs, Properties
from workbench.read.source import ParsedDocument

_TYPE = b"application/vnd.oasis.opendocument.text"
_FLAT = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml[^>]*>\s*(?:<!--.*?-->\s*)?<office:document\s", re.DOTALL)
_SKIPPED = frozenset(
    ("tracked-changes", "annotation", "note-citation", "sequence-decls", "forms", "binary-data")
)
_PARAGRAPHS = frozenset(("p", "h"))
_EDGES = {"header": "header", "header-left": "header", "footer": "footer", "footer-left": "footer"}
MAX_SPACES = 200  # a run of spaces is stored as its number; nobody indents further


def guess(raw: bytes, path: Path) -> bool:
    """A zip with a member that states the type, first and unpacked as the standard asks or not; a flat file's root."""
    if _FLAT.match(raw[:4_096]):
        return True
    if not raw.startswith(b"PK"):
        return False
    if _TYPE in raw[:200]:
        return True
    if b"content.xml" not in raw:
        return False
    try:
        parts = open_zip(raw)
        return "mimetype" in parts and parts.read("mimetype", 1_000).startswith(_TYPE)
    except Refused:
        return path.suffix.lower() in (".odt", ".ott")


def parse(raw: bytes) -> Iterator[ParsedDocument]:
    """The file as one document. Raises Refused for a locked or damaged one."""
    if raw.startswith(b"PK"):
        parts = open_zip(raw)
        _refuse_locked(parts)
        content = _part(parts, "content.xml")
        if content is None:
            raise Refused("the OpenDocument file holds no content.xml", "open it, and save it again")
        styles, meta = _part(parts, "styles.xml"), _part(parts, "meta.xml")
        repairs = ["macros in it were left alone"] if any(n.startswith("Basic/") for n in parts.names) else []
    else:
        content = styles = meta = parse_xml(raw, "the file")
        repairs = []
    page = Paragraphs()
    hints = _heading_styles(content, styles)
    _add_edges(styles, "header", page)
    for body in content.iter("{*}text"):
        if body.getparent() is not None and body.getparent().tag.endswith("}body"):
            _add(body, hints, page)
    _add_edges(styles, "footer", page)
    repairs += (
        ["comments in the margin are left out"]
        if next(content.iter("{*}annotation"), None) is not None
        else []
    )
    repairs += (
        ["text deleted with change tracking is left out"]
        if next(content.iter("{*}deletion"), None) is not None
        else []
    )
    yield page.parsed(_properties(meta), tuple(repairs))


def _part(parts: Zip, name: str) -> Any:
    return parse_xml(parts.read(name), f"`{name}`") if name in parts else None


def _refuse_locked(parts: Zip) -> None:
    manifest = _part(parts, "META-INF/manifest.xml")
    if manifest is not None and next(manifest.iter("{*}encryption-data"), None) is not None:
        raise Refused("the file is locked with a password", "open it, remove the password and save it again")


def _heading_styles(*roots: Any) -> dict[str, str]:
    """Hints by style name: of the styles named for a title, and of those made from them."""
    hints = {"Title": "heading title"}
    for root in roots:
        for style in root.iter("{*}style") if root is not None else ():
            name, parent = _attribute(style, "name"), _attribute(style, "parent-style-name")
            if parent in hints:
                hints[name] = hints[parent]
    return hints


def _attribute(element: Any, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _add(root: Any, styles: dict[str, str], page: Paragraphs, inherited_hint: str = "") -> None:
    """Add the paragraphs and rows below `root`, then its notes; `inherited_hint` is the hint of those without one."""
    waiting: list[list[str]] = []
    hints: list[str] = []
    notes: list[str] = []
    depth = skipped = 0
    for event, element in elements(root):
        tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "#"
        starts = event == "start"
        if tag in _SKIPPED or tag == "#":
            skipped += 1 if starts else -1
        elif not skipped and tag in _PARAGRAPHS:
            if starts:
                waiting.append([])
                hints.append(
                    "heading" if tag == "h" else styles.get(_attribute(element, "style-name"), inherited_hint)
                )
            else:
                text, hint = "".join(waiting.pop()), hints.pop()
                notes.append(text) if depth else page.add(text, hint)
        elif not skipped and tag == "note":
            depth += 1 if starts else -1
        elif not skipped and tag == "table-row":
            page.open_row() if starts else page.close_row()
        elif not skipped and starts and tag in ("table-cell", "covered-table-cell"):
            page.open_cell()
        elif not skipped and starts and waiting:
            waiting[-1].append(_mark(element, tag))
        if waiting and not skipped:
            waiting[-1].append(((element.text if starts else element.tail) or "").replace("\n", " "))
    for note in notes:
        page.add(note, "note")


def _mark(element: Any, tag: str) -> str:
    if tag == "s":
        count = _attribute(element, "c")
        return " " * (
            min(int(count), MAX_SPACES) if count.isascii() and count.isdigit() and len(count) < 9 else 1
        )
    return {"tab": " ", "line-break": "\n"}.get(tag, "")


def _add_edges(styles: Any, kind: str, page: Paragraphs) -> None:
    """Add what stands at the head or foot of every page, each text once."""
    texts_seen = set()
    for edge in (
        styles.iter(*(f"{{*}}{tag}" for tag, of in _EDGES.items() if of == kind))
        if styles is not None
        else ()
    ):
        text = "".join(edge.itertext()).strip()
        if text and text not in texts_seen:
            texts_seen.add(text)
            _add(edge, {}, page, inherited_hint="running")


def _properties(meta: Any) -> Properties:
    if meta is None:
        return Properties()
    properties: dict[str, str] = {}
    for element in meta.iter("{*}title", "{*}initial-creator", "{*}creator", "{*}creation-date"):
        properties.setdefault(element.tag.rpartition("}")[2], element.text or "")
    author = properties.get("initial-creator") or properties.get("creator", "")
    return Properties(properties.get("title", ""), author, properties.get("creation-date", ""))
