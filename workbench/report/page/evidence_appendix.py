"""The evidence appendix: the sentences behind the numbers, taken out of the sections and kept in one place.

A section keeps a link to its own; on paper, where nothing can be unfolded, the appendix is the only place.
"""

from __future__ import annotations

import re
from html import escape

from workbench.report.page.sanitize import Cleaner, PageHeading, text_of

_BEHIND = re.compile(r'<details class="wb-behind"><summary>(.*?)</summary>(.*)</details>', re.S)
_FOLD = re.compile(r"<(/?)details\b")


class Appendix:
    """Collects the evidence of one report in the order of its sections."""

    def __init__(self, cleaner: Cleaner) -> None:
        self._cleaner = cleaner
        self._parts: list[str] = []

    def take(self, html: str) -> str:
        """A clean piece of HTML; where it is evidence, a link to where it stands now."""
        found = _BEHIND.fullmatch(html.strip())
        if found is None or not _is_whole(found[2]):
            return html
        name = self._cleaner.take_id(f"evidence-{len(self._parts) + 1}")
        self._parts.append(f'<section id="{name}">{self._head(name)}{found[2]}</section>')
        return f'<p class="wb-behind"><a href="#{name}">{escape(text_of(found[1]), quote=False)}</a></p>'

    def html(self) -> str:
        """The appendix; "" where nothing was taken."""
        if not self._parts:
            return ""
        about = "Sentence by sentence what the numbers were counted from; where there are many, a sample by the rule beside it."
        return (
            '<section class="wb-appendix" aria-labelledby="evidence">\n<h2 id="evidence">Evidence</h2>\n'
            f"<p>{about}</p>\n{''.join(self._parts)}\n</section>\n"
        )

    def _head(self, name: str) -> str:
        """The section that the evidence is from, with the way back to it."""
        headings = self._cleaner.headings
        if not headings:
            return f"<h3>{escape(name)}</h3>"
        last = headings[-1]
        above: PageHeading | None = next((one for one in reversed(headings) if one.level < last.level), None)
        words = f"{above.text}: {last.text}" if above else last.text
        return f'<h3><a href="#{escape(last.id)}">{escape(words, quote=False)}</a></h3>'


def _is_whole(html: str) -> bool:
    """Whether every fold in it is closed in it, so that it can stand elsewhere."""
    depth = 0
    for closing in _FOLD.findall(html):
        depth += -1 if closing else 1
        if depth < 0:
            return False
    return depth == 0
