"""Suggest merges of entities for an analyst to decide, and report the effect of each decision."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import combinations

import pandas as pd
from rapidfuzz.fuzz import ratio

from workbench.link.entities.linker import Linker, ResolvedEntities
from workbench.link.entities.name_forms import fold, initials_of, person_name, thing_key
from workbench.link.entities.within_document import MentionGroup
from workbench.settings.aliases import Accept, Aliases, Refuse, fold_name

NEAR_GIVEN = 75  # rapidfuzz ratio; "Muammar"/"Moammar" 86, "Sergei"/"Serguey" 77, "Mark"/"Mary" 75
NEAR_THING = 88  # "Organisation"/"Organization" forms reach 90; names of two parties of a land often 85
MOST_IN_ONE = 200  # entities that share a surname or first word; more are too common a word to compare


def suggest(mentions: pd.DataFrame, entities: pd.DataFrame, aliases: Aliases | None = None) -> pd.DataFrame:
    """Pairs of entities that may be one, the likeliest first; pairs that `aliases` refuses are left out.

    In:  mentions [doc_id, entity], entities [entity, label, aliases, n].
    Out: [a, b, score, evidence]; `a` is the more mentioned. `score` is 0 to 1, for order only: likeness of
         the names, less where both stand in one document, since a document rarely spells a name two ways.
    """
    documents = {str(entity): set(docs) for entity, docs in mentions.groupby("entity")["doc_id"]}
    number = dict(zip(entities["entity"], entities["n"], strict=True))
    rows = []
    refused = _refused(entities, aliases or Aliases())
    for a, b, likeness, why in _candidates(entities):
        if frozenset((a, b)) in refused:
            continue
        both = len(documents.get(a, set()) & documents.get(b, set()))
        if (number[b], a) > (number[a], b):
            a, b = b, a
        evidence = why + (f"; both in {both} documents" if both else "; never in one document")
        rows.append((a, b, round(likeness * (0.5 if both else 1.0), 3), evidence))
    suggestions = pd.DataFrame(rows, columns=["a", "b", "score", "evidence"]).drop_duplicates(["a", "b"])
    return suggestions.sort_values(["score", "a", "b"], ascending=[False, True, True], ignore_index=True)


def _refused(entities: pd.DataFrame, aliases: Aliases) -> set[frozenset[str]]:
    """Pairs of entities whose forms a refusal names."""
    bearers: dict[str, set[str]] = defaultdict(set)
    refused_names = {fold_name(name) for refuse in aliases.refuse for name in refuse.names}
    for entity, forms in zip(entities["entity"], entities["aliases"], strict=True) if refused_names else ():
        for form in {fold_name(form) for form in (entity, *forms)} & refused_names:
            bearers[form].add(entity)
    return {
        frozenset((a, b))
        for refuse in aliases.refuse
        for a in bearers[fold_name(refuse.names[0])]
        for b in bearers[fold_name(refuse.names[1])]
    }


def _candidates(entities: pd.DataFrame) -> Iterator[tuple[str, str, float, str]]:
    """(a, b, likeness, why) of pairs worth a look."""
    families: dict[str, list[str]] = defaultdict(list)
    words: dict[str, list[str]] = defaultdict(list)
    shorts: dict[str, list[str]] = defaultdict(list)
    for entity, label in sorted(zip(entities["entity"], entities["label"], strict=True)):
        if label == "person":
            families[person_name(_bare(entity)).family].append(entity)
        else:
            words[thing_key(entity)[:4]].append(entity)
            shorts[initials_of(entity) if " " in entity else fold(entity)].append(entity)
    for group in families.values():
        yield from _persons(group)
    for group in words.values():
        if len(group) <= MOST_IN_ONE:
            yield from _spellings(group)
    for group in shorts.values():
        for a, b in combinations(group, 2):
            if (" " in a) != (" " in b) and min(len(a), len(b)) > 1:
                yield a, b, 0.8, "one is the initials of the other"


def _persons(group: list[str]) -> Iterator[tuple[str, str, float, str]]:
    full = [entity for entity in group if person_name(_bare(entity)).full]
    if len(full) > MOST_IN_ONE:
        return
    for short in (entity for entity in group if entity not in full):
        for name in full:
            yield (
                name,
                short,
                1 / (1 + len(full)) + 0.2,
                f"{short} is the surname of {len(full)} known by full name",
            )
    for a, b in combinations(full, 2):
        x, y = person_name(_bare(a)).given[0], person_name(_bare(b)).given[0]
        if x[0] == y[0] and (len(x) == 1 or len(y) == 1):
            yield a, b, 0.6, "same surname, same initial"
        elif (like := ratio(x, y)) >= NEAR_GIVEN:
            yield a, b, like / 100, f"same surname, given names alike ({like:.0f} of 100)"


def _spellings(group: list[str]) -> Iterator[tuple[str, str, float, str]]:
    for a, b in combinations(group, 2):
        like = ratio(thing_key(a), thing_key(b))
        if like >= NEAR_THING and min(len(a), len(b)) > 5:
            yield a, b, like / 100, f"spelled alike ({like:.0f} of 100)"


def _bare(entity: str) -> str:
    """The name without the number of a second bearer."""
    return entity.rsplit(" (", 1)[0] if entity.endswith(")") else entity


# ---------------------------------------------------------------- effects of decisions

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
