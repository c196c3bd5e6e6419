"""Write the index of reports: jobs with their runs and trends, then every report made by hand.

reports/index.html: the jobs with their runs, then every report made by hand, with its state and duration.

The runs of jobs as they lie below a reports folder, for the index: state, time taken, what changed, key figures.

The jobs on the index of reports: each with its state, its next slot, its runs and the trend of its key figures.

What the schedule says (slots that were missed, what comes next) is in `schedule.json`; what became of runs, by
schedule or by hand, is in the `run.json` of each.

A line as high as a word: the course of a key figure over runs, with its interval and a text alternative.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench.display.formatting import count, interval, plain_number
from workbench.report.diff.compare import TOLD
from workbench.report.files import write_file
from workbench.report.page.frame import page_html
from workbench.report.records import ReportRecord, read_records
from workbench.report.results import NamedResult, place, read_results

_STATES = {"done": "good", "failed": "failed", "running": "not finished", "degraded": "degraded"}


def write_index(out: Path) -> Path:
    """Write the index of a report folder from its records; returns its path."""
    path = out / "index.html"
    write_file(path, page_html("Reports", _body(read_records(out), schedule_part(out))))
    return path


def _body(records: list[ReportRecord], schedule: str) -> str:
    newest = sorted(records, key=lambda record: (record.made, record.name), reverse=True)
    failed = sum(record.state not in ("done", "degraded") for record in newest)
    words = (
        f"{len(newest)} report"
        + ("" if len(newest) == 1 else "s")
        + (f", {failed} of them failed" if failed else "")
    )
    facts = f'<p class="wb-facts">{words}</p>'
    heads = "".join(
        f'<th scope="col">{word}</th>'
        for word in ("Report", "State", "Selection", "Parameters", "Made (UTC)", "Seconds", "Corpus")
    )
    rows = "\n".join(_row(record) for record in newest)
    table = (
        f'<div class="wb-scroll" role="group" tabindex="0" aria-label="Reports"><table class="wb-index">'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
        if newest
        else "<p>No report has been made here by hand yet.</p>"
        if schedule
        else "<p>No report has been made here yet.</p>"
    )
    if schedule:
        table = f"{schedule}<section><h2>Made by hand</h2>{facts}{table}</section>"
    return (
        f'<main class="wb-page wb-wide" id="top"><header class="wb-title"><h1>Reports</h1>'
        f"{'' if schedule else facts}</header>\n{table}</main>"
    )


def _row(record: ReportRecord) -> str:
    cells = [
        _state(record),
        escape(record.selection),
        escape(", ".join(f"{name} = {value}" for name, value in record.parameters.items()) or "defaults"),
        f'<span class="wb-state">{escape(record.made.replace("T", " ")[:16])}</span>',
        f"{record.seconds:.1f}",
        f"<code>{escape(record.corpus_version[:12])}</code>",
    ]
    return (
        f'<tr><th scope="row">{_link(record)}</th>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
    )


def _link(record: ReportRecord) -> str:
    title = escape(record.notebook.replace("_", " ").capitalize())
    good = f"{record.name}.html"
    return f'<a href="{quote(good)}">{title}</a>' if good in record.files else title


def _state(record: ReportRecord) -> str:
    """The state in a word; for a failure its reason, its page, and whether an earlier good report stands."""
    word = _STATES.get(record.state, record.state)
    if record.state == "done":
        return f'<span class="wb-state">{word}</span>'
    reason = escape(record.reason or "the program ended before the report was finished")
    page_link = f' <a href="{quote(record.page)}">See what happened.</a>' if record.page else ""
    since = (
        f" The report linked here is the last good one, of {escape(record.good_made[:10])}."
        if record.files
        else ""
    )
    return f'<span class="wb-state wb-state-failed">{word}</span>: {reason}.{page_link}{since}'


# ---------------------------------------------------------------- the runs of jobs as they lie below a reports folder, for the index: state, time taken, what changed, key figures

GOOD = ("done", "reused", "degraded")
POINTS = 12  # of a trend: a quarter of a year of weeks


@dataclass(frozen=True)
class IndexedRun:
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


def read_runs_below(out: Path) -> dict[str, list[IndexedRun]]:
    """The runs of each job below a reports folder, the last made first; what cannot be read is left out."""
    found: dict[str, list[IndexedRun]] = {}
    for path in sorted(out.glob("*/*/run.json")):
        if (run := _read(path)) is not None:
            found.setdefault(run.job, []).append(run)
    return {
        job: sorted(runs, key=lambda run: (run.made, run.slot), reverse=True) for job, runs in found.items()
    }


def changed(run: IndexedRun) -> str:
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


def trends(runs: Sequence[IndexedRun]) -> list[Trend]:
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


def _key_figures(page: Path) -> list[NamedResult]:
    kept = read_results(place(page.parent, page.stem))
    return [one for one in kept[1] if one.key] if kept else []


def _read(path: Path) -> IndexedRun | None:
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
        return IndexedRun(
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


# ---------------------------------------------------------------- the jobs on the index of reports: each with its state, its next slot, its runs and the trend of its key figures

STATE = "schedule.json"  # in the reports folder, written by the schedule
SHOWN = 8  # slots of each job
FIGURES = 8  # key figures of each job in the open; a sweep may have hundreds
_ALARM = ("failed", "missed", "degraded", "unreadable")
_HEADS = ("Job", "Last slot", "State", "Why", "Took", "What changed", "Next slot", "Last good")
_SAID = ("slot", "state", "why", "report")  # of a slot, what the schedule knows better than its run
_SLOTS = ("Slot", "State", "Why", "Days reported", "Took", "What changed", "Report")


def schedule_part(out: Path) -> str:
    """The section about the jobs of a report folder; "" where there is neither a schedule nor a run to be read."""
    runs = read_runs_below(out)
    told = _told(out)
    jobs = {str(row["job"]): row for row in told["jobs"]}
    names = list(dict.fromkeys([*jobs, *told["slots"], *sorted(runs)]))
    if not names:
        return ""
    made = (
        f'<p class="wb-facts">Schedule as of {escape(str(told["made"]).replace("T", " ")[:16])} UTC</p>\n'
        if jobs
        else ""
    )
    rows = {name: _merged(told["slots"].get(name, []), runs.get(name, []), out) for name in names}
    lines = [
        _job(name, jobs.get(name), rows[name], runs.get(name, []), out)
        for name in names
        if name in jobs or name in runs
    ]
    parts = [_one(name, rows[name], runs.get(name, []), out) for name in names]
    return f"<section><h2>Jobs</h2>{made}{_table('Jobs', _HEADS, lines)}\n{''.join(parts)}</section>\n"


def _told(out: Path) -> dict[str, Any]:
    """What the schedule says, checked as far as it is used; nothing where it cannot be read."""
    nothing: dict[str, Any] = {"jobs": [], "slots": {}, "made": ""}
    try:
        told = json.loads((out / STATE).read_text(encoding="utf-8"))
        keys = ("job", "last", "state", "why", "report", "next")
        jobs = [{key: str(row[key] or "") for key in keys} for row in told["jobs"]]
        slots = {
            str(name): [_slot(row) for row in rows[:SHOWN]] for name, rows in told["slots"].items() if rows
        }
        return {"jobs": jobs, "slots": slots, "made": str(told["made"])}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return nothing


def _slot(row: Mapping[str, Any]) -> dict[str, str]:
    """A slot of the schedule in words; `folder` is the name of its run's folder."""
    found = {key: str(row[key] or "") for key in ("slot", "state", "why", "window", "report")}
    seconds = row.get("seconds")
    return found | {
        "folder": str(row.get("utc", "")).replace("-", "").replace(":", ""),
        "took": _took(float(seconds)) if seconds else "", "changed": "",
    }  # fmt: skip


def _job(
    name: str,
    told: Mapping[str, str] | None,
    rows: Sequence[Mapping[str, str]],
    runs: Sequence[IndexedRun],
    out: Path,
) -> str:
    """The line of a job: as the schedule tells it, else as its last run does."""
    row = dict(told or {"last": "", "state": "", "why": "", "next": "not scheduled", "report": ""})
    first = rows[0] if rows else {"took": "", "changed": ""}
    if not row["last"] and runs:
        row |= {"last": _name(runs[0]), "state": runs[0].state, "why": runs[0].reason}
    shown = [run for run in runs if run.state in GOOD and run.pages]
    good = next((run for run in shown if run.state != "degraded"), shown[0] if shown else None)
    page = _below(next(iter(good.pages.values())), out) if good else ""
    words = (
        f"degraded, {good.made[:10]}" if good and good.state == "degraded" else good.made[:10] if good else ""
    )
    day = f' <span class="wb-moment">{escape(words)}</span>' if good else ""
    address = _link_index_schedule(row["report"] or page, "Open")
    cells = [
        _moment(row["last"] or "none yet"), _state_index_schedule(row["state"]), escape(row["why"]), escape(first["took"]),
        escape(first["changed"]), _moment(row["next"] or "none"), address + day if address else "",
    ]  # fmt: skip
    return _row_index_schedule(escape(name), cells)


def _one(name: str, rows: Sequence[Mapping[str, str]], runs: Sequence[IndexedRun], out: Path) -> str:
    """A job's trends in the open, its slots and runs folded; unfolded when one of them wants a look."""
    if not rows:
        return ""
    bad = sum(row["state"] in _ALARM for row in rows)
    words = f"{escape(name)}: last {len(rows)} slots" if len(rows) > 1 else f"{escape(name)}: its only slot"
    if bad:
        words += " wants a look" if len(rows) == 1 else f", {bad} of them want{'s' * (bad == 1)} a look"
    cells = [
        _row_index_schedule(
            _moment(row["slot"]),
            [
                _state_index_schedule(row["state"]), escape(row["why"]), _moment(row["window"]), escape(row["took"]),
                escape(row["changed"]), _open(row, out),
            ],
        )
        for row in rows
    ]  # fmt: skip
    table = _table(f"Slots of {name}", _SLOTS, cells)
    title = runs[0].title if runs else name
    head = f"<h3>{escape(title)}</h3>\n"
    return f"{head}{_trends(name, trends(runs))}<details{' open' * bool(bad)}><summary>{words}</summary>{table}</details>\n"


def _merged(
    slots: Sequence[Mapping[str, str]], runs: Sequence[IndexedRun], out: Path
) -> list[dict[str, str]]:
    """The slots of the schedule, each with what its run says; then the runs that no slot asked for."""
    known = {run.slot: run for run in runs}
    rows = []
    for slot in slots:
        found = _of_run(known[slot["folder"]], out) if slot["folder"] in known else {}
        rows.append({**slot, **found, **{key: slot[key] for key in _SAID if slot[key]}})
    asked = {slot["folder"] for slot in slots}
    others = [_of_run(run, out) for run in runs if run.slot not in asked]
    return [*rows, *others][:SHOWN]


def _of_run(run: IndexedRun, out: Path) -> dict[str, str]:
    page = next(iter(run.pages.values()), None)
    return {
        "slot": _name(run), "state": run.state, "why": run.reason, "window": run.window,
        "took": _took(run.seconds), "changed": changed(run), "report": _below(page, out) if page else "",
        "broken": _below(run.broken, out) if run.broken else "",
    }  # fmt: skip


def _trends(name: str, found: Sequence[Trend]) -> str:
    """The key figures of a job with their course; those past the first few are folded."""
    if not found:
        return ""
    rows = [_trend(one) for one in found]
    heads = ("Key figure", "Course, on a scale of its own", "Last", "Before")
    table = _table(f"Key figures of {name}", heads, rows[:FIGURES])
    if more := rows[FIGURES:]:
        rest = _table(f"More key figures of {name}", heads, more)
        table += f"<details><summary>{count(len(more), 'more key figure')}</summary>{rest}</details>"
    return table


def _trend(one: Trend) -> str:
    _, value, low, high = one.points[-1]
    limits = f" {interval(low, high)}" if low is not None and high is not None else ""
    before = plain_number(one.points[-2][1]) if len(one.points) > 1 else "–"
    last = f'<span class="wb-moment">{plain_number(value)}{limits}</span>'
    cells = [sparkline(one.name, one.points), last, before]
    return _row_index_schedule(escape(one.name), cells)


def _open(row: Mapping[str, str], out: Path) -> str:
    """A link to a slot's report where it still stands, else to the page that shows why there is none."""
    if row["report"] and (out / row["report"]).is_file():
        return _link_index_schedule(row["report"], "Open")
    return _link_index_schedule(row.get("broken", ""), "What happened")


def _table(label: str, heads: Sequence[str], rows: Sequence[str]) -> str:
    head = "".join(f'<th scope="col">{word}</th>' for word in heads)
    body = "\n".join(rows)
    return (
        f'<div class="wb-scroll" role="group" tabindex="0" aria-label="{escape(label)}">'
        f'<table class="wb-index"><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>'
    )


def _row_index_schedule(head: str, cells: Sequence[str]) -> str:
    return f'<tr><th scope="row">{head}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _state_index_schedule(state: str) -> str:
    alarm = " wb-state-failed" if state in _ALARM else ""
    return f'<span class="wb-state{alarm}">{escape(state)}</span>'


def _moment(text: str) -> str:
    return f'<span class="wb-moment">{escape(text)}</span>'


def _name(run: IndexedRun | None) -> str:
    """When a run was for: its slot in UTC, or when it was made by hand."""
    if run is None:
        return ""
    if run.slot == "manual":
        return f"by hand, {run.made.replace('T', ' ')[:16]} UTC"
    slot = run.slot
    return f"{slot[:4]}-{slot[4:6]}-{slot[6:8]} {slot[9:11]}:{slot[11:13]} UTC" if len(slot) == 14 else slot


def _took(seconds: float) -> str:
    return f"{seconds:.1f}\u202fs" if seconds < 120 else f"{seconds / 60:.0f}\u202fmin"


def _below(page: Path, out: Path) -> str:
    return os.path.relpath(page, out).replace(os.sep, "/")


def _link_index_schedule(page: str, word: str) -> str:
    return f'<a href="{quote(page)}">{word}</a>' if page else ""


# ---------------------------------------------------------------- a line as high as a word: the course of a key figure over runs, with its interval and a text alternative

WIDTH, HEIGHT, EDGE = 132, 30, 4  # user units, as many pixels
Point = tuple[str, float, float | None, float | None]


def sparkline(name: str, points: Sequence[Point]) -> str:
    """The SVG of (day, value, low, high), the oldest first, on a scale of its own."""
    values = [value for _, value, _, _ in points]
    limits = [limit for _, _, low, high in points for limit in (low, high) if limit is not None]
    lowest, highest = min(values + limits), max(values + limits)

    def x(k: int) -> float:
        return round(EDGE + (WIDTH - 2 * EDGE) * (k / (len(points) - 1) if len(points) > 1 else 1), 1)

    def y(value: float) -> float:
        share = (value - lowest) / (highest - lowest) if highest > lowest else 0.5
        return round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * share, 1)

    line = " ".join(f"{x(k)},{y(value)}" for k, value in enumerate(values))
    return (
        f'<svg class="wb-spark" role="img" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'aria-label="{escape(in_words(name, points))}">'
        + "".join(
            f'<line class="wb-spark-limits" x1="{x(k)}" x2="{x(k)}" y1="{y(low)}" y2="{y(high)}"/>'
            for k, (_, _, low, high) in enumerate(points)
            if low is not None and high is not None
        )
        + (f'<polyline points="{line}"/>' if len(points) > 1 else "")
        + f'<circle cx="{x(len(points) - 1)}" cy="{y(values[-1])}" r="2.6"/></svg>'
    )


def in_words(name: str, points: Sequence[Point]) -> str:
    """What the line shows: `documents in 3 runs, 2015-12-06 to 2015-12-20: 3, 4, 2`."""
    said = ", ".join(plain_number(value) for _, value, _, _ in points)
    days = points[0][0] if len(points) == 1 else f"{points[0][0]} to {points[-1][0]}"
    return f"{name} in {count(len(points), 'run')}, {days}: {said}"
