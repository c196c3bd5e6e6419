"""The only door to matplotlib: a bare canvas, and SVG that a page can take as its own.

Text stays text and takes the page's font and colours, so that a figure is right in light, in dark and
on paper; ids are made unique; no style sheet leaks from a figure into the page.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.display.palette import INK, LINE, PAPER, QUIET

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

WIDTH = 4.7  # inches = 451 px; at 5.2 the small text was under 9 px high on a phone of 400 px
TEXT, SMALL = 10.5, 9.5  # points
_MOST_LETTERS = 400  # that are measured: of the narrowest, 130 fill a line

_STYLE: Any = {
    "svg.fonttype": "none", "svg.hashsalt": "workbench", "font.family": "DejaVu Sans", "font.size": TEXT,
    "axes.edgecolor": LINE, "axes.labelcolor": QUIET, "axes.labelsize": SMALL, "text.color": INK,
    "xtick.color": QUIET, "ytick.color": QUIET, "xtick.labelsize": SMALL, "ytick.labelsize": SMALL,
    "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False, "xtick.major.size": 3,
    "ytick.major.size": 0, "figure.facecolor": "none", "axes.facecolor": "none", "savefig.facecolor": "none",
    "axes.unicode_minus": True, "lines.solid_capstyle": "round", "text.parse_math": False,
}  # fmt: skip
_PAGE_COLOURS = {
    INK: "currentColor", QUIET: "var(--wb-quiet, #757576)", PAPER: "var(--wb-paper, #fff)",
    LINE: "var(--wb-line, #b9babb)",
}  # fmt: skip


@contextmanager
def canvas(height: float, width: float = WIDTH) -> Iterator[tuple[Drawing, Axes]]:
    """A drawing of `height` inches with one pair of axes, in the house style; closed at the end."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Drawing

    with matplotlib.rc_context(_STYLE):
        drawing = Drawing(figsize=(width, height))
        FigureCanvasSVG(drawing)
        axes = drawing.add_axes((0.0, 0.0, 1.0, 1.0))
        yield drawing, axes
        kept = _kept.get()
        if kept is None:
            drawing.clear()
        else:
            kept.append(drawing)


_kept: ContextVar[list[Drawing] | None] = ContextVar("kept", default=None)


@contextmanager
def capture_figures() -> Iterator[list[Drawing]]:
    """Collect what is drawn inside the block as matplotlib figures, instead of clearing it once it is an SVG."""
    drawings: list[Drawing] = []
    token = _kept.set(drawings)
    try:
        yield drawings
    finally:
        _kept.reset(token)


def save_drawing(drawing: Drawing, path: Path, metadata: Mapping[str, str]) -> None:
    """Write a drawing as png, svg or pdf, by the suffix, in the house style on white, with what it says of itself."""
    import matplotlib

    kind = path.suffix.removeprefix(".").lower()
    if kind == "svg":
        said = {"Title": metadata["Title"], "Description": metadata["Description"], "Date": None}
    elif kind == "pdf":
        said = {"Title": metadata["Title"], "Subject": metadata["Description"], "CreationDate": None}
    else:
        said = dict(metadata)
    with matplotlib.rc_context(_STYLE):
        drawing.savefig(
            path, format=kind, metadata=said, bbox_inches="tight", pad_inches=0.15, facecolor="white", dpi=200
        )


def number_ticks(axes: Axes, label: Callable[[float], str]) -> None:
    """About five round numbers below the axes, written by `label`; zero is always "0"."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: label(value) if value else "0"))


def date_ticks(axes: Axes, first: date, last: date) -> list[float]:
    """Where two to five dates stand between two dates, in days since 1970; the axes write them in short."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    dates: Any = AutoDateLocator  # matplotlib leaves both untyped
    labels: Any = ConciseDateFormatter
    locator = dates(minticks=2, maxticks=5)
    axes.xaxis.set_major_formatter(labels(locator, show_offset=False))
    return list(locator.tick_values(first, last))


def to_svg(drawing: Drawing, alt: str) -> str:
    """The drawing as SVG for a page: `alt` is what a screen reader says instead of it."""
    import matplotlib

    buffer = io.StringIO()
    with matplotlib.rc_context(_STYLE):
        drawing.savefig(
            buffer,
            format="svg",
            metadata={"Date": None, "Creator": None},
            bbox_inches="tight",
            pad_inches=0.04,
        )
    return page_svg(buffer.getvalue(), alt)


def page_svg(svg: str, alt: str) -> str:
    """Matplotlib's SVG made fit for a page: no prologue, metadata, style sheet or fixed size; unique ids."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", svg, flags=re.S)
    for colour, ours in _PAGE_COLOURS.items():
        svg = re.sub(re.escape(colour), ours, svg, flags=re.I)
    svg = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px", svg)
    svg = re.sub(r"font-family: [^;\"]*;? ?", "", svg)
    view = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert view is not None, "matplotlib wrote an SVG without a viewBox"
    mark = "f" + hashlib.sha256((svg + alt).encode()).hexdigest()[:8]
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{mark}-\1"', svg)
    svg = re.sub(r'(url\(#|href="#)', rf"\g<1>{mark}-", svg)
    width, height = (float(part) * 4 / 3 for part in view.groups())  # points to pixels
    head = (
        f'<svg role="img" aria-label="{escape(alt)}" viewBox="{view[0][9:-1]}" width="{width:.0f}" '
        f'height="{height:.0f}" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'stroke-linejoin="round" stroke-linecap="butt">'
    )
    lines = map(str.strip, svg[svg.index(">") + 1 :].split("\n"))
    return head + " ".join(filter(None, lines))


def fitting(text: str, width: float, size: float) -> str:
    """As much of a text as fits into `width` inches on one line, with "…" where it was cut.

    Halves what may be left, so that a text of a thousand words is measured a few times and never whole.
    """
    flat = " ".join(text.split())
    if len(flat) < _MOST_LETTERS and text_width(flat, size) <= width:
        return flat
    least, most = 0, min(len(flat), _MOST_LETTERS - 1)  # letters that fit, letters that may
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if text_width(_cut(flat, middle), size) <= width else (least, middle - 1)
    return _cut(flat, least)


def _cut(text: str, letters: int) -> str:
    return text[:letters].rstrip(" ,…") + "…"


@lru_cache(maxsize=4096)
def text_width(text: str, size: float) -> float:
    """Width of a text in inches, as measured with the widest of the fonts a page may use."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path
    from matplotlib.textpath import TextPath

    if not text.strip():
        return 0.0
    if len(text) > _MOST_LETTERS:  # wider than any page: its beginning says by how much, near enough
        return text_width(text[:_MOST_LETTERS], size) * len(text) / _MOST_LETTERS
    path: Any = TextPath((0, 0), text, prop=FontProperties(family="DejaVu Sans", size=size))
    # Its letters' outlines have a point wherever they turn, so the points say what get_extents finds out by
    # solving each curve: a fifth of the time of a report.
    across = path.vertices[path.codes != Path.CLOSEPOLY, 0]
    return float(across.max() - across.min()) / 72 if len(across) else 0.0
