"""How each speaker, voice, document or group treats the names it mentions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from workbench.analysis.target_sentiment import measured, pooled_judgements
from workbench.display.plots.target_sentiment import draw_toward
from workbench.display.readings.target_sentiment import LIMIT, toward_reading
from workbench.features.entities import entities as entity_hits
from workbench.features.evidence import sampled_evidence
from workbench.features.judgements import (
    Judgements,
    ends_of_judgement,
    judged_hits,
    judged_sums,
    judgements,
    most_judged,
)
from workbench.features.units import units_of
from workbench.result import Notes, Result, Row
from workbench.verbs.asking import chosen_items, code_line

if TYPE_CHECKING:
    from workbench.corpus import Corpus
    from workbench.display.evidence import Evidence

TOP, EACH = 6, 5  # entities judged, and mentions shown at each end of the scale, unless asked
TABLES = ("tokens", "mentions", "entities", "toward")


def target_sentiment(
    corpus: Corpus,
    entities: Sequence[str] | None = None,
    *,
    by: str | Sequence[str] = "speaker",
    top: int = TOP,
    each: int = EACH,
) -> Result:
    """Mean sentiment of each holder toward each entity with 95 % intervals: "X about Y" apart from "the article about Y".

    In:  `entities` by name, or the `top` with most judged mentions; `by` whose words they stand in: speaker, voice,
         doc_id, or any grouping; `each` mentions at each end of the scale.
    Out: Result; table [holder, entity, n, mean, low, high, positive, negative, n_docs, basis, sufficient] as
         `analysis.target_sentiment.toward_by` explains it; `.extra["ends"]` the mentions at both ends, with receipts.
    Raises BadParameter for an unknown entity or grouping, with the nearest.
    """
    groups = (by,) if isinstance(by, str) else tuple(by)
    judged = _judged(corpus, groups)
    named = list(dict.fromkeys([entities] if isinstance(entities, str) else entities or ()))
    if named:
        chosen_items(entity_hits(judged.units), judged.units, named, None)
    chosen = named or most_judged(judged, top)
    table = pooled_judgements(judged_sums(judged, chosen), judged.by)
    return Result(
        table, toward_reading(table),
        Notes(
            "How do those who speak, and those who write, treat the names they mention?",
            "A dot is the mean score of a holder's mentions, −1 to 1, its line the 95 % interval; hollow is too little data.",
            LIMIT,
            f"Each name, and each pronoun that can mean one person only, is judged by the words of its clause. {measured()}",
        ),
        corpus.caption,
        code_line(
            corpus, "target_sentiment", *([named] if named else []), by=None if groups == ("speaker",) else groups,
            top=None if top == TOP else top, each=None if each == EACH else each,
        ),
        corpus.provenance(), partial(draw_toward, caption=corpus.caption, top=max(top, len(named))),
        partial(_evidence, corpus, groups), "entity", {"ends": ends_of_judgement(judged, chosen, each=each)},
    )  # fmt: skip


def _judged(corpus: Corpus, groups: tuple[str, ...]) -> Judgements:
    return judgements(units_of(corpus.count_context(*TABLES), corpus.scope(), groups))


def _evidence(corpus: Corpus, groups: tuple[str, ...], rows: Sequence[Row], n: int) -> list[Evidence]:
    """The sentences of judged mentions, the name or the pronoun marked."""
    judged = _judged(corpus, groups)
    pairs = [(str(row["holder"]) if "holder" in row else None, str(row["entity"])) for row in rows]
    hits, items = judged_hits(judged, pairs)
    units = units_of(corpus.count_context(*TABLES), corpus.scope(), "all")
    return sampled_evidence(hits, units, [(item, ()) for item in items], at_most=n)
