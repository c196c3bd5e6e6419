"""A view that counts and draws: its grouping, what it waits for, and what it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as w

from workbench.explorer.views import BY, GROUPED
from workbench.explorer.widgets.elements import button, classed, column, html, message, note, put, row, shown


class FigureBox:
    """`grouped(by)` hears of another grouping, `anyway()` that a large selection be counted all the same."""

    def __init__(self, grouped: Callable[[str], object], anyway: Callable[[], object]) -> None:
        self._quiet = False
        self.by = classed(w.Dropdown(description="By", options=BY), "wbx-by")
        self.by.observe(lambda change: None if self._quiet else grouped(change["new"]), "value")
        self.wait = html("", "wbx-quiet")
        self.anyway = button("Count it anyway", anyway)
        self.drawn = html("", "wbx-drawn")
        self.box = column(row(self.by, self.wait, self.anyway), self.drawn, cls="wbx-figure")
        shown(self.anyway, visible=False)

    def waiting(self, words: str, view: str, by: str) -> None:
        """Say that something is being counted; what stood there stays until it is replaced."""
        self._quiet = True
        put(self.by, value=by)
        self._quiet = False
        shown(self.by, view in GROUPED)
        put(self.wait, value=note(words))
        shown(self.anyway, visible=False)

    def too_large(self, words: str) -> None:
        """Say why nothing is drawn yet, and offer to do it."""
        put(self.wait, value=note(words))
        put(self.drawn, value="")
        shown(self.anyway, visible=True)

    def show(self, result: Any) -> None:
        """Show the parts of a view, or why there are none."""
        put(self.wait, value="")
        if isinstance(result, Exception):
            put(self.drawn, value=message(result))
        else:
            put(self.drawn, value="".join(part._repr_html_() for part in result))
