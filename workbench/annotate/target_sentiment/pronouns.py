"""Which person "he", "her" or "himself" means, where the text leaves no choice.

A pronoun of a person is resolved when, before it in its paragraph (or, where its paragraph names nobody
before it, in the one before), exactly one person is named in the same voice by the same speaker. Two
persons, another voice between, or none: it stays unresolved, and nobody is judged by it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workbench.annotate.ner.layer import voice_of
from workbench.languages import default_language
from workbench.schema import Labelled, Mention, plain

_LANGUAGE = default_language()

PERSONS = re.compile(_LANGUAGE.personal_names.person_pronouns, re.IGNORECASE)


class Pronoun(NamedTuple):
    """A pronoun, the sentence it stands in, and the mention it stands for."""

    sentence: int
    start: int
    end: int
    means: Mention


def resolve(document: Labelled, mentions: Sequence[Mention]) -> Iterator[Pronoun]:
    """The pronouns of a document that can mean one named person only, in text order."""
    persons = [m for m in mentions if m.label == "person" and m.sentence is not None]
    if not persons:
        return
    text = plain(document.text)
    starts = [segment.start for segment in document.segments]
    by_segment: dict[int, list[Mention]] = {}
    for mention in persons:
        by_segment.setdefault(bisect_right(starts, mention.start) - 1, []).append(mention)
    earlier = _previous(document)
    for number, sentence in enumerate(document.sentences):
        for match in PERSONS.finditer(text, sentence.start, sentence.end):
            segment = bisect_right(starts, match.start()) - 1
            named = [m for m in by_segment.get(segment, []) if m.end <= match.start()]
            named = named or by_segment.get(earlier.get(segment, -1), [])
            if not named or not _one_person(named):
                continue
            own = voice_of(document, document.segments[segment], number, *match.span())
            same = [m for m in named if (m.voice, m.speaker) == own]
            if same:
                yield Pronoun(number, *match.span(), same[-1])


def _previous(document: Labelled) -> dict[int, int]:
    """For each segment that holds sentences, the one of them before it."""
    spoken = sorted({sentence.segment for sentence in document.sentences})
    return dict(zip(spoken[1:], spoken, strict=False))


def _one_person(named: Sequence[Mention]) -> bool:
    """Whether the names may be forms of one: one last word, and no two full names with other first words."""
    forms = [m.surface.casefold().split() for m in named]
    return len({form[-1] for form in forms}) == 1 and len({form[0] for form in forms if len(form) > 1}) <= 1
