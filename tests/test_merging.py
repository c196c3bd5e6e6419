"""Decisions of an analyst about names: seen with their evidence, written down, counted, taken back."""

from __future__ import annotations

import re
import shutil

import pytest
from support import fake_rooms as rooms
from support.fake_rooms import ROOMS, write

from workbench import link, merging
from workbench.corpus import load
from workbench.errors import BadParameter, BadSettings
from workbench.schema import Mention

TEXTS = {
    "a": "First\nOle Falk went to Oslo.\nFalk came back.\nOle Falk rests.\n",
    "b": "Second\nAgain it is Falk who speaks.\nThen Falk leaves.\n",
    "c": "Third\nHere Muammar Saleh waits.\n",
    "d": "Fourth\nThere Moammar Saleh waits.\n",
}
FULL = re.compile(r"Oslo|(?:Ole |M[uo]ammar )?(?:Falk|Saleh)")


def find_names(batch, settings):
    rooms.SEARCHED.extend(d.doc_id for d in batch)
    return [
        [
            Mention(n, s.start + m.start(), s.start + m.end(), m[0], "place" if m[0] == "Oslo" else "person",
                    None, s.voice, s.speaker)
            for n, s in enumerate(d.sentences)
            for m in FULL.finditer(d.text[s.start : s.end])
        ]
        for d in batch
    ]  # fmt: skip


OURS = ROOMS._replace(find_mentions=find_names, link=link.link)


@pytest.fixture(scope="module")
def named_project(tmp_path_factory):
    """A project whose names are found and linked: built once, copied by each test."""
    folder = tmp_path_factory.mktemp("names")
    write(folder / "texts", **TEXTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
        assert len(load("texts", rooms=OURS).mentions) == 8
    return folder


@pytest.fixture
def texts(named_project, tmp_path, monkeypatch):
    shutil.copytree(named_project, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
    corpus = load("texts", rooms=OURS)
    assert len(corpus.mentions) == 8
    rooms.clear()
    return corpus


def entities(corpus):
    return dict(zip(corpus.entities["entity"], corpus.entities["n"], strict=True))


def test_a_suggestion_shows_both_forms_in_their_sentences(texts):
    found = merging.suggestions(texts)
    assert list(found.columns) == merging.SUGGESTED
    pairs = {(row["a"], row["b"]): row for row in found.to_dict("records")}
    assert pairs["Ole Falk", "Falk"]["n_a"] == 3
    behind = merging.suggestion_evidence(texts, found)
    said = str(behind)
    assert "Again it is ›Falk‹ who speaks." in said
    assert "›Muammar Saleh‹" in said
    assert "›Moammar Saleh‹" in said
    for part in behind.parts:
        for line in part.lines.to_dict("records"):
            assert texts.text(line["doc_id"])[line["start"] : line["end"]] == line["hit"]


def test_an_accepted_merge_moves_its_mentions_and_reads_no_document(texts, tmp_path):
    assert entities(texts)["Ole Falk"] == 3
    done = merging.accept(texts, ["Falk", "Ole Falk"], reason="the only one")
    assert done.moved.to_dict("records") == [{"before": "Falk", "after": "Ole Falk", "moved": 2, "n_docs": 1}]
    assert (
        done.said
        == "Falk and Ole Falk are one: Ole Falk (the only one). 2 mentions move: 2 from Falk to Ole Falk."
    )
    assert entities(done.corpus)["Ole Falk"] == 5
    assert (rooms.READ, rooms.SEARCHED) == ([], [])
    assert entities(texts)["Ole Falk"] == 3, "the corpus as it was loaded stays as it was"
    again = load("texts", rooms=OURS)
    assert again.version == done.corpus.version
    assert entities(again) == entities(done.corpus)
    assert rooms.READ == []
    assert (tmp_path / "settings" / "aliases.toml").read_text(encoding="utf-8").count("[[accept]]") == 1


def test_a_refused_pair_is_not_suggested_again_and_its_ledger_says_what_it_does(texts):
    done = merging.refuse(texts, ["Muammar Saleh", "Moammar Saleh"], reason="cousins")
    assert done.said.endswith("No mention changes its entity.")
    pairs = [list(merging.suggestions(one)["a"]) for one in (texts, done.corpus)]
    assert [sum("Saleh" in name for name in names) for names in pairs] == [1, 0]
    (row,) = merging.ledger(done.corpus).to_dict("records")
    assert (row["decision"], row["moved"], row["note"][:13]) == ("refuse", 0, "moves nothing")


def test_a_refusal_within_a_document_takes_the_surname_out_again(texts):
    done = merging.refuse(texts, ["Falk", "Ole Falk"], reason="another Falk")
    assert done.moved.to_dict("records") == [{"before": "Ole Falk", "after": "Falk", "moved": 1, "n_docs": 1}]
    (row,) = merging.ledger(done.corpus).to_dict("records")
    assert (row["before"], row["after"], row["moved"]) == ("Ole Falk", "Falk", 1)


def test_undo_gives_the_version_that_was_there_before(texts):
    done = merging.accept(texts, ["Falk", "Ole Falk"], reason="the only one")
    back = merging.undo(done.corpus, ["Ole Falk", "Falk"])
    assert back.corpus.version == texts.version
    assert entities(back.corpus) == entities(texts)
    assert back.moved[["before", "after", "moved"]].to_numpy().tolist() == [["Ole Falk", "Falk", 2]]


def test_a_decision_that_no_longer_fits_says_so(texts, tmp_path):
    done = merging.accept(texts, ["Falk", "Ole Falk"], reason="the only one")
    for name in ("a", "b"):
        (tmp_path / "texts" / f"{name}.txt").write_text("Else\nOslo is quiet.\n", encoding="utf-8")
    now = load("texts", rooms=OURS)
    (row,) = merging.ledger(now).to_dict("records")
    assert (row["moved"], row["note"]) == (0, "no longer fits: none of these names is mentioned here")
    assert merging.ledger(done.corpus)["moved"].sum() == 2


def test_a_package_merge_stands_in_the_ledger_only_where_it_moved_something(texts):
    assert len(merging.ledger(texts)) == 0


def test_decisions_hold_for_the_whole_corpus_whatever_is_selected(texts):
    part = texts.where("Oslo")
    assert len(part.doc_ids) == 1
    done = merging.accept(part, ["Falk", "Ole Falk"], reason="the only one")
    assert done.moved["moved"].sum() == 2, "the two stand in a document outside the selection"
    assert done.corpus.selection == part.selection


@pytest.mark.parametrize(
    ("verb", "names", "reason", "problem", "mend"),
    [
        (merging.accept, ["Falck", "Ole Falk"], "r", "nobody is called `Falck`", "did you mean `Falk`"),
        (merging.accept, ["Oslo", "Falk"], "r", "is a person and Oslo is not (place)", "persons with persons"),
        (merging.accept, ["Ole Falk"], "r", "no mention would move", "ledger"),
        (merging.accept, ["Falk", "Ole Falk"], " ", "no reason is given", "say why"),
        (merging.accept, [], "r", "no name is given", "name the forms"),
        (merging.refuse, ["Falk"], "r", "1 names", "name two"),
        (merging.refuse, ["Falk", "Ole Falk"], "", "no reason is given", "say why"),
    ],
)  # fmt: skip
def test_a_decision_that_means_nothing_is_refused_and_nothing_is_written(
    texts, tmp_path, verb, names, reason, problem, mend
):
    with pytest.raises(BadParameter) as refused:
        verb(texts, names, reason=reason)
    assert problem in refused.value.problem
    assert mend in refused.value.mend
    assert not (tmp_path / "settings").exists()


def test_a_pair_is_refused_once_and_not_against_a_merge(texts):
    done = merging.refuse(texts, ["Falk", "Ole Falk"], reason="another Falk")
    with pytest.raises(BadParameter, match="refused already"):
        merging.refuse(done.corpus, ["Falk", "Ole Falk"], reason="again")
    with pytest.raises(BadSettings, match="both accepted"):
        merging.accept(done.corpus, ["Falk", "Ole Falk"], reason="but")
