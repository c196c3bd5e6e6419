"""Which documents talk about which topic, counted once per version and dictionary, and kept beside the store.

The tokens are read in batches, so that memory is bounded by a batch and not by the corpus.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from workbench.analysis.topics import find_topics
from workbench.files import replacing
from workbench.settings.topics import Topics
from workbench.store import prune, to_frame

BATCH = 512  # documents whose tokens are held at once; about 1 M tokens of press text
Rows = Callable[[str, Sequence[str], Sequence[str]], pa.Table]


def documents_by_topic(
    place: Path, key: str, doc_ids: Sequence[str], rows: Rows, topics: Topics
) -> pd.DataFrame:
    """[doc_id, topic], a row for each topic that has a hit in a document, in the order of `doc_ids`.

    `rows(table, columns, doc_ids)` reads the store. The answer is kept at `place` under `key`, which
    names the version and the dictionary; of what was kept under other keys the newest stay, since a report
    that has begun still reads its version while the next one is built.
    """
    path = place / f"topics-{key}.parquet"
    if path.exists():
        kept: pd.DataFrame = pq.read_table(path).to_pandas()
        return kept
    parts = [_found(doc_ids[start : start + BATCH], rows, topics) for start in range(0, len(doc_ids), BATCH)]
    found = pd.concat([pd.DataFrame({"doc_id": [], "topic": []}, dtype="str"), *parts], ignore_index=True)
    prune(place, "topics-*.parquet")
    with replacing(path) as temporary:
        pq.write_table(pa.Table.from_pandas(found, preserve_index=False), temporary)
    return found


def _found(doc_ids: Sequence[str], rows: Rows, topics: Topics) -> pd.DataFrame:
    tokens = to_frame("tokens", rows("tokens", ["doc_id", "sentence", "start", "end", "form"], doc_ids))
    documents = to_frame("documents", rows("documents", ["doc_id", "text"], doc_ids))
    return find_topics(tokens, documents, topics)[["doc_id", "topic"]].drop_duplicates().astype("str")
