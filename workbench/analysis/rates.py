"""Rates per 1,000 words of anything that has spans: topics, entities, words.

The one counting of this room: hits per sentence against words per sentence, by group, zero rows
included, with interval, dispersion and `sufficient`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.analysis.distributions import Floats
from workbench.analysis.intervals import DOCUMENTS, Limits, count_limits
from workbench.analysis.reliability import LEAST_DOCUMENTS, Bools, sufficient
from workbench.analysis.units import AUTHOR, group_labels, grouping

PER = 1000  # words; every rate of the workbench is per 1,000 words of all tokens of its group
KEY = ["doc_id", "sentence"]


def rates(
    hits: pd.DataFrame, units: pd.DataFrame, *, item: str, items: Sequence[str] | None = None
) -> pd.DataFrame:
    """How often each item stands in each group, per 1,000 words of the group.

    In:  hits [doc_id, sentence, <item>]; units as `units.count_units` gives them; `items` in the
         wanted order (default: most frequent first). Hits in sentences outside `units` do not count.
    Out: [group, <item>, n, words, rate, low, high, n_docs, docs_with, dispersion, basis, sufficient], one
         row per group and item, zero rows included, groups with most words first. `rate` is per 1,000
         words before any stop word is removed; `docs_with` of `n_docs` documents have a hit;
         `dispersion` is DPnorm over documents, or over paragraphs where documents are fewer than ten.
    """
    placed = place(hits, units)
    wanted = list(items) if items is not None else list(placed[item].value_counts().index)
    sizes = units.groupby("group")["words"].sum().sort_values(ascending=False, kind="stable")
    tables = [_of_group(str(group), placed, units, item, wanted) for group in sizes.index]
    out = pd.concat(tables, ignore_index=True) if tables and wanted else _empty(item)
    out.attrs |= {"by": grouping(units), "item": item}
    return out


def place(hits: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """The hits that stand in `units`, each with its `group`.

    A hit that has a voice and a speaker of its own (a mention) is grouped by them, not by those of its
    sentence: a name in an editor's insertion is not the speaker's word.
    """
    names = grouping(units).split(" · ")
    own = [name for name in ("voice", "speaker") if name in hits.columns and name in names]
    known = units[[*KEY, "segment", "group", *(n for n in names if n in units.columns and n not in KEY)]]
    known = known.loc[:, ~known.columns.duplicated()]
    inside = hits[hits["sentence"].notna()].assign(sentence=lambda h: h["sentence"].astype("int64"))
    inside = inside.drop(columns=[c for c in ("group", "segment", "by") if c in inside.columns])
    out = inside.merge(known.drop(columns=own), on=KEY, how="inner", suffixes=("_hit", ""))
    if own:
        if "speaker" in own and "voice" in out.columns:
            out["speaker"] = out["speaker"].astype("object").where(out["voice"] != "author", AUTHOR)
        out["group"] = group_labels(out, names)
        out = out[out["group"].isin(units["group"].unique())]
    return out


def dpnorm(counts: Floats, sizes: Floats) -> Floats:
    """Gries's deviation of proportions, normalised (Lijffijt & Gries 2012), for each column of counts.

    In: counts (parts x items), sizes (parts). Out: 0 when the hits are spread in proportion to the
    sizes, 1 when the smallest part has all of them; NaN for an item without a hit or with a single part.
    """
    expected = sizes / sizes.sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        observed = counts / counts.sum(axis=0)
        return np.asarray(np.abs(observed - expected[:, None]).sum(axis=0) / 2 / (1 - expected.min()))


def _of_group(
    group: str, placed: pd.DataFrame, units: pd.DataFrame, item: str, wanted: list[str]
) -> pd.DataFrame:
    mine, hits = units[units["group"] == group], placed[placed["group"] == group]
    cells = _cells(mine, hits, item, wanted)
    counts, words = cells[wanted].to_numpy(float), cells["words"].to_numpy(float)
    limits, basis = count_limits(counts, words, cells["doc_id"].to_numpy())
    n, total, n_docs = counts.sum(axis=0), words.sum(), mine["doc_id"].nunique()
    with_hit = hits.groupby(item)["doc_id"].nunique().reindex(wanted).fillna(0).astype(int)
    return pd.DataFrame({
        "group": group, item: wanted, "n": n.astype(int), "words": int(total),
        "rate": n / total * PER if total else np.nan, "low": limits.low * PER, "high": limits.high * PER,
        "n_docs": n_docs, "docs_with": with_hit.to_numpy(), "dispersion": _dispersion(cells, wanted, n_docs),
        "basis": basis, "sufficient": _sure(cells, wanted, len(mine), limits),
    })  # fmt: skip


def _sure(cells: pd.DataFrame, wanted: list[str], sentences: int, limits: Limits) -> Bools:
    """Whether each rate rests on enough: of documents, when these were left out in turn, on more than one."""
    hits = cells[wanted].to_numpy(float).sum(axis=0)
    sure = sufficient("rate", hits=hits, sentences=sentences) & np.isfinite(limits.high)
    if limits.basis != DOCUMENTS:
        return sure
    most = cells.groupby("doc_id")[wanted].sum().to_numpy(float).max(axis=0)
    elsewhere = 100 * (hits - most) / np.maximum(hits, 1)
    return sure & sufficient("rate of documents", percent_elsewhere=elsewhere)


def _cells(units: pd.DataFrame, hits: pd.DataFrame, item: str, wanted: list[str]) -> pd.DataFrame:
    """[doc_id, segment, words, <wanted…>], a row per sentence; a hit whose sentence is of another group adds a row."""
    counted = hits[hits[item].isin(wanted)].groupby([*KEY, "segment", item], sort=False).size().unstack(item)
    counted = counted.reindex(columns=wanted).reset_index()
    cells = units[[*KEY, "segment", "words"]].merge(counted, on=[*KEY, "segment"], how="outer")
    return cells.fillna(0)


def _dispersion(cells: pd.DataFrame, wanted: list[str], n_docs: int) -> Floats:
    part = ["doc_id"] if n_docs >= LEAST_DOCUMENTS else ["doc_id", "segment"]
    parts = cells.groupby(part)[["words", *wanted]].sum()
    parts = parts[parts["words"] > 0]
    if not sufficient("dispersion", parts=len(parts)):
        return np.full(len(wanted), np.nan)
    return dpnorm(parts[wanted].to_numpy(float), parts["words"].to_numpy(float))


def _empty(item: str) -> pd.DataFrame:
    columns = f"group {item} n words rate low high n_docs docs_with dispersion basis sufficient".split()
    return pd.DataFrame({column: [] for column in columns})
