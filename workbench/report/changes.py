"""What changed between two runs of a report: its named results compared, and each difference split by cause.

A difference is beyond noise when the limits of the difference leave zero out, after one correction for all
results of the report. What a cause adds is what the results become when that input alone is changed, one
input after the other: the shares of a difference add up to it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workbench.report.results import Named

FALSE_ALARMS = 0.05  # of what is called beyond noise, at most so much is noise (Benjamini and Hochberg)
_Z = 1.959964  # the intervals of all our figures are 95 % intervals
KINDS = ("up", "down", "new", "gone", "words", "no interval", "within noise")  # in the order of the page
TOLD = ("up", "down", "new", "gone")  # what is worth a mail


@dataclass(frozen=True)
class Change:
    """A result that is not what it was.

    `kind` is up or down (beyond noise), within noise, no interval (a number differs, and nothing says how
    much it varies by chance), words (a text differs), new or gone. `low` and `high` are the limits of the
    difference, `q` its corrected p value. `shares` says by cause how much of the difference it made, None
    where that cannot be told; for new, gone and words it is 1 for the cause with which it came, else 0.
    """

    name: str
    kind: str
    before: float | str | None
    after: float | str | None
    low: float | None = None
    high: float | None = None
    q: float | None = None
    shares: Mapping[str, float | None] = field(default_factory=dict)

    @property
    def difference(self) -> float | None:
        """After minus before; None unless both are numbers."""
        if isinstance(self.before, str) or isinstance(self.after, str):
            return None
        return None if self.before is None or self.after is None else self.after - self.before


def compare(before: Sequence[Named], after: Sequence[Named]) -> tuple[list[Change], int]:
    """Every result that differs, those that matter most first, and how many are the same.

    Two estimates with intervals are compared by the limits of their difference (Zou and Donner 2008), as if
    independent: where both rest on the same documents that is the careful side.
    """
    old, new = ({one.name: one for one in results} for results in (before, after))
    both = [(one, new[name]) for name, one in old.items() if name in new]
    q = _corrected({b.name: _p(a, b) for a, b in both})
    found = [_change(a, b, q.get(b.name)) for a, b in both if a.value != b.value]
    found += [Change(name, "new", None, one.value) for name, one in new.items() if name not in old]
    found += [Change(name, "gone", one.value, None) for name, one in old.items() if name not in new]
    same = sum(a.value == b.value for a, b in both)
    return sorted(found, key=_weight), same


def split(change: Change, chain: Sequence[tuple[str, Sequence[Named] | None]]) -> Change:
    """The change with its shares by cause.

    `chain` begins with ("", results before) and ends with the results after; each step names the cause
    whose input it alone changed. Where the results between two steps are not known (None), or a result is
    missing among them, nobody can tell the shares of these steps.
    """
    states = [None if rows is None else _state(change, rows) for _, rows in chain]
    steps = zip(chain[1:], states, states[1:], strict=False)
    shares = {cause: None if None in (a, b) else b - a for (cause, _), a, b in steps}  # type: ignore[operator]
    return replace(change, shares=shares)


def difference_limits(before: Named, after: Named) -> tuple[float, float] | None:
    """95 % limits of after minus before from the two intervals; None where one has none.

    >>> limits = difference_limits(Named("x", 10.0, 7.0, 14.0), Named("x", 20.0, 16.0, 23.0))
    >>> tuple(round(limit, 2) for limit in limits)
    (4.34, 14.24)
    """
    if isinstance(before.value, str) or isinstance(after.value, str):
        return None
    if None in (before.low, before.high, after.low, after.high):
        return None
    assert before.low is not None
    assert before.high is not None
    assert after.low is not None
    assert after.high is not None
    d = after.value - before.value
    below = math.hypot(after.value - after.low, before.high - before.value)
    above = math.hypot(after.high - after.value, before.value - before.low)
    return (d - below, d + above) if below > 0 and above > 0 else None


def _p(before: Named, after: Named) -> float | None:
    """Two-sided p value of the difference, from the limit that lies toward zero."""
    limits = difference_limits(before, after)
    if limits is None:
        return None
    assert not isinstance(before.value, str)
    assert not isinstance(after.value, str)
    d = after.value - before.value
    toward = d - limits[0] if d > 0 else limits[1] - d
    return math.erfc(abs(d) / (toward / _Z) / math.sqrt(2))


def _corrected(p: Mapping[str, float | None]) -> dict[str, float]:
    """Benjamini and Hochberg's q for each result that has a p value."""
    known = {name: value for name, value in p.items() if value is not None}
    if not known:
        return {}
    from workbench.analysis.tails import benjamini_hochberg  # brings numpy, which a first run does not need

    return dict(zip(known, map(float, benjamini_hochberg(list(known.values()))), strict=True))


def _change(before: Named, after: Named, q: float | None) -> Change:
    if isinstance(before.value, str) or isinstance(after.value, str):
        return Change(after.name, "words", before.value, after.value)
    limits = difference_limits(before, after)
    if limits is None or q is None:
        return Change(after.name, "no interval", before.value, after.value)
    kind = ("up" if after.value > before.value else "down") if q <= FALSE_ALARMS else "within noise"
    return Change(after.name, kind, before.value, after.value, *limits, q)


def _weight(change: Change) -> tuple[Any, ...]:
    """Beyond noise first, the surest first; then in the order of the page."""
    kind = 0 if change.kind in ("up", "down") else KINDS.index(change.kind)
    return kind, change.q if change.q is not None else 0.0


def _state(change: Change, rows: Sequence[Named]) -> float | None:
    """The result among these: its number, or for what is none whether it is as it is now (1) or not (0)."""
    there = [one.value for one in rows if one.name == change.name]
    if change.difference is not None:
        return there[0] if there and not isinstance(there[0], str) else None
    return float(there == [change.after] if change.kind == "words" else bool(there) is (change.kind == "new"))
