"""Store the state of the explorer on disk."""

from __future__ import annotations

import json
from pathlib import Path

from workbench.explorer.state import State


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
