"""Find named entities: spaCy's `ner` over paragraphs, completed by rules.

Mentions are persons (without title: "John Kerry" of "US Secretary of State John Kerry"; the title
is stored in `beside`), offices that stand alone or in address ("Mr President"), bodies, places,
agreements, events. No mentions are: dates, money and numbers; adjectives of countries ("Russian"); common
nouns that point back ("the ministry"); marks of agencies and photo credits; speaker labels, datelines,
bylines, credits, chrome, related links and footers, which are not searched.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workbench.annotate.ner import overlaps, rules
from workbench.annotate.ner.model import model_entities
from workbench.annotate.ner.rules import Proposal
from workbench.languages import supports
from workbench.schema import Labelled, Mention, Segment, plain
from workbench.settings import Settings

SEARCHED = ("title", "standfirst", "caption", "paragraph", "turn", "insertion")
LONGEST = 20_000  # code points given to the model at once; a page without line ends stays affordable


class TextUnit(NamedTuple):
    """Searched segments that follow each other on one line, as one plain text."""

    start: int
    text: str


def find_mentions(batch: Sequence[Labelled], settings: Settings) -> list[list[Mention]]:
    """Find the named entities of each document, in text order and without overlaps; `entity` is None.

    A document's mentions depend on that document and the settings alone. Documents in a
    language whose names are not looked for have none. Raises MissingExtra when the model is not installed.
    """
    return [_document(document, settings) for document in batch]


def _document(document: Labelled, settings: Settings) -> list[Mention]:
    if not supports(document.meta.language, "names"):
        return []
    known_names = settings.aliases.known
    credits = rules.credit_pattern(known_names)
    units = list(_units(document))
    model_names = model_entities([unit.text for unit in units], settings.aliases.model)
    resolved = []
    for unit, names in zip(units, model_names, strict=True):
        proposals = [
            *overlaps.clean_entities(unit.text, names),
            *rules.propose_by_rule(unit.text, known_names),
        ]
        blocked = [match.span() for match in credits.finditer(unit.text)]
        resolved.append(overlaps.resolve_overlaps(unit.text, proposals, blocked))
    propagated = overlaps.propagate_forms([unit.text for unit in units], resolved)
    spans = [
        p._replace(start=unit.start + p.start, end=unit.start + p.end)
        for unit, proposals in zip(units, propagated, strict=True)
        for p in proposals
    ]
    return list(_mentions(document, spans))


def _units(document: Labelled) -> Iterator[TextUnit]:
    """Searched text in pieces for the model: a paragraph with its insertions is read in one go."""
    text = plain(document.text)
    start = end = -1
    for segment in document.segments:
        if (
            segment.kind in SEARCHED
            and segment.start == end
            and "\n" not in text[_end_of_text(text, start, end) : end]
        ):
            end = segment.end
            continue
        yield from _split_units(text, start, end)
        start, end = (segment.start, segment.end) if segment.kind in SEARCHED else (-1, -1)
    yield from _split_units(text, start, end)


def _end_of_text(text: str, start: int, end: int) -> int:
    """Where the white space at the end of a span begins."""
    return start + len(text[start:end].rstrip())


def _split_units(text: str, start: int, end: int) -> Iterator[TextUnit]:
    """A span as units: cut at blank lines and, when longer than LONGEST, at a space."""
    while 0 <= start < end:
        blank = text.find("\n\n", start, min(end, start + LONGEST))
        stop = blank if blank >= 0 else min(end, start + LONGEST)
        if blank < 0 and stop < end:
            stop = max(text.rfind(" ", start + 1, stop), text.rfind("\n", start + 1, stop))
            stop = stop if stop > start else start + LONGEST
        if text[start:stop].strip():
            yield TextUnit(start, text[start:stop].replace("\n", " "))
        start = stop + (2 if blank >= 0 else 0)


def _mentions(document: Labelled, spans: Sequence[Proposal]) -> Iterator[Mention]:
    """Rows of the mentions table; a span that leaves its segment is dropped."""
    starts = [segment.start for segment in document.segments]
    sentences = [sentence.start for sentence in document.sentences]
    for start, end, label, _, beside in spans:
        segment = document.segments[bisect_right(starts, start) - 1]
        if end > segment.end:
            continue
        number = bisect_right(sentences, start) - 1
        in_sentence = number >= 0 and start < document.sentences[number].end
        sentence = number if in_sentence else None
        voice, speaker = voice_of(document, segment, sentence, start, end)
        yield Mention(sentence, start, end, document.text[start:end], label, None, voice, speaker, beside)


def voice_of(
    document: Labelled, segment: Segment, sentence: int | None, start: int, end: int
) -> tuple[str, str | None]:
    """Whose words a name stands in: the editor's, a quoted speaker's, the turn's, or as its sentence says."""
    if segment.kind == "insertion":
        return "author", None
    for quote in document.quotes:
        if quote.kind != "indirect" and quote.start <= start and end <= quote.end:
            return "quote", quote.speaker
    if segment.kind == "turn":
        return "turn", segment.speaker
    if sentence is None:
        return "author", None
    return document.sentences[sentence].voice, document.sentences[sentence].speaker
