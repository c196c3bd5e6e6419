"""The sentences behind a count: a few of each item and group, chosen by rule in DuckDB, cut from their texts there."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from workbench.display.evidence import Evidence, evidence_rule
from workbench.features.hits import Hits, Item
from workbench.features.units import Units, documents_table, hit_groups, sentences_table
from workbench.schema import UNKNOWN

AT_MOST = 6  # sentences of a row, unless asked


def sampled_evidence(
    hits: Hits, units: Units, rows: Sequence[tuple[Item, Sequence[str]]], *, at_most: int = AT_MOST
) -> list[Evidence]:
    """The sentences of each (item, groups), or of the item in every group where no group is named.

    When more than `at_most` are found, every k-th in the order of doc_id and text is taken, the first one first.
    What leaves DuckDB is these sentences.
    """
    if not rows:
        return []
    lines = [(row, item.k, group) for row, (item, groups) in enumerate(rows) for group in (groups or (None,))]
    asked = units.session.create(
        "SELECT unnest(?::INTEGER[]) AS row, unnest(?::BIGINT[]) AS k, unnest(?::VARCHAR[]) AS label",
        [list(column) for column in zip(*lines, strict=True)], name="asked",
    )  # fmt: skip
    joins, group = hit_groups(units, own_voice=hits.own_voice)
    voice, speaker = ("h.voice", "h.speaker") if hits.own_voice else ("NULL", "NULL")
    documents, sentences = documents_table(units.session), sentences_table(units.session)
    found = units.session.table(
        f"""
        WITH placed AS (
          SELECT a.row, h.d, h.sentence, h.start, h."end", {voice} AS voice, {speaker} AS speaker
          FROM {hits.rows} h JOIN {asked} a ON a.k = h.k {joins} JOIN {units.labels} l ON l.g = {group}
          WHERE h.sentence IS NOT NULL AND (a.label IS NULL OR a.label = l.label)),
        firsts AS (
          SELECT row, d, sentence, min(start) AS start, arg_min("end", start) AS "end", arg_min(voice, start) AS voice,
            arg_min(speaker, start) AS speaker FROM placed GROUP BY row, d, sentence),
        numbered AS (
          SELECT f.*, m.doc_id, m.source, m.date, row_number() OVER (PARTITION BY row ORDER BY m.doc_id, f.start) - 1 AS place,
            count(*) OVER (PARTITION BY row) AS found
          FROM firsts f JOIN {documents} m USING (d)),
        chosen AS (
          SELECT * FROM numbered WHERE found <= {at_most}
            OR place IN (SELECT (k.k * found) // {at_most} FROM range({at_most}) k(k)))
        SELECT c.row, c.found, c.doc_id, c.sentence, c.start, c."end", s.start AS sentence_start, s."end" AS sentence_end,
          c.source, c.date, coalesce(c.voice, s.voice) AS voice, coalesce(c.speaker, s.speaker) AS speaker,
          substring(t.text, least(c.start, s.start) + 1, c.start - least(c.start, s.start)) AS before,
          substring(t.text, c.start + 1, c."end" - c.start) AS hit,
          substring(t.text, c."end" + 1, greatest(c."end", s."end") - c."end") AS after
        FROM chosen c JOIN {sentences} s ON s.d = c.d AND s.sentence = c.sentence JOIN documents t ON t.doc_id = c.doc_id
        ORDER BY c.row, c.doc_id, c.start"""
    ).to_pandas()
    return [
        _evidence(found[found["row"] == number], item, groups) for number, (item, groups) in enumerate(rows)
    ]


def _evidence(rows: pd.DataFrame, item: Item, groups: Sequence[str]) -> Evidence:
    total = int(rows["found"].iloc[0]) if len(rows) else 0
    lines = rows.drop(columns=["row", "found"]).reset_index(drop=True)
    for column in ("source", "date", "speaker"):
        lines[column] = lines[column].astype("object").where(lines[column].notna(), UNKNOWN)
    spoken = lines["voice"] != "author"
    lines["speaker"] = lines["speaker"].where(spoken, "the author")
    lines["address"] = [
        f"{d}:{s}-{e}" for d, s, e in zip(lines["doc_id"], lines["start"], lines["end"], strict=True)
    ]
    title = ", ".join(part for part in (item.name, *groups[:1]) if part)
    return Evidence(lines, evidence_rule(total, len(lines)), total, title)
