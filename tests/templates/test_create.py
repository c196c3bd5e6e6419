"""A new project is complete and means nothing by itself; an update loses no change."""

import json
import os
import re
import shutil
import tomllib
from pathlib import Path

import pytest

from workbench.errors import BadProject
from workbench.project import DEFAULT_REPORTS, find_project
from workbench.report.jobs.check import load_job
from workbench.report.jobs.run import check_job
from workbench.settings import load_settings, topics
from workbench.settings.loader import SettingsLayer
from workbench.settings.metadata import read_metadata
from workbench.templates import create, files
from workbench.templates.create import create_project, update_notebooks

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path):
    create_project(tmp_path / "project")
    return tmp_path / "project"


@pytest.fixture
def newer(tmp_path, monkeypatch):
    """Let the package carry a newer version of a notebook: a second line in its first cell."""
    folder = tmp_path / "newer"
    shutil.copytree(files.notebooks_folder(), folder)
    monkeypatch.setattr(files, "notebooks_folder", lambda: folder)

    def change(name, line="What is new."):
        path = folder / f"{name}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["cells"][0]["source"].append(f"\n\n{line}")
        path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")
        return path.read_bytes()

    return change


def change_by_hand(path, line="My own remark."):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][0]["source"].append(f"\n\n{line}")
    path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")
    return path.read_bytes()


def states(updates):
    return {update.path.stem: update.state for update in updates if update.state != create.CURRENT}


# ---------------------------------------------------------------- a new project


def test_every_file_of_a_new_project_is_explained_and_nothing_else_is_written(project):
    explained = {file.path: file.purpose for file in files.template_files()}
    written = {path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file()}
    assert written == {*explained, f"notebooks/{create.MANIFEST}"}
    assert all(explained.values())


def test_every_file_of_the_skeleton_comes_into_a_project():
    skeleton = ROOT / "workbench/templates/skeleton"
    present = {path.relative_to(skeleton).as_posix() for path in skeleton.rglob("*") if path.is_file()}
    assert present == set(files.PURPOSES)


def test_the_notebooks_of_a_new_project_are_those_of_the_package(project):
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        assert (project / "notebooks" / path.name).read_bytes() == path.read_bytes()


def test_a_new_project_names_its_folders_and_makes_the_default_reports(project):
    found = find_project(project)
    assert found.corpus == project / "texts"
    assert found.corpus.is_dir()
    assert found.default_reports == DEFAULT_REPORTS


def test_the_settings_of_a_new_project_change_nothing(project):
    assert load_settings(project / "settings").digest == load_settings().digest
    assert read_metadata(project / "texts/metadata.toml") == ({}, {}, (), ())


def test_the_example_job_passes_its_check(project):
    assert check_job(load_job(project / "jobs/weekly.toml"), find_project(project)) == []


def test_a_job_takes_the_notebooks_of_the_package_where_the_project_has_none(project):
    shutil.rmtree(project / "notebooks")
    assert check_job(load_job(project / "jobs/weekly.toml"), find_project(project)) == []


def uncommented(path):
    """The file as it is when the # before each example is removed."""
    text = path.read_text(encoding="utf-8").partition("\n#\n")[2]
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in text.splitlines())


@pytest.mark.parametrize("name", ["sources", "topics", "aliases", "sentiment_masks"])
def test_the_commented_examples_of_the_settings_are_accepted(project, name):
    path = project / f"settings/{name}.toml"
    path.write_text(uncommented(path), encoding="utf-8")
    with_examples = load_settings(project / "settings")
    assert with_examples.digests[name] != load_settings().digests[name]


def test_the_topics_of_the_example_can_be_chosen_by_the_example(project):
    example = tomllib.loads(uncommented(project / "settings/topics.toml"))
    chosen = topics.parse([SettingsLayer("example", example | {"negotiation": ["talks"]})])
    assert chosen.names == ("energy", "negotiation")


def test_the_commented_examples_of_metadata_are_accepted(project):
    path = project / "texts/metadata.toml"
    path.write_text(uncommented(path), encoding="utf-8")
    entry = read_metadata(path).entries["2015/visit.txt"]
    assert set(entry) == {"date", "date_reason", "source", "reason", "lines", "attributes"}
    assert read_metadata(path).columns == {"articles.csv": {"text": "Volltext"}}


def test_the_commented_keys_of_the_example_job_are_accepted(project):
    path = project / "jobs/weekly.toml"
    text = re.sub(r"^# (?=\w+ = )", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")
    job = load_job(path)
    assert (job.formats, job.selection.line()) == (("html", "pdf"), "source:TASS")
    assert job.schedule is not None
    assert job.schedule.window


def test_hidden_files_are_no_content(tmp_path):
    (tmp_path / ".git").mkdir()
    create_project(tmp_path)
    assert find_project(tmp_path).file.is_file()


def test_a_folder_with_content_is_refused_and_stays_as_it_is(tmp_path):
    (tmp_path / "essay.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BadProject, match=r"not empty: essay\.txt"):
        create_project(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["essay.txt"]


def test_a_project_is_not_written_over_and_the_hint_is_the_update(project):
    (project / "settings/topics.toml").write_text("mine = ['word']", encoding="utf-8")
    with pytest.raises(BadProject, match="a project already") as refused:
        create_project(project)
    assert f"workbench new --update {project}" in refused.value.hint
    assert (project / "settings/topics.toml").read_text(encoding="utf-8") == "mine = ['word']"


def test_a_file_where_the_folder_should_be_is_refused(tmp_path):
    (tmp_path / "project").write_text("mine", encoding="utf-8")
    with pytest.raises(BadProject, match="a file, not a folder"):
        create_project(tmp_path / "project")


def test_a_disk_that_fills_up_leaves_nothing_behind(tmp_path, monkeypatch):
    def fail(folder, digests):
        raise OSError(28, "No space left on device", str(folder))

    monkeypatch.setattr(create, "_write_manifest", fail)
    with pytest.raises(BadProject, match="No space left"):
        create_project(tmp_path / "deep" / "project")
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- an update of its notebooks


def test_an_update_of_a_new_project_has_nothing_to_do(project):
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    assert states(update_notebooks(project / "notebooks")) == {}
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_an_unchanged_notebook_is_replaced_by_the_newer_one(project, newer):
    newest = newer("sentiment")
    assert states(update_notebooks(project / "notebooks")) == {"sentiment": create.REPLACED}
    assert (project / "notebooks/sentiment.ipynb").read_bytes() == newest
    assert states(update_notebooks(project / "notebooks")) == {}


def test_a_changed_notebook_stays_and_the_newer_one_comes_beside_with_the_difference(project, newer):
    mine = change_by_hand(project / "notebooks/sentiment.ipynb")
    newest = newer("sentiment")
    (update,) = [one for one in update_notebooks(project / "notebooks") if one.state != create.CURRENT]
    assert (update.state, update.path.read_bytes()) == (create.NEWER, mine)
    assert update.beside == project / "notebooks/sentiment.new.ipynb"
    assert update.beside.read_bytes() == newest
    assert "-My own remark." in update.difference
    assert "+What is new." in update.difference


def test_a_changed_notebook_without_a_newer_one_stays_alone(project):
    change_by_hand(project / "notebooks/sentiment.ipynb")
    assert states(update_notebooks(project / "notebooks")) == {"sentiment": create.KEPT}
    assert not (project / "notebooks/sentiment.new.ipynb").exists()


def test_a_newer_one_is_offered_once(project, newer):
    change_by_hand(project / "notebooks/sentiment.ipynb")
    newer("sentiment")
    update_notebooks(project / "notebooks")
    (project / "notebooks/sentiment.new.ipynb").unlink()
    assert states(update_notebooks(project / "notebooks")) == {"sentiment": create.KEPT}
    assert not (project / "notebooks/sentiment.new.ipynb").exists()


def test_the_next_newer_one_replaces_the_offered_one_unless_that_was_changed(project, newer):
    beside = project / "notebooks/sentiment.new.ipynb"
    change_by_hand(project / "notebooks/sentiment.ipynb")
    newer("sentiment")
    update_notebooks(project / "notebooks")
    second = newer("sentiment", "Second.")
    update_notebooks(project / "notebooks")
    assert beside.read_bytes() == second
    mine = change_by_hand(beside)
    third = newer("sentiment", "Third.")
    update_notebooks(project / "notebooks")
    assert beside.read_bytes() == mine
    assert (project / "notebooks/sentiment.new-2.ipynb").read_bytes() == third


def test_a_newer_one_that_was_taken_counts_as_unchanged(project, newer):
    path = project / "notebooks/sentiment.ipynb"
    change_by_hand(path)
    newer("sentiment")
    update_notebooks(project / "notebooks")
    os.replace(path.with_name("sentiment.new.ipynb"), path)
    assert states(update_notebooks(project / "notebooks")) == {}
    newest = newer("sentiment", "Second.")
    assert states(update_notebooks(project / "notebooks")) == {"sentiment": create.REPLACED}
    assert path.read_bytes() == newest


def test_a_notebook_that_was_only_run_is_up_to_date_and_keeps_its_outputs(project):
    path = project / "notebooks/sentiment.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["a result"]}]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert states(update_notebooks(project / "notebooks")) == {}
    assert "a result" in path.read_text(encoding="utf-8")


def test_a_run_notebook_keeps_its_outputs_when_a_newer_one_comes(project, newer):
    path = project / "notebooks/sentiment.ipynb"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"outputs": []', '"outputs": [{}]'), encoding="utf-8"
    )
    newer("sentiment")
    assert states(update_notebooks(project / "notebooks")) == {"sentiment": create.NEWER}
    assert '"outputs": [{}]' in path.read_text(encoding="utf-8")


def test_without_a_manifest_every_notebook_that_differs_counts_as_changed(project, newer):
    (project / "notebooks" / create.MANIFEST).unlink()
    newer("sentiment")
    assert states(update_notebooks(project / "notebooks")) == {"sentiment": create.NEWER}


def test_a_notebook_that_is_missing_is_added_and_one_of_ones_own_is_left_alone(project):
    (project / "notebooks/sentiment.ipynb").rename(project / "notebooks/mine.ipynb")
    assert states(update_notebooks(project / "notebooks")) == {"sentiment": create.ADDED}
    assert (project / "notebooks/mine.ipynb").is_file()


def test_a_notebook_that_was_damaged_by_hand_stays_and_the_whole_one_comes_beside(project, newer):
    path = project / "notebooks/sentiment.ipynb"
    path.write_text("{ half a note", encoding="utf-8")
    newest = newer("sentiment")
    assert states(update_notebooks(project / "notebooks")) == {"sentiment": create.NEWER}
    assert path.read_text(encoding="utf-8") == "{ half a note"
    assert (project / "notebooks/sentiment.new.ipynb").read_bytes() == newest


def test_a_damaged_manifest_is_refused_with_the_way_out(project):
    (project / "notebooks" / create.MANIFEST).write_text("[]", encoding="utf-8")
    with pytest.raises(BadProject, match="which notebooks are unchanged") as refused:
        update_notebooks(project / "notebooks")
    assert "remove it" in refused.value.hint
