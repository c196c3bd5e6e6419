"""Read Word files (.docx, .docm): paragraphs, headings as hints, tables as lines, footnotes at the end.

Read from the XML itself, part by part within the bounds of `limits`: nothing in the file is run, no
address is followed. Headers and footers come once, hinted `running`; footnotes and endnotes follow the
text, hinted `note`. Deleted text, comments and pictures are left out, macros are left alone; each is
told as a repair.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.read.limits import Refused, Zip, elements, open_zip, parse_xml
from workbench.read.office.paragraphs import Paragraphs, Properties
from workbench.read.source import ParsedDocument

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of Word before 2007, and of locked files since
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_MAIN = "word/document.xml"
# What is in the file and is not on the page as it is read: deletions, field codes, the second version
# of a drawing for old programs, the text behind a placeholder.
_SKIPPED = frozenset(
    ("del", "moveFrom", "instrText", "delText", "Fallback", "rPr", "sectPr", "tblPr", "tcPr")
)
_MARKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}


def guess(raw: bytes, path: Path) -> bool:
    """A zip with Word's main part; also what an older Word wrote, to say what to do about it."""
    if raw.startswith(OLE):
        return True
    if not raw.startswith(b"PK"):
        return False
    try:
        return _MAIN in open_zip(raw) or _main(open_zip(raw)) is not None
    except Refused:
        return path.suffix.lower() in (".docx", ".docm", ".dotx")


def parse(raw: bytes) -> Iterator[ParsedDocument]:
    """The file as one document. Raises Refused for a locked, old or damaged one."""
    if raw.startswith(OLE):
        raise _old(raw)
    parts = open_zip(raw)
    main = _main(parts)
    if main is None:
        raise Refused("the Word file holds no text part", "open it in Word, and save it again")
    folder = posixpath.dirname(main)
    body = parse_xml(parts.read(main), f"`{main}`")
    page = Paragraphs()
    _add_edges(parts, folder, "header", page)
    _add(body, _heading_styles(parts, folder), page)
    for kind in ("footnote", "endnote"):
        _add_notes(parts, f"{folder}/{kind}s.xml", kind, page)
    _add_edges(parts, folder, "footer", page)
    yield page.parsed(_properties(parts), tuple(_told(parts, folder, body)))


def _old(raw: bytes) -> Refused:
    if _LOCKED in raw:
        return Refused("the file is locked with a password", "open it, remove the password and save it again")
    return Refused(
        "a file of Office 97-2003 (.doc, .xls, .ppt, .msg)",
        "open it, and save it as .docx, .xlsx, .pdf or .eml",
    )


def _main(parts: Zip) -> str | None:
    """The name of the main part: where the package's relations point, if that is a Word text."""
    if _MAIN in parts:
        return _MAIN
    if "_rels/.rels" not in parts:
        return None
    for relation in parse_xml(parts.read("_rels/.rels"), "`_rels/.rels`").iter("{*}Relationship"):
        target = relation.get("Target", "").lstrip("/")
        if (
            relation.get("Type", "").endswith("/officeDocument")
            and target.startswith("word/")
            and target in parts
        ):
            return str(target)
    return None


def _heading_styles(parts: Zip, folder: str) -> dict[str, str]:
    """Hints by style id: of headings and titles, and of the styles based on them."""
    name = f"{folder}/styles.xml"
    if name not in parts:
        return {}
    hints, parents = {}, {}
    for style in parse_xml(parts.read(name), f"`{name}`").iter("{*}style"):
        key = _attribute(style, "styleId")
        called = next((_attribute(child, "val") for child in style.iterchildren("{*}name")), "").lower()
        parents[key] = next((_attribute(child, "val") for child in style.iterchildren("{*}basedOn")), "")
        if called == "title":
            hints[key] = "heading title"
        elif called.startswith("heading "):
            hints[key] = "heading"
    for key, parent in parents.items():
        for _ in range(8):  # deeper than any chain of styles; a chain may be a ring
            if key in hints or not parent:
                break
            if parent in hints:
                hints[key] = hints[parent]
            parent = parents.get(parent, "")
    return hints


def _attribute(element: Any, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _add(root: Any, styles: dict[str, str], page: Paragraphs, hint: str = "") -> None:
    """Add the paragraphs and rows below `root`; `hint` is the hint of those that have none."""
    open_paragraphs: list[list[str]] = []
    hints: list[str] = []
    skipped = 0
    for event, element in elements(root):
        tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "#"
        starts = event == "start"
        if tag in _SKIPPED:
            skipped += 1 if starts else -1
        elif skipped:
            continue
        elif tag == "p":
            if starts:
                open_paragraphs.append([])
                hints.append(hint)
            else:
                page.add("".join(open_paragraphs.pop()), hints.pop())
        elif tag == "tr":
            page.open_row() if starts else page.close_row()
        elif tag == "tc" and starts:
            page.open_cell()
        elif starts and open_paragraphs:
            open_paragraphs[-1].append(_text(element, tag))
            hints[-1] = _hint(element, tag, styles) or hints[-1]


def _text(element: Any, tag: str) -> str:
    """What an element within a paragraph shows."""
    return (element.text or "").replace("\n", " ") if tag == "t" else _MARKS.get(tag, "")


def _hint(element: Any, tag: str, styles: dict[str, str]) -> str:
    if tag == "pStyle":
        return styles.get(_attribute(element, "val"), "")
    return "heading" if tag == "outlineLvl" and _attribute(element, "val") in tuple("01234567") else ""


def _add_notes(parts: Zip, name: str, kind: str, page: Paragraphs) -> None:
    """Add the notes of one kind, numbered as Word numbers them; their separators are no notes."""
    if name not in parts:
        return
    notes = [
        note
        for note in parse_xml(parts.read(name), f"`{name}`").iterchildren(f"{{*}}{kind}")
        if _attribute(note, "type") in ("", "normal")
    ]
    for note in notes:
        _add(note, {}, page, hint="note")


def _add_edges(parts: Zip, folder: str, kind: str, page: Paragraphs) -> None:
    """Add what stands at the head or foot of every page, each text once."""
    texts_seen: set[bytes] = set()
    for name in sorted(
        name for name in parts.names if name.startswith(f"{folder}/{kind}") and name.endswith(".xml")
    ):
        raw = parts.read(name)
        if raw not in texts_seen:
            texts_seen.add(raw)
            _add(parse_xml(raw, f"`{name}`"), {}, page, hint="running")


def _properties(parts: Zip) -> Properties:
    if "docProps/core.xml" not in parts:
        return Properties()
    properties = {
        child.tag.rpartition("}")[2]: child.text or ""
        for child in parse_xml(parts.read("docProps/core.xml"), "`docProps/core.xml`").iterchildren("{*}*")
    }
    return Properties(
        properties.get("title", ""), properties.get("creator", ""), properties.get("created", "")
    )


def _told(parts: Zip, folder: str, body: Any) -> Iterator[str]:
    """What was left out, in words."""
    if any(name.endswith("vbaProject.bin") for name in parts.names):
        yield "macros in it were left alone"
    if next(body.iter("{*}del", "{*}moveFrom"), None) is not None:
        yield "text deleted with change tracking is left out"
    if f"{folder}/comments.xml" in parts:
        yield "comments in the margin are left out"
    if next(body.iter("{*}altChunk"), None) is not None:
        yield "a file embedded in the text is left out"
