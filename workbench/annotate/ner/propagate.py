"""Propagate a name through its document: a form found once is found wherever the document repeats it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

import regex

from workbench.annotate.ner.overlaps import ResolvedSpan
from workbench.annotate.ner.rules import MODEL, WEAK, Proposal
from workbench.languages import default_language

_LANGUAGE = default_language()
_DEMONYMS = _LANGUAGE.countries.demonyms
_PLACES = _LANGUAGE.countries.places

MIN_REPEATED = 3  # letters a form needs to be searched for again; below, "Li" and "Al" meet other words
_SUFFIX = regex.compile(_LANGUAGE.personal_names.suffix)


def propagate(texts: Sequence[str], settled: Sequence[ResolvedSpan]) -> list[list[Proposal]]:
    """The mentions of each unit after the document has been read as a whole.

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
    """The mentions of a unit; one in brackets after its long form has that form in `beside`.

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
