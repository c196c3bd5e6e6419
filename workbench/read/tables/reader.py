"""Read tables (csv, tsv, jsonl, xlsx, parquet): one document a row. The only module that opens openpyxl.

Columns are recognised by name or mapped in `metadata.toml` (see `columns.py`); a document's id is
`articles.csv#7` for the seventh row below the header, `book.xlsx#Sheet2!7` where a workbook has several
sheets with text. Rows are read one at a time. Of a formula only the value it had when saved is read.

A table of text is read line by line, its encoding and dialect recognised from the content: a table of many
gigabytes needs the memory of its longest line.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import IO, Any, NamedTuple

from workbench.read.archives.archive import ZIP, open_zip, zip_names
from workbench.read.decode import NotText, decode
from workbench.read.limits import MAX_MEMBER, Refused, require
from workbench.read.source import DAMAGED, HEAD, ParsedDocument, SourceFile, UnreadPart, damaged
from workbench.read.tables.columns import MAX_COLUMNS, MAX_TEXT, RowNumbers, choose, documents_of, recognise

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
        used_columns = {ours: used.index(number) for ours, number in columns.items()}
        yield from documents_of(_batch_rows(batches), used_columns, source)
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


# ---------------------------------------------------------------- tables of text: CSV, TSV, JSON lines

DELIMITERS = (",", "\t", ";", "|")
MAX_LINE = 2 * MAX_TEXT  # code points of a line: one text with all its quotes doubled or escaped
FEW = 20  # rows that tell dialect and keys
_SIGN = "\N{REPLACEMENT CHARACTER}"
NAMED = (".csv", ".tsv", ".tab", ".psv")
NAMED_JSON = (".jsonl", ".ndjson", ".jsonlines")


class Dialect(NamedTuple):
    """How the cells of a row are parted; `escape` is the mark before a quotation mark within quotes."""

    delimiter: str
    escape: str | None


def holds_csv(source: SourceFile) -> bool:
    """A name that says so, or a first line whose cells name a column of text and one more that we know."""
    if _is_packed(source.head):
        return False
    if source.path.suffix.lower() in NAMED:
        return True
    lines = source.opening.lstrip("\ufeff").splitlines()
    first = lines[0] if len(lines) > 1 else ""
    for delimiter in DELIMITERS:
        cells = [cell.strip(' "') for cell in first.split(delimiter)]
        if len(cells) > 1 and max(map(len, cells)) < 60 and all(cells):
            columns = recognise(cells)
            if "text" in columns and len(columns) > 1 and 2 * len(columns) > len(cells):
                return True
    return False


def holds_jsonl(source: SourceFile) -> bool:
    """A first line that is a whole JSON object, or a name that says so."""
    if _is_packed(source.head):
        return False
    first = source.opening.lstrip("\ufeff\n\r\t ").split("\n", 1)[0].strip()
    if not first.startswith("{"):
        return False
    return source.path.suffix.lower() in NAMED_JSON or isinstance(_object(first), dict)


def _is_packed(head: bytes) -> bool:
    return head.startswith((b"PK\x03\x04", b"PAR1", b"%PDF", b"\x1f\x8b", b"\x89PNG"))


def encoding_of(source: SourceFile) -> str:
    """The encoding by content: UTF-8 where the whole file is that, else what its first other lines are.

    Reads the whole file, a megabyte at a time. Raises NotText for bytes that are no text.
    """
    encoding = decode(source.head[: len(source.head) // 4 * 4]).encoding
    if encoding.startswith(("utf-16", "utf-32")):
        return encoding
    source.file.seek(0)
    ends = b""
    while chunk := source.file.read(2**20):
        piece, ends = ends + chunk, b""
        try:
            piece.decode("utf-8")
        except UnicodeDecodeError as error:
            if error.end == len(piece) and error.reason == "unexpected end of data":
                piece, ends = piece[: error.start], piece[error.start :]
                continue
            return decode(piece[max(0, error.start - HEAD) : error.start + HEAD]).encoding
    return "utf-8"


def lines_of(source: SourceFile) -> Iterator[str]:
    """The lines with their ends, decoded. Raises Refused for one of more than MAX_LINE code points."""
    encoding = encoding_of(source)
    source.file.seek(0)
    decoded = io.TextIOWrapper(_Kept(source.file), encoding, errors="replace", newline="")  # type: ignore[type-var]
    number = 0
    while line := decoded.readline(MAX_LINE):
        number += 1
        if len(line) >= MAX_LINE:
            raise Refused(
                f"line {number:,} has more than {MAX_LINE:,} characters",
                "look at that line: a line end is missing",
            )
        yield line.lstrip("\ufeff") if number == 1 else line.replace("\0", _SIGN)
    decoded.detach()


class _Kept(io.RawIOBase):
    """A file that stays open when what reads it is gone."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def read1(self, size: int = -1) -> bytes:
        return self._file.read(size if size > 0 else HEAD)

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)


def parts_csv(source: SourceFile) -> Iterator[ParsedDocument | UnreadPart]:
    """A document for each row; `part` is the number of the row below the header."""
    lines = lines_of(source)
    sample = list(islice(lines, FEW * 5))
    if not any(line.strip() for line in sample):
        raise Refused("the file is empty", "download it again, or remove it")
    dialect = dialect_of(sample, source)
    rows = _rows(chain(sample, lines), dialect)
    header = next(rows, [])
    columns = choose(header, source)
    uneven = RowNumbers()
    yield from documents_of(_numbered(rows, len(header), uneven), columns, source)
    hint = "look at those rows: a quotation mark or a delimiter within a text is not quoted"
    yield from uneven.problems("with more cells than the header", hint, "doubtful")


def _numbered(
    rows: Iterator[list[str]], width: int, uneven: RowNumbers
) -> Iterator[tuple[str, Sequence[str]]]:
    for number, cells in enumerate(rows, start=1):
        if len(cells) > width:
            uneven.add(str(number))
        yield str(number), cells


def _rows(lines: Iterator[str], dialect: Dialect) -> Iterator[list[str]]:
    """The rows that are not blank."""
    csv.field_size_limit(MAX_LINE)
    reader = csv.reader(
        lines, delimiter=dialect.delimiter, escapechar=dialect.escape, doublequote=dialect.escape is None
    )
    try:
        for cells in reader:
            if any(cells):
                yield cells
    except csv.Error as error:
        raise Refused(
            f"no table from line {reader.line_num:,} on ({error})",
            "look there for a quotation mark that opens and never closes",
        ) from error


def dialect_of(sample: Sequence[str], source: SourceFile) -> Dialect:
    """The delimiter under which most columns are known by name, then under which the rows are of one width."""
    escape = (
        "\\"
        if any('\\"' in line for line in sample)
        and not any('""' in line.replace('"",', "") for line in sample)
        else None
    )
    scored = [
        (_score(sample, Dialect(delimiter, escape), source), Dialect(delimiter, escape))
        for delimiter in DELIMITERS
    ]
    return max(scored, key=lambda pair: pair[0])[1]


def _score(sample: Sequence[str], dialect: Dialect, source: SourceFile) -> tuple[int, float, int]:
    try:
        rows = list(islice(_rows(iter(sample), dialect), FEW))
    except Refused:
        return (0, 0.0, 0)
    header = rows[0] if rows else []
    if len(header) > MAX_COLUMNS:
        return (0, 1.0, len(header))
    columns = set(recognise(header)) | {ours for ours, theirs in source.columns.items() if theirs in header}
    even = sum(len(row) == len(header) for row in rows) / max(len(rows), 1)
    return (len(columns), even if len(header) > 1 else 0.0, len(header))


def parts_jsonl(source: SourceFile) -> Iterator[ParsedDocument | UnreadPart]:
    """A document for each line that is a JSON object; `part` is the number of the line."""
    broken = RowNumbers()
    objects = _objects(lines_of(source), broken)
    sample = list(islice(objects, FEW))
    keys = list(dict.fromkeys(key for _, row in sample for key in islice(row, MAX_COLUMNS + 1)))
    columns = choose(keys, source)
    rows = ((part, [row.get(key) for key in keys]) for part, row in chain(sample, objects))
    yield from documents_of(rows, columns, source)
    yield from broken.problems(
        "that are no JSON objects", "look at those lines, or save them again", "refused"
    )


def _objects(lines: Iterator[str], broken: RowNumbers) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            row = _object(line)
            if isinstance(row, dict):
                yield str(number), row
            else:
                broken.add(str(number))


def _object(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
