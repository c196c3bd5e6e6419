"""Write entries of `metadata.toml` with its comments kept, whole or not at all.

The file is checked as it will be before it takes the place of the old one. What was wrong in it before stays; what would
be wrong by the change is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from workbench.errors import BadSettings
from workbench.files import replacing
from workbench.settings.metadata import FILE, read_metadata
from workbench.settings.toml_editor import child_table, open_document, set_line

EVERYWHERE = "*"  # the name of an entry that speaks of every file


def write_fields(root: Path, doc_id: str, fields: Mapping[str, str]) -> Path:
    """Put fields of a document, among them the reason, into the `metadata.toml` beside it; returns the path of that file.

    Raises BadSettings when the entry would mean nothing or cannot be written.
    """

    def change(entry: Any) -> None:
        for field, value in fields.items():
            entry[field] = value

    return _edit(root, doc_id, change)


def write_correction(root: Path, doc_id: str, table: str, key: str, values: Mapping[str, Any]) -> Path:
    """Put one correction of labels into the `metadata.toml` beside a document, or with `EVERYWHERE` into that of the corpus.

    Returns the path of that file. Raises BadSettings as `write_fields` does.
    """

    def change(entry: Any) -> None:
        set_line(child_table(entry, table), key, values)

    return _edit(root, doc_id, change)


def remove_correction(root: Path, doc_id: str, table: str, key: str) -> Path:
    """Take a correction of labels out of the file that `write_correction` would write to; returns its path.

    Raises BadSettings when there is none.
    """
    place, name = entry_place(root, doc_id)
    known: Any = open_document(place)
    if key not in known.get(name, {}).get(table, {}):
        raise BadSettings(
            place,
            problem=f'no correction of {table} "{key}" of {name} stands here',
            hint="workbench correct list shows them",
        )

    def change(entry: Any) -> None:
        del entry[table][key]
        if not entry[table]:
            del entry[table]

    return _edit(root, doc_id, change)


def entry_place(root: Path, doc_id: str) -> tuple[Path, str]:
    """The `metadata.toml` beside a document, and the document's name in it. Raises BadSettings where it lies outside the corpus."""
    if doc_id == EVERYWHERE:
        return root / FILE, EVERYWHERE
    path, sign, part = doc_id.partition("#")
    place = (root / path).parent / FILE
    if not place.resolve().is_relative_to(root.resolve()):
        raise BadSettings(
            place, problem="it lies outside the corpus", hint="correct the document in its folder"
        )
    return place, Path(path).name + sign + part


def _edit(root: Path, doc_id: str, change: Callable[[Any], None]) -> Path:
    place, name = entry_place(root, doc_id)
    document = open_document(place)
    entry = child_table(document, name)
    if not isinstance(entry, Mapping):
        raise BadSettings(
            place, problem=f"`{name}` stands outside a file's table", hint=f'write ["{name}"] above its keys'
        )
    change(entry)
    if not entry:
        del document[name]
    before = _problems(place)
    try:
        with replacing(place) as new:
            new.write_text(document.as_string(), encoding="utf-8")
            for problem, hint in _problems(new):
                if (problem, hint) not in before:
                    raise BadSettings(place, problem=problem, hint=hint)
    except OSError as error:
        raise BadSettings(
            place, problem=f"it cannot be written ({error.strerror})", hint="make its folder writable"
        ) from error
    return place


def _problems(place: Path) -> list[tuple[str, str]]:
    return [(one.problem, one.hint) for one in read_metadata(place).problems] if place.is_file() else []
