"""Dates as written, datelines, and years that are inferred or left open."""

import pytest
from hypothesis import given, strategies as st

from workbench.label import label
from workbench.label.datelines import find_dateline, find_lead
from workbench.label.dates import find_dates, infer_year, iso_date, latest_year
from workbench.schema import Document
from workbench.settings import load_settings

SETTINGS = load_settings()


def meta(text, **known):
    return label(Document("a.txt", "a.txt", text, "", known), SETTINGS).meta


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("May 7, 2013", "2013-05-07"), ("7 May 2013", "2013-05-07"), ("Tuesday, May 7th, 2013", "2013-05-07"),
        ("Mon Oct 23, 2006 1:50am EDT", "2006-10-23"), ("2013-05-07T10:00:00Z", "2013-05-07"),
        ("07.05.2013", "2013-05-07"), ("23/05/2013", "2013-05-23"), ("05/23/2013", "2013-05-23"),
        ("May 2013", "2013-05"), ("December 11", "--12-11"), ("05/07/2013", "2013"),
        ("12 мая 2022 года", "2022-05-12"), ("3 травня 2019", "2019-05-03"), ("12. März 2021", "2021-03-12"),
        ("le 1er août 2019", "2019-08-01"), ("3 de mayo de 2020", "2020-05-03"), ("11 września 2001", "2001-09-11"),
    ],
)  # fmt: skip
def test_a_date_is_read_as_it_is_written(written, wanted):
    assert iso_date(next(find_dates(written)))[0] == wanted


def test_a_date_that_can_be_read_two_ways_names_both():
    assert "2013-05-07 or 2013-07-05" in next(find_dates("05/07/2013")).rival


def test_31_february_is_no_date():
    assert list(find_dates("February 31, 2013")) == []


@given(st.integers(1, 12), st.integers(1, 28), st.integers(0, 6), st.integers(1950, 2050))
def test_an_inferred_year_falls_on_its_weekday_within_five_years(month, day, weekday, low):
    import datetime

    found = infer_year(month, day, weekday, low)
    if found is not None:
        assert low <= found.year <= low + 4
        assert datetime.date(found.year, month, day).weekday() == weekday
        assert found.rival is None or datetime.date(found.rival, month, day).weekday() == weekday


def test_a_year_that_lies_ahead_says_nothing_of_when_the_text_was_written():
    assert latest_year("It began in 2011 and should end by 2030, at a cost of $2025.") == 2011


def test_a_dateline_without_year_or_weekday_leaves_the_year_open():
    found = meta(
        "RIGA, March 3. /NEWSMARK/. The council met to speak of the harbour, which was built in 2009, and of its debts.\n"
    )
    assert (found.date, found.date_precision) == ("--03-03", "month-day")
    assert "2009 or 2010" in found.date_basis


def test_a_text_without_any_date_has_none_and_says_so():
    found = meta("The council met to speak of the harbour and of its debts, which have grown.\n")
    assert (found.date, found.date_precision) == (None, "none")
    assert "no date" in found.date_basis


def test_the_files_own_metadata_stands_above_a_date_line():
    assert (
        meta(
            "A title of a page\n\nMay 7, 2013\n\nThe council met to speak of the harbour.\n",
            date="2013-05-08",
        ).date
        == "2013-05-08"
    )


@pytest.mark.parametrize(
    ("text", "line", "place", "agency"),
    [
        ("MOSCOW, December 11. /TASS/. The minister said", "MOSCOW, December 11. /TASS/. ", "MOSCOW", "TASS"),
        ("NEW YORK  (Reuters) - Shares rose", "NEW YORK  (Reuters) - ", "NEW YORK", "Reuters"),
        (
            "CALGARY, Alberta, Oct 23 (AP) -- Shares rose",
            "CALGARY, Alberta, Oct 23 (AP) -- ",
            "CALGARY, Alberta",
            "AP",
        ),
        ("Kyiv, 12 May 2014 (Interfax) - Talks began", "Kyiv, 12 May 2014 (Interfax) - ", "Kyiv", "Interfax"),
        ("PARIS - Talks began", "PARIS - ", "PARIS", None),
        (
            "OSLO, Nor./NEW YORK (AP) - Shares rose",
            "OSLO, Nor./NEW YORK (AP) - ",
            "OSLO, Nor./NEW YORK",
            "AP",
        ),
        ("RIGA/OSLO/BONN - Talks began", "RIGA/OSLO/BONN - ", "RIGA/OSLO/BONN", None),
    ],
)
def test_a_dateline_is_cut_from_its_paragraph(text, line, place, agency):
    found = find_dateline(text)
    assert found is not None
    assert (text[: found.end].strip(), found.place, found.agency) == (line.strip(), place, agency)


def test_a_sentence_that_begins_with_capitals_has_no_dateline():
    assert find_dateline("NATO ministers met in Riga on 3 March to speak of it.") is None
    assert find_dateline("UPDATE 4 - Shares rose") is None


def test_note_and_byline_before_a_dateline_are_found():
    text = "(Adds comment)   By  Ann Example    RIGA, Oct 23 (Reuters) - Shares rose"
    lead = find_lead(text)
    assert text[slice(*lead.note)].strip() == "(Adds comment)"
    assert text[slice(*lead.byline)].strip() == "By  Ann Example"
    assert lead.dateline.place == "RIGA"
