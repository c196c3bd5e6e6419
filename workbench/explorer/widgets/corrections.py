"""Forms to correct the metadata of a document, and to merge or separate two names."""

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

Metadata = Callable[[str, str, str], object]
Names = Callable[[str, str, str, str], object]
CHOOSE = ("a name of this document …", "")


class CorrectBox:
    """`metadata(field, value, reason)` and `names(what, name, other, reason)` hear of corrections.

    `what` is accept or refuse.
    """

    def __init__(self, metadata: Metadata, names: Names, *, read_only: bool) -> None:
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
        self.said = html("", "wbx-says")
        self._about: dict[str, Any] = {}
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
        self.forms = row(document, merge, cls="wbx-forms")
        self.box = column(self.open, self.forms, self.said, cls="wbx-correct")
        self.read_only = read_only
        self.open.observe(lambda _: self._fold(), "value")
        self._fold()

    def show(self, page: MarkedDocument) -> None:
        """Offer the fields and the names of this document."""
        shown(self.box, not self.read_only)
        if page.about != self._about:  # what is being written stays while hits are stepped through
            self._about = page.about
            self._show_value()
        marked = dict.fromkeys(mark.name for mark in page.marks if mark.layer == "mentions")
        names = (CHOOSE, *((name, name) for name in marked))
        if self.name.options != names:
            self.name.options = names

    def know(self, entities: Sequence[str]) -> None:
        """Offer these names to be merged with."""
        put(self.other, options=tuple(entities))

    def tell(self, said: str | Exception) -> None:
        """Show the outcome of a correction."""
        put(self.said, value=message(said) if isinstance(said, Exception) else note(said))

    def _names(self, names: Names, what: str) -> None:
        names(what, str(self.name.value or ""), self.other.value, self.reason.value)

    def _show_value(self) -> None:
        put(self.value, value=str(self._about.get(self.field.value) or ""))

    def _fold(self) -> None:
        opened = bool(self.open.value)
        put(self.open, description=f"{'▾' if opened else '▸'} Correct this document or a name")
        shown(self.forms, opened)
