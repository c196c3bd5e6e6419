"""N-grams as a feature: two or three words side by side, a stop word perhaps between them and none at the ends."""

from __future__ import annotations

from workbench.features.hits import Hits
from workbench.features.units import Units
from workbench.features.words import form_kinds


def bigrams(units: Units) -> Hits:
    """Where two words stand side by side with only a space or a hyphen between them."""
    return _ngrams(units, 2)


def trigrams(units: Units) -> Hits:
    """Where three words stand side by side with only spaces or hyphens between them."""
    return _ngrams(units, 3)


def _ngrams(units: Units, many: int) -> Hits:
    """The rows of `many` words that `analysis.frequency.ngrams` finds, numbered in the session."""
    session = units.session
    kinds = form_kinds(session)
    steps = range(1, many)
    following = "".join(
        f", lead(form_number, {n}) OVER following AS f{n}, lead(sentence, {n}) OVER following AS s{n}"
        f', lead(start, {n}) OVER following AS a{n}, lead("end", {n}) OVER following AS e{n}'
        for n in steps
    )
    forms = ["form_number", *(f"f{n}" for n in steps)]
    kind = [f"c{n}" for n in range(many)]
    beside = [f"s{n} = sentence" for n in steps]
    beside += [f"a{n} - {'e' + str(n - 1) if n > 1 else chr(34) + 'end' + chr(34)} <= 1" for n in steps]
    joins = " ".join(f"JOIN {kinds} {c} ON {c}.number = {f}" for c, f in zip(kind, forms, strict=True))
    rows = session.create(
        f"""
        SELECT document AS d, sentence, start, e{many - 1} AS "end", {", ".join(f"{f} AS k{n}" for n, f in enumerate(forms))}
        FROM (SELECT document, sentence, start, "end", form_number {following} FROM tokens WHERE word
              WINDOW following AS (PARTITION BY document ORDER BY start)) w {joins}
        WHERE {" AND ".join(beside)} AND NOT c0.stop AND NOT c{many - 1}.stop AND ({" OR ".join(f"{c}.letter" for c in kind)})""",
        name="runs",
    )
    codes = ", ".join(f"k{n}" for n in range(many))
    names = session.create(
        f"""
        SELECT row_number() OVER () - 1 AS k, {codes}, {" || ' ' || ".join(f"{c}.form" for c in kind)} AS name
        FROM (SELECT DISTINCT {codes} FROM {rows}) r
        {" ".join(f"JOIN {kinds} {c} ON {c}.number = r.k{n}" for n, c in enumerate(kind))}""",
        name="ngrams",
    )
    numbered = session.create(
        f'SELECT d, sentence, start, "end", k FROM {rows} JOIN {names} USING ({codes})', name="numbered"
    )
    return Hits("form", numbered, names)
