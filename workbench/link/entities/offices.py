"""Offices taken apart and compared: which country, which office, and whether two can be one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from workbench.languages import default_language
from workbench.link.entities.name_forms import FEMALE, MALE, fold, tidy

_LANGUAGE = default_language()

_COUNTRIES = _LANGUAGE.countries
_COUNTRY = {fold(form): country for form, country in (_COUNTRIES.places | _COUNTRIES.adjectives).items()}
_ADDRESS = _LANGUAGE.personal_names.address
_COURTESY = (
    FEMALE | MALE | _ADDRESS | _LANGUAGE.personal_names.courtesy
) - _LANGUAGE.personal_names.titles_of_office
_PAST = _LANGUAGE.personal_names.past
_SAME = _LANGUAGE.personal_names.same_office


class Role(NamedTuple):
    """An office: its words without country, its country under its first name, whether it is a past one."""

    head: str
    country: str
    past: bool


@lru_cache(maxsize=50_000)
def role(text: str) -> Role | None:
    """An office as written, taken apart; None for a mere courtesy title.

    >>> role("US Secretary of State"), role("Mr President")
    (Role(head='secretary of state', country='United States', past=False), Role(head='president', country='', past=False))
    """
    words = [re.sub(r"'s?$", "", word) for word in fold(tidy(text)).replace("-", " ").split()]
    past = any(word in _PAST for word in words)
    words = [word for word in words if word not in _PAST and word not in ("the", "current", "new", "acting")]
    while words and words[0] in _COURTESY:
        words = words[1:]
    country, words = _country(words)
    office = " ".join(words).replace("defense", "defence").replace("labor", "labour")
    return Role(_SAME.get(office, office), country, past) if office else None


def _country(words: list[str]) -> tuple[str, list[str]]:
    """The country that opens an office or closes it after "of", and the other words."""
    for n in (4, 3, 2, 1):
        if len(words) > n and (country := _COUNTRY.get(" ".join(words[:n]))):
            return country, words[n:]
    for n in range(1, len(words) - 1):
        tail = words[n + 1 :]
        tail = tail[1:] if tail[:1] == ["the"] else tail
        if words[n] in ("of", "to") and (country := _COUNTRY.get(" ".join(tail))):
            return country, words[:n]
    return "", words


def is_address(surface: str) -> bool:
    """Whether an office is written as one addresses its bearer: "Mr President"."""
    return fold(tidy(surface).split(" ")[0]) in _ADDRESS


def fits(office: Role, held_office: Role, *, address: bool = False) -> bool:
    """Whether who holds `held_office` may be meant by `office`; an address may shorten the office.

    "Mr Secretary" may be a Secretary of State; "the Secretary" of a story may not be just any.
    """
    if held_office.past != office.past or (
        office.country and held_office.country and office.country != held_office.country
    ):
        return False
    if office.head == held_office.head:
        return True
    return address and (
        held_office.head.startswith(office.head + " of") or held_office.head.endswith(" " + office.head)
    )
