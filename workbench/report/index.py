"""reports/index.html: the jobs with their runs, then every report made by hand, with its state and duration."""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import quote

from workbench.report.files import write_whole
from workbench.report.index_schedule import schedule_part
from workbench.report.ledger import Record, read_records
from workbench.report.page import page

_STATES = {"done": "good", "failed": "failed", "running": "not finished", "degraded": "degraded"}


def write_index(out: Path) -> Path:
    """Write the index of a report folder from its records; returns its path."""
    path = out / "index.html"
    write_whole(path, page("Reports", _body(read_records(out), schedule_part(out))))
    return path


def _body(records: list[Record], schedule: str) -> str:
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


def _row(record: Record) -> str:
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


def _link(record: Record) -> str:
    title = escape(record.notebook.replace("_", " ").capitalize())
    good = f"{record.name}.html"
    return f'<a href="{quote(good)}">{title}</a>' if good in record.files else title


def _state(record: Record) -> str:
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
