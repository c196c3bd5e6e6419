"""`workbench entities`: the way from a suggestion to a decision, as an analyst types it."""

from __future__ import annotations

import json

import pytest
from support.fake_steps import write
from support.named_texts import TEXTS, install
from typer.testing import CliRunner

from workbench.cli.app import app
from workbench.errors import BadParameter


@pytest.fixture
def say(tmp_path, monkeypatch):
    write(tmp_path / "texts", **TEXTS)
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
    install(monkeypatch)

    def run(*arguments):
        done = CliRunner().invoke(app, ["entities", *arguments], catch_exceptions=False)
        assert done.exit_code == 0
        return done.stdout

    return run


def test_suggest_shows_the_sentences_and_the_line_to_type(say):
    said = say("suggest", "--corpus", "texts")
    assert "Again it is ›Falk‹ who speaks." in said
    assert "workbench entities accept 'Moammar Saleh' 'Muammar Saleh' --reason '…' --corpus texts" in said


def test_accept_ledger_and_undo_say_what_moved(say):
    assert "2 mentions move: 2 from Falk to Ole Falk." in say("accept", "Ole Falk", "Falk", "--reason", "r")
    rows = json.loads(say("ledger", "--json"))
    assert [(row["before"], row["after"], row["moved"]) for row in rows] == [("Falk", "Ole Falk", 2)]
    assert "Undone" in say("undo", "Falk", "Ole Falk")
    assert "No decision moves a mention here." in say("ledger")


def test_the_verb_alone_means_the_projects_own_corpus(say):
    assert say("suggest") == say("suggest", "--corpus", "texts").replace(" --corpus texts", "")
    told = json.loads(say("refuse", "Ole Falk", "Falk", "--reason", "r", "--json"))
    assert told["moved"] == [{"before": "Ole Falk", "after": "Falk", "moved": 1, "n_docs": 1}]


def test_a_stale_decision_complains_with_its_mend(say, tmp_path):
    say("accept", "Ole Falk", "Falk", "--reason", "r")
    for name in "ab":
        (tmp_path / "texts" / f"{name}.txt").write_text("Else\nOslo is quiet.\n", encoding="utf-8")
    said = " ".join(say("ledger").split())
    assert "Ole Falk = Falk: no longer fits: none of these names is mentioned here hint:" in said


def test_the_list_names_every_form_and_counts_what_is_doubtful(say):
    said = say()
    assert "Ole Falk, Falk" in said
    assert "2 pairs of names may be one entity: workbench entities suggest" in said


def test_a_verb_that_is_none_is_refused(say):
    with pytest.raises(BadParameter, match="did you mean `suggest`"):
        say("sugest")
