"""A corpus on disk: commits of all tables together, reading and querying one of them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable
from deltalake.exceptions import TableNotFoundError

import workbench
from workbench import schema
from workbench.errors import BadCorpus
from workbench.store import queries as _sql, tables
from workbench.store.session import Session

KEEP_HOURS = 7 * 24  # files of old versions: a notebook left open over a week-end still reads its own
KEEP_COMMITS = 5  # commits whose files stay however old they are
VACUUM_EVERY = 20  # versions: looking for old files costs a listing of the folder
BUILD_COMMITS = (
    4  # newest, among which a round is looked for: a build commits several times, two versions each
)


class Commit(NamedTuple):
    """A version of the whole corpus.

    `content` is sixteen hex digits over what was read and labelled, whoever built it and whenever;
    `number` is the Delta version of `documents`; `tables` names the versions of all the others.
    """

    number: int
    content: str
    tables: Mapping[str, int]
    schema: int
    package: str
    facts: Mapping[str, Any]

    @property
    def version(self) -> str:
        """Content and number in one word, for stamps and captions."""
        return f"{self.content}-{self.number}"


class Change(NamedTuple):
    """What a commit does to one table: rows of `drop` deleted, then `add` appended, or put for all."""

    add: pa.Table | pa.RecordBatchReader | None = None
    drop: Sequence[str] = ()
    whole: bool = False


@dataclass(frozen=True)
class Store:
    """The tables of one corpus below `place`. Holds no state: every reading names its version."""

    place: Path

    def latest(self) -> Commit | None:
        """The newest commit; None before the first. BadCorpus when a newer workbench wrote it."""
        with tables.our_errors(self.place):
            delta = self._open("documents")
            return next(self._commits(delta), None) if delta else None

    def at(self, number: int) -> Commit:
        """The commit of that number; BadCorpus when there is none (any more)."""
        with tables.our_errors(self.place):
            delta = self._open("documents")
            found = (
                (commit for commit in self._commits(delta) if commit.number == number) if delta else iter(())
            )
            commit = next(found, None)
        if commit is None:
            raise BadCorpus(
                self.place, problem=f"there is no version {number} of this corpus", hint="take the newest"
            )
        return commit

    def by_content(self, content: str) -> Commit:
        """The newest commit of that content; BadCorpus when it, or one of its files, is no longer there."""
        with tables.our_errors(self.place):
            delta = self._open("documents")
            found = (
                next(
                    (
                        one
                        for one in self._commits(delta)
                        if one.content == content and one.schema == schema.VERSION
                    ),
                    None,
                )
                if delta
                else None
            )
            if found and all(
                Path(file).is_file() for name in tables.NAMES for file in self._files(name, found)
            ):
                return found
        raise BadCorpus(
            self.place,
            problem=f"version {content} of this corpus is no longer there",
            hint=f"old versions are kept for {KEEP_HOURS // 24} days; load the newest, or run the report again",
        )

    def read(
        self,
        table: str,
        columns: Sequence[str] | None = None,
        where: Mapping[str, Collection[Any]] | None = None,
        version: Commit | None = None,
    ) -> pa.Table:
        """Rows of `table` whose columns have one of the values of `where`, in the table's own order.

        The order does not depend on the order of the builds. Columns are those of `schema.STORED`.
        """
        commit, types = version or self.latest(), tables.schema_of(table)
        wanted = list(columns or tables.schema_of_rows(table).names)
        if commit is None:
            return types.empty_table().select(wanted)
        order = tables.ORDER.get(table, ())
        with tables.our_errors(self.place):
            read = list(dict.fromkeys([*wanted, *order]))
            found = _sql.select(self._files(table, commit), types, read, where or {})
        return _in_order(found, order).select(wanted)

    def query(self, sql: str, parameters: Sequence[Any] = (), version: Commit | None = None) -> pa.Table:
        """Answer of DuckDB to `sql` over the tables as views, `?` bound to `parameters`.

        Only the tables' own files can be reached. The order of rows is what `ORDER BY` says. Raises
        duckdb.Error when the query is wrong.
        """
        commit = version or self.latest()
        with tables.our_errors(self.place):
            views = {
                name: (self._files(name, commit) if commit else [], tables.schema_of(name))
                for name in schema.TABLES
            }
        return _sql.run(views, sql, parameters)

    def session(self, version: Commit | None = None) -> Session:
        """A connection that answers many questions about one version; see `session.Session`."""
        commit = version or self.latest()
        with tables.our_errors(self.place):
            views = {
                name: (self._files(name, commit) if commit else [], tables.schema_of(name))
                for name in tables.NAMES
            }
        content, versions = (commit.content, commit.tables) if commit else ("", {})
        return Session(self.place, views, content, versions)

    def commit(self, changes: Mapping[str, Change], content: str, facts: Mapping[str, Any]) -> Commit:
        """Change tables as one: all of it becomes visible with the last write, or nothing does.

        Call it under `one_builder` only. `facts` are kept with the commit and come back with it.
        """
        head = self.latest()
        known = dict(head.tables) if head and head.schema == schema.VERSION else {}
        rows = changes["state"].add if "state" in changes else None
        documents = rows.num_rows if isinstance(rows, pa.Table) else 0
        with tables.our_errors(self.place):
            for name in tables.NAMES[1:]:
                if name in changes or name not in known:
                    known[name] = self._put(name, known.get(name), changes.get(name, Change()), documents)
            note = {
                "content": content, "tables": known, "schema": schema.VERSION,
                "package": workbench.__version__, "facts": dict(facts),
            }  # fmt: skip
            change = changes.get("documents", Change())
            before = head.number if head and head.schema == schema.VERSION else None
            number = self._put("documents", before, change, documents, json.dumps(note, sort_keys=True))
        return Commit(number, content, known, schema.VERSION, workbench.__version__, dict(facts))

    def vacuum(self) -> None:
        """Let go of the files that no kept version names. Under `one_builder` only.

        Kept are the last commits and everything of the last seven days, for readers that still run.
        """
        with tables.our_errors(self.place):
            delta = self._open("documents")
            commits = [one for one in self._commits(delta) if one.schema == schema.VERSION] if delta else []
            rounds = [commit.number // VACUUM_EVERY for commit in commits[:BUILD_COMMITS]]
            if not rounds or rounds[0] == (rounds[-1] if len(rounds) == BUILD_COMMITS else 0):
                return
            for name in tables.NAMES:
                kept = [c.number if name == "documents" else c.tables[name] for c in commits[:KEEP_COMMITS]]
                self._delta(name).vacuum(
                    KEEP_HOURS, dry_run=False, keep_versions=sorted(set(kept)), full=True
                )

    def _put(self, name: str, version: int | None, change: Change, documents: int, note: str = "") -> int:
        """Bring a table to the state of the newest commit, drop and append (or put) rows; its new version."""
        if version is None:
            delta = tables.reset(self.place / name, name)
        else:
            delta = self._delta(name)  # opened once for all: that costs as much as what is done here
            tables.rewind(delta, version)
            tables.compact(delta, name, documents)
            if change.drop:
                tables.drop(delta, name, change.drop)
        if change.add is not None or note:
            rows = tables.empty(name) if change.add is None else change.add
            tables.append(
                self.place / name, name, rows, delta=delta, whole=change.whole, note=note, documents=documents
            )
        return int(delta.version())

    def _delta(self, name: str, version: int | None = None) -> DeltaTable:
        return DeltaTable(str(self.place / name), version=version)

    def _open(self, name: str) -> DeltaTable | None:
        try:
            return self._delta(name)
        except TableNotFoundError:
            return None

    def _files(self, name: str, commit: Commit) -> list[str]:
        number = commit.number if name == "documents" else commit.tables[name]
        return [str(self.place / name / Path(uri).name) for uri in self._delta(name, number).file_uris()]

    def _commits(self, delta: DeltaTable) -> Iterator[Commit]:
        """Commits of the corpus, newest first: the Delta commits of `documents` that carry a note."""
        for limit in (1, None):  # the last one nearly always is; the whole history is read only after a crash
            found = [entry for entry in delta.history(limit) if entry.get("workbench")]
            if found or limit is None:
                yield from self._noted(found)
            if found and limit == 1:
                older = [entry for entry in delta.history() if entry.get("workbench")][1:]
                yield from self._noted(older)
                return

    def _noted(self, entries: list[dict[str, Any]]) -> Iterator[Commit]:
        for entry in entries:
            note = json.loads(entry["workbench"])
            if note["schema"] > schema.VERSION:
                raise BadCorpus(
                    self.place,
                    problem=f"its tables have schema {note['schema']}, this workbench ({workbench.__version__}) "
                    f"knows {schema.VERSION}",
                    hint=f"install workbench {note['package']} or newer, or delete the folder and build again",
                )
            yield Commit(
                entry["version"],
                note["content"],
                note["tables"],
                note["schema"],
                note["package"],
                note["facts"],
            )


def open_store(place: Path) -> Store:
    """The store at `place`; nothing is read or written before it is asked for something.

    Raises BadCorpus for a path with an escape like %20 in it, which Delta Lake takes for a space.
    """
    if re.search("%[0-9A-Fa-f]{2}", str(place)):
        raise BadCorpus(
            place,
            problem="a store cannot lie in a folder with %20 or the like in its name",
            hint="rename the folder",
        )
    return Store(place)


def _in_order(table: pa.Table, order: Sequence[str]) -> pa.Table:
    """`table` sorted by `order`; a table that is so already is only looked through."""
    if not order or table.num_rows < 2:
        return table
    places = pc.sort_indices(table, sort_keys=[(name, "ascending") for name in order])
    rising = pc.all(pc.greater(places[1:], places[:-1])).as_py()
    return table if rising else table.take(places)
