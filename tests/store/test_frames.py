"""Sentiment is rows in the store and columns in the frames."""

import pyarrow as pa

from workbench.schema import arrow_schema
from workbench.store import schema_of
from workbench.store.frames import score_rows, sentence_scores

HIT = {"word": "good", "start": 3, "valence": 1.9, "rule": "lexicon", "masked": False}
WIDE = [
    {"doc_id": "a", "sentence": n, "score": 0.5 + n, "positive": 0.3, "negative": 0.1, "score_unmasked": 0.25 + n,
     "score_second": -0.5 - n, "hits": [HIT] * n}
    for n in range(3)
]  # fmt: skip


def test_a_sentence_has_a_row_for_each_score():
    rows = score_rows(pa.Table.from_pylist(WIDE, arrow_schema("sentiment")))
    assert rows.schema == schema_of("sentiment")
    found = [
        (row["lexicon"], row["masked"], row["score"], row["positive"], row["negative"], row["hits"])
        for row in rows.to_pylist()
        if row["sentence"] == 1
    ]
    assert found == [
        ("vader", True, 1.5, 0.3, 0.1, [HIT]),
        ("vader", False, 1.25, None, None, None),
        ("afinn", True, -1.5, None, None, None),
    ]


def test_rows_become_the_frame_again_in_whatever_order_the_lexicons_are():
    wide = pa.Table.from_pylist(WIDE, arrow_schema("sentiment"))
    rows = score_rows(wide)
    assert sentence_scores(rows).equals(wide)
    ordered = rows.sort_by([(name, "ascending") for name in ("doc_id", "sentence", "lexicon", "masked")])
    assert sentence_scores(ordered).equals(wide)
    assert sentence_scores(rows[:0]).equals(wide[:0])
