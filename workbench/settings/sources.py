"""Settings of `sources.toml`: how to know a source, and what its pages carry besides the story.

The keys are documented in the file itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from workbench.errors import BadSettings, did_you_mean
from workbench.schema import GENRES, plain
from workbench.settings.loader import SettingsLayer, check_keys, strings

KEYS = ("addresses", "mastheads", "marks", "folders", "chrome", "genre")
LISTS = KEYS[:-1]


@dataclass(frozen=True)
class Source:
    """One entry of `sources.toml`."""

    name: str
    addresses: tuple[str, ...] = ()
    mastheads: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    chrome: tuple[str, ...] = ()
    genre: str | None = None

    @cached_property
    def chrome_pattern(self) -> re.Pattern[str] | None:
        """What matches its chrome lines whole; None when it names none."""
        shapes = [re.escape(_folded(line)).replace(r"\*", ".*") for line in self.chrome]
        return re.compile("|".join(shapes)) if shapes else None

    def is_chrome(self, line: str) -> bool:
        """Whether a line, made plain, is one of its chrome lines."""
        return self.chrome_pattern is not None and self.chrome_pattern.fullmatch(_folded(line)) is not None


@dataclass(frozen=True)
class Sources:
    """What `sources.toml` says: the entries by name, and the look-ups over them."""

    entries: Mapping[str, Source] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def _by(self) -> Mapping[str, Mapping[str, str]]:
        return {
            key: {_folded(said): name for name, entry in self.entries.items() for said in getattr(entry, key)}
            for key in ("mastheads", "marks", "folders", "addresses")
        }

    def of_masthead(self, line: str) -> str | None:
        """The source that a whole line names."""
        return self._by["mastheads"].get(_folded(line))

    def of_mark(self, mark: str) -> str | None:
        """The source of an agency mark."""
        return self._by["marks"].get(_folded(mark))

    def of_folder(self, name: str) -> str | None:
        """The source of a folder's name."""
        return self._by["folders"].get(_folded(name))

    def of_address(self, url: str) -> str | None:
        """The source of an address: its host, or the nearest host above it, with the longest path first."""
        match = re.match(r"(?:\w+://)?(?:www\d?\.)?([^/?#:]+)(?::\d+)?([^?#]*)", url.strip().lower())
        if match is None:
            return None
        host, path = match[1], match[2].rstrip("/")
        while "." in host:
            below = path
            while below:
                if name := self._by["addresses"].get(host + below):
                    return name
                below = below.rpartition("/")[0]
            if name := self._by["addresses"].get(host):
                return name
            host = host.partition(".")[2]
        return None


def _folded(line: str) -> str:
    return " ".join(plain(line).casefold().split())


def parse(found: Sequence[SettingsLayer]) -> Sources:
    """The frozen value of the layers found; an entry of a later layer replaces one of the same name.

    Raises BadSettings for an entry that is no table, an unknown key, a wrong genre.
    """
    entries = {
        name: _source(layer.place, name, table) for layer in found for name, table in layer.table.items()
    }
    return Sources(MappingProxyType(entries))


def _source(place: str, name: str, table: Any) -> Source:
    if not isinstance(table, Mapping):
        raise BadSettings(
            place,
            problem=f"`{name}` stands outside a source's table",
            hint=f'write ["{name}"] above its keys',
        )
    check_keys(place, table, KEYS, f'source "{name}"')
    genre = table.get("genre")
    if genre is not None and genre not in GENRES:
        raise BadSettings(
            place, problem=f'source "{name}" has genre {genre!r}', hint=did_you_mean(str(genre), GENRES)
        )
    return Source(
        name=name, genre=genre, **{key: strings(place, key, table[key]) for key in LISTS if key in table}
    )
