"""Settings of `metadata.toml` beside documents: what the analyst knows better than the file, with the reason.

    ["2015/visit.txt"]
    date = 2015-12-11                     # a date, or text: "2015-12", "2015"
    source = "TASS"
    reason = "the page shows no year; the print edition does"

One table a file, named by its path from the folder of the `metadata.toml`; "articles.csv#7" or
"mail.zip#a.txt" names one document in it. `reason` is required.
Keys: title, date, date_from, source, url, place, genre, language, author, speaker, lines, reason. `speaker` says who
speaks the whole document: its paragraphs become the turn of that speaker. A line can be paragraph, byline, date, caption, credit, stage, chrome, related or footer.

    ["2015/visit.txt".lines]              # what single lines of it are, where they were misread
    "Kerry at the airport" = "caption"    # the whole line, or its beginning and "…"

    ["2015/visit.txt".attributes]         # anything else that is known of it, under names of your own
    party = "Green"

    ["articles.csv".columns]              # which column of a table is what; needs no reason
    text = "Volltext"

Keys: text, title, date, source, url, author, language, place, id; all other
columns become attributes of the documents. For an archive they hold for every table in it.

Corrections of single turns, quotations, labels and speakers stand in tables of their own: `label_corrections.py`.

An entry can stand on one line, wherever it is pasted, also below the header of another entry:

    "2015/visit.txt" = {date = "2015-12-11", reason = "the print edition"}

A name with * speaks of every file that fits. `date_from` gives documents that have no other date the one in their
file name or, without one there, in the names of their folders:

    "2015/*" = {date_from = "file name", reason = "the archive names its files by date"}

An entry that means nothing, or a line that is no TOML, is a problem of the corpus with a hint; the others hold.
"""

from __future__ import annotations

import calendar
import datetime
import json
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from workbench.errors import BadSettings, did_you_mean
from workbench.schema import GENRES, Problem
from workbench.settings import label_corrections
from workbench.settings.label_corrections import LINE_KINDS, is_correction, parse_corrections
from workbench.settings.loader import check_keys

FILE = "metadata.toml"
CORRECTIONS = tuple(label_corrections.VALUES)
TABLES = ("columns", "lines", "attributes", *CORRECTIONS)  # keys that hold a table of their own
KEYS = (
    "title",
    "date",
    "date_from",
    "source",
    "url",
    "place",
    "genre",
    "language",
    "author",
    "speaker",
    "reason",
)
COLUMNS = ("text", "title", "date", "source", "url", "author", "language", "place", "id")
ONE_FILE = ("title", "date", "lines", "columns")  # keys that a name with * cannot have: they differ by file
DATE_SOURCES = ("file name",)
# The keys whose reason becomes the basis of what they say, and under which name it goes with them.
REASON_OF = {"date": "date_reason", "date_from": "date_from", "speaker": "speaker_reason"}
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_PATH_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_. ]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")


class MetadataFile(NamedTuple):
    """What one `metadata.toml` says, by the name of the file it speaks of, and what in it means nothing.

    `patterns` are the entries whose name has a *. A problem's path is that of the file below the corpus.
    """

    entries: Mapping[str, Mapping[str, str]]
    columns: Mapping[str, Mapping[str, str]]
    patterns: tuple[tuple[re.Pattern[str], Mapping[str, str]], ...] = ()
    problems: tuple[BadSettings, ...] = ()


def read_metadata(place: Path) -> MetadataFile:
    """What one `metadata.toml` says, entry by entry: one that means nothing is a problem, and the others hold."""
    tables, problems = _readable_tables(place)
    entries: dict[str, Mapping[str, str]] = {}
    columns: dict[str, Mapping[str, str]] = {}
    for name, table in _entry_tables(tables).items():
        try:
            columns |= _columns(str(place), name, table)
            entries[name] = _entry(str(place), name, table)
        except BadSettings as error:
            problems.append(error)
        corrections, wrong = parse_corrections(str(place), name, table)
        problems += wrong
        if corrections:
            entries[name] = {**entries.get(name, {}), **_as_text(corrections)}
    patterns = tuple((_pattern(name), entry) for name, entry in entries.items() if "*" in name)
    return MetadataFile(entries, columns, patterns, tuple(problems))


def merged(entry: Mapping[str, str], nearer: Mapping[str, str]) -> dict[str, str]:
    """What two entries on a document say together; the nearer one counts where both speak of one thing."""
    both = {**entry, **nearer}
    if "corrections" in entry and "corrections" in nearer:
        tables: label_corrections.Corrections = json.loads(entry["corrections"])
        for table, corrections in json.loads(nearer["corrections"]).items():
            tables[table] = {**tables.get(table, {}), **corrections}
        both |= _as_text(tables)
    return both


def _as_text(corrections: label_corrections.Corrections) -> dict[str, str]:
    return {"corrections": json.dumps(corrections, ensure_ascii=False)} if corrections else {}


def entry_line(name: str, **keys: str) -> str:
    """An entry of `metadata.toml` on one line, as it can be pasted.

    >>> entry_line("a.txt", date="2015-12-11", reason="the print edition")
    '"a.txt" = {date = "2015-12-11", reason = "the print edition"}'
    """
    return (
        f"{_toml_text(name)} = {{{', '.join(f'{key} = {_toml_text(value)}' for key, value in keys.items())}}}"
    )


def date_in_path(path: str) -> str | None:
    """The day that a file name holds, else the last folder that holds one; None where there is none.

    >>> date_in_path("2021-03/2021-03-10-plan.md"), date_in_path("20061020/exxon.txt"), date_in_path("a.txt")
    ('2021-03-10', '2006-10-20', None)
    """
    for name in reversed(path.partition("#")[0].split("/")):
        for found in _PATH_DATE.finditer(name):
            year, month, day = int(found[1]), int(found[3]), int(found[4])
            if day <= calendar.monthrange(year, month)[1]:
                return f"{year}-{month:02}-{day:02}"
    return None


def _toml_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, name.split("*"))), re.DOTALL)


def _readable_tables(place: Path) -> tuple[list[dict[str, Any]], list[BadSettings]]:
    """The tables of a TOML file and, where it is no TOML as a whole, of each part of it that is; a problem for each other."""
    try:
        text = place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = (
            "not UTF-8 text"
            if isinstance(error, UnicodeDecodeError)
            else f"cannot be read ({error.strerror})"
        )
        return [], [BadSettings(place, problem=what, hint="save the file as UTF-8, readable for you")]
    try:
        return [tomllib.loads(text)], []
    except tomllib.TOMLDecodeError:
        tables, problems = list[dict[str, Any]](), list[BadSettings]()
        for first, lines in _parts(text.splitlines()):
            try:
                tables.append(tomllib.loads("\n".join(lines)))
            except tomllib.TOMLDecodeError:
                found, problem = _readable_lines(place, first, lines)
                tables += found
                problems.append(problem)
        return tables, problems


def _parts(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The lines of a TOML file from each header to the next, with the number of the first."""
    starts = [number for number, line in enumerate(lines) if line.lstrip().startswith("[")]
    for start, end in zip([0, *starts], [*starts, len(lines)], strict=True):
        if start < end:
            yield start + 1, list(lines[start:end])


def _readable_lines(
    place: Path, first: int, lines: Sequence[str]
) -> tuple[list[dict[str, Any]], BadSettings]:
    """The tables of the lines that are TOML below their header, and the first line that is not as a problem."""
    header = lines[0] if lines[0].lstrip().startswith("[") else ""
    tables, wrong = list[dict[str, Any]](), list[int]()
    for number, line in enumerate(lines):
        try:
            table = tomllib.loads(f"{header}\n{line}" if number else line)
        except tomllib.TOMLDecodeError:
            wrong.append(number)
            if not number:
                header = ""  # what stands below it belongs nowhere, but for entries on one line
            continue
        if header or all(isinstance(value, Mapping) for value in table.values()):
            tables.append(table)
    if wrong:
        problem = f"line {first + wrong[0]} is not valid TOML: {lines[wrong[0]].strip()[:120]}"
        example = entry_line("name.txt", date="2015-12-11", reason="how this is known")
        hint = f"correct that line; a whole entry can be written as {example}"
    else:
        problem = f"from line {first} on, a name or a key stands twice; the last one counts"
        hint = "join the two into one"
    return tables, BadSettings(place, problem=problem, hint=hint)


def _entry_tables(tables: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The entries of several tables by name; one that was pasted below the header of another is an entry of its own."""
    found: dict[str, Any] = {}
    for table in tables:
        for name, value in table.items():
            _add_entry(found, name, value)
    return found


def _add_entry(found: dict[str, Any], name: str, value: Any) -> None:
    """Add an entry; what two entries of one name say is joined, and the later one counts."""
    if not isinstance(value, Mapping):
        found[name] = value
        return
    known = found.get(name)
    entry = found[name] = dict(known) if isinstance(known, Mapping) else {}
    for key, item in value.items():
        if isinstance(item, Mapping) and key in TABLES:
            below = {k: v for k, v in item.items() if not isinstance(v, Mapping) or is_correction(key, k, v)}
            entry[key] = {**entry.get(key, {}), **below} if isinstance(entry.get(key, {}), Mapping) else below
            for other, pasted in item.items():
                if other not in below:
                    _add_entry(found, other, pasted)
        elif isinstance(item, Mapping):
            _add_entry(found, key, item)
        else:
            entry[key] = item


def _columns(place: str, name: str, table: Any) -> dict[str, dict[str, str]]:
    """What an entry says of the columns of a table, under its name: our name -> name in the table.

    Raises BadSettings for an unknown key and a value that is no text.
    """
    columns = table.get("columns") if isinstance(table, Mapping) else None
    if columns is None:
        return {}
    if not isinstance(columns, Mapping):
        raise BadSettings(
            place, problem=f'"{name}" has columns = {columns!r}', hint=f'write ["{name}".columns]'
        )
    check_keys(place, columns, COLUMNS, f'"{name}".columns')
    return {name: {key: _text(place, name, key, said) for key, said in columns.items()}}


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
    if table and set(table) <= {"columns", *CORRECTIONS}:  # each correction has a reason of its own
        return {}
    if not entry.get("reason"):
        raise BadSettings(place, problem=f'"{name}" gives no reason', hint='add reason = "how this is known"')
    for key, known in (("genre", GENRES), ("date_from", DATE_SOURCES)):
        if key in entry and entry[key] not in known:
            hint = did_you_mean(entry[key], known)
            raise BadSettings(place, problem=f'"{name}" has {key} "{entry[key]}"', hint=hint)
    if wrong := [key for key in ONE_FILE if "*" in name and key in table]:
        raise BadSettings(
            place, problem=f'"{name}" speaks of several files and has {wrong[0]}', hint="name one file for it"
        )
    entry |= {kept: entry["reason"] for key, kept in REASON_OF.items() if key in entry}
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
        if said.strip() == "…":
            raise BadSettings(
                place,
                problem=f'"{name}" has {key} = "…"',
                hint=f"write what you know in place of … for {key}",
            )
        return said.strip()
    raise BadSettings(
        place, problem=f'"{name}" has {key} = {said!r}, which is no text', hint=f'write {key} = "…"'
    )


def for_file(path: Path, root: Path) -> dict[str, str]:
    """What is said of the file `path` by the `metadata.toml` files between it and `root`; the nearest counts most."""
    said: dict[str, str] = {}
    for place, way in places(path.parent, root, FILE):
        known = _cached(place)
        for pattern, entry in known.patterns:
            if pattern.fullmatch(way + path.name):
                said = merged(said, entry)
        said = merged(said, known.entries.get(way + path.name, {}))
    return said


def for_parts(path: Path, root: Path) -> dict[str, dict[str, str]]:
    """What is said of the file `path` (under "") and of documents in it (under what follows the #)."""
    said: dict[str, dict[str, str]] = {"": for_file(path, root)}
    for place, way in places(path.parent, root, FILE):
        whole = f"{way}{path.name}#"
        for name, entry in _cached(place).entries.items():
            if name.startswith(whole):
                part = name.removeprefix(whole)
                said[part] = merged(said.get(part, {}), entry)
    return said


def columns_for(path: Path, root: Path) -> dict[str, str]:
    """What is said of the columns of the table `path`: our name -> theirs; the nearest file counts most."""
    said: dict[str, str] = {}
    for place, way in places(path.parent, root, FILE):
        said |= _cached(place).columns.get(way + path.name, {})
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
def _load(place: Path, changed: int) -> MetadataFile:  # noqa: ARG001 - `changed` renews the cache
    return read_metadata(place)


NOTHING = MetadataFile({}, {})


def _cached(place: Path) -> MetadataFile:
    try:
        changed = place.stat().st_mtime_ns
    except OSError:
        return NOTHING
    return _load(place, changed)


def wrong_entries(root: Path, files: Iterable[Path]) -> list[Problem]:
    """A problem for each entry or line that means nothing in a `metadata.toml` that may speak of `files`."""
    return [
        Problem(_shown(place, root), error.problem, error.hint, "doubtful")
        for place in _places_of(root, files)
        for error in _cached(place).problems
    ]


def unused_entries(root: Path, files: Sequence[Path]) -> list[Problem]:
    """A problem for each entry about a file that is not among `files`: it was moved, renamed or removed."""
    known = [(place, entries) for place in _places_of(root, files) if (entries := _cached(place).entries)]
    if not known:  # before all those files are looked at
        return []
    real = os.path.realpath  # Path.resolve raises RuntimeError where links go in a circle
    present = {real(path) for path in files}
    return [
        Problem(
            _shown(place, root),
            f'it speaks of "{name}", which is not there',
            "correct the name or remove the entry",
            "doubtful",
        )
        for place, entries in known
        for name in entries
        if not (
            _fits_any(name, place.parent, files)
            if "*" in name
            else {real(place.parent / name), real(place.parent / name.split("#")[0])} & present
        )
    ]


def _places_of(root: Path, files: Iterable[Path]) -> list[Path]:
    folders = {path.parent for path in files}
    return sorted({place for folder in folders for place, _ in places(folder, root, FILE)} | {root / FILE})


def _fits_any(name: str, folder: Path, files: Iterable[Path]) -> bool:
    pattern = _pattern(name)
    below = (path.relative_to(folder).as_posix() for path in files if path.is_relative_to(folder))
    return any(map(pattern.fullmatch, below))


def _shown(place: Path, root: Path) -> str:
    return place.relative_to(root).as_posix() if place.is_relative_to(root) else place.name
