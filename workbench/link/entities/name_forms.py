"""Parse and compare name forms: which spellings are one word, which forms can be one person's name.

A wrong merge is worse than a split: two spellings are one only by the rules below, never by a score. What an
analyst has accepted or refused as one name stands above the rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from workbench.languages import default_language
from workbench.schema import plain
from workbench.settings.aliases import Accept, Aliases, Refuse, fold_name

if TYPE_CHECKING:
    import pandas as pd


_LANGUAGE = default_language()

PARTICLES = _LANGUAGE.personal_names.particles
SUFFIXES = _LANGUAGE.personal_names.suffixes
TITLES = _LANGUAGE.personal_names.titles
FEMALE = _LANGUAGE.personal_names.female
MALE = _LANGUAGE.personal_names.male

# Short forms that stand for one given name and no other; "Al", "Chris", "Sam" stand for several.
_SHORT = _LANGUAGE.personal_names.given


class PersonName(NamedTuple):
    """A person's name as compared: given names and surname as keys, "" for an absent surname's givens."""

    given: tuple[str, ...]
    family: str
    suffix: str

    @property
    def full(self) -> bool:
        """Whether there is more than a surname."""
        return bool(self.given)


@lru_cache(maxsize=200_000)
def tidy(surface: str) -> str:
    """A name form for show: plain characters, single spaces, no possessive."""
    return re.sub(r"'s$", "", " ".join(plain(surface).split()))


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """A word without case, accents, full stops.

    >>> fold("Süleyman")
    'suleyman'
    """
    decomposed = unicodedata.normalize(
        "NFKD", word.casefold().replace("ß", "ss").replace("ø", "o").replace("ł", "l")
    )
    return "".join(c for c in decomposed if not unicodedata.combining(c) and c != ".")


@lru_cache(maxsize=200_000)
def key(word: str) -> str:
    """A word of a name as transliterations agree on it: Sergei, Sergey and Serguei's relatives.

    Only spellings that no two English names share are folded: "Smith" and "Smyth" stay apart.

    >>> key("Sergei") == key("Sergey"), key("Smith") == key("Smyth")
    (True, False)
    """
    word = re.sub(r"^(?:al|el|ar|as|ash|an|at|ad|d|o)[-']", "", fold(word)).replace("'", "").replace("-", "")
    if len(word) < 3:
        return word
    for pattern, spelling in _SPELLINGS:
        word = pattern.sub(spelling, word)
    return word


_SPELLINGS = tuple(
    (re.compile(pattern), spelling)
    for pattern, spelling in (
        (r"kh", "h"), (r"x", "ks"), (r"(?:iy|ij|ey|ei|ej|ii|yy|y|i)$", "i"), (r"yev", "ev"), (r"^ye", "e"),
        (r"(?<=[a-z])yo", "e"), (r"ou", "u"), (r"dzh", "j"), (r"tch", "ch"), (r"ck", "k"), (r"(.)\1", r"\1"),
    )
)  # fmt: skip


@lru_cache(maxsize=200_000)
def _skeleton(word: str) -> str:
    """Consonants of a given name and its last letter: Mohammed, Muhammad, Mohamed; "" when too short to tell."""
    consonants = re.sub(r"[aeiouy]", "", key(word).replace("c", "k"))
    return consonants + key(word)[-1] if len(consonants) >= 4 else ""


@lru_cache(maxsize=200_000)
def person_name(surface: str) -> PersonName:
    """A person's surface taken apart; titles before it and particles inside it are left out.

    >>> person_name("Sen. John F. Kerry")
    PersonName(given=('john', 'f'), family='keri', suffix='')
    """
    words = [fold(word) for word in re.split(r"[\s,]+|(?<=\w\.)(?=\w)", tidy(surface)) if word]
    while len(words) > 1 and words[0] in TITLES:
        words = words[1:]
    suffix = words.pop() if len(words) > 1 and words[-1] in SUFFIXES else ""
    words = [
        word
        for i, word in enumerate(words)
        if word not in PARTICLES
        or i == len(words) - 1
        or (i == 0 and len(words) > 2 and word in ("ben", "al"))
    ]
    return PersonName(tuple(words[:-1]), key(words[-1]) if words else "", suffix)


def same_given(a: str, b: str, *, initials: bool = True) -> bool:
    """Whether two given names can be one: equal, a spelling of it, its short form, or its initial."""
    if a == b or key(a) == key(b):
        return True
    if len(a) == 1 or len(b) == 1:
        return initials and a[:1] == b[:1]
    if _SHORT.get(a, a) == _SHORT.get(b, b):
        return True
    return bool(_skeleton(a)) and _skeleton(a) == _skeleton(b)


def same_person_name(a: PersonName, b: PersonName, *, initials: bool = True) -> bool:
    """Whether two full names can be one person's: surname, first name, and middle names that both give.

    `initials` says whether "J. Kerry" may be "John Kerry"; the middle initial always may.
    """
    if a.family != b.family or (a.suffix and b.suffix and a.suffix != b.suffix):
        return False
    if not a.given or not b.given or not same_given(a.given[0], b.given[0], initials=initials):
        return False
    return all(same_given(x, y) for x, y in zip(a.given[1:], b.given[1:], strict=False))


def gender(beside: str | None) -> str:
    """ "f" or "m" as the courtesy title beside a name says, "" when it does not."""
    words = {fold(word) for word in (beside or "").split()}
    return "f" if words & FEMALE else "m" if words & MALE else ""


@lru_cache(maxsize=200_000)
def thing_key(surface: str) -> str:
    """The key of a name that is no person's: no case, accents, stops, "the", possessive, trailing year.

    >>> thing("the Geneva Communiqué of 2012")
    'geneva communique'
    """
    words = fold(tidy(surface)).replace("-", " ").split()
    words = words[1:] if len(words) > 1 and words[0] == "the" else words
    return re.sub(r"(?<=\w)(?: of| in)? (?:19|20)\d\d$", "", " ".join(words))


def initials_of(long: str) -> str:
    """First letters of a long form, small words left out: "Organization for Security …" -> "osc…"."""
    return "".join(word[0] for word in re.split(r"[\s-]+", fold(tidy(long))) if word and word not in _SMALL)


_SMALL = _LANGUAGE.personal_names.small


def script_of(form: str) -> str | None:
    """The script of the letters of a name by Unicode's word for it, "mixed" for several, None without letters.

    >>> script_of("Лавров"), script_of("John Kerry"), script_of("Kиев"), script_of("7")
    ('Cyrillic', 'Latin', 'mixed', None)
    """
    scripts = {
        unicodedata.name(letter, "unknown").partition(" ")[0].capitalize()
        for letter in form
        if letter.isalpha()
    }
    return "mixed" if len(scripts) > 1 else next(iter(scripts), None)


def forms_of_entities(mentions: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Every form of a name with its language and script, and how often it occurs.

    In: mentions [doc_id, surface, entity], documents [doc_id, language].
    Out: [entity, form, language, script, n], by entity, form and language.
    """
    language = dict(zip(documents["doc_id"], documents["language"], strict=True))
    resolved = mentions[mentions["entity"].notna()]
    rows = resolved.assign(form=resolved["surface"], language=resolved["doc_id"].map(language))
    counts = rows.groupby(["entity", "form", "language"], sort=True, observed=True).size()
    forms = counts.rename("n").astype("int32").reset_index()
    forms.insert(3, "script", forms["form"].map(script_of).astype(rows["form"].dtype))
    return forms


# ---------------------------------------------------------------- names that an analyst accepted or refused as one

Key = PersonName | str


@dataclass(slots=True)
class Refusals:
    """Pairs of names that stay apart, by the keys the linker compares."""

    pairs: dict[frozenset[Key], Refuse] = field(default_factory=dict)

    @classmethod
    def of(cls, aliases: Aliases) -> Refusals:
        """The refusals of `aliases.toml`, each as persons' names and as names of things."""
        pairs: dict[frozenset[Key], Refuse] = {}
        for refuse in aliases.refuse:
            a, b = refuse.names
            pairs[frozenset((person_name(a), person_name(b)))] = refuse
            pairs[frozenset((thing_key(a), thing_key(b)))] = refuse
        return cls(pairs)

    def are_refused(self, a: Key, b: Key) -> bool:
        """Whether two names are refused."""
        return bool(self.pairs) and frozenset((a, b)) in self.pairs


def merges_by_name(aliases: Aliases) -> dict[tuple[str, bool], Accept]:
    """(folded form, whether a person's) -> the accepted merge that names it; a person's takes persons only."""
    merges: dict[tuple[str, bool], Accept] = {}
    for accept in aliases.accept:
        for name in (*accept.names, accept.entity):
            merges.setdefault((fold_name(name), accept.label == "person"), accept)
    return merges


def refused_families(decisions: Iterable[Refuse]) -> set[str]:
    """The family names in refusals, as the linker compares them."""
    return {person_name(name).family for refuse in decisions for name in refuse.names}
