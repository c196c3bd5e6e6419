"""Which words were brought together by their stem: the note that stands beside counts of stems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.display.readings.words import family_caveat
from workbench.features.stems import stem_members
from workbench.features.units import units_of

if TYPE_CHECKING:
    from workbench.corpus import Corpus
    from workbench.display.blocks import Caveat


def stem_caveat(corpus: Corpus) -> list[Caveat]:
    """How many words fall into how many groups of one stem, and the largest group, as a notebook shows it."""
    return family_caveat(stem_members(units_of(corpus.count_context("tokens"), corpus.scope(), "all")))
