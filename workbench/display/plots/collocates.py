"""Figures of collocations: the strongest collocates of a node, and the strongest pairs of neighbours."""

from __future__ import annotations

import math

import pandas as pd

from workbench.display.blocks import Figure, Table
from workbench.display.captions import compose, hollow_note, selection_note
from workbench.display.formatting import count, number
from workbench.display.plots.dot_plot import Dot, Row, draw_dots

RULE = "fewer than five times together, or in fewer than three sentences"
LISTED = 100  # rows of the table behind the figure
CERTAIN = 0.05  # q from which a word is not called a collocate
COLUMNS = {
    "form": "word", "n": "n near", "n_form": "n in all", "log_dice": "logDice", "t": "t", "g2": "G²", "q": "q (corrected)",
    "n_docs": "documents",
}  # fmt: skip
BIGRAM_COLUMNS = {
    "phrase": "pair", "n": "n", "n_first": "n of first", "n_second": "n of second", "log_dice": "logDice", "g2": "G²",
    "q": "q (corrected)", "n_docs": "documents",
}  # fmt: skip
_SIDES = {"both": "to the left or right", "left": "to the left", "right": "to the right"}


def draw_collocates(
    table: pd.DataFrame, node: str, *, caption: str = "", group: str | None = None, top: int = 15
) -> Figure:
    """The `top` words near `node` by logDice, each with its interval and how often it stands there.

    In: a table of `analysis.collocates.collocates`; `node` as the reader should see it; `group` which
    one when the table holds several (default: the first). Words that stand near the node no more often
    than chance (q from 0.05, or fewer than expected) are left to the table.
    """
    mine, name = _of_one(table, group)
    drawn = mine[(mine["q"] < CERTAIN) & (mine["n"] > mine["expected"])].head(top)
    dots = [
        (r, f"{r['form']} ({int(r['n'])} of {int(r['n_form'])})", r["low"], r["high"])
        for r in drawn.to_dict("records")
    ]
    alt = _alt(drawn, "form", f"Words near {node}")
    svg = _svg(name, dots, alt)
    notes = (
        _scope(mine, node, name), "Beside each word how many of its hits stand there.", _measure(drawn),
        "Lines are 95 % intervals, words taken for independent." if len(drawn) else "", hollow_note(drawn, RULE), selection_note(caption),
    )  # fmt: skip
    return Figure(svg, alt, compose(*notes), _table(mine, COLUMNS, "words"))


def draw_bigrams(
    table: pd.DataFrame, *, caption: str = "", group: str | None = None, top: int = 15
) -> Figure:
    """The `top` pairs of neighbouring words by logDice, of those with q below 0.05.

    In: a table of `analysis.collocates.bigrams`.
    """
    mine, name = _of_one(table, group)
    drawn = mine[(mine["q"] < CERTAIN) & (mine["n"] > mine["expected"])].head(top)
    dots = [(r, f"{r['phrase']} ({int(r['n'])})", math.nan, math.nan) for r in drawn.to_dict("records")]
    alt = _alt(drawn, "phrase", "Pairs of neighbouring words")
    words = f"in {int(mine['words'].iloc[0]):,} words of {name}" if len(mine) else "in this text"
    notes = (
        f"Words that stand side by side {words}, stop words left out, with how often.", _measure(drawn),
        "No interval: a pair is chosen because it is strong.", hollow_note(drawn, RULE), selection_note(caption),
    )  # fmt: skip
    return Figure(_svg(name, dots, alt), alt, compose(*notes), _table(mine, BIGRAM_COLUMNS, "pairs"))


def _of_one(table: pd.DataFrame, group: str | None) -> tuple[pd.DataFrame, str]:
    if not len(table):
        return table, "this text"
    name = str(table["group"].iloc[0]) if group is None else group
    return table[table["group"] == name].reset_index(drop=True), name


def _svg(group: str, dots: list[tuple[dict[object, object], str, float, float]], alt: str) -> str:
    """One row a word; the axis ends near 14, the highest value there is, and begins where the data do."""
    if not dots:
        return ""
    rows = [
        Row("", [Dot(group, float(str(r["log_dice"])), low, high, bool(r["sufficient"]), said)])
        for r, said, low, high in dots
    ]
    every = [v for row in rows for d in row.dots for v in (d.value, d.low, d.high) if not math.isnan(v)]
    span = math.floor(min(every)) - 0.25, max(every) + 0.1
    return draw_dots(rows, "logDice: one more is twice as often, 14 is always", alt, span=span, named=True)


def _scope(mine: pd.DataFrame, node: str, name: str) -> str:
    if not len(mine):
        return f"No word stands near {node}."
    first = mine.iloc[0]
    return (
        f"Words within {count(int(first['window']), 'word')} {_SIDES[str(first['direction'])]} of {node} "
        f"({count(int(first['n_node']), 'hit')} in {name}), inside the sentence, stop words left out."
    )


def _measure(drawn: pd.DataFrame) -> str:
    return (
        "Shown are those with q below 0.05 (G², corrected), strongest first."
        if len(drawn)
        else "None stands there more often than chance (G², q below 0.05)."
    )


def _alt(drawn: pd.DataFrame, item: str, what: str) -> str:
    said = ", ".join(f"{r[item]} {number(r['log_dice'])}" for r in drawn.head(5).to_dict("records"))
    return f"{what}, strongest first by logDice: {said}." if said else f"{what}: none beyond chance."


def _table(mine: pd.DataFrame, columns: dict[str, str], noun: str) -> Table:
    said = f"The first {LISTED} of {len(mine):,} {noun}" if len(mine) > LISTED else ""
    return Table(mine.head(LISTED), said, columns=columns)
