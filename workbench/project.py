"""Where things are: the project around the working directory, its corpus, its settings, its stores.

A project is the nearest folder upwards that holds `workbench.toml`; without one, the working
directory. The keys of that file (all optional, paths relative to it):

- `corpus`: the folder of documents that is read when none is named;
- `settings`: the folder whose TOML files overlay the package's own (default `settings`);
- `reports`: what the jobs produce (default `reports`);
- `notebooks`: one question each (default `notebooks`);
- `default_reports`: names of the notebooks and jobs that `workbench report` runs when none is named.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.errors import BadCorpus, BadSettings
from workbench.settings.loader import check_keys, read_toml
from workbench.templates.files import PROJECT_FILE, packaged_notebooks

FOLDERS = ("corpus", "settings", "reports", "notebooks")
KEYS = (*FOLDERS, "default_reports")
DEFAULT_REPORTS = (
    "corpus_overview", "topic_frequency", "found_topics", "words_in_context", "over_time", "sentiment",
    "sentiment_toward", "entity_comparison",
)  # fmt: skip
PINNED = "WORKBENCH_CORPUS_VERSION"  # in the environment: which version is loaded, whatever was built since
STORES = ".workbench"  # everything derived; may be deleted at any time and is made again


@dataclass(frozen=True)
class Project:
    """A project's folders, all absolute. `corpus` is None when `workbench.toml` names none."""

    folder: Path
    corpus: Path | None
    settings: Path
    reports: Path
    notebooks: Path
    default_reports: tuple[str, ...] = DEFAULT_REPORTS

    @property
    def file(self) -> Path:
        """Its `workbench.toml`, which may be absent."""
        return self.folder / PROJECT_FILE


def find_project(start: Path | None = None) -> Project:
    """The project around `start` (the working directory by default).

    Raises BadSettings for a wrong key, a value of the wrong kind, or a file that is not TOML.
    """
    here = (start or Path.cwd()).resolve()
    folder = next((place for place in (here, *here.parents) if (place / PROJECT_FILE).is_file()), None)
    table = _read(folder / PROJECT_FILE) if folder else {}
    folder = folder or here
    return Project(
        folder=folder,
        corpus=folder / table["corpus"] if "corpus" in table else None,
        settings=folder / table.get("settings", "settings"),
        reports=folder / table.get("reports", "reports"),
        notebooks=folder / table.get("notebooks", "notebooks"),
        default_reports=tuple(table.get("default_reports", DEFAULT_REPORTS)),
    )


def notebook_paths(project: Project) -> dict[str, Path]:
    """Every notebook by name: the project's own first, then those of the package that it does not have."""
    own = {path.stem: path for path in sorted(project.notebooks.glob("*.ipynb"))}
    return own | {name: path for name, path in packaged_notebooks().items() if name not in own}


def find_corpus(folder: str | Path | None, project: Project) -> Path:
    """The corpus folder, absolute: `folder` below the working directory, else below the project.

    Without a folder, or with an empty one, it is the project's own.

    Raises BadCorpus when there is no such folder, or none is named anywhere.
    """
    if folder == "":
        folder = None
    if folder is None and project.corpus is None:
        hint = f'name a folder, or write corpus = "…" in {project.file}'
        if not project.file.is_file():
            hint += "; `workbench new my-project` makes a project"
        raise BadCorpus(project.folder, problem="no corpus folder is named", hint=hint)
    named = project.corpus if folder is None else Path(folder)
    assert named is not None
    places = [Path.cwd() / named, project.folder / named]
    for place in places:
        if place.is_dir():
            return place.resolve()
    if places[0].is_file():
        raise BadCorpus(
            places[0], problem="this is a file, not a folder", hint=f"name its folder: {places[0].parent}"
        )
    raise BadCorpus(
        places[0], problem="there is no such folder", hint=f"check the name; looked in {_listed(places)}"
    )


def store_place(corpus: Path, project: Project) -> Path:
    """Where the tables of a corpus lie: below the project, never in the corpus itself.

    The name is the folder's, with eight hex digits of its path relative to the project, so that two
    folders of one name do not meet and a project that is moved as a whole keeps its stores.
    """
    try:
        relative = Path(os.path.relpath(corpus, project.folder)).as_posix()
    except ValueError:  # another drive
        relative = corpus.as_posix()
    digest = hashlib.sha256(relative.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    name = re.sub(r"[^\w.-]+", "_", corpus.name).strip(".") or "corpus"
    return project.folder / STORES / f"{name[:60]}-{digest}"


def pin(corpus: Path, version: str, project: Project) -> str:
    """What `WORKBENCH_CORPUS_VERSION` must say so that this corpus, and no other, is read at that version."""
    return f"{version} {store_place(corpus, project).resolve()}"


def pinned(store: Path) -> str:
    """The version at which the environment wants this store read; "" for the newest.

    A version without a store behind it is meant for every store.
    """
    version, _, place = os.environ.get(PINNED, "").strip().partition(" ")
    return version if not place or Path(place) == store.resolve() else ""


def _read(file: Path) -> dict[str, Any]:
    table = read_toml(file)
    check_keys(str(file), table, KEYS, "the project")
    for key in FOLDERS:
        if not isinstance(table.get(key, ""), str):
            raise BadSettings(file, problem=f"`{key}` is no text", hint=f'write {key} = "folder"')
    names = table.get("default_reports", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise BadSettings(
            file,
            problem="`default_reports` is not a list of names",
            hint='write default_reports = ["corpus_overview", "weekly"]',
        )
    return table


def _listed(places: list[Path]) -> str:
    return " and ".join(dict.fromkeys(str(place.parent) for place in places))
