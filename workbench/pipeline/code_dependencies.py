"""Find the definitions, data files and packages that a function depends on, and digest their meaning.

Find the definitions that given functions reach in a package's sources, without importing them.

A name in the code of a definition reaches what it is bound to, in its module or through imports, also those inside a
function. Of a class that only an annotation names, a method or field is reached when some reached code asks any object
for an attribute so called. Where in doubt a definition is reached: it then costs a remake, never a stale result.

Parse the modules of a package to statements: what each means, and what it refers to. Nothing is imported.

The meaning of a statement is its syntax tree without docstrings, annotations, imports and places. Strings that name
modules or data files of the package stand for what they name.
"""

from __future__ import annotations

import ast
import hashlib
import os
import re
import sys
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_DUNDER = re.compile(r"__\w+__")


def read_sources(root: Path) -> dict[str, bytes]:
    """The bytes of all sources and data files below `root`, by their posix path."""
    found: dict[str, bytes] = {}
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != "__pycache__"]
        home = folder[len(str(root)) + 1 :].replace(os.sep, "/")
        for name in names:
            if name.endswith((".py", *DATA)):
                with open(f"{folder}/{name}", "rb", buffering=0) as file:
                    found[f"{home}/{name}".lstrip("/")] = file.read()
    return dict(sorted(found.items()))


def digest_of_bytes(files: Mapping[str, bytes]) -> str:
    """One digest over all files with their names."""
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


class PackageSources:
    """The files of a package; modules are parsed when first asked for."""

    def __init__(self, package: str, files: Mapping[str, bytes]) -> None:
        self.package = package
        self.files = files
        self.modules = {_module_name(package, path): path for path in files if path.endswith(".py")}
        self._names = frozenset(self.modules)
        self._parsed: dict[str, Module] = {}

    def module(self, name: str) -> Module:
        """The parsed module of this dotted name."""
        if name not in self._parsed:
            path = self.modules[name]
            is_package = path.endswith("__init__.py")
            self._parsed[name] = parse(self.files[path], name, is_package, self.package, self._names)
        return self._parsed[name]

    def submodules(self, package: str) -> list[str]:
        """The modules of a package and of the packages in it."""
        return [name for name in self.modules if name.startswith(f"{package}.")]

    def data(self, module: str, strings: Collection[str]) -> list[str]:
        """The paths of the data files that strings in a module name: beside it, one folder below, or in a named package."""
        own = self.modules[module].rpartition("/")[0]
        homes = [own, *(text.replace(".", "/").partition("/")[2] for text in strings if text in self.modules)]
        wanted = [text for text in strings if text.endswith(DATA)]
        paths = (f"{home}/{text}".lstrip("/") for home in homes for text in wanted)
        below = (path for path in self.files for text in wanted if _is_below(path, own, text))
        return sorted({*below, *(path for path in paths if path in self.files)})

    def data_of_names(self, module: str, names: Collection[str]) -> list[str]:
        """The paths of the data files one folder below a module that bear the name of a definition in it.

        `languages/groups.py` has a class `PersonalNames`, and `languages/en/personal_names.toml` holds what is in it.
        """
        own = self.modules[module].rpartition("/")[0]
        stems = [re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower() for name in names]
        wanted = [f"{stem}{suffix}" for stem in stems for suffix in DATA]
        return sorted(path for path in self.files for text in wanted if _is_below(path, own, text))


def _is_below(path: str, folder: str, name: str) -> bool:
    """Whether a file of this name lies in a folder of the folder."""
    parent, _, last = path.rpartition("/")
    return bool(folder) and last == name and parent.rpartition("/")[0] == folder


def _module_name(package: str, path: str) -> str:
    parts = path.removesuffix(".py").split("/")
    return ".".join([package, *(parts[:-1] if parts[-1] == "__init__" else parts)])


@dataclass
class Reached:
    """What entry points reach: parts of the code with those they use, data files, modules of other packages."""

    parts: dict[tuple[str, int, str, int], tuple[Part, list[str]]] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)

    @property
    def packages(self) -> frozenset[str]:
        """The modules of other packages, without Python's own."""
        return frozenset(self.outside - sys.stdlib_module_names)

    @property
    def modules(self) -> set[str]:
        """The modules of which something is reached."""
        return {key[0] for key in self.parts}

    def digest(self) -> str:
        """One digest over the meaning of all parts, whatever their files and their order.

        Each part counts with the meaning of what it uses, so that two constants of one name cannot change places.
        """
        lines = [" ".join([part.meaning, *sorted(used)]) for part, used in self.parts.values()]
        return hashlib.sha256("\n".join([*sorted(lines), *sorted(self.data.values())]).encode()).hexdigest()[
            :16
        ]


def reach(
    sources: PackageSources, entries: Iterable[str], cut: Collection[str] = (), named: Collection[str] = ()
) -> Reached:
    """What the entries ("module:name" below the package) reach; what `cut` names is left out with all behind it.

    `named` are modules of other packages that are reached when a string names them.
    Raises LookupError for an entry that is not there.
    """
    walk = _Walk(sources, cut, named)
    for entry in entries:
        module, _, name = entry.partition(":")
        first, _, member = name.partition(".")
        targets = list(walk.resolve(f"{sources.package}.{module}", (first,)))
        if not targets:
            raise LookupError(f"{entry}: no such definition in the sources of {sources.package}")
        for target in targets:
            walk.enter(*target, members=member or "*")
    walk.run()
    return walk.found


class _Walk:
    """A walk through definitions that ends when nothing new is reached."""

    def __init__(self, sources: PackageSources, cut: Collection[str], named: Collection[str]) -> None:
        self.sources = sources
        self.named = named
        self.cut = {f"{sources.package}.{one}" for one in cut}
        self.found = Reached()
        self._mentions: set[str] = set()  # attributes that reached code asks for
        self._asked: set[str] = set()  # the same and all strings, since getattr takes one
        self._typed: set[tuple[str, int]] = set()
        self._used: set[tuple[str, int]] = set()
        self._dynamic: set[str] = set()  # modules loaded by a name made at run time
        self._active: set[str] = set()
        self._seen_types: set[tuple[str, int, str]] = set()
        self._queue: list[tuple[str, int, str, int, Part]] = []

    def enter(self, module: str, number: int, *, typed: bool = False, members: str = "") -> None:
        """Reach a statement: as code, or only as the type of something."""
        statement = self.sources.module(module).statements[number]
        key = (module, number)
        if typed:
            if key in self._typed or key in self._used:
                return
            self._typed.add(key)
            self._follow_types(module, number, "", statement.bases if statement.is_class else statement.part)
        elif key not in self._used:
            self._used.add(key)
            self._typed.add(key)
            self._activate(module)
            self._add(module, number, "", [statement.part])
            self._add(module, number, "<bases>", [statement.bases] if statement.is_class else [])
        for name in statement.members:
            if members in ("*", name):
                self._add(module, number, name, statement.members[name])

    def run(self) -> None:
        """Follow everything until nothing new comes."""
        while True:
            while self._queue:
                self._process(*self._queue.pop())
            before = len(self.found.parts), len(self._typed), len(self._seen_types)
            self._members()
            self._functions()
            if not self._queue and before == (len(self.found.parts), len(self._typed), len(self._seen_types)):
                return

    def _members(self) -> None:
        """Reach the members of reached classes that some code asks for, and all fields of those it makes."""
        for module, number in list(self._typed):
            statement = self.sources.module(module).statements[number]
            for name, parts in statement.members.items():
                is_field = name in statement.types
                made = (module, number) in self._used
                asked = name in self._asked or _DUNDER.fullmatch(name)
                if (is_field and made) or (not is_field and asked):
                    self._add(module, number, name, parts)
                if is_field and (made or asked):
                    self._follow_types(module, number, name, statement.types[name])

    def _functions(self) -> None:
        """Reach the functions that some code asks of modules loaded by a name made at run time."""
        for module in list(self._dynamic):
            for name in self._mentions & self.sources.module(module).bound.keys():
                for target in self.resolve(module, (name,)):
                    self.enter(*target)

    def _activate(self, module: str) -> None:
        """Reach what a module does when it is loaded."""
        if module in self._active:
            return
        self._active.add(module)
        for number, statement in enumerate(self.sources.module(module).statements):
            if not statement.names:
                self.enter(module, number)

    def _add(self, module: str, number: int, name: str, parts: Sequence[Part]) -> None:
        for turn, part in enumerate(parts):
            key = (module, number, name, turn)
            if key not in self.found.parts:
                self.found.parts[key] = (part, [])
                self._queue.append((*key, part))

    def _process(self, module: str, number: int, name: str, turn: int, part: Part) -> None:
        used = self.found.parts[module, number, name, turn][1]
        self._mentions |= part.mentions
        self._asked |= part.mentions | {text for text in part.strings if text.isidentifier()}
        self._follow_strings(module, number, part)
        for ref in part.refs:
            for target in self.resolve(module, ref.path, dict(part.imports), typed=ref.typed):
                self.enter(*target, typed=ref.typed)
                if not ref.typed:
                    used.append(self.sources.module(target[0]).statements[target[1]].part.meaning)

    def _follow_types(self, module: str, number: int, name: str, part: Part) -> None:
        if (module, number, name) in self._seen_types:
            return
        self._seen_types.add((module, number, name))
        for ref in part.refs:
            for target in self.resolve(module, ref.path, dict(part.imports), typed=True):
                self.enter(*target, typed=True)

    def _follow_strings(self, module: str, number: int, part: Part) -> None:
        for text in part.strings:
            path, _, name = text.partition(":")
            if text.endswith(".") and text[:-1] in self.sources.modules:
                for child in self.sources.submodules(text[:-1]):
                    self._load(child)
            elif name and path in self.sources.modules:
                for target in self.resolve(path, (name,)):
                    self.enter(*target)
            elif text in self.sources.modules and not self.sources.modules[text].endswith("__init__.py"):
                self._load(text)
            elif text in self.named:  # data of it are opened, or its presence is asked
                self.found.outside.add(text)
        names = self.sources.module(module).statements[number].names
        for data in {*self.sources.data(module, part.strings), *self.sources.data_of_names(module, names)}:
            self.found.data[data] = meaning_of_data(data, self.sources.files[data])

    def _load(self, module: str) -> None:
        if not self._is_cut(module, ""):
            self._dynamic.add(module)
            self._activate(module)

    def _is_cut(self, module: str, name: str) -> bool:
        parts = module.split(".")
        above = {".".join(parts[: length + 1]) for length in range(len(parts))}
        return bool(above & self.cut) or f"{module}:{name}" in self.cut

    def resolve(
        self,
        module: str,
        path: tuple[str, ...],
        local: Mapping[str, str] | None = None,
        *,
        typed: bool = False,
        depth: int = 0,
    ) -> Iterator[tuple[str, int]]:
        """The statements that a dotted name means in a module; what lies in other packages is noted down."""
        if module not in self.sources.modules or depth > 20:
            return
        own = self.sources.module(module)
        for number in own.bound.get(path[0], ()):
            if not self._is_cut(module, path[0]):
                yield module, number
        for target in {own.imports.get(path[0]), (local or {}).get(path[0])} - {None}:
            assert target is not None
            if target.partition(".")[0] != self.sources.package:
                if not typed:
                    self.found.outside.add(target.partition(".")[0])
                continue
            rest = path[1:]
            while rest and f"{target}.{rest[0]}" in self.sources.modules:
                target, rest = f"{target}.{rest[0]}", rest[1:]
            if target not in self.sources.modules:
                target, _, name = target.rpartition(".")
                yield from self.resolve(target, (name,), typed=typed, depth=depth + 1)
            elif rest and not _DUNDER.fullmatch(rest[0]):
                yield from self.resolve(target, rest[:1], typed=typed, depth=depth + 1)
            elif not typed and not self.sources.modules[target].endswith("__init__.py"):
                self._load(target)


# ---------------------------------------------------------------- parse the modules of a package to statements: what each means, and what it refers to. Nothing is imported

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
