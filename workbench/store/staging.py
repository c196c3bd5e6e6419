"""Rows on their way into a commit: on disk, not in memory, while a build reads its batches."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import TracebackType

import pyarrow as pa

from workbench.store.tables import our_errors, schema_of


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
                    str(self._folder / table), schema_of(table), options=options
                )
            self._writers[table].write_table(rows.cast(schema_of(table)))

    def rows(self, table: str) -> pa.RecordBatchReader | None:
        """All rows staged for `table` as a stream, to be read once; None when there are none."""
        if table not in self._writers:
            return None
        with our_errors(self._folder):
            self._writers[table].close()
            return pa.ipc.open_stream(str(self._folder / table))
