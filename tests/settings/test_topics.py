from pathlib import Path

import pytest

from workbench.errors import BadSettings
from workbench.settings.loader import SettingsLayer, read_layers
from workbench.settings.topics import parse


def layer(**table: object) -> SettingsLayer:
    return SettingsLayer("project/topics.toml", table)


def test_the_default_dictionary_names_what_diplomacy_and_news_are_about() -> None:
    names = parse(read_layers("topics.toml", None)).names
    assert {"cooperation", "negotiation", "terrorism", "economy and trade"} <= set(names)
    assert len(names) == len(set(names)) >= 10


def test_no_default_pattern_stands_twice_in_a_topic() -> None:
    for name, patterns in parse(read_layers("topics.toml", None)).patterns.items():
        assert len(patterns) == len(set(patterns)), name


def test_a_project_replaces_drops_and_adds_topics() -> None:
    topics = parse(
        [layer(war=["war"], trade=["trade"]), layer(war=["battle*"], trade=[], sport=["football"])]
    )
    assert dict(topics.patterns) == {"war": ("battle*",), "sport": ("football",)}


def test_only_chooses_and_orders() -> None:
    assert parse([layer(a=["a"], b=["b"], c=["c"], only=["c", "a"])]).names == ("c", "a")


def test_nothing_adds_up_over_the_layers() -> None:
    assert parse([layer(nothing=["security council"]), layer(nothing=["world war"])]).nothing == (
        "security council",
        "world war",
    )


def test_quotation_marks_around_a_phrase_change_nothing() -> None:
    assert parse([layer(a=['"arms control"', '="New START"'])]).patterns["a"] == (
        "arms control",
        "= New START",
    )


def test_a_topic_chosen_and_not_defined_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(BadSettings, match="did you mean `trade`"):
        parse([layer(trade=["trade"], only=["trad"])])


def test_keep_refuses_an_unknown_topic() -> None:
    with pytest.raises(BadSettings, match="no topic `wra`"):
        parse([layer(war=["war"])]).keep(["wra"])


@pytest.mark.parametrize("pattern", ["", "*", '""', "="])
def test_a_pattern_without_a_word_is_refused(pattern: str) -> None:
    with pytest.raises(BadSettings, match="holds no word"):
        parse([layer(war=[pattern])])


def test_a_star_inside_a_word_is_refused_with_the_mend() -> None:
    with pytest.raises(BadSettings, match="two patterns"):
        parse([layer(war=["radicali*ation"])])


def test_a_value_that_is_no_list_of_texts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "topics.toml").write_text("war = 3\n", encoding="utf-8")
    with pytest.raises(BadSettings, match="not text or a list of texts"):
        parse(read_layers("topics.toml", tmp_path))
