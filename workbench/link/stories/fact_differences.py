"""What names an event in a text: its names, dates and numbers, and where two texts differ in them.

A slot is a place in an otherwise shared sentence where one text has other words than the other: "in the
State of [Nebraska | Ohio] beginning on [March 9 | May 2]". Form letters differ in their slots; an update
of a story has sentences of its own instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from workbench.languages import default_language
from workbench.link.stories.alignment import Gap, TextWords

_LANGUAGE = default_language()

SLOT = 16  # words on each side; a longer difference is a passage of its own, not a filled-in form
STEM = 3  # letters that tell a name from another; "Saria" for "Sara" is a slip, "Asia" for "Asian" a form
SHOWN = 4  # differences of a kind that `why` names

_MONTHS = frozenset(form for name in _LANGUAGE.calendar.months for form in (name, name[:3]))
_DAYS = frozenset(_LANGUAGE.calendar.weekdays)
_NO_NAMES = _MONTHS | _DAYS | _LANGUAGE.personal_names.no_names


class FactChange(NamedTuple):
    """A slot in which the texts state different things: `kind` is date, name or number; `at` is a word of the first."""

    kind: str
    a: str
    b: str
    at: int


class TextFacts(NamedTuple):
    """The names of a text and all its words, folded."""

    names: frozenset[str]
    words: frozenset[str]


def facts_of(words: TextWords) -> TextFacts:
    """The names and words of a text. A capital that only ever opens sentences makes no name."""
    capitals = {
        folded
        for word, folded, opens in zip(words.shown, words.folded, words.opens, strict=True)
        if not opens and word[0].isupper()
    }
    return TextFacts(frozenset(capitals - _NO_NAMES), frozenset(words.folded))


def stated_days(words: TextWords) -> set[str]:
    """The days of the calendar that a text states, as "december 11": they tie it to one event."""
    return {
        f"{words.folded[month]} {words.folded[day]}"
        for month in range(len(words.folded))
        if _is_month(words, month)
        for day in (month - 1, month + 1)
        if 0 <= day < len(words.folded) and words.folded[day].isdigit() and len(words.folded[day]) < 3
    }


def fact_changes(
    a: TextWords, b: TextWords, facts: tuple[TextFacts, TextFacts], gaps: Sequence[Gap]
) -> list[FactChange]:
    """What the two texts state differently in the same place, in text order.

    Dates and numbers count when the slot has other ones on each side; names when each side has one that
    the whole other text does not know, for a name may only have moved.
    """
    changes = list[FactChange]()
    for gap in gaps:
        if 0 < gap.a_end - gap.a <= SLOT and 0 < gap.b_end - gap.b <= SLOT:
            for kind in ("date", "name", "number"):
                left = list(_of_kind(a, facts[0], gap.a, gap.a_end, kind))
                right = list(_of_kind(b, facts[1], gap.b, gap.b_end, kind))
                if _differ(kind, left, right, facts):
                    changes.append(FactChange(kind, _unique_words(left), _unique_words(right), gap.a))
    return changes


def describe_changes(changes: Sequence[FactChange], kind: str) -> str:
    """The first differences of a kind, as "Nebraska / Ohio"; nothing where there is none."""
    differences = list(dict.fromkeys(f"{change.a} / {change.b}" for change in changes if change.kind == kind))
    more = f" and {len(differences) - SHOWN} more" if len(differences) > SHOWN else ""
    return f"{kind}s differ: {'; '.join(differences[:SHOWN])}{more}" if differences else ""


def _differ(kind: str, left: list[str], right: list[str], facts: tuple[TextFacts, TextFacts]) -> bool:
    if kind == "name":
        own_left = {name.casefold()[:STEM] for name in left if name.casefold() not in facts[1].words}
        own_right = {name.casefold()[:STEM] for name in right if name.casefold() not in facts[0].words}
        return bool(own_left - own_right and own_right - own_left)
    return bool(left and right and _folded(left) != _folded(right))


def _folded(words: Collection[str]) -> list[str]:
    return [word.casefold().replace(",", "") for word in words]


def _unique_words(words: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(words))


def _of_kind(words: TextWords, facts: TextFacts, start: int, end: int, kind: str) -> Iterator[str]:
    for position in range(start, end):
        if not words.shown[position][0].islower() and _kind(words, position, facts.names) == kind:
            yield words.shown[position]


def _kind(words: TextWords, position: int, names: Collection[str]) -> str:
    folded = words.folded[position]
    if folded[0].isdigit():
        return "date" if _in_date(words, position) else "number"
    if _is_month(words, position):
        return "date"
    return "name" if folded in names else ""


def _in_date(words: TextWords, position: int) -> bool:
    """A year, or the number of a day beside its month."""
    folded = words.folded[position]
    if len(folded) == 4 and folded.isdigit() and folded[:2] in ("18", "19", "20", "21"):
        return True
    beside = (position - 1, position + 1)
    return len(folded) < 3 and any(0 <= n < len(words.folded) and _is_month(words, n) for n in beside)


def _is_month(words: TextWords, position: int) -> bool:
    """A month with its capital; "May" and "March" only beside a number, since they also open questions."""
    folded = words.folded[position]
    if folded not in _MONTHS or not words.shown[position][0].isupper():
        return False
    neighbours = words.folded[max(0, position - 1) : position + 2]
    return folded not in ("may", "march") or any(word[0].isdigit() for word in neighbours)
