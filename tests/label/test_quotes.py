"""Quotes, indirect speech and their sources in invented sentences, one fact each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from workbench.label.quotes.quotes import find_quotes
from workbench.schema import CUE_CLASSES, QUOTE_KINDS, UNKNOWN, Quote, Segment, plain

SEEDS = Path(__file__).parents[2] / "seeds"


def paragraphs(text: str, kind: str = "paragraph", speaker: str | None = None) -> list[Segment]:
    return [Segment(m.start(), m.end(), kind, speaker, None, "line") for m in re.finditer(r"[^\n]+\n*", text)]


def quotes(text: str) -> list[Quote]:
    return find_quotes(text, paragraphs(text))


def marked(text: str) -> list[Quote]:
    return [quote for quote in quotes(text) if quote.kind != "indirect"]


def indirect(text: str) -> list[Quote]:
    return [quote for quote in quotes(text) if quote.kind == "indirect"]


def only(text: str) -> tuple[str, Quote]:
    found = marked(text)
    assert len(found) == 1, found
    return text[found[0].start : found[0].end], found[0]


# ---------------------------------------------------------------- marks


@pytest.mark.parametrize(
    ("opening", "closing"),
    [('"', '"'), ("“", "”"), ("«", "»"), ("„", "“"), ("„", "”"), ("''", "''"), ("‘", "’"), ("``", "''")],
)
def test_marks_of_every_shape_are_part_of_the_span(opening, closing):
    text = f"{opening}The bridge will open in spring,{closing} Ana Petrova said."
    cut, quote = only(text)
    assert cut == f"{opening}The bridge will open in spring,{closing}"
    assert (quote.kind, quote.speaker, quote.cue) == ("direct", "Ana Petrova", "said")


def test_a_single_quotation_inside_a_double_one_is_not_a_quote_of_its_own():
    cut, _ = only('"They call it a ‘reform’ of the harbour law," Ana Petrova said.')
    assert cut.startswith('"They call')


def test_a_quotation_that_ends_in_a_nested_one_is_still_attributed():
    _, quote = only("“People come in and say, ‘Thank you for the bread,’” Tom Hale explained.")
    assert quote.speaker == "Tom Hale"


@pytest.mark.parametrize(
    "text",
    [
        "The ministers' plan and the workers' answer don't match, it's clear.",
        "In the '90s the town's mills closed, and rock 'n' roll came.",
        'The pipe is 12" wide and the door 6\'2" high.',
    ],
)
def test_apostrophes_and_inches_are_no_quotations(text):
    assert marked(text) == []


def test_an_opening_mark_repeated_in_the_next_paragraph_carries_one_quote_on():
    text = "“The mill was old. It had to go,” Ana Petrova said. “We looked for a buyer.\n\n“Nobody came,” she added.\n"
    spans = [text[q.start : q.end] for q in marked(text)]
    assert spans[1] == "“We looked for a buyer.\n\n“Nobody came,”"
    assert {q.speaker for q in marked(text)} == {"Ana Petrova"}


def test_a_mark_never_closed_ends_with_its_paragraph():
    text = 'Ana Petrova said, "The mill was old and had to go.\n\nThe town is small.\n'
    cut, quote = only(text)
    assert cut == '"The mill was old and had to go.'
    assert quote.speaker == "Ana Petrova"


def test_a_mark_never_closed_ends_where_the_next_quotation_opens():
    text = "“The mill was old, Ana Petrova said. “It had to go.”"
    assert [text[q.start : q.end] for q in marked(text)][-1] == "“It had to go.”"


# ---------------------------------------------------------------- where the source stands


@pytest.mark.parametrize(
    ("text", "speaker", "cue"),
    [
        ('"The bridge is safe," said John Marsh.', "John Marsh", "said"),
        ('"The bridge is safe," said John Marsh, the city engineer.', "John Marsh", "said"),
        ('"The bridge is safe," John Marsh, the city engineer, said on Monday.', "John Marsh", "said"),
        ('"The bridge is safe," city engineer John Marsh told reporters in Riga.', "John Marsh", "told"),
        ('John Marsh said, "The bridge is safe."', "John Marsh", "said"),
        ('John Marsh, the city engineer, said on Monday: "The bridge is safe."', "John Marsh", "said"),
        ('In a letter to the council, John Marsh wrote: "The bridge is safe."', "John Marsh", "wrote"),
        ('"The bridge is safe," according to John Marsh.', "John Marsh", "according to"),
        ('According to John Marsh, the bridge "is safe for another ten years."', "John Marsh", "According to"),
        ('Said John Marsh: "The bridge is safe for now."', "John Marsh", "Said"),
        ('"Is the bridge safe?" John Marsh asked.', "John Marsh", "asked"),
        ('"The bridge is safe!" shouted John Marsh.', "John Marsh", "shouted"),
        ('"The bridge is safe," John Marsh shot back.', "John Marsh", "shot"),
        ('"The bridge is safe", John Marsh said.', "John Marsh", "said"),
        ('"The bridge is safe," the port authority said in a statement.', "port authority", "said"),
        ('"The bridge is safe," a spokesman for the port authority said.', "spokesman for the port authority", "said"),
    ],
)  # fmt: skip
def test_the_source_is_found_before_behind_and_inverted(text, speaker, cue):
    _, quote = only(text)
    assert (quote.speaker, quote.cue) == (speaker, cue)


def test_a_quotation_parted_by_its_clause_is_two_quotes_of_one_speaker():
    text = '"The bridge," he said, "is safe for now." '
    assert [q.cue for q in marked("John Marsh spoke. " + text)] == ["said", "said"]
    both = marked('"The bridge is safe," said John Marsh. "We tested it twice."')
    assert [q.speaker for q in both] == ["John Marsh", "John Marsh"]
    assert both[1].cue is None


def test_the_span_of_the_speaker_is_where_he_is_named():
    text = 'Officials met. "The bridge is safe," city engineer John Marsh said.'
    _, quote = only(text)
    assert "John Marsh" in text[quote.speaker_start : quote.speaker_end]


def test_a_phrase_in_the_authors_sentence_is_a_partial_quote():
    cut, quote = only('The ministry noted that "despite storms in the bay, the port works."')
    assert (quote.kind, quote.speaker, quote.cue) == ("partial", "ministry", "noted")
    assert cut.startswith('"despite')


def test_an_ellipsis_does_not_end_a_quotation():
    cut, quote = only('"We waited ... and waited … and left," John Marsh said.')
    assert cut.endswith('left,"')
    assert quote.speaker == "John Marsh"


# ---------------------------------------------------------------- who the source is


def test_a_surname_stands_for_the_fullest_form_in_the_document():
    text = 'City engineer John Marsh came late.\n\n"The bridge is safe," Marsh said.\n'
    _, quote = only(text)
    assert quote.speaker == "John Marsh"
    assert text[quote.speaker_start : quote.speaker_end] == "Marsh"


def test_a_pronoun_stands_for_the_person_quoted_before():
    text = '"The bridge is safe," John Marsh said.\n\n"We tested it twice," he added.\n'
    assert [q.speaker for q in marked(text)] == ["John Marsh", "John Marsh"]


def test_a_pronoun_without_a_person_before_it_is_unknown():
    _, quote = only('"The bridge is safe for now," he said.')
    assert quote.speaker == UNKNOWN


@pytest.mark.xfail(
    strict=True, reason="only who was a source before is carried over; a subject that never spoke is not"
)
def test_a_pronoun_stands_for_the_subject_of_the_sentence_before():
    _, quote = only('John Marsh came late. "The bridge is safe for now," he said.')
    assert quote.speaker == "John Marsh"


def test_she_is_not_the_man_whom_the_document_calls_he():
    text = (
        '"The bridge is safe," Mr. Marsh said.\n\n"We tested it twice," he added.\n\n'
        'A woman stood up. "It is not safe at all," she said.\n'
    )
    assert [q.speaker for q in marked(text)] == ["Marsh", "Marsh", UNKNOWN]


def test_nobody_is_carried_over_into_another_speakers_turn():
    text = "Ana Petrova said that the bridge is old.\nHe said that the bridge is safe.\n"
    first, second = paragraphs(text)
    body = [first, second._replace(kind="turn", speaker="John Marsh")]
    assert [q.speaker for q in find_quotes(text, body)] == ["Ana Petrova", UNKNOWN]


def test_the_ministry_stands_for_the_one_described_before():
    text = 'The bridge is safe, the Latvian transport ministry said.\n\n"We tested it twice," the ministry said.\n'
    _, quote = only(text)
    assert quote.speaker == "Latvian transport ministry"
    assert text[quote.speaker_start : quote.speaker_end] == "the ministry"


def test_a_quotation_paragraph_goes_on_with_the_speaker_of_the_one_before():
    text = 'John Marsh spoke to the council on Monday and said:\n\n"The bridge is safe for ten more years."\n'
    _, quote = only(text)
    assert quote.speaker == "John Marsh"


def test_titles_of_works_and_scare_quotes_are_left_out():
    assert marked('The "green" bridge appears in the film "River Town" and on stamps.') == []


def test_a_long_quotation_that_nobody_owns_is_unknown_and_unsure():
    _, quote = only('On the wall: "Whoever crosses this bridge at night must carry a lamp."\n')
    assert quote.confidence < 0.8


# ---------------------------------------------------------------- indirect speech


@pytest.mark.parametrize(
    ("text", "content", "speaker", "cue"),
    [
        ("John Marsh said that the bridge is safe.", "that the bridge is safe", "John Marsh", "said"),
        ("John Marsh said on Monday that the bridge is safe.", "that the bridge is safe", "John Marsh", "said"),
        ("The bridge is safe for now, John Marsh said on Monday.", "The bridge is safe for now", "John Marsh", "said"),
        ("The bridge is safe for now, said John Marsh.", "The bridge is safe for now", "John Marsh", "said"),
        ("According to the ministry, the bridge is safe.", "the bridge is safe", "ministry", "According to"),
        ("The bridge is safe for now, according to the ministry.", "The bridge is safe for now", "ministry", "according to"),
        ("The ministry stressed the need for a new bridge.", "the need for a new bridge", "ministry", "stressed"),
        ("The ministry called for a new bridge.", "a new bridge", "ministry", "called for"),
        ("Ana Petrova believes the bridge is safe.", "the bridge is safe", "Ana Petrova", "believes"),
    ],
)  # fmt: skip
def test_indirect_speech_has_content_source_and_cue(text, content, speaker, cue):
    found = indirect(text)
    assert [(text[q.start : q.end], q.speaker, q.cue) for q in found] == [(content, speaker, cue)]


def test_a_headline_names_its_source_behind_a_dash():
    text = "Port of Riga to open second pier in May — Latvian transport ministry\n"
    found = indirect(text)
    assert [(text[q.start : q.end], q.speaker) for q in found] == [
        ("Port of Riga to open second pier in May", "Latvian transport ministry")
    ]


def test_a_quotation_over_two_paragraphs_is_attributed_by_the_clause_behind_it():
    text = "“The mill was old.\n\n“It had to go,” Ana Petrova said.\n"
    assert [(text[q.start : q.end], q.speaker) for q in marked(text)] == [
        ("“The mill was old.\n\n“It had to go,”", "Ana Petrova")
    ]


def test_adding_leans_on_the_clause_before_it():
    text = "The road is closed, the ministry said, adding that the bridge is open."
    assert [(text[q.start : q.end], q.speaker) for q in indirect(text)] == [
        ("The road is closed", "ministry"),
        ("that the bridge is open", "ministry"),
    ]


@pytest.mark.parametrize(
    ("cue", "cue_class"),
    [("said", "neutral"), ("claimed", "claim"), ("demanded", "demand"), ("denied", "denial")],
)
def test_the_cue_has_its_class(cue, cue_class):
    assert indirect(f"The ministry {cue} that the bridge was sold.")[0].cue_class == cue_class


@pytest.mark.parametrize(
    ("text", "speaker", "cue", "cue_class"),
    [
        ("Few heed the port authority's warning that the bridge may fall.", "port authority", "warning", "claim"),
        ("Nobody took up Ana Petrova's promise that tolls will end.", "Ana Petrova", "promise", "neutral"),
        ("The council met over the unions' denials that a strike is near.", "unions", "denials", "denial"),
    ],
)  # fmt: skip
def test_a_noun_reports_for_the_one_it_belongs_to(text, speaker, cue, cue_class):
    (quote,) = indirect(text)
    assert (quote.speaker, quote.cue, quote.cue_class) == (speaker, cue, cue_class)
    assert text[quote.start : quote.end].startswith("that ")


def test_a_noun_that_looks_like_a_cue_reports_nothing():
    assert quotes("The support of the town and its plans for the report on hopes were old.") == []


def test_who_speaks_of_himself_is_not_reported():
    text = "I think that the bridge is safe, and I said so."
    assert find_quotes(text, paragraphs(text, "turn", "John Marsh")) == []


def test_a_quotation_in_a_turn_is_a_quote():
    text = 'Ana Petrova told me, "The bridge is safe," and I believe her.'
    found = [q for q in find_quotes(text, paragraphs(text, "turn", "John Marsh")) if q.kind != "indirect"]
    assert [q.speaker for q in found] == ["Ana Petrova"]


@pytest.mark.parametrize(
    "text",
    [
        "I think that the bridge is safe.",
        "I've said that the bridge is safe.",
        "We\u2019re saying that the bridge is safe, and we hope it stays so.",
        "As I\u2019ve often argued, the bridge was tested twice, adding that it cost us.",
        "John Marsh believes that the bridge is safe.",
    ],
)
def test_what_a_turns_speaker_thinks_himself_is_no_indirect_quote(text):
    assert find_quotes(text, paragraphs(text, "turn", "John Marsh")) == []


def test_what_a_turns_speaker_reports_of_somebody_else_is_an_indirect_quote():
    text = "I think we waited. The minister said that the bridge is safe."
    (quote,) = find_quotes(text, paragraphs(text, "turn", "John Marsh"))
    assert (quote.kind, quote.speaker) == ("indirect", "minister")


def test_a_contracted_pronoun_is_a_pronoun():
    text = 'John Marsh said the bridge holds. "We tested it twice," he\u2019s said since.'
    (quote,) = marked(text)
    assert quote.speaker == "John Marsh"
    assert text[quote.speaker_start : quote.speaker_end] == "he"


def test_a_sentence_without_end_is_read_only_so_far():
    assert len(indirect("According to the ministry, it rains, " * 200)) <= 16
    assert len(indirect("Marsh said it rains and " * 200)) <= 24


def test_what_the_turns_speaker_quotes_himself_as_saying_is_his():
    text = 'I said, "The bridge is safe and will stay open."'
    found = [q for q in find_quotes(text, paragraphs(text, "turn", "John Marsh")) if q.kind != "indirect"]
    assert [q.speaker for q in found] == ["John Marsh"]


# ---------------------------------------------------------------- segments


def test_an_insertion_cuts_a_quote_in_two_of_one_speaker():
    text = '"The bridge [over the Daugava] is safe," John Marsh said.'
    hole = text.index("["), text.index("]") + 2
    body = [
        Segment(0, hole[0], "paragraph", None, None, "line"),
        Segment(hole[1], len(text), "paragraph", None, None, "line"),
    ]
    found = find_quotes(text, body)
    assert [(text[q.start : q.end], q.speaker) for q in found] == [
        ('"The bridge ', "John Marsh"),
        ('is safe,"', "John Marsh"),
    ]


def test_no_body_has_no_quotes():
    assert find_quotes('"The bridge is safe," John Marsh said.', []) == []


# ---------------------------------------------------------------- the seeds


@pytest.fixture(scope="module")
def tass() -> tuple[str, list[Quote]]:
    text = (SEEDS / "003_a52b3706e287451f.txt").read_text(encoding="utf-8")
    start = plain(text).index("US Secretary of State John Kerry will pay")
    body = [s._replace(start=s.start + start, end=s.end + start) for s in paragraphs(text[start:])]
    return text, find_quotes(text, body)


def test_the_tass_story_has_14_quotes_all_of_the_russian_foreign_ministry(tass):
    _, found = tass
    spoken = [quote for quote in found if quote.kind != "indirect"]
    assert len(spoken) == 14
    assert {quote.speaker for quote in spoken} == {"Russian foreign ministry"}


def test_the_inner_hunt_of_the_tass_story_is_not_a_quote_of_its_own(tass):
    text, found = tass
    assert not [q for q in found if text[q.start : q.end].strip("‘’'\"") == "hunt"]


def test_the_first_sentence_of_the_tass_story_is_indirect_speech(tass):
    text, found = tass
    assert found[0].kind == "indirect"
    assert plain(text[found[0].start : found[0].end]).endswith("to Moscow on December 15")


# ---------------------------------------------------------------- properties

PIECES = st.sampled_from(
    ['"', "“", "”", "‘", "’", "«", "»", "„", "''", " ", ", ", ". ", "\n", "\n\n", "John Marsh", "he", "the ministry", "said", "told",
     "adding", "that", "according to", "According to", "6'2\"", "[sic]", "…", "(", ")", "-", ":", "who", "and", "bridge", "A", "\u00a0", "\x01"]
)  # fmt: skip
TEXTS = st.lists(PIECES, min_size=1, max_size=40).map("".join)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, cut=st.integers(0, 60))
def test_spans_lie_in_body_segments_in_order(text, cut):
    whole = [s for s in paragraphs(text)]
    body = [s for number, s in enumerate(whole) if number != cut % (len(whole) + 1)]
    inside = {place for segment in body for place in range(segment.start, segment.end)}
    found = find_quotes(text, body)
    assert found == sorted(found)
    for quote in found:
        assert quote.start < quote.end
        assert inside.issuperset(range(quote.start, quote.end))
        assert quote.kind in QUOTE_KINDS
        assert quote.cue_class is None or quote.cue_class in CUE_CLASSES
        assert 0 <= quote.confidence <= 1
        assert quote.speaker
        if quote.speaker_start is not None and quote.speaker_end is not None:
            assert 0 <= quote.speaker_start < quote.speaker_end <= len(text)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_is_read_without_an_error(text):
    find_quotes(text, paragraphs(text))


# ---------------------------------------------------------------- offices, and who is nobody


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("“We looked at all of it,” the harbour's chief engineer, Ana Petrova, said on Tuesday.", "engineer"),
        ("“We looked at all of it,” the minister's spokesman, Tom Hale, wrote on Telegram.", "spokesman"),
        ("“The bridge is shut,” said one unaligned harbour strategist.", "one unaligned harbour strategist"),
        ("A recent survey by Northern Ferries found that “the bridge is shut.”", "survey"),
        ("A harbour board poll released Thursday found that “the bridge is shut.”", "poll"),
        (
            "The Science and Harbour Directorate concluded that the tunnel was “not suited to trams.”",
            "Science",
        ),
        ("Yet another said, “The bridge is shut for good.”", "another"),
    ],
)
def test_an_office_a_work_and_an_apposition_are_sources(text, source):
    _, quote = only(text)
    assert quote.speaker_start is not None
    assert source in text[quote.speaker_start : quote.speaker_end]


def test_a_word_like_the_is_nobody():
    text = "In its story the, so far, unsigned paper goes on: “The bridge is shut for good and all.”"
    assert [quote.speaker for quote in marked(text)] == [UNKNOWN]


def test_a_body_keeps_its_whole_name():
    text = "The Northern Teachers met. “It is shut,” said Baltic Federation of Teachers on Friday."
    assert only(text)[1].speaker == "Baltic Federation of Teachers"


def test_a_clause_behind_the_verb_is_no_source():
    text = "The notice, titled “Shut?”, concludes that Hale is “late and careless.”"
    assert all(quote.speaker != "Hale" for quote in marked(text))


def test_marks_of_two_shapes_close_each_other():
    text = '“The bridge is out of balance," the board wrote. "A mend is needed now.“ Ana Petrova left.'
    assert [(text[q.start : q.end], q.speaker) for q in marked(text)] == [
        ('“The bridge is out of balance,"', "board"),
        ('"A mend is needed now.“', "board"),
    ]


# ---------------------------------------------------------------- how a source is written


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Analysts said the bridge would open. Other analysts did not.", "analysts"),
        ("Some officials said the bridge would open.", "some officials"),
        ("Media reports said the bridge would open. The media had been there.", "media reports"),
        ("Brooks said the bridge would open.", "Brooks"),
        ("White House officials said the bridge would open.", "White House officials"),
        ("The U.S. said the bridge would open.", "U.S."),
        ("U.S. officials said the bridge would open.", "U.S. officials"),
        ("J.P. Morgan said the bridge would open.", "J.P. Morgan"),
    ],
)
def test_a_capital_that_only_begins_the_sentence_is_not_the_sources(text, speaker):
    assert indirect(text)[0].speaker == speaker


@pytest.mark.parametrize(
    "text",
    [
        "The bridge opened on Monday. (Additional reporting by Ana Petrova in Hull)",
        "All told, the port is spending nine million on the bridge.",
    ],
)
def test_credits_and_sums_report_nobody(text):
    assert quotes(text) == []


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "**Minister Anna Berg of Norland:** “We have waited for this for years, and it is here.”",
            "Anna Berg",
        ),
        ("__Ana Petrova__: “We have waited for this for years, and it is here.”", "Ana Petrova"),
        ("**Under Secretary for Defense Policy Dr. Tom Hale:** “The work goes on as it did.”", "Tom Hale"),
        ("“The work goes on as it did,” the paper cited ministry spokesman Tom Hale as saying.", "Tom Hale"),
    ],
)
def test_a_statement_behind_a_name_in_bold_or_cited_has_its_speaker(text, speaker):
    cut, quote = only(text)
    assert (quote.kind, quote.speaker) == ("direct", speaker)
    assert cut.startswith("“")


def test_who_is_quoted_as_saying_says_it_and_not_the_paper():
    text = "The agency quoted Foreign Minister Anna Berg as saying that talks would go on."
    (quote,) = quotes(text)
    assert (quote.speaker, text[quote.start : quote.end]) == ("Anna Berg", "that talks would go on")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("State Department", "State Department"), ("British Foreign Office", "British Foreign Office"),
        ("General Motors", "General Motors"), ("General Petrova", "Petrova"), ("CEO Tom Hale", "Tom Hale"),
        ("Chief Executive Tom Hale", "Tom Hale"), ("Secretary of the Interior Ana Petrova", "Ana Petrova"),
        ("Oslo-based Norsk", "Norsk"), ("Bank of Hull analyst Tom Hale", "Tom Hale"),
    ],
)  # fmt: skip
def test_a_title_is_no_part_of_a_person_and_every_word_is_of_a_body(written, name):
    assert indirect(f"{written} said the bridge would open in spring.")[0].speaker == name


def test_initials_do_not_end_a_sentence_and_the_source_with_it():
    _, quote = only(
        '"The bridge will open in spring," said C.K. Hale, an engineer. He left at 3 p.m. Nobody came.'
    )
    assert quote.speaker == "C.K. Hale"


def test_a_source_in_capitals_is_shown_in_reading_case():
    _, quote = only('ANA PETROVA, ENGINEER, PORT OF HULL: "The bridge will open in spring."')
    assert quote.speaker == "Ana Petrova"
