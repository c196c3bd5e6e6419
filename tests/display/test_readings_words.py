"""The concordance and the readings of words in context and over time say what they have, and when it is too little."""

import pandas as pd
import pytest
from support.analysis_texts import corpus

from workbench.analysis.change_points import before_after, change_points, spikes
from workbench.analysis.collocates import bigram_spans, bigrams, collocates
from workbench.analysis.concordance import concordance
from workbench.analysis.frequency import word_hits, word_rates
from workbench.analysis.timeline import collected, rate_series
from workbench.analysis.units import count_units
from workbench.display import draw_before_after, draw_collected, draw_concordance
from workbench.display.evidence import evidence
from workbench.display.readings import timeline as words_time, words

LINE = "Peace talks failed <b>again</b> today. Nobody saw peace talks in the far old town. "


def tables(many: int = 1, docs: int = 1):
    c = corpus({f"{k:02}.txt": (LINE * many, "Wire", "author", None) for k in range(docs)})
    dates = [f"2015-{1 + k % 12:02}-28" for k in range(docs)]
    documents = c.documents.assign(date=dates)
    return c, documents, count_units(c.sentences, c.tokens, documents, by="all")


def test_the_concordance_prints_its_rule_and_escapes_its_lines():
    c, documents, units = tables(4)
    lines = draw_concordance(
        concordance(c.tokens, documents, units, "talks", at_most=3, order="left"), caption="wire"
    )
    assert lines.caption == (
        "3 of 8 places of talks: one in every 2.7 in text order; sorted by the words before the hit, the nearest first. Text: wire."
    )
    assert "&lt;b&gt;again" in lines.html()
    assert "<b>" not in lines.html()
    assert lines.html().count("<mark>talks</mark>") == 3
    assert "00.txt:6-11" in lines.html()
    assert "›talks‹" in lines.text()


def test_no_place_is_said():
    c, documents, units = tables()
    assert (
        draw_concordance(concordance(c.tokens, documents, units, "glacier")).html().count("No place fits.")
        == 1
    )


def test_a_line_cuts_no_word_in_two():
    c, documents, units = tables(4)
    table = concordance(c.tokens, documents, units, "talks", width=13)
    assert set(table["right"].str.strip()) == {"failed", "in the far"}
    assert table["left"].iloc[1].split() == ["saw", "peace"]


def test_company_that_is_too_little_points_to_the_lines():
    c, documents, units = tables()
    near = collocates(word_hits(c.tokens, documents, ["talks"]), c.tokens, units)
    assert words.company_reading(near, "talks").startswith(
        "Too little to say what company talks keeps: 2 places"
    )
    assert "so nothing stands near it" in words.company_reading(near[:0], "talks")


def test_company_beyond_chance_is_named_with_its_counts():
    c, documents, units = tables(12)
    near = collocates(word_hits(c.tokens, documents, ["talks"]), c.tokens, units, window=1)
    said = words.company_reading(near, "talks")
    assert said.startswith("“peace” (24 of its 24 hits")
    rates = word_rates(c.tokens, documents, units, ["talks", "glacier"])
    assert "“glacier” was not found." in words.places_reading(rates)
    assert (
        "24",
        "places",
        f"in {units['words'].sum():,} words, 1 document with one",
    ) in words.place_keys(rates, near)


def test_every_pair_leads_to_its_places():
    c, documents, units = tables(12)
    pairs = bigrams(c.tokens, units)
    spans = bigram_spans(pairs, c.tokens, units)
    assert spans["phrase"].value_counts().to_dict() == dict(zip(pairs["phrase"], pairs["n"], strict=True))
    assert (
        evidence(pairs.iloc[0], spans, units, documents).lines["hit"].str.lower().iloc[0]
        == pairs["phrase"].iloc[0]
    )
    assert words.pairs_reading(pairs).startswith("The most fixed pairs are")
    assert "too little" in words.pairs_reading(pairs[:0])


@pytest.mark.parametrize("docs", [1, 2])
def test_two_documents_are_too_little_for_a_course_and_it_is_said_with_numbers(docs):
    c, documents, units = tables(3, docs)
    series = rate_series(word_hits(c.tokens, documents, ["talks"]), units, item="pattern")
    levels, tips, held = change_points(series), spikes(series), collected(units)
    assert "Too little to speak of a course" in words_time.collected_reading(held)
    said = words_time.course_reading(series, levels, tips)
    assert "cannot show a course" in said
    assert "talks" in said
    assert words_time.time_keys(held, levels, tips)[-1][0] == "not tested"
    assert "<svg" not in draw_collected(held).html()
    assert "fewer than 8 complete periods" in words_time.spikes_table(tips).html()


def test_a_year_of_the_same_text_changes_nothing_and_says_so():
    c, documents, units = tables(3, 12)
    series = rate_series(
        word_hits(c.tokens, documents, ["talks"]), units, item="pattern", collected_until="2015-12-31"
    )
    said = words_time.course_reading(series, change_points(series), spikes(series))
    assert said.startswith("No series changes its level")
    assert "<svg" in draw_collected(collected(units)).html()


def test_before_and_after_says_what_moved_and_what_it_cannot():
    c, documents, units = tables(3, 12)
    table = before_after(word_hits(c.tokens, documents, ["talks"]), units, "2015-07-01", item="pattern")
    assert "Nothing clearly differs" in words_time.before_after_reading(table, "2015-07-01")
    assert "compares texts, not times" in words_time.before_after_reading(table, "2015-07-01")
    assert "6 documents before 2015-07-01" in draw_before_after(table).caption
    assert words_time.before_after_reading(pd.DataFrame(), "").startswith("No date was asked for")
    assert "one side of 2030-01-01 only" in words_time.before_after_reading(pd.DataFrame(), "2030-01-01")
    assert draw_before_after(pd.DataFrame()).html().count("svg") == 0
