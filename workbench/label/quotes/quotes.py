"""Find quotations and indirect speech, and attribute them to their sources: the words, speaker, reporting verb.

Quotation marks are found first (`marks`), and the text between them is masked, so that the author's own
sentence is left. In it the reporting clauses are found (`clauses`), which give the quotations and the indirect
speech their sources, and the sources their names (`speaker_names`).

Each attribution carries the share of cases in which its rule names the right source, as measured; the top of
`confidence.toml` says on which texts.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

from workbench.label.blocks.lines import folded as plain_once
from workbench.label.quotes.clauses import FILLER, ReportingClause, find_reporting_clauses
from workbench.label.quotes.cues import Cue, find_cues
from workbench.label.quotes.marks import MarkedSpan, find_marked_spans
from workbench.label.quotes.speaker_names import FIRST_PERSON, SpeakerNames
from workbench.languages import default_language
from workbench.schema import UNKNOWN, Quote, Segment

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


# ---------------------------------------------------------------- sources of quotations and of indirect speech

_LANGUAGE = default_language()

_MOSTLY = 0.8  # share of a content that quotation marks must cover for it to be the quotation alone
_SCARE = 40  # code points; a shorter quotation without closing punctuation that no clause reports is a title or a scare quote
_CLAUSE_LENGTH = 24  # code points; a shorter quotation is a clause of its own only with closing punctuation
_MAX_CUES = (
    24  # of one sentence; more is a list or no sentence, and the cost grows with cues times quotations
)
_INDIRECT_LENGTH = 3  # code points; less is no content


class AttributedQuote(NamedTuple):
    """A quote with the rule that found it."""

    quote: Quote
    rule: str


class QuoteSignals(NamedTuple):
    """What may report in a text, each in order: cues, quotations, and words that are no verbs."""

    cues: Sequence[Cue]
    marked: Sequence[MarkedSpan]
    words: Sequence[tuple[int, int]]

    def split(self, spans: Iterable[tuple[int, int]]) -> Iterator[QuoteSignals | None]:
        """Those of each stretch of the text; None for one that has none."""
        cues, marked, words = ([start for start, *_ in column] for column in self)
        for start, end in spans:
            signals = QuoteSignals(
                self.cues[bisect_right(cues, start) : bisect_left(cues, end)],
                self.marked[bisect_left(marked, start) : bisect_left(marked, end)],
                self.words[bisect_left(words, start) : bisect_left(words, end)],
            )
            yield signals if signals.cues or signals.marked or signals.words else None


_WORDS = _LANGUAGE.clauses.signs


def find_quote_signals(masked: str, marked: Sequence[MarkedSpan]) -> QuoteSignals:
    """What may report in a text whose quotations are `marked`."""
    words: list[tuple[int, int]] = []
    for word in _WORDS:
        offset = masked.find(word)
        while offset >= 0:
            words.append((offset, offset + len(word)))
            offset = masked.find(word, offset + 1)
    return QuoteSignals(find_cues(masked), marked, sorted(words))


def attribute_paragraph(
    masked: str,
    start: int,
    end: int,
    signals: QuoteSignals,
    names: SpeakerNames,
    previous: Quote | None,
    attributed: list[AttributedQuote],
) -> Quote | None:
    """Add the finds of one paragraph to `attributed`, in no order; return the quote that the next may go on from.

    `signals` are those of the paragraph, `previous` the attributed quote that the paragraph before ended with.
    """
    cues, marked, words = signals
    reader = _ParagraphReader(masked, start, names, previous)
    cue = span = word = 0
    for left, right in sentence_bounds(masked, start, end):
        first_cue, first_span = cue, span
        while cue < len(cues) and cues[cue].start < right:
            cue += 1
        while span < len(marked) and marked[span].start < right:
            span += 1
        while word < len(words) and words[word][0] < left:
            word += 1
        if cue > first_cue or span > first_span or (word < len(words) and words[word][1] <= right):
            last_cue = min(cue, first_cue + _MAX_CUES)
            reader.sentence(left, right, cues[first_cue:last_cue], marked[first_span:span])
        if cue == len(cues) and span == len(marked) and (not words or words[-1][0] < right):
            break
    if reader.waiting:
        reader.found += _unattributed_quotes(masked, reader.waiting, start, reader.last)
    attributed += reader.found
    return reader.last


class _ParagraphReader:
    """A paragraph read sentence by sentence: what was found, who spoke last, which quotations wait for a source."""

    def __init__(self, masked: str, start: int, names: SpeakerNames, previous: Quote | None) -> None:
        self._masked, self._start, self._people, self._before = masked, start, names, previous
        self.found: list[AttributedQuote] = []
        self.waiting: list[MarkedSpan] = []
        self.last: Quote | None = None

    def sentence(self, left: int, right: int, cues: Sequence[Cue], marked: Sequence[MarkedSpan]) -> None:
        """Take in the sentence at `left:right` with its cues and quotations."""
        clauses = find_reporting_clauses(self._masked, left, right, cues, bool(marked))
        for span in marked:
            quotation = _attribute_quotation(self._masked, span, clauses, self._people) if clauses else None
            quotation = quotation or self._continued_quote(span, left, right)
            if quotation is None:
                self.waiting.append(span)
                continue
            self.found.append(quotation)
            if quotation.quote.speaker_start is not None:
                self.last = quotation.quote
        if clauses:
            self.found += _indirect_speech(self._masked, clauses, marked, self._people)
            if self._masked[right - 1] == ":":
                self.last = _announced_quote(self._masked, clauses[-1], self._people)

    def _continued_quote(self, span: MarkedSpan, left: int, right: int) -> AttributedQuote | None:
        """A quotation that opens its sentence goes on from the one before; alone in a paragraph, from the last."""
        if self.last is not None and span.start - left < 3:
            return _quote_of_same_speaker(self._masked, span, self.last, "continued")
        if self._before is not None and span.start - self._start < 3 and right - span.end < 3:
            return _quote_of_same_speaker(self._masked, span, self._before, "carried")
        return None


_SHORT = _LANGUAGE.abbreviations.clause
_STOPS = re.compile(r"""[.!?](["')\]]*)\s+(?=["'(\[$-]*[A-Z0-9\x01])""")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")  # J. and J.P.
_ASKED = re.compile(_LANGUAGE.clauses.asked)


def sentence_bounds(masked: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The author's sentences of a paragraph without white space around; a quotation's own stops do not end one."""
    sentence_start = start
    for match in _STOPS.finditer(masked, start, end):
        stop = match.start()
        if masked[stop] == ".":
            if _is_abbreviation(masked[max(sentence_start, stop - 6) : stop]):
                continue
        elif masked[stop + 1] == '"' and _ASKED.match(masked, match.end(), end):
            continue
        yield sentence_start, match.end(1)
        sentence_start = match.end()
    while sentence_start < end and masked[sentence_start].isspace():
        sentence_start += 1
    while end > sentence_start and masked[end - 1].isspace():
        end -= 1
    if sentence_start < end:
        yield sentence_start, end


def _is_abbreviation(before: str) -> bool:
    """Whether the word before a full stop is an abbreviation or an initial."""
    word = before[before.rfind(" ") + 1 :].lower().lstrip('("')
    return word in _SHORT or (_INITIALS.fullmatch(word) is not None and word not in ("a.m", "p.m"))


def _attribute_quotation(
    masked: str, span: MarkedSpan, clauses: Sequence[ReportingClause], names: SpeakerNames
) -> AttributedQuote | None:
    """The quotation as its reporting clause reports it; None when no clause holds it."""
    first_inner, last_inner = span.start + 1, span.end - 2
    candidates = [
        clause
        for clause in clauses
        for start, end in clause.contents
        if start <= first_inner and last_inner <= end
    ]
    if not candidates:
        return None
    clause = (
        candidates[0]
        if len(candidates) == 1
        else min(candidates, key=lambda clause: _clause_distance(span, clause))
    )
    return _quote_of_clause(masked, span.start, span.end, _quotation_kind(masked, span), clause, names)


def _clause_distance(span: MarkedSpan, clause: ReportingClause) -> tuple[int, int]:
    """A saying verb before a thinking one unless that touches the quotation, then the nearest."""
    gap = min(abs(span.start - clause.cue_end), abs(clause.cue_start - span.end))
    return (0 if clause.frame == "say" or gap < 3 else 1, gap)


def _quotation_kind(masked: str, span: MarkedSpan) -> str:
    """Direct when the quotation is a clause of its own, partial when it is a phrase in the author's sentence."""
    length = span.inner_end - span.inner
    before = masked[max(0, span.start - 24) : span.start].rstrip()
    opens = not before or before[-1] in ',:.?!\n"-' or "\n" in masked[max(0, span.start - 2) : span.start]
    is_clause = length > _CLAUSE_LENGTH or masked[span.inner_end - 1] in ",.?!"
    return "direct" if opens and is_clause else "partial"


def _quote_of_clause(
    masked: str, start: int, end: int, kind: str, clause: ReportingClause, names: SpeakerNames
) -> AttributedQuote:
    source = clause.source
    speaker = names.name(source)
    rule = _rule("indirect " if kind == "indirect" else "", clause.shape, clause.frame, source.kind)
    cue, confidence = masked[clause.cue_start : clause.cue_end], rule_confidence(rule, speaker)
    quote = Quote(start, end, kind, speaker, source.start, source.end, cue, clause.cue_class, confidence)
    return AttributedQuote(quote, rule)


@lru_cache(maxsize=1024)
def _rule(indirect: str, shape: str, frame: str, kind: str) -> str:
    """Name of the rule: one string per rule, not one per quote."""
    return f"{indirect}{shape} {frame} {kind}"


def _announced_quote(masked: str, clause: ReportingClause, names: SpeakerNames) -> Quote:
    """What a sentence that ends with a colon promises to the quotation in the next paragraph."""
    return _quote_of_clause(masked, clause.cue_start, clause.cue_end, "direct", clause, names).quote


def _quote_of_same_speaker(masked: str, span: MarkedSpan, neighbour: Quote, rule: str) -> AttributedQuote:
    """A quotation without a clause of its own beside one of the same speaker."""
    confidence = rule_confidence(rule, neighbour.speaker or UNKNOWN)
    kind, speaker = _quotation_kind(masked, span), neighbour.speaker
    quote = Quote(
        span.start,
        span.end,
        kind,
        speaker,
        neighbour.speaker_start,
        neighbour.speaker_end,
        None,
        None,
        confidence,
    )
    return AttributedQuote(quote, rule)


def _unattributed_quotes(
    masked: str, unattributed: Sequence[MarkedSpan], start: int, last: Quote | None
) -> Iterator[AttributedQuote]:
    """Quotations that no clause reports: one that opens the paragraph looks ahead, scare quotes are left out."""
    for span in unattributed:
        if last is not None and span.end < last.start and span.start - start < 3:
            yield _quote_of_same_speaker(masked, span, last, "ahead")
        elif span.end - span.start > _SCARE or masked[span.inner_end - 1] in ",.?!":
            confidence = rule_confidence("unknown", UNKNOWN)
            quote = Quote(
                span.start,
                span.end,
                _quotation_kind(masked, span),
                UNKNOWN,
                None,
                None,
                None,
                None,
                confidence,
            )
            yield AttributedQuote(quote, "unknown")


def _indirect_speech(
    masked: str, clauses: Sequence[ReportingClause], marked: Sequence[MarkedSpan], names: SpeakerNames
) -> Iterator[AttributedQuote]:
    """Contents of the reporting clauses that are not, or not mostly, between quotation marks."""
    for clause in clauses:
        source = clause.source
        if source.end - source.start < 4 and masked[source.start : source.end].lower() in FIRST_PERSON:
            continue  # who speaks of himself is not reported
        for start, end in clause.contents:
            while start < end and masked[start] in " ,;:-":
                start += 1
            while end > start and masked[end - 1] in " ,;:-.\n":
                end -= 1
            if end - start < _INDIRECT_LENGTH:
                continue
            if not marked or _length_in_marks(marked, start, end) < _MOSTLY * (end - start):
                quotation = _quote_of_clause(masked, start, end, "indirect", clause, names)
                if quotation.quote.speaker != names.narrator:
                    yield quotation


def _length_in_marks(marked: Sequence[MarkedSpan], start: int, end: int) -> int:
    """How many code points of a stretch stand between quotation marks."""
    return sum(max(0, min(end, span.end) - max(start, span.start)) for span in marked)


# ---------------------------------------------------------------- confidence of each rule

_UNMEASURED = "unmeasured"  # the entry for a rule that was not met while measuring


@lru_cache(maxsize=1)
def _shares() -> dict[str, float]:
    """Rule to the share of its quotes whose source is right, two digits."""
    text = resources.files("workbench.label.quotes").joinpath("confidence.toml").read_text(encoding="utf-8")
    return {entry["rule"]: round(entry["right"] / entry["n"], 2) for entry in tomllib.loads(text)["rule"]}


def rule_confidence(rule: str, speaker: str) -> float:
    """Share of the rule's quotes that are quotes with the right source, 0 to 1, two digits.

    For an UNKNOWN speaker the share says how sure it is that somebody said this at all.
    """
    shares = _shares()
    return shares.get("unknown" if speaker == UNKNOWN else rule, shares[_UNMEASURED])
