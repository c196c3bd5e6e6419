"""Small helpers that make and update widgets. Text for HTML is escaped by `markup.text`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as w

from workbench.errors import WorkbenchError
from workbench.explorer.markup import text


def put(widget: Any, **values: Any) -> None:
    """Set only what differs, in one message."""
    with widget.hold_sync():
        for name, value in values.items():
            if getattr(widget, name) != value:
                setattr(widget, name, value)


def shown(widget: Any, visible: bool) -> None:
    """Show a widget or take it out of the page, and out of the way of the Tab key."""
    display = None if visible else "none"
    if widget.layout.display != display:
        widget.layout.display = display


def html(value: str = "", *classes: str) -> Any:
    """A piece of HTML; give text through `markup.text`."""
    return classed(w.HTML(value), *classes)


def button(words: str, click: Callable[[], object], *classes: str, tip: str = "") -> Any:
    """A button that calls `click` without arguments."""
    made = classed(w.Button(description=words, tooltip=tip or words), *classes)
    made.on_click(lambda _: click())
    return made


def numbered(k: int, words: str, click: Callable[[int], object], *classes: str) -> Any:
    """A button of a pool: it calls `click` with its number."""
    return button(words, lambda: click(k), *classes)


def classed(widget: Any, *classes: str) -> Any:
    """The widget with these classes."""
    for name in classes:
        widget.add_class(name)
    return widget


def row(*children: Any, cls: str = "wbx-beside") -> Any:
    """Widgets beside each other, breaking where there is no room."""
    return classed(w.Box(children), "wbx-line", cls)


def column(*children: Any, cls: str = "wbx-below") -> Any:
    """Widgets below each other."""
    return classed(w.Box(children), "wbx-column", cls)


def message(error: Exception) -> str:
    """What went wrong and what to do, as HTML; an error of ours in two sentences, another by its name."""
    if isinstance(error, WorkbenchError):
        said = f"<b>{text(_sentence(error.problem))}</b> {text(_sentence(error.hint))}"
    else:
        said = f"<b>This could not be done: {text(type(error).__name__)}.</b> {text(error)}"
    return f"<p class='wbx-error' role='alert'>{said}</p>"


def note(words: str) -> str:
    """A quiet line as HTML, read out when it changes."""
    return f"<p class='wbx-note-line' role='status'>{text(words)}</p>" if words else ""


def _sentence(words: str) -> str:
    """Words as a sentence: a capital, a full stop."""
    said = words[:1].upper() + words[1:]
    return said if said.endswith((".", "?", "!", "…")) else f"{said}."
