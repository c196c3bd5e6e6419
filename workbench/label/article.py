"""Which blocks of a page are the story: a score for each, from its shape, its place and its neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.label.blocks import Block

_SENTENCE_END = re.compile(r"[.!?][\"')\]]*$")


def body_blocks(blocks: Sequence[Block]) -> list[bool]:
    """For each block whether it belongs to the story."""
    body = []
    for block in blocks:
        words = block.text.count(" ") + 1
        body.append(words >= 8 and bool(_SENTENCE_END.search(block.text)) or words >= 25)
    return body
