"""The measures of structure and of trips, on a tiny package whose figures are counted by hand."""

import importlib
import json
import sys
from pathlib import Path

import pytest

from benchmarks import structure
from benchmarks.structure import measure, render
from benchmarks.trips import Recorder

FILES = {
    "tiny/__init__.py": '"""A package."""\n',
    "tiny/base.py": '"""Base."""\nimport math\n\nclass Row:\n    """A row."""\n    x = 1\n\nclass _Hidden: ...\n',
    "tiny/front/__init__.py": "from tiny.front.door import enter\n",
    "tiny/front/door.py": (
        "from typing import TYPE_CHECKING\n"
        "from tiny import base\n"
        "if TYPE_CHECKING:\n    from tiny.back.yard import Row\n    import typedlib\n"
        "def enter(n):\n    from tiny.back.yard import walk\n    return walk(n, greet)\n"
        "def greet(n):\n    return [m for m in range(n)]\n"
    ),
    "tiny/back/__init__.py": "",
    "tiny/back/yard.py": (
        "import deltalake\nfrom ..base import Row as Other\nclass Row: ...\n"
        "def walk(n, call):\n    import secretlib\n    from tiny.front import door\n    return call(n)\n"
    ),
    "tiny/loop_a.py": "from tiny import loop_b\n",
    "tiny/loop_b.py": "from importlib import import_module\na = import_module('tiny.loop_a')\n",
    "pyproject.toml": '[project]\ndependencies = ["delta_lake>=1", "never.used[more]>=2", "jupyterlab"]\n'
    "[project.optional-dependencies]\ndev = ['tool']\n",
}


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(structure, "packages_distributions", lambda: {"deltalake": ["Delta-Lake"]})
    return tmp_path


def test_size_leaves_docstrings_out(tiny):
    figures = measure(tiny, "tiny")
    assert figures["modules"] == 8
    assert figures["statements_by_module"] == {
        "tiny.front.door": 10, "tiny.back.yard": 8, "tiny.base": 5, "tiny.loop_b": 2, "tiny.front": 1,
        "tiny.loop_a": 1, "tiny": 0, "tiny.back": 0,
    }  # fmt: skip
    assert figures["statements"] == 27


def test_importers_loose_modules_and_classes_of_one_name(tiny):
    figures = measure(tiny, "tiny")
    assert figures["imported_by_one"] == {
        "tiny.back.yard": "tiny.front.door", "tiny.loop_a": "tiny.loop_b", "tiny.loop_b": "tiny.loop_a",
    }  # fmt: skip
    assert figures["imported_by_none"] == []
    assert figures["loose_modules"] == ["tiny.base", "tiny.loop_a", "tiny.loop_b"]
    assert figures["public_classes"] == 2
    assert figures["classes_of_one_name"] == {"Row": ["tiny.back.yard", "tiny.base"]}


def test_circles_tell_load_time_from_call_time(tiny):
    figures = measure(tiny, "tiny")
    loop, rooms = ["tiny.loop_a", "tiny.loop_b"], ["tiny.back.yard", "tiny.front.door"]
    assert figures["circles_at_load"] == [loop]
    assert figures["circles_at_run"] == [rooms, loop]
    assert figures["sibling_circles_at_load"] == {"tiny": [["loop_a", "loop_b"]]}
    assert figures["sibling_circles_at_run"] == {"tiny": [["back", "front"], ["loop_a", "loop_b"]]}


def test_an_import_for_types_alone_makes_no_circle_and_needs_no_library(tiny):
    (tiny / "tiny/back/yard.py").write_text("from tiny.front import door\n", encoding="utf-8")
    door = FILES["tiny/front/door.py"].partition("def enter")[0]
    (tiny / "tiny/front/door.py").write_text(door, encoding="utf-8")
    (tiny / "tiny/front/__init__.py").write_text("", encoding="utf-8")
    figures = measure(tiny, "tiny")
    assert figures["circles_at_run"] == [["tiny.loop_a", "tiny.loop_b"]]
    assert figures["libraries"] == {}


def test_libraries_are_compared_with_what_is_declared(tiny):
    figures = measure(tiny, "tiny")
    assert figures["libraries"] == {
        "deltalake": {"tiny.back.yard": "load"}, "secretlib": {"tiny.back.yard": "call"},
    }  # fmt: skip
    assert figures["dependencies"] == {
        "undeclared": ["secretlib"],
        "only_declared_for_dev": [],
        "declared_and_unused": ["never-used"],
        "declared_and_never_imported_on_purpose": ["jupyterlab"],
    }
    said = render(figures, "tiny")
    assert "Row               tiny.back.yard, tiny.base" in said
    assert "deltalake           1  tiny.back.yard*" in said


def test_the_command_prints_json_of_a_checkout(capsys):
    structure.main(["--json"])
    figures = json.loads(capsys.readouterr().out)
    assert figures["modules"] == len(list((structure.HOUSE / "workbench").rglob("*.py")))
    with pytest.raises(SystemExit, match="no package `workbench` here"):
        structure.main(["--tree", str(Path(__file__).parents[1])])


def test_a_walk_is_counted_by_functions_modules_and_call_backs(tiny, monkeypatch):
    monkeypatch.syspath_prepend(str(tiny))
    monkeypatch.setitem(sys.modules, "secretlib", sys)
    monkeypatch.setitem(sys.modules, "deltalake", sys)
    door = importlib.import_module("tiny.front.door")
    with Recorder(tiny / "tiny") as recorder:
        assert [door.enter(n) for n in (2, 3)] == [[0, 1], [0, 1, 2]]
    figures = recorder.figures()
    assert figures["names"] == {"tiny.back.yard": ["walk"], "tiny.front.door": ["enter", "greet"]}
    assert figures["named_functions"] == 3
    assert figures["functions"] == (4 if sys.version_info < (3, 12) else 3)  # the comprehension
    assert figures["modules"] == 2
    assert figures["pairs_called_back"] == ["tiny.back.yard -> tiny.front.door"]
    assert (figures["stops"], figures["returns"]) == (3, 1)
    for name in [name for name in sys.modules if name.partition(".")[0] == "tiny"]:
        del sys.modules[name]
