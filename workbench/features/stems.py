"""Stems as a feature: the words of one stem counted as one, named by the most frequent of them here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from workbench.annotate.stem_groups import stem
from workbench.features.context import CountContext
from workbench.features.hits import Hits
from workbench.features.units import Units, selected_table, sentences_table, spoken_conditions
from workbench.features.words import form_kinds


def stems(units: Units) -> Hits:
    """Where the words of each stem stand; groups named by a stop word are left out, as words are.

    A group is named by its most frequent word in the selection, with a star where there is more than one, as
    `annotate.stem_groups` names it.
    """
    context = units.context
    session = context.session
    known = session.put_once("stems", lambda: stems_of_forms(context))
    counted = session.create(
        f"SELECT form_number AS number, count(*) AS n FROM tokens t WHERE {_selected(units)} GROUP BY ALL",
        name="stem_counts",
    )
    groups = session.create(
        f"""
        SELECT t.stem AS k, first(f.number ORDER BY c.n DESC, f.form) AS number,
          first(f.form ORDER BY c.n DESC, f.form) || CASE WHEN count(*) > 1 THEN '*' ELSE '' END AS name
        FROM {counted} c JOIN {known} t USING (number) JOIN forms f ON f.number = c.number GROUP BY t.stem""",
        name="stem_groups",
    )
    names = session.create(
        f"SELECT k, name FROM {groups} JOIN {form_kinds(session)} USING (number) WHERE letter AND NOT stop",
        name="stem_names",
    )
    rows = (
        f'(SELECT document AS d, sentence, start, "end", t.stem AS k FROM tokens JOIN {known} t ON t.number = form_number '
        f"WHERE word AND t.stem IN (SELECT k FROM {names}))"
    )
    return Hits("form", rows, names)


def stem_members(units: Units) -> pd.DataFrame:
    """[form, family] of every different word of the selection: its stem group, named as `stems` names it; most frequent first."""
    session = units.session
    known = session.put_once("stems", lambda: stems_of_forms(units.context))
    found: pd.DataFrame = session.table(
        f"""
        WITH counted AS (SELECT form_number AS number, count(*) AS n FROM tokens t WHERE {_selected(units)} GROUP BY ALL),
        named AS (SELECT f.form, c.n, t.stem FROM counted c JOIN {known} t USING (number) JOIN forms f USING (number))
        SELECT form, first(form) OVER w || CASE WHEN count(*) OVER (PARTITION BY stem) > 1 THEN '*' ELSE '' END AS family
        FROM named WINDOW w AS (PARTITION BY stem ORDER BY n DESC, form) ORDER BY n DESC, form"""
    ).to_pandas()
    return found


def stems_of_forms(context: CountContext) -> pa.Table:
    """[number, stem] of every form of the corpus; forms with one stem have the same number in `stem`."""

    def make() -> pa.Table:
        forms = context.session.table("SELECT number, form FROM forms ORDER BY number")
        found = pa.array([stem(form) for form in forms.column("form").to_pylist()], pa.string())
        codes = found.dictionary_encode().indices.to_numpy()
        return pa.table({"number": forms.column("number"), "stem": codes.astype(np.int64)})

    return context.kept("stems", [], ["forms"], make)


def _selected(units: Units) -> str:
    """The WHERE in SQL of the words `t` inside the selection."""
    scope, session = units.scope, units.session
    parts = ["word"]
    if scope.doc_ids is not None:
        parts.append(f"t.document IN (SELECT number FROM {selected_table(session, scope.doc_ids)})")
    if scope.is_spoken():
        said = " AND ".join(spoken_conditions(scope, "s"))
        parts.append(
            f"(t.document, t.sentence) IN (SELECT (s.d, s.sentence) FROM {sentences_table(session)} s WHERE {said})"
        )
    return " AND ".join(parts)
