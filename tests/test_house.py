"""What holds for the whole project: dependencies, boundaries between packages, light imports, seeds as given."""

import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from benchmarks.structure import HEAVY as HEAVY_LIBRARIES, measure

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
CONTRACTS = PYPROJECT["tool"]["importlinter"]["contracts"]
PROTECTED = [library for contract in CONTRACTS for library in contract.get("protected_modules", ())]
ASKED_FOR = {"jupyterlab", "pandas", "matplotlib", "ipywidgets", "nltk", "papermill", "pytest", "nbval"}
HEAVY = ("spacy", "matplotlib", "papermill", "pandas", "nltk", "sklearn", "pyarrow", "duckdb", "nbconvert")


CONSTRAINTS = "constraints/scheduler.txt"  # of the one extra that cannot be installed beside the lock


def requirements(*, scheduler=True):
    extras = PROJECT["optional-dependencies"]
    lists = [PROJECT["dependencies"], *(extras[name] for name in extras if scheduler or name != "scheduler")]
    return [Requirement(line) for listed in lists for line in listed]


def pins_of(file):
    lines = re.findall(r"^([\w.-]+)==([\w.]+)(.*)$", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    return {(name.lower(), rest.partition(";")[2].strip(" \\")): version for name, version, rest in lines}


@cache
def measured():
    """The structure of the package, which takes seconds to find out."""
    return measure(ROOT)


def test_what_was_asked_for_by_name_is_in_the_one_list():
    assert {requirement.name for requirement in requirements()} >= ASKED_FOR


def test_every_dependency_has_a_lower_bound_and_a_lock_with_hashes():
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pins = {name: version for (name, _), version in pins_of("requirements.txt").items()}
    for requirement in requirements(scheduler=False):
        assert requirement.specifier, requirement
        assert requirement.specifier.contains(
            pins[requirement.name.lower().replace("_", "-")], prereleases=True
        )
    assert lock.count("--hash=sha256:") > len(pins)


def test_the_constraints_of_jupyterlabs_form_have_every_version_and_differ_from_the_lock_in_pytz_alone():
    pins, lock = pins_of(CONSTRAINTS), pins_of("requirements.txt")
    named = {name: version for (name, _), version in pins.items()}
    dev = {Requirement(line).name for line in PROJECT["optional-dependencies"]["dev"]}
    for requirement in requirements():
        if requirement.name not in dev:
            version = named[requirement.name.lower().replace("_", "-")]
            assert requirement.specifier.contains(version, prereleases=True), requirement
    assert {name for name, rest in pins.keys() & lock.keys() if pins[name, rest] != lock[name, rest]} == {
        "pytz"
    }
    assert "jupyter-scheduler" not in {name for name, _ in lock}


def test_every_imported_library_is_declared_and_every_declared_one_is_used():
    dependencies = measured()["dependencies"]
    assert dependencies["undeclared"] == []
    assert dependencies["only_declared_for_dev"] == []
    assert dependencies["declared_and_unused"] == []


def test_the_lock_names_no_address():
    for file in ("requirements.txt", CONSTRAINTS):
        assert "://" not in (ROOT / file).read_text(encoding="utf-8")


def test_environment_yml_and_pyproject_agree():
    yaml = pytest.importorskip("yaml")
    rattler = pytest.importorskip("rattler")
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    plain = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    (pip,) = [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)]
    specs = {spec.name.normalized: spec for spec in map(rattler.MatchSpec, plain)}
    assert set(specs) == {"python", "pip"}
    version = str(specs["python"].version).strip("=*.")
    assert SpecifierSet(PROJECT["requires-python"]).contains(version)
    assert pip == ["-e .[dev]"], "the package brings its own dependencies; none is named twice"
    assert "dev" in PROJECT["optional-dependencies"]


@pytest.mark.parametrize(
    "command", ["import workbench", "import workbench.cli", "from workbench import Selection"]
)
def test_the_front_door_loads_nothing_heavy(command):
    code = f"import sys; {command}; print(*sorted(set(sys.modules) & set({HEAVY!r})))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.split() == []


def lint_imports(root):
    lint = Path(sys.executable).with_name("lint-imports")
    if not lint.exists():
        pytest.skip("import-linter is not installed: pip install 'analyst-workbench[dev]'")
    return subprocess.run([lint, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)


def test_the_boundaries_of_the_packages_hold():
    linted = lint_imports(ROOT)
    assert linted.returncode == 0, linted.stdout


def test_each_boundary_can_fail(tmp_path):
    """A copy of the package in which the lowest module imports the highest one and every protected library."""
    shutil.copytree(ROOT / "workbench", tmp_path / "workbench", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "workbench" / "newcomer.py").write_text("", encoding="utf-8")
    wrong = ["workbench.cli", *PROTECTED]
    with (tmp_path / "workbench" / "errors.py").open("a", encoding="utf-8") as errors:
        errors.write("\n\ndef wrong():\n" + "".join(f"    import {module}\n" for module in wrong))
    report = lint_imports(tmp_path).stdout
    for contract in CONTRACTS:
        assert f"{contract['name']} BROKEN" in report
    assert "workbench.errors -> workbench.cli" in report
    assert "newcomer" in report
    for library in PROTECTED:
        assert f"workbench.errors -> {library} (l." in report


def test_every_allowed_importer_imports_its_library():
    libraries = measured()["libraries"]
    for contract in CONTRACTS:
        for allowed in contract.get("allowed_importers", ()):
            importers = {name for library in contract["protected_modules"] for name in libraries[library]}
            assert any(f"{name}.".startswith(f"{allowed}.") for name in importers), (
                contract["name"],
                allowed,
            )


def test_the_top_of_the_package_has_at_most_nine_loose_modules():
    assert len(measured()["loose_modules"]) <= 9


def test_no_two_public_classes_share_a_name_and_no_imports_go_in_a_circle():
    figures = measured()
    assert figures["classes_of_one_name"] == {}
    assert all(not found for name, found in figures.items() if "circles" in name)


def test_every_heavy_library_has_its_allow_list():
    assert set(PROTECTED) == set(HEAVY_LIBRARIES) & set(measured()["libraries"])


def test_the_seeds_are_as_they_were_given():
    given = {
        "000_c09b3d58b53652ec.txt": "975ed2948e68621c3d3086440ea345117850178f30c6e551fd926c4bfff264cf",
        "003_a52b3706e287451f.txt": "349c2eb52065742aa576f3c4d0b5518e40e224510bc6ddb493639250bcc61833",
    }
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (ROOT / "seeds").glob("*.txt")
    }
    assert found == given
