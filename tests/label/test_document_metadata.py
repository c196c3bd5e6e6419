"""Source, genre, language and place of a document."""

import tomllib

import pytest

from workbench.label import label
from workbench.label.document_metadata import date_in_address, reading_case
from workbench.label.language import find_language
from workbench.schema import Document
from workbench.settings import load_settings

BODY = "The council of the town met on Monday to speak of the harbour, and it was the first meeting in three years.\n"


def meta(text, path="a.txt", **known):
    return label(Document(path, path, text, "", known), load_settings()).meta


@pytest.mark.parametrize(
    ("text", "path", "known", "source"),
    [
        (BODY, "a.txt", {"url": "https://tass.com/politics/1"}, "TASS"),
        (BODY, "a.txt", {"url": "http://en.kremlin.ru/events/1"}, "Kremlin"),
        ("Reuters\n\n" + BODY, "a.txt", {}, "Reuters"),
        ("RIGA, March 3. /TASS/. " + BODY, "a.txt", {}, "TASS"),
        (BODY, "news/tass/a.txt", {}, "TASS"),
        (BODY, "news/tass/a.txt", {"source": "Harbour Gazette"}, "Harbour Gazette"),
        (BODY, "a.txt", {"url": "https://nottass.com/1"}, None),
    ],
)
def test_a_source_is_known_by_statement_address_masthead_mark_or_folder(text, path, known, source):
    assert meta(text, path, **known).source == source


@pytest.mark.parametrize(
    ("doc_id", "date"), [("a.txt", "…"), ("2021-03-10-plan.txt", "2021-03-10"), ("a.csv#7", "…")]
)
def test_a_missing_date_is_a_problem_whose_hint_is_a_line_of_metadata_toml(doc_id, date):
    problems = label(Document(doc_id, doc_id.partition("#")[0], BODY, ""), load_settings()).problems
    (found,) = [problem for problem in problems if problem.problem == "no date found"]
    assert found.severity == "doubtful"
    assert tomllib.loads(found.hint.removeprefix("add to metadata.toml: "))[doc_id]["date"] == date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        (BODY, "2021-03-10"),
        (f"Talks\n\nMay 7, 2013\n\n{BODY}", "2013-05-07"),
        (f"Talks\n\nGENEVA, March 10. {BODY}", "2021-03-10"),
        (f"Talks\n\nGENEVA, March 11. {BODY}", "--03-11"),
    ],
)
def test_the_date_of_the_file_name_counts_where_it_is_accepted_and_no_other_date_is_known(text, date):
    path = "2021-03-10-plan.txt"
    assert meta(text, path).date != "2021-03-10"
    found = meta(text, path, date_from="the archive names its files so")
    assert found.date == date
    assert ("the archive names its files so" in found.date_basis) == (date == "2021-03-10")


@pytest.mark.parametrize(
    ("title", "genre"),
    [("Statement by the mayor on the harbour", "statement"), ("FOR IMMEDIATE RELEASE", "release")],
)
def test_a_genre_is_read_from_the_head(title, genre):
    assert meta(f"{title}\n\nMay 7, 2013\n\n{BODY}").genre == genre


def test_a_text_in_another_language_is_known_as_such():
    assert (
        find_language(
            "Der Rat der Stadt hat am Montag über den Hafen gesprochen, und es war das erste Treffen seit drei Jahren."
        )
        == "de"
    )
    assert find_language("Совет города собрался в понедельник, чтобы обсудить порт и его долги.") == "ru"
    assert find_language(BODY) == "en"
    assert find_language("12 34") == "und"


def test_a_place_in_capitals_is_given_in_reading_case():
    assert reading_case("NEW YORK") == "New York"
    assert reading_case("Washington") == "Washington"


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://wire.example/articles/2021/11/04/36896", "2021-11-04"),
        ("https://wire.example/2019/12/31/harbour", "2019-12-31"),
        ("https://wire.example/2019/1/9/harbour", "2019-01-09"),
        ("https://wire.example/news/2020-10-05-ferry.html", "2020-10-05"),
        ("https://wire.example/20201005/ferry", "2020-10-05"),
        ("https://wire.example/2028064/ferry", None),  # the number of an article
        ("https://wire.example/1911231/ferry", None),
        ("https://wire.example/2021/02/30/ferry", None),
        ("https://wire.example/2021/13/4/ferry", None),
        ("https://wire.example/2021/11/ferry", None),
        ("https://wire.example/20213004/x/2021/11/04/ferry", "2021-11-04"),
        ("https://wire.example/2021-11/04/ferry", None),
    ],
)
def test_a_date_in_an_address_is_read_with_its_whole_month_and_day(url, day):
    assert date_in_address(url) == day
