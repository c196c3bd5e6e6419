"""Speaker turns: what opens one, what does not, where one stops."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from workbench.label.blocks.lines import split_lines
from workbench.label.turns.turns import TurnLabel, find_insertions, find_stage_marks, find_turns

SEEDS = Path(__file__).parents[2] / "seeds"

BRIEFING = """Press Briefing by Press Secretary Ann Roe

1:05 P.M. EST

MS. ROE:  Good afternoon, everyone.  I have one announcement: we leave at 10:30.

Q    Thank you, Ann.  What time is that?

MS. ROE:  That is early, as you know.

Q    — and then?

MS. ROE:  We will see.  (Laughter.)

END  1:20 P.M. EST

More news
"""


def turns(text: str) -> list[TurnLabel]:
    return find_turns(text, split_lines(text))


def shown(text: str) -> list[str]:
    return [turn.displayed for turn in turns(text)]


def spoken(text: str) -> list[str]:
    return [text[turn.end : turn.stop].strip() for turn in turns(text)]


def seed(part: str) -> str:
    return next(SEEDS.glob(f"*{part}*.txt")).read_text(encoding="utf-8")


# ---------------------------------------------------------------- the seeds


def test_the_kremlin_page_has_two_turns_with_names_and_offices() -> None:
    assert [(turn.speaker, turn.role) for turn in turns(seed("c09b3d58"))] == [
        ("Vladimir Putin", "President of Russia"),
        ("John Kerry", "US Secretary of State"),
    ]


def test_kerrys_turn_stops_before_the_mark_of_omission() -> None:
    text = seed("c09b3d58")
    assert text[turns(text)[1].stop :].startswith("<…>")


def test_the_tass_page_has_no_turn() -> None:
    assert turns(seed("a52b3706")) == []


def test_lavrovs_name_is_an_insertion_and_no_stage_mark() -> None:
    text = seed("c09b3d58")
    assert [text[a:b] for a, b in find_insertions(text, 0, len(text))] == ["[Sergei Lavrov]"]
    assert find_stage_marks(text, 0, len(text)) == []


# ---------------------------------------------------------------- what opens a turn


def test_a_briefing_alternates_between_q_and_the_secretary() -> None:
    assert shown(BRIEFING) == ["MS. ROE", "Q", "MS. ROE", "Q", "MS. ROE"]


def test_the_spoken_words_begin_after_the_white_space() -> None:
    assert spoken(BRIEFING)[1] == "Thank you, Ann.  What time is that?"
    assert all(not BRIEFING[turn.end].isspace() for turn in turns(BRIEFING))


@pytest.mark.parametrize(
    "label",
    ["THE PRESIDENT", "THE VICE PRESIDENT", "PRIME MINISTER ABE", "SENIOR ADMINISTRATION OFFICIAL", "MODERATOR",
     "UNIDENTIFIED", "A PARTICIPANT", "AUDIENCE MEMBER", "QUESTION", "DR. O'HARA", "MR. McDONOUGH", "LT. GOVERNOR ROE",
     "AMBASSADOR VAN DER BERG", "Mr. Kirby", "Question", "Male Speaker", "ANN ROE, CITY NEWS", "SEN. ANN ROE (R-TX)",
     "JOHN DOE, FOREIGN MINISTER", "KING of JORDAN ABDULLAH"],
)  # fmt: skip
def test_a_label_with_a_colon_opens_a_turn(label: str) -> None:
    text = (
        f"A meeting\n\nMS. ROE: Thank you all. I am glad.\n\n{label}: I thank you, too.\n\nMS. ROE: Well.\n"
    )
    if label.upper() != label and "Mc" not in label and "of" not in label:
        text = text.replace("MS. ROE", "Ms. Roe")
    found = shown(text)
    assert len(found) == 3
    assert label.startswith(found[1])


@pytest.mark.parametrize(
    "opening",
    [
        "{}: ",
        "{}:\n",
        "{}\n: ",
        "**{}:** ",
        "**{}**: ",
        "*{}:* ",
        "{}:\u00a0 ",
        "    {}: ",
        "{} : ",
        "**{}: **",
    ],
)
def test_the_same_turns_are_found_in_every_way_to_set_a_label(opening: str) -> None:
    said = [
        ("ANN ROE", "Good evening. Are you well?"),
        ("JOHN DOE", "I am, thank you."),
        ("ANN ROE", "Then we begin."),
    ]
    text = "A talk\n\n" + "\n\n".join(opening.format(label) + words for label, words in said) + "\n"
    assert list(zip(shown(text), spoken(text), strict=True)) == said


def test_a_label_on_its_own_line_needs_no_colon_when_labels_come_back() -> None:
    text = "Debate\n\nANN ROE\nI want to start. Do you?\n\nJOHN DOE\nI do not.\n\nANN ROE\nWhy not, sir?\n\nJOHN DOE\nI am tired.\n"
    assert shown(text) == ["ANN ROE", "JOHN DOE", "ANN ROE", "JOHN DOE"]


def test_an_em_dash_may_stand_for_the_colon() -> None:
    text = "Stakeout\n\n" + "Mr. Doe — I thank you.\n\nMs. Roe — And I you. Are we done?\n\n" * 2
    assert shown(text) == ["Mr. Doe", "Ms. Roe"] * 2


@pytest.mark.parametrize("q", ["Q    ", "Q ", "Q: ", "Q. ", "**Q** ", "Q\u00a0\u00a0\u00a0", "*Q*  ", "Q\n"])
def test_q_opens_a_turn_with_and_without_a_colon(q: str) -> None:
    text = BRIEFING.replace("Q    ", q)
    assert [label.strip("* ") for label in shown(text)] == ["MS. ROE", "Q", "MS. ROE", "Q", "MS. ROE"]


def test_a_question_with_a_colon_of_its_own_is_still_a_q() -> None:
    text = BRIEFING.replace("Q    Thank you, Ann.", "Q    On trade: Thank you.")
    assert shown(text)[1] == "Q"


def test_remarks_by_one_labelled_speaker_are_a_transcript() -> None:
    text = "Remarks\n\nTHE PRESIDENT: Good morning. I want to thank you all.\n\nWe did it. I am proud of you.\n\n10:52 A.M. EST\n"
    assert spoken(text) == ["Good morning. I want to thank you all.\n\nWe did it. I am proud of you."]


def test_a_hard_wrapped_turn_runs_to_the_next_label() -> None:
    text = "Talk\n\nMS. ROE: I will say this in many words and on\nmany lines, as you will\nsee.\n\nYes, here too.\n\nMR. DOE: Thank you.\n"
    assert spoken(text)[0].endswith("Yes, here too.")


def test_an_acronym_in_a_wrapped_line_opens_no_turn() -> None:
    text = BRIEFING.replace(
        "That is early, as you know.", "I have something to say here about\nNATO: we are in it."
    )
    assert shown(text) == shown(BRIEFING)


def test_a_mixed_case_list_inside_a_turn_opens_no_turn() -> None:
    text = BRIEFING.replace("We will see.", "We will see.\n\nFirst: money.\n\nBottom line: we pay.")
    assert shown(text) == shown(BRIEFING)


def test_a_bare_name_continues_what_the_full_label_began() -> None:
    text = (
        "Meeting\n\nPresident of Norland Ann Roe: Good day, colleagues. I am glad.\n\nQuestion: What about gas?\n\n"
        "Ann Roe: I will tell you.\n\nA.Roe: We have it.\n"
    )
    assert [turn.speaker for turn in turns(text)] == ["Ann Roe", "Question", "Ann Roe", "Ann Roe"]


def test_a_newsroom_that_asks_once_is_a_speaker() -> None:
    text = (
        "Doorstep\n\nMinister Ann Roe: Good morning. I am glad to be here.\n\nModerator: Thank you. Please.\n\n"
        "Newswire: Minister, do you agree?\n\nAnn Roe: I do.\n"
    )
    assert shown(text)[2] == "Newswire"


# ---------------------------------------------------------------- notes, stage marks, insertions


@pytest.mark.parametrize(
    "label",
    ["MR. DOE: (Via interpreter) ", "MR. DOE (through interpreter): ", "MR. DOE: (As interpreted.)  ",
     "MR. DOE [by telephone]: ", "MR. DOE:\n(VIA TELEPHONE) "],
)  # fmt: skip
def test_a_note_in_brackets_belongs_to_the_label(label: str) -> None:
    text = f"Talk\n\nMS. ROE: I thank you.\n\n{label}We agree with you.\n"
    turn = turns(text)[1]
    assert turn.note_start is not None
    assert text[turn.note_start] in "(["
    assert text[turn.end : turn.stop].strip() == "We agree with you."
    assert turn.displayed == "MR. DOE"


def test_a_stage_mark_after_the_colon_is_no_note() -> None:
    turn = turns("Talk\n\nMS. ROE: (Laughs.) I thank you.\n\nMR. DOE: (In Norse.) You are welcome.\n")
    assert [one.note_start for one in turn] == [None, None]


@pytest.mark.parametrize(
    "mark",
    ["(Applause.)", "[Laughter]", "(LAUGHTER)", "(In Russian.)", "(Inaudible.)", "(Crosstalk)", "(Cross-talk.)",
     "(Laughter and applause.)", "(END VIDEO CLIP)", "(Speaks Spanish.)", "[inaudible]", "(The bill is signed.)",
     "(Applause, cheers.)", "(As interpreted.)", "(No translation provided.)"],
)  # fmt: skip
def test_a_stage_mark_is_found(mark: str) -> None:
    text = f"I thank you. {mark} And I mean it."
    assert [text[a:b] for a, b in find_stage_marks(text, 0, len(text))] == [mark]


@pytest.mark.parametrize(
    "words", ["(R-TX)", "(FEMA)", "(about 5 per cent)", "(see the annex)", "(in 2015)", "[Ann Roe]"]
)
def test_an_aside_in_brackets_is_no_stage_mark(words: str) -> None:
    assert find_stage_marks(f"We went there {words} and left.", 0, 60) == []


def test_a_stage_mark_in_square_brackets_is_no_insertion() -> None:
    text = "He [the envoy] left. [Laughter] See [this](page)."
    assert [text[a:b] for a, b in find_insertions(text, 0, len(text))] == ["[the envoy]"]


# ---------------------------------------------------------------- what opens no turn


@pytest.mark.parametrize(
    "line",
    ["Font size:", "Site colours:", "WASHINGTON: The ministry met.", "10:30 I arrive.", "First: I want money.",
     "1: We begin.", "Note: you must sign.", "Contact: Ann Roe, 555-0100", "Background: We met in May.",
     "FOR IMMEDIATE RELEASE: we are pleased", "He said this: you and I will go.", "Re: Your letter to me",
     "> MS. ROE: I said that.", "Dear Madam Speaker: I write to you.", "SUBJECT: Our policy for you",
     "TO THE CONGRESS OF THE UNITED STATES: I send you this.", "Photo: Ann Roe, who is with us", "https://example.org/x",
     "OSLO, May 3: We are told it rained.", "Ann Roe: “I said so,” she wrote to us."],
)  # fmt: skip
def test_a_line_with_a_colon_opens_no_turn(line: str) -> None:
    text = f"A title\n\nThe office said on Friday that it would act.\n\n{line}\n\nIt gave no other detail.\n"
    assert turns(text) == []


def test_a_fact_sheet_of_fields_is_no_transcript() -> None:
    text = (
        "Fact sheet\n\n"
        + "Offense: Theft of goods\nSentence: Ten months\nCommutation Grant: Five months\n\n" * 4
    )
    assert turns(text) == []


def test_a_collection_of_statements_is_no_transcript() -> None:
    text = "What they say\n\n" + "\n\n".join(
        f"**Senator {name}:** “I thank the office. We welcome this, as you do.”"
        for name in ("Roe", "Doe", "Poe", "Loe")
    )
    assert turns(text) == []


def test_a_menu_that_comes_back_is_no_transcript() -> None:
    menu = "SEARCH\nNEWS\nYour Say\nSPORTS\nWe list links\nMy account\n"
    assert turns(menu * 3 + "The office met on Friday. It said nothing.\n" + menu) == []


def test_a_headline_with_a_name_and_a_colon_is_no_turn() -> None:
    text = "Ann Roe: We Will Win, and You Know It.\n\nThe senator said on Friday that she would run. I think she may.\n"
    assert turns(text) == []


def test_commentary_heads_in_a_wire_story_open_no_turn() -> None:
    text = (
        'ACME reports\n\nCOMMENTARY:\n\nANN ROE, ANALYST\n\n"I like it. We think you should buy," she said.\n'
        * 2
    )
    assert turns(text) == []


def test_an_empty_text_has_no_turn() -> None:
    assert turns("") == []


# ---------------------------------------------------------------- where a turn stops


@pytest.mark.parametrize(
    "end",
    ["END 2:15 P.M. EDT", "END", "(END)", "###", "# # #", "* * *", "\\* \\* \\*", "<…>", "<...>", "[…]", "-30-", "2:15 P.M. EDT",
     "(END)   2:15 P.M.", "ENDS", "_____", "The meeting rose at 5.10 p.m.", "End of transcript"],
)  # fmt: skip
def test_after_a_sign_off_the_text_belongs_to_nobody(end: str) -> None:
    text = f"Talk\n\nMS. ROE: I thank you.\n\nMR. DOE: We thank you.\n\n{end}\n\nA line of the page\n"
    last = turns(text)[-1]
    assert text[last.stop :].startswith(end)


@pytest.mark.parametrize(
    "footer", ["© 2020 Office", "All news", "Share this page", "See also", "Copyright Office 2020"]
)
def test_a_footer_ends_the_last_turn(footer: str) -> None:
    text = f"Talk\n\nMS. ROE: I thank you.\n\nMR. DOE: We thank you.\n\n{footer}\n"
    assert text[turns(text)[-1].stop :].startswith(footer)


def test_a_line_of_the_head_that_comes_back_ends_the_last_turn() -> None:
    text = (
        "Talk\n\nMay 7, 2013, Oslo\n\nMS. ROE: I thank you.\n\nMR. DOE: We thank you.\n\nMay 7, 2013, Oslo\n"
    )
    assert text[turns(text)[-1].stop :] == "May 7, 2013, Oslo\n"


def test_the_author_goes_on_after_an_excerpt() -> None:
    author = "The minister met the press on Friday. She was asked about trade.\n\n" * 8
    text = f"{author}REPORTER: What do you want?\n\nANN ROE: I want a deal.\n\nAnd I mean it.\n\nThe talks go on in May.\n"
    assert text[turns(text)[-1].stop :] == "The talks go on in May.\n"


def test_a_turn_stops_where_the_next_label_starts() -> None:
    found = turns(BRIEFING)
    assert [one.stop for one in found[:-1]] == [one.start for one in found[1:]]


# ---------------------------------------------------------------- properties

_PIECES = st.sampled_from(
    ["MS. ROE: I thank you.", "Q    What now?", "Q", "**A:** Yes.", "Ann Roe: We do.", "* * *", "", " ", "\u00a0", "THE PRESIDENT\n: I",
     "(Applause.)", "[x]", "word: word", "MR. DOE (in Norse): Well", "MR. DOE — I go.", ":", "::", "**", "END 1:00 P.M.", "é“”…\u2028"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=14), st.sampled_from(["\n", "\n\n", "  \n"]))
def test_labels_are_in_order_and_can_be_cut_from_the_text(pieces: list[str], joint: str) -> None:
    text = joint.join(pieces)
    at = 0
    for turn in turns(text):
        assert at <= turn.start < turn.end <= turn.stop <= len(text)
        assert turn.displayed in text[turn.start : turn.end]
        assert turn.speaker
        at = turn.stop


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_the_search_for_turns(text: str) -> None:
    for turn in turns(text):
        assert 0 <= turn.start < turn.end <= turn.stop <= len(text)
    for start, end in find_stage_marks(text, 0, len(text)) + find_insertions(text, 0, len(text)):
        assert text[start] in "(["
        assert text[end - 1] in ")]"


# ---------------------------------------------------------------- mixed case

TALK = """Press conference in Vienna

Vice President Harris: Thank you all for coming today. It is good to be here with you.

Reporter: What about the talks?

Vice President Harris: We will continue them next week, as planned.

Reporter: And the budget?

Vice President Harris: The budget is with Congress, I have nothing to add.

Lavrov: We agree.
"""


@pytest.mark.parametrize(
    "form", ["{}: ", r"{}\: ", r"**{}\:** ", r"**{}**\: ", r"*{}:* "], ids=lambda form: form.strip()
)
def test_labels_of_escaped_and_marked_text_are_shown_without_the_marks(form: str) -> None:
    text = TALK
    for label in ("Vice President Harris", "Reporter", "Lavrov"):
        text = text.replace(f"{label}: ", form.format(label))
    assert shown(text) == [
        "Vice President Harris", "Reporter", "Vice President Harris", "Reporter", "Vice President Harris", "Lavrov",
    ]  # fmt: skip
    assert spoken(text)[-1] == "We agree."


def test_a_question_mark_of_escaped_text_is_one() -> None:
    assert shown(BRIEFING.replace("Q    ", r"Q\. ")) == ["MS. ROE", "Q", "MS. ROE", "Q", "MS. ROE"]


def test_a_surname_heard_once_speaks_where_every_paragraph_has_its_label() -> None:
    assert spoken(TALK)[-1] == "We agree."
    loose = TALK.replace("Lavrov", "It was a long day.\n\nThe hall was full.\n\nNobody left.\n\nReuters")
    assert shown(loose)[-1] == "Vice President Harris"
    written_small = TALK.replace("Lavrov", "Correction").replace("The budget", "A correction of the budget")
    assert shown(written_small)[-1] == "Vice President Harris"
