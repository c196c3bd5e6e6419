"""Read plain text: what is left when no other format recognises the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from workbench.read.decode import decode
from workbench.read.source import ParsedDocument


def guess(raw: bytes, path: Path) -> bool:  # noqa: ARG001 - every format is asked the same way
    """Always: this format is asked last."""
    return True


def parse(raw: bytes) -> Iterator[ParsedDocument]:
    """The whole file as one document."""
    decoded = decode(raw)
    yield ParsedDocument(decoded.text, {}, decoded.repairs, {})
