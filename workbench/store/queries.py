"""SQL over the files of one version: read-only, no network, no other file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

# A query is written by us or by an analyst, but its parameters come from documents and notebooks, and a
# report must not reach the network: nothing is installed or loaded, and no file but the tables' is opened.
CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}


def run(
    tables: Mapping[str, tuple[Sequence[str], pa.Schema]], sql: str, parameters: Sequence[Any] = ()
) -> pa.Table:
    """Answer of `sql` with `?` bound to `parameters`; `tables` gives each view's files and schema.

    Raises duckdb.Error when the query is wrong or reaches outside.
    """
    with duckdb.connect(config=CLOSED) as database:
        for name, (files, schema) in tables.items():
            if files:
                database.read_parquet(list(files)).create_view(name)
            else:
                database.register(name, schema.empty_table())
        allowed = [file for files, _ in tables.values() for file in files]
        database.execute(f"SET allowed_paths = [{', '.join(map(quoted, allowed))}]")
        database.execute("SET temp_directory = ''")
        database.execute("SET enable_external_access = false")
        database.execute("SET lock_configuration = true")
        found: pa.Table = database.sql(sql, params=list(parameters)).to_arrow_table()
        return found


def select(
    files: Sequence[str], schema: pa.Schema, columns: Sequence[str], where: Mapping[str, Collection[Any]]
) -> pa.Table:
    """Columns of the rows in `files` whose columns have one of the values of `where`, in the files' order.

    DuckDB and not Arrow's own reader, which fails to filter the files that Delta rewrites (their texts
    are `string_view`). Column names are those of `schema`: KeyError for another.
    """
    found = schema.empty_table().select(columns)
    if not files:
        return found
    named = {name: schema.field(name).type for name in where}
    conditions = [
        f"{_name(name)} IN (SELECT unnest(?::{_TYPES[str(kind)]}[]))" for name, kind in named.items()
    ]
    query = f"SELECT {', '.join(map(_name, columns))} FROM rows WHERE {' AND '.join(['true', *conditions])}"  # noqa: S608
    with duckdb.connect(config=CLOSED) as database:
        database.read_parquet(list(files)).create_view("rows")
        values = [sorted(set(wanted)) for wanted in where.values()]
        rows: pa.Table = database.sql(query, params=values).to_arrow_table()
    return rows.cast(found.schema)


_TYPES = {"string": "VARCHAR", "int32": "INTEGER", "double": "DOUBLE", "bool": "BOOLEAN"}


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
