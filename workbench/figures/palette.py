"""Colours: Okabe and Ito's, the same name in the same colour through a whole report.

The first name asked for gets the first colour; `fix_colours` settles them beforehand, in the order of
the corpus. A report is one process, so the table below lives as long as the report.
"""

from __future__ import annotations

from collections.abc import Iterable

# Okabe & Ito 2008 without black (text) and yellow (1.3:1 on white); darkest first, so that two groups
# stand apart in print. Shapes repeat what colours say.
OKABE_ITO = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
SHAPES = ("o", "s", "D", "^", "v", "P")
OTHER = "#8a8a8a"  # from the seventh name on

INK, QUIET, PAPER, LINE = "#010203", "#757576", "#fefdfc", "#b9babb"  # replaced by page colours in the SVG
POSITIVE, NEGATIVE = "#0072B2", "#D55E00"

_given: dict[str, int] = {}


def fix_colours(names: Iterable[str]) -> None:
    """Forget all colours and give them out in this order."""
    _given.clear()
    for name in names:
        colour_of(str(name))


def colour_of(name: str) -> str:
    """The colour of a source, speaker or group; grey from the seventh on."""
    number = _given.setdefault(str(name), len(_given))
    return OKABE_ITO[number] if number < len(OKABE_ITO) else OTHER


def shape_of(name: str) -> str:
    """The marker that goes with the colour."""
    colour_of(name)
    return SHAPES[_given[str(name)] % len(SHAPES)]
