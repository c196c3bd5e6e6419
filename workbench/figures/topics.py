"""Figures of topic and word rates."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.figures.captions import basis_note, compose, hollow_note, selection_note, sizes_note
from workbench.figures.dots import Dot, Row, draw_dots
from workbench.figures.numbers import listed, number
from workbench.figures.show import Figure, Table

GROUPS = 4  # drawn at once; with more, a row of dots is higher than a phone is patient
RULE = "fewer than five hits or fifteen sentences, or nine in ten hits in one of many documents"


def draw_topic_rates(table: pd.DataFrame, *, caption: str = "", top: int = 10) -> Figure:
    """Rates per 1,000 words of the `top` most frequent topics, a dot for each group.

    In: a table of `analysis.topics.topic_rates`; `caption` the selection in words. Topics nobody
    mentions are left out of the drawing and named in the caption; the table behind it has them.
    """
    return draw_rates(table, "topic", caption=caption, top=top)


def draw_word_rates(table: pd.DataFrame, *, caption: str = "", top: int = 12) -> Figure:
    """The same for `analysis.frequency.word_rates`."""
    return draw_rates(table, "pattern", caption=caption, top=top)


def draw_term_rates(table: pd.DataFrame, *, caption: str = "", top: int = 12) -> Figure:
    """The same for `analysis.terms.term_rates`."""
    return draw_rates(table, "form", caption=caption, top=top)


def draw_rates(table: pd.DataFrame, item: str, *, caption: str = "", top: int = 10) -> Figure:
    """Rates of anything [group, <item>, n, rate, low, high, words, n_docs, basis, enough]."""
    totals = table.groupby(item, sort=False)["n"].sum()
    table_drawn, smaller = _largest_groups(table)
    found = [name for name in totals.sort_values(ascending=False, kind="stable").index if totals[name] > 0]
    shown = found[:top]
    rows = [Row(str(name), _dots(table_drawn[table_drawn[item] == name])) for name in shown]
    drawn = table_drawn[table_drawn[item].isin(shown)]
    alt = _alt(drawn, item, shown)
    notes = (
        "Hits per 1,000 words of all text of the group, value and number of hits beside each dot.",
        sizes_note(table_drawn), smaller, basis_note(drawn), _spread_note(drawn), hollow_note(drawn, RULE), _absent(totals, item, len(found) - len(shown)), selection_note(caption),
    )  # fmt: skip
    svg = draw_dots(rows, "hits per 1,000 words", alt) if rows else ""
    return Figure(
        svg,
        alt,
        compose(*notes),
        Table(table, columns=("group", item, "n", "rate", "docs_with", "n_docs", "dispersion", "enough")),
    )


def _largest_groups(table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The rows of the groups with most words, and a note on how many more there are."""
    sizes = table.drop_duplicates("group").sort_values("words", ascending=False, kind="stable")["group"]
    more = len(sizes) - GROUPS
    note = (
        f"{more} smaller {'group stands' if more == 1 else 'groups stand'} in the table." if more > 0 else ""
    )
    return table[table["group"].isin(sizes.head(GROUPS))], note


def _dots(rows: pd.DataFrame) -> list[Dot]:
    return [
        Dot(
            str(r["group"]),
            r["rate"],
            r["low"],
            r["high"],
            bool(r["enough"]),
            f"{number(r['rate'])} (n {int(r['n']):,}{_spread(r)})",
        )
        for r in rows.to_dict("records")
    ]


def _spread(row: dict[Any, Any]) -> str:
    """DPnorm beside the count, where there are parts enough to tell."""
    known = row["n"] and not pd.isna(row["dispersion"])
    return f", DP {number(float(row['dispersion']), 2)}" if known else ""


def _spread_note(drawn: pd.DataFrame) -> str:
    if not len(drawn) or not (drawn["dispersion"].notna() & (drawn["n"] > 0)).any():
        return ""
    return "DP (DPnorm): 0 spread as evenly as the sizes allow, 1 all in one part."


def _absent(totals: pd.Series, item: str, further: int) -> str:
    nouns = {"topic": "topics", "pattern": "words", "entity": "names", "form": "terms"}.get(item, item)
    none = [str(name) for name in totals.index if totals[name] == 0]
    rest = [f"{len(none) - 8} more"] if len(none) > 8 else []
    said = f"Not found at all: {listed([*none[:8], *rest])}." if none else ""
    more = f"{further} further {nouns} with hits stand in the table." if further > 0 else ""
    return compose(more, said)


def _alt(drawn: pd.DataFrame, item: str, shown: list[str]) -> str:
    if not shown:
        return "Nothing to draw: no hit in these texts."
    first = drawn[drawn[item] == shown[0]]
    said = ", ".join(f"{r['group']} {number(r['rate'])}" for r in first.to_dict("records")[:6])
    return f"Dot plot of rates per 1,000 words for {len(shown)} of them by group; most frequent: {shown[0]} ({said})."
