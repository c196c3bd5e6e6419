"""A saved selection is used by its name, and what it stands for is what holds."""

import pytest

from workbench.errors import BadSelection
from workbench.selection.model import Selection
from workbench.selection.saved import (
    find_saved,
    meant_saved,
    parse_selection,
    save_selection,
    saved_mark,
    saved_names,
    saved_selections,
    selection_from_table,
)


@pytest.fixture
def settings(tmp_path):
    """A settings folder with two saved selections."""
    save_selection(tmp_path, "Harbour talks", Selection.parse("source:Wire,Herald since:2015 harbour"))
    save_selection(tmp_path, "envoys", Selection.parse('speaker:"Mira Tal" voice:turn'))
    return tmp_path


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ('saved:"Harbour talks"', "source:Wire,Herald since:2015 harbour"),
        ("saved:envoys fish", 'speaker:"Mira Tal" voice:turn fish'),
        ('grain saved:"Harbour talks" since:2017', "source:Wire,Herald since:2017 (harbour) (grain)"),
        ('saved:"Harbour talks" source:Herald', "source:Herald since:2015 harbour"),
        ('saved:"Harbour talks" source:Herald,Wire,Post', "source:Wire,Herald since:2015 harbour"),
        ('"saved:envoys"', '"saved:envoys"'),
    ],
)
def test_a_line_names_a_saved_selection_and_narrows_it(settings, line, meant):
    assert parse_selection(line, settings).line() == meant


def test_a_table_names_a_saved_selection(settings):
    found = selection_from_table({"saved": "envoys", "query": "fish"}, "jobs/x.toml", settings)
    assert found == parse_selection("saved:envoys fish", settings)
    with pytest.raises(BadSelection, match="not one name"):
        selection_from_table({"saved": ["envoys"]}, "jobs/x.toml", settings)


def test_the_caption_says_what_was_saved_and_not_its_name(settings):
    selection = parse_selection("saved:envoys", settings)
    before = selection.digest()
    save_selection(settings, "envoys", Selection.parse("speaker:Oru"))
    assert selection.caption() == "spoken by Mira Tal; in the voice of turn"
    assert selection.digest() == before != parse_selection("saved:envoys", settings).digest()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("saved:envoy", "did you mean `envoys`"),
        ('saved:"Harbor talks"', "did you mean `Harbour talks`"),
        ("saved:envoys saved:envoys", "more than once"),
        ('saved:envoys,"Harbour talks"', "more than once"),
        ("savd:envoys", "did you mean `saved`"),
        ('saved:"Harbour talks" source:Wire,Post', "leave source out of one"),
    ],
)
def test_a_name_that_cannot_be_meant_is_refused_with_its_hint(settings, line, says):
    with pytest.raises(BadSelection) as refused:
        parse_selection(line, settings)
    assert says in str(refused.value)


def test_without_a_project_a_saved_name_is_refused():
    with pytest.raises(BadSelection, match="cannot be looked up here"):
        Selection.parse("saved:envoys")


def test_where_nothing_is_saved_the_hint_says_how_to_save(tmp_path):
    with pytest.raises(BadSelection, match="workbench explore --write"):
        parse_selection("saved:envoys", tmp_path)
    assert saved_names(tmp_path) == []
    assert saved_mark(tmp_path) == 0


def test_an_entry_by_hand_is_a_line_or_a_table_and_a_bad_one_spoils_no_other(settings):
    with (settings / "selections.toml").open("a", encoding="utf-8") as file:
        file.write('[fleet]\nsorce = "Wire"\n[loop]\nsaved = "loop"\n')
    text = (settings / "selections.toml").read_text(encoding="utf-8")
    (settings / "selections.toml").write_text(
        f'short = "source:Wire ferry"\nnumber = 3\n{text}', encoding="utf-8"
    )
    assert find_saved("short", settings) == Selection.parse("source:Wire ferry")
    assert parse_selection("saved:envoys", settings)
    for name, says in (
        ("fleet", "did you mean `source`"),
        ("loop", "cannot be looked up"),
        ("number", "no selection"),
    ):
        with pytest.raises(BadSelection, match=says):
            find_saved(name, settings)
    with pytest.raises(BadSelection):
        saved_selections(settings)


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("harbour TALKS", 'did you mean saved:"Harbour talks"?'),
        ("source:Wire envoys", "did you mean saved:envoys?"),
        ('"harbour talks"', ""),
        ("harbour AND talks", ""),
        ("harbour", ""),
        ("source:Wire", ""),
    ],
)
def test_words_that_are_a_saved_name_get_a_hint(settings, line, hint):
    assert meant_saved(Selection.parse(line), settings).startswith(hint)
    assert bool(meant_saved(Selection.parse(line), settings)) == bool(hint)


def test_words_that_are_saved_under_themselves_get_no_hint(settings):
    save_selection(settings, "ferry", Selection.parse("source:Wire ferry"))
    assert meant_saved(Selection.parse("ferry"), settings) == ""
