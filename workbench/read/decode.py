"""Decode bytes to text: detect the encoding, normalise line ends, repair mojibake, and report each repair.

Only what is clearly wrong is mended; what is merely odd stays. The only door to charset-normalizer
and ftfy.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple


class Decoded(NamedTuple):
    """A text with the name of its encoding and what was mended, in words."""

    text: str
    encoding: str
    repairs: tuple[str, ...]


class NotText(ValueError):
    """The bytes are no text; the message says why."""


_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MARKS = tuple(mark for mark, _ in _BOMS)  # what the encodings of Unicode put before a text
_CONTROL = bytes((*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)))
_HIGH = re.compile(rb"[\x80-\xff]")
_LETTER = re.compile(rb"[A-Za-z\x80-\xff]")
_HEAD = 65_536  # bytes looked at to tell an encoding: enough letters, and flat in time for a large file
# A text in Latin letters has 0-12 % accented letters, one in Cyrillic over 90 %; anything between is safe.
MOSTLY_HIGH = 0.4
# A judgement, not swept: a text cut from a database has a stray control byte here and there, in the bytes of a
# program or a picture one in ten is one (26 of the 256 values).
MAX_CONTROL = 0.01
MAX_BROKEN = 0.005  # share of bytes that may break UTF-8 before it is taken for another encoding
_FIRST = "\u00c2\u00c3\u00c5\u00e2\u00d0\u00d1\u00ef"  # what the first byte of a letter becomes in mojibake
_MOJIBAKE = re.compile(rf"[{_FIRST}][\u0080-\u00ff\u0152-\u0178\u02c6\u02dc\u2013-\u2122]")


def decode(raw: bytes) -> Decoded:
    """Decode `raw` to text, with line feeds as its only line ends and clear mojibake mended.

    Raises NotText for bytes that are no text. The text has no null characters: each becomes U+FFFD.
    """
    text, encoding, repairs = _decode(raw)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        repairs.append(f"{text.count(chr(0))} null characters shown as \N{REPLACEMENT CHARACTER}")
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    text, mended = mend_mojibake(text)
    if mended:
        repairs.append(
            f"mojibake mended in {mended} lines (text that had been decoded with the wrong encoding)"
        )
    return Decoded(text, encoding, tuple(repairs))


def _decode(raw: bytes) -> tuple[str, str, list[str]]:
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            text = raw[len(bom) :].decode(encoding, errors="replace")
            return text, encoding, _losses(text, encoding)
    if wide := _wide(raw):
        text = raw.decode(wide, errors="replace")
        return text, wide, [f"read as {wide}, which it does not state", *_losses(text, wide)]
    refuse_binary(raw)
    try:
        return raw.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError:
        return _decode_other(raw)


def refuse_binary(raw: bytes) -> None:
    """Raise NotText when the head of `raw` is no text in any encoding of one byte or UTF-8."""
    head = raw[:_HEAD]
    control = len(head) - len(head.translate(None, _CONTROL))
    if control > MAX_CONTROL * max(len(head), 100):
        raise NotText(f"binary content ({control} control bytes in the first {len(head)})")


def _wide(raw: bytes) -> str | None:
    """UTF-16 without a byte order mark: nearly every other byte of Latin or Cyrillic text is 0 or 4."""
    head = raw[: _HEAD // 8]
    if len(head) < 4 or len(raw) % 2 or (b"\0" not in head and b"\4" not in head):
        return None
    even, odd = head[::2], head[1::2]
    for encoding, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        filled = sum(high.count(byte) for byte in (0, 4))
        if filled > 0.7 * len(high) and low.count(0) < 0.05 * len(low):
            return encoding
    return None


def _decode_other(raw: bytes) -> tuple[str, str, list[str]]:
    """Text that is not UTF-8: broken UTF-8, or an encoding of one byte."""
    lenient = raw.decode("utf-8", errors="replace")
    broken = lenient.count("\N{REPLACEMENT CHARACTER}")
    readable = len(re.findall(r"[^\x00-\x7f\ufffd]", lenient[:_HEAD]))
    if broken <= max(1, MAX_BROKEN * len(raw)) and readable > 4 * broken:
        return lenient, "utf-8", [f"{broken} damaged characters shown as \N{REPLACEMENT CHARACTER}"]
    encoding = _one_byte(raw[:_HEAD])
    text = raw.decode(encoding, errors="replace")
    return text, encoding, [f"read as {encoding}, which it does not state", *_losses(text, encoding)]


def _one_byte(head: bytes) -> str:
    letters, high = len(_LETTER.findall(head)), len(_HIGH.findall(head))
    if high > MOSTLY_HIGH * max(letters, 1):
        return _non_latin(head)
    if any(byte in head for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)):  # not in cp1252
        return "latin-1"
    return "cp1252"


def _non_latin(head: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(head, cp_isolation=["cp1251", "koi8_r", "cp866", "cp1253", "cp1255", "cp1256"]).best()
    return best.encoding if best is not None else "cp1251"


def _losses(text: str, encoding: str) -> list[str]:
    lost = text.count("\N{REPLACEMENT CHARACTER}")
    return [f"{lost} characters damaged in {encoding}"] if lost else []


def mend_mojibake(text: str) -> tuple[str, int]:
    """Repair clear mojibake in `text`; also the number of lines changed. The number of lines stays.

    Works line by line, since pages mix sound lines with damaged ones; a line changes only where ftfy's
    own test calls it bad and its mended form good.
    """
    # most texts with curly quotes have none of the seven, which `in` finds out ten times as fast
    if text.isascii() or not any(map(text.__contains__, _FIRST)) or not _MOJIBAKE.search(text):
        return text, 0
    from ftfy import fix_encoding
    from ftfy.badness import is_bad

    lines, mended = text.split("\n"), 0
    for number, line in enumerate(lines):
        if not line.isascii() and _MOJIBAKE.search(line) and is_bad(line):
            better = fix_encoding(line)
            if better != line and "\n" not in better and not is_bad(better):
                lines[number], mended = better, mended + 1
    return "\n".join(lines), mended
