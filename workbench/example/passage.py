"""Build prose from templates, and remember which characters are a quotation, a name or a topic."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

QUOTE, CONTENT, SPEAKER, MENTION, TOPIC = "quote", "content", "speaker", "mention", "topic"


@dataclass(frozen=True)
class Span:
    """A stretch `start:end` of a passage: what it is, and of whom or of what."""

    start: int
    end: int
    kind: str
    value: str = ""

    def moved(self, by: int) -> Span:
        """The same stretch in a longer text."""
        return replace(self, start=self.start + by, end=self.end + by)


@dataclass(frozen=True)
class Passage:
    """A text with the spans in it."""

    text: str = ""
    spans: tuple[Span, ...] = ()

    def __add__(self, other: Passage | str) -> Passage:
        """Both texts in a row."""
        more = other if isinstance(other, Passage) else Passage(other)
        moved = tuple(span.moved(len(self.text)) for span in more.spans)
        return Passage(self.text + more.text, self.spans + moved)

    def marked(self, kind: str, value: str = "") -> Passage:
        """The passage as one more span."""
        return Passage(self.text, (*self.spans, Span(0, len(self.text), kind, value)))

    def capitalised(self) -> Passage:
        """With a capital for its first letter."""
        return Passage(self.text[:1].upper() + self.text[1:], self.spans)

    def of(self, kind: str) -> list[Span]:
        """Its spans of one kind, in text order."""
        return sorted((span for span in self.spans if span.kind == kind), key=lambda span: span.start)


Slots = Callable[[str], Passage | str]
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_PIECE = re.compile(r"\{(\w+)\}|([“”])")


def choose(template: str, rng: random.Random) -> str:
    """The template with one of each [a|b|c], from the innermost outwards."""
    while match := _CHOICE.search(template):
        template = template[: match.start()] + rng.choice(match[1].split("|")) + template[match.end() :]
    return template


def fill(template: str, slots: Slots, rng: random.Random, marks: tuple[str, str] = ("“", "”")) -> Passage:
    """The template with its choices made and its slots filled.

    A slot whose name begins with a capital is filled with a capital, one in capitals with capitals. What stands
    between “ and ” becomes a quotation in the marks of the outlet.
    """
    made, opened = Passage(), 0
    chosen = choose(template, rng)
    position = 0
    for match in _PIECE.finditer(chosen):
        made += chosen[position : match.start()]
        position = match.end()
        if match[2] == "“":
            opened = len(made.text)
            made += marks[0]
        elif match[2] == "”":
            made += marks[1]
            made = Passage(made.text, (*made.spans, Span(opened, len(made.text), QUOTE)))
        else:
            made += _without_second_article(_filled(match[1], slots), made.text)
    return made + chosen[position:]


def _filled(name: str, slots: Slots) -> Passage:
    value = slots(name.lower())
    passage = value if isinstance(value, Passage) else Passage(value)
    if len(name) > 1 and name.isupper():
        return Passage(passage.text.upper(), passage.spans)
    return passage.capitalised() if name[0].isupper() else passage


def _without_second_article(passage: Passage, before: str) -> Passage:
    """Without "the" behind "the": "the {region} road" with "the Outer Rim"."""
    if before.lower().endswith("the ") and passage.text.startswith("the ") and not passage.spans:
        return Passage(passage.text[4:])
    return passage


def join(passages: Iterable[Passage], between: str = " ") -> Passage:
    """The passages in a row."""
    made = Passage()
    for passage in passages:
        made = made + between + passage if made.text else passage
    return made
