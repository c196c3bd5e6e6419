"""`workbench parse` of a file answers as a build of its corpus does, wherever the file lies in it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import workbench
from workbench.cli.app import app

TEXT = "Ferry line to close\n\nThe ministers met on Monday and spoke of the ferry at some length.\n"
ENTRY = '["north/2014/ferry.txt"]\ndate = "2014-03-02"\nsource = "Harbour Post"\nreason = "the microfilm shows it"\n'
COLUMNS = ("doc_id", "path", "title", "date", "date_precision", "date_basis", "source", "genre")


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n')
    for corpus in ("texts", "archive"):
        (tmp_path / corpus / "north" / "2014").mkdir(parents=True)
        (tmp_path / corpus / "north" / "2014" / "ferry.txt").write_text(TEXT)
        (tmp_path / corpus / "metadata.toml").write_text(ENTRY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("corpus", ["texts", "archive"])
@pytest.mark.parametrize("named", ["north/2014/ferry.txt", "north/2014", "north"])
def test_parse_in_a_folder_of_a_corpus_answers_as_a_build_does(project, corpus, named):
    done = CliRunner().invoke(app, ["parse", str(Path(corpus, named)), "--json", "--no-names"])
    assert done.exit_code == 0, done.output
    parsed = json.loads(done.stdout)["document"]
    built = workbench.load(corpus).tables.documents.to_pandas().iloc[0]
    assert {name: parsed[name] for name in COLUMNS} == {name: built[name] for name in COLUMNS}
    assert (parsed["source"], parsed["date"]) == ("Harbour Post", "2014-03-02")
    assert parsed["date_basis"] == "corrected in metadata.toml: the microfilm shows it"


def test_a_file_outside_any_corpus_is_named_by_its_file_name(tmp_path, project, monkeypatch):
    (project / "loose.txt").write_text(TEXT)
    done = CliRunner().invoke(app, ["parse", "loose.txt", "--json", "--no-names"])
    assert json.loads(done.stdout)["document"]["path"] == "loose.txt"
