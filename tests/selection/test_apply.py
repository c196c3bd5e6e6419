"""Which documents are inside a selection."""

import pandas as pd
import pytest

from workbench.errors import BadSelection
from workbench.selection.apply import select_documents
from workbench.selection.model import Selection


def documents():
    return pd.DataFrame(
        {
            "doc_id": ["a.txt", "b.txt", "c.txt"],
            "source": ["Agency", "Agency", "Paper"],
            "genre": "article",
            "language": "en",
            "place": None,
            "date": ["2020-03-02", "2020-03-01", "2020-03-05"],
            "story": ["b.txt", "b.txt", "c.txt"],
        }
    )


def chosen(line):
    return select_documents(
        Selection.parse(line), documents(), lambda: None, lambda query: set(), topics, spoken
    )


def spoken():
    rows = [("a.txt", "author", None), ("b.txt", "turn", "Ines Roth"), ("c.txt", "quote", "Ines Roth")]
    return pd.DataFrame(rows, columns=["doc_id", "voice", "speaker"])


def topics():
    return pd.DataFrame({"doc_id": ["a.txt", "a.txt", "c.txt"], "topic": ["arms", "trade", "trade"]})


def test_one_per_story_keeps_the_first_of_the_story_not_of_the_alphabet():
    assert chosen('stories:"one per story"') == ["b.txt", "c.txt"]


def test_when_the_first_is_outside_another_copy_stands_for_the_story():
    assert chosen('since:2020-03-02 stories:"one per story"') == ["a.txt", "c.txt"]


def test_copies_are_all_there_by_default():
    assert chosen("") == ["a.txt", "b.txt", "c.txt"]


def test_a_topic_chooses_the_documents_with_a_hit_of_it():
    assert chosen("topic:trade") == ["a.txt", "c.txt"]
    assert chosen("topic:arms,trade source:Paper") == ["c.txt"]
    with pytest.raises(BadSelection, match="did you mean `trade`"):
        chosen("topic:trad")


def test_a_speaker_and_a_voice_leave_the_documents_that_have_such_words():
    assert chosen("speaker:Roth") == ["b.txt", "c.txt"]
    assert chosen("speaker:Roth voice:quote") == ["c.txt"]
    assert chosen("voice:author source:Paper") == []
    with pytest.raises(BadSelection, match="did you mean `Ines Roth`"):
        chosen('speaker:"Ines Rot"')


def test_a_story_chooses_its_copies():
    assert chosen("story:b.txt") == ["a.txt", "b.txt"]
