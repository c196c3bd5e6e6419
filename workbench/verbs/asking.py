"""What all verbs share: the feature that is meant, the groups that are compared, the line that asks again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import BadParameter, did_you_mean
from workbench.features.entities import entities
from workbench.features.evidence import sampled_evidence
from workbench.features.hits import Hits, Item, named_items, ranked, similar_items
from workbench.features.ngrams import bigrams, trigrams
from workbench.features.queries import queries
from workbench.features.stems import stems
from workbench.features.topics import topics
from workbench.features.units import MENTIONING, Units, units_of
from workbench.features.words import words

if TYPE_CHECKING:
    from workbench.corpus import Corpus
    from workbench.display.evidence import Evidence
    from workbench.result import Row

By = str | Sequence[str] | None


class Feature(NamedTuple):
    """Something that can be counted: how its hits are made, and the tables they are made from."""

    hits: Callable[[Units], Hits]
    tables: tuple[str, ...]


FEATURES: Mapping[str, Feature] = {
    "words": Feature(words, ("tokens",)),
    "stems": Feature(stems, ("tokens",)),
    "bigrams": Feature(bigrams, ("tokens",)),
    "trigrams": Feature(trigrams, ("tokens",)),
    "topics": Feature(topics, ("tokens",)),
    "entities": Feature(entities, ("tokens", "mentions", "entities")),
}


@dataclass(frozen=True)
class Asked:
    """A feature counted in the groups of a corpus; `feature` is the name of one, or patterns to look for."""

    corpus: Corpus
    feature: str | tuple[str, ...]
    by: tuple[str, ...]

    @property
    def units(self) -> Units:
        """The sentences of the selection in their groups."""
        named = ("mentions", "entities") if any(name.startswith(MENTIONING) for name in self.by) else ()
        context = self.corpus.count_context(*self._feature.tables, *named)
        return units_of(context, self.corpus.scope(), self.by)

    def hits(self, units: Units) -> Hits:
        """Where the feature occurs."""
        return self._feature.hits(units)

    @property
    def _feature(self) -> Feature:
        if isinstance(self.feature, str):
            return FEATURES[self.feature]
        return Feature(partial(queries, patterns=self.feature), ("tokens",))

    def evidence(self, rows: Sequence[Row], n: int) -> list[Evidence]:
        """The sentences behind rows of a result, `n` of each at most."""
        units = self.units
        hits = self.hits(units)
        names = list(dict.fromkeys(str(row[hits.item]) for row in rows))
        items = {item.name: item for item in named_items(hits, units, names)}
        return sampled_evidence(
            hits, units, [(items[str(row[hits.item])], sides_of(row, units)) for row in rows], at_most=n
        )


def ask(corpus: Corpus, feature: str | Sequence[str], by: By) -> Asked:
    """A feature (or a list of patterns) and groups as a verb was given them.

    Raises BadParameter with the nearest name for an unknown feature, and for an empty list.
    """
    if not isinstance(feature, str):
        patterns = tuple(dict.fromkeys(pattern.strip() for pattern in feature))
        if not patterns:
            raise BadParameter(
                "feature", problem="the list of patterns is empty", hint='write one: ["sanction*"]'
            )
        return Asked(corpus, patterns, groups_of(corpus, by))
    if feature not in FEATURES:
        raise BadParameter(
            "feature", problem=f"cannot count `{feature}`", hint=did_you_mean(feature, FEATURES)
        )
    return Asked(corpus, feature, groups_of(corpus, by))


def groups_of(corpus: Corpus, by: By) -> tuple[str, ...]:
    """The grouping that was asked for; left out, the first of source, month and genre that has two values here."""
    if by is not None:
        return (by,) if isinstance(by, str) else tuple(by)
    context, scope = corpus.count_context("tokens"), corpus.scope()
    for name in ("source", "month", "genre"):
        if len(units_of(context, scope, name).groups) > 1:
            return (name,)
    return ("all",)


def most_mentioned(corpus: Corpus, n: int) -> list[str]:
    """The names of the `n` entities with most mentions in the body text of the selection."""
    units = units_of(corpus.count_context(*FEATURES["entities"].tables), corpus.scope(), "all")
    return [item.name for item in ranked(entities(units), units, n)]


def sides_of(row: Row, units: Units) -> list[str]:
    """The groups whose sentences show a row: of a word that is rarer in its group, those it is compared with."""
    group = row.get("group")
    if group is None:
        return []
    if "against" not in row or row.get("log_ratio", 0) >= 0:
        return [str(group)]
    if str(row["against"]) in units.groups:
        return [str(row["against"])]
    return [name for name in units.groups if name != group]


def chosen_items(hits: Hits, units: Units, items: Sequence[str] | None, top: int | None) -> list[Item]:
    """The named items, or the `top` most frequent. BadParameter with the five nearest and their counts for an unknown name."""
    if not items:
        return ranked(hits, units, top)
    found = named_items(hits, units, list(dict.fromkeys(items)))
    for item in found:
        if item.k < 0:
            hint = nearest_items(hits, units, item.name)
            raise BadParameter("items", problem=f"no {hits.item} `{item.name}` here", hint=hint)
    return found


def nearest_items(hits: Hits, units: Units, name: str) -> str:
    """The five items most like a name that is not there, with their counts; else the five most frequent."""
    listed = [*ranked(hits, units, 5), *similar_items(hits, units, name)]
    return nearest(name, {item.name: item.n for item in listed})


def nearest_words(units: Units, pattern: str) -> str:
    """For a single word that stands nowhere, the words most like it with their counts; else nothing."""
    if not pattern.strip().isalpha():
        return ""
    return f" {nearest_items(words(units), units, pattern.strip().lower()).capitalize()}"


def nearest(name: str, known: Mapping[str, int]) -> str:
    """The five nearest names with their counts, for the hint of an error."""
    from difflib import get_close_matches

    folded = {one.casefold(): one for one in known}
    close = [folded[one] for one in get_close_matches(name.casefold(), folded, n=5, cutoff=0.5)]
    close += [one for one in known if name.casefold() in one.casefold() and one not in close]
    listed = close[:5] or list(known)[:5]
    said = ", ".join(f"{one} ({known[one]:,})" for one in listed)
    return f"did you mean {said}?" if close else f"the most frequent are {said}"


def code_line(corpus: Corpus, verb: str, *values: object, **named: object) -> str:
    """The line that asks the same again, with what was left to its default left out."""
    loaded = [repr(str(corpus.folder.name)), *([repr(corpus.selection.line())] if corpus.selection else [])]
    said = [
        *(repr(list(value) if isinstance(value, tuple) else value) for value in values),
        *(f"{name}={_plain(value)!r}" for name, value in named.items() if value not in (None, (), [])),
    ]
    return f"workbench.load({', '.join(loaded)}).{verb}({', '.join(said)})"


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return value[0] if len(value) == 1 else list(value)
    return value
