"""Escape text for HTML, and load the style sheets: no text of a document enters a page another way."""

from __future__ import annotations

from html import escape
from importlib import resources

from workbench.schema import visible


def text(value: object) -> str:
    """`value` as text that no browser takes for markup, inside an element or an attribute.

    >>> text('<img src="x">')
    '&lt;img src=&quot;x&quot;&gt;'
    """
    return escape(visible(str(value)), quote=True)


def label(name: str, width: int = 40) -> str:
    """A name on one line of at most `width` letters, for a button (which shows text, never markup)."""
    flat = visible(" ".join(str(name).split()))
    return flat if len(flat) <= width else flat[: width - 1].rstrip() + "…"


def style() -> str:
    """The style sheet of figures and that of the explorer."""
    return figure_style() + resources.files("workbench.explorer").joinpath("explorer.css").read_text(
        encoding="utf-8"
    )


def figure_style() -> str:
    """The style sheet of figures, tables and evidence."""
    return resources.files("workbench.display").joinpath("page.css").read_text(encoding="utf-8")
