"""Figures of topics found in the data: how many there are, how large they are, who speaks of them."""

from __future__ import annotations

import pandas as pd

from workbench.display.blocks import Figure, Table
from workbench.display.canvas import SMALL, canvas, to_svg
from workbench.display.captions import basis_note, compose, hollow_note, selection_note
from workbench.display.formatting import count, number, percent
from workbench.display.palette import INK, LINE, OKABE_ITO, PAPER
from workbench.display.plots.dot_plot import Dot, Row, draw_dots

HEIGHT = 2.2  # inches
GROUPS, TOP = 4, 12
RULE = "half of its ten words change from run to run, or it leads in fewer than five texts, or the group has fewer than ten documents"
COLUMNS = {"k": "topics", "stability": "stability", "coherence": "coherence (NPMI)", "chosen": "chosen"}
TOPIC_COLUMNS = {
    "topic": "topic", "name": "exclusive words", "share": "share of words", "units": "texts it leads in",
    "coherence": "coherence", "stability": "stability", "sufficient": "enough data",
}  # fmt: skip


def draw_topic_numbers(numbers: pd.DataFrame, reason: str = "", *, caption: str = "") -> Figure:
    """Stability and coherence for each number of topics that was tried; the chosen one filled.

    In: `numbers` and `reason` of a model of `analysis.topic_model.find_model`.
    """
    if reason:
        return Figure("", reason, compose(reason, selection_note(caption)), Table(numbers))
    chosen = numbers[numbers["chosen"]].iloc[0]
    said = ", ".join(
        f"{int(r['k'])} topics {number(r['stability'], 2)} and {number(r['coherence'], 2)}"
        for r in numbers.to_dict("records")
    )
    alt = f"Stability and coherence by number of topics: {said}. Chosen: {int(chosen['k'])}."
    notes = (
        "Stability: how many of a topic's ten leading words come back from other seeds on four fifths of the texts (mean Jaccard).",
        "Coherence: do they stand in the same texts (mean NPMI)?",
        "Filled: the number taken, the most stable of those within a tenth of the best coherence." if len(numbers) > 1 else "The number was given.",
        selection_note(caption),
    )  # fmt: skip
    shown = Table(numbers, columns=COLUMNS)
    return Figure(_numbers(numbers, alt) if len(numbers) > 1 else "", alt, compose(*notes), shown)


def draw_found_topics(table: pd.DataFrame, *, caption: str = "", top: int = TOP) -> Figure:
    """The share of each topic of all words, the largest first, named by its exclusive words.

    In: a table of `analysis.topic_model.topic_table`.
    """
    reason = str(table.attrs.get("reason", ""))
    if not len(table):
        return Figure("", reason, reason, Table(table))
    shown = table.head(top)
    rows = [
        Row(f"{int(r['topic'])}: {r['name']}", [Dot("share", r["share"], r["low"], r["high"], bool(r["sufficient"]), percent(r["share"]))])
        for r in shown.to_dict("records")
    ]  # fmt: skip
    alt = "Shares of topics: " + ", ".join(
        f"{r['name']} {percent(r['share'])}" for r in shown.head(5).to_dict("records")
    )
    method = {"nmf": "NMF", "lda": "LDA"}[str(table.attrs.get("method", "nmf"))]
    over = {"documents": "document", "segments": "paragraph"}[str(table.attrs.get("over", "documents"))]
    notes = (
        f"Share of {int(table['words'].iloc[0]):,} words, each {over}'s words shared out by its mixture of topics ({method}).",
        basis_note(shown), hollow_note(shown, RULE), f"{len(table) - top} smaller ones stand in the table." if len(table) > top else "",
        selection_note(caption),
    )  # fmt: skip
    svg = draw_dots(rows, "share of all words", alt, tick=percent, named=True)
    return Figure(svg, alt, compose(*notes), Table(table, columns=TOPIC_COLUMNS))


def draw_topic_shares(table: pd.DataFrame, *, caption: str = "", top: int = TOP) -> Figure:
    """How the groups share out their words over the topics, a dot a group.

    In: a table of `analysis.topic_model.topic_shares`.
    """
    if not len(table):
        return Figure("", "Nothing to draw: no topics.", "", Table(table))
    groups = list(table.drop_duplicates("group")["group"].head(GROUPS))
    drawn = table[table["group"].isin(groups)]
    order = drawn.groupby("topic")["n"].sum().sort_values(ascending=False, kind="stable").index[:top]
    rows = []
    for topic in order:
        mine = drawn[drawn["topic"] == topic].to_dict("records")
        dots = [
            Dot(str(r["group"]), r["share"], r["low"], r["high"], bool(r["sufficient"]), percent(r["share"]))
            for r in mine
        ]
        rows.append(Row(f"{int(topic)}: {mine[0]['name']}", dots))
    alt = f"Shares of {len(order)} topics in {count(len(groups), 'group')}."
    sizes = table.drop_duplicates("group")
    more = len(sizes) - GROUPS
    said = ", ".join(
        f"{r['group']} {int(r['words']):,} words in {count(int(r['n_docs']), 'document')}"
        for r in sizes.head(GROUPS).to_dict("records")
    )
    notes = (
        f"Share of each group's words: {said}.", f"{more} smaller groups stand in the table." if more > 0 else "",
        basis_note(drawn), hollow_note(drawn, RULE), selection_note(caption),
    )  # fmt: skip
    columns = ("group", "topic", "name", "share", "n", "words", "n_docs", "sufficient")
    return Figure(
        draw_dots(rows, "share of the group's words", alt, tick=percent),
        alt,
        compose(*notes),
        Table(table, columns=columns),
    )


def _numbers(numbers: pd.DataFrame, alt: str) -> str:
    ks = numbers["k"].to_numpy(float)
    with canvas(HEIGHT) as (drawing, axes):
        values = numbers[["stability", "coherence"]].to_numpy(float)
        axes.set_ylim(min(0.0, float(values.min()) - 0.05), max(1.0, float(values.max())))
        axes.set_xlim(ks[0] - 0.6, ks[-1] + 0.36 * (ks[-1] - ks[0]))
        axes.set_xticks([int(k) for k in ks])
        axes.grid(visible=True, axis="y", color=LINE, linewidth=0.6, alpha=0.5)
        for column, colour, shape in (("stability", OKABE_ITO[0], "o"), ("coherence", OKABE_ITO[1], "s")):
            line = numbers[column].to_numpy(float)
            axes.plot(ks, line, color=colour, linewidth=1.5)
            for k, value, chosen in zip(ks, line, numbers["chosen"], strict=True):
                axes.plot([k], [value], marker=shape, markersize=6, color=colour, markerfacecolor=colour if chosen else PAPER,
                          linestyle="none", zorder=3)  # fmt: skip
            axes.text(
                ks[-1] + 0.03 * (ks[-1] - ks[0]), line[-1], column, fontsize=SMALL, color=INK, va="center"
            )
        axes.set_xlabel("number of topics")
        return to_svg(drawing, alt)
