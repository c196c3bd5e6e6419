"""The child process that opens a PDF: its pieces of text with their places, as JSON on standard output.

Run as a program, with the PDF on standard input, so that what no check can foresee in a PDF (a million
objects, a page that draws itself ten times over at thirty levels) ends with this process and its bounds:
see `pdf.py`, which starts it. The only door to pypdfium2. Imports nothing of ours.
"""

from __future__ import annotations

import ctypes
import json
import math
import sys
from collections import Counter
from typing import Any, NamedTuple

LOCKED = 4  # FPDF_ERR_PASSWORD
SLOPE = 0.1  # quarter turns; text that stands aslant is a stamp or a label of a drawing
SAME_LINE = 0.3  # of the height of a letter: baselines nearer than this are one line
# Widths of a letter's height: a gap between words is below 0.5 even in justified text, the gutter between two
# columns above 1.0.
GAP = 0.9


class TextObject(NamedTuple):
    """Characters that follow one another on a line: text, left, bottom, right, top in points."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


def main() -> None:
    """Answer one PDF: {"pages": n, …properties} or {"error": code}, then one line for each page."""
    most_pages, *bounds = map(int, sys.argv[1:])
    bound(*bounds)
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

    raw = sys.stdin.buffer.read()
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(raw, len(raw), None)
    if not document:
        write({"error": pdfium.FPDF_GetLastError()})
        return
    count = pdfium.FPDF_GetPageCount(document)
    write({"pages": count, **properties(pdfium, document)})
    if count <= most_pages:
        for number in range(count):
            write(page(pdfium, document, number))


def write(value: object) -> None:
    """One line of JSON."""
    sys.stdout.write(json.dumps(value) + "\n")


def bound(memory: int, seconds: int, output: int) -> None:
    """Hold this process to bytes of memory, seconds of work and bytes of output, where the system can."""
    try:
        import resource
    except ImportError:
        return  # Windows: the bound on time that `pdf.py` keeps stands alone
    for kind, most in (
        (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_FSIZE, output),
        (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):
            continue  # a lower bound is set already, or the system has none of this kind


def properties(pdfium: Any, document: Any) -> dict[str, str]:
    """Title, Author and CreationDate as the document states them."""
    stated = {}
    for key in ("Title", "Author", "CreationDate"):
        size = min(pdfium.FPDF_GetMetaText(document, key.encode(), None, 0), 4_096)
        if size > 2:
            buffer = ctypes.create_string_buffer(size)
            pdfium.FPDF_GetMetaText(document, key.encode(), buffer, size)
            stated[key] = buffer.raw[: size - 2].decode("utf-16-le", errors="replace").rstrip("\0")
    return stated


def page(pdfium: Any, document: Any, number: int) -> dict[str, Any]:
    """The pieces of one page, and what stands turned on it; `images` counts pictures where it has no text."""
    loaded = pdfium.FPDF_LoadPage(document, number)
    if not loaded:
        return {"pieces": [], "turned": [], "images": 0, "broken": True}
    text = pdfium.FPDFText_LoadPage(loaded)
    upright, turned = pieces(pdfium, text) if text else ([], [])
    images = 0 if upright else count_images(pdfium, loaded)
    if text:
        pdfium.FPDFText_ClosePage(text)
    pdfium.FPDF_ClosePage(loaded)
    return {"pieces": upright, "turned": turned, "images": images, "broken": False}


def count_images(pdfium: Any, loaded: Any) -> int:
    """How many pictures are among the first hundred objects of a page."""
    count = min(pdfium.FPDFPage_CountObjects(loaded), 100)
    kinds = [pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(loaded, n)) for n in range(count)]
    return kinds.count(pdfium.FPDF_PAGEOBJ_IMAGE)


def quarter(pdfium: Any, text: Any, index: int) -> int | None:
    """By how many quarter turns a character is turned, as its angle runs; None when it stands aslant."""
    angle = pdfium.FPDFText_GetCharAngle(text, index) / (math.pi / 2)
    return round(angle) % 4 if abs(angle - round(angle)) < SLOPE else None


def main_quarter(pdfium: Any, text: Any, count: int) -> int:
    """The turn of most of the page's characters: 0, but for a page that lies on its side."""
    sample = range(0, count, max(1, count // 200))
    quarters = Counter(quarter(pdfium, text, index) for index in sample)
    quarters.pop(None, None)
    return quarters.most_common(1)[0][0] if quarters else 0  # type: ignore[return-value]


def pieces(pdfium: Any, text: Any) -> tuple[list[TextObject], list[str]]:
    """The characters of a page joined to pieces (same line, moving right, no wide gap); the turned ones apart."""
    count = pdfium.FPDFText_CountChars(text)
    turn = main_quarter(pdfium, text, count)
    box = pdfium.FS_RECTF()
    objects: list[TextObject] = []
    turned: list[str] = []
    letters: list[str] = []
    sizes: Counter[tuple[float, float]] = Counter()
    left = bottom = right = 0.0
    is_separate = False
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(text, index)
        letter = "-" if code in (2, 0xFFFE) else chr(code) if 0 < code < 0x110000 else "\ufffd"
        if letter in "\r\n":
            continue  # pdfium's own guess at lines; ours goes by the places
        if letter.isspace() or not pdfium.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box)):
            letters += letter if letters else ""
            continue
        x0, y0, x1, y1 = upright(turn, box.left, box.bottom, box.right, box.top)
        high = max(y1 - y0, 1.0)
        if letters and abs(y0 - bottom) <= SAME_LINE * high and -high <= x0 - right <= GAP * high:
            right = max(x1, right)
        else:
            aside = quarter(pdfium, text, index) != turn
            if not (aside and is_separate and letters):
                add_text_object(objects, turned, is_separate, letters, left, right, sizes)
                letters, is_separate = [], aside
                sizes = Counter()
            left, bottom, right = x0, y0, x1
        sizes[round(y0, 1), round(y1, 1)] += 1
        letters.append(letter)
    add_text_object(objects, turned, is_separate, letters, left, right, sizes)
    return objects, turned


def upright(
    turn: int, left: float, bottom: float, right: float, top: float
) -> tuple[float, float, float, float]:
    """A box as it lies once the page is turned back; `turn` runs clockwise, as pdfium's angles do."""
    if turn == 1:
        return -top, left, -bottom, right
    if turn == 2:
        return -right, -top, -left, -bottom
    return (bottom, -right, top, -left) if turn == 3 else (left, bottom, right, top)


def add_text_object(
    objects: list[TextObject], turned: list[str], is_separate: bool, letters: list[str], left: float, right: float,
    sizes: Counter[tuple[float, float]],
) -> None:  # fmt: skip
    """Put what was joined where it belongs; as high as most of its letters are."""
    if is_separate and letters:
        turned.append("".join(letters))
    elif letters:
        bottom, top = sizes.most_common(1)[0][0]
        objects.append(TextObject("".join(letters), round(left, 1), bottom, round(right, 1), top))


if __name__ == "__main__":
    main()
