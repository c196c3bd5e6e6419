"""Sentiment toward entities, split by who is speaking: "X about Y" apart from "the article about Y".

A score is the chance of positive less the chance of negative that the judge of `annotate` gives a mention,
-1 to 1. The limits say how far the mean would move with other documents or sentences of the same kind; they do
not hold the error of the judge, which `MEASURED` states and every reading of this table has to carry.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.analysis.enough import enough
from workbench.analysis.intervals import ratio_limits
from workbench.analysis.units import AUTHOR
from workbench.errors import BadParameter, did_you_mean
from workbench.schema import UNKNOWN

# `python -m benchmarks.accuracy --only toward`, newsmtsc, the half that nothing was fitted on
MEASURED = (
    "On 4,352 labelled mentions in English news the label of a single mention is right in 64 % [63-65 %], where "
    "whole-sentence VADER is right in 54 %; a mean over many mentions keeps any error that all of them share."
)
SPAN = ["doc_id", "start", "end"]
HOLDERS = ("speaker", "voice")


def judged(
    toward: pd.DataFrame, mentions: pd.DataFrame, units: pd.DataFrame, *, by: str = "speaker"
) -> pd.DataFrame:
    """The judged mentions of entities in the sentences of `units`: the evidence behind `toward_by`.

    In:  toward [doc_id, start, end, score, label, confidence, receipt], one row a mention; mentions (with
         `entity`); units.
    Out: [holder, entity, doc_id, sentence, start, end, score, label, confidence, receipt], in text order.
         `holder` is whose words the mention stands in: with `by="speaker"` the speaker, "the author" or
         "unknown", with `by="voice"` the voice. BadParameter for another `by`.
    """
    if by not in HOLDERS:
        raise BadParameter("by", problem=f"cannot split by `{by}`", mend=did_you_mean(by, HOLDERS))
    named = mentions[mentions["entity"].notna() & mentions["sentence"].notna()]
    inside = named.merge(units[["doc_id", "sentence"]].drop_duplicates(), on=["doc_id", "sentence"])
    out = inside.merge(
        toward[[*SPAN, "score", "label", "confidence", "receipt"]], on=SPAN, suffixes=("_name", "")
    )
    speaker = out["speaker"].astype("object")
    spoken = speaker.where(speaker.notna(), UNKNOWN).where(out["voice"] != "author", AUTHOR)
    out = out.assign(holder=spoken if by == "speaker" else out["voice"].astype("object"))
    columns = [
        "holder",
        "entity",
        "doc_id",
        "sentence",
        "start",
        "end",
        "score",
        "label",
        "confidence",
        "receipt",
    ]
    return out[columns].sort_values(SPAN, kind="stable", ignore_index=True)


def toward_by(
    toward: pd.DataFrame,
    mentions: pd.DataFrame,
    units: pd.DataFrame,
    entities: Sequence[str] | None = None,
    *,
    by: str = "speaker",
) -> pd.DataFrame:
    """Mean sentiment of each holder toward each entity.

    In:  as `judged`; the chosen entities, or all.
    Out: [holder, entity, n, mean, low, high, positive, negative, n_docs, basis, enough], one row for each
         pair that occurs, most mentions first; `n` mentions; `positive` and `negative` shares of them, 0 to
         1; limits by resampling documents, or sentences within them (NaN where all scores are alike).
         `enough` counts sentences, since the mentions of one sentence are read from the same words.
         BadParameter for an entity that no mention bears.
    """
    table = judged(toward, mentions, units, by=by)
    if entities is not None:
        known = sorted(mentions["entity"].dropna().unique())
        for name in entities:
            if name not in known:
                raise BadParameter("entity", problem=f"no entity `{name}`", mend=did_you_mean(name, known))
        table = table[table["entity"].isin(list(entities))]
    rows = [
        _pooled(str(holder), str(entity), mine)
        for (holder, entity), mine in table.groupby(["holder", "entity"], sort=True, observed=True)
    ]
    columns = [
        "holder",
        "entity",
        "n",
        "mean",
        "low",
        "high",
        "positive",
        "negative",
        "n_docs",
        "basis",
        "enough",
    ]
    out = pd.DataFrame(rows, columns=columns)
    out = out.sort_values("n", ascending=False, kind="stable", ignore_index=True)
    out.attrs |= {"by": by, "measured": MEASURED}
    return out


def _pooled(holder: str, entity: str, mine: pd.DataFrame) -> dict[str, object]:
    """The row of one pair: sentences are what is resampled, so mentions are added up within them first."""
    sums = mine.groupby(["doc_id", "sentence"], sort=True, observed=True)["score"].agg(["sum", "size"])
    documents = sums.index.get_level_values("doc_id").to_numpy()
    limits = ratio_limits(sums["sum"].to_numpy(float), sums["size"].to_numpy(float), documents)
    low, high = float(limits.low[0]), float(limits.high[0])
    if low == high:  # one sentence, or all alike: resampling cannot tell how sure that is
        low = high = np.nan
    return {
        "holder": holder, "entity": entity, "n": len(mine), "mean": float(mine["score"].mean()), "low": low,
        "high": high, "positive": float((mine["label"] == "positive").mean()),
        "negative": float((mine["label"] == "negative").mean()), "n_docs": int(mine["doc_id"].nunique()),
        "basis": limits.basis, "enough": bool(enough("mean", sentences=len(sums))),
    }  # fmt: skip
