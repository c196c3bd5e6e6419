"""Wanted differences: rules read from a TOML file, each with its reason."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa

WANTED = Path(__file__).with_name("wanted.toml")
# Kind of a rule -> the keys it needs beside `reason`, and those it may have beside `part`.
KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "adapt": (("table", "function"), ("side",)),
    "rename": (("table", "to"), ("column",)),
    "text": (("table", "column", "old", "new"), ("regex",)),
    "new": (("table",), ("column", "where")),
    "gone": (("table",), ("column", "where")),
    "changed": (("table", "column"), ("where",)),
    "key": (("table", "columns"), ()),
}
Adapter = Callable[[Mapping[str, pa.Table]], pa.Table]


class BadRule(Exception):
    """A rule that means nothing."""


@dataclass
class DifferenceRule:
    """A wanted difference. `explained` counts what it explained: tables, columns or rows."""

    kind: str
    values: Mapping[str, Any]
    explained: int = field(default=0, compare=False)

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)

    def fits(self, part: str, table: str, column: str | None = None) -> bool:
        """Whether it is about this table (and column); names may hold `*`."""
        about_column = column is None or fnmatchcase(column, self["column"] or "")
        return fnmatchcase(part, self["part"] or "*") and fnmatchcase(table, self["table"]) and about_column

    def adapter(self) -> Adapter:
        """The function of an `adapt` rule."""
        module, _, name = self["function"].partition(":")
        try:
            function: Adapter = getattr(import_module(module), name)
        except (ImportError, AttributeError, ValueError) as error:
            raise BadRule(f"{self}: no function {self['function']}; write module:function") from error
        return function

    def __str__(self) -> str:
        words = [f"{key}={value}" for key, value in self.values.items() if key != "reason"]
        return f"{self.kind} {' '.join(words)}"


class Rules(list[DifferenceRule]):
    """All wanted differences, in the order of the file."""

    def of(self, kind: str, part: str, table: str, column: str | None = None) -> list[DifferenceRule]:
        """The rules of a kind about a table (and column)."""
        return [rule for rule in self if rule.kind == kind and rule.fits(part, table, column)]


def load_rules(path: Path) -> Rules:
    """The rules of a file; BadRule with place and hint for one that means nothing."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadRule(f"{path}: {error}") from error
    rules = Rules()
    for kind, entries in content.items():
        if kind not in KINDS or not isinstance(entries, list):
            raise BadRule(f"{path}: unknown kind of rule `{kind}`; write [[{']], [['.join(KINDS)}]]")
        for number, values in enumerate(entries, start=1):
            needed, more = KINDS[kind]
            missing = {*needed, "reason"} - set(values)
            unknown = set(values) - {*needed, *more, "reason", "part"}
            if missing or unknown:
                raise BadRule(
                    f"{path}: [[{kind}]] number {number}: missing keys {sorted(missing)}, unknown keys {sorted(unknown)}"
                )
            rules.append(DifferenceRule(kind, values))
    return rules
