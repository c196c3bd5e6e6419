"""Source, genre, language and place of a document."""

import pytest

from workbench.label import label
from workbench.label.document_metadata import reading_case
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


def test_a_missing_date_is_a_problem_with_its_mend():
    problems = label(Document("a.txt", "a.txt", BODY, ""), load_settings()).problems
    (found,) = [problem for problem in problems if problem.problem == "no date found"]
    assert "metadata.toml" in found.hint
    assert found.severity == "doubtful"


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
