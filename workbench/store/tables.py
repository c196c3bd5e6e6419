"""The Delta tables: their schemas and order, and what can be done to one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable
from deltalake.exceptions import DeltaError

from workbench import schema
from workbench.errors import BadCorpus
from workbench.store.parquet import write_files

# One row a document, and one a file that gave none (doc_id null): what is known of it, and under which
# rules. `content` is the hash of all that `label` found; `tokens` to `mentions` and `toward` say which rules made that layer.
STATE = (
    "path",
    "doc_id",
    "sha256",
    "rules",
    "content",
    "tokens",
    "sentiment",
    "mentions",
    "group",
    "lines",
    "evidence",
    "toward",
    "number",
)
INTERNAL = {
    "state": pa.schema([(name, pa.int32() if name == "number" else pa.string()) for name in STATE]),
    "forms": pa.schema(
        [("number", pa.int32()), ("form", pa.string())]
    ),  # of tokens, each once, never taken back
    "names": schema.arrow_schema("mentions"),  # mentions before linking: kept, since finding them is dear
}
# Integers beside doc_id and form, by which DuckDB counts; filled at the commit, and never shown.
NUMBERS = {"tokens": pa.schema([("document", pa.int32()), ("form_number", pa.int32())])}
NAMES = ("documents", *(name for name in schema.TABLES if name != "documents"), *INTERNAL)

# What a document's rows are found by, when it changes or goes; the tables not named are written whole.
KEYS = {
    name: "path" if name == "problems" else "doc_id"
    for name in (*schema.TABLES, "names")
    if name not in ("entities", "name_forms", "pairs")
}
# The order in which a table is read, whatever the order in which it was written.
ORDER = {
    "documents": ("doc_id",),
    "segments": ("doc_id", "segment"),
    "dates": ("doc_id", "role", "date"),
    "attributes": ("doc_id", "name"),
    "quotes": ("doc_id", "quote"),
    "sentences": ("doc_id", "sentence"),
    "tokens": ("doc_id", "start"),
    "sentiment": ("doc_id", "sentence", "lexicon", "masked"),
    "names": ("doc_id", "start", "end", "surface"),
    "mentions": ("doc_id", "start", "end", "surface"),
    "toward": ("doc_id", "start", "end"),
    "name_forms": ("entity", "form", "language"),
    "pairs": ("a", "b"),
    "problems": ("path", "severity", "problem", "hint"),
    "state": ("path", "doc_id"),
    "forms": ("number",),
}
# Rows that are read together: a batch of documents is found by the row groups' least and greatest doc_id.
GROUP_ROWS = {"documents": 512, "tokens": 1 << 18}
# Bytes of a file, of a corpus up to MANY documents; of a larger one they grow with the square root, so that neither
# the number of files nor what a changed document rewrites (the file its rows are in) grows with the corpus.
# Measured on 1,000 transcripts: to take one document out of `tokens` 1.2 s in one file of 11 MB, 0.07 s in 1 MB files.
FILE_BYTES = {"tokens": 1 << 20}
SMALL_FILE, MANY = 1 << 19, 5_000
COMPACT_AT = (
    64  # small files of one table: DuckDB opens 64 in about 30 ms; a daily build gets there in two months
)


def schema_of(table: str) -> pa.Schema:
    """Arrow schema of a public or internal table as the store holds it, with its numbers."""
    if table in INTERNAL:
        return INTERNAL[table]
    types = schema.arrow_schema(table, schema.STORED)
    return pa.schema([*types, *NUMBERS.get(table, ())])


def schema_of_rows(table: str) -> pa.Schema:
    """Arrow schema of the rows of a table before they are numbered."""
    types = schema_of(table)
    numbers = NUMBERS.get(table, pa.schema([])).names
    return pa.schema([field for field in types if field.name not in numbers])


def empty(table: str) -> pa.Table:
    """A table of no rows."""
    return schema_of(table).empty_table()


@contextmanager
def our_errors(place: Path) -> Iterator[None]:
    """A full disk, a folder that cannot be written, a damaged table: as BadCorpus with its hint."""
    try:
        yield
    except (OSError, DeltaError, pa.ArrowException, duckdb.IOException) as error:
        raise BadCorpus(
            place,
            problem=f"the store failed: {str(error).strip() or type(error).__name__}",
            hint="free space on that disk or make the folder writable; if it is damaged, delete it and build again",
        ) from error


def reset(place: Path, table: str) -> DeltaTable:
    """Make the table anew, without rows."""
    return DeltaTable.create(str(place), schema_of(table), mode="overwrite")


def rewind(delta: DeltaTable, version: int) -> None:
    """Undo what a build that died wrote after `version`."""
    if delta.version() != version:
        delta.restore(version)


def drop(delta: DeltaTable, table: str, keys: Sequence[str]) -> None:
    """Delete the rows of these documents (or paths)."""
    quoted = ",".join("'" + key.replace("'", "''") + "'" for key in keys)
    delta.delete(f"{KEYS[table]} IN ({quoted})")


def append(
    place: Path,
    table: str,
    rows: pa.Table | pa.RecordBatchReader,
    *,
    delta: DeltaTable | None = None,
    whole: bool = False,
    note: str = "",
    documents: int = 0,
) -> None:
    """Write rows in one Delta commit; `whole` replaces what was there, `note` goes into its metadata.

    `delta` is the table at `place` where it is open already; `documents` is how many the corpus has, by which the
    size of files goes.
    """
    delta = delta or DeltaTable(str(place))
    added = write_files(
        place,
        rows,
        file_bytes=file_size(table, documents),
        group_rows=GROUP_ROWS.get(table, 1 << 16),
        key=KEYS.get(table),
    )
    delta.create_write_transaction(
        [*added],
        "overwrite" if whole else "append",
        schema_of(table),
        commit_properties=CommitProperties(custom_metadata={"workbench": note}) if note else None,
    )
    delta.update_incremental()  # the commit is written past the opened table


def file_size(table: str, documents: int) -> int:
    """Bytes at which a file of the table ends, in a corpus of so many documents."""
    return int(FILE_BYTES.get(table, SMALL_FILE) * max(1.0, (documents / MANY) ** 0.5))


def compact(delta: DeltaTable, table: str, documents: int) -> None:
    """Join the many small files of many small builds."""
    size = file_size(table, documents)
    if len(delta.file_uris()) <= COMPACT_AT:
        return
    sizes = pa.table(delta.get_add_actions(flatten=True)).column("size_bytes").to_pylist()
    if sum(one < size / 2 for one in sizes) > COMPACT_AT:
        delta.optimize.compact(target_size=size)
