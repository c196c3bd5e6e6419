"""What the explorer shows is what the notebooks' calls give: its code is run and compared."""

import pandas as pd
import pytest
from support.explorer_texts import explorer_corpus

from workbench.errors import TooLittleData
from workbench.explorer import views
from workbench.explorer.facet_counts import count_facets
from workbench.explorer.index import build_index
from workbench.export import write_tables
from workbench.report.diff.attribution import Documents
from workbench.selection.model import Selection


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
        yield explorer_corpus(patch, folder)


def run(code, corpus, monkeypatch):
    """What the last line of pasted code gives."""
    monkeypatch.setattr("workbench.load", lambda folder, line: corpus.where(line), raising=False)
    *body, last = code.strip().splitlines()
    names = {}
    exec("\n".join(body), names)
    return eval(last, names)


@pytest.mark.parametrize("by", ["source", "voice"])
@pytest.mark.parametrize("line", ["", "oslo OR treaty", "speaker:Anna"])
@pytest.mark.parametrize("view", list(views.VIEW))
def test_every_view_shows_the_table_of_the_code_it_hands_back(corpus, monkeypatch, view, line, by):
    line = line if view != "concordance" else f"{line} oslo".strip()
    shown = views.VIEW[view](corpus.where(line), by)[0]
    given = run(views.code("texts", Selection.parse(line), view, by), corpus, monkeypatch)
    if view == "concordance":
        pd.testing.assert_frame_equal(shown.frame, given.frame)
        assert shown.caption == given.caption
    else:
        pd.testing.assert_frame_equal(shown.table.frame, given.table.frame)
        assert (shown.svg, shown.caption) == (given.svg, given.caption)


def test_the_list_of_documents_is_handed_back_as_code_too(corpus, monkeypatch):
    code = views.code("texts", Selection.parse('mentions:Oslo since:2015 "oslo"'), "documents", "source")
    assert code.splitlines()[2] == """texts = workbench.load('texts', 'since:2015 mentions:Oslo "oslo"')"""
    assert list(run(code, corpus, monkeypatch)["doc_id"]) == ["a.txt", "c.txt"]


def test_the_words_of_the_concordance_are_those_of_the_query():
    assert views.patterns_of(Selection.parse('treat* "arms control" NOT peace')) == ["treat*", "arms control"]
    assert views.patterns_of(Selection.parse("mentions:Syria")) == ["Syria"]


@pytest.mark.parametrize("view", list(views.VIEW))
def test_a_selection_without_a_sentence_says_what_to_do(corpus, view):
    with pytest.raises(TooLittleData, match="remove a filter"):
        views.VIEW[view](corpus.where("source:Wire story:d.txt"), "source")


def test_a_concordance_of_nothing_asks_for_a_word(corpus):
    with pytest.raises(TooLittleData, match="write a word or a phrase"):
        views.concordance(corpus, "source")


def test_the_exported_notebook_shows_documents_and_a_figure(corpus):
    html = views.static(corpus.where("oslo"), ["a.txt", "c.txt"], "documents", "source")
    assert "2 documents: containing oslo" in html
    assert "<figure class='wb-figure'>" in html
    assert views.static(corpus.where("source:Wire story:d.txt"), [], "documents", "source").startswith(
        "<p class='wb-table"
    )


@pytest.mark.parametrize(
    "line",
    [
        "speaker:Anna voice:turn",
        "speaker:Bo",
        "voice:quote",
        "voice:turn source:Wire oslo",
        'speaker:Anna,Bo stories:"one per story"',
        "mentions:Rome voice:author",
        "topic:penalties speaker:Carl",
    ],
)
def test_screen_code_export_and_report_mean_the_same_documents_and_words(corpus, monkeypatch, tmp_path, line):
    selection = Selection.parse(line)
    index = build_index(corpus)
    on_screen = list(index.documents["doc_id"].iloc[count_facets(index, selection).shown])
    assert 0 < len(on_screen) < len(index)
    pasted = run(views.code("texts", selection, "documents", "source"), corpus, monkeypatch)
    assert list(pasted["doc_id"]) == on_screen
    narrowed = corpus.where(selection)
    tables = {path.stem: pd.read_csv(path) for path in write_tables(narrowed, tmp_path, "csv")}
    for name in ("documents", "segments"):
        assert set(tables[name]["doc_id"]) == set(on_screen)
    assert {*tables["sentences"]["doc_id"], *tables["quotes"]["doc_id"]} == set(on_screen)
    assert list(Documents(corpus).inside(selection)) == on_screen
    assert narrowed.provenance()["documents"] == len(on_screen)
    searched = narrowed.search("oslo OR rome OR words OR treaty OR wire OR good", 100)
    assert {hit.doc_id for hit in searched} <= set(on_screen)
