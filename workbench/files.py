"""Write files atomically: a reader, or a crash, finds the old file or the new one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_LONGEST_STEM = 60  # characters of the name that the temporary one keeps: file systems end names at 255 bytes


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path` that takes its place at the end, with its permissions.

    Where the block raises, the temporary file goes and the old one stays. Raises OSError.
    """
    temporary = path.with_name(f".{path.name[:_LONGEST_STEM]}-{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o777)
        temporary.replace(path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write `content` (text as UTF-8) and let it reach the disk before it takes the place of `path`. Raises OSError."""
    with replacing(path) as temporary, temporary.open("xb") as file:
        file.write(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))
        file.flush()
        os.fsync(file.fileno())
