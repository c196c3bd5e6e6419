"""From text to HTML: the one door through which a document, a title or a name enters a page."""

from __future__ import annotations

from html import escape

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
