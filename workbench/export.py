"""Tables of a corpus as files that other programs read."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.schema import TABLES

if TYPE_CHECKING:
    import pandas as pd

    from workbench.corpus import Corpus

FORMATS = ("csv", "parquet", "jsonl")
# A spreadsheet runs a cell that begins so as a formula; an apostrophe before it makes it text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_tables(corpus: Corpus, out: Path, to: str) -> Iterator[Path]:
    """Write every table of `corpus` to `out` as `to` (csv, parquet or jsonl) and yield the paths."""
    out.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        frame = getattr(corpus, name)
        path = out / f"{name}.{to}"
        {"csv": _csv, "parquet": _parquet, "jsonl": _jsonl}[to](frame, path)
        yield path


def safe_cell(value: Any) -> Any:
    """A CSV cell that no spreadsheet takes for a formula; lists and receipts as JSON."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, (list, tuple)) or hasattr(value, "tolist"):
        return safe_cell(json.dumps(_listed(value), ensure_ascii=False)) if not _scalar(value) else value
    return value


def _csv(frame: pd.DataFrame, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(frame.columns)
        writer.writerows([safe_cell(value) for value in row] for row in frame.itertuples(index=False))


def _parquet(frame: pd.DataFrame, path: Path) -> None:
    """As Arrow has it, without pandas' own notes on types: it cannot read those of a list of records again."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    pq.write_table(table.replace_schema_metadata(None), path)


def _jsonl(frame: pd.DataFrame, path: Path) -> None:
    path.write_text(frame.to_json(orient="records", lines=True, force_ascii=False), encoding="utf-8")


def _scalar(value: Any) -> bool:
    return getattr(value, "shape", None) == ()


def _listed(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else list(value)
