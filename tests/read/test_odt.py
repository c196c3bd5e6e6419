"""OpenDocument texts: paragraphs, headings, tables, notes, and what is left out."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from support.written_files import PROSE, lines, odt, one

from workbench.read.limits import Refused
from workbench.read.office import odt as reader


def test_paragraphs_are_lines_and_headings_are_hinted():
    found = one(
        odt(
            f'<text:p text:style-name="P1">The harbour opens</text:p><text:h text:outline-level="1">Why</text:h><text:p>{PROSE}</text:p>',
            styles='<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>',
        )
    )
    assert lines(found, "heading title") == ["The harbour opens"]
    assert lines(found, "heading") == ["Why"]
    assert lines(found, "") == [PROSE.strip()]


def test_spans_spaces_tabs_and_breaks_are_what_a_reader_sees():
    text = (
        'One <text:span>two</text:span><text:s text:c="3"/>three<text:tab/>four<text:line-break/>five\n  six'
    )
    assert one(odt(f"<text:p>{text}</text:p>")).text == "One two three four\nfive six"


def test_a_count_of_spaces_beyond_reason_is_bounded():
    assert len(one(odt('<text:p>a<text:s text:c="999999999"/>b</text:p>')).text) == 3


def test_rows_of_a_table_are_lines():
    rows = "".join(
        f"<table:table-row><table:table-cell><text:p>{name}</text:p></table:table-cell>"
        f"<table:table-cell><text:p>{count}</text:p></table:table-cell></table:table-row>"
        for name, count in (("Ships", 12), ("Boats", 300))
    )
    assert (
        one(odt(f"<table:table>{rows}</table:table><text:p>Below.</text:p>")).text
        == "Ships | 12\nBoats | 300\n\nBelow."
    )


def test_notes_follow_the_text_and_their_marks_are_left_out():
    note = "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>See the annex.</text:p></text:note-body></text:note>"
    found = one(odt(f"<text:p>The text{note} goes on.</text:p><text:p>Below.</text:p>"))
    assert lines(found) == ["The text goes on.", "Below.", "See the annex."]
    assert lines(found, "note") == ["See the annex."]


def test_deleted_text_and_comments_are_left_out_and_told():
    gone = "<text:tracked-changes><text:changed-region><text:deletion><text:p>Gone.</text:p></text:deletion></text:changed-region></text:tracked-changes>"
    found = one(
        odt(f"{gone}<text:p>Kept<office:annotation><text:p>Why?</text:p></office:annotation>.</text:p>")
    )
    assert found.text == "Kept."
    assert len(found.repairs) == 2


def test_properties_count_as_far_as_the_text_bears_them_out():
    meta = "<dc:title>The harbour opens</dc:title><meta:creation-date>2015-03-12T10:00:00</meta:creation-date><dc:creator>Anna Bell</dc:creator>"
    found = one(odt("<text:p>The harbour opens</text:p>", meta=meta))
    assert found.known == {"title": "The harbour opens", "date": "2015-03-12", "author": "Anna Bell"}


def test_a_flat_file_is_read_too():
    names = " ".join(re.findall(r'xmlns:\w+="[^"]+"', re.sub(r"\s+", " ", str(_content()))))
    flat = f'<?xml version="1.0"?>\n<office:document {names}><office:body><office:text><text:p>Flat.</text:p></office:text></office:body></office:document>'
    assert one(flat.encode()).text == "Flat."


def test_a_file_that_was_packed_again_is_known_by_its_content():
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(odt("<text:p>Kept.</text:p>"))) as packed,
        zipfile.ZipFile(out, "w") as again,
    ):
        for name in reversed(packed.namelist()):
            again.writestr(name, packed.read(name), zipfile.ZIP_DEFLATED)
    assert one(out.getvalue()).text == "Kept."


def _content():
    from workbench.read.limits import open_zip

    return open_zip(odt("")).read("content.xml")


@pytest.mark.parametrize(
    ("raw", "problem", "hint"),
    [
        (odt("", more={"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"}.items()), "locked", "password"),
        (odt("<text:p>"), "damaged", "save it again"),
        (odt("")[:300], "damaged", "download it again"),
    ],
)  # fmt: skip
def test_an_odt_that_cannot_be_read_is_refused_with_its_mend(raw, problem, hint):
    assert reader.guess(raw, Path("a.odt"))
    with pytest.raises(Refused) as refused:
        list(reader.parse(raw))
    assert problem in str(refused.value)
    assert hint in refused.value.hint
