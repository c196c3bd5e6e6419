"""Facts about building: nothing is read twice, nothing is half built, one bad file stops nobody."""

import json
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest
from support import fake_steps as steps
from support.fake_steps import write

from workbench import pipeline, schema
from workbench.errors import BadCorpus, BadSettings
from workbench.pipeline import USUAL
from workbench.pipeline.build import build, ensure
from workbench.pipeline.parse import parse
from workbench.project import find_project, store_place
from workbench.read import read
from workbench.settings import load_settings
from workbench.store import open_store, write_lock
from workbench.store.frames import sentence_scores

TEXTS = {
    "a": "Visit to Oslo\nAnna: We met Bo in Oslo.\nThe talks go on.\n",
    "b": "Second text, wire\nNothing new in Rome.\n",
    "c": "Third\nAnna: Good.\n",
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n')
    write(tmp_path / "texts", **TEXTS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "workbench.pipeline.versions._code", lambda layer, root: "code"
    )  # as if nobody worked on it
    steps.install(monkeypatch)
    steps.clear()
    return find_project()


def store_of(project):
    return open_store(store_place(project.corpus, project))


def tables(store, commit=None):
    """Every table as rows, without the time of the build."""
    found = {name: store.read(name, version=commit) for name in schema.TABLES}
    found["sentiment"] = sentence_scores(found["sentiment"])
    return {
        name: (table.drop_columns(["added"]) if name == "documents" else table).to_pylist()
        for name, table in found.items()
    }


def fresh(tmp_path, project, name="fresh"):
    """What a first build of the same files in another project gives."""
    folder = write(tmp_path / name)
    (folder / "workbench.toml").write_text('corpus = "texts"\n')
    (folder / "texts").mkdir()
    for file in project.corpus.iterdir():
        (folder / "texts" / file.name).write_bytes(file.read_bytes())
    other = find_project(folder)
    built = build(folder / "texts", project=other)
    return tables(store_of(other)), built.version


def test_a_build_makes_every_table_and_leaves_the_corpus_folder_alone(project):
    before = {file.name: file.read_bytes() for file in project.corpus.iterdir()}
    built = build()
    assert (built.documents, built.read, built.reused, built.refused) == (3, 3, 0, 0)
    found = tables(store_of(project))
    assert [row["doc_id"] for row in found["documents"]] == ["a.txt", "b.txt", "c.txt"]
    assert (found["entities"][0]["entity"], found["entities"][0]["n"]) == ("Anna", 2)
    assert found["documents"][0]["words"] == 10
    issued = {
        "role": "issued",
        "date": "2015-12-11",
        "precision": "day",
        "basis": "stated",
        "start": None,
        "end": None,
    }
    assert found["dates"] == [{"doc_id": row["doc_id"], **issued} for row in found["documents"]]
    assert found["attributes"] == []
    for name in ("segments", "sentences", "tokens", "sentiment", "mentions"):
        assert {row["doc_id"] for row in found[name]} <= set(before)
        assert found[name], name
    assert {file.name: file.read_bytes() for file in project.corpus.iterdir()} == before


def test_a_second_build_of_unchanged_files_reads_nothing_and_commits_nothing(project):
    first = build()
    head = store_of(project).latest()
    steps.clear()
    second = build()
    assert (steps.READ, steps.SCORED, steps.SEARCHED) == ([], [], [])
    assert (second.version, second.read, second.reused) == (first.version, 0, 3)
    assert store_of(project).latest() == head


def test_attributes_of_a_document_come_and_go_with_it(project, monkeypatch):
    def read(path, root):
        for found in steps.read(path, root):
            words = found.text.split()
            yield replace(found, attributes={"party": words[0]} if words[0] == "Third" else {})

    steps.install(monkeypatch, read=read)
    build()
    assert tables(store_of(project))["attributes"] == [{"doc_id": "c.txt", "name": "party", "value": "Third"}]
    write(project.corpus, c="Fourth\nAnna: Good.\n")
    build()
    assert tables(store_of(project))["attributes"] == []


def test_a_touched_but_identical_file_is_not_labelled_again(project):
    build()
    steps.clear()
    os.utime(project.corpus / "a.txt")
    assert build().reused == 3
    assert steps.READ == []


def test_a_changed_file_replaces_its_rows_a_removed_one_takes_them_a_new_one_brings_them(project, tmp_path):
    build()
    steps.clear()
    write(project.corpus, a="Changed\nPutin: Hello Paris.\n", d="New\nIn Bonn.\n")
    (project.corpus / "c.txt").unlink()
    built = build()
    assert sorted(steps.READ) == ["a.txt", "d.txt"]
    assert (built.read, built.replaced, built.reused, built.removed) == (2, 1, 1, 1)
    assert (tables(store_of(project)), built.version) == fresh(tmp_path, project)


def test_the_version_does_not_depend_on_which_layers_were_asked_for_or_on_the_order_of_builds(
    project, tmp_path
):
    (project.corpus / "b.txt").rename(project.folder / "b.txt")
    build(layers=())
    (project.folder / "b.txt").rename(project.corpus / "b.txt")
    bare = build(layers=()).version
    assert bare == build().version == fresh(tmp_path, project)[1]


def test_layers_are_made_once_and_only_when_asked_for(project):
    build(layers=())
    assert (steps.SCORED, steps.SEARCHED) == ([], [])
    settings = load_settings(project.settings)
    ensure(store_of(project), ["sentiment"], settings)
    ensure(store_of(project), ["sentiment"], settings)
    assert (sorted(steps.SCORED), steps.SEARCHED) == (["a.txt", "b.txt", "c.txt"], [])
    write(project.corpus, d="New\nIn Bonn.\n")
    build()
    assert sorted(steps.SCORED) == ["a.txt", "b.txt", "c.txt", "d.txt"]


def test_layers_made_later_are_the_same_as_layers_made_at_once(project, tmp_path):
    build(layers=())
    ensure(store_of(project), USUAL, load_settings(project.settings))
    assert tables(store_of(project)) == fresh(tmp_path, project)[0]


def test_a_changed_lexicon_scores_again_but_reads_nothing(project):
    first = build()
    steps.clear()
    settings = load_settings(project.settings)
    other = type(settings)(**{**vars(settings), "digests": {**settings.digests, "sentiment_masks": "other"}})
    second = build(settings=other)
    assert (steps.READ, steps.SEARCHED) == ([], [])
    assert sorted(steps.SCORED) == ["a.txt", "b.txt", "c.txt"]
    assert first.version != second.version
    assert tables(store_of(project))["sentiment"]


def test_changed_sources_relabel_every_file_but_names_are_searched_only_where_labels_changed(project):
    build()
    steps.clear()
    settings = load_settings(project.settings)
    other = type(settings)(**{**vars(settings), "digests": {**settings.digests, "sources": "other"}})
    built = build(settings=other)
    assert (sorted(steps.READ), steps.SEARCHED) == (["a.txt", "b.txt", "c.txt"], [])
    assert built.replaced == 3
    assert {row["doc_id"] for row in tables(store_of(project))["mentions"]} == {"a.txt", "b.txt", "c.txt"}


def test_metadata_beside_a_document_relabels_it_when_it_changes(project):
    build()
    steps.clear()
    (project.corpus / "metadata.toml").write_text('["a.txt"]\ntitle = "T"\nreason = "r"\n')
    assert build().read == 3
    assert build().read == 0


def test_added_is_the_time_at_which_the_bytes_came_in_not_that_of_the_labels(project, monkeypatch):
    build()
    before = store_of(project).read("documents", ["added"]).to_pylist()
    monkeypatch.setattr("workbench.pipeline.build.datetime", _Later)
    (project.corpus / "metadata.toml").write_text("")
    write(project.corpus, c="Changed\nNow.\n")
    build()
    after = store_of(project).read("documents", ["added"]).to_pylist()
    assert after[:2] == before[:2]
    assert after[2]["added"].startswith("2100")


def test_of_a_file_that_grows_only_the_new_documents_were_added_later(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    table = tmp_path / "texts" / "feed.csv"
    table.parent.mkdir()
    lines = [
        "title,text",
        '"One","The two sides met in Oslo on Monday."',
        '"Two","They spoke of arms and of trade."',
    ]
    table.write_text("\n".join(lines) + "\n")
    build("texts", layers=())
    monkeypatch.setattr("workbench.pipeline.build.datetime", _Later)
    lines[2] = lines[2].replace("arms", "ships")
    table.write_text("\n".join([*lines, '"Three","No date was set for the next round."']) + "\n")
    build("texts", layers=())
    store = open_store(store_place(tmp_path / "texts", find_project()))
    added = {
        row["doc_id"]: row["added"][:4] for row in store.read("documents", ["doc_id", "added"]).to_pylist()
    }
    (one, *others) = added.values()
    assert len(added) == 3
    assert one != "2100", "its text is as it was"
    assert others == ["2100", "2100"], "one changed, one is new"
    (tmp_path / "texts" / "metadata.toml").write_text('["feed.csv"]\nsource = "TASS"\nreason = "known"\n')
    build("texts", layers=())
    again = {
        row["doc_id"]: row["added"][:4] for row in store.read("documents", ["doc_id", "added"]).to_pylist()
    }
    assert again == added, "other labels are no arrival"


class _Later:
    @staticmethod
    def now(zone):
        from datetime import datetime

        return datetime(2100, 1, 1, tzinfo=zone)


def test_an_unreadable_file_is_a_row_and_the_rest_goes_on(project):
    (project.corpus / "bad.txt").write_bytes(b"\0\1")
    built = build()
    assert (built.documents, built.refused) == (3, 1)
    row = {
        "path": "bad.txt",
        "problem": "the file is binary",
        "hint": "save it as text",
        "severity": "refused",
    }
    assert tables(store_of(project))["problems"] == [row]
    steps.clear()
    assert build().refused == 1
    assert steps.READ == []
    write(project.corpus, bad="Mended\nNow text.\n")
    assert build().refused == 0
    assert tables(store_of(project))["problems"] == []


def test_a_fault_of_ours_in_one_file_is_a_row_with_its_name(project, monkeypatch):
    def label(document, settings, evidence):
        if document.doc_id == "b.txt":
            raise KeyError("oops")
        return steps.label(document, settings, evidence)

    steps.install(monkeypatch, label=label)
    built = build()
    assert (built.documents, built.refused) == (2, 1)
    assert "KeyError: 'oops'" in tables(store_of(project))["problems"][0]["problem"]


def test_bad_settings_stop_the_build_and_leave_the_corpus(project, monkeypatch):
    build()
    head = store_of(project).latest()
    write(project.corpus, d="New\nText.\n")

    def read(path, root):
        raise BadSettings(path, problem="p", hint="m")

    steps.install(monkeypatch, read=read)
    with pytest.raises(BadSettings):
        build()
    assert store_of(project).latest() == head


def test_no_readable_file_is_refused_and_the_previous_corpus_stays(project):
    build()
    before = tables(store_of(project))
    for file in project.corpus.iterdir():
        file.write_bytes(b"\0")
    with pytest.raises(
        BadCorpus, match=r"none of its files could be read; a.txt: the file is binary"
    ) as refused:
        build()
    assert refused.value.hint == "save it as text"
    assert tables(store_of(project)) == before


def test_an_empty_folder_is_refused_and_the_previous_corpus_stays(project):
    build()
    for file in project.corpus.iterdir():
        file.unlink()
    with pytest.raises(BadCorpus, match="no file to read") as refused:
        build()
    assert refused.value.hint
    assert len(tables(store_of(project))["documents"]) == 3


def test_a_folder_that_is_not_there_is_refused(project):
    with pytest.raises(BadCorpus, match="no such folder"):
        build("nowhere")


def test_a_text_in_another_language_has_sentences_but_no_names_and_no_scores_and_says_so(project):
    write(project.corpus, de="Besuch\nWir waren in Bonn.\nlang de\n", und="List\nOslo.\nlang und\n")
    build()
    found = tables(store_of(project))
    having = {
        name: {row["doc_id"] for row in found[name]}
        for name in ("sentences", "tokens", "sentiment", "mentions")
    }
    assert "de.txt" in having["sentences"] & having["tokens"]
    assert "de.txt" not in having["sentiment"] | having["mentions"]
    assert "und.txt" in having["sentiment"] & having["mentions"]
    said = {row["path"]: row["problem"] for row in found["problems"]}
    assert "not English (de)" in said["de.txt"]
    assert "cannot be told" in said["und.txt"]


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_an_executor_gives_the_same_tables_as_one_after_the_other(project, tmp_path, kind):
    many = {f"n{number}": f"Text {number}\nAnna: We met Bo{number} in Oslo.\n" for number in range(150)}
    write(project.corpus, **many)
    pool = (
        ThreadPoolExecutor(2)
        if kind == "threads"
        else ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=steps.install)
    )
    with pool:
        built = build(executor=pool)
    assert built.documents == 153
    assert (tables(store_of(project)), built.version) == fresh(tmp_path, project)


def _die(batch):
    os._exit(1)


def test_a_worker_that_dies_is_our_error(project):
    from workbench.pipeline.executors import ordered_map

    with (
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
        pytest.raises(BadCorpus, match="worker died"),
    ):
        list(ordered_map(_die, [1], pool))


def test_two_builders_do_not_meet(project, monkeypatch):
    monkeypatch.setattr("workbench.pipeline.build.write_lock", lambda place: write_lock(place, wait=0))
    with (
        write_lock(store_place(project.corpus, project)),
        pytest.raises(BadCorpus, match="another build holds"),
    ):
        build()


KILLED = """
import sys
from support import fake_steps
from workbench.pipeline import versions as rules
from workbench.pipeline.build import build
from workbench.store import tables
rules._code = lambda layer, root: "code"
what, at = sys.argv[1], int(sys.argv[2])
fake_steps.install()
if what in fake_steps.STEPS:
    fake_steps.install(**{what: fake_steps.dying(getattr(fake_steps, what), at)})
else:
    step = fake_steps.dying(lambda: None, at)
    for name in ("drop", "append", "rewind", "reset", "compact"):
        def slow(*given, _do=getattr(tables, name), **named):
            step()
            return _do(*given, **named)
        setattr(tables, name, slow)
build()
print("alive")
"""
# A build of a changed, a new and a removed file takes 37 steps up to the commit of the documents.
MOMENTS = [("read", 2), ("token_table", 1), ("step", 4), ("step", 29), ("step", 37)]


@pytest.mark.parametrize(("what", "at"), MOMENTS)
def test_a_build_killed_at_any_moment_leaves_the_previous_corpus_whole(project, tmp_path, what, at):
    build()
    store = store_of(project)
    head, before = store.latest(), tables(store)
    write(project.corpus, a="Changed\nPutin: Hello Paris.\n", d="New\nIn Bonn.\n")
    (project.corpus / "c.txt").unlink()
    killed = _run(what, at)
    assert killed.returncode == -9, killed.stderr
    assert store.latest() == head
    assert tables(store) == before
    built = build()
    assert (tables(store), built.version) == fresh(tmp_path, project)


def test_a_first_build_killed_on_the_way_can_be_made_again(project, tmp_path):
    assert _run("step", 12).returncode == -9
    assert store_of(project).latest() is None
    built = build()
    assert (tables(store_of(project)), built.version) == fresh(tmp_path, project)


@pytest.mark.parametrize("what", ["find_mentions", "link"])
def test_names_that_are_killed_leave_all_the_other_layers_built(project, what):
    assert _run(what, 1).returncode == -9
    store = store_of(project)
    found = tables(store)
    assert all(found[name] for name in ("documents", "segments", "sentences", "tokens", "sentiment"))
    assert store.latest().facts["layers"][:2] == ["tokens", "sentiment"]
    steps.clear()
    build()
    assert steps.READ == steps.SCORED == []
    assert tables(store)["entities"]


def _run(what, at):
    home, tests = Path(pipeline.__file__).parents[2], Path(__file__).parents[1]
    return subprocess.run(
        [sys.executable, "-c", KILLED, what, str(at)],
        env={**os.environ, "PYTHONPATH": f"{home}{os.pathsep}{tests}"}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_parse_gives_the_contract_and_every_span_cuts_out_its_text(project):
    found = list(parse([project.corpus / "a.txt"]))
    assert len(found) == 1
    parsed = json.loads(json.dumps(found[0]))
    assert set(parsed) == {
        "document", "text", "segments", "quotes", "sentences", "sentiment", "mentions", "entities", "problems",
    }  # fmt: skip
    assert set(parsed["document"]) == set(schema.TABLES["documents"]) - {"text"}
    assert parsed["document"]["added"] is None
    for name in ("segments", "sentences", "mentions"):
        assert parsed[name], name
        for row in parsed[name]:
            assert set(row) == set(schema.TABLES[name]) | {"text"}
            assert row["text"] == parsed["text"][row["start"] : row["end"]]
    assert "".join(row["text"] for row in parsed["segments"]) == parsed["text"]
    assert {row["entity"] for row in parsed["mentions"]} == {row["entity"] for row in parsed["entities"]}


def test_parse_agrees_with_build(project):
    build()
    stored = tables(store_of(project))
    parsed = list(parse([project.corpus]))
    for name in ("segments", "sentences", "sentiment", "mentions"):
        rows = [{key: row[key] for key in schema.TABLES[name]} for one in parsed for row in one[name]]
        assert rows == stored[name]


def test_a_file_that_parse_cannot_read_gives_its_problem_and_nothing_else(project):
    (project.corpus / "bad.txt").write_bytes(b"\0")
    bad, good = parse([project.corpus / "bad.txt", project.corpus / "b.txt"])
    assert bad["problems"] == [
        {
            "doc_id": "bad.txt",
            "path": "bad.txt",
            "problem": "the file is binary",
            "hint": "save it as text",
            "severity": "refused",
        }
    ]
    assert bad["document"]["path"] == "bad.txt"
    assert bad["text"] is None
    assert bad["segments"] == bad["mentions"] == bad["entities"] == []
    assert good["document"]["doc_id"] == "b.txt"


def test_parse_names_files_by_their_path_below_the_folder_that_holds_them_all(project):
    (project.corpus / "sub").mkdir()
    write(project.corpus / "sub", e="Deep\nText.\n")
    found = parse([project.corpus / "a.txt", project.corpus / "sub" / "e.txt"], layers=())
    assert [one["document"]["doc_id"] for one in found] == ["a.txt", "sub/e.txt"]


def test_a_file_that_is_named_twice_is_parsed_once(project):
    first, again = (
        list(parse([project.corpus / "a.txt"])),
        parse([project.corpus / "a.txt", project.corpus / "a.txt"]),
    )
    assert list(again) == first


def test_parse_streams_when_no_names_are_asked_for(project):
    parsed = parse([project.corpus], layers=())
    next(parsed)
    assert steps.READ == ["a.txt"]


def test_parse_of_a_folder_without_files_is_refused(tmp_path):
    with pytest.raises(BadCorpus, match="no file to read"):
        list(parse([tmp_path]))


# ---------------------------------------------------------------- files of many documents


@pytest.fixture
def lines(project, monkeypatch):
    """The project with a reader that gives each line of a file as a document, and a line "bad" as a problem."""

    def read(path, root):
        name = path.relative_to(root).as_posix()
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if line == "bad":
                yield schema.Problem(name, f"{number}: it is bad", "mend it", "refused")
            elif line == "stop":
                raise steps.UnreadableFile(path, problem="it stops here", hint="download it again")
            else:
                yield schema.Document(f"{name}#{number}", name, line, "0" * 64)

    steps.install(monkeypatch, read=read)
    return project


def test_one_bad_part_of_a_file_stops_neither_the_others_nor_those_behind_it(lines):
    project = lines
    write(project.corpus, d="One\nbad\nTwo\nstop\nThree")
    built = build(layers=())
    found = tables(store_of(project))
    assert [row["doc_id"] for row in found["documents"] if row["path"] == "d.txt"] == ["d.txt#1", "d.txt#3"]
    assert [row["problem"] for row in found["problems"] if row["path"] == "d.txt"] == [
        "2: it is bad",
        "it stops here",
    ]
    assert built.refused == 0
    objects = list(parse([project.corpus / "d.txt"], layers=()))
    assert [one["text"] for one in objects] == ["One", "Two", None]
    assert [row["problem"] for row in objects[-1]["problems"]] == ["2: it is bad", "it stops here"]


def test_a_file_of_many_documents_is_taken_in_parts_with_the_same_result(lines, monkeypatch):
    project = lines
    write(project.corpus, d="\n".join(f"Line {n} of Oslo" for n in range(25)) + "\nbad")
    whole = build(layers=())
    before = tables(store_of(project))
    monkeypatch.setattr("workbench.pipeline.process.PART", 4)
    monkeypatch.setattr("workbench.pipeline.build.PART", 4)
    monkeypatch.setattr("workbench.pipeline.parse.PART", 4)
    monkeypatch.setattr("workbench.pipeline.build.LARGE", 10)
    (project.corpus / "d.txt").rename(project.folder / "d.txt")
    build(layers=())
    (project.folder / "d.txt").rename(project.corpus / "d.txt")
    again = build(layers=())
    after = tables(store_of(project))
    assert again.version == whole.version
    for name in ("documents", "segments", "problems"):
        assert sorted(map(str, after[name])) == sorted(map(str, before[name])), name
    objects = list(parse([project.corpus / "d.txt"], layers=()))
    assert [one["text"] for one in objects] == [f"Line {n} of Oslo" for n in range(25)] + [None]


def test_a_pipe_in_the_corpus_is_refused_and_not_waited_for(project, monkeypatch):
    os.mkfifo(project.corpus / "p.txt")
    steps.install(
        monkeypatch,
        read=lambda path, root: (read if path.name == "p.txt" else steps.read)(path, root),
    )
    built = build()
    assert (built.documents, built.refused) == (3, 1)
