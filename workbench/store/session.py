"""Ask one version of a corpus many questions in DuckDB, and take only small answers to Python.

A session is one connection over the tables of one commit. Its intermediate tables stay in DuckDB, which spills
them to a limited folder of the store; `cost` counts the queries that were sent and the rows and bytes that came
back, so that a test can hold both.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from workbench.errors import BadParameter
from workbench.store.queries import CLOSED, quoted
from workbench.store.tables import ORDER, our_errors

MEMORY = "512MB"  # of DuckDB; with Python, NumPy and a drawing a process stays below 1 GB
SPILL = "20GB"  # of the store's disk, at most, while a question is answered
SPILL_FOLDER = "spill"


@dataclass
class Cost:
    """What a session has asked and got: queries sent, rows and bytes that reached Python."""

    queries: int = 0
    rows: int = 0
    bytes: int = 0


class Session:
    """A DuckDB connection over the files of one version: `table` answers a query, `create` keeps an answer.

    The tables of the store are views by their names. Only their files and the spill folder can be reached.
    """

    def __init__(
        self,
        place: Path,
        tables: Mapping[str, tuple[Sequence[str], pa.Schema]],
        content: str,
        versions: Mapping[str, int],
    ) -> None:
        self.cost = Cost()
        self.place = place
        self.content = content
        self._versions = versions
        self._next = 0
        self._made: dict[str, str] = {}
        self._database = duckdb.connect(config=CLOSED)
        with our_errors(place):
            self._open(tables)

    def table(self, sql: str, parameters: Sequence[Any] = ()) -> pa.Table:
        """The answer of a query as an Arrow table; its order is what ORDER BY says."""
        with our_errors(self.place):
            found: pa.Table = self._database.sql(sql, params=list(parameters)).to_arrow_table()
        self.cost.queries += 1
        self.cost.rows += found.num_rows
        self.cost.bytes += found.nbytes
        return found

    def rows(
        self,
        table: str,
        columns: Sequence[str],
        where: Sequence[str],
        condition: str,
        limit: int | None,
        *,
        order: str = "",
    ) -> pa.Table:
        """The rows `r` of a table that answer our conditions and one of an analyst, in the table's order.

        Raises BadParameter where the analyst's condition is no condition in SQL on these columns.
        """
        listed = ", ".join(f'r."{name}"' for name in columns)
        said = [*where, f"({condition})"] if condition else where
        keys = ", ".join(f'r."{name}"' for name in ORDER[order or table])
        sql = f"SELECT {listed} FROM {table} r WHERE {' AND '.join(['true', *said])} ORDER BY {keys}"  # noqa: S608
        try:
            return self.table(sql if limit is None else f"{sql} LIMIT {int(limit)}")
        except duckdb.Error as error:
            problem = f"`{condition}` cannot be read: {str(error).splitlines()[0]}"
            raise BadParameter(
                "condition", problem=problem, hint=f"the columns are {', '.join(columns)}"
            ) from error

    def create(self, sql: str, parameters: Sequence[Any] = (), *, name: str = "t") -> str:
        """Keep the answer of a query in DuckDB under a new name, which is returned; the same query is answered once."""
        key = repr((sql, list(parameters)))
        if key not in self._made:
            made = self._name(name)
            with our_errors(self.place):
                self._database.execute(f"CREATE TEMP TABLE {made} AS {sql}", list(parameters))
            self.cost.queries += 1
            self._made[key] = made
        return self._made[key]

    def put(self, rows: pa.Table, *, name: str = "t") -> str:
        """Take an Arrow table into DuckDB under a new name, which is returned."""
        made = self._name(name)
        with our_errors(self.place):
            self._database.register("incoming", rows)
            self._database.execute(f"CREATE TEMP TABLE {made} AS SELECT * FROM incoming")  # noqa: S608
            self._database.unregister("incoming")
        self.cost.queries += 1
        return made

    def put_once(self, name: str, make: Callable[[], pa.Table]) -> str:
        """Take the table that `make` gives into DuckDB the first time it is asked for by this name; its name there."""
        if name not in self._made:
            self._made[name] = self.put(make(), name=name)
        return self._made[name]

    def drop(self, name: str) -> None:
        """Let go of a table that was put."""
        self._database.execute(f"DROP TABLE {name}")

    def versions(self, tables: Sequence[str]) -> list[object]:
        """What says whether these tables are still the same: the content of the corpus and their versions."""
        return [self.content, *(self._versions.get(name) for name in tables)]

    def close(self) -> None:
        """Let go of the connection and of what it spilled."""
        self._database.close()

    def _name(self, name: str) -> str:
        self._next += 1
        return f"{name}_{self._next}"

    def _open(self, tables: Mapping[str, tuple[Sequence[str], pa.Schema]]) -> None:
        for name, (files, schema) in tables.items():
            if files:
                self._database.read_parquet(list(files)).create_view(name)
            else:
                self._database.register(name, schema.empty_table())
        spill = self.place / SPILL_FOLDER / str(os.getpid())
        with suppress(
            OSError
        ):  # DuckDB makes its own folder, not the one above; a store that is read needs none
            spill.parent.mkdir(exist_ok=True)
        allowed = [file for files, _ in tables.values() for file in files]
        settings = {
            "threads": str(min(os.cpu_count() or 1, 8)),
            "memory_limit": quoted(MEMORY),
            "preserve_insertion_order": "false",
            "temp_directory": quoted(str(spill)),
            "max_temp_directory_size": quoted(SPILL),
            "allowed_paths": f"[{', '.join(map(quoted, allowed))}]",
            "enable_external_access": "false",
            "lock_configuration": "true",
        }
        for name, value in settings.items():
            self._database.execute(f"SET {name} = {value}")
