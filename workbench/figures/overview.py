"""Figures of what arrived: how much of each page was text."""

from __future__ import annotations

import pandas as pd

from workbench.figures.captions import compose, selection_note
from workbench.figures.dots import Dot, Row, draw_dots
from workbench.figures.numbers import percent
from workbench.figures.show import Figure, Table


def draw_segment_shares(table: pd.DataFrame, *, caption: str = "") -> Figure:
    """Share of the characters of each group by kind of text; body kinds filled, the rest open.

    In: a table of `analysis.overview.segment_shares`. Nothing is estimated here, so there is no interval.
    """
    nan = float("nan")
    kinds = table.groupby("kind", sort=False)["characters"].sum().sort_values(ascending=False, kind="stable")
    rows = [
        Row(
            str(kind).replace("_", " ") + (" (body)" if bool(mine["body"].iloc[0]) else ""),
            [
                Dot(str(r["group"]), r["share"], nan, nan, bool(r["body"]), percent(r["share"]))
                for r in mine.to_dict("records")
            ],
        )
        for kind in kinds.index
        for mine in [table[table["kind"] == kind]]
    ]
    body = table[table["body"]].groupby("group")["share"].sum()
    said = "; ".join(f"{group} {percent(float(share))}" for group, share in body.items())
    alt = f"Bars of the share of characters by kind of text; body text: {said}."
    svg = (
        draw_dots(rows, "share of the characters of the pages", alt, tick=_share_tick, bars=True)
        if rows
        else ""
    )
    notes = (
        f"Body text (filled): {said}. Open bars are labelled and kept, and are not counted as words.",
        selection_note(caption),
    )
    return Figure(
        svg,
        alt,
        compose(*notes),
        Table(table, columns=("group", "kind", "characters", "share", "n_segments", "n_docs")),
    )


def _share_tick(value: float) -> str:
    return percent(value) if value <= 1.0 else ""
