"""The rules for names, without the model."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st
from support.names_rows import ALIASES

from workbench.annotate.ner.model import ModelEntity
from workbench.annotate.ner.overlaps import clean_entities, label_short_forms, resolve_overlaps
from workbench.annotate.ner.rules import Proposal, credit_pattern, propose_by_rule


def names(text: str, *model: tuple[str, str]) -> list[tuple[str, str, str | None]]:
    """(surface, label, beside) with the model's names given as (surface, label)."""
    found = [ModelEntity(text.index(form), text.index(form) + len(form), label) for form, label in model]
    blocked = [m.span() for m in credit_pattern(ALIASES.known).finditer(text)]
    unit = resolve_overlaps(
        text, [*clean_entities(text, found), *propose_by_rule(text, ALIASES.known)], blocked
    )
    return [(text[p.start : p.end], p.label, p.beside) for p in label_short_forms(text, unit.kept)]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Mr Tamm left.", [("Tamm", "person", "Mr")]),
        ("They met Mrs. de la Cruz.", [("de la Cruz", "person", "Mrs.")]),
        ("Dr Amina J. Okafor spoke.", [("Amina J. Okafor", "person", "Dr")]),
        ("Mr Tamm Tuesday left.", [("Tamm", "person", "Mr")]),
        ("Thank you, Mr President, for coming.", [("Mr President", "office", None)]),
        ("Madam Secretary, welcome.", [("Madam Secretary", "office", None)]),
        ("Mr. Prime Minister, welcome.", [("Mr. Prime Minister", "office", None)]),
        ("The French Foreign Minister declined.", [("French Foreign Minister", "office", None)]),
        ("The French foreign minister declined.", [("French foreign minister", "office", None)]),
        ("The Polish foreign ministry declined.", [("Polish foreign ministry", "body", None)]),
        ("The ministry declined, and so did the minister.", []),
        ("Polish farmers met Danes.", []),
        ("US farmers met in Peru.", [("US", "place", None), ("Peru", "place", None)]),
        ("They told us nothing.", []),
        ("TASS reported it.", [("TASS", "body", None)]),
        ("It was a quiet day /TASS/.", []),
        ("It was a quiet day (Reuters).", []),
        ("Resolution 2254 and UN Security Council Resolution 242 stand.",
         [("Resolution 2254", "agreement", None), ("UN Security Council Resolution 242", "agreement", None)]),
        ("The Lisbon accords hold.", [("Lisbon accords", "agreement", None)]),
        ("On Flag Day nobody works.", [("Flag Day", "event", None)]),
        ("It was a good day. Every Day counts.", []),
        ("The G20 met; the G8 summit did not.", [("G20", "body", None), ("G8 summit", "event", None)]),
        ("Nothing happened on May 3, 2011, at a cost of $40 million.", []),
    ],
)  # fmt: skip
def test_rules_find_what_any_newsroom_writes(text, want):
    assert names(text) == want


def test_an_office_before_a_name_goes_beside_it():
    assert names("Danish Foreign Minister Ole Falk came.", ("Ole Falk", "person")) == [
        ("Ole Falk", "person", "Danish Foreign Minister")
    ]


def test_an_office_inside_the_models_name_is_cut_off_it():
    assert names("President Ole Falk came.", ("President Ole Falk", "person")) == [
        ("Ole Falk", "person", "President")
    ]


def test_an_office_after_a_name_goes_beside_it():
    assert names("Ole Falk, the Danish Foreign Minister, came.", ("Ole Falk", "person")) == [
        ("Ole Falk", "person", "Danish Foreign Minister")
    ]


def test_a_person_ends_at_a_slash_and_at_the_possessive():
    assert names("Ole Falk/Ritz", ("Ole Falk/Ritz", "person")) == [("Ole Falk", "person", None)]
    assert names("Ole Falk's car", ("Ole Falk's", "person")) == [("Ole Falk", "person", None)]


def test_a_surname_after_its_particle_belongs_to_the_name():
    assert names("Daniel arap Keter ran.", ("Daniel arap", "person")) == [
        ("Daniel arap Keter", "person", None)
    ]


def test_the_models_state_in_secretary_of_state_is_no_name():
    assert names("A Secretary of State Something came.", ("State", "body")) == []


def test_a_photographers_credit_is_no_mention():
    assert names("Ole Falk/TASS", ("Ole Falk/TASS", "person")) == []


def test_a_short_form_in_brackets_keeps_its_long_form_beside_it():
    text = "The Baltic Fish Authority (BFA) met in Oslo (BFA)."
    assert names(text, ("Baltic Fish Authority", "body"), ("BFA", "body"))[1] == (
        "BFA",
        "body",
        "Baltic Fish Authority",
    )


def test_a_country_in_brackets_is_no_short_form_of_a_town():
    assert names("In Paris (France) it rained.", ("Paris", "place")) == [
        ("Paris", "place", None),
        ("France", "place", None),
    ]


@pytest.mark.xfail(reason="a possessive that is part of the name looks like any other", strict=True)
def test_a_name_that_ends_in_a_possessive_keeps_it():
    assert names("Wendler's said so.", ("Wendler's", "body")) == [("Wendler's", "body", None)]


_words = st.sampled_from(
    "Mr President of Russia the US Treaty on Arms (TASS) Day Ole Falk 's / , . Ministry and State - resolution 12".split()
)


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        ("place", "Karsten Republic", "Envoys of Karsten Republic met."),
        ("body", "Oren Sands", "A note of Oren Sands was read."),
        ("agreement", "Lena Accord", "They signed Lena Accord in May."),
    ],
)
def test_a_name_that_the_settings_know_has_their_kind_whatever_the_model_takes_it_for(kind, name, text):
    model = [ModelEntity(text.index(name), text.index(name) + len(name), "person")]
    known = ((kind, (name,)),)
    unit = resolve_overlaps(text, [*clean_entities(text, model), *propose_by_rule(text, known)], [])
    assert [(text[p.start : p.end], p.label) for p in unit.kept] == [(name, kind)]


@given(st.lists(_words, max_size=14).map(" ".join), st.integers(0, 60), st.integers(1, 30))
@settings(max_examples=80, deadline=None)
def test_settled_names_never_overlap_and_lie_in_the_text(text, start, length):
    model = [ModelEntity(start, min(len(text), start + length), "person")] if start < len(text) else []
    unit = resolve_overlaps(text, [*clean_entities(text, model), *propose_by_rule(text, ALIASES.known)], [])
    end = 0
    for p in unit.kept:
        assert isinstance(p, Proposal)
        assert end <= p.start < p.end <= len(text)
        end = p.end
