"""`workbench search` narrows by speaker and voice as every other command does."""

import json

import pytest
from support.explorer_texts import explorer_corpus
from typer.testing import CliRunner

from workbench.cli.app import app


@pytest.fixture
def search(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n', encoding="utf-8")
    explorer_corpus(monkeypatch, tmp_path)

    def names(*words):
        done = CliRunner().invoke(app, ["search", *words, "--json"], catch_exceptions=False)
        return {hit["doc_id"] for hit in json.loads(done.stdout)}

    return names


def test_a_search_finds_what_a_speaker_says_and_counts_it(search):
    assert search("treaty") == {"b.txt", "c.txt", "d.txt"}
    assert search("treaty", "--select", "speaker:Bo") == {"b.txt", "c.txt"}
    assert search("treaty", "--select", "speaker:Anna") == set(), "Bo says it in a document where Anna speaks"
    assert search("words", "--select", "voice:quote") == {"f.txt"}
    assert search("speaker:Carl") == {"e.txt"}
    shown = CliRunner().invoke(app, ["search", "treaty", "--select", "speaker:Bo", "--limit", "1"])
    assert "1 of 2 documents shown" in shown.stdout
