"""Convert a report's page to a Word document.

The look of a Word document that pandoc has written: paper, fonts, styles, tables that break between rows, page numbers.

A report's page as a Word document: headings, real tables, figures as sharp images with their alt text.
"""

from __future__ import annotations

import base64
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from workbench.deliver.html_tree import (
    classes_of,
    descendants,
    first_of_class,
    parse_page,
    replace_dead_links,
    text_of,
    to_html,
)
from workbench.deliver.pdf import evidence_open
from workbench.deliver.rasterize import image_size, ready as drawing_ready, size_of, svg_to_png
from workbench.errors import MissingExtra

if TYPE_CHECKING:
    from docx.document import Document

FONT, MONO = "Arial", "Courier New"  # on every machine, or with one of the same measures
INK, QUIET, ACCENT, LINE, CARE = "1C1E21", "5A6068", "0B5C8F", "BBBBBB", "FDF6E3"
WIDTH = 174  # millimetres of text on A4
# points, space before and after in points, colour, bold, whether it stays with what follows
_LOOKS: dict[str, tuple[float, float, float, str, bool, bool]] = {
    "Normal": (9.5, 0, 5, INK, False, False),
    "Body Text": (9.5, 3, 5, INK, False, False),
    "First Paragraph": (9.5, 3, 5, INK, False, False),
    "Compact": (9.5, 1, 1, INK, False, False),
    "Heading 1": (20, 0, 6, INK, True, True),
    "Heading 2": (14, 18, 4, INK, True, True),
    "Heading 3": (11.5, 12, 3, INK, True, True),
    "Heading 4": (10, 10, 2, INK, True, True),
    "Table Caption": (8.5, 8, 3, QUIET, False, True),
    "Image Caption": (8.5, 2, 8, QUIET, False, False),
    "Definition Term": (8.5, 3, 0, INK, True, True),
    "Definition": (8.5, 0, 3, INK, False, False),
    "Question": (12, 10, 3, INK, False, True),
    "Quiet": (8.5, 2, 4, QUIET, False, False),
    "Note": (9, 4, 6, QUIET, False, False),
    "Care": (9.5, 2, 2, INK, False, False),
    "Drawing": (9.5, 6, 2, INK, False, True),
    "Evidence Head": (8.5, 8, 2, ACCENT, False, True),
    "Evidence": (8.5, 0, 3, INK, False, False),
    "Table Text": (8, 1.5, 1.5, INK, False, False),
    "Key": (10, 2, 2, INK, False, False),
    "Stamp": (8, 1, 1, QUIET, False, False),
    "Source Code": (8, 4, 6, INK, False, False),
}

_OPENED = ("Drawing", "Table Caption", "Heading")  # what a sentence under a heading leads to


def finish(content: bytes, title: str) -> bytes:
    """The document on A4, in one font, with tables that can be read and a page number on each page."""
    import docx

    document = docx.Document(io.BytesIO(content))
    document.core_properties.title = title
    _styles(document)
    _paper(document)
    _table_style(document)
    for table in document.tables:
        _table(document, table)
    _stay_together(document)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _paper(document: Document) -> None:
    from docx.shared import Mm

    for section in document.sections:
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm((210 - WIDTH) / 2)
        section.top_margin = section.bottom_margin = Mm(20)
        section.footer_distance = section.header_distance = Mm(10)
        _page_number(section.footer.paragraphs[0])


def _page_number(paragraph: Any) -> None:
    """`3 of 12`, which Word counts itself."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.style = "Quiet"
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for words in ("PAGE", " of ", "NUMPAGES"):
        run = paragraph.add_run("" if words.isupper() else words)
        if words.isupper():
            for kind in ("begin", words, "end"):
                part = OxmlElement("w:instrText" if kind == words else "w:fldChar")
                if kind == words:
                    part.text = words
                else:
                    part.set(qn("w:fldCharType"), kind)
                run._r.append(part)


def _styles(document: Document) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    styles = document.styles
    for fonts in styles.element.iter(qn("w:rFonts")):  # theme fonts are stronger than named ones
        mono = "Consolas" in fonts.attrib.values()
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), MONO if mono else FONT)
    for name, (size, before, after, colour, bold, stays) in _LOOKS.items():
        known = name in {style.name for style in styles}
        style: Any = styles[name] if known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        if not known:
            style.base_style = styles["Normal"]
        style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), bold, False
        style.font.color.rgb = RGBColor.from_string(colour)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.keep_with_next, style.paragraph_format.widow_control = stays, True
    styles["Note"].paragraph_format.left_indent = Mm(4)
    styles["Evidence"].paragraph_format.left_indent = Mm(4)
    styles["Evidence"].paragraph_format.keep_together = True
    styles["Image Caption"].paragraph_format.keep_together = True
    styles["Care"].paragraph_format.left_indent = Mm(2)
    styles["Care"].element.pPr.find(qn("w:spacing")).addprevious(_shade())  # in the order of the schema
    styles["Verbatim Char"].font.name, styles["Verbatim Char"].font.size = MONO, Pt(8)
    styles["Source Code"].font.name = MONO


def _shade() -> Any:
    """The paper of what must be known first."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    return parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{CARE}"/>')


def _table(document: Document, table: Any) -> None:
    """As wide as the text, no row on two pages, its head in bold and with its first row."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    columns = table._tbl.tblGrid.findall(qn("w:gridCol"))
    total = sum(int(column.get(qn("w:w"))) for column in columns) or 1
    for column in columns:
        column.set(qn("w:w"), str(round(int(column.get(qn("w:w"))) / total * WIDTH / 25.4 * 1440)))
    for number, row in enumerate(table._tbl.tr_lst):
        whole = OxmlElement("w:cantSplit")
        row.get_or_add_trPr().insert(0, whole)
        for cell in row.tc_lst:
            for paragraph in cell.p_lst:
                if paragraph.style == "Compact":
                    paragraph.style = document.styles["Table Text"].style_id
                if number == 0:
                    paragraph.get_or_add_pPr().get_or_add_keepNext()
        if number == 0 and whole.getparent().find(qn("w:tblHeader")) is not None:
            for run in row.iter(qn("w:r")):
                run.get_or_add_rPr().get_or_add_b()


def _table_style(document: Document) -> None:
    """Thin lines between rows; room between columns, none before the first."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    look = document.styles["Table"].element.find(qn("w:tblPr"))
    borders = OxmlElement("w:tblBorders")
    for side in ("bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", LINE)):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    margins = look.find(qn("w:tblCellMar"))
    margins.addprevious(borders)
    margins.find(qn("w:left")).set(qn("w:w"), "0")
    margins.find(qn("w:right")).set(qn("w:w"), "120")


def _stay_together(document: Document) -> None:
    """The sentence under a heading stays with the drawing or the table that it opens; what follows a table has room."""
    from docx.shared import Pt

    paragraphs = document.paragraphs
    for before, here, after in zip(paragraphs, paragraphs[1:], paragraphs[2:], strict=False):
        names = [str(one.style.name) if one.style is not None else "" for one in (before, after)]
        follows = here._p.getnext()
        table = follows is not None and follows.tag.endswith("}tbl")
        if names[0].startswith("Heading") and (table or names[1].startswith(_OPENED)):
            here.paragraph_format.keep_with_next = True
    for table in document.tables:
        following = table._tbl.getnext()
        if following is not None and following.tag == table._tbl.tag:  # Word would make them one
            table._tbl.addnext(document.add_paragraph(style="Table Text")._p)
    for here in paragraphs:
        before_it = here._p.getprevious()
        if before_it is not None and before_it.tag.endswith("}tbl"):
            here.paragraph_format.space_before = Pt(8)


# ---------------------------------------------------------------- a report's page as a Word document: headings, real tables, figures as sharp images with their alt text

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

    root = parse_page(evidence_open(replace_dead_links(page)))
    title = text_of(next(root.iter("title"), None))
    body = next(root.iter("body"))
    _plain(body)
    whole = f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"></head>{to_html(body)}</html>'
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
        elif "wb-keys" in classes_of(child):
            rows = [
                [text_of(next(descendants(one, tag), None)) for tag in ("b", "dt", "span")] for one in child
            ]
            _replace(element, child, _rows(rows, (24, 34, 42), "Key"))
        elif child.tag == "dl":
            names, values = (list(map(text_of, child.iter(tag))) for tag in ("dt", "dd"))
            _replace(element, child, _rows(list(zip(names, values, strict=False)), (24, 76), "Stamp"))
        else:
            _plain_one(child)
            _plain(child)
            if child.tag == "table":
                _table_docx(child)
            _replace(element, child, _styled(child))


def _is_gone(element: ET.Element) -> bool:
    folded = element.tag == "details" and "open" not in element.attrib
    return element.tag in _GONE or folded or "wb-tools" in classes_of(element)


def _plain_one(element: ET.Element) -> None:
    """An element whose parts Word shows in another way."""
    if element.tag == "mark":
        _underlined(element)
    elif "wb-evidence" in classes_of(element):
        _evidence(element)
    elif "wb-degraded" in classes_of(element):  # a list would bring a style of its own
        for listed in element.findall("ul"):
            listed.tag = "div"
            for item in listed:
                item.tag, item.text = "p", f"• {item.text or ''}"
    elif "wb-facts" in classes_of(element):
        element.text = " · ".join(text_of(one) for one in element)
        for one in list(element):
            element.remove(one)
    elif element.tag in ("h2", "h3", "h4"):  # a heading that leads back to its section is a heading
        for one in element.iter("a"):
            one.tag, one.attrib = "span", {}


def _styled(element: ET.Element) -> ET.Element:
    """The element that Word has, inside one that bears the style which stands for its classes."""
    style = next((_STYLES[kind] for kind in sorted(classes_of(element) & set(_STYLES))), "")
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
        if "wb-sentence" in classes_of(one):
            one.tag, one.text = "span", f" {one.text or ''}"
        elif "wb-who" in classes_of(one):
            one.tag = "strong"
        elif "wb-address" in classes_of(one):
            one.tag, one.text = "code", f" {one.text or ''}"
    for listed in details.findall("ul"):
        listed.tag = "div"
        listed.set("data-custom-style", "Evidence")
        for item in listed:
            item.tag = "p"


def _image(svg: ET.Element) -> ET.Element:
    """A drawing as an image in a paragraph that stays with what follows, with its own words as alt text."""
    markup = to_html(svg)
    source = "data:image/png;base64," + base64.b64encode(svg_to_png(markup, SCALE)).decode()
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


def _table_docx(table: ET.Element) -> None:
    """A table as wide as the text, its columns by their words; numbers to the right."""
    for row in table.iter("tr"):
        for cell in row:
            kind = classes_of(cell) | classes_of(row)
            number, middle = kind & {"wb-number", "wb-left"}, kind & {"wb-hit", "wb-where"}
            cell.set("style", f"text-align: {'right' if number else 'center' if middle else 'left'}")
    rows = [row for row in table.iter("tr") if not any(cell.get("colspan") for cell in row)]
    n = max((len(row) for row in rows), default=0)
    if not n or any(len(row) != n for row in rows):
        return
    shares = (
        [42.0, 16.0, 42.0] if n == 3 and first_of_class(table, "wb-hit") is not None else _widths(rows, n)
    )
    for group in table.findall("colgroup"):
        _drop(table, group)
    group = ET.Element("colgroup")
    for share in shares:
        ET.SubElement(group, "col", style=f"width: {share:.1f}%")
    table.insert(1 if table.find("caption") is not None else 0, group)


def _widths(rows: list[ET.Element], n: int) -> list[float]:
    """The share of each column in percent: room for its longest word, then the rest by its longest cell."""
    texts = [[text_of(row[k]) for row in rows] for k in range(n)]
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
