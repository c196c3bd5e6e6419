"""`workbench doctor`: each thing that can be wrong is named with the line that mends it."""

import json
import multiprocessing
import shutil
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from workbench.cli import doctor
from workbench.cli.app import app
from workbench.cli.doctor import OK, OPTIONAL, PROBLEM, Finding
from workbench.errors import MissingExtra
from workbench.project import find_corpus, find_project, store_place
from workbench.store.locks import lock
from workbench.templates.create import create_project

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path, monkeypatch):
    create_project(tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def check(name):
    return getattr(doctor, f"check_{name}")(find_project())


def test_every_extra_that_is_declared_is_checked_but_that_of_developers():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(doctor.EXTRAS) == set(declared["optional-dependencies"]) - {"dev"}
    assert set(doctor.requirements()) == {"", *declared["optional-dependencies"]}
    assert len(doctor.requirements()[""]) == len(declared["dependencies"])


def test_an_extra_that_is_not_installed_is_optional_and_its_line_is_given(monkeypatch):
    monkeypatch.setattr(doctor, "_installed", lambda name: name not in ("voila", "weasyprint"))
    found = {finding.name: finding for finding in doctor.check_extras()}
    assert found["extras"].detail == "files, topics, scheduler, remote"
    assert {name for name, finding in found.items() if finding.state == OPTIONAL} == {
        "extra live", "extra pdf", "extra docx"
    }  # fmt: skip
    assert found["extra live"].hint == "pip install 'analyst-workbench[live]'"


def test_a_system_without_pango_is_a_problem_with_its_line(monkeypatch):
    def fail():
        raise MissingExtra(
            "pdf", problem="the system has no Pango library", hint="apt-get install libpango-1.0-0"
        )

    monkeypatch.setattr(doctor, "_installed", lambda name: True)
    monkeypatch.setattr("workbench.deliver.pdf.ready", fail)
    assert Finding(
        "pango", PROBLEM, "pdf: the system has no Pango library", "apt-get install libpango-1.0-0"
    ) in list(doctor.check_extras())


def test_a_library_that_is_missing_is_a_problem(monkeypatch):
    monkeypatch.setattr(doctor, "_installed", lambda name: name != "regex")
    (found,) = doctor.check_program()
    assert (found.state, found.detail) == (PROBLEM, "regex not installed")


@pytest.mark.parametrize("error", [ImportError("numpy is of another version"), OSError("no such file")])
def test_a_model_that_cannot_be_loaded_is_a_problem_and_the_others_are_checked(error):
    def fail():
        raise error

    found = doctor.check_model("names", fail)
    assert found.state == PROBLEM
    assert str(error) in found.detail


def test_a_model_of_the_settings_that_is_not_installed_is_named_with_its_line(project):
    (project / "settings/aliases.toml").write_text('[names]\nmodel = "xx_none_sm"\n', encoding="utf-8")
    found = doctor.check_model("names", doctor._load_names)
    assert (found.state, found.detail) == (PROBLEM, "xx_none_sm: this spaCy model is not installed")
    assert "pip install xx-none-sm" in found.hint


def test_a_folder_that_is_no_project_is_told_how_to_make_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert (check("project").state, check("project").hint) == (OPTIONAL, "workbench new my-project")


def test_documents_that_are_not_there_yet_or_whose_folder_is_gone_are_told_apart(project):
    assert (check("documents").state, check("documents").hint) == (OPTIONAL, "put your documents there")
    (project / "texts/talks.txt").write_text("Talks resume.", encoding="utf-8")
    assert check("documents").detail.endswith("texts: 1 file")
    shutil.rmtree(project / "texts")
    assert check("documents").state == PROBLEM


def test_a_settings_file_of_an_old_name_is_a_problem_with_its_new_one(project):
    assert check("settings").state == OK
    (project / "settings/toward.toml").write_text("", encoding="utf-8")
    assert check("settings").state == PROBLEM
    assert "target_sentiment.toml" in check("settings").hint


def test_a_place_that_cannot_be_written_is_a_problem(project):
    assert check("writing").state == OK
    (project / "reports").write_text("a file stands where the folder should be", encoding="utf-8")
    assert check("writing").state == PROBLEM


def hold(path, held, done):
    with lock(path):
        held.set()
        done.wait(30)


def test_a_store_that_another_process_builds_is_a_problem_until_it_ends(project):
    assert check("store").detail == "not built yet"
    place = store_place(find_corpus(None, find_project()), find_project())
    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    other = context.Process(target=hold, args=(place / "lock", held, done))
    other.start()
    assert held.wait(30)
    assert (check("store").state, check("store").hint.split(",")[0]) == (
        PROBLEM, "wait until the other `workbench` command ends"
    )  # fmt: skip
    done.set()
    other.join()
    assert check("store").state == OK


def test_a_full_disk_is_a_problem(project, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=doctor.ROOM))
    assert check("disk").state == OK
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=doctor.ROOM - 1))
    assert check("disk").state == PROBLEM


def test_a_broken_workbench_toml_is_named_and_what_needs_a_project_is_left_out(project):
    (project / "workbench.toml").write_text("corpsu = 'texts'\n", encoding="utf-8")
    found = {finding.name: finding for finding in doctor.examine()}
    assert found["project"].state == PROBLEM
    assert "did you mean `corpus`" in found["project"].hint
    assert "documents" not in found


@pytest.mark.parametrize(("state", "code", "last"), [(OPTIONAL, 0, "no problems"), (PROBLEM, 1, "1 problem")])
def test_the_exit_code_says_whether_there_is_a_problem(monkeypatch, state, code, last):
    monkeypatch.setattr(doctor, "examine", lambda: iter([Finding("disk", state, "0.1 GB free", "free some")]))
    done = CliRunner().invoke(app, ["doctor"])
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (code, last)
    done = CliRunner().invoke(app, ["doctor", "--json"])
    assert (done.exit_code, json.loads(done.stdout)[0]["hint"]) == (code, "free some")


@pytest.mark.model
def test_this_installation_and_a_new_project_have_a_dozen_lines(project):
    found = {finding.name: finding for finding in doctor.examine()}
    assert {
        found[name].state for name in ("program", "sentences", "names", "project", "settings", "writing")
    } == {OK}
    assert len(found) <= 16
