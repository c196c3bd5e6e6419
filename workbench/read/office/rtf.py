"""Read RTF files: paragraphs, tables as lines, footnotes at the end, with the title and date they state.

A reader of our own, one pass over the marks: its time grows with the length alone, whatever the file
says, and the properties and notes, which libraries drop, are read too.
Method: Rich Text Format Specification 1.9.1, "Conventions of an RTF reader".
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from workbench.read.limits import Refused
from workbench.read.office.paragraphs import Paragraphs, Properties
from workbench.read.source import ParsedDocument

MAX_RTF = 64 * 2**20  # bytes; most of a large file are pictures, which are jumped over
MAX_MARKS = (
    5_000_000  # marks and stretches of text, read at 150,000 a second; a book of 1,000 pages has a million
)
MAX_GROUPS = 1_000  # open groups at one time; programs write below 30
_MARK = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_SYMBOLS = {
    "tab": " ", "line": "\n", "emdash": "\u2014", "endash": "\u2013", "bullet": "\u2022", "lquote": "\u2018",
    "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
_ESCAPED = {"~": "\u00a0", "_": "\u2011", "-": "", "{": "{", "}": "}", "\\": "\\", "\t": " "}
# Groups whose text is no text of the page.
_SILENT = frozenset(
    "aftncn aftnsep aftnsepc annotation atnauthor atndate atnicn atnid atnparent atnref atntime atrfend atrfstart bkmkend bkmkstart colorschememapping colortbl datafield datastore factoidname falt fldinst filetbl fontemb fontfile fonttbl ftncn ftnsep ftnsepc generator latentstyles leveltext levelnumbers listname listoverridetable liststylename listtable mmathPr nonesttables objclass objdata objname panose pict pntxta pntxtb private propname revtbl rsidtbl sn staticval stylesheet themedata tc tcn txe userprops xe xmlnstbl wgrffmtfilter xmlattrname xmlattrvalue".split()
)
_ASIDE = {
    "footnote": "note", "header": "running", "headerl": "running", "headerr": "running", "headerf": "running",
    "footer": "running", "footerl": "running", "footerr": "running", "footerf": "running",
}  # fmt: skip
_FACTS = ("title", "author", "creatim")
# Character set numbers of fonts to code pages (specification, "\fcharset").
_CHARSETS = {
    0: "cp1252", 2: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip


def guess(raw: bytes, path: Path) -> bool:  # noqa: ARG001 - every format is asked the same way
    r"""The mark `{\rtf` at its head, which every reader of RTF asks for."""
    return raw[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(rb"{\rtf")


def parse(raw: bytes) -> Iterator[ParsedDocument]:
    """The file as one document. Raises Refused when it has more than MAX_RTF, MAX_MARKS or MAX_GROUPS allow."""
    if len(raw) > MAX_RTF:
        raise Refused(f"an RTF file of more than {MAX_RTF:,} bytes", "save it as .docx, or in parts")
    reader = _Reader()
    reader.read(raw)
    page = Paragraphs()
    for text, hint in (*reader.edges, *reader.paragraphs, *reader.notes):
        _add(page, text, hint)
    repairs = ["an embedded object is left out"] if b"\\objdata" in raw else []
    yield page.parsed(Properties(reader.facts["title"], reader.facts["author"], reader.created), repairs)


def _add(page: Paragraphs, text: str, hint: str) -> None:
    """Add a paragraph, or the row of a table whose cells are parted by U+001F."""
    if "\x1f" not in text:
        page.add(text, hint)
        return
    page.open_row()
    for cell in text.split("\x1f"):
        page.open_cell()
        for paragraph in cell.split("\x1e"):
            page.add(paragraph)
    page.close_row()


class _Group(NamedTuple):
    """What holds until the group ends: where its text goes, its encoding, what a \\u is followed by."""

    target: str
    encoding: str
    skip: int
    font: bytes


class _Reader:
    """The state of one pass."""

    def __init__(self) -> None:
        self.paragraphs: list[tuple[str, str]] = []
        self.edges: list[tuple[str, str]] = []
        self.notes: list[tuple[str, str]] = []
        self.facts = dict.fromkeys(_FACTS, "")
        self.created = ""
        self._parts: dict[str, list[str]] = {"": [], "note": [], "running": []}
        self._group = _Group("", "cp1252", 1, b"")
        self._stack: list[_Group] = []
        self._default = "cp1252"
        self._fonts: dict[bytes, str] = {}
        self._deff = b""
        self._pending = bytearray()
        self._high = ""
        self._left = 0
        self._heading = False
        self._row = False
        self._table: list[str] = []
        self._numbers: dict[str, int] = {}

    def read(self, raw: bytes) -> None:
        """Read the whole file; binary data is jumped over by its stated length."""
        place = marks = 0
        while match := _MARK.match(raw, place):
            place = match.end()
            marks += 1
            if marks > MAX_MARKS:
                raise Refused(
                    f"an RTF file of more than {MAX_MARKS:,} marks", "save it as .docx, or in parts"
                )
            word, number, byte, symbol, brace, text = match.groups()
            if byte is not None:
                self._byte(int(byte, 16))
            elif text is not None:
                self._text(text)
            elif brace is not None:
                self._flush()
                if brace == b"{":
                    self._open()
                else:
                    self._close()
                    if not self._stack:
                        break
            elif symbol is not None:
                self._symbol(symbol.decode("latin-1"))
            elif word is not None:
                if word == b"bin" and number is not None and int(number) > 0:
                    place += int(number)
                else:
                    self._word(word.decode("ascii"), number)
        self._flush()
        self._end_row()
        for target in ("", "running", "note"):
            self._end_paragraph(target)

    def _open(self) -> None:
        if len(self._stack) >= MAX_GROUPS:
            raise Refused(f"more than {MAX_GROUPS:,} groups within each other", "open it, and save it again")
        self._stack.append(self._group)

    def _close(self) -> None:
        before, self._group = self._group, self._stack.pop() if self._stack else self._group
        if before.target in ("running", "note") and self._group.target != before.target:
            self._end_paragraph(before.target)
        if before.target == "creatim" and self._group.target != "creatim":
            self._date()

    def _date(self) -> None:
        year, month, day = (self._numbers.get(name, 0) for name in ("yr", "mo", "dy"))
        if year and 1 <= month <= 12 and 1 <= day <= 31:
            self.created = f"{year:04}-{month:02}-{day:02}"

    def _symbol(self, symbol: str) -> None:
        self._flush()
        if symbol == "*":
            self._aim("silent" if self._group.target != "creatim" else "creatim")
        elif symbol in "\r\n":
            self._end_paragraph(self._group.target)
        else:
            self._put(_ESCAPED.get(symbol, ""))

    def _aim(self, target: str) -> None:
        self._group = self._group._replace(target=target)

    def _word(self, word: str, number: bytes | None) -> None:  # noqa: C901 - one branch a word
        if word == "u" and number is not None:
            self._unicode(int(number))
            return
        self._flush()
        if word in _SYMBOLS:
            self._put(_SYMBOLS[word])
        elif self._group.target == "silent" and word not in ("fcharset", "f", "cpg"):
            return
        elif word in ("par", "sect", "page"):
            self._end_paragraph(self._group.target)
        elif word in ("cell", "nestcell"):
            self._end_cell()
        elif word in ("row", "nestrow"):
            self._end_row()
        elif word == "pard":
            self._row = self._heading = False
        elif word == "intbl":
            self._row = True
        elif word == "outlinelevel" and number is not None:
            self._heading = int(number) < 9
        elif word in _SILENT:
            self._aim("silent")
        elif word in _ASIDE:
            self._aim(_ASIDE[word])
        elif word in _FACTS:
            self._aim(word)
        elif word == "info":
            self._aim("silent facts")
        elif word in ("yr", "mo", "dy") and number is not None:
            self._numbers[word] = int(number)
        else:
            self._encoding(word, number)

    def _encoding(self, word: str, number: bytes | None) -> None:
        if word == "uc" and number is not None:
            self._group = self._group._replace(skip=max(0, min(int(number), 8)))
        elif word == "plain":
            encoding = self._fonts.get(self._deff, self._default)
            self._group = self._group._replace(encoding=encoding, font=self._deff)
        elif number is None:
            return
        elif word == "deff":
            self._deff = number
        elif word == "ansicpg":
            self._default = _known(f"cp{int(number)}")
            self._group = self._group._replace(encoding=self._default)
        elif word == "f":
            encoding = self._fonts.get(number, self._default)
            self._group = self._group._replace(encoding=encoding, font=number)
        elif word == "fcharset":
            charset = int(number)
            self._fonts[self._group.font] = (
                _CHARSETS.get(charset, self._default) if charset > 2 else self._default
            )

    def _unicode(self, code: int) -> None:
        if self._pending:
            self._flush()
        code %= 0x10000
        if 0xD800 <= code < 0xDC00:
            self._high = chr(code)
        elif self._high and 0xDC00 <= code < 0xE000:
            self._put((self._high + chr(code)).encode("utf-16", "surrogatepass").decode("utf-16"))
            self._high = ""
        else:
            self._put(chr(code))
        self._left = self._group.skip

    def _byte(self, byte: int) -> None:
        if self._left:
            self._left -= 1
        else:
            self._pending.append(byte)

    def _text(self, text: bytes) -> None:
        if self._left:
            text, self._left = text[self._left :], max(0, self._left - len(text))
        self._pending += text

    def _flush(self) -> None:
        self._left = 0
        if self._pending:
            text = self._pending.decode(self._group.encoding, errors="replace")
            self._pending = bytearray()
            self._put(text)

    def _put(self, text: str) -> None:
        target = self._group.target
        if target in self._parts:
            self._parts[target].append(text)
        elif target in self.facts:
            self.facts[target] += text

    def _end_paragraph(self, target: str) -> None:
        if target not in self._parts:
            return
        if not target and self._row:
            self._parts[target].append("\x1e")
            return
        text = "".join(self._parts[target])
        self._parts[target] = []
        if text.strip():
            if target == "note":
                self.notes.append((text, "note"))
            elif target == "running":
                if (text, "running") not in self.edges[-40:]:
                    self.edges.append((text, "running"))
            else:
                self._end_row()
                self.paragraphs.append((text, "heading" if self._heading else ""))

    def _end_cell(self) -> None:
        self._table.append("".join(self._parts[""]).strip("\x1e"))
        self._parts[""] = []

    def _end_row(self) -> None:
        if self._table:
            self.paragraphs.append(("\x1f".join(self._table) + "\x1f", ""))
            self._table = []


def _known(encoding: str) -> str:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return "cp1252"
    return encoding
