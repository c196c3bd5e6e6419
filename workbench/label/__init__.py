"""Label a text: segments that tile it, quotations with their speakers, metadata.

    labels = label(document, settings)

The steps, in order: lines, speaker turns, blocks, kinds of blocks, segments, quotations, metadata. What
`metadata.toml` corrects counts from the step on that finds it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

from workbench.label.blocks.classify import apply_overrides, classify
from workbench.label.blocks.lines import find_blocks, folded, split_lines
from workbench.label.blocks.repeated_lines import (
    NO_REPEATED_LINES,
    RepeatedLines,
    document_group,
    line_key,
    longest_paragraph_key,
)
from workbench.label.corrections import correct_quotes, correct_segments, corrections_of
from workbench.label.document_metadata import find_metadata, find_source
from workbench.label.quotes.quotes import find_quotes
from workbench.label.segments import build_segments
from workbench.label.turns.turns import find_turns, spoken_blocks
from workbench.schema import BODY_KINDS, Document, Meta, Problem, Quote, Segment
from workbench.settings import Settings
from workbench.settings.metadata import date_in_path, entry_line

__all__ = ["Labels", "RepeatedLines", "label"]


class Labels(NamedTuple):
    """The labels of one document.

    `lines` are the keys of the lines that would be chrome if they recurred in other documents of `group`,
    and `sign` that of its longest paragraph, by which copies of it are counted once; `evidence` is what was
    known of that when it was labelled.
    """

    meta: Meta
    segments: list[Segment]
    quotes: list[Quote]
    problems: list[Problem]
    group: str = ""
    sign: str = ""
    lines: Collection[str] = ()
    evidence: Mapping[str, int] = MappingProxyType({})


def label(document: Document, settings: Settings, evidence: RepeatedLines = NO_REPEATED_LINES) -> Labels:
    """Label a document with segments, quotations and metadata.

    The segments tile `document.text`; offsets are code points in it.

    `evidence` says which lines recur in documents of the same source; without it each page stands alone.
    """
    text = document.text
    lines = split_lines(text)
    turns = find_turns(text, lines)
    turn_bounds = [offset for turn in turns for offset in (turn.start, turn.stop)]
    blocks = find_blocks(text, lines, document.hints, turn_bounds)
    source = find_source(document, settings.sources, folded(text))
    entry = settings.sources.entries.get(source or "")
    group = document_group(source, document)
    layout = classify(
        blocks, entry, document.known.get("title"), spoken_blocks(blocks, turns), evidence.get(group)
    )
    stale = apply_overrides(document, blocks, layout.kinds)
    corrections = corrections_of(document.known)
    segments, doubts, renamed = correct_segments(
        document, build_segments(text, blocks, layout.kinds, turns), corrections
    )
    quotes, more_doubts = correct_quotes(document, _quotes_in(text, segments), corrections, renamed)
    meta = find_metadata(document, segments, settings.sources, source)
    candidate_keys = sorted({line_key(blocks[number].text) for number in layout.candidates})
    problems = [*_problems(document, meta), *stale, *doubts, *more_doubts]
    return Labels(
        meta,
        segments,
        quotes,
        problems,
        group,
        longest_paragraph_key(blocks),
        candidate_keys,
        layout.recurring,
    )


def _quotes_in(text: str, segments: list[Segment]) -> list[Quote]:
    return find_quotes(text, [segment for segment in segments if segment.kind in BODY_KINDS])


def _problems(document: Document, meta: Meta) -> list[Problem]:
    """What is doubtful about a document, with the hint."""
    missing = [("date", meta.date), ("title", meta.title), ("source", meta.source)]
    problems = [
        Problem(document.path, f"no {name} found", _entry_hint(document, name), "doubtful")
        for name, value in missing
        if value is None
    ]
    if meta.date is not None and meta.date_precision != "day":
        problems.append(
            Problem(
                document.path,
                f"date is not known to the day: {meta.date_basis}",
                _entry_hint(document, "date"),
                "doubtful",
            )
        )
    problems += [
        Problem(document.path, repair, "none needed; compare with the page if in doubt", "note")
        for repair in document.repairs
    ]
    return problems


def _entry_hint(document: Document, key: str) -> str:
    """The line to add to metadata.toml, with the date where the file name has one."""
    day = date_in_path(document.path) if key == "date" else None
    value, reason = (day, "the file name has it") if day else ("…", "…")
    return f"add to metadata.toml: {entry_line(document.doc_id, **{key: value, 'reason': reason})}"
