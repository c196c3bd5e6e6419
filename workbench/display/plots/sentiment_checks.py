"""Figures of what sentiment depends on: the lexicon, the masks, the place in the document."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from workbench.display.blocks import Caveat, Figure, Table
from workbench.display.canvas import SMALL, canvas, to_svg
from workbench.display.captions import basis_note, compose, hollow_note, selection_note
from workbench.display.formatting import count, interval, number, percent, short
from workbench.display.palette import LINE, PAPER, POSITIVE, QUIET
from workbench.display.plots.dot_plot import Dot, Row, draw_dots

SCALE = "mean score of a sentence, −1 negative to +1 positive"
NOTICE = "Contains information from AFINN (Nielsen 2011), available under the Open Database License, opendatacommons.org/licenses/odbl."
HEIGHT = 2.4  # inches, of the course
STEPS = {"nothing": "o", "names": "s", "names and offices": "D", "names, offices and courtesy": "^"}


def draw_agreement(table: pd.DataFrame, *, caption: str = "", top: int = 12) -> Figure:
    """The correlation of the two lexicons in each group, with its interval and the share of signs alike.

    In: a table of `analysis.lexicon_agreement.agreement`.
    """
    shown = table[table["r"].notna()].head(top)
    rows = [
        Row(str(r["group"]), [Dot(str(r["group"]), r["r"], r["r_low"], r["r_high"], bool(r["sufficient"]),
            f"{number(r['r'], 2)}  (sign alike in {percent(r['same'])})")])
        for r in shown.to_dict("records")
    ]  # fmt: skip
    alt = "Dot plot of the correlation of two lexicons: " + "; ".join(
        f"{r['group']} {number(r['r'], 2)} ({count(int(r['n']), 'sentence')})"
        for r in shown.to_dict("records")
    )
    notes = (
        "Pearson's r between the scores of the same sentences by VADER's words and by AFINN's, rules and masks alike; in "
        "brackets the share of sentences that both call positive, both neutral or both negative.",
        basis_note(shown), hollow_note(shown, "fewer than thirty sentences"), NOTICE, selection_note(caption),
    )  # fmt: skip
    columns = {"group": str(table.attrs.get("by", "group")), "n": "sentences", "r": "r", "same": "sign alike",
               "opposed": "opposite signs", "mean": "mean, VADER", "mean_second": "mean, AFINN", "sufficient": "enough data"}  # fmt: skip
    svg = (
        draw_dots(rows, "correlation of the two lexicons over sentences", alt, named=True, tick=_up_to_one)
        if rows
        else ""
    )
    return Figure(svg, alt, compose(*notes), Table(_in_percent(table), columns=columns))


def draw_disagreements(table: pd.DataFrame, *, caption: str = "") -> Table:
    """The sentences on which the lexicons part, with the words of each. In: `analysis.lexicon_agreement.disagreements`."""
    columns = {"group": str(table.attrs.get("by", "group")), "score": "VADER", "receipt": "its words",
               "score_second": "AFINN", "words_second": "its words"}  # fmt: skip
    said = compose("Where the two lexicons lie furthest apart.", selection_note(caption))
    return Table(table, said, columns=columns)


def draw_sensitivity(table: pd.DataFrame, *, caption: str = "", top: int = 6) -> Figure:
    """The mean of each group under each mask, with its interval. In: `analysis.mask_sensitivity.sensitivity`."""
    names = (
        table.groupby("group", sort=False)["n"]
        .first()
        .sort_values(ascending=False, kind="stable")
        .head(top)
        .index
    )
    shown = table[table["group"].isin(names)]
    rows = [
        Row(str(name), [_step(r) for r in shown[shown["group"] == name].to_dict("records")]) for name in names
    ]
    alt = "Dot plot of mean sentiment under each mask: " + "; ".join(
        f"{name} " + ", ".join(f"{number(r['mean'], 2)} with {r['masked']} masked" for r in shown[shown["group"] == name].to_dict("records"))
        for name in names
    )  # fmt: skip
    reach = float(shown[["low", "high"]].abs().max().max()) if len(shown) else 0.1
    span = min(max(0.25, reach * 1.1), 1.0)
    notes = (
        "The same sentences with more and more masked: words of names (“United States”), of offices, of forms of courtesy. "
        "The table gives how far each mask moves the mean, with its interval.",
        basis_note(shown), hollow_note(shown, "fewer than fifteen sentences"), selection_note(caption),
    )  # fmt: skip
    columns = {"group": str(table.attrs.get("by", "group")), "masked": "masked", "n": "sentences", "mean": "mean score",
               "moved": "moved by", "sufficient": "enough data"}  # fmt: skip
    svg = draw_dots(rows, SCALE, alt, span=(-span, span), named=True) if rows else ""
    return Figure(svg, alt, compose(*notes), Table(table, columns=columns))


def draw_course(table: pd.DataFrame, *, caption: str = "", title: str = "") -> Figure | Caveat:
    """The mean of each part of a document in text order; a line that says why where it is too short.

    In: a table of `analysis.sentiment_arc.course_or_none`.
    """
    if table.empty:
        return Caveat(f"The course of a document is not shown: {table.attrs.get('refused', 'no text')}.")
    rows = table.to_dict("records")
    alt = "Mean sentiment of the parts of a document, in text order: " + ", ".join(
        number(r["mean"], 2) for r in rows
    )
    notes = (
        f"{title or table.attrs['doc_id']}: {count(int(table.attrs['n']), 'sentence')} in {len(rows)} parts of equal numbers of "
        f"sentences, beginning on the left; the broken line is their mean, {number(table.attrs['mean'], 2)}.",
        "Lines are 95 % intervals, by resampling the sentences of a part.", hollow_note(table, "fewer than fifteen sentences in a part"),
        selection_note(caption),
    )  # fmt: skip
    columns = {"part": "part", "n": "sentences", "mean": "mean score", "positive": "positive", "negative": "negative",
               "speaker": "speaks most", "sufficient": "enough data"}  # fmt: skip
    return Figure(
        _course(rows, float(table.attrs["mean"]), alt), alt, compose(*notes), Table(table, columns=columns)
    )


def _course(rows: list[dict[Any, Any]], mean: float, alt: str) -> str:
    reach = max(abs(r[side]) for r in rows for side in ("low", "high", "mean") if not math.isnan(r[side]))
    reach = min(max(0.25, reach * 1.1), 1.0)
    with canvas(HEIGHT) as (drawing, axes):
        axes.set_xlim(0.5, len(rows) + 0.5)
        axes.set_ylim(-reach, reach)
        axes.grid(visible=True, axis="y", color=LINE, linewidth=0.6, alpha=0.5)
        axes.axhline(0, color=QUIET, linewidth=1)
        axes.axhline(mean, color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
        axes.plot(
            [r["part"] for r in rows], [r["mean"] for r in rows], color=POSITIVE, linewidth=1, alpha=0.6
        )
        for r in rows:
            if not math.isnan(r["low"]):
                axes.plot([r["part"]] * 2, [r["low"], r["high"]], color=POSITIVE, linewidth=1.6, alpha=0.75)
            axes.plot([r["part"]], [r["mean"]], marker="o", markersize=6.5, markeredgecolor=POSITIVE, markeredgewidth=1.5,
                      markerfacecolor=POSITIVE if r["sufficient"] else PAPER)  # fmt: skip
        axes.set_xticks([r["part"] for r in rows], [str(r["part"]) for r in rows])
        axes.set_xlabel("part of the document", fontsize=SMALL)
        axes.set_ylabel("mean score", fontsize=SMALL)
        return to_svg(drawing, alt)


def _step(row: dict[Any, Any]) -> Dot:
    masked = str(row["masked"])
    said = f"{number(row['mean'], 2)} {masked} masked"
    return Dot(
        str(row["group"]),
        row["mean"],
        row["low"],
        row["high"],
        bool(row["sufficient"]),
        said,
        shape=STEPS.get(masked, "o"),
    )


def _up_to_one(value: float) -> str:
    """A tick of a correlation; the room for words beyond 1 has none."""
    return short(value) if value <= 1 else ""


def _in_percent(table: pd.DataFrame) -> pd.DataFrame:
    """Shares that the printed table does not know as shares, as text with their limits."""
    return table.assign(
        same=[f"{percent(r['same'])} {interval(100 * r['same_low'], 100 * r['same_high'])}" for r in table.to_dict("records")],
        opposed=[percent(share) for share in table["opposed"]],
    ).drop(columns=["same_low", "same_high"])  # fmt: skip
