"""How often each item occurs per 1,000 words in each group: topics, words, entities."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from workbench.analysis.rates import cell_rates
from workbench.display.plots.rates import draw_rates
from workbench.display.readings.rates import entity_reading, topic_reading
from workbench.display.readings.words import places_reading, terms_reading
from workbench.features import topics
from workbench.features.hits import Hits, cells, group_totals
from workbench.features.units import Units
from workbench.result import Notes, Result
from workbench.verbs.asking import By, ask, chosen_items, code_line

if TYPE_CHECKING:
    from workbench.corpus import Corpus

READINGS = {
    "topic": topic_reading,
    "entity": entity_reading,
    "form": terms_reading,
    "pattern": places_reading,
}
NOTES = {
    "topic": "A dictionary finds its words, not what was meant by them.",
    "entity": "A mention is a name, not an opinion; pronouns are not counted.",
    "pattern": "A pattern finds its words, not what was meant by them.",
    "form": "A word is counted by its form; what it means here is in its sentences.",
}


def rates(
    corpus: Corpus,
    feature: str | Sequence[str] = "words",
    *,
    by: By = None,
    top: int = 12,
    items: Sequence[str] | None = None,
) -> Result:
    """Rates per 1,000 words with 95 % intervals, of the most frequent items or of those named, in each group.

    In:  `feature` words, stems, bigrams, trigrams, topics or entities, or a list of patterns, as `analysis.matches`
         reads them (["sanction*", "trade NEAR/5 security", "/deals?/"]); `by` a grouping or several (left out, what the corpus can compare);
         `top` items drawn, and listed for words and entities; `items` by name instead.
    Out: Result; table [group, <item>, n, words, rate, low, high, n_docs, docs_with, dispersion, basis, sufficient] as
         `analysis.rates.rates` explains it, with `share` of all mentions for entities.
    Raises BadParameter for an unknown feature, grouping or item, with the nearest.
    """
    asked = ask(corpus, feature, by)
    units = asked.units
    hits = asked.hits(units)
    every = hits.item in ("topic", "pattern")  # one that nobody mentions is a finding too
    names = list(corpus.settings.topics.names) if hits.item == "topic" else list(asked.feature)
    chosen = chosen_items(hits, units, items or (names if every else None), top)
    if hits.item == "topic" and not items:
        chosen = sorted(chosen, key=lambda item: (-item.n, names.index(item.name)))
    table = cell_rates(cells(hits, units, chosen))
    if feature == "entities":
        table = with_shares(table, hits, units)
    return Result(
        table, READINGS[hits.item](table),
        Notes(
            f"How often does each {hits.item} occur in each {units.grouping}?",
            "A dot is hits per 1,000 words of all text of the group, its line the 95 % interval; hollow is too little data.",
            NOTES[hits.item],
            "Hits divided by all words of the group. Intervals leave out each document in turn (each sentence, below ten documents).",
        ),
        corpus.caption, code_line(corpus, "rates", asked.feature, by=asked.by, top=None if top == 12 else top, items=list(items or ())),
        corpus.provenance(), partial(draw_rates, item=hits.item, caption=corpus.caption, top=top), asked.evidence, hits.item,
    )  # fmt: skip


def topic_words(corpus: Corpus, *, by: By = None, top: int = 100) -> pd.DataFrame:
    """Which words made the hits of each topic in each group: the check of the dictionary.

    Out: [group, topic, word, n], the `top` most frequent; `word` is as written, folded.
    """
    return topics.topic_words(ask(corpus, "topics", by).units, top)


def with_shares(table: pd.DataFrame, hits: Hits, units: Units) -> pd.DataFrame:
    """The table with the share that an item has of all hits of its group, 0 to 1."""
    every = group_totals(hits, units)
    share = table["n"] / table["group"].map(every).astype(float)
    out = table.assign(share=share.fillna(0.0))
    columns = list(table.columns)
    return out[[*columns[:3], "share", *columns[3:]]]
