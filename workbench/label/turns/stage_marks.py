"""Find stage marks, editor's insertions and sign-offs, and where a speaker turn ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.label.blocks.lines import TextLine
from workbench.languages import default_language
from workbench.schema import plain

_LANGUAGE = default_language()

MAX_MARK = 90  # characters of a sign-off, a footer or a line of the head; a longer line is speech

# ---------------------------------------------------------------- where a turn stops

_SIGN_OFF = re.compile(
    _LANGUAGE.speakers.sign_off,
    re.IGNORECASE | re.VERBOSE,
)
_FOOTER = re.compile(
    _LANGUAGE.speakers.footer,
    re.IGNORECASE,
)


def find_turn_ends(
    labels: Sequence[tuple[int, int, int]], lines: Sequence[TextLine], length: int
) -> list[int]:
    """Where each turn stops: at the next label, or at the first sign-off before it.

    `labels` holds (line, start, end) of each label in order, `length` is that of the text.
    """
    opening_lines = {line.text for line in lines[: labels[0][0]] if 8 < len(line.text) < MAX_MARK}
    stops = []
    for index, (number, _, end) in enumerate(labels):
        is_last = index + 1 == len(labels)
        last, stop = (len(lines), length) if is_last else labels[index + 1][:2]
        for line in lines[number + 1 : last]:
            if (
                line.text
                and line.start >= end
                and len(line.text) < MAX_MARK
                and _ends_turn(line.text, opening_lines, is_last)
            ):
                stop = line.start
                break
        stops.append(stop)
    return stops


def is_sign_off(words: str) -> bool:
    """Whether a line closes a talk: "END", "10:40 A.M. EST", "* * *", "The meeting rose at noon"."""
    return len(words) < MAX_MARK and _SIGN_OFF.fullmatch(words) is not None


def _ends_turn(words: str, opening_lines: set[str], last: bool) -> bool:
    """A sign-off anywhere; after the last label also a footer, or a line of the page's head that comes back."""
    if is_sign_off(words):
        return True
    return last and (_FOOTER.match(words) is not None or words in opening_lines)


# ---------------------------------------------------------------- inside a turn

STAGE = re.compile(
    _LANGUAGE.speakers.stage,
    re.IGNORECASE | re.VERBOSE,
)
_BRACKET = re.compile(r"[(\[]")
_INSERTION = re.compile(r"\[[^\[\]\n]{1,200}\](?!\()")


def find_stage_marks(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of "(Applause.)", "[Laughter]", "(In Russian.)" and their like within `text[start:end]`."""
    folded = plain(text[start:end])
    matches = (STAGE.match(folded, bracket.start()) for bracket in _BRACKET.finditer(folded))
    return [(start + match.start(), start + match.end()) for match in matches if match]


def find_insertions(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of an editor's insertions in square brackets, such as "[Sergei Lavrov]"; stage marks are none."""
    if text.find("[", start, end) < 0:
        return []
    return [
        match.span()
        for match in _INSERTION.finditer(text, start, end)
        if not STAGE.fullmatch(plain(match[0]))
    ]
