"""Merges that somebody accepted or refused, ready to be asked while linking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from workbench.link.entities.name_forms import PersonName, person_name, thing_key
from workbench.settings.aliases import Accept, Aliases, Refuse, fold_name

Key = PersonName | str


@dataclass(slots=True)
class Refusals:
    """Pairs of names that stay apart, by the keys the linker compares."""

    pairs: dict[frozenset[Key], Refuse] = field(default_factory=dict)

    @classmethod
    def of(cls, aliases: Aliases) -> Refusals:
        """The refusals of `aliases.toml`, each as persons' names and as names of things."""
        pairs: dict[frozenset[Key], Refuse] = {}
        for refuse in aliases.refuse:
            a, b = refuse.names
            pairs[frozenset((person_name(a), person_name(b)))] = refuse
            pairs[frozenset((thing_key(a), thing_key(b)))] = refuse
        return cls(pairs)

    def apart(self, a: Key, b: Key) -> bool:
        """Whether two names are refused."""
        return bool(self.pairs) and frozenset((a, b)) in self.pairs


def merges_by_name(aliases: Aliases) -> dict[tuple[str, bool], Accept]:
    """(folded form, whether a person's) -> the accepted merge that names it; a person's takes persons only."""
    merges: dict[tuple[str, bool], Accept] = {}
    for accept in aliases.accept:
        for name in (*accept.names, accept.entity):
            merges.setdefault((fold_name(name), accept.label == "person"), accept)
    return merges


def refused_families(decisions: Iterable[Refuse]) -> set[str]:
    """The family names in refusals, as the linker compares them."""
    return {person_name(name).family for refuse in decisions for name in refuse.names}
