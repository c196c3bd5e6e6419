"""Facts about a loaded corpus: frames of one version, restricted by a selection."""

import subprocess
import sys

import pandas as pd
import pytest
from support import fake_steps as steps
from support.fake_steps import write

import workbench
from workbench import schema
from workbench.corpus import load
from workbench.errors import BadCorpus, BadSelection
from workbench.selection.model import Selection

TEXTS = {
    "a": "Visit to Oslo\nAnna: We met Bo in Oslo.\nThe talks go on.\n",
    "b": "Second text, wire\nNothing new in Rome.\n",
    "c": "Third\nAnna: Good.\nBo: Oslo it is.\n",
}


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    write(tmp_path / "texts", **TEXTS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
    steps.install(monkeypatch)
    steps.clear()
    return load("texts")


def test_importing_the_package_loads_no_heavy_library():
    script = "import sys, workbench; print([m for m in ('pandas', 'pyarrow', 'spacy', 'nltk', 'duckdb') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", script], text=True).strip() == "[]"


def test_the_package_offers_its_public_names_and_no_other():
    assert workbench.load is load
    assert workbench.Selection is Selection
    with pytest.raises(AttributeError, match="nothing"):
        _ = workbench.nothing


@pytest.mark.parametrize("table", list(schema.TABLES))
def test_every_table_is_a_frame_with_the_columns_of_the_schema(corpus, table):
    frame = getattr(corpus.tables, table).to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == list(schema.TABLES[table])
    assert getattr(corpus.tables, table).to_pandas() is frame


def test_layers_are_made_when_their_table_is_first_read(corpus):
    assert (steps.SCORED, steps.SEARCHED) == ([], [])
    version = corpus.version
    assert len(corpus.tables.sentiment.to_pandas()) == 5
    assert (len(steps.SCORED), steps.SEARCHED) == (3, [])
    assert set(corpus.tables.mentions.to_pandas()["entity"]) == set(
        corpus.tables.entities.to_pandas()["entity"]
    )
    assert corpus.version == version == load("texts").version


def test_numbers_that_may_be_absent_stay_whole_numbers(corpus):
    assert str(corpus.tables.mentions.to_pandas()["sentence"].dtype) == "Int32"
    assert str(corpus.tables.sentences.to_pandas()["sentence"].dtype) == "int32"


def test_document_fields_choose_documents(corpus):
    assert list(corpus.where("source:Wire").tables.documents.to_pandas()["doc_id"]) == ["b.txt"]
    assert list(corpus.where("source:unknown").tables.documents.to_pandas()["doc_id"]) == ["a.txt", "c.txt"]
    assert list(corpus.where("since:2016").tables.documents.to_pandas()["doc_id"]) == []
    assert list(corpus.where("mentions:Oslo").tables.documents.to_pandas()["doc_id"]) == ["a.txt", "c.txt"]
    assert list(corpus.where("talks").tables.documents.to_pandas()["doc_id"]) == ["a.txt"]
    assert list(corpus.where("met OR nothing").tables.documents.to_pandas()["doc_id"]) == ["a.txt", "b.txt"]


def test_speaker_and_voice_choose_sentences_and_what_stands_on_them(corpus):
    seen = corpus.where("speaker:Anna")
    assert set(seen.tables.sentences.to_pandas()["speaker"]) == {"Anna"}
    assert len(seen.tables.sentiment.to_pandas()) == len(seen.tables.sentences.to_pandas()) == 2
    assert set(seen.tables.tokens.to_pandas()["doc_id"]) == {"a.txt", "c.txt"}
    assert len(seen.tables.tokens.to_pandas()) == 8
    assert (
        dict(
            zip(
                seen.tables.entities.to_pandas()["entity"], seen.tables.entities.to_pandas()["n"], strict=True
            )
        )["Anna"]
        == 2
    )
    assert "Rome" not in set(seen.tables.entities.to_pandas()["entity"])
    assert len(corpus.where("voice:author").tables.sentences.to_pandas()) == 2


def test_a_value_that_nothing_has_is_refused_with_the_nearest(corpus):
    with pytest.raises(BadSelection, match="did you mean `Anna`"):
        _ = corpus.where("speaker:Ana").tables.sentences.to_pandas()


def test_where_narrows_and_never_widens(corpus):
    wire = corpus.where("source:Wire")
    assert len(wire.where("nothing").tables.documents.to_pandas()) == 1
    assert len(wire.where("talks").tables.documents.to_pandas()) == 0
    assert wire.where("since:2015").where("since:2014").selection.since == "2015"
    with pytest.raises(BadSelection, match="cannot be narrowed"):
        wire.where("source:TASS")
    assert len(corpus.tables.documents.to_pandas()) == 3


def test_refused_files_stay_in_sight_whatever_is_selected(tmp_path, corpus):
    (tmp_path / "texts" / "bad.txt").write_bytes(b"\0")
    write(tmp_path / "texts", u="List\nOslo.\nlang und\n")
    seen = load("texts", "source:Wire")
    assert list(seen.tables.problems.to_pandas()["path"]) == ["bad.txt"]
    assert set(load("texts").tables.problems.to_pandas()["path"]) == {"bad.txt", "u.txt"}


def test_a_text_can_be_had_by_its_name_and_another_is_refused(corpus):
    assert corpus.text("b.txt") == TEXTS["b"]
    with pytest.raises(BadSelection, match=r"did you mean `b\.txt`"):
        corpus.text("bb.txt")


def test_a_handle_keeps_its_version_when_the_folder_changes(tmp_path, corpus):
    write(tmp_path / "texts", a="Changed\nNow.\n")
    newer = load("texts")
    assert "Now." in newer.text("a.txt")
    assert corpus.text("a.txt") == TEXTS["a"]
    with pytest.raises(BadCorpus, match="changed since it was loaded") as refused:
        _ = corpus.tables.tokens.to_pandas()
    assert refused.value.hint == "load it again"


def test_search_answers_with_passages_inside_the_selection(corpus):
    assert [found.doc_id for found in corpus.search("oslo")] != []
    assert corpus.where("source:Wire").search("oslo") == []
    with pytest.raises(BadSelection, match="empty"):
        corpus.search(" ")


def test_sql_sees_the_tables_of_this_version(corpus):
    found = corpus.query(
        "SELECT kind, count(*) AS n FROM segments WHERE doc_id = ? GROUP BY kind ORDER BY kind", "c.txt"
    )
    assert found.to_dict("records") == [{"kind": "title", "n": 1}, {"kind": "turn", "n": 2}]


def test_the_stamp_says_what_a_report_needs_to_be_made_again(corpus):
    stamp = corpus.where("source:Wire").provenance()
    assert (stamp["corpus"], stamp["selection"], stamp["documents"]) == (corpus.version, "source:Wire", 1)
    assert stamp["settings"] == corpus.settings.digest
    assert stamp["schema"] == schema.VERSION
    assert set(stamp["packages"]) >= {"pandas", "nltk", "spacy"}


def test_the_summary_says_what_was_reused(corpus):
    assert corpus.summary.startswith("3 documents, 3 files read, 0 unchanged")
    assert load("texts").summary.startswith("3 documents, 0 files read, 3 unchanged")
    assert load("texts", "source:Wire").summary.startswith("1 of 3 documents")


def test_without_a_build_the_last_version_is_shown(tmp_path, corpus):
    write(tmp_path / "texts", d="New\nText.\n")
    assert len(load("texts", build=False).tables.documents.to_pandas()) == 3
    with pytest.raises(BadCorpus, match="were not made yet"):
        _ = load("texts", build=False).tables.tokens.to_pandas()


def test_a_corpus_that_was_never_built_says_how_to_build_it(tmp_path, monkeypatch):
    write(tmp_path / "texts", **TEXTS)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadCorpus, match="not built yet") as refused:
        load("texts", build=False)
    assert "workbench build" in refused.value.hint


def test_a_missing_folder_an_empty_one_and_one_without_a_readable_file_are_refused(tmp_path, monkeypatch):
    steps.install(monkeypatch)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    write(tmp_path / "bad")
    (tmp_path / "bad" / "x.txt").write_bytes(b"\0")
    for folder, problem in (
        ("nowhere", "no such folder"),
        ("empty", "no file to read"),
        ("bad", "none of its files"),
    ):
        with pytest.raises(BadCorpus, match=problem) as refused:
            load(folder)
        assert refused.value.hint


def test_topics_of_documents_are_counted_once_and_kept_until_the_corpus_changes(
    corpus, tmp_path, monkeypatch
):
    folder = tmp_path / "settings"
    folder.mkdir()
    (folder / "topics.toml").write_text('only = ["visits"]\nvisits = ["oslo", "rome"]\n', encoding="utf-8")
    corpus = load("texts")
    found = corpus.topic_index()
    assert found.values.tolist() == [["a.txt", "visits"], ["b.txt", "visits"], ["c.txt", "visits"]]
    monkeypatch.setattr("workbench.features.topics.topic_hits", None)  # a second reading counts nothing
    assert load("texts", "topic:visits source:Wire").doc_ids == ["b.txt"]
    assert corpus.topic_index().equals(found)


def test_a_layer_can_be_asked_about_without_making_it(corpus):
    assert not corpus.has_layer("mentions", make=False)
    assert steps.SEARCHED == []
    assert corpus.has_layer("mentions")
    assert corpus.has_layer("documents")


def test_a_cell_that_ends_in_the_corpus_shows_a_card_of_a_dozen_lines(corpus):
    card = repr(corpus)
    assert card.splitlines()[0] == "Corpus texts"
    assert "documents    3, 3 stories" in card
    assert len(card.splitlines()) <= 13
    assert "layers made" in corpus._repr_html_()


def test_the_card_is_short_and_inert_whatever_the_corpus(tmp_path, monkeypatch):
    long = {f"{k:02}": f"Title {k} <script>\nAnna: Good.\n" for k in range(30)}
    write(tmp_path / "<b>texts", **long)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
    steps.install(monkeypatch)
    found = load("<b>texts")
    assert len(repr(found)) <= 2_000
    assert "<b>" not in found._repr_html_()
    assert len(repr(found.where("Good"))) <= 2_000
    assert "selection" in repr(found.where("Good"))


def test_the_card_reads_no_text_and_no_token(corpus, monkeypatch):
    read = []
    source = type(corpus._source)
    before = source.read
    monkeypatch.setattr(source, "read", lambda self, table, columns=None, where=None: (
        read.append((table, columns)), before(self, table, columns, where))[1])  # fmt: skip
    repr(corpus)
    assert {table for table, _ in read} <= {"documents", "problems"}
    assert all(columns and "text" not in columns for _, columns in read)


def test_what_a_speaker_says_is_searched_and_nothing_else(corpus):
    assert [hit.doc_id for hit in corpus.where("speaker:Bo").search("oslo")] == ["c.txt"]
    assert [hit.doc_id for hit in corpus.where("speaker:Anna voice:turn").search("oslo")] == ["a.txt"]
    assert corpus.where("speaker:Anna").search("talks") == []
    (hit,) = corpus.where("speaker:Anna").search("good NOT oslo")
    assert (hit.doc_id, "Good" in hit.passage) == ("c.txt", True)


def test_an_unknown_speaker_is_refused_before_anything_is_searched(corpus):
    with pytest.raises(BadSelection, match="did you mean `Anna`"):
        corpus.where("speaker:Anja").search("oslo")
