"""Facts about the store: one version for all tables, whatever happens between two of them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings, strategies as st
from support.fake_steps import write

from workbench import schema
from workbench.errors import BadCorpus
from workbench.store import Change, FileHashCache, Staging, open_store, prune, schema_of, tables, write_lock
from workbench.store.parquet import write_files


def segments(*doc_ids, kind="paragraph"):
    rows = [{"doc_id": one, "segment": 0, "start": 0, "end": 5, "kind": kind, "rule": "r"} for one in doc_ids]
    return pa.Table.from_pylist(rows, schema_of("segments"))


def ids(store, version=None):
    return store.read("segments", ["doc_id"], version=version).column("doc_id").to_pylist()


@pytest.fixture
def store(tmp_path):
    return open_store(tmp_path / "store")


def test_an_empty_store_has_no_head_and_empty_tables(store):
    assert store.latest() is None
    for table in schema.STORED:
        assert store.read(table).num_rows == 0
        assert store.read(table).schema.names == list(schema.STORED[table])


def test_a_commit_names_the_versions_of_all_tables_and_keeps_its_facts(store):
    commit = store.commit({"segments": Change(segments("a"))}, "c0", {"settings": "s"})
    assert store.latest() == commit
    assert set(commit.tables) == set(tables.NAMES) - {"documents"}
    assert (commit.content, commit.facts["settings"], commit.schema) == ("c0", "s", schema.VERSION)


def test_a_reader_of_an_old_commit_still_sees_it_after_a_new_one(store):
    old = store.commit({"segments": Change(segments("a", "b"))}, "c0", {})
    store.commit({"segments": Change(segments("c"), drop=["a"])}, "c1", {})
    assert ids(store) == ["b", "c"]
    assert ids(store, old) == ["a", "b"]
    assert store.at(old.number) == old
    assert store.query("SELECT count(*) AS n FROM segments", version=old).to_pylist() == [{"n": 2}]


def test_what_was_written_without_a_commit_is_not_seen_and_later_undone(store):
    store.commit({"segments": Change(segments("a"))}, "c0", {})
    tables.append(store.place / "segments", "segments", segments("half"))
    tables.append(store.place / "documents", "documents", schema_of("documents").empty_table())
    assert ids(store) == ["a"]
    store.commit({"segments": Change(segments("b"))}, "c1", {})
    assert ids(store) == ["a", "b"]


def test_a_version_that_never_was_is_refused(store):
    store.commit({}, "c0", {})
    with pytest.raises(BadCorpus, match="no version 77"):
        store.at(77)


def test_a_store_of_a_newer_schema_is_refused_with_the_version_to_install(store, monkeypatch):
    with monkeypatch.context() as later:
        later.setattr(schema, "VERSION", schema.VERSION + 1)
        store.commit({}, "c0", {})
    with pytest.raises(BadCorpus, match=f"schema {schema.VERSION + 1}") as refused:
        store.latest()
    assert "install workbench" in refused.value.hint


def test_tables_of_an_older_schema_are_made_anew(store, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr(schema, "VERSION", schema.VERSION - 1)
        store.commit({"segments": Change(segments("old"))}, "c0", {})
    store.commit({"segments": Change(segments("new"))}, "c1", {})
    assert ids(store) == ["new"]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
        min_size=2,
        max_size=6,
        unique=True,
    )
)
def test_any_doc_id_can_be_dropped_and_takes_no_other_with_it(tmp_path_factory, names):
    store = open_store(tmp_path_factory.mktemp("store"))
    store.commit({"segments": Change(segments(*names))}, "c0", {})
    store.commit({"segments": Change(drop=names[:1])}, "c1", {})
    assert sorted(ids(store)) == sorted(names[1:])


def test_rows_come_in_the_same_order_however_they_were_written(tmp_path):
    one, other = open_store(tmp_path / "one"), open_store(tmp_path / "other")
    one.commit({"segments": Change(segments("a", "b", "c"))}, "c0", {})
    other.commit({"segments": Change(segments("c", "a"))}, "c0", {})
    other.commit({"segments": Change(segments("b"))}, "c1", {})
    assert one.read("segments").equals(other.read("segments"))


def test_where_restricts_and_columns_choose(store):
    store.commit(
        {"segments": Change(pa.concat_tables([segments("a"), segments("b", kind="title")]))}, "c0", {}
    )
    assert store.read("segments", ["doc_id"], {"kind": ["title"]}).to_pylist() == [{"doc_id": "b"}]
    assert store.read("segments", ["doc_id"], {"kind": []}).num_rows == 0


def test_parameters_are_bound_and_never_become_sql(store):
    store.commit({"segments": Change(segments("a'; DROP TABLE segments; --"))}, "c0", {})
    found = store.query("SELECT kind FROM segments WHERE doc_id = ?", ["a'; DROP TABLE segments; --"])
    assert found.to_pylist() == [{"kind": "paragraph"}]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('{outside}')",
        "SELECT * FROM '{outside}'",
        "SELECT * FROM read_csv('https://example.org/x.csv')",
        "COPY segments TO '{outside}'",
        "ATTACH '{outside}.db'",
        "INSTALL fts",
        "LOAD fts",
        "SET enable_external_access = true",
    ],
)
def test_a_query_reaches_no_other_file_no_network_and_no_extension(store, tmp_path, sql):
    outside = tmp_path / "outside.csv"
    outside.write_text("a\n1\n")
    store.commit({"segments": Change(segments("a"))}, "c0", {})
    with pytest.raises(duckdb.Error):
        store.query(sql.format(outside=outside))
    assert outside.read_text() == "a\n1\n"


def test_a_query_sees_no_variable_of_the_program(store):
    secret = segments("a")
    assert secret.num_rows == 1
    with pytest.raises(duckdb.CatalogException):
        store.query("SELECT * FROM secret")


def test_old_files_go_but_those_of_kept_commits_stay(store, monkeypatch):
    monkeypatch.setattr("workbench.store.store.KEEP_HOURS", 0)
    monkeypatch.setattr("workbench.store.store.VACUUM_EVERY", 1)
    monkeypatch.setattr("workbench.store.store.KEEP_COMMITS", 2)
    commits = [store.commit({"segments": Change(segments(name), whole=True)}, name, {}) for name in "abcd"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workbench.store.store.DeltaTable", _unforced(patch))
        store.vacuum()
    assert [ids(store, commit) for commit in commits[-2:]] == [["c"], ["d"]]
    with pytest.raises(BadCorpus, match="the store failed"):
        ids(store, commits[0])


def test_a_version_is_there_for_a_week_after_the_next_however_old_its_files_and_many_its_successors(
    store, monkeypatch
):
    monkeypatch.setattr("workbench.store.store.VACUUM_EVERY", 1)
    first = store.commit({"segments": Change(segments("a"), whole=True)}, "a", {})
    for path in store.place.rglob("*.parquet"):
        os.utime(path, (0, 0))
    for name in "bcdefghijk":
        store.commit({"segments": Change(segments(name), whole=True)}, name, {})
        store.vacuum()
    assert (ids(store, first), store.by_content("a").number) == (["a"], first.number)


def test_of_answers_kept_for_versions_the_newest_three_stay(tmp_path):
    for number in range(5):
        (tmp_path / f"search-{number}.sqlite").touch()
        os.utime(tmp_path / f"search-{number}.sqlite", (number, number))
    prune(tmp_path, "search-*.sqlite")
    assert sorted(path.name[7] for path in tmp_path.iterdir()) == ["2", "3", "4"]


@pytest.mark.parametrize("each", [1, 2])
def test_no_round_of_looking_for_old_files_is_missed(store, monkeypatch, each):
    """Builds of `each` commits, which write two versions where they drop rows."""
    from deltalake import DeltaTable

    looked: set[int] = set()
    build = 0
    monkeypatch.setattr("workbench.store.store.VACUUM_EVERY", 6)
    monkeypatch.setattr(DeltaTable, "vacuum", lambda *_, **__: looked.add(build))
    numbers = [0]
    for build in range(8):
        for part in range(each):
            change = Change(pa.Table.from_pylist([{"doc_id": "a"}], schema_of("documents")), ["a"])
            commit = store.commit({"documents": change}, f"{build}{part}", {})
        store.vacuum()
        numbers.append(commit.number)
    due = {build for build in range(8) if numbers[build + 1] // 6 > numbers[build] // 6}
    assert len(due) >= 2
    assert due <= looked


def _unforced(patch):
    """Delta refuses to let go of files younger than a week; a test cannot wait for one."""
    from deltalake import DeltaTable

    vacuum = DeltaTable.vacuum
    patch.setattr(
        DeltaTable, "vacuum", lambda self, *a, **k: vacuum(self, *a, enforce_retention_duration=False, **k)
    )
    return DeltaTable


def test_many_small_files_become_one(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "COMPACT_AT", 3)
    store = open_store(tmp_path)
    for name in "abcdef":
        store.commit({"segments": Change(segments(name))}, name, {})
    assert len(list((store.place / "segments").glob("*.parquet"))) > 6
    assert ids(store) == list("abcdef")
    files = store._files("segments", store.latest())
    assert len(files) < 6


def test_a_second_builder_is_refused_while_the_first_holds_the_store(tmp_path):
    with (
        write_lock(tmp_path),
        pytest.raises(BadCorpus, match="another build holds"),
        write_lock(tmp_path, wait=0),
    ):
        pass
    with write_lock(tmp_path, wait=0):
        pass


def test_the_lock_of_a_builder_that_was_killed_is_free(tmp_path):
    die = (
        "import os, signal, sys; from pathlib import Path; from workbench.store import write_lock\n"
        "with write_lock(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", die, str(tmp_path)], check=False).returncode == -9
    with write_lock(tmp_path, wait=0):
        pass


def test_a_store_that_cannot_be_written_says_so_with_its_mend(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(BadCorpus, match="the store failed") as refused,
        write_lock(tmp_path / "file" / "store"),
    ):
        pass
    assert "make the folder writable" in refused.value.hint


FULL = """
import resource, sys
from pathlib import Path
import pyarrow as pa
import pyarrow.parquet as pq
from workbench.errors import BadCorpus
from workbench.store import Change, open_store, schema_of
from workbench.store.parquet import write_files
store = open_store(Path(sys.argv[1]))
rows = [{"doc_id": "b", "text": "".join(chr(33 + (i * i * 7919 + i) % 9000) for i in range(60_000))}]
resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, 8_000))
try:
    store.commit({"documents": Change(pa.Table.from_pylist(rows, schema_of("documents")))}, "c1", {})
except BadCorpus as error:
    print(error)
"""


def test_a_full_disk_is_our_error_and_leaves_the_corpus_as_it_was(store):
    pytest.importorskip("resource")
    before = store.commit({"segments": Change(segments("a"))}, "c0", {})
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(store.place)], capture_output=True, text=True, check=False
    )
    assert "free space on that disk" in done.stdout, done.stderr
    assert store.latest() == before
    assert ids(store) == ["a"]


def test_a_folder_with_an_escape_in_its_name_is_refused(tmp_path):
    with pytest.raises(BadCorpus, match="%20"):
        open_store(tmp_path / "my%20project")


def test_staged_rows_come_back_in_order_and_leave_nothing_behind(tmp_path):
    with Staging(tmp_path) as staging:
        staging.add("segments", segments("a"))
        staging.add("segments", segments("b"))
        assert staging.rows("segments").read_all().column("doc_id").to_pylist() == ["a", "b"]
        assert staging.rows("quotes") is None
    assert not (tmp_path / "staging").exists()


def test_a_file_of_the_same_size_and_time_is_not_hashed_again(tmp_path):
    file = write(tmp_path / "texts", a="one") / "a.txt"
    _age(file)
    book = FileHashCache(tmp_path / "stamps.json")
    first = book.sha256("a", file)
    book.save()
    time = file.stat().st_mtime_ns
    file.write_text("two")
    _age(file, time)
    assert FileHashCache(tmp_path / "stamps.json").sha256("a", file) == first


def test_a_file_written_within_the_clocks_tick_is_compared_by_its_bytes(tmp_path):
    file = write(tmp_path / "texts", a="one") / "a.txt"
    book = FileHashCache(tmp_path / "stamps.json")
    first = book.sha256("a", file)
    book.save()
    time = file.stat().st_mtime_ns
    file.write_text("two")
    _age(file, time)
    assert FileHashCache(tmp_path / "stamps.json").sha256("a", file) != first


def test_a_damaged_book_only_means_looking_again(tmp_path):
    file = write(tmp_path / "texts", a="one") / "a.txt"
    (tmp_path / "stamps.json").write_text('{"a": [1')
    assert len(FileHashCache(tmp_path / "stamps.json").sha256("a", file)) == 64


def _age(file: Path, time: int = 1_500_000_000_000_000_000) -> None:
    import os

    os.utime(file, ns=(time, time))


def test_a_changed_document_rewrites_the_file_it_is_in_and_no_other(store, monkeypatch):
    monkeypatch.setattr(tables, "SMALL_FILE", 2_000)
    monkeypatch.setitem(tables.GROUP_ROWS, "segments", 300)
    rows = [segments(*(f"{part}-{number:03}" for number in range(300))) for part in "abcdefgh"]
    reader = pa.RecordBatchReader.from_batches(rows[0].schema, [b for one in rows for b in one.to_batches()])
    store.commit({"segments": Change(reader, whole=True)}, "c0", {})
    files = {file.name for file in (store.place / "segments").glob("*.parquet")}
    assert len(files) >= 3
    commit = store.commit({"segments": Change(segments("c-007", kind="title"), drop=["c-007"])}, "c1", {})
    kept = {Path(file).name for file in store._files("segments", commit)}
    assert len(files - kept) == 1
    assert len(ids(store)) == 2_400
    (changed,) = store.read("segments", ["kind"], {"doc_id": ["c-007"]}).to_pylist()
    assert changed["kind"] == "title"


def test_files_are_joined_to_the_size_they_may_have_and_not_again(store, monkeypatch):
    monkeypatch.setattr(tables, "COMPACT_AT", 3)
    for number in range(6):
        store.commit({"segments": Change(segments(f"d{number}"))}, f"c{number}", {})
    assert len(store._files("segments", store.latest())) <= 4
    assert ids(store) == [f"d{number}" for number in range(6)]
    assert tables.file_size("tokens", 100) == 1 << 20
    assert tables.file_size("tokens", 100 * tables.MANY) == 10 << 20


def test_rows_become_files_of_about_one_size_that_say_what_they_hold(tmp_path):
    rows = segments(*(f"{number:04}" for number in range(2_000)))
    reader = pa.RecordBatchReader.from_batches(rows.schema, rows.to_batches(max_chunksize=37))
    added = write_files(tmp_path, reader, file_bytes=4_000, group_rows=100, key="doc_id")
    assert len(added) > 2
    assert {one.path for one in added} == {file.name for file in tmp_path.iterdir()}
    start = 0
    for one in added:
        held = pq.read_table(tmp_path / one.path)
        assert held.equals(rows.slice(start, held.num_rows))
        assert pq.ParquetFile(tmp_path / one.path).metadata.row_group(0).num_rows == 100
        stats = json.loads(one.stats)
        assert stats["numRecords"] == held.num_rows
        assert stats["minValues"] == {"doc_id": f"{start:04}"}
        assert stats["maxValues"] == {"doc_id": f"{start + held.num_rows - 1:04}"}
        assert one.size == (tmp_path / one.path).stat().st_size < 8_000
        start += held.num_rows
    assert start == 2_000


def test_rows_that_end_in_an_error_leave_no_file(tmp_path):
    rows = segments(*(f"{number:04}" for number in range(200)))

    def broken():
        yield from rows.to_batches(max_chunksize=50)
        raise OSError("no space left on device")

    reader = pa.RecordBatchReader.from_batches(rows.schema, broken())
    with pytest.raises(OSError, match="no space left"):
        write_files(tmp_path, reader, file_bytes=1_000, group_rows=50, key="doc_id")
    assert list(tmp_path.iterdir()) == []
