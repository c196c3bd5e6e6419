"""Scores of sentences in DuckDB, added up by group and document: means, shares and differences need no more."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from workbench.analysis.intervals import needs_sentences
from workbench.analysis.sentiment import CHANGED, NEUTRAL, ScoreSums, receipt
from workbench.analysis.units import AUTHOR
from workbench.features.hits import Hits
from workbench.features.units import Units, documents_table, hit_groups, sentences_table
from workbench.schema import UNKNOWN
from workbench.store import Session

# Sentences with their scores by VADER; the masked one is the score of every analysis.
_SCORED = """
SELECT n.number AS d, s.sentence, max(s.score) FILTER (s.masked) AS score, max(s.score) FILTER (NOT s.masked) AS unmasked
FROM sentiment s JOIN state n ON n.doc_id = s.doc_id WHERE s.lexicon = 'vader' GROUP BY ALL"""


def scored_table(session: Session) -> str:
    """A table of the session [d, sentence, score, unmasked] with each scored sentence."""
    return session.create(_SCORED, name="scored")


def score_sums(units: Units) -> dict[str, ScoreSums]:
    """Sums of the scores of each group by document, by sentence where a group's documents are too few.

    What leaves DuckDB is a row for each document of a group, and each sentence of a group that has few documents.
    """
    joins, group = hit_groups(units, own_voice=False)
    return sums_by_group(units.session, scored_table(units.session), joins, group, units.groups)


def sums_by_group(
    session: Session, scored: str, joins: str, group: str, groups: tuple[str, ...]
) -> dict[str, ScoreSums]:
    """The same of scored sentences `h` that SQL joins put into numbered groups."""
    # the order of doc_id decides what a resample of few documents draws
    places = session.create(
        "SELECT number AS d, row_number() OVER (ORDER BY doc_id) AS place FROM state", name="places"
    )
    signs = f"(h.score >= {NEUTRAL})::INTEGER - (h.score <= -{NEUTRAL})::INTEGER"
    before = f"(h.unmasked >= {NEUTRAL})::INTEGER - (h.unmasked <= -{NEUTRAL})::INTEGER"
    placed = session.create(
        f"SELECT {group} AS g, p.place, h.sentence, h.score, h.unmasked, {signs} AS sign, "
        f"abs(h.score - h.unmasked) > {CHANGED} AS changed, {signs} <> {before} AS turned "
        f"FROM {scored} h {joins} JOIN {places} p ON p.d = h.d",
        name="placed",
    )
    rows = session.table(
        f"SELECT g, place, count(*) AS n, sum(score) AS score, sum(unmasked) AS unmasked, count(*) FILTER (sign > 0) AS positive, "
        f"count(*) FILTER (sign < 0) AS negative, count(*) FILTER (changed) AS changed, count(*) FILTER (turned) AS turned "
        f"FROM {placed} GROUP BY g, place ORDER BY g, place"
    )
    held = _by_group(rows)
    few = [g for g, sums in held.items() if needs_sentences(sums.n)]
    if few:
        held |= _by_group(
            session.table(
                f"SELECT g, place, 1 AS n, score, unmasked, (sign > 0)::INTEGER AS positive, (sign < 0)::INTEGER AS negative, "
                f"changed::INTEGER AS changed, turned::INTEGER AS turned FROM {placed} "
                f"WHERE g IN ({', '.join(map(str, few))}) ORDER BY g, place, sentence"
            )
        )
    return {groups[g]: sums for g, sums in held.items()}


def ends_of_scale(units: Units, *, each: int = 5) -> pd.DataFrame:
    """The sentences at both ends of the scale with their receipts; only these leave DuckDB.

    Out: the columns of `analysis.sentiment.sentiment_ends`.
    """
    session = units.session
    joins, group = hit_groups(units, own_voice=False)
    documents, sentences = documents_table(session), sentences_table(session)
    rows: pd.DataFrame = session.table(
        f"""
        WITH placed AS (
          SELECT h.*, {group} AS g, m.doc_id, m.source, m.date FROM {scored_table(session)} h {joins}
          JOIN {documents} m ON m.d = h.d WHERE abs(h.score) >= {NEUTRAL}),
        numbered AS (
          SELECT *, score > 0 AS up, row_number() OVER (PARTITION BY score > 0 ORDER BY abs(score) DESC, doc_id, sentence) AS place
          FROM placed)
        SELECT CASE WHEN up THEN 'positive' ELSE 'negative' END AS "end", n.score, unmasked AS score_unmasked, l.label AS group,
          n.doc_id, n.sentence, s.start, s."end" AS stop, s.speaker, s.voice, n.source, n.date, t.hits
        FROM numbered n JOIN {sentences} s ON s.d = n.d AND s.sentence = n.sentence JOIN {units.labels} l ON l.g = n.g
        JOIN sentiment t ON t.doc_id = n.doc_id AND t.sentence = n.sentence AND t.lexicon = 'vader' AND t.masked
        WHERE place <= {int(each)} ORDER BY up DESC, place"""
    ).to_pandas()
    for column in ("speaker", "source", "date"):
        rows[column] = rows[column].astype("object").where(rows[column].notna(), UNKNOWN)
    out: pd.DataFrame = rows.assign(
        speaker=rows["speaker"].where(rows["voice"] != "author", AUTHOR),
        receipt=[receipt(hits) for hits in rows["hits"]],
    ).drop(columns="hits")
    out.attrs["by"] = units.grouping
    return out


def scored_hits(units: Units) -> Hits:
    """Every scored sentence as one hit, so that the sentences behind a mean are found as those behind a rate."""
    session = units.session
    rows = session.create(
        f'SELECT h.d, h.sentence, s.start, s."end", 0 AS k FROM {scored_table(session)} h '
        f"JOIN {sentences_table(session)} s ON s.d = h.d AND s.sentence = h.sentence",
        name="sentence_hits",
    )
    return Hits("group", rows, "(SELECT 0 AS k, '' AS name)")


def _by_group(rows: pa.Table) -> dict[int, ScoreSums]:
    columns = [rows.column(name).to_numpy() for name in ("place", *ScoreSums._fields[1:])]
    groups = rows.column("g").to_numpy()
    numbers, first = np.unique(groups, return_index=True)
    parts = [np.split(column, first[1:]) for column in columns]
    return {
        int(g): ScoreSums(parts[0][i], *(part[i].astype(float) for part in parts[1:]))
        for i, g in enumerate(numbers)
    }
