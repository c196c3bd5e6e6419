"""The search field of the explorer with completion, its errors, and the filters that are set.

Completion offers field names, then the values of a field, those with most documents first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import ipywidgets as w

from workbench.explorer.facet_counts import FACETS, FIELD, FacetCounts, names_of
from workbench.explorer.histogram import axis_of
from workbench.explorer.index import Index
from workbench.explorer.markup import label
from workbench.explorer.state import Chip, History, chips
from workbench.explorer.widgets.elements import (
    button,
    classed,
    column,
    html,
    message,
    numbered,
    put,
    row,
    shown,
)
from workbench.selection.apply import BY_VALUE
from workbench.selection.model import FIELDS, STORIES, Selection

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
        self.undo = button("Undo", lambda: self._go("undo"), tip="Undo the last change")
        self.redo = button("Redo", lambda: self._go("redo"), tip="Repeat the last undone change")
        self.reset = button("Reset", lambda: self._go("reset"), tip="Remove all filters")
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

    def show(self, selection: Selection, history: History, count: str, *, keep_line: bool) -> None:
        """Show what holds now; the line is left as typed with `keep_line`."""
        self._quiet = True
        self._chips = chips(selection)
        if not keep_line and self.line.value != selection.line():
            self.line.value = selection.line()
        put(self.stories, value=selection.stories)
        for k, widget in enumerate(self.pool):
            if k < len(self._chips):
                words = label(self._chips[k].words, 48)
                put(widget, description=f"{words}  ×", tooltip=f"Remove {words}")
            shown(widget, k < len(self._chips))
        put(self.undo, disabled=not history.past)
        put(self.redo, disabled=not history.future)
        put(self.reset, disabled=not selection)
        put(self.count, value=count)
        put(self.error, value="")
        self._quiet = False

    def refuse(self, error: Exception) -> None:
        """Show the error of the line under it."""
        put(self.error, value=message(error))

    def offer(self, index: Any, facet_counts: Any) -> None:
        """Offer completions of the line as it stands."""
        put(self.line, options=tuple(completions(index, facet_counts, self.line.value)))

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


AT_MOST = 12
_LAST = re.compile(
    r'(?:^|(?<=\s))(?P<field>[A-Za-z_]+):(?P<done>(?:"[^"]*",|[^\s",]+,)*)(?P<part>"[^"]*|[^\s",]*)$'
)
_WORD = re.compile(r"(?:^|(?<=\s))(?P<word>[^\W\d_]+)$")
_FACET = {field: facet for facet, field in FIELD.items()}


def completions(index: Index, facet_counts: FacetCounts, line: str) -> list[str]:
    """Whole lines that `line` could become: its last word completed. Empty inside a quoted phrase.

    A field's values are those of which a word begins with what is written, the ones with most documents
    in the present answer first. A word is completed to a field, or to a name that it begins.
    """
    if last := _LAST.search(line):
        head = line[: last.start("part")]
        return [
            f"{head}{_quoted(value)} "
            for value in _values(index, facet_counts, last["field"].lower(), last["part"])
        ]
    if line.count('"') % 2 or not (word := _WORD.search(line)):
        return []
    head, part = line[: word.start()], word["word"]
    fields = [f"{name}:" for name in FIELDS if name != "query" and name.startswith(part.lower())]
    named = [
        f"{FIELD[facet]}:{_quoted(value)} "
        for facet in ("entity", "speaker", "source", "topic")
        if len(part) > 1
        for value in _known(index, facet_counts, facet, part)[:3]
    ]
    return [head + end for end in (*fields, *named)][:AT_MOST]


def _values(index: Index, facet_counts: FacetCounts, field: str, written: str) -> list[str]:
    part = written.lstrip('"')
    if field in ("since", "until"):
        return [label for label in axis_of(index).labels if label.startswith(part)][:AT_MOST]
    if field == "stories":
        return [rule for rule in STORIES if rule.startswith(part)]
    facet = _FACET.get(field, field)
    return _known(index, facet_counts, facet, part)[:AT_MOST] if facet in (*FACETS, *BY_VALUE) else []


def _known(index: Index, facet_counts: FacetCounts, facet: str, part: str) -> list[str]:
    """The values of a facet of which a word begins with `part`, most documents first."""
    names = names_of(index, facet)
    if facet == "voice":
        fitting = [k for k, name in enumerate(names) if name.startswith(part)]
    elif facet == "entity":
        fitting = sorted({int(index.forms.code[k]) for k in index.forms.names.beginning(part)})
    else:
        pairs = {"speaker": index.spoken, "topic": index.topical}.get(facet) or index.values[facet]
        fitting = pairs.names.beginning(part)
    counts = facet_counts.counts.get(facet)
    ranked = sorted(fitting, key=lambda k: (-int(counts[k]) if counts is not None else 0, names[k]))
    return [names[k] for k in ranked[:AT_MOST]]


def _quoted(value: str) -> str:
    return f'"{value}"' if re.search(r"[\s,]", value) else value
