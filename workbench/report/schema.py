"""The parameters of a notebook: their types, defaults, choices and help, read without running it.

The cell tagged `parameters` is read with `ast`. What is given on the command line, in a job or by a
widget is checked against it before a kernel starts; papermill itself only logs an unknown name.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from workbench.errors import BadParameter, did_you_mean
from workbench.report.cell import DATE, Parameter, parameters_in

TAG = "parameters"  # papermill's own name for the cell
_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


@dataclass(frozen=True)
class Schema:
    """The parameters of one notebook in the order of their cell; `notebook` is the place in messages."""

    notebook: str
    parameters: tuple[Parameter, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names in the order of the cell."""
        return tuple(parameter.name for parameter in self.parameters)

    def defaults(self) -> dict[str, Any]:
        """Name to default, as a new dict."""
        return {parameter.name: parameter.default for parameter in self.parameters}


def read_schema(notebook: Path) -> Schema:
    """The schema of a notebook file; BadParameter when the file or its `parameters` cell cannot be read.

    A notebook without such a cell takes no parameters: its schema is empty.
    """
    return schema_of(notebook, read_notebook(notebook)["cells"])


def schema_of(notebook: Path, cells: Iterable[Mapping[str, Any]]) -> Schema:
    """The schema from the cells of a notebook that is already read."""
    place = str(notebook)
    for cell in cells:
        if cell["cell_type"] == "code" and TAG in cell.get("metadata", {}).get("tags", []):
            parameters = parameters_in(place, "".join(cell["source"]))
            for parameter in parameters:
                _convert(place, parameter, parameter.default)  # its own annotation may refuse it
            return Schema(place, parameters)
    return Schema(place, ())


def read_notebook(path: Path) -> dict[str, Any]:
    """The JSON of a notebook; BadParameter when it is missing or no notebook of format 4."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        if all(isinstance(cell["cell_type"], str) and "source" in cell for cell in notebook["cells"]):
            return dict(notebook)
        reason = "its cells have no type or source"
    except FileNotFoundError:
        near = [other.stem for other in path.parent.glob("*.ipynb")]
        raise BadParameter(
            path, problem="there is no such notebook", mend=did_you_mean(path.stem, near)
        ) from None
    except OSError as error:
        reason = str(error.strerror)
    except (ValueError, KeyError, TypeError) as error:
        reason = f"{type(error).__name__}: {error}"
    raise BadParameter(
        path, problem=f"not a readable notebook ({reason})", mend="open and save it in JupyterLab"
    )


def check(schema: Schema, given: Mapping[str, object]) -> dict[str, Any]:
    """Every parameter with its value: the given one, converted and checked, or the default.

    Strings, as a command line gives them, are converted: `top=5`, `by=source`, lists with commas or as
    TOML. Raises BadParameter for an unknown name, a wrong type or a wrong choice.
    """
    known = {parameter.name: parameter for parameter in schema.parameters}
    for name in given:
        if name not in known:
            mend = did_you_mean(name, known) if known else "give it none: it has no cell tagged `parameters`"
            raise BadParameter(schema.notebook, problem=f"no parameter `{name}`", mend=mend)
    return schema.defaults() | {
        name: _convert(schema.notebook, known[name], value) for name, value in given.items()
    }


# ---------------------------------------------------------------- checking a value


def _convert(place: str, parameter: Parameter, value: object) -> Any:
    if value is None or (parameter.optional and isinstance(value, str) and value.casefold() in ("none", "")):
        return None if parameter.optional else _refuse(place, parameter, value)
    if parameter.kind == "choice":
        return _choice(place, parameter, value)
    if parameter.kind == "list":
        items = _items(place, parameter, value)
        return [_scalar(place, parameter, parameter.item, item) for item in items]
    return _scalar(place, parameter, parameter.kind, value)


def _choice(place: str, parameter: Parameter, value: object) -> Any:
    for choice in parameter.choices:
        if value == choice and type(value) is type(choice):
            return choice
    for choice in parameter.choices:
        if isinstance(value, str) and value.strip() == str(choice):
            return choice
    raise BadParameter(
        place,
        problem=f"`{parameter.name}` cannot be {value!r}",
        mend=did_you_mean(str(value), [str(choice) for choice in parameter.choices]),
    )


def _items(place: str, parameter: Parameter, value: object) -> list[object]:
    if isinstance(value, (list, tuple)):
        return list(value)
    if not isinstance(value, str):
        _refuse(place, parameter, value)
    text = value.strip()
    if not text.startswith("["):
        return [item.strip() for item in text.split(",") if item.strip()]
    try:
        return list(tomllib.loads(f"items = {text}")["items"])
    except tomllib.TOMLDecodeError:
        _refuse(place, parameter, value)


def _scalar(place: str, parameter: Parameter, kind: str, value: object) -> Any:
    """`value` as a value of `kind`; a number is not text, a truth value no number, 5.0 no whole number."""
    if kind in ("str", "date"):
        fits = isinstance(value, str) and (kind == "str" or value == "" or DATE.fullmatch(value))
        return value if fits else _refuse(place, parameter, value)
    if kind == "bool":
        word = value.strip().casefold() if isinstance(value, str) else value
        found = True if word in _TRUE else False if word in _FALSE else word
        return found if isinstance(found, bool) else _refuse(place, parameter, value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return _refuse(place, parameter, value)
    if kind == "int" and isinstance(value, float):
        return _refuse(place, parameter, value)
    try:
        number = int(value) if kind == "int" else float(value)
    except ValueError:
        return _refuse(place, parameter, value)
    return number if math.isfinite(number) else _refuse(place, parameter, value)


def _refuse(place: str, parameter: Parameter, value: object) -> NoReturn:
    raise BadParameter(
        place,
        problem=f"`{parameter.name}` cannot be {value!r}",
        mend=f"give {parameter.type_in_words}, such as {parameter.name}={_example(parameter)}",
    )


def _example(parameter: Parameter) -> str:
    default = parameter.default
    if isinstance(default, list):
        return json.dumps(default, ensure_ascii=False)
    return str(default).lower() if isinstance(default, bool) else str(default)
