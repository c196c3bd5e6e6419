"""What a series follows: topics, words or entities, brought to one column `item`."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from workbench.analysis.entities import check_entities
from workbench.analysis.frequency import word_hits
from workbench.errors import BadParameter, did_you_mean

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
                "topics", problem=f"no hit of a topic `{name}`", mend=did_you_mean(name, known)
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
