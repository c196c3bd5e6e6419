"""Find the source of a reporting verb: the noun phrase before it, or after it when inverted.

There is no tagger here: a subject is a noun phrase that touches the verb, read word by word; where something
else touches the verb, the phrase that opens the clause is the subject.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from workbench.languages import default_language

_LANGUAGE = default_language()


class SourceSpan(NamedTuple):
    """A noun phrase at `start:end`; `kind` is name, office or pronoun; `sure` when it touches the cue."""

    start: int
    end: int
    kind: str
    sure: bool


PRONOUNS = _LANGUAGE.clauses.pronouns
_DETERMINERS = _LANGUAGE.clauses.determiners
_HELPERS = _LANGUAGE.clauses.helpers
_CONTRACTED = _LANGUAGE.clauses.contracted_verbs
_ARTICLES = _LANGUAGE.clauses.articles  # need a noun
# What is written or said by somebody and reports itself: a survey *by* the fund, a poll *released* Thursday.
_WORKS = _LANGUAGE.clauses.works
_MADE = _LANGUAGE.clauses.made
_LINKS = _LANGUAGE.clauses.links
_HANGING = _LINKS | _MADE | {"and"}  # what a noun phrase may hang on the one before it by
_JOINS = _LANGUAGE.clauses.joins
_BREAKS = _LANGUAGE.clauses.breaks | (PRONOUNS - _LANGUAGE.clauses.phrase_pronouns)
_OPENERS = _LANGUAGE.clauses.openers
_UNDER = re.compile(_LANGUAGE.clauses.under)  # an office, no adverbial
_LEADS = _LANGUAGE.clauses.leads
_ENDS = _BREAKS | _LEADS
_BEGINS = _DETERMINERS - _ENDS
_ROLE = re.compile(_LANGUAGE.clauses.role)
_PLURAL = re.compile(_LANGUAGE.clauses.plural_head)
_EDGE = '",;:)('
_EDGE_OR_FEED = _EDGE + "\n"
_MAX_PHRASE = 200  # code points back; longer noun phrases are lists, and the walk must end
_MAX_CLAUSE = 600  # code points back from a cue to the subject that opens its clause
_MAX_CLAUSES = 12  # openings of clauses within them that are looked at; more is a list
_MAX_BEHIND = 400  # code points behind an inverted cue; a source of 14 words ends before
_CLAUSES = _LANGUAGE.clauses.clause_words
_MAX_WORDS = 14  # of a source behind an inverted cue; more is no noun phrase


def source_before(masked: str, left: int, cue: int) -> SourceSpan | None:
    """The subject of the cue, not reaching back past `left`.

    Helpers between ("has also", "later") are skipped, and so is an apposition between commas.
    """
    word_span = _adjacent_word(masked, left, cue)
    if word_span is None:
        return None
    begin, stop = word_span
    if pronoun := pronoun_in(masked[begin:stop].lower()):
        return SourceSpan(begin, begin + len(pronoun), "pronoun", True)
    if masked[stop - 1] not in ",)-":
        return phrase_before(masked, left, stop)
    phrase_end = _before_apposition(masked, left, stop)
    phrase = phrase_before(masked, left, phrase_end) if phrase_end is not None else None
    return phrase._replace(sure=False) if phrase else None


def pronoun_in(lower: str) -> str:
    """The pronoun that a word in small letters is, or is contracted with: he, they've, I'm; "" when none."""
    if "'" in lower:
        lower, _, rest = lower.partition("'")
        if rest not in _CONTRACTED:
            return ""
    return lower if lower in PRONOUNS else ""


def _adjacent_word(masked: str, left: int, cue: int) -> tuple[int, int] | None:
    """The word that ends what stands before the cue and its helpers; None when a conjunction or nothing does."""
    stop = cue
    joined = False
    while True:
        while stop > left and masked[stop - 1] == " ":
            stop -= 1
        if stop <= left:
            return None
        begin = max(left, masked.rfind(" ", left, stop) + 1)
        word = masked[begin:stop].lower()
        if word in _JOINS:
            joined = True
        elif word not in _HELPERS and not (word.endswith("ly") and len(word) > 4) and word[-3:] != "n't":
            return None if joined else (begin, stop)
        if begin <= left:
            return None
        stop = begin


def _before_apposition(masked: str, left: int, stop: int) -> int | None:
    """End of the phrase that the apposition ending at `stop` explains."""
    last_char = masked[stop - 1]
    if last_char == ")":
        phrase_end = masked.rfind("(", left, stop - 1)
        return phrase_end - 1 if phrase_end > left else None
    if last_char == "-":
        phrase_end = masked.rfind(" -", left, stop - 3)
        return phrase_end if phrase_end > left else None
    phrase_end = stop - 1
    for _ in range(4):
        phrase_end = masked.rfind(",", left, phrase_end)
        if phrase_end <= left:
            return None
        if masked[phrase_end - 1] == ")" and (bracket := masked.rfind("(", left, phrase_end)) > left:
            phrase_end = bracket - 1
        phrase = phrase_before(masked, left, phrase_end)
        if phrase and _takes_apposition(masked, left, phrase) and _opens_apposition(masked, phrase_end):
            return phrase_end
    return None


_EXPLAINS = re.compile(_LANGUAGE.clauses.explains)


def _takes_apposition(masked: str, left: int, phrase: SourceSpan) -> bool:
    """A name anywhere; an office where it opens the sentence or stands right behind a quotation."""
    opens = phrase.start <= left + 8 or masked[max(left, phrase.start - 2) : phrase.start] == '" '
    return opens or phrase.kind == "name"


def _opens_apposition(masked: str, offset: int) -> bool:
    return bool(_EXPLAINS.match(masked, offset))


def phrase_before(masked: str, left: int, stop: int) -> SourceSpan | None:
    """The noun phrase that ends at `stop`, with what hangs on it by of, for, at; None when it is no subject."""
    return _phrase_ending_at(masked, max(left, stop - _MAX_PHRASE), stop)


def _phrase_ending_at(masked: str, left: int, stop: int) -> SourceSpan | None:
    start = max(left, masked.rfind(" ", left, stop) + 1)
    last_word = masked[start:stop]
    if not _ends_phrase(last_word):
        return None
    capitals = name = last_word[0].isupper()
    determined = last_word.lower() in _DETERMINERS
    while start > left:
        begin = max(left, masked.rfind(" ", left, start - 1) + 1)
        word = masked[begin : start - 1]
        if not word or not word[0].isalnum() or word[-1] in _EDGE_OR_FEED:
            break
        lower = word.lower()
        if lower in _HANGING:
            governor = _governing_phrase(masked, left, begin, lower, name, last_word)
            if governor or lower in _LINKS:
                return SourceSpan(governor.start, stop, governor.kind, True) if governor else None
        if lower in _BEGINS:
            determined = True
        elif (
            determined
            or (lower in _ENDS and not _UNDER.match(masked, begin))
            or ("'" in lower and pronoun_in(lower))
        ):
            break
        elif word[0].isupper() or lower.endswith("'s"):
            capitals = True
        elif name and not _is_role(masked, left, begin, word):
            break
        start = begin
    if not (name or determined or capitals or _PLURAL.search(last_word)):
        return None
    return _trimmed_phrase(masked, start, stop, name)


def _ends_phrase(word: str) -> bool:
    """Whether a word can be the last of a noun phrase: no mark at its edges, no contracted pronoun."""
    if not word or not word[0].isalnum() or word[-1] in _EDGE:
        return False
    return "'" not in word or not pronoun_in(word.lower())


def _governing_phrase(
    masked: str, left: int, begin: int, link: str, name: bool, last_word: str
) -> SourceSpan | None:
    """The phrase before a link (head *of the agency*) or the other half of a pair (Ana *and* Tom)."""
    if begin <= left + 1 or (link in ("on", "to") and not name):
        return None
    if link in _MADE and _previous_word(masked, left, begin) not in _WORKS:
        return None
    if link != "and":
        return _phrase_ending_at(masked, left, begin - 1)
    governor = _phrase_ending_at(masked, left, begin - 1) if name or _PLURAL.search(last_word) else None
    accepted = governor and (
        (governor.kind == "name") == name
        or (name and _previous_word(masked, left, begin, fold=False)[0].isupper())
    )
    return governor if accepted else None


def _previous_word(masked: str, left: int, begin: int, *, fold: bool = True) -> str:
    """The word that ends before the space before `begin`."""
    word = masked[max(left, masked.rfind(" ", left, max(left, begin - 1)) + 1) : max(left, begin - 1)]
    return word.lower() if fold else word or " "


def _is_role(masked: str, left: int, begin: int, word: str) -> bool:
    """Whether a lower-case word before a name is its role: city engineer Ana Petrova."""
    if _ROLE.search(word):
        return True
    return len(word) > 3 and word.replace("-", "").isalpha() and _reaches_determiner(masked, left, begin)


def _trimmed_phrase(masked: str, start: int, stop: int, name: bool) -> SourceSpan | None:
    """The phrase without a leading conjunction; None when it opens like an adverbial."""
    while True:
        space = masked.find(" ", start, stop)
        opener = masked[start : space if space > 0 else stop].lower()
        if space < 0 or opener not in _LEADS:
            break
        start = space + 1
    if opener in _OPENERS and not _UNDER.match(masked, start):
        return None
    return SourceSpan(start, stop, "name" if name and opener not in _DETERMINERS else "office", True)


def _reaches_determiner(masked: str, left: int, begin: int) -> bool:
    """Whether a lower-case word before a name belongs to it: something that opens a phrase stands close before."""
    words = masked[max(left, begin - 40) : begin].split()[-3:]
    if not words:
        return True
    for word in reversed(words):
        if word.lower() in _DETERMINERS or word[-1] == '"' or word[0].isupper():
            return True
        if word[-1] in _EDGE or word.lower() in _BREAKS:
            return False
    return False


_CLAUSE = re.compile(_LANGUAGE.clauses.clause)
_AUXILIARY = _LANGUAGE.clauses.auxiliary
_VERBISH = re.compile(_LANGUAGE.clauses.verbish)


def clause_subject(masked: str, left: int, cue: int) -> SourceSpan | None:
    """The noun phrase that opens the clause in which the cue stands."""
    left = max(left, cue - _MAX_CLAUSE)
    clause_starts = [match.end() for match in _CLAUSE.finditer(masked, left, cue)]
    for start in reversed(clause_starts[-_MAX_CLAUSES:]):
        if cue - start > 4 and masked[start] != " ":
            subject = _opening_phrase(masked, start, cue)
            if subject:
                return subject
    return _opening_phrase(masked, left, cue)


def _opening_phrase(masked: str, start: int, stop: int) -> SourceSpan | None:
    """The noun phrase at `start`, behind leading adverbials; None when there is none."""
    offset = start
    for _ in range(4):
        while offset < stop and not (masked[offset].isalnum()):
            if masked[offset] == "\x01":
                return None
            offset += 1
        word = _word_at(masked, offset, stop)
        lower = word.lower()
        if lower in _LEADS and lower not in ("as", "when", "while", "because", "if"):
            offset += len(word)
            continue
        if (lower in _OPENERS and not _UNDER.match(masked, offset)) or lower.endswith(("ly", "ing")):
            comma = masked.find(",", offset, stop)
            if comma < 0:
                return None
            offset = comma + 1
            continue
        break
    return _noun_phrase_at(masked, offset, stop)


def _word_at(masked: str, start: int, stop: int) -> str:
    end = start
    while end < stop and (masked[end].isalnum() or masked[end] in ".'-&"):
        end += 1
    return masked[start:end]


def _noun_phrase_at(masked: str, start: int, stop: int) -> SourceSpan | None:
    """The noun phrase that begins at `start`."""
    word = _word_at(masked, start, stop)
    if not word:
        return None
    lower = word.lower()
    if lower not in _DETERMINERS and (pronoun := pronoun_in(lower)):
        return SourceSpan(start, start + len(pronoun), "pronoun", False)
    name = word[0].isupper() and lower not in _DETERMINERS
    offset = end = start + len(word)
    count = 1
    while offset < stop and masked[offset] == " " and count < 7:
        following = _word_at(masked, offset + 1, stop)
        following_lower = following.lower()
        if (
            not following
            or following_lower in _AUXILIARY
            or (following_lower in PRONOUNS and following_lower not in _DETERMINERS)
            or (following_lower.endswith("ly") and following[0].islower())
        ):
            break
        if name and not following[0].isupper() and not (count == 1 and _ROLE.search(following_lower)):
            break
        if not name and count >= 2 and _VERBISH.search(following_lower) and not following[0].isupper():
            if _PLURAL.search(following_lower) and not _PLURAL.search(masked[start:end]):
                end = offset + 1 + len(following)
            break
        offset = end = offset + 1 + len(following)
        count += 1
    if count == 1 and lower in _ARTICLES:
        return None
    if not name and lower not in _DETERMINERS and not _PLURAL.search(masked[start:end]):
        return None
    return SourceSpan(start, end, "name" if name else "office", False)


# A set of characters first, which lets the scan jump to the end of each word.
_STOP = re.compile(_LANGUAGE.clauses.source_stop)


def source_after(masked: str, cue_end: int, right: int) -> SourceSpan | None:
    """The subject behind an inverted cue: said John Kerry, the US secretary of state."""
    start = cue_end
    while start < right and masked[start] == " ":
        start += 1
    right = min(right, start + _MAX_BEHIND)
    stop = _STOP.search(masked, start, right)
    end = stop.start() if stop else right
    if start >= end:
        return None
    phrase = masked[start:end].rstrip()
    words = phrase.split()
    if not words or len(words) > _MAX_WORDS:
        return None
    first = words[0].lower()
    if first in _OPENERS or first in _CLAUSES:
        return None  # wrote *on Twitter*, concludes *that Kerry was*
    if first in PRONOUNS and first not in _DETERMINERS:
        return SourceSpan(start, start + len(words[0]), "pronoun", True)
    if not (
        words[0][0].isupper()
        or first in _DETERMINERS
        or any(w[0].isupper() for w in words)
        or words[-1].endswith("s")
    ):
        return None
    kind = "name" if words[-1][0].isupper() and first not in ("the", "a", "an") else "office"
    return SourceSpan(start, start + len(phrase), kind, True)
