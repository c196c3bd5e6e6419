"""Sentiment toward entities in DuckDB: judged mentions with whose words they stand in, added up by document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from workbench.analysis.intervals import needs_sentences
from workbench.analysis.target_sentiment import JudgedSums, toward_ends
from workbench.analysis.units import AUTHOR
from workbench.features.hits import Hits, Item
from workbench.features.units import Units, documents_table, spoken_conditions
from workbench.schema import UNKNOWN

# Whose words a mention stands in: its own voice and speaker, since a name in an editor's insertion is not the
# speaker's word.
_OWN = {
    "speaker": f"CASE WHEN m.voice = 'author' THEN '{AUTHOR}' ELSE coalesce(m.speaker, '{UNKNOWN}') END",
    "voice": "m.voice",
    "doc_id": "t.doc_id",
}
GROUP = "group"  # the holder is the group of the sentence


class Judgements(NamedTuple):
    """Judged mentions of the units: `rows` a relation of the session with a row for each."""

    units: Units
    by: str
    rows: str


def judgements(units: Units) -> Judgements:
    """The judged names and pronouns in the sentences of the units, each with its entity and its holder.

    The holder is the speaker, the voice or the document of the mention where the units are grouped by that alone,
    and the group of its sentence otherwise.
    """
    session = units.session
    by = units.by[0] if len(units.by) == 1 and units.by[0] in _OWN else GROUP
    where = " AND ".join(["m.entity IS NOT NULL", *spoken_conditions(units.scope, "m")])
    names = session.create(
        f'SELECT doc_id, start, "end", any_value(entity) AS entity, any_value(voice) AS voice, any_value(speaker) AS speaker '
        f"FROM mentions m WHERE {where} GROUP BY ALL",
        name="judged_names",
    )
    rows = session.create(
        f"""
        SELECT n.number AS d, t.sentence, t.start, t."end", m.voice, m.speaker, m.entity, {_OWN.get(by, "l.label")} AS holder,
          t.score, t.label
        FROM toward t JOIN {names} m ON m.doc_id = t.doc_id AND m.start = t.name_start AND m."end" = t.name_end
        JOIN state n ON n.doc_id = t.doc_id JOIN {units.sentences} u ON u.d = n.number AND u.sentence = t.sentence
        JOIN {units.labels} l ON l.g = u.g""",
        name="judged",
    )
    return Judgements(units, by, rows)


def most_judged(judged: Judgements, top: int) -> list[str]:
    """The entities with most judged mentions, then by name."""
    found = judged.units.session.table(
        f"SELECT entity FROM {judged.rows} GROUP BY entity ORDER BY count(*) DESC, entity LIMIT {int(top)}"
    )
    return [str(name) for name in found.column("entity").to_pylist()]


def judged_sums(judged: Judgements, entities: Sequence[str]) -> dict[tuple[str, str], JudgedSums]:
    """Sums of the scores of each holder toward each of the entities by document, by sentence where these are few.

    What leaves DuckDB is a row for each document of a pair, and each sentence of a pair that has few documents.
    """
    session = judged.units.session
    # the order of doc_id decides what a resample of few documents draws
    places = session.create(
        "SELECT number AS d, row_number() OVER (ORDER BY doc_id) AS place FROM state", name="places"
    )
    placed = session.create(
        f"SELECT dense_rank() OVER (ORDER BY holder, entity) - 1 AS g, holder, entity, p.place, sentence, score, label "
        f"FROM {judged.rows} JOIN {places} p USING (d) WHERE entity IN (SELECT unnest(?::VARCHAR[]))",
        [list(entities)],
        name="pairs",
    )
    named = session.table(f"SELECT DISTINCT g, holder, entity FROM {placed} ORDER BY g")
    pairs = list(zip(named.column("holder").to_pylist(), named.column("entity").to_pylist(), strict=True))
    sums = (
        "count(*) AS n, sum(score) AS score, count(*) FILTER (label = 'positive') AS positive, "
        "count(*) FILTER (label = 'negative') AS negative, count(DISTINCT sentence) AS sentences"
    )
    held = _by_pair(
        session.table(f"SELECT g, place, {sums} FROM {placed} GROUP BY g, place ORDER BY g, place")
    )
    few = [g for g, mine in held.items() if needs_sentences(mine.n)]
    if few:
        held |= _by_pair(
            session.table(
                f"SELECT g, place, {sums} FROM {placed} WHERE g IN ({', '.join(map(str, few))}) "
                "GROUP BY g, place, sentence ORDER BY g, place, sentence"
            )
        )
    return {pairs[g]: mine for g, mine in held.items()}


def ends_of_judgement(judged: Judgements, entities: Sequence[str], *, each: int = 5) -> pd.DataFrame:
    """The mentions of the entities at both ends of the scale with their receipts; only these leave DuckDB.

    Out: the columns of `analysis.target_sentiment.toward_ends`.
    """
    session = judged.units.session
    documents = documents_table(session)
    rows = session.table(
        f"""
        WITH numbered AS (
          SELECT j.*, m.doc_id, row_number() OVER (PARTITION BY j.label ORDER BY abs(j.score) DESC, m.doc_id, j.start, j."end") AS place
          FROM {judged.rows} j JOIN {documents} m USING (d)
          WHERE j.label <> 'neutral' AND j.entity IN (SELECT unnest(?::VARCHAR[])))
        SELECT n.entity, n.holder, n.score, t.receipt, n.label, t.confidence, n.doc_id, n.sentence, n.start, n."end"
        FROM numbered n JOIN toward t ON t.doc_id = n.doc_id AND t.start = n.start AND t."end" = n."end"
        WHERE n.place <= {int(each)} ORDER BY n.doc_id, n.start, n."end\"""",
        [list(entities)],
    ).to_pandas()
    return toward_ends(rows, each=each)


def judged_hits(judged: Judgements, pairs: Sequence[tuple[str | None, str]]) -> tuple[Hits, list[Item]]:
    """The judged mentions of (holder, entity), or of every holder where none is named, as hits."""
    session = judged.units.session
    asked = session.create(
        "SELECT unnest(?::BIGINT[]) AS k, unnest(?::VARCHAR[]) AS holder, unnest(?::VARCHAR[]) AS entity",
        [list(range(len(pairs))), [holder for holder, _ in pairs], [entity for _, entity in pairs]],
        name="asked_pairs",
    )
    rows = session.create(
        f'SELECT j.d, j.sentence, j.start, j."end", a.k, j.voice, j.speaker FROM {judged.rows} j '
        f"JOIN {asked} a ON a.entity = j.entity AND (a.holder IS NULL OR a.holder = j.holder)",
        name="judged_hits",
    )
    titles = [", ".join(part for part in pair if part) for pair in pairs]
    return Hits("entity", rows, asked, own_voice=True), [Item(k, title, 0) for k, title in enumerate(titles)]


def _by_pair(rows: pa.Table) -> dict[int, JudgedSums]:
    columns = [rows.column(name).to_numpy() for name in ("place", *JudgedSums._fields[1:])]
    numbers, first = np.unique(rows.column("g").to_numpy(), return_index=True)
    parts = [np.split(column, first[1:]) for column in columns]
    return {
        int(g): JudgedSums(parts[0][i], *(part[i].astype(float) for part in parts[1:]))
        for i, g in enumerate(numbers)
    }
