"""The toward table: names and the pronouns that mean them, judged by whom the settings name."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

import pytest
from support.annotate_rows import META, labelled, quote

from workbench.annotate.target_sentiment import scorer
from workbench.annotate.target_sentiment.layer import target_sentiment_layer, target_sentiment_table
from workbench.annotate.target_sentiment.scorer import SentimentTarget, TargetSentiment, target_sentiment
from workbench.errors import BadSettings
from workbench.schema import Labelled, Mention, Segment, arrow_schema
from workbench.settings import load_settings
from workbench.settings.target_sentiment import DEFAULT_MODEL, TargetSentimentSettings


def name(document: Labelled, surface: str, label: str = "person", **known: object) -> Mention:
    """The first place of a name in a document, in the voice of its sentence."""
    start = document.text.index(surface)
    end = start + len(surface)
    number = next(n for n, s in enumerate(document.sentences) if s.start <= start < s.end)
    voice, speaker = document.sentences[number].voice, document.sentences[number].speaker
    return Mention(number, start, end, surface, label, None, voice, speaker)._replace(**known)


def rows(document: Labelled, *mentions: Mention, judge=target_sentiment) -> list[dict]:
    return target_sentiment_table([document], [list(mentions)], judge).to_pylist()


def pronouns(document: Labelled, *mentions: Mention) -> list[tuple[str, str]]:
    """Each judged pronoun with the name it was taken for."""
    return [
        (document.text[r["start"] : r["end"]], document.text[r["name_start"] : r["name_end"]])
        for r in rows(document, *mentions)
        if (r["start"], r["end"]) != (r["name_start"], r["name_end"])
    ]


def hail_everybody(sentences, targets):
    """A judge of another house: whoever is named is hailed."""
    return [TargetSentiment(1.0, "positive", 1.0, ()) for _ in targets]


def test_the_table_is_keyed_like_the_mentions_and_points_into_the_document() -> None:
    document = labelled("It rained. The corrupt Orin Vale lied.")
    start = document.text.index("Orin")
    mentions = [Mention(1, start, start + 9, "Orin Vale", "person", None, "author", None)]
    (row,) = rows(document, *mentions)
    assert (row["doc_id"], row["sentence"], row["start"], row["end"]) == ("a.txt", 1, start, start + 9)
    for reason in row["receipt"]:
        assert document.text[reason["start"] :].startswith(reason["word"])


def test_a_word_with_an_odd_hyphen_is_shown_as_the_document_writes_it() -> None:
    document = labelled(
        "The scandal\u2011plagued, un\u2011loved Orin Vale didn\u2019t win the award\nin May."
    )
    start = document.text.index("Orin")
    mentions = [Mention(0, start, start + 9, "Orin Vale", "person", None, "author", None)]
    receipt = rows(document, *mentions)[0]["receipt"]
    assert "scandal\u2011plagued" in [reason["word"] for reason in receipt]
    assert all(document.text[reason["start"] :].startswith(reason["word"]) for reason in receipt)


def test_a_mention_in_a_title_has_no_row() -> None:
    document = labelled("Orin Vale lied.")
    assert rows(document, Mention(None, 0, 9, "Orin Vale", "person", None, "author", None)) == []


def test_another_judge_can_take_the_place_of_this_one() -> None:
    document = labelled("Orin Vale lied.")
    mention = Mention(0, 0, 9, "Orin Vale", "person", None, "author", None)
    assert rows(document, mention, judge=hail_everybody)[0]["score"] == 1.0


def test_an_insertion_within_the_sentence_is_not_read() -> None:
    text = "Orin Vale spoke [the corrupt liar] today."
    at, end = text.index("["), text.index("]") + 1
    segments = [Segment(0, at, "paragraph", None, None, ""), Segment(at, end, "insertion", None, None, ""),
                Segment(end, len(text), "paragraph", None, None, "")]  # fmt: skip
    document = labelled(text, segments)
    sentence = document.sentences[0]._replace(start=0, end=len(text))
    whole = Labelled("a.txt", text, META, segments, [], [sentence])
    (row,) = rows(whole, Mention(0, 0, 9, "Orin Vale", "person", None, "author", None))
    assert {reason["word"] for reason in row["receipt"]}.isdisjoint({"corrupt", "liar"})


def test_only_sentences_with_a_name_are_handed_to_the_judge() -> None:
    seen: list[str] = []

    def judge(sentences, targets):
        seen.extend(sentences)
        return hail_everybody(sentences, targets)

    document = labelled("It rained. Orin Vale came. It snowed. Orin Vale left Marla Quist.")
    rows(document, name(document, "Orin Vale"), name(document, "Marla Quist"), judge=judge)
    assert seen == ["Orin Vale came.", "Orin Vale left Marla Quist."]


def test_no_document_gives_an_empty_table_of_the_schema() -> None:
    assert target_sentiment_layer([], TargetSentimentSettings()).schema == arrow_schema("toward")


def test_a_pronoun_means_the_only_person_named_before_it_in_its_paragraph() -> None:
    document = labelled("Orin Vale came. He praised his own plan, and he\u2019s proud.")
    found = pronouns(document, name(document, "Orin Vale"))
    assert found == [("He", "Orin Vale"), ("his", "Orin Vale"), ("he", "Orin Vale")]


def test_a_paragraph_that_names_nobody_before_its_pronoun_looks_at_the_one_before() -> None:
    document = labelled("Orin Vale came.\n\nHe left again.\n\nHe is gone.")
    assert pronouns(document, name(document, "Orin Vale")) == [("He", "Orin Vale")]


def test_of_two_persons_a_pronoun_means_none() -> None:
    document = labelled("Orin Vale met Marla Quist. She left.")
    assert pronouns(document, name(document, "Orin Vale"), name(document, "Marla Quist")) == []


def test_two_forms_of_one_name_are_one_person() -> None:
    document = labelled("Orin Vale came. Mr Vale spoke. He left.")
    first = name(document, "Orin Vale")
    at = document.text.index("Vale spoke")
    second = first._replace(sentence=1, start=at, end=at + 4, surface="Vale")
    assert pronouns(document, first, second) == [("He", "Vale")]


def test_two_persons_of_one_family_name_are_two() -> None:
    document = labelled("Orin Vale met Ada Vale. She left.")
    assert pronouns(document, name(document, "Orin Vale"), name(document, "Ada Vale")) == []


def test_a_pronoun_in_a_quotation_does_not_mean_a_name_outside_it() -> None:
    text = "Orin Vale spoke of him. \u201cHe is a liar,\u201d he said."
    document = labelled(text, quotes=[quote(text, "\u201cHe is a liar,\u201d", speaker="Orin Vale")])
    own = name(document, "Orin Vale", voice="author", speaker=None)
    assert ("He", "Orin Vale") not in pronouns(document, own)


def test_a_place_is_no_he() -> None:
    document = labelled("Geneva is old. He likes it.")
    assert pronouns(document, name(document, "Geneva", "place")) == []


def test_the_judge_is_named_by_its_import_path() -> None:
    document = labelled("Orin Vale lied.")
    found = target_sentiment_layer(
        [(document, [name(document, "Orin Vale")])], TargetSentimentSettings(f"{__name__}:hail_everybody")
    )
    assert found.column("label").to_pylist() == ["positive"]


def test_the_judge_is_named_by_an_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    point = metadata.EntryPoint("hail", f"{__name__}:hail_everybody", scorer.GROUP)
    monkeypatch.setattr(
        scorer.metadata, "entry_points", lambda **known: [point] if known["name"] == "hail" else []
    )
    assert scorer.load_model("hail") is sys.modules[__name__].hail_everybody
    assert __name__ in scorer.model_fingerprint("hail")


@pytest.mark.parametrize(("judge", "said"), [
    ("no.such.house:judge", "No module named 'no'"),
    ("workbench.annotate.target_sentiment.scorer:nobody", "nobody"),
    ("nobody-installed-it", "cannot be loaded"),
    ("workbench.annotate.target_sentiment.scorer:LABELS", "is no function"),
])  # fmt: skip
def test_a_judge_that_is_not_there_is_refused_with_the_mend(judge: str, said: str) -> None:
    with pytest.raises(BadSettings, match=said) as refused:
        scorer.load_model(judge)
    assert refused.value.hint


def test_another_version_of_a_judge_has_another_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = tmp_path / "other_house.py"
    monkeypatch.syspath_prepend(tmp_path)
    house.write_text("def judge(sentences, targets): ...\n")
    first = scorer.model_fingerprint("other_house:judge")
    house.write_text("def judge(sentences, targets): return []\n")
    assert scorer.model_fingerprint("other_house:judge") != first
    assert scorer.model_fingerprint("no_such_house:judge").endswith("absent")


def test_the_settings_name_our_own_judge_and_a_project_may_name_another(tmp_path: Path) -> None:
    assert load_settings().target_sentiment.judge == DEFAULT_MODEL
    (tmp_path / "target_sentiment.toml").write_text('judge = "other.house:judge"')
    changed = load_settings(tmp_path)
    assert changed.target_sentiment.judge == "other.house:judge"
    assert changed.digests["target_sentiment"] != load_settings().digests["target_sentiment"]


@pytest.mark.parametrize(("line", "said"), [
    ('jugde = "a:b"', "did you mean `judge`"), ("judge = 3", "judge 3 is no name"), ('judge = "a b"', "'a b' is no name"),
])  # fmt: skip
def test_a_wrong_line_is_refused(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "target_sentiment.toml").write_text(line)
    with pytest.raises(BadSettings, match=said):
        load_settings(tmp_path)


def test_targets_are_judged_in_their_own_sentence() -> None:
    document = labelled("Orin Vale lied. Marla Quist praised Orin Vale.")
    found = rows(document, name(document, "Orin Vale"), name(document, "Marla Quist"))
    alone = [target_sentiment([document.text[s.start : s.end]], [SentimentTarget(0, a, b)])[0].score
             for s, (a, b) in zip(document.sentences, ((0, 9), (0, 11)), strict=True)]  # fmt: skip
    assert [row["score"] for row in found] == alone
