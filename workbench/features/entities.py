"""Entities as a feature: who and what is named in the words of a voice, every name form counted for its entity."""

from __future__ import annotations

from workbench.features.hits import Hits
from workbench.features.units import Units, spoken_conditions


def entities(units: Units) -> Hits:
    """Where each entity is mentioned; a mention has a voice and a speaker of its own."""
    where = " AND ".join(
        ["m.entity IS NOT NULL", "m.sentence IS NOT NULL", *spoken_conditions(units.scope, "m")]
    )
    names = units.session.create(
        "SELECT entity AS name, row_number() OVER (ORDER BY entity) - 1 AS k FROM entities",
        name="entity_names",
    )
    rows = units.session.create(
        f'SELECT s.number AS d, m.sentence, m.start, m."end", n.k, m.voice, m.speaker FROM mentions m '
        f"JOIN state s ON s.doc_id = m.doc_id JOIN {names} n ON n.name = m.entity WHERE {where}",
        name="mentioned",
    )
    return Hits("entity", rows, names, own_voice=True)
