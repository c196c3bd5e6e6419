"""Tables: rows become documents, columns are known by name or mapped, and nothing is read whole."""

import csv
import datetime
import io
import json

import pytest

from workbench.errors import UnreadableFile
from workbench.read import find_files, metadata_problems, read
from workbench.read.tables.columns import fold, recognise
from workbench.schema import Document, Problem

STORY = "The council of the town met on Monday to speak of the harbour and its debts."
OTHER = "The mayor said that she would not stand again, and thanked her staff."


def put(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def documents(path):
    return [found for found in read(path, path.parent) if isinstance(found, Document)]


def problems(path):
    return [found for found in read(path, path.parent) if isinstance(found, Problem)]


def table(rows, **dialect):
    out = io.StringIO()
    csv.writer(out, **dialect).writerows(rows)
    return out.getvalue()


def workbook(tmp_path, sheets, name="book.xlsx"):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / name)
    return tmp_path / name


ROWS = [["Headline", "Published", "Outlet", "Link", "Body"],
        ["Council meets", "2015-12-11", "Harbour Gazette", "https://example.org/1", STORY],
        ["Mayor leaves", "2015-12-12", "Harbour Gazette", "https://example.org/2", f"{OTHER}\n\nShe is 61."]]  # fmt: skip


def test_each_row_is_a_document_and_its_columns_are_known_by_name(tmp_path):
    first, second = documents(put(tmp_path, "a.csv", table(ROWS)))
    assert (first.doc_id, second.doc_id, first.path) == ("a.csv#1", "a.csv#2", "a.csv")
    assert second.text == f"{OTHER}\n\nShe is 61."
    assert dict(first.known) == {
        "title": "Council meets", "date": "2015-12-11", "source": "Harbour Gazette", "url": "https://example.org/1",
    }  # fmt: skip


@pytest.mark.parametrize(
    "dialect",
    [{"delimiter": ";"}, {"delimiter": "\t"}, {"delimiter": "|"}, {"quoting": csv.QUOTE_ALL}, {"lineterminator": "\r"},
     {"escapechar": "\\", "doublequote": False}],
)  # fmt: skip
def test_the_dialect_is_told_from_the_content(tmp_path, dialect):
    said = f'{STORY} "No," she said; "not yet", and left, at 3|4.'
    (found,) = documents(put(tmp_path, "a.csv", table([["title", "text"], ["Council", said]], **dialect)))
    assert found.text == said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_told_from_the_whole_file(tmp_path, encoding):
    rows = [
        ["title", "text"],
        *([["Plain", STORY]] * 3_000),
        ["Late", "The café’s owner, Señor Peña, said “no”."],
    ]
    found = documents(put(tmp_path, "a.csv", table(rows).encode(encoding)))
    assert found[-1].text == "The café’s owner, Señor Peña, said “no”."
    assert found[0].known["title"] == "Plain"


def test_a_table_by_another_name_is_known_by_its_header(tmp_path):
    assert len(documents(put(tmp_path, "export.txt", table(ROWS)))) == 2


def test_a_text_with_commas_is_no_table(tmp_path):
    (found,) = documents(put(tmp_path, "a.txt", f"Riga, the town, the body, a title\n{STORY}"))
    assert found.doc_id == "a.txt"


def test_a_table_without_a_column_of_text_is_refused_and_its_columns_are_named(tmp_path):
    path = put(tmp_path, "a.csv", "Nr,Volltextspalte\n1,abc\n")
    with pytest.raises(UnreadableFile) as refused:
        list(read(path, tmp_path))
    assert "Nr, Volltextspalte" in refused.value.problem
    assert refused.value.hint.startswith('say which: ["a.csv".columns] text = ')


def test_the_analyst_maps_a_column_without_giving_a_reason(tmp_path):
    put(tmp_path, "metadata.toml", '["in/a.csv".columns]\ntext = "Spalte 2"\ntitle = "Nr"\n')
    (found,) = read(put(tmp_path, "in/a.csv", f"Nr;Spalte 2\n7;{STORY}\n"), tmp_path)
    assert (found.text, found.known["title"], found.doc_id) == (STORY, "7", "in/a.csv#1")


def test_a_mapped_column_that_is_not_there_is_refused(tmp_path):
    put(tmp_path, "metadata.toml", '["a.csv".columns]\ntext = "Volltxt"\n')
    with pytest.raises(UnreadableFile) as refused:
        list(read(put(tmp_path, "a.csv", "Volltext,Nr\nabc,1\n"), tmp_path))
    assert 'text = "Volltxt"' in refused.value.problem
    assert "did you mean `Volltext`?" in refused.value.hint


@pytest.mark.parametrize(
    ("toml", "problem"),
    [('["a.csv".columns]\ntxt = "A"\n', "txt"), ('["a.csv"]\ncolumns = 3\n', "columns = 3"), ('["a.csv"]\n', "no reason")],
)  # fmt: skip
def test_a_mapping_that_means_nothing_is_a_problem_and_the_table_is_read_without_it(tmp_path, toml, problem):
    put(tmp_path, "metadata.toml", toml)
    assert len(documents(put(tmp_path, "a.csv", table(ROWS)))) == 2
    (found,) = metadata_problems(tmp_path, find_files(tmp_path))
    assert problem in found.problem


def test_one_row_is_corrected_by_its_id(tmp_path):
    put(tmp_path, "metadata.toml", '["a.csv#2"]\ndate = 2015-12-13\nreason = "the print edition"\n')
    assert [found.known["date"] for found in documents(put(tmp_path, "a.csv", table(ROWS)))] == [
        "2015-12-11",
        "2015-12-13",
    ]


def test_rows_without_text_are_told_together_and_keep_their_numbers(tmp_path):
    rows = [["title", "text"], ["a", ""], ["b", STORY], *([["c", " "]] * 20)]
    path = put(tmp_path, "a.csv", table(rows))
    assert [found.doc_id for found in documents(path)] == ["a.csv#2"]
    (told,) = problems(path)
    assert told.problem == "rows without text: 21 (1, 3, 4, 5, 6, 7, 8, 9 …)"
    assert told.severity == "note"


def test_a_row_with_more_cells_than_the_header_is_read_and_told(tmp_path):
    path = put(tmp_path, "a.csv", f"title,text\na,{STORY}, and more\nb,{OTHER.replace(',', '')}\n")
    assert len(documents(path)) == 2
    assert [(told.problem, told.severity) for told in problems(path)] == [
        ("rows with more cells than the header: 1 (1)", "doubtful")
    ]


def test_lines_of_json_are_documents_and_broken_ones_are_told(tmp_path):
    lines = [json.dumps({"title": "A", "content": STORY, "authors": ["B. Brown", "C. Clay"], "language": "English"}),
             "{broken", json.dumps([1]), "[" * 100_000, json.dumps({"content": "\ud800 half", "title": None})]  # fmt: skip
    path = put(tmp_path, "a.jsonl", "\n".join(lines))
    first, last = documents(path)
    assert dict(first.known) == {"title": "A", "author": "B. Brown, C. Clay", "language": "en"}
    assert (last.doc_id, last.text) == ("a.jsonl#5", "\N{REPLACEMENT CHARACTER} half")
    assert last.repairs
    assert [told.problem for told in problems(path)] == ["rows that are no JSON objects: 3 (2, 3, 4)"]


def test_parquet_is_read_batch_by_batch_with_its_dates(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    day = datetime.date(2015, 12, 11)
    rows = pa.table({"id": [*range(200)], "text": [f"{STORY} {n}" for n in range(200)], "date": [day] * 200})
    pq.write_table(rows, tmp_path / "a.parquet", row_group_size=50)
    found = documents(tmp_path / "a.parquet")
    assert [found[-1].doc_id, found[-1].text, found[-1].known["date"]] == [
        "a.parquet#200",
        f"{STORY} 199",
        "2015-12-11",
    ]


def test_a_workbook_gives_values_and_never_formulas(tmp_path):
    path = workbook(
        tmp_path,
        {"S": [["Export of 2015"], ["Title", "Date", "Text"], ["=1+1", datetime.datetime(2015, 12, 11), STORY],
               ["Plain", "2015", '=HYPERLINK("http://x")']]},
    )  # fmt: skip
    (found,) = documents(path)
    assert (found.doc_id, found.text) == ("book.xlsx#1", STORY)
    assert dict(found.known) == {"date": "2015-12-11T00:00:00"}


def test_the_sheets_with_text_are_read_and_named(tmp_path):
    rows = [["title", "text"], ["a", STORY]]
    path = workbook(tmp_path, {"Notes": [["nothing", "here"]], "May": rows, "June": rows})
    assert [found.doc_id for found in documents(path)] == ["book.xlsx#May!1", "book.xlsx#June!1"]


def test_a_workbook_without_openpyxl_is_refused_with_the_line_that_installs_it(tmp_path, monkeypatch):
    path = workbook(tmp_path, {"S": ROWS})
    monkeypatch.setattr("workbench.read.limits.find_spec", lambda name: None)
    with pytest.raises(UnreadableFile) as refused:
        list(read(path, tmp_path))
    assert "pip install 'analyst-workbench[files]'" in refused.value.hint


def test_a_table_is_read_a_row_at_a_time(tmp_path, monkeypatch):
    """The first document comes before the last line is read."""
    path = put(tmp_path, "a.csv", "title,text\n" + f"a,{STORY}\n" * 50_000 + 'b,"never closed' + "x" * 100)
    rows = read(path, tmp_path)
    assert next(rows).doc_id == "a.csv#1"


def test_names_of_columns_are_compared_by_their_letters():
    assert fold("Full_Text ") == fold("full text") == fold("FullText")
    assert recognise(["article", "content", "publication", "Published At"]) == {
        "text": 1,
        "source": 2,
        "date": 3,
    }


def test_columns_that_are_none_of_ours_become_attributes(tmp_path):
    rows = [
        ["text", "Party", "headline", "", "id"],
        [STORY, "Green  party", "Harbour", "x", "7"],
        [OTHER, "", "", "", ""],
    ]
    first, second = documents(put(tmp_path, "a.csv", table(rows)))
    assert dict(first.attributes) == {"Party": "Green party"}
    assert first.known == {"title": "Harbour", "id": "7"}
    assert dict(second.attributes) == {}
    lines = json.dumps({"text": STORY, "country": "Norway", "n": 3, "tags": ["a", "b"]})
    (found,) = documents(put(tmp_path, "b.jsonl", lines + "\n"))
    assert dict(found.attributes) == {"country": "Norway", "n": "3", "tags": "a, b"}


def test_metadata_beside_a_file_adds_attributes(tmp_path):
    put(tmp_path, "a.csv", table([["text", "party"], [STORY, "Green"], [OTHER, "Red"]]))
    put(tmp_path, "metadata.toml", '["a.csv"]\nreason = "known"\n["a.csv".attributes]\ncountry = "Norway"\n'
        '["a.csv#2"]\nreason = "known"\n["a.csv#2".attributes]\nparty = "Blue"\n')  # fmt: skip
    first, second = documents(tmp_path / "a.csv")
    assert dict(first.attributes) == {"party": "Green", "country": "Norway"}
    assert dict(second.attributes) == {"party": "Blue"}
    assert "attributes" not in first.known
    put(tmp_path, "metadata.toml", '["a.csv"]\nreason = "known"\nattributes = "x"\n')
    assert "attributes = 'x'" in metadata_problems(tmp_path, find_files(tmp_path))[0].problem
