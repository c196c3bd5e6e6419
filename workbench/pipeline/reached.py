"""Find the definitions that given functions reach in a package's sources, without importing them.

A name in the code of a definition reaches what it is bound to, in its module or through imports, also those inside a
function. Of a class that only an annotation names, a method or field is reached when some reached code asks any object
for an attribute so called. Where in doubt a definition is reached: it then costs a remake, never a stale result.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbench.pipeline.meanings import DATA, Module, Part, meaning_of_data, parse

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


class Sources:
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

    def children(self, package: str) -> list[str]:
        """The modules directly in a package."""
        return [name for name in self.modules if name.rpartition(".")[0] == package]

    def data(self, module: str, strings: Collection[str]) -> list[str]:
        """The paths of the data files that strings in a module name, beside it or in a package named with them."""
        own = self.modules[module].rpartition("/")[0]
        homes = [own, *(text.replace(".", "/").partition("/")[2] for text in strings if text in self.modules)]
        wanted = [text for text in strings if text.endswith(DATA)]
        paths = (f"{home}/{text}".lstrip("/") for home in homes for text in wanted)
        return sorted({path for path in paths if path in self.files})


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
    sources: Sources, entries: Iterable[str], cut: Collection[str] = (), named: Collection[str] = ()
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

    def __init__(self, sources: Sources, cut: Collection[str], named: Collection[str]) -> None:
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
        self._follow_strings(module, part)
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

    def _follow_strings(self, module: str, part: Part) -> None:
        for text in part.strings:
            path, _, name = text.partition(":")
            if text.endswith(".") and text[:-1] in self.sources.modules:
                for child in self.sources.children(text[:-1]):
                    self._load(child)
            elif name and path in self.sources.modules:
                for target in self.resolve(path, (name,)):
                    self.enter(*target)
            elif text in self.sources.modules and not self.sources.modules[text].endswith("__init__.py"):
                self._load(text)
            elif text in self.named:  # data of it are opened, or its presence is asked
                self.found.outside.add(text)
        for data in self.sources.data(module, part.strings):
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
