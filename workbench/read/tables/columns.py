"""Recognise the columns of a table (text, title, date …): by name, or as the analyst maps them.

A table without a column of text is refused, and the refusal names its columns and the entry that maps one.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from workbench.errors import did_you_mean
from workbench.read.decode import mend_mojibake
from workbench.read.limits import Refused
from workbench.read.source import ParsedDocument, SourceFile, UnreadPart

# The names that exports, crawlers and published corpora give to what we call text, title, ...; of several
# in one table the first here counts, so that `text` is taken and `article` (often a number) is not.
NAMES = {
    "text": "fulltext articletext articlebody maintext bodytext pagetext storytext text body content contents "
    "transcript speech statement article story message post paragraph volltext texte texto testo текст",
    "title": "title headline heading subject titel titre titulo заголовок",
    "date": "date datepublished publisheddate publicationdate publishdate pubdate datepublication publishedat "
    "published publishedon dateofpublication articledate day datum fecha дата timestamp created createdat",
    "source": "source publication outlet publisher newspaper medium sourcename medianame sitename site channel quelle",
    "url": "url link articleurl sourceurl pageurl permalink address href",
    "author": "author authors byline writer journalist reporter creator autor",
    "language": "language lang languagecode sprache",
    "place": "place location dateline city",
    "id": "id articleid docid documentid storyid guid key uuid recordid",
}
LANGUAGES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "spanish": "es", "russian": "ru", "italian": "it",
    "portuguese": "pt", "chinese": "zh", "arabic": "ar", "ukrainian": "uk", "polish": "pl", "turkish": "tr",
    "dutch": "nl", "japanese": "ja", "korean": "ko", "persian": "fa", "hebrew": "he", "czech": "cs", "greek": "el",
}  # fmt: skip
MAX_COLUMNS = 2_000  # far beyond what anyone exports of articles (the widest seen: 76); Excel ends at 16,384
# Code points of one text. The longest single documents are reports and books of 3 to 6 million; one of 20
# million takes about a minute and 1 GB to label, and is in truth a whole corpus in one cell or line.
MAX_TEXT = 20_000_000
SHOWN = 8  # numbers of rows that a problem names

# Before the name of a column that is none of ours: its cells become attributes of the documents.
ATTRIBUTE = "attribute:"

Columns = Mapping[str, int]


def fold(name: object) -> str:
    """A column's name as it is compared: letters and digits only, in lower case.

    >>> fold("Full_Text ")
    'fulltext'
    """
    return re.sub(r"[\W_]+", "", str(name)).casefold() if name is not None else ""


def recognise(header: Sequence[object]) -> dict[str, int]:
    """Recognise columns by name: our name -> number of the column, for the columns whose names say what they are."""
    folded = [fold(name) for name in header]
    columns = {}
    for ours, names in NAMES.items():
        number = next((folded.index(name) for name in names.split() if name in folded), None)
        if number is not None:
            columns[ours] = number
    return columns


def choose(header: Sequence[object], source: SourceFile) -> dict[str, int]:
    """The columns by name and by the analyst's mapping, then all others as attributes under their own names.

    Raises Refused, naming the columns there are, when none of them holds the text.
    """
    if len(header) > MAX_COLUMNS:
        raise Refused(
            f"the table has {len(header):,} columns, more than {MAX_COLUMNS:,}",
            "save the columns you need as a table of their own",
        )
    names = [str(name).strip() for name in header if name is not None and str(name).strip()]
    columns = recognise(header)
    folded = {fold(name): number for number, name in reversed(list(enumerate(header)))}
    for ours, theirs in source.columns.items():
        if fold(theirs) not in folded:
            raise Refused(
                f'metadata.toml says {ours} = "{theirs}", and the table has no such column',
                did_you_mean(theirs, [name[:60] for name in names]),
            )
        columns[ours] = folded[fold(theirs)]
    if "text" not in columns:
        listed = ", ".join(name[:60] for name in names[:12]) + (
            f" … ({len(names)} in all)" if len(names) > 12 else ""
        )
        raise Refused(
            f"none of its columns is known to hold the text; they are: {listed or 'none'}",
            f'say which: ["{source.outer.name}".columns] text = "{(names or ["…"])[0][:60]}" in metadata.toml beside it',
        )
    for number, name in enumerate(header):
        line = " ".join(str(name or "").split())
        if line and number not in columns.values():
            columns.setdefault(ATTRIBUTE + line, number)
    return columns


def documents_of(
    rows: Iterable[tuple[str, Sequence[Any]]], columns: Columns, source: SourceFile
) -> Iterator[ParsedDocument | UnreadPart]:
    """A document for each (number, cells) with text; what could not be read is reported at the end, together.

    Every row counts towards the budget of the file, so that a table packed a thousandfold ends.
    """
    empty, long = RowNumbers(), RowNumbers()
    for part, cells in rows:
        text = _text(cells, columns["text"])
        source.budget.unpack(len(text))
        if not text.strip():
            empty.add(part)
        elif len(text) > MAX_TEXT:
            long.add(part)
        else:
            stated = {
                ours: value
                for ours, number in columns.items()
                if ours != "text" and (value := _cell_text(ours, cells, number))
            }
            metadata = {ours: value for ours, value in stated.items() if not ours.startswith(ATTRIBUTE)}
            attributes = {
                ours.removeprefix(ATTRIBUTE): value for ours, value in stated.items() if ours not in metadata
            }
            text, mended = mend_mojibake(text.replace("\r\n", "\n").replace("\r", "\n"))
            repairs = (f"mojibake mended in {mended} lines",) if mended else ()
            yield ParsedDocument(text, metadata, repairs, {}, part, attributes)
    yield from empty.problems("without text", "nothing to do where the table is so", "note")
    yield from long.problems(f"with more than {MAX_TEXT:,} characters of text", "split them", "refused")


class RowNumbers:
    """How many rows something is true of, and the first of them."""

    def __init__(self) -> None:
        self.n, self.first = 0, list[str]()

    def add(self, part: str) -> None:
        """Count a row."""
        self.n += 1
        if len(self.first) < SHOWN:
            self.first.append(part)

    def problems(self, what: str, hint: str, severity: str) -> Iterator[UnreadPart]:
        """One problem for all of them, if there are any."""
        if self.n:
            more = " …" if self.n > len(self.first) else ""
            yield UnreadPart("", f"rows {what}: {self.n:,} ({', '.join(self.first)}{more})", hint, severity)


def _text(cells: Sequence[Any], number: int) -> str:
    value = cells[number] if number < len(cells) else None
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else "" if value is None else str(value)


def _cell_text(ours: str, cells: Sequence[Any], number: int) -> str:
    """A cell as `known` holds it: on one line; a date in ISO form, a language as a code or not at all."""
    value = cells[number] if number < len(cells) else None
    if isinstance(value, (list, tuple)):
        value = ", ".join(str(item) for item in value)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if value is None or value != value:
        return ""
    line = " ".join(str(value)[:2_000].split())
    if line.casefold() in ("nan", "none", "null", "n/a", "-"):
        return ""
    if ours == "language":
        code = LANGUAGES.get(line.casefold(), line.casefold())
        return code[:2] if re.fullmatch(r"[a-z]{2}(?:[-_]\w+)?", code) else ""
    return line
