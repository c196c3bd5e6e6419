"""Settings of `topics.toml`: what counts as talk about what.

The file documents its keys and its patterns. Layers overlay each other topic by topic; the result is
one frozen value that `analysis.topics` matches against tokens.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from workbench.errors import BadSettings, did_you_mean
from workbench.settings.loader import SettingsLayer, strings

BLOCK, ONLY = "nothing", "only"  # reserved names: patterns of no topic, and the choice of topics
_PART = re.compile(r"\*?\w+\*?", re.UNICODE)


@dataclass(frozen=True)
class Topics:
    """The dictionary: patterns by topic in display order, and the patterns that only block."""

    patterns: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    nothing: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The topics in display order."""
        return tuple(self.patterns)

    def keep(self, names: Sequence[str]) -> Topics:
        """The same dictionary with only these topics, in this order; BadSettings for an unknown one.

        >>> Topics({"war": ("war",), "trade": ("trade",)}).keep(["trade"]).names
        ('trade',)
        """
        return Topics(_chosen("topics", names, self.patterns), self.nothing)


def parse(found: Sequence[SettingsLayer]) -> Topics:
    """The dictionary of the layers found, later ones over earlier ones.

    Raises BadSettings for a value that is no list of texts, for a pattern without a word in it, for a
    topic that `only` names and nobody defines.
    """
    patterns: dict[str, tuple[str, ...]] = {}
    nothing: tuple[str, ...] = ()
    only: tuple[str, tuple[str, ...]] | None = None
    for layer in found:
        for name, value in layer.table.items():
            listed = strings(layer.place, name, value)
            if name == ONLY:
                only = (layer.place, listed)
            elif name == BLOCK:
                nothing += _checked(layer.place, name, listed)
            else:
                patterns[name] = _checked(layer.place, name, listed)
    used: dict[str, tuple[str, ...]] = {name: listed for name, listed in patterns.items() if listed}
    return Topics(MappingProxyType(_chosen(*only, used) if only else used), nothing)


def _chosen(
    place: str, names: Sequence[str], patterns: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    for name in names:
        if name not in patterns:
            raise BadSettings(place, problem=f"no topic `{name}`", hint=did_you_mean(name, patterns))
    return {name: patterns[name] for name in names}


def _checked(place: str, name: str, listed: Sequence[Any]) -> tuple[str, ...]:
    """The patterns without their optional quotation marks; BadSettings for one that matches nothing or all."""
    cleaned = tuple(re.sub(r"\s+", " ", str(pattern).replace('"', " ")).strip() for pattern in listed)
    for written, pattern in zip(listed, cleaned, strict=True):
        if not _PART.search(pattern):
            raise BadSettings(
                place,
                problem=f"pattern {written!r} of topic `{name}` holds no word",
                hint='write a word, a phrase or a beginning such as "sanction*"',
            )
        if re.search(r"\w\*\w", pattern):
            raise BadSettings(
                place,
                problem=f"pattern {written!r} of topic `{name}` has a * inside a word",
                hint="a * stands at the beginning or the end of a word; write two patterns instead",
            )
    return cleaned
