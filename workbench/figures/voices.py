"""Figures of voices and speakers: who fills the sentences."""

from __future__ import annotations

import pandas as pd

from workbench.figures.captions import basis_note, compose, hollow_note, selection_note, sizes_note
from workbench.figures.dots import Dot, Row, draw_dots
from workbench.figures.numbers import percent
from workbench.figures.show import Figure, Table

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
            Dot(str(r["group"]), r["sentence_share"], r["low"], r["high"], bool(r["enough"]),
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
    columns = ("group", item, "n", "sentence_share", "words", "share", "n_docs", "enough")
    names = {c: {"share": "share of words", "sentence_share": "share of sentences", "n": "sentences", "n_docs": "documents",
                 "group": str(table.attrs.get("by", "group")), "enough": "enough data"}.get(c, c) for c in columns}  # fmt: skip
    return Figure(svg, alt, compose(*notes), Table(table, columns=names))


def _share_tick(value: float) -> str:
    return percent(value) if value <= 1.0 else ""
