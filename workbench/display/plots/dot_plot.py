"""Dots with intervals, one row an item, one dot a group: the figure for rates, means and shares.

The item's name stands above its dots, so that long names cost no width and a phone can show them.
Each dot carries its value. Hollow means too little data.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from workbench.display.canvas import SMALL, TEXT, WIDTH, canvas, number_ticks, text_width, to_svg
from workbench.display.formatting import number, short
from workbench.display.palette import (
    INK,
    LINE,
    OKABE_ITO,
    PAPER,
    QUIET,
    SHAPES,
    colour_of,
    fits,
    in_one_figure,
    shape_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME, DOT, SPACE = 0.21, 0.19, 0.11  # inches: a row's name, each of its dots, the room below
KEY_LINE = 0.24
GAP = 0.09  # between an interval and what is written beside it
BEHIND = {
    "facecolor": PAPER,
    "edgecolor": "none",
    "pad": 0.6,
}  # keeps the line at zero out of what is written
FAR = 2.5  # an interval may reach this many times beyond the largest value before it is cut with an arrow


class Dot(NamedTuple):
    """One value with its limits. `group` gives colour and shape; `said` is printed beside it."""

    group: str
    value: float
    low: float
    high: float
    solid: bool
    said: str
    colour: str = ""  # default: that of the group in this report
    shape: str = ""


class Row(NamedTuple):
    """An item and its dots; `name` may be empty when the dots name themselves."""

    name: str
    dots: Sequence[Dot]
    note: str = ""


def draw_dots(
    rows: Sequence[Row], axis: str, alt: str, *, span: tuple[float, float] | None = None,
    tick: Callable[[float], str] = short, bars: bool = False, named: bool = False,
) -> str:  # fmt: skip
    """SVG of the rows. `axis` names the unit below; `span` fixes the axis, which else starts at zero.

    With `named` rows are the groups themselves and need no key, and where there are more of them than colours
    all are drawn in the first colour; with `bars` the values are bars from zero without limits: parts of a whole that was counted.
    """
    groups = list(dict.fromkeys(dot.group for row in rows for dot in row.dots))
    shown_key = len(groups) > 1 and not named
    if named and not fits(groups):
        rows = [row._replace(dots=[_plain(dot) for dot in row.dots]) for row in rows]
    looks = in_one_figure(groups) if shown_key else {}
    if shown_key:
        rows = [row._replace(dots=[_as(dot, looks[dot.group]) for dot in row.dots]) for row in rows]
    heights = [(NAME if row.name else 0) + DOT * len(row.dots) + SPACE for row in rows]
    height = sum(heights) + 0.12
    with canvas(height) as (drawing, axes):
        low, reach = span or _span(rows)
        rows = [row._replace(dots=[_saying_more(dot, low, reach) for dot in row.dots]) for row in rows]
        high = _with_room(rows, low, reach)
        axes.set_xlim(low, high)
        axes.set_ylim(height, 0)
        axes.set_yticks([])
        _grid(axes, low, high, tick)
        at = 0.06
        for row, tall in zip(rows, heights, strict=True):
            if low < 0 < high:  # beside the dots only, so that it crosses no name
                axes.plot([0, 0], [at + (NAME if row.name else 0), at + tall], color=QUIET, linewidth=1)
            at = _draw_row(axes, row, at, (low, reach), bars=bars)
        axes.set_xlabel(axis)
        if shown_key:
            _key(axes, looks)
        return to_svg(drawing, alt)


def _plain(dot: Dot) -> Dot:
    """A dot of a figure that tells its rows apart by their names alone."""
    return dot._replace(colour=dot.colour or OKABE_ITO[0], shape=dot.shape or SHAPES[0])


def _as(dot: Dot, look: tuple[str, str]) -> Dot:
    return dot._replace(colour=dot.colour or look[0], shape=dot.shape or look[1])


def _saying_more(dot: Dot, low: float, reach: float) -> Dot:
    """With the limit that lies beyond the axis, where an arrow stands for it."""
    more = [
        f"{way} {number(limit)}"
        for way, limit, beyond in (
            ("down to", dot.low, dot.low < low < 0),
            ("up to", dot.high, dot.high > reach),
        )
        if beyond
    ]
    return dot._replace(said=", ".join([dot.said, *more]))


def _draw_row(axes: Axes, row: Row, at: float, span: tuple[float, float], *, bars: bool) -> float:
    """Draw one row from height `at` on; returns where the next begins."""
    if row.name:
        axes.text(
            span[0], at + NAME / 2, row.name, fontsize=TEXT, va="center", ha="left", color=INK, bbox=BEHIND
        )
        at += NAME
    for dot in row.dots:
        _draw_dot(axes, dot, at + DOT / 2, span, bars=bars)
        at += DOT
    return at + SPACE


def _draw_dot(axes: Axes, dot: Dot, y: float, span: tuple[float, float], *, bars: bool) -> None:
    colour = dot.colour or colour_of(dot.group)
    right = max(dot.value, span[0])
    if bars:
        axes.barh(
            y,
            dot.value,
            height=DOT * 0.72,
            color=colour if dot.solid else PAPER,
            edgecolor=colour,
            linewidth=1,
        )
    else:
        if not math.isnan(dot.low) and not math.isnan(dot.high):
            right = min(dot.high, span[1])
            axes.plot([max(dot.low, span[0]), right], [y, y], color=colour, linewidth=1.6, alpha=0.75)
            if dot.high > span[1]:
                axes.plot([span[1]], [y], marker=">", markersize=5, color=colour, clip_on=False)
            if dot.low < span[0] < 0:
                axes.plot([span[0]], [y], marker="<", markersize=5, color=colour, clip_on=False)
        axes.plot(
            [dot.value], [y], marker=dot.shape or shape_of(dot.group), markersize=6.5, markeredgecolor=colour, markeredgewidth=1.5,
            markerfacecolor=colour if dot.solid else PAPER, linestyle="none", clip_on=False, zorder=3,
        )  # fmt: skip
    low, high = axes.get_xlim()
    inch = (high - low) / WIDTH
    x = max(right, dot.value) + GAP * inch
    if x < 0 < x + text_width(dot.said, SMALL) * inch:
        x = GAP * inch  # beyond the line at zero, which would cross what is written
    axes.text(
        x,
        y,
        dot.said,
        fontsize=SMALL,
        va="center",
        ha="left",
        color=QUIET,
        bbox=BEHIND,
    )


def _span(rows: Sequence[Row]) -> tuple[float, float]:
    """From zero (or below, for negative values) to a little beyond the largest limit, within reason."""
    dots = [dot for row in rows for dot in row.dots if not math.isnan(dot.value)]
    top = max((dot.value for dot in dots), default=0.0)
    reach = max((dot.high for dot in dots if not math.isnan(dot.high)), default=top)
    high = min(reach, FAR * top) if top > 0 else reach
    low = min([0.0, *(dot.low for dot in dots if not math.isnan(dot.low))])
    high = max(high, 0.0)
    wide = (high - low) or 1.0
    return (low - 0.03 * wide if low < 0 else 0.0), high + 0.02 * wide


def _with_room(rows: Sequence[Row], low: float, reach: float) -> float:
    """Where the axis ends so that every value fits beside its dot."""
    high = reach
    for dot in (dot for row in rows for dot in row.dots):
        right = dot.value if math.isnan(dot.high) else max(dot.value, min(dot.high, reach))
        right = max(right, 0.0) if low < 0 else right
        taken = (text_width(dot.said, SMALL) + 1.5 * GAP) / WIDTH
        high = max(high, low + (right - low) / max(1 - taken, 0.2))
    return high


def _grid(axes: Axes, low: float, high: float, tick: Callable[[float], str]) -> None:
    number_ticks(axes, tick)
    axes.grid(visible=True, axis="x", color=LINE, linewidth=0.6, alpha=0.5)
    axes.set_axisbelow(True)
    axes.set_xlim(low, high)


def _key(axes: Axes, looks: Mapping[str, tuple[str, str]]) -> None:
    """The names of the groups above the rows, each with its marker and in its colour; in lines that fit."""
    lines: list[list[tuple[float, str]]] = [[]]
    x = 0.0
    for group in looks:
        wide = 0.22 + text_width(group, TEXT) + 0.2
        if x + wide > WIDTH and lines[-1]:
            lines.append([])
            x = 0.0
        lines[-1].append((x, group))
        x += wide
    for up, line in enumerate(reversed(lines)):
        y = -(up + 0.6) * KEY_LINE
        for left, group in line:
            axes.plot([_data_x(axes, left + 0.07)], [y], marker=looks[group][1], markersize=6.5, color=looks[group][0],
                      linestyle="none", clip_on=False)  # fmt: skip
            axes.text(_data_x(axes, left + 0.2), y, group, fontsize=TEXT, va="center", ha="left", color=INK)


def _data_x(axes: Axes, inches: float) -> float:
    low, high = axes.get_xlim()
    return low + (high - low) * inches / WIDTH
