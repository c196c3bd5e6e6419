"""`workbench new`: what a new user sees, and what is refused."""

import json

import pytest
from typer.testing import CliRunner

from workbench.cli.app import app
from workbench.errors import BadParameter, BadProject
from workbench.settings import load_settings


@pytest.fixture
def say(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        done = CliRunner().invoke(app, ["new", *arguments], catch_exceptions=False)
        assert done.exit_code == 0
        return done.stdout

    return run


def change(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][0]["source"].append("\n\nMy own remark.")
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_every_file_is_named_with_what_it_is_for_and_the_next_step_last(say, tmp_path):
    lines = say("my project").splitlines()
    assert lines[0] == "my project: a new project"
    (line,) = [line for line in lines if "topic_frequency" in line]
    assert line.split(maxsplit=1)[1] == "What is talked about"
    assert lines[-2:] == ["  cd 'my project'", "  workbench report"]
    listed = {line.split()[0] for line in lines if line.startswith("  ") and "/" in line.split()[0]}
    assert all((tmp_path / "my project" / path).is_file() for path in listed)
    assert len(listed) > 12


def test_the_folder_one_is_in_can_become_the_project(say):
    assert "  cd " not in say(".")


def test_json_lists_the_paths(say, tmp_path):
    rows = json.loads(say("one", "--json"))
    assert all((tmp_path / row["path"]).is_file() and row["purpose"] for row in rows)


def test_an_update_says_what_became_of_each_notebook_and_shows_the_difference(say, tmp_path, monkeypatch):
    say("one")
    monkeypatch.chdir(tmp_path / "one" / "texts")  # any folder of the project will do
    assert "10 of 10 notebooks were up to date" in say("--update")
    change(tmp_path / "one/notebooks/sentiment.ipynb")
    (tmp_path / "one/notebooks/.manifest.json").unlink()
    (tmp_path / "one/notebooks/over_time.ipynb").unlink()
    output = say("--update")
    assert "over_time.ipynb: added" in output
    assert (
        "sentiment.ipynb: changed by you; it stays, and the newer one is sentiment.new.ipynb beside it"
        in output
    )
    assert "8 of 10 notebooks were up to date" in output
    assert "-My own remark." in output
    assert "To take the newer one, move sentiment.new.ipynb over sentiment.ipynb;" in output
    assert "sentiment.ipynb: changed by you; it stays, and nothing newer has come" in say("--update")


@pytest.mark.parametrize(
    ("arguments", "error", "hint"),
    [
        ([], BadParameter, "workbench new my-project"),
        (["--update"], BadProject, "make one: workbench new my-project"),
        (["--update", "nowhere"], BadProject, "make one: workbench new my-project"),
    ],
)
def test_what_cannot_be_meant_is_refused(say, arguments, error, hint):
    with pytest.raises(error) as refused:
        say(*arguments)
    assert hint in refused.value.hint


def test_an_example_has_its_pages_its_truth_and_its_sources_beside_the_files_of_every_project(say, tmp_path):
    output = say("one", "--example")
    project = tmp_path / "one"
    truth = json.loads((project / "texts-truth.json").read_text(encoding="utf-8"))
    folders = [project / "texts", project / "texts-late"]
    pages = {path.relative_to(folder).as_posix() for folder in folders for path in folder.glob("*/*")}
    assert pages == set(truth["documents"])
    sources = load_settings(project / "settings").sources.entries
    assert set(truth["sources"]) <= set(sources)
    assert (project / "settings/sources.toml").read_text(encoding="utf-8").startswith("# How a source")
    assert (project / "texts/metadata.toml").is_file()
    assert "put your documents" not in output
    n_late = len(list(folders[1].glob("*/*")))
    n_broken = sum(not page["readable"] for page in truth["documents"].values())
    assert (
        f"{len(pages) - n_late} pages of the example, from 6 invented sources; {n_broken} are damaged"
        in output
    )
    assert not list(project.glob(".example*"))


def test_a_seed_makes_another_example_and_the_same_seed_the_same_one(say, tmp_path):
    def pages(name, *arguments):
        say(name, "--example", *arguments)
        return {path.name: path.read_bytes() for path in (tmp_path / name / "texts").glob("*/*")}

    first = pages("a")
    assert pages("b", "--seed", "1") == first
    assert pages("c", "--seed", "0") != first


@pytest.mark.parametrize("arguments", [["one", "--seed", "2"], ["one", "--example", "--update"]])
def test_options_that_do_not_go_together_are_refused_and_nothing_is_written(say, tmp_path, arguments):
    with pytest.raises(BadParameter, match="does not go with"):
        say(*arguments)
    assert list(tmp_path.iterdir()) == []


def test_an_example_that_cannot_be_written_says_so(say, monkeypatch):
    def fail(folder, seed):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("workbench.example.write", fail)
    with pytest.raises(BadProject, match="the example cannot be written: No space left"):
        say("one", "--example")
