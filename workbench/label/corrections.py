"""Apply the corrections of `metadata.toml` to labels: speakers of turns and quotations, false quotations, kinds.

A correction speaks of an address (start-end) and repeats the words that stand there. Where the file has changed, it
follows the words to the one place that still has them; otherwise it has no effect, and is a problem.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from workbench.schema import UNKNOWN, Document, Problem, Quote, Segment
from workbench.settings.label_corrections import address_span

SPOKEN = ("turn", "speaker_label")
SAME_QUOTE = (
    0.5  # share of the characters of two spans that they have in common, from which they are one quotation
)
LONG = 100  # characters of a passage that are repeated whole; of a longer one the beginning and the end
GAP = " … "
WITHOUT_EFFECT = "without effect"  # how the problem of a correction ends that changes nothing


class SpanCorrection(NamedTuple):
    """A correction at an address: what is right there, the words that stood there, why; `value` None deletes."""

    table: str
    start: int
    end: int
    value: str | None
    words: str
    reason: str

    @property
    def address(self) -> str:
        """The address as it stands in `metadata.toml`."""
        return f"{self.start}-{self.end}"

    @property
    def subject(self) -> str:
        """How a problem of it begins."""
        return subject_of(self.table, self.address)


class SpeakerCorrection(NamedTuple):
    """A speaker to be called otherwise throughout a document, or `everywhere`."""

    speaker: str
    to: str
    reason: str
    everywhere: bool = False


class LabelCorrections(NamedTuple):
    """What `metadata.toml` corrects in the labels of one document; `speaker` is that of the whole of it, with the reason."""

    speaker: tuple[str, str] | None = None
    spans: tuple[SpanCorrection, ...] = ()
    speakers: tuple[SpeakerCorrection, ...] = ()


class CorrectedSegments(NamedTuple):
    """Segments as corrected, what is to be said of the corrections, and which speakers were found under a wrong name."""

    segments: list[Segment]
    problems: list[Problem]
    renamed: frozenset[str]


def corrections_of(known: Mapping[str, str]) -> LabelCorrections:
    """The corrections in what is known of a document."""
    tables: Mapping[str, Mapping[str, Mapping[str, Any]]] = json.loads(known.get("corrections", "{}"))
    spans = [
        SpanCorrection(table, *span, None if "delete" in row else _value(row), row["words"], row["reason"])
        for table in ("labels", "turns", "quotes")
        for address, row in tables.get(table, {}).items()
        if (span := address_span(address))
    ]
    speakers = [
        SpeakerCorrection(speaker, _speaker(row["to"]), row["reason"], bool(row.get("everywhere")))
        for speaker, row in tables.get("speakers", {}).items()
    ]
    reason = known.get("speaker_reason")  # a speaker that the file itself states is none of ours
    whole = (_speaker(known["speaker"]), reason) if reason else None
    return LabelCorrections(whole, tuple(spans), tuple(speakers))


def correct_segments(
    document: Document, segments: Sequence[Segment], corrections: LabelCorrections
) -> CorrectedSegments:
    """Correct the kinds and speakers of segments: the document's speaker, then names throughout, then single passages."""
    corrected, problems = list(segments), list[Problem]()
    if corrections.speaker is not None:
        corrected, problems = _with_document_speaker(document, corrected, *corrections.speaker)
    corrected, renamed = _rename(corrected, corrections.speakers)
    for correction in corrections.spans:
        if correction.table == "quotes":
            continue
        span, problem = _place(document, correction)
        problems += [problem] if problem else []
        if span is None:
            continue
        cut = _cut(document.text, corrected, *span)
        chosen = [
            number
            for number, segment in enumerate(cut)
            if _overlaps(document.text, segment, *span)
            and (correction.table == "labels" or segment.kind in SPOKEN)
        ]
        if not chosen:
            problems.append(_without_effect(document, correction, "no turn of a speaker stands there"))
            continue
        corrected = cut
        role = _role_of(cut, correction.value, chosen)
        for number in chosen:
            corrected[number] = _corrected_segment(cut[number], correction, role)
    return CorrectedSegments(corrected, problems, renamed)


def correct_quotes(
    document: Document, quotes: Sequence[Quote], corrections: LabelCorrections, renamed: frozenset[str]
) -> tuple[list[Quote], list[Problem]]:
    """Correct the speakers of quotations and delete false ones; `renamed` as of the segments."""
    corrected: list[Quote | None] = []
    by_name = _by_name(corrections.speakers)
    for quote in quotes:
        rename = by_name.get(fold(quote.speaker or ""))
        renamed |= {fold(quote.speaker or "")} if rename else set()
        corrected.append(_attributed(quote, rename.to, rename.reason) if rename else quote)
    problems: list[Problem] = []
    for correction in (one for one in corrections.spans if one.table == "quotes"):
        span, problem = _place(document, correction)
        problems += [problem] if problem else []
        if span is None:
            continue
        number = nearest_quote(quotes, *span)
        if number is None:
            problems.append(_without_effect(document, correction, "no quotation is found there"))
        elif correction.value is None:
            corrected[number] = None
            problems.append(_deleted(document, correction))
        else:
            corrected[number] = _attributed(quotes[number], correction.value, correction.reason)
    problems += [
        Problem(
            document.path,
            f"{subject_of('speakers', one.speaker)}, and nobody is called so here: {WITHOUT_EFFECT}",
            "write the name as the tables have it, or remove the entry",
            "doubtful",
        )
        for one in corrections.speakers
        if not one.everywhere and fold(one.speaker) not in renamed
    ]
    return [quote for quote in corrected if quote is not None], problems


def basis_of(reason: str) -> str:
    """The words that state a correction as the basis of a label.

    >>> basis_of("the recording")
    'corrected in metadata.toml: the recording'
    """
    return f"corrected in metadata.toml: {reason}"


def fold(name: str) -> str:
    """A speaker's name as two spellings of it are compared: without case and odd spaces."""
    return " ".join(name.casefold().split())


def subject_of(table: str, key: str) -> str:
    """How a problem begins that speaks of a correction.

    >>> subject_of("turns", "12-40"), subject_of("speakers", "customs")
    ('metadata.toml corrects turns 12-40', 'metadata.toml corrects the speaker "customs"')
    """
    return (
        f'metadata.toml corrects the speaker "{key}"'
        if table == "speakers"
        else f"metadata.toml corrects {table} {key}"
    )


def nearest_quote(quotes: Sequence[Quote], start: int, end: int) -> int | None:
    """The number of the quotation at an address, even where its ends have moved a little; None where there is none."""

    def shared(quote: Quote) -> float:
        common = min(end, quote.end) - max(start, quote.start)
        return common / (max(end, quote.end) - min(start, quote.start))

    best = max(range(len(quotes)), key=lambda number: shared(quotes[number]), default=None)
    return best if best is not None and shared(quotes[best]) >= SAME_QUOTE else None


def words_at(text: str, start: int, end: int) -> str:
    """The words of a passage as a correction repeats them: whole, or the beginning and end of a long one."""
    words = " ".join(text[start:end].split())
    if len(words) <= LONG:
        return words
    beginning = words[: LONG // 2].rpartition(" ")[0] or words[: LONG // 2]
    ending = words[-LONG // 3 :].partition(" ")[2] or words[-LONG // 3 :]
    return f"{beginning}{GAP}{ending}"


def find_words(text: str, start: int, end: int, words: str) -> int | None:
    """Where the words of an address begin now: there, or at the one other place that has them; None for none or several."""
    beginning, _, ending = (part.strip() for part in words.partition("…"))
    if _same(text[start:end], beginning, ending, whole="…" not in words):
        return start
    pattern = re.compile(r"\s+".join(map(re.escape, (beginning or ending).split())))
    found = [
        match.start()
        for match in pattern.finditer(text)
        if _same(text[match.start() : match.start() + end - start], beginning, ending, whole="…" not in words)
    ]
    return found[0] if len(found) == 1 else None


def _same(passage: str, beginning: str, ending: str, *, whole: bool) -> bool:
    flat = " ".join(passage.split())
    if whole:
        return flat == " ".join(beginning.split())
    return flat.startswith(" ".join(beginning.split())) and flat.endswith(" ".join(ending.split()))


def _value(row: Mapping[str, Any]) -> str:
    return _speaker(row["speaker"]) if "speaker" in row else str(row["kind"])


def _speaker(name: str) -> str:
    return UNKNOWN if name.casefold() == UNKNOWN else name


def _place(document: Document, correction: SpanCorrection) -> tuple[tuple[int, int] | None, Problem | None]:
    """The span of a correction in the text as it is now, and what is to be said where it moved or is gone."""
    start = find_words(document.text, correction.start, correction.end, correction.words)
    if start is None:
        return None, _without_effect(
            document, correction, f'"{correction.words}" does not stand there any more'
        )
    span = start, start + correction.end - correction.start
    if start == correction.start:
        return span, None
    problem = f"{correction.subject}, and its words stand at {span[0]}-{span[1]} now"
    return span, Problem(
        document.path, f"{problem}: applied there", f'write "{span[0]}-{span[1]}" for the address', "note"
    )


def _without_effect(document: Document, correction: SpanCorrection, why: str) -> Problem:
    return Problem(
        document.path,
        f"{correction.subject}, and {why}: {WITHOUT_EFFECT}",
        f'look at `workbench parse` for the address as it is now, or remove the entry from ["{document.doc_id}".{correction.table}]',
        "doubtful",
    )


def _deleted(document: Document, correction: SpanCorrection) -> Problem:
    return Problem(
        document.path,
        f'the quotation "{correction.words}" at {correction.address} is left out: {basis_of(correction.reason)}',
        f'none needed; remove the entry from ["{document.doc_id}".quotes] to have it back',
        "note",
    )


def _with_document_speaker(
    document: Document, segments: list[Segment], speaker: str, reason: str
) -> tuple[list[Segment], list[Problem]]:
    """Segments of a document that one person speaks: its paragraphs, or the turns under its one label."""
    labelled = list(dict.fromkeys(s.speaker for s in segments if s.kind in SPOKEN and s.speaker))
    if len(labelled) > 1:
        return segments, [
            Problem(
                document.path,
                f'metadata.toml gives the document the speaker "{speaker}", and {len(labelled)} speakers are labelled in it: {WITHOUT_EFFECT}',
                f'correct one of them: workbench correct speaker "{labelled[0]}" --to "{speaker}" --document "{document.doc_id}" --reason "{reason}"',
                "doubtful",
            )
        ]
    kinds = SPOKEN if labelled else ("paragraph",)
    if not any(segment.kind in kinds for segment in segments):
        problem = f'metadata.toml gives the document the speaker "{speaker}", and it has no paragraph: {WITHOUT_EFFECT}'
        return segments, [Problem(document.path, problem, "correct its lines, or remove the key", "doubtful")]
    return [
        segment._replace(
            kind=segment.kind if labelled else "turn",
            speaker=speaker,
            role=segment.role if speaker != UNKNOWN else None,
            rule=basis_of(reason),
        )
        if segment.kind in kinds
        else segment
        for segment in segments
    ], []


def _rename(
    segments: list[Segment], speakers: Sequence[SpeakerCorrection]
) -> tuple[list[Segment], frozenset[str]]:
    """Segments with speakers called otherwise, and which of them were found."""
    by_name = _by_name(speakers)
    corrected, renamed = [], set[str]()
    for segment in segments:
        rename = by_name.get(fold(segment.speaker)) if segment.speaker and segment.kind in SPOKEN else None
        if rename is None:
            corrected.append(segment)
            continue
        renamed.add(fold(segment.speaker or ""))
        role = None if rename.to == UNKNOWN else segment.role
        corrected.append(segment._replace(speaker=rename.to, role=role, rule=basis_of(rename.reason)))
    return corrected, frozenset(renamed)


def _by_name(speakers: Sequence[SpeakerCorrection]) -> dict[str, SpeakerCorrection]:
    """What each speaker is called in the end: one who is called otherwise twice has the last name, those of a circle the next."""
    direct = {fold(one.speaker): one for one in speakers}
    by_name = {}
    for name, correction in direct.items():
        seen, last = {name}, correction
        while (after := fold(last.to)) in direct and after not in seen:
            seen.add(after)
            last = direct[after]
        by_name[name] = correction if fold(last.to) in seen else last
    return by_name


def _cut(text: str, segments: Sequence[Segment], start: int, end: int) -> list[Segment]:
    """Segments with one more border at each end of a span; the white space behind each piece belongs to it."""
    borders = []
    for offset in (start, end):
        while offset < len(text) and text[offset].isspace():
            offset += 1
        borders.append(offset)
    pieces: list[Segment] = []
    for segment in segments:
        within = [
            border
            for border in borders
            if segment.start < border < segment.end and text[segment.start : border].strip()
        ]
        bounds = sorted({segment.start, *within, segment.end})
        pieces += [segment._replace(start=left, end=right) for left, right in pairwise(bounds)]
    return pieces


def _overlaps(text: str, segment: Segment, start: int, end: int) -> bool:
    return bool(text[max(start, segment.start) : min(end, segment.end)].strip())


def _role_of(segments: Sequence[Segment], speaker: str | None, corrected: Sequence[int]) -> str | None:
    """The office of a speaker as other turns of the document state it."""
    others = (segment for number, segment in enumerate(segments) if number not in set(corrected))
    return next((s.role for s in others if s.kind in SPOKEN and s.speaker == speaker and s.role), None)


def _corrected_segment(segment: Segment, correction: SpanCorrection, role: str | None) -> Segment:
    basis = basis_of(correction.reason)
    if correction.table == "turns":
        return segment._replace(speaker=correction.value, role=role, rule=basis)
    return segment._replace(kind=str(correction.value), speaker=None, role=None, rule=basis, confidence=None)


def _attributed(quote: Quote, speaker: str, reason: str) -> Quote:
    return quote._replace(
        speaker=speaker, speaker_start=None, speaker_end=None, confidence=1.0, basis=basis_of(reason)
    )
