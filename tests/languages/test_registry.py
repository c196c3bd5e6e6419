"""The registry of languages: which are known, what each supports, and what a wrong file of one says."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from workbench.errors import BadSettings
from workbench.languages import default_language, get, groups, languages_with, supports
from workbench.languages.language import GROUPS, LAYERS, load_language, read_group

FOLDER = resources.files("workbench.languages")
FILES = sorted(
    (folder.name, file.name.removesuffix(".toml"))
    for folder in FOLDER.iterdir()
    if folder.is_dir() and folder.joinpath("language.toml").is_file()
    for file in folder.iterdir()
    if file.name.endswith(".toml") and file.name != "language.toml"
)


def test_english_has_every_layer_and_every_group():
    english = get("en")
    assert english is not None
    assert english.name == "English"
    assert {*LAYERS, *GROUPS} == english.features


def test_a_text_of_undetermined_language_is_read_as_the_default_one():
    assert get("und") is get("en") is default_language()
    assert supports("und", "sentiment")


@pytest.mark.parametrize("code", ["xx", "", "EN", "..", "en/..", "groups", "__pycache__"])
def test_an_unknown_code_is_no_language(code):
    assert get(code) is None
    assert not supports(code, "names")


def test_russian_has_dates_and_no_names_yet():
    assert supports("ru", "calendar")
    assert not supports("ru", "names")
    assert not supports("ru", "sentiment")


def test_names_are_looked_for_in_english_and_dates_read_in_ten_languages():
    assert [language.code for language in languages_with("names")] == ["en"]
    assert [language.code for language in languages_with("calendar")] == [
        "de", "en", "es", "fr", "it", "pl", "pt", "ru", "tr", "uk",
    ]  # fmt: skip


def test_a_group_that_a_language_lacks_says_which_file_to_add():
    russian = get("ru")
    assert russian is not None
    with pytest.raises(BadSettings, match=r"languages/ru/clauses\.toml: Russian has no data on clauses"):
        _ = russian.clauses


def test_a_language_and_its_groups_cannot_be_changed():
    english = default_language()
    with pytest.raises(dataclasses.FrozenInstanceError):
        english.name = "Anglish"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        english.calendar.months = ()  # type: ignore[misc]


def test_a_group_is_read_once():
    assert default_language().calendar is default_language().calendar


@pytest.mark.parametrize(("code", "name"), FILES)
def test_every_file_of_every_language_fits_its_group(code, name):
    language = get(code)
    assert language is not None
    assert dataclasses.is_dataclass(getattr(language, name))


@pytest.mark.parametrize("code", sorted({code for code, _ in FILES}))
def test_every_language_has_twelve_months(code):
    language = get(code)
    assert language is not None
    assert len(set(language.calendar.months)) == 12


def test_no_name_of_a_month_means_two_months():
    numbers: dict[str, set[int]] = {}
    for language in languages_with("calendar"):
        for number, month in enumerate(language.calendar.months, 1):
            numbers.setdefault(month, set()).add(number)
    assert {month: found for month, found in numbers.items() if len(found) > 1} == {}


def test_a_people_is_known_in_the_plural_and_a_country_is_no_people():
    countries = default_language().countries
    assert {"Russian", "Russians", "Frenchman", "Frenchmen", "Arabs"} <= countries.demonyms
    assert "Vatican" not in countries.demonyms
    assert countries.places["Burma"] == "Myanmar"
    assert countries.adjectives["Dutch"] == "Netherlands"
    assert countries.adjectives["Nordic"] == "Nordic"


def test_words_stand_between_spaces_or_in_a_list():
    text = read_group("x.toml", {"months": "un deux"}, groups.Calendar)
    listed = read_group("x.toml", {"months": ["un", "deux"]}, groups.Calendar)
    assert text == listed
    assert text.months == ("un", "deux")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"month_names": "un"}, "Calendar has no field `month_names`"),
        ({}, "Calendar lacks `months`"),
        ({"months": 3}, "`months` is int"),
        ({"months": ["un", 2]}, "`months` is list"),
        ({"months": "un", "years": ["a"]}, "`years` is list, not str"),
    ],
)
def test_a_wrong_group_names_file_and_field(table, message):
    with pytest.raises(BadSettings, match=message) as caught:
        read_group("fr/calendar.toml", table, groups.Calendar)
    assert caught.value.place == "fr/calendar.toml"


def test_a_new_language_is_a_folder(tmp_path: Path):
    (tmp_path / "language.toml").write_text('name = "Esperanto"\nlayers = ["sentiment"]\n')
    (tmp_path / "calendar.toml").write_text('months = "januaro februaro"\n')
    found = load_language("eo", tmp_path)
    assert found.features == {"sentiment", "calendar"}
    assert found.calendar.months == ("januaro", "februaro")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('title = "Esperanto"', "no key `title`"),
        ("layers = []", "no `name`"),
        ("name = Esperanto", "not valid TOML"),
        ('name = "Esperanto"\nlayers = ["sentimant"]', "no layer is called sentimant\n.*sentiment"),
        ('name = "Esperanto"\nlayers = 3', "`layers` is int"),
    ],
)
def test_a_wrong_language_file_is_refused(tmp_path: Path, text: str, message: str):
    (tmp_path / "language.toml").write_text(text)
    with pytest.raises(BadSettings, match=message):
        load_language("eo", tmp_path)


def test_a_file_that_is_no_group_is_refused(tmp_path: Path):
    (tmp_path / "language.toml").write_text('name = "Esperanto"\n')
    (tmp_path / "calender.toml").write_text('months = "januaro"\n')
    with pytest.raises(
        BadSettings, match=r"languages/eo/calender\.toml: no group of data is called calender\n.*calendar"
    ):
        load_language("eo", tmp_path)


def test_a_feature_that_no_language_can_have_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="unknown feature 'sentimant'"):
        supports("en", "sentimant")
    with pytest.raises(ValueError, match="unknown feature 'name'"):
        languages_with("name")


def test_the_registry_loads_no_data_and_nothing_heavy():
    code = (
        "import sys, workbench.languages as l; assert l.supports('en', 'names'); "
        "assert 'clauses' not in vars(l.get('en')); "
        "print(*sorted({'numpy', 'pandas', 'regex', 'spacy', 'nltk', 'pyarrow'} & set(sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.split() == []


def test_every_field_has_a_comment_that_says_what_it_holds():
    for name in set(GROUPS) - {
        "reporting",
        "connotations",
        "countries",
    }:  # these explain their tables at the top
        lines = FOLDER.joinpath("en", f"{name}.toml").read_text(encoding="utf-8").splitlines()
        for key in tomllib.loads("\n".join(lines)):
            place = next(
                number
                for number, line in enumerate(lines)
                if line.startswith((f"{key} =", f"[{key}]", f"[[{key}]]"))
            )
            assert any(line.startswith("# ") for line in lines[max(0, place - 3) : place]), (name, key)
