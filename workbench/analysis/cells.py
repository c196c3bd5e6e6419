"""Counts of items by group and document: the small table that every rate and every interval is made from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from workbench.analysis.distributions import Floats

Ints = npt.NDArray[np.int64]


class Cells(NamedTuple):
    """How often each item stands in each part of each group, and how many words that part has.

    A row is a document of a group, or a sentence of it where a group has too few documents for an interval over
    them. `group` is the place in `groups`; `document` numbers the documents; `part` is the segment of a sentence;
    `sentences` counts those in the row: 0 where a hit counts in a group to which its sentence does not belong.
    `counts` has a column for each of `items`.
    """

    by: str
    item: str
    groups: tuple[str, ...]
    items: tuple[str, ...]
    group: Ints
    document: Ints
    part: Ints
    words: Ints
    sentences: Ints
    counts: Floats

    def of(self, group: int) -> Cells:
        """The rows of one group."""
        own = self.group == group
        return self._replace(
            group=self.group[own], document=self.document[own], part=self.part[own], words=self.words[own],
            sentences=self.sentences[own], counts=self.counts[own],
        )  # fmt: skip

    def sizes(self) -> Floats:
        """Words of each group."""
        return np.asarray(
            np.bincount(self.group, weights=self.words, minlength=len(self.groups)), dtype=float
        )
