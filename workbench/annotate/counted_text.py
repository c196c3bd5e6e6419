"""Mask editor's insertions and stage marks in a text, without moving an offset.

They stand inside a sentence without being part of it. They become blanks, so every offset still points
into `Document.text`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.schema import Labelled, Segment, plain

ASIDE_KINDS = ("insertion", "stage")


def mask_asides(text: str, segments: Sequence[Segment]) -> str:
    """`plain(text)` with insertions and stage marks replaced by blanks, of the same length."""
    flat = plain(text)
    asides = [segment for segment in segments if segment.kind in ASIDE_KINDS]
    if not asides:
        return flat
    parts: list[str] = []
    position = 0
    for aside in asides:
        parts += (flat[position : aside.start], " " * (aside.end - aside.start))
        position = aside.end
    return "".join([*parts, flat[position:]])


def sentence_texts(batch: Sequence[Labelled]) -> Iterator[str]:
    """The text of each sentence of `batch` as it is counted, line feeds as blanks, its length kept."""
    for labelled in batch:
        flat = mask_asides(labelled.text, labelled.segments).replace("\n", " ")
        for sentence in labelled.sentences:
            yield flat[sentence.start : sentence.end]
