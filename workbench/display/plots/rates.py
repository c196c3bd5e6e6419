"""Draw rates and shares: topics, words, voices, speakers, entities, kinds of text.

Figures of topic and word rates.

Figures of voices and speakers: who fills the sentences.

Figures of entities: who mentions whom, and chosen entities side by side.

Figures of what arrived: how much of each page was text.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.display.blocks import Figure, Table
from workbench.display.captions import basis_note, compose, hollow_note, selection_note, sizes_note
from workbench.display.formatting import listed, number, percent
from workbench.display.palette import colour_of, shape_of
from workbench.display.plots.dot_plot import Dot, Row, draw_dots

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
    """The same for `analysis.frequency.term_rates`."""
    return draw_rates(table, "form", caption=caption, top=top)


def draw_rates(table: pd.DataFrame, item: str, *, caption: str = "", top: int = 10) -> Figure:
    """Rates of anything [group, <item>, n, rate, low, high, words, n_docs, basis, sufficient]."""
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
        Table(table, columns=("group", item, "n", "rate", "docs_with", "n_docs", "dispersion", "sufficient")),
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
            bool(r["sufficient"]),
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
    return "DP (DPnorm) is 0 when hits are spread evenly over the text and 1 when one part has all of them."


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


# ---------------------------------------------------------------- voices and speakers

VOICE_WORDS = {
    "author": "the author's own voice", "turn": "turns of a transcript", "quote": "direct quotes",
    "indirect": "indirect speech",
}  # fmt: skip
AXIS = "share of the sentences"


def draw_voices(table: pd.DataFrame, *, caption: str = "") -> Figure:
    """Share of the sentences in each voice, a dot for each group.

    In: a table of `analysis.voices.voice_shares`.
    """
    return _draw(table, "voice", caption)


def draw_speakers(table: pd.DataFrame, *, caption: str = "", top: int = 10) -> Figure:
    """Share of the sentences of each speaker, a dot for each group in which they speak.

    In: a table of `analysis.voices.speaker_shares`.
    """
    names = list(dict.fromkeys(table["speaker"]))[:top]
    return _draw(table[table["speaker"].isin(names)], "speaker", caption)


def _draw(table: pd.DataFrame, item: str, caption: str) -> Figure:
    rows = []
    for name in dict.fromkeys(table[item]):
        dots = [
            Dot(str(r["group"]), r["sentence_share"], r["low"], r["high"], bool(r["sufficient"]),
                f"{percent(r['sentence_share'])} (n {int(r['n']):,})")
            for r in table[table[item] == name].to_dict("records")
        ]  # fmt: skip
        rows.append(Row(VOICE_WORDS.get(str(name), str(name)), dots))
    alt = f"Dot plot of the share of sentences by {item}: " + "; ".join(
        f"{r['group']}, {r[item]} {percent(r['sentence_share'])}" for r in table.head(8).to_dict("records")
    )
    notes = (
        "Share of the sentences, and their number. A sentence counts for the voice that fills most of it.",
        sizes_note(table, "n_sentences"), basis_note(table), hollow_note(table, "fewer than ten sentences"), selection_note(caption),
    )  # fmt: skip
    svg = draw_dots(rows, AXIS, alt, span=(0.0, 1.0), tick=_share_tick) if rows else ""
    columns = ("group", item, "n", "sentence_share", "words", "share", "n_docs", "sufficient")
    names = {c: {"share": "share of words", "sentence_share": "share of sentences", "n": "sentences", "n_docs": "documents",
                 "group": str(table.attrs.get("by", "group")), "sufficient": "enough data"}.get(c, c) for c in columns}  # fmt: skip
    return Figure(svg, alt, compose(*notes), Table(table, columns=names))


def _share_tick(value: float) -> str:
    return percent(value) if value <= 1.0 else ""


# ---------------------------------------------------------------- entities


def draw_entity_rates(table: pd.DataFrame, *, caption: str = "", top: int = 10) -> Figure:
    """Mentions per 1,000 words of each entity in each group.

    In: a table of `analysis.entities.entity_rates`.
    """
    figure = draw_rates(table, "entity", caption=caption, top=top)
    said = figure.caption.replace(
        "Hits per 1,000 words", "Mentions (all name forms together) per 1,000 words"
    )
    columns = ("group", "entity", "n", "share", "rate", "docs_with", "n_docs", "sufficient")
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
        Dot(str(r["entity"]), r["rate"], r["low"], r["high"], bool(r["sufficient"]), f"{r['entity']} {number(r['rate'])} (n {int(r['n']):,})",
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


# ---------------------------------------------------------------- coverage: the share of each page that is text


def draw_segment_shares(table: pd.DataFrame, *, caption: str = "") -> Figure:
    """Share of the characters of each group by kind of text; body kinds filled, the rest open.

    In: a table of `analysis.quality.segment_shares`. Nothing is estimated here, so there is no interval.
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
        draw_dots(rows, "share of the characters of the pages", alt, tick=_percent_tick, bars=True)
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


def _percent_tick(value: float) -> str:
    return percent(value) if value <= 1.0 else ""
