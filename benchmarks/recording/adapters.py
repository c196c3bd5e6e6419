"""Functions that bring a table of an old recording into its new shape, for `[[adapt]]` rules."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

# Old column of `sentiment` -> lexicon, and whether names, offices and courtesy were masked.
SCORES = {
    "score": ("vader", True),
    "score_unmasked": ("vader", False),
    "score_second": ("afinn", True),
}


# What stands in the row of the masked score of VADER only.
SHARES = ("positive", "negative", "hits")


def sentiment_rows(tables: Mapping[str, pa.Table]) -> pa.Table:
    """Sentiment as rows (doc_id, sentence, lexicon, score, masked, shares), from one column for each score.

    A recording that has rows already is returned as it is.
    """
    old = tables["sentiment"]
    if "lexicon" in old.column_names:
        return old
    pieces = []
    for column, (lexicon, masked) in SCORES.items():
        n = old.num_rows
        shares = {
            name: old[name] if column == "score" else pa.nulls(n, old[name].type)
            for name in SHARES
            if name in old.column_names
        }
        pieces.append(
            pa.table({
                "doc_id": old["doc_id"],
                "sentence": old["sentence"],
                "lexicon": pa.array([lexicon] * n, pa.string()),
                "score": old[column],
                "masked": pa.array([masked] * n, pa.bool_()),
                **shares,
            })
        )  # fmt: skip
    return pa.concat_tables(pieces)
