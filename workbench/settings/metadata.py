"""Settings of `metadata.toml` beside documents: what the analyst knows better than the file, with the reason.

    ["2015/visit.txt"]
    date = 2015-12-11                     # a date, or text: "2015-12", "2015"
    source = "TASS"
    reason = "the page shows no year; the print edition does"

One table a file, named by its path from the folder of the `metadata.toml`. `reason` is required.
Keys: title, date, source, url, place, genre, language, author, speaker, reason.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from workbench.errors import BadSettings, did_you_mean
from workbench.schema import GENRES, Problem
from workbench.settings.toml import check_keys, read_toml

FILE = "metadata.toml"
KEYS = ("title", "date", "source", "url", "place", "genre", "language", "author", "speaker", "reason")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def load_metadata(place: Path) -> dict[str, dict[str, str]]:
    """The entries of one `metadata.toml`: file name below its folder -> what is said of it.

    Raises BadSettings for an entry without reason, an unknown key, a value that is no text or date,
    an unknown genre, a date that is none.
    """
    return {name: _entry(str(place), name, table) for name, table in read_toml(place).items()}


def _entry(place: str, name: str, table: Any) -> dict[str, str]:
    if not isinstance(table, Mapping):
        raise BadSettings(
            place, problem=f"`{name}` stands outside a file's table", mend=f'write ["{name}"] above its keys'
        )
    check_keys(place, table, KEYS, f'"{name}"')
    entry = {key: _text(place, name, key, said) for key, said in table.items()}
    if not entry.get("reason"):
        raise BadSettings(place, problem=f'"{name}" gives no reason', mend='add reason = "how this is known"')
    if entry.get("genre", GENRES[0]) not in GENRES:
        raise BadSettings(
            place, problem=f'"{name}" has genre "{entry["genre"]}"', mend=did_you_mean(entry["genre"], GENRES)
        )
    if "date" in entry and not _DATE.fullmatch(entry["date"]):
        raise BadSettings(
            place,
            problem=f'"{name}" has date "{entry["date"]}"',
            mend='write date = 2015-12-11, or "2015-12"',
        )
    return entry


def _text(place: str, name: str, key: str, said: Any) -> str:
    if isinstance(said, datetime.datetime):
        return said.date().isoformat()
    if isinstance(said, datetime.date):
        return said.isoformat()
    if isinstance(said, str):
        return said.strip()
    raise BadSettings(
        place, problem=f'"{name}" has {key} = {said!r}, which is no text', mend=f'write {key} = "…"'
    )


def for_file(path: Path, root: Path) -> dict[str, str]:
    """What is said of the file `path` by the `metadata.toml` files between it and `root`; the nearest counts most."""
    said: dict[str, str] = {}
    for folder in reversed(_folders(path, root)):
        entries = _cached(folder / FILE)
        said |= entries.get(path.relative_to(folder).as_posix(), {})
    return said


def _folders(path: Path, root: Path) -> list[Path]:
    """The folders from that of `path` up to `root`, or its own alone where it lies elsewhere."""
    if not path.is_relative_to(root) or path == root:
        return [path.parent]
    above = list(path.relative_to(root).parents)
    return [root / folder for folder in above]


def _cached(place: Path) -> dict[str, dict[str, str]]:
    try:
        changed = place.stat().st_mtime_ns
    except OSError:
        return {}
    return _load(place, changed)


@lru_cache(maxsize=256)
def _load(place: Path, changed: int) -> dict[str, dict[str, str]]:  # noqa: ARG001 - `changed` renews the cache
    return load_metadata(place)


def stale(root: Path, files: Sequence[Path]) -> list[Problem]:
    """A problem for each entry about a file that is not among `files` (it was moved, renamed or removed)."""
    present = {path.resolve() for path in files}
    problems = []
    for place in sorted({folder / FILE for path in files for folder in _folders(path, root)} | {root / FILE}):
        for name in _cached(place):
            if (place.parent / name).resolve() not in present:
                shown = place.relative_to(root).as_posix() if place.is_relative_to(root) else place.name
                problems.append(
                    Problem(
                        shown,
                        f'it speaks of "{name}", which is not there',
                        "correct the name or remove the entry",
                        "doubtful",
                    )
                )
    return problems
