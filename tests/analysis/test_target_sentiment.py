"""Sentiment toward entities by holder: whose words they are, how sure the mean is, what lies behind it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from support.analysis_texts import corpus

from workbench.analysis.benchmark_scores import toward_figures
from workbench.analysis.target_sentiment import (
    ARTICLE_BORDERS,
    article_labels,
    by_article,
    judged,
    most_named,
    reasons,
    toward_by,
    toward_ends,
)
from workbench.analysis.units import AUTHOR, count_units, regroup
from workbench.display.evidence import evidence
from workbench.errors import BadParameter

SAID = "We thank the US. The US helps."
WROTE = "The US failed. The US and Anna Berg lost."


def span(mention) -> dict[str, object]:
    """The columns of toward that say which mention was judged: one by its own name."""
    at = {"doc_id": mention.doc_id, "sentence": mention.sentence, "start": mention.start, "end": mention.end}
    return at | {"name_start": mention.start, "name_end": mention.end}


def judgement(score: float) -> dict[str, object]:
    label = "positive" if score > 0.1 else "negative" if score < -0.1 else "neutral"
    return {"score": score, "label": label, "confidence": 0.6, "receipt": []}


@pytest.fixture(scope="module")
def made() -> SimpleNamespace:
    """Ivan Petrov speaks well of the US, the author ill; every mention of a document has its score."""
    found = corpus({"a": (SAID, "Wire", "turn", "Ivan Petrov"), "b": (WROTE, "Wire", "author", None)})
    found.units = count_units(found.sentences, found.tokens, found.documents)
    scores = {"a": [0.6, 0.4], "b": [-0.5, -0.3, -0.7]}
    rows = [span(m) | judgement(scores[m.doc_id].pop(0)) for m in found.mentions.itertuples()]
    found.toward = pd.DataFrame(rows)
    return found


def test_the_speaker_about_an_entity_stands_apart_from_the_author_about_it(made: SimpleNamespace) -> None:
    table = toward_by(made.toward, made.mentions, made.units).set_index(["holder", "entity"])
    assert table.loc[("Ivan Petrov", "US"), "mean"] == pytest.approx(0.5)
    assert table.loc[(AUTHOR, "US"), "mean"] == pytest.approx(-0.4)
    assert table.loc[(AUTHOR, "US"), "negative"] == 1.0


def test_the_columns_are_those_of_the_docstring(made: SimpleNamespace) -> None:
    assert list(toward_by(made.toward, made.mentions, made.units)) == (
        "holder entity n mean low high positive negative n_docs basis sufficient".split()
    )


def test_every_mean_lies_in_its_interval(made: SimpleNamespace) -> None:
    table = toward_by(made.toward, made.mentions, made.units, ["US"])
    assert ((table["low"] <= table["mean"]) & (table["mean"] <= table["high"])).all()


def test_a_single_mention_has_no_interval_and_is_not_enough(made: SimpleNamespace) -> None:
    (row,) = toward_by(made.toward, made.mentions, made.units, ["Anna Berg"]).itertuples()
    assert row.n == 1
    assert np.isnan(row.low)
    assert not row.sufficient


def test_n_is_the_number_of_judged_mentions_behind_the_row(made: SimpleNamespace) -> None:
    evidence = judged(made.toward, made.mentions, made.units)
    for row in toward_by(made.toward, made.mentions, made.units).itertuples():
        behind = evidence[(evidence["holder"] == row.holder) & (evidence["entity"] == row.entity)]
        assert len(behind) == row.n
        assert behind["score"].mean() == pytest.approx(row.mean)


def test_by_voice_the_holder_is_the_voice(made: SimpleNamespace) -> None:
    assert set(toward_by(made.toward, made.mentions, made.units, by="voice")["holder"]) == {"author", "turn"}


def test_a_speaker_whom_nobody_knows_is_unknown(made: SimpleNamespace) -> None:
    mentions = made.mentions.assign(voice="quote", speaker=None)
    assert set(judged(made.toward, mentions, made.units)["holder"]) == {"unknown"}


def test_sentences_outside_the_units_do_not_count(made: SimpleNamespace) -> None:
    some = made.units[made.units["doc_id"] == "a"]
    assert set(judged(made.toward, made.mentions, some)["doc_id"]) == {"a"}


def test_fifteen_sentences_in_ten_documents_are_enough_and_documents_are_resampled() -> None:
    found = corpus({f"d{n:02}": ("The US spoke. The US left.", "Wire", "author", None) for n in range(10)})
    units = count_units(found.sentences, found.tokens, found.documents)
    rows = [span(m) | judgement((k % 5) / 5)
            for k, m in enumerate(found.mentions.itertuples())]  # fmt: skip
    (row,) = toward_by(pd.DataFrame(rows), found.mentions, units).itertuples()
    assert (row.n, row.n_docs, row.basis, row.sufficient) == (20, 10, "documents", True)


def test_no_mention_gives_an_empty_table_with_its_columns(made: SimpleNamespace) -> None:
    table = toward_by(made.toward, made.mentions.iloc[:0], made.units)
    assert table.empty
    assert "sufficient" in table


def test_an_unknown_entity_and_an_unknown_split_are_refused(made: SimpleNamespace) -> None:
    with pytest.raises(BadParameter, match="Anna Berg"):
        toward_by(made.toward, made.mentions, made.units, ["Anna Borg"])
    with pytest.raises(BadParameter, match="speaker"):
        judged(made.toward, made.mentions, made.units, by="speakr")


def test_the_tables_handed_in_are_unchanged(made: SimpleNamespace) -> None:
    before = made.toward.copy(), made.mentions.copy()
    toward_by(made.toward, made.mentions, made.units)
    pd.testing.assert_frame_equal(made.toward, before[0])
    pd.testing.assert_frame_equal(made.mentions, before[1])


def test_the_measured_error_goes_with_the_table(made: SimpleNamespace) -> None:
    said = toward_by(made.toward, made.mentions, made.units).attrs["measured"]
    assert f"{100 * toward_figures()['right'].value:.0f} %" in said
    assert "VADER" in said


def test_a_pronoun_counts_for_the_entity_of_the_name_it_means(made: SimpleNamespace) -> None:
    first = made.mentions.iloc[0]
    he = span(first) | {"start": 12, "end": 14, "sentence": 0} | judgement(0.9)
    table = toward_by(pd.concat([made.toward, pd.DataFrame([he])]), made.mentions, made.units)
    before = toward_by(made.toward, made.mentions, made.units).set_index(["holder", "entity"])["n"]
    after = table.set_index(["holder", "entity"])["n"]
    key = ("Ivan Petrov", first["entity"])
    assert after[key] == before[key] + 1


def test_by_group_the_holder_is_the_group_of_the_sentence(made: SimpleNamespace) -> None:
    units = regroup(made.units, "doc_id")
    assert set(toward_by(made.toward, made.mentions, units, by="group")["holder"]) == {"a", "b"}


def test_the_ends_hold_no_neutral_mention_and_tell_the_words(made: SimpleNamespace) -> None:
    table = judged(made.toward, made.mentions, made.units)
    words = [{"word": "failed", "relation": "subject", "negated": False, "weight": -1.9},
             {"word": "", "relation": "sentence", "negated": False, "weight": 5.0}]  # fmt: skip
    ends = toward_ends(table.assign(receipt=[words] * len(table)), each=1)
    assert ends["end"].tolist() == ["positive", "negative"]
    assert set(ends["receipt"]) == {"failed (subject) −1.9"}
    assert reasons([]) == "no word speaks of it"


def test_the_most_named_are_those_asked_for_or_those_with_most_mentions(made: SimpleNamespace) -> None:
    table = judged(made.toward, made.mentions, made.units)
    assert most_named(table, top=1) == ["US"]
    assert most_named(table, ["Anna Berg"]) == ["Anna Berg"]


def test_a_document_has_the_label_of_its_mean_and_leads_to_its_sentences(made: SimpleNamespace) -> None:
    table = toward_by(made.toward, made.mentions, made.units, ["US"], by="doc_id")
    shown = by_article(table, made.documents, least=2).set_index("doc_id")
    assert shown["label"].to_dict() == {"a": "positive", "b": "negative"}
    assert not shown["sufficient"].any(), "two sentences are too few"
    assert by_article(table, made.documents).empty, "nobody is named three times"
    spans = judged(made.toward, made.mentions, made.units, by="doc_id")
    for row in shown.reset_index().to_dict("records"):
        found = evidence(row, spans, made.units, made.documents)
        assert set(found.lines["doc_id"]) == {row["doc_id"]}
        assert found.found == row["n"]


def test_the_borders_of_an_article_are_below_zero_and_belong_to_the_outer_labels() -> None:
    low, high = ARTICLE_BORDERS
    assert low < high < 0
    labels = article_labels([low, low + 0.01, high, 0.0]).tolist()
    assert labels == ["negative", "neutral", "positive", "positive"]
