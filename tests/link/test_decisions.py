"""Doubtful merges are shown, with their evidence, and never made."""

from __future__ import annotations

from support.names_rows import frames, mention

from workbench.link import link, suggest
from workbench.settings.aliases import Aliases


def suggested(found) -> list[tuple[str, str, str]]:
    pairs = suggest(*link(*frames(found), Aliases()))
    assert list(pairs.columns) == ["a", "b", "score", "evidence"]
    assert pairs["score"].between(0, 1).all()
    return list(pairs[["a", "b", "evidence"]].itertuples(index=False, name=None))


def test_a_surname_alone_is_suggested_for_its_bearer():
    ((a, b, evidence),) = suggested({"a": [mention("Ole Falk")] * 2, "b": [mention("Falk")]})
    assert (a, b) == ("Ole Falk", "Falk")
    assert evidence == "Falk is the surname of 1 known by full name; never in one document"


def test_given_names_alike_and_initials_are_suggested():
    pairs = suggested(
        {"a": [mention("Muammar Saleh")], "b": [mention("Moammar Saleh")], "c": [mention("M. Saleh")]}
    )
    assert ("Moammar Saleh", "Muammar Saleh") in {(a, b) for a, b, _ in pairs}
    assert sum("same initial" in evidence for _, _, evidence in pairs) == 2


def test_initials_of_a_body_and_spellings_of_a_thing_are_suggested():
    pairs = suggested(
        {
            "a": [mention("Baltic Fish Authority", "body"), mention("Baltic Fisch Authority", "body")],
            "b": [mention("BFA", "body")],
        }
    )
    assert any("initials" in evidence for _, _, evidence in pairs)
    assert any("spelled alike" in evidence and "both in 1 documents" in evidence for _, _, evidence in pairs)


def test_nothing_doubtful_gives_an_empty_table():
    assert suggested({"a": [mention("Ole Falk"), mention("Oslo", "place")]}) == []
