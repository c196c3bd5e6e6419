"""Who a source is: pronouns, short names and "the ministry" led back to the fullest form in the document."""

from __future__ import annotations

import re

from workbench.label.sources import Source
from workbench.schema import UNKNOWN

_TITLES = frozenset(
    "mr mrs ms dr sen rep gov gen lt col capt sgt sir lord lady president secretary minister senator congressman "
    "congresswoman governor mayor prime foreign state us u.s chancellor king queen prince princess pope judge justice "
    "attorney general chairman chairwoman director spokesman spokeswoman spokesperson ambassador deputy vice speaker "
    "professor but and the a an in on at for as when while if former house defense treasury republican democratic "
    "russian american british french german chinese democrat of leader candidate nominee".split()
)
_NAME_END = re.compile(r"((?:[A-Z][\w'.-]*(?: (?:de|van|von|bin|al|der|la|el))? ?)+)$")
_GENERIC = re.compile(r"^(?:[Tt]he|[Ii]ts|[Tt]hat|[Tt]his) ([a-z-]+)$")


class People:
    """The names of one document, asked about in text order."""

    def __init__(self, plain: str) -> None:
        self._plain = plain
        self._last = ""
        self._full: dict[str, str] = {}

    def name(self, source: Source) -> str:
        """The speaker a source stands for, UNKNOWN when a pronoun has nobody before it."""
        surface = self._plain[source.start : source.end]
        if source.kind == "pronoun":
            return self._last if surface.lower() in ("he", "she", "who", "i") and self._last else UNKNOWN
        if source.kind == "name":
            name = self._fullest(surface)
            self._last = name
            return name
        if match := _GENERIC.match(surface):
            return self._described(match[1], source.start) or _bare(surface)
        return _bare(surface)

    def _fullest(self, surface: str) -> str:
        """Longest run of names before this surname anywhere in the document."""
        words = _bare(surface).split()
        while len(words) > 1 and words[0].lower().rstrip(".") in _TITLES:
            words.pop(0)
        short = " ".join(words)
        if len(words) > 1:
            return short
        if short not in self._full:
            best = short
            for match in re.finditer(
                rf"((?:[A-Z][\w'-]+\.?|[A-Z]\.) (?:[A-Z]\.? |[A-Z][\w'-]+ ){{0,2}}){re.escape(short)}\b",
                self._plain,
            ):
                first = match[1].split()
                while first and first[0].lower().rstrip(".") in _TITLES:
                    first.pop(0)
                while any(w.lower().rstrip(".") in _TITLES for w in first):
                    first.pop(0)
                full = " ".join([*first, short])
                if len(full) > len(best):
                    best = full
            self._full[short] = best
        return self._full[short]

    def _described(self, head: str, before: int) -> str:
        """The last fuller description with the same head: the Russian foreign ministry for the ministry."""
        found = ""
        pattern = rf"\b(?:[Tt]he |[Aa]n? )?((?:[A-Z][\w'-]+ )(?:[A-Za-z][\w'-]+ ){{0,3}}{re.escape(head)})\b"
        for match in re.finditer(pattern, self._plain[:before], re.IGNORECASE if False else 0):
            found = match[1]
        return _bare(found)


def _bare(surface: str) -> str:
    """Without article and outer marks."""
    return re.sub(r"^(?:[Tt]he|[Aa]n?) ", "", surface).strip(" ,.;:")
