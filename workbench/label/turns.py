"""Speaker turns of transcripts: where a label opens one, where it stops, who speaks.

A line is a candidate when its beginning can be a speaker label; whether the candidates of a document
are labels is decided by the document: how many there are, whether they come back and alternate, and
whether what follows is spoken (first and second person, questions). A page with one colon is no
transcript; remarks by one labelled speaker are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from workbench.label.lines import Line
from workbench.label.speakers import Name, read_label, resolve
from workbench.schema import plain


class TurnLabel(NamedTuple):
    """A speaker label: `text[end:stop]` is what the speaker says.

    line          number of the line the label begins in
    start, end    the label with its marks, colon and the white space after it
    speaker       the person's full name where the document gives it, else the label in reading case
    displayed     the label as written, without colon, note and marks of emphasis
    role          office the document states for the speaker, or None
    note_start, note_end    a note within the label, such as "(Via interpreter)", or None
    rule          the rule that took the line for a label
    stop          where the turn ends: the next label, or a sign-off after which text belongs to nobody
    """

    line: int
    start: int
    end: int
    speaker: str
    displayed: str
    role: str | None
    note_start: int | None
    note_end: int | None
    rule: str
    stop: int


class _Candidate(NamedTuple):
    """A line that may begin with a label; offsets are in the document."""

    line: int
    start: int
    end: int
    displayed: str
    name: Name
    note: tuple[int, int] | None
    form: str  # colon, mark (Q without colon), alone (label on a line of its own), dash
    spoken: str  # the first words after the label


MAX_LABEL = 120  # characters before the colon; the longest office and name seen in official transcripts is 90

_OPEN = r"(?P<open>[\s>]*(?:[*_]{1,3}|\\\*{1,2})?[ ]?)"
_NOTE = r"[(\[][^()\[\]\n]{2,60}[)\]]"
_COLON = re.compile(
    rf"{_OPEN}(?P<label>[^:\n*_(\[\\|]{{1,{MAX_LABEL}}}?)(?P<note1>\s{{0,3}}{_NOTE})?[ ]*(?:[*_]{{1,3}})?[ ]?:(?:[*_]{{1,3}})?"
    rf"(?P<space>\s*)(?:[*_]{{1,3}}(?=\s))?(?P<note2>{_NOTE}\s*)?"
)
_MARK = re.compile(r"(?P<open>\s*(?:[*_]{1,2})?)(?P<label>Q)(?:(?:[*_]{1,2})\s*|\.\s+|\s{2,}|\s(?=[A-Z\"'(\[\-.]|$)|$)")
_DASH = re.compile(rf"{_OPEN}(?P<label>[^:\n*_(\[\\|]{{2,60}}?)(?P<note1>\s{{0,3}}{_NOTE})?\.?[ ]?(?:[*_]{{1,3}})?\s+--?\s+(?:[*_]{{1,3}})?\s*")
_ALONE = re.compile(rf"{_OPEN}(?P<label>[^:\n*_(\[\\|]{{2,60}}?)(?P<note1>\s{{0,3}}{_NOTE})?(?:[*_]{{1,3}})?\s*$")
_NEXT_COLON = re.compile(r"\s*\n\s*:\s*")
_LABEL_NOTE = re.compile(
    r"interpret|translat|\bin \w+$|as delivered|via |through |by (?:phone|video|telephone)|off[- ]?mic|voice-?over"
    r"|on (?:camera|screen|tape|phone)|\bspeaking|from video|aside|continuing|cont",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"\b(?:I|I'm|I've|I'd|I'll|we|we're|we've|we'll|you|you're|you've|your|our|my|me|us|let's|thank|thanks|well|yes|yeah|no|okay|ok|hello|hi"
    r"|please|sir|ma'am|good (?:morning|afternoon|evening))\b|\?",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"(?:\\?[*#_=~-][ ]?){3,}|[<\[(]\s*(?:\.\.\.|…)\s*[>\])]|-30-|\W{0,2}end(?:\W{0,3}|(?: of (?:transcript|interview|speech|remarks|briefing|event|conference).*)"
    r"|\s+\d{1,2}:\d\d.*)|\(?end\)?|\d{1,2}:\d\d\s*[AP]\.?\s?M\.?(?:\s*\(?(?:[A-Z]{2,4}|local)\)?)?\.?",
    re.IGNORECASE,
)


def find_turns(text: str, lines: Sequence[Line]) -> list[TurnLabel]:
    """The speaker labels of `text` in order; empty when the text is no transcript."""
    found = _candidates(text, lines)
    if not found:
        return []
    kept = _weigh(found, text)
    if not kept:
        return []
    speakers = resolve([item.name for item in kept], [item.displayed for item in kept], text[: kept[0].start])
    stops = _stops(kept, lines, len(text))
    return [
        TurnLabel(
            item.line, item.start, item.end, who.speaker, item.displayed, who.role,
            *(item.note or (None, None)), f"turn:{item.form}:{item.name.kind}", stop,
        )
        for item, who, stop in zip(kept, speakers, stops, strict=True)
    ]  # fmt: skip


def _candidates(text: str, lines: Sequence[Line]) -> list[_Candidate]:
    """Every line that may begin with a label. Most lines leave after one look for a colon."""
    found = []
    for number, line in enumerate(lines):
        words = line.text
        if not words:
            continue
        if words.find(":", 0, MAX_LABEL + 70) > 0 or words[0] in "Q*_" or (
            len(words) < 90 and words[-1] not in ".,;?!" and words[:60].isupper()
        ) or " - " in words[:70]:  # fmt: skip
            item = _candidate(text, lines, number)
            if item is not None:
                found.append(item)
    return found


def _candidate(text: str, lines: Sequence[Line], number: int) -> _Candidate | None:
    line = lines[number]
    folded = plain(text[line.start : line.end])
    for form, pattern in (("colon", _COLON), ("mark", _MARK), ("alone", _ALONE), ("dash", _DASH)):
        match = pattern.match(folded)
        if match is None:
            continue
        label = " ".join(match["label"].split())
        name = read_label(label)
        if name is None or form in ("alone", "dash") and not _bare(name, form):
            continue
        return _place(text, lines, number, form, match, name)
    return None


def _bare(name: Name, form: str) -> bool:
    """Without a colon only capitals stand on a line of their own, and only offices before a dash."""
    return name.caps if form == "alone" else name.kind in ("titled", "generic")


def _place(
    text: str, lines: Sequence[Line], number: int, form: str, match: re.Match[str], name: Name
) -> _Candidate | None:
    line = lines[number]
    groups = match.groupdict()
    end = match.end()
    note = None
    if groups.get("note1"):
        note = match.span("note1")
    elif groups.get("note2"):
        if _LABEL_NOTE.search(match["note2"]):
            note = match.span("note2")
        else:
            end = match.start("note2")
    if form == "colon" and end < line.end - line.start and not match["space"] and "*" not in match[0] and match["note2"] is None:
        return None  # "10:30", "http://", "Re:Re"
    end += line.start
    if form == "alone":
        colon = _NEXT_COLON.match(text, end)
        end = colon.end() if colon else _next_words(text, end)
    elif end >= line.end:
        end = _next_words(text, end)
    span = _trim(text, line.start + note[0], line.start + note[1]) if note else None
    indent = len(text[line.start : line.end]) - len(text[line.start : line.end].lstrip())
    displayed = text[line.start + match.start("label") : line.start + match.end("label")].strip()
    spoken = plain(text[end : end + 400])
    return _Candidate(number, line.start + indent, end, displayed, name, span, form, spoken)


def _next_words(text: str, at: int) -> int:
    """`at`, moved over white space."""
    match = re.compile(r"\s*").match(text, at)
    return match.end() if match else at


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    span = text[start:end]
    return start + len(span) - len(span.lstrip()), start + len(span.rstrip())


# ---------------------------------------------------------------- is it a transcript?


def _key(item: _Candidate) -> str:
    return " ".join(item.displayed.casefold().split())


def _weigh(found: list[_Candidate], text: str) -> list[_Candidate]:
    """The candidates that are labels, by the evidence of the whole document."""
    counts = Counter(_key(item) for item in found)
    spoken = Counter(_key(item) for item in found if _SPOKEN.search(item.spoken))
    sure = [item for item in found if _sure(item, counts, spoken, found)]
    if not sure:
        return []
    caps = sum(item.name.caps for item in sure) * 2 >= len(sure)
    return [item for item in found if item in sure or _joins(item, sure, caps, counts)] if caps else sure


def _sure(item: _Candidate, counts: Counter[str], spoken: Counter[str], found: list[_Candidate]) -> bool:
    key, name = _key(item), item.name
    says = spoken[key] * 3 >= counts[key]
    if item.form in ("alone", "dash"):
        return counts[key] >= 2 and says and len(counts) >= 2
    if item.form == "mark" or name.kind == "generic" and name.caps:
        return says
    if name.caps:
        return says and (name.kind != "name" or counts[key] >= 2 or item.line < 40)
    if name.kind in ("titled", "generic"):
        return says
    return counts[key] >= 2 and says


def _joins(item: _Candidate, sure: list[_Candidate], caps: bool, counts: Counter[str]) -> bool:
    return item.name.caps == caps and item.form in ("colon", "mark")


def _stops(kept: Sequence[_Candidate], lines: Sequence[Line], length: int) -> list[int]:
    """Where each turn stops: at the next label, or at the first sign-off before it."""
    stops = []
    for item, after in zip(kept, [*kept[1:], None], strict=True):
        last = after.line if after else len(lines)
        stop = after.start if after else length
        for line in lines[item.line + 1 : last]:
            if line.text and line.start >= item.end and len(line.text) < 80 and _SIGN_OFF.fullmatch(line.text):
                stop = line.start
                break
        stops.append(stop)
    return stops


# ---------------------------------------------------------------- inside a turn

_STAGE = re.compile(
    r"[(\[]\s*(?:[^()\[\]\n]{0,60}\b)?(?:applau\w+|laugh\w*|chuckl\w*|inaudible|unintelligible|indiscernible|cross-?\s?talk|cheer\w*|boo(?:s|ing)?"
    r"|paus\w+|music\w*|sing\w*|chant\w*|silence|break|off[- ]mic\w*|audio|video clip|begin \w+|end \w+|speaks?|speaking|gestur\w*|shakes?|nods?"
    r"|sighs?|coughs?|sneezes?|in [A-Z]\w+|as (?:interpreted|translated|spoken)|through (?:an )?interpreter|via (?:an )?interpreter|interrupt\w*|overlap\w*|recess|commercial)\b[^()\[\]\n]{0,80}[)\]]",
    re.IGNORECASE,
)
_INSERTION = re.compile(r"\[[^\[\]\n]{1,200}\](?!\()")


def find_stage_marks(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of "(Applause.)", "[Laughter]", "(In Russian.)" and their like within `text[start:end]`."""
    return [match.span() for match in _STAGE.finditer(plain(text), start, end)]


def find_insertions(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of an editor's insertions in square brackets, such as "[Sergei Lavrov]", without stage marks."""
    return [
        match.span()
        for match in _INSERTION.finditer(text, start, end)
        if not _STAGE.fullmatch(plain(match[0]))
    ]
