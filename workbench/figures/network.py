"""The figure of who is mentioned together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.figures.canvas import SMALL, WIDTH, canvas, text_width, to_svg
from workbench.figures.captions import compose, selection_note
from workbench.figures.palette import INK, LINE, OKABE_ITO, PAPER, QUIET
from workbench.figures.show import Figure, Table

HEIGHT = 4.2  # inches
ROUNDS = 300  # of the layout; after 200 nothing moves by more than a pixel
Points = npt.NDArray[np.float64]


def draw_network(table: pd.DataFrame, *, caption: str = "", least: int = 2, top: int = 24) -> Figure:
    """Entities joined where they are mentioned together: solid where more than chance, dashed otherwise.

    In: a table of `analysis.network.comentions`. The `top` pairs seen together at least `least` times
    are drawn; solid lines have q below 0.05 and enough data, their width follows how often.
    """
    drawn = table[table["n"] >= least].head(top) if len(table) else table  # enough and strongest first
    if len(table) and not len(drawn):
        drawn, least = table.head(top), 1
    names = sorted({*drawn["a"], *drawn["b"]}) if len(drawn) else []
    sure = _sure(drawn)
    alt = f"Network of {len(names)} entities and {len(drawn)} pairs; {int(sure.sum())} beyond chance" + (
        f"; strongest: {drawn['a'].iloc[0]} and {drawn['b'].iloc[0]}, {int(drawn['n'].iloc[0])} times together."
        if len(drawn)
        else "."
    )
    svg = _draw(drawn, names, sure, alt) if names else ""
    unit = str(table["basis"].iloc[0]) if len(table) else "sentence"
    total = int(table["units"].iloc[0]) if len(table) else 0
    notes = (
        f"Pairs mentioned together in a {unit}, {total:,} {unit}s in all, at least {least} together. Solid: more often than "
        f"chance (G², q below 0.05 over {table.attrs.get('tested', len(table)):,} pairs) and seen three times or more; "
        "dashed: may be chance. Places in the drawing mean nothing.", selection_note(caption),
    )  # fmt: skip
    columns = ("a", "b", "n", "n_a", "n_b", "npmi", "q", "enough")
    return Figure(svg, alt, compose(*notes), Table(table, columns=columns))


def layout(n: int, edges: npt.NDArray[np.int_], rounds: int = ROUNDS) -> Points:
    """Places of n nodes in the unit square: joined ones draw each other, all push (Fruchterman & Reingold).

    Starts from a circle, so that the same pairs give the same drawing.
    """
    angle = 2 * np.pi * np.arange(n) / max(n, 1)
    at = np.column_stack([np.cos(angle), np.sin(angle)])
    ideal = np.sqrt(4.0 / max(n, 1))
    for step in range(rounds):
        gap = at[:, None] - at[None]
        far = np.maximum(np.sqrt((gap**2).sum(-1)), 0.01)
        move = (gap / far[..., None] * (ideal**2 / far)[..., None]).sum(1)
        for i, j in edges:
            pull = (at[i] - at[j]) * far[i, j] / ideal
            move[i] -= pull
            move[j] += pull
        move -= at * 0.4  # keeps parts that nothing joins on the page
        size = np.maximum(np.sqrt((move**2).sum(-1, keepdims=True)), 1e-9)
        at += move / size * np.minimum(size, 0.12 * (1 - step / rounds))
    low, high = at.min(0), at.max(0)
    return np.asarray((at - low) / np.where(high - low > 1e-9, high - low, 1.0))


def _sure(drawn: pd.DataFrame) -> npt.NDArray[np.bool_]:
    return (
        ((drawn["q"] < 0.05) & drawn["enough"].astype(bool) & (drawn["n"] > drawn["expected"])).to_numpy(bool)
        if len(drawn)
        else np.zeros(0, bool)
    )


def _draw(drawn: pd.DataFrame, names: list[str], sure: npt.NDArray[np.bool_], alt: str) -> str:
    place = {name: k for k, name in enumerate(names)}
    edges = np.array([(place[a], place[b]) for a, b in zip(drawn["a"], drawn["b"], strict=True)])
    at = layout(len(names), edges)
    with canvas(HEIGHT) as (drawing, axes):
        margin = 0.13
        axes.set_xlim(-margin, 1 + margin)
        axes.set_ylim(-margin * 0.6, 1 + margin * 0.6)
        axes.axis("off")
        most = float(drawn["n"].max())
        for (i, j), n, solid in zip(edges, drawn["n"], sure, strict=True):
            axes.plot(at[[i, j], 0], at[[i, j], 1], color=OKABE_ITO[0] if solid else LINE, linewidth=1 + 3 * n / most,
                      linestyle="-" if solid else (0, (3, 3)), alpha=0.65 if solid else 0.9, zorder=1)  # fmt: skip
        axes.plot(
            at[:, 0], at[:, 1], "o", markersize=6, markerfacecolor=PAPER, markeredgecolor=QUIET, zorder=2
        )
        taken: list[tuple[float, float, float, float]] = []
        for name, (x, y) in sorted(zip(names, at, strict=True), key=lambda item: -item[1][1]):
            _name(axes, name, x, y, margin, taken)
        return to_svg(drawing, alt)


def _name(
    axes: object, name: str, x: float, y: float, margin: float, taken: list[tuple[float, float, float, float]]
) -> None:
    """Write a name above or below its node, where no other name stands and inside the drawing."""
    inch_x, inch_y = WIDTH / (1 + 2 * margin), HEIGHT / (1 + 1.2 * margin)
    wide, tall = text_width(name, SMALL) / inch_x, 0.17 / inch_y
    middle = min(max(x, wide / 2 - margin), 1 + margin - wide / 2)
    for lift in (0.13, -0.13, 0.28, -0.28, 0.43, -0.43, 0.13):
        centre = y + lift / inch_y
        box = (middle - wide / 2, centre - tall / 2, middle + wide / 2, centre + tall / 2)
        if not any(box[0] < t[2] and t[0] < box[2] and box[1] < t[3] and t[1] < box[3] for t in taken):
            break
    taken.append(box)
    axes.text(middle, centre, name, fontsize=SMALL, ha="center", va="center", color=INK, zorder=3)  # type: ignore[attr-defined]
