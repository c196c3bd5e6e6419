"""Words within a window around places in the text (hits of a query, a topic or an entity), marked in DuckDB."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa

from workbench.analysis.collocates import Direction, NodeCounts
from workbench.analysis.frequency import REST
from workbench.features.hits import Hits, Item
from workbench.features.sums import DocumentCounts
from workbench.features.units import Units
from workbench.features.words import content_forms


def nodes_table(units: Units, hits: Hits, item: Item | None = None) -> str:
    """A table of the session [d, sentence, start, end] with the hits (of one item) that lie in the units, each once."""
    chosen = f"WHERE h.k = {item.k}" if item else ""
    return units.session.create(
        f'SELECT DISTINCT h.d, h.sentence::INTEGER AS sentence, h.start, h."end" FROM {hits.rows} h '
        f"SEMI JOIN {units.sentences} u ON u.d = h.d AND u.sentence = h.sentence {chosen}",
        name="nodes",
    )


def node_count(units: Units, nodes: str) -> int:
    """How many places there are."""
    return int(units.session.table(f"SELECT count(*) AS n FROM {nodes}").column("n")[0].as_py())


def window_words(units: Units, nodes: str, window: int, direction: Direction = "both") -> str:
    """A table of the session with every word of the sentences of the nodes: [d, sentence, start, end, k, node, near].

    `k` is the number of the form; `node` marks the words of a node, `near` those within `window` words of one, on the
    sides that `direction` names, that are not of a node themselves.
    """
    before = window if direction != "right" else 0
    after = window if direction != "left" else 0
    return units.session.create(
        f"""
        WITH words AS (
          SELECT document AS d, sentence, start, "end", form_number AS k,
            row_number() OVER (PARTITION BY document, sentence ORDER BY start) AS p
          FROM tokens t SEMI JOIN {nodes} n ON n.d = t.document AND n.sentence = t.sentence WHERE word),
        spans AS (
          SELECT n.d, n.sentence, n.start AS a, n."end" AS b, min(w.p) AS lo, max(w.p) AS hi
          FROM {nodes} n JOIN words w ON w.d = n.d AND w.sentence = n.sentence AND w."end" > n.start AND w.start < n."end"
          GROUP BY ALL)
        SELECT *, around AND NOT node AS near FROM (
          SELECT w.d, w.sentence, w.start, w."end", w.k, coalesce(bool_or(w.p BETWEEN lo AND hi), false) AS node,
            coalesce(bool_or(w.p BETWEEN lo - {before} AND hi + {after}), false) AS around
          FROM words w LEFT JOIN spans s USING (d, sentence) GROUP BY w.d, w.sentence, w.start, w."end", w.k)""",
        name="windows",
    )


def near_hits(hits: Hits, words: str) -> Hits:
    """The hits near a node."""
    return hits._replace(
        rows=f"(SELECT h.* FROM {hits.rows} h SEMI JOIN (SELECT d, start FROM {words} WHERE near) w ON w.d = h.d AND w.start = h.start)"
    )


def far_hits(hits: Hits, words: str) -> Hits:
    """The hits that are neither near a node nor in one."""
    return hits._replace(
        rows=f"(SELECT h.* FROM {hits.rows} h ANTI JOIN (SELECT d, start FROM {words} WHERE near OR node) w ON w.d = h.d AND w.start = h.start)"
    )


def near_and_far_counts(hits: Hits, units: Units, words: str, name: str) -> DocumentCounts:
    """DocumentCounts of words near the nodes and of all others, as `analysis.frequency.near_and_far` splits them.

    Without a word near a node there is nothing to compare, and no group.
    """
    session = units.session
    inside = f"SEMI JOIN {units.sentences} u ON u.d = h.d AND u.sentence = h.sentence"
    sides = [
        f"SELECT {g} AS g, h.d, h.k, count(*) AS n FROM {side(hits, words).rows} h {inside} GROUP BY ALL"
        for g, side in enumerate((near_hits, far_hits))
    ]
    counts = session.create(" UNION ALL ".join(sides), name="counts")
    sizes = session.create(
        f"""
        WITH marked AS (SELECT d, count(*) FILTER (near) AS near, count(*) FILTER (near OR node) AS out FROM {words} GROUP BY d)
        SELECT * FROM (
          SELECT 0 AS g, d, near AS words FROM marked UNION ALL
          SELECT 1, d, h.words - coalesce(m.out, 0)
          FROM (SELECT d, sum(words)::BIGINT AS words FROM {units.documents} GROUP BY d) h LEFT JOIN marked m USING (d))
        WHERE words > 0""",
        name="sizes",
    )
    known = session.table(f"SELECT count(DISTINCT g) AS n FROM {sizes}").column("n")[0].as_py()
    return DocumentCounts(session, (f"near {name}", REST) if known == 2 else (), counts, sizes)


def node_counts(units: Units, nodes: str, words: str) -> Iterator[tuple[str, NodeCounts]]:
    """The counts of each group that has words, the group with most words first; only listed forms leave DuckDB."""
    session = units.session
    content = content_forms(session)
    forms = session.create(
        f"""
        WITH near AS (
          SELECT u.g, w.k, count(*) FILTER (near) AS n, count(*) FILTER (node) AS inside,
            count(DISTINCT w.d) FILTER (near) AS n_docs, count(DISTINCT (w.d, w.sentence)) FILTER (near) AS n_sentences
          FROM {words} w JOIN {units.sentences} u ON u.d = w.d AND u.sentence = w.sentence GROUP BY ALL),
        every AS (
          SELECT u.g, t.form_number AS k, count(*) AS n
          FROM tokens t JOIN {units.sentences} u ON u.d = t.document AND u.sentence = t.sentence WHERE word GROUP BY ALL)
        SELECT e.g, e.k, coalesce(near.n, 0) AS n, e.n - coalesce(near.inside, 0) AS n_form,
          coalesce(near.n_docs, 0) AS n_docs, coalesce(near.n_sentences, 0) AS n_sentences
        FROM every e LEFT JOIN near USING (g, k)""",
        name="node_counts",
    )
    totals = session.table(
        f"SELECT g, sum(n)::BIGINT AS near, sum(n_form)::BIGINT AS words FROM {forms} GROUP BY g"
    ).to_pandas()
    n_node = session.table(
        f"SELECT u.g, count(*) AS n FROM {nodes} n JOIN {units.sentences} u ON u.d = n.d AND u.sentence = n.sentence "
        f'WHERE EXISTS (SELECT 1 FROM {words} w WHERE w.d = n.d AND w.sentence = n.sentence AND w.node AND w."end" > n.start AND w.start < n."end") '
        "GROUP BY u.g"
    )
    nodes_of = dict(zip(n_node.column("g").to_pylist(), n_node.column("n").to_pylist(), strict=True))
    sizes = pd.Series(units.sizes.words).groupby(units.sizes.group).sum()
    for g in sizes[sizes > 0].sort_values(ascending=False, kind="stable").index:
        rows = session.table(
            f"SELECT c.form, n, n_form, n_docs, n_sentences FROM {forms} f JOIN {content} c ON c.number = f.k "
            f"WHERE g = {int(g)} AND n_form > 0 ORDER BY c.form"
        )
        (group,) = totals[totals["g"] == g].itertuples()
        yield units.groups[g], _form_counts(rows, int(group.near), int(group.words), nodes_of.get(int(g), 0))


def _form_counts(rows: pa.Table, near: int, words: int, n_node: int) -> NodeCounts:
    values = [
        rows.column(name).to_numpy().astype(np.int64) for name in ("n", "n_form", "n_docs", "n_sentences")
    ]
    forms = pd.Index(rows.column("form").to_pylist(), dtype="object")
    return NodeCounts(forms, *values, np.ones(len(forms), dtype=bool), near, words, n_node)  # type: ignore[call-arg]
