"""Sentiment: sentences are scored, then pooled; every score keeps its receipt.

A score is VADER's compound, -1 to 1, with names, offices and forms of courtesy masked. It says which
words a sentence uses, not what its speaker feels and not toward whom.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.analysis.distributions import Floats, wilson
from workbench.analysis.intervals import DOCUMENTS, difference_limits, ratio_limits
from workbench.analysis.rates import KEY
from workbench.analysis.reliability import sufficient
from workbench.analysis.units import grouping
from workbench.errors import BadParameter, did_you_mean
from workbench.schema import UNKNOWN

NEUTRAL = (
    0.05  # VADER's own border: Hutto & Gilbert 2014; scores are zero or well beyond it on most sentences
)
POOLED = (
    "group n mean low high positive positive_low positive_high neutral negative negative_low negative_high n_docs "
    "basis sufficient"
).split()
SIGNS = ("positive", "neutral", "negative")


def scored(sentiment: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """The units that have a score, with `score`, `score_unmasked`, `sign` and `hits`."""
    out = units.merge(sentiment[[*KEY, "score", "score_unmasked", "hits"]], on=KEY, how="inner")
    score = out["score"]
    return out.assign(
        sign=np.select([score >= NEUTRAL, score <= -NEUTRAL], ["positive", "negative"], "neutral")
    )


def sentiment_by(sentiment: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Mean score and shares of positive, neutral and negative sentences in each group.

    In:  sentiment as in the schema; units.
    Out: [group, n, mean, low, high, positive, positive_low, positive_high, neutral, negative,
         negative_low, negative_high, n_docs, basis, sufficient]; `n` sentences; shares 0 to 1, positive
         from 0.05 up, negative from -0.05 down. Most sentences first.
    """
    table = scored(sentiment, units)
    rows = [_pooled(str(group), mine) for group, mine in table.groupby("group", sort=True)]
    out = (
        pd.DataFrame(rows).sort_values("n", ascending=False, kind="stable", ignore_index=True)
        if rows
        else pd.DataFrame(columns=POOLED)
    )
    out.attrs["by"] = grouping(units)
    return out


def topic_units(hits: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """The sentences of `units` that hold a hit of a topic, grouped by topic; in several of them for several.

    In:  hits of `analysis.topics.find_topics`; units.
    Out: units with `group` the topic and `by` "topic".
    """
    named = hits[[*KEY, "topic"]].drop_duplicates()
    out = units.merge(named, on=KEY, how="inner")
    return out.assign(group=out["topic"].astype("object"), by="topic").drop(columns="topic")


def in_time(table: pd.DataFrame) -> pd.DataFrame:
    """A table by month or year in the order of time, what has no date last."""
    late = table["group"].astype("object").str.startswith(UNKNOWN)
    order = table.assign(_late=late).sort_values(["_late", "group"], kind="stable", ignore_index=True)
    out = order.drop(columns="_late")
    out.attrs |= table.attrs
    return out


def masking(sentiment: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """What masking names, offices and courtesy changes: the sensitivity of the result.

    Out: [group, n, masked, unmasked, difference, low, high, changed, turned, n_docs, basis, sufficient];
         means of all sentences; `difference` is masked less unmasked with its interval; `changed`
         sentences got another score, `turned` another sign.
    """
    rows = []
    for group, mine in scored(sentiment, units).groupby("group", sort=True):
        a, b = mine["score"].to_numpy(float), mine["score_unmasked"].to_numpy(float)
        limits = ratio_limits(a - b, np.ones(len(mine)), mine["doc_id"].to_numpy())
        rows.append({
            "group": group, "n": len(mine), "masked": a.mean(), "unmasked": b.mean(), "difference": (a - b).mean(),
            "low": limits.low[0], "high": limits.high[0], "changed": int((np.abs(a - b) > 1e-9).sum()),
            "turned": int((_signs(a) != _signs(b)).sum()), "n_docs": mine["doc_id"].nunique(),
            "basis": limits.basis, "sufficient": bool(sufficient("mean", sentences=len(mine))),
        })  # fmt: skip
    out = pd.DataFrame(rows)
    out.attrs["by"] = grouping(units)
    return out


def sentiment_ends(sentiment: pd.DataFrame, units: pd.DataFrame, *, each: int = 5) -> pd.DataFrame:
    """The sentences at both ends of the scale, with their receipts.

    Out: [end, score, score_unmasked, group, doc_id, sentence, start, stop, speaker, voice, source, date,
         receipt], most positive first, then most negative; `start:stop` is the span of the sentence,
         `receipt` names the words that made the score ("great +3.1, war -2.9; masked: United +1.8").
         Neutral sentences are never at an end; equal scores keep the order of the text.
    """
    table = scored(sentiment, units).rename(columns={"end": "stop"})
    table = table.assign(end=table["sign"], receipt=[receipt(hits) for hits in table["hits"]])
    table = table.sort_values(["doc_id", "sentence"], kind="stable")
    up = table[table["sign"] == "positive"].sort_values("score", ascending=False, kind="stable").head(each)
    down = table[table["sign"] == "negative"].sort_values("score", kind="stable").head(each)
    columns = (
        "end score score_unmasked group doc_id sentence start stop speaker voice source date receipt".split()
    )
    return pd.concat([up, down], ignore_index=True)[columns]


def sentiment_difference(sentiment: pd.DataFrame, units: pd.DataFrame, a: str, b: str) -> pd.DataFrame:
    """How far the means of two groups lie apart.

    Out: one row [group, against, n, n_other, mean, mean_other, difference, low, high, n_docs,
         n_docs_other, basis, sufficient]; `difference` is `a` less `b`. BadParameter for an unknown group.
    """
    table = scored(sentiment, units)
    known = sorted(table["group"].unique())
    for name in (a, b):
        if name not in known:
            raise BadParameter("group", problem=f"no group `{name}`", hint=did_you_mean(name, known))
    first, second = (table[table["group"] == name] for name in (a, b))
    apart, low, high, basis = difference_limits(
        *((g["score"].to_numpy(float), np.ones(len(g)), g["doc_id"].to_numpy()) for g in (first, second))
    )
    return pd.DataFrame([{
        "group": a, "against": b, "n": len(first), "n_other": len(second), "mean": first["score"].mean(),
        "mean_other": second["score"].mean(), "difference": apart, "low": low, "high": high,
        "n_docs": first["doc_id"].nunique(), "n_docs_other": second["doc_id"].nunique(), "basis": basis,
        "sufficient": bool(sufficient("mean", sentences=min(len(first), len(second)))),
    }])  # fmt: skip


def receipt(hits: object) -> str:
    """The words that made a score: "happy +2.7, war -2.9; masked: United +1.8"."""
    counted: list[str] = []
    masked: list[str] = []
    for hit in hits if hits is not None else []:  # type: ignore[attr-defined]
        (masked if hit["masked"] else counted).append(f"{hit['word']} {hit['valence']:+.1f}")
    said = ", ".join(counted) or "no word of the lexicon counts"
    return said + (f"; masked: {', '.join(masked)}" if masked else "")


def _pooled(group: str, mine: pd.DataFrame) -> dict[str, object]:
    score, documents = mine["score"].to_numpy(float), mine["doc_id"].to_numpy()
    signs = np.column_stack([mine["sign"] == sign for sign in SIGNS]).astype(float)
    limits = ratio_limits(np.column_stack([score, signs]), np.ones(len(mine)), documents)
    low, high = limits.low.copy(), limits.high.copy()
    if low[0] == high[0]:  # one sentence, or all alike: resampling cannot tell how sure that is
        low[0] = high[0] = np.nan
    if limits.basis != DOCUMENTS:  # sentences are the units: a share near 0 or 1 needs Wilson's limits
        low[1:], high[1:] = wilson(signs.sum(axis=0), len(mine))
    return {
        "group": group, "n": len(mine), "mean": score.mean(), "low": low[0], "high": high[0],
        "positive": signs[:, 0].mean(), "positive_low": low[1], "positive_high": high[1],
        "neutral": signs[:, 1].mean(), "negative": signs[:, 2].mean(), "negative_low": low[3],
        "negative_high": high[3], "n_docs": mine["doc_id"].nunique(), "basis": limits.basis,
        "sufficient": bool(sufficient("mean", sentences=len(mine))),
    }  # fmt: skip


def _signs(score: Floats) -> Floats:
    return np.sign(score) * (np.abs(score) >= NEUTRAL)
