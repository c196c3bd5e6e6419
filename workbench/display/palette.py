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
# For the seventh to tenth name: as dark as the others, dull beside them, and told from them by their shapes.
FURTHER = ("#8F6BBF", "#8C8A2E", "#A3663F", "#5F7F95")
FURTHER_SHAPES = ("X", "p", "*", "h")
OTHER = "#8a8a8a"  # from the eleventh name on; draws what has no colour of its own alike

INK, QUIET, PAPER, LINE = "#010203", "#757576", "#fefdfc", "#b9babb"  # replaced by page colours in the SVG
POSITIVE, NEGATIVE = "#0072B2", "#D55E00"

_COLOURS, _SHAPES = OKABE_ITO + FURTHER, SHAPES + FURTHER_SHAPES
_given: dict[str, int] = {}


def fix_colours(names: Iterable[str]) -> None:
    """Forget all colours and give them out in this order."""
    _given.clear()
    for name in names:
        colour_of(str(name))


def colour_of(name: str) -> str:
    """The colour of a source, speaker or group; grey from the eleventh on."""
    number = _given.setdefault(str(name), len(_given))
    return _COLOURS[number] if number < len(_COLOURS) else OTHER


def shape_of(name: str) -> str:
    """The marker that goes with the colour."""
    colour_of(name)
    return _SHAPES[_given[str(name)] % len(_SHAPES)]


def in_one_figure(names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The colour and shape of each name in one figure with a key.

    Its own in this report, or, for those after the tenth, one that no other name of the figure bears.
    """
    asked = list(dict.fromkeys(str(name) for name in names))
    own = {name: _given.setdefault(name, len(_given)) for name in asked}
    free = iter(sorted(set(range(len(_COLOURS))) - set(own.values())))
    places = {name: at if at < len(_COLOURS) else next(free, at) for name, at in own.items()}
    return {
        name: (_COLOURS[at] if at < len(_COLOURS) else OTHER, _SHAPES[at % len(_SHAPES)])
        for name, at in places.items()
    }


def fits(names: Iterable[str]) -> bool:
    """Whether every one of these names has a colour or can still get one."""
    asked = {str(name) for name in names}
    return len(_given) + len(asked - set(_given)) <= len(_COLOURS) or all(
        _given.get(name, len(_COLOURS)) < len(_COLOURS) for name in asked
    )
