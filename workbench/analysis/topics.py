"""Dictionary topics: who talks about what, how much, and in which sentences.

A topic is a list of patterns (`settings/topics.toml`). A longer entry blocks a shorter one inside it;
every hit keeps its words and its span.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.analysis.matches import HIT_COLUMNS, Cut, WordParts, cut_from, find, word_parts
from workbench.analysis.rates import place, rates
from workbench.analysis.units import grouping
from workbench.settings.topics import Topics

_NOTHING = "\x00nothing"  # the topic of patterns that only block; no name in a TOML file can be this


def find_topics(tokens: pd.DataFrame, documents: pd.DataFrame, topics: Topics) -> pd.DataFrame:
    """Every hit of the dictionary in the body text.

    In:  tokens, documents as in the schema; the dictionary.
    Out: [doc_id, sentence, topic, pattern, start, end, surface] in text order. A hit inside a longer
         hit is blocked, whatever the topic of the longer one; the same words may count for two topics.
    """
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    return topic_hits(word_parts(tokens), cut_from(texts), topics)


def topic_hits(parts: WordParts, cut: Cut, topics: Topics, *, surface: bool = True) -> pd.DataFrame:
    """Every hit of the dictionary in the words of a corpus, as `find_topics` gives them; see `matches.find`."""
    found = find(parts, cut, {**topics.patterns, _NOTHING: topics.nothing}, surface=surface)
    kept = found[~_blocked(found)]
    kept = kept[kept["topic"] != _NOTHING].drop_duplicates(["doc_id", "topic", "start", "end"])
    return kept.reset_index(drop=True)[HIT_COLUMNS]


def topic_rates(hits: pd.DataFrame, units: pd.DataFrame, topics: Topics | None = None) -> pd.DataFrame:
    """How much each group talks about each topic, per 1,000 words.

    In:  hits from `find_topics`; units from `units.count_units`; the dictionary, for zero rows.
    Out: [group, topic, n, words, rate, low, high, n_docs, docs_with, dispersion, basis, sufficient] as
         `rates.rates` explains; topics in the order of all their hits, the most frequent first.
    """
    order = place(hits, units)["topic"].value_counts()
    names = list(topics.names) if topics is not None else list(order.index)
    ranked = sorted(names, key=lambda name: -int(order.get(name, 0)))
    return rates(hits, units, item="topic", items=ranked)


def topic_words(hits: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Which words made the hits: the check of the dictionary.

    In:  hits, units. Out: [group, topic, word, n], most frequent first; `word` is as written, folded.
    """
    placed = place(hits, units).assign(word=lambda h: h["surface"].str.lower())
    out = placed.groupby(["group", "topic", "word"]).size().rename("n").reset_index()
    out = out.sort_values(
        ["n", "group", "topic", "word"], ascending=[False, True, True, True], ignore_index=True
    )
    out.attrs["by"] = grouping(units)
    return out


def _blocked(hits: pd.DataFrame) -> np.ndarray:
    """Hits that lie inside a longer hit of their document, or begin inside an earlier one of their topic."""
    blocked = np.zeros(len(hits), dtype=bool)
    spans = zip(hits["doc_id"], hits["start"], hits["end"], hits["topic"], strict=True)
    order = sorted(enumerate(spans), key=lambda item: (item[1][0], item[1][1], -item[1][2]))
    here, outer, topic_end = None, (-1, -1), dict[str, tuple[int, int]]()
    for index, (doc_id, start, end, topic) in order:
        if doc_id != here:
            here, outer, topic_end = doc_id, (-1, -1), {}
        own = topic_end.get(topic, (-1, -1))
        inside = end <= outer[1] and (start, end) != outer
        if inside or (start < own[1] and (start, end) != own):
            blocked[index] = True
            continue
        topic_end[topic] = (start, end)
        if end > outer[1]:
            outer = (start, end)
    return blocked
