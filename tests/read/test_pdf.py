"""PDF files: reading order, paragraphs, running heads, hyphens, refusals."""

import pytest
from support.written_files import PROSE, lines, one, pdf, set_lines

from workbench.errors import UnreadableFile
from workbench.read import limits, read
from workbench.read.limits import Refused
from workbench.read.pdf import reader

pytest.importorskip("pypdfium2")


def book(pages=5, text=PROSE):
    """Pages with a running head, a number at the foot and a page of prose each."""
    return [
        [
            (72, 800, 9, "The Harbour Report"),
            *set_lines(f"{text} Page text {'abcdefgh'[number]}.", 72, 740, width=80),
            (290, 40, 9, str(number + 1)),
        ]
        for number in range(pages)
    ]


def test_lines_of_a_paragraph_are_joined():
    (paragraph,) = lines(one(pdf([set_lines(PROSE, 72, 740, width=80)])))
    assert paragraph == PROSE.strip()


def test_running_heads_and_page_numbers_are_hinted_and_stay_in_the_text():
    found = one(pdf(book()))
    assert lines(found, "running").count("The Harbour Report") == 5
    assert [line for line in lines(found, "running") if line.isdigit()] == ["1", "2", "3", "4", "5"]
    assert not any("Harbour Report" in line for line in lines(found, ""))


def test_heads_that_alternate_between_left_and_right_pages_are_found():
    pages = [
        [
            (
                72 if number % 2 else 400,
                800,
                9,
                f"{number + 10} The Harbour" if number % 2 else f"Debts {number + 10}",
            ),
            *set_lines(PROSE, 72, 740, width=80),
        ]
        for number in range(8)
    ]
    assert len(lines(one(pdf(pages)), "running")) == 8


def test_what_recurs_in_the_middle_of_pages_is_text():
    above, below = set_lines(PROSE, 72, 740, width=80), set_lines(PROSE, 72, 560, width=80)
    pages = [[*above, (72, 600, 10, "The vote was taken."), *below] for _ in range(4)]
    assert lines(one(pdf(pages)), "").count("The vote was taken.") == 4


def test_a_paragraph_over_two_pages_is_one_and_the_furniture_comes_behind_it():
    half = PROSE[: PROSE.index("aloud")].strip()
    rest = PROSE[PROSE.index("aloud") :].strip()
    pages = book(4)
    pages[1][1:-1] = set_lines(half, 72, 740, width=80)
    pages[2][1:-1] = set_lines(rest, 72, 740, width=80)
    assert PROSE.strip() in lines(one(pdf(pages)), "")


def test_two_columns_are_read_one_after_the_other():
    left, right = f"Left begins. {PROSE}", f"Right begins. {PROSE}"
    rows = [
        cell
        for pair in zip(
            set_lines(left, 60, 700, width=45), set_lines(right, 320, 700, width=45), strict=False
        )
        for cell in pair
    ]
    found = one(pdf([[(60, 760, 18, "A title over both of the columns"), *rows]]))
    text = found.text
    assert (
        text.index("A title")
        < text.index("Left begins.")
        < text.index("ended it")
        < text.index("Right begins.")
    )
    assert lines(found, "heading title") == ["A title over both of the columns"]


def test_names_in_the_margin_stay_on_the_line_they_stand_on():
    names = ["MR. BELL:", "MS. ROE:", "MR. BELL:", "MS. ROE:", "MR. BELL:"]
    said = ["I have read the letter of the ministry.", "And what does the letter say of us?",
            "It says that the harbour must be closed.", "Does it say when that would have to be?",
            "It leaves the day of it to the council."]  # fmt: skip
    page = [
        cell
        for number, pair in enumerate(zip(names, said, strict=True))
        for cell in ((72, 700 - 30 * number, 10, pair[0]), (160, 700 - 30 * number, 10, pair[1]))
    ]
    assert lines(one(pdf([page]))) == [f"{name} {text}" for name, text in zip(names, said, strict=True)]


def test_a_word_cut_at_a_line_end_is_joined_unless_its_hyphen_is_its_own():
    page = ["The minister said that the govern-", "ment would keep to its well-known and long-", "term plan, as it had in the past and as",
            "the long-term plan asks of every govern-", "ment that will follow it in the years to come."]  # fmt: skip
    found = one(pdf([set_lines(page, 72, 740, width=80)]))
    assert "the government would keep to its well-known and long-term plan" in found.text
    assert any("2 words joined" in repair for repair in found.repairs)


def test_a_short_last_line_a_gap_and_an_indent_end_a_paragraph():
    first, second, third = PROSE.strip(), "Second. " + PROSE.strip(), "Third. " + PROSE.strip()
    page = set_lines(first, 72, 740, width=80)
    page += set_lines(second, 72, page[-1][1] - 26, width=80)
    below = set_lines(third, 72, page[-1][1] - 13, width=80)
    page += [(90, *below[0][1:]), *below[1:]]
    assert lines(one(pdf([page]))) == [first, second, third]


def test_larger_letters_are_headings_and_smaller_ones_at_the_foot_notes():
    page = [
        (72, 780, 20, "The harbour opens again"), (72, 740, 14, "Why it was closed"),
        *set_lines(PROSE, 72, 700, width=80), (72, 60, 7, "1 The letter is printed in the annex to this report."),
    ]  # fmt: skip
    found = one(pdf([page]))
    assert lines(found, "heading title") == ["The harbour opens again"]
    assert lines(found, "heading") == ["Why it was closed"]
    assert lines(found, "note") == ["1 The letter is printed in the annex to this report."]


def test_numbers_of_lines_in_the_margin_are_left_out_and_told():
    text = set_lines(PROSE * 2, 110, 740, width=60, leading=24)
    numbers = [(72, y, 10, str(count)) for count, (_, y, _, _) in enumerate(text, start=1)]
    found = one(pdf([[cell for pair in zip(numbers, text, strict=True) for cell in pair]]))
    assert found.text == (PROSE * 2).strip()
    assert f"{len(text)} numbers of lines in the margin left out" in found.repairs


def test_a_page_on_its_side_is_turned_and_a_stamp_in_the_margin_kept_apart():
    turned = [
        (200 + 13 * number, 100, 10, line[3], "0 1 -1 0")
        for number, line in enumerate(set_lines(PROSE, 0, 0, width=80))
    ]
    assert one(pdf([turned])).text == PROSE.strip()
    stamped = [*set_lines(PROSE, 72, 740, width=80), (40, 300, 10, "Preprint of the harbour", "0 1 -1 0")]
    found = one(pdf([stamped]))
    assert lines(found, "running") == ["Preprint of the harbour"]
    assert lines(found, "") == [PROSE.strip()]


def test_title_and_day_of_making_count_only_as_far_as_the_text_bears_them_out():
    info = "/Title (Harbour opens) /CreationDate (D:20150312101500Z) /Author (Anna Bell)"
    page = [(72, 780, 20, "Harbour opens"), *set_lines(PROSE, 72, 740, width=80)]
    assert one(pdf([page], info)).known == {
        "title": "Harbour opens",
        "date": "2015-03-12",
        "author": "Anna Bell",
    }
    dated = [*page, (72, 760, 10, "Northport, 3 May 2011")]
    other = one(pdf([dated], info.replace("Harbour opens", "Microsoft Word - final2.doc")))
    assert other.known == {"author": "Anna Bell"}


@pytest.mark.parametrize(
    ("raw", "problem", "hint"),
    [
        (pdf([[]]), "the PDF holds no text", "ocrmypdf"),
        (b"%PDF-1.4\nnothing more of it is here", "damaged", "download it again"),
        (
            pdf([[]], trailer="/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + "00" * 32 + "> /U <" + "11" * 32 + "> >> /ID [<00> <00>]"),
            "locked with a password", "qpdf --decrypt",
        ),
    ],
)  # fmt: skip
def test_a_pdf_without_readable_text_is_refused_with_its_mend(raw, problem, hint):
    with pytest.raises(Refused) as refused:
        list(reader.parse(raw))
    assert problem in str(refused.value)
    assert hint in refused.value.hint


def test_a_scan_is_refused_as_a_scan():
    with pytest.raises(Refused, match="a scan"):
        list(reader.parse(scan([[]])))


def scan(pages):
    """Pages that show a picture of two by two points and the given text."""
    raw = pdf(pages)
    picture = b"q 500 0 0 700 0 0 cm BI /W 2 /H 2 /BPC 8 /CS /G ID \x00\xff\xff\x00 EI Q"
    return raw.replace(
        b"<< /Length 0 >>\nstream\n\nendstream",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(picture), picture),
    )


def test_pages_without_text_among_others_are_told():
    found = one(scan([set_lines(PROSE, 72, 740, width=80), [], []]))
    assert "pages 2, 3 without text (scanned?): see ocrmypdf" in found.repairs


def test_without_its_library_a_pdf_is_refused_with_the_line_that_installs_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pypdfium2", None)
    with pytest.raises(Refused) as refused:
        list(reader.parse(pdf([set_lines(PROSE, 72, 740, width=80)])))
    assert limits.INSTALL in refused.value.hint


def test_the_line_that_installs_it_reaches_the_reader_of_the_folder(monkeypatch, tmp_path):
    monkeypatch.setitem(__import__("sys").modules, "pypdfium2", None)
    (tmp_path / "a.pdf").write_bytes(pdf([set_lines(PROSE, 72, 740, width=80)]))
    with pytest.raises(UnreadableFile) as refused:
        list(read(tmp_path / "a.pdf", tmp_path))
    assert refused.value.hint == "run: pip install 'analyst-workbench[files]'"


def test_more_pages_than_the_bound_are_refused(monkeypatch):
    monkeypatch.setattr(reader, "MAX_PAGES", 3)
    with pytest.raises(Refused, match="more than 3 pages"):
        list(reader.parse(pdf(book(4))))
