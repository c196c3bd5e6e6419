"""Who is speaking: the author, turns of a transcript, quotes, indirect speech, and which speaker."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.analysis.distributions import wilson
from workbench.analysis.intervals import DOCUMENTS, share_limits
from workbench.analysis.reliability import sufficient
from workbench.analysis.units import grouping
from workbench.schema import VOICES


def voice_shares(units: pd.DataFrame) -> pd.DataFrame:
    """How much of each group's text stands in which voice.

    Out: [group, voice, words, share, n, n_sentences, sentence_share, low, high, n_docs, basis, sufficient],
         a row for each voice that occurs anywhere; `share` of the words; `n` of `n_sentences` sentences
         stand in this voice, and the interval is that of `sentence_share`.
    """
    order = [voice for voice in VOICES if (units["voice"] == voice).any()]
    return _shares(units, "voice", order)


def speaker_shares(units: pd.DataFrame, *, top: int = 12) -> pd.DataFrame:
    """How much of each group's text is said by whom; the author's own text is one speaker, "the author".

    Out: [group, speaker, words, share, n, n_sentences, sentence_share, low, high, n_docs, basis, sufficient],
         the `top` speakers by words, a row for each in each group where they speak.
    """
    order = list(
        units.groupby("speaker")["words"].sum().sort_values(ascending=False, kind="stable").index[:top]
    )
    out = _shares(units, "speaker", order)
    kept = out[out["n"] > 0].reset_index(drop=True)
    kept.attrs |= out.attrs
    return kept


def _shares(units: pd.DataFrame, item: str, order: list[str]) -> pd.DataFrame:
    tables = []
    sizes = units.groupby("group")["words"].sum().sort_values(ascending=False, kind="stable")
    for group in sizes.index:
        mine = units[units["group"] == group]
        here = np.column_stack([mine[item] == name for name in order]).astype(float)
        limits = share_limits(here, np.ones(len(mine)), mine["doc_id"].to_numpy())
        n = here.sum(axis=0)
        low, high = (limits.low, limits.high) if limits.basis == DOCUMENTS else wilson(n, len(mine))
        words = here.T @ mine["words"].to_numpy(float)
        tables.append(pd.DataFrame({
            "group": group, item: order, "words": words.astype(int), "share": words / max(int(sizes[group]), 1),
            "n": n.astype(int), "n_sentences": len(mine), "sentence_share": n / len(mine), "low": low, "high": high,
            "n_docs": mine["doc_id"].nunique(), "basis": limits.basis, "sufficient": sufficient("share", sentences=len(mine)),
        }))  # fmt: skip
    out = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    out.attrs |= {"by": grouping(units), "item": item}
    return out
