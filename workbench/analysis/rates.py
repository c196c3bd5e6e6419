"""Rates per 1,000 words of anything that has spans: topics, entities, words.

The one counting of this room: hits per sentence against words per sentence, by group, zero rows
included, with interval, dispersion and `sufficient`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.analysis.cells import Cells, Ints
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
    return cell_rates(cells_of(placed, units, item, wanted))


def cell_rates(cells: Cells) -> pd.DataFrame:
    """How often each item stands in each group, per 1,000 words, from counts by group and document.

    Out: the columns of `rates`, groups with most words first, items in their order.
    """
    sizes = cells.sizes()
    order = sorted(range(len(cells.groups)), key=lambda group: -sizes[group])
    tables = [_of_group(cells.of(group), cells.groups[group]) for group in order]
    out = pd.concat(tables, ignore_index=True) if tables and cells.items else _empty(cells.item)
    out.attrs |= {"by": cells.by, "item": cells.item}
    return out


def cells_of(placed: pd.DataFrame, units: pd.DataFrame, item: str, wanted: Sequence[str]) -> Cells:
    """Counts of the wanted items in each sentence of `units`, from hits that `place` put into their groups.

    A hit whose sentence is of another group adds a row without words.
    """
    groups = tuple(str(group) for group in units.groupby("group")["words"].sum().index)
    counted = (
        placed[placed[item].isin(list(wanted))]
        .groupby(["group", *KEY, "segment", item], sort=False)
        .size()
        .unstack(item)
    )
    counted = counted.reindex(columns=list(wanted)).reset_index()
    known = units[["group", *KEY, "segment", "words"]].assign(sentences=1)
    rows = known.merge(counted, on=["group", *KEY, "segment"], how="outer")
    documents, _ = pd.factorize(rows["doc_id"])
    whole = rows[["words", "sentences", *wanted]].fillna(0)
    return Cells(
        grouping(units), item, groups, tuple(wanted), pd.Categorical(rows["group"], categories=list(groups)).codes.astype(np.int64),
        documents.astype(np.int64), rows["segment"].to_numpy(np.int64), whole["words"].to_numpy(np.int64),
        whole["sentences"].to_numpy(np.int64), whole[list(wanted)].to_numpy(float),
    )  # fmt: skip


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


def _of_group(cells: Cells, group: str) -> pd.DataFrame:
    limits, basis = count_limits(cells.counts, cells.words, cells.document)
    n, total = cells.counts.sum(axis=0), int(cells.words.sum())
    by_document = _summed(cells.counts, cells.document)
    n_docs = len(np.unique(cells.document[cells.sentences > 0]))
    return pd.DataFrame({
        "group": group, cells.item: list(cells.items), "n": n.astype(int), "words": total,
        "rate": n / total * PER if total else np.nan, "low": limits.low * PER, "high": limits.high * PER,
        "n_docs": n_docs, "docs_with": (by_document > 0).sum(axis=0), "dispersion": _dispersion(cells, n_docs),
        "basis": basis, "sufficient": _sure(n, by_document, int(cells.sentences.sum()), limits),
    })  # fmt: skip


def _sure(hits: Floats, by_document: Floats, sentences: int, limits: Limits) -> Bools:
    """Whether each rate rests on enough: of documents, when these were left out in turn, on more than one."""
    sure = sufficient("rate", hits=hits, sentences=sentences) & np.isfinite(limits.high)
    if limits.basis != DOCUMENTS:
        return sure
    most = by_document.max(axis=0, initial=0)
    elsewhere = 100 * (hits - most) / np.maximum(hits, 1)
    return sure & sufficient("rate of documents", percent_elsewhere=elsewhere)


def _dispersion(cells: Cells, n_docs: int) -> Floats:
    """DPnorm over documents, or over paragraphs where documents are fewer than ten; NaN where parts are too few."""
    part = cells.document if n_docs >= LEAST_DOCUMENTS else (cells.document << 32) | cells.part
    words = _summed(cells.words[:, None].astype(float), part)[:, 0]
    counts = _summed(cells.counts, part)[words > 0]
    if not sufficient("dispersion", parts=len(counts)):
        return np.full(len(cells.items), np.nan)
    return dpnorm(counts, words[words > 0])


def _summed(rows: Floats, part: Ints) -> Floats:
    """Rows added up by their part."""
    if not len(part):
        return np.zeros((0, rows.shape[1]))
    order = np.argsort(part, kind="stable")
    first = np.flatnonzero(np.diff(part[order], prepend=part[order[0]] - 1))
    return np.asarray(np.add.reduceat(rows[order], first, axis=0))


def _empty(item: str) -> pd.DataFrame:
    columns = f"group {item} n words rate low high n_docs docs_with dispersion basis sufficient".split()
    return pd.DataFrame({column: [] for column in columns})
