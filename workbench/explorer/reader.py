"""A marked document as HTML: chrome folded, speakers in the margin, every mark with its explanation.

Marks differ in shape as well as colour: a hit is boxed, a quotation shaded between corner marks, a name
underlined, a topic under a dashed line with its square, a word of the lexicon with its sign. A mark is
reached with the Tab key; its explanation stands beside it on focus and hover, without any script.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from workbench.explorer.marks import Mark, Page
from workbench.explorer.markup import text
from workbench.schema import BODY_KINDS

OPEN_KINDS = (
    *BODY_KINDS,
    "title",
    "insertion",
    "stage",
    "speaker_label",
    "date",
    "place",
    "dateline",
    "byline",
)
QUIET_KINDS = frozenset(OPEN_KINDS) - {*BODY_KINDS, "title"}  # shown, but as what is not counted as text
ORDER = ("quotes", "hits", "mentions", "topics", "sentiment")  # from the outside inwards
SIGNS = {"positive": "+", "negative": "−", "masked": "○"}


class Parts(NamedTuple):
    """The document before the paragraph of the current hit, that paragraph, and what follows.

    `down` are the letters of the paragraph before the hit.
    """

    before: str
    here: str
    after: str
    down: int = 0


def draw_page(page: Page, *, hit: int, layers: Collection[str], chrome: bool) -> Parts:
    """The document, cut at the paragraph of its `hit`-th hit, so that this one can be brought into view.

    `layers` are drawn; with `chrome`, folded pieces are open.
    """
    at = page.hits[hit] if page.hits else None
    marks = [mark for mark in page.marks if mark.layer in layers]
    before: list[str] = []
    here: list[str] = []
    after: list[str] = []
    into, speaker, down = before, None, 0
    pieces: list[dict[str, Any]] = page.segments.to_dict("records")  # type: ignore[assignment]
    marked = _by_piece(pieces, marks)
    for body, rows in groupby(pieces, key=lambda row: row["kind"] in OPEN_KINDS):
        listed = list(rows)
        if not body:
            into.append(_folded(page, listed, chrome))
            continue
        for row in listed:
            if not page.text[row["start"] : row["end"]].strip():
                continue
            current = at is not None and row["start"] <= at.start < row["end"]
            if at is not None and current:
                here, into, down = [], after, at.start - row["start"]
            (here if current else into).append(
                _paragraph(page, row, marked[row["start"], row["end"]], at, speaker)
            )
            speaker = row["speaker"] if row["kind"] in BODY_KINDS else speaker
    return Parts("".join(before), "".join(here), "".join(after), down)


def draw_head(page: Page) -> str:
    """What is known of the document, and how."""
    about = page.about
    date = f"{about['date'] or 'date unknown'} ({about['date_basis']})"
    facts = [
        about["source"] or "source unknown",
        date,
        about["place"],
        about["genre"],
        f"{about['words']:,} words",
    ]
    said = " · ".join(text(fact) for fact in facts if fact)
    return (
        f"<h2 class='wbx-doc'>{text(about['title'] or page.doc_id)}</h2><p class='wbx-facts'>{said}</p>"
        f"<p class='wbx-address'>{text(page.doc_id)}</p>"
    )


def legend(page: Page, layers: Collection[str]) -> str:
    """How each layer that is drawn looks, with its number of marks."""
    samples = {
        "hits": "<span class='wbx-m wbx-hits'>hit</span>",
        "quotes": "<span class='wbx-m wbx-quotes wbx-first wbx-last'>quotation</span>",
        "mentions": "<span class='wbx-m wbx-mentions'>name</span>",
        "topics": "<span class='wbx-m wbx-topics wbx-last'>topic</span>",
        "sentiment": (
            "<span class='wbx-m wbx-sentiment wbx-positive wbx-last' data-sign='+'>positive</span> "
            "<span class='wbx-m wbx-sentiment wbx-negative wbx-last' data-sign='−'>negative</span> "
            "<span class='wbx-m wbx-sentiment wbx-masked wbx-last' data-sign='○'>left out</span>"
        ),
    }
    counts = {layer: sum(mark.layer == layer for mark in page.marks) for layer in samples}
    counts["hits"] = len(page.hits)
    items = "".join(f"<li>{samples[layer]} {counts[layer]}</li>" for layer in samples if layer in layers)
    return f"<ul class='wbx-legend' aria-label='Legend'>{items}</ul>"


def _folded(page: Page, rows: Sequence[dict[str, Any]], opened: bool) -> str:
    """Pieces that are not the text (chrome, captions, footers), under a line that says which."""
    pieces = [(row, page.text[row["start"] : row["end"]].strip()) for row in rows]
    pieces = [(row, said) for row, said in pieces if said]
    if not pieces:
        return ""
    kinds = ", ".join(dict.fromkeys(row["kind"].replace("_", " ") for row, _ in pieces))
    lines = "".join(
        f"<li><span class='wbx-rule'>{text(row['kind'].replace('_', ' '))}: {text(row['rule'])}</span> {text(said)}</li>"
        for row, said in pieces
    )
    n = f"{len(pieces)} piece{'s' if len(pieces) > 1 else ''}"
    return f"<details class='wbx-chrome'{' open' if opened else ''}><summary>{text(kinds)}: {n}, not counted as text</summary><ul>{lines}</ul></details>"


def _by_piece(pieces: Sequence[dict[str, Any]], marks: Sequence[Mark]) -> dict[tuple[int, int], list[Mark]]:
    """The marks that reach into each piece, in their order; `marks` stand in the order of their start.

    One way through both: to ask every mark for every paragraph takes minutes for a book.
    """
    found: dict[tuple[int, int], list[Mark]] = {}
    within: list[Mark] = []
    coming = 0
    for start, end in sorted((row["start"], row["end"]) for row in pieces):
        within = [mark for mark in within if mark.end > start]
        while coming < len(marks) and marks[coming].start < end:
            within += [marks[coming]] if marks[coming].end > start else []
            coming += 1
        found[start, end] = [mark for mark in within if mark.start < end]
    return found


def _paragraph(page: Page, row: dict[str, Any], marks: Sequence[Mark], at: Mark | None, last: object) -> str:
    end = row["start"] + len(page.text[row["start"] : row["end"]].rstrip())
    mine = [mark for mark in marks if mark.start < end]
    content = "".join(_atoms(page, row["start"], end, mine, at))
    kind = row["kind"]
    if kind == "title":
        return f"<h3 class='wbx-p wbx-title'>{content}</h3>"
    quiet = f" <span class='wbx-kind'>{text(kind.replace('_', ' '))}</span>" if kind in QUIET_KINDS else ""
    margin = _margin(row, mine, last)
    return f"<div class='wbx-p{' wbx-quietp' if quiet else ''}'><div class='wbx-who'>{margin}</div><p>{content}{quiet}</p></div>"


def _margin(row: dict[str, Any], marks: Sequence[Mark], last: object) -> str:
    """Who speaks: the speaker of a turn where he begins, the speakers of quotations."""
    if isinstance(row["speaker"], str):
        role = f"<span>{text(row['role'])}</span>" if isinstance(row["role"], str) else ""
        return f"<b>{text(row['speaker'])}</b>{role}" if row["speaker"] != last else ""
    quoted = dict.fromkeys(m.name for m in marks if m.layer == "quotes" and m.start >= row["start"])
    return "".join(f"<span>❝ {text(name)}</span>" for name in list(quoted)[:3])


def _atoms(page: Page, start: int, end: int, marks: Sequence[Mark], at: Mark | None) -> Iterator[str]:
    """The text from start to end in pieces with the same marks, each piece in its spans."""
    cuts = sorted({start, end, *(p for m in marks for p in (m.start, m.end) if start < p < end)})
    within: list[Mark] = []
    coming = 0
    for left, right in pairwise(cuts):
        within = [mark for mark in within if mark.end > left]
        while coming < len(marks) and marks[coming].start <= left:
            within += [marks[coming]] if marks[coming].end > left else []
            coming += 1
        mine = sorted(within, key=lambda mark: (ORDER.index(mark.layer), mark.start, -mark.end))
        said = text(page.text[left:right])
        yield _wrapped(said, mine, left, right, start, at) if mine else said


def _wrapped(said: str, marks: Sequence[Mark], left: int, right: int, start: int, at: Mark | None) -> str:
    """A piece in one span with the classes of its marks; the first piece of a mark carries the explanation."""
    classes = [f"wbx-{mark.layer}" for mark in marks]
    classes += [f"wbx-{mark.name}" for mark in marks if mark.layer == "sentiment"]
    shape = [mark for mark in marks if mark.layer in ("quotes", "topics", "sentiment")]
    classes += ["wbx-first"] if any(m.start == left for m in marks if m.layer == "quotes") else []
    classes += ["wbx-last"] if any(mark.end == right for mark in shape) else []
    if at is not None and any(mark.layer == "hits" and mark.start == at.start for mark in marks):
        classes.append("wbx-now")
    signs = "".join(SIGNS[m.name] for m in marks if m.layer == "sentiment" and m.end == right)
    sign = f" data-sign='{signs}'" if signs else ""
    begins = [mark for mark in marks if max(mark.start, start) == left]
    if not begins:
        return f"<span class='wbx-m {' '.join(dict.fromkeys(classes))}'{sign}>{said}</span>"
    why = "".join(f"<span>{text(line)}</span>" for line in dict.fromkeys(mark.why for mark in begins))
    note = f"wbx-{left}-{right}"
    return (
        f"<span class='wbx-m {' '.join(dict.fromkeys(classes))}' tabindex='0' aria-describedby='{note}'{sign}>{said}"
        f"<span class='wbx-note' role='tooltip' id='{note}'>{why}</span></span>"
    )
