"""The jobs on the index of reports: each with its state, its next slot, its runs and the trend of its key figures.

What the schedule says (slots that were missed, what comes next) is in `schedule.json`; what became of runs, by
schedule or by hand, is in the `run.json` of each.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench.figures.numbers import count, interval, plain_number
from workbench.report.index_runs import GOOD, Run, Trend, changed, read_runs_below, trends
from workbench.report.sparkline import sparkline

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
    runs: Sequence[Run],
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
    address = _link(row["report"] or page, "Open")
    cells = [
        _moment(row["last"] or "none yet"), _state(row["state"]), escape(row["why"]), escape(first["took"]),
        escape(first["changed"]), _moment(row["next"] or "none"), address + day if address else "",
    ]  # fmt: skip
    return _row(escape(name), cells)


def _one(name: str, rows: Sequence[Mapping[str, str]], runs: Sequence[Run], out: Path) -> str:
    """A job's trends in the open, its slots and runs folded; unfolded when one of them wants a look."""
    if not rows:
        return ""
    bad = sum(row["state"] in _ALARM for row in rows)
    words = f"{escape(name)}: last {len(rows)} slots" if len(rows) > 1 else f"{escape(name)}: its only slot"
    if bad:
        words += " wants a look" if len(rows) == 1 else f", {bad} of them want{'s' * (bad == 1)} a look"
    cells = [
        _row(
            _moment(row["slot"]),
            [
                _state(row["state"]), escape(row["why"]), _moment(row["window"]), escape(row["took"]),
                escape(row["changed"]), _open(row, out),
            ],
        )
        for row in rows
    ]  # fmt: skip
    table = _table(f"Slots of {name}", _SLOTS, cells)
    title = runs[0].title if runs else name
    head = f"<h3>{escape(title)}</h3>\n"
    return f"{head}{_trends(name, trends(runs))}<details{' open' * bool(bad)}><summary>{words}</summary>{table}</details>\n"


def _merged(slots: Sequence[Mapping[str, str]], runs: Sequence[Run], out: Path) -> list[dict[str, str]]:
    """The slots of the schedule, each with what its run says; then the runs that no slot asked for."""
    known = {run.slot: run for run in runs}
    rows = []
    for slot in slots:
        found = _of_run(known[slot["folder"]], out) if slot["folder"] in known else {}
        rows.append({**slot, **found, **{key: slot[key] for key in _SAID if slot[key]}})
    asked = {slot["folder"] for slot in slots}
    others = [_of_run(run, out) for run in runs if run.slot not in asked]
    return [*rows, *others][:SHOWN]


def _of_run(run: Run, out: Path) -> dict[str, str]:
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
    return _row(escape(one.name), cells)


def _open(row: Mapping[str, str], out: Path) -> str:
    """A link to a slot's report where it still stands, else to the page that shows why there is none."""
    if row["report"] and (out / row["report"]).is_file():
        return _link(row["report"], "Open")
    return _link(row.get("broken", ""), "What happened")


def _table(label: str, heads: Sequence[str], rows: Sequence[str]) -> str:
    head = "".join(f'<th scope="col">{word}</th>' for word in heads)
    body = "\n".join(rows)
    return (
        f'<div class="wb-scroll" role="group" tabindex="0" aria-label="{escape(label)}">'
        f'<table class="wb-index"><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>'
    )


def _row(head: str, cells: Sequence[str]) -> str:
    return f'<tr><th scope="row">{head}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _state(state: str) -> str:
    alarm = " wb-state-failed" if state in _ALARM else ""
    return f'<span class="wb-state{alarm}">{escape(state)}</span>'


def _moment(text: str) -> str:
    return f'<span class="wb-moment">{escape(text)}</span>'


def _name(run: Run | None) -> str:
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


def _link(page: str, word: str) -> str:
    return f'<a href="{quote(page)}">{word}</a>' if page else ""
