import math

import pytest
from support.analysis_texts import corpus

from workbench.analysis.sentiment import masking, receipt, sentiment_by, sentiment_difference, sentiment_ends
from workbench.analysis.units import count_units, regroup
from workbench.errors import BadParameter


@pytest.fixture(scope="module")
def made():  # type: ignore[no-untyped-def]
    c = corpus()
    c.units = count_units(c.sentences, c.tokens, c.documents)
    return c


def test_the_mean_is_that_of_the_sentences(made) -> None:  # type: ignore[no-untyped-def]
    table = sentiment_by(made.sentiment, made.units).set_index("group")
    wire = made.sentiment[made.sentiment["doc_id"] == "a.txt"]["score"]
    assert table.loc["Wire", "mean"] == pytest.approx(wire.mean())
    assert table.loc["Wire", "n"] == len(wire) == 7


def test_shares_add_up_to_one(made) -> None:  # type: ignore[no-untyped-def]
    table = sentiment_by(made.sentiment, made.units)
    assert (table["positive"] + table["neutral"] + table["negative"]).tolist() == pytest.approx([1.0, 1.0])


def test_every_value_lies_in_its_interval(made) -> None:  # type: ignore[no-untyped-def]
    for row in sentiment_by(made.sentiment, made.units).itertuples():
        assert row.low <= row.mean <= row.high
        assert row.positive_low <= row.positive <= row.positive_high
        assert row.negative_low <= row.negative <= row.negative_high


def test_one_sentence_alone_has_no_interval() -> None:
    c = corpus({"a": ("We value cooperation.", "W", "author", None)})
    row = sentiment_by(c.sentiment, count_units(c.sentences, c.tokens, c.documents)).iloc[0]
    assert row["mean"] == 0.5
    assert math.isnan(row["low"])


def test_seven_sentences_are_too_few(made) -> None:  # type: ignore[no-untyped-def]
    assert not sentiment_by(made.sentiment, made.units)["sufficient"].any()


def test_masking_moves_only_the_sentences_with_a_masked_word(made) -> None:  # type: ignore[no-untyped-def]
    table = masking(made.sentiment, made.units).set_index("group")
    assert table.loc["Wire", "changed"] == 2
    assert table.loc["Wire", "difference"] == pytest.approx(-0.4 / 7)
    assert table.loc["Court <b>", "changed"] == 0


def test_both_ends_hold_no_neutral_sentence_and_their_receipts(made) -> None:  # type: ignore[no-untyped-def]
    table = sentiment_ends(made.sentiment, made.units, each=2)
    assert list(table["end"]) == ["positive", "positive", "negative", "negative"]
    assert table["receipt"].iloc[0] == "hurt -2.4; masked: <b>Great</b> +3.1"


def test_a_receipt_without_a_counting_word_says_so() -> None:
    assert receipt(None) == "no word of the lexicon counts"


def test_a_difference_has_both_sizes_and_an_interval_around_it(made) -> None:  # type: ignore[no-untyped-def]
    row = sentiment_difference(made.sentiment, made.units, "Court <b>", "Wire").iloc[0]
    assert row["difference"] == pytest.approx(row["mean"] - row["mean_other"])
    assert row["low"] <= row["difference"] <= row["high"]
    assert (row["n"], row["n_other"], row["sufficient"]) == (6, 7, False)


def test_a_difference_to_an_unknown_group_is_refused(made) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(BadParameter, match="did you mean `Wire`"):
        sentiment_difference(made.sentiment, regroup(made.units, "source"), "Wyre", "Court <b>")
