"""Writing a file whole or not at all, and naming it."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from workbench.errors import ReportFailed

_MAX_SLUG = 60  # characters; mail programs cut longer attachment names


def write_whole(path: Path, content: str | bytes) -> None:
    """Write `content` under a temporary name, then rename: a reader sees the old file or the new one.

    Raises ReportFailed when the folder cannot be written or the disk is full; the old file stays.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.stem[:40]}-", suffix=".tmp", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())  # mkstemp makes it private; a report is to be read
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
        raise cannot_write(path, error) from error


def cannot_write(path: Path, error: OSError) -> ReportFailed:
    """The refusal for a path that could not be written, with the mend that fits the system's reason."""
    mends = {
        errno.ENOSPC: "free some space, then run the same line again; reports already built are untouched",
        errno.EDQUOT: "free some of your quota, then run the same line again",
        errno.EROFS: "choose a folder on a disk that can be written with --out",
        errno.EEXIST: "move the file that stands where the folder should be, or choose another folder with --out",
        errno.ENOTDIR: "move the file that stands where the folder should be, or choose another folder with --out",
    }
    mend = mends.get(
        error.errno or 0, "give yourself the right to write there, or choose another folder with --out"
    )
    return ReportFailed(path, problem=f"cannot be written: {error.strerror or error}", mend=mend)


def report_name(stem: str, changed: Mapping[str, Any], select: str) -> str:
    """File name of a report without its ending: the notebook, then what differs from its defaults.

    >>> report_name("topic_frequency", {}, "")
    'topic_frequency'
    """
    if not changed and not select:
        return _slug(stem)
    words = [f"{name}-{value}" for name, value in sorted(changed.items())] + ([select] if select else [])
    exact = json.dumps([dict(changed), select], sort_keys=True, ensure_ascii=False, default=str)
    digest = hashlib.sha256(exact.encode()).hexdigest()[:6]
    return f"{_slug(stem)}-{_slug('-'.join(words))}-{digest}".replace("--", "-")


def _slug(text: str) -> str:
    return re.sub(r"[^\w]+", "-", text, flags=re.ASCII).strip("-")[:_MAX_SLUG].rstrip("-").lower() or "report"


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current
