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
from workbench.label.turns.speaker_labels import Candidate, bare_candidates, find_candidates, is_acronym
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
    labels = _find_labels(text, lines)
    if not labels:
        return []
    speakers = resolve_speakers(
        [label.name for label in labels], [label.displayed for label in labels], text, labels[0].start
    )
    stops = find_turn_ends([(label.line, label.start, label.end) for label in labels], lines, len(text))
    if labels[0].start > EXCERPT * len(text):
        stops[-1] = _end_of_excerpt(text, labels[-1].end, stops[-1])
    return [
        TurnLabel(
            label.line, label.start, label.end, speaker.speaker, label.displayed, speaker.role,
            label.note[0] if label.note else None, label.note[1] if label.note else None,
            f"turn:{label.form}:{label.name.kind}", stop,
        )
        for label, speaker, stop in zip(labels, speakers, stops, strict=True)
    ]  # fmt: skip


def _find_labels(text: str, lines: Sequence[TextLine]) -> list[Candidate]:
    """Labels with a colon (or Q); when the document has none, labels on lines of their own or before dashes."""
    candidates = find_candidates(text, lines)
    if candidates:
        labels = _select_labels(candidates, text, lines)
        if labels:
            return labels
    for form in ("alone", "dash"):
        candidates = bare_candidates(text, lines, form)
        if len(candidates) >= MIN_BARE_TURNS:
            labels = _select_bare_labels(candidates, text)
            if labels:
                return labels
    return []


def _end_of_excerpt(text: str, start: int, stop: int) -> int:
    """End of the last turn of an excerpt: closing paragraphs without first or second person are the author's."""
    breaks = [match.end() for match in _CHANGE.finditer(text, start, stop) if match.end() < stop]
    for paragraph_start in reversed(breaks):
        if _is_spoken(folded(text)[paragraph_start:stop]):
            break
        stop = paragraph_start
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


def _label_key(candidate: Candidate) -> str:
    return " ".join(candidate.displayed.casefold().split())


def _evidence_by_label(candidates: Sequence[Candidate], text: str) -> dict[str, _Evidence]:
    rows: dict[str, list[tuple[bool, bool, bool]]] = defaultdict(list)
    starts = [*(candidate.start for candidate in candidates[1:]), len(text)]
    for candidate, next_start in zip(candidates, starts, strict=bool(candidates)):
        words = folded(text)[candidate.end : min(candidate.end + WINDOW, next_start)]
        rows[_label_key(candidate)].append(_turn_evidence(words, candidate.end - candidate.start))
    return {
        key: _Evidence(len(row), *(sum(column) / len(row) for column in zip(*row, strict=True)))
        for key, row in rows.items()
    }


def _turn_evidence(words: str, label_length: int) -> tuple[bool, bool, bool]:
    """Is it spoken, does it begin with a sentence, does it open with a quotation mark?"""
    stage_mark = STAGE.match(words.lstrip())
    if stage_mark:
        return True, True, False  # "(Laughter.)" opens what is spoken
    spoken = _is_spoken(words[:GLANCE]) or (len(words) > GLANCE and _is_spoken(words))
    return spoken, _is_sentence(words, label_length), words.lstrip(" *_[")[:1] == '"'


def _is_spoken(words: str) -> bool:
    """First or second person, or a question, outside quotation marks."""
    unquoted = _QUOTED.sub("", words) if '"' in words else words
    if any(map(unquoted.__contains__, _OFTEN)):
        return True
    return _SPOKEN.search(_without_country(unquoted)) is not None


def _without_country(words: str) -> str:
    """Without the country and Roman numbers; most texts have neither, which `in` finds out at once."""
    return _US.sub("", words) if "US" in words or "II" in words else words


def _is_sentence(words: str, label: int) -> bool:
    """The first line ends or holds a sentence, or goes on below: not a link of a menu, a headline, a field.

    `label` is the length of the label, which shares the first line with the words.
    """
    first_line, _, rest = words.partition("\n")
    if _SENTENCE.search(first_line.rstrip()):
        return True
    if len(first_line.rstrip()) + label < WRAPPED:
        return rest[:1].islower()
    return _SENTENCE.search(_CHANGE.split(words, maxsplit=1)[0].rstrip()) is not None


def _select_labels(candidates: list[Candidate], text: str, lines: Sequence[TextLine]) -> list[Candidate]:
    """The candidates that are labels, by the evidence of the whole document."""
    evidence = _evidence_by_label(candidates, text)
    sure_labels = sum(
        candidate.name.caps and (candidate.form == "mark" or candidate.name.kind in ("titled", "generic"))
        for candidate in candidates
    )
    caps = [
        candidate
        for candidate in candidates
        if candidate.name.caps and _is_caps_label(candidate, evidence, sure_labels, text, lines)
    ]
    mixed = _mixed_labels([candidate for candidate in candidates if not candidate.name.caps], text, lines)
    if len(caps) >= len(mixed) and caps:
        known = {_label_key(candidate) for candidate in caps}
        return [
            candidate
            for candidate in candidates
            if candidate.name.caps
            and (_label_key(candidate) in known or _is_late_label(candidate, evidence, text, lines))
        ]
    if mixed:
        return sorted([*mixed, *(candidate for candidate in caps if candidate.name.kind == "generic")])
    return []


def _is_caps_label(
    candidate: Candidate,
    evidence: dict[str, _Evidence],
    sure_labels: int,
    text: str,
    lines: Sequence[TextLine],
) -> bool:
    """A label in capitals that makes its document a transcript; `sure_labels` counts offices, courtesies, Q and the like."""
    label_evidence = evidence[_label_key(candidate)]
    if label_evidence.sentences < MIN_SENTENCES or label_evidence.quoted > 0.5:
        return False
    if candidate.name.kind in ("titled", "generic") and candidate.form == "colon":
        return label_evidence.spoken >= MIN_SPOKEN and (
            sure_labels > 1 or _opens_remarks(candidate, text, lines)
        )
    if label_evidence.spoken < MIN_SPOKEN:
        return False
    if candidate.form == "mark":
        return label_evidence.turns >= 2
    alternates = (
        label_evidence.turns >= 2 and sum(other.turns for other in evidence.values() if other.spoken) >= 3
    )
    return (alternates and len(evidence) >= 2 and _opens_paragraph(candidate, lines)) or (
        candidate.name.kind == "name" and _opens_remarks(candidate, text, lines)
    )


def _opens_remarks(candidate: Candidate, text: str, lines: Sequence[TextLine]) -> bool:
    """A single label near the top under which somebody plainly speaks to the end."""
    lines_before = sum(1 for line in lines[: candidate.line] if line.text)
    words = (candidate.name.person or candidate.displayed).split()
    if lines_before > 25 or (not lines_before and not candidate.name.caps):
        return False  # a headline such as "Jane Doe: …" stands first
    if candidate.name.kind == "name" and (not 2 <= len(words) <= 4 or _also_lower_case(words, text)):
        return False
    unquoted = _QUOTED.sub("", _without_country(folded(text)[candidate.end : candidate.end + 4 * WINDOW]))
    sufficient = ceil(max(LONE_TURN_SPOKEN, LONE_TURN_SHARE * unquoted.count(" ")))
    return sum(1 for _ in islice(_SPOKEN.finditer(unquoted), sufficient)) == sufficient


def _also_lower_case(words: Sequence[str], text: str) -> bool:
    """Whether the page also writes these words small: "CONSTRUCTION SPENDING" is no name where that happens."""
    return all(re.search(rf"\b{re.escape(word.casefold())}\b", text) for word in words)


def _is_late_label(
    candidate: Candidate, evidence: dict[str, _Evidence], text: str, lines: Sequence[TextLine]
) -> bool:
    """A label in capitals that a transcript may also hold: once heard, in any position but the middle of a sentence."""
    if not (
        _after_blank(candidate, lines)
        if candidate.form == "mark" and text[candidate.end : candidate.end + 1].islower()
        else _opens_paragraph(candidate, lines)
    ):
        return False
    if candidate.form == "mark" or candidate.name.kind in ("titled", "generic"):
        return True
    words, label_evidence = (
        (candidate.name.person or candidate.displayed).split(),
        evidence[_label_key(candidate)],
    )
    if (
        len(words) == 1
        and label_evidence.turns == 1
        and (is_acronym(words[0]) or not _after_blank(candidate, lines))
    ):
        return False
    return label_evidence.sentences > 0 and label_evidence.quoted < 1


def _after_blank(candidate: Candidate, lines: Sequence[TextLine]) -> bool:
    return candidate.line == 0 or not lines[candidate.line - 1].text


def _opens_paragraph(candidate: Candidate, lines: Sequence[TextLine]) -> bool:
    """The line before is blank, or ends a sentence, or is short: not the middle of a hard-wrapped sentence."""
    if _after_blank(candidate, lines):
        return True
    previous_line = lines[candidate.line - 1].text
    return previous_line[-1] in ".?!\"')]*_:-" or len(previous_line) < 45


def _mixed_labels(candidates: list[Candidate], text: str, lines: Sequence[TextLine]) -> list[Candidate]:
    """Labels in mixed case: names that come back and alternate, or offices with names before speech."""
    candidates = [candidate for candidate in candidates if _opens_paragraph(candidate, lines)]
    if not candidates:
        return []
    evidence = _evidence_by_label(candidates, text)
    if sum(
        label_evidence.quoted * label_evidence.turns for label_evidence in evidence.values()
    ) > MAX_QUOTED * len(candidates):
        return []
    people = {word for candidate in candidates if candidate.name.person and len(candidate.name.person.split()) > 1
              for word in candidate.name.person.casefold().split()[-1:]}  # fmt: skip
    accepted = [candidate for candidate in candidates if _is_mixed_label(candidate, evidence, people)]
    if not accepted:
        return []
    keys = {_label_key(candidate) for candidate in accepted}
    voices = {_surname(candidate) for candidate in accepted} | {
        _label_key(candidate) for candidate in candidates if candidate.name.kind == "generic"
    }
    offices = sum(candidate.name.kind in ("titled", "generic") for candidate in accepted)
    alternates = (
        len(voices) >= 2
        and len(accepted) >= 3
        and (any(evidence[key].turns >= 2 for key in keys) or _holder_speaks_by_name(accepted))
    )
    if alternates or offices >= 2:
        labels = [
            candidate
            for candidate in candidates
            if _label_key(candidate) in keys or _is_late_mixed_label(candidate, evidence, text, lines)
        ]
        if _all_labelled(labels, text):
            labelled_lines = {candidate.line for candidate in labels}
            labels = [
                candidate
                for candidate in candidates
                if candidate.line in labelled_lines
                or _is_single_surname_label(candidate, evidence, text, lines)
            ]
        return labels
    single_label = [
        candidate for candidate in accepted if evidence[_label_key(candidate)].turns == len(accepted)
    ]
    if (
        single_label
        and _opens_remarks(single_label[0], text, lines)
        and _is_main_label(single_label, candidates)
    ):
        return single_label
    return []


def _holder_speaks_by_name(labels: list[Candidate]) -> bool:
    """Whether an office's holder also speaks under the bare name: "President Anna Berg", then "Anna Berg"."""
    holders = {(label.name.person or "").casefold() for label in labels if label.name.kind == "titled"}
    return any(
        label.name.kind == "name" and (label.name.person or "").casefold() in holders for label in labels
    )


def _surname(candidate: Candidate) -> str:
    """Who is meant, roughly: the last word of the name, so that "President Anna Berg" and "Anna Berg" are one."""
    return (candidate.name.person or candidate.displayed).casefold().split()[-1]


def _is_main_label(labels: list[Candidate], candidates: list[Candidate]) -> bool:
    """Most mixed-case candidates carry this label: not one field among many."""
    return 2 * len(labels) >= len(candidates)


def _is_mixed_label(candidate: Candidate, evidence: dict[str, _Evidence], surnames: set[str]) -> bool:
    label_evidence, name = evidence[_label_key(candidate)], candidate.name
    if (
        label_evidence.spoken < MIN_SPOKEN
        or label_evidence.sentences < MIN_SENTENCES
        or label_evidence.quoted > 0.5
    ):
        return False
    if name.kind in ("titled", "generic"):
        return True
    if name.kind == "office":
        return label_evidence.turns >= 2 or len(evidence) == 1
    words = (name.person or "").split()
    if len(words) == 1:
        return words[0].casefold() in surnames or (
            label_evidence.turns >= 2 and label_evidence.sentences >= 0.8
        )
    return True


def _is_late_mixed_label(
    candidate: Candidate, evidence: dict[str, _Evidence], text: str, lines: Sequence[TextLine]
) -> bool:
    """Somebody heard once in a mixed-case transcript; a single word ("Reuters") only before a question."""
    words, label_evidence = (candidate.name.person or "").split(), evidence[_label_key(candidate)]
    if candidate.name.kind in ("titled", "generic") or (
        candidate.name.kind == "office" and label_evidence.spoken
    ):
        return True
    if len(words) > 1:
        return label_evidence.sentences == 1 and not _also_lower_case(words, text)
    asks_question = "?" in _CHANGE.split(text[candidate.end : candidate.end + WINDOW], maxsplit=1)[0]
    return (
        bool(words) and asks_question and _after_blank(candidate, lines) and not _also_lower_case(words, text)
    )


def _all_labelled(labels: Sequence[Candidate], text: str) -> bool:
    """Nearly every paragraph of the talk opens with a label: then one more that looks like a label is one."""
    talk = text[labels[0].start :] if labels else ""
    return len(labels) >= MIN_LABELLED * (1 + len(_CHANGE.findall(talk.rstrip())))


def _is_single_surname_label(
    candidate: Candidate, evidence: dict[str, _Evidence], text: str, lines: Sequence[TextLine]
) -> bool:
    """A surname heard once before a whole sentence: "Lavrov: We agree." No word that the page also writes small."""
    words = (candidate.name.person or "").split()
    single_sentence = len(words) == 1 and evidence[_label_key(candidate)].sentences == 1
    return (
        single_sentence
        and not is_acronym(words[0])
        and _after_blank(candidate, lines)
        and not _also_lower_case(words, text)
    )


def _select_bare_labels(candidates: list[Candidate], text: str) -> list[Candidate]:
    """Labels without a colon: at least two that come back, each before whole spoken sentences."""
    evidence = _evidence_by_label(candidates, text)
    accepted = [
        candidate
        for candidate in candidates
        if evidence[_label_key(candidate)].sentences >= 0.8
        and evidence[_label_key(candidate)].spoken >= 0.5
        and evidence[_label_key(candidate)].quoted < 0.5
    ]
    keys = {_label_key(candidate) for candidate in accepted}
    repeated = [key for key in keys if evidence[key].turns >= 2]
    return (
        accepted
        if len(accepted) >= MIN_BARE_TURNS
        and len(keys) >= 2
        and repeated
        and 2 * len(accepted) > len(candidates)
        else []
    )


# ---------------------------------------------------------------- spoken blocks

# The last turn has no label behind it to end it. It goes on while whole sentences come; so many lines that
# are none, one after the other, are a menu or a list of links, and the chain of `classifier.py` looks at them.
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
