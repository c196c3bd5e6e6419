"""Readings of sentiment toward entities: who speaks better of whom than another, and what it cannot show."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.display.formatting import count, interval, number, percent
from workbench.display.named_results import Measured

Keys = list[tuple[str, str, str]]
LIMIT = (
    "A score says how the words of a clause treat a name, not what anybody thinks. Compare scores, do not count labels: "
    "on other texts their order holds better than their level. Irony is not read; courtesy and thanks count as praise."
)


def toward_keys(table: pd.DataFrame, judged: pd.DataFrame) -> Keys:
    """How many mentions were judged, their mean, and the pairs with most mentions.

    In: a table of `analysis.target_sentiment.toward_by` and the one of `judged`.
    """
    if judged.empty:
        return [("0", "mentions judged", "no name stands in a sentence here")]
    keys = [
        (f"{len(judged):,}", "mentions judged", f"of {judged['entity'].nunique():,} entities in {count(judged['doc_id'].nunique(), 'document')}"),
        (number(float(judged["score"].mean()), 2), "mean score of all of them", "the level to compare with; zero is not neutral for every kind of text"),
    ]  # fmt: skip
    for row in table.head(3).to_dict("records"):
        note = "" if row["sufficient"] else "; too few to tell"
        said = f"{interval(row['low'], row['high'], 'mean')}, {count(int(row['n']), 'mention')}{note}".lstrip(
            ", "
        )
        keys.append(
            (Measured.of(number(row["mean"], 2), row, "mean"), f"{row['holder']} about {row['entity']}", said)
        )
    return keys


def toward_reading(table: pd.DataFrame) -> str:
    """Which holders, or which entities of one holder, lie apart beyond their intervals.

    In: a table of `analysis.target_sentiment.toward_by`.
    """
    if table.empty:
        return "No mention was judged: no name stands in a sentence of this text."
    solid = table[table["sufficient"].astype(bool) & table["low"].notna()]
    thin = len(table) - len(solid)
    by = str(table.attrs.get("by", "speaker"))
    said = [*_apart(solid, "entity", "holder", by), *_apart(solid, "holder", "entity", by)][:5]
    if not said and len(solid):
        said = [_level(row, by) for row in solid.head(3).to_dict("records")]
        said.append("No two of them lie clearly apart.") if len(solid) > 1 else None
    if thin and len(solid):
        said.append(
            f"{count(thin, 'further pair')} in the table {'has' if thin == 1 else 'have'} too few sentences to tell."
        )
    elif thin:
        said.append(
            "Too few sentences to tell: nobody is named in fifteen sentences of one and the same side. The dots are hollow and "
            "say only how these sentences were read."
        )  # fmt: skip
    return " ".join(said)


def toward_heading(table: pd.DataFrame) -> str:
    """The finding in a heading."""
    solid = table[table["sufficient"].astype(bool) & table["low"].notna()]
    by = str(table.attrs.get("by", "speaker"))
    apart = [*_apart(solid, "entity", "holder", by), *_apart(solid, "holder", "entity", by)]
    if solid.empty:
        return "Too few mentions to tell who speaks well of whom"
    return apart[0].split(" (")[0] if apart else "Nobody is clearly spoken of better than another"


def _apart(solid: pd.DataFrame, same: str, other: str, by: str) -> list[str]:
    """For each value of `same`, its highest and lowest row, where their intervals do not meet.

    Only a speaker speaks: in a voice or in a group somebody is spoken of.
    """
    said = []
    for _, mine in solid.groupby(same, sort=False):
        ranked = mine.sort_values("mean", ascending=False, kind="stable").to_dict("records")
        best, worst = ranked[0], ranked[-1]
        if best["low"] <= worst["high"]:
            continue
        means = " against ".join(
            f"{number(r['mean'], 2)} {interval(r['low'], r['high'], 'mean')}, n = {int(r['n']):,}"
            for r in (best, worst)
        )
        if by != "speaker":
            there, rest = _where(best["holder"], by), _where(worst["holder"], by)
            than = f"than {rest}" if other == "holder" else f"than {worst['entity']}"
            said.append(f"{_who(there)} {best['entity']} is spoken of better {than} ({means}).")
        elif other == "holder":
            said.append(
                f"{_who(best['holder'])} speaks better of {best['entity']} than {worst['holder']} does ({means})."
            )
        else:
            said.append(
                f"{_who(best['holder'])} speaks better of {best['entity']} than of {worst['entity']} ({means})."
            )
    return said


def _where(holder: Any, by: str) -> str:
    """Where somebody is spoken of: "in direct quotes", "in Wire"."""
    voices = {
        "author": "in the author's own words",
        "turn": "in turns",
        "quote": "in direct quotes",
        "indirect": "in indirect speech",
    }
    return voices.get(str(holder), f"in {holder}") if by == "voice" else f"in {holder}"


def _level(row: dict[Any, Any], by: str) -> str:
    about = f"{row['holder']} about" if by == "speaker" else f"{_where(row['holder'], by)} of"
    return (
        f"{_who(about)} {row['entity']}: {number(row['mean'], 2)} {interval(row['low'], row['high'], 'mean')} over "
        f"{count(int(row['n']), 'mention')}, {percent(row['positive'])} positive and {percent(row['negative'])} negative."
    )


def _who(name: Any) -> str:
    """A holder at the beginning of a sentence."""
    return str(name)[:1].upper() + str(name)[1:]
