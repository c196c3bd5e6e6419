"""What sentiment depends on: the lexicon, the masks, the place in the document, the topic."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support.analysis_texts import corpus
from support.annotate_rows import SEEDS, labelled

from workbench.analysis import lexicon_agreement, mask_sensitivity, sentiment, sentiment_arc, topics
from workbench.analysis.units import count_units
from workbench.annotate.sentiment.layer import sentiment_table
from workbench.errors import TooLittleData
from workbench.settings import load_settings
from workbench.settings.topics import Topics

LEXICON = load_settings().sentiment_masks


@pytest.fixture(scope="module")
def made():
    found = corpus()
    found.units = count_units(found.sentences, found.tokens, found.documents)
    return found


def scored(scores: list[float], other: list[float], documents: int = 1):
    """Units and sentiment of as many sentences, dealt out to documents in turn."""
    n = len(scores)
    doc_id = [f"d{k % documents:02}" for k in range(n)]
    units = pd.DataFrame({"doc_id": doc_id, "sentence": range(n), "start": 0, "end": 1, "group": "all", "by": "source",
                          "speaker": "the author"})  # fmt: skip
    table = pd.DataFrame({"doc_id": doc_id, "sentence": range(n), "score": scores, "score_second": other,
                          "score_unmasked": scores, "hits": [[] for _ in scores]})  # fmt: skip
    return table, units


def test_r_is_pearsons_and_the_interval_holds_it() -> None:
    rng = np.random.default_rng(3)
    a = rng.normal(0, 0.3, 200)
    b = 0.5 * a + rng.normal(0, 0.2, 200)
    row = lexicon_agreement.agreement(*scored(list(a), list(b), documents=20)).iloc[0]
    assert row["r"] == pytest.approx(np.corrcoef(a, b)[0, 1])
    assert row["r_low"] < row["r"] < row["r_high"]
    assert (row["basis"], row["sufficient"]) == ("documents", True)


def test_signs_are_compared_with_the_border_of_neutral() -> None:
    row = lexicon_agreement.agreement(*scored([0.5, -0.5, 0.04, 0.5], [0.1, 0.6, 0.0, 0.0])).iloc[0]
    assert (row["same"], row["opposed"], row["sufficient"]) == (0.5, 0.25, False)


def test_a_score_that_never_varies_has_no_correlation() -> None:
    row = lexicon_agreement.agreement(*scored([0.1] * 5, [0.1, 0.2, 0.3, 0.2, 0.1])).iloc[0]
    assert np.isnan(row["r"])
    assert np.isnan(row["r_low"])


def test_the_furthest_apart_come_first_with_the_words_of_both(made) -> None:
    found = lexicon_agreement.disagreements(made.sentiment, made.units, made.tokens, each=2)
    gaps = (found["score"] - found["score_second"]).abs()
    assert gaps.is_monotonic_decreasing
    assert gaps.min() > 0.05
    assert found["words_second"].iloc[0] != ""


def test_nothing_to_compare_gives_an_empty_table(made) -> None:
    assert lexicon_agreement.agreement(made.sentiment.iloc[:0], made.units).empty
    assert mask_sensitivity.sensitivity(made.sentiment.iloc[:0], made.units).empty


@pytest.mark.parametrize(
    ("step", "groups"), [("names", ("names",)), ("names and offices", ("names", "offices"))]
)
def test_each_mask_from_the_receipts_is_what_scoring_with_it_gives(
    step: str, groups: tuple[str, ...]
) -> None:
    batch = [
        labelled(path.read_text(encoding="utf-8"), doc_id=path.name) for path in sorted(SEEDS.glob("*.txt"))
    ]
    whole = sentiment_table(batch, LEXICON).to_pandas()
    exact = sentiment_table(batch, LEXICON, groups).to_pandas()["score"]
    units = whole[["doc_id", "sentence"]].assign(group="all", by="source")
    (row,) = mask_sensitivity.sensitivity(whole, units).query("masked == @step").to_dict("records")
    assert row["mean"] == pytest.approx(exact.mean(), abs=0.002)


def test_the_first_and_last_step_are_the_unmasked_and_masked_means(made) -> None:
    table = mask_sensitivity.sensitivity(made.sentiment, made.units)
    for group, mine in table.groupby("group"):
        inside = made.units[made.units["group"] == group].merge(made.sentiment, on=["doc_id", "sentence"])
        assert mine["mean"].iloc[0] == pytest.approx(inside["score_unmasked"].mean())
        assert mine["mean"].iloc[-1] == pytest.approx(inside["score"].mean())
        assert mine["moved"].iloc[-1] == pytest.approx(
            inside["score"].mean() - inside["score_unmasked"].mean()
        )


def test_a_document_is_cut_into_equal_parts_and_every_sentence_counts_once() -> None:
    scores = [0.5] * 21 + [-0.5] * 22
    table = sentiment_arc.course(*scored(scores, scores), "d00")
    assert table["n"].sum() == 43
    assert table["n"].max() - table["n"].min() <= 1
    assert (table["n"] * table["mean"]).sum() == pytest.approx(sum(scores))
    assert table["mean"].iloc[0] > 0 > table["mean"].iloc[-1]


def test_a_short_document_is_refused_with_its_length_and_the_rule() -> None:
    given = scored([0.1] * 39, [0.1] * 39)
    with pytest.raises(TooLittleData, match="39 scored sentences are too few"):
        sentiment_arc.course(*given, "d00")
    refused = sentiment_arc.course_or_none(*given, "d00")
    assert refused.empty
    assert "at least 40 sentences" in refused.attrs["refused"]


def test_the_longest_document_has_most_sentences(made) -> None:
    assert sentiment_arc.longest(made.units) == made.units["doc_id"].value_counts().index[0]
    assert sentiment_arc.longest(made.units.iloc[:0]) == ""


def test_a_sentence_of_two_topics_counts_in_both_and_one_of_none_in_none(made) -> None:
    dictionary = Topics({"cooperation": ("cooperat*",), "america": ("=US",)})
    hits = topics.find_topics(made.tokens, made.documents, dictionary)
    about = sentiment.topic_units(hits, made.units)
    assert about["by"].unique().tolist() == ["topic"]
    for topic in ("cooperation", "america"):
        assert (about["group"] == topic).sum() == len(
            hits[hits["topic"] == topic].drop_duplicates(["doc_id", "sentence"])
        )


def test_periods_stand_in_the_order_of_time_and_the_undated_last() -> None:
    table = pd.DataFrame({"group": ["2015-12", "unknown month", "2014-01"], "n": [9, 5, 1]})
    table.attrs["by"] = "month"
    ordered = sentiment.in_time(table)
    assert ordered["group"].tolist() == ["2014-01", "2015-12", "unknown month"]
    assert ordered.attrs["by"] == "month"


def test_no_scored_sentence_gives_a_table_with_its_columns(made) -> None:
    assert "mean" in sentiment.sentiment_by(made.sentiment.iloc[:0], made.units)
