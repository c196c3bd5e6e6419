"""Which words stand near a word, a phrase, a topic or an entity more often than their frequency explains."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from workbench.analysis.collocates import WINDOW, Direction, check_window, collocate_table
from workbench.display.plots.collocates import draw_collocates
from workbench.display.readings.words import company_reading
from workbench.features.evidence import sampled_evidence
from workbench.features.hits import named_items
from workbench.features.windows import near_hits, node_counts, window_words
from workbench.features.words import words as word_hits
from workbench.result import Notes, Result, Row
from workbench.verbs.asking import By, ask, code_line, nearest_words
from workbench.verbs.keyness import make_layers, node_places

if TYPE_CHECKING:
    from workbench.corpus import Corpus
    from workbench.display.evidence import Evidence

TOP = 200  # collocates of each group that are kept, unless asked


def collocates(
    corpus: Corpus,
    query: str,
    *,
    by: By = "all",
    top: int = TOP,
    window: int = WINDOW,
    direction: Direction = "both",
) -> Result:
    """The words within `window` words of a query, a topic or an entity, against chance, by logDice.

    In:  `query` a pattern as `analysis.matches` reads it, topic:NAME or entity:NAME; `by` a grouping or several;
         `direction` left, right or both; the `top` collocates of each group are kept.
    Out: Result; table as `analysis.collocates.collocates` explains it; `table.attrs["tested"]` is how many were tested.
    Raises BadParameter for a query, grouping, window or direction that is none, with the nearest.
    """
    check_window(window, direction)
    make_layers(corpus, query)
    units = ask(corpus, "words", by).units
    nodes, name = node_places(corpus, units, query)
    words = window_words(units, nodes, window, direction)
    whole = collocate_table(
        node_counts(units, nodes, words), window=window, direction=direction, least=1, by=units.grouping
    )
    table = whole[whole.groupby("group").cumcount() < top].reset_index(drop=True)
    return Result(
        table, company_reading(table, name) + ("" if len(table) else nearest_words(units, query)),
        Notes(
            f"Which words stand near {name} more often than their frequency explains?",
            "A dot further to the right is a word that keeps more to it: one point of logDice is twice as often.",
            "Company is not meaning: a phrase that is repeated, or quoted, gives the same figure.",
            f"Words within {window} words in the same sentence; q by G² is corrected over all words of the group.",
        ),
        corpus.caption,
        code_line(
            corpus, "collocates", query, by=None if by == "all" else units.by, top=None if top == TOP else top,
            window=None if window == WINDOW else window, direction=None if direction == "both" else direction,
        ),
        corpus.provenance(), partial(draw_collocates, node=name, caption=corpus.caption),
        partial(_evidence, corpus, query, units.by, window, direction), "form",
    )  # fmt: skip


def _evidence(
    corpus: Corpus, query: str, by: tuple[str, ...], window: int, direction: Direction, rows: Sequence[Row], n: int
) -> list[Evidence]:  # fmt: skip
    units = ask(corpus, "words", by).units
    nodes, _ = node_places(corpus, units, query)
    hits = near_hits(word_hits(units), window_words(units, nodes, window, direction))
    items = named_items(hits, units, [str(row["form"]) for row in rows])
    groups = [[str(row["group"])] if "group" in row else [] for row in rows]
    return sampled_evidence(hits, units, list(zip(items, groups, strict=True)), at_most=n)
