"""Answers kept beside the tables, a file for each version: which of them may go."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

KEPT = 3  # files: a report that has begun reads its version while the next one, and the one after, are built


def keep_newest(place: Path, pattern: str, n: int = KEPT) -> None:
    """Let go of all but the `n` newest files of that pattern; one that another process holds or removes is left."""
    dated: list[tuple[float, Path]] = []
    for path in place.glob(pattern):
        with suppress(OSError):  # another process let go of it
            dated.append((path.stat().st_mtime, path))
    for _, path in sorted(dated, reverse=True)[n:]:
        with suppress(OSError):  # a reader has it open, on Windows
            path.unlink()
