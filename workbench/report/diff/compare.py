"""Compare the named results of a report with those of its last good run, and split each difference by cause.

What changed between two runs of a report: its named results compared, and each difference split by cause.

A difference is beyond noise when the limits of the difference leave zero out, after one correction for all
results of the report. What a cause adds is what the results become when that input alone is changed, one
input after the other: the shares of a difference add up to it.

A report beside its last good run: what changed, and how much of it new documents alone would have changed.

Where both the documents and something else are new, the report is run once more over the days of the last
run: what differs between that and the last run cannot come from new documents.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from workbench.display.formatting import listed
from workbench.errors import WorkbenchError
from workbench.report.diff import attribution
from workbench.report.diff.attribution import LATE, NEW, Arrived
from workbench.report.files import write_file
from workbench.report.plan import ReportSpec, RunConfig
from workbench.report.results import NamedResult, ResultStamp, place, read_results
from workbench.selection.model import Selection

FALSE_ALARMS = 0.05  # of what is called beyond noise, at most so much is noise (Benjamini and Hochberg)
_Z = 1.959964  # the intervals of all our figures are 95 % intervals
KINDS = ("up", "down", "new", "gone", "words", "no interval", "within noise")  # in the order of the page
TOLD = ("up", "down", "new", "gone")  # what is worth a mail


@dataclass(frozen=True)
class ResultChange:
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


def compare(before: Sequence[NamedResult], after: Sequence[NamedResult]) -> tuple[list[ResultChange], int]:
    """Every result that differs, those that matter most first, and how many are the same.

    Two estimates with intervals are compared by the limits of their difference (Zou and Donner 2008), as if
    independent: where both rest on the same documents that is the careful side.
    """
    old, new = ({one.name: one for one in results} for results in (before, after))
    both = [(one, new[name]) for name, one in old.items() if name in new]
    q = _corrected({b.name: _p(a, b) for a, b in both})
    found = [_change(a, b, q.get(b.name)) for a, b in both if a.value != b.value]
    found += [ResultChange(name, "new", None, one.value) for name, one in new.items() if name not in old]
    found += [ResultChange(name, "gone", one.value, None) for name, one in old.items() if name not in new]
    same = sum(a.value == b.value for a, b in both)
    return sorted(found, key=_weight), same


def split(change: ResultChange, chain: Sequence[tuple[str, Sequence[NamedResult] | None]]) -> ResultChange:
    """The change with its shares by cause.

    `chain` begins with ("", results before) and ends with the results after; each step names the cause
    whose input it alone changed. Where the results between two steps are not known (None), or a result is
    missing among them, nobody can tell the shares of these steps.
    """
    states = [None if rows is None else _state(change, rows) for _, rows in chain]
    steps = zip(chain[1:], states, states[1:], strict=False)
    shares = {cause: None if None in (a, b) else b - a for (cause, _), a, b in steps}  # type: ignore[operator]
    return replace(change, shares=shares)


def difference_limits(before: NamedResult, after: NamedResult) -> tuple[float, float] | None:
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


def _p(before: NamedResult, after: NamedResult) -> float | None:
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
    from workbench.analysis.distributions import benjamini_hochberg

    return dict(zip(known, map(float, benjamini_hochberg(list(known.values()))), strict=True))


def _change(before: NamedResult, after: NamedResult, q: float | None) -> ResultChange:
    if isinstance(before.value, str) or isinstance(after.value, str):
        return ResultChange(after.name, "words", before.value, after.value)
    limits = difference_limits(before, after)
    if limits is None or q is None:
        return ResultChange(after.name, "no interval", before.value, after.value)
    kind = ("up" if after.value > before.value else "down") if q <= FALSE_ALARMS else "within noise"
    return ResultChange(after.name, kind, before.value, after.value, *limits, q)


def _weight(change: ResultChange) -> tuple[Any, ...]:
    """Beyond noise first, the surest first; then in the order of the page."""
    kind = 0 if change.kind in ("up", "down") else KINDS.index(change.kind)
    return kind, change.q if change.q is not None else 0.0


def _state(change: ResultChange, rows: Sequence[NamedResult]) -> float | None:
    """The result among these: its number, or for what is none whether it is as it is now (1) or not (0)."""
    there = [one.value for one in rows if one.name == change.name]
    if change.difference is not None:
        return there[0] if there and not isinstance(there[0], str) else None
    return float(there == [change.after] if change.kind == "words" else bool(there) is (change.kind == "new"))


# ---------------------------------------------------------------- a report beside its last good run: what changed, and how much of it new documents alone would have changed

Chain = list[tuple[str, Sequence[NamedResult] | None]]
Rerun = Callable[[Selection], list[NamedResult]]


@dataclass(frozen=True)
class Since:
    """What changed since the last good run; `before` is None for a first run, when there is nothing to compare.

    `causes` are the shares that each change has, `same` counts results that did not change, `came` the
    documents, `inputs` says what else is other, `note` why shares cannot be told.
    """

    name: str
    now: ResultStamp
    before: ResultStamp | None = None
    changes: tuple[ResultChange, ...] = ()
    same: int = 0
    causes: tuple[str, ...] = ()
    came: Arrived = field(default_factory=Arrived)
    inputs: tuple[str, ...] = ()
    note: str = ""

    @property
    def told(self) -> list[ResultChange]:
        """What changed beyond noise, is new or gone."""
        return [change for change in self.changes if change.kind in TOLD]

    def counts(self) -> dict[str, int]:
        """How many changes of each kind there are."""
        kinds = [change.kind for change in self.changes]
        return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}


def since_last(
    one: ReportSpec, setting: RunConfig, now: ResultStamp, results: Sequence[NamedResult], rerun: Rerun
) -> Since:
    """Compare a report's results with those of its last good run. `rerun` gives them over another selection."""
    last = read_results(one.before or place(setting.out, one.name))
    if last is None:
        return Since(one.name, now)
    before, old = last
    changes, same = compare(old, results)
    came, there = _came(before, now, one, setting)
    chain, note = _chain(last, (now, results), came, there, rerun if changes else None)
    return Since(
        one.name, now, before, tuple(split(change, chain) for change in changes), same,
        tuple(cause for cause, _ in chain[1:]), came, tuple(inputs(before, now)), note,
    )  # fmt: skip


def write_since(path: Path, since: Since, lines: Sequence[str]) -> None:
    """Keep what changed as JSON, `lines` being the same for people."""
    kept = {
        "report": since.name,
        "first": since.before is None,
        "since": since.before.made if since.before else None,
        "same": since.same,
        "counts": since.counts(),
        "documents": asdict(since.came),
        "inputs": list(since.inputs),
        "causes": list(since.causes),
        "note": since.note,
        "lines": list(lines),
        "changes": [asdict(change) | {"difference": change.difference} for change in since.changes],
    }
    write_file(path, json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


def read_lines(path: Path) -> tuple[str, ...]:
    """The lines that were kept; none when there is nothing that can be read."""
    try:
        return tuple(map(str, json.loads(path.read_text(encoding="utf-8"))["lines"]))
    except (OSError, ValueError, TypeError, KeyError):
        return ()


def changes_place(out: Path, name: str) -> Path:
    """Where the changes of a report lie."""
    return out / f"{name}.changes.json"


def _came(
    before: ResultStamp, now: ResultStamp, one: ReportSpec, setting: RunConfig
) -> tuple[Arrived, dict[str, attribution.Arrival]]:
    """The documents between two runs, and those of the old window as it is now."""
    if setting.documents is None or (
        before.corpus_version == now.corpus_version and not attribution.moved(before, now)
    ):
        return Arrived(), {}
    try:
        old = setting.documents.inside(attribution.last_days(before, now))
    except WorkbenchError:  # a value of the selection that no document has any more
        old = {}
    every = setting.documents.inside(Selection())
    return attribution.arrived(before, old, setting.documents.inside(one.select), every), old


def _chain(
    last: tuple[ResultStamp, list[NamedResult]],
    this: tuple[ResultStamp, Sequence[NamedResult]],
    came: Arrived,
    old: dict[str, attribution.Arrival],
    rerun: Rerun | None,
) -> tuple[Chain, str]:
    """From the last results to these, one cause after the other, and why some cannot be told apart.

    First what is no document: over those that were there then; then the late ones; then the new ones.
    """
    (before, then), (now, results) = last, this
    others = attribution.other_causes(before, now, came)
    world = bool(attribution.moved(before, now) or came.new or came.undated)
    chain: Chain = [("", then)]
    notes = []
    known: Sequence[NamedResult] | None = None
    if len(others) > 1 and LATE in others:
        known, why = _as_known_then(before, now, came, rerun)
        notes.append(why)
        if known is not None:
            others.remove(LATE)
            chain.append((listed(others), known))
    together = LATE if known is not None else listed(others)
    if len(others) > 1:
        said = listed(others)
        notes.append(f"{said[:1].upper()}{said[1:]} changed together; their shares cannot be told apart.")
    if together and world:
        middle, why = _without_new(before, now, old, came, rerun)
        notes.append(why)
        chain.append((together, middle))
    elif together:
        chain.append((together, results))
    if world or not together:
        chain.append((NEW, results))
    return chain, " ".join(filter(None, notes))


def _as_known_then(
    before: ResultStamp, now: ResultStamp, came: Arrived, rerun: Rerun | None
) -> tuple[list[NamedResult] | None, str]:
    """The results over the documents of the last run as they were then, or why they cannot be had."""
    if rerun is None:
        return None, ""
    if not came.known:
        return None, "Which documents came late nobody knows: the store was made anew since."
    if came.missing:
        return None, "Documents that changed or went are no longer there as they were."
    window = attribution.last_days(before, now).narrowed(arrived=before.made)
    try:
        return rerun(window), ""
    except WorkbenchError as error:
        return None, f"Over the documents of the last report alone, {error.problem}."


def _without_new(
    before: ResultStamp,
    now: ResultStamp,
    old: dict[str, attribution.Arrival],
    came: Arrived,
    rerun: Rerun | None,
) -> tuple[list[NamedResult] | None, str]:
    """The results without new documents, or why they cannot be had."""
    cannot = "How much new documents changed cannot be told: "
    if rerun is None:
        return None, ""
    if not came.known and not attribution.moved(before, now):
        return None, cannot + "the store was made anew since, so no arrival is known."
    window = attribution.again_over(before, now, old, came)
    if window is None:
        return None, cannot + "undated documents, or some of later days, were there before."
    try:
        return rerun(window), ""
    except WorkbenchError as error:
        return None, f"{cannot}over the days of the last report, {error.problem}."


def inputs(before: ResultStamp, now: ResultStamp) -> list[str]:
    """What other than documents is not what it was, in words."""
    said = []
    if names := attribution.changed_settings(before, now):
        said.append("settings: " + ", ".join(names))
    elif before.settings_digest != now.settings_digest:
        said.append("settings")
    versions = [
        f"{name} {before.packages.get(name, 'absent')} to {now.packages.get(name, 'absent')}"
        for name in sorted({*before.packages, *now.packages})
        if before.packages.get(name) != now.packages.get(name)
    ]
    own = ["analyst-workbench's own code"] if before.package != now.package else []
    if own or versions:
        said.append("program: " + ", ".join([*own, *versions]))
    if parts := attribution.changed_report(before, now):
        said.append("the report's own " + ", ".join(parts))
    return said
