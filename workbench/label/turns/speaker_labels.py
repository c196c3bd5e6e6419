"""Find lines that may begin with a speaker label, and parse the label: office, courtesy title, generic speaker, name.

`parse_speaker_label` reads one label without its document; `turns` decides by the whole document whether it is
a label at all, and `speakers` who the person is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from workbench.label.blocks.lines import TextLine, folded
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


# ---------------------------------------------------------------- lines that may begin with a speaker label


class Candidate(NamedTuple):
    """A line that may begin with a label; offsets are in the document.

    form is "colon", "mark" (Q without a colon), "alone" (a line of its own) or "dash".
    """

    line: int
    start: int
    end: int
    displayed: str
    name: SpeakerLabel
    note: tuple[int, int] | None
    form: str


MAX_LABEL = 120  # characters before the colon; the longest office with a name in official transcripts has 90
MAX_BARE = 60  # characters of a label without a colon

_NOTE = r"[(\[][^()\[\]\n]{2,60}[)\]]"
_OPEN = r"\s*(?P<open>[*_]{1,3})?[ ]?"
_CLOSE = r"(?P<close>[*_]{1,3})?"
_COLON = re.compile(
    rf"{_OPEN}(?P<label>[^:\n*_\[\\|]{{1,{MAX_LABEL}}}?)(?:\s{{0,3}}(?P<note>{_NOTE}))?\s{{0,2}}{_CLOSE}\s?\\?:(?P<late>[*_]{{1,3}})?(?P<space>\s*)"
)
_MARK = re.compile(_LANGUAGE.speakers.question_mark)
_ALONE = re.compile(
    rf"{_OPEN}(?P<label>[^:\n*_\[\\|]{{2,{MAX_BARE}}}?)(?:\s{{0,3}}(?P<note>{_NOTE}))?{_CLOSE}\s*$"
)
_DASH = re.compile(
    rf"{_OPEN}(?P<label>[^:\n*_\[\\|]{{2,{MAX_BARE}}}?)(?:\s{{0,3}}(?P<note>{_NOTE}))?\.?{_CLOSE}\s+--?\s+(?P<space>)"
)
_COLON_BELOW = re.compile(r"\s*\n[^\S\n]*:[^\S\n]*")
_LATE_NOTE = re.compile(rf"(?P<note>{_NOTE})")
_DELIVERY = re.compile(
    _LANGUAGE.speakers.delivery,
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s*")


def find_candidates(text: str, lines: Sequence[TextLine]) -> list[Candidate]:
    """Lines that begin with words and a colon, or with Q. Most lines leave after one look."""
    candidates = []
    for number, line in enumerate(lines):
        words = line.text
        if not words:
            continue
        first_char = words[0]
        if first_char.islower():
            continue
        colon = words.find(":", 1, MAX_LABEL + 60)
        if colon > 0 and (first_char.isupper() or first_char in "*_"):
            if _is_phrase(words[:colon]):
                continue
            candidate = _label_with_colon(text, lines, number)
        elif first_char == "Q" or words[:3] in ("*Q*", "**Q", "*Q ", "_Q_"):
            candidate = _match_label(text, lines, number, "mark", _MARK)
        elif len(words) < MAX_BARE and words.isupper() and _colon_follows(lines, number):
            candidate = _match_label(text, lines, number, "colon", _ALONE)
        else:
            continue
        if candidate is not None:
            candidates.append(candidate)
    return candidates


def _is_phrase(words: str) -> bool:
    """A small second word that links no names: "The bottom line is", cheaply told."""
    second = words.split(" ", 2)[1:2]
    return bool(second) and second[0].islower() and second[0] not in LINKS and words[0] != "Q"


def bare_candidates(text: str, lines: Sequence[TextLine], form: str) -> list[Candidate]:
    """Lines in capitals that stand alone over a text ("alone"), or persons before a dash ("dash")."""
    candidates = []
    for number, line in enumerate(lines):
        words = line.text
        if form == "alone":
            if not 2 < len(words) < MAX_BARE or not words.isupper() or not _text_follows(lines, number):
                continue
            candidate = _match_label(text, lines, number, form, _ALONE)
        else:
            if " -" not in words[: MAX_BARE + 4] or not words[0].isupper():
                continue
            candidate = _match_label(text, lines, number, form, _DASH)
            if candidate is not None and not _person_before_dash(candidate.name):
                continue
        if candidate is not None:
            candidates.append(candidate)
    return candidates


def _person_before_dash(name: SpeakerLabel) -> bool:
    """ "WASHINGTON - …" is a dateline, "Second - …" a point of a list."""
    if name.kind == "name":
        return not name.caps and len((name.person or "").split()) > 1
    return name.kind != "office"


def _colon_follows(lines: Sequence[TextLine], number: int) -> bool:
    below = next((line.text for line in lines[number + 1 : number + 3] if line.text), "")
    return below.startswith(":")


def _text_follows(lines: Sequence[TextLine], number: int) -> bool:
    """The next line that is not blank is text: not in capitals, not a link of a menu."""
    below = next((line.text for line in lines[number + 1 : number + 3] if line.text), "")
    return bool(below) and not below.isupper()


def _label_with_colon(text: str, lines: Sequence[TextLine], number: int) -> Candidate | None:
    words = lines[number].text
    if words[0] == "Q" and len(words) > 1 and words[1] in " \\`":
        candidate = _match_label(text, lines, number, "mark", _MARK)
        if candidate is not None:
            return candidate
    return _match_label(text, lines, number, "colon", _COLON)


def _match_label(
    text: str, lines: Sequence[TextLine], number: int, form: str, pattern: re.Pattern[str]
) -> Candidate | None:
    line = lines[number]
    folded_line = folded(text)[line.start : line.end]
    match = pattern.match(folded_line)
    if match is None:
        return None
    name = parse_speaker_label(" ".join(match["label"].split()))
    if name is None or not _is_closed(match, folded_line, form):
        return None
    note, end = _note_and_end(text, line, match, folded_line, form)
    start = line.start + len(folded_line) - len(folded_line.lstrip(" "))
    displayed = (
        text[line.start + match.start("label") : line.start + match.end("label")].partition("(")[0].strip()
    )
    return Candidate(number, start, end, displayed, name, note, form)


def _is_closed(match: re.Match[str], folded_line: str, form: str) -> bool:
    """After the colon comes white space, a mark of emphasis or the end of the line: not "10:30", not "http://"."""
    if form != "colon" or match.re is not _COLON:
        return True
    after = folded_line[match.end() : match.end() + 1]
    return bool(match["space"] or match["late"] or match["open"] or not after or after in "\"'([")


def _note_and_end(
    text: str, line: TextLine, match: re.Match[str], folded_line: str, form: str
) -> tuple[tuple[int, int] | None, int]:
    """The note's span and the end of the label, over the white space that follows it."""
    groups = match.groupdict()
    end = match.end()
    if groups.get("open") and not groups.get("close") and not groups.get("late"):
        closing = re.compile(r"[*_]{1,3}\s*").match(folded_line, end)
        end = closing.end() if closing else end
    label_end = line.start + end
    if match.re is _ALONE and form == "colon":
        below = _COLON_BELOW.match(text, label_end)
        label_end = below.end() if below else label_end
    if label_end >= line.end:
        label_end = _skip_space(text, label_end)
    if groups.get("note"):
        return (line.start + match.start("note"), line.start + match.end("note")), label_end
    late = _LATE_NOTE.match(folded(text)[label_end : label_end + 80]) if form in ("colon", "mark") else None
    if late and _DELIVERY.search(late["note"]):
        return (label_end, label_end + late.end("note")), _skip_space(text, label_end + late.end("note"))
    return None, label_end


def _skip_space(text: str, offset: int) -> int:
    space = _SPACE.match(text, offset)
    return space.end() if space else offset
