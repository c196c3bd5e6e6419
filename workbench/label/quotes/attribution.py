"""Attribute the quotations and the indirect speech of a paragraph to their sources.

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
from typing import NamedTuple

from workbench.label.quotes.clauses import ReportingClause, find_reporting_clauses
from workbench.label.quotes.cues import Cue, find_cues
from workbench.label.quotes.marks import MarkedSpan
from workbench.label.quotes.speaker_names import FIRST_PERSON, SpeakerNames
from workbench.languages import default_language
from workbench.schema import UNKNOWN, Quote

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

    def split(self, stretches: Iterable[tuple[int, int]]) -> Iterator[QuoteSignals | None]:
        """Those of each stretch of the text; None for one that has none."""
        cues, marked, words = ([start for start, *_ in signs] for signs in self)
        for start, end in stretches:
            mine = QuoteSignals(
                self.cues[bisect_right(cues, start) : bisect_left(cues, end)],
                self.marked[bisect_left(marked, start) : bisect_left(marked, end)],
                self.words[bisect_left(words, start) : bisect_left(words, end)],
            )
            yield mine if mine.cues or mine.marked or mine.words else None


_WORDS = _LANGUAGE.clauses.signs


def find_quote_signals(masked: str, marked: Sequence[MarkedSpan]) -> QuoteSignals:
    """What may report in a text whose quotations are `marked`."""
    words: list[tuple[int, int]] = []
    for word in _WORDS:
        place = masked.find(word)
        while place >= 0:
            words.append((place, place + len(word)))
            place = masked.find(word, place + 1)
    return QuoteSignals(find_cues(masked), marked, sorted(words))


def attribute_paragraph(
    masked: str,
    start: int,
    end: int,
    signs: QuoteSignals,
    people: SpeakerNames,
    before: Quote | None,
    found: list[AttributedQuote],
) -> Quote | None:
    """Add the finds of one paragraph to `found`, in no order; return the quote that the next may go on from.

    `signs` are those of the paragraph, `before` the attributed quote that the paragraph before ended with.
    """
    cues, marked, words = signs
    walk = _Walk(masked, start, people, before)
    cue = mark = word = 0
    for left, right in sentence_bounds(masked, start, end):
        first_cue, first_mark = cue, mark
        while cue < len(cues) and cues[cue].start < right:
            cue += 1
        while mark < len(marked) and marked[mark].start < right:
            mark += 1
        while word < len(words) and words[word][0] < left:
            word += 1
        if cue > first_cue or mark > first_mark or (word < len(words) and words[word][1] <= right):
            few = min(cue, first_cue + _MAX_CUES)
            walk.sentence(left, right, cues[first_cue:few], marked[first_mark:mark])
        if cue == len(cues) and mark == len(marked) and (not words or words[-1][0] < right):
            break
    if walk.waiting:
        walk.found += _left_over(masked, walk.waiting, start, walk.last)
    found += walk.found
    return walk.last


class _Walk:
    """A paragraph read sentence by sentence: what was found, who spoke last, which quotations wait for a source."""

    def __init__(self, masked: str, start: int, people: SpeakerNames, before: Quote | None) -> None:
        self._masked, self._start, self._people, self._before = masked, start, people, before
        self.found: list[AttributedQuote] = []
        self.waiting: list[MarkedSpan] = []
        self.last: Quote | None = None

    def sentence(self, left: int, right: int, cues: Sequence[Cue], marked: Sequence[MarkedSpan]) -> None:
        """Take in the sentence at `left:right` with its cues and quotations."""
        heads = find_reporting_clauses(self._masked, left, right, cues, bool(marked))
        for mark in marked:
            found = _attributed(self._masked, mark, heads, self._people) if heads else None
            found = found or self._going_on(mark, left, right)
            if found is None:
                self.waiting.append(mark)
                continue
            self.found.append(found)
            if found.quote.speaker_start is not None:
                self.last = found.quote
        if heads:
            self.found += _indirect(self._masked, heads, marked, self._people)
            if self._masked[right - 1] == ":":
                self.last = _opened(self._masked, heads[-1], self._people)

    def _going_on(self, mark: MarkedSpan, left: int, right: int) -> AttributedQuote | None:
        """A quotation that opens its sentence goes on from the one before; alone in a paragraph, from the last."""
        if self.last is not None and mark.start - left < 3:
            return _carried(self._masked, mark, self.last, "continued")
        if self._before is not None and mark.start - self._start < 3 and right - mark.end < 3:
            return _carried(self._masked, mark, self._before, "carried")
        return None


_SHORT = _LANGUAGE.abbreviations.clause
_STOPS = re.compile(r"""[.!?](["')\]]*)\s+(?=["'(\[$-]*[A-Z0-9\x01])""")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")  # J. and J.P.
_ASKED = re.compile(_LANGUAGE.clauses.asked)


def sentence_bounds(masked: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The author's sentences of a paragraph without white space around; a quotation's own stops do not end one."""
    at = start
    for match in _STOPS.finditer(masked, start, end):
        place = match.start()
        if masked[place] == ".":
            if _is_short(masked[max(at, place - 6) : place]):
                continue
        elif masked[place + 1] == '"' and _ASKED.match(masked, match.end(), end):
            continue
        yield at, match.end(1)
        at = match.end()
    while at < end and masked[at].isspace():
        at += 1
    while end > at and masked[end - 1].isspace():
        end -= 1
    if at < end:
        yield at, end


def _is_short(before: str) -> bool:
    """Whether the word before a full stop is an abbreviation or an initial."""
    word = before[before.rfind(" ") + 1 :].lower().lstrip('("')
    return word in _SHORT or (_INITIALS.fullmatch(word) is not None and word not in ("a.m", "p.m"))


def _attributed(
    masked: str, mark: MarkedSpan, heads: Sequence[ReportingClause], people: SpeakerNames
) -> AttributedQuote | None:
    """The quotation as its reporting clause reports it; None when no clause holds it."""
    first, last = mark.start + 1, mark.end - 2
    holding = [head for head in heads for start, end in head.contents if start <= first and last <= end]
    if not holding:
        return None
    head = holding[0] if len(holding) == 1 else min(holding, key=lambda head: _distance(mark, head))
    return _reported(masked, mark.start, mark.end, _kind(masked, mark), head, people)


def _distance(mark: MarkedSpan, head: ReportingClause) -> tuple[int, int]:
    """A saying verb before a thinking one unless that touches the quotation, then the nearest."""
    gap = min(abs(mark.start - head.cue_end), abs(head.cue_start - mark.end))
    return (0 if head.frame == "say" or gap < 3 else 1, gap)


def _kind(masked: str, mark: MarkedSpan) -> str:
    """Direct when the quotation is a clause of its own, partial when it is a phrase in the author's sentence."""
    length = mark.inner_end - mark.inner
    before = masked[max(0, mark.start - 24) : mark.start].rstrip()
    opens = not before or before[-1] in ',:.?!\n"-' or "\n" in masked[max(0, mark.start - 2) : mark.start]
    whole = length > _CLAUSE_LENGTH or masked[mark.inner_end - 1] in ",.?!"
    return "direct" if opens and whole else "partial"


def _reported(
    masked: str, start: int, end: int, kind: str, head: ReportingClause, people: SpeakerNames
) -> AttributedQuote:
    source = head.source
    speaker = people.name(source)
    rule = _rule("indirect " if kind == "indirect" else "", head.shape, head.frame, source.kind)
    cue, sure = masked[head.cue_start : head.cue_end], rule_confidence(rule, speaker)
    quote = Quote(start, end, kind, speaker, source.start, source.end, cue, head.cue_class, sure)
    return AttributedQuote(quote, rule)


@lru_cache(maxsize=1024)
def _rule(indirect: str, shape: str, frame: str, kind: str) -> str:
    """Name of the rule: one string per rule, not one per quote."""
    return f"{indirect}{shape} {frame} {kind}"


def _opened(masked: str, head: ReportingClause, people: SpeakerNames) -> Quote:
    """What a sentence that ends with a colon promises to the quotation in the next paragraph."""
    return _reported(masked, head.cue_start, head.cue_end, "direct", head, people).quote


def _carried(masked: str, mark: MarkedSpan, last: Quote, rule: str) -> AttributedQuote:
    """A quotation without a clause of its own beside one of the same speaker."""
    sure = rule_confidence(rule, last.speaker or UNKNOWN)
    kind, speaker = _kind(masked, mark), last.speaker
    quote = Quote(mark.start, mark.end, kind, speaker, last.speaker_start, last.speaker_end, None, None, sure)
    return AttributedQuote(quote, rule)


def _left_over(
    masked: str, waiting: Sequence[MarkedSpan], start: int, last: Quote | None
) -> Iterator[AttributedQuote]:
    """Quotations that no clause reports: one that opens the paragraph looks ahead, scare quotes are left out."""
    for mark in waiting:
        if last is not None and mark.end < last.start and mark.start - start < 3:
            yield _carried(masked, mark, last, "ahead")
        elif mark.end - mark.start > _SCARE or masked[mark.inner_end - 1] in ",.?!":
            sure = rule_confidence("unknown", UNKNOWN)
            nobody = Quote(mark.start, mark.end, _kind(masked, mark), UNKNOWN, None, None, None, None, sure)
            yield AttributedQuote(nobody, "unknown")


def _indirect(
    masked: str, heads: Sequence[ReportingClause], marked: Sequence[MarkedSpan], people: SpeakerNames
) -> Iterator[AttributedQuote]:
    """Contents of the reporting clauses that are not, or not mostly, between quotation marks."""
    for head in heads:
        source = head.source
        if source.end - source.start < 4 and masked[source.start : source.end].lower() in FIRST_PERSON:
            continue  # who speaks of himself is not reported
        for start, end in head.contents:
            while start < end and masked[start] in " ,;:-":
                start += 1
            while end > start and masked[end - 1] in " ,;:-.\n":
                end -= 1
            if end - start < _INDIRECT_LENGTH:
                continue
            if not marked or _covered(marked, start, end) < _MOSTLY * (end - start):
                found = _reported(masked, start, end, "indirect", head, people)
                if found.quote.speaker != people.narrator:
                    yield found


def _covered(marked: Sequence[MarkedSpan], start: int, end: int) -> int:
    """How many code points of a stretch stand between quotation marks."""
    return sum(max(0, min(end, mark.end) - max(start, mark.start)) for mark in marked)


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
