"""Find the speaker turns of a transcript, and the blocks that are spoken in it.

A line is a candidate when its beginning can be a speaker label (`candidates`). The whole document decides whether
the candidates are labels: how many there are, whether they come back and alternate, and whether what
follows is spoken (first and second person, questions, whole sentences). A page with one colon is no
transcript; remarks by one labelled speaker are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from math import ceil
from typing import NamedTuple

from workbench.label.blocks.features import ends_sentence
from workbench.label.blocks.lines import Block, TextLine, folded
from workbench.label.turns.candidates import Candidate, bare_candidates, find_candidates
from workbench.label.turns.speaker_labels import is_acronym
from workbench.label.turns.speakers import resolve_speakers
from workbench.label.turns.stage_marks import STAGE, find_insertions, find_stage_marks, find_turn_ends
from workbench.languages import default_language

_LANGUAGE = default_language()

__all__ = ["TurnLabel", "find_insertions", "find_stage_marks", "find_turns"]


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


def find_turns(text: str, lines: Sequence[TextLine]) -> list[TurnLabel]:
    """The speaker labels of `text` in order; empty when the text is no transcript."""
    kept = _labels(text, lines)
    if not kept:
        return []
    speakers = resolve_speakers(
        [item.name for item in kept], [item.displayed for item in kept], text, kept[0].start
    )
    stops = find_turn_ends([(item.line, item.start, item.end) for item in kept], lines, len(text))
    if kept[0].start > EXCERPT * len(text):
        stops[-1] = _end_of_excerpt(text, kept[-1].end, stops[-1])
    return [
        TurnLabel(
            item.line, item.start, item.end, who.speaker, item.displayed, who.role,
            item.note[0] if item.note else None, item.note[1] if item.note else None,
            f"turn:{item.form}:{item.name.kind}", stop,
        )
        for item, who, stop in zip(kept, speakers, stops, strict=True)
    ]  # fmt: skip


def _labels(text: str, lines: Sequence[TextLine]) -> list[Candidate]:
    """Labels with a colon (or Q); when the document has none, labels on lines of their own or before dashes."""
    found = find_candidates(text, lines)
    if found:
        kept = _weigh(found, text, lines)
        if kept:
            return kept
    for form in ("alone", "dash"):
        found = bare_candidates(text, lines, form)
        if len(found) >= MIN_BARE_TURNS:
            kept = _weigh_bare(found, text)
            if kept:
                return kept
    return []


def _end_of_excerpt(text: str, start: int, stop: int) -> int:
    """End of the last turn of an excerpt: closing paragraphs without first or second person are the author's."""
    breaks = [match.end() for match in _CHANGE.finditer(text, start, stop) if match.end() < stop]
    for place in reversed(breaks):
        if _is_spoken(folded(text)[place:stop]):
            break
        stop = place
    return stop


# ---------------------------------------------------------------- is it a transcript?

MIN_BARE_TURNS = 4  # without colons; below four, two bylines and two headings made a page of links a talk
MIN_SPOKEN = 0.34  # share of a label's turns that show spoken words; short answers ("Sure.") show none
MIN_SENTENCES = 0.6  # share of a label's turns that are sentences; fields and menus show nearly none
MAX_QUOTED = 0.3  # share of mixed-case labels before a quotation mark; above, the page collects statements
LONE_TURN_SPOKEN = (
    3  # spoken words after a single label at the top; below, a field such as "ANALYST: …" passes
)
LONE_TURN_SHARE = (
    0.015  # of the words there; news stories with a few quotes show 0.005, written statements 0.03
)
WRAPPED = 55  # characters; a line that long may be a sentence broken by hard wrapping, a shorter one is whole
MIN_LABELLED = 0.8  # share of the paragraphs from the first label on that open with one
EXCERPT = (
    0.4  # of the text before the first label: then the talk is an excerpt, and the author goes on after it
)
GLANCE = 300  # characters that settle most turns; the rest of the window is read only when they do not
WINDOW = 1500  # characters after a label that are looked at

_SPOKEN = re.compile(
    _LANGUAGE.speakers.spoken,
    re.IGNORECASE,
)
_OFTEN = _LANGUAGE.speakers.spoken_often  # what _SPOKEN finds most; looked for first, since that is cheap
_US = re.compile(r"\bUS\b|\bI{2,}\b")  # the country, and Roman numbers, are not "us" and "I"
_SENTENCE = re.compile(r"[.?!…][\"')\]*_]*(?:\s|$)|[-,][\"')*_]*\s*$|\.\.\.")
_QUOTED = re.compile(r"\"[^\"]{0,1500}\"")
_CHANGE = re.compile(r"\n\s*\n")


class _Evidence(NamedTuple):
    """What the turns under one label show: how many, and how many are spoken, are sentences, open with a quote."""

    turns: int
    spoken: float
    sentences: float
    quoted: float


def _key(item: Candidate) -> str:
    return " ".join(item.displayed.casefold().split())


def _evidence(found: Sequence[Candidate], text: str) -> dict[str, _Evidence]:
    rows: dict[str, list[tuple[bool, bool, bool]]] = defaultdict(list)
    starts = [*(item.start for item in found[1:]), len(text)]
    for item, next_start in zip(found, starts, strict=bool(found)):
        words = folded(text)[item.end : min(item.end + WINDOW, next_start)]
        rows[_key(item)].append(_look(words, item.end - item.start))
    return {
        key: _Evidence(len(row), *(sum(column) / len(row) for column in zip(*row, strict=True)))
        for key, row in rows.items()
    }


def _look(words: str, label: int) -> tuple[bool, bool, bool]:
    """Is it spoken, does it begin with a sentence, does it open with a quotation mark?"""
    mark = STAGE.match(words.lstrip())
    if mark:
        return True, True, False  # "(Laughter.)" opens what is spoken
    spoken = _is_spoken(words[:GLANCE]) or (len(words) > GLANCE and _is_spoken(words))
    return spoken, _is_sentence(words, label), words.lstrip(" *_[")[:1] == '"'


def _is_spoken(words: str) -> bool:
    """First or second person, or a question, outside quotation marks."""
    said = _QUOTED.sub("", words) if '"' in words else words
    if any(map(said.__contains__, _OFTEN)):
        return True
    return _SPOKEN.search(_without_us(said)) is not None


def _without_us(words: str) -> str:
    """Without the country and Roman numbers; most texts have neither, which `in` finds out at once."""
    return _US.sub("", words) if "US" in words or "II" in words else words


def _is_sentence(words: str, label: int) -> bool:
    """The first line ends or holds a sentence, or goes on below: not a link of a menu, a headline, a field.

    `label` is the length of the label, which shares the first line with the words.
    """
    first, _, rest = words.partition("\n")
    if _SENTENCE.search(first.rstrip()):
        return True
    if len(first.rstrip()) + label < WRAPPED:
        return rest[:1].islower()
    return _SENTENCE.search(_CHANGE.split(words, maxsplit=1)[0].rstrip()) is not None


def _weigh(found: list[Candidate], text: str, lines: Sequence[TextLine]) -> list[Candidate]:
    """The candidates that are labels, by the evidence of the whole document."""
    shown = _evidence(found, text)
    sure = sum(
        item.name.caps and (item.form == "mark" or item.name.kind in ("titled", "generic")) for item in found
    )
    caps = [item for item in found if item.name.caps and _caps_label(item, shown, sure, text, lines)]
    mixed = _mixed_labels([item for item in found if not item.name.caps], text, lines)
    if len(caps) >= len(mixed) and caps:
        known = {_key(item) for item in caps}
        return [
            item
            for item in found
            if item.name.caps and (_key(item) in known or _joins(item, shown, text, lines))
        ]
    if mixed:
        return sorted([*mixed, *(item for item in caps if item.name.kind == "generic")])
    return []


def _caps_label(
    item: Candidate, shown: dict[str, _Evidence], sure: int, text: str, lines: Sequence[TextLine]
) -> bool:
    """A label in capitals that makes its document a transcript; `sure` counts offices, courtesies, Q and the like."""
    seen = shown[_key(item)]
    if seen.sentences < MIN_SENTENCES or seen.quoted > 0.5:
        return False
    if item.name.kind in ("titled", "generic") and item.form == "colon":
        return seen.spoken >= MIN_SPOKEN and (sure > 1 or _opens_remarks(item, text, lines))
    if seen.spoken < MIN_SPOKEN:
        return False
    if item.form == "mark":
        return seen.turns >= 2
    company = seen.turns >= 2 and sum(other.turns for other in shown.values() if other.spoken) >= 3
    return (company and len(shown) >= 2 and _opens_paragraph(item, lines)) or (
        item.name.kind == "name" and _opens_remarks(item, text, lines)
    )


def _opens_remarks(item: Candidate, text: str, lines: Sequence[TextLine]) -> bool:
    """A single label near the top under which somebody plainly speaks to the end."""
    before = sum(1 for line in lines[: item.line] if line.text)
    words = (item.name.person or item.displayed).split()
    if before > 25 or (not before and not item.name.caps):
        return False  # a headline such as "Jane Doe: …" stands first
    if item.name.kind == "name" and (not 2 <= len(words) <= 4 or _common(words, text)):
        return False
    said = _QUOTED.sub("", _without_us(folded(text)[item.end : item.end + 4 * WINDOW]))
    sufficient = ceil(max(LONE_TURN_SPOKEN, LONE_TURN_SHARE * said.count(" ")))
    return sum(1 for _ in islice(_SPOKEN.finditer(said), sufficient)) == sufficient


def _common(words: Sequence[str], text: str) -> bool:
    """Whether the page also writes these words small: "CONSTRUCTION SPENDING" is no name where that happens."""
    return all(re.search(rf"\b{re.escape(word.casefold())}\b", text) for word in words)


def _joins(item: Candidate, shown: dict[str, _Evidence], text: str, lines: Sequence[TextLine]) -> bool:
    """A label in capitals that a transcript may also hold: once heard, in any position but the middle of a sentence."""
    if not (
        _after_blank(item, lines)
        if item.form == "mark" and text[item.end : item.end + 1].islower()
        else _opens_paragraph(item, lines)
    ):
        return False
    if item.form == "mark" or item.name.kind in ("titled", "generic"):
        return True
    words, seen = (item.name.person or item.displayed).split(), shown[_key(item)]
    if len(words) == 1 and seen.turns == 1 and (is_acronym(words[0]) or not _after_blank(item, lines)):
        return False
    return seen.sentences > 0 and seen.quoted < 1


def _after_blank(item: Candidate, lines: Sequence[TextLine]) -> bool:
    return item.line == 0 or not lines[item.line - 1].text


def _opens_paragraph(item: Candidate, lines: Sequence[TextLine]) -> bool:
    """The line before is blank, or ends a sentence, or is short: not the middle of a hard-wrapped sentence."""
    if _after_blank(item, lines):
        return True
    before = lines[item.line - 1].text
    return before[-1] in ".?!\"')]*_:-" or len(before) < 45


def _mixed_labels(found: list[Candidate], text: str, lines: Sequence[TextLine]) -> list[Candidate]:
    """Labels in mixed case: names that come back and alternate, or offices with names before speech."""
    found = [item for item in found if _opens_paragraph(item, lines)]
    if not found:
        return []
    shown = _evidence(found, text)
    if sum(seen.quoted * seen.turns for seen in shown.values()) > MAX_QUOTED * len(found):
        return []
    people = {word for item in found if item.name.person and len(item.name.person.split()) > 1
              for word in item.name.person.casefold().split()[-1:]}  # fmt: skip
    good = [item for item in found if _mixed_label(item, shown, people)]
    if not good:
        return []
    keys = {_key(item) for item in good}
    voices = {_voice(item) for item in good} | {_key(item) for item in found if item.name.kind == "generic"}
    offices = sum(item.name.kind in ("titled", "generic") for item in good)
    back = (
        len(voices) >= 2
        and len(good) >= 3
        and (any(shown[key].turns >= 2 for key in keys) or _named_again(good))
    )
    if back or offices >= 2:
        sure = [item for item in found if _key(item) in keys or _mixed_joins(item, shown, text, lines)]
        if _all_labelled(sure, text):
            known = {item.line for item in sure}
            sure = [item for item in found if item.line in known or _named_once(item, shown, text, lines)]
        return sure
    lone = [item for item in good if shown[_key(item)].turns == len(good)]
    if lone and _opens_remarks(lone[0], text, lines) and _owns(lone, found):
        return lone
    return []


def _named_again(good: list[Candidate]) -> bool:
    """Whether an office's holder also speaks under the bare name: "President Anna Berg", then "Anna Berg"."""
    holders = {(item.name.person or "").casefold() for item in good if item.name.kind == "titled"}
    return any(item.name.kind == "name" and (item.name.person or "").casefold() in holders for item in good)


def _voice(item: Candidate) -> str:
    """Who is meant, roughly: the last word of the name, so that "President Anna Berg" and "Anna Berg" are one."""
    return (item.name.person or item.displayed).casefold().split()[-1]


def _owns(lone: list[Candidate], found: list[Candidate]) -> bool:
    """Most mixed-case candidates carry this label: not one field among many."""
    return 2 * len(lone) >= len(found)


def _mixed_label(item: Candidate, shown: dict[str, _Evidence], people: set[str]) -> bool:
    seen, name = shown[_key(item)], item.name
    if seen.spoken < MIN_SPOKEN or seen.sentences < MIN_SENTENCES or seen.quoted > 0.5:
        return False
    if name.kind in ("titled", "generic"):
        return True
    if name.kind == "office":
        return seen.turns >= 2 or len(shown) == 1
    words = (name.person or "").split()
    if len(words) == 1:
        return words[0].casefold() in people or (seen.turns >= 2 and seen.sentences >= 0.8)
    return True


def _mixed_joins(item: Candidate, shown: dict[str, _Evidence], text: str, lines: Sequence[TextLine]) -> bool:
    """Somebody heard once in a mixed-case transcript; a single word ("Reuters") only before a question."""
    words, seen = (item.name.person or "").split(), shown[_key(item)]
    if item.name.kind in ("titled", "generic") or (item.name.kind == "office" and seen.spoken):
        return True
    if len(words) > 1:
        return seen.sentences == 1 and not _common(words, text)
    asked = "?" in _CHANGE.split(text[item.end : item.end + WINDOW], maxsplit=1)[0]
    return bool(words) and asked and _after_blank(item, lines) and not _common(words, text)


def _all_labelled(labels: Sequence[Candidate], text: str) -> bool:
    """Nearly every paragraph of the talk opens with a label: then one more that looks like a label is one."""
    talk = text[labels[0].start :] if labels else ""
    return len(labels) >= MIN_LABELLED * (1 + len(_CHANGE.findall(talk.rstrip())))


def _named_once(item: Candidate, shown: dict[str, _Evidence], text: str, lines: Sequence[TextLine]) -> bool:
    """A surname heard once before a whole sentence: "Lavrov: We agree." No word that the page also writes small."""
    words = (item.name.person or "").split()
    whole = len(words) == 1 and shown[_key(item)].sentences == 1
    return whole and not is_acronym(words[0]) and _after_blank(item, lines) and not _common(words, text)


def _weigh_bare(found: list[Candidate], text: str) -> list[Candidate]:
    """Labels without a colon: at least two that come back, each before whole spoken sentences."""
    shown = _evidence(found, text)
    good = [
        item
        for item in found
        if shown[_key(item)].sentences >= 0.8
        and shown[_key(item)].spoken >= 0.5
        and shown[_key(item)].quoted < 0.5
    ]
    keys = {_key(item) for item in good}
    back = [key for key in keys if shown[key].turns >= 2]
    return (
        good if len(good) >= MIN_BARE_TURNS and len(keys) >= 2 and back and 2 * len(good) > len(found) else []
    )


# ---------------------------------------------------------------- spoken blocks

# The last turn has no label behind it to end it. It goes on while whole sentences come; so many lines that
# are none, one after the other, are a menu or a list of links, and the chain of `article.py` looks at them.
MAX_BROKEN = 3
MIN_SENTENCE = 60  # characters from which a line with a full stop is more than a link or a date


def spoken_blocks(blocks: Sequence[Block], turns: Sequence[TurnLabel]) -> frozenset[int]:
    """Numbers of the blocks that lie whole between a label and the end of its turn.

    Of the last turn: those up to its last whole sentence before the page's foot begins.
    """
    if not turns:
        return frozenset()
    settled: set[int] = set()
    turn = -1
    waiting: list[int] = []  # blocks of the last turn that are spoken if a sentence follows
    for number, block in enumerate(blocks):
        while turn + 1 < len(turns) and turns[turn + 1].start < block.end:
            turn += 1
        if turn < 0 or block.start >= turns[turn].stop:
            continue
        if turn + 1 < len(turns):
            settled.add(number)
        elif len(waiting) < MAX_BROKEN:
            waiting.append(number)
            if len(block.text) >= MIN_SENTENCE and ends_sentence(block.text):
                settled.update(waiting)
                waiting.clear()
    return frozenset(settled)
