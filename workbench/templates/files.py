"""Find the files that come with the package: the notebooks, and what else a new project starts with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT_FILE = "workbench.toml"  # the folder that holds it is a project
NOTEBOOKS = "notebooks"
_HERE = Path(__file__).parent
_SKELETON = _HERE / "skeleton"

# What stands in a new project besides its notebooks, in the order in which it is explained.
PURPOSES = {
    "README.md": "what to put where, and the five commands",
    PROJECT_FILE: "where the parts of the project are, and which reports belong to it",
    "texts/README.md": "which files can be put into this folder",
    "texts/metadata.toml": "what you know better than a file: its date, its source, a misread line",
    "settings/sources.toml": "how a source is recognised",
    "settings/topics.toml": "which words count as talk about what",
    "settings/aliases.toml": "which names are one person or body, and which are not",
    "settings/sentiment_masks.toml": "which words carry no sentiment in your texts",
    "jobs/weekly.toml": "an example of a job: one report a week, from two notebooks",
}


@dataclass(frozen=True)
class TemplateFile:
    """One file of a new project: its path there, what it is for, and where it comes from."""

    path: str
    purpose: str
    source: Path

    def read(self) -> bytes:
        """The content that it starts with."""
        return self.source.read_bytes()


def notebooks_folder() -> Path:
    """The folder of the notebooks that come with the package.

    A wheel carries them inside the package. A clone, and an editable install of it, has them at its top.
    """
    packaged = _HERE / NOTEBOOKS
    return packaged if packaged.is_dir() else _HERE.parents[1] / NOTEBOOKS


def packaged_notebooks() -> dict[str, Path]:
    """Every notebook that comes with the package, by name."""
    return {path.stem: path for path in sorted(notebooks_folder().glob("*.ipynb"))}


def template_files() -> Iterator[TemplateFile]:
    """Every file of a new project, with its purpose; notebooks last."""
    for path, purpose in PURPOSES.items():
        yield TemplateFile(path, purpose, _SKELETON / path)
    yield from template_notebooks()


def template_notebooks() -> Iterator[TemplateFile]:
    """The notebooks of a new project; the title of a notebook says what it is for."""
    for path in packaged_notebooks().values():
        yield TemplateFile(f"{NOTEBOOKS}/{path.name}", _title(path), path)


def _title(notebook: Path) -> str:
    """The heading that a notebook begins with."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return "".join(cells[0]["source"]).partition("\n")[0].lstrip("# ")
