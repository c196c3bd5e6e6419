"""What each decision about names moved, and which decisions no longer fit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

import pandas as pd

from workbench.link.entities.linker import Linker, ResolvedEntities
from workbench.link.entities.within_document import MentionGroup
from workbench.settings.aliases import Accept, Aliases, Refuse, fold_name

COLUMNS = ["decision", "names", "before", "after", "moved", "n_docs", "reason", "note"]
DecisionEffects = dict[tuple[str, str], tuple[int, int]]


def decision_effects(linker: Linker, aliases: Aliases) -> pd.DataFrame:
    """What each decision of `aliases.toml` moved, from which entity to which.

    Out: [decision, names, before, after, moved, n_docs, reason, note]: a row for each entity that a
    decision takes mentions from, `moved` mentions in `n_docs` documents; of a refusal `before` is whose
    they would be without it. A decision that moves nothing keeps one row with 0, and `note` says whether
    it no longer fits.
    """
    decided, undecided = linker.resolve(aliases), linker.resolve(replace(aliases, accept=()))
    merged = _merged(linker.counts, decided, undecided)
    present = {fold_name(group.surface) for group in linker.counts} | {
        fold_name(e) for e in decided.names.values()
    }
    rows: list[tuple[object, ...]] = []
    for decision in aliases.decisions:
        if isinstance(decision, Accept):
            effects = merged.get(decision, {})
        elif all(fold_name(name) in present for name in decision.names):
            effects = _moves(linker.counts, linker.resolve(aliases.without(decision)), decided)
        else:
            effects = {}
        rows += _rows(decision, effects, present)
    return pd.DataFrame(rows, columns=COLUMNS)


def moves(linker: Linker, old: Aliases, new: Aliases) -> pd.DataFrame:
    """Which mentions change their entity from one set of decisions to another.

    Out: [before, after, moved, n_docs], most mentions first; empty when nothing changes.
    """
    effects = _moves(linker.counts, linker.resolve(old), linker.resolve(new))
    rows = [(before, after, n, docs) for (before, after), (n, docs) in effects.items()]
    return pd.DataFrame(rows, columns=["before", "after", "moved", "n_docs"])


def _merged(
    counts: Counter[MentionGroup], decided: ResolvedEntities, undecided: ResolvedEntities
) -> dict[Accept, DecisionEffects]:
    """The moves of every accepted merge at once: merges are disjoint, so none hides another."""
    groups: dict[Accept, Counter[MentionGroup]] = defaultdict(Counter)
    for group, accept in decided.accepts.items():
        groups[accept][group] = counts[group]
    return {accept: _moves(merged_counts, undecided, decided) for accept, merged_counts in groups.items()}


def _moves(
    counts: Mapping[MentionGroup, int], old: ResolvedEntities, new: ResolvedEntities
) -> DecisionEffects:
    """(from, to) -> mentions and documents of the groups whose entity differs."""
    n: Counter[tuple[str, str]] = Counter()
    docs: dict[tuple[str, str], set[str]] = defaultdict(set)
    for group, many in counts.items():
        pair = old.entity_of(group), new.entity_of(group)
        if pair[0] != pair[1]:
            n[pair] += many
            docs[pair].add(group.doc_id)
    return {pair: (n[pair], len(docs[pair])) for pair in sorted(n, key=lambda pair: (-n[pair], pair))}


def _rows(
    decision: Accept | Refuse, moves: DecisionEffects, present: Collection[str]
) -> Iterator[tuple[object, ...]]:
    kind = "accept" if isinstance(decision, Accept) else "refuse"
    names = list(decision.names)
    for (before, after), (n, docs) in moves.items():
        yield kind, names, before, after, n, docs, decision.reason, ""
    if not moves:
        to = decision.entity if isinstance(decision, Accept) else None
        yield kind, names, None, to, 0, 0, decision.reason, _note(decision, present)


def _note(decision: Accept | Refuse, present: Collection[str]) -> str:
    """Why a decision moves nothing, and whether that is a reason to look at it again."""
    absent = [name for name in decision.names if fold_name(name) not in present]
    if isinstance(decision, Accept):
        if len(absent) == len(decision.names):
            return "no longer fits: none of these names is mentioned here"
        return "moves nothing: the names found here are one entity without it"
    if absent:
        return (
            f"no longer fits: {' and '.join(absent)} {'is' if len(absent) == 1 else 'are'} not mentioned here"
        )
    return "moves nothing: they would stay apart without it, it only keeps the suggestion away"
