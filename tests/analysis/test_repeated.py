"""Facts about repeated documents in the overview."""

import pandas as pd

from workbench.analysis.quality import copy_counts, repeated

DOCUMENTS = pd.DataFrame(
    [
        ("a", "Pier closed", "2015-12-01", "Wire", "a"),
        ("b", "Pier closed", "2015-12-02", "Wire", "a"),
        ("c", None, None, None, "c"),
        ("d", "Relief for Oldmoor", "2015-12-05", "Office", "d"),
    ],
    columns=["doc_id", "title", "date", "source", "story"],
)
PAIRS = pd.DataFrame(
    [
        ("c", "d", "template", 0.9, 0.8, "names differ: Westhaven / Oldmoor"),
        ("a", "b", "update", 0.4, 0.6, "told again"),
        ("a", "c", "shared passage", 0.1, 0.2, "30 words in a row"),
        ("a", "elsewhere", "same text", 1.0, 1.0, ""),
    ],
    columns=["a", "b", "relation", "share_a", "share_b", "why"],
)


def test_what_counts_as_one_story_stands_first_and_a_template_is_marked_as_not_merged():
    table = repeated(PAIRS, DOCUMENTS)
    assert list(table["relation"]) == ["update", "shared passage", "template"]
    assert list(table["one_story"]) == [True, False, False]
    assert list(table["share"]) == [0.6, 0.2, 0.9]
    assert list(table.loc[2, ["title_a", "date_a", "title_b"]]) == [
        "unknown",
        "unknown",
        "Relief for Oldmoor",
    ]


def test_pairs_with_a_document_outside_the_selection_are_left_out_and_the_input_stays():
    before = PAIRS.copy()
    assert "elsewhere" not in set(repeated(PAIRS, DOCUMENTS)["b"])
    pd.testing.assert_frame_equal(PAIRS, before)


def test_no_pairs_give_an_empty_table_with_its_columns():
    table = repeated(PAIRS[:0], DOCUMENTS)
    assert len(table) == 0
    assert list(table.columns)[:4] == ["relation", "one_story", "a", "b"]
    assert len(copy_counts(PAIRS[:0], DOCUMENTS)) == 0


def test_copies_and_look_alikes_are_counted_apart():
    table = copy_counts(PAIRS, DOCUMENTS)
    assert [tuple(row) for row in table.itertuples(index=False)] == [
        ("update", 1, 2, 1), ("shared passage", 1, 2, 0), ("template", 1, 2, 0)
    ]  # fmt: skip
