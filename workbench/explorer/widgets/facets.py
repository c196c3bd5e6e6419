"""The facets: a switch with a count for each value, and the date range below its histogram."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as w
import numpy as np

from workbench.explorer.facet_counts import FACETS, FacetCounts, Value, toggled, values
from workbench.explorer.histogram import Histogram, chosen_range, histogram, with_range
from workbench.explorer.index import Index
from workbench.explorer.markup import label, text
from workbench.explorer.widgets.elements import button, classed, column, html, note, put, shown, toggle
from workbench.selection.model import Selection

FEW, MORE = 7, 20  # values at first and after "more"
OPEN = ("source", "speaker", "entity", "topic")  # unfolded at first
NAMES = {"entity": "Mentions"}
WHOLE = ("entity", "topic")  # chosen for a whole document, also where a speaker or a voice is set
WIDE = 27  # letters of a value that fit beside its count
_FIXED = "\u2005"  # a space of fixed width within a name, so that the one before the count takes all the room


class Facet:
    """One facet: its heading folds and unfolds it; buttons for its values are made as they are needed."""

    def __init__(self, name: str, click: Callable[[str, str], object], again: Callable[[], object]) -> None:
        self.name, self._click, self._again = name, click, again
        self._names: list[str] = []
        self._quiet = False
        self.limit = FEW
        self.words = NAMES.get(name, name.capitalize())
        self.head = toggle(self.words, "wbx-facet-head", value=name in OPEN)
        self.head.observe(lambda _: self._again(), "value")
        self.more = button("more", self._widen, "wbx-link", tip=f"More values of {self.words}")
        self.note = html("", "wbx-quiet")
        self.pool: list[Any] = []
        self.list = column(cls="wbx-values")
        self.box = column(self.head, self.list, self.note, self.more, cls="wbx-facet")

    def show(self, index: Index, facet_counts: FacetCounts) -> None:
        """Show the values with their counts; a folded facet shows what is chosen in its heading."""
        rows = values(index, facet_counts, self.name, self.limit)
        on = sum(value.on for value in rows)
        opened = bool(self.head.value)
        put(
            self.head,
            description=f"{'▾' if opened else '▸'} {self.words}" + (f" ({on} chosen)" if on else ""),
        )
        further = int(np.count_nonzero(facet_counts.counts[self.name])) > len(rows)
        rows = rows if opened else []
        while len(self.pool) < len(rows):
            self._add()
        self._quiet = True
        self._names = [value.name for value in rows]
        for k, widget in enumerate(self.pool):
            if k < len(rows):
                put(
                    widget,
                    value=rows[k].on,
                    description=_note(rows[k]),
                    tooltip=f"{label(rows[k].name, 200)}: {rows[k].n:,} documents",
                )
            shown(widget, k < len(rows))
        self._quiet = False
        put(self.more, description="more" if self.limit == FEW else "fewer")
        shown(self.more, opened and (further or self.limit > FEW))
        said = self._note(index, facet_counts, empty=not rows) if opened else ""
        put(self.note, value=note(said))
        shown(self.note, bool(said))

    def _note(self, index: Index, facet_counts: FacetCounts, *, empty: bool) -> str:
        """What must be known to read the counts."""
        if self.name in index.missing:
            return "names are not extracted yet; run `workbench build`"
        if empty:
            return "no value"
        spoken = facet_counts.selection.speaker or facet_counts.selection.voice
        return "counted in the whole document, whoever speaks" if spoken and self.name in WHOLE else ""

    def _add(self) -> None:
        k = len(self.pool)
        made = toggle("", "wbx-value")
        made.observe(lambda _, k=k: self._pressed(k), "value")
        self.pool.append(made)
        self.list.children = tuple(self.pool)

    def _pressed(self, k: int) -> None:
        if not self._quiet and k < len(self._names):
            self._click(self.name, self._names[k])

    def _widen(self) -> None:
        self.limit = MORE if self.limit == FEW else FEW
        self._again()


class FacetBox:
    """All facets and the dates; `chosen(selection)` hears of every click, `catch_up()` just before."""

    def __init__(self, chosen: Callable[[Selection], object], catch_up: Callable[[], object]) -> None:
        self._chosen, self._catch_up = chosen, catch_up
        self._last: tuple[Index, FacetCounts] | None = None
        self._quiet = False
        self.facets = [Facet(name, self._click, self._again) for name in FACETS]
        self.bars = html("", "wbx-bars")
        self.range = classed(
            w.IntRangeSlider(
                description="Dates", min=0, max=1, value=(0, 1), readout=False, continuous_update=True
            ),
            "wbx-range",
        )
        self.range.observe(self._moved, "value")
        self.dates = html("", "wbx-quiet")
        dates = column(
            html("<h2 class='wbx-small'>Dates</h2>"), self.bars, self.range, self.dates, cls="wbx-dates"
        )
        self.box = column(dates, *(facet.box for facet in self.facets), cls="wbx-side")
        self.switch = toggle("▸ Dates and facets", "wbx-facet-head", "wbx-unfold")
        self.switch.observe(lambda change: self._unfold(change["new"]), "value")

    def show(self, index: Index, facet_counts: FacetCounts) -> None:
        """Show counts and dates of an answer."""
        self._last = (index, facet_counts)
        for facet in self.facets:
            facet.show(index, facet_counts)
        bars = histogram(index, facet_counts)
        first, last = chosen_range(bars.axis, facet_counts.selection)
        self._quiet = True
        n = len(bars.axis.labels)
        with self.range.hold_sync():
            self.range.max = max(self.range.max, n - 1, 1)
            self.range.value = (first, max(first, last))
            self.range.max = max(n - 1, 1)
        self._quiet = False
        shown(self.range, n > 1)
        put(self.bars, value=draw_bars(bars, first, last))
        put(self.dates, value=_range_words(bars, first, last))

    def _again(self) -> None:
        if self._last:
            self.show(*self._last)

    def _unfold(self, opened: bool) -> None:
        """On a narrow page all of it is folded; the style sheet says what is narrow, and shows the switch there."""
        put(self.switch, description=f"{'▾' if opened else '▸'} Dates and facets")
        (self.box.add_class if opened else self.box.remove_class)("wbx-unfolded")

    def _click(self, facet: str, name: str) -> None:
        self._catch_up()
        if self._last:
            self._chosen(toggled(*self._last, facet, name))

    def _moved(self, change: Any) -> None:
        if not self._quiet and self._last:
            self._catch_up()
            index, facet_counts = self._last
            self._chosen(
                with_range(histogram(index, facet_counts).axis, facet_counts.selection, *change["new"])
            )


def draw_bars(bars: Histogram, first: int, last: int) -> str:
    """The histogram as SVG: bars inside the range filled, the others pale."""
    n = len(bars.axis.labels)
    if not n:
        return note("no document has a date with a year")
    top, wide = max(int(bars.counts.max()), 1), 100 / n
    drawn = "".join(
        f"<rect x='{k * wide:.2f}' y='{40 - 38 * count / top:.2f}' width='{wide * 0.86:.2f}' height='{38 * count / top:.2f}' "
        f"class='{'wbx-in' if first <= k <= last else 'wbx-out'}'><title>{text(name)}: {count}</title></rect>"
        for k, (name, count) in enumerate(zip(bars.axis.labels, bars.counts.tolist(), strict=True))
        if count
    )
    said = (
        f"Documents by {bars.axis.unit} from {bars.axis.labels[0]} to {bars.axis.labels[-1]}, at most {top}"
    )
    return f"<svg viewBox='0 0 100 40' preserveAspectRatio='none' role='img' aria-label='{text(said)}'>{drawn}</svg>"


def _range_words(bars: Histogram, first: int, last: int) -> str:
    if not bars.axis.labels:
        return ""
    loose = f"; {bars.loose:,} with a less exact date" if bars.loose else ""
    return note(f"{bars.axis.labels[first]} to {bars.axis.labels[last]}{loose}")


def _note(value: Value) -> str:
    """Name and count with one plain space between them, which the style sheet stretches."""
    return f"{label(value.name, WIDE).replace(' ', _FIXED)} {value.n:,}"
