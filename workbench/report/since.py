"""A report beside its last good run: what changed, and how much of it new documents alone would have changed.

Where both the documents and something else are new, the report is run once more over the days of the last
run: what differs between that and the last run cannot come from new documents.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.figures.numbers import listed
from workbench.report import causes
from workbench.report.causes import LATE, NEW, Arrived
from workbench.report.changes import TOLD, Change, compare, split
from workbench.report.files import write_whole
from workbench.report.plan import Book, Setting
from workbench.report.results import Named, Stamp, place, read_results
from workbench.selection import Selection

Chain = list[tuple[str, Sequence[Named] | None]]
Rerun = Callable[[Selection], list[Named]]


@dataclass(frozen=True)
class Since:
    """What changed since the last good run; `before` is None for a first run, when there is nothing to compare.

    `causes` are the shares that each change has, `same` counts results that did not change, `came` the
    documents, `inputs` says what else is other, `note` why shares cannot be told.
    """

    name: str
    now: Stamp
    before: Stamp | None = None
    changes: tuple[Change, ...] = ()
    same: int = 0
    causes: tuple[str, ...] = ()
    came: Arrived = field(default_factory=Arrived)
    inputs: tuple[str, ...] = ()
    note: str = ""

    @property
    def told(self) -> list[Change]:
        """What changed beyond noise, is new or gone."""
        return [change for change in self.changes if change.kind in TOLD]

    def counts(self) -> dict[str, int]:
        """How many changes of each kind there are."""
        kinds = [change.kind for change in self.changes]
        return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}


def since_last(one: Book, setting: Setting, now: Stamp, results: Sequence[Named], rerun: Rerun) -> Since:
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
    write_whole(path, json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


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
    before: Stamp, now: Stamp, one: Book, setting: Setting
) -> tuple[Arrived, dict[str, causes.Arrival]]:
    """The documents between two runs, and those of the old window as it is now."""
    if setting.documents is None or (
        before.corpus_version == now.corpus_version and not causes.moved(before, now)
    ):
        return Arrived(), {}
    try:
        old = setting.documents.inside(causes.last_days(before, now))
    except WorkbenchError:  # a value of the selection that no document has any more
        old = {}
    every = setting.documents.inside(Selection())
    return causes.arrived(before, old, setting.documents.inside(one.select), every), old


def _chain(
    last: tuple[Stamp, list[Named]],
    this: tuple[Stamp, Sequence[Named]],
    came: Arrived,
    old: dict[str, causes.Arrival],
    rerun: Rerun | None,
) -> tuple[Chain, str]:
    """From the last results to these, one cause after the other, and why some cannot be told apart.

    First what is no document: over those that were there then; then the late ones; then the new ones.
    """
    (before, then), (now, results) = last, this
    others = causes.other_causes(before, now, came)
    world = bool(causes.moved(before, now) or came.new or came.undated)
    chain: Chain = [("", then)]
    notes = []
    known: Sequence[Named] | None = None
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
    before: Stamp, now: Stamp, came: Arrived, rerun: Rerun | None
) -> tuple[list[Named] | None, str]:
    """The results over the documents of the last run as they were then, or why they cannot be had."""
    if rerun is None:
        return None, ""
    if not came.known:
        return None, "Which documents came late nobody knows: the store was made anew since."
    if came.missing:
        return None, "Documents that changed or went are no longer there as they were."
    window = causes.last_days(before, now).narrowed(arrived=before.made)
    try:
        return rerun(window), ""
    except WorkbenchError as error:
        return None, f"Over the documents of the last report alone, {error.problem}."


def _without_new(
    before: Stamp, now: Stamp, old: dict[str, causes.Arrival], came: Arrived, rerun: Rerun | None
) -> tuple[list[Named] | None, str]:
    """The results without new documents, or why they cannot be had."""
    cannot = "How much new documents changed cannot be told: "
    if rerun is None:
        return None, ""
    if not came.known and not causes.moved(before, now):
        return None, cannot + "the store was made anew since, so no arrival is known."
    window = causes.again_over(before, now, old, came)
    if window is None:
        return None, cannot + "undated documents, or some of later days, were there before."
    try:
        return rerun(window), ""
    except WorkbenchError as error:
        return None, f"{cannot}over the days of the last report, {error.problem}."


def inputs(before: Stamp, now: Stamp) -> list[str]:
    """What other than documents is not what it was, in words."""
    said = []
    if names := causes.changed_settings(before, now):
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
    if parts := causes.changed_report(before, now):
        said.append("the report's own " + ", ".join(parts))
    return said
