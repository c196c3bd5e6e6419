"""Lines of a concordance: chosen by rule among all hits and cut from their texts in DuckDB."""

from __future__ import annotations

import pandas as pd

from workbench.analysis.concordance import after, before
from workbench.analysis.units import AUTHOR
from workbench.features.hits import Hits
from workbench.features.units import Units, documents_table, sentences_table
from workbench.schema import UNKNOWN


def concordance_lines(hits: Hits, units: Units, n: int, width: int) -> tuple[pd.DataFrame, int]:
    """(at most `n` lines in text order with `width` characters on each side, how many places there are).

    When there are more, every k-th is taken, the first one first.
    """
    session = units.session
    documents, sentences = documents_table(session), sentences_table(session)
    rows = session.table(
        f"""
        WITH placed AS (
          SELECT h.d, h.sentence, h.start, h."end", p.name AS pattern, l.label AS "group", m.doc_id, m.source, m.date, m.genre
          FROM {hits.rows} h JOIN {units.sentences} u ON u.d = h.d AND u.sentence = h.sentence
          JOIN {units.labels} l ON l.g = u.g JOIN {hits.names} p ON p.k = h.k JOIN {documents} m ON m.d = h.d),
        numbered AS (
          SELECT *, row_number() OVER (ORDER BY doc_id, start, "end", pattern) - 1 AS place, count(*) OVER () AS found FROM placed),
        chosen AS (
          SELECT * FROM numbered
          WHERE found <= {int(n)} OR place IN (SELECT (k.k * found) // {int(n)} FROM range({int(n)}) k(k)))
        SELECT c.doc_id, c.sentence, c.start, c."end", c.pattern, c."group", s.voice, s.speaker, c.source, c.date, c.genre, c.found,
          greatest(c.start - {int(width) + 1}, 0) AS first,
          substring(t.text, greatest(c.start - {int(width) + 1}, 0) + 1,
            c."end" + {int(width) + 1} - greatest(c.start - {int(width) + 1}, 0)) AS words
        FROM chosen c JOIN {sentences} s ON s.d = c.d AND s.sentence = c.sentence JOIN documents t ON t.doc_id = c.doc_id
        ORDER BY c.place"""
    ).to_pandas()
    for column in ("source", "date", "genre", "speaker"):
        known = rows[column].astype("object")
        rows[column] = known.where(known.notna(), UNKNOWN)
    rows["speaker"] = rows["speaker"].where(rows["voice"] != "author", AUTHOR)
    places = list(zip(rows["words"], rows["start"] - rows["first"], rows["end"] - rows["first"], strict=True))
    rows = rows.assign(
        left=[before(words, start, width) for words, start, _ in places],
        hit=[words[start:end] for words, start, end in places],
        right=[after(words, end, width) for words, _, end in places],
    )
    return rows, int(rows["found"].iloc[0]) if len(rows) else 0


def at_place(hits: Hits, units: Units, doc_id: str, start: int, end: int) -> Hits:
    """The hits with just this span."""
    place = units.session.create(
        'SELECT number AS d, ?::INTEGER AS start, ?::INTEGER AS "end" FROM state WHERE doc_id = ?',
        [start, end, doc_id], name="place",
    )  # fmt: skip
    return hits._replace(
        rows=f'(SELECT h.* FROM {hits.rows} h SEMI JOIN {place} p ON p.d = h.d AND p.start = h.start AND p."end" = h."end")'
    )
