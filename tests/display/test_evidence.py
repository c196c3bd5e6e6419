import pytest
from support.analysis_texts import corpus

from workbench.analysis.frequency import term_counts
from workbench.analysis.keyness import keyness
from workbench.analysis.sentiment import sentiment_by, sentiment_ends
from workbench.analysis.topics import find_topics, topic_rates
from workbench.analysis.units import count_units, regroup
from workbench.display.evidence import evidence, sentences_of
from workbench.settings.topics import Topics

TOPICS = Topics({"cooperation": ("cooperat*", "joint work"), "US": ("=US",)})


@pytest.fixture(scope="module")
def made():  # type: ignore[no-untyped-def]
    c = corpus()
    c.units = count_units(c.sentences, c.tokens, c.documents)
    c.hits = find_topics(c.tokens, c.documents, TOPICS)
    return c


def test_every_number_of_the_topic_table_is_found_again_from_its_sentences(made) -> None:  # type: ignore[no-untyped-def]
    for by in ("source", "voice", ["source", "speaker"]):
        units = regroup(made.units, by)
        for _, row in topic_rates(made.hits, units, TOPICS).iterrows():
            lines = sentences_of(made.hits[made.hits["topic"] == row["topic"]], units, made.documents)
            group = units.set_index(["doc_id", "sentence"])["group"]
            mine = [
                line for line in lines.itertuples() if group[(line.doc_id, line.sentence)] == row["group"]
            ]
            assert len(mine) == row["n"], (by, row["group"], row["topic"])


def test_a_line_is_the_sentence_with_its_hit_and_its_address(made) -> None:  # type: ignore[no-untyped-def]
    row = topic_rates(made.hits, made.units, TOPICS).query("topic == 'US' and group == 'Wire'").iloc[0]
    line = evidence(row, made.hits, made.units, made.documents).lines.iloc[0]
    assert line["before"] + line["hit"] + line["after"] == "The US froze arms control talks."
    assert line["address"] == f"a.txt:{line['start']}-{line['end']}"


def test_many_sentences_are_sampled_by_a_rule_that_is_printed(made) -> None:  # type: ignore[no-untyped-def]
    row = {"group": "Court <b>", "topic": "cooperation"}
    found = evidence(row, made.hits, made.units, made.documents, at_most=2)
    assert (len(found.lines), found.found) == (2, 3)
    assert found.rule == "2 of 3 sentences: one in every 1.5, in text order"
    assert found.rule in str(found)


def test_a_word_that_is_rarer_here_shows_the_other_side(made) -> None:  # type: ignore[no-untyped-def]
    table = keyness(term_counts(made.tokens, made.units), made.units)
    rarer = table[table["log_ratio"] < 0].iloc[0]
    found = evidence(rarer, made.tokens, made.units, made.documents)
    assert found.found > 0
    assert set(found.lines["source"]) == {rarer["against"]}


def test_a_sentiment_end_leads_to_its_own_sentence(made) -> None:  # type: ignore[no-untyped-def]
    row = sentiment_ends(made.sentiment, made.units).iloc[0]
    found = evidence(row, made.sentiment, made.units, made.documents)
    assert found.found == 1
    assert (found.lines["sentence"].iloc[0], found.lines["doc_id"].iloc[0]) == (
        row["sentence"],
        row["doc_id"],
    )


def test_a_mean_leads_to_all_its_sentences(made) -> None:  # type: ignore[no-untyped-def]
    for _, row in sentiment_by(made.sentiment, made.units).iterrows():
        assert evidence(row, made.sentiment, made.units, made.documents).found == row["n"]


def test_a_row_without_a_hit_says_so(made) -> None:  # type: ignore[no-untyped-def]
    found = evidence({"group": "Wire", "topic": "nothing"}, made.hits, made.units, made.documents)
    assert found.rule == "no sentence"
    assert "no sentence" in found.html()


def test_script_in_a_document_is_inert_text() -> None:
    c = corpus(
        {"<img src=x>.txt": ("We <script>alert(1)</script> cooperate.", "<b onload=x>", "turn", "<i>Eve</i>")}
    )
    units = count_units(c.sentences, c.tokens, c.documents)
    hits = find_topics(c.tokens, c.documents, TOPICS)
    page = evidence({"topic": "cooperation"}, hits, units, c.documents).html()
    for markup in ("<script", "<img", "<b ", "<i>"):
        assert markup not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
