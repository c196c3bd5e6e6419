"""Forms to correct the metadata of a document, its labels, and to merge or separate two names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as w

from workbench.explorer.corrections import FIELDS
from workbench.explorer.reader import MarkedDocument
from workbench.explorer.widgets.elements import (
    button,
    column,
    html,
    message,
    note,
    put,
    row,
    shown,
    toggle,
)
from workbench.pipeline.label_corrections import LabelledPlace
from workbench.schema import UNKNOWN
from workbench.settings.label_corrections import LINE_KINDS

Metadata = Callable[[str, str, str], object]
Names = Callable[[str, str, str, str], object]
Labels = Callable[[str, str, str, str, bool], object]
Places = Callable[[str], Sequence[LabelledPlace]]
CHOOSE = ("a name of this document …", "")
DELETE = "delete"
# What can be corrected in the labels of a document: its name on the page, the table of places, what is written for it.
WHAT = (
    ("Speaker of a turn", "turns"),
    ("Speaker of a quotation", "quotes"),
    ("False quotation", DELETE),
    ("Kind of a passage", "labels"),
)
OFFERED = 500  # places of a document in the list: those nearest to the current hit
SHOWN = 60  # letters of a place in the list


class CorrectBox:
    """`metadata(field, value, reason)`, `names(what, name, other, reason)` and `labels(what, address, value, reason, write)` hear of corrections.

    For names, `what` is accept or refuse; for labels, one of `WHAT`, and without `write` the effect alone is wanted.
    `places(table)` gives the turns, quotes or passages (labels) of the document that is shown.
    """

    def __init__(
        self, metadata: Metadata, names: Names, labels: Labels, places: Places, *, read_only: bool
    ) -> None:
        self.open = toggle("▸ Correct", "wbx-facet-head")
        self.field = w.Dropdown(description="Field", options=FIELDS)
        self.field.observe(lambda _: self._show_value(), "value")
        self.value = w.Text(description="Correct value")
        self.why = w.Text(description="Reason", placeholder="how you know this")
        self.keep = button(
            "Correct the document", lambda: metadata(self.field.value, self.value.value, self.why.value)
        )
        self.name = w.Dropdown(description="Name", options=(CHOOSE,))
        self.other = w.Combobox(description="Other name", placeholder="another name", ensure_option=False)
        self.reason = w.Text(description="Reason ", placeholder="why they are the same, or not")
        self.one = button("Same entity", lambda: self._names(names, "accept"))
        self.two = button("Different entities", lambda: self._names(names, "refuse"))
        self._labels, self._places, self._hit = labels, places, 0
        self.what = w.Dropdown(description="What", options=WHAT)
        self.what.observe(lambda _: self._show_places(), "value")
        self.place = w.Dropdown(description="Where", options=())
        self.right = w.Combobox(description="Is", placeholder="who speaks; or unknown", ensure_option=False)
        self.because = w.Text(description="Reason  ", placeholder="how you know this")
        self.effect = button("Show what changes", lambda: self._correct_label(write=False))
        self.write = button("Correct the label", lambda: self._correct_label(write=True))
        self.said = html("", "wbx-says")
        self._about: dict[str, Any] = {}
        self._doc_id = ""
        document = column(
            html("<h3 class='wbx-small'>This document</h3>"),
            self.field,
            self.value,
            self.why,
            self.keep,
            cls="wbx-form",
        )
        merge = column(
            html("<h3 class='wbx-small'>Merge or separate two names</h3>"),
            self.name,
            self.other,
            self.reason,
            row(self.one, self.two),
            cls="wbx-form",
        )
        label = column(
            html("<h3 class='wbx-small'>Who speaks, and what a passage is</h3>"),
            self.what,
            self.place,
            self.right,
            self.because,
            row(self.effect, self.write),
            cls="wbx-form",
        )
        self.forms = row(document, label, merge, cls="wbx-forms")
        self.box = column(self.open, self.forms, self.said, cls="wbx-correct")
        self.read_only = read_only
        self.open.observe(lambda _: self._fold(), "value")
        self._fold()

    def show(self, page: MarkedDocument, hit: int = 0) -> None:
        """Offer the fields, the names and the labels of this document, first what stands at its current hit."""
        shown(self.box, not self.read_only)
        self._doc_id, self._hit = page.doc_id, page.hits[hit].start if page.hits else 0
        if page.about != self._about:  # what is being written stays while hits are stepped through
            self._about = page.about
            self._show_value()
        marked = dict.fromkeys(mark.name for mark in page.marks if mark.layer == "mentions")
        names = (CHOOSE, *((name, name) for name in marked))
        if self.name.options != names:
            self.name.options = names
        self._show_places()

    def know(self, entities: Sequence[str]) -> None:
        """Offer these names to be merged with."""
        put(self.other, options=tuple(entities))

    def tell(self, said: str | Exception) -> None:
        """Show the outcome of a correction."""
        put(self.said, value=message(said) if isinstance(said, Exception) else note(said))

    def _names(self, names: Names, what: str) -> None:
        names(what, str(self.name.value or ""), self.other.value, self.reason.value)

    def _correct_label(self, *, write: bool) -> None:
        self._labels(
            self.what.value, str(self.place.value or ""), self.right.value, self.because.value, write
        )

    def _show_places(self) -> None:
        """List what can be corrected, from the place at the current hit on, and the values that are right for it."""
        if not self.open.value or not self._doc_id:
            return
        what = str(self.what.value)
        found = self._places("quotes" if what == DELETE else what)
        near = sorted(
            found, key=lambda place: (max(place.start - self._hit, self._hit - place.end, 0), place)
        )
        listed = [
            (_shortened(place), f"{self._doc_id}:{place.start}-{place.end}") for place in near[:OFFERED]
        ]
        if [*self.place.options] != listed:
            self.place.options = listed
            self.place.index = 0 if listed else None
        shown(self.right, what != DELETE)
        speakers = dict.fromkeys([UNKNOWN, *(place.name for place in found)])
        put(self.right, options=LINE_KINDS if what == "labels" else tuple(speakers))

    def _show_value(self) -> None:
        put(self.value, value=str(self._about.get(self.field.value) or ""))

    def _fold(self) -> None:
        opened = bool(self.open.value)
        put(self.open, description=f"{'▾' if opened else '▸'} Correct this document, who speaks, or a name")
        shown(self.forms, opened)
        self._show_places()


def _shortened(place: LabelledPlace) -> str:
    words = place.words if len(place.words) <= SHOWN else f"{place.words[: SHOWN - 1].rstrip()}…"
    return f"{place.name}: {words} ({place.start:,})"
