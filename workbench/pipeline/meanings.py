"""Parse the modules of a package to statements: what each means, and what it refers to. Nothing is imported.

The meaning of a statement is its syntax tree without docstrings, annotations, imports and places. Strings that name
modules or data files of the package stand for what they name.
"""

from __future__ import annotations

import ast
import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

DATA = (".toml", ".txt", ".json", ".csv", ".tsv")


class Ref(NamedTuple):
    """A dotted name in the code; `typed` when it only stands in an annotation."""

    path: tuple[str, ...]
    typed: bool


class Part(NamedTuple):
    """A piece of code that is reached as a whole: its meaning, and what it refers to."""

    meaning: str
    refs: frozenset[Ref] = frozenset()
    mentions: frozenset[str] = frozenset()
    strings: frozenset[str] = frozenset()
    imports: tuple[tuple[str, str], ...] = ()


class Statement(NamedTuple):
    """A statement of a module: a definition with the names it binds, or one that is run for its effect (none).

    Of a class, `part` is what stands in its head, `bases` what it inherits, `members` its methods and fields.
    """

    names: tuple[str, ...]
    part: Part
    is_class: bool = False
    bases: Part = Part("")
    members: Mapping[str, Sequence[Part]] = {}
    types: Mapping[str, Part] = {}


class Module(NamedTuple):
    """The statements of a file, and what the names that it imports stand for."""

    statements: Sequence[Statement]
    bound: Mapping[str, Sequence[int]]
    imports: Mapping[str, str]


def meaning_of_data(name: str, content: bytes) -> str:
    """Digest of what a data file says: a TOML file by its values, any other by its lines."""
    if name.endswith(".toml"):
        content = repr(_ordered(tomllib.loads(content.decode()))).encode()
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()[:16]


def _ordered(value: object) -> object:
    """A nested table with its keys in order."""
    if isinstance(value, dict):
        return sorted((key, _ordered(one)) for key, one in value.items())
    return [_ordered(one) for one in value] if isinstance(value, list) else value


@lru_cache(maxsize=1024)
def parse(content: bytes, name: str, is_package: bool, package: str, modules: frozenset[str]) -> Module:
    """The statements of a file that is the module `name` of a package with these `modules`."""
    tree = ast.parse(content)
    home = name if is_package else name.rpartition(".")[0]
    imports: dict[str, str] = {}
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            imports |= _imports(node, home, package)
    reader = _Reader(imports, home, package, modules)
    statements = [found for node in tree.body if (found := reader.statement(node)) is not None]
    bound: dict[str, list[int]] = {}
    for number, statement in enumerate(statements):
        for one in statement.names:
            bound.setdefault(one, []).append(number)
    return Module(statements, bound, imports)


def _imports(tree: ast.AST, home: str, package: str) -> dict[str, str]:
    """What the names imported anywhere in a tree stand for; of those for the type checker only the package's own."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(home.split(".")[: len(home.split(".")) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [above, node.module]))
            found |= {alias.asname or alias.name: f"{module}.{alias.name}" for alias in node.names}
    if isinstance(tree, ast.If) and _is_for_types(tree):
        return {name: target for name, target in found.items() if target.partition(".")[0] == package}
    return found


def _is_for_types(node: ast.AST) -> bool:
    test = getattr(node, "test", None)
    return getattr(test, "id", getattr(test, "attr", "")) == "TYPE_CHECKING"


_IGNORED = frozenset({"ctx", "type_comment", "kind", "annotation", "returns", "type_params"})


class _Reader:
    """Statements to parts: what each means, and what it refers to."""

    def __init__(self, imports: dict[str, str], home: str, package: str, modules: frozenset[str]) -> None:
        self._top = imports
        self._home = home
        self._package = package
        self._modules = modules
        self._clear({})

    def _clear(self, local: dict[str, str]) -> None:
        self._local = local
        self._refs: set[Ref] = set()
        self._mentions: set[str] = set()
        self._strings: set[str] = set()

    def statement(self, node: ast.stmt) -> Statement | None:
        """A statement at the top of a module; None where it only documents or imports."""
        if _is_nothing(node):
            return None
        if isinstance(node, ast.ClassDef):
            return self._class(node)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return Statement((node.name,), self.part(node))
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        if isinstance(node, ast.Assign | ast.AnnAssign):
            flat = [one for target in targets for one in getattr(target, "elts", [target])]
            if all(isinstance(one, ast.Name) for one in flat):
                return Statement(tuple(one.id for one in flat if isinstance(one, ast.Name)), self.part(node))
        return Statement((), self.part(node))

    def part(self, *nodes: ast.AST, typed: bool = False) -> Part:
        """Some nodes as one part."""
        local: dict[str, str] = {}
        for node in nodes:
            local |= _imports(node, self._home, self._package)
        self._clear(local)
        if typed:
            for node in nodes:
                self._annotation(node)
            meaning = ""
        else:
            meaning = hashlib.sha256(
                "".join(self._say(node) for node in nodes).encode("utf-8", "surrogatepass")
            ).hexdigest()[:16]
        return Part(
            meaning, frozenset(self._refs), frozenset(self._mentions), frozenset(self._strings),
            tuple((key, value) for key, value in local.items()),
        )  # fmt: skip

    def _class(self, node: ast.ClassDef) -> Statement:
        members: dict[str, list[Part]] = {}
        types: dict[str, Part] = {}
        others: list[ast.stmt] = []
        for one in node.body:
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
                members.setdefault(one.name, []).append(self.part(one))
            elif isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                members.setdefault(one.target.id, []).append(self.part(one))
                types[one.target.id] = self.part(one.annotation, typed=True)
            elif not _is_nothing(one):
                others.append(one)
        order = ast.Constant(" ".join(types))
        head = self.part(ast.Constant(node.name), order, *node.decorator_list, *others)
        bases = self.part(*node.bases, *node.keywords)
        return Statement((node.name,), head, True, bases, members, types)

    def _say(self, node: ast.AST) -> str:
        """What a node means, as text that is the same for every version of Python."""
        if isinstance(node, ast.Constant):
            return self._constant(node.value)
        if isinstance(node, ast.Name | ast.Attribute) and (path := _dotted(node)):
            return self._dotted(path, node)
        if isinstance(node, ast.Attribute):
            self._mentions.add(node.attr)
        if isinstance(node, ast.JoinedStr):
            self._start_of_name(node)
        for one in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(one, ast.AST):
                self._annotation(one)
        said = [type(node).__name__]
        for name, value in ast.iter_fields(node):
            if name in _IGNORED or value is None or value == []:
                continue
            if isinstance(value, list):
                inner = "".join(
                    self._say(one) for one in value if isinstance(one, ast.AST) and not _is_nothing(one)
                )
                plain = [one for one in value if not isinstance(one, ast.AST)]
                said.append(f"{name}[{inner}{plain if plain else ''}]")
            else:
                said.append(f"{name}={self._say(value) if isinstance(value, ast.AST) else repr(value)}")
        return f"({' '.join(said)})"

    def _constant(self, value: object) -> str:
        if isinstance(value, str):
            self._strings.add(value)
            path, _, name = value.partition(":")
            if path.rstrip(".") in self._modules:
                return f"<module:{name}>"
            if value.endswith(DATA):
                return f"<data{Path(value).suffix}>"
        return f"<{type(value).__name__} {value!r}>"

    def _start_of_name(self, node: ast.JoinedStr) -> None:
        """Note the package in the name of a module that is made at run time."""
        first = node.values[0] if node.values else None
        if isinstance(first, ast.Constant):
            self._strings.add(str(first.value))

    def _dotted(self, path: list[str], node: ast.AST) -> str:
        """A dotted name without the modules that it goes through."""
        self._refs.add(Ref(tuple(path), False))
        self._mentions.update(path[1:])
        target = self._local.get(path[0]) or self._top.get(path[0])
        if target is None or isinstance(getattr(node, "ctx", None), ast.Store):
            return f"<{'.'.join(path)}>"
        rest = path[1:]
        if target.partition(".")[0] != self._package:
            return f"<{'.'.join([target, *rest])}>"
        while target in self._modules and rest:
            target, rest = f"{target}.{rest[0]}", rest[1:]
        return f"<{'.'.join([target.rpartition('.')[2], *rest])}>"

    def _annotation(self, node: ast.AST) -> None:
        for one in ast.walk(node):
            if isinstance(one, ast.Name | ast.Attribute) and (path := _dotted(one)):
                self._refs.add(Ref(tuple(path), True))
            elif isinstance(one, ast.Constant) and isinstance(one.value, str):
                try:
                    inner = ast.parse(one.value, mode="eval").body
                except (SyntaxError, ValueError):
                    continue
                if not isinstance(inner, ast.Constant):
                    self._annotation(inner)


def _dotted(node: ast.AST) -> list[str]:
    """The parts of a name such as `a.b.c`; none where it begins with anything but a name."""
    path: list[str] = []
    while isinstance(node, ast.Attribute):
        path.append(node.attr)
        node = node.value
    return [node.id, *reversed(path)] if isinstance(node, ast.Name) else []


def _is_nothing(node: ast.AST) -> bool:
    """Whether a statement does nothing at run time but document, import or help the type checker."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass) or (
        isinstance(node, ast.If) and _is_for_types(node)
    ):
        return True
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
