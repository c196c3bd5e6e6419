"""The reader: a document with its marks, steps through hits and documents, and corrections in place."""

from __future__ import annotations

from collections.abc import Callable

from workbench.explorer.reader import MarkedDocument, draw_document, draw_header, legend
from workbench.explorer.state import LAYERS, State
from workbench.explorer.widgets.corrections import CorrectBox
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

NAMES = {
    "hits": "Hits",
    "quotes": "Quotations",
    "mentions": "Names",
    "topics": "Topics",
    "sentiment": "Sentiment",
}
LINE, LETTERS = 27, 66  # height of a line in px; letters on it: 72 where the page is wide, 60 at 900 px
AROUND = 110  # px to be seen above and below the place: four lines, since the letters of a line are a guess


class ReaderBox:
    """`changed(**state)` hears of steps and switches, `step(n)` of the next or previous document."""

    def __init__(
        self, changed: Callable[..., object], step: Callable[[int], object], correct: CorrectBox
    ) -> None:
        self._changed = changed
        self._state, self._hits, self._quiet = State(), 0, False
        self.correct = correct
        self.head = html("", "wbx-head")
        self.before_doc = button("‹ Document", lambda: step(-1), tip="Previous document of the list")
        self.next_doc = button("Document ›", lambda: step(1), tip="Next document of the list")
        self.before_hit = button("‹ Hit", lambda: self._hit(-1), tip="Previous hit")
        self.next_hit = button("Hit ›", lambda: self._hit(1), tip="Next hit")
        self.where = html("", "wbx-count")
        self.layers = {
            name: toggle(NAMES[name], "wbx-layer", tip=f"Mark {NAMES[name].lower()}") for name in LAYERS
        }
        self.chrome = toggle("Show chrome", "wbx-layer", tip="Open what is not counted as text")
        for name, widget in self.layers.items():
            widget.observe(lambda _, n=name: self._switch(n), "value")
        self.chrome.observe(lambda change: None if self._quiet else changed(chrome=change["new"]), "value")
        self.legend = html()
        self.before, self.here, self.after = html(), html(), html()
        # A page without scripts of its own brings a place into view by focus, and boxes cannot have it: a button can.
        self.onward = button("", lambda: self._hit(1), "wbx-layer", "wbx-onward", tip="Next hit")
        self.now = column(self.onward, self.here, cls="wbx-here")
        self.text = column(self.before, self.now, self.after, cls="wbx-text")
        steps = row(
            self.before_doc, self.next_doc, self.before_hit, self.where, self.next_hit, cls="wbx-tools"
        )
        marks = row(*self.layers.values(), self.chrome, cls="wbx-tools")
        self.box = column(steps, self.head, marks, self.legend, self.text, correct.box, cls="wbx-reader")

    def waiting(self) -> None:
        """Say that a document is being read; the one before stays until then."""
        put(self.where, value=note("Reading …"))

    def show(self, page: MarkedDocument | Exception | None, state: State, *, focus: bool) -> None:
        """Show a document; with `focus`, bring its current hit into view."""
        self._state = state
        if page is None or isinstance(page, Exception):
            said = (
                "<p class='wbx-quiet'>Open a document from the list.</p>" if page is None else message(page)
            )
            put(self.head, value=said)
            for widget in (self.before, self.here, self.after, self.legend, self.where):
                put(widget, value="")
            shown(self.correct.box, visible=False)
            return
        self._hits = len(page.hits)
        hit = state.hit % self._hits if self._hits else 0
        parts = draw_document(page, hit=hit, layers=state.layers, chrome=state.chrome)
        put(self.head, value=draw_header(page))
        put(self.legend, value=legend(page, state.layers))
        put(self.before, value=parts.before)
        put(self.here, value=_aim(parts.down) + parts.here if parts.here else "")
        put(self.after, value=parts.after)
        shown(self.now, bool(parts.here))
        self._show_switches(state, hit)
        self.correct.show(page, hit)
        put(self.onward, description=f"hit {hit + 1} of {self._hits} · next ›")
        if focus and parts.here:
            self.onward.blur()  # what has the focus already is not brought into view again
            self.onward.focus()

    def _show_switches(self, state: State, hit: int) -> None:
        self._quiet = True
        for name, widget in self.layers.items():
            put(widget, value=name in state.layers)
        put(self.chrome, value=state.chrome)
        self._quiet = False
        said = f"hit {hit + 1} of {self._hits}" if self._hits else "no hit"
        put(self.where, value=f"<span role='status'>{said}</span>")
        put(self.before_hit, disabled=self._hits < 1)
        put(self.next_hit, disabled=self._hits < 1)

    def _hit(self, step: int) -> None:
        if self._hits:
            self._changed(hit=(self._state.hit + step) % self._hits)

    def _switch(self, name: str) -> None:
        if not self._quiet:
            kept = {*self._state.layers} ^ {name}
            self._changed(layers=tuple(layer for layer in LAYERS if layer in kept))


def _aim(down: int) -> str:
    """What is brought into view with the button above a paragraph: the lines around a place so many letters down."""
    at = down * LINE // LETTERS
    return f"<style>.wbx .wbx-onward {{ scroll-margin: {AROUND - at}px 0 {AROUND + at}px }}</style>"
