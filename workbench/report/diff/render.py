"""What changed, in words and as the first section of a report's page."""

from __future__ import annotations

import os
from collections.abc import Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from workbench.display.formatting import NONE, count, interval, listed, plain_number
from workbench.report.diff.attribution import LATE, NEW, PROGRAM, REPORT, SETTINGS
from workbench.report.diff.compare import ResultChange, Since
from workbench.report.results import ResultStamp

FIRST = "First run, nothing to compare."
SHOWN = 12  # rows before the rest is folded
_QUIET = ("within noise", "no interval", "words")
_WORDS = {"up": "up", "down": "down", "new": "new", "gone": "no longer there"}
_HEADS = ("Result", "Last time", "This time", "Difference")
_MEANING = {
    NEW: "documents of other days than last time",
    LATE: "documents of the last report's days that arrived, changed or went since",
    SETTINGS: "topics, aliases, sources, lexicon, corrections and codes",
    PROGRAM: "another version of the workbench or of a package that it counts with",
    REPORT: "its notebooks, parameters or selection",
}


def lines(since: Since) -> list[str]:
    """A sentence for each change beyond noise and each result that is new or gone, for a mail or a list."""
    return [_line(change, since.causes) for change in since.told]


def heading(since: Since) -> str:
    """The finding: how many results went up or down, came or went."""
    if since.before is None:
        return FIRST
    day = since.before.made[:10]
    kinds = [(kind, since.counts().get(kind, 0)) for kind in _WORDS]
    said = [f"{n} {_WORDS[kind]}" for kind, n in kinds if n]
    if said:
        return f"Since {day}: {listed(said)}"
    if since.changes:
        return f"Since {day} nothing changed beyond noise"
    return f"Since {day} no result changed"


def section(since: Since, out: Path, before: Path | None) -> str:
    """The section on top of the page. `before` are the results compared with, to link the page beside them."""
    if since.before is None:
        return f'<p class="wb-changes wb-first">{FIRST}</p>'
    loud = [change for change in since.changes if change.kind not in _QUIET]
    quiet = [change for change in since.changes if change.kind in _QUIET]
    parts = [
        f'<section class="wb-changes" aria-labelledby="changes"><h2 id="changes">{escape(heading(since))}</h2>',
        f"<p>{_compared(since, out, before)}</p>",
        _table(loud, since.causes, "Results that changed"),
        _folded(quiet, since),
        _notes(since),
        "</section>",
    ]
    return "\n".join(filter(None, parts))


def _line(change: ResultChange, causes: Sequence[str]) -> str:
    """`TASS, sanctions: per 1,000 words: up from 3.1 to 7.4 (+4.3 [1.2–7.4]), of which new documents +4.0`."""
    if change.kind == "new":
        said = f"{change.name}: {_value(change.after)}, not in the last report"
    elif change.kind == "gone":
        said = f"{change.name}: was {_value(change.before)}, not in this report"
    else:
        said = f"{change.name}: {change.kind} from {_value(change.before)} to {_value(change.after)} ({_difference(change)})"
    if len(causes) == 1:
        return f"{said}; from {causes[0]}"
    shares = [_share_in_words(change, cause) for cause in causes]
    return ", of which ".join(filter(None, [said, ", ".join(filter(None, shares))]))


def _share_in_words(change: ResultChange, cause: str) -> str:
    share = change.shares.get(cause)
    if share is None or share == 0:
        return "" if share == 0 else f"{cause} cannot be told"
    return f"{cause} {_signed(share)}" if change.difference is not None else f"from {cause}"


def _compared(since: Since, out: Path, before: Path | None) -> str:
    """With what it is compared, which documents came, what else is other."""
    then = since.before
    assert then is not None
    page = before.with_name(before.name.removesuffix(".results.json") + ".html") if before else None
    words = escape(f"the last good report, made on {then.made[:10]}{_about(then)}")
    if page is not None and page.is_file():
        address = quote(os.path.relpath(page, out).replace(os.sep, "/"))
        words = f'<a href="{escape(address)}">{words}</a>'
    came = since.came
    documents = [
        f"{count(came.new, 'document')} of other days" if came.new else "",
        f"{count(came.late, 'document')} of its days arrived or changed since" if came.late else "",
        f"{count(came.missing, 'document')} of its days changed or went" if came.missing else "",
        f"{count(came.undated, 'document')} without a date arrived" if came.undated else "",
    ]
    said = [one for one in documents if one]
    if not came.known:
        said = ["the store was made anew since, so nobody knows which documents came late"]
    elif not said:
        said = ["its documents are the same" if _same_text(since) else "no document came late"]
    other = [f"changed {one}" for one in since.inputs] or ["settings, program and definition are the same"]
    return f"Compared with {words}. {escape(_sentence(listed(said)))} {escape(_sentence('; '.join(other)))}"


def _same_text(since: Since) -> bool:
    return since.before is not None and (since.before.corpus_version, since.before.line) == (
        since.now.corpus_version, since.now.line,
    )  # fmt: skip


def _about(stamp: ResultStamp) -> str:
    return (
        f" about {stamp.since or 'the beginning'} to {stamp.until or 'its day'}"
        if stamp.since or stamp.until
        else ""
    )


def _table(changes: Sequence[ResultChange], causes: Sequence[str], caption: str) -> str:
    """A table of changes; those past the first dozen are folded."""
    if not changes:
        return ""
    shown, rest = changes[:SHOWN], changes[SHOWN:] if len(changes) > SHOWN + 2 else ()
    if not rest:
        shown = changes
    more = ""
    if rest:
        summary = f"{count(len(rest), 'more row')}, {len(changes):,} in all"
        more = f'<details class="wb-more"><summary>{summary}</summary>{_rows(rest, causes, caption + ", continued")}</details>'
    return f'<div class="wb-table">{_rows(shown, causes, caption)}{more}</div>'


def _rows(changes: Sequence[ResultChange], causes: Sequence[str], caption: str) -> str:
    columns = list(causes) if len(causes) > 1 else []
    heads = "".join(
        f'<th scope="col"{_right(k)}>{escape(word)}</th>'
        for k, word in enumerate([*_HEADS, *(f"from {cause}" for cause in columns)])
    )
    body = "".join(_row(change, columns) for change in changes)
    return (
        f'<div class="wb-scroll" role="group" tabindex="0" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(change: ResultChange, causes: Sequence[str]) -> str:
    cells = [_value(change.before), _value(change.after), _difference(change)]
    cells += [_share(change, cause) for cause in causes]
    return (
        f'<tr><th scope="row">{escape(change.name)}</th>'
        + "".join(f"<td{_right(k)}>{escape(cell)}</td>" for k, cell in enumerate(cells, 1))
        + "</tr>"
    )


def _folded(changes: Sequence[ResultChange], since: Since) -> str:
    """What differs within noise or without an interval, and how many results are the same."""
    same = f"{count(since.same, 'result is', 'results are')} the same." if since.same else ""
    if not changes:
        return f'<p class="wb-quiet">{same}</p>' if same and since.changes else ""
    counts = since.counts()
    said = [
        f"{counts['no interval']} not tested, for want of an interval" if "no interval" in counts else "",
        f"{counts['within noise']} within noise" if "within noise" in counts else "",
        f"{counts['words']} in words" if "words" in counts else "",
    ]
    summary = f"{count(len(changes), 'other difference')}: {'; '.join(filter(None, said))}. {same}"
    table = _table(changes, since.causes, "Other differences")
    return f'<details class="wb-others"><summary>{escape(summary)}</summary>{table}</details>'


def _notes(since: Since) -> str:
    """How to read it: what each cause means, and what cannot be told."""
    if not since.changes:
        return ""
    names = [name for name in _MEANING if any(name in cause for cause in since.causes)]
    means = "; ".join(f"{name}: {_MEANING[name]}" for name in names)
    if len(since.causes) == 1:
        said = [f"All of it comes from {since.causes[0]} ({means})."]
    else:
        said = [f"{means[:1].upper()}{means[1:]}.", "The shares add up to the difference."]
    said += ["Up and down are beyond noise: at most one in twenty of them is a false alarm.", since.note]
    return f'<p class="wb-quiet">{escape(" ".join(filter(None, said)))}</p>'


def _difference(change: ResultChange) -> str:
    if change.difference is None:
        return {"new": "new", "gone": "no longer there"}.get(change.kind, "other words")
    limits = interval(change.low, change.high) if change.low is not None and change.high is not None else ""
    return f"{_signed(change.difference)} {limits or '(no interval)'}"


def _share(change: ResultChange, cause: str) -> str:
    share = change.shares.get(cause)
    if share is None:
        return "cannot tell"
    if change.difference is None:
        return "yes" if share else NONE
    return _signed(share) if share else "0"


def _value(value: float | str | None) -> str:
    return NONE if value is None else value if isinstance(value, str) else plain_number(value)


def _signed(value: float) -> str:
    said = plain_number(value)
    return said if value <= 0 else f"+{said}"


def _right(column: int) -> str:
    return ' class="wb-number"' if column else ""


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""
