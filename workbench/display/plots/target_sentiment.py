"""Figures of sentiment toward entities: who speaks how of whom, with the error of the judge beside it."""

from __future__ import annotations

import pandas as pd

from workbench.display.blocks import Figure, Table
from workbench.display.captions import basis_note, compose, hollow_note, selection_note
from workbench.display.formatting import count, listed, number, percent
from workbench.display.plots.dot_plot import Dot, Row, draw_dots

SCALE = "mean score toward it, −1 negative to +1 positive"
HOLDERS = 4  # dots in one row; more are in the table
COLUMNS = ("entity", "holder", "n", "mean", "positive", "negative", "n_docs", "sufficient")


def draw_toward(table: pd.DataFrame, *, caption: str = "", top: int = 6) -> Figure:
    """The mean score of each holder toward each entity, with its interval; most mentioned first.

    In: a table of `analysis.target_sentiment.toward_by`.
    """
    entities = table.groupby("entity", sort=False)["n"].sum().sort_values(ascending=False, kind="stable")
    rows = [_row(str(name), table[table["entity"] == name]) for name in entities.head(top).index]
    shown = table[table["entity"].isin(entities.head(top).index)]
    alt = "Dot plot of mean sentiment toward entities: " + "; ".join(
        f"{r['holder']} about {r['entity']} {number(r['mean'], 2)} ({count(int(r['n']), 'mention')})"
        for r in shown.head(12).to_dict("records")
    )
    reach = float(shown[["low", "high", "mean"]].abs().max().max()) if len(shown) else 0.1
    span = min(max(0.25, reach * 1.1), 1.0)
    svg = draw_dots(rows, SCALE, alt, span=(-span, span)) if rows else ""
    left_out = len(entities) - len(rows)
    more = f"{listed([str(name) for name in entities.index[top : top + 3]])}{' and others' if left_out > 3 else ''} are in the table only."
    notes = (
        "Each name, and each “he” or “her” that can mean one person only, is judged by the words of its clause; "
        "a dot is the mean over a holder's mentions.",
        basis_note(shown), hollow_note(shown, "fewer than fifteen sentences"),
        more if left_out > 0 else "", _error_note(table), selection_note(caption),
    )  # fmt: skip
    return Figure(svg, alt, compose(*notes), Table(table, columns=_headed(table)))


def draw_toward_ends(table: pd.DataFrame, *, caption: str = "") -> Table:
    """The mentions at both ends, each with the words that moved it.

    In: a table of `analysis.target_sentiment.toward_ends`.
    """
    columns = {
        "entity": "about",
        "holder": "in the words of",
        "score": "score",
        "receipt": "words that moved it",
    }
    said = "The most positive and most negative mentions, with their receipts"
    return Table(table, " ".join(filter(None, [f"{said}.", selection_note(caption)])), columns=columns)


def _error_note(table: pd.DataFrame) -> str:
    """How often the label of a mention is right, where the table says so."""
    right = table.attrs.get("right")
    return f"The label of a single mention is right in {percent(right)} of cases (measured)." if right else ""


def _row(name: str, mine: pd.DataFrame) -> Row:
    dots = [
        Dot(str(r["holder"]), r["mean"], r["low"], r["high"], bool(r["sufficient"]),
            f"{number(r['mean'], 2)}, n = {int(r['n']):,}")
        for r in mine.sort_values("n", ascending=False, kind="stable").head(HOLDERS).to_dict("records")
    ]  # fmt: skip
    return Row(name, dots)


def _headed(table: pd.DataFrame) -> dict[str, str]:
    by = {"speaker": "whose words", "voice": "voice"}.get(str(table.attrs.get("by")), "group")
    names = dict(zip(COLUMNS, COLUMNS, strict=True))
    return names | {"entity": "about", "holder": by, "n": "mentions", "mean": "mean score", "n_docs": "documents",
                    "sufficient": "enough data"}  # fmt: skip
