"""sentiment_masks.toml: what it may say, and how a wrong entry is refused."""

from __future__ import annotations

from typing import Any

import pytest

from workbench.errors import BadSettings
from workbench.settings.loader import SettingsLayer, read_layers
from workbench.settings.sentiment_masks import parse, spellings


def entry(**keys: Any) -> dict[str, Any]:
    return {"group": "offices", "phrases": ["water board"], "reason": "a body"} | keys


def lexicon(*tables: dict[str, Any]) -> Any:
    return parse([SettingsLayer("sentiment_masks.toml", table) for table in tables])


def test_a_line_stands_for_all_its_spellings() -> None:
    assert spellings("", "pay/paid a (working) visit") == [
        ("pay", "a", "working", "visit"),
        ("pay", "a", "visit"),
        ("paid", "a", "working", "visit"),
        ("paid", "a", "visit"),
    ]


def test_phrases_are_folded_and_keep_group_and_reason() -> None:
    masks = lexicon({"mask": [entry(phrases=["Water Board"])]}).masks
    assert masks[("water", "board")] == ("offices", "a body")


def test_a_project_adds_phrases_and_takes_others_back() -> None:
    own = {"keep": [{"phrases": ["water board"], "reason": "it is the topic"}], "name_heads": ["Ferry"]}
    found = lexicon(
        {"mask": [entry()], "name_heads": ["board"]}, own | {"mask": [entry(phrases=["fire office"])]}
    )
    assert set(found.masks) == {("fire", "office")}
    assert found.name_heads == {"board", "ferry"}


def test_the_file_of_the_package_is_read_and_every_phrase_has_its_reason() -> None:
    found = parse(read_layers("sentiment_masks.toml", None))
    assert found.masks[("thank", "you")].group == "courtesy"
    assert found.masks[("security", "council")].group == "offices"
    assert all(mask.reason for mask in found.masks.values())


WRONG = {
    "an unknown key": ({"masks": []}, "did you mean `mask`"),
    "an unknown key of a mask": ({"mask": [entry(phrase=["x"])]}, "did you mean `phrases`"),
    "an unknown group": ({"mask": [entry(group="office")]}, "did you mean `offices`"),
    "a mask without a reason": ({"mask": [entry(reason=" ")]}, "reason ="),
    "a mask without phrases": ({"mask": [entry(phrases=[])]}, "phrases ="),
    "phrases that are no texts": ({"mask": [entry(phrases=[3])]}, "phrases ="),
    "a phrase that cannot be read": (
        {"mask": [entry(phrases=["pay (a visit"])]},
        "a word that may be missing",
    ),
    "a phrase with too many spellings": (
        {"mask": [entry(phrases=[" ".join(["a/b/c"] * 9)])]},
        "several lines",
    ),
    "a table where a list belongs": ({"mask": entry()}, "[[mask]]"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_entry_is_refused_with_its_place_and_mend(case: str) -> None:
    table, hint = WRONG[case]
    with pytest.raises(BadSettings, match=r"sentiment_masks\.toml") as refused:
        lexicon(table)
    assert hint in refused.value.hint
