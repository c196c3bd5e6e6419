"""Find lines that may begin with a speaker label, and where such a label begins and ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from workbench.label.blocks.lines import TextLine, folded
from workbench.label.turns.speaker_labels import LINKS, SpeakerLabel, parse_speaker_label
from workbench.languages import default_language

_LANGUAGE = default_language()


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
