"""Word files: paragraphs, headings, tables, notes, and what is left out."""

import pytest
from support.word_files import NAMES, body, saved, word
from support.written_files import PROSE, lines, one, rezipped

from workbench.read.limits import Refused
from workbench.read.office import docx as reader

docx = pytest.importorskip("docx")


def test_paragraphs_are_lines_and_headings_are_hinted():
    found = one(word("#The harbour opens", "##Why", PROSE, "Second paragraph."))
    assert lines(found, "heading") == ["The harbour opens", "Why"]
    assert lines(found, "") == [PROSE.strip(), "Second paragraph."]


def test_the_style_of_titles_is_hinted_as_title():
    file = docx.Document()
    file.add_heading("The harbour opens", 0)
    assert lines(one(saved(file)), "heading title") == ["The harbour opens"]


def test_breaks_tabs_and_hyphens_within_a_paragraph_are_what_a_reader_sees():
    text = "<w:p><w:r><w:t>One</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t><w:noBreakHyphen/><w:t>four</w:t></w:r></w:p>"
    assert one(body(text)).text == "One two\nthree-four"


def test_short_cells_of_a_table_are_a_line_a_row_and_prose_in_cells_stays_paragraphs():
    file = docx.Document()
    for cells in (("Ships", "12"), ("Boats", "300"), (PROSE, "A note in the margin")):
        row = (file.tables[0] if file.tables else file.add_table(0, 2)).add_row()
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    found = one(saved(file))
    assert found.text.startswith("Ships | 12\nBoats | 300\n")
    assert lines(found, "cell") == ["Ships | 12", "Boats | 300"]
    assert PROSE.strip() in lines(found, "")


def test_a_table_within_a_table_is_read_in_its_place():
    file = docx.Document()
    outer = file.add_table(1, 1).rows[0].cells[0]
    inner = outer.add_table(1, 2)
    inner.rows[0].cells[0].text, inner.rows[0].cells[1].text = "Ships", "12"
    file.add_paragraph("Below.")
    assert lines(one(saved(file))) == ["Ships | 12", "Below."]


def test_what_stands_at_the_head_and_foot_of_pages_comes_once():
    file = docx.Document()
    file.add_paragraph("The text.")
    file.sections[0].header.paragraphs[0].text = "Ministry of Harbours"
    file.sections[0].footer.paragraphs[0].text = "Not for release"
    found = one(saved(file))
    assert lines(found) == ["Ministry of Harbours", "The text.", "Not for release"]
    assert lines(found, "running") == ["Ministry of Harbours", "Not for release"]


def test_notes_follow_the_text():
    notes = (
        f'<w:footnotes {NAMES}><w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:t>---</w:t></w:r></w:p></w:footnote>'
        '<w:footnote w:id="1"><w:p><w:r><w:t>See the annex.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    found = one(rezipped(word("The text."), word__footnotes_dot_xml=notes))
    assert lines(found) == ["The text.", "See the annex."]
    assert lines(found, "note") == ["See the annex."]


def test_deleted_text_is_left_out_and_inserted_text_read():
    found = one(
        body(
            "<w:p><w:r><w:t>Kept</w:t></w:r><w:del><w:r><w:delText> gone</w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t> and new.</w:t></w:r></w:ins></w:p>"
        )
    )
    assert found.text == "Kept and new."
    assert found.repairs == ("text deleted with change tracking is left out",)


def test_macros_are_left_alone_and_told():
    found = one(rezipped(word("The text."), word__vbaProject_dot_bin=b"\x00macro"))
    assert found.text == "The text."
    assert "macros in it were left alone" in found.repairs


def test_properties_count_as_far_as_the_text_bears_them_out():
    found = one(word("#The harbour opens", PROSE, title="The harbour opens", author="Anna Bell"))
    assert found.known["title"] == "The harbour opens"
    assert found.known["author"] == "Anna Bell"
    other = one(word("#The harbour opens", "On 3 May 2011.", title="Template of the office", author="admin"))
    assert dict(other.known) == {}


@pytest.mark.parametrize(
    ("raw", "problem", "hint"),
    [
        (reader.OLE + bytes(600), "Office 97-2003", "save it as .docx"),
        (
            reader.OLE + "EncryptedPackage".encode("utf-16-le"),
            "locked with a password",
            "remove the password",
        ),
        (word("x")[:-200], "damaged", "download it again"),
        (rezipped(word("x"), word__document_dot_xml=b"<w:document"), "damaged", "save it again"),
    ],
)
def test_a_word_file_that_cannot_be_read_is_refused_with_its_mend(raw, problem, hint):
    assert reader.guess(raw, __import__("pathlib").Path("a.docx"))
    with pytest.raises(Refused) as refused:
        list(reader.parse(raw))
    assert problem in str(refused.value)
    assert hint in refused.value.hint
