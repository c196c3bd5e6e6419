"""Which items stand together in one sentence or document more often than by chance."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from workbench.analysis.cooccurrence import pair_table
from workbench.display.plots.network import draw_network
from workbench.display.readings.rates import network_reading
from workbench.errors import BadParameter, did_you_mean
from workbench.features.evidence import sampled_evidence
from workbench.features.pairs import Within, pair_counts, pair_hits
from workbench.result import Notes, Result, Row
from workbench.verbs.asking import Asked, ask, chosen_items, code_line

if TYPE_CHECKING:
    from workbench.corpus import Corpus
    from workbench.display.evidence import Evidence

TOP = 40  # items that are paired, unless asked
WITHIN = ("sentence", "document")


def cooccurrence(
    corpus: Corpus,
    feature: str = "entities",
    *,
    top: int = TOP,
    items: Sequence[str] | None = None,
    within: Within = "sentence",
) -> Result:
    """Pairs of items that stand together in a sentence or a document, against chance, as a network and a table.

    In:  `feature` entities, topics or words; the `top` items that stand in most sentences (or documents), or `items`
         by name; `within` sentence or document.
    Out: Result; table [a, b, n, n_a, n_b, units, expected, npmi, g2, p, q, basis, sufficient] as
         `analysis.cooccurrence.comentions` explains it.
    Raises BadParameter for an unknown feature, item or `within`, with the nearest.
    """
    if within not in WITHIN:
        raise BadParameter(
            "within", problem=f"cannot count pairs in a `{within}`", hint=did_you_mean(within, WITHIN)
        )
    asked = ask(corpus, feature, "all")
    units = asked.units
    hits = asked.hits(units)
    if items:
        chosen_items(hits, units, items, None)
    table = pair_table(pair_counts(hits, units, within=within, top=top, items=list(items or ())))
    return Result(
        table, network_reading(table),
        Notes(
            f"Which two of the {feature} stand together in a {within}?",
            "A line joins two that stand together: solid where more often than chance, dashed where it may be chance. Places in the drawing mean nothing.",
            "To stand together is not to have to do with each other; a passage that is copied counts each time.",
            f"Each {within} counts once. G² of the two-by-two table; q is corrected over all pairs of the chosen {feature}, also those never seen together.",
        ),
        corpus.caption,
        code_line(
            corpus, "cooccurrence", feature, top=None if top == TOP else top, items=list(items or ()),
            within=None if within == "sentence" else within,
        ),
        corpus.provenance(), partial(draw_network, caption=corpus.caption), partial(_evidence, asked, within), "a",
    )  # fmt: skip


def _evidence(asked: Asked, within: Within, rows: Sequence[Row], n: int) -> list[Evidence]:
    """The sentences that hold both of a pair (of a pair in a document: those that hold the first of them)."""
    units = asked.units
    pairs = [(str(row["a"]), str(row["b"]) if "b" in row else None) for row in rows]
    hits, items = pair_hits(asked.hits(units), units, pairs, within)
    return sampled_evidence(hits, units, [(item, ()) for item in items], at_most=n)
