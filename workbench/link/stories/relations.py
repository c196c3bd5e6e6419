"""What two documents that share words are to each other, and the reasons in words.

The order of the questions matters, and the costly mistake is a form letter taken for a copy: whatever
speaks for another event (other dates, names or titles in the same frame, a long time between) is asked
before anything that would join the two.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.languages import default_language
from workbench.link.stories.alignment import Gap, SharedRun, TextWords, align, gaps_between
from workbench.link.stories.fact_differences import (
    FactChange,
    TextFacts,
    describe_changes,
    fact_changes,
    stated_days,
)
from workbench.link.stories.shingles import longest_run

_LANGUAGE = default_language()

SAME, UPDATE, CONTAINS = "same text", "update", "contains"
PASSAGE, TEMPLATE, COMPANION = "shared passage", "template", "companion"

NEAR = 3  # days within which a story is carried on; a wire's week-end edition comes within two
ALL = 0.9  # share of words above which a text is there whole, but for corrections
SENTENCE = 20  # words added in one place: more than a correction
FRAME = 0.25  # share of the shorter text that is a form's fixed words; lists fill the rest
BALANCED = 0.7  # share of both texts above which differing names mean a form rather than rewriting
PASSED = 25  # words in a row: a paragraph of background, or a quotation
LONG = 40  # words in a row between texts that share hardly more: below lie formulas of office and of courtesy
BLOCK = 0.5  # share of what is common that lies in one run: a passage; a form's words lie scattered
FORM = 250  # words: a form letter that names no day runs to less; a longer text word for word is a copy
LEAD = 40  # words that open a story and say what happened
TOLD = 0.7  # share of the lead's words found in the other's opening: the same event told again
KEPT = 0.5  # share of both texts in common that makes an update although its lead is new
CARRIED = 2  # days within which a story is told again; what comes later is the next story
VERBATIM = 0.97  # share of both texts above which nothing but marks and slips differs
BARE = 60  # words below which a text is a greeting and a link: its title says what it is
ALIKE = 0.8  # of two titles
LITTLE = 0.1  # share of the shorter text below which two texts have only phrases in common

SEVERAL = 3  # names that differ in texts that share most words; fewer may be the writer and a correction
OPENING = 3  # words of a title that may say its kind: "Letter to the Speaker", "Press Release: Notice on"
_FORMS = _LANGUAGE.page.title_forms

_ORDINAL = re.compile(_LANGUAGE.calendar.ordinal)

_DULL = _LANGUAGE.vocabulary.dull


class ComparableDocument(NamedTuple):
    """A document ready to be compared."""

    body: TextWords
    title: TextWords
    facts: TextFacts
    date: str | None


class Comparison(NamedTuple):
    """Two documents side by side: shared runs, what lies between, what is filled in differently."""

    runs: list[SharedRun]
    gaps: list[Gap]
    swaps: list[FactChange]
    share_a: float
    share_b: float
    days: int | None


class StoryRelation(NamedTuple):
    """A row of the pairs table without its documents."""

    relation: str
    share_a: float
    share_b: float
    why: str


def relate(a: ComparableDocument, b: ComparableDocument) -> StoryRelation | None:
    """What `a` and `b` are to each other; None when they have no more than phrases in common."""
    if not a.body.folded or not b.body.folded:
        return None
    comparison = compare(a, b)
    decided = _decide(a, b, comparison)
    if decided is None:
        return None
    relation, reason = decided
    return StoryRelation(relation, comparison.share_a, comparison.share_b, _explanation(comparison, reason))


def passage_relation(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> StoryRelation | None:
    """The relation of two documents of which little is shared: a passage, or None.

    In: for each text, which of its words stand in a shared run of five.
    """
    run = longest_run(a)
    if run < PASSED:
        return None
    return StoryRelation(
        PASSAGE, round(float(a.mean()), 3), round(float(b.mean()), 3), f"{run} words in a row, little else"
    )


def compare(a: ComparableDocument, b: ComparableDocument) -> Comparison:
    """The two texts aligned. Shares are of the words of each."""
    runs = align(a.body.folded, b.body.folded)
    gaps = list(gaps_between(runs, len(a.body.folded), len(b.body.folded)))
    common = sum(run.length for run in runs)
    return Comparison(
        runs,
        gaps,
        fact_changes(a.body, b.body, (a.facts, b.facts), gaps),
        round(common / len(a.body.folded), 3),
        round(common / len(b.body.folded), 3),
        days_between(a.date, b.date),
    )


def days_between(a: str | None, b: str | None) -> int | None:
    """Days from one date to the other; None where either is not known to the day."""
    try:
        return abs((date.fromisoformat(a or "") - date.fromisoformat(b or "")).days)
    except ValueError:
        return None


def _decide(a: ComparableDocument, b: ComparableDocument, comparison: Comparison) -> tuple[str, str] | None:
    most, least = max(comparison.share_a, comparison.share_b), min(comparison.share_a, comparison.share_b)
    far = comparison.days is not None and comparison.days > NEAR
    other = _other_event(a, b, comparison, far=far)
    if other:
        filled_in = least >= BALANCED and any(change.kind != "number" for change in comparison.swaps)
        if _is_block(comparison) and not filled_in and len(comparison.runs) > 1:
            return PASSAGE, other
        if most >= FRAME or (most >= LITTLE and title_likeness(a, b) >= ALIKE):
            return TEMPLATE, other
    elif least >= ALL and not any(_size(gap) > SENTENCE for gap in comparison.gaps):
        return SAME, "nothing longer than a correction differs"
    elif most >= ALL and _longest(comparison) >= ALL * min(len(a.body.folded), len(b.body.folded)):
        return CONTAINS, "the shorter text stands in the longer one in one piece"
    elif least >= LITTLE and not far and _is_update(a, b, comparison):
        return UPDATE, "the same event told again with other sentences"
    elif most >= ALL and not far:
        return CONTAINS, "the shorter text stands in the longer one"
    if _longest(comparison) >= PASSED:
        return PASSAGE, f"{_longest(comparison)} words in a row"
    if most >= LITTLE and not far and title_likeness(a, b) >= ALIKE / 2:
        return COMPANION, "like titles, few words in common"
    return None


def _other_event(a: ComparableDocument, b: ComparableDocument, comparison: Comparison, *, far: bool) -> str:
    """What says that the texts speak of different events; empty when nothing does."""
    dates = [change for change in comparison.swaps if change.kind == "date"]
    names = [change for change in comparison.swaps if change.kind == "name"]
    balanced = min(comparison.share_a, comparison.share_b) >= BALANCED
    words = max(len(a.body.folded), len(b.body.folded))
    titled = a.title.folded or b.title.folded
    if words < BARE and (comparison.days or (titled and title_likeness(a, b) < ALIKE)):
        return "too few words to tell one event from another"
    if far:
        if comparison.swaps or title_slot(a, b):
            return "other facts in the same words, days apart"
        if min(comparison.share_a, comparison.share_b) < VERBATIM:
            return "" if _is_block(comparison) and not balanced else "the same frame, days apart"
        pinned = stated_days(a.body) & stated_days(b.body)
        return "the same words again, and no date in them" if words < FORM and not pinned else ""
    if dates and min(comparison.share_a, comparison.share_b) >= FRAME:
        return "other dates in the same words"
    if title_slot(a, b):
        return "other names in like titles"
    if any(change.at < LEAD for change in names):
        return "other names in the opening"
    several = 1 if title_form(a.title) else SEVERAL
    return "other names in the same words" if balanced and len(names) >= several else ""


def _is_update(a: ComparableDocument, b: ComparableDocument, comparison: Comparison) -> bool:
    """Whether two texts of the same kind and days open with the same event, or keep most of their words."""
    keeps_words = min(comparison.share_a, comparison.share_b) >= KEPT
    if (comparison.days or 0) > CARRIED or title_form(a.title) != title_form(b.title):
        return False
    if title_form(
        a.title
    ):  # orders, letters, readouts of one day share frames; versions share their title too
        return keeps_words and title_likeness(a, b) >= ALIKE
    if keeps_words:
        return True
    return max(_opening_overlap(a, b), _opening_overlap(b, a)) >= TOLD


def title_form(title: TextWords) -> str:
    """The kind of text that a title says it is: a letter about an order is no version of the order."""
    opening = " ".join(title.folded[:OPENING])
    return next((name for name in _FORMS if re.search(rf"\b{name}s?\b", opening)), "")


def _opening_overlap(a: ComparableDocument, b: ComparableDocument) -> float:
    """Share of the content words that open `a` that are found in the opening of `b`, twice as long."""
    opening = _stems(a.body.folded[:LEAD])
    return len(opening & _stems(b.body.folded[: 2 * LEAD])) / len(opening) if opening else 0.0


def title_likeness(a: ComparableDocument, b: ComparableDocument) -> float:
    """How alike the titles are, 0 to 1; 0 without a title."""
    return likeness(a.title.folded, b.title.folded)


def likeness(a: list[str], b: list[str]) -> float:
    """Dice coefficient of the content words of two lists of words, cut to five letters."""
    left, right = _stems(a), _stems(b)
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0


def title_slot(a: ComparableDocument, b: ComparableDocument) -> bool:
    """Whether like titles hold different names or numbers: each has one that the other has not."""
    if title_likeness(a, b) < ALIKE / 2:
        return False
    left, right = _title_names(a, b), _title_names(b, a)
    return bool(left - set(b.title.folded)) and bool(right - set(a.title.folded))


def _title_names(read: ComparableDocument, other: ComparableDocument) -> set[str]:
    names = read.facts.names | other.facts.names
    return {word for word in read.title.folded if word in names or _ORDINAL.fullmatch(word)}


def _stems(words: list[str]) -> set[str]:
    return {word[:5] for word in words if word not in _DULL}


def _is_block(comparison: Comparison) -> bool:
    """Whether most of what is shared lies in one run."""
    common = sum(run.length for run in comparison.runs)
    return _longest(comparison) >= max(PASSED, BLOCK * common)


def _longest(comparison: Comparison) -> int:
    return max((run.length for run in comparison.runs), default=0)


def _size(gap: Gap) -> int:
    return max(gap.a_end - gap.a, gap.b_end - gap.b)


def _explanation(comparison: Comparison, reason: str) -> str:
    days = "days between unknown" if comparison.days is None else f"{comparison.days} days apart"
    parts = [reason, f"{comparison.share_a:.0%} and {comparison.share_b:.0%} of the words shared", days]
    parts += [
        text for kind in ("name", "date", "number") if (text := describe_changes(comparison.swaps, kind))
    ]
    return "; ".join(parts)
