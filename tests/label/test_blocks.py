"""Lines, blocks and kinds: every character has its place."""

import pytest
from hypothesis import given, settings, strategies as st

from workbench.label import label
from workbench.label.blocks.lines import find_blocks, split_lines, wrap_width
from workbench.schema import SEGMENT_KINDS, Document, plain
from workbench.settings import load_settings

SETTINGS = load_settings()
STORY = (
    "The council of the town met on Monday to speak of the harbour, and it was the first such meeting in three years.",
    '"We have not agreed on everything," said the mayor, who was the last to leave the hall that evening.',
    "The debts of the harbour have grown since it was built, according to a report that the council was given.",
    "A second meeting is to be held in the autumn, when the money for the coming year has to be found.",
)


def labels_of(text, **more):
    return label(Document("a.txt", "a.txt", text, "", **more), SETTINGS)


def kinds(text):
    return [(s.kind, text[s.start : s.end].strip()) for s in labels_of(text).segments]


PIECES = st.sampled_from(
    [
        *STORY,
        "By Ann Example",
        "May 7, 2013",
        "* * *",
        "Home",
        "MAYOR: Yes.",
        "(Applause.)",
        "[sic]",
        "\u00a9 X/TASS",
        "\u00a0",
        "",
        "|",
        "\x0b",
        "<…>",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=30)), max_size=14))
def test_segments_tile_any_text(pieces):
    text = "\n".join(pieces)
    segments = labels_of(text).segments
    assert [s.start for s in segments] == [0, *(s.end for s in segments[:-1])]
    assert segments[-1].end == len(text)
    assert {s.kind for s in segments} <= set(SEGMENT_KINDS)
    assert all(s.rule for s in segments)


@given(st.text(max_size=200))
def test_lines_joined_with_line_feeds_give_the_text_back(text):
    lines = split_lines(text)
    assert "\n".join(text[line.start : line.end] for line in lines) == text
    assert all(line.text == plain(text[line.start : line.end]).strip() for line in lines)


def test_a_text_wrapped_at_70_columns_has_whole_paragraphs():
    import textwrap

    text = "\n\n".join(textwrap.fill(paragraph, 70) for paragraph in STORY)
    lines = split_lines(text)
    assert 60 <= wrap_width(lines) <= 70
    blocks = find_blocks(text, lines, {})
    assert [block.text for block in blocks] == [plain(paragraph) for paragraph in STORY]


def test_a_page_with_a_paragraph_a_line_is_not_joined():
    text = "\n".join(STORY)
    assert [block.text for block in find_blocks(text, split_lines(text), {})] == [
        plain(line) for line in STORY
    ]


def test_a_wire_header_gives_title_byline_date_and_address():
    text = (
        "-- Council meets on harbour\n-- By  Ann Example\n-- Mon Oct 23, 2006 1:50am EDT\n-- http://example.org/a\n\n RIGA (Newsmark) - "
        + "\n\n ".join(STORY)
    )
    found = kinds(text)
    assert [kind for kind, _ in found[:5]] == ["title", "byline", "date", "chrome", "dateline"]
    meta = labels_of(text).meta
    assert (meta.title, meta.date, meta.place, meta.source) == (
        "Council meets on harbour",
        "2006-10-23",
        "Riga",
        "Newsmark",
    )


def test_menus_around_a_story_are_not_its_body():
    menu = ["Home", "News", "Sport", "Weather", "Log in", "Contact us"]
    foot = [
        "Print this page",
        "E-mail a friend",
        "Privacy policy",
        "© 2008 Example News. All rights reserved.",
    ]
    found = kinds("\n".join([*menu, "Council meets on harbour", *STORY, *foot]))
    assert [line for kind, line in found if kind == "paragraph"] == list(STORY)
    assert ("title", "Council meets on harbour") in found
    assert found[-1][0] == "footer"


def test_stage_marks_and_insertions_are_cut_from_a_paragraph_and_links_are_not():
    text = "The mayor [Ann Example] spoke of the harbour. (Applause.) She then left for [the port](http://example.org) of the town."
    found = kinds(text)
    assert ("insertion", "[Ann Example]") in found
    assert ("stage", "(Applause.)") in found
    assert not [line for kind, line in found if kind == "insertion" and "port" in line]


def test_a_reporting_credit_at_the_end_is_not_the_story():
    text = "\n\n".join([*STORY, "The hall was full. (Additional reporting by Bob Example in Riga)"])
    assert kinds(text)[-1] == ("credit", "(Additional reporting by Bob Example in Riga)")


def test_a_blank_text_is_one_segment():
    assert [s.kind for s in labels_of(" \n \n").segments] == ["chrome"]


TALK = (
    "MAYOR ROE: I thank you all for coming to the harbour, and I am glad that we can speak of it today.",
    "QUESTION: Will you tell us what the new harbour is going to cost, and who is going to pay for it?",
    "MAYOR ROE: We do not know yet, but I can tell you that you will hear of it before the year is over.",
)


def test_what_stands_behind_a_sign_off_belongs_to_nobody():
    text = "\n\n".join(["Talk at the harbour", *TALK, "END 10:40 A.M.", STORY[0], STORY[2]])
    segments = labels_of(text).segments
    found = kinds(text)
    assert found[-3:] == [("chrome", "END 10:40 A.M."), ("paragraph", STORY[0]), ("paragraph", STORY[2])]
    assert [s.speaker for s in segments[-3:]] == [None] * 3


def test_a_menu_behind_the_last_turn_is_not_spoken():
    text = "\n\n".join(["Talk at the harbour", *TALK, "Home", "News", "Sport", "Log in", "Contact us"])
    last = [s for s in labels_of(text).segments if s.kind == "turn"][-1]
    assert text[last.start : last.end].strip() == TALK[-1].removeprefix("MAYOR ROE: ")


def test_everything_between_two_labels_is_spoken_whatever_it_looks_like():
    text = "\n\n".join([TALK[0], "More news", "12 May 2013", "Photo: the harbour", TALK[1], TALK[2]])
    assert [kind for kind, _ in kinds(text)][:5] == ["speaker_label", "turn", "turn", "turn", "turn"]


def test_a_line_that_the_extractor_rejects_is_not_the_story():
    lines = [
        "Council meets on harbour",
        *STORY,
        "Buy a boat from us today, and we will bring it to your door.",
    ]
    hints = {1: "vote", 2: "vote", 3: "vote", 4: "vote"}
    labels = labels_of("\n".join(lines), hints=hints)
    text = "\n".join(lines)
    assert [text[s.start : s.end].strip() for s in labels.segments if s.kind == "paragraph"] == list(STORY)


def test_a_page_in_a_language_that_the_chain_does_not_know_keeps_the_lines_that_the_extractor_keeps():
    story = [
        "議会は月曜日に港について話し合うために集まり、これは三年ぶりの会合であった。" * 4,
        "二回目の会合は秋に開かれる予定である。" * 4,
    ]
    lines = ["メニュー", *story, "検索"]
    labels = labels_of("\n".join(lines), hints={1: "vote", 2: "vote"})
    text = "\n".join(lines)
    assert [text[s.start : s.end].strip() for s in labels.segments if s.kind == "paragraph"] == story


def test_the_subject_of_a_memorandum_is_not_its_title():
    memo = [
        "Memorandum on the Harbour Works",
        "May 7, 2013",
        "MEMORANDUM FOR THE KEEPER OF THE HARBOUR",
        "SUBJECT: Delegation of the Authority to Build the Outer Wall",
        *STORY,
    ]
    assert labels_of("\n\n".join(memo)).meta.title == memo[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Talks resume\n\nGENEVA, March 3, 2020 - The two sides resumed talks on Tuesday, officials said.\n",
            ["title", "dateline", "paragraph"],
        ),
        (
            "Talks resume in Geneva\n\nThe minister said on Monday that talks would be held.\n\nNobody was hurt.\n",
            ["title", "paragraph", "paragraph"],
        ),
        (
            "Statement by the Ministry\n\n3 May 2023\n\nThe Ministry condemns the attack on its embassy.\n",
            ["title", "date", "paragraph"],
        ),
        ("We deplore it.\n", ["paragraph"]),
        ("We will win this together #victory\n", ["paragraph"]),
        (
            "Home\nNews\nSport\nContact us\nAll rights reserved.\n",
            ["chrome", "chrome", "chrome", "title", "footer"],
        ),
    ],
)
def test_a_text_of_few_lines_is_a_text_and_a_menu_is_none(text, expected):
    assert [kind for kind, _ in kinds(text)] == expected


def test_a_date_line_is_repeated_only_below_a_story():
    segment, *_ = labels_of("May 7, 2013, The Kremlin, Moscow\n").segments
    assert segment.rule == "date line"
