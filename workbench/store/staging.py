"""Rows on their way into a commit: on disk, not in memory, while a build reads its batches."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc

from workbench.store.tables import KEYS, our_errors, schema_of_rows

# Rows that are read back at once: what writes a Delta table keeps a dozen such pieces under way, and 64 long transcripts
# have 700,000 tokens.
CHUNK = 1 << 16


class Staging:
    """Batches of rows for several tables, each table a stream on disk, read back once.

    Use it as a context below a store's folder; what a dead build left there is deleted at the start.
    """

    def __init__(self, place: Path) -> None:
        self._folder = place / "staging"
        self._writers: dict[str, pa.ipc.RecordBatchStreamWriter] = {}

    def __enter__(self) -> Staging:
        with our_errors(self._folder):
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.mkdir(parents=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, table: str, rows: pa.Table) -> None:
        """Put rows behind those already staged for `table`."""
        with our_errors(self._folder):
            if table not in self._writers:
                options = pa.ipc.IpcWriteOptions(compression="lz4")
                self._writers[table] = pa.ipc.new_stream(
                    str(self._folder / table), schema_of_rows(table), options=options
                )
            self._writers[table].write_table(rows.cast(schema_of_rows(table)), CHUNK)

    def drop(self, values: Mapping[str, Collection[str]]) -> None:
        """Take back the rows of all tables that have one of these values in the column they are found by."""
        for table in [name for name in self._writers if name in KEYS]:
            column, old = KEYS[table], self._folder / f"{table}.old"
            unwanted = pa.array(sorted(values[column]), pa.string())
            kept = self.rows(table)
            assert kept is not None
            (self._folder / table).rename(old)  # the stream stays open
            del self._writers[table]
            for batch in kept:
                rows = pa.Table.from_batches([batch])
                gone = pc.is_in(rows.column(column), unwanted)
                self.add(table, rows.filter(pc.invert(gone)))
            old.unlink()

    def rows(self, table: str) -> pa.RecordBatchReader | None:
        """All rows staged for `table` as a stream, to be read once; None when there are none."""
        if table not in self._writers:
            return None
        with our_errors(self._folder):
            self._writers[table].close()
            # read, not mapped: pages of a mapped file count as this process's memory until the system wants them back
            return pa.ipc.open_stream(pa.OSFile(str(self._folder / table)))
