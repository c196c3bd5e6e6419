"""The runs of jobs as they lie below a reports folder, for the index: state, time taken, what changed, key figures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.report.changes import TOLD
from workbench.report.results import Named, place, read_results

GOOD = ("done", "reused", "degraded")
POINTS = 12  # of a trend: a quarter of a year of weeks


@dataclass(frozen=True)
class Run:
    """A run of a job: what its `run.json` says, and the pages of its reports that still stand, by report name.

    `broken` is the page of the first report that failed, with its traceback.
    """

    job: str
    title: str
    slot: str
    state: str
    reason: str
    window: str
    made: str
    seconds: float
    pages: Mapping[str, Path]
    titles: Mapping[str, str]
    broken: Path | None = None


def read_runs_below(out: Path) -> dict[str, list[Run]]:
    """The runs of each job below a reports folder, the last made first; what cannot be read is left out."""
    found: dict[str, list[Run]] = {}
    for path in sorted(out.glob("*/*/run.json")):
        if (run := _read(path)) is not None:
            found.setdefault(run.job, []).append(run)
    return {
        job: sorted(runs, key=lambda run: (run.made, run.slot), reverse=True) for job, runs in found.items()
    }


def changed(run: Run) -> str:
    """What changed with a run, in a few words; "" where nothing says."""
    kept = [_changes(page) for page in run.pages.values()] if run.state in ("done", "degraded") else []
    known = [one for one in kept if one is not None]
    if not known:
        return ""
    if all(one["first"] for one in known):
        return "first run"
    sums = {kind: sum(int(one["counts"].get(kind, 0)) for one in known) for kind in TOLD}
    return ", ".join(f"{n} {kind}" for kind, n in sums.items() if n) or "nothing beyond noise"


@dataclass(frozen=True)
class Trend:
    """A key figure over runs, the oldest first: (day, value, low, high)."""

    name: str
    points: tuple[tuple[str, float, float | None, float | None], ...]


def trends(runs: Sequence[Run]) -> list[Trend]:
    """The key figures of a job that are numbers, those of the newest report first, each over its last runs."""
    made: dict[str, list[tuple[str, float, float | None, float | None]]] = {}
    for run in [run for run in runs if run.state in ("done", "degraded")][:POINTS]:
        slot = f"{run.slot[:4]}-{run.slot[4:6]}-{run.slot[6:8]}" if run.slot[:8].isdigit() else run.made[:10]
        day = run.window.rpartition(" to ")[2] or slot
        for name, page in run.pages.items():
            for one in _key_figures(page):
                label = (
                    f"{run.titles.get(name, name).removeprefix(f'{run.title}: ')}: {one.name}"
                    if len(run.pages) > 1
                    else one.name
                )
                if not isinstance(one.value, str):
                    made.setdefault(label, []).append((day, one.value, one.low, one.high))
    return [Trend(name, tuple(reversed(points))) for name, points in made.items()]


def _key_figures(page: Path) -> list[Named]:
    kept = read_results(place(page.parent, page.stem))
    return [one for one in kept[1] if one.key] if kept else []


def _read(path: Path) -> Run | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        standing = [
            (one, path.parent / one["paths"]["html"])
            for one in kept["reports"]
            if (path.parent / one["paths"].get("html", "?")).is_file()
        ]
        pages = {str(one["name"]): page for one, page in standing if one["state"] in GOOD}
        broken = next((page for one, page in standing if one["state"] not in GOOD), None)
        titles = {str(one["name"]): str(one["title"]) for one in kept["reports"]}
        job, title, slot, state, reason, made = (
            str(kept[key]) for key in ("job", "title", "slot", "state", "reason", "made")
        )
        window = " to ".join(kept["window"]) if kept["window"] else ""
        return Run(
            job, title, slot, state, reason, window, made, float(kept["seconds"]), pages, titles, broken
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _changes(page: Path) -> dict[str, Any] | None:
    try:
        kept = json.loads(page.with_suffix(".changes.json").read_text(encoding="utf-8"))
        return {"first": bool(kept["first"]), "counts": dict(kept["counts"])}
    except (OSError, ValueError, TypeError, KeyError):
        return None
