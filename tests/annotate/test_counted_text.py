"""The text that is counted keeps its length, so that offsets hold."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st
from support.annotate_rows import labelled, pieces

from workbench import schema
from workbench.annotate.tokens import mask_asides, sentence_texts


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=[*map(chr, schema._PLAIN), "a", "\n", "é", "😀"], max_size=60))
def test_plain_replaces_one_for_one(text: str) -> None:
    assert schema.plain(text) == text.translate(schema._PLAIN)
    assert len(schema.plain(text)) == len(text)


def test_asides_become_blanks_of_the_same_length() -> None:
    text = "We met “him” [Ana Ruiz] twice. (Applause.)"
    kinds = (("turn", "We"), ("insertion", "[Ana"), ("turn", "twice"), ("stage", "(App"))
    flat = mask_asides(text, pieces(text, *kinds))
    assert len(flat) == len(text)
    assert flat.split() == ["We", "met", '"him"', "twice."]


def test_sentences_are_cut_from_the_counted_text_with_line_feeds_as_blanks() -> None:
    document = labelled("A long first line of the wrapped paragraph that goes\non. It ends.")
    assert list(sentence_texts([document])) == [
        "A long first line of the wrapped paragraph that goes on.",
        "It ends.",
    ]
