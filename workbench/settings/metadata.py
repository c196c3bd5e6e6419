"""Settings of `metadata.toml` beside documents: what the analyst knows better than the file, with the reason.

    ["2015/visit.txt"]
    date = 2015-12-11                     # a date, or text: "2015-12", "2015"
    source = "TASS"
    reason = "the page shows no year; the print edition does"

One table a file, named by its path from the folder of the `metadata.toml`; "articles.csv#7" or
"mail.zip#a.txt" names one document in it. `reason` is required.
Keys: title, date, source, url, place, genre, language, author, speaker, lines, reason. A line can be standfirst,
paragraph, byline, date, caption, credit, stage, chrome, related or footer.

    ["2015/visit.txt".lines]              # what single lines of it are, where they were misread
    "Kerry at the airport" = "caption"    # the whole line, or its beginning and "…"

    ["2015/visit.txt".attributes]         # anything else that is known of it, under names of your own
    party = "Green"

    ["articles.csv".columns]              # which column of a table is what; needs no reason
    text = "Volltext"

Keys: text, title, date, source, url, author, language, place, id; all other
columns become attributes of the documents. For an archive they hold for every table in it.
"""

from __future__ import annotations

import datetime
import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from workbench.errors import BadSettings, did_you_mean
from workbench.schema import GENRES, Problem
from workbench.settings.loader import check_keys, read_toml

FILE = "metadata.toml"
TABLES = ("columns", "lines", "attributes")  # keys that hold a table of their own
KEYS = ("title", "date", "source", "url", "place", "genre", "language", "author", "speaker", "reason")
COLUMNS = ("text", "title", "date", "source", "url", "author", "language", "place", "id")
LINE_KINDS = (
    "standfirst", "paragraph", "byline", "date", "caption", "credit", "stage", "chrome", "related", "footer",
)  # fmt: skip
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def load_metadata(place: Path) -> dict[str, dict[str, str]]:
    """The entries of one `metadata.toml`: file name below its folder -> what is said of it.

    Raises BadSettings for an entry without reason, an unknown key, a value that is no text or date,
    an unknown genre, a date that is none.
    """
    return {name: _entry(str(place), name, table) for name, table in read_toml(place).items()}


def load_columns(place: Path) -> dict[str, dict[str, str]]:
    """What one `metadata.toml` says of the columns of tables: file name -> our name -> name in the table.

    Raises BadSettings for an unknown key and a value that is no text.
    """
    found = {}
    for name, table in read_toml(place).items():
        columns = table.get("columns") if isinstance(table, Mapping) else None
        if columns is None:
            continue
        if not isinstance(columns, Mapping):
            raise BadSettings(
                place, problem=f'"{name}" has columns = {columns!r}', hint=f'write ["{name}".columns]'
            )
        check_keys(str(place), columns, COLUMNS, f'"{name}".columns')
        found[name] = {key: _text(str(place), name, key, said) for key, said in columns.items()}
    return found


def _entry(place: str, name: str, table: Any) -> dict[str, str]:
    if not isinstance(table, Mapping):
        raise BadSettings(
            place, problem=f"`{name}` stands outside a file's table", hint=f'write ["{name}"] above its keys'
        )
    check_keys(place, table, (*KEYS, *TABLES), f'"{name}"')
    entry = {key: _text(place, name, key, said) for key, said in table.items() if key not in TABLES}
    if "lines" in table:
        entry["lines"] = json.dumps(_lines(place, name, table["lines"]), ensure_ascii=False)
    if "attributes" in table:
        entry["attributes"] = json.dumps(_attributes(place, name, table["attributes"]), ensure_ascii=False)
    if list(table) == ["columns"]:
        return {}
    if not entry.get("reason"):
        raise BadSettings(place, problem=f'"{name}" gives no reason', hint='add reason = "how this is known"')
    if entry.get("genre", GENRES[0]) not in GENRES:
        raise BadSettings(
            place, problem=f'"{name}" has genre "{entry["genre"]}"', hint=did_you_mean(entry["genre"], GENRES)
        )
    if "date" in entry and not _DATE.fullmatch(entry["date"]):
        raise BadSettings(
            place,
            problem=f'"{name}" has date "{entry["date"]}"',
            hint='write date = 2015-12-11, or "2015-12"',
        )
    return entry


def _lines(place: str, name: str, said: Any) -> dict[str, str]:
    """What single lines of a file are: the line -> one of LINE_KINDS."""
    if not isinstance(said, Mapping):
        raise BadSettings(place, problem=f'"{name}" has lines = {said!r}', hint=f'write ["{name}".lines]')
    for line, kind in said.items():
        if kind not in LINE_KINDS:
            raise BadSettings(
                place,
                problem=f'"{name}" calls the line "{line}" {kind!r}',
                hint='write title = "…" for the file'
                if kind == "title"
                else did_you_mean(str(kind), LINE_KINDS),
            )
    return dict(said)


def _attributes(place: str, name: str, said: Any) -> dict[str, str]:
    """What else is known of a document: the name of an attribute -> its value."""
    if not isinstance(said, Mapping):
        raise BadSettings(
            place, problem=f'"{name}" has attributes = {said!r}', hint=f'write ["{name}".attributes]'
        )
    return {key: _text(place, name, key, value) for key, value in said.items()}


def _text(place: str, name: str, key: str, said: Any) -> str:
    if isinstance(said, datetime.datetime):
        return said.date().isoformat()
    if isinstance(said, datetime.date):
        return said.isoformat()
    if isinstance(said, str):
        return said.strip()
    raise BadSettings(
        place, problem=f'"{name}" has {key} = {said!r}, which is no text', hint=f'write {key} = "…"'
    )


def for_file(path: Path, root: Path) -> dict[str, str]:
    """What is said of the file `path` by the `metadata.toml` files between it and `root`; the nearest counts most."""
    said: dict[str, str] = {}
    for place, way in places(path.parent, root, FILE):
        said |= _cached(place).get(way + path.name, {})
    return said


def for_parts(path: Path, root: Path) -> dict[str, dict[str, str]]:
    """What is said of the file `path` (under "") and of documents in it (under what follows the #)."""
    said: dict[str, dict[str, str]] = {"": for_file(path, root)}
    for place, way in places(path.parent, root, FILE):
        whole = f"{way}{path.name}#"
        for name, entry in _cached(place).items():
            if name.startswith(whole):
                said.setdefault(name.removeprefix(whole), {}).update(entry)
    return said


def columns_for(path: Path, root: Path) -> dict[str, str]:
    """What is said of the columns of the table `path`: our name -> theirs; the nearest file counts most."""
    said: dict[str, str] = {}
    for place, way in places(path.parent, root, FILE):
        said |= _cached(place, _load_columns).get(way + path.name, {})
    return said


@lru_cache(maxsize=256)
def places(folder: Path, root: Path, name: str) -> tuple[tuple[Path, str], ...]:
    """Where files called `name` may speak of a file in `folder`, from `root` downwards, and the way from there.

    Every folder from `root` down to `folder`, or it alone where it lies elsewhere. The way is that of the
    path below the place, with a slash at its end, or empty.
    """
    if not folder.is_relative_to(root):
        return ((folder / name, ""),)
    steps = folder.relative_to(root).parts
    return tuple(
        (root.joinpath(*steps[:number], name), "".join(f"{step}/" for step in steps[number:]))
        for number in range(len(steps) + 1)
    )


@lru_cache(maxsize=256)
def _load(place: Path, changed: int) -> dict[str, dict[str, str]]:  # noqa: ARG001 - `changed` renews the cache
    return load_metadata(place)


@lru_cache(maxsize=256)
def _load_columns(place: Path, changed: int) -> dict[str, dict[str, str]]:  # noqa: ARG001 - as above
    return load_columns(place)


def _cached(
    place: Path, load: Callable[[Path, int], dict[str, dict[str, str]]] = _load
) -> dict[str, dict[str, str]]:
    try:
        changed = place.stat().st_mtime_ns
    except OSError:
        return {}
    return load(place, changed)


def stale(root: Path, files: Sequence[Path]) -> list[Problem]:
    """A problem for each entry about a file that is not among `files` (it was moved, renamed or removed)."""
    spoken = {place for folder in {path.parent for path in files} for place, _ in places(folder, root, FILE)}
    entries = [(place, said) for place in sorted(spoken | {root / FILE}) if (said := _cached(place))]
    if not entries:  # before all those files are looked at
        return []
    real = os.path.realpath  # Path.resolve raises RuntimeError where links go in a circle
    present = {real(path) for path in files}
    problems = []
    for place, said in entries:
        for name in said:
            if not {real(place.parent / name), real(place.parent / name.split("#")[0])} & present:
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
