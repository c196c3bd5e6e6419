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
    clauses = _according_clauses(masked, start, end)
    if quoting and (opening := _SAID.match(masked, start, end)):
        source = source_after(masked, opening.end(1), end)
        if source:
            clauses.append(
                ReportingClause(
                    start, opening.end(1), "say", "neutral", source, ((source.end, end),), "inverted"
                )
            )
    cited = _quoted_as_saying(masked, start, end) if masked.find(" as ", start, end) >= 0 else []
    clauses += cited
    previous: ReportingClause | None = None
    for cue in cues:
        clause = _clause_of_cue(masked, cue, start, end, previous)
        if clause and not any(
            other.source.start - _MAX_WORD <= cue.start <= other.cue_end for other in cited
        ):
            clauses.append(clause)
            previous = clause
    if not clauses and masked.find(" that ", start, end) >= 0:
        clauses = _noun_clauses(masked, start, end)
    if not clauses:
        return _headline_clause(masked, start, end) or (
            _clauses_of_any_verb(masked, start, end) if quoting else []
        )
    return _limit_contents(masked, sorted(clauses)) if len(clauses) > 1 else clauses


def _noun_clauses(masked: str, start: int, end: int) -> list[ReportingClause]:
    """The ministry's warning that …; her claim that …: the source is whose noun it is."""
    clauses = []
    for match in islice(_WHOSE.finditer(masked, start, end), _MAX_ACCORDING):
        noun_class = reporting_nouns().get(match["noun"])
        if noun_class is None:
            continue
        if match["whose"]:
            source = SourceSpan(match.start("whose"), match.end("whose"), "pronoun", True)
        else:
            possessor = phrase_before(masked, start, match.start())
            if possessor is None:
                continue
            source = possessor
        content = (match.end("noun"), end)
        clauses.append(ReportingClause(*match.span("noun"), "say", noun_class, source, (content,), "noun"))
    return clauses


def _headline_clause(masked: str, start: int, end: int) -> list[ReportingClause]:
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


def _clauses_of_any_verb(masked: str, start: int, end: int) -> list[ReportingClause]:
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
    colon_match = _QUOTED_BEHIND.search(masked, start, end)
    colon = colon_match.start() if colon_match else 0
    if colon > 0 and (source := _before_colon(masked, start, colon)):
        return [ReportingClause(colon, colon + 1, "say", "neutral", source, ((colon + 1, end),), "colon")]
    return []


def _before_colon(masked: str, start: int, colon: int) -> SourceSpan | None:
    """All that stands before a colon when it is one phrase, such as a name with its office; else the clause's subject."""
    phrase = phrase_before(masked, start, colon)
    if phrase and not _SOLID.search(masked, start, phrase.start):
        return phrase
    return clause_subject(masked, start, colon)


def _quoted_as_saying(masked: str, start: int, end: int) -> list[ReportingClause]:
    """The paper quoted Anna Berg as saying …: it is Anna Berg who says it."""
    clauses = []
    for match in islice(_AS_SAYING.finditer(masked, start, end), _MAX_ACCORDING):
        source = phrase_before(masked, match.start(1), match.end(1))
        if source and source.kind != "pronoun":
            subject = source_before(masked, start, match.start())
            contents = ((start, subject.start if subject else match.start()), (match.end(), end))
            clauses.append(
                ReportingClause(match.start(2), match.end(), "say", "neutral", source, contents, "beside")
            )
    return clauses


def _clause_of_cue(
    masked: str, cue: Cue, start: int, end: int, previous: ReportingClause | None
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
        return _participle_clause(masked, cue, start, end, word, previous)
    left = previous.cue_end if previous else start
    adjacent = source_before(masked, left, cue.start)
    if "say" in cue.frames:
        clause = _inverted_clause(masked, cue, start, end, word) or _clause_after_content(
            masked, cue, start, end, adjacent
        )
        if clause:
            return clause
    source = adjacent
    if source is None and previous and word in _JOINING:
        source = previous.source
    if source is None:
        return _clause_without_adjacent_source(
            masked, cue, start if previous is None or previous.shape != "before" else left, end
        )
    if not _agrees_in_number(masked, cue, source, word):
        return None
    return _clause_with_content_after(masked, cue, source, end, "before" if adjacent else "leaning")


def _clause_without_adjacent_source(masked: str, cue: Cue, left: int, end: int) -> ReportingClause | None:
    """A cue that nothing touches, with the subject of its clause as source."""
    if cue.form in ("s", "base") and "say" not in cue.frames:
        return None
    source = clause_subject(masked, left, cue.start)
    return _clause_with_content_after(masked, cue, source, end, "leaning") if source else None


def _agrees_in_number(masked: str, cue: Cue, source: SourceSpan, word: str) -> bool:
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


def _participle_clause(
    masked: str, cue: Cue, start: int, end: int, word: str, previous: ReportingClause | None
) -> ReportingClause | None:
    """…, adding that …: leans on the clause before it."""
    source = None
    if word in _PASSIVE:
        source = source_before(masked, start, cue.start)
    elif previous:
        source = previous.source
    source = source or clause_subject(masked, start, cue.start)
    return _clause_with_content_after(masked, cue, source, end, "participle") if source else None


def _inverted_clause(masked: str, cue: Cue, start: int, end: int, word: str) -> ReportingClause | None:
    """Content first, then the cue, then the source: "…," said Kerry."""
    punctuation = word[-1:]
    if punctuation not in ('"', ",") or cue.form == "base" or cue.start - start < 4:
        return None
    source = source_after(masked, cue.end, end)
    if source is None:
        return None
    if (
        punctuation == ","
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


def _clause_after_content(
    masked: str, cue: Cue, start: int, end: int, source: SourceSpan | None
) -> ReportingClause | None:
    """Content first, then the source, then the cue: …, the ministry said on Friday."""
    if source is None or source.start - start < 3:
        return None
    stop = source.start
    while stop > start and masked[stop - 1].isspace():
        stop -= 1
    punctuation = masked[stop - 1] if stop > start else ""
    if punctuation == '"':
        if not source.sure and masked[start:stop].rstrip('"')[-1:] not in ",?!-.'":
            return None
    elif not punctuation or punctuation not in ",-?!":
        return None
    elif punctuation != "," or masked[stop - 2] != '"' or stop - 2 < start:
        content = masked[start:stop]
        if (
            len(content) < _LEAST_CLAUSE
            or not _TRAILING.match(masked, cue.end, end)
            or _ADVERBIAL.match(content)
        ):
            return None
    contents = [(start, source.start)]
    after = _skip_adjunct(masked, cue.end, end)
    if masked.find('"', after, end) >= 0:
        contents.append((after, end))
    elif masked[cue.end : cue.end + 1] == "," and end - cue.end > 20 and not _ASIDE.match(masked, cue.end):
        contents = [(start, end)]
    return ReportingClause(cue.start, cue.end, "say", cue.frames["say"], source, tuple(contents), "after")


def _skip_adjunct(masked: str, offset: int, end: int) -> int:
    match = _ADJUNCT.match(masked, offset, end)
    return match.end() if match else offset


def _clause_with_content_after(
    masked: str, cue: Cue, source: SourceSpan, end: int, shape: str
) -> ReportingClause | None:
    """The cue with its content behind it."""
    after = _skip_adjunct(masked, cue.end, end)
    frame = _frame_of_cue(masked, cue, after, end)
    if frame is None:
        return None
    if frame == "say" and cue.lemma in _RECIPIENT:
        told_content = _TOLD.search(masked[after : min(end, after + _MAX_RECIPIENT)])
        if told_content:
            after += told_content.start()
    if masked[end - 1] != ":" and not _has_content(masked, after, end):
        return None
    if (
        frame == "about"
        and masked.find('"', after, end) < 0
        and (stop := _ABOUT_END.search(masked, after + 3, end))
    ):
        end = stop.start()
    return ReportingClause(cue.start, cue.end, frame, cue.frames[frame], source, ((after, end),), shape)


def _has_content(masked: str, start: int, end: int) -> bool:
    """Whether there is more than marks and spaces; three letters make the shortest content."""
    if end - start > _LONG:
        return _SOLID.search(masked, start, end) is not None
    return len(masked[start:end].strip(_TRIM + '."')) >= 3


def _frame_of_cue(masked: str, cue: Cue, after: int, end: int) -> str | None:
    """What the cue does here: told by what follows."""
    if "say" in cue.frames:
        return "say"
    if "about" in cue.frames:
        return "think" if "think" in cue.frames and _THAT.match(masked, after, end) else "about"
    return "think" if "think" in cue.frames else None


def _according_clauses(masked: str, start: int, end: int) -> list[ReportingClause]:
    """According to the ministry, …; …, according to the ministry."""
    if masked.find("ccording to ", start, end) < 0:
        return []
    clauses = []
    for match in islice(_ACCORDING.finditer(masked, start, end), _MAX_ACCORDING):
        source = source_after(masked, match.end() - 1, end)
        if source is None:
            continue
        content_before = len(masked[start : match.start()].strip(_TRIM)) > _LEAST_LEAD
        comma = masked.find(",", source.end, end)
        content_after = (
            comma >= 0 and end - comma > 6 and (not content_before or not _ASIDE.match(masked, comma))
        )
        content = (start if content_before else comma + 1, end if content_after else match.start())
        if content[0] < content[1] and (content_after or content_before):
            clauses.append(
                ReportingClause(
                    match.start(), match.end() - 1, "say", "neutral", source, (content,), "according"
                )
            )
    return clauses


def _limit_contents(masked: str, clauses: list[ReportingClause]) -> list[ReportingClause]:
    """Contents end where the next reporting clause begins behind a comma or a conjunction."""
    bounded = []
    for number, clause in enumerate(clauses):
        contents = tuple(
            (start, _content_end(masked, start, end, clause, clauses[number + 1 :]))
            for start, end in clause.contents
        )
        bounded.append(clause if contents == clause.contents else clause._replace(contents=contents))
    return bounded


def _content_end(
    masked: str, start: int, end: int, clause: ReportingClause, following: Sequence[ReportingClause]
) -> int:
    """Where the content `start:end` ends at the latest, since one of the other clauses begins."""
    for following_clause in following:
        clause_start = following_clause.cue_start
        if clause.cue_end < following_clause.source.start < clause_start:
            clause_start = following_clause.source.start
        if start < clause_start < end:
            boundary = _CONJUNCTION.search(masked, max(start, clause_start - _MAX_JOIN), clause_start)
            if boundary:
                return boundary.start()
    return end
