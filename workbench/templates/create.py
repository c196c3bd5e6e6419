"""Write a new project, and bring newer notebooks into an old one without losing a change.

A manifest beside the notebooks keeps the digest of each one as the package wrote it. A notebook that still
has that digest was not changed and may be replaced; any other one stays.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.errors import BadProject
from workbench.files import write_atomically
from workbench.templates.files import (
    NOTEBOOKS,
    PROJECT_FILE,
    TemplateFile,
    template_files,
    template_notebooks,
)

MANIFEST = ".manifest.json"  # in the folder of notebooks
ADDED, CURRENT, REPLACED, KEPT, NEWER = "added", "current", "replaced", "kept", "newer"


@dataclass(frozen=True)
class NotebookUpdate:
    """What an update did with one notebook.

    `state` is `added`, `current` (nothing to do), `replaced` (it was unchanged), `kept` (changed, and there is
    nothing newer) or `newer` (changed, and the newer one stands beside it, at `beside`, with the difference).
    """

    path: Path
    state: str
    beside: Path | None = None
    difference: tuple[str, ...] = ()


def create_project(folder: Path) -> list[TemplateFile]:
    """Write a new project into an empty folder, made where there is none; its files with their purposes.

    Hidden files, such as those of git or of an environment, do not count as content. Raises BadProject when
    the folder has content or cannot be written; then nothing stays of what was begun.
    """
    _refuse_content(folder)
    files = list(template_files())
    written: list[Path] = []
    try:
        for file in files:
            _write_new(folder / file.path, file.read(), written)
        digests = {Path(file.path).name: _digest(file.read()) for file in template_notebooks()}
        _write_manifest(folder / NOTEBOOKS, digests)
    except OSError as error:
        _remove(written)
        raise _cannot_write(folder, error) from error
    return files


def update_notebooks(folder: Path) -> list[NotebookUpdate]:
    """Bring the notebooks of the package into a project's folder of notebooks.

    An unchanged notebook is replaced by the newer one. A changed one stays, and the newer one is written
    beside it as `<name>.new.ipynb`. Raises BadProject when the manifest is damaged or nothing can be written.
    """
    digests = _read_manifest(folder)
    try:
        updates = [
            _update(folder / Path(file.path).name, file.read(), digests) for file in template_notebooks()
        ]
        _write_manifest(folder, digests)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    return updates


def _update(path: Path, newest: bytes, digests: dict[str, str]) -> NotebookUpdate:
    """Update one notebook and note in `digests` which version the package has offered."""
    offered = digests.get(path.name)
    digests[path.name] = _digest(newest)
    if not path.exists():
        write_atomically(path, newest)
        return NotebookUpdate(path, ADDED)
    present = path.read_bytes()
    if present == newest or _lines(present) == _lines(newest):  # run in JupyterLab, perhaps, but not changed
        return NotebookUpdate(path, CURRENT)
    if _digest(present) == offered:
        write_atomically(path, newest)
        return NotebookUpdate(path, REPLACED)
    if _digest(newest) == offered:
        return NotebookUpdate(path, KEPT)
    beside = _write_beside(path, newest, digests)
    return NotebookUpdate(path, NEWER, beside, tuple(_difference(path.name, present, beside.name, newest)))


def _write_beside(path: Path, newest: bytes, digests: dict[str, str]) -> Path:
    """Write the newer notebook beside a changed one, under a name that no changed file has."""
    for name in _names_beside(path.stem):
        beside = path.with_name(name)
        if not beside.exists() or _digest(beside.read_bytes()) in (digests.get(name), _digest(newest)):
            break
    write_atomically(beside, newest)
    digests[beside.name] = _digest(newest)
    return beside


def _names_beside(stem: str) -> Iterator[str]:
    yield f"{stem}.new.ipynb"
    number = 2
    while True:
        yield f"{stem}.new-{number}.ipynb"
        number += 1


def _difference(name: str, present: bytes, newer_name: str, newest: bytes) -> Iterator[str]:
    """The lines that differ between two notebooks, cell by cell, without outputs."""
    return difflib.unified_diff(_lines(present), _lines(newest), name, newer_name, lineterm="", n=1)


def _lines(content: bytes) -> Sequence[str]:
    """The cells of a notebook as lines, each cell under its kind and tags; the file's own lines when it is none."""
    try:
        cells: list[Any] = json.loads(content)["cells"]
        lines: list[str] = []
        for cell in cells:
            tags = " ".join(cell.get("metadata", {}).get("tags", []))
            lines += [
                f"[{cell['cell_type']}{' ' + tags if tags else ''}]",
                *"".join(cell["source"]).splitlines(),
            ]
    except (ValueError, KeyError, TypeError, AttributeError):  # damaged by hand: shown as it is
        return content.decode("utf-8", "replace").splitlines()
    return lines


def _refuse_content(folder: Path) -> None:
    """Raise BadProject for a folder that has content of its own, or that is a file."""
    if (folder / PROJECT_FILE).is_file():
        hint = f"to bring newer notebooks into it: workbench new --update {folder}"
        raise BadProject(folder, problem="this folder is a project already", hint=hint)
    if folder.exists() and not folder.is_dir():
        raise BadProject(folder, problem="this is a file, not a folder", hint="name a new folder")
    try:
        content = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    except FileNotFoundError:
        return
    except OSError as error:
        raise _cannot_write(folder, error) from error
    if content:
        listed = ", ".join(content[:3]) + (" …" if len(content) > 3 else "")
        raise BadProject(
            folder,
            problem=f"this folder is not empty: {listed}",
            hint="name a new folder; your texts can stay where they are, workbench.toml says where",
        )


def _write_new(path: Path, content: bytes, written: list[Path]) -> None:
    """Write a file that is not there yet, and note it and each folder made for it."""
    for folder in reversed(path.parents):
        if not folder.exists():
            folder.mkdir()
            written.append(folder)
    with path.open("xb") as file:
        written.append(path)
        file.write(content)


def _remove(written: Sequence[Path]) -> None:
    for path in reversed(written):
        with suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read_manifest(folder: Path) -> dict[str, str]:
    """The digest of each notebook as the package wrote it; empty when there is no manifest."""
    try:
        digests = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["sha256"]
        return {str(name): str(digest) for name, digest in digests.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadProject(
            folder / MANIFEST,
            problem="it does not say which notebooks are unchanged",
            hint="remove it: then every notebook that differs from the newer one stays as it is",
        ) from error


def _write_manifest(folder: Path, digests: dict[str, str]) -> None:
    content = {"about": "digests of the notebooks as the package wrote them", "sha256": digests}
    write_atomically(folder / MANIFEST, (json.dumps(content, indent=1, sort_keys=True) + "\n").encode())


def _cannot_write(folder: Path, error: OSError) -> BadProject:
    return BadProject(
        error.filename or folder,
        problem=f"it cannot be written: {error.strerror or error}",
        hint="make its folder writable and free some space on its disk, or name another folder",
    )
