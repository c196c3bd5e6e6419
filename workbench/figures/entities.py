"""Figures of entities: who mentions whom, and chosen entities side by side."""

from __future__ import annotations

import pandas as pd

from workbench.figures.captions import basis_note, compose, hollow_note, selection_note
from workbench.figures.dots import Dot, Row, draw_dots
from workbench.figures.numbers import number, percent
from workbench.figures.palette import colour_of, shape_of
from workbench.figures.show import Figure, Table
from workbench.figures.topics import draw_rates


def draw_entity_rates(table: pd.DataFrame, *, caption: str = "", top: int = 10) -> Figure:
    """Mentions per 1,000 words of each entity in each group.

    In: a table of `analysis.entities.entity_rates`.
    """
    figure = draw_rates(table, "entity", caption=caption, top=top)
    said = figure.caption.replace(
        "Hits per 1,000 words", "Mentions (all name forms together) per 1,000 words"
    )
    columns = ("group", "entity", "n", "share", "rate", "docs_with", "n_docs", "enough")
    return Figure(
        figure.svg.replace("hits per 1,000", "mentions per 1,000"),
        figure.alt,
        said,
        Table(table, columns=columns),
    )


def draw_comparison(table: pd.DataFrame, *, caption: str = "") -> Figure:
    """Chosen entities side by side: how often they are named, and the tone of the sentences that do.

    In: a table of `analysis.entities.compare`.
    """
    rows, records = [], table.to_dict("records")
    rows.append(Row("Mentions per 1,000 words", [
        Dot(str(r["entity"]), r["rate"], r["low"], r["high"], bool(r["enough"]), f"{r['entity']} {number(r['rate'])} (n {int(r['n']):,})",
            colour_of(r["entity"]), shape_of(r["entity"]))
        for r in records
    ]))  # fmt: skip
    alt = "Dot plot of mentions per 1,000 words: " + "; ".join(
        f"{r['entity']} {number(r['rate'])}, {int(r['n'])} mentions" for r in records
    )
    svg = draw_dots(rows, "mentions per 1,000 words", alt, named=True)
    said = "; ".join(f"{r['entity']} {percent(r['share'])} of these mentions" for r in records)
    notes = (
        f"All name forms together: {said}.", basis_note(table),
        hollow_note(table, "fewer than five mentions or fifteen sentences, or nine in ten in one of many documents"),
        "Mean score in the table is the tone of the sentences that mention the entity, not sentiment toward it.", selection_note(caption),
    )  # fmt: skip
    columns = ("entity", "n", "share", "rate", "speakers", "quoted", "in_quotes", "mean")
    return Figure(svg, alt, compose(*notes), Table(table, columns=columns))
