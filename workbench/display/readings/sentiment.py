"""Readings of the checks of sentiment: another lexicon, the masks, the course through a document."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.display.formatting import count, interval, listed, number, percent

NEUTRAL = 0.05  # VADER's own border of a neutral score: a mean within it is little, however sure


def tones(rows: list[dict[Any, Any]]) -> str:
    """How many groups sound how, before the highest and the lowest of them. In: rows of `analysis.sentiment.sentiment_by`."""
    said = [tone(r) for r in rows]
    up, down = (sum(each.startswith(f"sounds {side}") for each in said) for side in ("positive", "negative"))
    return (
        f"Of {count(len(rows), 'group')} with fifteen sentences or more, {up:,} {'sounds' if up == 1 else 'sound'} positive on the "
        f"whole, {down:,} negative, {len(rows) - up - down:,} neither clearly; here are the highest and the lowest mean."
    )


def tone(row: dict[Any, Any]) -> str:
    """Whether a mean lies above zero, below it or neither, as a verb. In: a row of `analysis.sentiment.sentiment_by`."""
    if row["low"] <= 0 <= row["high"]:
        return "is neither clearly positive nor clearly negative"
    side = "positive" if row["low"] > 0 else "negative"
    near = abs(row["mean"]) < NEUTRAL
    return f"is close to neutral, a little {side}" if near else f"sounds {side} on the whole"


def agreement_reading(table: pd.DataFrame) -> str:
    """How far two lexicons agree, and what that cannot show. In: `analysis.lexicon_agreement.agreement`."""
    if table.empty:
        return "No sentence was scored."
    solid = table[table["sufficient"].astype(bool) & table["r"].notna()]
    said = [
        f"On the sentences of {r['group']} the two lexicons correlate at {number(r['r'], 2)} {interval(r['r_low'], r['r_high'], 'mean')} over "
        f"{count(int(r['n']), 'sentence')}; they give {percent(r['same'])} the same sign and {percent(r['opposed'])} opposite ones."
        for r in solid.head(3).to_dict("records")
    ]
    if len(solid) > 1 and (solid["mean"].rank() != solid["mean_second"].rank()).any():
        said.append(
            "By the second lexicon the groups stand in another order: do not rest a claim on their order."
        )
    elif len(solid) > 1:
        said.append("Both put the groups in the same order.")
    thin = len(table) - len(solid)
    if thin:
        said.append(f"In {count(thin, 'group')} there are too few sentences to tell.")
    return " ".join(
        [
            *said,
            "Two lexicons that agree may both be wrong: they share their rules, and words that mean something else here.",
        ]
    )


def sensitivity_reading(table: pd.DataFrame) -> str:
    """Which group the masks move most, and by which of them. In: `analysis.mask_sensitivity.sensitivity`."""
    if table.empty:
        return "No sentence was scored."
    last = table[table["masked"] == table["masked"].iloc[-1]]
    worst = last.loc[last["moved"].abs().idxmax()]
    steps = table[table["group"] == worst["group"]].to_dict("records")
    if abs(worst["moved"]) < 0.005:
        return "No mask moves the mean of any group by as much as 0.01."
    path = ", ".join(f"{number(r['mean'], 2)} with {r['masked']} masked" for r in steps)
    sure = "" if worst["sufficient"] else " Too few sentences to call that more than these texts."
    return (
        f"The masks move {worst['group']} most: {path}; in all {number(worst['moved'], 2)} "
        f"{interval(worst['moved_low'], worst['moved_high'], 'mean')} over {count(int(worst['n']), 'sentence')}.{sure}"
    )


def course_reading(table: pd.DataFrame) -> str:
    """Where a document departs from its own mean; nothing where the figure says it is too short. In: `analysis.sentiment_arc.course_or_none`."""
    if table.empty:
        return ""
    mean = float(table.attrs["mean"])
    apart = table[(table["low"] > mean) | (table["high"] < mean)]
    parts = len(table)
    if apart.empty:
        return f"No part lies clearly apart from the mean of the whole ({number(mean, 2)}): the ups and downs are within chance."
    named = listed([
        f"part {int(r['part'])} ({number(r['mean'], 2)} {interval(r['low'], r['high'], 'mean')})"
        for r in apart.to_dict("records")
    ])  # fmt: skip
    verb = "lies" if len(apart) == 1 else "lie"
    return (
        f"{named[:1].upper()}{named[1:]} of {parts} {verb} apart from the mean of the whole ({number(mean, 2)}). Of twenty parts of an even text one "
        "would by chance."
    )
