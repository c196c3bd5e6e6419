"""What a build has to do: which files are new, changed or gone, and which are as they were."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from workbench.errors import BadCorpus, UnreadableFile
from workbench.pipeline import LAYERS
from workbench.pipeline.versions import LayerVersions
from workbench.schema import VERSION
from workbench.settings.metadata import FILE as METADATA
from workbench.store import STATE, FileHashCache, Store


class DocumentState(NamedTuple):
    """What the store knows of a document, or of a file that gave none (`doc_id` None).

    `rules` are those under which it was read; `content` is the hash of all that was labelled;
    `tokens`, `sentiment`, `mentions` and `toward` hold the rules under which that layer was made, or None. `lines` are
    the sign of the document and those that would be chrome if they recurred in other documents of `group`, parted by blanks; `evidence`
    is the digest of what was known of that when it was labelled (`recurring`). `number` stands for the document with
    these labels in the store, and for no other.
    """

    path: str
    doc_id: str | None
    sha256: str
    rules: str
    content: str | None
    tokens: str | None = None
    sentiment: str | None = None
    mentions: str | None = None
    group: str | None = None
    lines: str | None = None
    evidence: str | None = None
    toward: str | None = None
    number: int | None = None


class FileTask(NamedTuple):
    """A file to be read: where it is, its path below the corpus, its hash, the rules, when it was taken in.

    `had` are the documents it gave before, where it gave several: MD5 of the text and when that was taken in.
    """

    file: Path
    path: str
    sha256: str
    rules: str
    added: str | None
    had: Mapping[str, tuple[str, str]] | None = None


class BuildPlan(NamedTuple):
    """Files to read, rows that stay, rows that go (of changed and of removed files); all files by their path."""

    tasks: list[FileTask]
    kept: list[DocumentState]
    gone: list[DocumentState]
    book: FileHashCache
    files: dict[str, Path]

    @property
    def removed(self) -> set[str]:
        """Paths of files that are no longer there."""
        return {row.path for row in self.gone} - {task.path for task in self.tasks}

    @property
    def replaced(self) -> set[str]:
        """Paths of files that are read again."""
        return {row.path for row in self.gone} & {task.path for task in self.tasks}

    def again(self, paths: Collection[str], store: Store) -> BuildPlan:
        """The plan with these of the kept files read again, to get other labels."""
        rows = [row for row in self.kept if row.path in paths]
        kept = [row for row in self.kept if row.path not in paths]
        known = {row.path: [row] for row in rows}
        tasks = [
            FileTask(self.files[path], path, row.sha256, row.rules, None) for path, (row,) in known.items()
        ]
        tasks = _dated(tasks, known, store)
        return self._replace(tasks=[*self.tasks, *tasks], kept=kept, gone=[*self.gone, *rows])


def make_plan(root: Path, store: Store, rules: LayerVersions) -> BuildPlan:
    """Compare the files below `root` with what the store knows; BadCorpus when there is no file."""
    from workbench.read import find_files

    files = find_files(root)
    if not files:
        raise BadCorpus(
            root, problem="there is no file to read in it", hint="put documents there, or name another folder"
        )
    book = FileHashCache(store.place / "stamps.json")
    known: dict[str, list[DocumentState]] = {}
    for row in read_state(store):
        known.setdefault(row.path, []).append(row)
    metadata = _Metadata(root)
    tasks, kept = list[FileTask](), list[DocumentState]()
    places = {path_of(file, root): file for file in files}
    for path, file in places.items():
        try:
            sha256 = book.sha256(path, file)
        except UnreadableFile:  # the reader will say the same, with its hint
            sha256 = ""
        task = FileTask(file, path, sha256, rules.read + metadata.digest(file.parent), None)
        before = known.get(path, [])
        if before and sha256 and all((row.sha256, row.rules) == (sha256, task.rules) for row in before):
            kept += known.pop(path)
        else:
            tasks.append(task)
    gone = [row for rows in known.values() for row in rows]
    return BuildPlan(_dated(tasks, known, store), kept, gone, book, places)


def path_of(file: Path, root: Path) -> str:
    """The path of a file below the corpus, as the tables hold it."""
    path = file.name if file == root else file.relative_to(root).as_posix()
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def read_state(store: Store) -> list[DocumentState]:
    """What the store knows of every document, in the order of their paths.

    Of tables of an older schema only which bytes were read is of use: everything is read again.
    """
    head = store.latest()
    if head is not None and head.schema != VERSION:
        rows = store.read("state", ("path", "doc_id", "sha256")).to_pylist()
        return [DocumentState(**row, rules="", content=None) for row in rows]
    return [DocumentState(*row.values()) for row in store.read("state", STATE, version=head).to_pylist()]


def corpus_version(rows: Sequence[DocumentState], rules: LayerVersions) -> str:
    """The version of a corpus: sixteen hex digits over its documents and the rules of the layers on them.

    The order of the builds, their times and which layers were asked for so far do not matter.
    """
    lines = sorted(f"{row.path}\t{row.doc_id}\t{row.content or row.sha256}" for row in rows)
    return hashlib.sha256("\n".join([*lines, *rules[1:]]).encode()).hexdigest()[:16]


def finished_layers(rows: Sequence[DocumentState], rules: LayerVersions) -> list[str]:
    """The layers that every document has, under today's rules."""
    documents = [row for row in rows if row.doc_id]
    return [
        layer for layer in LAYERS if all(getattr(row, layer) == getattr(rules, layer) for row in documents)
    ]


def _dated(tasks: list[FileTask], known: dict[str, list[DocumentState]], store: Store) -> list[FileTask]:
    """The tasks with the time at which the same bytes were first taken in, for files that only get new labels.

    Of a file with several documents each keeps its own while its text stays: a mailbox grows.
    """
    same = {task.path for task in tasks if any(row.sha256 == task.sha256 for row in known.get(task.path, []))}
    several = {task.path for task in tasks if len(known.get(task.path, [])) > 1}
    if not same and not several:
        return tasks
    rows = store.read("documents", ("path", "added"), {"path": same}).to_pylist()
    added = {row["path"]: row["added"] for row in rows}
    had = _had(several, store)
    return [task._replace(added=added.get(task.path), had=had.get(task.path)) for task in tasks]


def _had(paths: Collection[str], store: Store) -> dict[str, dict[str, tuple[str, str]]]:
    """By path and doc_id, the MD5 of each text and when it was taken in."""
    head = store.latest()
    if not paths or head is None or head.schema != VERSION:
        return {}
    sql = "SELECT path, doc_id, md5(text) AS sign, added FROM documents WHERE list_contains(?, path)"
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for row in store.query(sql, [sorted(paths)]).to_pylist():
        found.setdefault(row["path"], {})[row["doc_id"]] = (row["sign"], row["added"])
    return found


class _Metadata:
    """Digests of the `metadata.toml` files that speak of the files in a folder, each read once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[Path, str] = {}

    def digest(self, folder: Path) -> str:
        """Eight hex digits, or nothing where no such file says anything."""
        if folder not in self._known:
            own = folder / METADATA
            found = hashlib.sha256(own.read_bytes()).hexdigest()[:8] if own.is_file() else ""
            above = (
                self.digest(folder.parent) if folder != self._root and self._root in folder.parents else ""
            )
            both = above + found
            self._known[folder] = hashlib.sha256(both.encode()).hexdigest()[:8] if above and found else both
        return self._known[folder]
