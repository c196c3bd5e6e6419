"""Reading the cell tagged `parameters` with `ast`: nothing of it is run.

A parameter is an assignment, annotated or not, with a plain value. Its comment, on the line or right
above, is its help.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.errors import BadParameter

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
            place, problem=f"the parameters cell is not Python: {error}", mend="correct that line"
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
            mend="write a plain value: a number, a text, a list",
        ) from error
    default = list(default) if isinstance(default, tuple) else default
    shape = _shape(annotation, default)
    if shape is None:
        raise BadParameter(
            place,
            problem=f"`{name}` has the type `{ast.unparse(annotation) if annotation else type(default).__name__}`",
            mend=_MEND,
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
