"""A correction at an address holds for the label that stands there, follows its words, and complains when they are gone."""

import json

import pytest
from support.corrected_texts import BRIEFING, DUSK, REED, SHIP, SPEECH, STEP, STORY, address

from workbench.annotate.sentences import split_sentences
from workbench.label import label
from workbench.label.corrections import find_words, words_at
from workbench.schema import Document
from workbench.settings import load_settings

SETTINGS = load_settings()
BASIS = "corrected in metadata.toml: seen"


def labelled(text, known=None, **corrections):
    known = dict(known or {})
    if corrections:
        known["corrections"] = json.dumps(corrections)
    return label(Document("a.txt", "a.txt", text, "", known), SETTINGS)


def entry(words, **right):
    return {**right, "words": words, "reason": "seen"}


def said(labels, text):
    """Sentence -> voice and speaker."""
    return {
        text[one.start : one.end]: (one.voice, one.speaker)
        for one in split_sentences(text, labels.segments, labels.quotes)
    }


def doubts(labels):
    return [one.problem for one in labels.problems if "corrects" in one.problem or "speaker" in one.problem]


def test_a_turn_has_the_speaker_that_the_analyst_gives_it_and_the_next_keeps_its_own():
    labels = labelled(BRIEFING, turns={address(BRIEFING, REED): entry(REED, speaker="Anna Falk")})
    turns = [(s.speaker, s.rule) for s in labels.segments if s.kind == "speaker_label"]
    assert [speaker for speaker, _ in turns] == ["Mr. Able", "Anna Falk", "Pipeline Dispute", "Ms. Reed"]
    assert turns[1][1] == BASIS
    assert said(labels, BRIEFING)["I think we can do it."] == ("turn", "Anna Falk")
    assert doubts(labels) == []


def test_segments_tile_the_text_after_every_correction():
    part = "harbour of the town"
    for labels, text in [
        (labelled(STORY, labels={address(STORY, part): entry(part, kind="caption")}), STORY),
        (
            labelled(
                BRIEFING, turns={address(BRIEFING, "Thank you. I"): entry("Thank you. I", speaker="Falk")}
            ),
            BRIEFING,
        ),
    ]:
        assert "".join(text[s.start : s.end] for s in labels.segments) == text
        assert all(text[s.start : s.end].strip() for s in labels.segments)


def test_a_quotation_has_the_speaker_that_the_analyst_gives_it():
    before, after = (
        labelled(STORY),
        labelled(STORY, quotes={address(STORY, STEP): entry(STEP, speaker="Anna Falk")}),
    )
    assert said(before, STORY)[STEP] == ("quote", "Elena Markov")
    assert said(after, STORY)[STEP] == ("quote", "Anna Falk")
    (quote,) = [quote for quote in after.quotes if quote.basis]
    assert (quote.basis, quote.confidence, quote.speaker_start) == (BASIS, 1.0, None)


def test_a_false_quotation_goes_and_its_words_are_the_authors():
    after = labelled(STORY, quotes={address(STORY, SHIP): entry(SHIP, delete=True)})
    sentence = f"Officials call the ship {SHIP}"
    assert said(labelled(STORY), STORY)[sentence][0] == "quote"
    assert said(after, STORY)[sentence] == ("author", None)
    assert len(after.quotes) == len(labelled(STORY).quotes) - 1
    (note,) = [one for one in after.problems if BASIS in one.problem]
    assert note.severity == "note"


def test_a_passage_is_what_the_analyst_says_and_leaves_the_body():
    labels = labelled(STORY, labels={address(STORY, DUSK): entry(DUSK, kind="caption")})
    kinds = {STORY[s.start : s.end].strip(): (s.kind, s.rule) for s in labels.segments}
    assert kinds[DUSK] == ("caption", BASIS)
    assert DUSK not in said(labels, STORY)


def test_a_quotation_in_a_passage_that_is_no_text_is_none():
    passage = STORY[STORY.index("Customs said") :].strip()
    labels = labelled(
        STORY,
        labels={
            address(STORY, passage): entry(
                words_at(STORY, STORY.index(passage), len(STORY) - 1), kind="related"
            )
        },
    )
    assert all(quote.end < STORY.index(passage) for quote in labels.quotes)


def test_a_false_speaker_is_corrected_throughout_with_what_was_said():
    story = labelled(STORY, speakers={"customs": {"to": "unknown", "reason": "seen"}})
    (quote,) = [quote for quote in story.quotes if quote.basis]
    assert (quote.speaker, quote.basis) == ("unknown", BASIS)
    briefing = labelled(BRIEFING, speakers={"ms. reed": {"to": "Anna Falk", "reason": "seen"}})
    assert [s.speaker for s in briefing.segments if s.kind == "speaker_label"].count("Anna Falk") == 2
    assert doubts(story) == doubts(briefing) == []


def test_a_speaker_corrected_twice_has_the_last_name_and_a_circle_ends():
    twice = {
        "Ms. Reed": {"to": "Anna Falk", "reason": "first"},
        "Anna Falk": {"to": "Ida Falk", "reason": "then"},
    }
    assert "Ida Falk" in {s.speaker for s in labelled(BRIEFING, speakers=twice).segments}
    swapped = {"Ms. Reed": {"to": "Mr. Able", "reason": "r"}, "Mr. Able": {"to": "Ms. Reed", "reason": "r"}}
    speakers = [s.speaker for s in labelled(BRIEFING, speakers=swapped).segments if s.kind == "speaker_label"]
    assert speakers == ["Ms. Reed", "Mr. Able", "Pipeline Dispute", "Mr. Able"]


def test_one_turn_stands_above_the_name_throughout():
    labels = labelled(
        BRIEFING,
        speakers={"Ms. Reed": {"to": "unknown", "reason": "r"}},
        turns={address(BRIEFING, REED): entry(REED, speaker="Ms. Reed")},
    )
    assert [s.speaker for s in labels.segments if s.kind == "speaker_label"] == [
        "Mr. Able", "Ms. Reed", "Pipeline Dispute", "unknown",
    ]  # fmt: skip


def test_a_correction_follows_its_words_to_their_new_place_and_says_so():
    moved = STORY.replace("enter a second day", "go on, and on, for a second day")
    labels = labelled(moved, quotes={address(STORY, STEP): entry(STEP, speaker="Anna Falk")})
    assert said(labels, moved)[STEP] == ("quote", "Anna Falk")
    (problem,) = [one for one in labels.problems if "corrects" in one.problem]
    assert problem.severity == "note"
    assert address(moved, STEP) in problem.hint


@pytest.mark.parametrize(
    ("text", "corrections", "why"),
    [
        (STORY.replace("long year", "year"), {"quotes": {address(STORY, STEP): entry(STEP, speaker="A")}}, "any more"),
        (BRIEFING.replace("MS. REED", "MR. REED"), {"turns": {address(BRIEFING, REED): entry(REED, speaker="A")}}, "any more"),
        (STORY, {"turns": {address(STORY, DUSK): entry(DUSK, speaker="A")}}, "no turn of a speaker"),
        (STORY, {"quotes": {address(STORY, DUSK): entry(DUSK, delete=True)}}, "no quotation"),
        (STORY, {"speakers": {"custms": {"to": "unknown", "reason": "r"}}}, "nobody is called so"),
        (STORY + STEP, {"quotes": {"5-9": entry(STEP, speaker="A")}}, "any more"),
    ],
)  # fmt: skip
def test_a_correction_that_no_longer_fits_is_without_effect_and_says_so(text, corrections, why):
    labels, before = labelled(text, **corrections), labelled(text)
    assert (labels.segments, labels.quotes) == (before.segments, before.quotes)
    (problem,) = [one for one in labels.problems if "corrects" in one.problem]
    assert why in problem.problem
    assert problem.problem.endswith("without effect")
    assert problem.severity == "doubtful"
    assert problem.hint


def test_the_speaker_of_a_document_speaks_its_paragraphs():
    known = {"speaker": "Elena Markov", "speaker_reason": "seen"}
    labels = labelled(SPEECH, known)
    spoken = said(labels, SPEECH)
    assert spoken
    assert set(spoken.values()) == {("turn", "Elena Markov")}
    assert {s.rule for s in labels.segments if s.kind == "turn"} == {BASIS}


def test_the_speaker_of_a_document_with_several_labelled_ones_is_refused_with_the_line_that_corrects_one():
    labels = labelled(BRIEFING, {"speaker": "Elena Markov", "speaker_reason": "seen"})
    assert labels.segments == labelled(BRIEFING).segments
    (problem,) = [one for one in labels.problems if "Elena Markov" in one.problem]
    assert "3 speakers are labelled" in problem.problem
    assert 'workbench correct speaker "Mr. Able" --to "Elena Markov" --document "a.txt"' in problem.hint


def test_the_words_of_a_long_passage_are_its_beginning_and_end_and_find_it_again():
    start, end = STORY.index("Customs said"), len(STORY) - 1
    words = words_at(STORY, start, end)
    assert words.startswith("Customs said")
    assert words.endswith("was not there.")
    assert len(words) < 120
    assert find_words("x" * 7 + STORY, start, end, words) == start + 7
    assert find_words(STORY + STORY, start + 1, end + 1, words) is None
