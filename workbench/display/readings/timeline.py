"""Readings of `over_time`: what changed and when, or why these texts cannot tell."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.display.blocks import Table
from workbench.display.formatting import count, interval, listed, number, probability
from workbench.display.key_figures import KeyFigureList

COURSE = 3  # periods with text: two points are always on a line
TESTED = 8  # complete periods, as `analysis.enough` asks for changes and spikes
SURE = 0.05
_LEVELS = {
    "item": "of", "group": "group", "date": "from", "before": "before", "after": "after",
    "periods_before": "periods before", "periods_after": "periods after", "p": "p",
}  # fmt: skip
_SPIKES = {
    "item": "of", "group": "group", "period": "period", "n": "n", "value": "value", "expected": "in the others",
    "q": "q (corrected)", "sufficient": "enough data",
}  # fmt: skip


def levels_table(changes: pd.DataFrame) -> Table:
    """Changes of level as printed. In: a table of `analysis.change_points.change_points`."""
    return Table(changes, "Changes of level", columns=_columns(_LEVELS, changes))


def spikes_table(spikes: pd.DataFrame, top: int = 6) -> Table:
    """The periods that stand out most, as printed. In: a table of `analysis.change_points.spikes`."""
    tested = spikes[spikes["q"].notna()].head(top)
    said = (
        "Periods that stand out most"
        if len(tested)
        else f"Spikes: not tested, fewer than {TESTED} complete periods"
    )
    return Table(tested, said, columns=_columns(_SPIKES, spikes))


def _columns(named: dict[str, str], table: pd.DataFrame) -> dict[str, str]:
    """Without the group where there is one alone."""
    return {c: name for c, name in named.items() if c != "group" or table["group"].nunique() > 1}


def time_keys(collected: pd.DataFrame, changes: pd.DataFrame, spikes: pd.DataFrame) -> KeyFigureList:
    """Periods and documents, changes of level and spikes.

    In: tables of `analysis.timeline.collected`, `analysis.change_points.change_points` and `spikes`.
    """
    per = str(collected.attrs.get("per", "period"))
    held = collected[collected["n_docs"] > 0]
    span = (
        f"{held['start'].iloc[0]} to {held['until'].iloc[-1]}"
        if len(held)
        else "no document is dated precisely enough"
    )
    undated = int(collected.attrs.get("undated", 0))
    left_out = f"; {count(undated, 'document')} without such a date left out" if undated else ""
    keys = [
        (f"{len(held)} of {len(collected)}", f"{per}s hold text", span),
        (
            f"{int(collected['n_docs'].sum()):,}",
            "dated documents",
            f"{int(collected['words'].sum()):,} words{left_out}",
        ),
    ]
    if int(held["complete"].sum()) < TESTED:
        return [
            *keys,
            ("not tested", "changes and spikes", f"at least {TESTED} complete periods with text are needed"),
        ]
    sure = spikes[spikes["q"] < SURE]
    return [
        *keys,
        (str(len(changes)), "changes of level", "by a permutation test, corrected over the series"),
        (str(len(sure)), "spikes", f"of {count(len(spikes), 'period')} tested, q below 0.05"),
    ]


def collected_reading(table: pd.DataFrame) -> str:
    """Whether every period was collected alike. In: a table of `analysis.timeline.collected`."""
    per, held = str(table.attrs.get("per", "period")), table[table["n_docs"] > 0]
    if held.empty:
        return f"No document has a date precise enough for a {per}: nothing can be said about time."
    if len(held) < COURSE:
        said = listed(
            [
                f"{r['period']} ({count(int(r['n_docs']), 'document')}, {int(r['words']):,} words)"
                for r in held.to_dict("records")
            ]
        )
        return (
            f"Text stands in {count(len(held), per)} only: {said}. Too little to speak of a course; "
            "add documents, or choose shorter periods if many documents share these."
        )
    ranked = held.sort_values("words", kind="stable").to_dict("records")
    most, least = ranked[-1], ranked[0]
    gaps = len(table) - len(held)
    open_end = (
        ""
        if table["complete"].iloc[-1]
        else f" The last {per}, {table['period'].iloc[-1]}, is not collected to its end."
    )
    return (
        f"From {least['words']:,} words ({least['period']}) to {most['words']:,} ({most['period']}) a {per}"
        + (f", and {count(gaps, per)} without any text" if gaps else "")
        + ". What follows is divided by these words, so a higher line is not more text."
        + open_end
    )


def course_reading(series: pd.DataFrame, changes: pd.DataFrame, spikes: pd.DataFrame) -> str:
    """What changed in the series and when; or why that cannot be told.

    In: a table of `rate_series` or `mean_series`, with `change_points` and `spikes` of it.
    """
    if not len(series) or not series["n"].sum():
        return "Nothing was found in a dated text, so there is no course to read."
    periods = series[series["value"].notna()]["period"].nunique()
    if periods < COURSE:
        return (
            f"{_values(series)} {count(periods, 'period')} cannot show a course, and no change is looked for."
        )
    able = series[series["complete"] & (series["size"] > 0)].groupby(["group", "item"]).size().max()
    if not able >= TESTED:
        return (
            f"Too few periods to test for a change: {int(able)} complete ones with text, {TESTED} are needed. "
            "Read the intervals: where they overlap, the periods do not clearly differ."
        )
    rate = series.attrs.get("kind", "rate") == "rate"
    jumps = [_jump(row, series, rate) for row in changes.head(4).to_dict("records")]
    sure = spikes[(spikes["q"] < SURE) & spikes["sufficient"].astype(bool)]
    tips = [_tip(row, series, rate) for row in sure.head(4).to_dict("records")]
    said = [*jumps, *tips]
    if not jumps:
        said.append("No series changes its level beyond what the same periods in random order show.")
    if not tips:
        said.append("No period stands out from the noise of the others after correction.")
    more = len(changes) + len(sure) - len(jumps) - len(tips)
    return " ".join([
        *said, f"{more} more stand in the tables." if more > 0 else "",
        "A trend shows as steps, and a date says when, not why.",
    ])  # fmt: skip


def before_after_reading(table: pd.DataFrame, date: str) -> str:
    """What differs from a date on. In: a table of `analysis.change_points.before_after`."""
    if not date:
        return "No date was asked for. Give one, such as around=2021-08-26, chosen before you looked at the figure."
    if not len(table):
        return f"There is dated text on one side of {date} only, so nothing can be compared."
    thin = table[~table["sufficient"].astype(bool)]
    apart = table[table["sufficient"].astype(bool) & ((table["low"] > 0) | (table["high"] < 0))]
    said = [_moved(row) for row in apart.head(5).to_dict("records")]
    if apart.empty:
        said.append("Nothing clearly differs before and after: every interval with enough data holds zero.")
    if len(thin):
        said.append(
            f"Too few to tell: {listed([_named(r, table) for r in thin.head(5).to_dict('records')])}."
        )
    few = table[["n_docs_before", "n_docs"]].min().min()
    scope = (
        f" Only {count(int(few), 'document')} on one side: this compares texts, not times."
        if few < 10
        else ""
    )
    return " ".join(said) + scope + " What came after is not because of it."


def _values(series: pd.DataFrame) -> str:
    known = (
        series[series["value"].notna() & (series["n"] > 0)]
        .sort_values("n", ascending=False, kind="stable")
        .head(4)
    )
    rate = series.attrs.get("kind", "rate") == "rate"
    return listed([
        f"{_named(r, series)} {number(r['value'], None if rate else 2)} {interval(r['low'], r['high'], '' if rate else 'mean')} in {r['period']} (n {int(r['n']):,})"
        for r in known.to_dict("records")
    ]) + "."  # fmt: skip


def _named(row: dict[Any, Any], table: pd.DataFrame) -> str:
    return str(row["item"]) + (f" in {row['group']}" if table["group"].nunique() > 1 else "")


def _jump(row: dict[Any, Any], series: pd.DataFrame, rate: bool) -> str:
    way = "rises" if row["after"] > row["before"] else "falls"
    digits = None if rate else 2
    unit = " per 1,000 words" if rate else ""
    return (
        f"{_named(row, series)[:1].upper()}{_named(row, series)[1:]} {way} from {number(row['before'], digits)} to {number(row['after'], digits)}{unit} from "
        f"{row['date']} on (p = {probability(row['p'])}, {int(row['periods_before'])} and {count(int(row['periods_after']), 'period')})."
    )


def _tip(row: dict[Any, Any], series: pd.DataFrame, rate: bool) -> str:
    digits = None if rate else 2
    return (
        f"{_named(row, series)[:1].upper()}{_named(row, series)[1:]} stands out in {row['period']}: {number(row['value'], digits)} against "
        f"{number(row['expected'], digits)} in the other periods (n {int(row['n']):,}, q = {probability(row['q'])})."
    )


def _moved(row: dict[Any, Any]) -> str:
    way = "more" if row["difference"] > 0 else "less"
    return (
        f"{row['item']} in {row['group']}: {number(row['before'])} before {row['date']}, {number(row['after'])} from then on, "
        f"{way} by {number(abs(row['difference']))} {interval(row['low'], row['high'], 'mean')} per 1,000 words."
    )
