"""Decisions of an analyst about names: seen with their evidence, written down, counted, taken back."""

from __future__ import annotations

import shutil

import pytest
from support import fake_steps as steps
from support.fake_steps import write
from support.named_texts import TEXTS, install

from workbench import entity_decisions
from workbench.corpus import load
from workbench.errors import BadParameter, BadSettings


@pytest.fixture(scope="module")
def named_project(tmp_path_factory):
    """A project whose names are found and linked: built once, copied by each test."""
    folder = tmp_path_factory.mktemp("names")
    write(folder / "texts", **TEXTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        install(patch)
        patch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
        assert len(load("texts").tables.mentions.to_pandas()) == 8
    return folder


@pytest.fixture
def texts(named_project, tmp_path, monkeypatch):
    shutil.copytree(named_project, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
    install(monkeypatch)
    corpus = load("texts")
    assert len(corpus.tables.mentions.to_pandas()) == 8
    steps.clear()
    return corpus


def entities(corpus):
    return dict(
        zip(
            corpus.tables.entities.to_pandas()["entity"], corpus.tables.entities.to_pandas()["n"], strict=True
        )
    )


def test_a_suggestion_shows_both_forms_in_their_sentences(texts):
    found = entity_decisions.suggestions(texts)
    assert list(found.columns) == entity_decisions.SUGGESTED
    pairs = {(row["a"], row["b"]): row for row in found.to_dict("records")}
    assert pairs["Ole Falk", "Falk"]["n_a"] == 3
    behind = entity_decisions.suggestion_evidence(texts, found)
    said = str(behind)
    assert "Again it is ›Falk‹ who speaks." in said
    assert "›Muammar Saleh‹" in said
    assert "›Moammar Saleh‹" in said
    for part in behind.parts:
        for line in part.lines.to_dict("records"):
            assert texts.text(line["doc_id"])[line["start"] : line["end"]] == line["hit"]


def test_an_accepted_merge_moves_its_mentions_and_reads_no_document(texts, tmp_path):
    assert entities(texts)["Ole Falk"] == 3
    done = entity_decisions.accept(texts, ["Falk", "Ole Falk"], reason="the only one")
    assert done.moved.to_dict("records") == [{"before": "Falk", "after": "Ole Falk", "moved": 2, "n_docs": 1}]
    assert (
        done.said
        == "Falk and Ole Falk are one: Ole Falk (the only one). 2 mentions move: 2 from Falk to Ole Falk."
    )
    assert entities(done.corpus)["Ole Falk"] == 5
    assert (steps.READ, steps.SEARCHED) == ([], [])
    assert entities(texts)["Ole Falk"] == 3, "the corpus as it was loaded stays as it was"
    again = load("texts")
    assert again.version == done.corpus.version
    assert entities(again) == entities(done.corpus)
    assert steps.READ == []
    assert (tmp_path / "settings" / "aliases.toml").read_text(encoding="utf-8").count("[[accept]]") == 1


def test_a_refused_pair_is_not_suggested_again_and_its_ledger_says_what_it_does(texts):
    done = entity_decisions.refuse(texts, ["Muammar Saleh", "Moammar Saleh"], reason="cousins")
    assert done.said.endswith("No mention changes its entity.")
    pairs = [list(entity_decisions.suggestions(one)["a"]) for one in (texts, done.corpus)]
    assert [sum("Saleh" in name for name in names) for names in pairs] == [1, 0]
    (row,) = entity_decisions.ledger(done.corpus).to_dict("records")
    assert (row["decision"], row["moved"], row["note"][:13]) == ("refuse", 0, "moves nothing")


def test_a_refusal_within_a_document_takes_the_surname_out_again(texts):
    done = entity_decisions.refuse(texts, ["Falk", "Ole Falk"], reason="another Falk")
    assert done.moved.to_dict("records") == [{"before": "Ole Falk", "after": "Falk", "moved": 1, "n_docs": 1}]
    (row,) = entity_decisions.ledger(done.corpus).to_dict("records")
    assert (row["before"], row["after"], row["moved"]) == ("Ole Falk", "Falk", 1)


def test_undo_gives_the_version_that_was_there_before(texts):
    done = entity_decisions.accept(texts, ["Falk", "Ole Falk"], reason="the only one")
    back = entity_decisions.undo(done.corpus, ["Ole Falk", "Falk"])
    assert back.corpus.version == texts.version
    assert entities(back.corpus) == entities(texts)
    assert back.moved[["before", "after", "moved"]].to_numpy().tolist() == [["Ole Falk", "Falk", 2]]


def test_a_decision_that_no_longer_fits_says_so(texts, tmp_path):
    done = entity_decisions.accept(texts, ["Falk", "Ole Falk"], reason="the only one")
    for name in ("a", "b"):
        (tmp_path / "texts" / f"{name}.txt").write_text("Else\nOslo is quiet.\n", encoding="utf-8")
    now = load("texts")
    (row,) = entity_decisions.ledger(now).to_dict("records")
    assert (row["moved"], row["note"]) == (0, "no longer fits: none of these names is mentioned here")
    assert entity_decisions.ledger(done.corpus)["moved"].sum() == 2


def test_a_package_merge_stands_in_the_ledger_only_where_it_moved_something(texts):
    assert len(entity_decisions.ledger(texts)) == 0


def test_decisions_hold_for_the_whole_corpus_whatever_is_selected(texts):
    part = texts.where("Oslo")
    assert len(part.doc_ids) == 1
    done = entity_decisions.accept(part, ["Falk", "Ole Falk"], reason="the only one")
    assert done.moved["moved"].sum() == 2, "the two stand in a document outside the selection"
    assert done.corpus.selection == part.selection


@pytest.mark.parametrize(
    ("verb", "names", "reason", "problem", "hint"),
    [
        (entity_decisions.accept, ["Falck", "Ole Falk"], "r", "no entity is called `Falck`", "did you mean `Falk`"),
        (entity_decisions.accept, ["Oslo", "Falk"], "r", "is a person and Oslo is not (place)", "names of one kind"),
        (entity_decisions.accept, ["Ole Falk"], "r", "this changes nothing", "ledger"),
        (entity_decisions.accept, ["Falk", "Ole Falk"], " ", "no reason is given", "say why"),
        (entity_decisions.accept, [], "r", "no name is given", "name the forms"),
        (entity_decisions.refuse, ["Falk"], "r", "1 names", "name two"),
        (entity_decisions.refuse, ["Falk", "Ole Falk"], "", "no reason is given", "say why"),
    ],
)  # fmt: skip
def test_a_decision_that_means_nothing_is_refused_and_nothing_is_written(
    texts, tmp_path, verb, names, reason, problem, hint
):
    with pytest.raises(BadParameter) as refused:
        verb(texts, names, reason=reason)
    assert problem in refused.value.problem
    assert hint in refused.value.hint
    assert not (tmp_path / "settings").exists()


def test_a_pair_is_refused_once_and_not_against_a_merge(texts):
    done = entity_decisions.refuse(texts, ["Falk", "Ole Falk"], reason="another Falk")
    with pytest.raises(BadParameter, match="refused already"):
        entity_decisions.refuse(done.corpus, ["Falk", "Ole Falk"], reason="again")
    with pytest.raises(BadSettings, match="both accepted"):
        entity_decisions.accept(done.corpus, ["Falk", "Ole Falk"], reason="but")


@pytest.mark.parametrize(
    ("names", "label"),
    [
        (["Oslo"], "person"),
        (["Ole Falk"], "place"),
        (["Falk", "Ole Falk"], "body"),
        (["Muammar Saleh"], "event"),
    ],
)
def test_a_merge_that_would_make_a_person_of_a_thing_or_a_thing_of_a_person_is_refused_with_the_mend(
    texts, tmp_path, names, label
):
    with pytest.raises(BadParameter, match="it would change nothing") as refused:
        entity_decisions.accept(texts, names, reason="seen on the map", label=label)
    assert "[names.known]" in refused.value.hint
    assert not (tmp_path / "settings" / "aliases.toml").exists()
