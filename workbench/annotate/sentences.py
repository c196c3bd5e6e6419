"""Split body text into sentences (NLTK's Punkt where a rule does not decide), each with its voice.

Three rules stand around Punkt: a paragraph is read as one line unless its line ends are meant; a quotation that
ends in "?" or "!" does not end the sentence that goes on in lower case; a bare mark joins the sentence before it.

Punkt (Kiss and Strunk 2006) judges each full stop, question mark or exclamation mark from the word
before it and the token after it. NLTK builds token objects for every one; nearly all follow an ordinary
word and can only be ends. A look-up in a set decides those; NLTK's own tokenizer decides the others,
once for each different pair. The result equals `PunktSentenceTokenizer.span_tokenize`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from punkt import load_model

from workbench.annotate.nltk_import import PunktParameters, PunktSentenceTokenizer
from workbench.annotate.tokens import ASIDE_KINDS, mask_asides
from workbench.languages import default_language
from workbench.schema import BODY_KINDS, Quote, Segment, Sentence

# A paragraph whose longest line is shorter than this is not wrapped text but lines: wrapping programs of
# mail and news wires cut at 60 to 80, narrow newspaper columns at 40.
MIN_WRAP_WIDTH = 40

_LIST_MARK = re.compile(r"(?:[-*•‣◦·–—]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)])\s+\S")
_NUMBER_OF = re.compile(r"\bNos?\.$")  # "no." without a capital may well end a sentence
_OPENERS, _CLOSERS = "\"'([{", "\"')"
_LETTERS = re.compile(r"[^\W\d_]")


class _Piece(NamedTuple):
    """A body segment without the white space around it, and its number."""

    number: int
    start: int
    end: int
    segment: Segment


def split_sentences(text: str, segments: Sequence[Segment], quotes: Sequence[Quote]) -> list[Sentence]:
    """Split the body (standfirst, turn, paragraph) into sentences, in document order.

    A sentence may run over an insertion or a stage mark inside its paragraph, never over the end of the
    paragraph. `segment` is the number of the segment it begins in. `voice` says whose words fill most of
    its letters: `quote` direct and partial quotations, `indirect` reported content and quotations
    together, else `turn` in a transcript's turn and `author` elsewhere; `speaker` goes with the voice.
    """
    flat = mask_asides(text, segments)
    voices = _Voices(flat, quotes)
    sentences: list[Sentence] = []
    for paragraph in _paragraphs(flat, segments):
        begins = [piece.start for piece in paragraph]
        for start, end in _paragraph_spans(flat, paragraph[0].start, paragraph[-1].end):
            piece = paragraph[max(0, bisect_right(begins, start) - 1)]
            voice, speaker = voices.of(start, end, piece.segment)
            sentences.append(Sentence(piece.number, start, end, voice, speaker))
    return sentences


def _paragraphs(flat: str, segments: Sequence[Segment]) -> Iterator[list[_Piece]]:
    """Body segments, those of one paragraph together: cut only by asides, with no blank line between."""
    pieces: list[_Piece] = []
    for number, segment in enumerate(segments):
        if segment.kind in ASIDE_KINDS:
            continue
        piece = _trim_segment(flat, number, segment) if segment.kind in BODY_KINDS else None
        if pieces and (piece is None or not _continues_paragraph(flat, pieces[-1], piece)):
            yield pieces
            pieces = []
        if piece is not None and piece.start < piece.end:
            pieces.append(piece)
    if pieces:
        yield pieces


def _trim_segment(flat: str, number: int, segment: Segment) -> _Piece:
    segment_text = flat[segment.start : segment.end]
    start = segment.start + len(segment_text) - len(segment_text.lstrip())
    return _Piece(number, start, max(start, segment.start + len(segment_text.rstrip())), segment)


def _continues_paragraph(flat: str, before: _Piece, after: _Piece) -> bool:
    """Whether `after` continues the paragraph of `before`, which it does only behind an aside."""
    same = before.segment.kind == after.segment.kind and before.segment.speaker == after.segment.speaker
    return same and after.number > before.number + 1 and "\n" not in flat[before.end : after.start]


def _paragraph_spans(flat: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of one paragraph in the document."""
    block = flat[start:end]
    for line_start, line in _logical_lines(block):
        for begin, stop in _join_spans(line, sentence_spans(line)):
            offset = start + line_start
            yield offset + begin, offset + stop


def _logical_lines(block: str) -> Iterator[tuple[int, str]]:
    """The parts of a paragraph between line ends that are meant, wrapped lines joined by blanks."""
    if "\n" not in block:
        yield 0, block
        return
    lines = block.split("\n")
    width = max(len(line) for line in lines)
    begin = position = 0
    for line, following in pairwise(lines):
        position += len(line) + 1
        if _line_end_is_meant(line, following, width):
            yield begin, block[begin : position - 1].replace("\n", " ")
            begin = position
    yield begin, block[begin:].replace("\n", " ")


def _line_end_is_meant(line: str, following: str, width: int) -> bool:
    """Whether a line feed inside a paragraph ends a list item or a verse rather than wraps a long line.

    Wrapping fills: a line was broken because the next word no longer fitted. Where it would have fitted
    and the next line begins like a line of its own, the writer broke it.
    """
    after = following.lstrip()
    if _LIST_MARK.match(after):
        return True
    if not after or after.lstrip(_OPENERS)[:1].islower():
        return False
    fitted = len(line.rstrip()) + 1 + len(after.split(None, 1)[0]) <= width
    return width < MIN_WRAP_WIDTH or fitted


def _join_spans(line: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Punkt's spans, trimmed, with what cannot begin a sentence joined to the one before."""
    out: list[tuple[int, int]] = []
    for start, end in spans:
        span_text = line[start:end]
        start, end = start + len(span_text) - len(span_text.lstrip()), start + len(span_text.rstrip())
        if start >= end:
            continue
        if out and _continues(line, out[-1][1], start, end):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def _continues(line: str, before: int, start: int, end: int) -> bool:
    """Whether the span goes on the sentence that ended at `before`: "Is it so?" he asked. See No. 5."""
    if line[start].islower():
        return line[before - 1] in _CLOSERS
    if line[start].isdigit() and _NUMBER_OF.search(line, max(0, before - 5), before):
        return True
    return not any(map(str.isalnum, line[start:end]))


class _Voices:
    """Whose words a span holds, from the quotes that overlap it."""

    def __init__(self, flat: str, quotes: Sequence[Quote]) -> None:
        self.flat = flat
        self.quotes = sorted(quotes)
        # The furthest end up to each quote: where it lies before a span, no earlier quote reaches it.
        self.begins = [quote.start for quote in self.quotes]
        self.reach: list[int] = []
        for quote in self.quotes:
            self.reach.append(max(quote.end, self.reach[-1] if self.reach else 0))

    def of(self, start: int, end: int, segment: Segment) -> tuple[str, str | None]:
        """(voice, speaker) of the span `start:end` that begins in `segment`."""
        segment_voice = ("turn", segment.speaker) if segment.kind == "turn" else ("author", None)
        overlapping = self._overlapping(start, end)
        if not overlapping:
            return segment_voice
        spoken = [quote for quote in overlapping if quote.kind != "indirect"]
        half = self._letters([(start, end)], start, end) / 2
        if self._letters([(q.start, q.end) for q in spoken], start, end) > half:
            return "quote", self._fullest(spoken, start, end)
        if (
            segment.kind != "turn"
            and self._letters([(q.start, q.end) for q in overlapping], start, end) > half
        ):
            return "indirect", self._fullest(overlapping, start, end)
        return segment_voice

    def _overlapping(self, start: int, end: int) -> list[Quote]:
        stop = bisect_right(self.begins, end - 1)
        first = bisect_right(self.reach, start)
        return [quote for quote in self.quotes[first:stop] if quote.end > start]

    def _letters(self, spans: Sequence[tuple[int, int]], start: int, end: int) -> int:
        """Letters of `start:end` that lie in any of the spans, each counted once."""
        count, counted_end = 0, start
        for begin, stop in sorted(spans):
            begin, stop = max(begin, counted_end), min(stop, end)
            if begin < stop:
                count += len(_LETTERS.findall(self.flat, begin, stop))
                counted_end = stop
        return count

    def _fullest(self, quotes: Sequence[Quote], start: int, end: int) -> str | None:
        """The speaker of the quote that fills most of the span."""
        return max(quotes, key=lambda quote: self._letters([(quote.start, quote.end)], start, end)).speaker


# ---------------------------------------------------------------- NLTK's Punkt

_LANGUAGE = default_language()

OWN_ABBREVIATIONS = _LANGUAGE.abbreviations.sentence
_ODD_SPACES = re.compile(r"[\t\r\x0b\x0c]")


@cache
def punkt_tokenizer() -> PunktSentenceTokenizer:
    """NLTK's own sentence tokenizer with NLTK's parameters for the language and our abbreviations."""
    model, parameters = load_model(_LANGUAGE.sentence_model), PunktParameters()
    parameters.abbrev_types = set(model.abbrev_types) | OWN_ABBREVIATIONS
    parameters.collocations = set(model.collocations)
    parameters.sent_starters = set(model.sent_starters)
    parameters.ortho_context.update(model.ortho_context)
    return PunktSentenceTokenizer(parameters)


@cache
def _undecided() -> frozenset[str]:
    """Word types after which a full stop may be no end: abbreviations and first words of collocations."""
    parameters = punkt_tokenizer()._params
    return frozenset(parameters.abbrev_types) | {first for first, _ in parameters.collocations}


@lru_cache(maxsize=100_000)
def _breaks_sentence(context: str) -> bool:
    return bool(punkt_tokenizer().text_contains_sentbreak(context))


@cache
def _candidate_pattern() -> re.Pattern[str]:
    """NLTK's own expression for a possible end, compiled by `re`: NLTK's wrapper counts time at every match."""
    return re.compile(punkt_tokenizer()._lang_vars.period_context_re().pattern, re.UNICODE | re.VERBOSE)


def _contexts(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Each candidate that NLTK would judge, with the start of the word before it.

    As NLTK: of several marks at one word ("What?!") the last is the candidate.
    """
    blanks = text if not _ODD_SPACES.search(text) else _ODD_SPACES.sub(" ", text)
    candidate: re.Match[str] | None = None
    start = stop = 0
    for match in _candidate_pattern().finditer(text):
        mark_start = match.start()
        space = max(blanks.rfind(" ", stop, mark_start), blanks.rfind("\n", stop, mark_start))
        word = space + 1 if space > stop else start
        if candidate is not None and stop <= word:
            yield candidate, start
        candidate, start, stop = match, word, mark_start
    if candidate is not None:
        yield candidate, start


def _slices(text: str) -> Iterator[tuple[int, int]]:
    """The sentences before closing marks are realigned."""
    begin, undecided = 0, _undecided()
    for match, start in _contexts(text):
        word = text[start : match.start()]
        certain = len(word) > 1 and word.isalpha() and word.lower() not in undecided
        if certain or _breaks_sentence(word + match.group() + match.group("after_tok")):
            yield begin, match.end()
            begin = match.start("next_tok") if match.group("next_tok") else match.end()
    yield begin, len(text.rstrip())


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Half-open spans of the sentences of a paragraph, exactly as NLTK's `span_tokenize` gives them."""
    closing = punkt_tokenizer()._lang_vars.re_boundary_realignment
    spans, shift = [], 0
    slices = list(_slices(text))
    for (start, end), following in zip(slices, [*slices[1:], None], strict=True):
        start += shift
        closing_match = closing.match(text[following[0] : following[1]]) if following else None
        if closing_match and following:
            spans.append((start, following[0] + len(closing_match.group().rstrip())))
            shift = closing_match.end()
        else:
            shift = 0
            if start < end:
                spans.append((start, end))
    return spans
