"""The wheel is all that a user needs: a project, its reports and a check of them, outside the repository.

The environment is new and has neither the repository nor its editable install in it: workbench comes from the wheel
alone. The libraries that it needs are those of the environment of the tests, reached by a path file, so that the test
works without a network; it does not show that pip can download them.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from support.paths import PROJECT_ROOT as ROOT, SEEDS

pytestmark = [pytest.mark.slow, pytest.mark.notebooks, pytest.mark.model]
pytest.importorskip("build", reason="build is not installed (extra dev)")
pytest.importorskip("hatchling", reason="hatchling is not installed (extra dev)")
pytest.importorskip("twine", reason="twine is not installed (extra dev)")

BIN = "Scripts" if os.name == "nt" else "bin"


def run(*command, cwd):
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "WORKBENCH_"))
    }
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=clean,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The source distribution, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def environment(built, tmp_path_factory):
    """A new environment with the wheel in it, and the libraries of this one behind."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    python = folder / BIN / "python"
    (wheel,) = built.glob("*.whl")
    pip = (sys.executable, "-m", "pip", "--python", python)
    run(*pip, "install", "--no-index", "--no-deps", "--quiet", wheel, cwd=folder)
    place = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
    # A path file adds this folder, and reads none of the path files in it: the editable install stays outside.
    Path(place, "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def project(environment, tmp_path_factory):
    """A new project of the installed package, with the two texts of the repository."""
    folder = tmp_path_factory.mktemp("elsewhere")
    assert "a new project" in run(environment / BIN / "workbench", "new", "my-project", cwd=folder)
    for path in SEEDS.glob("*.txt"):
        shutil.copy(path, folder / "my-project/texts")
    return folder / "my-project"


def test_twine_accepts_what_is_built(built):
    files = sorted(built.iterdir())
    assert [path.suffix for path in files] == [".whl", ".gz"]
    run(sys.executable, "-m", "twine", "check", "--strict", *files, cwd=built)


def test_the_wheel_carries_every_file_of_the_package_and_every_notebook_and_nothing_else(built):
    (wheel,) = built.glob("*.whl")
    listed = run("git", "ls-files", "workbench", "notebooks", cwd=ROOT).splitlines()
    wanted = {
        f"workbench/templates/{name}" if name.startswith("notebooks/") else name
        for name in listed
        if (ROOT / name).exists()
    }
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert wanted <= names
    assert {name.partition("/")[0] for name in names} == {"workbench"}


def test_the_installed_package_is_that_of_the_wheel(environment):
    code = "import workbench, workbench.templates.files as f; print(workbench.__file__, f.notebooks_folder())"
    for place in run(environment / BIN / "python", "-c", code, cwd=environment).split():
        assert Path(place).is_relative_to(environment)


def test_a_report_without_a_name_makes_the_reports_of_the_project(environment, project):
    lines = run(environment / BIN / "workbench", "report", cwd=project).splitlines()
    assert lines[-1] == f"index: {project / 'reports' / 'index.html'}"
    made = {path.stem for path in (project / "reports").glob("*.html")}
    assert {"index", "corpus_overview", "entity_comparison"} <= made
    assert len(made) == 9


def test_a_notebook_that_the_project_has_not_comes_from_the_package(environment, project):
    (project / "notebooks/sentiment.ipynb").unlink()
    output = run(environment / BIN / "workbench", "report", "sentiment", cwd=project)
    assert "reports/sentiment.html" in output.replace("\\", "/")
    assert "sentiment.ipynb: added" in run(environment / BIN / "workbench", "new", "--update", cwd=project)


def test_the_doctor_finds_no_problem(environment, project):
    assert run(environment / BIN / "workbench", "doctor", cwd=project).splitlines()[-1] == "no problems"
