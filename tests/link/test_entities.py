"""Entities across documents: the facts of the seeds, and what must never be merged."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from support.names_rows import ALIASES, SETTINGS, decisions, frames, mention, seeds

from workbench.link import Linker, decision_effects, link
from workbench.schema import TABLES, plain
from workbench.settings.aliases import Aliases

NONE = Aliases()


def entities_of(found, speakers=None, stories=None, aliases=NONE) -> dict[str, list[str]]:
    """The entity of each mention, in order, by document."""
    linked, _ = link(*frames(found, speakers, stories), aliases)
    return {doc_id: list(rows["entity"]) for doc_id, rows in linked.groupby("doc_id", sort=False)}


@pytest.fixture(scope="module")
def of_seeds() -> tuple[pd.DataFrame, pd.DataFrame]:
    from workbench.annotate.ner.layer import find_mentions

    documents = seeds()
    found = find_mentions(documents, SETTINGS)
    mentions = [(d.doc_id, *m) for d, rows in zip(documents, found, strict=True) for m in rows]
    segments = [(d.doc_id, i, *s) for d in documents for i, s in enumerate(d.segments)]
    return link(
        pd.DataFrame(mentions, columns=list(TABLES["mentions"])),
        pd.DataFrame(segments, columns=list(TABLES["segments"])),
        pd.DataFrame({"doc_id": [d.doc_id for d in documents], "story": None}),
        ALIASES,
    )


def whose(linked: pd.DataFrame, form: str) -> set[str]:
    return set(linked.loc[linked["surface"].map(plain) == form, "entity"])


@pytest.mark.model
def test_sergei_and_sergey_lavrov_are_one_person_with_both_forms(of_seeds):
    linked, entities = of_seeds
    (entity,) = whose(linked, "Sergei Lavrov") | whose(linked, "Sergey Lavrov")
    aliases = entities.set_index("entity").loc[entity, "aliases"]
    assert {"Sergei Lavrov", "Sergey Lavrov"} <= set(aliases)


@pytest.mark.model
def test_every_form_of_kerry_leads_to_john_kerry(of_seeds):
    linked, _ = of_seeds
    for form in ("Kerry", "John Kerry", "Mr Secretary of State", "US Secretary of State"):
        assert whose(linked, form) == {"John Kerry"}, form


@pytest.mark.model
def test_mr_president_in_kerrys_turn_is_vladimir_putin(of_seeds):
    linked, _ = of_seeds
    assert whose(linked, "Mr President") == {"Vladimir Putin"}


@pytest.mark.model
def test_mr_obama_and_president_obama_are_one(of_seeds):
    linked, _ = of_seeds
    obama = linked[linked["surface"] == "Obama"]
    assert set(obama["beside"]) == {"Mr", "President"}
    assert set(obama["entity"]) == {"Obama"}


@pytest.mark.model
def test_the_geneva_communique_is_one_thing_in_both_documents(of_seeds):
    linked, entities = of_seeds
    assert whose(linked, "Geneva Communique") == whose(linked, "Geneva communique") == {"Geneva Communique"}
    assert linked.loc[linked["entity"] == "Geneva Communique", "doc_id"].nunique() == 2
    assert entities.set_index("entity").loc["New START", "name"].startswith("Treaty on Further Reduction")


@pytest.mark.model
def test_moscow_in_capitals_and_the_us_in_short_are_no_second_places(of_seeds):
    _, entities = of_seeds
    counted = entities.set_index("entity")["aliases"]
    assert set(counted["United States"]) == {"US", "United States"}
    assert "MOSCOW" not in counted.index
    assert list(entities.columns) == list(TABLES["entities"])


def test_a_surname_belongs_to_the_only_person_its_document_names_with_it():
    assert entities_of({"a": [mention("Ole Falk"), mention("Falk"), mention("Falk", beside="Mr")]}) == {
        "a": ["Ole Falk"] * 3
    }


def test_a_surname_of_two_bearers_belongs_to_neither():
    assert entities_of({"a": [mention("Ole Falk"), mention("Ida Falk"), mention("Falk")]})["a"][2] == "Falk"


def test_a_courtesy_title_or_an_office_tells_two_bearers_apart():
    found = [
        mention("Ole Falk", beside="Mr"),
        mention("Ida Falk", beside="Senator"),
        mention("Falk", beside="Mr"),
        mention("Falk", beside="Sen."),
    ]
    assert entities_of({"a": found})["a"][2:] == ["Ole Falk", "Ida Falk"]


def test_mrs_falk_is_not_mr_ole_falk():
    assert entities_of({"a": [mention("Ole Falk", beside="Mr"), mention("Falk", beside="Mrs")]})["a"] == [
        "Ole Falk",
        "Falk",
    ]


def test_a_name_that_opens_with_the_surname_is_known_by_it():
    assert set(entities_of({"a": [mention("Tan Weiming"), mention("Tan", beside="Mr")]})["a"]) == {
        "Tan Weiming"
    }


def test_middle_initials_and_short_given_names_join_and_two_middle_names_part():
    assert set(
        entities_of({"a": [mention("William Falk"), mention("Bill Falk"), mention("William R. Falk")]})["a"]
    ) == {"Bill Falk"}
    parted = entities_of({"a": [mention("Ole H. Falk"), mention("Ole W. Falk"), mention("Ole Falk")]})["a"]
    assert len(set(parted)) == 3


def test_a_surname_alone_stays_alone_across_documents_unless_an_office_agrees():
    full = [mention("Ole Falk", beside="Danish Foreign Minister")]
    assert entities_of({"a": full, "b": [mention("Falk")]})["b"] == ["Falk"]
    assert entities_of({"a": full, "b": [mention("Falk", beside="Foreign Minister")]})["b"] == ["Ole Falk"]
    assert entities_of({"a": full, "b": [mention("Falk", beside="Polish Foreign Minister")]})["b"] == ["Falk"]


def test_a_surname_of_two_bearers_in_the_corpus_stays_alone_even_with_the_office():
    found = {
        "a": [mention("Ole Falk", beside="Senator")],
        "b": [mention("Ida Falk", beside="Senator")],
        "c": [mention("Falk", beside="Senator")],
    }
    assert entities_of(found)["c"] == ["Falk"]


def test_copies_of_one_story_share_their_persons():
    found = {"a": [mention("Ole Falk")], "b": [mention("Falk")]}
    assert entities_of(found, stories={"a": "a", "b": "a"})["b"] == ["Ole Falk"]


def test_initials_join_within_a_document_and_not_across():
    assert set(entities_of({"a": [mention("Ole Falk"), mention("O. Falk")]})["a"]) == {"Ole Falk"}
    assert entities_of({"a": [mention("Ole Falk")], "b": [mention("O. Falk")]})["b"] == ["O. Falk"]


def test_a_second_bearer_of_a_name_gets_a_number():
    found = {"a": [mention("Kim Falk", beside="Mr")], "b": [mention("Kim Falk", beside="Mrs")]}
    assert sorted(entity for rows in entities_of(found).values() for entity in rows) == [
        "Kim Falk",
        "Kim Falk (2)",
    ]
    assert entities_of({"a": [mention("Falk"), mention("Falk", "place")]})["a"] == ["Falk", "Falk (2)"]


def test_an_office_alone_means_the_person_the_document_names_with_it():
    office = mention("Danish foreign minister", "office")
    assert (
        entities_of({"a": [mention("Ole Falk", beside="Danish Foreign Minister"), office]})["a"]
        == ["Ole Falk"] * 2
    )
    assert (
        entities_of({"a": [mention("Ole Falk", beside="former Danish Foreign Minister"), office]})["a"][1]
        == "Danish foreign minister"
    )


def test_an_office_that_two_persons_hold_means_neither():
    found = [
        mention("Ole Falk", beside="President"),
        mention("Ana Ruiz", beside="President of Peru"),
        mention("President", "office"),
    ]
    assert entities_of({"a": found})["a"][2] == "President"


def test_an_address_means_the_other_speaker_and_never_the_one_who_says_it():
    speakers = {"a": [("Ole Falk", "President of Denmark"), ("Ana Ruiz", "Secretary of State")]}
    found = {"a": [mention("Mr President", "office", speaker="Ana Ruiz"), mention("Madam Secretary", "office", speaker="Ole Falk"),
                   mention("Mr President", "office", speaker="Ole Falk")]}  # fmt: skip
    assert entities_of(found, speakers)["a"] == ["Ole Falk", "Ana Ruiz", "President"]


def test_a_short_form_means_its_long_form_where_declared_and_elsewhere_if_undisputed():
    long = "Baltic Fish Authority"
    found = {"a": [mention(long, "body"), mention("BFA", "body", beside=long)], "b": [mention("BFA", "body")]}
    assert entities_of(found) == {"a": ["BFA", "BFA"], "b": ["BFA"]}
    found["c"] = [
        mention("Bar Owners' Federation", "body"),
        mention("BFA", "body", beside="Bar Federation of Aarhus"),
    ]
    assert entities_of(found)["a"] == [long, long]
    assert entities_of(found)["b"][0] not in entities_of(found)["a"] + entities_of(found)["c"]


def test_case_articles_accents_and_years_make_no_second_thing():
    forms = ["Lisbon Communiqué", "the Lisbon communique", "LISBON COMMUNIQUE", "Lisbon communique of 2007"]
    _, entities = link(*frames({"a": [mention(form, "agreement") for form in forms]}), NONE)
    assert len(entities) == 1
    assert entities.loc[0, "n"] == 4


def test_accepted_merges_join_and_the_ledger_counts_what_moved():
    accept = decisions(
        accept=[
            {"names": ["Falk", "Ole Falk"], "entity": "Ole Falk", "label": "person", "reason": "one man here"}
        ]
    )
    tables = frames({"a": [mention("Ole Falk")], "b": [mention("Falk"), mention("Falk")]})
    linked, _ = link(*tables, accept)
    assert set(linked["entity"]) == {"Ole Falk"}
    assert list(decision_effects(Linker(*tables), accept)["moved"]) == [2]


def test_an_accepted_surname_does_not_pull_a_person_named_in_full():
    accept = decisions(
        accept=[{"names": ["Falk", "Ole Falk"], "entity": "Ole Falk", "label": "person", "reason": "r"}]
    )
    assert entities_of({"a": [mention("Ida Falk"), mention("Falk")]}, aliases=accept)["a"] == [
        "Ida Falk",
        "Ida Falk",
    ]


def test_refused_merges_stay_apart_and_the_ledger_counts_what_stayed():
    refuse = decisions(refuse=[{"names": ["Falk", "Ole Falk"], "reason": "Falk is the firm's founder"}])
    tables = frames({"a": [mention("Ole Falk"), mention("Falk"), mention("Falk")]})
    assert list(link(*tables, refuse)[0]["entity"]) == ["Ole Falk", "Falk", "Falk"]
    assert list(decision_effects(Linker(*tables), refuse)["moved"]) == [2]


def refused(a, b):
    return decisions(refuse=[{"names": [a, b], "reason": "not this one"}])


def test_a_surname_of_two_bearers_stays_undecided_when_one_is_refused():
    found = {"a": [mention("Lena Brandt"), mention("Jonas Brandt"), mention("Brandt"), mention("Brandt")]}
    undecided = ["Lena Brandt", "Jonas Brandt", "Brandt", "Brandt"]
    assert entities_of(found)["a"] == undecided
    for bearer in ("Lena Brandt", "Jonas Brandt"):
        assert entities_of(found, aliases=refused("Brandt", bearer))["a"] == undecided


def test_a_refusal_leaves_what_an_office_decides():
    found = {"a": [mention("Lena Brandt", beside="President"), mention("Jonas Brandt"),
                   mention("Brandt", beside="President"), mention("Brandt")]}  # fmt: skip
    decided = entities_of(found, aliases=refused("Brandt", "Jonas Brandt"))["a"]
    assert decided == ["Lena Brandt", "Jonas Brandt", "Lena Brandt", "Brandt"]
    decided = entities_of(found, aliases=refused("Brandt", "Lena Brandt"))["a"]
    assert decided == ["Lena Brandt", "Jonas Brandt", "Brandt", "Brandt"]


def test_an_initial_of_two_persons_stays_undecided_when_one_is_refused():
    found = {"a": [mention("Jan Moor"), mention("Juri Moor"), mention("J. Moor")]}
    alone = ["Jan Moor", "Juri Moor", "J. Moor"]
    assert entities_of(found)["a"] == alone
    assert entities_of(found, aliases=refused("J. Moor", "Jan Moor"))["a"] == alone


def test_a_short_form_of_two_bodies_stays_undecided_when_one_is_refused():
    found = {
        "a": [mention("NRC", "body", beside="Nordic Rail Council")],
        "b": [mention("NRC", "body", beside="National Reef Centre")],
        "c": [mention("NRC", "body")],
    }
    key = lambda aliases: Linker(*frames(found)).resolve(aliases).ids  # noqa: E731
    for aliases in (NONE, refused("NRC", "Nordic Rail Council")):
        keys = {group.doc_id: entity for group, entity in key(aliases).items()}
        assert keys["c"] == ("thing", "nrc")


def test_no_mentions_give_no_entities():
    linked, entities = link(*frames({}), ALIASES)
    assert linked.empty
    assert list(entities.columns) == list(TABLES["entities"])


_forms = st.sampled_from(
    ["Ole Falk", "Ida Falk", "Falk", "O. Falk", "Olé Falk", "Ole W. Falk", "Oslo", "OSLO"]
)
_rows = st.lists(
    st.tuples(st.sampled_from("abc"), _forms, st.sampled_from([None, "Mr", "Mrs", "President"])),
    min_size=1,
    max_size=12,
)


@given(_rows, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_row_order_changes_no_entity_and_every_mention_has_one(rows, random):
    def table(rows):
        frame = pd.DataFrame(
            [(d, *mention(f, beside=b)) for d, f, b in rows], columns=list(TABLES["mentions"])
        )
        return (
            frame,
            pd.DataFrame(columns=list(TABLES["segments"])),
            pd.DataFrame(columns=["doc_id", "story"]),
        )

    order = random.sample(range(len(rows)), len(rows))
    first, entities = link(*table(rows), NONE)
    second, again = link(*table([rows[i] for i in order]), NONE)
    assert [first["entity"][i] for i in order] == list(second["entity"])
    pd.testing.assert_frame_equal(entities, again)
    assert set(first["entity"]) == set(entities["entity"])
    assert entities["n"].sum() == len(rows)
