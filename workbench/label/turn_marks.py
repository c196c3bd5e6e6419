"""Marks around and inside turns: sign-offs, footers, stage marks, an editor's insertions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.label.lines import Line
from workbench.schema import plain

MAX_MARK = 90  # characters of a sign-off, a footer or a line of the head; a longer line is speech

# ---------------------------------------------------------------- where a turn stops

_SIGN_OFF = re.compile(
    r"(?:\\?[*#_=~-]\ ?){3,}|[<\[(]\s*(?:\.\.\.|…)\s*[>\])]|-\ ?30\ ?-"
    r"|\W{0,3}ends?(?:\W{0,3}|\ of\ (?:transcript|interview|speech|remarks|briefing|event|conference|video)[^a-z]*)"
    r"|the\ (?:meeting|session|hearing|conference|briefing)\ (?:rose|adjourned|ended|concluded|was\ (?:adjourned|suspended|closed)).{0,40}"
    r"|\W?end\W{0,2}\s+\d{1,2}:\d\d.{0,20}"
    r"|\W{0,2}\d{1,2}:\d\d\s*[ap]\.?\s?m\.?(?:,?\s*\(?(?:[A-Z]{2,4}|local)\)?(?:\ time)?)?\.?\W{0,2}",
    re.IGNORECASE | re.VERBOSE,
)
_FOOTER = re.compile(
    r"©|copyright\b|all rights reserved|(?:share|print|tweet|e-?mail|subscribe|follow us|related (?:links|articles|content|news|stories)|see also|read (?:more|also|next)|tags|topics|all news"
    r"|text version|published in|publication status|filed under|back to top|date of publication|previous|next|more news|press contacts?|media contacts?|for more information)\b[^.?!]{0,60}$",
    re.IGNORECASE,
)


def find_stops(labels: Sequence[tuple[int, int, int]], lines: Sequence[Line], length: int) -> list[int]:
    """Where each turn stops: at the next label, or at the first sign-off before it.

    `labels` holds (line, start, end) of each label in order, `length` is that of the text.
    """
    head = {line.text for line in lines[: labels[0][0]] if 8 < len(line.text) < MAX_MARK}
    stops = []
    for place, (number, _, end) in enumerate(labels):
        final = place + 1 == len(labels)
        last, stop = (len(lines), length) if final else labels[place + 1][:2]
        for line in lines[number + 1 : last]:
            if (
                line.text
                and line.start >= end
                and len(line.text) < MAX_MARK
                and _ends(line.text, head, final)
            ):
                stop = line.start
                break
        stops.append(stop)
    return stops


def is_sign_off(words: str) -> bool:
    """Whether a line closes a talk: "END", "10:40 A.M. EST", "* * *", "The meeting rose at noon"."""
    return len(words) < MAX_MARK and _SIGN_OFF.fullmatch(words) is not None


def _ends(words: str, head: set[str], last: bool) -> bool:
    """A sign-off anywhere; after the last label also a footer, or a line of the page's head that comes back."""
    if is_sign_off(words):
        return True
    return last and (_FOOTER.match(words) is not None or words in head)


# ---------------------------------------------------------------- inside a turn

STAGE = re.compile(
    r"""[(\[]\s*(?:[^()\[\]\n]{0,60}\b)?
    (?:applau\w+|laugh\w*|chuckl\w*|inaudible|unintelligible|indiscernible|cross-?\s?talk|cheer\w*|boo(?:s|ing)?|paus(?:e|es|ed|ing)
    |music|sings?|singing|chant\w*|silence|off[- ]mi(?:c|ke)\w*|audio\ \w+|video\ (?:clip|\w+s|presentation)|begin\ \w+|end\ \w+
    |speaks?|speaking|gestur\w*|shakes?|nods?|sighs?|coughs?|sneezes?|in\ (?:[A-Z]\w+(?:ian|ish|ese|an|ic)|French|German|Greek|Dutch|Hindi|Urdu|Farsi|Dari|Pashto|Czech|Thai|Hebrew)
    |(?:as|through|via)\ (?:an?\ )?(?:interpret\w+|translat\w+|delivered|spoken|prepared)|interrupt\w*|overlap\w*|technical|no\ (?:audible|verbal|translation|response)
    |commercial\ break|break|recess|moment\ of\ silence|a\ (?:toast|moment|video|prayer)\b[^()\[\]\n]{0,40}|(?:is|are|was|were)\ (?:signed|played|sung|shown|presented|offered|exchanged)
    |national\ anthem)\b[^()\[\]\n]{0,80}[)\]]""",
    re.IGNORECASE | re.VERBOSE,
)
_BRACKET = re.compile(r"[(\[]")
_INSERTION = re.compile(r"\[[^\[\]\n]{1,200}\](?!\()")


def find_stage_marks(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of "(Applause.)", "[Laughter]", "(In Russian.)" and their like within `text[start:end]`."""
    folded = plain(text[start:end])
    found = (STAGE.match(folded, bracket.start()) for bracket in _BRACKET.finditer(folded))
    return [(start + match.start(), start + match.end()) for match in found if match]


def find_insertions(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of an editor's insertions in square brackets, such as "[Sergei Lavrov]"; stage marks are none."""
    if text.find("[", start, end) < 0:
        return []
    return [
        match.span()
        for match in _INSERTION.finditer(text, start, end)
        if not STAGE.fullmatch(plain(match[0]))
    ]
