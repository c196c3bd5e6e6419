"""Facts about rows of words, their rates, and the words around a topic."""

import pandas as pd
import pytest
from support.analysis_texts import corpus

from workbench.analysis.entities import around
from workbench.analysis.frequency import (
    REST,
    around_each,
    grouped_counts,
    near_and_far,
    ngrams,
    term_counts,
    term_rates,
    word_hits,
)
from workbench.analysis.keyness import keyness
from workbench.analysis.timeline import in_words
from workbench.analysis.topics import find_topics, topic_rates
from workbench.analysis.units import count_units
from workbench.annotate.stem_groups import replace_by_stem_group, stem_groups
from workbench.display import draw_term_rates
from workbench.display.evidence import evidence
from workbench.display.readings import words as words_terms
from workbench.errors import BadParameter
from workbench.settings.topics import Topics

C = corpus()
UNITS = count_units(C.sentences, C.tokens, C.documents)


def forms(text: str, many: int) -> list[str]:
    c = corpus({"a.txt": (text, "Wire", "author", None)})
    return list(ngrams(c.tokens, many)["form"])


def test_contracted_stop_words_and_single_letters_are_no_terms():
    text = "We're sure they don't know it's Russia's oil, said Acme (ACM.N). I can\u2019t say what he'd pay."
    c = corpus({"a.txt": (text, "Wire", "author", None)})
    listed = term_counts(c.tokens, count_units(c.sentences, c.tokens, c.documents))
    assert not {"we're", "don't", "it's", "can\u2019t", "can't", "he'd", "n", "i"} & set(listed["form"])
    assert {"sure", "know", "russia's", "oil", "say", "pay"} <= set(listed["form"])
    kept = term_counts(c.tokens, count_units(c.sentences, c.tokens, c.documents), stop=frozenset())
    assert {"we're", "don't", "it's"} <= set(kept["form"])


def test_rows_of_words_end_at_marks_and_sentences_and_begin_with_no_stop_word():
    text = "The court of law, new law. Courts met."
    assert forms(text, 2) == ["new law", "courts met"]
    assert forms(text, 3) == ["court of law"]


def test_one_word_is_a_row_of_one():
    words = C.tokens[C.tokens["word"]]
    assert len(ngrams(C.tokens, 1)) == len(words)


def test_every_row_can_be_cut_from_its_document():
    texts = C.documents.set_index("doc_id")["text"]
    for row in ngrams(C.tokens, 2).itertuples():
        assert texts[row.doc_id][row.start : row.end].lower() == row.form.lower()


@pytest.mark.parametrize("many", [0, 6])
def test_rows_of_none_or_six_words_are_refused(many):
    with pytest.raises(BadParameter, match=f"rows of {many} words"):
        ngrams(C.tokens, many)


def test_no_text_has_no_rows():
    assert ngrams(C.tokens[:0], 2).empty
    assert ngrams(C.tokens[:1], 3).empty


def test_rates_of_pairs_are_divided_by_words_and_lead_to_their_places():
    pairs = ngrams(C.tokens, 2)
    table = term_rates(pairs, UNITS, top=1)
    row = table[table["group"] == "Wire"].iloc[0]
    assert (row["form"], row["n"]) == ("arms control", 2)
    assert row["rate"] == pytest.approx(2 / row["words"] * 1000)
    assert row["words"] == UNITS.loc[UNITS["group"] == "Wire", "words"].sum()
    assert evidence(row, pairs, UNITS, C.documents).found == 2


def test_families_count_as_their_members_do_and_lead_to_the_words_as_written():
    c = corpus({"a.txt": ("Sanctions hurt. They sanction us. We were sanctioned.", "Wire", "author", None)})
    units = count_units(c.sentences, c.tokens, c.documents)
    tokens = replace_by_stem_group(c.tokens)
    counts = term_counts(tokens, units).set_index("form")["n"]
    assert counts["sanction*"] == 3
    row = {"form": "sanction*", "group": "Wire"}
    assert list(evidence(row, tokens, units, c.documents).lines["hit"]) == [
        "Sanctions",
        "sanction",
        "sanctioned",
    ]


def test_near_and_far_share_out_every_word_but_those_of_the_node():
    nodes = word_hits(C.tokens, C.documents, ["cooperation"])
    near, parts = near_and_far(nodes, C.tokens, UNITS, name="ties", window=2)
    assert parts["words"].sum() == UNITS["words"].sum() - len(nodes)
    assert set(parts["group"]) == {"near ties", REST}
    mine = near[near["group"] == "near ties"]
    assert sorted(mine.loc[mine["doc_id"] == "a.txt", "form"]) == ["ministry", "praised", "the", "with"]


def test_the_words_around_lead_to_places_that_are_around():
    nodes = word_hits(C.tokens, C.documents, ["cooperation"])
    near, parts = near_and_far(nodes, C.tokens, UNITS, name="ties", window=3)
    table = keyness(grouped_counts(near), parts, least=1)
    assert set(table["group"]) == {"near ties"}
    for row in table[table["log_ratio"] > 0].to_dict("records"):
        shown = evidence(row, near, parts, C.documents, at_most=99)
        assert len(near[(near["form"] == row["form"]) & (near["group"] == "near ties")]) == row["n"]
        assert shown.found <= row["n"]
        assert shown.found > 0


def test_the_words_around_each_of_two_topics_stand_in_its_group_and_leave_its_own_words_out():
    nodes = word_hits(C.tokens, C.documents, ["cooperation", "ministry"])
    sides = {"item": "pattern", "items": ["cooperation", "ministry"], "window": 2}
    near, parts = around_each(nodes, C.tokens, UNITS, **sides)
    mine = near[near["doc_id"] == "a.txt"].groupby("group")["form"].apply(sorted)
    assert mine["cooperation"] == ["ministry", "praised", "the", "with"]
    assert mine["ministry"] == ["cooperation", "praised", "said", "sanctions", "the", "the"]
    assert parts["words"].sum() == len(near)
    table = keyness(grouped_counts(near), parts, against="pairs", least=1)
    for row in table.to_dict("records"):
        side, n = ("group", "n") if row["log_ratio"] >= 0 else ("against", "n_other")
        held = near[(near["form"] == row["form"]) & (near["group"] == row[side])]
        shown = evidence(row, near, parts, C.documents, at_most=99)
        assert len(held) == row[n] > 0
        assert shown.found == len(held.drop_duplicates(["doc_id", "sentence"]))


def test_nothing_around_is_said():
    near, parts = near_and_far(C.tokens[:0], C.tokens, UNITS, name=in_words([]))
    table = keyness(grouped_counts(near), parts)
    assert words_terms.around_reading(table, 0).startswith("There is nothing around it")


def test_the_reading_ranks_what_is_enough_and_says_what_is_not():
    table = term_rates(C.tokens, UNITS, top=5)
    said = words_terms.terms_reading(table)
    assert "Wire: no term five times, too little to rank." in said
    assert "“cooperation”" in said or "no term five times" in said
    assert words_terms.terms_reading(table[:0]) == "No term stands twice in these texts."
    assert "DP" in draw_term_rates(table.assign(dispersion=0.5)).svg
    assert "Unevenly spread" in words_terms.terms_reading(table.assign(dispersion=0.9, sufficient=True))


def test_a_family_that_joins_too_much_can_be_seen():
    joined = pd.DataFrame({"form": ["talk", "talks", "treaty"], "word": True})
    assert words_terms.families_note(stem_groups(joined)).startswith(
        "3 words fall into 2 families by their stem."
    )
    lone = pd.DataFrame({"form": ["a"], "word": [True]})
    assert words_terms.families_note(stem_groups(lone)) == "No two words share a stem."
    assert words_terms.family_caveat(None) == []


def test_topics_and_words_of_the_sentences_about_an_entity_are_counted_once_in_each_group():
    both = around(UNITS, C.mentions, ["Anna Berg", "Ivan Petrov"])
    assert both["group"].value_counts().to_dict() == {"Anna Berg": 1, "Ivan Petrov": 1}
    rates = topic_rates(find_topics(C.tokens, C.documents, Topics({"ties": ("cooperat*",)})), both)
    assert rates["n"].tolist() == [1, 1]
    nodes = word_hits(C.tokens, C.documents, ["cooperation"])
    near, parts = near_and_far(nodes, C.tokens, both, name="ties", window=3)
    assert parts["words"].sum() == len(near) == both["words"].iloc[0] - 1
    row = rates.iloc[0]
    assert (
        evidence(
            row, find_topics(C.tokens, C.documents, Topics({"ties": ("cooperat*",)})), both, C.documents
        ).found
        == 1
    )
