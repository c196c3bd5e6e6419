"""The three to five numbers at the head of a report, and the limits at its foot."""

from __future__ import annotations

import pandas as pd

from workbench.display.formatting import count, interval, listed, number, percent
from workbench.display.named_results import Measured

FEW = 10  # documents in a group: below it, numbers describe the texts and not where they come from

KeyFigureList = list[tuple[str, str, str]]


def overview_keys(documents: pd.DataFrame, units: pd.DataFrame, problems: pd.DataFrame) -> KeyFigureList:
    """Documents, words, the share that is not the author's own, dates that are sure, problems.

    In: documents, units of `analysis.units.count_units`, problems.
    """
    words = int(units["words"].sum())
    spoken = units.loc[units["voice"] != "author", "words"].sum()
    dated = int((documents["date_precision"] == "day").sum())
    inferred = int(documents["date_basis"].str.contains("infer", na=False).sum())
    refused = int((problems["severity"] == "refused").sum())
    sources = documents["source"].dropna().unique()
    return [
        (f"{len(documents):,}", "documents", f"from {count(len(sources), 'source')}: {listed([str(s) for s in sources[:4]])}" if len(sources) else "no source is known"),
        (f"{words:,}", "words of body text", f"in {count(len(units), 'sentence')}; chrome, captions and labels are not counted"),
        (percent(spoken / words if words else 0), "of the words are somebody else's", "turns, quotations and indirect speech"),
        (f"{dated} of {len(documents)}", "dates known to the day", f"{inferred} of them with an inferred year" if inferred else "all of them stated" if dated else "none is"),
        (f"{len(problems)}", "problems", f"{refused} files could not be read" if refused else "every file could be read"),
    ]  # fmt: skip


def topic_keys(rates: pd.DataFrame) -> KeyFigureList:
    """Hits, topics that occur, and the highest rate of each of the first three groups.

    In: a table of `analysis.topics.topic_rates`.
    """
    found = rates.groupby("topic")["n"].sum()
    groups = rates.drop_duplicates("group")
    return [
        (f"{int(found.sum()):,}", "hits of the dictionary", f"in {int(groups['words'].sum()):,} words"),
        (
            f"{int((found > 0).sum())} of {len(found)}",
            "topics occur",
            "the others were looked for and not found" if (found == 0).any() else "all that were looked for",
        ),
        *(_most(group, rows) for group, rows in list(rates.groupby("group", sort=False))[:3]),
    ]


def sentiment_keys(scores: pd.DataFrame, masked: pd.DataFrame) -> KeyFigureList:
    """The mean of the first three groups, and what masking takes away over all.

    In: tables of `analysis.sentiment.sentiment_by` and `masking`.
    """
    keys: KeyFigureList = [
        (Measured.of(number(row["mean"], 2), row, "mean"), f"mean score, {row['group']}",
         f"{interval(row['low'], row['high'], 'mean')}, {count(int(row['n']), 'sentence')}" + ("" if row["sufficient"] else "; too few to tell"))
        for row in scores.head(3).to_dict("records")
    ]  # fmt: skip
    n = masked["n"].sum()
    if n:
        means = [(masked[name] * masked["n"]).sum() / n for name in ("masked", "unmasked")]
        keys.append(
            (
                number(means[0], 2),
                "mean of all, masked",
                f"{number(means[1], 2)} when names, offices and courtesy count",
            )
        )
    return keys


def entity_keys(rates: pd.DataFrame, comparison: pd.DataFrame) -> KeyFigureList:
    """Who is mentioned most, and how often each compared entity is.

    In: tables of `analysis.entities.entity_rates` and `compare`.
    """
    total = rates.groupby("entity", sort=False)["n"].sum().sort_values(ascending=False, kind="stable")
    keys = (
        [(str(total.index[0]), "mentioned most", count(int(total.iloc[0]), "mention"))] if len(total) else []
    )
    for row in comparison.head(4).to_dict("records"):
        rate = (
            f"{number(row['rate'])} {interval(row['rate_low'], row['rate_high'], 'rate')}"
            if "rate_low" in row
            else f"{number(row['rate'])} {interval(row['low'], row['high'], 'rate')}"
        )
        keys.append((f"{int(row['n']):,}", f"mentions of {row['entity']}", f"{rate} per 1,000 words"))
    return keys


def limits(documents: pd.DataFrame, by: str, *measure: str) -> str:
    """What these documents cannot show, then what the measure cannot: one paragraph for the foot.

    In: documents; the grouping; sentences about the measure.
    """
    n = len(documents)
    said = []
    if n < FEW:
        said.append(
            f"{'One document' if n == 1 else f'{n} documents'} cannot show how a source, a speaker or a period writes in general: "
            "every interval here resamples sentences within these texts and speaks of them alone."
        )
    undated = int(documents["date"].isna().sum())
    if undated and by in ("month", "year"):
        said.append(f"{count(undated, 'document')} without a date stand under “unknown {by}”.")
    if by == "entity":
        said.append(
            "A sentence that mentions two of them counts for both: their numbers are not independent."
        )
    return " ".join([*said, *measure])


def _most(group: object, rows: pd.DataFrame) -> tuple[str, str, str]:
    best = rows.sort_values("rate", ascending=False, kind="stable").iloc[0]
    if not best["n"]:
        return "none", f"topic in {group}", f"no hit in {int(best['words']):,} words"
    note = "" if best["sufficient"] else "; too few to tell"
    said = f"{number(best['rate'])} {interval(best['low'], best['high'], 'rate')} per 1,000 words, n = {int(best['n']):,}{note}"
    return str(best["topic"]), f"most frequent topic, {group}", said
