"""The schedule on the index of reports: each job, its last slots with state and reason, the missed ones too."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

STATE = "schedule.json"  # in the reports folder, written by the schedule
SHOWN = 8  # slots of each job
_ALARM = ("failed", "missed", "degraded", "unreadable")


def schedule_part(out: Path) -> str:
    """The section about the schedule of a report folder; "" where there is none, or none that can be read."""
    try:
        told = json.loads((out / STATE).read_text(encoding="utf-8"))
        if not told["jobs"]:
            return ""
        jobs = [_job(row) for row in told["jobs"]]
        slots = [_slots(name, rows[:SHOWN], out) for name, rows in told["slots"].items() if rows]
        made = escape(str(told["made"]).replace("T", " ")[:16])
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return ""
    heads = ("Job", "Last slot", "State", "Why", "Next slot", "Last good")
    return (
        f'<section><h2>Schedule</h2><p class="wb-facts">As of {made} UTC</p>\n'
        f"{_table('Jobs', heads, jobs)}\n{''.join(slots)}</section>\n"
    )


def _job(row: Mapping[str, Any]) -> str:
    cells = [
        _moment(row["last"] or "none yet"), _state(row["state"]), escape(row["why"]), _moment(row["next"] or "none"),
        _link(row["report"], "Open"),
    ]  # fmt: skip
    return _row(escape(row["job"]), cells)


def _slots(name: str, rows: Sequence[Mapping[str, Any]], out: Path) -> str:
    """The last slots of a job, folded; unfolded when one of them wants a look."""
    bad = sum(row["state"] in _ALARM for row in rows)
    words = f"{escape(name)}: last {len(rows)} slots" if len(rows) > 1 else f"{escape(name)}: its only slot"
    words += f", {bad} of them not as wanted" if bad else ""
    cells = [
        _row(
            _moment(row["slot"]),
            [_state(row["state"]), escape(row["why"]), _moment(row["window"]), _open(row, out)],
        )
        for row in rows
    ]
    table = _table(f"Slots of {name}", ("Slot", "State", "Why", "Days reported", "Report"), cells)
    return f"<details{' open' * bool(bad)}><summary>{words}</summary>{table}</details>\n"


def _open(row: Mapping[str, Any], out: Path) -> str:
    """A link to a slot's report where it still stands."""
    return _link(row["report"], "Open") if row["report"] and (out / row["report"]).is_file() else ""


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


def _link(page: str, word: str) -> str:
    return f'<a href="{quote(page)}">{word}</a>' if page else ""
