"""Tables as lines of text: csv, tsv and jsonl, with encoding and dialect told from the content.

Read line by line: a table of many gigabytes needs the memory of its longest line.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import IO, Any, NamedTuple

from workbench.read.decode import decode
from workbench.read.limits import Refused
from workbench.read.source import HEAD, ParsedDocument, SourceFile, UnreadPart
from workbench.read.tables.columns import MAX_COLUMNS, MAX_TEXT, Numbers, choose, documents_of, recognise

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
    for mark in DELIMITERS:
        cells = [cell.strip(' "') for cell in first.split(mark)]
        if len(cells) > 1 and max(map(len, cells)) < 60 and all(cells):
            found = recognise(cells)
            if "text" in found and len(found) > 1 and 2 * len(found) > len(cells):
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
    uneven = Numbers()
    yield from documents_of(_numbered(rows, len(header), uneven), columns, source)
    hint = "look at those rows: a quotation mark or a delimiter within a text is not quoted"
    yield from uneven.told("with more cells than the header", hint, "doubtful")


def _numbered(rows: Iterator[list[str]], width: int, uneven: Numbers) -> Iterator[tuple[str, Sequence[str]]]:
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
    scored = [(_score(sample, Dialect(mark, escape), source), Dialect(mark, escape)) for mark in DELIMITERS]
    return max(scored, key=lambda pair: pair[0])[1]


def _score(sample: Sequence[str], dialect: Dialect, source: SourceFile) -> tuple[int, float, int]:
    try:
        rows = list(islice(_rows(iter(sample), dialect), FEW))
    except Refused:
        return (0, 0.0, 0)
    header = rows[0] if rows else []
    if len(header) > MAX_COLUMNS:
        return (0, 1.0, len(header))
    known = set(recognise(header)) | {ours for ours, theirs in source.columns.items() if theirs in header}
    even = sum(len(row) == len(header) for row in rows) / max(len(rows), 1)
    return (len(known), even if len(header) > 1 else 0.0, len(header))


def parts_jsonl(source: SourceFile) -> Iterator[ParsedDocument | UnreadPart]:
    """A document for each line that is a JSON object; `part` is the number of the line."""
    broken = Numbers()
    found = _objects(lines_of(source), broken)
    first = list(islice(found, FEW))
    keys = list(dict.fromkeys(key for _, row in first for key in islice(row, MAX_COLUMNS + 1)))
    columns = choose(keys, source)
    rows = ((part, [row.get(key) for key in keys]) for part, row in chain(first, found))
    yield from documents_of(rows, columns, source)
    yield from broken.told("that are no JSON objects", "look at those lines, or save them again", "refused")


def _objects(lines: Iterator[str], broken: Numbers) -> Iterator[tuple[str, dict[str, Any]]]:
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
