"""Hostile files: each is refused or read within stated limits, with problem and hint, and the rest is read."""

import gzip
import io
import json
import os
import tarfile
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from workbench.errors import UnreadableFile, WorkbenchError
from workbench.read import find_files, limits, read, replace_invalid_characters, source
from workbench.read.tables import columns, reader
from workbench.schema import Document, Problem

STORY = "The council of the town met on Monday to speak of the harbour and its debts."


def zipped(members, **kind):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **kind) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def put(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refused(path):
    with pytest.raises(UnreadableFile) as error:
        list(read(path, path.parent))
    assert error.value.hint
    return error.value.problem


def taken(path):
    found = list(read(path, path.parent))
    return [one for one in found if isinstance(one, Document)], [
        one for one in found if isinstance(one, Problem)
    ]


@pytest.fixture
def small(monkeypatch):
    """The limits as they are, made small enough that tests are quick."""
    monkeypatch.setattr(source, "MIN_UNPACKED", 2**20)
    monkeypatch.setattr(source, "MAX_RATIO", 10)


def test_a_zip_bomb_is_refused(tmp_path, small):
    assert "a zip bomb" in refused(put(tmp_path, "a.zip", zipped([("a.txt", bytes(2**22))])))


def test_a_bomb_of_many_members_is_refused_after_what_was_read_before(tmp_path, small):
    path = put(tmp_path, "a.zip", zipped([("a.txt", STORY), *((f"{n}.txt", b"a" * 2**18) for n in range(8))]))
    found, problem = [], ""
    try:
        found.extend(read(path, tmp_path))
    except UnreadableFile as error:
        problem = error.problem
    assert "more than 1,048,576 bytes" in problem


def test_a_bomb_in_a_bomb_has_no_budget_of_its_own(tmp_path, small):
    inner = zipped([("a.txt", bytes(2**19))])
    assert "a zip bomb" in refused(put(tmp_path, "a.zip", zipped([(f"{n}.zip", inner) for n in range(4)])))


def test_a_bomb_behind_gzip_is_refused(tmp_path, small):
    assert "a zip bomb" in refused(
        put(tmp_path, "a.csv.gz", gzip.compress(b"title,text\n" + b"a,b\n" * 2**20))
    )


def test_an_archive_of_very_many_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "MAX_MEMBERS", 10)
    path = put(tmp_path, "a.zip", zipped([(f"{n}.txt", STORY) for n in range(11)]))
    found = []
    with pytest.raises(UnreadableFile, match="more than 10 files"):
        found.extend(read(path, tmp_path))


def test_a_zip_that_holds_itself_ends(tmp_path):
    raw = zipped([("a.txt", STORY)])
    for _ in range(source.MAX_NESTED + 2):
        raw = zipped([("in.zip", raw), ("a.txt", STORY)])
    found, told = taken(put(tmp_path, "a.zip", raw))
    assert len(found) == source.MAX_NESTED
    assert ["more than 5 deep" in one.problem for one in told] == [True]


def test_a_sparse_tar_of_a_terabyte_is_refused(tmp_path, small):
    info = tarfile.TarInfo("a.txt")
    info.size = 2**40
    path = put(tmp_path, "a.tar", info.tobuf() + STORY.encode())
    try:
        assert [found for found in read(path, tmp_path) if isinstance(found, Document)] == []
    except UnreadableFile as error:
        assert error.hint  # noqa: PT017 - either outcome is right


def test_a_tar_whose_header_asks_for_a_gigabyte_is_refused(tmp_path, monkeypatch):
    from workbench.read.archives import archive

    monkeypatch.setattr(archive, "MAX_HEADER", 1_000)
    info = tarfile.TarInfo("long")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 100_000
    assert "damaged" in refused(put(tmp_path, "a.tar", info.tobuf() + bytes(200_000)))


def test_a_spreadsheet_bomb_is_refused(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    with zipfile.ZipFile(out) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts["xl/worksheets/sheet1.xml"] += b" " * 2**22
    assert "300 times" in refused(put(tmp_path, "a.xlsx", zipped(parts.items())))


def test_entities_in_a_spreadsheet_are_refused(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["text"])
    book.save(out)
    with zipfile.ZipFile(out) as saved:
        parts = {name: saved.read(name) for name in saved.namelist()}
    laughs = "".join(
        f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "ha"}{f"&l{n - 1};" * 9 if n else ""}">'
        for n in range(9)
    )
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    sheet = sheet[sheet.index("<worksheet") :].replace("<v>", "<v>&l8;")
    parts["xl/worksheets/sheet1.xml"] = f"<!DOCTYPE x [{laughs}]>{sheet}".encode()
    assert refused(put(tmp_path, "a.xlsx", zipped(parts.items())))


def test_a_line_of_two_hundred_megabytes_is_refused_in_a_table_and_in_a_text(tmp_path, monkeypatch):
    """With the limits scaled down to a thousandth, and a line of 200 kB."""
    monkeypatch.setattr(reader, "MAX_LINE", 40_000)
    monkeypatch.setattr(columns, "MAX_TEXT", 20_000)
    line = "a" * 200_000
    assert "line 3 has more than" in refused(put(tmp_path, "a.csv", f"title,text\na,b\nc,{line}\n"))
    assert "line 2 has more than" in refused(
        put(tmp_path, "a.jsonl", f'{{"text": "a"}}\n{{"text": "{line}"}}\n')
    )
    found, (told,) = taken(put(tmp_path, "b.csv", f"title,text\na,{STORY}\nc,{line[:30_000]}\n"))
    assert len(found) == 1
    assert told.problem.startswith("rows with more than 20,000 characters")
    monkeypatch.setattr("workbench.read.MAX_TEXT", 20_000)
    (told,) = read(put(tmp_path, "a.txt", line), tmp_path)
    assert "more than 20,000 characters" in told.problem


def test_a_table_of_a_hundred_thousand_columns_is_refused(tmp_path):
    header = ",".join(f"c{n}" for n in range(100_000))
    problem = refused(put(tmp_path, "a.csv", f"text,{header}\n{STORY},{header}\n"))
    assert "100,001 columns" in problem
    assert len(problem) < 200


def test_a_quotation_mark_that_never_closes_ends_at_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "MAX_LINE", 10_000)
    path = put(tmp_path, "a.csv", f'title,text\na,{STORY}\nb,"' + f"{STORY}\n" * 1_000)
    assert "no table from line" in refused(path)


def test_nulls_and_halves_of_characters_are_shown_as_such(tmp_path):
    assert replace_invalid_characters("a\0b\ud800c\U0001f600") == "a\ufffdb\ufffdc\U0001f600"
    found, _ = taken(put(tmp_path, "a.csv", f"title,text\na\0b,{STORY * 9}\0\n"))
    assert (found[0].known["title"], found[0].text) == ("a\ufffdb", f"{STORY * 9}\ufffd")
    found, _ = taken(put(tmp_path, "a.jsonl", json.dumps({"title": "\udc00", "text": STORY})))
    assert found[0].known["title"] == "\ufffd"


def test_a_member_whose_name_runs_from_right_to_left_is_a_member(tmp_path):
    found, _ = taken(put(tmp_path, "a.zip", zipped([("in/\u202etxt.exe", STORY)])))
    assert [one.doc_id for one in found] == ["a.zip#in/\u202etxt.exe"]


def test_loops_of_links_are_not_followed_and_links_out_are_refused(tmp_path):
    folder = tmp_path / "corpus"
    (folder / "in").mkdir(parents=True)
    put(tmp_path, "secret.txt", STORY)
    put(folder, "a.txt", STORY)
    (folder / "in" / "up").symlink_to(folder, target_is_directory=True)
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    files = find_files(folder)
    assert [path.name for path in files] == ["a.txt", "loop.txt", "out.txt"]
    assert "cannot be read" in _refused_below(folder / "loop.txt", folder)
    assert "leads out of the folder" in _refused_below(folder / "out.txt", folder)


def test_a_pipe_in_the_folder_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    assert "a device or a pipe" in refused(tmp_path / "a.txt")


def _refused_below(path, root):
    with pytest.raises(UnreadableFile) as error:
        list(read(path, root))
    return error.value.problem


def test_a_file_larger_than_memory_allows_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "MAX_MEMBER", 100)
    assert "more than 100 bytes" in refused(put(tmp_path, "a.txt", STORY * 2))


def test_the_limits_are_those_we_state():
    assert (limits.MAX_MEMBERS, limits.MAX_RATIO, source.MAX_NESTED) == (50_000, 300, 5)
    assert (columns.MAX_TEXT, columns.MAX_COLUMNS) == (20_000_000, 2_000)


CSV = f'title,date,text\nA,2015-12-11,"{STORY}"\nB,,{STORY.split(",")[0]}\n'.encode()
KINDS = {
    "a.csv": CSV, "a.jsonl": json.dumps({"title": "A", "text": STORY}).encode() * 2, "a.txt.gz": gzip.compress(STORY.encode(), mtime=0),
    "a.zip": zipped([("a.txt", STORY), ("b.csv", CSV)]),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cuts=st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=5
    )
)
def test_damaged_files_raise_nothing_but_our_errors(tmp_path, name, cuts):
    raw = bytearray(KINDS[name])
    for at, size, new in cuts:
        at %= len(raw) + 1
        raw[at : at + size] = new
    try:
        for found in read(put(tmp_path, name, bytes(raw)), tmp_path):
            if isinstance(found, Document):
                (found.text + found.doc_id + "".join(found.known.values())).encode()
                assert found.text.strip()
            else:
                assert "failed" not in found.problem
    except WorkbenchError as error:
        assert error.hint  # noqa: PT017 - either outcome is right
