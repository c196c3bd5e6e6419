"""The notebooks keep their rhythm, and say nothing that two documents cannot bear."""

import ast
import json
from pathlib import Path

import pytest

from workbench.project import DEFAULT_REPORTS, find_project
from workbench.report.notebook.parameters import read_schema

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def cells(path, kind):
    content = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in content["cells"] if cell["cell_type"] == kind]


def source(cell):
    return "".join(cell["source"])


def is_parameters(cell):
    return "parameters" in cell["metadata"].get("tags", [])


def test_the_default_reports_are_there_and_are_made_here_too():
    assert {path.stem for path in NOTEBOOKS} >= set(DEFAULT_REPORTS)
    assert find_project(ROOT).default_reports == DEFAULT_REPORTS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_read_not_programmed(path):
    for cell in cells(path, "code"):
        code = source(cell)
        assert len(code.splitlines()) <= 5 or is_parameters(cell), code
        kinds = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda)
        assert not [node for node in ast.walk(ast.parse(code)) if isinstance(node, kinds)], code


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path):
    for cell in cells(path, "code"):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_begins_with_its_title_and_every_section_has_a_heading(path):
    texts = [source(cell) for cell in cells(path, "markdown")]
    assert texts[0].startswith("# ")
    assert all(text.startswith("## ") for text in texts[1:])


@pytest.mark.parametrize("name", DEFAULT_REPORTS)
def test_every_parameter_explains_itself(name):
    schema = read_schema(ROOT / "notebooks" / f"{name}.ipynb")
    assert {"corpus", "select", "by"} <= set(schema.names)
    assert all(parameter.help for parameter in schema.parameters)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_reads_the_projects_own_corpus_unless_it_is_told_another(path):
    (parameter,) = [one for one in read_schema(path).parameters if one.name == "corpus"]
    assert parameter.default == ""
