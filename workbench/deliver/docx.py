"""A report's page as a Word document: headings, real tables, figures as sharp images with their alt text."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from workbench.deliver.html_tree import first, inside, kinds, portable, said, tree_of, written
from workbench.deliver.pdf import evidence_open
from workbench.deliver.rasterize import image_size, png_of, ready as drawing_ready, size_of
from workbench.errors import MissingExtra

SCALE = 3.0  # pixels for each CSS pixel: about 300 dots an inch on paper
WIDEST, HIGHEST = (
    170.0,
    205.0,
)  # millimetres of a figure: what A4 leaves, with room for a heading and a caption
PIXEL = (
    25.4 / 96 * 0.84
)  # millimetres on paper of a drawing's pixel: its words are as large as those of tables
TEXT = 104  # characters of a table's text in one line of the page
LONGEST, UNBROKEN = 40, 22  # characters of a cell, and of a word, that a column gives room for
# What is only for the screen, or cannot be opened on paper.
_GONE = frozenset("nav script style".split())
# Pandoc lays a figure out as a table, and drops what is outside the article.
_PLAINER = dict.fromkeys("figure footer header main details section article".split(), "div") | dict.fromkeys(
    ("figcaption", "summary"), "p"
)
# Classes of the page, and the styles of Word that `word.py` gives a look.
_STYLES = {
    "wb-facts": "Quiet", "wb-quiet": "Quiet", "wb-stampline": "Quiet", "wb-first": "Quiet", "wb-behind": "Quiet",
    "wb-caveat": "Note", "wb-caveats": "Note", "wb-degraded": "Care", "wb-failed": "Care", "wb-error": "Care",
    "wb-question": "Question", "wb-stamp": "Quiet",
}  # fmt: skip


def docx_of(page: str) -> bytes:
    """The Word document of a whole page. MissingExtra when pandoc, or what draws the figures, is absent."""
    pypandoc = ready()
    from workbench.deliver.word import finish

    root = tree_of(evidence_open(portable(page)))
    title = said(next(root.iter("title"), None))
    body = next(root.iter("body"))
    _plain(body)
    whole = f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"></head>{written(body)}</html>'
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "report.docx"
        options = ["--sandbox", "--metadata", "lang=en", "--metadata", f"pagetitle={title}"]
        pypandoc.convert_text(
            whole, "docx", format="html-raw_html-auto_identifiers", outputfile=str(place), extra_args=options
        )
        return finish(place.read_bytes(), title)


def ready() -> Any:
    """Pandoc's package; MissingExtra with the hint where it, or what draws and styles, is absent."""
    try:
        import docx  # noqa: F401
        import pypandoc
    except ModuleNotFoundError as error:
        hint = "pip install 'analyst-workbench[docx]', or leave `docx` out of the formats"
        problem = f"{'pandoc' if error.name == 'pypandoc' else 'python-docx'} is not installed"
        raise MissingExtra("docx", problem=problem, hint=hint) from error
    drawing_ready("docx", "leave `docx` out of the formats")
    return pypandoc


# ---------------------------------------------------------------- the page, plainer


def _plain(element: ET.Element) -> None:
    """What is inside an element without what is for the screen, in elements and styles that Word has too."""
    for child in list(element):
        if _is_gone(child):
            _drop(element, child)
        elif child.tag == "svg":
            _replace(element, child, _image(child))
        elif child.tag == "img":
            if pixels := image_size(child.get("src", "")):
                _sized(child, pixels)
        elif "wb-keys" in kinds(child):
            rows = [[said(next(inside(one, tag), None)) for tag in ("b", "dt", "span")] for one in child]
            _replace(element, child, _rows(rows, (24, 34, 42), "Key"))
        elif child.tag == "dl":
            names, values = (list(map(said, child.iter(tag))) for tag in ("dt", "dd"))
            _replace(element, child, _rows(list(zip(names, values, strict=False)), (24, 76), "Stamp"))
        else:
            _plain_one(child)
            _plain(child)
            if child.tag == "table":
                _table(child)
            _replace(element, child, _styled(child))


def _is_gone(element: ET.Element) -> bool:
    folded = element.tag == "details" and "open" not in element.attrib
    return element.tag in _GONE or folded or "wb-tools" in kinds(element)


def _plain_one(element: ET.Element) -> None:
    """An element whose parts Word shows in another way."""
    if element.tag == "mark":
        _underlined(element)
    elif "wb-evidence" in kinds(element):
        _evidence(element)
    elif "wb-degraded" in kinds(element):  # a list would bring a style of its own
        for listed in element.findall("ul"):
            listed.tag = "div"
            for item in listed:
                item.tag, item.text = "p", f"• {item.text or ''}"
    elif "wb-facts" in kinds(element):
        element.text = " · ".join(said(one) for one in element)
        for one in list(element):
            element.remove(one)
    elif element.tag in ("h2", "h3", "h4"):  # a heading that leads back to its section is a heading
        for one in element.iter("a"):
            one.tag, one.attrib = "span", {}


def _styled(element: ET.Element) -> ET.Element:
    """The element that Word has, inside one that bears the style which stands for its classes."""
    style = next((_STYLES[kind] for kind in sorted(kinds(element) & set(_STYLES))), "")
    style = {"figcaption": "Image Caption", "summary": "Evidence Head"}.get(element.tag, style)
    element.tag = _PLAINER.get(element.tag, element.tag)
    if not style or element.tag == "span":
        return element
    around = ET.Element("div", {"data-custom-style": style})
    around.tail, element.tail = element.tail, None
    around.append(element)
    return around


def _rows(rows: Sequence[Sequence[str]], widths: Sequence[int], style: str) -> ET.Element:
    """Rows of words as a table whose first column is bold."""
    table = ET.Element("table")
    group = ET.SubElement(table, "colgroup")
    for width in widths:
        ET.SubElement(group, "col", style=f"width: {width}%")
    body = ET.SubElement(table, "tbody")
    for words in rows:
        row = ET.SubElement(body, "tr")
        for number, cell in enumerate(words):
            around = ET.SubElement(ET.SubElement(row, "td"), "div", {"data-custom-style": style})
            place = ET.SubElement(around, "p")
            (place if number else ET.SubElement(place, "strong")).text = cell
    return table


def _underlined(hit: ET.Element) -> None:
    """A hit, bold and underlined: a marker's yellow is loud on paper."""
    hit.tag = "strong"
    inner = ET.SubElement(hit, "u")
    inner.text, hit.text = hit.text, None


def _evidence(details: ET.Element) -> None:
    """The sentences of a fold as paragraphs: who in bold, the sentence, the address behind."""
    for one in details.iter():
        if "wb-sentence" in kinds(one):
            one.tag, one.text = "span", f" {one.text or ''}"
        elif "wb-who" in kinds(one):
            one.tag = "strong"
        elif "wb-address" in kinds(one):
            one.tag, one.text = "code", f" {one.text or ''}"
    for listed in details.findall("ul"):
        listed.tag = "div"
        listed.set("data-custom-style", "Evidence")
        for item in listed:
            item.tag = "p"


def _image(svg: ET.Element) -> ET.Element:
    """A drawing as an image in a paragraph that stays with what follows, with its own words as alt text."""
    markup = written(svg)
    source = "data:image/png;base64," + base64.b64encode(png_of(markup, SCALE)).decode()
    around = ET.Element("div", {"data-custom-style": "Drawing"})
    image = ET.SubElement(ET.SubElement(around, "p"), "img", src=source, alt=svg.get("aria-label", ""))
    _sized(image, size_of(markup))
    return around


def _sized(image: ET.Element, pixels: tuple[float, float]) -> None:
    """The size of an image on paper: as large as its words want it, never larger than a page."""
    width, height = (side * PIXEL for side in pixels)
    shrunk = min(1.0, WIDEST / max(width, 1), HIGHEST / max(height, 1))
    image.set("width", f"{width * shrunk:.1f}mm")
    image.set("height", f"{height * shrunk:.1f}mm")


# ---------------------------------------------------------------- tables


def _table(table: ET.Element) -> None:
    """A table as wide as the text, its columns by their words; numbers to the right."""
    for row in table.iter("tr"):
        for cell in row:
            kind = kinds(cell) | kinds(row)
            number, middle = kind & {"wb-number", "wb-left"}, kind & {"wb-hit", "wb-where"}
            cell.set("style", f"text-align: {'right' if number else 'center' if middle else 'left'}")
    rows = [row for row in table.iter("tr") if not any(cell.get("colspan") for cell in row)]
    n = max((len(row) for row in rows), default=0)
    if not n or any(len(row) != n for row in rows):
        return
    shares = [42.0, 16.0, 42.0] if n == 3 and first(table, "wb-hit") is not None else _widths(rows, n)
    for group in table.findall("colgroup"):
        _drop(table, group)
    group = ET.Element("colgroup")
    for share in shares:
        ET.SubElement(group, "col", style=f"width: {share:.1f}%")
    table.insert(1 if table.find("caption") is not None else 0, group)


def _widths(rows: list[ET.Element], n: int) -> list[float]:
    """The share of each column in percent: room for its longest word, then the rest by its longest cell."""
    texts = [[said(row[k]) for row in rows] for k in range(n)]
    heads = [all(row[k].get("scope") == "col" for k in range(n)) for row in rows]
    least = [
        min(max((_size(word) for text in column for word in text.split()), default=0), UNBROKEN) + 2
        for column in texts
    ]
    wanted = [
        max(
            (min(len(text), LONGEST) for text, head in zip(column, heads, strict=True) if not head), default=0
        )
        + 2
        for column in texts
    ]
    more = [max(want - need, 0) for want, need in zip(wanted, least, strict=True)]
    left = max(TEXT - sum(least), 0)
    shared = [
        need + left * part / sum(more) if sum(more) else float(need)
        for need, part in zip(least, more, strict=True)
    ]
    return [100 * one / sum(shared) for one in shared]


def _size(word: str) -> int:
    """How many letters of the usual width a word is as wide as: capitals take more."""
    return round(len(word) + 0.4 * sum(letter.isupper() for letter in word))


def _replace(parent: ET.Element, old: ET.Element, new: ET.Element) -> None:
    new.tail = old.tail
    parent[list(parent).index(old)] = new


def _drop(parent: ET.Element, child: ET.Element) -> None:
    """Take an element out, and leave the text behind it."""
    place = list(parent).index(child)
    tail = child.tail or ""
    if place:
        parent[place - 1].tail = (parent[place - 1].tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(child)
