"""Name forms compared: which spellings are one."""

from __future__ import annotations

import pandas as pd
import pytest

from workbench.link.entities.name_forms import (
    forms_of_entities,
    gender,
    person_name,
    same_person_name,
    script_of,
    thing_key,
)
from workbench.link.entities.offices import Role, fits, role
from workbench.schema import TABLES


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Sergei Orlov", "Sergey Orlov"), ("Dmitri Orlov", "Dmitriy Orlov"), ("Mikhail Orlov", "Mihail Orlov"),
        ("Aleksandr Orlov", "Alexander Orlov"), ("Mohammed Saleh", "Muhammad Saleh"), ("José Ruiz", "Jose Ruiz"),
        ("Ole Petrovskiy", "Ole Petrovsky"), ("OLE FALK", "Ole Falk"), ("Ole Falk Jr.", "Ole Falk"),
        ("Edwin van der Berg", "Edwin Berg"), ("Ali al-Saleh", "Ali Saleh"), ("Mr Ole Falk", "Ole Falk"), ("J.R. Falk", "J. R. Falk"),
    ],
)  # fmt: skip
def test_spellings_of_one_name(a, b):
    assert same_person_name(person_name(a), person_name(b))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Mark Falk", "Mary Falk"), ("Paul Falk", "Paula Falk"), ("Michael Falk", "Michelle Falk"), ("Alan Falk", "Ellen Falk"),
        ("John Smith", "John Smyth"), ("Martin Falk", "Martina Falk"), ("Ole Hansen", "Ole Hanson"), ("Ole Falk Jr.", "Ole Falk III"),
        ("Daniel Falk", "Daniela Falk"), ("Robert Falk", "Roberto Falk"),
    ],
)  # fmt: skip
def test_names_of_two_people(a, b):
    assert not same_person_name(person_name(a), person_name(b))


def test_courtesy_titles_tell_gender_and_offices_do_not():
    assert (gender("Mrs"), gender("Mr"), gender("President"), gender(None)) == ("f", "m", "", "")


def test_things_compare_without_case_articles_accents_and_trailing_years():
    assert thing_key("the Lisbon Communiqué of 2007") == thing_key("LISBON COMMUNIQUE") == "lisbon communique"
    assert thing_key("World War II") != thing_key("World War I")


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("President of Russia", Role("president", "Russia", False)),
        ("the Russian president", Role("president", "Russia", False)),
        ("former U.S. Secretary of Defense", Role("secretary of defence", "United States", True)),
        ("Minister of Foreign Affairs of Peru", Role("foreign minister", "Peru", False)),
        ("Mr", None),
    ],
)
def test_offices_compare_by_head_country_and_time(text, want):
    assert role(text) == want


def test_an_address_may_shorten_an_office_and_a_story_may_not():
    held, asked = role("Secretary of State"), role("Mr Secretary")
    assert fits(asked, held, address=True)
    assert not fits(asked, held)
    assert not fits(role("President of Peru"), role("President of Russia"))


def test_forms_of_a_name_have_language_script_and_count():
    documents = pd.DataFrame({"doc_id": ["a", "b"], "language": ["en", "ru"]})
    mentions = pd.DataFrame(
        {"doc_id": ["a", "b", "a", "b", "b"], "surface": ["Lavrov", "Лавров", "Lavrov", "Lavrov", "7"],
         "entity": ["Sergei Lavrov"] * 4 + [None]}
    )  # fmt: skip
    forms = forms_of_entities(mentions, documents)
    assert list(forms.itertuples(index=False, name=None)) == [
        ("Sergei Lavrov", "Lavrov", "en", "Latin", 2),
        ("Sergei Lavrov", "Lavrov", "ru", "Latin", 1),
        ("Sergei Lavrov", "Лавров", "ru", "Cyrillic", 1),
    ]
    assert [script_of(form) for form in ("Kиев", "7", "Ελλάδα")] == ["mixed", None, "Greek"]
    assert list(forms_of_entities(mentions[:0], documents).columns) == list(TABLES["name_forms"])
