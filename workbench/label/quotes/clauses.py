"""Find reporting clauses: a reporting verb or noun, its source, and the stretches of the sentence it reports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from workbench.label.quotes.cues import Cue, reporting_nouns
from workbench.label.quotes.source_spans import (
    SourceSpan,
    clause_subject,
    phrase_before,
    pronoun_in,
    source_after,
    source_before,
)
from workbench.languages import default_language

_LANGUAGE = default_language()

FILLER = "\x01"  # stands for what is inside quotation marks in the masked text


class ReportingClause(NamedTuple):
    """`cue_start:cue_end` reports `contents`; `shape` says where the source and the cue stand."""

    cue_start: int
    cue_end: int
    frame: str
    cue_class: str
    source: SourceSpan
    contents: tuple[tuple[int, int], ...]
    shape: str


_NO_VERB = _LANGUAGE.clauses.no_verb
_ALONE = _LANGUAGE.clauses.alone  # who said it, not what was said
_PASSIVE = _LANGUAGE.clauses.passive
_ADJUNCT = re.compile(_LANGUAGE.clauses.adjunct)
_TRAILING = re.compile(_LANGUAGE.clauses.trailing)
_ACCORDING = re.compile(_LANGUAGE.clauses.according)
_TRIM = " ,;:-\n"
_MODALS = _LANGUAGE.clauses.modals
_PLURAL_PRONOUNS = _LANGUAGE.clauses.plural_pronouns
_EITHER = _LANGUAGE.clauses.either
_CLAUSE_FOLLOWS = re.compile(_LANGUAGE.clauses.clause_follows)
_ABOUT_END = re.compile(_LANGUAGE.clauses.about_end)
_SAID = re.compile(_LANGUAGE.clauses.opening_cue)
_ANY_VERB = re.compile(_LANGUAGE.clauses.any_verb)
_AS_SAYING = re.compile(_LANGUAGE.clauses.as_saying)
_QUOTED_BEHIND = re.compile(r':\s{1,6}"')
_MAX_WORD = 24  # code points back for the word before a cue; of a longer one the end is enough
_LEAST_CLAUSE = 12  # code points before ", he said"; less is an adverbial ("Still, he said")
_OFFICES = _LANGUAGE.clauses.headline_offices
_HEADLINE = re.compile(rf"(.{{15,}}?) --? ((?:[\w'-]+ ){{0,5}}(?:{'|'.join(_OFFICES)}))$")
_LINK = re.compile(_LANGUAGE.clauses.link)
_PLURAL = re.compile(_LANGUAGE.clauses.plural)
_WHOSE = re.compile(_LANGUAGE.clauses.whose)
_JOINING = _LANGUAGE.clauses.joining
_ADVERBIAL = re.compile(_LANGUAGE.clauses.adverbial)
_ASIDE = re.compile(_LANGUAGE.clauses.aside)
_CONJUNCTION = re.compile(_LANGUAGE.clauses.conjunction)
_TOLD = re.compile(_LANGUAGE.clauses.told)  # what a person is told begins here
_THAT = re.compile(_LANGUAGE.clauses.that)
_MAX_RECIPIENT = 80  # code points behind the cue in which what is told begins
_LONG = 40  # code points; in a longer stretch one letter shows that it is a content
_SOLID = re.compile(r"[^ ,;:\-\n.\"]")
_LEAST_LEAD = 8  # code points before "according to"; less is a "But" and no content
_MAX_ACCORDING = 8  # of one sentence; more is no sentence
_MAX_JOIN = 32  # code points before a clause in which its comma or conjunction stands
_RECIPIENT = _LANGUAGE.clauses.recipient


def find_reporting_clauses(
    masked: str, start: int, end: int, cues: Sequence[Cue], quoting: bool
) -> list[ReportingClause]:
    """Reporting clauses of one sentence, in order; `cues` are its cues, `quoting` whether it holds a quotation."""
    heads = _according(masked, start, end)
    if quoting and (opening := _SAID.match(masked, start, end)):
        source = source_after(masked, opening.end(1), end)
        if source:
            heads.append(
                ReportingClause(
                    start, opening.end(1), "say", "neutral", source, ((source.end, end),), "inverted"
                )
            )
    cited = _cited(masked, start, end) if masked.find(" as ", start, end) >= 0 else []
    heads += cited
    before: ReportingClause | None = None
    for cue in cues:
        head = _head(masked, cue, start, end, before)
        if head and not any(other.source.start - _MAX_WORD <= cue.start <= other.cue_end for other in cited):
            heads.append(head)
            before = head
    if not heads and masked.find(" that ", start, end) >= 0:
        heads = _of_nouns(masked, start, end)
    if not heads:
        return _headline(masked, start, end) or (_unlisted(masked, start, end) if quoting else [])
    return _bounded(masked, sorted(heads)) if len(heads) > 1 else heads


def _of_nouns(masked: str, start: int, end: int) -> list[ReportingClause]:
    """The ministry's warning that …; her claim that …: the source is whose noun it is."""
    heads = []
    for match in islice(_WHOSE.finditer(masked, start, end), _MAX_ACCORDING):
        noun_class = reporting_nouns().get(match["noun"])
        if noun_class is None:
            continue
        if match["whose"]:
            source = SourceSpan(match.start("whose"), match.end("whose"), "pronoun", True)
        else:
            found = phrase_before(masked, start, match.start())
            if found is None:
                continue
            source = found
        content = (match.end("noun"), end)
        heads.append(ReportingClause(*match.span("noun"), "say", noun_class, source, (content,), "noun"))
    return heads


def _headline(masked: str, start: int, end: int) -> list[ReportingClause]:
    """A headline that names its source behind a dash: Bridge safe for ten years - ministry."""
    if not masked.endswith(_OFFICES, start, end) or masked.find(" -", start, end) < 0:
        return []
    match = _HEADLINE.match(masked, start, end)
    if match is None:
        return []
    office = SourceSpan(match.start(2), match.end(2), "office", True)
    return [
        ReportingClause(match.end(1), match.start(2), "say", "neutral", office, (match.span(1),), "headline")
    ]


def _unlisted(masked: str, start: int, end: int) -> list[ReportingClause]:
    """Beside a quotation any verb may report: "…," Kerry shot back; The report makes that clear: "…"."""
    if match := _ANY_VERB.search(masked, start, end):
        source = source_before(masked, start, match.start(1))
        if source and source.sure:
            return [
                ReportingClause(
                    match.start(1),
                    match.end(1),
                    "say",
                    "neutral",
                    source,
                    ((start, source.start), (match.end(1), end)),
                    "beside",
                )
            ]
    opened = _QUOTED_BEHIND.search(masked, start, end)
    colon = opened.start() if opened else 0
    if colon > 0 and (source := _before_colon(masked, start, colon)):
        return [ReportingClause(colon, colon + 1, "say", "neutral", source, ((colon + 1, end),), "colon")]
    return []


def _before_colon(masked: str, start: int, colon: int) -> SourceSpan | None:
    """All that stands before a colon when it is one phrase, such as a name with its office; else the clause's subject."""
    whole = phrase_before(masked, start, colon)
    if whole and not _SOLID.search(masked, start, whole.start):
        return whole
    return clause_subject(masked, start, colon)


def _cited(masked: str, start: int, end: int) -> list[ReportingClause]:
    """The paper quoted Anna Berg as saying …: it is Anna Berg who says it."""
    heads = []
    for match in islice(_AS_SAYING.finditer(masked, start, end), _MAX_ACCORDING):
        source = phrase_before(masked, match.start(1), match.end(1))
        if source and source.kind != "pronoun":
            subject = source_before(masked, start, match.start())
            contents = ((start, subject.start if subject else match.start()), (match.end(), end))
            heads.append(
                ReportingClause(match.start(2), match.end(), "say", "neutral", source, contents, "beside")
            )
    return heads


def _head(
    masked: str, cue: Cue, start: int, end: int, before: ReportingClause | None
) -> ReportingClause | None:
    """The clause of one cue; None when the word is no verb here or has no source."""
    word = _previous_word(masked, start, cue.start)
    if (word in _NO_VERB and not (cue.form == "ed" and cue.lemma == "say" and word in _ALONE)) or (
        word.endswith(("'s", "s'")) and not pronoun_in(word)
    ):
        return None
    if word == "all" and cue.lemma == "tell":  # All told, they are nine
        return None
    if (word in _PASSIVE and cue.form == "ed") or (word == "to" and cue.form == "base"):
        return None
    if cue.guarded and not _CLAUSE_FOLLOWS.match(masked, cue.end, end):
        return None
    if cue.form == "ing":
        return _participle(masked, cue, start, end, word, before)
    left = before.cue_end if before else start
    touching = source_before(masked, left, cue.start)
    if "say" in cue.frames:
        head = _inverted(masked, cue, start, end, word) or _after_content(masked, cue, start, end, touching)
        if head:
            return head
    source = touching
    if source is None and before and word in _JOINING:
        source = before.source
    if source is None:
        return _leaning(masked, cue, start if before is None or before.shape != "before" else left, end)
    if not _agrees(masked, cue, source, word):
        return None
    return _fore(masked, cue, source, end, "before" if touching else "leaning")


def _leaning(masked: str, cue: Cue, left: int, end: int) -> ReportingClause | None:
    """A cue that nothing touches, with the subject of its clause as source."""
    if cue.form in ("s", "base") and "say" not in cue.frames:
        return None
    source = clause_subject(masked, left, cue.start)
    return _fore(masked, cue, source, end, "leaning") if source else None


def _agrees(masked: str, cue: Cue, source: SourceSpan, word: str) -> bool:
    """Whether verb and subject agree in number, so that a noun ("the support") is not taken for a verb."""
    if cue.form not in ("s", "base"):
        return True
    surface = masked[source.start : source.end].lower()
    if source.kind == "pronoun":
        plural = surface in _PLURAL_PRONOUNS
        return surface in _EITHER or plural == (cue.form == "base") or word in _MODALS or word.endswith("n't")
    if word in _MODALS or word.endswith("n't"):
        return cue.form == "base"
    first = _LINK.split(surface, maxsplit=1)[0]
    plural = " and " in first or _PLURAL.search(first) is not None
    return plural == (cue.form == "base") or (source.kind == "name" and cue.form == "s")


def _previous_word(masked: str, start: int, cue: int) -> str:
    tail = masked[max(start, cue - _MAX_WORD) : cue].rstrip()
    return tail[tail.rfind(" ") + 1 :].lower().lstrip("(")


def _participle(
    masked: str, cue: Cue, start: int, end: int, word: str, before: ReportingClause | None
) -> ReportingClause | None:
    """…, adding that …: leans on the clause before it."""
    source = None
    if word in _PASSIVE:
        source = source_before(masked, start, cue.start)
    elif before:
        source = before.source
    source = source or clause_subject(masked, start, cue.start)
    return _fore(masked, cue, source, end, "participle") if source else None


def _inverted(masked: str, cue: Cue, start: int, end: int, word: str) -> ReportingClause | None:
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
    if source.end < end - 3 and masked.find('"', source.end, end) >= 0:
        contents.append((source.end, end))
    return ReportingClause(cue.start, cue.end, "say", cue.frames["say"], source, tuple(contents), "inverted")


def _after_content(
    masked: str, cue: Cue, start: int, end: int, source: SourceSpan | None
) -> ReportingClause | None:
    """Content first, then the source, then the cue: …, the ministry said on Friday."""
    if source is None or source.start - start < 3:
        return None
    stop = source.start
    while stop > start and masked[stop - 1].isspace():
        stop -= 1
    mark = masked[stop - 1] if stop > start else ""
    if mark == '"':
        if not source.sure and masked[start:stop].rstrip('"')[-1:] not in ",?!-.'":
            return None
    elif not mark or mark not in ",-?!":
        return None
    elif mark != "," or masked[stop - 2] != '"' or stop - 2 < start:
        lead = masked[start:stop]
        if len(lead) < _LEAST_CLAUSE or not _TRAILING.match(masked, cue.end, end) or _ADVERBIAL.match(lead):
            return None
    contents = [(start, source.start)]
    after = _skip_adjunct(masked, cue.end, end)
    if masked.find('"', after, end) >= 0:
        contents.append((after, end))
    elif masked[cue.end : cue.end + 1] == "," and end - cue.end > 20 and not _ASIDE.match(masked, cue.end):
        contents = [(start, end)]
    return ReportingClause(cue.start, cue.end, "say", cue.frames["say"], source, tuple(contents), "after")


def _skip_adjunct(masked: str, place: int, end: int) -> int:
    match = _ADJUNCT.match(masked, place, end)
    return match.end() if match else place


def _fore(masked: str, cue: Cue, source: SourceSpan, end: int, shape: str) -> ReportingClause | None:
    """The cue with its content behind it."""
    after = _skip_adjunct(masked, cue.end, end)
    frame = _frame(masked, cue, after, end)
    if frame is None:
        return None
    if frame == "say" and cue.lemma in _RECIPIENT:
        that = _TOLD.search(masked[after : min(end, after + _MAX_RECIPIENT)])
        if that:
            after += that.start()
    if masked[end - 1] != ":" and not _says_something(masked, after, end):
        return None
    if (
        frame == "about"
        and masked.find('"', after, end) < 0
        and (stop := _ABOUT_END.search(masked, after + 3, end))
    ):
        end = stop.start()
    return ReportingClause(cue.start, cue.end, frame, cue.frames[frame], source, ((after, end),), shape)


def _says_something(masked: str, start: int, end: int) -> bool:
    """Whether there is more than marks and spaces; three letters make the shortest content."""
    if end - start > _LONG:
        return _SOLID.search(masked, start, end) is not None
    return len(masked[start:end].strip(_TRIM + '."')) >= 3


def _frame(masked: str, cue: Cue, after: int, end: int) -> str | None:
    """What the cue does here: told by what follows."""
    if "say" in cue.frames:
        return "say"
    if "about" in cue.frames:
        return "think" if "think" in cue.frames and _THAT.match(masked, after, end) else "about"
    return "think" if "think" in cue.frames else None


def _according(masked: str, start: int, end: int) -> list[ReportingClause]:
    """According to the ministry, …; …, according to the ministry."""
    if masked.find("ccording to ", start, end) < 0:
        return []
    heads = []
    for match in islice(_ACCORDING.finditer(masked, start, end), _MAX_ACCORDING):
        source = source_after(masked, match.end() - 1, end)
        if source is None:
            continue
        behind = len(masked[start : match.start()].strip(_TRIM)) > _LEAST_LEAD
        comma = masked.find(",", source.end, end)
        goes_on = comma >= 0 and end - comma > 6 and (not behind or not _ASIDE.match(masked, comma))
        content = (start if behind else comma + 1, end if goes_on else match.start())
        if content[0] < content[1] and (goes_on or behind):
            heads.append(
                ReportingClause(
                    match.start(), match.end() - 1, "say", "neutral", source, (content,), "according"
                )
            )
    return heads


def _bounded(masked: str, heads: list[ReportingClause]) -> list[ReportingClause]:
    """Contents end where the next reporting clause begins behind a comma or a conjunction."""
    bounded = []
    for number, head in enumerate(heads):
        contents = tuple(
            (start, _bound(masked, start, end, head, heads[number + 1 :])) for start, end in head.contents
        )
        bounded.append(head if contents == head.contents else head._replace(contents=contents))
    return bounded


def _bound(
    masked: str, start: int, end: int, head: ReportingClause, others: Sequence[ReportingClause]
) -> int:
    """Where the content `start:end` ends at the latest, since one of the other clauses begins."""
    for later in others:
        begin = later.cue_start
        if head.cue_end < later.source.start < begin:
            begin = later.source.start
        if start < begin < end:
            cut = _CONJUNCTION.search(masked, max(start, begin - _MAX_JOIN), begin)
            if cut:
                return cut.start()
    return end
