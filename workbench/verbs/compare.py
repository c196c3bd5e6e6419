"""Two or more entities side by side: how often each is named, by whom, in which tone, and how far two lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from workbench.analysis.cells import Cells
from workbench.analysis.entities import compared, entity_differences
from workbench.analysis.intervals import Side
from workbench.analysis.rates import PER, cell_rates
from workbench.display.plots.rates import draw_comparison
from workbench.display.readings.rates import comparison_reading, entity_difference_reading
from workbench.errors import BadParameter
from workbench.features.comparison import (
    mention_counts,
    mentioned_by,
    mentioned_where,
    name_forms,
    quote_counts,
    speaker_counts,
    tone_sums,
)  # fmt: skip
from workbench.features.entities import entities as entity_hits
from workbench.features.evidence import sampled_evidence
from workbench.features.hits import cells, named_items
from workbench.features.units import Units, units_of
from workbench.result import Notes, Result, Row
from workbench.verbs.asking import code_line, nearest

if TYPE_CHECKING:
    from workbench.corpus import Corpus
    from workbench.display.evidence import Evidence

TABLES = ("tokens", "sentiment", "mentions", "entities")


def compare(corpus: Corpus, entities: Sequence[str] | None = None) -> Result:
    """Entities side by side: mentions, rates, who names them, quotes, and the tone of the sentences that name them.

    In:  `entities` by name, or the two most mentioned.
    Out: Result; table [entity, n, share, share_low, share_high, rate, low, high, docs_with, n_docs, speakers, quoted,
         in_quotes, sentences, mean, mean_low, mean_high, basis, sufficient] as `analysis.entities.compare` explains it.
         `.extra` has mentioned_by (who names them), mentioned_where (in which kinds of text) and name_forms (how they
         are written); of two entities also difference, in rate and in tone, with intervals.
    Raises BadParameter for an entity that nobody mentions, with the nearest.
    """
    units = _units(corpus)
    hits = entity_hits(units)
    names = _checked(units, [entities] if isinstance(entities, str) else entities or ())
    items = named_items(hits, units, names)
    counted = cells(hits, units, items)
    tone = tone_sums(hits, units, items)
    table = compared(
        cell_rates(counted), tone, speaker_counts(hits, units, items), quote_counts(units, names)
    )
    extra = {
        "mentioned_by": mentioned_by(units, names), "mentioned_where": mentioned_where(units, names),
        "name_forms": name_forms(units, names),
    }  # fmt: skip
    said = [comparison_reading(table)]
    if len(names) == 2:
        rates = _per_words(counted, 0), _per_words(counted, 1)
        extra["difference"] = entity_differences(rates, (tone.get(names[0]), tone.get(names[1])), table)
        said.append(entity_difference_reading(extra["difference"]))
    return Result(
        table, " ".join(said),
        Notes(
            "How often are they named, by whom, and in which tone?",
            "A dot is mentions per 1,000 words of all text, its line the 95 % interval; hollow is too little data.",
            "A mention is a name, not an opinion; the tone of a sentence that names somebody is not sentiment toward them. Pronouns are not counted.",
            "Intervals leave out each document in turn (each sentence, below ten documents); for a difference a document is left out of both. "
            "The smallest difference that would be found in four of five cases is 2.8 standard errors.",
        ),
        corpus.caption, code_line(corpus, "compare", *([list(names)] if entities else [])), corpus.provenance(),
        partial(draw_comparison, caption=corpus.caption), partial(_evidence, corpus), "entity", extra,
    )  # fmt: skip


def _checked(units: Units, entities: Sequence[str]) -> list[str]:
    """The names without repeats; the two most mentioned when none is given. BadParameter with the nearest for an unknown one."""
    if not entities:
        return list(mention_counts(units, top=2))
    names = list(dict.fromkeys(entities))
    found = mention_counts(units, names)
    for name in names:
        if name not in found:
            raise BadParameter(
                "entities",
                problem=f"no entity `{name}` is mentioned",
                hint=nearest(name, mention_counts(units)),
            )
    return names


def _per_words(counted: Cells, item: int) -> Side:
    return counted.counts[:, item] * PER, counted.words, counted.document


def _units(corpus: Corpus) -> Units:
    return units_of(corpus.count_context(*TABLES), corpus.scope(), "all")


def _evidence(corpus: Corpus, rows: Sequence[Row], n: int) -> list[Evidence]:
    """The sentences that name the entities."""
    units = _units(corpus)
    hits = entity_hits(units)
    items = {item.name: item for item in named_items(hits, units, [str(row["entity"]) for row in rows])}
    return sampled_evidence(hits, units, [(items[str(row["entity"])], ()) for row in rows], at_most=n)
