"""A page as PDF and as Word document: tagged, with contents; real tables, headings, alt text, images."""

from __future__ import annotations

import builtins
import io
import sys
import zipfile

import pytest

from workbench.deliver import docx, pdf
from workbench.display import KeyFigures
from workbench.display.blocks import COLUMNS
from workbench.errors import MissingExtra, ReportFailed
from workbench.report.formats import convert_report
from workbench.report.page.frame import page_html
from workbench.report.plan import ReportRequest, RunConfig, plan
from workbench.report.run import ReportResult

SVG = (
    '<svg role="img" aria-label="Two dots &lt;b&gt;" width="200" height="100" viewBox="0 0 200 100">'
    '<circle cx="50" cy="50" r="40" style="fill: var(--wb-paper, #fff); stroke: #000"></circle></svg>'
)
PAGE = page_html(
    "The <week>",
    '<main class="wb-page"><header class="wb-title"><h1>The &lt;week&gt;</h1></header>'
    '<nav class="wb-contents"><p>Contents</p><ol><li><a href="#one">One</a></li></ol></nav><h2 id="one">One</h2>'
    f'<figure class="wb-figure">{SVG}<figcaption>Caption of it</figcaption></figure>'
    "<details><summary>Folded</summary><details><p>deep</p></details><p>hidden words</p></details>"
    '<table><thead><tr><th scope="col">word</th></tr></thead><tbody><tr><td>=1+1</td></tr></tbody></table>'
    '<p><img src="https://example.org/x.png" alt="elsewhere"></p>'
    '<section class="wb-appendix"><h2>Evidence</h2><details class="wb-evidence"><summary>arms</summary>'
    "<ul><li>The sentence behind it.</li></ul></details></section>"
    '</main><footer class="wb-stamp"><p>made from</p></footer>',
)


def needed(module):
    try:
        module.ready()
    except MissingExtra as error:
        pytest.skip(f"{error.problem}; {error.hint}")


def test_the_pdf_is_tagged_and_has_a_title_a_language_bookmarks_and_no_request():
    needed(pdf)
    pdfium = pytest.importorskip("pypdfium2", reason="pip install 'analyst-workbench[files]'")
    raw = pytest.importorskip("pypdfium2.raw")
    document = pdfium.PdfDocument(pdf.pdf_of(PAGE))
    assert document.is_tagged()
    assert document.get_metadata_dict()["Title"] == "The <week>"
    assert [mark.get_title() for mark in document.get_toc()] == ["The <week>", "One", "Evidence"]
    first = document[0]  # held: its tree lives no longer than it
    tree = raw.FPDF_StructTree_GetForPage(first.raw)
    kinds = set(tags(raw, raw.FPDF_StructTree_GetChildAtIndex(tree, 0)))
    raw.FPDF_StructTree_Close(tree)
    assert {"H1", "H2", "Table", "TH", "TD", "P", "Figure"} <= kinds
    text = first.get_textpage().get_text_range()
    assert "1 of 1" in text
    assert "hidden words" not in text
    assert "The sentence behind it." in text, "on paper there is no other place to read it"


def tags(raw, element):
    import ctypes

    size = raw.FPDF_StructElement_GetType(element, None, 0)
    kept = ctypes.create_string_buffer(size)
    raw.FPDF_StructElement_GetType(element, kept, size)
    yield kept.raw.decode("utf-16-le").rstrip("\0")
    for n in range(raw.FPDF_StructElement_CountChildren(element)):
        if child := raw.FPDF_StructElement_GetChildAtIndex(element, n):
            yield from tags(raw, child)


def test_key_figures_stand_side_by_side_on_paper():
    needed(pdf)
    pdfium = pytest.importorskip("pypdfium2", reason="pip install 'analyst-workbench[files]'")
    keys = KeyFigures([("0.12", "first", "of 3"), ("0.34", "second", "of 4")]).html()
    text = pdfium.PdfDocument(pdf.pdf_of(page_html("Keys", f"<main>{keys}</main>")))[0].get_textpage()
    places = {words: text.get_charbox(text.search(words).get_next()[0]) for words in ("first", "second")}
    assert places["first"][1] == pytest.approx(places["second"][1], abs=1)
    assert places["first"][2] < places["second"][0]


def test_a_hollow_mark_stays_hollow_on_paper():
    assert "fill: #ffffff; stroke: #000" in pdf.plain_colours(PAGE)
    assert "var(--paper" in pdf.plain_colours(PAGE), (
        "only in drawings; the styles of the page are left as they are"
    )


def test_the_word_document_has_real_tables_headings_alt_text_and_sharp_images():
    needed(docx)
    parts = zipfile.ZipFile(io.BytesIO(docx.docx_of(PAGE)))
    text = parts.read("word/document.xml").decode()
    assert text.count("<w:tbl>") == 1, "a real table, and no figure laid out as one"
    assert 'w:val="Heading1"' in text
    assert 'w:val="Heading2"' in text
    assert "Two dots &lt;b&gt;" in text
    assert "Caption of it" in text
    assert "made from" in text
    assert "hidden words" not in text
    assert text.index("arms") < text.index("The sentence behind it.")
    (image,) = [name for name in parts.namelist() if name.startswith("word/media/")]
    from PIL import Image

    assert Image.open(io.BytesIO(parts.read(image))).size == (600, 300)


@pytest.mark.parametrize(
    ("maker", "module", "error", "said"),
    [
        (pdf, "weasyprint", ModuleNotFoundError("weasyprint"), "analyst-workbench[pdf]"),
        (pdf, "weasyprint", OSError("cannot load library 'libpango-1.0-0'"), "libpango-1.0-0"),
        (docx, "pypandoc", ModuleNotFoundError("x", name="pypandoc"), "analyst-workbench[docx]"),
        (docx, "docx", ModuleNotFoundError("x", name="docx"), "analyst-workbench[docx]"),
    ],
)
def test_what_is_absent_is_one_message_that_names_it(monkeypatch, maker, module, error, said):
    real = builtins.__import__

    def refuse(name, *rest):
        if name.split(".")[0] == module:
            raise error
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    for name in [one for one in sys.modules if one.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(MissingExtra) as refused:
        maker.ready()
    assert said in refused.value.hint


def test_the_other_forms_are_made_once_and_anew_when_the_page_is_newer(tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr("workbench.deliver.pdf.pdf_of", lambda text: made.append(text) or b"%PDF")
    place = tmp_path / "one.html"
    place.write_text("first")
    result = ReportResult("one", "done", {"html": place}, 1.0)
    assert convert_report(result, ("html", "pdf")).paths["pdf"].read_bytes() == b"%PDF"
    convert_report(result, ("html", "pdf"))
    assert made == ["first"]
    (tmp_path / "one.pdf").write_bytes(b"old")
    import os

    os.utime(tmp_path / "one.pdf", (1, 1))
    assert convert_report(result, ("html", "pdf")).paths["pdf"].read_bytes() == b"%PDF"
    assert convert_report(result, ("html",)).paths == {"html": place}


def test_an_unknown_form_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(ReportFailed, match="no format `pfd`") as refused:
        plan(ReportRequest(tmp_path / "x.ipynb"), RunConfig(tmp_path, tmp_path, formats=("html", "pfd")))
    assert "did you mean `pdf`" in refused.value.hint


def test_the_style_of_paper_overrules_the_pages_own_whatever_their_selectors():
    needed(pdf)
    long = (
        "<table class='x'><tbody><tr>"
        + "<td class='wb-long'>some words</td>" * COLUMNS
        + "</tr></tbody></table>"
    )
    whole, own = pdf.on_paper(page_html("Wide", f"<main><div class='wb-table'>{long}</div></main>"))
    assert ".wb-table .wb-long { min-width: 11rem; }" in own, "the page gives long texts room"
    assert "11rem" not in whole
    import weasyprint

    styles = weasyprint.CSS(string=own, media_type="print")
    (sheet,) = weasyprint.HTML(string=whole, media_type="print").render(stylesheets=[styles]).pages
    cells = [box for box in boxes(sheet._page_box) if type(box).__name__ == "TableCellBox"]
    assert len(cells) == COLUMNS
    assert max(cell.position_x + cell.border_width() for cell in cells) <= sheet.width - 18 / 25.4 * 96 + 0.1
    assert "!important" not in whole[: whole.index("</style>")], "it needs no force"


def boxes(box):
    yield box
    for child in getattr(box, "children", ()):
        yield from boxes(child)


def test_a_drawing_stands_on_one_page_and_its_words_are_no_larger_than_the_text():
    needed(pdf)
    pdfium = pytest.importorskip("pypdfium2", reason="pip install 'analyst-workbench[files]'")
    figures = "".join(
        f'<figure class="wb-figure"><svg role="img" aria-label="x" width="451" height="{height}" viewBox="0 0 338 {height * 0.75}">'
        f'<text x="10" y="20" font-size="9.5px">word</text></svg><figcaption>Caption {height}</figcaption></figure>'
        for height in (200, 1500)
    )
    document = pdfium.PdfDocument(pdf.pdf_of(page_html("Figures", f"<main>{figures}</main>")))
    texts = [sheet.get_textpage() for sheet in document]
    assert ["Caption 1500" in text.get_text_range() for text in texts] == [False, True], "with its drawing"
    found = texts[0].search("word").get_next()
    assert found is not None
    left, bottom, right, top = texts[0].get_charbox(found[0])
    assert top - bottom < 9.5
    assert right > left


def test_a_link_to_what_lies_elsewhere_is_words_on_paper():
    needed(pdf)
    pdfium = pytest.importorskip("pypdfium2", reason="pip install 'analyst-workbench[files]'")
    whole = page_html(
        "Care", '<main><p><a href="../20261116T0500Z/weekly.html">The last good report</a></p></main>'
    )
    text = pdfium.PdfDocument(pdf.pdf_of(whole))[0].get_textpage().get_text_range()
    assert "The last good report (20261116T0500Z/weekly.html, beside this report's folder)" in " ".join(
        text.split()
    )


def word_of(body: str):
    import docx as word

    return word.Document(io.BytesIO(docx.docx_of(page_html("Word", f"<main>{body}</main>"))))


def test_a_word_table_fills_the_page_and_breaks_no_word_and_no_row():
    needed(docx)
    heads = ["title", "source", "documents", "n"]
    rows = [
        [
            "A title that is long enough to be broken over two lines or three of them",
            "Reuters",
            "wh050.md:31614",
            "86",
        ]
    ] * 3
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    body = "".join(
        "<tr>" + "".join(f"<td class='wb-number'>{one}</td>" for one in row) + "</tr>" for row in rows
    )
    (table,) = word_of(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>").tables
    widths = [column.width.mm for column in table.columns]
    assert sum(widths) == pytest.approx(174, abs=1)
    for width, words in zip(widths, [*zip(heads, *rows, strict=True)], strict=True):
        longest = max(len(word) for text in words for word in text.split())
        assert width >= longest * 1.5 + 2, "8 points of Arial are 1.5 mm a letter"
    assert table._tbl.xml.count("w:cantSplit") == 4
    assert 'w:jc w:val="right"' in table._tbl.xml


def test_a_word_document_is_on_a4_with_key_figures_page_numbers_and_figures_that_fit():
    needed(docx)
    keys = KeyFigures([("0.12", "rate of arms", "[0.1–0.2], n = 3")]).html()
    tall = '<svg role="img" aria-label="tall" width="451" height="3000" viewBox="0 0 338 2250"></svg>'
    made = word_of(
        f'{keys}<h2>Head</h2><p>Opening words.</p><figure class="wb-figure">{tall}<figcaption>Its caption</figcaption></figure>'
    )
    (section,) = made.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert "NUMPAGES" in section.footer.paragraphs[0]._p.xml
    (shape,) = made.inline_shapes
    assert shape.height.mm <= 205.5
    assert shape.width.mm / shape.height.mm == pytest.approx(451 / 3000, rel=0.02)
    assert [cell.text for cell in made.tables[0].rows[0].cells] == [
        "0.12",
        "rate of arms",
        "[0.1–0.2], n = 3",
    ]
    styles = {one.text: one for one in made.paragraphs}
    assert styles["Its caption"].style.name == "Image Caption"
    assert styles["Opening words."].paragraph_format.keep_with_next, "with the drawing that it opens"
    drawing = next(one for one in made.paragraphs if one.style.name == "Drawing")
    assert drawing.style.paragraph_format.keep_with_next, "with its caption"


def test_evidence_in_word_names_who_first_and_underlines_the_hit():
    needed(docx)
    made = word_of(
        '<section class="wb-appendix"><details class="wb-evidence"><summary>arms</summary><ul><li><span class="wb-who">TASS, 2015</span>'
        ' <q class="wb-sentence">Of <mark>arms</mark> talks.</q> <span class="wb-address">a.txt:1-5</span></li></ul></details></section>'
    )
    head, sentence = (one for one in made.paragraphs if one.style.name.startswith("Evidence"))
    assert head.text == "arms"
    assert " ".join(sentence.text.split()) == "TASS, 2015 Of arms talks. a.txt:1-5"
    assert [run.text for run in sentence.runs if run.bold and run.underline] == ["arms"]
    assert sentence.runs[0].bold


def test_a_heading_stays_with_its_figure_in_a_chapter_too():
    needed(pdf)
    pdfium = pytest.importorskip("pypdfium2", reason="pip install 'analyst-workbench[files]'")
    tall = '<svg role="img" aria-label="x" width="451" height="900" viewBox="0 0 338 675"></svg>'
    figure = (
        f'<div class="wb-cell"><div class="wb-output"><figure class="wb-figure">{tall}</figure></div></div>'
    )
    body = f'<div class="wb-text"><h3>Finding</h3><p>Opening words.</p></div>{figure}'
    texts = [
        sheet.get_textpage().get_text_range()
        for sheet in pdfium.PdfDocument(
            pdf.pdf_of(page_html("Chapters", f"<main><h1>T</h1><p>{'word ' * 900}</p>{body}</main>"))
        )
    ]
    assert ["Opening words." in text for text in texts] == [False, True]


def test_reasons_and_tables_stand_apart_in_word():
    needed(docx)
    table = "<table><tbody><tr><td>one</td></tr></tbody></table>"
    box = '<div class="wb-degraded" role="note"><p><strong>Read with care.</strong></p><ul><li>Two documents.</li></ul></div>'
    made = word_of(f"{box}{table}{table}")
    assert [one.text for one in made.paragraphs if one.style.name == "Care"] == [
        "Read with care.",
        "• Two documents.",
    ]
    look = made.styles["Care"].element.xml
    assert 0 < look.index("w:shd") < look.index("w:spacing") < look.index("w:ind"), (
        "in the order of the schema"
    )
    first, second = made.tables
    assert first._tbl.getnext() is not second._tbl, "Word makes one table of two that touch"


def test_an_image_of_a_notebook_fits_a_page_of_word():
    needed(docx)
    import base64

    from PIL import Image

    kept = io.BytesIO()
    Image.new("RGB", (900, 2400), "red").save(kept, "PNG")
    source = "data:image/png;base64," + base64.b64encode(kept.getvalue()).decode()
    (shape,) = word_of(f'<div class="wb-output"><img src="{source}" alt="A tall one"></div>').inline_shapes
    assert shape.height.mm <= 205.5
    assert shape.width.mm / shape.height.mm == pytest.approx(900 / 2400, rel=0.02)
    assert 'descr="A tall one"' in shape._inline.xml
