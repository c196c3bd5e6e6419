"""Writing decisions about names into a project's `aliases.toml`: comments kept, whole or not at all.

A file is checked as it will be before it takes the place of the old one, so that a contradiction is
refused while nothing is written yet.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from workbench.errors import BadSettings, did_you_mean
from workbench.files import write_atomically
from workbench.settings import aliases
from workbench.settings.aliases import Accept, Aliases, Decision, fold_name
from workbench.settings.loader import SettingsLayer, read_layers
from workbench.settings.toml_editor import append_table, open_document

FILE = "aliases.toml"
HEADER = (
    "Decisions about names: which forms are one entity, which are not, each with its reason.",
    "Laid over the package's own; `workbench entities ledger` shows what each one moved.",
)


def own_decisions(folder: Path) -> Aliases:
    """What the project's own file decides, without the package's; nothing where there is no file."""
    found = [layer for layer in read_layers(FILE, folder)[1:]]
    return aliases.parse(found)


def with_decision(folder: Path, decision: Decision) -> Aliases:
    """What the settings would say with one decision more; nothing is written.

    Raises BadSettings with the place where it contradicts a decision made before, or repeats one.
    """
    text = _with(folder, decision)
    return _checked(folder, text)


def write_decision(folder: Path, decision: Decision) -> Path:
    """Add a decision at the end of the project's file, made where there is none; where it stands.

    Raises BadSettings as `with_decision` does, and when the file cannot be written.
    """
    text = _with(folder, decision)
    _checked(folder, text)
    return _write(folder / FILE, text)


def remove_decision(folder: Path, names: Collection[str]) -> Decision:
    """Take the last decision about exactly these names out of the project's file; what it was.

    Raises BadSettings with the nearest names decided about when there is none.
    """
    wanted = {fold_name(name) for name in names}
    document = open_document(folder / FILE)
    own = own_decisions(folder)
    lists: list[tuple[str, Sequence[Decision]]] = [("refuse", own.refuse), ("accept", own.accept)]
    for kind, made in lists:
        for at in reversed(range(len(made))):
            if wanted in ({fold_name(n) for n in made[at].names}, _forms(made[at])):
                table: Any = document[kind]
                del table[at]
                if not len(table):
                    del document[kind]
                _write(folder / FILE, document.as_string())
                return made[at]
    known = [" = ".join(one.names) for one in own.decisions]
    raise BadSettings(
        folder / FILE, problem=f"no decision about {' and '.join(names)} stands here",
        hint=did_you_mean(" = ".join(names), known) if known else "nothing was decided in this project yet",
    )  # fmt: skip


def _forms(decision: Decision) -> set[str]:
    """The names of a decision and the entity they were accepted as, folded."""
    entity = (decision.entity,) if isinstance(decision, Accept) else ()
    return {fold_name(name) for name in (*decision.names, *entity)}


def _with(folder: Path, decision: Decision) -> str:
    """The project's file with one entry more."""
    document = open_document(folder / FILE, HEADER)
    kind = "accept" if isinstance(decision, Accept) else "refuse"
    items = decision._asdict().items()
    values = {key: list(value) if isinstance(value, tuple) else value for key, value in items}
    append_table(document, folder / FILE, kind, values)
    return document.as_string()


def _checked(folder: Path, text: str) -> Aliases:
    """The settings as they would be with the project's file saying `text`."""
    return aliases.parse([read_layers(FILE, None)[0], SettingsLayer(str(folder / FILE), tomllib.loads(text))])


def _write(path: Path, text: str) -> Path:
    try:
        write_atomically(path, text)
    except OSError as error:
        raise BadSettings(
            path, problem=f"it cannot be written: {error.strerror}", hint="make its folder writable"
        ) from error
    return path
