"""N-grams and stems that DuckDB counts are those of the functions over tables."""

import pandas as pd
import pytest

from workbench.analysis import frequency
from workbench.analysis.rates import cell_rates
from workbench.analysis.units import count_units
from workbench.annotate.stem_groups import replace_by_stem_group
from workbench.features.hits import cells, ranked
from workbench.features.units import units_of
from workbench.verbs.asking import FEATURES

QUESTIONS = [
    ("", "source"),
    ("", ("year", "voice")),
    ("source:gazette", "month"),
    ("speaker:Avrel", "doc_id"),
]


def terms_of(corpus, feature):
    if feature == "stems":
        return replace_by_stem_group(corpus.tables.tokens.to_pandas())
    return frequency.ngrams(corpus.tables.tokens.to_pandas(), {"bigrams": 2, "trigrams": 3}[feature])


@pytest.mark.parametrize(("select", "by"), QUESTIONS)
@pytest.mark.parametrize("feature", ["stems", "bigrams", "trigrams"])
def test_rates_of_terms_are_those_of_the_tables(small, select, by, feature):
    corpus = small.where(select)
    units = count_units(
        corpus.tables.sentences.to_pandas(),
        corpus.tables.tokens.to_pandas(),
        corpus.tables.documents.to_pandas(),
        by=list(by) if isinstance(by, tuple) else by,
    )
    counted = units_of(corpus.count_context("tokens"), corpus.scope(), by)
    hits = FEATURES[feature].hits(counted)
    terms = terms_of(corpus, feature)
    listed = frequency.term_counts(terms, units).groupby("form")["n"].sum().to_dict()
    assert {item.name: item.n for item in ranked(hits, counted)} == listed
    pd.testing.assert_frame_equal(
        cell_rates(cells(hits, counted, ranked(hits, counted, 9))),
        frequency.term_rates(terms, units, top=9), rtol=1e-9,
    )  # fmt: skip


def test_a_stem_group_named_by_a_stop_word_is_not_listed(small):
    counted = units_of(small.count_context("tokens"), small.scope(), "all")
    names = {item.name for item in ranked(FEATURES["stems"].hits(counted), counted)}
    assert {"agreed", "listened"} <= {name.removesuffix("*") for name in names}
    assert not {"the", "the*", "on", "for"} & names


def test_terms_stay_in_duckdb_but_for_the_rows_that_are_shown(small):
    context = small.count_context("tokens")
    units = units_of(context, small.scope(), "all")
    for feature in ("bigrams", "trigrams", "stems"):
        hits = FEATURES[feature].hits(units)
        before = context.session.cost.rows
        assert len(ranked(hits, units, 3)) == 3
        assert context.session.cost.rows - before == 3
