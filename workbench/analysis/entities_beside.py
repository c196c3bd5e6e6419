"""What stands beside entities: the topics of the sentences that mention them, and quotes by and about them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.analysis.entities import around, check_entities
from workbench.analysis.topics import topic_rates
from workbench.schema import UNKNOWN

BY, ABOUT = "by", "about"
QUOTES = [
    "entity",
    "direction",
    "speaker",
    "kind",
    "words",
    "confidence",
    "doc_id",
    "sentence",
    "start",
    "end",
]


def topics_beside(
    hits: pd.DataFrame, mentions: pd.DataFrame, units: pd.DataFrame, entities: Sequence[str], *, top: int = 8
) -> pd.DataFrame:
    """Which dictionary topics occur in the sentences that mention each entity, per 1,000 words of them.

    In:  hits of `topics.find_topics`, mentions, units, the chosen entities.
    Out: as `topics.topic_rates`, the group being the entity, the `top` topics that occur most. A sentence
         that mentions two of the entities counts for both. Empty when no topic occurs in these sentences.
    """
    near = around(units, mentions, check_entities(entities, mentions))
    out = topic_rates(hits, near)
    kept = list(dict.fromkeys(out.loc[out["n"] > 0, "topic"]))[:top]
    return out[out["topic"].isin(kept)].reset_index(drop=True)


def quotes_of(
    mentions: pd.DataFrame, quotes: pd.DataFrame, documents: pd.DataFrame, units: pd.DataFrame, entities: Sequence[str]
) -> pd.DataFrame:  # fmt: skip
    """The quotes by each entity and those of others that name it, with their words.

    In:  mentions, quotes, documents as in the schema; units, the chosen entities.
    Out: [entity, direction, speaker, kind, words, confidence, doc_id, sentence, start, end] in the order of the
         entities, then by before about, then text order; `direction` by or about, `sentence` the one it begins in. A speaker is the entity
         when it is one of its forms in that document, or its name. The counts of `entities.compare`.
    """
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    inside = quotes[quotes["doc_id"].isin(units["doc_id"].unique())]
    parts = []
    for name in check_entities(entities, mentions):
        mine = mentions[mentions["entity"] == name]
        by = inside["speaker"].isin({name, *mine["surface"]})
        spans = inside[~by].merge(mine[["doc_id", "start", "end"]], on="doc_id", suffixes=("", "_name"))
        within = (spans["start_name"] >= spans["start"]) & (spans["end_name"] <= spans["end"])
        about = spans[within].drop_duplicates(["doc_id", "start"])
        parts += [part.assign(entity=name, direction=way) for part, way in ((inside[by], BY), (about, ABOUT))]
    out = pd.concat(parts, ignore_index=True)
    words = [
        " ".join(texts[d][s:e].split())
        for d, s, e in out[["doc_id", "start", "end"]].itertuples(index=False, name=None)
    ]
    speaker = out["speaker"].astype("object").where(out["speaker"].notna(), UNKNOWN)
    sentence = _sentences(out, units)
    return out.assign(words=words, speaker=speaker, sentence=sentence)[QUOTES]


def _sentences(spans: pd.DataFrame, units: pd.DataFrame) -> pd.Series:
    """The number of the sentence that each span begins in; of one between two sentences, the earlier."""
    by = {doc_id: mine.sort_values("start") for doc_id, mine in units.groupby("doc_id", sort=False)}
    found = [
        int(mine["sentence"].iloc[max(0, int(np.searchsorted(mine["start"], start, side="right")) - 1)])
        for mine, start in zip(spans["doc_id"].map(by), spans["start"], strict=True)
    ]
    return pd.Series(found, index=spans.index, dtype="int64")
