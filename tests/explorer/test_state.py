"""What the explorer remembers, offers and takes back, without a widget."""

import pytest
from support.explorer_texts import explorer_corpus

from workbench.explorer.facet_counts import count_facets
from workbench.explorer.index import build_index
from workbench.explorer.state import Chip, History, State, chips
from workbench.explorer.widgets.search import completions
from workbench.selection.model import Selection


@pytest.fixture(scope="module")
def complete(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("workbench.pipeline.versions._code", lambda layer, root: "code")
        index = build_index(explorer_corpus(patch, folder))
    return lambda line, select="": completions(index, count_facets(index, Selection.parse(select)), line)


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("sou", ["source:"]),
        (
            "treaty s",
            ["treaty source:", "treaty since:", "treaty story:", "treaty speaker:", "treaty stories:"],
        ),
        ("source:", ["source:Wire ", "source:unknown "]),
        ("source:W", ["source:Wire "]),
        ("source:Wire,u", ["source:Wire,unknown "]),
        ("voice:q", ["voice:quote "]),
        ("stories:", ["stories:copies ", 'stories:"one per story" ']),
        ('stories:"one', ['stories:"one per story" ']),
        ("since:2016", ["since:2016-01 ", "since:2016-02 "]),
        ("osl", ["mentions:Oslo "]),
        ("talks speaker:ca", ["talks speaker:Carl "]),
        ('"in a phrase sou', []),
        ("nofield:x", []),
        ("", []),
    ],
)
def test_the_last_word_of_the_line_is_completed(complete, line, offered):
    found = complete(line)
    assert found[: len(offered)] == offered
    assert bool(found) == bool(offered)


def test_what_has_most_documents_now_comes_first(complete):
    assert complete("speaker:")[:1] == ["speaker:Anna "]
    assert complete("speaker:", "story:b.txt mentions:Rome")[:1] == ["speaker:Bo "]


def test_everything_that_is_set_is_a_chip_that_can_be_taken_away():
    selection = Selection.parse('source:TASS,BBC since:2015 "arms control" stories:"one per story"')
    words = ["source: TASS", "source: BBC", "since: 2015", 'words: "arms control"', "one per story"]
    assert [chip.words for chip in chips(selection)] == words
    assert chips(selection)[0] == Chip("source: TASS", selection.narrowed(source=("BBC",)))
    left = selection
    while chips(left):
        left = chips(left)[0].without
    assert left == Selection()


def test_undo_and_redo_walk_the_same_way():
    one, two = Selection.parse("one"), Selection.parse("two")
    history = History().to(one).to(one).to(two)
    assert history.undone().now == one
    assert history.undone().undone().now == Selection()
    assert history.undone().undone().undone() == history.undone().undone()
    assert history.undone().redone() == history == history.redone()
    assert not history.undone().to(Selection.parse("three")).future


def test_a_state_survives_its_file_and_a_spoilt_file_is_no_error():
    state = State(
        Selection.parse("source:TASS talks"), view="reader", doc_id="a.txt", page=2, layers=("topics",)
    )
    assert State.from_table(state.table()) == state
    assert (
        State.from_table({"selection": "since:never", "view": "nothing", "page": "x", "more": 1}) == State()
    )
