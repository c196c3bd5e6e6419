"""Readings of the most frequent terms: what leads, how evenly it is spread, what stands around a topic."""

from __future__ import annotations

import pandas as pd

from workbench.figures.numbers import count, interval, listed, number
from workbench.figures.show import Caveat
from workbench.figures.words import scope_note

EVEN, LUMPY = (
    0.4,
    0.8,
)  # DPnorm: half of what frequent words of 200 documents reach, and names of one document


def terms_reading(table: pd.DataFrame) -> str:
    """The most frequent terms of each group and how they are spread. In: `analysis.terms.term_rates`."""
    if not len(table) or not table["n"].sum():
        return "No term stands twice in these texts."
    said = []
    for group, mine in list(table.groupby("group", sort=False))[:3]:
        solid = mine[mine["enough"].astype(bool)].sort_values("rate", ascending=False, kind="stable")
        if solid.empty:
            said.append(f"{group}: no term five times, too little to rank.")
            continue
        rows = [
            f"“{r['form']}” {number(r['rate'])} {interval(r['low'], r['high'], 'rate')} (n {int(r['n']):,})"
            for r in solid.head(3).to_dict("records")
        ]
        said.append(f"{group}: {listed(rows)} per 1,000 words.")
    return " ".join([*said, _spread(table), scope_note(table)]).replace("  ", " ").strip()


def families_note(table: pd.DataFrame) -> str:
    """How many words were brought together, and the largest family. In: `annotate.stems.families`."""
    sizes = table.groupby("family")["form"].agg(["size", list])
    joined = sizes[sizes["size"] > 1].sort_values("size", ascending=False, kind="stable")
    if joined.empty:
        return "No two words share a stem."
    first = joined.iloc[0]
    return (
        f"{len(table):,} words fall into {len(sizes):,} families by their stem. A stem may join what does not belong together: the largest family "
        f"here, {joined.index[0]}, holds {listed([f'“{form}”' for form in first['list'][:6]])}."
    )


def family_caveat(table: pd.DataFrame | None) -> list[Caveat]:
    """The note on families as a notebook shows it; nothing when words were not brought together."""
    return [] if table is None else [Caveat(families_note(table))]


def around_reading(table: pd.DataFrame, nodes: int) -> str:
    """Which words stand around a topic rather than elsewhere. In: `analysis.keyness.keyness` of two parts."""
    if not len(table):
        return "There is nothing around it to compare: no place was found, or every word stands near one."
    near = str(table["group"].iloc[0])
    sure = table[(table["q"] < 0.05) & table["enough"].astype(bool) & (table["log_ratio"] > 0)]
    limit = (
        "Words of one text are not independent, so this compares these texts."
        if (table["basis"] == "words").all()
        else "A test over words and a test over documents had to agree."
    )
    if sure.empty:
        return f"No word stands {near} more than elsewhere beyond chance ({count(nodes, 'place')}, {len(table):,} words tested). {limit}"
    said = [
        f"“{r['form']}” ({int(r['n'])} of {int(r['n'] + r['n_other'])})"
        for r in sure.head(6).to_dict("records")
    ]
    return f"{count(len(sure), 'word')} of {len(table):,} stand {near} more than elsewhere, first {listed(said)}. {limit}"


def _spread(table: pd.DataFrame) -> str:
    known = table[table["dispersion"].notna() & table["enough"].astype(bool)]
    lumpy = known[known["dispersion"] > LUMPY].sort_values("dispersion", ascending=False, kind="stable")
    if known.empty:
        return ""
    if lumpy.empty:
        return "None of them stands in a few parts alone (DPnorm)."
    said = [
        f"“{r['form']}” in {r['group']} ({number(r['dispersion'], 2)})"
        for r in lumpy.head(3).to_dict("records")
    ]
    return f"Unevenly spread (DPnorm above {LUMPY}): {listed(said)}; a rate of such a word is the rate of a few texts."
