"""Lines of a PDF's pages to paragraphs: by distance, indent, size and room at the line's end; hyphens joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from workbench.read.pdf_layout import Line, find_edges, regions, rows

WIDE = 1.35  # of the usual distance of two lines: a wider one parts paragraphs
HEADING = 1.15  # of the height of the text's letters: larger ones are a heading
SMALL = 0.9  # smaller ones at the foot of a column are its notes
OTHER_SIZE = 1.2  # the heights of two lines of a paragraph differ by less, italics and symbols included
INDENT = 0.7  # of the letters' height
MAX_HEADING = 250  # characters
_BULLET = re.compile(
    r"[\u2022\u25aa\u25cf\u25e6\u2023\u2043\uf0b7*]\s|[-\u2013\u2014]\s|\(?(?:\d{1,2}|[a-z])[.)]\s"
)
_ENDED = re.compile(r"[.!?:;]['\"\u2019\u201d)\]]*\d{0,3}$")


_NOTE = re.compile(r"\W?(?:\d{1,3}|[*\u2020\u2021\u00a7])\W?(?=\s?\w)")
_LEADERS = re.compile(r"(?:\. ?){5,}\s*\w+$")  # a line of a table of contents


def find_paragraphs(pages: Sequence[Mapping[str, Any]], told: list[str]) -> Iterator[tuple[str, str]]:
    """The paragraphs of a document with their hints: heading, edge, note. What was mended is added to `told`.

    A running head or note that falls into a paragraph comes behind it.
    """
    found = [rows(page["pieces"]) for page in pages]
    lines = [line for page in found for row in page for line in row]
    flow = _Flow(lines)
    for number, (page, edges) in enumerate(zip(found, find_edges(found), strict=True)):
        apart = [(n, " ".join(line.text for line in row)) for n, row in enumerate(page) if n in edges]
        flow.waiting += [(text, "edge") for n, text in apart if n < len(page) / 2]
        for region in regions([row for n, row in enumerate(page) if n not in edges]):
            yield from flow.region(region, number)
        flow.waiting += [(text, "edge") for n, text in apart if n >= len(page) / 2]
        flow.waiting += [(text, "edge") for text in pages[number]["turned"]]
    yield from flow.close()
    if flow.hyphens.joined:
        told.append(f"{flow.hyphens.joined} words joined that a hyphen had cut at a line end")


class _Flow:
    """The paragraph that is being read, and what waits until it has ended."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.hyphens = Hyphens(lines)
        self.waiting: list[tuple[str, str]] = []
        self._body = _body_height(lines)
        self._open: list[Line] = []
        self._hint = ""

    def region(self, lines: list[Line], page: int) -> Iterator[tuple[str, str]]:
        """Read a stretch of lines; its first may go on with the paragraph that is open."""
        text, notes = _without_notes(lines, self._body)
        shape = _Shape.of(text)
        for number, line in enumerate(text):
            if number:
                goes_on = shape.goes_on(text[number - 1], line, self._body, len(self._open) == 1)
            else:
                goes_on = bool(self._open) and _spans(self._open[-1], line)
            if not goes_on:
                yield from self.close()
                self._hint = _hint(line, self._body, page)
            self._open.append(line)
        self.waiting += [(note, "note") for note in self._notes(notes)]

    def close(self) -> Iterator[tuple[str, str]]:
        """End the open paragraph, and let out what waited."""
        if self._open:
            yield self.hyphens.join([line.text for line in self._open]), self._hint
        yield from self.waiting
        self._open, self.waiting = [], []

    def _notes(self, lines: Sequence[Line]) -> Iterator[str]:
        texts: list[str] = []
        for line in lines:
            if texts and _NOTE.match(line.text):
                yield self.hyphens.join(texts)
                texts = []
            texts.append(line.text)
        if texts:
            yield self.hyphens.join(texts)


def _body_height(lines: Sequence[Line]) -> float:
    """Height of the letters that most of the text is set in."""
    weights: Counter[float] = Counter()
    for line in lines:
        weights[round(line.height, 1)] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 1.0


def _without_notes(region: list[Line], body: float) -> tuple[list[Line], list[Line]]:
    """The lines of a stretch, and the smaller ones at its foot when they stand below text of full size."""
    first = len(region)
    while first and region[first - 1].height <= SMALL * body:
        first -= 1
    while first < len(region) and not _NOTE.match(region[first].text):
        first += 1
    if not first or first == len(region):
        return region, []
    return region[:first], region[first:]


def _hint(line: Line, body: float, page: int) -> str:
    if line.height < HEADING * body or len(line.text) > MAX_HEADING:
        return ""
    return "heading title" if page == 0 and line.height >= 1.3 * body else "heading"


class _Shape(NamedTuple):
    """What is usual in a stretch of lines: its right edge, and the distance of its lines."""

    right: float
    leading: float

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _Shape:
        """The shape of `lines`."""
        if not lines:
            return cls(0.0, 0.0)
        rights = sorted(line.right for line in lines)
        steps = [above.bottom - line.bottom for above, line in pairwise(lines)]
        near = [step for step in steps if 0 < step < 2.5 * lines[0].height]
        leading = sorted(near)[len(near) // 3] if near else 1.3 * lines[0].height
        return cls(rights[int(0.95 * (len(rights) - 1))], leading)

    def goes_on(self, above: Line, line: Line, body: float, is_first: bool) -> bool:
        """Whether `line` is of the same paragraph as `above`, which is the first of it if `is_first`."""
        step = above.bottom - line.bottom
        high = max(above.height, line.height)
        if high / min(above.height, line.height) > OTHER_SIZE or step < -high:
            return False
        if above.height >= HEADING * body:
            return line.height >= HEADING * body and step <= 1.6 * high
        if _LEADERS.search(above.text):
            return False
        if step > max(WIDE * self.leading, self.leading + 0.3 * high) or _BULLET.match(line.text):
            return False
        indent = line.left - above.left
        if indent > INDENT * high and not (is_first and _BULLET.match(above.text)):
            return False
        if indent < -INDENT * high and not is_first:
            return False
        return not self._would_fit(above, line)

    def _would_fit(self, above: Line, line: Line) -> bool:
        """Whether the first word of `line` had room above: then the line was ended on purpose."""
        word = line.text.split(" ", 1)[0]
        width = (line.right - line.left) / max(len(line.text), 1) * (len(word) + 1)
        slack = 0.5 if _ENDED.search(above.text) else 2.0
        return above.right + width + slack * line.height < self.right


def _spans(last: Line, line: Line) -> bool:
    """Whether a paragraph goes on in the next column or on the next page: it had not ended, and this does not begin."""
    if max(last.height, line.height) / min(last.height, line.height) > 1.08:
        return False
    if last.text.endswith(("-", "\u00ad")) or line.text[:1].islower():
        return True
    return (
        not _ENDED.search(last.text)
        and not _BULLET.match(line.text)
        and last.right - last.left > 0
        and last.text[-1:].isalpha()
    )


class Hyphens:
    """Joins lines; at a hyphen it asks how the document itself writes the word elsewhere."""

    _CUT = re.compile(r"(\w+)[-\u00ad\u2010]$")
    _WORD = re.compile(r"\w+(?:[-\u2010]\w+)*")

    def __init__(self, lines: Sequence[Line]) -> None:
        self.joined = 0
        self._words = {word.casefold() for line in lines for word in self._WORD.findall(line.text)}

    def join(self, texts: Sequence[str]) -> str:
        """The lines as one text."""
        parts = [" ".join(texts[0].split())]
        for text in texts[1:]:
            following = " ".join(text.split())
            cut = self._CUT.search(parts[-1][-60:])
            if cut is None or not following[:1].isalpha():
                parts.append(following)
                continue
            head, tail = cut[1], re.match(r"\w+", following)
            assert tail is not None
            if self._keeps(head, tail[0]):
                parts[-1] = parts[-1] + following
            else:
                parts[-1] = parts[-1][:-1] + following
                self.joined += 1
        return " ".join(parts)

    def _keeps(self, head: str, tail: str) -> bool:
        """Whether the hyphen belongs to the word: the document says so elsewhere, or a name goes on."""
        if f"{head}{tail}".casefold() in self._words:
            return False
        return f"{head}-{tail}".casefold() in self._words or tail[0].isupper() or head.isdigit()
