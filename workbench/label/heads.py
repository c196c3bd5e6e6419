"""Reporting clauses: a cue, its source and the stretches of the sentence that it reports."""

from __future__ import annotations

import re
from typing import NamedTuple

from workbench.label.cues import Cue, find_cues
from workbench.label.sources import PRONOUNS, Source, source_after, source_before

FILLER = "\x01"  # stands for what is inside quotation marks in the masked text


class Head(NamedTuple):
    """`cue_start:cue_end` reports `contents`; `shape` says where the source and the cue stand."""

    cue_start: int
    cue_end: int
    frame: str
    cue_class: str
    source: Source | None
    contents: tuple[tuple[int, int], ...]
    shape: str


_NO_VERB = frozenset(
    "the a an his her their its our my your this these those of in for by with no any new more some such 's' other "
    "on at from about recent public first second last own another each every among between into over under against "
    "two three many several official final".split()
)
_PASSIVE = frozenset("is are was were been being be".split())
_DAY = r"(?:(?:on |last |this |late |early )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: (?:morning|night|afternoon|evening))?|(?:yesterday|today|tonight|earlier|later|recently)(?: (?:this|that) \w+)?)"
_ADJUNCT = re.compile(rf"\s+{_DAY}(?=[\s,.:;]|$)")
_TRAILING = re.compile(
    r"\s*(?:[.,;!?)]|$|--?\s|(?:on|in|at|during|after|when|to|while|as|before|from|last|by|of|with|via|through|earlier|later|yesterday|today|about|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b)"
)
_ACCORDING = re.compile(r"\b(?:[Aa]ccording to|[Ii]n the words of|[Aa]s per)\s+")
_TRIM = " ,;:-\n"
_CONJUNCTION = re.compile(r"(?:,? (?:and|but|while|though|although|as|yet|then|or)|,|;|--?)\s*$")
_RECIPIENT = frozenset("tell ask assure inform advise urge remind persuade convince warn caution".split())


def find_heads(masked: str, start: int, end: int) -> list[Head]:
    """Reporting clauses of one sentence, in order."""
    cues = find_cues(masked, start, end)
    heads: list[Head] = _according(masked, start, end)
    before: Head | None = None
    for number, cue in enumerate(cues):
        left = max(start, cues[number - 1].end if number else start)
        head = _head(masked, cue, start, end, left, before)
        if head:
            heads.append(head)
            before = head
    return _bounded(masked, sorted(heads))


def _previous_word(masked: str, start: int, cue: int) -> str:
    tail = masked[max(start, cue - 24) : cue].rstrip()
    return tail.rsplit(" ", 1)[-1].lower() if tail else ""


def _head(masked: str, cue: Cue, start: int, end: int, left: int, before: Head | None) -> Head | None:
    word = _previous_word(masked, start, cue.start)
    if word in _NO_VERB or word.endswith("'s") or word.endswith("s'"):
        return None
    if "say" in cue.frames:
        if head := _inverted(masked, cue, start, end, word):
            return head
        if head := _after_content(masked, cue, start, end, left):
            return head
    if cue.form == "ing":
        source = before.source if before and word[-1:] in ',"' else None
        if source is None and word in _PASSIVE:
            source = source_before(masked, left, cue.start)
        if source is None:
            source = _subject(masked, start, cue.start)
        return _fore(masked, cue, source, end, "participle") if source else None
    if cue.form == "ed" and word in _PASSIVE:
        return None
    if cue.form == "base" and word == "to":
        return None
    source = source_before(masked, left, cue.start)
    if source is None and before and word in ("and", "but", "then", "also", "or"):
        source = before.source
    if source is None:
        return None
    return _fore(masked, cue, source, end, "before")


def _subject(masked: str, start: int, cue: int) -> Source | None:
    """The first noun phrase of the sentence, for a participle that leans on it."""
    match = re.compile(r"(?:[A-Z][\w.]+ ?)+|[Hh]e\b|[Ss]he\b|[Tt]hey\b").search(masked, start, cue)
    if not match:
        return None
    surface = match[0].rstrip()
    kind = "pronoun" if surface.lower() in PRONOUNS else "name"
    return Source(match.start(), match.start() + len(surface), kind, False)


def _inverted(masked: str, cue: Cue, start: int, end: int, word: str) -> Head | None:
    """ "…," said Kerry."""
    if word[-1:] not in ('"', ",", "'") or cue.form in ("ing", "base") or cue.start - start < 6:
        return None
    source = source_after(masked, cue.end, end)
    if source is None:
        return None
    follows = masked[source.end : source.end + 1]
    if word[-1:] == "," and (
        follows not in ",.;" or source.kind == "pronoun" or "," not in masked[start : cue.start]
    ):
        return None
    if word[-1:] == "," and source_before(masked, start, cue.start):
        return None
    frame_class = cue.frames["say"]
    contents = [(start, cue.start)]
    rest = source.end
    if rest < end - 3:
        contents.append((rest, end))
    return Head(cue.start, cue.end, "say", frame_class, source, tuple(contents), "inverted")


def _after_content(masked: str, cue: Cue, start: int, end: int, left: int) -> Head | None:
    """…, the ministry said on Friday."""
    if cue.form == "ing":
        return None
    source = source_before(masked, left if left > start else start, cue.start)
    if source is None or source.start - start < 4:
        return None
    lead = masked[start : source.start].rstrip()
    if lead[-1:] not in (",", '"', "-", "'", "?", "!") or not _TRAILING.match(masked, cue.end, end):
        return None
    if len(lead) < 12 or (lead[-1] == "," and " " not in lead.strip()):
        return None
    if re.match(
        r"^(?:In|On|At|During|After|When|While|As|For|By|With|From|Before|Since|But|And|Speaking|Asked)\b[^,]*,$",
        lead,
    ):
        return None
    after = _skip_adjunct(masked, cue.end, end)
    contents = [(start, source.start)]
    comma = masked.find(",", cue.end, end)
    if comma >= 0 and end - comma > 6:
        contents.append((comma + 1, end))
    elif after < end and '"' in masked[after:end]:
        contents.append((after, end))
    return Head(cue.start, cue.end, "say", cue.frames["say"], source, tuple(contents), "after")


def _skip_adjunct(masked: str, place: int, end: int) -> int:
    match = _ADJUNCT.match(masked, place, end)
    return match.end() if match else place


def _fore(masked: str, cue: Cue, source: Source, end: int, shape: str) -> Head | None:
    """The cue with its content behind it."""
    after = _skip_adjunct(masked, cue.end, end)
    rest = masked[after:end]
    frame = _frame(cue, rest)
    if frame is None:
        return None
    if cue.lemma in _RECIPIENT and frame == "say":
        that = re.search(r"\b(?:that|if|whether|why|how|what|to)\b|[,:]? \"", rest[:80])
        if that:
            after += that.start()
    if len(masked[after:end].strip(_TRIM + '."')) < 3:
        return None
    return Head(cue.start, cue.end, frame, cue.frames[frame], source, ((after, end),), shape)


def _frame(cue: Cue, rest: str) -> str | None:
    """What the cue does here: told by what follows."""
    if "say" in cue.frames:
        return "say"
    if "about" in cue.frames and not re.match(r"\s+(?:that|to|whether|if)\b", rest):
        return "about"
    if "think" in cue.frames:
        return "think"
    return "about" if "about" in cue.frames else None


def _according(masked: str, start: int, end: int) -> list[Head]:
    """According to the ministry, …; …, according to the ministry."""
    heads = []
    for match in _ACCORDING.finditer(masked, start, end):
        source = source_after(masked, match.end() - 1, end)
        if source is None:
            continue
        lead = masked[start : match.start()].strip(_TRIM)
        comma = masked.find(",", source.end, end)
        contents = []
        if len(lead) > 8:
            contents.append((start, match.start()))
        if comma >= 0 and end - comma > 6:
            contents.append((comma + 1, end))
        if contents:
            heads.append(
                Head(match.start(), match.end() - 1, "say", "neutral", source, tuple(contents), "according")
            )
    return heads


def _bounded(masked: str, heads: list[Head]) -> list[Head]:
    """Contents end where the next reporting clause begins behind a comma or a conjunction."""
    bounded = []
    for number, head in enumerate(heads):
        contents = []
        for start, end in head.contents:
            for later in heads[number + 1 :]:
                begin = min(
                    later.cue_start,
                    later.source.start
                    if later.source and later.source.start > head.cue_end
                    else later.cue_start,
                )
                if (
                    start < begin < end
                    and head.shape != "after"
                    and (cut := _CONJUNCTION.search(masked, start, begin))
                ):
                    end = cut.start()
                    break
            contents.append((start, end))
        bounded.append(head._replace(contents=tuple(contents)))
    return bounded
