"""Reporting clauses: a cue, its source and the stretches of the sentence that it reports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from workbench.label.cues import Cue
from workbench.label.sources import Source, clause_subject, source_after, source_before

FILLER = "\x01"  # stands for what is inside quotation marks in the masked text


class Head(NamedTuple):
    """`cue_start:cue_end` reports `contents`; `shape` says where the source and the cue stand."""

    cue_start: int
    cue_end: int
    frame: str
    cue_class: str
    source: Source
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
_ACCORDING = re.compile(r"[Aa]ccording to ")
_TRIM = " ,;:-\n"
_MODALS = frozenset("will would can could should may might must do does did not to never cannot".split())
_PLURAL_PRONOUNS = frozenset("i we you they many some few most both others".split())
_EITHER = frozenset("who that which".split())
_CLAUSE_FOLLOWS = re.compile(
    r',? (?:that|how|why|what|whether|if|"|he|she|they|it|the|there|his|her)\b|[,:]? ?"|:|,? (?=[A-Z])'
)
_ABOUT_END = re.compile(
    r",| (?:during|when|while|after|before|because|amid|last (?:week|month|year|night)|this (?:week|month|year)|in an? (?:interview|speech|statement|tweet|memo|letter|post)"
    r"|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|at an? )\b"
)
_SAID = re.compile(r"(Said|Added|Wrote|Says|Asked|Adds|Writes|Tweeted) (?=[A-Z][\w.' -]+[,:])")
_ANY_VERB = re.compile(
    r"""[,?!'-]"+ (?:(?:[A-Z][\w.'-]* ){1,5}|[Hh]e |[Ss]he |[Tt]hey |(?:the|a|an|one|his|her) (?:[\w'-]+ ){1,4})(?:\w+ly |then |later |once |also )?([a-z]+(?:ed|s|t|w|ld|ke))\b"""
)
_LEAST_CLAUSE = 12  # code points before ", he said"; less is an adverbial ("Still, he said")
_HEADLINE = re.compile(
    r"(.{15,}?) --? ((?:[\w'-]+ ){0,5}(?:ministry|minister|police|officials?|sources?|spokesman|spokeswoman|spokesperson|report|embassy|"
    r"agency|Kremlin|ambassador|president|official|court|study|poll|governor|mayor|chief|head|PM|FM|Pentagon|diplomat))$"
)
_JOINING = frozenset("and but then also or".split())
_ADVERBIAL = re.compile(
    r"^(?:In|On|At|During|After|When|While|As|For|By|With|From|Before|Since|But|And|Speaking|Asked|Still|Earlier|Last|Later)\b[^,]*,$"
)
_ASIDE = re.compile(
    r", (?:\w+ing|who|which|while|but|and|as|a|an|the|though|although|according|when|where|after)\b"
)
_CONJUNCTION = re.compile(r"(?:,? (?:and|but|while|though|although|as|yet|then|or)|,|;|--?)\s*$")
_RECIPIENT = frozenset("tell ask assure inform advise urge remind persuade convince warn caution".split())


def find_heads(masked: str, start: int, end: int, cues: Sequence[Cue], quoting: bool) -> list[Head]:
    """Reporting clauses of one sentence, in order; `cues` are its cues, `quoting` whether it holds a quotation."""
    heads: list[Head] = _according(masked, start, end)
    before: Head | None = None
    if (
        quoting
        and (opening := _SAID.match(masked, start, end))
        and (source := source_after(masked, opening.end(1), end))
    ):
        heads.append(Head(start, opening.end(1), "say", "neutral", source, ((source.end, end),), "inverted"))
    for cue in cues:
        head = _head(masked, cue, start, end, before)
        if head:
            heads.append(head)
            before = head
    if not heads and masked[end - 1] not in '.?!:"' and (headline := _HEADLINE.match(masked, start, end)):
        office = Source(headline.start(2), headline.end(2), "office", True)
        return [
            Head(
                headline.end(1), headline.start(2), "say", "neutral", office, (headline.span(1),), "headline"
            )
        ]
    if not heads and quoting:
        heads = _unlisted(masked, start, end)
    return _bounded(masked, sorted(heads)) if len(heads) > 1 else heads


def _unlisted(masked: str, start: int, end: int) -> list[Head]:
    """Beside a quotation any verb may report: "…," Kerry shot back; The report makes that clear: "…"."""
    if match := _ANY_VERB.search(masked, start, end):
        source = source_before(masked, start, match.start(1))
        if source and source.sure:
            return [
                Head(
                    match.start(1),
                    match.end(1),
                    "say",
                    "neutral",
                    source,
                    ((start, source.start), (match.end(1), end)),
                    "beside",
                )
            ]
    if (colon := masked.find(': "', start, end)) > 0 and (source := clause_subject(masked, start, colon)):
        return [Head(colon, colon + 1, "say", "neutral", source, ((colon + 1, end),), "colon")]
    return []


def _head(masked: str, cue: Cue, start: int, end: int, before: Head | None) -> Head | None:
    """The clause of one cue; None when the word is no verb here or has no source."""
    word = _previous_word(masked, start, cue.start)
    if word in _NO_VERB or word.endswith(("'s", "s'")):
        return None
    passive = cue.form == "ed" and word in _PASSIVE
    if passive or (cue.form == "base" and word == "to"):
        return None
    if cue.guarded and not _CLAUSE_FOLLOWS.match(masked, cue.end, end):
        return None
    left = before.cue_end if before else start
    touching = source_before(masked, left, cue.start)
    if "say" in cue.frames and cue.form != "ing":
        head = _inverted(masked, cue, start, end, word) or _after_content(masked, cue, start, end, touching)
        if head:
            return head
    if cue.form == "ing":
        return _participle(masked, cue, start, end, word, before)
    source = touching
    if source is None and before and word in _JOINING:
        source = before.source
    if source is not None and not _agrees(masked, cue, source, word):
        return None
    if source is None and cue.form in ("s", "base") and "say" not in cue.frames:
        return None
    if source is None:
        source = clause_subject(masked, left if before and before.shape == "before" else start, cue.start)
    return _fore(masked, cue, source, end, "before" if touching else "leaning") if source else None


def _agrees(masked: str, cue: Cue, source: Source, word: str) -> bool:
    """Whether verb and subject agree in number, so that a noun ("the support") is not taken for a verb."""
    if cue.form not in ("s", "base"):
        return True
    surface = masked[source.start : source.end].lower()
    if source.kind == "pronoun":
        plural = surface in _PLURAL_PRONOUNS
        return surface in _EITHER or plural == (cue.form == "base") or word in _MODALS or word.endswith("n't")
    if word in _MODALS or word.endswith("n't"):
        return cue.form == "base"
    first = re.split(r" (?:of|for|at|in|from|with) ", surface, maxsplit=1)[0]
    plural = " and " in first or bool(re.search(r"(?:[^s'u]s|people|men|women|media|police)$", first))
    return plural == (cue.form == "base") or (source.kind == "name" and cue.form == "s")


def _previous_word(masked: str, start: int, cue: int) -> str:
    tail = masked[max(start, cue - 24) : cue].rstrip()
    return tail.rsplit(" ", 1)[-1].lower() if tail else ""


def _participle(masked: str, cue: Cue, start: int, end: int, word: str, before: Head | None) -> Head | None:
    """…, adding that …: leans on the clause before it."""
    source = None
    if word in _PASSIVE:
        source = source_before(masked, start, cue.start)
    elif before:
        source = before.source
    source = source or clause_subject(masked, start, cue.start)
    return _fore(masked, cue, source, end, "participle") if source else None


def _inverted(masked: str, cue: Cue, start: int, end: int, word: str) -> Head | None:
    """Content first, then the cue, then the source: "…," said Kerry."""
    mark = word[-1:]
    if mark not in ('"', ",") or cue.form == "base" or cue.start - start < 4:
        return None
    source = source_after(masked, cue.end, end)
    if source is None:
        return None
    if (
        mark == ","
        and not word.endswith('",')
        and (
            masked[source.end : source.end + 1] not in ",.;"
            or source.kind == "pronoun"
            or source_before(masked, start, cue.start)
        )
    ):
        return None
    contents = [(start, cue.start)]
    if source.end < end - 3 and '"' in masked[source.end : end]:
        contents.append((source.end, end))
    return Head(cue.start, cue.end, "say", cue.frames["say"], source, tuple(contents), "inverted")


def _after_content(masked: str, cue: Cue, start: int, end: int, source: Source | None) -> Head | None:
    """Content first, then the source, then the cue: …, the ministry said on Friday."""
    if source is None or source.start - start < 3:
        return None
    lead = masked[start : source.start].rstrip()
    quoted = (lead[-1:] == '"' and (lead.rstrip('"')[-1:] in ",?!-.'" or source.sure)) or lead[-2:] == '",'
    trails = lead[-1:] in ",-?!" and len(lead) >= _LEAST_CLAUSE and _TRAILING.match(masked, cue.end, end)
    if not quoted and (not trails or _ADVERBIAL.match(lead)):
        return None
    contents = [(start, source.start)]
    after = _skip_adjunct(masked, cue.end, end)
    if '"' in masked[after:end]:
        contents.append((after, end))
    elif masked[cue.end : cue.end + 1] == "," and end - cue.end > 20 and not _ASIDE.match(masked, cue.end):
        contents = [(start, end)]
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
    if masked[end - 1] != ":" and len(masked[after:end].strip(_TRIM + '."')) < 3:
        return None
    if (
        frame == "about"
        and (stop := _ABOUT_END.search(masked, after + 3, end))
        and '"' not in masked[after:end]
    ):
        end = stop.start()
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
    if masked.find("ccording to ", start, end) < 0:
        return []
    heads = []
    for match in _ACCORDING.finditer(masked, start, end):
        source = source_after(masked, match.end() - 1, end)
        if source is None:
            continue
        lead = masked[start : match.start()].strip(_TRIM)
        comma = masked.find(",", source.end, end)
        goes_on = comma >= 0 and end - comma > 6 and (len(lead) <= 8 or not _ASIDE.match(masked, comma))
        first = start if len(lead) > 8 else comma + 1
        last = end if goes_on else match.start()
        if first < last and (goes_on or len(lead) > 8):
            contents = [(first, last)]
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
                    later.source.start if later.source.start > head.cue_end else later.cue_start,
                )
                if start < begin < end and (cut := _CONJUNCTION.search(masked, start, begin)):
                    end = cut.start()
                    break
            contents.append((start, end))
        bounded.append(head._replace(contents=tuple(contents)))
    return bounded
