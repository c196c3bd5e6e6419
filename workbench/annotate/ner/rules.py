"""Find named entities by rule: what the model misses or misreads, whatever the source.

Each rule is a compiled expression over the plain text of one paragraph. A rule proposes a span with a label;
`overlaps` decides between proposals.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import regex

from workbench.annotate.ner import titles as offices
from workbench.languages import default_language

_LANGUAGE = default_language()


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
        regex.compile(rf"(?<![\w-])(?:{offices.fill_pattern(rule['pattern'])})(?!\w)"),
    )
    for rule in _LANGUAGE.personal_names.rules
)
_COUNTRY = regex.compile(
    rf"(?<![\w.])(?:{offices.alternatives(_LANGUAGE.countries.places)})(?![\w]|-\p{{Ll}}|\.\w)"
)


def propose_by_rule(text: str, known: Known) -> Iterator[Proposal]:
    """Every name the rules see in the plain text of a unit."""
    for label, rank, rule in _COMPILED:
        yield from (Proposal(*m.span(), label, rank) for m in rule.finditer(text))
    for label, finder in _known_finders(known):
        yield from (Proposal(*m.span(), label, FIRM) for m in finder.finditer(text))
    yield from (Proposal(*m.span(), "place", FIRM) for m in _COUNTRY.finditer(text))
    yield from (Proposal(*m.span(), "office", SURE) for m in offices.VOCATIVE.finditer(text))
    yield from _titled(text)


def _titled(text: str) -> Iterator[Proposal]:
    """Persons after a courtesy title or rank: "Mr Donilon", "Gen. van Dam"."""
    for match in offices.TITLED.finditer(text):
        name = offices.PERSON_NAME.match(text, match.end())
        if name and not offices.OFFICE.match(text, name.start()):
            is_sure = offices.SURE_TITLE.search(text, match.start(), match.end()) is not None
            yield Proposal(*name.span(), "person", SURE if is_sure else WEAK, match["title"].strip())


@lru_cache(maxsize=8)
def _known_finders(known: Known) -> tuple[tuple[str, regex.Pattern[str]], ...]:
    """One expression for each list of known names."""
    return tuple(
        (
            "body" if kind == "agency" else kind,
            regex.compile(rf"(?<![\w.])(?:{offices.alternatives(forms)})(?![\w]|\.\w)"),
        )
        for kind, forms in known
        if forms
    )


@lru_cache(maxsize=8)
def credit_pattern(known: Known) -> regex.Pattern[str]:
    """Spans that name an agency or a photographer without speaking of them: /TASS/, (Reuters), © …."""
    agencies = dict(known).get("agency", ())
    names = offices.alternatives(agencies) if agencies else r"(?!)"
    return regex.compile(
        rf"[/(\[]\s?(?:{names})\s?[/)\]]|(?:©|\([Cc]\))[^\n]*|{_LANGUAGE.personal_names.credit}[^\n]*"
        rf"|\p{{Lu}}[\w'-]+\s\p{{Lu}}[\w'-]+/(?:{names})(?:\s\p{{Lu}}\w+)*"
        rf"|^(?:{names})\s-+\s"
    )
