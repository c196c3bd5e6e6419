"""Pairs of items in one sentence or document: how many hold each item, and how many hold two of them both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from workbench.analysis.cooccurrence import PairCounts
from workbench.features.hits import Hits, Item, named_items
from workbench.features.units import Units, hit_groups

Within = Literal["sentence", "document"]
_KEY = {"sentence": ("d", "sentence"), "document": ("d",)}


def pair_counts(
    hits: Hits, units: Units, *, within: Within = "sentence", top: int = 40, items: Sequence[str] = ()
) -> PairCounts:
    """In how many sentences (or documents) of the units each two of the items stand together.

    In:  `items` by name, or the `top` that stand in most sentences (or documents), then by name.
    What leaves DuckDB is a row for each item and for each pair that occurs.
    """
    session, key = units.session, ", ".join(_KEY[within])
    seen = _seen(hits, units, within)
    chosen = {item.k for item in named_items(hits, units, items)} if items else set()
    wanted = f"WHERE k IN ({', '.join(map(str, sorted(chosen)))})" if items else ""
    listed = session.create(
        f"SELECT k, name, n FROM (SELECT k, count(*) AS n FROM {seen} {wanted} GROUP BY k) JOIN {hits.names} USING (k) "
        f"ORDER BY n DESC, name{'' if items else f' LIMIT {int(top)}'}",
        name="paired",
    )
    numbered = session.create(
        f"SELECT k, name, row_number() OVER (ORDER BY name) - 1 AS i FROM {listed}", name="paired"
    )
    names = session.table(f"SELECT name FROM {numbered} ORDER BY i").column("name").to_pylist()
    found = session.table(
        f"WITH s AS (SELECT {key}, i FROM {seen} JOIN {numbered} USING (k)) "
        f"SELECT a.i AS a, b.i AS b, count(*) AS n FROM s a JOIN s b USING ({key}) WHERE a.i <= b.i GROUP BY ALL"
    )
    together = np.zeros((len(names), len(names)))
    a, b, n = (found.column(name).to_numpy().astype(np.int64) for name in ("a", "b", "n"))
    together[a, b] = together[b, a] = n
    total = session.table(
        f"SELECT sum(sentences) AS sentence, count(DISTINCT d) AS document FROM {units.documents}"
    )
    return PairCounts(tuple(names), together, int(total.column(within)[0].as_py() or 0), within)


def pair_hits(
    hits: Hits, units: Units, pairs: Sequence[tuple[str, str | None]], within: Within
) -> tuple[Hits, list[Item]]:
    """The places of the first of each pair beside the second (all its places, where no second is named), as hits."""
    found = named_items(hits, units, list(dict.fromkeys(name for pair in pairs for name in pair if name)))
    number = {item.name: item.k for item in found}
    session = units.session
    asked = session.create(
        "SELECT unnest(?::INTEGER[]) AS k, unnest(?::BIGINT[]) AS a, unnest(?::BIGINT[]) AS b",
        [
            list(range(len(pairs))),
            [number[a] for a, _ in pairs],
            [number[b] if b else None for _, b in pairs],
        ],
        name="pairs",
    )
    same = " AND ".join(f"o.{column} = h.{column}" for column in _KEY[within])
    own = ", h.voice, h.speaker" if hits.own_voice else ""
    rows = session.create(
        f'SELECT h.d, h.sentence, h.start, h."end", p.k{own} FROM {hits.rows} h JOIN {asked} p ON p.a = h.k '
        f"WHERE p.b IS NULL OR EXISTS (SELECT 1 FROM {_seen(hits, units, within)} o WHERE {same} AND o.k = p.b)",
        name="beside",
    )
    named = [Item(k, " and ".join(name for name in pair if name), 0) for k, pair in enumerate(pairs)]
    return Hits("pair", rows, asked, hits.own_voice), named


def _seen(hits: Hits, units: Units, within: Within) -> str:
    """A table of the session with each sentence (or document) of the units and each item in it, once."""
    joins, _ = hit_groups(units, own_voice=hits.own_voice)
    if units.scope.doc_ids is None and units.is_whole_documents():
        joins = ""  # every sentence of the corpus is a unit
    key = ", ".join(f"h.{column}" for column in _KEY[within])
    return units.session.create(
        f"SELECT DISTINCT {key}, h.k FROM {hits.rows} h {joins} WHERE h.sentence IS NOT NULL", name="seen"
    )
