"""Keep hashes of files and answers to questions beside the tables.

Answers kept beside the tables, a file for each version: which of them may go.

Which files changed: a file of the same size and time is the same; when in doubt, its bytes decide.

The book is a cache beside the tables. Losing it costs one reading of all bytes, no labelling.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

from workbench.errors import UnreadableFile
from workbench.files import write_atomically
from workbench.store.tables import our_errors

KEPT = 3  # files: a report that has begun reads its version while the next one, and the one after, are built


def prune(place: Path, pattern: str, n: int = KEPT) -> None:
    """Let go of all but the `n` newest files of that pattern; one that another process holds or removes is left."""
    dated: list[tuple[float, Path]] = []
    for path in place.glob(pattern):
        with suppress(OSError):  # another process let go of it
            dated.append((path.stat().st_mtime, path))
    for _, path in sorted(dated, reverse=True)[n:]:
        with suppress(OSError):  # a reader has it open, on Windows
            path.unlink()


# ---------------------------------------------------------------- which files changed: a file of the same size and time is the same; when in doubt, its bytes decide

# A file written in the clock's tick in which it was last looked at may have changed without a trace:
# within this span its bytes are compared. FAT keeps times to 2 s, the coarsest file system in use.
TICK_NS = 2_000_000_000


class FileStamp(NamedTuple):
    """What the book knows of a file: size in bytes, its time and when it was looked at (ns), its hash."""

    size: int
    mtime_ns: int
    seen_ns: int
    sha256: str


class FileHashCache:
    """Hashes of files by path, remembered as long as size and time stay the same."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known = _read(file)
        self._now: dict[str, FileStamp] = {}

    def sha256(self, path: str, file: Path) -> str:
        """Hash of the bytes of `file`, known under `path`; UnreadableFile when it cannot be read."""
        try:
            stat = file.stat()
            if not S_ISREG(stat.st_mode):  # a pipe would be waited for, a device never ends
                raise OSError(None, "it is no file but a device or a pipe")
            stamp = self._known.get(path)
            if not stamp or not _same(stamp, stat):
                seen = time.time_ns()
                with file.open("rb") as stream:
                    digest = hashlib.file_digest(stream, "sha256").hexdigest()
                stamp = FileStamp(stat.st_size, stat.st_mtime_ns, seen, digest)
        except OSError as error:
            raise UnreadableFile(
                file,
                problem=f"it cannot be read: {error.strerror}",
                hint="check that it exists and its permissions",
            ) from error
        self._now[path] = stamp
        return stamp.sha256

    def save(self) -> None:
        """Write what was seen since the book was opened, whole or not at all; other paths are forgotten."""
        if self._now == self._known:
            return
        with our_errors(self._file):
            write_atomically(self._file, json.dumps(self._now, ensure_ascii=True))


def _same(stamp: FileStamp, stat: os.stat_result) -> bool:
    unmoved = (stamp.size, stamp.mtime_ns) == (stat.st_size, stat.st_mtime_ns)
    return unmoved and stamp.seen_ns - stamp.mtime_ns > TICK_NS


def _read(file: Path) -> dict[str, FileStamp]:
    try:
        return {path: FileStamp(*row) for path, row in json.loads(file.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, TypeError, AttributeError):  # absent or damaged: look at every file again
        return {}
