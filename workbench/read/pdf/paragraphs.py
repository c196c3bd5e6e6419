"""Join the lines of PDF pages to paragraphs: by distance, indent, size and room at the line's end; hyphens joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from workbench.read.pdf.layout import PdfLine, find_edges, regions, rows, without_numbers

WIDE = 1.35  # of the usual distance of two lines: a wider one parts paragraphs
HEADING = 1.15  # of the height of the text's letters: larger ones are a heading
SMALL = 0.9  # smaller ones at the foot of a column are its notes
OTHER_SIZE = 1.2  # the heights of two lines of a paragraph differ by less, italics and symbols included
SAME_SIZE = 0.97  # of the largest letters on the first page: a title, however many lines it has
INDENT = 0.7  # of the letters' height
MIN_BLOCK = 3  # lines, and the share of their width that the middle one fills, from which they are prose
FILLED = 0.85
MAX_HEADING = 250  # characters
_BULLET = re.compile(
    r"[\u2022\u25aa\u25cf\u25e6\u2023\u2043\uf0b7*]\s|[-\u2013\u2014]\s|\(?(?:\d{1,2}|[a-z])[.)]\s"
)
_ENDED = re.compile(r"[.!?:;]['\"\u2019\u201d)\]]*\d{0,3}$")


_NOTE = re.compile(r"\W?(?:\d{1,3}|[*\u2020\u2021\u00a7])\W?(?=\s?\w)")
_LEADERS = re.compile(r"(?:\. ?){5,}\s*\w+$")  # a line of a table of contents


def find_paragraphs(pages: Sequence[Mapping[str, Any]], repairs: list[str]) -> Iterator[tuple[str, str]]:
    """The paragraphs of a document with their hints: heading, running, note. What was mended is added to `repairs`.

    A running head or note that falls into a paragraph comes behind it.
    """
    numbered = [without_numbers(rows(page["pieces"])) for page in pages]
    page_rows = [page for page, _ in numbered]
    lines = [line for page in page_rows for row in page for line in row]
    heights = [line.height for row in page_rows[0] for line in row] if page_rows else []
    flow = _Flow(lines, SAME_SIZE * max(heights, default=0.0))
    for number, (page, edges) in enumerate(zip(page_rows, find_edges(page_rows), strict=True)):
        edge_texts = [(n, " ".join(line.text for line in row)) for n, row in enumerate(page) if n in edges]
        flow.waiting += [(text, "running") for n, text in edge_texts if n < len(page) / 2]
        for region in regions([row for n, row in enumerate(page) if n not in edges]):
            yield from flow.region(region, number)
        flow.waiting += [(text, "running") for n, text in edge_texts if n >= len(page) / 2]
        flow.waiting += [(text, "running") for text in pages[number]["turned"]]
    yield from flow.close()
    if count := sum(count for _, count in numbered):
        repairs.append(f"{count} numbers of lines in the margin left out")
    if flow.hyphens.joined:
        repairs.append(f"{flow.hyphens.joined} words joined that a hyphen had cut at a line end")


class _Flow:
    """The paragraph that is being read, and what waits until it has ended; `title` is a title's least height."""

    def __init__(self, lines: Sequence[PdfLine], title: float) -> None:
        self.hyphens = Hyphens(lines)
        self.waiting: list[tuple[str, str]] = []
        self._body = _body_height(lines)
        self._title = title
        self._open: list[PdfLine] = []
        self._hint = ""

    def region(self, lines: list[PdfLine], page: int) -> Iterator[tuple[str, str]]:
        """Read a stretch of lines; its first may go on with the paragraph that is open."""
        text, notes = _without_notes(lines, self._body)
        shape = _Shape.of(text)
        for number, line in enumerate(text):
            if number:
                goes_on = shape.goes_on(number, self._body, len(self._open) == 1)
            else:
                goes_on = bool(self._open) and _spans(self._open[-1], line)
            if not goes_on:
                yield from self.close()
                self._hint = self._hint_of(line, page)
            self._open.append(line)
        self.waiting += [(note, "note") for note in self._notes(notes)]

    def _hint_of(self, line: PdfLine, page: int) -> str:
        if line.height < HEADING * self._body or len(line.text) > MAX_HEADING:
            return ""
        return "heading title" if page == 0 and line.height >= self._title else "heading"

    def close(self) -> Iterator[tuple[str, str]]:
        """End the open paragraph, and let out what waited."""
        if self._open:
            yield self.hyphens.join([line.text for line in self._open]), self._hint
        yield from self.waiting
        self._open, self.waiting = [], []

    def _notes(self, lines: Sequence[PdfLine]) -> Iterator[str]:
        texts: list[str] = []
        for line in lines:
            if texts and _NOTE.match(line.text):
                yield self.hyphens.join(texts)
                texts = []
            texts.append(line.text)
        if texts:
            yield self.hyphens.join(texts)


def _body_height(lines: Sequence[PdfLine]) -> float:
    """Height of the letters that most of the text is set in."""
    weights: Counter[float] = Counter()
    for line in lines:
        weights[round(line.height, 1)] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 1.0


def _without_notes(region: list[PdfLine], body: float) -> tuple[list[PdfLine], list[PdfLine]]:
    """The lines of a stretch, and the smaller ones at its foot when they stand below text of full size."""
    notes_start = len(region)
    while notes_start and region[notes_start - 1].height <= SMALL * body:
        notes_start -= 1
    while notes_start < len(region) and not _NOTE.match(region[notes_start].text):
        notes_start += 1
    if not notes_start or notes_start == len(region):
        return region, []
    return region[:notes_start], region[notes_start:]


class _Shape(NamedTuple):
    """A stretch of lines with what is usual in it: the distance of lines, and for each its right edge."""

    lines: Sequence[PdfLine]
    rights: Sequence[float]
    leading: float

    @classmethod
    def of(cls, lines: Sequence[PdfLine]) -> _Shape:
        """The shape of `lines`."""
        if not lines:
            return cls((), (), 0.0)
        steps = [above.bottom - line.bottom for above, line in pairwise(lines)]
        line_steps = [step for step in steps if 0 < step < 2.5 * lines[0].height]
        leading = sorted(line_steps)[len(line_steps) // 3] if line_steps else 1.3 * lines[0].height
        return cls(lines, _rights(lines, steps, WIDE * leading), leading)

    def goes_on(self, number: int, body: float, is_first: bool) -> bool:
        """Whether a line is of the same paragraph as the one above, which is the first of it if `is_first`."""
        above, line = self.lines[number - 1], self.lines[number]
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
        return not _would_fit(above, line, self.rights[number])


def _rights(lines: Sequence[PdfLine], steps: Sequence[float], wide: float) -> list[float]:
    """The right edge each line may reach: of its own block where that is filled like prose, else of all."""
    common = _edge(lines)
    rights: list[float] = []
    first = 0
    for number, step in enumerate([*steps, wide + 1]):
        if 0 < step <= wide:
            continue
        block = lines[first : number + 1]
        edge, left = _edge(block), min(line.left for line in block)
        filled = len(block) >= MIN_BLOCK and median(line.right for line in block) - left >= FILLED * (
            edge - left
        )
        rights += [edge if filled else common] * len(block)
        first = number + 1
    return rights


def _edge(lines: Sequence[PdfLine]) -> float:
    rights = sorted(line.right for line in lines)
    return rights[int(0.95 * (len(rights) - 1))]


def _would_fit(above: PdfLine, line: PdfLine, edge: float) -> bool:
    """Whether the first word of `line` had room above: then the line was ended on purpose."""
    word = line.text.split(" ", 1)[0]
    width = (line.right - line.left) / max(len(line.text), 1) * (len(word) + 1)
    slack = 0.5 if _ENDED.search(above.text) else 2.0
    return above.right + width + slack * line.height < edge


def _spans(last: PdfLine, line: PdfLine) -> bool:
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

    def __init__(self, lines: Sequence[PdfLine]) -> None:
        self.joined = 0
        self._words = {word.casefold() for line in lines for word in self._WORD.findall(line.text)}

    def join(self, texts: Sequence[str]) -> str:
        """The lines as one text."""
        parts = [" ".join(texts[0].split())]
        for text in texts[1:]:
            following = " ".join(text.split())
            hyphenated = self._CUT.search(parts[-1][-60:])
            if hyphenated is None or not following[:1].isalpha():
                parts.append(following)
                continue
            stem, rest = hyphenated[1], re.match(r"\w+", following)
            assert rest is not None
            if self._keeps(stem, rest[0]):
                parts[-1] = parts[-1] + following
            else:
                parts[-1] = parts[-1][:-1] + following
                self.joined += 1
        return " ".join(parts)

    def _keeps(self, stem: str, rest: str) -> bool:
        """Whether the hyphen belongs to the word: the document says so elsewhere, or a name goes on."""
        if f"{stem}{rest}".casefold() in self._words:
            return False
        return f"{stem}-{rest}".casefold() in self._words or rest[0].isupper() or stem.isdigit()
