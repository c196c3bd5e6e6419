"""Two lexicons on the same sentences: how far they agree, and where they part.

The second (AFINN-111, `settings/second.py`) was chosen beforehand and takes no part in any other figure. Rules and
masks are the same for both, so what differs is the words. Agreement of two lexicons is no proof that either is right.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.analysis.distributions import Floats, wilson
from workbench.analysis.intervals import DOCUMENTS, replicates, share_limits
from workbench.analysis.rates import KEY
from workbench.analysis.reliability import sufficient
from workbench.analysis.sentiment import NEUTRAL, receipt
from workbench.analysis.units import grouping
from workbench.languages.afinn import afinn


def both(sentiment: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """The units that have scores of both lexicons, with `score`, `score_second` and `hits`."""
    return units.merge(sentiment[[*KEY, "score", "score_second", "hits"]], on=KEY, how="inner")


def agreement(sentiment: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """How far the two lexicons agree in each group, over sentences.

    In:  sentiment as in the schema; units.
    Out: [group, n, r, r_low, r_high, same, same_low, same_high, opposed, mean, mean_second, n_docs, basis,
         sufficient], most sentences first. `r` is Pearson's; `same` the share of sentences that both call positive,
         both neutral or both negative (border ±0.05), `opposed` the share with opposite signs. Limits by
         resampling documents, or sentences within them; NaN where a score never varies.
    """
    rows = [_agreed(str(group), mine) for group, mine in both(sentiment, units).groupby("group", sort=True)]
    columns = "group n r r_low r_high same same_low same_high opposed mean mean_second n_docs basis sufficient".split()
    out = pd.DataFrame(rows, columns=columns)
    out = out.sort_values("n", ascending=False, kind="stable", ignore_index=True)
    out.attrs["by"] = grouping(units)
    return out


def disagreements(
    sentiment: pd.DataFrame, units: pd.DataFrame, tokens: pd.DataFrame, *, each: int = 8
) -> pd.DataFrame:
    """The sentences on which the two lexicons lie furthest apart, with the words of both.

    In:  sentiment, tokens as in the schema; units.
    Out: [score, score_second, receipt, words_second, group, doc_id, sentence, start, stop], furthest first, then
         in text order; sentences on which both agree are left out. `words_second` are the words of the sentence that stand in
         the second lexicon, with their valence there, before negation and masks.
    """
    table = both(sentiment, units).rename(columns={"end": "stop"})
    table = table.assign(gap=(table["score"] - table["score_second"]).abs()).sort_values(KEY, kind="stable")
    table = table[table["gap"] > NEUTRAL].sort_values("gap", ascending=False, kind="stable").head(each)
    words = _words(table, tokens)
    table = table.assign(
        receipt=[receipt(hits) for hits in table["hits"]],
        words_second=[words.get(key, "none") for key in zip(table["doc_id"], table["sentence"], strict=True)],
    )
    columns = "score score_second receipt words_second group doc_id sentence start stop".split()
    return table[columns].reset_index(drop=True)


def _agreed(group: str, mine: pd.DataFrame) -> dict[str, object]:
    a, b = mine["score"].to_numpy(float), mine["score_second"].to_numpy(float)
    documents = mine["doc_id"].to_numpy()
    draws, basis, _ = replicates(np.column_stack([a, b, a * a, b * b, a * b]), np.ones(len(a)), documents)
    r = _pearson(np.column_stack([a, b, a * a, b * b, a * b]).mean(axis=0)[None, :])[0]
    drawn = _pearson(draws)
    low, high = np.nanquantile(drawn, [0.025, 0.975]) if np.isfinite(drawn).any() else (np.nan, np.nan)
    same, opposed = (_signs(a) == _signs(b)).astype(float), _signs(a) * _signs(b) < 0
    if basis == DOCUMENTS:
        limits = share_limits(same, np.ones(len(same)), documents)
        same_low, same_high = float(limits.low[0]), float(limits.high[0])
    else:
        same_low, same_high = (float(side[0]) for side in wilson(np.array([same.sum()]), len(same)))
    return {
        "group": group, "n": len(mine), "r": r, "r_low": low, "r_high": high, "same": same.mean(),
        "same_low": same_low, "same_high": same_high, "opposed": opposed.mean(), "mean": a.mean(),
        "mean_second": b.mean(), "n_docs": int(mine["doc_id"].nunique()), "basis": basis,
        "sufficient": bool(sufficient("correlation", sentences=len(mine))),
    }  # fmt: skip


def _pearson(means: Floats) -> Floats:
    """Pearson's r from rows of the means of a, b, aa, bb, ab; NaN where a or b never varies."""
    a, b, aa, bb, ab = means.T
    spread = np.maximum(aa - a * a, 0) * np.maximum(bb - b * b, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(spread > 1e-12, (ab - a * b) / np.sqrt(spread), np.nan))


def _words(table: pd.DataFrame, tokens: pd.DataFrame) -> dict[tuple[str, int], str]:
    """For each sentence of `table` its words of the second lexicon: "hostile −1.6, great +2.4"."""
    known = afinn()
    mine = tokens[tokens["doc_id"].isin(set(table["doc_id"]))].merge(table[KEY], on=KEY)
    mine = mine[mine["form"].isin(list(known))]
    said: dict[tuple[str, int], list[str]] = {}
    for doc_id, sentence, form in zip(mine["doc_id"], mine["sentence"], mine["form"], strict=True):
        said.setdefault((str(doc_id), int(sentence)), []).append(f"{form} {known[str(form)]:+.1f}")
    return {key: ", ".join(words) for key, words in said.items()}


def _signs(score: Floats) -> Floats:
    return np.asarray(np.sign(score) * (np.abs(score) >= NEUTRAL))
