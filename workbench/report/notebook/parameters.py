"""Read and check the parameters of a notebook without running it.

Reading the cell tagged `parameters` with `ast`: nothing of it is run.

A parameter is an assignment, annotated or not, with a plain value. Its comment, on the line or right
above, is its help.

The parameters of a notebook: their types, defaults, choices and help, read without running it.

The cell tagged `parameters` is read with `ast`. What is given on the command line, in a job or by a
widget is checked against it before a kernel starts; papermill itself only logs an unknown name.
"""

from __future__ import annotations

import ast
import io
import json
import math
import re
import tokenize
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from workbench.errors import BadParameter, did_you_mean

DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_PLAIN_TYPES = ("int", "float", "bool", "str", "list")
_ITEMS = ("str", "int", "float")
_MEND = "use int, float, bool, str, list[str], Literal[…] or one of these with `| None`"


@dataclass(frozen=True)
class Parameter:
    """One parameter. `kind` is int, float, bool, str, date, list or choice; `item` the kind of a list's items."""

    name: str
    kind: str
    default: Any
    help: str = ""
    choices: tuple[Any, ...] = ()
    optional: bool = False
    item: str = "str"

    def __str__(self) -> str:
        """A line for a list: `top = 10  a whole number; rows to show`."""
        return f"{self.name} = {self.default!r}  {'; '.join(filter(None, [self.type_in_words, self.help]))}"

    @property
    def type_in_words(self) -> str:
        """What may be given, for a message or a form: "a whole number", "one of source, speaker"."""
        items = {"int": "whole numbers", "float": "numbers", "str": "texts"}[self.item]
        words = {
            "int": "a whole number",
            "float": "a number",
            "bool": "true or false",
            "str": "text",
            "date": "a date (2015, 2015-12 or 2015-12-11) or nothing",
            "choice": "one of " + ", ".join(str(choice) for choice in self.choices),
            "list": f"a list of {items}",
        }
        return words[self.kind] + (" or none" if self.optional else "")


def parameters_in(place: str, source: str) -> tuple[Parameter, ...]:
    """The parameters of a cell's source, in its order.

    Raises BadParameter, naming `place`, for what is no Python, a computed default, an unknown type.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise BadParameter(
            place, problem=f"the parameters cell is not Python: {error}", hint="correct that line"
        ) from error
    comments = _comments(source)
    found: dict[str, Parameter] = {}
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            name, annotation = node.target.id, node.annotation
        elif (
            isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
        ):
            name, annotation = node.targets[0].id, None
        else:
            continue  # an import for the annotations, a docstring
        assert node.value is not None
        found[name] = _parameter(place, name, annotation, node.value, _help(comments, node))
    return tuple(found.values())


def _parameter(place: str, name: str, annotation: ast.expr | None, value: ast.expr, words: str) -> Parameter:
    try:
        default = ast.literal_eval(value)
    except ValueError as error:
        raise BadParameter(
            place,
            problem=f"the default of `{name}` is computed",
            hint="write a plain value: a number, a text, a list",
        ) from error
    default = list(default) if isinstance(default, tuple) else default
    shape = _shape(annotation, default)
    if shape is None:
        raise BadParameter(
            place,
            problem=f"`{name}` has the type `{ast.unparse(annotation) if annotation else type(default).__name__}`",
            hint=_MEND,
        )
    return Parameter(name=name, default=default, help=words, **shape)


def _shape(annotation: ast.expr | None, default: Any) -> dict[str, Any] | None:
    """kind, choices, optional and item from the annotation, or from the default where there is none."""
    if annotation is None:
        return _shape_of_default(default)
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return _shape(ast.parse(annotation.value, mode="eval").body, default)
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        sides = [side for side in (annotation.left, annotation.right) if not _is_none(side)]
        return _optional(_shape(sides[0], default)) if len(sides) == 1 else None
    if isinstance(annotation, ast.Subscript):
        return _subscript(annotation, default)
    name = _last_name(annotation)
    if name == "date":
        return {"kind": "date"}
    return _dated({"kind": name}, default) if name in _PLAIN_TYPES else None


def _shape_of_default(default: Any) -> dict[str, Any] | None:
    kind = type(default).__name__
    if kind == "list" and default:
        item = type(default[0]).__name__
        return {"kind": "list", "item": item} if item in _ITEMS else None
    return _dated({"kind": kind}, default) if kind in _PLAIN_TYPES else None


def _subscript(annotation: ast.Subscript, default: Any) -> dict[str, Any] | None:
    name, inside = _last_name(annotation.value), annotation.slice
    if name == "Optional":
        return _optional(_shape(inside, default))
    if name == "Literal":
        parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
        choices = tuple(part.value for part in parts if isinstance(part, ast.Constant))
        return {
            "kind": "choice",
            "choices": tuple(c for c in choices if c is not None),
            "optional": None in choices,
        }
    if name in ("list", "List", "tuple", "Sequence"):
        first = inside.elts[0] if isinstance(inside, ast.Tuple) else inside
        item = _last_name(first)
        return {"kind": "list", "item": item} if item in _ITEMS else None
    return None


def _optional(shape: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if shape is None else shape | {"optional": True}


def _dated(shape: dict[str, Any], default: Any) -> dict[str, Any]:
    """A text whose default is a date takes only dates."""
    dated = (
        shape["kind"] == "str" and isinstance(default, str) and DATE.fullmatch(default) and len(default) > 4
    )
    return {"kind": "date"} if dated else shape


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _comments(source: str) -> dict[int, tuple[str, bool]]:
    """Line number to its comment and whether the comment stands alone on the line."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {
        token.start[0]: (token.string.lstrip("#").strip(), not token.line[: token.start[1]].strip())
        for token in tokens
        if token.type == tokenize.COMMENT
    }


def _help(comments: Mapping[int, tuple[str, bool]], node: ast.stmt) -> str:
    """The comment on the last line of the assignment, or the lines of comment right above it."""
    on_line = comments.get(node.end_lineno or node.lineno)
    if on_line:
        return on_line[0]
    above: list[str] = []
    line = node.lineno - 1
    while line in comments and comments[line][1]:
        above.insert(0, comments[line][0])
        line -= 1
    return " ".join(above)


# ---------------------------------------------------------------- the parameters of a notebook: their types, defaults, choices and help, read without running it

TAG = "parameters"  # papermill's own name for the cell
_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


@dataclass(frozen=True)
class ParameterSchema:
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


def read_schema(notebook: Path) -> ParameterSchema:
    """The schema of a notebook file; BadParameter when the file or its `parameters` cell cannot be read.

    A notebook without such a cell takes no parameters: its schema is empty.
    """
    return schema_of(notebook, read_notebook(notebook)["cells"])


def schema_of(notebook: Path, cells: Iterable[Mapping[str, Any]]) -> ParameterSchema:
    """The schema from the cells of a notebook that is already read."""
    place = str(notebook)
    for cell in cells:
        if cell["cell_type"] == "code" and TAG in cell.get("metadata", {}).get("tags", []):
            parameters = parameters_in(place, "".join(cell["source"]))
            for parameter in parameters:
                _convert(place, parameter, parameter.default)  # its own annotation may refuse it
            return ParameterSchema(place, parameters)
    return ParameterSchema(place, ())


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
            path, problem="there is no such notebook", hint=did_you_mean(path.stem, near)
        ) from None
    except OSError as error:
        reason = str(error.strerror)
    except (ValueError, KeyError, TypeError) as error:
        reason = f"{type(error).__name__}: {error}"
    raise BadParameter(
        path, problem=f"not a readable notebook ({reason})", hint="open and save it in JupyterLab"
    )


def needed_extra(path: Path) -> str:
    """The extra that a notebook cannot do without, as its metadata say it; "" for none, or for no notebook."""
    try:
        about = read_notebook(path).get("metadata", {}).get("workbench", {})
        return str(about.get("extra", ""))
    except (BadParameter, AttributeError):  # who runs it says what is wrong with it
        return ""


def check_parameters(schema: ParameterSchema, given: Mapping[str, object]) -> dict[str, Any]:
    """Every parameter with its value: the given one, converted and checked, or the default.

    Strings, as a command line gives them, are converted: `top=5`, `by=source`, lists with commas or as
    TOML. Raises BadParameter for an unknown name, a wrong type or a wrong choice.
    """
    known = {parameter.name: parameter for parameter in schema.parameters}
    for name in given:
        if name not in known:
            hint = did_you_mean(name, known) if known else "give it none: it has no cell tagged `parameters`"
            raise BadParameter(schema.notebook, problem=f"no parameter `{name}`", hint=hint)
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
        hint=did_you_mean(str(value), [str(choice) for choice in parameter.choices]),
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
        hint=f"give {parameter.type_in_words}, such as {parameter.name}={_example(parameter)}",
    )


def _example(parameter: Parameter) -> str:
    default = parameter.default
    if isinstance(default, list):
        return json.dumps(default, ensure_ascii=False)
    return str(default).lower() if isinstance(default, bool) else str(default)
