"""Find named entities by rule: offices, courtesy titles, known names, and what the model misses or misreads.

Each rule is a compiled expression over the plain text of one paragraph. A rule proposes a span with a label;
`overlaps` decides between proposals. The grammar of offices is closed where a language is (heads of offices) and
open where it is not (the portfolio of a minister, the country); it knows no office-holder. Its expressions are in
`personal_names.toml` of the language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

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


class Proposal(NamedTuple):
    """A possible mention; of two that overlap the one with the higher `rank` stays, then the longer."""

    start: int
    end: int
    label: str
    rank: int
    beside: str | None = None


Known = tuple[tuple[str, tuple[str, ...]], ...]  # as in settings.aliases.Aliases

# Ranks. The model stands in the middle: sure rules overrule it, weak ones fill what it left.
SURE, FIRM, MODEL, WEAK = 4, 3, 2, 1

_RANKS = {"sure": SURE, "firm": FIRM}
_COMPILED = tuple(
    (
        rule["label"],
        _RANKS[rule["rank"]],
        regex.compile(rf"(?<![\w-])(?:{fill_pattern(rule['pattern'])})(?!\w)"),
    )
    for rule in _LANGUAGE.personal_names.rules
)
_COUNTRY = regex.compile(rf"(?<![\w.])(?:{alternatives(_LANGUAGE.countries.places)})(?![\w]|-\p{{Ll}}|\.\w)")


def propose_by_rule(text: str, known: Known) -> Iterator[Proposal]:
    """Propose every name that a rule finds in the plain text of a unit."""
    for label, rank, rule in _COMPILED:
        yield from (Proposal(*m.span(), label, rank) for m in rule.finditer(text))
    for label, finder in _known_finders(known):
        yield from (Proposal(*m.span(), label, FIRM) for m in finder.finditer(text))
    yield from (Proposal(*m.span(), "place", FIRM) for m in _COUNTRY.finditer(text))
    yield from (Proposal(*m.span(), "office", SURE) for m in VOCATIVE.finditer(text))
    yield from _titled(text)


def _titled(text: str) -> Iterator[Proposal]:
    """Persons after a courtesy title or rank: "Mr Donilon", "Gen. van Dam"."""
    for match in TITLED.finditer(text):
        name = PERSON_NAME.match(text, match.end())
        if name and not OFFICE.match(text, name.start()):
            is_sure = SURE_TITLE.search(text, match.start(), match.end()) is not None
            yield Proposal(*name.span(), "person", SURE if is_sure else WEAK, match["title"].strip())


@lru_cache(maxsize=8)
def _known_finders(known: Known) -> tuple[tuple[str, regex.Pattern[str]], ...]:
    """One expression for each list of known names."""
    return tuple(
        (
            "body" if kind == "agency" else kind,
            regex.compile(rf"(?<![\w.])(?:{alternatives(forms)})(?![\w]|\.\w)"),
        )
        for kind, forms in known
        if forms
    )


@lru_cache(maxsize=8)
def credit_pattern(known: Known) -> regex.Pattern[str]:
    """Pattern of credits, which name an agency or a photographer without speaking of them: /TASS/, (Reuters), © …."""
    agencies = dict(known).get("agency", ())
    names = alternatives(agencies) if agencies else r"(?!)"
    return regex.compile(
        rf"[/(\[]\s?(?:{names})\s?[/)\]]|(?:©|\([Cc]\))[^\n]*|{_LANGUAGE.personal_names.credit}[^\n]*"
        rf"|\p{{Lu}}[\w'-]+\s\p{{Lu}}[\w'-]+/(?:{names})(?:\s\p{{Lu}}\w+)*"
        rf"|^(?:{names})\s-+\s"
    )
