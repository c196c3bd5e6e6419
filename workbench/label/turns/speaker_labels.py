"""Parse a speaker label: office, courtesy title, generic speaker, name.

`parse_speaker_label` reads one label without its document; `turns` decides by the whole document whether it is
a label at all, and `speakers` who the person is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from workbench.languages import default_language

_LANGUAGE = default_language()

MAX_WORDS = 18  # "Minister of Foreign Affairs of the Kingdom of … X Y"; longer ones are sentences
MAX_NAME = 5  # words of a person's name, particles included

HONORIFICS = _LANGUAGE.speakers.honorifics
# Words that name an office or a rank: before a name they make it a person's, alone they stand for one.
OFFICES = _LANGUAGE.speakers.offices
# Words that stand before or inside an office: "under secretary", "attorney general", "first lady".
OFFICE_PARTS = OFFICES | _LANGUAGE.speakers.office_parts
LINKS = _LANGUAGE.speakers.links
PARTICLES = _LANGUAGE.speakers.particles
# Labels that head a field, a list, a notice or a menu; they open no turn however often they come back.
NEVER_FIRST = _LANGUAGE.speakers.never_first
# The last word of a label that names no person: "Senior Administration Official", "Audience member".
_GENERIC = _LANGUAGE.speakers.generic
# What may stand before it, in capitals any word may; in mixed case these only.
_GENERIC_BEFORE = _LANGUAGE.speakers.generic_before
_COUNT = re.compile(_LANGUAGE.speakers.count)
_LONE_OFFICES = _LANGUAGE.speakers.lone_offices
_WORD = re.compile(r"[^\W\d_][\w'.\-]*|#?\d{1,2}|[&/\-]|\"[^\"]*|[^\"]*\"")
_MIXED_CAPS = re.compile(_LANGUAGE.speakers.mixed_capitals)
_SUFFIXES = _LANGUAGE.speakers.suffixes


class SpeakerLabel(NamedTuple):
    """A label without its document.

    kind      generic (nobody by name), titled (office or courtesy before a name), office, name
    role      the office's words as written, or None
    person    the name's words as written, or None
    caps      the label is written in capitals
    """

    kind: str
    role: str | None
    person: str | None
    caps: bool


@lru_cache(maxsize=8192)
def parse_speaker_label(words: str) -> SpeakerLabel | None:
    """Read a label such as "US Secretary of State John Kerry"; None when it can name no speaker."""
    words = re.sub(r"\s*\([^()]*\)", "", words)
    tokens = re.sub(r"\b([A-Z]\.)(?=[A-Z][a-z])", r"\1 ", words.replace(",", " , ")).split()
    if (
        not tokens
        or len(tokens) > MAX_WORDS
        or folded_word(tokens[0]) in NEVER_FIRST
        or not _only_names(tokens)
    ):
        return None
    caps = is_in_capitals(tokens)
    plain_words = [folded_word(word) for word in tokens if word != ","]
    if _is_generic(plain_words, caps):
        return SpeakerLabel("generic", None, None, caps)
    if any(char.isdigit() for char in words) or "'s" in words.casefold():
        return None
    return _split_office_and_person(tokens, caps)


def folded_word(word: str) -> str:
    """A word for look-ups: folded, without its full stop."""
    return word.casefold().rstrip(".")


def is_in_capitals(tokens: Sequence[str]) -> bool:
    """Capitals but for courtesy, links and Mc: "Ms. PSAKI", "MR. McDONOUGH", "KING of JORDAN"."""
    capitals_seen = False
    for word in tokens:
        if word.isupper() or _MIXED_CAPS.match(word):
            capitals_seen = capitals_seen or len(word.strip(".")) > 1 or len(tokens) == 1
        elif not (folded_word(word) in HONORIFICS or word in LINKS or not any(map(str.isalpha, word))):
            return False
    return capitals_seen


def _only_names(tokens: Sequence[str]) -> bool:
    """Every word begins with a capital or links two that do."""
    if not tokens[0][0].isupper():
        return False
    for word in tokens:
        if word == "," or word.casefold() in LINKS:
            continue
        if not _WORD.fullmatch(word) or not (word[0].isupper() or word[0] in '#/&-"0123456789'
                                              or "'" in word[:2] or word.startswith("al-")):  # fmt: skip
            return False
    return tokens[-1].casefold() not in LINKS - PARTICLES and tokens[-1] != ","


def _is_generic(words: list[str], caps: bool) -> bool:
    """ "Question", "A participant", "SENIOR ADMINISTRATION OFFICIAL TWO", "THE PRESIDENT"."""
    if words[0] == "the" and " ".join(words[1:]) in _LONE_OFFICES:
        return True
    if len(words) > 1 and _COUNT.fullmatch(words[-1]):
        words = words[:-1]
    if words == ["a"]:
        return True
    if words[0] in ("members", "member") and "of" in words:
        return caps
    if words[-1] not in _GENERIC or len(words) > 6:
        return False
    return caps or all(word in _GENERIC_BEFORE or word in _GENERIC for word in words[:-1])


def _split_office_and_person(tokens: list[str], caps: bool) -> SpeakerLabel | None:
    """Part office from person: "President of Russia | Vladimir Putin", "Mr. | Kirby"."""
    if "," in tokens:
        return _split_at_comma(tokens, caps)
    if folded_word(tokens[0]) in HONORIFICS:
        rest = tokens[1:]
        if not 1 <= len(rest) <= MAX_NAME or " ".join(map(folded_word, rest)) in _LONE_OFFICES:
            return (
                SpeakerLabel("office", " ".join(rest), None, caps) if caps else None
            )  # "Mr. President:" is an address
        return SpeakerLabel("titled", None, " ".join(rest), caps)
    if caps and folded_word(tokens[0]) == "the" and len(tokens) <= 3:
        return SpeakerLabel("office", " ".join(tokens), None, caps)  # "THE PRESIDNET", "THE COMMISSIONER"
    last_office = max((i for i, word in enumerate(tokens) if folded_word(word) in OFFICES), default=-1)
    if last_office < 0:
        plausible = len(tokens) <= MAX_NAME and not any(
            word.casefold() in ("of", "for", "the", "to", "on", "in", "at") for word in tokens[1:]
        )
        return SpeakerLabel("name", None, " ".join(tokens), caps) if plausible else None
    person_start = _person_start(tokens, last_office)
    if person_start >= len(tokens):
        return SpeakerLabel("office", " ".join(tokens), None, caps)
    person = [word for word in tokens[person_start:] if folded_word(word) not in HONORIFICS] or tokens[
        person_start:
    ]
    if len(person) > MAX_NAME:
        return None
    return SpeakerLabel("titled", " ".join(tokens[:person_start]), " ".join(person), caps)


def _person_start(tokens: Sequence[str], office: int) -> int:
    """First word of the person: the one after the office, or of the last two when "of …" follows it."""
    after = office + 1
    while after < len(tokens) and folded_word(tokens[after]) in OFFICE_PARTS:
        after += 1
    if after >= len(tokens) or tokens[after].casefold() not in (
        "of",
        "for",
        "to",
        "and",
        "on",
        "at",
        "in",
        "the",
    ):
        return after
    start = max(after + 2, len(tokens) - 2)
    while start - 1 > after + 1 and tokens[start - 1].casefold() in PARTICLES - {"the"}:
        start -= 1
    if start < len(tokens) and tokens[start].casefold() in PARTICLES and start - 1 > after + 1:
        start -= 1  # "Ursula | von der Leyen"
    return start if len(tokens) - start >= 2 else len(tokens)


def _split_at_comma(tokens: list[str], caps: bool) -> SpeakerLabel | None:
    """ "Sergei Lavrov, Foreign Minister", "JANE DOE, CITY NEWS" or "Donald Trump, Jr."."""
    comma = tokens.index(",")
    name, rest = tokens[:comma], tokens[comma + 1 :]
    if folded_word(rest[0]) in _SUFFIXES:
        name, rest = [*name, rest[0]], rest[2:]
    label = _split_office_and_person(name, caps) if name[-1].casefold() not in LINKS else None
    if label is None or label.person is None or not rest:
        return label
    if any(folded_word(word) in OFFICES for word in rest):
        return SpeakerLabel("titled", " ".join(rest).replace(" ,", ","), label.person, caps)
    return label if caps and len(label.person.split()) >= 2 else None


# ---------------------------------------------------------------- reading case

_ACRONYM = re.compile(_LANGUAGE.speakers.acronym)


def name_in_reading_case(words: str) -> str:
    """Capitals in reading case: "MR. O'HARA" gives "Mr. O'Hara"; words that are not in capitals stay."""
    tokens = words.split()
    if not is_in_capitals(tokens):
        return " ".join(tokens)
    return " ".join(_reading_case(word, i) for i, word in enumerate(tokens))


def is_acronym(word: str) -> bool:
    """ "NATO", "CBS", "U.S.": letters, not a name in capitals."""
    return _ACRONYM.fullmatch(word) is not None


def _reading_case(word: str, index: int) -> str:
    bare = word.rstrip(".,")
    if folded_word(bare) in HONORIFICS or folded_word(bare) in OFFICES:
        return word.capitalize()
    if not word.isupper() or _ACRONYM.fullmatch(word.rstrip(",")):
        return _MIXED_CAPS.sub(lambda match: match[0], word) if word.isupper() else _mc_name(word)
    if index and folded_word(bare) in LINKS - PARTICLES:
        return word.casefold()
    capitalised = re.sub(r"[^\W\d_]+", lambda match: match[0].capitalize(), word)
    return re.sub(r"\bMc([a-z])(?=[a-z]{2})", lambda match: "Mc" + match[1].upper(), capitalised)


def _mc_name(word: str) -> str:
    """ "McDONOUGH" gives "McDonough"."""
    match = _MIXED_CAPS.match(word)
    return word[: match.end() - 1] + word[match.end() - 1 :].casefold() if match else word
