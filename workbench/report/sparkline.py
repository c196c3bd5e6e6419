"""A line as high as a word: the course of a key figure over runs, with its interval and a text alternative."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from workbench.figures.numbers import count, plain_number

WIDTH, HEIGHT, EDGE = 132, 30, 4  # user units, as many pixels
Point = tuple[str, float, float | None, float | None]


def sparkline(name: str, points: Sequence[Point]) -> str:
    """The SVG of (day, value, low, high), the oldest first, on a scale of its own."""
    values = [value for _, value, _, _ in points]
    limits = [limit for _, _, low, high in points for limit in (low, high) if limit is not None]
    lowest, highest = min(values + limits), max(values + limits)

    def x(k: int) -> float:
        return round(EDGE + (WIDTH - 2 * EDGE) * (k / (len(points) - 1) if len(points) > 1 else 1), 1)

    def y(value: float) -> float:
        share = (value - lowest) / (highest - lowest) if highest > lowest else 0.5
        return round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * share, 1)

    line = " ".join(f"{x(k)},{y(value)}" for k, value in enumerate(values))
    return (
        f'<svg class="wb-spark" role="img" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'aria-label="{escape(in_words(name, points))}">'
        + "".join(
            f'<line class="wb-spark-limits" x1="{x(k)}" x2="{x(k)}" y1="{y(low)}" y2="{y(high)}"/>'
            for k, (_, _, low, high) in enumerate(points)
            if low is not None and high is not None
        )
        + (f'<polyline points="{line}"/>' if len(points) > 1 else "")
        + f'<circle cx="{x(len(points) - 1)}" cy="{y(values[-1])}" r="2.6"/></svg>'
    )


def in_words(name: str, points: Sequence[Point]) -> str:
    """What the line shows: `documents in 3 runs, 2015-12-06 to 2015-12-20: 3, 4, 2`."""
    said = ", ".join(plain_number(value) for _, value, _, _ in points)
    days = points[0][0] if len(points) == 1 else f"{points[0][0]} to {points[-1][0]}"
    return f"{name} in {count(len(points), 'run')}, {days}: {said}"
