"""Merges that somebody accepted or refused, ready to be asked while linking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from workbench.link.forms import PersonName, person_name, thing
from workbench.settings.aliases import Accept, Aliases, Refuse, fold_name

Key = PersonName | str


@dataclass(slots=True)
class Refusals:
    """Pairs of names that stay apart, by the keys the linker compares, and how often each was asked in vain."""

    pairs: dict[frozenset[Key], Refuse] = field(default_factory=dict)
    kept: Counter[Accept | Refuse] = field(default_factory=Counter)

    @classmethod
    def of(cls, aliases: Aliases) -> Refusals:
        """The refusals of `aliases.toml`, each as persons' names and as names of things."""
        pairs: dict[frozenset[Key], Refuse] = {}
        for refuse in aliases.refuse:
            a, b = refuse.names
            pairs[frozenset((person_name(a), person_name(b)))] = refuse
            pairs[frozenset((thing(a), thing(b)))] = refuse
        return cls(pairs)

    def apart(self, a: Key, b: Key, n: int = 0) -> bool:
        """Whether two names are refused; `n` mentions are then counted as kept apart."""
        if not self.pairs:
            return False
        refuse = self.pairs.get(frozenset((a, b)))
        if refuse and n:
            self.kept[refuse] += n
        return refuse is not None


def accepted(aliases: Aliases, forms: Iterable[str], *, person: bool) -> Accept | None:
    """The accepted merge that names one of these forms; a person's merge takes persons only."""
    folded = {fold_name(form) for form in forms}
    for accept in aliases.accept:
        if (accept.label == "person") == person and folded & _folded(accept):
            return accept
    return None


_FOLDED: dict[Accept, frozenset[str]] = {}


def _folded(accept: Accept) -> frozenset[str]:
    if accept not in _FOLDED:
        _FOLDED[accept] = frozenset(fold_name(name) for name in (*accept.names, accept.entity))
    return _FOLDED[accept]
