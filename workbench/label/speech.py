"""Which blocks of a transcript are spoken, whatever they look like."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.label.blocks import Block
from workbench.label.shape import is_ended
from workbench.label.turns import TurnLabel

# The last turn has no label behind it to end it. It goes on while whole sentences come; so many lines that
# are none, one after the other, are a menu or a list of links, and the chain of `article.py` looks at them.
MAX_BROKEN = 3
MIN_SENTENCE = 60  # characters from which a line with a full stop is more than a link or a date


def settle(blocks: Sequence[Block], turns: Sequence[TurnLabel]) -> frozenset[int]:
    """Numbers of the blocks that lie whole between a label and the end of its turn.

    Of the last turn: those up to its last whole sentence before the page's foot begins.
    """
    if not turns:
        return frozenset()
    settled: set[int] = set()
    turn = -1
    waiting: list[int] = []  # blocks of the last turn that are spoken if a sentence follows
    for number, block in enumerate(blocks):
        while turn + 1 < len(turns) and turns[turn + 1].start < block.end:
            turn += 1
        if turn < 0 or block.start >= turns[turn].stop:
            continue
        if turn + 1 < len(turns):
            settled.add(number)
        elif len(waiting) < MAX_BROKEN:
            waiting.append(number)
            if len(block.text) >= MIN_SENTENCE and is_ended(block.text):
                settled.update(waiting)
                waiting.clear()
    return frozenset(settled)
