"""Plain text: what is left when no other format recognises the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from workbench.read.decode import decode
from workbench.read.formats import Parsed


def guess(raw: bytes, path: Path) -> bool:  # noqa: ARG001 - every format is asked the same way
    """Always: this format is asked last."""
    return True


def parse(raw: bytes) -> Iterator[Parsed]:
    """The whole file as one document."""
    decoded = decode(raw)
    yield Parsed(decoded.text, {}, decoded.repairs, {})
