"""What the analyst says of single lines in `metadata.toml`, which stands above every rule and the chain."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from workbench.label.blocks import Block
from workbench.label.furniture import Named
from workbench.schema import Document, Problem, plain

SAID = "said in metadata.toml"
GOES_ON = ("…", "...")  # behind the beginning of a long line


def say(document: Document, blocks: Sequence[Block], kinds: list[Named]) -> list[Problem]:
    """Give lines the kinds that the analyst says, in place; a problem for each line that is not there."""
    said: Mapping[str, str] = json.loads(document.known.get("lines", "{}"))
    if not said:
        return []
    wanted = {_folded(line): (line, kind) for line, kind in said.items()}
    beginnings = {key.rstrip("….").rstrip(): key for key in wanted if key.endswith(GOES_ON)}
    met = set()
    for number, block in enumerate(blocks):
        text = _folded(block.text)
        key = text if text in wanted else next((k for b, k in beginnings.items() if text.startswith(b)), None)
        if key is not None:
            met.add(key)
            kinds[number] = Named(wanted[key][1], SAID)
    return [_stale(document.path, *wanted[key]) for key in wanted if key not in met]


def _stale(path: str, line: str, kind: str) -> Problem:
    return Problem(
        path,
        f'metadata.toml calls the line "{line}" {kind}, and there is no such line',
        "write the whole line as the page has it, or its beginning and …; or remove the entry",
        "doubtful",
    )


def _folded(text: str) -> str:
    return " ".join(plain(text).casefold().split())
