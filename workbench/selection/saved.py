"""Saved selections: read and write them in the project's `selections.toml`, and use them by name.

    ["Harbour talks"]
    source = ["Wire"]
    query = "harbour"

A line of a selection names one with `saved:"Harbour talks"`, alone or with fields and words that narrow it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from workbench.errors import BadSelection, did_you_mean
from workbench.files import write_atomically
from workbench.schema import plain
from workbench.selection.model import SAVED, Selection
from workbench.settings.loader import read_toml
from workbench.settings.toml_editor import new_table, open_document

FILE = "selections.toml"  # in the project's settings folder: name = table of the selection
_NAME = re.compile(r"[\w][\w -]{0,59}")


def parse_selection(line: str | Selection | None, folder: Path | None) -> Selection:
    """The selection on a line, each `saved:"name"` replaced by what is saved in a settings folder.

    Raises BadSelection for a name under which nothing is saved.
    """
    return Selection.parse(line, _finder(folder))


def selection_from_table(table: Mapping[str, Any], place: str, folder: Path | None) -> Selection:
    """The selection in a TOML table, its key `saved` replaced by what is saved in a settings folder."""
    return Selection.from_table(table, place, _finder(folder))


def saved_selections(folder: Path) -> dict[str, Selection]:
    """Every saved selection of a settings folder by name; BadSettings for a file that is no TOML."""
    return {name: _read(value, f"{folder / FILE}, {name}") for name, value in _entries(folder).items()}


def saved_names(folder: Path) -> list[str]:
    """The names of the saved selections, whatever stands under them."""
    return list(_entries(folder))


def find_saved(name: str, folder: Path) -> Selection:
    """The saved selection of a name; BadSelection with the nearest name where there is none."""
    entries = {plain(known): value for known, value in _entries(folder).items()}
    if plain(name) not in entries:
        hint = (
            did_you_mean(name, entries) if entries else "save one in the explorer: workbench explore --write"
        )
        raise BadSelection(folder / FILE, problem=f"no selection is saved as `{name}`", hint=hint)
    return _read(entries[plain(name)], f"{folder / FILE}, {name}")


def saved_mark(folder: Path) -> int:
    """A number that changes when the saved selections do."""
    path = folder / FILE
    return path.stat().st_mtime_ns if path.is_file() else 0


def meant_saved(selection: Selection, folder: Path) -> str:
    """The hint for words that are the name of a saved selection; "" where they are none.

    A saved selection of the same words is no reason for one: the words mean the same then.
    """
    words = selection.query.casefold()
    for name, value in _entries(folder).items() if words else ():
        if plain(name).casefold() == words and _saved_query(value) != words:
            return f"did you mean {SAVED}:{_quoted(name)}? to search for the words, join them with AND or put them in quotation marks"
    return ""


def save_selection(folder: Path, name: str, selection: Selection) -> Path:
    """Save a selection under a name, over an older one of that name; comments of the file are kept.

    Raises BadSelection for a name that is none.
    """
    path, name = folder / FILE, name.strip()
    if not _NAME.fullmatch(name):
        raise BadSelection(
            path,
            problem=f"`{name}` is not a valid name for a selection",
            hint="use letters, digits, spaces and -",
        )
    document = open_document(path)
    document[name] = new_table(selection.table())
    write_atomically(path, document.as_string())
    return path


def _finder(folder: Path | None) -> Any:
    return None if folder is None else partial(find_saved, folder=folder)


def _entries(folder: Path) -> dict[str, Any]:
    path = folder / FILE
    return read_toml(path) if path.is_file() else {}


def _read(value: object, place: str) -> Selection:
    """The selection of an entry: a table, or a line where somebody wrote one. It names no other saved one."""
    if isinstance(value, Mapping):
        return Selection.from_table(value, place)
    if isinstance(value, str):
        return Selection.parse(value)
    raise BadSelection(
        place, problem="this is no selection", hint='write its fields, such as source = ["TASS"]'
    )


def _saved_query(value: object) -> str:
    query = value.get("query", "") if isinstance(value, Mapping) else value
    return str(query).casefold()


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name
