"""Analyse the layout of PDF pages: rows, columns, running heads, line ends, by geometry and recurrence.

Lengths are points (1/72 inch), y grows upwards. A row is what stands on one line; a row is cut where a gap
is too wide for a space; columns are found from the cuts, and each is read down before the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from workbench.read.office.paragraphs import clean


class PdfLine(NamedTuple):
    """A line of one column: its text and box."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        """Height of its letters, never 0."""
        return max(self.top - self.bottom, 1.0)


WORD_GAP = 0.12  # of the letters' height: a narrower gap between two pieces is inside a word (kerning)
CUT = 0.9  # of the letters' height: a wider gap is no space between words; `pdf_pages.GAP` is the same


def rows(pieces: Sequence[Sequence[Any]]) -> list[list[PdfLine]]:
    """The rows of a page from the top, each cut at wide gaps; raised marks go with the line they stand on."""
    waiting = sorted(
        (PdfLine(clean(piece[0])[0].strip(), *piece[1:5]) for piece in pieces), key=lambda line: -line.bottom
    )
    row_list: list[list[PdfLine]] = []
    for line in waiting:
        for row in row_list[-3:]:
            if _overlap(row[0], line) > 0.5 * min(row[0].height, line.height):
                row.append(line)
                break
        else:
            row_list.append([line])
    row_list.sort(key=lambda row: -max(line.bottom for line in row))
    return [_joined(sorted(row, key=lambda line: line.left)) for row in row_list]


def _overlap(first: PdfLine, second: PdfLine) -> float:
    return min(first.top, second.top) - max(first.bottom, second.bottom)


def _joined(row: Sequence[PdfLine]) -> list[PdfLine]:
    """A row with its pieces joined where no wide gap parts them."""
    joined: list[PdfLine] = []
    for line in row:
        if joined and line.left - joined[-1].right <= CUT * max(line.height, joined[-1].height):
            joined[-1] = _beside(joined[-1], line)
        else:
            joined.append(line)
    return joined


def _beside(first: PdfLine, second: PdfLine) -> PdfLine:
    gap = second.left - first.right
    space = " " if gap > WORD_GAP * max(first.height, second.height) else ""
    tall = first if first.right - first.left >= second.right - second.left else second
    return PdfLine(
        first.text + space + second.text, first.left, tall.bottom, max(first.right, second.right), tall.top
    )


MIN_NUMBERED = 8  # rows in a row that count up: transcripts of hearings number 24 to 28 lines a page


def without_numbers(page_rows: list[list[PdfLine]]) -> tuple[list[list[PdfLine]], int]:
    """The rows without the numbers of lines in their margin, and how many there were."""
    numbered = [
        (index, int(row[0].text))
        for index, row in enumerate(page_rows)
        if row[0].text.isascii() and row[0].text.isdigit() and len(row[0].text) < 4
    ]
    counting = {
        index
        for ordered in (numbered, numbered[::-1])
        for (index, number), (_, following) in pairwise(ordered)
        if abs(following - number) == 1
    }
    if len(counting) < max(MIN_NUMBERED, len(page_rows) // 2):
        return page_rows, 0
    remaining = [row[1:] if index in counting else row for index, row in enumerate(page_rows)]
    return [row for row in remaining if row], len(counting)


# ---------------------------------------------------------------- columns

MIN_COLUMN = 4  # lines; fewer beside each other are a letterhead or a row of signatures
MIN_PROSE = 18  # letters in the middle line of a column of prose; table cells and speaker labels are shorter
MIN_FILLED = 0.55  # of the column's width, by its middle line: prose fills its lines
STEP = 3.0  # points between the places at which a gutter is looked for; the narrowest is about 10


def regions(page_rows: Sequence[Sequence[PdfLine]]) -> list[list[PdfLine]]:
    """The lines of a page in reading order, in stretches that are read down one after another."""
    lines = [line for row in page_rows for line in row]
    gutter = _gutter(lines)
    if gutter is None:
        return [[_row(row) for row in page_rows]] if page_rows else []
    ordered: list[list[PdfLine]] = []
    band: list[list[PdfLine]] = []
    across: list[list[PdfLine]] = []
    for row in page_rows:
        if any(line.left < gutter < line.right for line in row):
            ordered += _halves(band, gutter)
            band = []
            across.append(list(row))
        else:
            ordered += [[_row(line) for line in across]] if across else []
            across = []
            band.append(list(row))
    ordered += [[_row(line) for line in across]] if across else []
    return ordered + _halves(band, gutter)


def _halves(band: Sequence[Sequence[PdfLine]], gutter: float) -> list[list[PdfLine]]:
    """The stretches left of the gutter, then those right of it."""
    left = [side for row in band if (side := [line for line in row if line.right <= gutter])]
    right = [side for row in band if (side := [line for line in row if line.left >= gutter])]
    return regions(left) + regions(right)


def _row(row: Sequence[PdfLine]) -> PdfLine:
    joined = row[0]
    for line in row[1:]:
        joined = PdfLine(
            f"{joined.text} {line.text}",
            joined.left,
            min(joined.bottom, line.bottom),
            line.right,
            max(joined.top, line.top),
        )
    return joined


def _gutter(lines: Sequence[PdfLine]) -> float | None:
    """Where a column of prose ends and another begins beside it; None on a page of one column."""
    if len(lines) < 2 * MIN_COLUMN:
        return None
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    best, best_count = None, 0
    for number in range(int(0.15 * (right - left) / STEP), int(0.85 * (right - left) / STEP) + 1):
        position = left + number * STEP
        before = [line for line in lines if line.right <= position]
        after = [line for line in lines if line.left >= position]
        across = len(lines) - len(before) - len(after)
        points = min(len(before), len(after)) - across
        if points > best_count and _is_prose(before) and _is_prose(after):
            best, best_count = position, points
    return best


def _is_prose(lines: Sequence[PdfLine]) -> bool:
    if len(lines) < MIN_COLUMN or median(len(line.text) for line in lines) < MIN_PROSE:
        return False
    width = max(line.right for line in lines) - min(line.left for line in lines)
    return median(line.right - line.left for line in lines) >= MIN_FILLED * width


# ---------------------------------------------------------------- running heads and page numbers

EDGE_ROWS = 3  # rows at the head or foot of a page that may be furniture: publication, section, number
NEAR_PAGES = 4  # to either side: heads change with the chapter, and alternate between left and right pages
MIN_PAGES = 3  # of those nine that must show it at the same height; two chance repeats occur in transcripts
APART = 1.15  # of the usual distance of rows: furniture stands further from the text, or counts pages
SAME_PLACE = 8.0  # points by which its height may differ


class _Edge(NamedTuple):
    """A row at the edge of a page, with its digits made equal."""

    key: str
    bottom: float
    number: int | None


def find_edges(pages: Sequence[Sequence[Sequence[PdfLine]]]) -> list[set[int]]:
    """For each page the numbers of its rows that are furniture: what recurs, and numbers that count pages."""
    edges = [{number: _edge(row) for number, row in _outer(page)} for page in pages]
    steps = [above[0].bottom - row[0].bottom for page in pages for above, row in pairwise(page)]
    min_gap = APART * median(steps or [0.0])
    return [_of_page(edges, number, page, min_gap) for number, page in enumerate(pages)]


def _outer(page: Sequence[Sequence[PdfLine]]) -> Iterator[tuple[int, Sequence[PdfLine]]]:
    numbers = sorted({*range(min(EDGE_ROWS, len(page))), *range(max(0, len(page) - EDGE_ROWS), len(page))})
    return ((number, page[number]) for number in numbers)


def _edge(row: Sequence[PdfLine]) -> _Edge:
    text = " ".join(line.text for line in row).casefold()
    numbers = re.findall(r"\d+", text)
    key = " ".join(re.sub(r"\d+", "#", text).split())
    alone = len(numbers) in (1, 2) and re.fullmatch(r"\W*(?:page|p\.?)?\W*#(?:\W|of|from)*#?\W*", key)
    return _Edge(key, row[0].bottom, int(numbers[0][:9]) if alone else None)


def _of_page(
    edges: Sequence[Mapping[int, _Edge]], page: int, page_rows: Sequence[Sequence[PdfLine]], min_gap: float
) -> set[int]:
    """From either edge inwards, as far as the rows recur and stand apart from what follows them."""
    edge_rows: set[int] = set()
    count = len(page_rows)
    for order in (range(min(EDGE_ROWS, count)), range(count - 1, max(-1, count - 1 - EDGE_ROWS), -1)):
        run: list[int] = []
        for number in order:
            if number in edge_rows or not _recurs(edges, page, edges[page][number]):
                break
            run.append(number)
        step = order.step
        while run and 0 <= run[-1] + step < count and edges[page][run[-1]].number is None:
            if abs(page_rows[run[-1]][0].bottom - page_rows[run[-1] + step][0].bottom) > min_gap:
                break
            run.pop()
        edge_rows.update(run)
    return edge_rows


def _recurs(edges: Sequence[Mapping[int, _Edge]], page: int, edge: _Edge) -> bool:
    nearby_pages = range(max(0, page - NEAR_PAGES), min(len(edges), page + NEAR_PAGES + 1))
    same = [
        (number, other)
        for number in nearby_pages
        for other in edges[number].values()
        if other.key == edge.key and abs(other.bottom - edge.bottom) <= SAME_PLACE
    ]
    page_count = len({number for number, _ in same})
    if edge.number is not None and any(
        other.number is not None and number != page and other.number - edge.number == number - page
        for number, other in same
    ):
        return True
    return page_count >= MIN_PAGES or (page_count == len(edges) == 2 and len(edge.key) > 10)
