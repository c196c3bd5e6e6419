"""The search line with its completion, what is wrong with it, and what is set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as w

from workbench.explorer.complete import completions
from workbench.explorer.markup import label
from workbench.explorer.parts import button, classed, column, html, message, numbered, put, row, shown
from workbench.explorer.state import Chip, History, chips
from workbench.selection import STORIES, Selection

CHIPS = 24  # drawn at most; a selection with more is edited in its line
HINT = 'words, "a phrase", sanction*, talks NEAR/5 Syria, source:…, speaker:…, mentions:…, topic:…, since:…'


class FilterBox:
    """`typed(line)` hears of every change of the line; `chosen(selection)` of chips and switches.

    `walk(name)` hears of undo, redo and reset; `catch_up()` is called before any of the last three.
    """

    def __init__(
        self,
        typed: Callable[[str], object],
        chosen: Callable[[Selection], object],
        walk: Callable[[str], object],
        catch_up: Callable[[], object],
    ) -> None:
        self._typed, self._chosen, self._walk, self._catch_up = typed, chosen, walk, catch_up
        self._chips: list[Chip] = []
        self._quiet = False
        self.selection = Selection()
        self.line = classed(
            w.Combobox(description="Search", placeholder=HINT, continuous_update=True, ensure_option=False),
            "wbx-search",
        )
        self.line.observe(self._on_line, "value")
        self.error = html("", "wbx-says")
        self.count = html("", "wbx-count")
        self.undo = button("Undo", lambda: self._go("undo"), tip="Take back the last change")
        self.redo = button("Redo", lambda: self._go("redo"), tip="Do again what was taken back")
        self.reset = button("Reset", lambda: self._go("reset"), tip="Take everything away")
        self.stories = classed(
            w.ToggleButtons(
                options=[("every copy", STORIES[0]), ("one per story", STORIES[1])], description="Count",
                tooltips=["Every document counts", "Copies and updates of one story count once"],
            ),
            "wbx-switch",
        )  # fmt: skip
        self.stories.observe(self._on_stories, "value")
        self.pool = [numbered(k, "", self._take, "wbx-chip") for k in range(CHIPS)]
        self.chips = row(*self.pool, cls="wbx-chips")
        tools = row(self.undo, self.redo, self.reset, self.stories, cls="wbx-tools")
        self.box = column(
            row(self.line, self.count, cls="wbx-searchline"),
            self.error,
            row(self.chips, tools, cls="wbx-set"),
            cls="wbx-filter",
        )

    def show(self, selection: Selection, history: History, said: str, *, keep_line: bool) -> None:
        """Show what holds now; the line is left as typed with `keep_line`."""
        self._quiet = True
        self._chips = chips(selection)
        if not keep_line and self.line.value != selection.line():
            self.line.value = selection.line()
        put(self.stories, value=selection.stories)
        for k, widget in enumerate(self.pool):
            if k < len(self._chips):
                words = label(self._chips[k].words, 48)
                put(widget, description=f"{words}  ×", tooltip=f"Take away {words}")
            shown(widget, k < len(self._chips))
        put(self.undo, disabled=not history.past)
        put(self.redo, disabled=not history.future)
        put(self.reset, disabled=not selection)
        put(self.count, value=said)
        put(self.error, value="")
        self._quiet = False

    def refuse(self, error: Exception) -> None:
        """Say under the line what is wrong with it."""
        put(self.error, value=message(error))

    def offer(self, index: Any, found: Any) -> None:
        """Offer completions of the line as it stands."""
        put(self.line, options=tuple(completions(index, found, self.line.value)))

    def _on_line(self, change: Any) -> None:
        if not self._quiet:
            self._typed(str(change["new"]))

    def _on_stories(self, change: Any) -> None:
        if not self._quiet:
            self._catch_up()
            self._chosen(self.selection.narrowed(stories=change["new"]))

    def _take(self, k: int) -> None:
        words = self._chips[k].words if k < len(self._chips) else ""
        self._catch_up()
        for chip in self._chips:
            if chip.words == words:
                self._chosen(chip.without)
                return

    def _go(self, way: str) -> None:
        self._catch_up()
        self._walk(way)
