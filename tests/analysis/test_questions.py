"""Questions and answers of written transcripts, and the offices of those who speak in them."""

from __future__ import annotations

import pandas as pd
import pytest

import workbench
from workbench.analysis.frequency import word_hits
from workbench.analysis.questions import exchanges, exchanges_with_hits, offices
from workbench.display.readings.questions import exchange_reading, exchange_table, office_reading
from workbench.project import find_project

BRIEFING = """Press briefing

May 3, 2021

MS. ROE: Good afternoon. I have one statement. (Laughter.) We start now.

Q Thank you. Will the sanctions stay?

MS. ROE: The measures stay for now.

We look at them every month.

Q But what of the sanctions on grain?

Q And on gas?

MS. ROE: The sanctions on gas go on.

MODERATOR: The next question, please.

Q What does the doctor say?

DR. LEE: The numbers fall. Is that good? It is.

MS. ROE: I agree.

DR. LEE: So do we all.
"""
INTERVIEW = """Interview with Ann Berg

4 June 2022

IVAN PETROV: Welcome. How do you see the talks?

ANN BERG: With patience. They are long.

IVAN PETROV: Is there a date?

ANN BERG: There is none. Why should there be one?

IVAN PETROV: Thank you.

ANN BERG: Thank you. It was good to talk to you.
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("asked")
    (folder / "texts").mkdir()
    (folder / "workbench.toml").write_text('corpus = "texts"\n', encoding="utf-8")
    (folder / "texts" / "briefing.txt").write_text(BRIEFING, encoding="utf-8")
    (folder / "texts" / "interview.txt").write_text(INTERVIEW, encoding="utf-8")
    return workbench.load(project=find_project(folder))


@pytest.fixture(scope="module")
def found(corpus):
    return exchanges(corpus.tables.segments.to_pandas(), corpus.tables.documents.to_pandas())


def short(table, doc_id):
    rows = table[table["doc_id"] == doc_id].astype("object")
    rows = rows.where(rows.notna(), None)
    return list(rows[["exchange", "asker", "answerer", "n_turns"]].itertuples(index=False, name=None))


def test_a_briefing_is_questions_with_their_answers(found):
    assert short(found, "briefing.txt") == [
        (0, "Q", "Ms. Roe", 1),
        (1, "Q", None, None),
        (2, "Q", "Ms. Roe", 1),
        (3, "Q", "Dr. Lee", 2),
        (3, "Q", "Ms. Roe", 1),
    ]


def test_spans_cut_out_what_is_shown(corpus, found):
    text = corpus.text("briefing.txt")
    first = found[found["doc_id"] == "briefing.txt"].iloc[0]
    assert text[first["question_start"] : first["question_end"]].split() == first["question"].split()
    assert first["answer"] == "The measures stay for now. We look at them every month."
    panel = found[found["answerer"] == "Dr. Lee"].iloc[0]
    assert panel["answer"] == "The numbers fall. Is that good? It is. So do we all."


def test_who_mostly_asks_is_the_interviewer_where_nobody_is_labelled_so(found):
    assert short(found, "interview.txt") == [
        (0, "Ivan Petrov", "Ann Berg", 1),
        (1, "Ivan Petrov", "Ann Berg", 1),
        (2, "Ivan Petrov", "Ann Berg", 1),
    ]


def test_where_reporters_ask_a_host_who_asks_the_panel_gives_answers():
    said = [
        ("Q", "Why?"),
        ("Mr. Zander", "Dr. Lee?"),
        ("Dr. Lee", "Because it is so, as we all know here."),
    ] * 3
    text, rows = "", []
    for speaker, words in said:
        rows += [
            ("x", "speaker_label", speaker, None, len(text), len(text)),
            ("x", "turn", speaker, None, len(text), len(text) + len(words)),
        ]
        text += words
    segments = pd.DataFrame(rows, columns=["doc_id", "kind", "speaker", "role", "start", "end"])
    table = exchanges(segments, pd.DataFrame({"doc_id": ["x"], "text": [text]}))
    assert table["asker"].tolist() == ["Q"] * 6
    assert table["answerer"].tolist() == ["Mr. Zander", "Dr. Lee"] * 3


def test_a_word_is_asked_after_taken_up_or_brought_in(corpus, found):
    places = word_hits(corpus.tables.tokens.to_pandas(), corpus.tables.documents.to_pandas(), ["sanctions"])
    rows = exchanges_with_hits(found, places)
    assert list(rows[["exchange", "asked", "answered"]].itertuples(index=False, name=None)) == [
        (0, 1, 0),
        (1, 1, 0),
        (2, 0, 1),
    ]


def test_texts_without_turns_hold_no_question():
    nothing = pd.DataFrame(columns=["doc_id", "kind", "speaker", "role", "start", "end"])
    texts = pd.DataFrame({"doc_id": ["a"], "text": ["Is this a question?"], "date": ["2020-01-01"]})
    assert exchanges(nothing, texts).empty
    assert offices(nothing, texts).empty


def test_an_office_is_held_as_of_the_dates_of_the_documents(tmp_path):
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n', encoding="utf-8")
    (tmp_path / "texts").mkdir()
    page = "Statement\n\n{day}\n\n{office} ANNA BERG: We met today. You know why we did.\n\n{office} ANNA BERG: I thank you all.\n"
    for name, day, office in [
        ("a.txt", "3 May 2019", "FOREIGN MINISTER"),
        ("b.txt", "9 May 2019", "FOREIGN MINISTER"),
        ("c.txt", "1 June 2021", "PRESIDENT"),
    ]:
        (tmp_path / "texts" / name).write_text(page.format(day=day, office=office), encoding="utf-8")
    corpus = workbench.load(project=find_project(tmp_path))
    table = offices(corpus.tables.segments.to_pandas(), corpus.tables.documents.to_pandas())
    assert list(table.drop(columns="words").itertuples(index=False, name=None)) == [
        ("Anna Berg", "Foreign Minister", "2019-05-03", "2019-05-09", 2, 4),
        ("Anna Berg", "President", "2021-06-01", "2021-06-01", 1, 2),
    ]
    assert table["words"].tolist() == [24, 12]


def test_the_reading_says_who_took_it_up_and_the_table_shows_both_sides(corpus, found):
    taken = exchanges_with_hits(
        found, word_hits(corpus.tables.tokens.to_pandas(), corpus.tables.documents.to_pandas(), ["sanctions"])
    )
    assert exchange_reading(found, taken).startswith(
        "Of 7 questions, 2 questions hold it, and 0 of their answers take it up; 1 answer brings it in"
    )
    shown = exchange_table(taken, corpus.tables.documents.to_pandas())
    rows = shown.frame.to_dict("records")
    assert [row["answer"][:10] for row in rows] == ["Ms. Roe: T", "nobody ans", "Ms. Roe: T"]
    assert rows[0]["question"] == "Q: Thank you. Will the sanctions stay?"
    assert rows[0]["where"].startswith("2021-05-03, briefing.txt:")


def test_a_long_answer_is_cut_to_what_stands_around_its_hit(corpus, found):
    taken = exchanges_with_hits(
        found, word_hits(corpus.tables.tokens.to_pandas(), corpus.tables.documents.to_pandas(), ["month"])
    )
    long = taken.assign(answer="word " * 200 + "every month " + "word " * 200)
    (cell,) = exchange_table(long, corpus.tables.documents.to_pandas()).frame["answer"]
    assert "every month" in cell
    assert len(cell) <= 192
    assert cell.startswith("Ms. Roe: …word")
    assert cell.endswith("word…")


def test_nothing_asked_is_said_so(corpus, found):
    none = exchanges_with_hits(
        found,
        word_hits(corpus.tables.tokens.to_pandas(), corpus.tables.documents.to_pandas(), ["submarines"]),
    )
    assert exchange_reading(found, none) == "None of 7 questions or their answers holds it."
    assert "no question" in exchange_reading(found.head(0), none)
    assert "Nobody speaks" in office_reading(
        offices(corpus.tables.segments.to_pandas().head(0), corpus.tables.documents.to_pandas())
    )
    assert "4 speakers" not in office_reading(
        offices(corpus.tables.segments.to_pandas(), corpus.tables.documents.to_pandas()).head(2)
    )
