"""Tables, one document a row: csv, tsv, jsonl, xlsx and parquet. The only door to openpyxl.

Columns are recognised by name or mapped in `metadata.toml` (see `columns.py`); a document's id is
`articles.csv#7` for the seventh row below the header, `book.xlsx#Sheet2!7` where a workbook has several
sheets with text. Rows are read one at a time. Of a formula only the value it had when saved is read.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from workbench.read.archives.archive import ZIP, open_zip, zip_names
from workbench.read.decode import NotText
from workbench.read.limits import MAX_MEMBER, Refused, require
from workbench.read.source import DAMAGED, ParsedDocument, SourceFile, UnreadPart, damaged
from workbench.read.tables.columns import MAX_COLUMNS, choose, documents_of, recognise
from workbench.read.tables.delimited import holds_csv, holds_jsonl, parts_csv, parts_jsonl

PARQUET = b"PAR1"
BATCH = 64  # rows of a parquet file in memory at once
SEARCHED = (
    10  # first rows of a sheet in which its header is looked for: exports begin with a title and a date
)
WORKBOOK = "xl/workbook.xml"
_PARTS = (b"xl/worksheets", b"xl/sharedStrings", b"xl/styles")


def holds(source: SourceFile) -> bool:
    """A parquet file, a workbook, lines of JSON or of cells."""
    head = source.head
    if head.startswith(PARQUET):
        return True
    if head.startswith(ZIP):
        return WORKBOOK in zip_names(source)
    return holds_jsonl(source) or holds_csv(source)


def parts(source: SourceFile) -> Iterator[ParsedDocument | UnreadPart]:
    """The documents in the table, one at a time."""
    if source.head.startswith(PARQUET):
        yield from _parquet(source)
    elif source.head.startswith(ZIP):
        yield from _xlsx(source)
    elif holds_jsonl(source):
        yield from parts_jsonl(source)
    else:
        yield from parts_csv(source)


def _parquet(source: SourceFile) -> Iterator[ParsedDocument | UnreadPart]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    source.file.seek(0)
    try:
        table = pq.ParquetFile(source.file)
        header = table.schema_arrow.names
        columns = choose(header, source)
        _refuse_large_groups(table)
        used = sorted(set(columns.values()))
        batches = table.iter_batches(batch_size=BATCH, columns=[header[number] for number in used])
        here = {ours: used.index(number) for ours, number in columns.items()}
        yield from documents_of(_batch_rows(batches), here, source)
    except (pa.ArrowException, *DAMAGED) as error:
        raise error if isinstance(error, NotText) else damaged(error) from error


def _refuse_large_groups(table: Any) -> None:
    """A group of rows is unpacked together; one of more than MAX_MEMBER a column is refused."""
    for group in range(table.metadata.num_row_groups):
        rows = table.metadata.row_group(group)
        sizes = (
            rows.column(number).total_uncompressed_size
            for number in range(min(rows.num_columns, MAX_COLUMNS))
        )
        if max(sizes, default=0) > MAX_MEMBER:
            raise Refused(
                f"its rows come in groups of more than {MAX_MEMBER:,} bytes",
                "write it again with smaller row groups (row_group_size=10000)",
            )


def _batch_rows(batches: Iterator[Any]) -> Iterator[tuple[str, Sequence[Any]]]:
    number = 0
    for batch in batches:
        for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            number += 1
            yield str(number), cells


def _xlsx(source: SourceFile) -> Iterator[ParsedDocument | UnreadPart]:
    require("openpyxl", "spreadsheets (xlsx)")
    from openpyxl import load_workbook

    _refuse_large_parts(source)
    source.file.seek(0)
    try:
        book = load_workbook(source.file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises KeyError, TypeError, AttributeError … on damaged parts
        raise damaged(error) from error
    yield from _sheets(book, source)


def _sheets(book: Any, source: SourceFile) -> Iterator[ParsedDocument | UnreadPart]:
    """The sheets with a column of text; where none has one, the refusal of the first."""
    with_text, refusal = [], None
    for sheet in book.worksheets:
        try:
            with_text.append((sheet, *_header(sheet, source)))
        except Refused as error:
            refusal = refusal or error
    if not with_text:
        raise refusal or Refused("the workbook has no sheet with cells", "save the sheet with the texts")
    for sheet, top, columns in with_text:
        rows = _sheet_rows(sheet, top, f"{sheet.title}!" if len(with_text) > 1 else "")
        yield from documents_of(rows, columns, source)


def _header(sheet: Any, source: SourceFile) -> tuple[int, dict[str, int]]:
    """Number of the header row (from 1) and the columns: the first row that names a column of text."""
    rows = [row for _, row in zip(range(SEARCHED), _cells(sheet), strict=False)]
    mapped = source.columns.get("text")
    for number, row in enumerate(rows, start=1):
        if "text" in recognise(row) or (mapped is not None and mapped in row):
            return number, choose(row, source)
    filled = [row for row in rows if sum(cell is not None for cell in row) > 1] or rows
    return 1, choose(filled[0] if filled else (), source)


def _sheet_rows(sheet: Any, top: int, name: str) -> Iterator[tuple[str, Sequence[Any]]]:
    for number, row in enumerate(_cells(sheet)):
        if number >= top and any(cell is not None for cell in row):
            yield f"{name}{number - top + 1}", row


def _cells(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """The rows as values. openpyxl parses as it goes, so damage shows here."""
    try:
        yield from sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS)
    except Exception as error:
        raise damaged(error) from error


def _refuse_large_parts(source: SourceFile) -> None:
    """openpyxl unpacks what it is given: a workbook whose parts state too much is not given to it."""
    with open_zip(source) as archive:
        stated = [info.file_size for info in archive.infolist()]
        locked = any(info.flag_bits & 1 for info in archive.infolist())
        if sum(stated) > MAX_MEMBER or any(_is_bomb(info) for info in archive.infolist()):
            raise Refused(
                f"its parts unpack to more than {MAX_MEMBER:,} bytes, or to 300 times their size",
                "save the sheet as csv",
            )
    if locked:
        raise Refused("it is locked with a password", "save it without one")


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    from workbench.read.limits import MAX_RATIO, MIN_SUSPECT

    return info.file_size > MIN_SUSPECT and info.file_size > MAX_RATIO * max(info.compress_size, 1)
