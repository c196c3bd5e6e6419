"""The AFINN-111 sentiment lexicon (Nielsen 2011), by which the scores of VADER are checked.

`en/AFINN-111.txt` is the author's file, unchanged, under the Open Database License 1.0 (`en/AFINN-LICENSE`, as he
ships it with his package `afinn` 0.1); it is no part of what our own licence covers. Valences go from -5 to 5;
here they are brought to VADER's scale, -4 to 4. Phrases of several words are left out: the rules read words.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

NAME = "AFINN-111"
NOTICE = "Contains information from AFINN, available under the Open Database License (opendatacommons.org/licenses/odbl/1-0)."
TO_VADER = 4 / 5


@cache
def afinn() -> Mapping[str, float]:
    """The valence of each word, lower case, on VADER's scale."""
    text = resources.files("workbench.languages").joinpath("en/AFINN-111.txt").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line.strip())
    return MappingProxyType({word: int(valence) * TO_VADER for word, valence in rows if " " not in word})
