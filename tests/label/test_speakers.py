"""Who a label stands for, and what it is called."""

from __future__ import annotations

import pytest

from workbench.label.blocks.lines import split_lines
from workbench.label.turns.speaker_labels import SpeakerLabel, name_in_reading_case, parse_speaker_label
from workbench.label.turns.turns import find_turns


def who(text: str) -> dict[str, tuple[str, str | None]]:
    """Displayed label to speaker and role."""
    return {turn.displayed: (turn.speaker, turn.role) for turn in find_turns(text, split_lines(text))}


def talk(head: str, *labels: str) -> str:
    return (
        head
        + "\n\n"
        + "\n\n".join(f"{label}: I thank you. Are you well?" for label in (*labels, *labels))
        + "\n"
    )


# ---------------------------------------------------------------- from the head


def test_a_secretary_is_the_person_the_head_gives_that_office() -> None:
    found = who(talk("Remarks by Secretary of State John Doe", "SECRETARY DOE", "QUESTION"))
    assert found == {"SECRETARY DOE": ("John Doe", "Secretary of State"), "QUESTION": ("Question", None)}


def test_a_courtesy_title_is_the_only_bearer_of_the_name_in_the_head() -> None:
    assert who(talk("Briefing by Press Secretary Ann Roe", "MS. ROE", "Q"))["MS. ROE"] == (
        "Ann Roe",
        "Press Secretary",
    )


def test_an_office_of_a_field_does_not_become_a_given_name() -> None:
    found = who(talk("Briefing with Secretary of Labor Ann Roe", "SECRETARY ROE", "Q"))
    assert found["SECRETARY ROE"] == ("Ann Roe", "Secretary of Labor")


def test_a_name_never_runs_over_a_line_of_the_head() -> None:
    assert (
        who(talk("Press Availability\nAnn Roe\nSecretary of State", "SECRETARY ROE", "Q"))["SECRETARY ROE"][0]
        == "Ann Roe"
    )


def test_an_office_in_apposition_is_the_role() -> None:
    found = who(talk("We met Ann Roe, Minister of Trade, in May.", "Ann Roe", "Question"))
    assert found["Ann Roe"] == ("Ann Roe", "Minister of Trade")


def test_an_office_and_a_body_name_in_the_running_text_give_the_full_name() -> None:
    text = talk("Briefing", "MS. ROE", "MR. DOE").replace(
        "Are you well?", "National Security Advisor John Doe is here.", 1
    )
    assert who(text)["MR. DOE"] == ("John Doe", "National Security Advisor")


# ---------------------------------------------------------------- from other labels


def test_a_bare_surname_is_the_full_name_of_an_earlier_label() -> None:
    assert who(talk("Talk", "ANN ROE", "JOHN DOE", "ROE"))["ROE"] == ("Ann Roe", None)


def test_the_role_of_the_first_label_holds_for_the_later_ones() -> None:
    found = who(talk("Talk", "President of Norland Ann Roe", "Ann Roe", "Question"))
    assert found["Ann Roe"] == ("Ann Roe", "President of Norland")


def test_an_initial_fits_the_given_name() -> None:
    assert who(talk("Talk", "Minister Ann Roe", "A.Roe", "Question"))["A.Roe"][0] == "Ann Roe"


# ---------------------------------------------------------------- never a guess


def test_two_bearers_of_a_surname_stay_apart_and_the_surname_alone_is_neither() -> None:
    found = who(talk("Hearing of Paul Poe and Peter Poe", "PAUL POE", "PETER POE", "MR. POE"))
    assert [speaker for speaker, _ in found.values()] == ["Paul Poe", "Peter Poe", "Mr. Poe"]


def test_the_wife_of_the_president_does_not_speak_for_him() -> None:
    found = who(talk("Reception with First Lady Ann Poe", "PRESIDENT POE", "Q"))
    assert found["PRESIDENT POE"] == ("President Poe", "President")


def test_where_two_labels_share_a_surname_the_office_must_agree() -> None:
    found = who(talk("Reception with First Lady Ann Poe", "PRESIDENT POE", "FIRST LADY POE"))
    assert found["FIRST LADY POE"] == ("Ann Poe", "First Lady")
    assert found["PRESIDENT POE"][0] == "President Poe"


def test_the_president_is_nobody_where_the_head_does_not_say_who() -> None:
    assert who(talk("Meeting with President Poe of Norland", "THE PRESIDENT", "Q"))["THE PRESIDENT"] == (
        "The President",
        None,
    )


def test_the_president_is_the_one_by_whom_the_remarks_are() -> None:
    assert who(talk("Remarks by President Poe at a Dinner", "THE PRESIDENT", "Q"))["THE PRESIDENT"] == (
        "Poe",
        "President",
    )


def test_marks_of_escaped_text_are_no_part_of_the_name_in_the_head() -> None:
    head = 'title: "Remarks by Vice President Poe\\\\_on Pipes"'
    assert who(talk(head, "THE VICE PRESIDENT", "Q"))["THE VICE PRESIDENT"] == ("Poe", "Vice President")


def test_the_president_is_not_the_guest_who_has_a_label_of_his_own() -> None:
    found = who(talk("Remarks by President Poe and President Loe", "THE PRESIDENT", "PRESIDENT LOE"))
    assert found["THE PRESIDENT"] == ("Poe", "President")
    assert found["PRESIDENT LOE"] == ("President Loe", "President")


def test_a_participle_in_a_title_is_no_surname() -> None:
    assert (
        who(talk("Remarks by President Poe Honoring Teachers", "THE PRESIDENT", "Q"))["THE PRESIDENT"][0]
        == "Poe"
    )


def test_a_full_name_after_by_is_the_president() -> None:
    assert who(talk("Address by President Ann Poe", "THE PRESIDENT", "Q"))["THE PRESIDENT"] == (
        "Ann Poe",
        "President",
    )


# ---------------------------------------------------------------- the words of a label


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("US Secretary of State John Doe", SpeakerLabel("titled", "US Secretary of State", "John Doe", False)),
        ("President of the Union Council Anna van der Roe", SpeakerLabel("titled", "President of the Union Council", "Anna van der Roe", False)),
        ("President of South Norland Ann Roe", SpeakerLabel("titled", "President of South Norland", "Ann Roe", False)),
        ("MS. O'ROE", SpeakerLabel("titled", None, "O'ROE", True)),
        ("FIRST LADY ROE", SpeakerLabel("titled", "FIRST LADY", "ROE", True)),
        ("THE SECOND GENTLEMAN", SpeakerLabel("generic", None, None, True)),
        ("SENIOR OFFICIAL TWO", SpeakerLabel("generic", None, None, True)),
        ("Ann Roe, Press Secretary", SpeakerLabel("titled", "Press Secretary", "Ann Roe", False)),
        ("JOHN DOE, JR.", SpeakerLabel("name", None, "JOHN DOE JR.", True)),
        ("Ann Roe", SpeakerLabel("name", None, "Ann Roe", False)),
        ("Secretary General", SpeakerLabel("office", "Secretary General", None, False)),
    ],
)  # fmt: skip
def test_a_label_parts_into_office_and_person(label: str, name: SpeakerLabel) -> None:
    assert parse_speaker_label(label) == name


@pytest.mark.parametrize(
    "label",
    ["He said this", "Note", "TO THE CONGRESS", "Dear Mr. Speaker", "In 2015", "Mr. President", "lower", "A list of things",
     "The plan will do", "Press release of 5 May", "What Ann Roe said", ""],
)  # fmt: skip
def test_a_phrase_names_no_speaker(label: str) -> None:
    assert parse_speaker_label(label) is None


@pytest.mark.parametrize(
    ("label", "shown"),
    [("MR. O'HARA", "Mr. O'Hara"), ("Ms. Roe", "Ms. Roe"), ("MR. McDONOUGH", "Mr. McDonough"), ("GENERAL MCROE", "General McRoe"),
     ("U.S. SECRETARY OF STATE", "U.S. Secretary of State"), ("JEAN-LUC ROE", "Jean-Luc Roe"), ("Q", "Q"), ("PRESIDENT ŠIMROE", "President Šimroe")],
)  # fmt: skip
def test_capitals_are_shown_in_reading_case(label: str, shown: str) -> None:
    assert name_in_reading_case(label) == shown
