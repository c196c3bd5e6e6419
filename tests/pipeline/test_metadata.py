"""Entries of metadata.toml that mean nothing or name no file are in `problems` until they are corrected."""

import pytest

from workbench.pipeline.build import build
from workbench.project import find_project, store_place
from workbench.store import open_store

TEXT = "Council meets on harbour\n\nMay 7, 2013\n\nThe council of the town met on Monday to speak of the harbour.\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n')
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(TEXT)
    monkeypatch.chdir(tmp_path)
    return find_project()


def problems(project):
    rows = open_store(store_place(project.corpus, project)).read("problems").to_pylist()
    return [row["problem"] for row in rows if row["path"] == "metadata.toml"]


def test_an_entry_about_a_file_that_is_gone_is_a_problem_until_it_is_removed(project):
    place = project.corpus / "metadata.toml"
    place.write_text('["gone.txt"]\ntitle = "T"\nreason = "the page has none"\n')
    build(layers=())
    assert problems(project) == ['it speaks of "gone.txt", which is not there']
    place.write_text("")
    build(layers=())
    assert problems(project) == []


def test_a_line_that_is_no_toml_stops_no_build_and_is_a_problem_until_it_is_corrected(project):
    place = project.corpus / "metadata.toml"
    place.write_text('["a.txt"] date = 2015-12-11, reason = "r"\n')
    assert build(layers=()).documents == 1
    (problem,) = problems(project)
    assert problem.startswith("line 1 is not valid TOML: ")
    place.write_text('"a.txt" = {date = "2015-12-11", reason = "r"}\n')
    build(layers=())
    assert problems(project) == []
    rows = open_store(store_place(project.corpus, project)).read("documents", ["date"]).to_pylist()
    assert rows == [{"date": "2015-12-11"}]
