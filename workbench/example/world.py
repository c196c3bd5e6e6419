"""Invent the world of an example corpus from a seed: countries, people in office, outlets."""

from __future__ import annotations

import datetime
import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

PERSON, COUNTRY, BODY = "person", "country", "body"
SPAN = 18  # months that a corpus covers
OFFICES = ("president", "foreign", "spokesman", "premier", "finance", "transport", "defence", "interior")
SMALL_OFFICES = (
    "president",
    "foreign",
    "opposition",
    "ambassador",
    "governor",
)  # of countries that are only neighbours


@cache
def read_data(name: str) -> Mapping[str, Any]:
    """One of the data files of this package."""
    text = (resources.files(__package__) / "data" / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True)
class Country:
    """An invented country."""

    name: str
    adjective: str
    capital: str
    cities: tuple[str, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True)
class OfficeHolder:
    """Somebody in office. `other` is a second spelling of the name, where there is one."""

    key: str
    given: str
    family: str
    pronoun: str
    role: str
    country: Country
    other: str = ""

    @property
    def name(self) -> str:
        """Given name and family name."""
        return f"{self.given} {self.family}"

    @property
    def honorific(self) -> str:
        """Mr or Ms."""
        return "Mr" if self.pronoun == "he" else "Ms"


@dataclass(frozen=True)
class Outlet:
    """Who issues pages: an agency, a portal, a ministry or a presidency. `style` chooses marks and designs."""

    key: str
    name: str
    kind: str
    host: str
    mark: str
    country: Country | None
    style: int


@dataclass(frozen=True)
class World:
    """Everything that the pages of one corpus speak of."""

    countries: tuple[Country, ...]
    people: tuple[OfficeHolder, ...]
    sources: Mapping[str, Outlet]
    river: str
    currency: str
    start: datetime.date
    topics: tuple[
        str, ...
    ]  # first the topic that rises, then that of the two sources, then that of the confounder

    def person(self, key: str) -> OfficeHolder:
        """Somebody by key."""
        return next(person for person in self.people if person.key == key)

    def in_office(self, country: Country) -> list[OfficeHolder]:
        """Those who hold an office of a country, without the second bearer of a family name."""
        return [p for p in self.people if p.country == country and p.key != "namesake"]

    def month(self, number: int) -> str:
        """The month `number` of the corpus, as 2023-05."""
        whole = self.start.year * 12 + self.start.month - 1 + number
        return f"{whole // 12}-{whole % 12 + 1:02}"


def invent_world(seed: int, *, shared_surname: bool) -> World:
    """The world of a seed. With `shared_surname`, the person "namesake" has the family name of another one."""
    rng = random.Random(f"world {seed}")  # noqa: S311  # a corpus is drawn, nothing is kept secret
    names = read_data("names")
    countries = tuple(
        Country(c["name"], c["adjective"], c["capital"], tuple(c["cities"]), tuple(c["regions"]))
        for c in rng.sample(names["country"], 6)
    )
    return World(
        countries=countries,
        people=_people(rng, names, countries, shared_surname=shared_surname),
        sources=_sources(rng, names, countries),
        river=rng.choice(names["rivers"]["names"]),
        currency=rng.choice(read_data("words")["currencies"]),
        start=datetime.date(rng.randint(2018, 2023), rng.choice((1, 3, 4, 7, 9)), 1),
        topics=tuple(rng.sample(sorted(read_data("topics")), len(read_data("topics")))),
    )


def _people(
    rng: random.Random, names: Mapping[str, Any], countries: tuple[Country, ...], *, shared_surname: bool
) -> tuple[OfficeHolder, ...]:
    families = rng.sample(names["people"]["family"], len(names["people"]["family"]))
    given = {key: rng.sample(names["people"][key], len(names["people"][key])) for key in ("she", "he")}
    spelling = rng.choice(names["spelling"])
    people: list[OfficeHolder] = []

    def new(key: str, role: str, country: Country, family: str) -> OfficeHolder:
        pronoun = rng.choice(("she", "he"))
        if not given[pronoun]:
            pronoun = "he" if pronoun == "she" else "she"
        return OfficeHolder(key, given[pronoun].pop(), family, pronoun, role, country)

    for number, country in enumerate(countries):
        for role in OFFICES if number < 2 else SMALL_OFFICES[: 3 if number < 4 else 2]:
            people.append(new(f"{role}-{number}", role, country, families.pop()))
    shared = next(p for p in people if p.key == "finance-0").family
    people.append(new("namesake", "governor", countries[2], shared if shared_surname else families.pop()))
    at = next(i for i, p in enumerate(people) if p.key == "foreign-1")
    first, last = spelling["forms"][0].split(" ")
    people[at] = OfficeHolder(
        "foreign-1", first, last, spelling["pronoun"], "foreign", countries[1], spelling["forms"][1]
    )
    return tuple(people)


def _sources(
    rng: random.Random, names: Mapping[str, Any], countries: tuple[Country, ...]
) -> dict[str, Outlet]:
    one, two = rng.sample(names["agency"], 2)
    portal = rng.choice(names["portal"])
    hosts = [c.name.lower().replace(" ", "-") for c in countries]
    style = rng.sample(range(6), 6)
    made = [
        Outlet("agency-a", one["name"], "agency", one["host"], one["mark"], None, style[0]),
        Outlet("agency-b", two["name"], "agency", two["host"], two["mark"], None, style[1]),
        Outlet("portal", portal["name"], "portal", portal["host"], "", None, style[2]),
        *(
            Outlet(key, f"Ministry of Foreign Affairs of {countries[n].name}", "ministry",
                   f"mfa.{hosts[n]}.example", "", countries[n], style[3 + n])
            for n, key in enumerate(("ministry-a", "ministry-b"))
        ),
        Outlet("presidency", f"Office of the President of {countries[0].name}", "presidency",
               f"president.{hosts[0]}.example", "", countries[0], style[5]),
    ]  # fmt: skip
    return {source.key: source for source in made}
