"""Rows made by hand for the tests of annotate: no label needed."""

from __future__ import annotations

from support.paths import SEEDS
from workbench.annotate.sentences import split_sentences
from workbench.schema import Labelled, Meta, Quote, Segment

META = Meta(None, None, None, "none", "", None, "other", "en", None)


def paragraphs(text: str) -> list[Segment]:
    """A paragraph segment for each block between blank lines, the white space after it included."""
    segments, at = [], 0
    for block in text.split("\n\n"):
        end = min(len(text), at + len(block) + 2)
        if end > at:
            segments.append(Segment(at, end, "paragraph", None, None, "by hand"))
        at = end
    return segments


def pieces(text: str, *kinds: tuple[str, str]) -> list[Segment]:
    """Segments that tile `text`: each (kind, the text it begins with), in order, from 0."""
    starts = [text.index(begin) for _, begin in kinds]
    ends = [*starts[1:], len(text)]
    assert starts[0] == 0
    return [
        Segment(a, b, kind, None, None, "by hand")
        for (kind, _), a, b in zip(kinds, starts, ends, strict=True)
    ]


def quote(text: str, cut: str, kind: str = "direct", speaker: str | None = "the ministry") -> Quote:
    """A quote that covers `cut` in `text`."""
    start = text.index(cut)
    return Quote(start, start + len(cut), kind, speaker, None, None, "said", "neutral", 0.9)


def labelled(
    text: str, segments: list[Segment] | None = None, quotes: list[Quote] | None = None, doc_id: str = "a.txt"
) -> Labelled:
    """A document with its sentences, paragraphs by blank lines unless segments are given."""
    segments = paragraphs(text) if segments is None else segments
    quotes = quotes or []
    return Labelled(doc_id, text, META, segments, quotes, split_sentences(text, segments, quotes))


def seed(name: str) -> Labelled:
    """A seed document by the beginning of its name, every block taken for a paragraph."""
    (path,) = SEEDS.glob(f"{name}*.txt")
    return labelled(path.read_text(encoding="utf-8"), doc_id=path.name)


def cuts(document: Labelled) -> list[str]:
    """The sentences as text."""
    return [document.text[s.start : s.end] for s in document.sentences]
