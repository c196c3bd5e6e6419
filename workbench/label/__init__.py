"""Text to labels: every character in one segment, quotes with their speakers, what the document says of itself.

    labels = label(document, settings)

The order here is the room's plan: lines, speaker turns, blocks, kinds, pieces, segments, quotes, metadata.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

from workbench.label.blocks.classify import apply_overrides, classify
from workbench.label.blocks.lines import find_blocks, folded, split_lines
from workbench.label.blocks.repeated_lines import NO_REPEATED_LINES, RepeatedLines, group_of, key_of, sign_of
from workbench.label.metadata.document import find_meta, find_source
from workbench.label.quotes.quotes import find_quotes
from workbench.label.segments import build_segments
from workbench.label.turns.turns import find_turns, spoken_blocks
from workbench.schema import BODY_KINDS, Document, Meta, Problem, Quote, Segment
from workbench.settings import Settings

__all__ = ["Labels", "RepeatedLines", "label"]


class Labels(NamedTuple):
    """What the text of one document turned out to be.

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
    """Label a document: its segments tile `document.text`; offsets are code points in it.

    `evidence` says which lines recur in documents of the same source; without it each page stands alone.
    """
    text = document.text
    lines = split_lines(text)
    turns = find_turns(text, lines)
    breaks = [place for turn in turns for place in (turn.start, turn.stop)]
    blocks = find_blocks(text, lines, document.hints, breaks)
    source = find_source(document, settings.sources, folded(text))
    entry = settings.sources.entries.get(source or "")
    group = group_of(source, document)
    layout = classify(
        blocks, entry, document.known.get("title"), spoken_blocks(blocks, turns), evidence.get(group)
    )
    stale = apply_overrides(document, blocks, layout.kinds)
    segments = build_segments(text, blocks, layout.kinds, turns)
    quotes = find_quotes(text, [segment for segment in segments if segment.kind in BODY_KINDS])
    meta = find_meta(document, segments, settings.sources, source)
    doubtful = sorted({key_of(blocks[number].text) for number in layout.candidates})
    problems = [*_problems(document, meta), *stale]
    sign = sign_of(blocks)
    return Labels(meta, segments, quotes, problems, group, sign, doubtful, layout.recurring)


def _problems(document: Document, meta: Meta) -> list[Problem]:
    """What is doubtful about a document, with the hint."""
    hint = f'say it in metadata.toml: ["{document.path}"] {{}} = …, reason = "…"'
    missing = [("date", meta.date), ("title", meta.title), ("source", meta.source)]
    problems = [
        Problem(document.path, f"no {name} found", hint.format(name), "doubtful")
        for name, found in missing
        if found is None
    ]
    if meta.date is not None and meta.date_precision != "day":
        problems.append(
            Problem(
                document.path,
                f"date is not known to the day: {meta.date_basis}",
                hint.format("date"),
                "doubtful",
            )
        )
    problems += [
        Problem(document.path, repair, "none needed; compare with the page if in doubt", "note")
        for repair in document.repairs
    ]
    return problems
