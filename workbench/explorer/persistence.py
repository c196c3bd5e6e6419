"""Store the state of the explorer and named selections on disk."""

from __future__ import annotations

import json
import re
from pathlib import Path

from workbench.errors import BadSelection
from workbench.explorer.state import State
from workbench.files import write_atomically
from workbench.selection.model import Selection
from workbench.settings.loader import read_toml
from workbench.settings.toml_editor import new_table, open_document

FILE = "selections.toml"  # in the project's settings folder: name = table of the selection
_NAME = re.compile(r"[\w][\w -]{0,59}")


def remember(path: Path, opened_with: str, state: State) -> None:
    """Store the state for the next time; does nothing when the file cannot be written."""
    try:
        path.write_text(json.dumps({"opened_with": opened_with, "state": state.table()}), encoding="utf-8")
    except OSError:
        return


def recall(path: Path, opened_with: str) -> State | None:
    """The stored state when the explorer was opened with the same selection then; None otherwise."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return State.from_table(stored["state"]) if stored["opened_with"] == opened_with else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def saved(folder: Path) -> dict[str, Selection]:
    """The selections that were saved in a settings folder, by name; BadSettings for a file that is no TOML."""
    path = folder / FILE
    tables = read_toml(path) if path.is_file() else {}
    return {name: Selection.from_table(table, f"{path}, {name}") for name, table in tables.items()}


def save(folder: Path, name: str, selection: Selection) -> Path:
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
