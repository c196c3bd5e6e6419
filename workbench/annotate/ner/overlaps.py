"""Resolve overlapping proposals for names within a paragraph, and propagate names through their document.

A name is trimmed of what is no part of it, the strongest proposal of an overlap stays, and a form that is found
once is found wherever the document repeats it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from workbench.annotate.ner.model import ModelEntity
from workbench.annotate.ner.rules import FIRM, LEADING_TITLES, LOW_OFFICE, MODEL, OFFICE, SURE, WEAK, Proposal
from workbench.languages import default_language

_LANGUAGE = default_language()
_DEMONYMS = _LANGUAGE.countries.demonyms

Span = tuple[int, int]

_EDGE_LEFT = regex.compile(_LANGUAGE.personal_names.left_edge)
_EDGE_RIGHT = regex.compile(_LANGUAGE.abbreviations.name_end)
_BEFORE_NAME = regex.compile(r"\s|,\s|\s\"")
_AFTER_NAME = regex.compile(_LANGUAGE.personal_names.after_name)
_PARTICLE_END = regex.compile(_LANGUAGE.personal_names.particle_end)
_NEXT_WORD = regex.compile(r"\s\p{Lu}[\p{L}'-]*\p{L}(?<!'s)")
# Heads that are a mention of the office on their own; "Speaker" or "King" alone may be anything.
_ALONE = regex.compile(_LANGUAGE.personal_names.office_alone)


def trim_name(text: str, start: int, end: int) -> Span:
    """Trim a name: the span without "the", quotation marks, possessive 's and loose punctuation; closes an open bracket."""
    if leading := _EDGE_LEFT.match(text, start, end):
        start = leading.end()
    if trailing := _EDGE_RIGHT.search(text, start, end):
        if text[trailing.start() : trailing.end()].startswith(")") and "(" in text[start : trailing.start()]:
            return start, trailing.start() + 1
        end = trailing.start()
    return start, max(start, end)


def clean_entities(text: str, model_entities: Iterable[ModelEntity]) -> Iterator[Proposal]:
    """Clean the model's names: without titles, possessives and slashes; adjectives of countries dropped."""
    for start, end, label in model_entities:
        if label == "person":
            yield from _person(text, start, end)
            continue
        start, end = trim_name(text, start, end)
        form = text[start:end]
        if form in _DEMONYMS or not any(c.isupper() for c in form) or OFFICE.fullmatch(form):
            continue
        yield Proposal(start, end, label, MODEL)


def _person(text: str, start: int, end: int) -> Iterator[Proposal]:
    """A person's name as the model cut it, without titles; the part before a slash."""
    start, end = trim_name(text, start, end)
    beside = None
    if title := LEADING_TITLES.match(text, start, end):
        beside, start = text[start : title.end()].strip(), title.end()
    slash = text.find("/", start, end)
    if slash >= 0:
        start, end = trim_name(text, start, slash)
    if _PARTICLE_END.search(text, start, end) and (more := _NEXT_WORD.match(text, end)):
        end = more.end()
    form = text[start:end]
    if len(form) > 1 and form not in _DEMONYMS and any(c.isupper() for c in form):
        yield Proposal(start, end, "person", MODEL, beside)


class ResolvedSpan(NamedTuple):
    """The mentions of a unit in text order, and the spans in which no other may be found."""

    kept: list[Proposal]
    closed: list[Span]


def resolve_overlaps(text: str, proposals: Sequence[Proposal], blocked: Sequence[Span]) -> ResolvedSpan:
    """Resolve overlapping proposals of a unit: offices joined to their names, the strongest of each overlap.

    `blocked` spans (agency marks) take no mention, nor do the offices that stand beside a name.
    """
    proposals = [p for p in proposals if not any(p.start < end and start < p.end for start, end in blocked)]
    persons = {p.start: p for p in sorted(proposals, key=_strength, reverse=True) if p.label == "person"}
    persons_by_end = {p.end: p for p in persons.values()}
    office_beside, joined_offices, offices_alone = dict[int, str](), list[Span](), list[Proposal]()
    for start, end, form in _offices(text):
        gap = _BEFORE_NAME.match(text, end)
        apposed_person = next((p for p in persons_by_end.values() if _apposed(text, p, start)), None)
        if gap and gap.end() in persons and text[end : gap.end()] != ", ":
            office_beside[gap.end()] = text[start:end]
            joined_offices.append((start, end))
        elif apposed_person and apposed_person.start not in office_beside:
            office_beside[apposed_person.start] = text[start:end]
            joined_offices.append((start, end))
        elif _stands_alone(text, end, form):
            offices_alone.append(Proposal(start, end, "office", SURE))
        else:  # part of something else; the model's "State" in it is no name
            proposals = [p for p in proposals if p.rank > MODEL or p.start < start or p.end > end]
    mentions = _strongest(
        [p for p in proposals if not any(p.start < end and start < p.end for start, end in joined_offices)]
        + offices_alone
    )
    mentions = [
        p._replace(beside=office_beside.get(p.start, p.beside)) if p.label == "person" else p
        for p in mentions
    ]
    return ResolvedSpan(mentions, [*blocked, *joined_offices])


def _apposed(text: str, person: Proposal, start: int) -> bool:
    """Whether an office at `start` follows the name in apposition: "Kerry, the US Secretary of State"."""
    gap = _AFTER_NAME.match(text, person.end)
    return gap is not None and gap.end() == start


def _offices(text: str) -> Iterator[tuple[int, int, str]]:
    """Every office in the text, longest first where two begin together, none inside another."""
    spans = [(m.start(), m.end(), m["office"]) for rule in (OFFICE, LOW_OFFICE) for m in rule.finditer(text)]
    last_end = -1
    for start, end, form in sorted(spans, key=lambda f: (f[0], -f[1])):
        if start >= last_end:
            yield start, end, form
            last_end = end


def _stands_alone(text: str, end: int, form: str) -> bool:
    """Whether an office without its bearer's name is a mention and not part of another name."""
    if regex.match(r"\s\p{Lu}|'s\s\p{Lu}\p{Ll}+\s\p{Lu}", text, pos=end):
        return False
    has_place = bool(
        LOW_OFFICE.fullmatch(form) or ((m := OFFICE.fullmatch(form)) and (m["place"] or m["of"]))
    )
    return has_place or _ALONE.match(form) is not None


def _strength(proposal: Proposal) -> tuple[int, int, int]:
    """Stronger rules first, then the longer span, then the earlier one."""
    return (proposal.rank, proposal.end - proposal.start, -proposal.start)


def _strongest(proposals: Sequence[Proposal]) -> list[Proposal]:
    """The strongest proposals that do not overlap, in text order.

    A firm rule inside a longer name of the model gives way to it: "China" in "Bank of China".
    """
    chosen: list[Proposal] = []
    for p in sorted(proposals, key=_strength, reverse=True):
        if p.rank == FIRM and any(
            q.rank == MODEL and q.start <= p.start and p.end <= q.end and q[:2] != p[:2] for q in proposals
        ):
            continue
        if all(p.end <= q.start or q.end <= p.start for q in chosen):
            chosen.append(p)
    return sorted(chosen)


# ---------------------------------------------------------------- propagate a form found once to the whole document

_PLACES = _LANGUAGE.countries.places

MIN_REPEATED = 3  # letters a form needs to be searched for again; below, "Li" and "Al" meet other words
_SUFFIX = regex.compile(_LANGUAGE.personal_names.suffix)


def propagate_forms(texts: Sequence[str], settled: Sequence[ResolvedSpan]) -> list[list[Proposal]]:
    """Propagate names through a document: the mentions of each unit after all units have been read.

    A form the model labels in several ways takes its most frequent label; a surname of a person named
    in full is that person's wherever it stands; a form found in one place is found in all.
    """
    labels = _labels(texts, settled)
    voted = [
        unit._replace(
            kept=[
                p._replace(label=labels[text[p.start : p.end]]) if p.rank <= MODEL else p for p in unit.kept
            ]
        )
        for text, unit in zip(texts, settled, strict=True)
    ]
    forms = {form: label for form, label in labels.items() if _repeatable(form)}
    if not forms:
        return [label_short_forms(text, unit.kept) for text, unit in zip(texts, voted, strict=True)]
    finder = regex.compile(
        r"(?<![\w-])(?:"
        + "|".join(map(regex.escape, sorted(forms, key=lambda f: (-len(f), f))))
        + r")(?![\w-])"
    )
    return [
        label_short_forms(text, _repeat(text, unit, finder, forms))
        for text, unit in zip(texts, voted, strict=True)
    ]


def _labels(texts: Sequence[str], settled: Sequence[ResolvedSpan]) -> dict[str, str]:
    """Form -> label for the whole document, with the surnames of the persons named in full."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for text, unit in zip(texts, settled, strict=True):
        for p in unit.kept:
            votes[text[p.start : p.end]][p.label] += 100 if p.rank > MODEL else 1
    labels = {form: min(count, key=lambda label: (-count[label], label)) for form, count in votes.items()}
    full = [form for form, label in labels.items() if label == "person" and " " in form]
    for surname in (_SUFFIX.sub("", form).rsplit(" ", 1)[-1] for form in full):
        if surname not in _PLACES and max(votes[surname].values(), default=0) < 100:
            labels[surname] = "person"
    return labels


def _repeatable(form: str) -> bool:
    """Whether a form is safe to look for again: long enough, capitalised, no adjective."""
    return len(form) >= MIN_REPEATED and form[0].isupper() and form not in _DEMONYMS and not form.isupper()


def _repeat(
    text: str, unit: ResolvedSpan, finder: regex.Pattern[str], forms: dict[str, str]
) -> list[Proposal]:
    """The mentions of a unit with the repeated forms that were missed there."""
    mentions = list(unit.kept)
    closed_spans = [*unit.closed, *((p.start, p.end) for p in mentions)]
    for match in finder.finditer(text):
        if all(match.end() <= start or end <= match.start() for start, end in closed_spans):
            mentions.append(Proposal(*match.span(), forms[match[0]], WEAK))
    return sorted(mentions)


def label_short_forms(text: str, mentions: Sequence[Proposal]) -> list[Proposal]:
    """Label abbreviations in brackets after their long form, which is put into `beside`.

    The letters of a short form must be initials of the long one; a treaty may be given any other name.
    """
    labelled = list(mentions)
    for i, (long, short) in enumerate(pairwise(mentions), start=1):
        bracketed = text[long.end : short.start].strip() == "(" and text[short.end : short.end + 1] == ")"
        if not bracketed or long.label in ("person", "office") or short.label in ("person", "office"):
            continue
        form = text[long.start : long.end]
        if long.label == short.label == "agreement" or _abbreviates(text[short.start : short.end], form):
            labelled[i] = short._replace(beside=form, label=long.label)
    return labelled


def _abbreviates(short: str, long: str) -> bool:
    """Whether the capitals of a short form are initials of the words of a long one, in order."""
    letters = iter(word[0].upper() for word in regex.split(r"[\s-]+", long) if word)
    capitals = [c for c in short if c.isupper()]
    return len(capitals) > 1 and all(c in letters for c in capitals)
