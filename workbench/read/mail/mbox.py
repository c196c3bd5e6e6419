"""Read mailboxes (.mbox): one document a message, read one at a time however large the file is.

Format: RFC 4155, and what mail programs make of it: a message begins at a line "From …" with a time, after
a blank line; such a line inside a message carries a ">".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench.read.decode import NotText
from workbench.read.mail.message import MAX_MAIL, has_headers, open_message, read_messages
from workbench.read.source import ParsedDocument, UnreadPart

if TYPE_CHECKING:
    from workbench.read.source import SourceFile

MAX_LINE = 2**20  # bytes read at once; a longer line is read in pieces
_FROM = re.compile(rb"From [^\r\n]{0,300}\d\d:\d\d[^\r\n]{0,60}\r?\n")
_QUOTED = re.compile(rb">+From ")


def holds(source: SourceFile) -> bool:
    """A line "From …" with a time at its head, and headers below it."""
    start = _FROM.match(source.head)
    return start is not None and has_headers(source.head[start.end() :])


def parts(source: SourceFile) -> Iterator[ParsedDocument | UnreadPart]:
    """The messages; their part is their number. One that cannot be read is `Unread`, the others follow."""
    for number, raw in enumerate(_split(source), start=1):
        if len(raw) > MAX_MAIL:
            yield UnreadPart(str(number), f"a message of more than {MAX_MAIL:,} bytes", "export it by itself")
            continue
        try:
            messages = list(read_messages(open_message(raw)))
        except NotText as error:
            yield UnreadPart(str(number), str(error), getattr(error, "hint", "export it again"))
            continue
        for inner, message in enumerate(messages):
            yield message._replace(part=f"{number}.{inner}" if inner else str(number))


def _split(source: SourceFile) -> Iterator[bytes]:
    """The bytes of each message; of one that is too large, enough to tell that it is."""
    source.file.seek(0)
    lines: list[bytes] = []
    size, after_blank, in_message, line_complete = 0, True, False, True
    while line := source.file.readline(MAX_LINE):
        if line_complete and after_blank and _FROM.match(line):
            if in_message:
                yield b"".join(lines)
            lines, size, in_message = [], 0, True
        elif in_message and size <= MAX_MAIL:
            lines.append(line[1:] if line_complete and _QUOTED.match(line) else line)
            size += len(line)
        after_blank = line in (b"\n", b"\r\n")
        line_complete = line.endswith(b"\n")
    if in_message:
        yield b"".join(lines)
