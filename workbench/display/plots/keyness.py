"""Figures of keyness: effect against evidence, and the strongest words with their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from workbench.display.blocks import Figure, Table
from workbench.display.canvas import SMALL, WIDTH, canvas, text_width, to_svg
from workbench.display.captions import basis_note, compose, selection_note
from workbench.display.formatting import short
from workbench.display.palette import INK, LINE, PAPER, QUIET, colour_of
from workbench.display.plots.dot_plot import Dot, Row, draw_dots

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT = 3.6  # inches
CERTAIN = 0.05  # q below which a word is named first and filled
REACH = 7.0  # log ratios beyond are drawn at the edge: 128 times as often
DRAWN, LISTED = 250, 100  # dots and rows: with 8,000 words a page grew by 4 MB and nothing could be read
_NOUNS = {"form": "words", "entity": "names", "topic": "topics", "pattern": "patterns"}
COLUMNS = ("form", "group", "n", "n_other", "log_ratio", "g2", "z", "q")


def draw_keyness(
    table: pd.DataFrame, *, caption: str = "", group: str | None = None, named: int = 14
) -> Figure:
    """Effect (log ratio) against evidence (G²): right of zero the group uses a word more, left the others.

    In: a table of `analysis.keyness.keyness`; `group` which one when it holds several (default: the
    one with the strongest word). The strongest words on both sides are named where names do not overlap.
    """
    item = str(table.attrs.get("item", "form"))
    mine, one, other = _of_one(table.rename(columns={item: "form"}), group)
    alt = _alt(mine, one, other, item)
    drawn = mine.head(DRAWN)
    svg = _scatter(drawn, one, other, alt, named) if len(mine) else ""
    whole = len(mine) == len(drawn) and int(table.attrs.get("tested", 0)) <= len(table)
    few = "" if whole else f"The {len(drawn)} with the strongest evidence are drawn."
    return Figure(
        svg, alt, compose(_notes(mine, one, other, item), few, selection_note(caption)), _table(mine, item)
    )


def draw_keyness_words(
    table: pd.DataFrame, *, caption: str = "", group: str | None = None, each: int = 8
) -> Figure:
    """The strongest words of both sides with the interval of their log ratio: the better figure on a phone."""
    item = str(table.attrs.get("item", "form"))
    mine, one, other = _of_one(table.rename(columns={item: "form"}), group)
    more = mine[mine["log_ratio"] > 0].head(each)
    less = mine[mine["log_ratio"] < 0].head(each)
    shown = pd.concat([more, less.iloc[::-1]])
    rows = [
        Row("", [Dot(one if r["log_ratio"] > 0 else other, r["log_ratio"], r["low"], r["high"], bool(r["sufficient"] and r["q"] < CERTAIN),
                     f"{r['form']} ({int(r['n']):,} : {int(r['n_other']):,})")])
        for r in shown.to_dict("records")
    ]  # fmt: skip
    alt = _alt(mine, one, other, item)
    widest = float(shown[["log_ratio", "low", "high"]].abs().max().max()) * 1.05 if len(shown) else 1.0
    limit = min(max(REACH, float(shown["log_ratio"].abs().max()) * 1.1), widest) if len(shown) else widest
    svg = (
        draw_dots(rows, "log ratio: +1 is twice as often, −1 half as often", alt, span=(-limit, limit))
        if rows
        else ""
    )
    counts = f"Beside each {_NOUNS[item].removesuffix('s')} its hits in {one} and in {other}."
    notes = (
        _notes(mine, one, other, item),
        counts,
        basis_note(shown),
        ""
        if bool((shown["sufficient"] & (shown["q"] < CERTAIN)).all())
        else "Hollow: not beyond chance, or fewer than five hits in all.",
        selection_note(caption),
    )
    return Figure(svg, alt, compose(*notes), _table(mine, item))


def _table(mine: pd.DataFrame, item: str) -> Table:
    said = f"The first {LISTED} of {len(mine):,} {_NOUNS[item]}" if len(mine) > LISTED else ""
    return Table(mine.head(LISTED).rename(columns={"form": item}), said, columns=(item, *COLUMNS[1:]))


def _of_one(table: pd.DataFrame, group: str | None) -> tuple[pd.DataFrame, str, str]:
    if not len(table):
        return table, "this text", "no other"
    one = str(table["group"].iloc[0]) if group is None else group
    mine = table[table["group"] == one]
    mine = mine[mine["against"] == mine["against"].iloc[0]].reset_index(drop=True)
    return mine, one, str(mine["against"].iloc[0])


def _notes(mine: pd.DataFrame, one: str, other: str, item: str) -> str:
    if not len(mine):
        return "There is one group alone, and nothing to compare it with."
    texts = (
        ""
        if (mine["basis"] == "documents").any()
        else " With so few documents this compares two sets of texts, not two sources."
    )
    dot, stop = ("a word", ", stop words left out") if item == "form" else (f"one of the {_NOUNS[item]}", "")
    return (
        f"Each dot {dot} of {one} ({int(mine['words'].iloc[0]):,} words) against {other} "
        f"({int(mine['words_other'].iloc[0]):,} words){stop}. Filled: q below 0.05 after correction "
        f"over {int(mine.attrs.get('tested', len(mine))):,} {_NOUNS[item]}.{texts}"
    )


def _alt(mine: pd.DataFrame, one: str, other: str, item: str) -> str:
    if not len(mine):
        return "Nothing to draw: one group alone."
    more, less = (list(mine[side]["form"].head(5)) for side in (mine["log_ratio"] > 0, mine["log_ratio"] < 0))
    return f"{_NOUNS[item].capitalize()} that set {one} apart from {other}: more in {one}: {', '.join(more) or 'none'}; more in {other}: {', '.join(less) or 'none'}."


def _scatter(mine: pd.DataFrame, one: str, other: str, alt: str, named: int) -> str:
    x = mine["log_ratio"].clip(-REACH, REACH).to_numpy(float)
    y = mine["g2"].to_numpy(float)
    reach = max(1.5, float(abs(x).max()) * 1.35)
    with canvas(HEIGHT) as (drawing, axes):
        axes.set_xlim(-reach, reach)
        axes.set_ylim(-0.02 * max(y.max(), 1.0), max(y.max(), 1.0) * 1.1)
        axes.axvline(0, color=LINE, linewidth=1)
        axes.grid(visible=True, axis="y", color=LINE, linewidth=0.6, alpha=0.5)
        axes.yaxis.set_major_formatter(lambda value, _: short(value))
        axes.xaxis.set_major_formatter(lambda value, _: short(value))
        for at, row in enumerate(mine.to_dict("records")):
            colour = colour_of(one if row["log_ratio"] > 0 else other)
            axes.plot([x[at]], [y[at]], marker="o", markersize=5, color=colour, linestyle="none", alpha=0.9,
                      markerfacecolor=colour if row["q"] < CERTAIN and row["sufficient"] else PAPER, zorder=3)  # fmt: skip
        _name_dots(axes, list(mine["form"]), x, y, named)
        axes.text(
            reach, axes.get_ylim()[1], f"more in {one} →", ha="right", va="bottom", fontsize=SMALL, color=INK
        )
        axes.text(
            -reach,
            axes.get_ylim()[1],
            f"← more in {other}",
            ha="left",
            va="bottom",
            fontsize=SMALL,
            color=INK,
        )
        axes.set_xlabel("log ratio: +1 is twice as often")
        axes.set_ylabel("evidence, G²")
        return to_svg(drawing, alt)


def _name_dots(axes: Axes, forms: list[str], x: object, y: object, named: int) -> None:
    """Write the strongest words beside their dots, each where no other name and no dot stands."""
    import numpy as np

    xs, ys = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
    inch_x, inch_y = (xs - x0) / (x1 - x0) * WIDTH, (ys - y0) / (y1 - y0) * HEIGHT
    taken = [
        (a - 0.05, b - 0.05, a + 0.05, b + 0.05) for a, b in dict.fromkeys(zip(inch_x, inch_y, strict=True))
    ]
    tall, written = 0.16, 0
    for at in range(len(forms)):
        wide = text_width(forms[at], SMALL) + 0.04
        for dx, dy, side in ((0.08, 0.0, "left"), (-0.08, 0.0, "right"), (0.08, 0.13, "left"), (-0.08, 0.13, "right"),
                             (0.08, -0.13, "left"), (-0.08, -0.13, "right")):  # fmt: skip
            left = inch_x[at] + dx - (wide if side == "right" else 0)
            box = (left, inch_y[at] + dy - tall / 2, left + wide, inch_y[at] + dy + tall / 2)
            if box[0] < 0 or box[2] > WIDTH or any(_overlap(box, other) for other in taken):
                continue
            taken.append(box)
            axes.text(x0 + (inch_x[at] + dx) / WIDTH * (x1 - x0), y0 + (inch_y[at] + dy) / HEIGHT * (y1 - y0), forms[at],
                      fontsize=SMALL, ha=side, va="center", color=INK if written < named else QUIET)  # fmt: skip
            written += 1
            break
        if written >= named:
            return


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
