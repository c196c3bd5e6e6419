"""Hits of a feature in DuckDB, ranked and counted by group and document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from workbench.analysis.cells import Cells
from workbench.analysis.distributions import Floats
from workbench.analysis.intervals import needs_sentences
from workbench.features.units import Ints, Units, hit_groups, sentences_table


class Hits(NamedTuple):
    """Where a feature occurs.

    `rows` is a relation [d, sentence, start, end, k] of the session (with voice and speaker where `own_voice`),
    `names` a relation [k, name]; `item` is the column that holds the name in a result: form, topic, entity, pattern.
    """

    item: str
    rows: str
    names: str
    own_voice: bool = False


class Item(NamedTuple):
    """One thing that was counted: its number in the hits, its name, how often it stands in the units."""

    k: int
    name: str
    n: int


def ranked(hits: Hits, units: Units, top: int | None = None) -> list[Item]:
    """The items with most hits in the units, the most frequent first, then by name; `top` of them, or all."""
    joins, _ = hit_groups(units, own_voice=hits.own_voice)
    if units.scope.doc_ids is None and units.is_whole_documents():
        joins = ""  # every sentence of the corpus is a unit
    limit = f"LIMIT {int(top)}" if top is not None else ""
    found = units.session.table(
        f"SELECT k, name, n FROM (SELECT h.k, count(*) AS n FROM {hits.rows} h {joins} WHERE h.sentence IS NOT NULL GROUP BY h.k) "
        f"JOIN {hits.names} USING (k) ORDER BY n DESC, name {limit}"
    )
    return [
        Item(*row) for row in zip(*(found.column(c).to_pylist() for c in ("k", "name", "n")), strict=True)
    ]


def similar_items(hits: Hits, units: Units, name: str, top: int = 50) -> list[Item]:
    """The items of the units whose names are most like one that is not there, for the hint of an error."""
    joins, _ = hit_groups(units, own_voice=hits.own_voice)
    found = units.session.table(
        f"""
        SELECT k, name, n FROM (SELECT h.k, count(*) AS n FROM {hits.rows} h {joins} WHERE h.sentence IS NOT NULL GROUP BY h.k)
        JOIN {hits.names} USING (k)
        ORDER BY greatest(jaro_winkler_similarity(lower(name), lower($1)), contains(lower(name), lower($1))::DOUBLE) DESC, n DESC, name
        LIMIT {int(top)}""",
        [name],
    )
    return [
        Item(*row) for row in zip(*(found.column(c).to_pylist() for c in ("k", "name", "n")), strict=True)
    ]


def named_items(hits: Hits, units: Units, names: Sequence[str]) -> list[Item]:
    """The items of these names in their order, with their hits in the units; 0 for one that stands nowhere."""
    numbers = units.session.table(
        f"SELECT k, name FROM {hits.names} WHERE name IN (SELECT unnest(?::VARCHAR[]))",
        [list(names)],
    )
    number = dict(zip(numbers.column("name").to_pylist(), numbers.column("k").to_pylist(), strict=True))
    count = {item.k: item.n for item in ranked(_of(hits, list(number.values())), units)}
    return [Item(number.get(name, -1), name, count.get(number.get(name, -1), 0)) for name in names]


def group_totals(hits: Hits, units: Units) -> dict[str, int]:
    """All hits of each group, whatever the item."""
    joins, group = hit_groups(units, own_voice=hits.own_voice)
    found = units.session.table(
        f"SELECT {group} AS g, count(*) AS n FROM {hits.rows} h {joins} WHERE h.sentence IS NOT NULL GROUP BY ALL"
    )
    return {
        units.groups[g]: n
        for g, n in zip(found.column("g").to_pylist(), found.column("n").to_pylist(), strict=True)
    }


def cells(hits: Hits, units: Units, items: Sequence[Item]) -> Cells:
    """How often each item stands in each document of each group, in sentences where a group's documents are too few.

    What leaves DuckDB is a row for each document of a group, and for each document and item that has a hit there.
    """
    sizes, names = units.sizes, tuple(item.name for item in items)
    few = [g for g in range(len(units.groups)) if needs_sentences(sizes.words[sizes.group == g])]
    many = [g for g in range(len(units.groups)) if g not in few]
    blocks = []
    if many:
        own = np.isin(sizes.group, many)
        rows = _Rows(
            sizes.group[own],
            sizes.document[own],
            np.zeros(int(own.sum()), np.int64),
            sizes.words[own],
            sizes.sentences[own],
        )
        blocks.append(_counted(rows, None, _count(hits, units, items, many, by_sentence=False), len(items)))
    if few:
        held = _columns(
            units.session.table(
                f"SELECT g, d, sentence, segment, words FROM {units.sentences} WHERE g IN ({_listed(few)}) ORDER BY g, d, sentence"
            )
        )
        rows = _Rows(held["g"], held["d"], held["segment"], held["words"], np.ones(len(held["g"]), np.int64))
        blocks.append(
            _counted(rows, held["sentence"], _count(hits, units, items, few, by_sentence=True), len(items))
        )
    joined = (np.concatenate(part) for part in zip(*blocks, strict=True))
    return Cells(units.grouping, hits.item, units.groups, names, *joined)


class _Rows(NamedTuple):
    """What is counted in: documents of a group, or its sentences."""

    group: Ints
    document: Ints
    part: Ints
    words: Ints
    sentences: Ints


def _count(
    hits: Hits, units: Units, items: Sequence[Item], groups: Sequence[int], *, by_sentence: bool
) -> dict[str, Ints]:
    """[g, d, i, n], and [sentence, segment] when asked, of the hits of the items in these groups; `i` is the item's index."""
    session = units.session
    order = {item.k: index for index, item in enumerate(items)}
    chosen = session.create(
        f"SELECT unnest([{_listed([*order])}]::BIGINT[]) AS k, unnest([{_listed([*order.values()])}]::INTEGER[]) AS i",
        name="items",
    )
    joins, group = hit_groups(units, own_voice=hits.own_voice)
    joins = f"JOIN {chosen} i ON i.k = h.k {joins}"
    if by_sentence:
        joins += f" JOIN {sentences_table(session)} s ON s.d = h.d AND s.sentence = h.sentence"
    columns = f"{group} AS g, h.d AS d, i.i AS i{', s.sentence AS sentence, s.segment AS segment' if by_sentence else ''}"
    return _columns(
        session.table(
            f"SELECT {columns}, count(*) AS n FROM {hits.rows} h {joins} "
            f"WHERE h.sentence IS NOT NULL AND {group} IN ({_listed(groups)}) GROUP BY ALL"
        )
    )


def _counted(
    rows: _Rows, sentence: Ints | None, found: dict[str, Ints], k: int
) -> tuple[Ints, Ints, Ints, Ints, Ints, Floats]:
    """The rows with the counts of each item; hits that their own voice puts into another group add rows without words."""
    pairs = [(rows.group, found["g"]), (rows.document, found["d"])]
    if sentence is not None:
        pairs.append((sentence, found["sentence"]))
    here, there = _keys(pairs)
    order = np.argsort(here, kind="stable")
    at = np.searchsorted(here, there, sorter=order)
    inside = at < len(here)
    inside[inside] = here[order[at[inside]]] == there[inside]
    added, first, which = np.unique(there[~inside], return_index=True, return_inverse=True)
    place = np.empty(len(there), np.int64)
    place[inside], place[~inside] = order[at[inside]], len(here) + which
    outside = {name: values[~inside][first] for name, values in found.items()}
    none = np.zeros(len(added), np.int64)
    counts = np.zeros((len(here) + len(added), k))
    counts[place, found["i"]] = found["n"]
    return (
        np.concatenate([rows.group, outside["g"]]), np.concatenate([rows.document, outside["d"]]),
        np.concatenate([rows.part, outside["segment"] if sentence is not None else none]),
        np.concatenate([rows.words, none]), np.concatenate([rows.sentences, none]), counts,
    )  # fmt: skip


def _keys(pairs: Sequence[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    """One number for each row of both sides, equal where all their columns are; columns are those of `pairs`."""
    here, there = np.zeros(len(pairs[0][0]), np.int64), np.zeros(len(pairs[0][1]), np.int64)
    for one, other in pairs:
        size = 1 + max(int(one.max(initial=0)), int(other.max(initial=0)))
        here, there = here * size + one, there * size + other
    return here, there


def _of(hits: Hits, numbers: Sequence[int]) -> Hits:
    listed = _listed(numbers) if len(numbers) else "NULL"
    return hits._replace(rows=f"(SELECT * FROM {hits.rows} WHERE k IN ({listed}))")


def _listed(numbers: Sequence[int] | Ints) -> str:
    return ", ".join(str(int(number)) for number in numbers)


def _columns(rows: pa.Table) -> dict[str, Ints]:
    return {name: rows.column(name).to_numpy().astype(np.int64) for name in rows.column_names}
