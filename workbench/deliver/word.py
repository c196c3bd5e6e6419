"""The look of a Word document that pandoc has written: paper, fonts, styles, tables that break between rows, page numbers."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

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
