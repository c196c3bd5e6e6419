"""Facts about where things are."""

import pytest

from workbench.errors import BadCorpus, BadSettings
from workbench.project import DEFAULT_REPORTS, find_corpus, find_project, notebook_paths, store_place


def test_the_nearest_workbench_toml_upwards_is_the_project(tmp_path):
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\nreports = "out"\n')
    (tmp_path / "a" / "b").mkdir(parents=True)
    project = find_project(tmp_path / "a" / "b")
    assert project.folder == tmp_path
    assert (project.corpus, project.reports) == (tmp_path / "texts", tmp_path / "out")
    assert project.notebooks == tmp_path / "notebooks"


def test_without_a_workbench_toml_the_working_directory_is_the_project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_project().folder == tmp_path
    assert find_project().corpus is None


def test_a_misspelt_key_is_refused_with_the_nearest_known_one(tmp_path):
    (tmp_path / "workbench.toml").write_text('corpsu = "texts"\n')
    with pytest.raises(BadSettings, match="did you mean `corpus`"):
        find_project(tmp_path)


def test_a_value_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "workbench.toml").write_text("corpus = 3\n")
    with pytest.raises(BadSettings, match="`corpus` is no text"):
        find_project(tmp_path)


@pytest.mark.parametrize("value", ['"sentiment"', "[1]", "{}"])
def test_default_reports_that_are_no_list_of_names_are_refused(tmp_path, value):
    (tmp_path / "workbench.toml").write_text(f"default_reports = {value}\n")
    with pytest.raises(BadSettings, match="not a list of names"):
        find_project(tmp_path)


def test_a_project_lists_its_reports_and_has_the_usual_ones_otherwise(tmp_path):
    (tmp_path / "workbench.toml").write_text('default_reports = ["sentiment", "weekly"]\n')
    assert find_project(tmp_path).default_reports == ("sentiment", "weekly")
    (tmp_path / "workbench.toml").write_text("")
    assert find_project(tmp_path).default_reports == DEFAULT_REPORTS


def test_a_notebook_of_the_project_counts_before_that_of_the_package(tmp_path):
    (tmp_path / "notebooks").mkdir()
    own = tmp_path / "notebooks" / "sentiment.ipynb"
    own.write_text("{}")
    known = notebook_paths(find_project(tmp_path))
    assert known["sentiment"] == own
    assert known["over_time"].is_file()
    assert set(DEFAULT_REPORTS) <= set(known)


def test_a_folder_is_looked_for_here_first_and_then_in_the_project(tmp_path, monkeypatch):
    (tmp_path / "workbench.toml").write_text('corpus = "texts"\n')
    (tmp_path / "texts").mkdir()
    (tmp_path / "here" / "texts").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    project = find_project()
    assert find_corpus("texts", project) == tmp_path / "here" / "texts"
    assert find_corpus(None, project) == find_corpus("", project) == tmp_path / "texts"
    (tmp_path / "here" / "texts").rmdir()
    assert find_corpus("texts", project) == tmp_path / "texts"


def test_a_missing_folder_is_refused_with_the_places_looked_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadCorpus, match="there is no such folder") as refused:
        find_corpus("nowhere", find_project())
    assert str(tmp_path) in refused.value.hint


def test_a_file_is_no_corpus(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(BadCorpus, match="a file, not a folder"):
        find_corpus("a.txt", find_project())


def test_no_corpus_named_anywhere_says_where_to_name_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadCorpus, match="no corpus folder is named") as refused:
        find_corpus(None, find_project())
    assert "workbench.toml" in refused.value.hint


def test_stores_of_two_folders_of_one_name_differ_and_move_with_the_project(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    places = []
    for top in (old, new):
        for folder in ("a/texts", "b/texts"):
            (top / folder).mkdir(parents=True)
        project = find_project(top)
        places.append(
            [store_place(top / folder, project).relative_to(top) for folder in ("a/texts", "b/texts")]
        )
    assert places[0] == places[1]
    assert len(set(places[0])) == 2
    assert all(place.parts[0] == ".workbench" for place in places[0])
