"""What every count needs: a session over one version, the settings, and a place where counts are kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from workbench.analysis.matches import Ints
from workbench.files import replacing
from workbench.settings import Settings
from workbench.store import Session, prune

KEPT = 200  # counts of one store; of a week's reports on one version there are about a hundred
FOLDER = "counts"


@dataclass(frozen=True)
class CountContext:
    """A session, the settings that decide what is counted, and the digest of the code that counts."""

    session: Session
    settings: Settings
    code: str

    def kept(
        self, name: str, key: Sequence[object], tables: Sequence[str], make: Callable[[], pa.Table]
    ) -> pa.Table:
        """The answer to a question about these tables, from the last time it was asked of the same version, or made now.

        In:  `name` of the kind of answer, for the file; `key` all that decides the answer beside the tables.
        A file that is damaged or gone is made again; a folder that cannot be written costs only time.
        """
        versions = self.session.versions(tables)
        stated = json.dumps([name, self.code, versions, list(key)], sort_keys=True, default=str)
        path = self.folder / f"{name}-{hashlib.sha256(stated.encode()).hexdigest()[:24]}.parquet"
        try:
            return pq.ParquetFile(path).read()
        except (OSError, pa.ArrowException):
            found = make()
        try:
            with replacing(path) as temporary:
                pq.write_table(found, temporary)
            prune(self.folder, "*.parquet", KEPT)
        except OSError:
            pass
        return found

    @property
    def folder(self) -> Path:
        """Where counts are kept, below the store."""
        return self.session.place / FOLDER

    def cut(self, document: npt.NDArray[np.int64], start: Ints, end: Ints) -> list[str]:
        """The words as written of spans of documents by number; only these words leave DuckDB."""
        spans = pa.table({"d": document, "s": start, "e": end, "row": np.arange(len(document))})
        name = self.session.put(spans, name="spans")
        found = self.session.table(
            f"SELECT substring(m.text, s.s + 1, s.e - s.s) AS words FROM {name} s JOIN state n ON n.number = s.d "
            "JOIN documents m ON m.doc_id = n.doc_id ORDER BY s.row"
        )
        self.session.drop(name)
        words: list[str] = found.column("words").to_pylist()
        return words
