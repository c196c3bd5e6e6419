"""Settings of `sentiment_masks.toml`: words that carry no sentiment where they name an office or are courtesy.

Keys of the file, each documented there too: `name_heads`, a list of words; `[[mask]]` and `[[keep]]`,
tables with `phrases` and `reason` (both needed), and `group` for `[[mask]]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from types import MappingProxyType
from typing import Any, NamedTuple

from workbench.errors import BadSettings, did_you_mean
from workbench.settings.loader import SettingsLayer, check_keys, strings

GROUPS = ("names", "offices", "courtesy")
_KEYS = {"mask": ("group", "phrases", "reason"), "keep": ("phrases", "reason")}
_WORD = re.compile(r"\(([^()\s]+)\)|([^()\s]+)")
# More than this many spellings from one line is a slip of the pen, not a phrase.
MAX_SPELLINGS = 2000

Phrase = tuple[str, ...]


class Mask(NamedTuple):
    """Why a phrase is masked."""

    group: str
    reason: str


@dataclass(frozen=True)
class SentimentMasks:
    """What `sentiment_masks.toml` says: masked phrases (words in lower case) with group and reason, heads of names."""

    masks: Mapping[Phrase, Mask] = field(default_factory=lambda: MappingProxyType({}))
    name_heads: frozenset[str] = frozenset()


def parse(found: Sequence[SettingsLayer]) -> SentimentMasks:
    """The layers as one value: later files add phrases and heads, `[[keep]]` takes phrases back.

    Raises BadSettings for an unknown key or group, a missing reason, a phrase that cannot be read.
    """
    masks: dict[Phrase, Mask] = {}
    heads: set[str] = set()
    for place, table in found:
        check_keys(place, table, ("name_heads", "mask", "keep"), "sentiment_masks.toml")
        heads.update(word.lower() for word in strings(place, "name_heads", table.get("name_heads", [])))
        for entry in _entries(place, table, "mask"):
            masks |= dict.fromkeys(_phrases(place, entry), Mask(_group(place, entry), entry["reason"]))
        for entry in _entries(place, table, "keep"):
            for phrase in _phrases(place, entry):
                masks.pop(phrase, None)
    return SentimentMasks(MappingProxyType(masks), frozenset(heads))


def _entries(place: str, table: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    """The tables `[[name]]`, each with known keys only, phrases and a reason."""
    entries = table.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadSettings(place, problem=f"`{name}` is not a list of tables", hint=f"write [[{name}]]")
    for entry in entries:
        check_keys(place, entry, _KEYS[name], f"[[{name}]]")
        if not entry.get("phrases"):
            raise BadSettings(place, problem=f"a [[{name}]] without phrases", hint='write phrases = ["…"]')
        if not isinstance(entry.get("reason"), str) or not entry["reason"].strip():
            first = strings(place, "phrases", entry["phrases"])[0]
            raise BadSettings(place, problem=f"no reason for {first!r}", hint='write reason = "…"')
        yield entry


def _group(place: str, entry: Mapping[str, Any]) -> str:
    group = entry.get("group")
    if group not in GROUPS:
        raise BadSettings(place, problem=f"unknown group {group!r}", hint=did_you_mean(str(group), GROUPS))
    return str(group)


def _phrases(place: str, entry: Mapping[str, Any]) -> Iterator[Phrase]:
    for line in strings(place, "phrases", entry["phrases"]):
        yield from spellings(place, line)


def spellings(place: str, line: str) -> list[Phrase]:
    """Every phrase that a line stands for: `a/b` is a choice, `(a)` may be missing.

    >>> spellings("", "pay/paid a (working) visit")[0]
    ('pay', 'a', 'working', 'visit')
    """
    parts = _WORD.findall(line.lower())
    if not parts or _WORD.sub("", line).strip():
        hint = "write words with blanks between, a/b for a choice, (a) for a word that may be missing"
        raise BadSettings(place, problem=f"phrase {line!r} cannot be read", hint=hint)
    choices = [[*maybe.split("/"), ""] if maybe else sure.split("/") for maybe, sure in parts]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > MAX_SPELLINGS:
        raise BadSettings(
            place, problem=f"phrase {line!r} has {count} spellings", hint="write it as several lines"
        )
    return [tuple(word for word in words if word) for words in product(*choices) if any(words)]
