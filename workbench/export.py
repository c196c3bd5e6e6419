"""Write the tables of a corpus, or one result with its provenance, as files that other programs read."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from html import escape
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from workbench.errors import BadParameter
from workbench.files import replacing
from workbench.schema import TABLES

if TYPE_CHECKING:
    import pandas as pd

    from workbench.corpus import Corpus
    from workbench.result import Result

FORMATS = ("csv", "parquet", "jsonl")
# A spreadsheet runs a cell that begins so as a formula; an apostrophe before it makes it text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_tables(corpus: Corpus, out: Path, to: str) -> Iterator[Path]:
    """Write every table of `corpus` to `out` as `to` (csv, parquet or jsonl) and yield the paths."""
    out.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        frame = getattr(corpus.tables, name).to_pandas()
        path = out / f"{name}.{to}"
        {"csv": _csv, "parquet": _parquet, "jsonl": _jsonl}[to](frame, path)
        yield path


PICTURES = (".png", ".svg", ".pdf")
RESULTS = (".csv", ".xlsx", ".parquet", ".html", *PICTURES)


def save_result(result: Result, path: Path) -> Path:
    """Write a result as its suffix says: a table, a picture or a page, each with its provenance inside.

    csv begins with lines that start with `#` (`pandas.read_csv(path, comment="#")` leaves them out); xlsx has a second
    sheet; parquet keeps it in its metadata; pictures in theirs. Returns the path. BadParameter for another suffix.
    """
    kind = path.suffix.lower()
    if kind not in RESULTS:
        problem = f"cannot save as `{kind}`" if kind else "the path has no suffix that says the format"
        raise BadParameter("path", problem=problem, hint=f"use one of {', '.join(RESULTS)}")
    said = result.provenance_lines()
    with replacing(path) as temporary:
        named = temporary.with_suffix(kind)  # writers go by the suffix
        try:
            if kind in PICTURES:
                from workbench.display.canvas import save_drawing

                about = {
                    "Title": result.notes.question,
                    "Description": "; ".join(f"{name}: {value}" for name, value in said),
                }
                save_drawing(result.figure, named, about)
            elif kind == ".html":
                named.write_text(_page(result, said), encoding="utf-8")
            else:
                {".csv": _csv_of, ".xlsx": _xlsx_of, ".parquet": _parquet_of}[kind](result.table, said, named)
            named.replace(temporary)
        finally:
            named.unlink(missing_ok=True)
    return path


def _csv_of(frame: pd.DataFrame, said: Sequence[tuple[str, str]], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.writelines(f"# {name}: {' '.join(value.split())}\r\n" for name, value in said)
        _write_csv(frame, file)


def _xlsx_of(frame: pd.DataFrame, said: Sequence[tuple[str, str]], path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    rows, about = book.create_sheet("table"), book.create_sheet("provenance")
    rows.append(list(frame.columns))
    for row in frame.itertuples(index=False):
        rows.append([safe_cell(value.item() if hasattr(value, "item") else value) for value in row])
    for line in said:
        about.append([safe_cell(cell) for cell in line])
    book.save(path)


def _parquet_of(frame: pd.DataFrame, said: Sequence[tuple[str, str]], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    pq.write_table(table.replace_schema_metadata({name: value for name, value in said}), path)


def _page(result: Result, said: Sequence[tuple[str, str]]) -> str:
    """One page that needs nothing else: figure, reading, evidence, notes, provenance."""
    css = resources.files("workbench.display").joinpath("page.css").read_text(encoding="utf-8")
    terms = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in said)
    notes = "".join(f"<p>{escape(line)}</p>" for line in str(result.notes).splitlines())
    question = escape(result.notes.question)
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        f"<title>{question}</title><style>{css}</style></head><body><main><h1>{question}</h1>{result.html()}"
        f"<section><h2>How to read it</h2>{notes}</section><section><h2>Provenance</h2><dl>{terms}</dl></section></main></body></html>"
    )


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
        _write_csv(frame, file)


def _write_csv(frame: pd.DataFrame, file: TextIO) -> None:
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
