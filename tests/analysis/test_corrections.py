"""Groups of what can be corrected, each with a line that pastes as it stands."""

import tomllib

import pandas as pd
import pytest

from workbench.analysis.corrections import correction_groups, doubtful_titles

PROBLEMS = pd.DataFrame([], columns=["path", "problem", "hint", "severity"]).astype("str")
NO_TITLES = pd.DataFrame([], columns=["doc_id", "title", "headline"])


def documents(*rows):
    usual = {
        "title": "Talks resume", "date": "2020-03-03", "date_precision": "day", "date_basis": "stated in a date line",
        "source": "TASS", "language": "en", "words": 90, "text": "",
    }  # fmt: skip
    return pd.DataFrame([usual | {"doc_id": row["path"]} | row for row in rows])


def undated(path):
    return {"path": path, "date": None, "date_precision": "none", "date_basis": "no date"}


def groups(found, problems=PROBLEMS, titles=NO_TITLES):
    return correction_groups(found, problems, titles, "texts").set_index("what")


def test_dates_in_file_names_are_counted_and_one_line_accepts_them():
    found = documents(
        *[undated(f"press/2020-03-{n:02}.txt") for n in range(1, 9)], undated("a.txt"), {"path": "b.txt"}
    )
    row = groups(found).loc["have no date"]
    assert (row["n"], row["of"]) == (9, 10)
    assert row["note"].startswith("8 of them have one in the file name")
    assert tomllib.loads(row["line"])["press/*"]["date_from"] == "file name"


def test_files_of_several_folders_are_named_by_one_star():
    row = groups(documents(undated("a/2020-03-01.txt"), undated("b/2020-03-02.txt"))).loc["have no date"]
    assert list(tomllib.loads(row["line"])) == ["*"]


@pytest.mark.parametrize(
    ("row", "what", "entry"),
    [
        (undated("a.txt"), "have no date", {"date": "…", "reason": "…"}),
        ({"path": "a.txt", "title": None}, "have no title", {"title": "…", "reason": "…"}),
        ({"path": "a.txt", "date": "--03-03", "date_precision": "month-day"}, "have a day but no year", {"date": "…", "reason": "…"}),
        ({"path": "a.txt", "date_basis": "year inferred"}, "have an inferred year", {"date": "2020-03-03", "reason": "…"}),
        ({"path": "a.txt", "language": "und"}, "are in a language that cannot be told", {"language": "…", "reason": "…"}),
    ],
)  # fmt: skip
def test_what_is_missing_comes_with_an_entry_of_the_first_document(row, what, entry):
    assert tomllib.loads(groups(documents(row)).loc[what, "line"]) == {"a.txt": entry}


def test_a_source_that_a_folder_shares_is_one_line():
    found = documents(
        *(
            {"path": f"{folder}/{n}.txt", "source": None}
            for folder in "ab"
            for n in range(1 + (folder == "b"))
        )
    )
    row = groups(found).loc["have no source"]
    assert (row["n"], row["note"]) == (3, "2 of them in b/")
    assert tomllib.loads(row["line"]) == {"b/*": {"source": "…", "reason": "…"}}


def test_files_that_were_refused_and_entries_without_effect_come_first():
    rows = [
        ("a.pdf", "it is locked", "remove the password", "refused"),
        ("metadata.toml", "line 3 is not valid TOML", "correct that line", "doubtful"),
    ]
    table = groups(documents({"path": "b.txt"}), pd.DataFrame(rows, columns=PROBLEMS.columns))
    assert list(table.index) == ["entries of metadata.toml have no effect", "files could not be read"]
    assert list(table["note"]) == [
        "metadata.toml: line 3 is not valid TOML; correct that line",
        "a.pdf: it is locked; remove the password",
    ]


def test_a_corpus_without_fault_has_no_group():
    assert len(groups(documents({"path": "a.txt"}))) == 0


def titled(title, *lines, source="TASS"):
    """Doubtful titles of a page whose lines are (kind, text) below the title."""
    text, rows = "", []
    for kind, line in (("title", title), *lines):
        rows.append(("a.txt", len(text), len(text) + len(line), kind))
        text += line + "\n"
    found = documents({"path": "a.txt", "title": title, "text": text, "source": source})
    return doubtful_titles(found, pd.DataFrame(rows, columns=["doc_id", "start", "end", "kind"]))


HEADLINE = ("chrome", "Ferry talks resume in the harbour")
BODY = ("paragraph", "The ferry left the harbour on Monday, the mayor said, with all its lamps lit.")


@pytest.mark.parametrize(
    "title", ["Adria News Agency", "Ministry of Fisheries Press Office", "HARBOUR HERALD", "Northern Wire"]
)
def test_a_newsroom_as_title_is_doubtful_where_a_headline_stands_below_as_chrome(title):
    (row,) = titled(title, HEADLINE, BODY).to_dict("records")
    assert row == {"doc_id": "a.txt", "title": title, "headline": HEADLINE[1]}


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Adria News Agency", [BODY]),
        ("Adria News Agency", [("chrome", "Share this"), BODY]),
        ("Adria News Agency", [BODY, HEADLINE]),
        ("Minister answers questions of the press", [HEADLINE, BODY]),
        ("Ferry talks resume in the harbour", [HEADLINE, BODY]),
    ],
)
def test_a_title_without_a_headline_below_or_that_is_one_is_not_doubtful(title, lines):
    assert len(titled(title, *lines)) == 0


def test_the_source_as_title_is_doubtful_without_a_headline_too():
    assert titled("Tass", BODY)["headline"].tolist() == [None]
    row = groups(documents({"path": "a.txt"}), titles=titled("Tass", HEADLINE, BODY)).iloc[0]
    assert tomllib.loads(row["line"])["a.txt"]["title"] == HEADLINE[1]
