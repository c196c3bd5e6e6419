"""Names that can be asked for (sources, speakers, entities …), looked up fast by the rule of `selection.matching`.

A wanted value stands for a known one that it equals, or of which it is a run of whole words, in any
case. `matching` looks at every known value; here a folded copy says first which ones can fit at all,
so that two hundred thousand names answer while somebody types.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from workbench.errors import BadSelection, did_you_mean
from workbench.schema import plain
from workbench.selection import matching

NEAR = 2000  # names among which a misspelt one is looked for: difflib needs about 10 µs for each


class Names:
    """Known names in order; `found` gives the numbers of those that the wanted values stand for."""

    def __init__(self, names: Sequence[str], field: str) -> None:
        self.field = field
        self.list = list(names)
        self.folded = [plain(name).casefold() for name in self.list]
        self._whole: dict[str, list[int]] = {}
        for number, name in enumerate(self.list):
            self._whole.setdefault(name.casefold(), []).append(number)
        self._one = lru_cache(maxsize=256)(self._find)

    def __len__(self) -> int:
        return len(self.list)

    def found(self, wanted: Iterable[str]) -> set[int]:
        """Numbers of the names meant; BadSelection when a value stands for none."""
        return {number for value in wanted for number in self._one(value)}

    def beginning(self, part: str) -> list[int]:
        """Numbers of the names of which a word begins with `part`, in any case; all of them for ""."""
        folded = plain(part).casefold()
        if not folded:
            return list(range(len(self.list)))
        return [k for k, name in enumerate(self.folded) if name.startswith(folded) or f" {folded}" in name]

    def _find(self, value: str) -> tuple[int, ...]:
        if whole := self._whole.get(value.casefold()):
            return tuple(whole)
        folded = plain(value).casefold()
        at = [number for number, name in enumerate(self.folded) if folded in name]
        try:
            names = matching([value], [self.list[number] for number in at], self.field)
        except BadSelection:
            self._refuse(value)
        return tuple(number for number in at if self.list[number] in names)

    def _refuse(self, value: str) -> None:
        first = plain(value).casefold()[:1]
        near = [self.list[k] for k, name in enumerate(self.folded) if f" {first}" in f" {name}"][:NEAR]
        raise BadSelection(
            "selection",
            problem=f"nothing here has {self.field} `{value}`",
            mend=did_you_mean(value, near or self.list[:NEAR]),
        )
