"""Sentiment: sentences are scored, then pooled; every score keeps its receipt.

A score is VADER's compound, -1 to 1, with names, offices and forms of courtesy masked. It says which
words a sentence uses, not what its speaker feels and not toward whom.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.analysis.distributions import Floats, wilson
from workbench.analysis.intervals import DOCUMENTS, SCORES, difference, ratio_limits, share_limits
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
MASKED = "group n masked unmasked difference low high changed turned n_docs basis sufficient".split()
APART = (
    "group against n n_other mean mean_other difference low high detectable n_docs n_docs_other basis sufficient"
).split()
CHANGED = 1e-9  # scores that lie further apart are different ones
APART_SCALE = (-2.0, 2.0)  # of a difference of two means of scores
SIGNS = ("positive", "neutral", "negative")


class ScoreSums(NamedTuple):
    """Sums over the scored sentences of a group, a row for each document, or for each sentence where these are few.

    `n` sentences; `score` and `unmasked` sums of scores; `positive` and `negative` sentences by sign; `changed`
    sentences got another score by masking, `turned` another sign.
    """

    document: npt.NDArray[Any]
    n: Floats
    score: Floats
    unmasked: Floats
    positive: Floats
    negative: Floats
    changed: Floats
    turned: Floats


def group_sums(table: pd.DataFrame) -> dict[str, ScoreSums]:
    """The sentences of each group as rows of their own. In: a table of `scored`."""
    return {str(group): _by_sentence(mine) for group, mine in table.groupby("group", sort=True)}


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
    return pooled_scores(group_sums(scored(sentiment, units)), grouping(units))


def pooled_scores(groups: Mapping[str, ScoreSums], by: str) -> pd.DataFrame:
    """Mean score and shares of each group from sums by document (by sentence where documents are few).

    Out: the columns of `sentiment_by`, most sentences first.
    """
    rows = [_pooled(group, groups[group]) for group in sorted(groups)]
    out = (
        pd.DataFrame(rows).sort_values("n", ascending=False, kind="stable", ignore_index=True)
        if rows
        else pd.DataFrame(columns=POOLED)
    )
    out.attrs["by"] = by
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
    return masked_scores(group_sums(scored(sentiment, units)), grouping(units))


def masked_scores(groups: Mapping[str, ScoreSums], by: str) -> pd.DataFrame:
    """Masked and unmasked means of each group from sums by document (by sentence where documents are few).

    Out: the columns of `masking`.
    """
    rows = []
    for group in sorted(groups):
        mine = groups[group]
        n, moved = int(mine.n.sum()), mine.score - mine.unmasked
        limits = ratio_limits(moved, mine.n, mine.document)
        rows.append({
            "group": group, "n": n, "masked": mine.score.sum() / n, "unmasked": mine.unmasked.sum() / n,
            "difference": moved.sum() / n, "low": limits.low[0], "high": limits.high[0], "changed": int(mine.changed.sum()),
            "turned": int(mine.turned.sum()), "n_docs": len(np.unique(mine.document)),
            "basis": limits.basis, "sufficient": bool(sufficient("mean", sentences=n)),
        })  # fmt: skip
    out = pd.DataFrame(rows, columns=MASKED)
    out.attrs["by"] = by
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

    Out: one row [group, against, n, n_other, mean, mean_other, difference, low, high, detectable, n_docs,
         n_docs_other, basis, sufficient]; `difference` is `a` less `b`; `detectable` the smallest difference that
         these texts would have shown in four of five cases. BadParameter for an unknown group.
    """
    return sentiment_differences(group_sums(scored(sentiment, units)), a, b)


def sentiment_differences(groups: Mapping[str, ScoreSums], a: str, b: str) -> pd.DataFrame:
    """The difference of two groups from sums by document (by sentence where documents are few).

    Out: the columns of `sentiment_difference`. BadParameter for an unknown group.
    """
    known = sorted(groups)
    for name in (a, b):
        if name not in known:
            raise BadParameter("group", problem=f"no group `{name}`", hint=did_you_mean(name, known))
    first, second = groups[a], groups[b]
    n, n_other = int(first.n.sum()), int(second.n.sum())
    apart = difference(
        (first.score, first.n, first.document), (second.score, second.n, second.document), scale=APART_SCALE
    )
    return pd.DataFrame([{
        "group": a, "against": b, "n": n, "n_other": n_other, "mean": first.score.sum() / n,
        "mean_other": second.score.sum() / n_other, "difference": apart.value, "low": apart.low, "high": apart.high,
        "detectable": apart.detectable, "n_docs": len(np.unique(first.document)), "n_docs_other": len(np.unique(second.document)),
        "basis": apart.basis, "sufficient": bool(sufficient("mean", sentences=min(n, n_other))),
    }], columns=APART)  # fmt: skip


def receipt(hits: object) -> str:
    """The words that made a score: "happy +2.7, war -2.9; masked: United +1.8"."""
    counted: list[str] = []
    masked: list[str] = []
    for hit in hits if hits is not None else []:  # type: ignore[attr-defined]
        (masked if hit["masked"] else counted).append(f"{hit['word']} {hit['valence']:+.1f}")
    said = ", ".join(counted) or "no word of the lexicon counts"
    return said + (f"; masked: {', '.join(masked)}" if masked else "")


def _by_sentence(mine: pd.DataFrame) -> ScoreSums:
    masked, unmasked = mine["score"].to_numpy(float), mine["score_unmasked"].to_numpy(float)
    return ScoreSums(
        mine["doc_id"].to_numpy(), np.ones(len(mine)), masked, unmasked,
        np.asarray(mine["sign"] == "positive", dtype=float), np.asarray(mine["sign"] == "negative", dtype=float),
        (np.abs(masked - unmasked) > CHANGED).astype(float), (_signs(masked) != _signs(unmasked)).astype(float),
    )  # fmt: skip


def _pooled(group: str, mine: ScoreSums) -> dict[str, object]:
    n = mine.n.sum()
    limits = ratio_limits(mine.score, mine.n, mine.document, scale=SCORES)
    low, high = limits.low[0], limits.high[0]
    if low == high:  # one sentence, or all alike: resampling cannot tell how sure that is
        low = high = np.nan
    signs = np.column_stack([mine.positive, mine.negative])
    if limits.basis == DOCUMENTS:
        shares = share_limits(signs, mine.n, mine.document)[:2]
    else:  # sentences are the units: a share near 0 or 1 needs Wilson's limits
        shares = wilson(signs.sum(axis=0), int(n))
    positive, negative = signs.sum(axis=0) / n
    return {
        "group": group, "n": int(n), "mean": mine.score.sum() / n, "low": low, "high": high,
        "positive": positive, "positive_low": shares[0][0], "positive_high": shares[1][0],
        "neutral": (n - signs.sum()) / n, "negative": negative, "negative_low": shares[0][1],
        "negative_high": shares[1][1], "n_docs": len(np.unique(mine.document)), "basis": limits.basis,
        "sufficient": bool(sufficient("mean", sentences=int(n))),
    }  # fmt: skip


def _signs(score: Floats) -> Floats:
    return np.sign(score) * (np.abs(score) >= NEUTRAL)
