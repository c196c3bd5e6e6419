"""The course of sentiment through a document: where in the text its tone rises and falls."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.analysis.intervals import ratio_limits
from workbench.analysis.rates import KEY
from workbench.analysis.reliability import RULES, sufficient
from workbench.errors import TooLittleData

PARTS = 10  # of equal numbers of sentences; a figure of 400 pixels holds no more with their limits


def longest(units: pd.DataFrame) -> str:
    """The document with most sentences; of several the first."""
    counts = units.groupby("doc_id", sort=True).size()
    return str(counts.idxmax()) if len(counts) else ""


def course(sentiment: pd.DataFrame, units: pd.DataFrame, doc_id: str, *, parts: int = PARTS) -> pd.DataFrame:
    """The mean score of each part of a document, in text order.

    In:  sentiment as in the schema; units; a document of them.
    Out: [part, n, mean, low, high, positive, negative, speaker, first, last, doc_id, basis, sufficient];
         parts hold equal numbers of scored sentences, the first ones one more where it does not divide; limits
         by resampling the sentences of the part; `speaker` has most sentences in it; `first`, `last` are numbers
         of sentences. Raises TooLittleData below forty scored sentences.
    """
    table = units[units["doc_id"] == doc_id].merge(sentiment[[*KEY, "score"]], on=KEY, how="inner")
    table = table.sort_values("sentence", kind="stable")
    if not sufficient("course", sentences=len(table)):
        raise TooLittleData(
            f"course of {doc_id or 'no document'}",
            problem=f"{len(table)} scored sentences are too few",
            hint=f"choose a document of {RULES['course']}",
        )
    places = np.array_split(np.arange(len(table)), parts)
    rows = [_part(number, table.iloc[mine]) for number, mine in enumerate(places, start=1)]
    out = pd.DataFrame(rows)
    out.attrs |= {"doc_id": doc_id, "mean": float(table["score"].mean()), "n": len(table), "parts": parts}
    return out


def course_or_none(
    sentiment: pd.DataFrame, units: pd.DataFrame, doc_id: str, *, parts: int = PARTS
) -> pd.DataFrame:
    """The same, or no row, with the reason in `attrs["refused"]`, where the document is too short."""
    try:
        return course(sentiment, units, doc_id, parts=parts)
    except TooLittleData as error:
        out = pd.DataFrame(
            columns="part n mean low high positive negative speaker first last doc_id basis sufficient".split()
        )
        out.attrs |= {"doc_id": doc_id, "refused": f"{error.problem}: {error.hint}"}
        return out


def _part(number: int, mine: pd.DataFrame) -> dict[str, object]:
    score = mine["score"].to_numpy(float)
    limits = ratio_limits(score, np.ones(len(score)), mine["doc_id"].to_numpy())
    low, high = float(limits.low[0]), float(limits.high[0])
    if low == high:
        low = high = np.nan
    return {
        "part": number, "n": len(mine), "mean": score.mean(), "low": low, "high": high,
        "positive": float((score >= 0.05).mean()), "negative": float((score <= -0.05).mean()),
        "speaker": str(mine["speaker"].value_counts().index[0]), "first": int(mine["sentence"].iloc[0]),
        "last": int(mine["sentence"].iloc[-1]), "doc_id": str(mine["doc_id"].iloc[0]), "basis": limits.basis,
        "sufficient": bool(sufficient("mean", sentences=len(mine))),
    }  # fmt: skip
