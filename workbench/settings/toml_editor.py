"""Edit TOML files with their comments kept: the one module that writes TOML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tomlkit
from tomlkit.items import AoT, InlineTable, Table

from workbench.errors import BadSettings
from workbench.settings.loader import read_toml


def open_document(path: Path, header: Sequence[str] = ()) -> tomlkit.TOMLDocument:
    """The document of a file with its comments; where there is no file, a new one that begins with `header`.

    Raises BadSettings with the line for a file that is no TOML.
    """
    if path.is_file():
        read_toml(path)
        return tomlkit.parse(path.read_text(encoding="utf-8"))
    document = tomlkit.document()
    for line in header:
        document.add(tomlkit.comment(line))
    if header:
        document.add(tomlkit.nl())
    return document


def set_values(document: Any, values: Mapping[str, Any]) -> None:
    """Make a document, or a table of it, say `values` and nothing else, touching only what differs."""
    for key in [key for key in document if key not in values]:
        del document[key]
    for key, value in values.items():
        if isinstance(value, Mapping) and isinstance(document.get(key), Mapping):
            set_values(document[key], value)
        elif key not in document or document[key] != value:
            document[key] = value


def new_table(values: Mapping[str, Any] = MappingProxyType({})) -> Table:
    """A table to put into a document."""
    table = tomlkit.table()
    table.update(values)
    return table


def child_table(parent: Any, key: str) -> Any:
    """The table at `key` of a document or table, made where there is none; on one line where its parent is."""
    if key not in parent:
        parent[key] = tomlkit.inline_table() if isinstance(parent, InlineTable) else tomlkit.table()
    return parent[key]


def set_line(table: Any, key: str, values: Mapping[str, Any]) -> None:
    """Put a table into a table, on one line of its own."""
    line = tomlkit.inline_table()
    line.update(values)
    table[key] = line


def append_table(document: tomlkit.TOMLDocument, path: Path, name: str, values: Mapping[str, Any]) -> None:
    """Add a table at the end of the list `[[name]]`; BadSettings where `name` is something else in the file at `path`."""
    entry = new_table(values)
    entry.add(tomlkit.nl())
    if name not in document:
        document[name] = tomlkit.aot()
    entries = document[name]
    if not isinstance(entries, AoT):
        raise BadSettings(path, problem=f"`{name}` is not a list of tables", hint=f"write [[{name}]]")
    entries.append(entry)
