"""Selection: one line, TOML, notebook parameter, caption."""

import pytest
from hypothesis import given, strategies as st

from workbench.errors import BadSelection
from workbench.schema import GENRES, VOICES
from workbench.selection.model import Selection, matching_values, narrow, period

VALUES = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=8)
LISTS = st.lists(st.lists(VALUES, min_size=1, max_size=3).map(" ".join), max_size=3).map(tuple)
SELECTIONS = st.builds(
    Selection,
    source=LISTS,
    place=LISTS,
    speaker=LISTS,
    mentions=LISTS,
    topic=LISTS,
    story=LISTS,
    genre=st.lists(st.sampled_from(GENRES), max_size=2).map(tuple),
    voice=st.lists(st.sampled_from(VOICES), max_size=2).map(tuple),
    since=st.sampled_from((None, "2014", "2014-03", "2014-03-18")),
    until=st.sampled_from((None, "2015", "2015-12", "2015-12-11")),
    query=st.sampled_from(
        ("", "treaty", '"political process" -draft', "a NEAR/5 (b)".replace("(b)", "b"), "x* OR y")
    ),
    stories=st.sampled_from(("copies", "one per story")),
)


@given(SELECTIONS)
def test_a_selection_survives_its_line_and_its_table(selection):
    assert Selection.parse(selection.line()) == selection
    assert Selection.from_table(selection.table()) == selection
    assert Selection.parse(selection.line()).digest() == selection.digest()


def test_what_is_not_a_field_is_the_query():
    selection = Selection.parse('source:TASS since:2015 mentions:Syria "political process" talks')
    assert selection.source == ("TASS",)
    assert selection.since == "2015"
    assert selection.query == '"political process" talks'


def test_a_colon_inside_a_phrase_opens_no_field():
    assert Selection.parse('"Q: what next"').query == '"Q: what next"'


def test_repeated_and_listed_values_are_alternatives():
    assert Selection.parse('source:TASS source:"The Times",BBC').source == ("TASS", "The Times", "BBC")


def test_the_caption_is_a_sentence_a_reader_understands():
    selection = Selection.parse("source:TASS,Kremlin mentions:Syria since:2013 until:2015-12 ceasefire")
    assert (
        selection.caption()
        == "source TASS or Kremlin; mentioning Syria; from 2013 to 2015-12; containing ceasefire"
    )
    assert Selection().caption() == "all documents"


def test_an_empty_selection_is_false():
    assert not Selection.parse("  ")
    assert Selection.parse("voice:quote")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("sorce:TASS", "did you mean `source`"),
        ("voice:qoute", "did you mean `quote`"),
        ("genre:artcle", "did you mean `article`"),
        ("stories:each", "known: copies, one per story"),
        ("since:2015-13", "write 2015, 2015-12 or 2015-12-11"),
        ("since:2015-02-30", "is no date for since"),
        ("since:2016 until:2015", "is after until"),
        ("since:2015 since:2016", "more than once"),
        ("arrived:2015", "write 2015-12-11 or"),
        ("arrived:2015-13-01", "is no date for arrived"),
        ("arrived:2015-12-11T07:00", "no time with its zone"),
        ('source:""', "empty value"),
        ("a OR", "a word is missing"),
        ('"a', "not closed"),
        ("NOT a", "only says what is unwanted"),
        ("(a b", "bracket is not closed"),
        ("a)", "stands where nothing can"),
        ("a NEAR (b c)", "NEAR takes words and phrases only"),
        ("*", "holds no word"),
        ("san*tion", "only at the end of a word"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_mend(line, says):
    with pytest.raises(BadSelection) as refused:
        Selection.parse(line)
    assert says in str(refused.value)
    assert refused.value.hint


def test_an_unknown_key_of_a_table_names_the_nearest():
    with pytest.raises(BadSelection, match="did you mean `mentions`"):
        Selection.from_table({"mention": ["Syria"]}, place="jobs/weekly.toml")


def test_a_value_stands_for_the_values_that_hold_it_as_whole_words():
    known = ["Vladimir Putin", "John Kerry", "Putina", "The Kremlin, Moscow"]
    assert matching_values(["putin"], known, "speaker") == {"Vladimir Putin"}
    assert matching_values(["Kremlin"], known, "place") == {"The Kremlin, Moscow"}


def test_an_exact_value_does_not_widen():
    assert matching_values(["TASS"], ["TASS", "TASS Archive"], "source") == {"TASS"}


def test_a_value_that_nothing_has_is_refused_with_the_nearest():
    with pytest.raises(BadSelection, match="did you mean `TASS`"):
        matching_values(["TAS"], ["TASS", "Kremlin"], "source")


def test_a_date_is_inside_when_all_that_it_can_mean_is_inside():
    december = Selection(since="2015-12", until="2015-12")
    assert december.holds_date("2015-12-11")
    assert december.holds_date("2015-12")
    assert not december.holds_date("2015")
    assert not december.holds_date("--12-11")
    assert not december.holds_date(None)
    assert Selection().holds_date(None)


def test_february_of_a_leap_year_ends_on_the_29th():
    assert period("2016-02") == ("2016-02-01", "2016-02-29")


def test_what_had_arrived_by_a_day_or_a_time_is_a_rule_of_its_own():
    by = Selection.parse("arrived:2015-12-11T09:00:00+02:00")
    assert by.arrived == "2015-12-11T07:00:00+00:00"
    assert Selection.parse(by.line()) == by
    assert by.caption() == "arrived by 2015-12-11 07:00:00 UTC"
    assert by.holds_arrival("2015-12-11T07:00:00+00:00")
    assert not by.holds_arrival("2015-12-11T07:00:01+00:00")
    assert not by.holds_arrival(None)
    day = Selection(arrived="2015-12-11")
    assert day.holds_arrival("2015-12-11T23:59:59+00:00")
    assert not day.holds_arrival("2015-12-12T00:00:00+00:00")
    assert narrow(day, by).arrived == narrow(by, day).arrived == by.arrived, "the narrower one"
    assert Selection().holds_arrival(None)
