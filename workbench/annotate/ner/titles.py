"""Recognise offices and courtesy titles, before a name or alone.

The grammar is closed where a language is (heads of offices) and open where it is not (the portfolio of a
minister, the country). It knows no office-holder. Its expressions are in `personal_names.toml` of the language.
"""

from __future__ import annotations

from collections.abc import Iterable

import regex

from workbench.languages import default_language

_LANGUAGE = default_language()
_NAMES, _COUNTRIES, _CALENDAR = _LANGUAGE.personal_names, _LANGUAGE.countries, _LANGUAGE.calendar


def alternatives(words: Iterable[str]) -> str:
    """Alternatives, longest first, spaces standing for any white space."""
    return "|".join(
        regex.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=lambda w: (-len(w), w))
    )


_PARTS = {
    "places": alternatives(_COUNTRIES.places),
    "place": f"(?:{alternatives([*_COUNTRIES.places, *_COUNTRIES.adjectives])})",
    "capital": r"\p{Lu}[\w'&-]*",
    "dates": f"(?:{'|'.join(word.capitalize() for word in (*_CALENDAR.months, *_CALENDAR.weekdays))})",
    "not_name": _NAMES.not_name,
    "particle": _NAMES.particle,
    "honorific": _NAMES.honorific,
    "rank": _NAMES.rank,
    "degree": _NAMES.degree,
    "portfolio": _NAMES.portfolio,
    "low_head": _NAMES.low_head,
}


def fill_pattern(pattern: str) -> str:
    """An expression of `personal_names.toml` with the parts in its place that it names in braces."""
    for name, part in _PARTS.items():
        pattern = pattern.replace(f"{{{name}}}", part)
    return pattern


_PARTS["of_place"] = fill_pattern(_NAMES.of_place)
_PARTS["portfolio_of"] = fill_pattern(_NAMES.portfolio_of)
_PARTS["head"] = fill_pattern(_NAMES.head)
_PARTS["of"] = fill_pattern(_NAMES.of)

OFFICE = regex.compile(fill_pattern(_NAMES.office))
"""A capitalised office: "US Secretary of State", "President of Russia", "Deputy Foreign Minister"."""

LOW_OFFICE = regex.compile(fill_pattern(_NAMES.low_office))
"""An office in small letters with its country: "Russian foreign minister", "Iran's supreme leader"."""

VOCATIVE = regex.compile(fill_pattern(_NAMES.vocative))
"""An address: "Mr President", "Madam Secretary", "Mr. Prime Minister"."""

TITLED = regex.compile(fill_pattern(_NAMES.titled))
"""A courtesy title or rank with a capitalised word after it."""

SURE_TITLE = regex.compile(fill_pattern(_NAMES.sure_title))
"""Titles after which a capitalised word is a name and nothing else."""

LEADING_TITLES = regex.compile(fill_pattern(_NAMES.leading_titles))
"""Titles at the head of a person's name as the model cut it."""

PERSON_NAME = regex.compile(fill_pattern(_NAMES.person_name))
"""One to four capitalised words with initials and particles, as a name is written after a title."""
