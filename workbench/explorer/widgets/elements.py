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


HIDDEN = "wbx-hidden"
_COMMON: dict[type, Any] = {}


def shown(widget: Any, visible: bool) -> None:
    """Show a widget or take it out of the page, and out of the way of the Tab key."""
    if visible and HIDDEN in widget._dom_classes:
        widget.remove_class(HIDDEN)
    elif not visible and HIDDEN not in widget._dom_classes:
        widget.add_class(HIDDEN)


def is_shown(widget: Any) -> bool:
    """Whether `shown` left the widget in the page."""
    return HIDDEN not in widget._dom_classes


def common(kind: type) -> Any:
    """The one layout, or the one style of this kind, that all widgets here share.

    Each would bring two models of its own otherwise: a page that is loaded again asks the kernel for
    every model, and gives up after a few seconds.
    """
    made = _COMMON.get(kind)
    if made is None or made.comm is None:  # closed together with everything else, by `Widget.close_all()`
        made = _COMMON[kind] = kind()
    return made


def close(root: Any) -> None:
    """Close a widget and all below it, but for what is shared."""
    for child in getattr(root, "children", ()):
        close(child)
    root.close()


def toggle(words: str, *classes: str, value: bool = False, tip: str = "") -> Any:
    """A button that stays pressed."""
    style, layout = common(w.widget_bool.ToggleButtonStyle), common(w.Layout)
    made = w.ToggleButton(value=value, description=words, style=style, layout=layout)
    if tip:
        made.tooltip = tip
    return classed(made, *classes)


def html(value: str = "", *classes: str) -> Any:
    """A piece of HTML; give text through `markup.text`."""
    return classed(w.HTML(value, style=common(w.widget_string.HTMLStyle), layout=common(w.Layout)), *classes)


def button(words: str, click: Callable[[], object], *classes: str, tip: str = "") -> Any:
    """A button that calls `click` without arguments."""
    style, layout = common(w.ButtonStyle), common(w.Layout)
    made = classed(w.Button(description=words, tooltip=tip or words, style=style, layout=layout), *classes)
    made.on_click(lambda _: click())
    return made


def numbered(k: int, words: str, click: Callable[[int], object], *classes: str) -> Any:
    """A button of a pool: it calls `click` with its number."""
    return button(words, lambda: click(k), *classes)


def classed(widget: Any, *classes: str) -> Any:
    """The widget with these classes."""
    widget._dom_classes = (*widget._dom_classes, *classes)
    return widget


def row(*children: Any, cls: str = "wbx-beside") -> Any:
    """Widgets beside each other, breaking where there is no room."""
    return classed(w.Box(children, layout=common(w.Layout)), "wbx-line", cls)


def column(*children: Any, cls: str = "wbx-below") -> Any:
    """Widgets below each other."""
    return classed(w.Box(children, layout=common(w.Layout)), "wbx-column", cls)


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
