"""Queries and the full-text index."""

import pytest

from workbench.errors import BadSelection
from workbench.selection.query import Near, Operator, Term, parse_query, term_pattern, terms, to_fts
from workbench.store.fulltext import CLOSE, OPEN, matches, ranked, write_index

PAGES = [
    ("a", "Talks resume", "The two sides resumed talks on a political process. Sanctions stay."),
    ("b", "Trade", "Political will, said the minister, is part of the process of trade. A sanctioned bank."),
    ("c", "Détente", "A short history of détente\u00a0and “new start” agreements."),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    path = tmp_path_factory.mktemp("search") / "index.sqlite"
    write_index(path, PAGES)
    return path


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("political process", "ab"),
        ('"political process"', "a"),
        ("political NEAR/2 process", "a"),
        ("process NEAR/9 political", "ab"),
        ("sanction*", "ab"),
        ("sanctions", "a"),
        ("political -trade", "a"),
        ("political NOT (trade OR history)", "a"),
        ("trade OR history", "bc"),
        ("detente", "c"),
        ('"new start"', "c"),
        ("SANCTIONS", "a"),
        ("title", ""),
        ('"OR" AND trade', ""),
        ("nothing", ""),
    ],
)
def test_a_query_finds_its_documents(index, query, found):
    assert matches(index, parse_query(query)) == set(found)


def test_sql_and_fts_syntax_in_a_word_is_only_a_word(index):
    for query in ["political'; DROP TABLE page;--", "body:political", "^political", "{a}", "po+litical"]:
        matches(index, parse_query(query))
    assert matches(index, parse_query("political")) == {"a", "b"}


def test_ranked_answers_mark_the_hits_in_a_passage(index):
    best = ranked(index, parse_query('"political process"'))
    assert [found.doc_id for found in best] == ["a"]
    assert f"{OPEN}political process{CLOSE}" in best[0].passage


def test_an_index_is_replaced_whole(tmp_path):
    path = tmp_path / "index.sqlite"
    write_index(path, PAGES)
    write_index(path, PAGES[:1])
    assert matches(path, parse_query("political")) == {"a"}
    assert [file.name for file in tmp_path.iterdir()] == ["index.sqlite"]


def test_the_tree_of_a_query():
    assert parse_query("") is None
    assert parse_query('a "b c"* OR d') == Operator(
        "or", (Operator("and", (Term(("a",)), Term(("b", "c"), True))), Term(("d",)))
    )
    assert parse_query("a NEAR/3 b NEAR/3 c") == Near((Term(("a",)), Term(("b",)), Term(("c",))), 3)
    assert to_fts(parse_query("a -b")) == '("a" NOT "b")'


def test_marked_terms_leave_out_the_unwanted():
    assert terms(parse_query("a NEAR b (c OR d) -e")) == [Term((w,)) for w in "abcd"]


def test_a_term_is_found_as_whole_words_in_the_text():
    assert term_pattern(Term(("new", "start"))).findall("New-START, new starts") == ["New-START"]
    assert term_pattern(Term(("sanction",), True)).findall("Sanctions, unsanctioned") == ["Sanctions"]


def test_a_wall_of_brackets_is_refused():
    with pytest.raises(BadSelection, match="more than 50 brackets"):
        parse_query("(" * 5000 + "a")
