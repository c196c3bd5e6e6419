"""The groups of data that a language can have: one dataclass a TOML file of its folder, one field a key.

The comment above each key in `languages/en/*.toml` says what the field holds. A field of words is a text of
words between spaces, or a list where a word holds a space; a field `str` is a regular expression, compiled
with the flags of the module that uses it; a `Mapping` is a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Vocabulary:
    """Frequent words of a language: what tells it from others, and what word lists leave out."""

    common: frozenset[str]
    stop: frozenset[str]
    contracted: frozenset[str]
    dull: frozenset[str]


@dataclass(frozen=True)
class Abbreviations:
    """Abbreviations after which a sentence or a name goes on."""

    sentence: frozenset[str]
    clause: frozenset[str]
    name_end: str


@dataclass(frozen=True)
class Clauses:
    """Closed classes by which a reporting clause, its source and its content are found."""

    asked: str
    no_verb: frozenset[str]
    alone: frozenset[str]
    passive: frozenset[str]
    adjunct: str
    trailing: str
    according: str
    modals: frozenset[str]
    plural_pronouns: frozenset[str]
    either: frozenset[str]
    clause_follows: str
    about_end: str
    opening_cue: str
    any_verb: str
    as_saying: str
    headline_offices: tuple[str, ...]
    link: str
    plural: str
    whose: str
    joining: frozenset[str]
    adverbial: str
    aside: str
    conjunction: str
    told: str
    that: str
    recipient: frozenset[str]
    pronouns: frozenset[str]
    determiners: frozenset[str]
    helpers: frozenset[str]
    contracted_verbs: frozenset[str]
    articles: frozenset[str]
    works: frozenset[str]
    made: frozenset[str]
    links: frozenset[str]
    joins: frozenset[str]
    breaks: frozenset[str]
    phrase_pronouns: frozenset[str]
    signs: tuple[str, ...]
    openers: frozenset[str]
    under: str
    leads: frozenset[str]
    role: str
    plural_head: str
    clause_words: frozenset[str]
    explains: str
    clause: str
    auxiliary: frozenset[str]
    verbish: str
    source_stop: str


@dataclass(frozen=True)
class People:
    """Words by which a source is led back to a person: pronouns, titles, groups, bodies."""

    first_person: frozenset[str]
    personal: frozenset[str]
    possessive: Mapping[str, str]
    gendered: Mapping[str, str]
    relative: frozenset[str]
    source_titles: frozenset[str]
    starters: frozenset[str]
    departments: frozenset[str]
    makers: frozenset[str]
    full_name: str
    generic: str
    many: frozenset[str]
    groups: frozenset[str]
    nobody: frozenset[str]
    article: str
    source_particles: frozenset[str]
    posts: frozenset[str]
    bodies: frozenset[str]
    linking: frozenset[str]
    small: frozenset[str]


@dataclass(frozen=True)
class Speakers:
    """Words of transcripts: speaker labels, questions, stage marks, signs of speech."""

    honorifics: frozenset[str]
    offices: frozenset[str]
    office_parts: frozenset[str]
    links: frozenset[str]
    particles: frozenset[str]
    never_first: frozenset[str]
    generic: frozenset[str]
    generic_before: frozenset[str]
    count: str
    lone_offices: frozenset[str]
    mixed_capitals: str
    suffixes: frozenset[str]
    acronym: str
    heading_words: frozenset[str]
    heading_stop: str
    delivery: str
    spoken: str
    question_mark: str
    spoken_often: tuple[str, ...]
    reporters: frozenset[str]
    asking: frozenset[str]
    giving_the_floor: frozenset[str]
    stage_words: str
    stage: str
    sign_off: str
    footer: str


@dataclass(frozen=True)
class Quotation:
    """Quotation marks and how they pair."""

    double: str
    whole: str
    pairs: tuple[str, ...]
    closers: Mapping[str, str]
    single: str
    single_end: str
    elided: str


@dataclass(frozen=True)
class Datelines:
    """The head of a wire story: place, date, note, by-line."""

    capitals: str
    month: str
    note: str
    by: str
    no_place: str


@dataclass(frozen=True)
class Page:
    """Lines of a page that are not its story, and words that show the kind of a text."""

    credit: str
    agency_end: str
    rights: str
    byline: str
    reporting_credit: str
    separator: str
    no_place: str
    menu: frozenset[str]
    asking: frozenset[str]
    first_person: frozenset[str]
    verbs: frozenset[str]
    remarks: str
    remark_by: str
    related: str
    statement: str
    release: str
    title_forms: tuple[str, ...]


@dataclass(frozen=True)
class Calendar:
    """Months, days of the week and what else belongs to a date; months alone read a day, a month and a year."""

    months: tuple[str, ...]
    weekdays: tuple[str, ...] = ()
    date_words: frozenset[str] = frozenset()
    month: str = ""
    day_suffix: str = ""
    weekday: str = ""
    on_weekday: str = ""
    years: str = ""
    ordinal: str = ""


@dataclass(frozen=True)
class PersonalNames:
    """Names of persons and offices: how they begin and end, what stands beside them, what is the same."""

    honorific: str
    rank: str
    degree: str
    portfolio: str
    low_head: str
    not_name: str
    particle: str
    left_edge: str
    after_name: str
    particle_end: str
    office_alone: str
    suffix: str
    links: frozenset[str]
    person_pronouns: str
    particles: frozenset[str]
    suffixes: frozenset[str]
    titles: frozenset[str]
    female: frozenset[str]
    male: frozenset[str]
    given: Mapping[str, str]
    small: frozenset[str]
    address: frozenset[str]
    past: frozenset[str]
    same_office: Mapping[str, str]
    no_names: frozenset[str]
    of_place: str
    portfolio_of: str
    head: str
    of: str
    office: str
    low_office: str
    vocative: str
    titled: str
    sure_title: str
    leading_titles: str
    person_name: str
    credit: str
    courtesy: frozenset[str]
    titles_of_office: frozenset[str]
    rules: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Syntax:
    """Closed classes for who does what to whom."""

    relative: frozenset[str]
    opens: frozenset[str]
    after_comma: frozenset[str]
    be: frozenset[str]
    negations: frozenset[str]
    participles: frozenset[str]
    pronouns: frozenset[str]
    prepositions: frozenset[str]
    speech: frozenset[str]


@dataclass(frozen=True)
class Reporting:
    """Verbs and nouns that report, by what they can do and by class (neutral, claim, demand, denial)."""

    clause_only: frozenset[str]
    say: Mapping[str, str]
    think: Mapping[str, str]
    about: Mapping[str, str]
    noun: Mapping[str, str]
    irregular: Mapping[str, str]


@dataclass(frozen=True)
class Connotations:
    """What words say of the persons and bodies beside them: verbs and nouns that do something to somebody, words
    that value, fields of life, closed classes."""

    relations: Mapping[str, Mapping[str, Any]]
    words: Mapping[str, Mapping[str, Any]]
    fields: Mapping[str, Mapping[str, Any]]
    grammar: Mapping[str, Any]


@dataclass(frozen=True)
class Countries:
    """Countries with their other names and their adjectives and peoples.

    `countries` maps the first name of a country to `names` and `people`; `regional` are adjectives of no single
    country; `plural` maps the ending of a people's name to that of the plural.
    """

    regional: tuple[str, ...]
    plural: Mapping[str, str]
    countries: Mapping[str, Mapping[str, list[str]]]

    @cached_property
    def places(self) -> dict[str, str]:
        """Name form -> country under its first name: "Burma" -> "Myanmar"."""
        return {form: name for name, row in self.countries.items() for form in (name, *row.get("names", ()))}

    @cached_property
    def adjectives(self) -> dict[str, str]:
        """Adjective or name of a people -> country: "Dutch" -> "Netherlands"; a regional one stands for itself."""
        known = {word: name for name, row in self.countries.items() for word in row["people"]}
        return known | {word: word for word in self.regional}

    @cached_property
    def demonyms(self) -> frozenset[str]:
        """Adjectives and peoples, singular and plural, that name no country: these are no mentions."""
        plurals = {
            word.removesuffix(singular) + plural
            for word in self.adjectives
            for singular, plural in self.plural.items()
            if word.endswith(singular)
        }
        return frozenset({*self.adjectives, *plurals} - self.places.keys())
