"""Build a document's text from paragraphs, for the readers of word processors' files.

A paragraph is a line of the text with a blank line below it; rows of a table follow each other without
one. What the file states about itself counts only as far as the text bears it out (`stated`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.read.source import ParsedDocument

LONG_CELL = 120  # characters; a longer cell is prose in a table made for its layout, not a value in a row
CELL_MARK = " | "
# What XML and PDF may bring and a table cannot hold: control characters, halves of pairs, non-characters.
_BROKEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")
_SPACES = re.compile("[ \t]+")


def clean(text: str) -> tuple[str, int]:
    """`text` with line feeds as its only line ends, and how many broken characters became U+FFFD."""
    text, broken = _BROKEN.subn("\N{REPLACEMENT CHARACTER}", text)
    return _BREAKS.sub("\n", text), broken


class Paragraphs:
    """The lines of a document as they are read, in order: paragraphs, rows of tables, notes."""

    def __init__(self) -> None:
        self._lines: list[tuple[str, str, bool]] = []
        self._tables: list[list[list[tuple[str, str]]]] = []  # open rows, each a list of cells of paragraphs
        self._broken = 0

    def add(self, text: str, hint: str = "") -> None:
        """Add a paragraph; each of its lines is a line of the text. Blank ones are left out."""
        text, broken = clean(text)
        self._broken += broken
        text = "\n".join(filter(None, (_SPACES.sub(" ", line).strip() for line in text.split("\n"))))
        if not text:
            return
        if self._tables and self._tables[-1]:
            self._tables[-1][-1].append((text, hint))
        else:
            self._put(text, hint)

    def open_row(self) -> None:
        """Begin a row of a table."""
        self._tables.append([])

    def open_cell(self) -> None:
        """Begin a cell of the open row."""
        if self._tables:
            self._tables[-1].append([])

    def close_row(self) -> None:
        """End a row: a line when its cells are short, else the paragraphs of its cells in order."""
        if not self._tables:
            return
        cells = [cell for cell in self._tables.pop() if cell]
        if len(cells) > 1 and all(len(cell) == 1 and _is_short(cell[0][0]) for cell in cells):
            self._in_row([(CELL_MARK.join(cell[0][0] for cell in cells), "cell")])
            return
        for cell in cells:
            self._in_row(cell)

    def _in_row(self, paragraphs: Sequence[tuple[str, str]]) -> None:
        for text, hint in paragraphs:
            if self._tables and self._tables[-1]:
                self._tables[-1][-1].append((text, hint))
            else:
                self._put(text, hint, tight=hint == "cell")

    def _put(self, text: str, hint: str, tight: bool = False) -> None:
        self._lines += [(line, hint, tight or number > 0) for number, line in enumerate(text.split("\n"))]

    def text(self) -> tuple[str, dict[int, str]]:
        """The text, and the hints of its lines by number."""
        while self._tables:
            self.close_row()
        written: list[str] = []
        hints: dict[int, str] = {}
        before = False
        for line, hint, tight in self._lines:
            row = hint == "cell"
            if written and not (tight and (before or not row)):
                written.append("")
            before = row
            if hint:
                hints[len(written)] = hint
            written.append(line)
        return "\n".join(written), hints

    def parsed(self, properties: Properties, repairs: Sequence[str] = ()) -> ParsedDocument:
        """The document, with what its properties state and the text bears out."""
        text, hints = self.text()
        all_repairs = list(repairs)
        if self._broken:
            all_repairs.append(f"{self._broken} broken characters shown as \N{REPLACEMENT CHARACTER}")
        return ParsedDocument(text, properties.stated(text), tuple(all_repairs), hints)


def _is_short(text: str) -> bool:
    return len(text) <= LONG_CELL and "\n" not in text


# ---------------------------------------------------------------- what a file states of itself

_HEAD, _FOOT = 3_000, 500  # characters in which a document names its title and its date
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_PROGRAM = re.compile(r"(?i)python-docx|microsoft|admin|user|openoffice|libreoffice|\W*unknown\W*|owner")


class Properties:
    """Title, author and date of creation as a file's properties give them; empty where they do not."""

    def __init__(self, title: str = "", author: str = "", created: str = "") -> None:
        self.title = " ".join(clean(title)[0].split())
        self.author = " ".join(clean(author)[0].split())
        self.created = created.strip()

    def stated(self, text: str) -> dict[str, str]:
        """What of them counts as stated about the document with this `text`.

        The title counts when the head of the text shows it: properties come from the template or an
        older document as often as not. The day the file was made counts as the date only when neither
        head nor foot of the text names a year. A login is no author.
        """
        metadata = {}
        if _key(self.title) and f" {_key(self.title)} " in f" {_key(text[:_HEAD])} ":
            metadata["title"] = self.title
        if (day := _DATE.match(self.created)) and not _YEAR.search(text[:_HEAD] + " " + text[-_FOOT:]):
            metadata["date"] = day[0]
        if " " in self.author and not _PROGRAM.search(self.author):
            metadata["author"] = self.author
        return metadata


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
