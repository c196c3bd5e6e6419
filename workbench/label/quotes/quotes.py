"""Find quotations and indirect speech: the words, their speaker, and the reporting verb.

Quotation marks are found first (`marks`), and the text between them is masked, so that the author's own
sentence is left. In it the reporting clauses are found (`clauses`), which give the quotations and the indirect
speech their sources (`attribution`), and the sources their names (`speaker_names`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from workbench.label.blocks.lines import folded as plain_once
from workbench.label.quotes.attribution import AttributedQuote, attribute_paragraph, find_quote_signals
from workbench.label.quotes.clauses import FILLER
from workbench.label.quotes.marks import MarkedSpan, find_marked_spans
from workbench.label.quotes.speaker_names import SpeakerNames
from workbench.schema import Quote, Segment

_EMPHASIS = re.compile(
    r"\*{1,3}|(?<!\w)_{1,3}(?=\w)|(?<=\S)_{1,3}(?!\w)"
)  # of Markdown: **Anna Berg:** "..."


class _Paragraph(NamedTuple):
    """A paragraph of body text; an insertion in brackets may have cut it into several segments."""

    start: int
    end: int
    speaker: str | None


def find_quotes(text: str, body: Sequence[Segment]) -> list[Quote]:
    """Quotes and indirect speech of the body segments (standfirst, paragraph, turn; in order), in text order.

    A quotation whose source cannot be told has the speaker UNKNOWN; a short one that no clause reports
    (a title, a word in scare quotes) is left out. Indirect speech may hold a partial quote.
    """
    return [attributed.quote for attributed in find_attributed_quotes(text, body)]


def find_attributed_quotes(text: str, body: Sequence[Segment]) -> list[AttributedQuote]:
    """As `find_quotes`, each with the rule that found it, which is what confidence is measured by."""
    paragraphs = _join_segments(text, body)
    marked = find_marked_spans(text, [(p.start, p.end) for p in paragraphs])
    folded = plain_once(text)
    masked = _blank_gaps(_mask_quotations(folded, marked), body)
    names = SpeakerNames(folded)
    attributed: list[AttributedQuote] = []
    previous: Quote | None = None
    narrator: str | None = None
    joined = _join_continued_quotations(paragraphs, marked)
    signals = find_quote_signals(masked, marked).split(
        (paragraph.start, paragraph.end) for paragraph in joined
    )
    for paragraph, paragraph_signals in zip(joined, signals, strict=True):
        if paragraph.speaker != narrator:
            previous, narrator = None, paragraph.speaker
            names.hand_over(narrator)
        start, end = paragraph.start, paragraph.end
        previous = (
            attribute_paragraph(masked, start, end, paragraph_signals, names, previous, attributed)
            if paragraph_signals
            else None
        )
    return sorted(_clip_to_body(attributed, body))


def _join_segments(text: str, body: Sequence[Segment]) -> list[_Paragraph]:
    """The segments, joined where only an insertion on the same line parts them."""
    joined: list[_Paragraph] = []
    for segment in body:
        speaker = segment.speaker if segment.kind == "turn" else None
        if joined and joined[-1].speaker == speaker and segment.start > joined[-1].end:
            before = joined[-1]
            if text[before.end - 1] != "\n" and "\n" not in text[before.end : segment.start]:
                joined[-1] = before._replace(end=segment.end)
                continue
        joined.append(_Paragraph(segment.start, segment.end, speaker))
    return joined


def _join_continued_quotations(
    paragraphs: Sequence[_Paragraph], marked: Sequence[MarkedSpan]
) -> list[_Paragraph]:
    """The paragraphs, joined where a quotation goes on from one to the next: its clause may stand in either."""
    joined: list[_Paragraph] = []
    starts = [mark.start for mark in marked]
    for paragraph in paragraphs:
        index = bisect_left(starts, paragraph.start) - 1
        if joined and index >= 0 and marked[index].end > paragraph.start:
            joined[-1] = joined[-1]._replace(end=paragraph.end)
        else:
            joined.append(paragraph)
    return joined


def _mask_quotations(text: str, marked: Sequence[MarkedSpan]) -> str:
    """Copy of equal length with the words between marks hidden and every mark straight; the last mark of
    punctuation inside stays, since it says whether the sentence goes on. Marks of emphasis are blank."""
    pieces, position = [], 0
    for span in marked:
        pieces.append(text[position : span.start])
        pieces.append('"' * (span.inner - span.start))
        final = span.inner_end - 1
        if final >= span.inner:
            pieces.append(FILLER * (final - span.inner))
            pieces.append(FILLER if text[final].isalnum() else text[final])
        pieces.append('"' * (span.end - span.inner_end))
        position = span.end
    pieces.append(text[position:])
    masked = "".join(pieces)
    return (
        _EMPHASIS.sub(lambda match: " " * len(match[0]), masked) if "*" in masked or "_" in masked else masked
    )


def _blank_gaps(masked: str, body: Sequence[Segment]) -> str:
    """Blanks in place of what stands between the segments on one line."""
    pieces, position = [], 0
    for before, after in pairwise(body):
        if before.end < after.start and "\n" not in masked[before.end - 1 : after.start]:
            pieces += [masked[position : before.end], " " * (after.start - before.end)]
            position = after.start
    return "".join([*pieces, masked[position:]])


def _clip_to_body(
    attributed: Sequence[AttributedQuote], body: Sequence[Segment]
) -> Iterator[AttributedQuote]:
    """Each find, cut where it would reach over text that is no body text."""
    runs: list[list[int]] = []
    for segment in body:
        if runs and runs[-1][1] == segment.start:
            runs[-1][1] = segment.end
        else:
            runs.append([segment.start, segment.end])
    starts = [run[0] for run in runs]
    if len(runs) == 1:
        yield from attributed
        return
    for quotation in attributed:
        quote = quotation.quote
        index = bisect_right(starts, quote.start) - 1
        if quote.end <= runs[index][1]:
            yield quotation
            continue
        while index < len(runs) and runs[index][0] < quote.end:
            start, end = max(runs[index][0], quote.start), min(runs[index][1], quote.end)
            if start < end:
                yield quotation._replace(quote=quote._replace(start=start, end=end))
            index += 1
