"""The registry of languages: what the workbench knows of each, as data in one folder a language.

`languages/<code>/language.toml` names a language and the layers that exist for it; every other TOML file
of the folder is one group of its words and expressions (`groups.py` says what each holds). A file is read
when it is first asked for, and kept. The code is ISO 639-1.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

from workbench.languages.language import GROUPS, LAYERS, Language, load_language

__all__ = ["DEFAULT", "UNDETERMINED", "Language", "default_language", "get", "languages_with", "supports"]

UNDETERMINED = "und"  # ISO 639-2: the language of a text that is too short to tell
# What a text of undetermined language is read as: in an archive of English pages the better guess.
DEFAULT = "en"
_FEATURES = frozenset((*LAYERS, *GROUPS))


def get(code: str) -> Language | None:
    """The language of an ISO 639-1 code; None when nothing is known of it.

    An undetermined language is read as the default one: this is the one place that says so.

    >>> get("en").name, get("und").name, get("xx")
    ('English', 'English', None)
    """
    code = DEFAULT if code == UNDETERMINED else code
    return _load(code) if code in _codes() else None


def supports(code: str, feature: str) -> bool:
    """Whether a language has a layer ("names", "sentiment") or a group of data ("calendar", "clauses").

    Raises ValueError for a feature that no language can have.

    >>> supports("en", "sentiment"), supports("und", "sentiment"), supports("ru", "sentiment")
    (True, True, False)
    """
    _check(feature)
    language = get(code)
    return language is not None and feature in language.features


def languages_with(feature: str) -> tuple[Language, ...]:
    """The languages that have a layer or a group of data, in the order of their codes.

    >>> [language.name for language in languages_with("sentiment")]
    ['English']
    """
    _check(feature)
    return tuple(language for code in _codes() if feature in (language := _load(code)).features)


def default_language() -> Language:
    """The language by whose rules labels, quotations, names and sentiment are found."""
    return _load(DEFAULT)


def _check(feature: str) -> None:
    if feature not in _FEATURES:
        raise ValueError(f"unknown feature {feature!r}; known: {', '.join(sorted(_FEATURES))}")


@cache
def _codes() -> tuple[str, ...]:
    folders = resources.files("workbench.languages").iterdir()
    return tuple(sorted(f.name for f in folders if f.is_dir() and f.joinpath("language.toml").is_file()))


@cache
def _load(code: str) -> Language:
    return load_language(code, resources.files("workbench.languages").joinpath(code))
