"""Readings of topics found in the data: what they are, how far they can be trusted, or why there are none."""

from __future__ import annotations

import pandas as pd

from workbench.display.formatting import count, interval, listed, number, percent
from workbench.display.key_figures import KeyFigureList
from workbench.display.named_results import Measured


def found_keys(numbers: pd.DataFrame, table: pd.DataFrame, reason: str) -> KeyFigureList:
    """How many topics, how stable, and the largest. In: a model's `numbers`, `topic_table`, `reason`."""
    if reason:
        return [("none", "topics are looked for", reason)]
    row, first = numbers[numbers["chosen"]].iloc[0], table.iloc[0]
    solid = int(table["sufficient"].sum())
    return [
        (f"{int(row['k'])}", "topics", f"{solid} of them come back from run to run"),
        (number(float(row["stability"]), 2), "stability", "share of leading words that come back; 1 is all"),
        (Measured.of(percent(float(first["share"])), first.to_dict(), "share"), "largest topic", f"{first['name']} {interval(first['low'], first['high'], 'share')}"),
    ]  # fmt: skip


def numbers_reading(numbers: pd.DataFrame, reason: str) -> str:
    """How the number of topics was chosen and how clear that is. In: a model's `numbers` and `reason`."""
    if reason:
        return "Read the dictionary topics of topic_frequency or the words in context instead: they can be counted in any text."
    row = numbers[numbers["chosen"]].iloc[0]
    if len(numbers) == 1:
        return (
            f"{int(row['k'])} topics were asked for; their stability is {number(row['stability'], 2)} of 1."
        )
    best = float(numbers["stability"].max())
    near = numbers[~numbers["chosen"].astype(bool) & (numbers["stability"] >= best - 0.05)]
    also = (
        f" {listed([str(int(k)) for k in near['k']])} would be nearly as stable: the number is a choice, not a finding."
        if len(near)
        else ""
    )
    weak = (
        " Fewer than half of the leading words come back: take the topics as a first sorting, not as a result."
        if row["stability"] < 0.5 else ""
    )  # fmt: skip
    return f"{int(row['k'])} topics are the most stable choice ({number(row['stability'], 2)}, coherence {number(row['coherence'], 2)}).{also}{weak}"


def found_reading(table: pd.DataFrame) -> str:
    """The topics that can be read, and those that cannot. In: `analysis.topic_model.topic_table`."""
    if not len(table):
        return "There are no topics to read."
    solid, thin = table[table["sufficient"].astype(bool)], table[~table["sufficient"].astype(bool)]
    said = [
        f"{r['name']} ({percent(r['share'])} {interval(r['low'], r['high'], 'share')} of the words, leading in {count(int(r['units']), 'text')})"
        for r in solid.head(4).to_dict("records")
    ]
    lead = (
        f"The largest that come back: {'; '.join(said)}."
        if said
        else "No topic comes back from run to run: there is nothing to read."
    )
    few = f" Not to be relied on: {listed([str(int(t)) for t in thin['topic']])}." if len(thin) else ""
    return (
        f"{lead}{few} A topic is a habit of words, not a subject: read its sentences before you give it a name. "
        "The intervals hold the spread of documents, not the choice of the model."
    )


def shares_reading(table: pd.DataFrame) -> str:
    """Where two groups clearly differ. In: a table of `analysis.topic_model.topic_shares`."""
    if not len(table):
        return "There are no topics to compare."
    solid = table[table["sufficient"].astype(bool)]
    best: tuple[float, str] | None = None
    for _, mine in solid.groupby("topic", sort=False):
        rows = sorted(mine.to_dict("records"), key=lambda r: -r["share"])
        gap = rows[0]["low"] - rows[-1]["high"]
        if len(rows) > 1 and gap > 0 and (best is None or gap > best[0]):
            high, low = rows[0], rows[-1]
            best = (
                gap,
                (
                    f"The clearest difference is topic {int(high['topic'])} ({high['name']}): {percent(high['share'])} {interval(high['low'], high['high'], 'share')} "
                    f"of the words of {high['group']}, {percent(low['share'])} {interval(low['low'], low['high'], 'share')} of {low['group']}."
                ),
            )
    if best is None:
        return "No topic that comes back sets two groups with ten documents or more apart beyond their intervals."
    return best[1]
