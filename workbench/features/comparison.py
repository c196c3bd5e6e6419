"""Chosen entities side by side in DuckDB: who names them, where, in which forms, and in how many quotes."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from workbench.analysis.sentiment import ScoreSums
from workbench.analysis.units import AUTHOR
from workbench.features.hits import Hits, Item
from workbench.features.scores import scored_table, sums_by_group
from workbench.features.units import Units, selected_table, spoken_conditions
from workbench.schema import UNKNOWN
from workbench.store import quoted

_SPEAKER = f"CASE WHEN m.voice = 'author' THEN '{AUTHOR}' ELSE m.speaker END"


def mention_counts(units: Units, names: Sequence[str] = (), *, top: int | None = None) -> dict[str, int]:
    """Mentions of each named entity in the selection, titles and captions too; of the `top` most mentioned without names."""
    where = "WHERE m.entity IN (SELECT unnest(?::VARCHAR[]))" if names else ""
    limit = f"LIMIT {int(top)}" if top is not None else ""
    found = units.session.table(
        f"SELECT entity, count(*) AS n FROM {_mentions(units)} m {where} GROUP BY entity ORDER BY n DESC, entity {limit}",
        [list(names)] if names else [],
    )
    return dict(zip(found.column("entity").to_pylist(), found.column("n").to_pylist(), strict=True))


def tone_sums(hits: Hits, units: Units, items: Sequence[Item]) -> dict[str, ScoreSums]:
    """Scores of the sentences that mention each entity, by document, by sentence where documents are few."""
    session = units.session
    chosen = session.create(
        "SELECT unnest(?::BIGINT[]) AS k, unnest(?::INTEGER[]) AS g",
        [[item.k for item in items], list(range(len(items)))],
        name="chosen",
    )
    seen = session.create(
        f"SELECT DISTINCT h.d, h.sentence, c.g FROM {hits.rows} h JOIN {chosen} c USING (k) "
        f"SEMI JOIN {units.sentences} u ON u.d = h.d AND u.sentence = h.sentence",
        name="around",
    )
    joins = f"JOIN {seen} e ON e.d = h.d AND e.sentence = h.sentence"
    names = tuple(item.name for item in items)
    return sums_by_group(session, scored_table(session), joins, "e.g", names)


def speaker_counts(hits: Hits, units: Units, items: Sequence[Item]) -> dict[str, int]:
    """How many speakers name each entity in the sentences of the units; the author is one."""
    found = units.session.table(
        f"SELECT m.k, count(DISTINCT {_SPEAKER}) AS n FROM {hits.rows} m "
        f"SEMI JOIN {units.sentences} u ON u.d = m.d AND u.sentence = m.sentence "
        f"WHERE m.k IN (SELECT unnest(?::BIGINT[])) GROUP BY m.k",
        [[item.k for item in items]],
    )
    count = dict(zip(found.column("k").to_pylist(), found.column("n").to_pylist(), strict=True))
    return {item.name: count.get(item.k, 0) for item in items}


def quote_counts(units: Units, names: Sequence[str]) -> dict[str, tuple[int, int]]:
    """(quotes by, quotes of others that name it) for each entity; a quote's speaker is met by any name form."""
    asked = _asked(units, names)
    voice = "CASE WHEN q.kind = 'indirect' THEN 'indirect' ELSE 'quote' END"
    parts = ["true"]
    if units.scope.voices:
        parts.append(f"{voice} IN ({', '.join(map(quoted, units.scope.voices))})")
    if units.scope.speakers:
        parts.append(f"q.speaker IN ({', '.join(map(quoted, units.scope.speakers))})")
    quotes = units.session.create(
        f'SELECT s.number AS d, q.start, q."end", q.speaker FROM quotes q JOIN state s ON s.doc_id = q.doc_id '
        f"SEMI JOIN {units.documents} u ON u.d = s.number WHERE {' AND '.join(parts)}",
        name="quoted",
    )
    found = units.session.table(
        f"""
        WITH mine AS (SELECT m.d, m.start, m."end", m.surface, m.entity AS name FROM {_mentions(units)} m SEMI JOIN {asked} a ON a.name = m.entity),
        forms AS (SELECT DISTINCT name, surface AS form FROM mine UNION SELECT name, name FROM {asked}),
        own AS (SELECT f.name, q.d, q.start, q."end" FROM {quotes} q JOIN forms f ON f.form = q.speaker),
        others AS (
          SELECT DISTINCT m.name, q.d, q.start FROM {quotes} q JOIN mine m ON m.d = q.d AND m.start >= q.start AND m."end" <= q."end"
          WHERE NOT EXISTS (SELECT 1 FROM forms f WHERE f.name = m.name AND f.form = q.speaker))
        SELECT a.name, (SELECT count(*) FROM own o WHERE o.name = a.name) AS by, (SELECT count(*) FROM others o WHERE o.name = a.name) AS about
        FROM {asked} a"""
    )
    columns = (found.column(name).to_pylist() for name in ("name", "by", "about"))
    return {name: (by, about) for name, by, about in zip(*columns, strict=True)}


def mentioned_by(units: Units, names: Sequence[str]) -> pd.DataFrame:
    """Who names the entities. Out: the columns of `analysis.entities.mentioned_by`."""
    return _frame(
        units,
        f"SELECT m.entity, m.voice, coalesce({_SPEAKER}, '{UNKNOWN}') AS speaker, count(*) AS n, count(DISTINCT m.d) AS n_docs "
        f"FROM {_mentions(units)} m SEMI JOIN {_asked(units, names)} a ON a.name = m.entity GROUP BY ALL "
        "ORDER BY entity, n DESC, speaker, voice",
    )


def mentioned_where(units: Units, names: Sequence[str]) -> pd.DataFrame:
    """In which kinds of text the entities stand. Out: the columns of `analysis.entities.mentioned_where`."""
    return _frame(
        units,
        f"SELECT m.entity, s.kind, count(*) AS n, count(DISTINCT m.d) AS n_docs FROM {_mentions(units)} m "
        f"JOIN {_asked(units, names)} a ON a.name = m.entity "
        'JOIN segments s ON s.doc_id = m.doc_id AND s.start <= m.start AND m.start < s."end" '
        "GROUP BY ALL ORDER BY m.entity, n DESC, s.kind",
    )


def name_forms(units: Units, names: Sequence[str]) -> pd.DataFrame:
    """The forms in which the entities are written. Out: the columns of `analysis.entities.name_forms`."""
    return _frame(
        units,
        f"""
        WITH mine AS (SELECT m.* FROM {_mentions(units)} m SEMI JOIN {_asked(units, names)} a ON a.name = m.entity),
        forms AS (SELECT entity, surface, count(*) AS times FROM mine GROUP BY ALL),
        docs AS (SELECT entity, count(DISTINCT d) AS n_docs FROM mine GROUP BY ALL)
        SELECT f.entity, any_value(e.label) AS label, sum(f.times)::BIGINT AS n, any_value(d.n_docs) AS n_docs,
          string_agg(f.surface || ' ' || f.times, ', ' ORDER BY f.times DESC, f.surface) AS forms
        FROM forms f JOIN docs d USING (entity) JOIN entities e USING (entity) GROUP BY f.entity ORDER BY n DESC, f.entity""",
    )


def _mentions(units: Units) -> str:
    """A table of the session with the mentions of the selection, titles and captions too."""
    scope = units.scope
    parts = ["m.entity IS NOT NULL", *spoken_conditions(scope, "m")]
    if scope.doc_ids is not None:
        parts.append(f"s.number IN (SELECT number FROM {selected_table(units.session, scope.doc_ids)})")
    return units.session.create(
        f"SELECT s.number AS d, m.* FROM mentions m JOIN state s ON s.doc_id = m.doc_id WHERE {' AND '.join(parts)}",
        name="named",
    )


def _asked(units: Units, names: Sequence[str]) -> str:
    return units.session.create("SELECT unnest(?::VARCHAR[]) AS name", [list(names)], name="asked_names")


def _frame(units: Units, sql: str) -> pd.DataFrame:
    rows: pd.DataFrame = units.session.table(sql).to_pandas()
    return rows
