"""Build the segments that tile a text from its blocks, their kinds and the speaker turns.

A body paragraph is split into pieces (note on an update, byline, dateline, stage marks, editor's insertions,
credit) that tile it; what is left has the paragraph's own kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workbench.label.blocks import boilerplate
from workbench.label.blocks.boilerplate import LineLabel, reporting_credit_start
from workbench.label.blocks.classify import OVERRIDE
from workbench.label.blocks.lines import Block
from workbench.label.datelines import find_lead
from workbench.label.turns.stage_marks import is_sign_off
from workbench.label.turns.turns import TurnLabel
from workbench.languages import default_language
from workbench.schema import Segment

_LANGUAGE = default_language()


class ParagraphPiece(NamedTuple):
    """A part of a paragraph; offsets in the paragraph's text. `kind` is "" for the paragraph's own words."""

    start: int
    end: int
    kind: str
    rule: str


_STAGE_WORDS = _LANGUAGE.speakers.stage_words
_STAGE = re.compile(rf"[(\[](?:{_STAGE_WORDS})\b[^()\[\]]{{0,120}}[)\]][.!]?", re.IGNORECASE)
# Editor's insertion in square brackets; not a markdown link "[text](address)" and not a bare note number.
_INSERTION = re.compile(r"\[(?!\d{1,3}\])[^\[\]]{1,200}\](?!\()")


def split_paragraph(text: str, *, lead: bool) -> list[ParagraphPiece]:
    """The pieces of a paragraph in order; `lead` when it may begin with note, byline and dateline."""
    marks = list(_lead_pieces(text)) if lead else []
    begin = marks[-1].end if marks else 0
    if "(" in text or "[" in text:
        marks += _bracketed_pieces(text, begin)
    pieces: list[ParagraphPiece] = []
    position = 0
    for mark in marks:
        if mark.start < position:
            continue
        if text[position : mark.start].strip():
            pieces.append(ParagraphPiece(position, mark.start, "", ""))
        pieces.append(mark)
        position = mark.end
    if text[position:].strip() or not pieces:
        pieces.append(ParagraphPiece(position, len(text), "", ""))
    return pieces


def _lead_pieces(text: str) -> Iterator[ParagraphPiece]:
    lead = find_lead(text)
    if lead.note and (lead.byline or lead.dateline):
        yield ParagraphPiece(*lead.note, "chrome", "note on the update")
    if lead.byline:
        yield ParagraphPiece(*lead.byline, "byline", "by-line in the paragraph")
    if lead.dateline:
        yield ParagraphPiece(lead.dateline.start, lead.dateline.end, "dateline", "dateline")


def _bracketed_pieces(text: str, begin: int) -> list[ParagraphPiece]:
    marks = [ParagraphPiece(*match.span(), "stage", "stage mark") for match in _STAGE.finditer(text, begin)]
    stage_starts = {mark.start for mark in marks}
    if "[" in text:
        marks += [
            ParagraphPiece(*match.span(), "insertion", "square brackets")
            for match in _INSERTION.finditer(text, begin)
            if match.start() not in stage_starts
        ]
    credit = reporting_credit_start(text)
    if credit is not None and credit >= begin and credit not in stage_starts:
        marks.append(ParagraphPiece(credit, len(text), "credit", "reporting credit"))
    return sorted(marks)


# ---------------------------------------------------------------- segments

# Kinds that a paragraph within a transcript keeps; everything else between two labels is spoken.
LEADS = 4  # body paragraphs among which the dateline is sought: notes on updates may stand before it
NOT_SPOKEN = ("separator", "stage", "footer", "credit", "related")


def build_segments(
    text: str, blocks: Sequence[Block], kinds: Sequence[LineLabel], turns: Sequence[TurnLabel]
) -> list[Segment]:
    """Segments in text order; the white space behind each belongs to it, that before the first to the first."""
    spans: list[Segment] = []
    leads_left = LEADS
    turn_number = -1
    closed = True  # whether the last turn has ended
    for block, label in zip(blocks, kinds, strict=True):
        while turn_number + 1 < len(turns) and turns[turn_number + 1].start < block.end:
            turn_number += 1
            closed = False
            spans += _label_segment(turns[turn_number])
        in_turn = turn_number >= 0 and not closed and block.start < turns[turn_number].stop
        start = max(block.start, turns[turn_number].end) if in_turn else block.start
        if (
            in_turn
            and turn_number == len(turns) - 1
            and turns[turn_number].end <= block.start
            and _ends_speech(block, label)
        ):
            in_turn, closed = False, True
        if start >= block.end:
            continue
        if in_turn and label.kind not in NOT_SPOKEN and label.rule != OVERRIDE:
            spans += _split_block(
                block, start, "turn", "spoken under the label", turns[turn_number], lead=False
            )
        elif (
            label.kind == "paragraph"
            and turn_number >= 0
            and label.rule != OVERRIDE
            and is_sign_off(block.text)
        ):
            spans += _whole_block(block, start, LineLabel("chrome", "sign-off"))
        elif label.kind == "paragraph":
            pieces = [
                piece._replace(confidence=label.confidence) if piece.kind == "paragraph" else piece
                for piece in _split_block(block, start, "paragraph", label.rule, None, lead=leads_left > 0)
            ]
            leads_left = 0 if any(piece.kind == "dateline" for piece in pieces) else leads_left - 1
            spans += pieces
        else:
            spans += _whole_block(block, start, label)
    return _fill_gaps(spans, len(text))


def _ends_speech(block: Block, label: LineLabel) -> bool:
    """Whether the last speaker has finished: a date line, rights, a line that is no sentence."""
    if label.kind in ("date", "footer", "related"):
        return True
    return label.kind == "chrome" and not block.text.rstrip("\"')]").endswith((".", "!", "?", ",", "-", ":"))


def _label_segment(turn: TurnLabel) -> list[Segment]:
    return [Segment(turn.start, turn.end, "speaker_label", turn.speaker, turn.role, turn.rule)]


def _split_block(
    block: Block, start: int, kind: str, rule: str, turn: TurnLabel | None, *, lead: bool
) -> list[Segment]:
    speaker, role = (turn.speaker, turn.role) if turn else (None, None)
    block_text = block.text[start - block.start :]
    if not lead and "(" not in block_text and "[" not in block_text:
        begin = start + len(block_text) - len(block_text.lstrip())
        return [Segment(begin, block.end, kind, speaker, role, rule)]
    segments = []
    for piece in split_paragraph(block_text, lead=lead):
        begin, end = start + _skip_space(block_text, piece.start), start + piece.end
        if piece.kind:
            segments.append(Segment(begin, end, piece.kind, None, None, piece.rule))
        else:
            segments.append(Segment(begin, end, kind, speaker, role, rule))
    return segments


def _whole_block(block: Block, start: int, label: LineLabel) -> list[Segment]:
    """A block of one kind; a date line with a place behind its date is cut in two."""
    if label.kind == "date" and label.rule == "date line":
        line = boilerplate.date_line(boilerplate.strip_leading_marks(block.text))
        if line is not None and boilerplate.is_place(line.rest):
            cut_at = block.end - len(line.rest.rstrip())
            return [
                Segment(start, cut_at, "date", None, None, label.rule),
                Segment(cut_at, block.end, "place", None, None, "place behind the date"),
            ]
    return [Segment(start, block.end, label.kind, None, None, label.rule, label.confidence)]


def _skip_space(block_text: str, position: int) -> int:
    return position + len(block_text[position:]) - len(block_text[position:].lstrip())


def _fill_gaps(spans: Sequence[Segment], length: int) -> list[Segment]:
    """The spans widened so that each begins where the one before it ends, from 0 to `length`."""
    if not spans:
        return [Segment(0, length, "chrome", None, None, "no text")]
    starts = [0, *(span.start for span in spans[1:])]
    ends = [*starts[1:], length]
    return [Segment(start, end, *span[2:]) for span, start, end in zip(spans, starts, ends, strict=True)]
