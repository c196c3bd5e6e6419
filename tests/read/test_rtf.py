r"""RTF files: characters of every writing, paragraphs, tables, notes, properties."""

import pytest
from support.rtf_files import rtf
from support.written_files import PROSE, lines, one

from workbench.read.limits import Refused
from workbench.read.office import rtf as reader
from workbench.read.office.rtf import MAX_GROUPS


def test_paragraphs_are_lines():
    found = one(rtf(rf"{{\stylesheet{{\s1 Heading;}}}}\pard {PROSE}\par \pard\b Second\b0  one.\par"))
    assert lines(found) == [PROSE.strip(), "Second one."]


@pytest.mark.parametrize(
    ("marks", "text"),
    [
        (r"Caf\'e9 \'93open\'94", "Café “open”"),
        (r"\lquote a\rquote  \emdash  b\~c", "‘a’ — b\u00a0c"),
        (r"\u8220?x\u8221?", "“x”"),
        (r"\uc0\u8220x\u8221", "“x”"),
        (r"\uc2\u8220\'81\'67x", "“x"),
        (r"\u-10179?\u-8704?", "\U0001f600"),
        (r"{\f1 \'cf\'f0\'e8\'e2\'e5\'f2}, x", "Привет, x"),
        (r"a\{b\}\\c", "a{b}\\c"),
        ("a\nb \r\nc", "ab c"),
        (r"co\-op", "coop"),
        (r"\u55296?x", "x"),
    ],
)
def test_characters_are_read_as_they_are_meant(marks, text):
    assert one(rtf(marks)).text == text


def test_a_link_is_its_text():
    field = r'{\field{\*\fldinst{HYPERLINK "https://example.org"}}{\fldrslt{the letter}}}'
    assert one(rtf(f"See {field} here.")).text == "See the letter here."


def test_rows_of_a_table_are_lines():
    row = r"\trowd\cellx100\cellx200\pard\intbl Ships\cell 12\cell\row"
    assert (
        one(rtf(rf"Above.\par {row} {row}\pard Below.\par")).text
        == "Above.\n\nShips | 12\nShips | 12\n\nBelow."
    )


def test_heads_of_pages_come_once_and_notes_follow_the_text():
    found = one(
        rtf(
            r"{\header The Paper\par}Text{\footnote See the annex.} goes on.\par{\header The Paper\par}Below.\par"
        )
    )
    assert lines(found) == ["The Paper", "Text goes on.", "Below.", "See the annex."]
    assert lines(found, "running") == ["The Paper"]
    assert lines(found, "note") == ["See the annex."]


def test_pictures_objects_and_tables_of_styles_are_no_text():
    silent = r"{\pict\wmetafile8 0102ff}{\*\generator Program;}{\colortbl;\red0;}{\object{\*\objdata 0105}{\result Seen}}"
    found = one(rtf(rf"{silent} text\par"))
    assert found.text == "Seen text"
    assert found.repairs == ("an embedded object is left out",)


def test_binary_data_is_jumped_over_by_its_stated_length():
    assert one(rtf(rb"a{\pict\bin5 }}}{{}b\par")).text == "ab"


def test_levels_of_an_outline_are_headings():
    assert lines(one(rtf(r"\pard\outlinelevel0 Why\par\pard Text.\par")), "heading") == ["Why"]


def test_properties_count_as_far_as_the_text_bears_them_out():
    info = r"{\info{\title The harbour}{\author Anna Bell}{\creatim\yr2015\mo3\dy12\hr9}}"
    assert one(rtf(info + r"The harbour opens.\par")).known == {
        "title": "The harbour", "date": "2015-03-12", "author": "Anna Bell",
    }  # fmt: skip
    assert one(rtf(info + r"Of 3 May 2011.\par")).known == {"author": "Anna Bell"}


def test_words_are_those_that_the_usual_library_reads():
    library = pytest.importorskip("striprtf.striprtf")
    raw = rtf(rf"\pard {PROSE}\par Caf\'e9 {{\b bold}} \u8220?open\u8221?\line more\par")
    assert one(raw).text.split() == library.rtf_to_text(raw.decode("latin-1")).split()


def test_groups_nested_beyond_reason_are_refused():
    with pytest.raises(Refused, match="groups within each other"):
        one(rtf(b"{" * (MAX_GROUPS + 1)))


@pytest.mark.parametrize(("bound", "most"), [("MAX_RTF", 50), ("MAX_MARKS", 10)])
def test_more_bytes_or_marks_than_the_bound_are_refused(monkeypatch, bound, most):
    monkeypatch.setattr(reader, bound, most)
    with pytest.raises(Refused, match=f"more than {most} "):
        one(rtf("Text."))
