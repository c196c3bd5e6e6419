import numpy as np
import pandas as pd
import pytest
from support.analysis_texts import corpus, random_corpus

from workbench.analysis.frequency import term_counts, top_words, word_rates
from workbench.analysis.keyness import COLUMNS, REST, keyness, log_ratio
from workbench.analysis.units import count_units, regroup


@pytest.fixture(scope="module")
def made():  # type: ignore[no-untyped-def]
    c = corpus()
    c.units = count_units(c.sentences, c.tokens, c.documents)
    return c


def test_two_texts_are_compared_as_texts(made) -> None:  # type: ignore[no-untyped-def]
    table = keyness(term_counts(made.tokens, made.units), made.units)
    assert set(table["basis"]) == {"words"}
    assert table["p_documents"].isna().all()


def test_the_word_of_one_text_alone_leads_with_its_sign(made) -> None:  # type: ignore[no-untyped-def]
    table = keyness(term_counts(made.tokens, made.units), made.units).set_index("form")
    wire_is_first = table["group"].iloc[0] == "Wire"
    assert (table.loc["sanctions", "log_ratio"] > 0) == wire_is_first
    assert (table.loc["cooperation", "log_ratio"] > 0) != wire_is_first


def test_denominators_are_all_words_of_the_side(made) -> None:  # type: ignore[no-untyped-def]
    table = keyness(term_counts(made.tokens, made.units), made.units)
    sizes = made.units.groupby("group")["words"].sum()
    row = table.iloc[0]
    assert (row["words"], row["words_other"]) == (sizes[row["group"]], sizes[row["against"]])


def test_a_word_that_a_small_group_never_used_is_not_called_its_own() -> None:
    a, b, c, d = np.array([0.0]), np.array([13.0]), 13_215.0, 368_000.0
    assert log_ratio(a, b, c, d)[0] < 0


def test_one_group_alone_gives_an_empty_table_with_all_columns(made) -> None:  # type: ignore[no-untyped-def]
    whole = regroup(made.units, "all")
    table = keyness(term_counts(made.tokens, whole), whole)
    assert table.empty
    assert list(table.columns) == COLUMNS


def three_groups() -> tuple[pd.DataFrame, pd.DataFrame]:
    parts = [random_corpus(3, seed, source) for seed, source in ((1, "A"), (2, "B"), (3, "C"))]
    tables = [
        pd.concat([getattr(part, name) for part in parts]) for name in ("sentences", "tokens", "documents")
    ]
    units = count_units(*tables)
    return term_counts(tables[1], units), units


def test_three_groups_stand_each_against_the_rest() -> None:
    table = keyness(*three_groups())
    assert set(table["group"]) == {"A", "B", "C"}
    assert set(table["against"]) == {REST}


def test_pairs_are_every_two_groups_once_under_one_correction() -> None:
    table = keyness(*three_groups(), against="pairs")
    assert set(zip(table["group"], table["against"], strict=True)) == {("A", "B"), ("A", "C"), ("B", "C")}
    ranked = table.sort_values("p")
    assert ranked["q"].is_monotonic_increasing
    assert ranked["q"].iloc[0] == pytest.approx(
        min(1, (ranked["p"] * len(table) / np.arange(1, len(table) + 1)).min())
    )


def test_with_ten_documents_a_side_documents_are_the_units() -> None:
    parts = [random_corpus(10, seed, source) for seed, source in ((1, "A"), (2, "B"))]
    tables = [
        pd.concat([getattr(part, name) for part in parts]) for name in ("sentences", "tokens", "documents")
    ]
    units = count_units(*tables)
    table = keyness(term_counts(tables[1], units), units)
    assert set(table["basis"]) == {"documents"}
    assert table["p_documents"].notna().mean() > 0.95
    words_alone = (
        1.96 * np.sqrt(1 / table["n"].clip(lower=0.5) + 1 / table["n_other"].clip(lower=0.5)) / np.log(2)
    )
    assert ((table["high"] - table["low"]) / 2 >= words_alone - 1e-2).all()


def test_the_country_is_no_stop_word_and_the_pronoun_is_one(made) -> None:  # type: ignore[no-untyped-def]
    forms = set(term_counts(made.tokens, made.units)["form"])
    assert "US" in forms
    assert not {"us", "the"} & forms


def test_top_words_are_at_most_top_a_group(made) -> None:  # type: ignore[no-untyped-def]
    table = top_words(made.tokens, made.units, top=3)
    assert table.groupby("group").size().max() == 3


def test_rates_of_chosen_words_keep_the_order_asked_for(made) -> None:  # type: ignore[no-untyped-def]
    table = word_rates(made.tokens, made.documents, made.units, ["=US", "cooperat*"])
    assert list(table["pattern"].unique()) == ["=US", "cooperat*"]
    assert table["n"].sum() == 6


@pytest.mark.slow
@pytest.mark.null
def test_random_halves_of_one_corpus_hold_no_key_word_beyond_the_error_rate() -> None:
    c = random_corpus(40, 7)
    units = count_units(c.sentences, c.tokens, c.documents)
    counts, rng, names, false = (
        term_counts(c.tokens, units),
        np.random.default_rng(3),
        c.documents["doc_id"].to_numpy(),
        0,
    )
    for _ in range(200):
        half = set(rng.permutation(names)[:20])
        split = units.assign(group=np.where(units["doc_id"].isin(half), "one", "two"))
        parted = counts.assign(group=np.where(counts["doc_id"].isin(half), "one", "two"))
        false += bool((keyness(parted, split)["q"] < 0.05).any())
    assert false / 200 <= 0.05 + 1.96 * np.sqrt(0.05 * 0.95 / 200)
