import tracemalloc

import pandas as pd
import pytest
from support.analysis_texts import corpus

from workbench.analysis.concordance import concordance
from workbench.analysis.cooccurrence import comentions
from workbench.analysis.entities import (
    around,
    compare,
    entity_rates,
    mentioned_by,
    mentioned_where,
    name_forms,
    quotes_of,
)
from workbench.analysis.quality import arrived, doubts, least_certain, periods, segment_shares
from workbench.analysis.units import count_units, regroup
from workbench.analysis.voices import speaker_shares, voice_shares
from workbench.errors import BadParameter
from workbench.schema import TABLES


@pytest.fixture(scope="module")
def made():  # type: ignore[no-untyped-def]
    c = corpus()
    c.units = count_units(c.sentences, c.tokens, c.documents)
    return c


def with_insertion(made) -> pd.DataFrame:  # type: ignore[no-untyped-def]
    """The mentions, the first of Anna Berg being the editor's and not the speaker's."""
    mentions = made.mentions.copy()
    at = mentions.index[mentions["entity"] == "Anna Berg"][0]
    mentions.loc[at, "voice"] = "author"
    mentions.loc[at, "speaker"] = None
    return mentions


def test_a_name_in_an_insertion_counts_for_the_author_not_for_the_speaker(made) -> None:  # type: ignore[no-untyped-def]
    by_speaker = regroup(
        pd.concat(
            [
                made.units,
                made.units.tail(1).assign(doc_id="b.txt", sentence=99, voice="author", speaker="the author"),
            ]
        ),
        "speaker",
    )
    table = entity_rates(with_insertion(made), by_speaker, ["Anna Berg"]).set_index("group")
    assert table.loc["the author", "n"] == 1
    assert table.loc["Anna Berg", "n"] == 0


def test_shares_are_of_all_mentions_of_the_group(made) -> None:  # type: ignore[no-untyped-def]
    table = entity_rates(made.mentions, made.units)
    assert table.groupby("group")["share"].sum().tolist() == pytest.approx([1.0, 1.0])


def test_an_unknown_entity_is_refused_with_the_nearest_name(made) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(BadParameter, match="did you mean `Anna Berg`"):
        entity_rates(made.mentions, made.units, ["Ana Berg"])


def test_name_forms_show_every_form_with_its_count(made) -> None:  # type: ignore[no-untyped-def]
    mentions = made.mentions.copy()
    mentions.loc[mentions["entity"] == "US", "surface"] = ["US", "United States"]
    forms = name_forms(mentions, made.entities).set_index("entity")["forms"]
    assert forms["US"] == "US 1, United States 1"


def test_where_and_by_whom(made) -> None:  # type: ignore[no-untyped-def]
    where = mentioned_where(made.mentions, made.segments, ["US"]).iloc[0]
    assert (where["kind"], where["n"]) == ("paragraph", 2)
    who = mentioned_by(with_insertion(made), ["Anna Berg"]).iloc[0]
    assert (who["voice"], who["speaker"], who["n"]) == ("author", "the author", 1)


def test_sentences_around_two_entities_stand_in_both_groups(made) -> None:  # type: ignore[no-untyped-def]
    near = around(made.units, made.mentions, ["Anna Berg", "Ivan Petrov"])
    assert sorted(near["group"]) == ["Anna Berg", "Ivan Petrov"]
    assert near["sentence"].nunique() == 1


def test_a_comparison_counts_quotes_by_and_quotes_about(made) -> None:  # type: ignore[no-untyped-def]
    sentence = made.sentences[(made.sentences["doc_id"] == "a.txt")].iloc[3]
    quotes = pd.DataFrame(
        [["a.txt", k, sentence["start"], sentence["end"], "direct", who, None, None, "said", "neutral", 0.9, None]
         for k, who in enumerate(["ministry", "Anna Berg"])], columns=list(TABLES["quotes"])
    )  # fmt: skip
    table = compare(made.mentions, quotes, made.sentiment, made.units, ["US", "Anna Berg"]).set_index(
        "entity"
    )
    assert (table.loc["US", "quoted"], table.loc["US", "in_quotes"]) == (0, 1)
    assert (table.loc["Anna Berg", "quoted"], table.loc["Anna Berg", "in_quotes"]) == (1, 0)
    assert table["share"].sum() == pytest.approx(1.0)
    assert table.loc["US", "sentences"] == 2


def test_pairs_are_counted_once_a_sentence_and_corrected_over_all_pairs(made) -> None:  # type: ignore[no-untyped-def]
    table = comentions(made.mentions, made.units)
    assert table[["a", "b", "n"]].to_numpy().tolist() == [["Anna Berg", "Ivan Petrov", 1]]
    assert table.attrs["tested"] == 6
    assert not table["sufficient"].any()


def test_a_corpus_without_names_gives_an_empty_network(made) -> None:  # type: ignore[no-untyped-def]
    assert comentions(made.mentions.head(0), made.units).empty


def test_a_corpus_without_names_has_no_quotes_by_or_about_them(made) -> None:  # type: ignore[no-untyped-def]
    table = quotes_of(made.mentions.head(0), made.quotes, made.documents, made.units, [])
    assert table.empty
    assert {"entity", "direction", "speaker", "words", "confidence"} <= set(table.columns)


@pytest.mark.parametrize("order", ["text", "left", "right"])
def test_a_concordance_of_a_word_that_does_not_occur_has_no_lines(made, order) -> None:  # type: ignore[no-untyped-def]
    lines = concordance(made.tokens, made.documents, made.units, "xylophone", order=order)
    assert (len(lines), lines.attrs["found"]) == (0, 0)


def test_voices_and_speakers_add_up(made) -> None:  # type: ignore[no-untyped-def]
    for table in (voice_shares(made.units), speaker_shares(made.units)):
        assert table.groupby("group")["share"].sum().tolist() == pytest.approx([1.0, 1.0])
        assert (
            table.groupby("group")["n"].sum().tolist()
            == table.groupby("group")["n_sentences"].first().tolist()
        )


def test_concordance_lines_can_be_put_together_again(made) -> None:  # type: ignore[no-untyped-def]
    texts = dict(zip(made.documents["doc_id"], made.documents["text"], strict=True))
    lines = concordance(made.tokens, made.documents, made.units, "cooperat*", width=15, order="right")
    assert len(lines) == 4
    for line in lines.itertuples():
        assert (line.left + line.hit + line.right) in texts[line.doc_id]


def test_a_sampled_concordance_is_spread_over_the_texts_and_says_how_many_there_were(made) -> None:  # type: ignore[no-untyped-def]
    lines = concordance(made.tokens, made.documents, made.units, ["cooperat*", "sanction*"], at_most=3)
    assert len(lines) == 3
    assert lines.attrs["found"] == 6
    assert lines["doc_id"].nunique() == 2


def test_what_arrived_is_one_row_a_document_with_its_voices(made) -> None:  # type: ignore[no-untyped-def]
    table = arrived(made.documents, made.units)
    assert list(table["voices"]) == ["quote 100 %", "turn 100 %"]
    assert list(table["place"]) == ["unknown", "unknown"]


def test_segment_shares_add_up_to_the_pages(made) -> None:  # type: ignore[no-untyped-def]
    table = segment_shares(made.segments, made.documents)
    assert table["characters"].sum() == made.documents["text"].str.len().sum()
    assert table.groupby("group")["share"].sum().tolist() == pytest.approx([1.0, 1.0])


def test_an_unknown_source_is_a_doubt_with_its_mend() -> None:
    c = corpus({"x.txt": ("Nobody signed this.", None, "author", None)})
    doubt = doubts(c.problems, c.documents).iloc[0]
    assert doubt["problem"] == "source unknown"
    assert "metadata.toml" in doubt["hint"]
    assert least_certain(c.quotes, c.documents).empty
    assert periods(c.documents)["source"].tolist() == ["unknown"]


def test_pairs_of_the_most_mentioned_among_thousands_of_names_need_little_memory():
    """A column of every name by every sentence would take 10,000 times 5,000 numbers here, 400 MB."""
    n = 10_000
    places = pd.DataFrame(
        {"doc_id": [f"{k // 10:04}" for k in range(n)], "sentence": [k % 10 for k in range(n)]}
    )
    rare = places.assign(entity=[f"name {k % 5_000}" for k in range(n)])
    often = pd.concat([places.iloc[::4].assign(entity="Oslo"), places.iloc[::8].assign(entity="Bergen")])
    mentions = pd.concat([rare, often], ignore_index=True)
    tracemalloc.start()
    table = comentions(mentions, places, top=2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert table.loc[0, ["a", "b", "n", "n_a", "n_b", "units"]].tolist() == [
        "Bergen",
        "Oslo",
        1_250,
        1_250,
        2_500,
        n,
    ]
    assert peak < 50e6
