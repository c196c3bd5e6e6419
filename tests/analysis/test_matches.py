"""Facts about finding places: words, phrases, wildcards, regular expressions, NEAR."""

import pandas as pd
import pytest
from support.analysis_texts import corpus

from workbench.analysis import matches
from workbench.analysis.matches import find_places
from workbench.errors import BadParameter

C = corpus()


def found(*patterns: str) -> list[str]:
    return list(find_places(C.tokens, C.documents, patterns)["surface"])


def test_a_word_a_phrase_a_beginning_and_exact_case_are_as_in_the_dictionary():
    assert found("sanction*") == ["sanctions", "Sanctions"]
    assert found('"arms control"') == ["arms control", "arms control"]
    assert found("=US") == ["US", "US"]


def test_a_regular_expression_stays_in_its_sentence_and_ignores_case():
    assert found(r"/\bsanct\w+/") == ["sanctions", "Sanctions"]
    assert found(r"/(?-i:\bSanct\w+)/") == ["Sanctions"]
    assert found(r"/trade.*US/") == []  # "trade." ends a sentence
    assert found("/x*/") == []  # nothing is no hit


def test_near_counts_each_place_of_its_left_side_once_in_any_order():
    assert found("talks NEAR/2 control") == ["control talks", "Talks on arms control"]
    assert found("cooperation NEAR/5 work") == ["cooperation and joint work"]
    assert found("work NEAR/5 cooperation") == ["cooperation and joint work"]
    assert found("cooperation NEAR/1 work") == []
    assert found("sanctions NEAR trade") == ["Sanctions hurt trade"]
    assert found("sanctions NEAR visit") == []  # another sentence


def test_near_takes_phrases_and_more_than_two_sides():
    assert found('"arms control" NEAR/3 talks') == ["arms control talks", "Talks on arms control"]
    assert found("US NEAR/3 arms NEAR/2 talks") == ["US froze arms control talks"]


def test_every_place_can_be_cut_from_its_document():
    texts = C.documents.set_index("doc_id")["text"]
    hits = find_places(C.tokens, C.documents, ["talk*", "/co\\w+/", "talks NEAR/3 arms"])
    assert set(hits["pattern"]) == {"talk*", "/co\\w+/", "talks NEAR/3 arms"}
    for place in hits.itertuples():
        assert texts[place.doc_id][place.start : place.end] == place.surface


def test_nothing_is_found_in_no_text_and_the_table_keeps_its_columns():
    none = find_places(C.tokens[:0], C.documents[:0], ["talks", "/t/", "a NEAR b"])
    assert list(none.columns) == "doc_id sentence topic pattern start end surface".split()
    assert len(none) == 0


@pytest.mark.parametrize(("pattern", "problem"), [
    ("…", "holds no word"), ("sanc*ed", "a \\* inside a word"), ("/(open/", "is no regular expression"),
    ("NEAR/5 trade", "without a word on each side"), ("trade NEAR", "without a word on each side"),
    ("trade NEAR/x y", "without a word on each side"), ("a NEAR/3 …", "holds no word"),
])  # fmt: skip
def test_a_pattern_that_cannot_be_read_says_why_and_how_to_mend_it(pattern, problem):
    with pytest.raises(BadParameter, match=problem) as raised:
        found(pattern)
    assert raised.value.hint


def test_an_expression_that_never_ends_is_refused(monkeypatch):
    monkeypatch.setattr(matches, "PATIENCE", 0.05)
    long = corpus({"long.txt": ("c b " + "a" * 60 + "b c.", "Wire", "author", None)})
    with pytest.raises(BadParameter, match="takes longer"):
        find_places(long.tokens, long.documents, [r"/(a|aa)+(b|bb)+c/"])


def test_the_input_is_left_as_it_was():
    before = C.tokens.copy()
    found("talks", "/t.*/")
    pd.testing.assert_frame_equal(C.tokens, before)
