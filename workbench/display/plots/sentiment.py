"""Figures of sentiment: means by group, the sentences at both ends, what masking changes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.display.blocks import Figure, Table
from workbench.display.canvas import SMALL, canvas, fitting, to_svg
from workbench.display.captions import basis_note, compose, hollow_note, selection_note, sizes_note
from workbench.display.formatting import count, number, percent
from workbench.display.palette import INK, LINE, NEGATIVE, POSITIVE, QUIET
from workbench.display.plots.dot_plot import BEHIND, Dot, Row, draw_dots

SCALE = "mean score of a sentence, −1 negative to +1 positive"
MEANING = "A score says which words a sentence uses, not what its speaker feels."
_BAR = 0.22  # inches, height of a bar
_LINE = 4.5  # inches, width of the words above a bar


def draw_sentiment_by(table: pd.DataFrame, *, caption: str = "", top: int = 12) -> Figure:
    """Mean sentence score of each group with its interval, and the shares above each dot.

    In: a table of `analysis.sentiment.sentiment_by`.
    """
    shown = table.head(top)
    rows = [
        Row(
            str(r["group"]),
            [Dot(str(r["group"]), r["mean"], r["low"], r["high"], bool(r["sufficient"]), _said(r))],
        )
        for r in shown.to_dict("records")
    ]
    alt = f"Dot plot of mean sentence sentiment by {table.attrs.get('by', 'group')}: " + "; ".join(
        f"{r['group']} {number(r['mean'], 2)} ({count(int(r['n']), 'sentence')})"
        for r in shown.to_dict("records")
    )
    notes = (
        "Mean of sentence scores (VADER; names, offices and courtesy masked); beside it the share of positive "
        "and negative sentences.", sizes_note(table, "n"), basis_note(shown),
        hollow_note(shown, "fewer than fifteen sentences"), MEANING, selection_note(caption),
    )  # fmt: skip
    svg = draw_dots(rows, SCALE, alt, span=_span(shown), named=True)
    columns = ("group", "n", "mean", "positive", "neutral", "negative", "n_docs", "sufficient")
    return Figure(svg, alt, compose(*notes), Table(table, columns=columns))


def draw_masking(table: pd.DataFrame, *, caption: str = "") -> Figure:
    """Masked and unmasked means of each group: how much names and courtesy weigh.

    In: a table of `analysis.sentiment.masking`.
    """
    nan = float("nan")
    rows = [
        Row(
            str(r["group"]),
            [
                Dot(
                    str(r["group"]),
                    r[what],
                    nan,
                    nan,
                    bool(r["sufficient"]),
                    f"{number(r[what], 2)} {said}",
                    shape=shape,
                )
                for what, said, shape in (("masked", "masked", "o"), ("unmasked", "with nothing masked", "^"))
            ],
        )
        for r in table.to_dict("records")
    ]
    alt = "Dot plot of mean sentiment with and without masking: " + "; ".join(
        f"{r['group']} {number(r['masked'], 2)} masked, {number(r['unmasked'], 2)} unmasked"
        for r in table.to_dict("records")
    )
    limits = table[["masked", "unmasked"]].abs().to_numpy().max() if len(table) else 0.1
    svg = draw_dots(rows, SCALE, alt, span=_symmetric(float(limits)), named=True)
    notes = (
        "The same sentences scored twice; masked words are names, offices and forms of courtesy "
        "(“United States”, “Mr President”). The table gives the difference with its interval.",
        hollow_note(table, "fewer than fifteen sentences"), selection_note(caption),
    )  # fmt: skip
    columns = ("group", "n", "masked", "unmasked", "difference", "changed", "turned", "sufficient")
    return Figure(svg, alt, compose(*notes), Table(table, columns=columns))


def draw_sentiment_ends(table: pd.DataFrame, *, caption: str = "") -> Figure:
    """The sentences at both ends as bars, each with the words that made its score.

    In: a table of `analysis.sentiment.sentiment_ends`.
    """
    rows = table.sort_values("score", ascending=False, kind="stable").to_dict("records")
    alt = f"Bars of the {len(rows)} most positive and most negative sentences" + (
        f", from {number(rows[0]['score'], 2)} to {number(rows[-1]['score'], 2)}." if rows else ": none."
    )
    svg = _ends(rows, alt) if rows else ""
    notes = (
        "Sentence scores (VADER, masked), with the words of the lexicon that made them and their valence.",
        MEANING,
        selection_note(caption),
    )
    columns = {"score": "score", "score_unmasked": "unmasked", "group": str(table.attrs.get("by", "group")),
               "speaker": "speaker", "receipt": "receipt", "doc_id": "document", "start": "from"}  # fmt: skip
    return Figure(svg, alt, compose(*notes), Table(table, columns=columns))


def _ends(rows: list[dict[Any, Any]], alt: str) -> str:
    tall = _BAR * 2 + 0.1
    height = tall * len(rows) + 0.1
    with canvas(height) as (drawing, axes):
        axes.set_xlim(-1.0, 1.0)
        axes.set_ylim(height, 0)
        axes.set_yticks([])
        axes.set_xticks([-1, -0.5, 0, 0.5, 1], ["−1", "−0.5", "0", "0.5", "1"])
        axes.grid(visible=True, axis="x", color=LINE, linewidth=0.6, alpha=0.5)
        for at, row in enumerate(rows):
            score, y = float(str(row["score"])), at * tall + 0.06
            colour = POSITIVE if score > 0 else NEGATIVE
            axes.text(-1, y + _BAR / 2, fitting(f"{row['speaker']}: {_heads(str(row['receipt']))}", _LINE, SMALL),
                      fontsize=SMALL, va="center", color=INK, bbox=BEHIND)  # fmt: skip
            axes.plot([0, 0], [y + _BAR, y + _BAR * 1.9], color=QUIET, linewidth=1)
            axes.barh(y + _BAR * 1.45, score, height=_BAR * 0.7, color=colour)
            axes.text(score + (0.02 if score > 0 else -0.02), y + _BAR * 1.45, number(score, 2), fontsize=SMALL,
                      va="center", ha="left" if score > 0 else "right", color=QUIET)  # fmt: skip
        axes.set_xlabel("score of the sentence", fontsize=SMALL)
        return to_svg(drawing, alt)


def _heads(receipt: str) -> str:
    """The words that count, without the masked ones."""
    return receipt.split("; masked")[0].replace("-", "−")


def _said(row: dict[Any, Any]) -> str:
    positive, negative = float(str(row["positive"])), float(str(row["negative"]))
    return f"{number(float(str(row['mean'])), 2)}  ({percent(positive)} +, {percent(negative)} −)"


def _span(table: pd.DataFrame) -> tuple[float, float]:
    return _symmetric(float(table[["low", "high", "mean"]].abs().max().max()) if len(table) else 0.1)


def _symmetric(limit: float) -> tuple[float, float]:
    """Both sides of zero alike, with room for what is written; never narrower than ±0.25."""
    reach = min(max(0.25, limit * 1.15), 1.0)
    return -reach, reach
