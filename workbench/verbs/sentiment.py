"""How positive or negative the sentences of each group are, and how far groups lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from workbench.analysis.sentiment import masked_scores, pooled_scores, sentiment_differences
from workbench.display.plots.sentiment import draw_sentiment_by
from workbench.display.readings.rates import detectable_reading, difference_reading, sentiment_reading
from workbench.features.evidence import sampled_evidence
from workbench.features.hits import Item
from workbench.features.scores import ends_of_scale, score_sums, scored_hits
from workbench.features.units import Units, units_of
from workbench.result import Notes, Result, Row
from workbench.verbs.asking import By, code_line, groups_of

if TYPE_CHECKING:
    from workbench.corpus import Corpus
    from workbench.display.evidence import Evidence

TOP, EACH = 12, 5  # groups drawn, and sentences shown at each end of the scale, unless asked


def sentiment(corpus: Corpus, *, by: By = None, top: int = TOP, each: int = EACH) -> Result:
    """Mean sentiment of sentences with 95 % intervals in each group, masked and unmasked, and the ends of the scale.

    In:  `by` a grouping or several (left out, what the corpus can compare); `top` groups drawn; `each` sentences at
         each end.
    Out: Result; table [group, n, mean, low, high, positive, positive_low, positive_high, neutral, negative,
         negative_low, negative_high, n_docs, basis, sufficient] as `analysis.sentiment.sentiment_by` explains it.
         `.extra["masking"]` has the means with and without masks, `.extra["ends"]` the sentences at both ends with
         their receipts, `.extra["difference"]` the difference of two groups, where exactly two are compared.
    Raises BadParameter for an unknown grouping, with the nearest.
    """
    groups = groups_of(corpus, by)
    units = _units(corpus, groups)
    sums = score_sums(units)
    table = pooled_scores(sums, units.grouping)
    extra = {"masking": masked_scores(sums, units.grouping), "ends": ends_of_scale(units, each=each)}
    largest = [str(group) for group in table["group"].head(2)]
    apart = sentiment_differences(sums, *largest) if len(largest) == 2 else pd.DataFrame()
    if len(table) == 2:
        extra["difference"] = apart
    return Result(
        table, reading(table, apart),
        Notes(
            f"How positive or negative are the sentences of each {units.grouping}?",
            "A dot is the mean score of the sentences, −1 to 1, its line the 95 % interval; hollow is too little data.",
            "A score says which words a sentence uses, not what its speaker feels and not toward whom; irony is not read, and courtesy reads as positive.",
            "VADER with names, offices and courtesy masked. Intervals leave out each document in turn; sentences are resampled within theirs below ten documents. "
            "The smallest difference that would be found in four of five cases is 2.8 standard errors.",
        ),
        corpus.caption,
        code_line(corpus, "sentiment", by=groups, top=None if top == TOP else top, each=None if each == EACH else each),
        corpus.provenance(), partial(draw_sentiment_by, caption=corpus.caption, top=top),
        partial(_evidence, corpus, groups), "group", extra,
    )  # fmt: skip


def reading(table: pd.DataFrame, apart: pd.DataFrame) -> str:
    """What the means say, the difference of two groups, and what would have been seen where nothing is sure.

    In: tables of `analysis.sentiment.sentiment_by` and, of the two groups with most sentences, `sentiment_difference`.
    """
    said = [sentiment_reading(table)]
    if len(table) == 2:
        said.append(difference_reading(apart))
    return " ".join([*said, *filter(None, [detectable_reading(table, apart)])])


def _units(corpus: Corpus, groups: tuple[str, ...]) -> Units:
    return units_of(corpus.count_context("tokens", "sentiment"), corpus.scope(), groups)


def _evidence(corpus: Corpus, groups: tuple[str, ...], rows: Sequence[Row], n: int) -> list[Evidence]:
    """The scored sentences of groups."""
    units = _units(corpus, groups)
    asked = [(Item(0, "", 0), [str(row["group"])]) for row in rows]
    return sampled_evidence(scored_hits(units), units, asked, at_most=n)
