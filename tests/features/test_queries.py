"""Places of patterns that DuckDB finds are those that the function over tables finds."""

import pytest

from workbench.analysis.matches import find_places
from workbench.errors import BadParameter
from workbench.features.hits import named_items
from workbench.features.queries import queries
from workbench.features.units import units_of

PATTERNS = [
    "sanction*",
    '"arms control"',
    "*ism",
    "=US",
    "=us",
    "trade NEAR/9 work",
    "US NEAR news",
    r"/\bwe (want|won't)\b/",
    "absent",
]


def places(corpus, units, patterns):
    hits = queries(units, patterns)
    return units.session.table(
        f'SELECT s.doc_id, h.sentence::BIGINT AS sentence, h.start::BIGINT AS start, h."end"::BIGINT AS "end", n.name AS pattern '
        f"FROM {hits.rows} h JOIN {hits.names} n USING (k) JOIN state s ON s.number = h.d "
        'ORDER BY s.doc_id, h.start, h."end", n.name'
    ).to_pylist()


def test_every_kind_of_pattern_is_found_where_the_tables_find_it(small):
    units = units_of(small.count_context("tokens"), small.scope(), "all")
    wanted = find_places(small.tables.tokens.to_pandas(), small.tables.documents.to_pandas(), PATTERNS)
    assert set(wanted["pattern"]) == set(PATTERNS) - {"*ism", "=us", "absent"}
    columns = ["doc_id", "sentence", "start", "end", "pattern"]
    assert places(small, units, PATTERNS) == wanted[columns].to_dict("records")
    assert [
        item.n > 0 for item in named_items(queries(units, ["absent", "oil"]), units, ["absent", "oil"])
    ] == [False, True]


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("/(/", "no regular expression"),
        ("trade NEAR", "on each side"),
        ("...", "no word"),
        ("sanc*ed", "inside a word"),
    ],
)
def test_a_pattern_that_cannot_be_read_is_refused_with_its_hint(small, pattern, problem):
    units = units_of(small.count_context("tokens"), small.scope(), "all")
    with pytest.raises(BadParameter, match=problem):
        queries(units, [pattern])


def test_an_expression_that_does_not_end_is_refused(small, monkeypatch):
    monkeypatch.setattr("workbench.analysis.matches.PATIENCE", 0.01)
    units = units_of(small.count_context("tokens"), small.scope(), "all")
    with pytest.raises(BadParameter, match="takes longer"):
        queries(units, [r"/(\w|\s|\w\s|\s\w)+[^\w\s]{9}/"])
