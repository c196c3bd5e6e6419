"""Sentences: where they end, which voice they have, and that NLTK would say the same."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st
from support.annotate_rows import cuts, labelled, paragraphs, pieces, quote, seed

from workbench.annotate.sentences import punkt_tokenizer, sentence_spans, split_sentences
from workbench.schema import Segment, plain

# " | " marks where a sentence ends.
HARD = [
    "Mr. Orlov met Gov. Haley in St. Paul. | They spoke for an hour.",
    "Gen. Marek Dvorak and Lt. Gen. Ana Ruiz signed. | Sen. Cole did not.",
    "The U.S. delegation left. | It had stayed in the U.S. for a week.",
    "He cited Art. 5 of the treaty and Sec. 12 of the act. | Nobody objected.",
    "The call began at 5 p.m. Moscow time and ended at 6 p.m. on Friday.",
    'Output fell "by 30%". | Moscow keeps its forecast.',
    '"Is it so?" he asked. | "It is."',
    '"Never again!" the crowd shouted at the gate. | The gate stayed shut.',
    "(The text is below.) | It has two parts.",
    "Acme Inc. and Borealis Ltd. merged in Dec. 2011. | Shares rose.",
    "Prices rose 3.5 percent. | In 2014 they fell.",
    "J. R. Ortega wrote it. | P. Novak read it.",
    "We asked for grain, coal, etc. and got none.",
    "What?! | No one knew.",
    "He said: “We shall see.” | Then he left.",
    "They arrived in Washington, D.C. on Monday.",
    "See No. 5 for the list.",
    "Dr. Imre Kovacs, M.D., spoke last. | Prof. Lind spoke first.",
]


@pytest.mark.parametrize("case", HARD, ids=[case[:24] for case in HARD])
def test_a_hard_case_is_cut_where_a_reader_cuts_it(case: str) -> None:
    assert cuts(labelled(case.replace(" | ", " "))) == case.split(" | ")


@pytest.mark.xfail(reason="Punkt takes every full stop after an initialism before a name for none")
def test_an_initialism_ends_a_sentence_before_a_name() -> None:
    assert len(cuts(labelled("They came from the U.S. Moscow did not answer."))) == 2


PARTS = (
    "Mr. U.S. the The Gov. Brown said ' ) ( Art. 5 5. 3.5 p.m. ... -- I J. Bach. Inc. Yahoo! no. No. what? What?! he"
    ' ends. end." (see it.) St. co. U.S.A. e.g. Dec. 11. /TASS/. 30%". x. X. ." « » “ ” !. .. . ? mining-co. Été.'
).split()


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(PARTS), st.sampled_from(["", " ", " ", "  ", "\n", "\t"])), max_size=14
    )
)
def test_sentence_spans_are_nltks_own(parts: list[tuple[str, str]]) -> None:
    text = "".join(word + space for word, space in parts)
    assert sentence_spans(text) == list(punkt_tokenizer().span_tokenize(text))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="aB. ?!\"')\n1é", max_size=40))
def test_any_text_is_split_as_nltk_splits_it(text: str) -> None:
    assert sentence_spans(text) == list(punkt_tokenizer().span_tokenize(text))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="aB. ?!\"'()\n1é–", max_size=60))
def test_sentences_lie_in_order_inside_paragraphs_and_hold_all_letters(text: str) -> None:
    segments = paragraphs(text)
    found = split_sentences(text, segments, [])
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(text[s.start] > " " and text[s.end - 1] > " " for s in found)
    assert all(segments[s.segment].start <= s.start < s.end <= segments[s.segment].end for s in found)
    kept = sum(text[s.start : s.end].count("a") for s in found)
    assert kept == text.count("a")


def test_the_one_line_paragraphs_of_the_seeds_are_split_as_nltk_splits_them() -> None:
    for name in ("000", "003"):
        document = seed(name)
        found = cuts(document)
        blocks = [block for block in document.text.split("\n\n") if "\n" not in block.strip()]
        assert len(blocks) >= 10
        for block in blocks:
            want = punkt_tokenizer().tokenize(plain(block.strip()))
            at = next(n for n, cut in enumerate(found) if plain(cut) == want[0])
            assert [plain(cut) for cut in found[at : at + len(want)]] == want


def test_a_hard_wrapped_paragraph_is_read_as_one_line() -> None:
    text = (
        "The commission on fisheries held its fourth session in Tromso and agreed\n"
        "on quotas for cod and haddock. Its members will meet again in spring to\n"
        "review them."
    )
    assert [cut.count("\n") for cut in cuts(labelled(text))] == [1, 1]


def test_list_items_and_verse_lines_stay_apart() -> None:
    items = "The parties agreed on these points and will publish them in due course:\n- grain\n- coal and iron ore\n- timber"
    assert cuts(labelled(items))[1:] == ["- grain", "- coal and iron ore", "- timber"]
    verse = "Over the river\nThe ferry goes slowly\nAnd nobody waits"
    assert len(cuts(labelled(verse))) == 3


def test_a_sentence_runs_over_an_insertion_and_never_over_a_paragraph() -> None:
    text = "I met your minister [Ana Ruiz] in spring. We spoke.\n\nand so it went"
    segments = pieces(
        text,
        ("paragraph", "I met"),
        ("insertion", "[Ana"),
        ("paragraph", "in spring"),
        ("paragraph", "and so"),
    )
    document = labelled(text, segments)
    assert cuts(document) == ["I met your minister [Ana Ruiz] in spring.", "We spoke.", "and so it went"]
    assert [s.segment for s in document.sentences] == [0, 2, 3]


def test_a_stage_mark_between_sentences_belongs_to_none() -> None:
    text = "We won. (Applause.) Thank you. (Laughter.)"
    segments = pieces(
        text, ("paragraph", "We"), ("stage", "(App"), ("paragraph", "Thank"), ("stage", "(Laugh")
    )
    assert cuts(labelled(text, segments)) == ["We won.", "Thank you."]


def test_only_body_has_sentences() -> None:
    text = "All news. A headline\n\nThe talks began."
    segments = pieces(text, ("title", "All"), ("standfirst", "The"))
    assert cuts(labelled(text, segments)) == ["The talks began."]


def test_voice_is_whose_words_fill_most_of_the_sentence() -> None:
    text = 'The port is closed. "We shall reopen it within a month," the ministry said. It said that the cranes are safe now.'
    quotes = [
        quote(text, '"We shall reopen it within a month,"'),
        quote(text, "that the cranes are safe now", "indirect", "the port"),
    ]
    found = labelled(text, quotes=quotes).sentences
    assert [(s.voice, s.speaker) for s in found] == [
        ("author", None),
        ("quote", "the ministry"),
        ("indirect", "the port"),
    ]


def test_a_few_quoted_words_leave_the_sentence_to_its_author() -> None:
    text = 'The minister called the long and costly plan "unwise" in an interview on Monday.'
    assert labelled(text, quotes=[quote(text, '"unwise"', "partial")]).sentences[0].voice == "author"


def test_quoted_and_reported_words_together_make_a_sentence_indirect() -> None:
    text = 'He said that the long plan is "quite unwise".'
    quotes = [quote(text, "that the long plan is", "indirect"), quote(text, '"quite unwise"', "partial")]
    assert labelled(text, quotes=quotes).sentences[0].voice == "indirect"


def test_a_turn_is_its_speakers_unless_it_mostly_quotes() -> None:
    text = (
        'We are late. He told me "there is nothing that I can do about it". He said that he was tired of it.'
    )
    segments = [Segment(0, len(text), "turn", "Ana Ruiz", None, "by hand")]
    quotes = [
        quote(text, '"there is nothing that I can do about it"', speaker="unknown"),
        quote(text, "that he was tired of it", "indirect", "unknown"),
    ]
    found = labelled(text, segments, quotes).sentences
    assert [(s.voice, s.speaker) for s in found] == [
        ("turn", "Ana Ruiz"),
        ("quote", "unknown"),
        ("turn", "Ana Ruiz"),
    ]


def test_no_body_gives_no_sentences() -> None:
    assert split_sentences("", [], []) == []
    assert labelled(" \n\n \n").sentences == []
