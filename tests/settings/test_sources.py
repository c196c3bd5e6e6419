"""sources.toml: what it knows, and what it refuses."""

import pytest

from workbench.errors import BadSettings
from workbench.settings import load_settings
from workbench.settings.loader import SettingsLayer
from workbench.settings.sources import parse


def test_the_package_knows_the_sources_of_the_seeds():
    sources = load_settings().sources
    assert sources.of_address("http://www.kremlin.ru/events/1") == "Kremlin"
    assert sources.of_masthead("OFFICIAL WEBSITE OF THE PRESIDENT OF RUSSIA") == "Kremlin"
    assert sources.of_mark("TASS") == "TASS"
    assert sources.of_address("https://example.org") is None


def test_a_star_in_a_chrome_line_stands_for_any_text():
    entry = parse([SettingsLayer("here", {"Gazette": {"chrome": ["Read more*", "Share (now)"]}})]).entries[
        "Gazette"
    ]
    assert entry.is_chrome("read more about harbours")
    assert entry.is_chrome("Share (now)")
    assert not entry.is_chrome("Please read more")


def test_a_project_replaces_an_entry_whole_and_keeps_the_others():
    layers = [
        SettingsLayer("ours", {"A": {"marks": ["AA"]}, "B": {"marks": ["BB"]}}),
        SettingsLayer("yours", {"A": {"marks": ["A2"]}}),
    ]
    sources = parse(layers)
    assert (sources.of_mark("A2"), sources.of_mark("AA"), sources.of_mark("BB")) == ("A", None, "B")


def test_an_address_with_a_path_is_nearer_than_its_host():
    sources = parse(
        [
            SettingsLayer(
                "here", {"Town": {"addresses": ["gov.example"]}, "Port": {"addresses": ["gov.example/port"]}}
            )
        ]
    )
    assert sources.of_address("https://www.gov.example/port/news/1") == "Port"
    assert sources.of_address("https://news.gov.example/1") == "Town"


@pytest.mark.parametrize(
    ("table", "problem", "hint"),
    [
        ({"A": {"adresses": []}}, "adresses", "did you mean `addresses`"),
        ({"A": {"genre": "artical"}}, "artical", "did you mean `article`"),
        ({"A": {"marks": 3}}, "marks", "write marks"),
        ({"A": "B"}, "outside", "above its keys"),
    ],
)
def test_a_wrong_entry_is_refused(table, problem, hint):
    with pytest.raises(BadSettings) as refused:
        parse([SettingsLayer("here", table)])
    assert problem in refused.value.problem
    assert hint in refused.value.hint
