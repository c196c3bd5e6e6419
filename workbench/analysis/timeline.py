"""Time series of rates and means by day, week, month or event.

Series in time: rates and means by day, week, month or event, divided by what was collected.

Each period is divided by what was collected in it; a period without text has no value, and a last
period that the collection has not reached the end of is marked, since it is not a fall.

What a series follows: topics, words or entities, brought to one column `item`.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from workbench.analysis.entities import check_entities
from workbench.analysis.frequency import word_hits
from workbench.analysis.intervals import ratio_limits
from workbench.analysis.rates import KEY, rates
from workbench.analysis.reliability import sufficient
from workbench.analysis.units import grouping
from workbench.errors import BadParameter, did_you_mean

Per = Literal["day", "week", "month", "event"]
PERS = ("day", "week", "month", "event")
SCORE = "sentiment"  # the item of a series of means
PERIOD = ["period", "start", "until", "complete"]
COLUMNS = ["group", "item", *PERIOD, *"n size value low high n_docs basis sufficient".split()]


class Period(NamedTuple):
    """A stretch of days, both ends included."""

    label: str
    start: dt.date
    until: dt.date


def rate_series(
    hits: pd.DataFrame, units: pd.DataFrame, *, item: str, items: Sequence[str] | None = None,
    per: Per = "month", events: Mapping[str, str] | None = None, collected_until: str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Hits per 1,000 words of each period, for every group and item.

    In:  hits [doc_id, sentence, <item>] (topic hits, word hits with item="pattern", mentions); units;
         `events` name -> ISO date, for per="event": each event opens a period; `collected_until` the
         last day that was collected (default: the last date in units).
    Out: [group, item, period, start, until, complete, n, size, value, low, high, n_docs, basis,
         sufficient], in time order; `size` words, `value` per 1,000 of them, NaN in a period without text;
         `complete` is False for a last period that was not collected to its end. Documents without a
         date precise enough are left out: attrs["undated"] counts them. BadParameter for a wrong
         `per`, event or date.
    """
    wanted = list(items) if items is not None else list(hits[item].value_counts().index)
    plain = hits[[*KEY, item]]

    def measured(mine: pd.DataFrame) -> pd.DataFrame:
        table = rates(plain, mine, item=item, items=wanted)
        return table.rename(columns={item: "item", "words": "size", "rate": "value"})

    return _series(units, wanted, measured, _Calendar(per, events, collected_until)).pipe(
        _named, "rate", item
    )


def mean_series(
    sentiment: pd.DataFrame, units: pd.DataFrame, *,
    per: Per = "month", events: Mapping[str, str] | None = None, collected_until: str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Mean sentiment of the sentences of each period.

    Out: as `rate_series`, `item` "sentiment", `n` and `size` sentences with a score, `value` their mean.
    """
    scores = units.merge(sentiment[[*KEY, "score"]], on=KEY, how="inner")

    def measured(mine: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame([_mean(str(group), rows) for group, rows in mine.groupby("group", sort=False)])

    return _series(scores, [SCORE], measured, _Calendar(per, events, collected_until)).pipe(
        _named, "mean", SCORE
    )


def collected(
    units: pd.DataFrame, *,
    per: Per = "month", events: Mapping[str, str] | None = None, collected_until: str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """How much text there is in each period: what every value of a series is divided by.

    Out: [period, start, until, complete, n_docs, words], in time order, empty periods included;
         attrs["undated"] counts the documents whose date is not precise enough.
    """
    calendar = _Calendar(per, events, collected_until)
    dated, periods = _labelled(units, calendar)
    found = dated.groupby("period").agg(n_docs=("doc_id", "nunique"), words=("words", "sum"))
    out = pd.DataFrame(
        [(p.label, p.start.isoformat(), p.until.isoformat()) for p in periods],
        columns=["period", "start", "until"],
    )
    out["complete"] = _complete(out["until"], dated, calendar)
    for column in ("n_docs", "words"):
        out[column] = out["period"].map(found[column]).fillna(0).astype("int64")
    out.attrs |= {"per": per, "undated": int(units["doc_id"].nunique() - dated["doc_id"].nunique())}
    return out


def in_periods(
    spans: pd.DataFrame, units: pd.DataFrame, *,
    per: Per = "month", events: Mapping[str, str] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Spans with the `period` of their document: hand them to `evidence` with a row of a series.

    In:  spans [doc_id, …]. Out: the same with `period`; those of undated documents are left out.
    """
    dated, _ = _labelled(units, _Calendar(per, events, None))
    known = dated.drop_duplicates("doc_id").set_index("doc_id")["period"]
    return spans.assign(period=spans["doc_id"].astype("object").map(known)).dropna(subset=["period"])


def as_events(dates: Sequence[str]) -> dict[str, str]:
    """Events as a parameter gives them, `the visit = 2015-12-15` or a date alone, as name -> date.

    >>> as_events(["the visit = 2015-12-15", "2016-01-01"])
    {'the visit': '2015-12-15', 'from 2016-01-01': '2016-01-01'}
    """
    out = {}
    for given in dates:
        name, _, day = (part.strip() for part in given.rpartition("="))
        out[name or f"from {day}"] = as_date(day, "events").isoformat()
    return out


class _Calendar(NamedTuple):
    per: str
    events: Mapping[str, str] | None
    collected_until: str | None


def _named(table: pd.DataFrame, kind: str, item: str) -> pd.DataFrame:
    table.attrs |= {"kind": kind, "item": item}
    return table


def _series(
    units: pd.DataFrame,
    items: Sequence[str],
    measured: Callable[[pd.DataFrame], pd.DataFrame],
    calendar: _Calendar,
) -> pd.DataFrame:
    dated, periods = _labelled(units, calendar)
    undated = units["doc_id"].nunique() - dated["doc_id"].nunique()
    out = [
        _filled(str(group), items, measured(mine.assign(group=mine["period"], by="period")), periods)
        for group, mine in dated.groupby("group", sort=True)
    ]
    table = pd.concat(out, ignore_index=True) if out else pd.DataFrame(columns=COLUMNS)
    table["complete"] = _complete(table["until"], dated, calendar)
    table["sufficient"] = table["sufficient"].astype(bool)
    out_table = table[COLUMNS]
    out_table.attrs |= {"by": grouping(units), "per": calendar.per, "undated": int(undated)}
    return out_table


def _labelled(units: pd.DataFrame, calendar: _Calendar) -> tuple[pd.DataFrame, list[Period]]:
    """The units whose date is precise enough, each with its `period`, and all periods in order."""
    if calendar.per not in PERS:
        raise BadParameter(
            "per", problem=f"no period `{calendar.per}`", hint=did_you_mean(calendar.per, PERS)
        )
    dated = units[units["date"].map(lambda d: precise(str(d), calendar.per))]
    periods = _periods(dated["date"], calendar)
    starts = [p.start for p in periods]
    label = {d: periods[bisect_right(starts, _first(str(d))) - 1].label for d in dated["date"].unique()}
    return dated.assign(period=dated["date"].map(label)), periods


def _complete(until: pd.Series, dated: pd.DataFrame, calendar: _Calendar) -> list[bool]:
    """Which periods were collected to their end."""
    last = as_date(calendar.collected_until, "collected_until") if calendar.collected_until else None
    reached = last or max((_last(str(d)) for d in dated["date"].unique()), default=dt.date.min)
    return [end <= reached.isoformat() for end in until]


def _filled(group: str, items: Sequence[str], table: pd.DataFrame, periods: Sequence[Period]) -> pd.DataFrame:
    """The measured periods in time order, and a row without a value for each period without text."""
    grid = pd.DataFrame(
        [(group, item, p.label, p.start.isoformat(), p.until.isoformat()) for item in items for p in periods],
        columns=["group", "item", "period", "start", "until"],
    )
    found = table.rename(columns={"group": "period"})[
        ["period", "item", *"n size value low high n_docs basis sufficient".split()]
    ]
    out = grid.merge(found, on=["period", "item"], how="left")
    for column in ("n", "size", "n_docs"):
        out[column] = out[column].fillna(0).astype(int)
    return out.assign(sufficient=out["sufficient"].eq(True), basis=out["basis"].fillna(""))


def _mean(group: str, rows: pd.DataFrame) -> dict[str, object]:
    scores = rows["score"].to_numpy(float)
    limits = ratio_limits(scores, np.ones(len(rows)), rows["doc_id"].to_numpy())
    alike = limits.low[0] == limits.high[0]  # one sentence, or all alike: resampling cannot tell
    return {
        "group": group, "item": SCORE, "n": len(rows), "size": len(rows), "value": scores.mean(),
        "low": np.nan if alike else limits.low[0], "high": np.nan if alike else limits.high[0],
        "n_docs": rows["doc_id"].nunique(), "basis": limits.basis, "sufficient": bool(sufficient("mean", sentences=len(rows))),
    }  # fmt: skip


def precise(date: str, per: str) -> bool:
    """Whether a date of the documents is exact enough for a period: months need a month, others a day."""
    return date[:1].isdigit() and len(date) >= (7 if per == "month" else 10)


def _first(date: str) -> dt.date:
    return dt.date.fromisoformat(date if len(date) >= 10 else f"{date}-01")


def _last(date: str) -> dt.date:
    return _first(date) if len(date) >= 10 else _next_month(_first(date)) - dt.timedelta(1)


def _next_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(32)).replace(day=1)


def as_date(given: str, what: str) -> dt.date:
    """The date of a parameter; BadParameter when it is none."""
    try:
        return dt.date.fromisoformat(given)
    except ValueError:
        raise BadParameter(what, problem=f"`{given}` is no date", hint="write it as 2015-12-11") from None


def _periods(dates: pd.Series, calendar: _Calendar) -> list[Period]:
    """All periods from the first date to the last, also those without a document."""
    if not len(dates):
        return []
    first, last = _first(str(dates.min())), _last(str(dates.max()))
    if calendar.per == "event":
        return _event_periods(first, last, calendar.events or {})
    out = []
    day = {"day": first, "week": first - dt.timedelta(first.weekday()), "month": first.replace(day=1)}[
        calendar.per
    ]
    while day <= last:
        following = (
            _next_month(day)
            if calendar.per == "month"
            else day + dt.timedelta(7 if calendar.per == "week" else 1)
        )
        label = {"month": f"{day:%Y-%m}", "week": f"{day:%G-W%V}", "day": day.isoformat()}[calendar.per]
        out.append(Period(label, day, following - dt.timedelta(1)))
        day = following
    return out


def _event_periods(first: dt.date, last: dt.date, events: Mapping[str, str]) -> list[Period]:
    if not events:
        raise BadParameter(
            "events", problem="no event is given", hint='add one, such as {"the visit": "2015-12-15"}'
        )
    opened = sorted((as_date(day, "events"), name) for name, day in events.items())
    if first < opened[0][0]:
        opened.insert(0, (first, f"before {opened[0][1]}"))
    ends = [day - dt.timedelta(1) for day, _ in opened[1:]] + [max(last, opened[-1][0])]
    return [Period(name, day, end) for (day, name), end in zip(opened, ends, strict=True)]


# ---------------------------------------------------------------- what a series follows: topics, words or entities, brought to one column `item`

ITEM_COLUMNS = ["doc_id", "sentence", "start", "end", "item"]
MOST = 4  # topics followed when nothing is asked for: as many lines as a figure can bear


def followed(
    topic_hits: pd.DataFrame, tokens: pd.DataFrame, documents: pd.DataFrame, mentions: pd.DataFrame | None, *,
    topics: Sequence[str] = (), words: Sequence[str] = (), entities: Sequence[str] = (),
) -> pd.DataFrame:  # fmt: skip
    """The places of everything asked for; of the most frequent topics when nothing is.

    In:  hits of `topics.find_topics`; tokens, documents; mentions, or None when no entity is asked for.
    Out: [doc_id, sentence, start, end, item]; attrs["items"] lists the items in the order asked for,
         those without a place included. BadParameter for a topic or an entity that nobody mentions.
    """
    if not (topics or words or entities):
        topics = [str(name) for name in topic_hits["topic"].value_counts().index[:MOST]]
    known = sorted(set(topic_hits["topic"].astype(str)))
    for name in topics:
        if name not in known:
            raise BadParameter(
                "topics", problem=f"no hit of a topic `{name}`", hint=did_you_mean(name, known)
            )
    parts = [topic_hits[topic_hits["topic"].isin(topics)].assign(item=lambda h: h["topic"])]
    patterns = list(dict.fromkeys(word.strip() for word in words))
    if patterns:
        parts.append(word_hits(tokens, documents, patterns).assign(item=lambda h: h["pattern"]))
    if entities:
        assert mentions is not None, "entities were asked for without mentions"
        names = check_entities(entities, mentions)
        chosen = mentions[mentions["entity"].isin(names) & mentions["sentence"].notna()]
        parts.append(chosen.astype({"sentence": "int64"}).assign(item=lambda h: h["entity"].astype(str)))
    parts = [part[ITEM_COLUMNS].astype({"item": "object"}) for part in parts if len(part)]
    out = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=ITEM_COLUMNS)
    out.attrs["items"] = list(dict.fromkeys([*topics, *patterns, *entities]))
    return out


def in_words(items: Sequence[str]) -> str:
    """The items as a name: "trade", "trade or health"; "any topic" when there is none."""
    return " or ".join(items) or "any topic"
