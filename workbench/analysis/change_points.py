"""What happened in a series: spikes, changes of level, before against after a date.

Each works on the tables of `timeline` or on the same hits and units, and corrects for having looked at
many periods.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.analysis.distributions import Floats, benjamini_hochberg, t_tails
from workbench.analysis.intervals import SEED, difference_limits
from workbench.analysis.rates import KEY, PER
from workbench.analysis.reliability import sufficient
from workbench.analysis.timeline import SCORE, as_date, precise

SPIKES = "group item period start n size value expected times p q sufficient".split()
CHANGES = "group item date before after periods_before periods_after p limit sufficient".split()
LEAST_SIDE = 3  # periods on each side of a change; with fewer a single spike is called a new level
SHUFFLES = 999  # p moves by about 0.007 at 0.05; every further digit costs ten times as long
LEVEL = 0.05  # of finding any change in a corpus where nothing changes


def spikes(series: pd.DataFrame) -> pd.DataFrame:
    """Complete periods that stand out from the others of their series, by the noise of the others.

    In:  a table of `rate_series` or `mean_series`.
    Out: [group, item, period, start, n, size, value, expected, times, p, q, sufficient], smallest q first.
         `expected` is the value of all other periods together, `times` value / expected. `p` is Student's
         t of the residual, scaled by the spread of the others: for counts the larger p of square roots
         (Anscombe 1948; never less spread than Poisson's) and logarithms; `q` corrects over all periods of the table. Two spikes in one
         short series hide each other.
    """
    kept = series[series["complete"] & (series["size"] > 0)]
    parts = [
        _residuals(mine, series.attrs.get("kind", "rate"))
        for _, mine in kept.groupby(["group", "item"], sort=False)
    ]
    out = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=SPIKES)
    out["q"] = benjamini_hochberg(out["p"].to_numpy(float))
    return out.sort_values(["q", "p", "start"], ignore_index=True)[SPIKES]


def change_points(series: pd.DataFrame) -> pd.DataFrame:
    """Dates from which on a series keeps another level, by binary segmentation with a permutation test.

    In:  a table of `rate_series` or `mean_series`.
    Out: [group, item, date, before, after, periods_before, periods_after, p, limit, sufficient] in time
         order; `date` the start of the first period of the new level; `before` and `after` the values of
         the stretches on both sides. The best cut (Poisson deviance for rates, weighted squares for
         means; three periods a side) must beat 95 % of the best cuts of the same periods in random
         order; the stretches are cut on. `limit`, which p must not pass, is 0.05 shared out over the
         series of the table. A slow trend is found as steps; periods that follow their neighbours
         (a story that lasts three weeks) pass for changes more often than 5 %.
    """
    kept = series[series["complete"] & (series["size"] > 0)]
    groups = [mine for _, mine in kept.groupby(["group", "item"], sort=False)]
    rng = np.random.default_rng(SEED)
    limit = LEVEL / max(1, len(groups))
    rows = [row for mine in groups for row in _changes(mine, series.attrs.get("kind", "rate"), limit, rng)]
    out = pd.DataFrame(rows, columns=CHANGES)
    return out.sort_values(["group", "item", "date"], kind="stable", ignore_index=True)


def before_after(
    hits: pd.DataFrame, units: pd.DataFrame, date: str, *, item: str, items: Sequence[str] | None = None
) -> pd.DataFrame:
    """Rates before a date against rates from that date on.

    Out: [group, item, date, n_before, n, size_before, size, before, after, difference, low, high,
         n_docs_before, n_docs, basis, sufficient]; `difference` is after less before, per 1,000 words, with
         its 95 % interval. A date chosen by looking at the series makes the interval too narrow.
    """
    wanted = list(items) if items is not None else list(hits[item].value_counts().index)
    counted = hits[hits[item].isin(wanted)].groupby([*KEY, item]).size().unstack(item).reindex(columns=wanted)
    cells = units.merge(counted.fillna(0.0).reset_index(), on=KEY, how="left")
    cells[wanted] = cells[wanted].fillna(0.0)
    rows = [
        _compared(mine, str(group), name, mine[name].to_numpy(float) * PER, "words", date)
        for group, mine in cells.groupby("group", sort=True) for name in wanted
    ]  # fmt: skip
    return pd.DataFrame([row for row in rows if row is not None])


def around_date(
    hits: pd.DataFrame, units: pd.DataFrame, date: str, *, item: str, items: Sequence[str] | None = None
) -> pd.DataFrame:
    """`before_after` for a date that a parameter may leave out: then the table is empty."""
    return before_after(hits, units, date, item=item, items=items) if date.strip() else pd.DataFrame()


def before_after_mean(sentiment: pd.DataFrame, units: pd.DataFrame, date: str) -> pd.DataFrame:
    """Mean sentiment before a date against that from the date on; columns as `before_after`."""
    scores = units.merge(sentiment[[*KEY, "score"]], on=KEY, how="inner").assign(one=1)
    rows = [
        _compared(mine, str(group), SCORE, mine["score"].to_numpy(float), "one", date)
        for group, mine in scores.groupby("group", sort=True)
    ]
    return pd.DataFrame([row for row in rows if row is not None])


def _residuals(mine: pd.DataFrame, kind: str) -> pd.DataFrame:
    """p of each period against all others of one series."""
    size = mine["size"].to_numpy(float)
    scale = PER if kind == "rate" else 1.0
    total = mine["value"].to_numpy(float) * size / scale
    p, level = np.full(len(mine), np.nan), np.full(len(mine), np.nan)
    able = bool(sufficient("spike", periods=len(mine)))
    for at in range(len(mine)):
        rest = np.arange(len(mine)) != at
        level[at] = total[rest].sum() / size[rest].sum() if rest.any() else np.nan
        if able:
            p[at] = max(_tail(gaps, at, floor, size) for gaps, floor in _gaps(total, size, level[at], kind))
    with np.errstate(divide="ignore", invalid="ignore"):
        return mine.assign(expected=level * scale, times=mine["value"].to_numpy(float) / (level * scale), p=p)


def _tail(gaps: Floats, at: int, floor: float, size: Floats) -> float:
    """Two-sided p of one gap by the spread of the others, which is never taken for less than `floor`."""
    rest = np.arange(len(gaps)) != at
    freedom = len(gaps) - 2
    spread = max(float(np.sqrt((gaps[rest] ** 2).sum() / freedom)), floor)
    wider = np.sqrt(1 + size[at] / size[rest].sum())  # the level is known only as well as the others tell it
    return float(t_tails(gaps[at] / (spread * wider), freedom)) if spread > 0 else 1.0


def _gaps(total: Floats, size: Floats, level: float, kind: str) -> list[tuple[Floats, float]]:
    """How far each period lies from a level, on scales of about even spread, each with its least spread.

    Counts on two: square roots fit Poisson, logarithms fit bursts. The larger p of the two is used: with
    square roots alone 8 to 9 % of bursty series without any spike showed one where 5 % is promised.
    """
    if kind == "mean":
        return [((total / size - level) * np.sqrt(size), 0.0)]
    due = level * size
    return [
        (2 * (np.sqrt(total + 0.375) - np.sqrt(due + 0.375)), 1.0),
        (np.log((total + 0.5) / (due + 0.5)), 0.0),
    ]


def _changes(
    mine: pd.DataFrame, kind: str, limit: float, rng: np.random.Generator
) -> list[dict[str, object]]:
    size = mine["size"].to_numpy(float)
    scale = PER if kind == "rate" else 1.0
    total = mine["value"].to_numpy(float) * size / scale
    cuts: dict[int, float] = {}
    stretches = [(0, len(mine))] if sufficient("change", periods=len(mine)) else []
    while stretches:
        a, b = stretches.pop()
        if b - a < 2 * LEAST_SIDE:
            continue
        at, p = _best_cut(total[a:b], size[a:b], kind, rng)
        if p <= limit:
            cuts[a + at] = p
            stretches += [(a, a + at), (a + at, b)]
    edges = [0, *sorted(cuts), len(mine)]
    rows = []
    for before, at, after in zip(edges, edges[1:], edges[2:], strict=False):
        left, right = (total[i:j].sum() / size[i:j].sum() * scale for i, j in ((before, at), (at, after)))
        rows.append({
            "group": mine["group"].iloc[0], "item": mine["item"].iloc[0], "date": mine["start"].iloc[at], "before": left,
            "after": right, "periods_before": at - before, "periods_after": after - at, "p": cuts[at], "limit": limit,
            "sufficient": True,
        })  # fmt: skip
    return rows


def _best_cut(total: Floats, size: Floats, kind: str, rng: np.random.Generator) -> tuple[int, float]:
    """Where the best cut lies, and the share of random orders whose best cut is as good."""
    orders = np.vstack([np.arange(len(total)), *(rng.permutation(len(total)) for _ in range(SHUFFLES))])
    gain = _gains(total[orders], size[orders], kind)
    best = gain.max(axis=1)
    return int(gain[0].argmax()) + LEAST_SIDE, float((best >= best[0] - 1e-9).mean())


def _gains(total: Floats, size: Floats, kind: str) -> Floats:
    """How much better two levels fit than one, for each cut of each row."""
    inside = slice(LEAST_SIDE - 1, total.shape[1] - LEAST_SIDE)
    n, w = np.cumsum(total, axis=1), np.cumsum(size, axis=1)
    all_n, all_w = n[:, -1:], w[:, -1:]
    n, w = n[:, inside], w[:, inside]
    return np.asarray(_fit(n, w, kind) + _fit(all_n - n, all_w - w, kind) - _fit(all_n, all_w, kind))


def _fit(n: Floats, w: Floats, kind: str) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        value = 2 * n * np.log(n / w) if kind == "rate" else n * n / w
    return np.nan_to_num(np.asarray(value), nan=0.0, posinf=0.0, neginf=0.0)


def _compared(
    cells: pd.DataFrame, group: str, name: str, above: Floats, below: str, date: str
) -> dict[str, object] | None:
    """Before and after for one group and item; None when one side has no text."""
    edge = as_date(date, "date").isoformat()
    dated = cells["date"].map(lambda d: precise(str(d), "day")).to_numpy(bool)
    later = (cells["date"].astype(str) >= edge).to_numpy(bool)
    size, documents = cells[below].to_numpy(float), cells["doc_id"].to_numpy()
    sides = [dated & ~later, dated & later]
    if any(size[side].sum() == 0 for side in sides):
        return None
    apart, low, high, basis = difference_limits(*((above[s], size[s], documents[s]) for s in sides[::-1]))
    first, second = (float(above[s].sum() / size[s].sum()) for s in sides)
    n = [round(above[s].sum() / PER) if below == "words" else int(s.sum()) for s in sides]
    sentences = min(int(s.sum()) for s in sides)
    sure = (
        sufficient("rate", hits=sum(n), sentences=sentences)
        if below == "words"
        else sufficient("mean", sentences=sentences)
    )
    return {
        "group": group, "item": name, "date": edge, "n_before": n[0], "n": n[1], "size_before": int(size[sides[0]].sum()),
        "size": int(size[sides[1]].sum()), "before": first, "after": second, "difference": apart, "low": low, "high": high,
        "n_docs_before": len(set(documents[sides[0]])), "n_docs": len(set(documents[sides[1]])), "basis": basis,
        "sufficient": bool(sure),
    }  # fmt: skip
