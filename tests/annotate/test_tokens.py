"""Tokens: what counts as one word, and that every token can be cut from its document."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st
from support.annotate_rows import labelled, pieces, seed

from workbench.annotate.tokens import token_table
from workbench.schema import Labelled, arrow_schema, plain


def forms(text: str) -> list[str]:
    return token_table([labelled(text)])["form"].to_pylist()


CASES = {
    "I don’t": ["i", "don't"],
    "Russia’s ports": ["russia", "'s", "ports"],
    "workers' pay": ["workers", "'", "pay"],
    "the U.S. Navy": ["the", "u.s.", "navy"],
    "U.S.-led talks": ["u.s.-led", "talks"],
    "the trade-and-economic sphere": ["the", "trade-and-economic", "sphere"],
    "non\u2011interference": ["non-interference"],
    "up 5.6% to $29.2 billion": ["up", "5.6%", "to", "$29.2", "billion"],
    "1,200 men at 3:30 p.m. today": ["1,200", "men", "at", "3:30", "p.m.", "today"],
    "in 2014, Mr. Lee": ["in", "2014", ",", "mr", ".", "lee"],
    "AT&T and G8 met": ["at&t", "and", "g8", "met"],
    "yes... no -- maybe": ["yes", "...", "no", "--", "maybe"],
    "and/or _this_": ["and", "/", "or", "_", "this", "_"],
    "see https://a.example/b?c=1 now": ["see", "https://a.example/b?c=1", "now"],
    "cafe\u0301 naïve": ["cafe\u0301", "naïve"],
    "a 15-year-old": ["a", "15-year-old"],
    "‘hunt’ for “it”": ["'", "hunt", "'", "for", '"', "it", '"'],
}


@pytest.mark.parametrize("text", CASES)
def test_tokens_follow_the_stated_rule(text: str) -> None:
    assert forms(text) == CASES[text]


def test_the_country_us_is_not_the_pronoun_us() -> None:
    assert forms("The US told us no.") == ["the", "US", "told", "us", "no", "."]


def test_us_in_a_sentence_in_capitals_is_the_pronoun() -> None:
    assert "us" in forms("PLEASE COME AND JOIN US NOW")


def test_a_possessive_s_and_marks_are_no_words() -> None:
    table = token_table([labelled("Russia's port, 29.2 km.")])
    words = [
        form for form, word in zip(table["form"].to_pylist(), table["word"].to_pylist(), strict=True) if word
    ]
    assert words == ["russia", "port", "29.2", "km"]


def test_insertions_and_stage_marks_give_no_tokens() -> None:
    text = "I met him [Ana Ruiz] twice. (Applause.)"
    segments = pieces(text, ("turn", "I"), ("insertion", "[Ana"), ("turn", "twice"), ("stage", "(App"))
    assert token_table([labelled(text, segments)])["form"].to_pylist() == ["i", "met", "him", "twice", "."]


def assert_cut_again(batch: list[Labelled]) -> None:
    texts = {document.doc_id: document for document in batch}
    for row in token_table(batch).to_pylist():
        document = texts[row["doc_id"]]
        cut = plain(document.text)[row["start"] : row["end"]]
        assert cut.lower() == row["form"].lower()
        sentence = document.sentences[row["sentence"]]
        assert sentence.start <= row["start"] < row["end"] <= sentence.end


def test_every_token_of_the_seeds_can_be_cut_from_its_document() -> None:
    assert_cut_again([seed("000"), seed("003")])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text(alphabet="aU.S' -’1%$é\u0301\n_&—😀", max_size=30), max_size=4))
def test_tokens_of_any_text_can_be_cut_and_miss_no_letter(texts: list[str]) -> None:
    batch = [labelled(text, doc_id=str(number)) for number, text in enumerate(texts)]
    assert_cut_again(batch)
    total = sum(len("".join(text.split())) for text in texts)
    table = token_table(batch)
    assert (
        sum(b - a for a, b in zip(table["start"].to_pylist(), table["end"].to_pylist(), strict=True)) == total
    )


def test_the_table_has_the_types_of_the_schema_and_may_be_encoded() -> None:
    batch = [labelled("One. Two."), labelled("", doc_id="empty"), labelled("Three.", doc_id="b")]
    table = token_table(batch)
    assert table.schema.equals(arrow_schema("tokens"))
    assert token_table(batch, encoded=True).cast(arrow_schema("tokens")).equals(table)
    assert table["doc_id"].to_pylist() == ["a.txt"] * 4 + ["b"] * 2
    assert token_table([]).num_rows == 0
