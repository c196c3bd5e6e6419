"""The explorer's index says what `corpus.where` says, and its facets count what a click would leave."""

import pytest
from hypothesis import given, settings, strategies as st
from support.explorer_texts import explorer_corpus

from workbench.errors import BadSelection
from workbench.explorer.facet_counts import FACETS, FIELD, count_facets, names_of, toggled, values
from workbench.explorer.index import build_index
from workbench.selection.model import Selection


def some(*values):
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


SELECTIONS = st.builds(
    Selection,
    source=some("Wire", "unknown"),
    genre=some("article"),
    mentions=some("Oslo", "rome", "Bo"),
    topic=some("arms", "penalties"),
    story=some("b.txt", "c.txt"),
    speaker=some("Anna", "bo", "Carl"),
    voice=some("author", "turn", "quote"),
    since=st.sampled_from((None, "2015", "2015-03", "2015-03-01")),
    until=st.sampled_from((None, "2016", "2015-03-31")),
    query=st.sampled_from(("", "oslo", "treaty OR sanctions", '"same line" -rome', "treat*")),
    stories=st.sampled_from(("copies", "one per story")),
    arrived=st.sampled_from((None, None, None, "2015-01-01", "2999-01-01")),
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
        yield explorer_corpus(patch, folder)


@pytest.fixture(scope="module")
def index(corpus):
    return build_index(corpus)


def ids(index, rows):
    return list(index.documents["doc_id"].iloc[rows])


@given(SELECTIONS)
@settings(max_examples=60)
def test_the_index_answers_as_the_corpus_does(corpus, index, selection):
    found = count_facets(index, selection)
    narrowed = corpus.where(selection)
    assert ids(index, found.shown) == narrowed.doc_ids
    if selection.is_spoken():
        assert set(narrowed.doc_ids) == {
            *narrowed.tables.sentences.to_pandas()["doc_id"],
            *narrowed.tables.quotes.to_pandas()["doc_id"],
        }


@given(SELECTIONS, st.sampled_from(FACETS), st.integers(0, 9))
@settings(max_examples=60)
def test_a_count_is_what_the_value_alone_would_leave(corpus, index, selection, facet, number):
    names = names_of(index, facet)
    name = names[number % len(names)]
    alone = selection.narrowed(**{FIELD[facet]: (name,)})
    assert count_facets(index, selection).counts[facet][names.index(name)] == len(corpus.where(alone).doc_ids)


@pytest.mark.parametrize("line", ["source:Wir", "mentions:Osl", "speaker:Ann", "topic:arm", "story:x"])
def test_what_the_corpus_refuses_the_index_refuses(corpus, index, line):
    with pytest.raises(BadSelection):
        _ = corpus.where(line).tables.sentences.to_pandas()
    with pytest.raises(BadSelection, match="nothing here has"):
        count_facets(index, Selection.parse(line))


def test_a_click_adds_a_value_and_another_takes_it_away(index):
    first = toggled(index, count_facets(index, Selection()), "speaker", "Anna")
    both = toggled(index, count_facets(index, first), "speaker", "Bo")
    assert both.speaker == ("Anna", "Bo")
    assert toggled(index, count_facets(index, both), "speaker", "Anna").speaker == ("Bo",)


def test_a_partial_value_is_chosen_as_what_it_stands_for(index):
    found = count_facets(index, Selection.parse("source:wire"))
    assert [(value.name, value.on) for value in values(index, found, "source", 5)] == [
        ("unknown", False),
        ("Wire", True),
    ]


def test_few_values_are_shown_but_every_chosen_one(index):
    found = count_facets(index, Selection.parse("mentions:Bo"))
    listed = values(index, found, "entity", 1)
    assert len(listed) == 2
    assert [value.name for value in listed if value.on] == ["Bo"]


def test_an_empty_corpus_of_answers_is_an_answer(index):
    found = count_facets(index, Selection.parse("source:Wire story:d.txt"))
    assert len(found.shown) == 0
    assert not found.counts["genre"].any()
