"""The figure of who is mentioned together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.display.blocks import Figure, Table
from workbench.display.canvas import SMALL, WIDTH, canvas, text_width, to_svg
from workbench.display.captions import compose, selection_note
from workbench.display.palette import INK, LINE, OKABE_ITO, PAPER, QUIET

LOWEST, HIGHEST = 1.6, 9.0  # inches of a drawing; between them it grows with its names
ROOM = 2.0  # times the area of all names, so that lines have room too
TALL, NODE = 0.42, 0.12  # inches: a circle with its name, and the circle above their middle
LONGEST = 26  # letters of a name in the drawing; the table has all of it
ROUNDS = 300  # of the layout; after 200 nothing moves by more than a pixel
Points = npt.NDArray[np.float64]


def draw_network(table: pd.DataFrame, *, caption: str = "", least: int = 2, top: int = 24) -> Figure:
    """Entities joined where they are mentioned together: solid where more than chance, dashed otherwise.

    In: a table of `analysis.cooccurrence.comentions`. The `top` pairs seen together at least `least` times
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
        "dashed: may be chance. Wide lines stand together often, large circles are mentioned often. Places in the drawing mean nothing.",
        selection_note(caption),
    )  # fmt: skip
    columns = ("a", "b", "n", "n_a", "n_b", "npmi", "q", "sufficient")
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
        ((drawn["q"] < 0.05) & drawn["sufficient"].astype(bool) & (drawn["n"] > drawn["expected"])).to_numpy(
            bool
        )
        if len(drawn)
        else np.zeros(0, bool)
    )


def _draw(drawn: pd.DataFrame, names: list[str], sure: npt.NDArray[np.bool_], alt: str) -> str:
    place = {name: k for k, name in enumerate(names)}
    edges = np.array([(place[a], place[b]) for a, b in zip(drawn["a"], drawn["b"], strict=True)])
    labels = [name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…" for name in names]
    wide = np.array([max(text_width(label, SMALL), 0.2) + 0.08 for label in labels])
    height = float(np.clip(ROOM * wide.sum() * TALL / WIDTH, LOWEST, HIGHEST))
    at = separate_boxes(layout(len(names), edges) * (WIDTH, height), wide, (WIDTH, height))
    height = float(at[:, 1].max()) + TALL / 2
    sizes = _sizes(drawn, names)
    with canvas(height) as (drawing, axes):
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(0, height)
        axes.axis("off")
        most = float(drawn["n"].max())
        dots = at + np.array([0.0, NODE])
        for (i, j), n, solid in zip(edges, drawn["n"], sure, strict=True):
            axes.plot(dots[[i, j], 0], dots[[i, j], 1], color=OKABE_ITO[0] if solid else LINE, linewidth=1 + 3 * n / most,
                      linestyle="-" if solid else (0, (3, 3)), alpha=0.65 if solid else 0.9, zorder=1)  # fmt: skip
        for (x, y), size in zip(dots, sizes, strict=True):
            axes.plot(x, y, "o", markersize=size, markerfacecolor=PAPER, markeredgecolor=QUIET, zorder=2)
        behind = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.5, "alpha": 0.85}
        for label, (x, y) in zip(labels, at, strict=True):
            axes.text(
                x, y - 0.09, label, fontsize=SMALL, ha="center", va="center", color=INK, zorder=3, bbox=behind
            )
        return to_svg(drawing, alt)


def separate_boxes(
    at: Points, wide: npt.NDArray[np.float64], page: tuple[float, float], rounds: int = 200
) -> Points:
    """The same nodes with room for their names: boxes of `wide` by TALL inches that do not overlap, on the page.

    Two boxes that overlap give way along the side where less is needed, half each; the page may grow in height.
    """
    at = at.copy()
    half = np.column_stack([wide / 2, np.full(len(wide), TALL / 2)])
    low, high = half, np.maximum(np.array(page) - half, half)
    for _ in range(rounds):
        at = np.clip(at, low, high)
        over = half[:, None] + half[None] - np.abs(at[:, None] - at[None])
        pairs = np.argwhere(np.triu((over > 1e-6).all(-1), 1))
        if not len(pairs):
            break
        for i, j in pairs:
            room = half[i] + half[j] - np.abs(at[i] - at[j])
            if room.min() <= 0:
                continue  # an earlier pair of this round made way already
            side = int(room[1] < room[0])
            move = (room[side] / 2 + 0.01) * (1 if at[i, side] >= at[j, side] else -1)
            at[i, side] += move
            at[j, side] -= move
    return _settled(np.clip(at, low, high), half)


def _settled(at: Points, half: Points) -> Points:
    """What still overlaps goes down to where it is free, from the top on; the page grows by that at its foot."""
    order = np.argsort(-at[:, 1], kind="stable")
    for k, i in enumerate(order):
        placed = order[:k]
        while True:
            met = placed[(half[i] + half[placed] - np.abs(at[i] - at[placed]) > 1e-6).all(-1)]
            if not len(met):
                break
            at[i, 1] = float((at[met, 1] - half[met, 1]).min()) - half[i, 1] - 1e-4
    return np.asarray(at - np.array([0.0, min(0.0, float((at - half)[:, 1].min()))]))


def _sizes(drawn: pd.DataFrame, names: list[str]) -> list[float]:
    """Points across of each circle: its area grows with the sentences that mention the entity."""
    n = dict(zip(drawn["a"], drawn["n_a"], strict=True)) | dict(zip(drawn["b"], drawn["n_b"], strict=True))
    most = max(n.values())
    return [4 + 9 * float(np.sqrt(n[name] / most)) for name in names]
