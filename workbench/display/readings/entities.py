"""Readings of what stands beside entities, and of the decisions about their names."""

from __future__ import annotations

import pandas as pd

from workbench.display.formatting import count, interval, listed, number


def entity_topics_reading(table: pd.DataFrame) -> str:
    """The topics beside each entity. In: a table of `analysis.entities.entity_topic_rates`."""
    if not len(table):
        return "No topic of the dictionary occurs in the sentences that mention them: no pattern fits, or there are too few."
    said = []
    for name, mine in table.groupby("group", sort=False):
        best = mine.sort_values(["n", "rate"], ascending=False, kind="stable").iloc[0]
        few = "" if best["sufficient"] else ", too few to tell"
        said.append(
            f"Beside {name} it is most often {best['topic']}: {number(best['rate'])} {interval(best['low'], best['high'], 'rate')} "
            f"per 1,000 words of these sentences (n = {int(best['n']):,}{few})."
            if best["n"]
            else f"No topic stands beside {name}."
        )
    return " ".join(said) + " To stand in one sentence with a topic is not to be about it."


def quotes_reading(table: pd.DataFrame) -> str:
    """How many quotes are by and about each entity. In: a table of `analysis.entities.quotes_of`."""
    if not len(table):
        return "None of them is quoted, and no quotation names one of them."
    said = []
    for name, mine in table.groupby("entity", sort=False):
        by, about = ((mine["direction"] == way).sum() for way in ("by", "about"))
        said.append(
            f"{name}: {count(int(by), 'quote')} of their own, {count(int(about), 'quote')} of others that name them"
        )
    return "; ".join(said) + ". Who is quoted is told by rule; the confidence of each is in the table."


def ledger_reading(table: pd.DataFrame) -> str:
    """What the decisions moved, and which no longer fit. In: a table of `merging.ledger`."""
    if not len(table):
        return (
            "No decision about names moves a mention of this corpus. Suggestions: workbench entities suggest."
        )
    stale = table[table["note"].str.startswith("no longer fits")]
    kinds = table.assign(key=table["names"].map(tuple)).drop_duplicates(["decision", "key"])
    moved = f"{count(len(kinds), 'decision')} about names {'moves' if len(kinds) == 1 else 'move'} {count(int(table['moved'].sum()), 'mention')} of the whole corpus."
    names = listed([" = ".join(row["names"]) for row in stale.head(4).to_dict("records")])
    return moved + (f" No longer fitting: {names}; undo or correct them." if len(stale) else "")
