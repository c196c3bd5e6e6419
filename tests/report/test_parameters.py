"""Parameters of a notebook: read without running it, checked before a kernel starts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from workbench.errors import BadParameter
from workbench.report.notebook.light_imports import light_imports
from workbench.report.notebook.parameters import ParameterSchema, check_parameters, read_schema, schema_of

with light_imports():
    from papermill.translators import PythonTranslator

SOURCE = '''"""What may be chosen."""
from typing import Literal
top: int = 10  # rows to show
share: float = 0.5
masked: bool = True
by: Literal["source", "speaker", "voice"] = "source"  # what is compared
# which text;
# one line
select: str = ""
topics: list[str] = ["sanctions", "arms control"]
years: list[int] = [2013, 2015]
since: str = "2013-05"
rival: str | None = None
level: Literal[1, 2, 3] = 2
plain = 3
'''


def schema(source: str = SOURCE) -> ParameterSchema:
    cell = {"cell_type": "code", "source": source, "metadata": {"tags": ["parameters"]}}
    return schema_of(Path("topic_frequency.ipynb"), [cell])


def notebook(path: Path, *cells: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return path


def test_every_parameter_has_its_type_default_and_help() -> None:
    found = {p.name: (p.kind, p.default, p.help) for p in schema().parameters}
    assert found["top"] == ("int", 10, "rows to show")
    assert found["by"] == ("choice", "source", "what is compared")
    assert found["select"] == ("str", "", "which text; one line")
    assert found["topics"] == ("list", ["sanctions", "arms control"], "")
    assert found["since"] == ("date", "2013-05", "")
    assert found["plain"] == ("int", 3, "")
    assert [p.optional for p in schema().parameters if p.name == "rival"] == [True]


def test_nothing_given_gives_the_defaults_and_a_copy_of_them() -> None:
    values = check_parameters(schema(), {})
    assert values == schema().defaults()


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("top", "5", 5), ("top", 5, 5), ("share", "0.25", 0.25), ("share", 1, 1.0), ("masked", "no", False),
        ("masked", "TRUE", True), ("by", "speaker", "speaker"), ("select", "2015", "2015"), ("level", "3", 3),
        ("topics", "a, b ,c", ["a", "b", "c"]), ("topics", '["a, b", "c"]', ["a, b", "c"]), ("topics", "", []),
        ("years", "2013,2014", [2013, 2014]), ("years", [2013], [2013]), ("since", "2015-12-11", "2015-12-11"),
        ("since", "", ""), ("rival", "none", None), ("rival", "Kerry", "Kerry"), ("rival", None, None),
    ],
)  # fmt: skip
def test_what_is_given_is_converted_to_the_type_of_the_cell(name: str, given: object, value: object) -> None:
    converted = check_parameters(schema(), {name: given})[name]
    assert converted == value
    assert type(converted) is type(value)


def test_a_misspelt_parameter_is_refused_and_names_the_nearest() -> None:
    with pytest.raises(BadParameter) as refused:
        check_parameters(schema(), {"tpo": "5"})
    assert refused.value.place == "topic_frequency.ipynb"
    assert "`tpo`" in refused.value.problem
    assert "did you mean `top`?" in refused.value.hint


@pytest.mark.parametrize(
    ("name", "given", "hint"),
    [
        ("top", "five", "a whole number"), ("top", "5.5", "a whole number"), ("top", True, "a whole number"),
        ("top", 5.0, "a whole number"), ("top", None, "a whole number"), ("share", "nan", "a number"),
        ("masked", "maybe", "true or false"), ("masked", 1.5, "true or false"), ("select", 5, "text"),
        ("years", "soon", "a list of whole numbers"), ("topics", "[unclosed", "a list of texts"),
        ("topics", 5, "a list of texts"), ("since", "May 2013", "a date"), ("since", "2013-13", "a date"),
    ],
)  # fmt: skip
def test_a_wrong_type_is_refused_with_what_may_be_given(name: str, given: object, hint: str) -> None:
    with pytest.raises(BadParameter) as refused:
        check_parameters(schema(), {name: given})
    assert f"`{name}` cannot be {given!r}" in refused.value.problem
    assert hint in refused.value.hint
    assert f"{name}=" in refused.value.hint


def test_a_wrong_choice_is_refused_and_names_the_nearest() -> None:
    with pytest.raises(BadParameter) as refused:
        check_parameters(schema(), {"by": "speakers"})
    assert "did you mean `speaker`?" in refused.value.hint


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("top: int = len('x')", "is computed"),
        ("top: int = open('x.txt', 'w')", "is computed"),
        ("top: dict = {}", "has the type `dict`"),
        ("top: list[dict] = []", "has the type `list[dict]`"),
        ("top = {1: 2}", "has the type `dict`"),
        ("top: int | str = 1", "has the type `int | str`"),
        ("top: int = 'ten'", "`top` cannot be 'ten'"),
        ("by: Literal['a'] = 'b'", "`by` cannot be 'b'"),
        ("top: int = = 5", "is not Python"),
    ],
)
def test_a_cell_that_cannot_be_a_schema_says_why(source: str, problem: str) -> None:
    with pytest.raises(BadParameter, match=r"topic_frequency\.ipynb") as refused:
        schema(source)
    assert problem in refused.value.problem
    assert refused.value.hint


def test_a_missing_notebook_names_the_nearest_one(tmp_path: Path) -> None:
    notebook(tmp_path / "topic_frequency.ipynb")
    with pytest.raises(BadParameter, match="no such notebook") as refused:
        read_schema(tmp_path / "topic_frequencies.ipynb")
    assert "did you mean `topic_frequency`?" in refused.value.hint


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff\xfe", b'{"cells": [{}]}', b'{"cells": 5}'])
def test_a_file_that_is_no_notebook_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.ipynb").write_bytes(content)
    with pytest.raises(BadParameter, match="not a readable notebook"):
        read_schema(tmp_path / "x.ipynb")


def test_a_notebook_without_a_parameters_cell_takes_none_and_says_so(tmp_path: Path) -> None:
    path = notebook(tmp_path / "x.ipynb", {"cell_type": "code", "source": ["a = 1"], "metadata": {}})
    assert read_schema(path).parameters == ()
    with pytest.raises(BadParameter, match="no parameter `top`") as refused:
        check_parameters(read_schema(path), {"top": 5})
    assert "no cell tagged `parameters`" in refused.value.hint


@given(st.text(), st.lists(st.text()), st.integers(), st.floats(allow_nan=False, allow_infinity=False))
def test_values_of_the_right_type_pass_as_they_are(text: str, many: list[str], n: int, share: float) -> None:
    values = check_parameters(schema(), {"select": text, "topics": many, "top": n, "share": share})
    assert (values["select"], values["topics"], values["top"], values["share"]) == (text, many, n, share)


@given(st.text(), st.lists(st.text()), st.integers(), st.booleans())
def test_papermill_writes_every_value_as_python_that_reads_back(
    text: str, many: list[str], n: int, yes: bool
) -> None:
    written = PythonTranslator.codify({"text": text, "many": many, "n": n, "yes": yes})
    read: dict[str, Any] = {}
    exec(written, read)
    assert (read["text"], read["many"], read["n"], read["yes"]) == (text, many, n, yes)


def test_a_parameter_prints_as_a_line_that_says_what_may_be_given() -> None:
    assert str(schema().parameters[0]) == "top = 10  a whole number; rows to show"
