"""Figures around a series: how much was collected in each period, and before against after a date."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.display.blocks import Figure, Table
from workbench.display.canvas import canvas, to_svg
from workbench.display.captions import basis_note, compose, hollow_note, selection_note
from workbench.display.formatting import count, number
from workbench.display.palette import LINE, OKABE_ITO, PAPER
from workbench.display.plots.dot_plot import Dot, Row, draw_dots
from workbench.display.plots.timeline import COURSE, date_axis, day_number

BARS = OKABE_ITO[0]
HEIGHT = 1.5  # inches: the background of the figures below it
COLUMNS = {
    "period": "period", "start": "from", "until": "to", "n_docs": "documents", "words": "words", "complete": "whole period",
}  # fmt: skip
BOTH_COLUMNS = {
    "item": "of", "group": "group", "n_before": "n before", "n": "n after", "before": "before", "after": "after",
    "difference": "difference", "sufficient": "enough data",
}  # fmt: skip


def draw_collected(table: pd.DataFrame, *, caption: str = "") -> Figure:
    """Words of each period as bars; an unfinished last period hollow.

    In: a table of `analysis.timeline.collected`. With text in fewer than three periods the table says it.
    """
    held = table[table["n_docs"] > 0]
    per = str(table.attrs.get("per", "period"))
    alt = f"Bars of words a {per}: {', '.join(f'{r.period} {r.words:,}' for r in held.head(6).itertuples())}"
    able = len(held) >= COURSE
    last = (
        f"Hollow: the last {per} is not over or not wholly collected."
        if able and not table["complete"].iloc[-1]
        else ""
    )
    undated = int(table.attrs.get("undated", 0))
    notes = (
        f"Words of dated text in each {per}: {int(table['words'].sum()):,} in {count(int(table['n_docs'].sum()), 'document')}.", last,
        f"{count(undated, 'document')} without a date exact enough left out." if undated else "",
        "" if able else f"Too few {per}s hold text for a course; they stand in the table.", selection_note(caption),
    )  # fmt: skip
    shown = Table(table if able else held, columns=COLUMNS)
    return Figure(_bars(table, alt) if able else "", alt, compose(*notes), shown)


def draw_before_after(table: pd.DataFrame, *, caption: str = "", top: int = 8) -> Figure:
    """The difference after − before of each item with its interval: right of zero it became more.

    In: a table of `analysis.change_points.before_after`; empty when there was no date or no text on one side.
    """
    if not len(table):
        return Figure("", "Nothing to draw: there are no two sides of a date.", "", Table(table))
    shown = table.head(top)
    single = table["group"].nunique() == 1
    dots = [
        Row("", [Dot(str(r["group"]), r["difference"], r["low"], r["high"], bool(r["sufficient"]),
                     f"{_name(r, single)}: {number(r['before'])} → {number(r['after'])}")])
        for r in shown.to_dict("records")
    ]  # fmt: skip
    date = str(table["date"].iloc[0])
    alt = f"Change from {date} on: " + ", ".join(
        f"{r['item']} {number(r['difference'])}" for r in shown.head(5).to_dict("records")
    )
    first = table.iloc[0]
    docs = f"{count(int(first['n_docs_before']), 'document')} before {date}, {count(int(first['n_docs']), 'document')} from then on."
    notes = (
        "Rate from that date on less the rate before.", docs if single else "", basis_note(shown), hollow_note(shown, "fewer than five hits, or fifteen sentences on a side"),
        f"{len(table) - top} more stand in the table." if len(table) > top else "", selection_note(caption),
    )  # fmt: skip
    svg = draw_dots(dots, "difference of hits per 1,000 words", alt)
    return Figure(svg, alt, compose(*notes), Table(table, columns=BOTH_COLUMNS))


def _name(row: dict[Any, Any], single: bool) -> str:
    return str(row["item"]) if single else f"{row['item']}, {row['group']}"


def _bars(table: pd.DataFrame, alt: str) -> str:
    top = float(table["words"].max())
    with canvas(HEIGHT) as (drawing, axes):
        axes.set_ylim(0, top * 1.05)
        date_axis(axes, table, room=0.0)
        axes.grid(visible=True, axis="y", color=LINE, linewidth=0.6, alpha=0.5)
        axes.set_axisbelow(True)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        for row in table.to_dict("records"):
            start, until = day_number(str(row["start"])), day_number(str(row["until"])) + 1
            axes.bar([start], [row["words"]], width=(until - start) * 0.88, align="edge", color=BARS if row["complete"] else PAPER,
                     edgecolor=BARS, linewidth=1)  # fmt: skip
        axes.set_ylabel("words")
        return to_svg(drawing, alt)
