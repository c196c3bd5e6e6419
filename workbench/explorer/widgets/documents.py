"""The table of documents: sorted, paged, each title a button that opens the reader."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from workbench.explorer.facet_counts import FacetCounts
from workbench.explorer.index import Index, Ints
from workbench.explorer.markup import label, text
from workbench.explorer.state import ORDERS, State
from workbench.explorer.widgets.elements import button, column, html, numbered, put, row, shown
from workbench.schema import UNKNOWN

PAGE = 15  # rows
HEADS = {"title": "Title", "source": "Source", "date": "Date", "words": "Words", "tone": "Sentiment"}
FALLS = ("date", "words", "tone")  # what is looked at from its large end first
SURE = 0.05  # VADER's own bound between neutral and the rest


class DocumentsBox:
    """`changed(**state)` hears of sorting, paging and of the document that is opened."""

    def __init__(self, changed: Callable[..., object]) -> None:
        self._changed = changed
        self._ids: list[str] = []
        self._state = State()
        self.heads = {name: self._head(name) for name in HEADS}
        self.titles = [numbered(k, "", self._open, "wbx-open") for k in range(PAGE)]
        self.cells = [html("", "wbx-cells") for _ in range(PAGE)]
        self.rows = [row(a, b, cls="wbx-row") for a, b in zip(self.titles, self.cells, strict=True)]
        self.empty = html("<p class='wbx-quiet'>No document matches. Remove a filter, or undo.</p>")
        self.where = html("", "wbx-quiet")
        self.back = button("‹ Previous", lambda: self._turn(-1), tip="Previous page")
        self.on = button("Next ›", lambda: self._turn(1), tip="Next page")
        self.foot = row(self.back, self.where, self.on, cls="wbx-foot")
        self.box = column(
            row(*self.heads.values(), cls="wbx-heads"), *self.rows, self.empty, self.foot, cls="wbx-documents"
        )

    def show(self, index: Index, facet_counts: FacetCounts, state: State) -> None:
        """Show the page of the documents that `state` asks for."""
        self._state = state
        rows = in_order(index, facet_counts.shown, state.order, state.falling)
        last = max(0, (len(rows) - 1) // PAGE)
        page = min(state.page, last)
        part = rows[page * PAGE : (page + 1) * PAGE]
        records = index.documents.iloc[part].to_dict("records")
        self._ids = [record["doc_id"] for record in records]
        for name, head in self.heads.items():
            arrow = ("  ↓" if state.falling else "  ↑") if name == state.order else ""
            put(head, description=HEADS[name] + arrow)
        for k in range(PAGE):
            if k < len(records):
                title = records[k]["title"] if isinstance(records[k]["title"], str) else records[k]["doc_id"]
                put(self.titles[k], description=label(title, 90), tooltip=f"Read {label(title, 200)}")
                put(self.cells[k], value=cells(records[k]))
            shown(self.rows[k], k < len(records))
        shown(self.empty, not records)
        said = f"{page * PAGE + 1:,}–{page * PAGE + len(records):,} of {len(rows):,}"
        put(self.where, value=f"<span role='status'>{text(said)}</span>" if records else "")
        put(self.back, disabled=page == 0)
        put(self.on, disabled=page >= last)
        shown(self.foot, last > 0)

    def _head(self, name: str) -> Any:
        return button(
            HEADS[name],
            lambda: self._sort(name),
            "wbx-sort",
            f"wbx-h-{name}",
            tip=f"Sort by {HEADS[name].lower()}",
        )

    def _sort(self, name: str) -> None:
        falling = not self._state.falling if name == self._state.order else name in FALLS
        self._changed(order=name, falling=falling, page=0)

    def _turn(self, step: int) -> None:
        self._changed(page=max(0, self._state.page + step))

    def _open(self, k: int) -> None:
        if k < len(self._ids):
            self._changed(view="reader", doc_id=self._ids[k], hit=0)


def in_order(index: Index, rows: Ints, order: str, falling: bool) -> Ints:
    """The rows sorted by a column; what is unknown comes last either way."""
    rank = _ranks(index, order)[rows].astype(np.int64)
    known = rank >= 0
    keys = np.where(known, -rank if falling else rank, np.iinfo(np.int64).max)
    sorted_rows: Ints = rows[np.argsort(keys, kind="stable")]
    return sorted_rows


@lru_cache(maxsize=2 * len(ORDERS))
def _ranks(index: Index, order: str) -> Ints:
    """The place of each document in the order of a column; -1 where the value is unknown."""
    if order == "date":
        return np.where(index.first > 0, index.first, np.int32(-1))
    column_ = index.documents[order]
    if order in ("title", "source"):
        column_ = column_.astype("object").str.casefold()
    ranks = column_.rank(method="dense", na_option="keep").fillna(-1)
    return np.asarray(ranks, np.int32)


def cells(record: dict[Any, Any]) -> str:
    """What is known of a document beside its title."""
    source = record["source"] if isinstance(record["source"], str) else UNKNOWN
    doubts = (
        f"<span class='wbx-doubt'>⚠ {text(label(record['doubts'], 110))}</span>" if record["doubts"] else ""
    )
    return (
        f"<span class='wbx-c-source'>{text(source)}</span>"
        f"<span class='wbx-c-date'>{text(date_words(record))}<small>{text(label(record['date_basis'], 70))}</small></span>"
        f"<span class='wbx-c-words'>{int(record['words']):,}<small> words</small></span>"
        f"<span class='wbx-c-tone'>{tone(record['tone'])}</span>{doubts}"
    )


def date_words(record: dict[Any, Any]) -> str:
    """The date as far as it is known, and a mark when it is no stated day."""
    if not isinstance(record["date"], str):
        return "no date"
    unsure = record["date_precision"] != "day" or "infer" in str(record["date_basis"])
    return f"{record['date']}{' ?' if unsure else ''}"


def tone(score: float) -> str:
    """The mean score of the sentences, with a sign and a word that say the same."""
    if score != score:
        return "<span>–</span>"
    word, sign = (
        ("positive", "▲") if score >= SURE else ("negative", "▼") if score <= -SURE else ("neutral", "■")
    )
    said = f"{score:+.2f}".replace("-", "−")
    return f"<span class='wbx-tone-{word}'>{sign} {said}<small> {word}</small></span>"
