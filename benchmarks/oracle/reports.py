"""Compare what each report says of the planted effects with the truth, by the functions that its notebook calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from benchmarks.oracle.pages import HOLDS, STRANGER, entities_of_people, place_lines
from benchmarks.oracle.scores import Score
from workbench.analysis import change_points, quality, timeline, topics, units
from workbench.corpus import Corpus
from workbench.errors import BadSelection
from workbench.example import Truth

OVER_TIME, FREQUENCY, COMPARISON, OVERVIEW = (
    "over_time",
    "topic_frequency",
    "entity_comparison",
    "corpus_overview",
)
LEVEL = 0.05
Rows = Iterator[Score]


def compare_reports(texts: Corpus, truth: Truth, size: str, *, names: bool = True) -> list[Score]:
    """The rows of all effects but the late batch, at a size."""
    hits = topics.find_topics(
        texts.tables.tokens.to_pandas(), texts.tables.documents.to_pandas(), texts.settings.topics
    )
    scores = [*_topic_rise(texts, truth, size, hits), *_tone_change(texts, truth, size), *_differences(texts, truth, size, hits),
              *_wording(texts, truth, size), *_broken_feed(texts, truth, size)]  # fmt: skip
    return scores + (list(_names(texts, truth, size)) if names else [])


def _count(effect: Mapping[str, Any], *, found: bool) -> dict[str, int]:
    """Found or missed where something was planted; neither where nothing was."""
    planted = effect["size"] > 0
    return {"found": int(planted and found), "missed": int(planted and not found)}


def _topic_rise(texts: Corpus, truth: Truth, size: str, hits: pd.DataFrame) -> Rows:
    """A spike of the topic in its month; any other spike is a false alarm."""
    effect = truth.effects["topic_rise"]
    followed = sorted(set(hits["topic"].astype(str)))
    found = timeline.followed(
        hits, texts.tables.tokens.to_pandas(), texts.tables.documents.to_pandas(), None, topics=followed
    )
    groups = units.count_units(
        texts.tables.sentences.to_pandas(),
        texts.tables.tokens.to_pandas(),
        texts.tables.documents.to_pandas(),
        by="all",
    )
    series = timeline.rate_series(found, groups, item="item", items=followed, per="month")
    spikes = change_points.spikes(series)
    claimed = spikes[(spikes["q"] <= LEVEL) & spikes["sufficient"].astype(bool)]
    planted = (claimed["item"] == effect["topic"]) & (
        claimed["period"].astype(str).str[:7] == effect["month"]
    )
    right = bool(effect["size"] > 0 and planted.any())
    levels = change_points.change_points(series)
    yield Score(
        OVER_TIME,
        "a topic rises in one month",
        size,
        **_count(effect, found=right),
        false_alarms=len(claimed) - right,
    )
    yield Score(OVER_TIME, "levels of topics (none planted)", size, false_alarms=len(levels))


def _tone_change(texts: Corpus, truth: Truth, size: str) -> Rows:
    """A change of level of the tone of one speaker, a month off at most; other people's are false alarms."""
    effect = truth.effects["tone_change"]
    right, wrong = _levels(
        texts,
        effect["speaker"],
        effect,
        lambda own: timeline.mean_series(own.tables.sentiment.to_pandas(), _units(own)),
    )
    yield Score(
        OVER_TIME, "the tone of one speaker changes", size, **_count(effect, found=right), false_alarms=wrong
    )
    others = [
        e["name"]
        for k, e in truth.entities.items()
        if k in ("foreign-0", "president-0", "foreign-1", "spokesman-1")
    ]
    none = {"size": 0.0, "month": ""}
    wrong = sum(
        _levels(
            texts, name, none, lambda own: timeline.mean_series(own.tables.sentiment.to_pandas(), _units(own))
        )[1]
        for name in others
    )
    yield Score(OVER_TIME, "the tone of four others (none planted)", size, false_alarms=wrong)


def _wording(texts: Corpus, truth: Truth, size: str) -> Rows:
    """A change of level of the old or the new phrase in the texts of one ministry."""
    effect = truth.effects["changed_wording"]
    phrases = [f'"{effect[name]}"' for name in ("old", "new")]

    def series(own: Corpus) -> pd.DataFrame:
        places = timeline.followed(pd.DataFrame(columns=["doc_id", "sentence", "topic", "start", "end"]), own.tables.tokens.to_pandas(),
                                   own.tables.documents.to_pandas(), None, words=phrases)  # fmt: skip
        return timeline.rate_series(places, _units(own), item="item", items=phrases, per="month")

    right, wrong = _levels(texts, effect["source"], effect, series, field="source")
    yield Score(
        OVER_TIME, "a ministry changes its wording", size, **_count(effect, found=right), false_alarms=wrong
    )


def _levels(
    texts: Corpus,
    name: str,
    effect: Mapping[str, Any],
    series: Callable[[Corpus], pd.DataFrame],
    field: str = "speaker",
) -> tuple[bool, int]:
    """Whether a change of level was found within a month of the planted one, and how many others were."""
    try:
        own = texts.where(f'{field}:"{name}"')
        levels = change_points.change_points(series(own))
    except BadSelection:
        return False, 0
    months = [str(date)[:7] for date in levels["date"]]
    near = [
        month
        for month in months
        if effect["size"] > 0 and abs(_months(month) - _months(effect["month"])) <= 1
    ]
    return bool(near), len(months) - len(near)


def _months(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7])


def _units(texts: Corpus) -> pd.DataFrame:
    return units.count_units(
        texts.tables.sentences.to_pandas(),
        texts.tables.tokens.to_pandas(),
        texts.tables.documents.to_pandas(),
        by="all",
    )


def _differences(texts: Corpus, truth: Truth, size: str, hits: pd.DataFrame) -> Rows:
    """Two intervals apart: of the agencies where a difference is planted, of the ministries where a confounder is."""
    groups = units.count_units(
        texts.tables.sentences.to_pandas(),
        texts.tables.tokens.to_pandas(),
        texts.tables.documents.to_pandas(),
        by="source",
    )
    rates = topics.topic_rates(hits, groups, texts.settings.topics)
    planted, confounded = truth.effects["source_difference"], truth.effects["confounder"]
    claimed = _apart(rates, planted["more"], planted["less"])
    right = planted["size"] > 0 and planted["topic"] in claimed
    yield Score(
        FREQUENCY,
        "two agencies differ",
        size,
        **_count(planted, found=right),
        false_alarms=len(claimed) - right,
    )
    claimed = _apart(rates, confounded["more"], confounded["less"])
    own = confounded["topic"] in claimed
    yield Score(FREQUENCY, "ministries differ by a confounder only", size, false_alarms=int(own))
    yield Score(
        FREQUENCY, "other topics of the ministries (none planted)", size, false_alarms=len(claimed) - own
    )


def _apart(rates: pd.DataFrame, one: str, two: str) -> set[str]:
    """Topics whose rates have intervals apart in two groups, both with data enough."""
    solid = rates[rates["sufficient"].astype(bool)]
    sides = [solid[solid["group"] == name].set_index("topic") for name in (one, two)]
    both = sides[0].index.intersection(sides[1].index)
    a, b = (side.loc[both] for side in sides)
    return set(both[(a["low"] > b["high"]) | (b["low"] > a["high"])])


def _broken_feed(texts: Corpus, truth: Truth, size: str) -> Rows:
    """Files that cannot be read as rows of problems; months with lost files as gaps or dips of their source."""
    effect = truth.effects["broken_feed"]
    lost = {key: d for key, d in truth.documents.items() if not d["readable"]}
    refused = set(
        texts.tables.problems.to_pandas()[texts.tables.problems.to_pandas()["severity"] == "refused"]["path"]
    )
    yield Score(
        OVERVIEW,
        "files that cannot be read",
        size,
        len(refused & set(lost)),
        len(set(lost) - refused),
        len(refused - set(lost)),
    )
    ledger = quality.coverage(texts.tables.documents.to_pandas())
    marked = ledger[ledger["mark"].isin(["gap", "dip"])]
    months = {d["date"][:7] for d in lost.values()}
    right = marked[(marked["source"] == effect["source"]) & marked["period"].isin(months)]
    count = _count({"size": float(bool(lost))}, found=len(right) > 0)
    yield Score(
        OVERVIEW, "a broken feed as a gap or dip", size, **count, false_alarms=len(marked) - len(right)
    )


def _names(texts: Corpus, truth: Truth, size: str) -> Rows:
    """Two spellings as one entity, two bearers of a family name as two."""
    wanted = {k: d for k, d in truth.documents.items() if d["readable"]}
    rows = zip(
        texts.tables.documents.to_pandas()["doc_id"], texts.tables.documents.to_pandas()["text"], strict=True
    )
    placed = {key: place_lines(str(text), wanted[key]["lines"])[0] for key, text in rows if key in wanted}
    held, _ = entities_of_people(texts, placed)
    alias, shared = truth.effects["alias"], truth.effects["shared_surname"]
    own = held["foreign-1"]
    whole = bool(own) and own.most_common(1)[0][1] >= HOLDS * own.total() and own.most_common(1)[0][0] != ""
    entity = own.most_common(1)[0][0] if own else ""
    spellings = texts.tables.entities.to_pandas()[texts.tables.entities.to_pandas()["entity"] == entity][
        "aliases"
    ]
    both = len(spellings) > 0 and {alias["name"], alias["other"]} <= set(spellings.iloc[0])
    yield Score(COMPARISON, "two spellings of one person", size, **_count(alias, found=whole and both))
    mains = [
        {e for e, n in held[key].items() if e and n >= STRANGER * held[key].total()}
        for key in ("finance-0", "namesake")
    ]
    apart = all(mains) and not mains[0] & mains[1]
    yield Score(COMPARISON, "two people of one family name", size, **_count(shared, found=apart),
                false_alarms=int(shared["size"] > 0 and bool(mains[0] & mains[1])))  # fmt: skip
