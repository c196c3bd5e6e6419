"""Text to labels: every character in one segment, quotes with their speakers, what the document says of itself.

    labels = label(document, settings)

The order here is the room's plan: lines, speaker turns, blocks, kinds, pieces, segments, quotes, metadata.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

from workbench.label.blocks import find_blocks
from workbench.label.layout import assign
from workbench.label.lines import folded, split_lines
from workbench.label.meta import find_meta, find_source
from workbench.label.quotes import find_quotes
from workbench.label.recurring import NONE, Evidence, group_of, key_of, sign_of
from workbench.label.said import say
from workbench.label.segments import build_segments
from workbench.label.speech import settle
from workbench.label.turns import find_turns
from workbench.schema import BODY_KINDS, Document, Meta, Problem, Quote, Segment
from workbench.settings import Settings

__all__ = ["Evidence", "Labels", "label"]


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


def label(document: Document, settings: Settings, evidence: Evidence = NONE) -> Labels:
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
    layout = assign(blocks, entry, document.known.get("title"), settle(blocks, turns), evidence.get(group))
    stale = say(document, blocks, layout.kinds)
    segments = build_segments(text, blocks, layout.kinds, turns)
    quotes = find_quotes(text, [segment for segment in segments if segment.kind in BODY_KINDS])
    meta = find_meta(document, segments, settings.sources, source)
    doubtful = sorted({key_of(blocks[number].text) for number in layout.candidates})
    problems = [*_problems(document, meta), *stale]
    sign = sign_of(blocks)
    return Labels(meta, segments, quotes, problems, group, sign, doubtful, layout.recurring)


def _problems(document: Document, meta: Meta) -> list[Problem]:
    """What is doubtful about a document, with the mend."""
    mend = f'say it in metadata.toml: ["{document.path}"] {{}} = …, reason = "…"'
    missing = [("date", meta.date), ("title", meta.title), ("source", meta.source)]
    problems = [
        Problem(document.path, f"no {name} found", mend.format(name), "doubtful")
        for name, found in missing
        if found is None
    ]
    if meta.date is not None and meta.date_precision != "day":
        problems.append(
            Problem(
                document.path,
                f"date is not known to the day: {meta.date_basis}",
                mend.format("date"),
                "doubtful",
            )
        )
    problems += [
        Problem(document.path, repair, "none needed; compare with the page if in doubt", "note")
        for repair in document.repairs
    ]
    return problems
