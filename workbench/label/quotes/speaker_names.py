"""Resolve a source (pronoun, surname, "the ministry") to its fullest name in the document."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from workbench.label.quotes.source_spans import SourceSpan, phrase_before
from workbench.label.turns.speaker_labels import name_in_reading_case
from workbench.languages import default_language
from workbench.schema import UNKNOWN

_LANGUAGE = default_language()

FIRST_PERSON = _LANGUAGE.people.first_person
_PERSONAL = _LANGUAGE.people.personal
_POSSESSIVE = _LANGUAGE.people.possessive  # whose claim it is
_GENDERED = _LANGUAGE.people.gendered
_RELATIVE = _LANGUAGE.people.relative
_TITLES = _LANGUAGE.people.source_titles
_STARTERS = _LANGUAGE.people.starters
_DEPARTMENTS = _LANGUAGE.people.departments
_MAKERS = _LANGUAGE.people.makers  # of the names that begin with General
# A set of characters first, which lets the scan jump to capitals; what a word has taken it does not give back.
_FULL = re.compile(_LANGUAGE.people.full_name)
_GENERIC = re.compile(_LANGUAGE.people.generic, re.IGNORECASE)
_INITIAL = re.compile(r"(?:^|[ .])[A-Z]\.$")
_MANY = _LANGUAGE.people.many
_GROUPS = _LANGUAGE.people.groups
_NOBODY = _LANGUAGE.people.nobody
_ARTICLE = re.compile(_LANGUAGE.people.article, re.IGNORECASE)
_PARTICLES = _LANGUAGE.people.source_particles
_POSTS = _LANGUAGE.people.posts
_BODIES = _LANGUAGE.people.bodies
_LINKING = _LANGUAGE.people.linking
_MAX_LOOKS = 40  # mentions back for a fuller description; further back it may be another ministry
_MAX_BACK = 20_000  # code points back for it: three times a long story, so that a book costs no more a name
_MAX_RELATIVE = 160  # code points before "who" in which the phrase it stands for begins
_MAX_NAME = 4  # words of a person's name; a longer run of capitals is a headline or several names


class SpeakerNames:
    """The names of one document, asked about in text order.

    `narrator` is who speaks where the text is a turn: "I" is that person.
    """

    def __init__(self, plain: str) -> None:
        self._plain = plain
        self._last = ""
        self._pronouns: dict[str, str] = {}  # name to "he" or "she", once the document has told
        self._known: dict[str, str] = {}  # a name as written to its fullest form
        self._small: dict[str, bool] = {}  # whether a word is also written without its capital
        self.narrator: str | None = None

    def hand_over(self, narrator: str | None) -> None:
        """Another voice begins: nobody is carried over into it."""
        self.narrator, self._last = narrator, ""

    def name(self, source: SourceSpan) -> str:
        """The speaker a source stands for; UNKNOWN when a pronoun has nobody before it."""
        surface = self._plain[source.start : source.end]
        if source.kind == "pronoun":
            return self._pronoun(surface.lower(), source)
        if self._is_lower_case(surface, source.start):
            return _without_article(surface[0].lower() + surface[1:])
        if source.kind == "name":
            name = self._known.get(surface) or self._known.setdefault(surface, self._fullest_name(surface))
            self._last = name
            if title := _GENDERED.get(surface.split(" ", 1)[0].rstrip(".")):
                self._pronouns[name] = title
            return name
        if surface.lower() in _NOBODY:
            return UNKNOWN
        if match := _GENERIC.match(surface):
            return self._fuller_description(match[1], source.start) or _without_article(surface)
        return _without_article(surface)

    def _is_lower_case(self, surface: str, start: int) -> bool:
        """Whether the first letter is a capital only because a sentence begins: Analysts, Some officials."""
        first, _, rest = surface.partition(" ")
        small = first.lower()
        if first[:1] + small[1:] != first or small in _NOBODY or first == small or rest[:1].isupper():
            return False
        before = self._plain[max(0, start - 4) : start].rstrip(" ")
        if before and before[-1] not in ".!?\"'\n:-":
            return False
        if small in _MANY or (small in _GROUPS and not rest):
            return True
        return bool(rest or small.endswith("s")) and self._occurs_in_lower_case(small)

    def _occurs_in_lower_case(self, word: str) -> bool:
        if word not in self._small:
            self._small[word] = re.search(rf"\b{re.escape(word)}\b", self._plain) is not None
        return self._small[word]

    def _pronoun(self, word: str, source: SourceSpan) -> str:
        if word == "i":
            return self.narrator or UNKNOWN
        word = _POSSESSIVE.get(word, word)
        if word in _PERSONAL:
            pronoun = self._pronouns.setdefault(self._last, word) if self._last else ""
            return self._last if pronoun == word else UNKNOWN
        if word in _RELATIVE:
            stop = source.start
            while stop > 0 and self._plain[stop - 1] in " ,":
                stop -= 1
            left = max(0, stop - _MAX_RELATIVE)
            named = phrase_before(self._plain, max(left, self._plain.rfind("\n", left, stop) + 1), stop)
            if named and named.kind != "pronoun":
                return self.name(named)
        return UNKNOWN

    @cached_property
    def _full_names(self) -> dict[str, str]:
        """Last word of each full name to the longest person's name that ends with it."""
        names: dict[str, str] = {}
        for full in _FULL.findall(self._plain):
            last, name = _last_and_whole(full)
            if last and len(full) > len(names.get(last, "")):
                names[last] = name
        return names

    def _fullest_name(self, surface: str) -> str:
        """The surname's full name where the document gives it; otherwise the name without titles."""
        full_name = _person_without_role(_without_article(surface))
        if _is_body(full_name.split()):
            return full_name
        words = _untitled(full_name.split())
        untitled_name = " ".join(words)
        if len(words) == 1:
            return self._full_names.get(untitled_name, untitled_name)
        return (
            name_in_reading_case(untitled_name)
            if all(len(word) > 2 and word.isupper() for word in words)
            else untitled_name
        )

    def _fuller_description(self, noun: str, end: int) -> str:
        """The last fuller description with the same head: the Russian foreign ministry for the ministry."""
        start = max(0, end - _MAX_BACK)
        offset = self._plain.rfind(f" {noun}", start, end)
        for _ in range(_MAX_LOOKS):
            if offset < 0:
                break
            words = self._plain[max(0, offset - 60) : offset].rsplit("\n", 1)[-1].split(" ")[-4:]
            for number in range(len(words) - 1, -1, -1):
                if not _WORD.fullmatch(words[number]) or words[number].lower() in _SMALL:
                    words = words[number + 1 :]
                    break
            while words and not words[0][0].isupper():
                words.pop(0)
            if words:
                return " ".join([*words, noun])
            offset = self._plain.rfind(f" {noun}", start, offset)
        return ""


_WORD = re.compile(r"[A-Za-z][\w'-]*")
_SMALL = _LANGUAGE.people.small


def _person_without_role(surface: str) -> str:
    """A person's name without the role before it and the post behind it: city engineer Ana Petrova of the port."""
    words = surface.split()
    while len(words) > 1 and words[0].islower() and words[0] not in _PARTICLES:
        words.pop(0)
    based = next((number for number, word in enumerate(words[:-1], 1) if word.endswith("-based")), 0)
    words = words[based:]
    for number, word in enumerate(words):
        before = words[:number]
        if (
            word in _POSTS
            and number > 1
            and not _BODIES.intersection(before)
            and not all(map(_is_title, before))
        ):
            return " ".join(before)
    return " ".join(words)


def _is_body(words: list[str]) -> bool:
    """Whether a name is a body's with what it is of, and no person's behind it: American Federation of Teachers."""
    links = [
        number for number, word in enumerate(words) if word in ("of", "for") and words[number - 1] in _BODIES
    ]
    return bool(links) and all(word.lower() not in _TITLES or word in _LINKING for word in words[links[0] :])


def _is_title(word: str) -> bool:
    return word.lower().rstrip(".") in _TITLES


def _untitled(words: list[str]) -> list[str]:
    """Without the titles before a name: the words behind the last title, or all when these are no name."""
    while len(words) > 1 and words[0].lower() in _STARTERS:
        words = words[1:]
    last = max((number for number, word in enumerate(words) if _is_title(word)), default=-1)
    rest = words[last + 1 :]
    if rest and _POSTS.intersection([*words[:last], rest[0]]):  # Secretary of the Interior Deb Haaland
        rest = rest[1:] if rest[0] in _POSTS else rest
        while rest and rest[0].lower() in _DEPARTMENTS:
            rest = rest[1:]
    if not rest or rest[0] in _BODIES or rest[-1] in _BODIES or rest[0] in _MAKERS:
        return words
    return rest


@lru_cache(maxsize=4096)
def _last_and_whole(full: str) -> tuple[str, str]:
    """Last word and whole of a person's name in a run of capitals; empty when it is none."""
    words = _untitled(full.split()) if "-based" not in full else []
    return (words[-1], " ".join(words)) if 1 < len(words) <= _MAX_NAME else ("", "")


@lru_cache(maxsize=4096)
def _without_article(surface: str) -> str:
    """Without article and outer marks; the stop of an initial stays: U.S."""
    bare = _ARTICLE.sub("", surface, count=1).strip(" ,;:")
    return bare.lstrip(".") if _INITIAL.search(bare) else bare.strip(" ,.;:")
