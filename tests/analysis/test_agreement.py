"""The sample by rule, agreement beside published values and NLTK, shares corrected by the codes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from nltk.metrics.agreement import AnnotationTask

from workbench.analysis.agreement import (
    accuracy,
    agreement,
    coding_sample,
    corrected_share,
    corrected_shares,
    fleiss_kappa,
    krippendorff_alpha,
    settled,
)
from workbench.errors import BadParameter


def labels(**many: int) -> pd.DataFrame:
    """A sentence a row; the machine's codes in turn."""
    said = [name for name, n in many.items() for _ in range(n)]
    return pd.DataFrame({"doc_id": "a.txt", "sentence": range(len(said)), "machine": said})


def codes(*columns: str) -> pd.DataFrame:
    """A letter a sentence, a text a coder; a full stop is no code."""
    rows = [
        ("a.txt", k, f"coder {at}", letter)
        for at, column in enumerate(columns)
        for k, letter in enumerate(column)
        if letter != "."
    ]
    return pd.DataFrame(rows, columns=["doc_id", "sentence", "coder", "code"])


def test_strata_give_equal_shares_and_small_ones_all_they_have() -> None:
    sample = coding_sample(labels(neutral=900, positive=90, negative=5), size=60)
    drawn = sample.drop_duplicates("stratum").set_index("stratum")["drawn"]
    assert dict(drawn) == {"neutral": 28, "positive": 27, "negative": 5}
    assert sample["weight"].sum() == pytest.approx(995)


def test_the_sample_is_the_same_every_time_and_spread_over_the_text() -> None:
    given_ = labels(neutral=1000)
    sample = coding_sample(given_.sample(frac=1, random_state=1), size=4)
    assert list(sample["sentence"]) == [0, 250, 500, 750]


def test_an_empty_sample_is_refused() -> None:
    with pytest.raises(BadParameter, match="use 100 or more"):
        coding_sample(labels(neutral=5), size=0)


def test_coders_who_agree_on_everything_have_kappa_and_alpha_of_one() -> None:
    row = agreement(codes("aabb", "aabb")).iloc[0]
    assert (row["agreement"], row["kappa"], row["alpha"], row["sufficient"]) == (1, 1, 1, False)


def test_one_code_throughout_tells_nothing() -> None:
    row = agreement(codes("aaaa", "aaaa")).iloc[0]
    assert np.isnan(row["kappa"])
    assert np.isnan(row["alpha"])


def test_three_coders_have_a_row_for_each_pair_and_one_for_all() -> None:
    found = agreement(codes("aabb", "aab.", "abbb"))
    assert list(found["n"]) == [3, 4, 3, 4]
    assert list(found["coder"])[-1] == "all"


def test_a_sentence_coded_twice_is_refused_with_its_place() -> None:
    with pytest.raises(BadParameter, match=r"coder 0 coded a.txt, sentence 0 twice"):
        agreement(pd.concat([codes("ab"), codes("a")]))


@pytest.mark.published
def test_kappa_is_cohens_of_the_textbook_table() -> None:
    """20, 5, 10, 15 of 50 applications: agreement 0.70, kappa 0.40."""
    row = agreement(codes("y" * 25 + "n" * 25, "y" * 20 + "n" * 5 + "y" * 10 + "n" * 15)).iloc[0]
    assert (row["agreement"], row["kappa"]) == (pytest.approx(0.7), pytest.approx(0.4))


@pytest.mark.published
def test_alpha_is_krippendorffs_of_four_coders_with_gaps() -> None:
    """Krippendorff (2011), Computing Krippendorff's alpha-reliability, example C: nominal alpha 0.743."""
    given_ = codes("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    assert krippendorff_alpha(given_) == pytest.approx(0.743, abs=0.0005)


@pytest.mark.published
@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(*[st.sampled_from("abc")] * 3), min_size=2, max_size=25))
def test_alpha_is_nltks(rows: list[tuple[str, str, str]]) -> None:
    given_ = codes(*("".join(column) for column in zip(*rows, strict=True)))
    ours = krippendorff_alpha(given_)
    if given_["code"].nunique() > 1:
        task = AnnotationTask(data=[(r.coder, r.sentence, r.code) for r in given_.itertuples()])
        assert ours == pytest.approx(task.alpha(), abs=1e-9)


def test_precision_and_recall_count_by_hand() -> None:
    sample = coding_sample(labels(pos=4, neg=4), size=8)
    found = accuracy(
        sample, codes("pppn".replace("p", "P").replace("n", "N") + "NNNP").replace({"P": "pos", "N": "neg"})
    )
    row = found.set_index("code").loc["pos"]
    assert (row["n_machine"], row["n_human"], row["hits"]) == (4, 4, 3)
    assert (row["precision"], row["recall"]) == (0.75, 0.75)
    assert row["precision_low"] < 0.75 < row["precision_high"]


def test_recall_weighs_what_each_sentence_stands_for() -> None:
    """50 of 900 neutral sentences are coded; one that is positive stands for 18."""
    sample = coding_sample(labels(neutral=900, pos=50), size=100)
    truth = sample.assign(code=sample["machine"], coder="x")
    truth.loc[truth.index[truth["machine"] == "neutral"][0], "code"] = "pos"
    row = accuracy(sample, truth).set_index("code").loc["pos"]
    assert row["recall"] == pytest.approx(50 / (50 + 18))


def test_the_corrected_share_is_the_sum_over_the_strata() -> None:
    sample = coding_sample(labels(neutral=900, pos=100), size=100)
    truth = sample.assign(code=sample["machine"], coder="x")
    truth.loc[truth.index[truth["machine"] == "pos"][:25], "code"] = "neutral"
    row = corrected_share(sample, truth, "pos").iloc[0]
    assert (row["machine"], row["share"]) == (pytest.approx(0.1), pytest.approx(0.05))
    assert row["low"] < 0.05 < row["high"]
    assert row["sufficient"]


def test_a_stratum_without_a_code_and_two_coders_at_once_are_refused() -> None:
    sample = coding_sample(labels(neutral=10, pos=10), size=10)
    truth = sample.assign(code=sample["machine"], coder="x")
    with pytest.raises(BadParameter, match="no sentence of stratum `pos` is coded"):
        corrected_share(sample, truth[truth["machine"] == "neutral"], "pos")
    with pytest.raises(BadParameter, match="choose one coder"):
        accuracy(sample, pd.concat([truth, truth]))


@pytest.mark.null
def test_corrected_shares_are_covered() -> None:
    """500 samples of 100 codes from 3,000 sentences, the machine right in 80 %: limits hold the truth in 92–99 %."""
    rng, held = np.random.default_rng(8), 0
    for _ in range(500):
        truth = rng.random(3000) < 0.2
        machine = np.where(rng.random(3000) < 0.8, truth, ~truth)
        table = pd.DataFrame(
            {"doc_id": "a", "sentence": range(3000), "machine": np.where(machine, "pos", "other")}
        )
        sample = coding_sample(table, size=100)
        coded = sample.assign(code=np.where(truth[sample["sentence"]], "pos", "other"), coder="x")
        row = corrected_share(sample, coded, "pos").iloc[0]
        held += row["low"] <= truth.mean() <= row["high"]
    assert 0.92 <= held / 500 <= 0.99, held / 500


def test_a_lot_keeps_its_sentences_when_texts_are_added_and_changes_with_the_seed() -> None:
    small, large = (
        labels(neutral=300),
        pd.concat([labels(neutral=300), labels(neutral=60).assign(doc_id="b.txt")]),
    )
    one = coding_sample(small, size=30, seed=1)
    more = coding_sample(large, size=30, seed=1)
    other = coding_sample(small, size=30, seed=2)
    kept = set(one["sentence"]) & set(more.loc[more["doc_id"] == "a.txt", "sentence"])
    assert len(kept) >= 20
    assert set(one["sentence"]) != set(other["sentence"])
    assert coding_sample(small.sample(frac=1, random_state=3), size=30, seed=1).equals(one)


def test_codes_are_settled_where_all_coders_of_a_sentence_agree() -> None:
    out = settled(codes("aabb", "aab.", "ab.."))
    assert dict(zip(out["sentence"], out["code"], strict=True)) == {0: "a", 2: "b", 3: "b"}


@pytest.mark.published
def test_fleiss_kappa_is_that_of_the_textbook_table() -> None:
    # Ten subjects, fourteen raters, five codes; kappa 0.210 (the worked example after Fleiss 1971)
    table = """0 0 0 0 14|0 2 6 4 2|0 0 3 5 6|0 3 9 2 0|2 2 8 1 1|7 7 0 0 0|3 2 6 3 0|2 5 3 2 2|6 5 2 1 0|0 2 2 3 7"""
    rows = [
        ("a.txt", subject, f"rater {rater}", code)
        for subject, line in enumerate(table.split("|"))
        for rater, code in enumerate(c for c, n in enumerate(map(int, line.split())) for _ in range(n))
    ]
    assert fleiss_kappa(pd.DataFrame(rows, columns=["doc_id", "sentence", "coder", "code"])) == pytest.approx(
        0.210, abs=5e-4
    )


def test_without_a_code_in_a_stratum_the_machines_share_stands_alone_and_says_so() -> None:
    sample = coding_sample(labels(neutral=60, positive=40), size=100)
    table = corrected_shares(sample, codes("n").drop(columns="coder").assign(code="neutral"))
    assert table.attrs["missing"] == ["positive"]
    assert table["share"].isna().all()
    assert dict(zip(table["code"], table["machine"], strict=True)) == {"neutral": 0.6, "positive": 0.4}
    assert not table["sufficient"].any()


def test_corrected_shares_of_all_codes_add_up_to_one() -> None:
    sample = coding_sample(labels(neutral=600, positive=400), size=100)
    given_ = sample[["doc_id", "sentence"]].assign(code=["neutral", "positive", "neutral", "negative"] * 25)
    table = corrected_shares(sample, given_)
    assert table["share"].sum() == pytest.approx(1)
    assert (table["low"] <= table["share"]).all()
    assert (table["share"] <= table["high"]).all()
