"""The workflow for three systems: it cannot run here, so its text is held to the Makefile and to what it may do."""

import re
import tomllib
from pathlib import Path

import pytest

yaml = pytest.importorskip("yaml", reason="pyyaml is not installed (extra dev)")

ROOT = Path(__file__).parents[1]
PLACE = ROOT / ".github" / "workflows" / "tests.yml"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TEXT = PLACE.read_text(encoding="utf-8")
FLOW = yaml.safe_load(TEXT)
STEPS = FLOW["jobs"]["suite"]["steps"]
ON_WINDOWS = "runner.os == 'Windows'"


def commands(where):
    """The command lines of the steps with this condition."""
    return [line for step in STEPS if step.get("if") == where for line in step["run"].splitlines()]


def recipe(target):
    """The command lines of a target of the Makefile, its programs named as on Windows."""
    lines = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)[1].splitlines()
    return [line.lstrip("\t@").replace("$(BIN)", ".venv/Scripts") for line in lines]


def test_it_runs_on_three_systems_and_on_every_python_that_is_named():
    matrix = FLOW["jobs"]["suite"]["strategy"]["matrix"]
    assert [re.match("[a-z]+", name)[0] for name in matrix["os"]] == ["ubuntu", "macos", "windows"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {line.rpartition(" ")[2] for line in project["classifiers"] if "Python :: 3." in line}
    assert named <= set(matrix["python"])
    assert min(matrix["python"]) == project["requires-python"].removeprefix(">=")


def test_it_may_read_alone_and_knows_no_secret():
    assert FLOW["permissions"] == {"contents": "read"}
    assert all("permissions" not in job for job in FLOW["jobs"].values())
    assert "secrets." not in TEXT
    assert "pull_request_target" not in TEXT


def test_every_action_is_pinned_to_a_commit_with_its_version_beside_it():
    lines = [line for line in TEXT.splitlines() if "uses:" in line]
    assert len(lines) == 2
    for line in lines:
        assert re.search(r"uses: actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line
    assert STEPS[0]["with"] == {"persist-credentials": False}


def test_linux_and_macos_use_the_targets_of_the_makefile():
    wanted = ["make setup PYTHON=python", "make check", "make test", "make report"]
    assert commands("runner.os != 'Windows'") == wanted
    for line in wanted:
        assert re.search(rf"^{line.split()[1]}:", MAKEFILE, re.MULTILINE), line


def test_windows_does_what_the_makefile_does():
    tests = [line.replace("-n 2", "-n auto") for line in recipe("test")]
    assert commands(ON_WINDOWS)[3:] == [*recipe("check"), *tests, *recipe("report")]
    setup = " ".join(commands(ON_WINDOWS)[:3])
    assert "--require-hashes -r requirements.txt" in setup
    assert "--no-deps -e ." in setup
