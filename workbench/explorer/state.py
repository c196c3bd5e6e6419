"""State of the explorer: one selection, the settings of the views, and the history for undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple

from workbench.errors import BadSelection
from workbench.selection.model import LISTS, Selection

VIEWS = ("documents", "concordance", "topics", "sentiment", "entities", "timeline", "reader")
ORDERS = ("date", "title", "source", "words", "tone")
LAYERS = ("hits", "quotes", "mentions", "topics", "sentiment")
DEPTH = 100  # steps that can be undone: a selection is under a kilobyte


@dataclass(frozen=True)
class State:
    """One Selection, and the settings of the views."""

    selection: Selection = field(default_factory=Selection)
    view: str = "documents"
    order: str = "date"
    falling: bool = True
    page: int = 0
    by: str = "source"
    doc_id: str = ""
    hit: int = 0
    chrome: bool = False
    layers: tuple[str, ...] = ("hits", "quotes", "mentions")

    def changed(self, **changes: Any) -> State:
        """A copy with some fields set anew."""
        return replace(self, **changes)

    def table(self) -> dict[str, Any]:
        """As plain values, for a file."""
        return asdict(self) | {"selection": self.selection.line(), "layers": list(self.layers)}

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> State:
        """A state from what `table` wrote; values that are not valid are left out."""
        unset = cls()
        known = {
            name: value
            for name, value in table.items()
            if name in asdict(unset) and isinstance(value, type(getattr(unset, name)))
        }
        for name, allowed in (("view", VIEWS), ("order", ORDERS)):
            if known.get(name, allowed[0]) not in allowed:
                del known[name]
        try:
            selection = Selection.parse(str(table.get("selection", "")))
        except BadSelection:
            selection = Selection()
        layers = tuple(layer for layer in LAYERS if layer in table.get("layers", unset.layers))
        return replace(unset, **known | {"selection": selection, "layers": layers})


@dataclass(frozen=True)
class History:
    """The selection now, the ones before it, and those that were undone."""

    past: tuple[Selection, ...] = ()
    now: Selection = field(default_factory=Selection)
    future: tuple[Selection, ...] = ()

    def to(self, selection: Selection) -> History:
        """The history after a new selection; unchanged when it is the same."""
        if selection == self.now:
            return self
        return History((*self.past, self.now)[-DEPTH:], selection, ())

    def undone(self) -> History:
        """The history one step back, where there is one."""
        return History(self.past[:-1], self.past[-1], (self.now, *self.future)) if self.past else self

    def redone(self) -> History:
        """The history with the last undone step repeated."""
        return History((*self.past, self.now), self.future[0], self.future[1:]) if self.future else self


class Chip(NamedTuple):
    """One restriction of a selection in words, and the selection without it."""

    words: str
    without: Selection


def chips(selection: Selection) -> list[Chip]:
    """The restrictions of a selection, each with the selection without it."""
    parts = [
        Chip(f"{name}: {value}", selection.narrowed(**{name: tuple(v for v in wanted if v != value)}))
        for name in LISTS
        for wanted in [getattr(selection, name)]
        for value in wanted
    ]
    for name in ("since", "until", "arrived"):
        if day := getattr(selection, name):
            parts.append(Chip(f"{name}: {day}", selection.narrowed(**{name: None})))
    if selection.query:
        parts.append(Chip(f"words: {selection.query}", selection.narrowed(query="")))
    if selection.stories != "copies":
        parts.append(Chip(selection.stories, selection.narrowed(stories="copies")))
    return parts
