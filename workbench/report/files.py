"""Write the files of reports, and name them."""

from __future__ import annotations

import errno
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.errors import ReportFailed
from workbench.files import write_atomically
from workbench.store.locks import NO_LOCKS

_MAX_SLUG = 60  # characters; longer attachment names are cut by mail programs


def write_file(path: Path, content: str | bytes) -> None:
    """Write `content` atomically; ReportFailed when the folder cannot be written or the disk is full."""
    try:
        write_atomically(path, content)
    except OSError as error:
        raise cannot_write(path, error) from error


def cannot_write(path: Path, error: OSError) -> ReportFailed:
    """The refusal for a path that could not be written, with the hint that fits the system's reason."""
    elsewhere = "or choose another folder with --out"
    hints = {
        errno.ENOSPC: "free some space, then run the same line again; reports already built are untouched",
        errno.EDQUOT: "free some of your quota, then run the same line again",
        errno.EROFS: "the disk is mounted read-only: choose another folder with --out",
        errno.ENOLCK: f"{NO_LOCKS}, {elsewhere}",
        errno.EEXIST: f"move the file that stands where the folder should be, {elsewhere}",
        errno.ENOTDIR: f"move the file that stands where the folder should be, {elsewhere}",
    }
    hint = hints.get(error.errno or 0, f"give yourself the right to write there, {elsewhere}")
    return ReportFailed(path, problem=f"cannot be written: {error.strerror or error}", hint=hint)


def report_name(stem: str, changed: Mapping[str, Any], select: str) -> str:
    """File name of a report without its ending: the notebook, then what differs from its defaults.

    >>> report_name("topic_frequency", {}, "")
    'topic_frequency'
    >>> report_name("topic_frequency", {"top": 5}, "source:TASS")
    'topic_frequency-top-5-source-tass-7e3b30'
    """
    words = [f"{name}-{_words(value)}" for name, value in sorted(changed.items())] + [select] * bool(select)
    short = "-".join(filter(None, (_slug(part) for part in (stem, "-".join(words)))))
    if short == stem:
        return short
    exact = json.dumps([stem, dict(changed), select], sort_keys=True, ensure_ascii=False)
    return f"{short or 'report'}-{hashlib.sha256(exact.encode()).hexdigest()[:6]}"


def _words(value: Any) -> str:
    return "-".join(map(str, value)) if isinstance(value, list) else str(value)


def _slug(text: str) -> str:
    return re.sub(r"[^\w]+", "-", text, flags=re.ASCII).lower().strip("-")[:_MAX_SLUG].rstrip("-")
