"""Say what tables of words show: frequent terms, contexts, collocates.

Readings of `words_in_context`: how often a word stands, in which company, and what that does not show.

Readings of the most frequent terms: what leads, how evenly it is spread, what stands around a topic.
"""

from __future__ import annotations

import pandas as pd

from workbench.display.blocks import Caveat
from workbench.display.formatting import count, interval, listed, number
from workbench.display.key_figures import KeyFigureList
from workbench.display.named_results import Measured
from workbench.display.readings.rates import scope_note

SURE = 0.05  # q below which company is called more than chance
FEW = 5  # times together, as `analysis.enough` asks for collocates
_SIDES = {"both": "on either side of", "left": "before", "right": "after"}


def place_keys(rates: pd.DataFrame, collocates: pd.DataFrame) -> KeyFigureList:
    """How often the patterns stand, where most, and how many words keep them company.

    In: tables of `analysis.frequency.word_rates` and `analysis.collocates.collocates`.
    """
    n, words = int(rates["n"].sum()), int(rates.drop_duplicates("group")["words"].sum())
    docs = int(rates.groupby("group")["docs_with"].max().sum()) if len(rates) else 0
    sure = _sure(collocates)
    keys = [
        (
            f"{n:,}",
            "places" if n != 1 else "place",
            f"in {words:,} words, {count(docs, 'document')} with one",
        ),
        (f"{len(sure)}", "words keep it company", _tested(collocates)),
    ]
    solid = rates[rates["sufficient"].astype(bool)].sort_values("rate", ascending=False, kind="stable")
    for row in solid.head(2).to_dict("records"):
        said = f"{interval(row['low'], row['high'], 'rate')} per 1,000 words of {row['group']}, n = {int(row['n']):,}"
        keys.append((Measured.of(number(row["rate"]), row, "rate"), str(row["pattern"]), said))
    return keys


def places_reading(rates: pd.DataFrame) -> str:
    """Where the patterns stand most often. In: a table of `analysis.frequency.word_rates`."""
    n = int(rates["n"].sum())
    if not n:
        return (
            "None of it was found in these texts. That is a finding only if the pattern says what you mean: "
            "try a beginning (sanction*) or another spelling."
        )
    said = []
    for pattern, mine in rates.groupby("pattern", sort=False):
        rows = mine.sort_values("rate", ascending=False, kind="stable").to_dict("records")
        top, last = rows[0], rows[-1]
        if not mine["n"].sum():
            said.append(f"“{pattern}” was not found.")
        elif not top["sufficient"]:
            said.append(
                f"“{pattern}” stands {count(int(mine['n'].sum()), 'time')}: too few to compare groups."
            )
        else:
            lead = f"“{pattern}”: {number(top['rate'])} {interval(top['low'], top['high'])} per 1,000 words in {top['group']}"
            apart = len(rows) > 1 and top["low"] > last["high"]
            other = (
                f", {number(last['rate'])} {interval(last['low'], last['high'])} in {last['group']}"
                if apart
                else ""
            )
            said.append(lead + other + ("" if apart or len(rows) == 1 else ", no group clearly lower") + ".")
    return " ".join([*said, scope_note(rates)]).strip()


def company_reading(table: pd.DataFrame, node: str) -> str:
    """Which words stand near the node more often than chance. In: `analysis.collocates.collocates`."""
    if not len(table):
        return f"{node} was not found, so nothing stands near it."
    first = table.iloc[0]
    where = f"within {count(int(first['window']), 'word')} {_SIDES[str(first['direction'])]} {node}"
    sure = _sure(table)
    nodes = int(table.drop_duplicates("group")["n_node"].sum())
    if sure.empty:
        best = table.sort_values(["n", "log_dice"], ascending=False, kind="stable").iloc[0]
        return (
            f"Too little to say what company {node} keeps: {count(nodes, 'place')}, and no word stands {where} both more often than "
            f"chance and {FEW} times; the most frequent there is “{best['form']}” ({count(int(best['n']), 'time')}, "
            f"{number(float(best['expected']), 1)} expected). Read the lines above instead."
        )
    said = [
        f"“{r['form']}” ({int(r['n'])} of its {int(r['n_form'])} hits, {number(r['expected'], 1)} expected)"
        for r in sure.head(4).to_dict("records")
    ]
    return (
        f"{listed(said)} {'stands' if len(said) == 1 else 'stand'} {where} more often than chance. {_tested(table).capitalize()}. "
        "Company is not meaning: a phrase that is repeated, or quoted, gives the same figure."
    )


def pairs_reading(table: pd.DataFrame) -> str:
    """Which words are fixed to one another. In: a table of `analysis.collocates.bigrams`."""
    sure = table[(table["q"] < SURE) & table["sufficient"].astype(bool)] if len(table) else table
    if sure.empty:
        return "No two words stand side by side five times in three sentences: too little to speak of fixed phrases."
    said = [f"“{r['phrase']}” ({int(r['n'])})" for r in sure.head(5).to_dict("records")]
    return f"The most fixed pairs are {listed(said)}. Names and offices lead such a list; what is left of it is style."


def _sure(table: pd.DataFrame) -> pd.DataFrame:
    if not len(table):
        return table
    return table[(table["q"] < SURE) & (table["n"] > table["expected"]) & table["sufficient"].astype(bool)]


def _tested(table: pd.DataFrame) -> str:
    tested = int(table.attrs.get("tested", len(table)))
    return f"{tested:,} words were tested, one correction for each group"


# ---------------------------------------------------------------- the most frequent terms

EVEN, LUMPY = (
    0.4,
    0.8,
)  # DPnorm: half of what frequent words of 200 documents reach, and names of one document


def terms_reading(table: pd.DataFrame) -> str:
    """The most frequent terms of each group and how they are spread. In: `analysis.frequency.term_rates`."""
    if not len(table) or not table["n"].sum():
        return "No term stands twice in these texts."
    said = []
    for group, mine in list(table.groupby("group", sort=False))[:3]:
        solid = mine[mine["sufficient"].astype(bool)].sort_values("rate", ascending=False, kind="stable")
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
    tests = int(table.attrs.get("tested", len(table)))
    near = str(table["group"].iloc[0])
    sure = table[(table["q"] < 0.05) & table["sufficient"].astype(bool) & (table["log_ratio"] > 0)]
    limit = (
        "Words of one text are not independent, so this compares these texts."
        if (table["basis"] == "words").all()
        else "A test over words and a test over documents had to agree."
    )
    if sure.empty:
        return f"No word stands {near} more than elsewhere beyond chance ({count(nodes, 'place')}, {tests:,} words tested). {limit}"
    said = [
        f"“{r['form']}” ({int(r['n'])} of {int(r['n'] + r['n_other'])})"
        for r in sure.head(6).to_dict("records")
    ]
    more = "At least " if tests > len(table) else ""
    return f"{more}{count(len(sure), 'word')} of {tests:,} stand {near} more than elsewhere, first {listed(said)}. {limit}"


def _spread(table: pd.DataFrame) -> str:
    known = table[table["dispersion"].notna() & table["sufficient"].astype(bool)]
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
