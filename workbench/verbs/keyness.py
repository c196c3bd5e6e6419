"""Which words set groups apart, and which stand around a place in the text, by how much and how surely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from workbench.analysis.frequency import REST
from workbench.analysis.keyness import compare_sides, keyness_table
from workbench.display.plots.keyness import draw_keyness, draw_keyness_words
from workbench.display.readings.rates import keyness_reading
from workbench.display.readings.words import around_reading
from workbench.errors import BadParameter, did_you_mean
from workbench.features.evidence import sampled_evidence
from workbench.features.hits import Hits, named_items
from workbench.features.sums import DocumentCounts, comparisons, document_counts, term_names
from workbench.features.units import Units
from workbench.features.windows import (
    far_hits,
    near_and_far_counts,
    near_hits,
    node_count,
    nodes_table,
    window_words,
)
from workbench.result import Notes, Result, Row
from workbench.verbs.asking import FEATURES, Asked, By, ask, chosen_items, code_line

if TYPE_CHECKING:
    from workbench.corpus import Corpus
    from workbench.display.evidence import Evidence

TOP, WINDOW = 200, 10  # rows of each comparison that are kept; words on each side of a place, unless asked
Against = Literal["rest", "pairs"]
AGAINST = ("rest", "pairs")
AROUND = ("words", "stems")  # what can be counted word by word around a place
NODES = {"topic:": "topics", "entity:": "entities"}


def keyness(
    corpus: Corpus,
    feature: str | Sequence[str] = "words",
    *,
    by: By = None,
    top: int = TOP,
    near: str = "",
    against: Against = "rest",
    window: int = WINDOW,
) -> Result:
    """Items that one group uses more or less than the others, or that stand near a place more than elsewhere.

    In:  `feature` words, stems, bigrams, trigrams, entities, topics or a list of patterns; `by` a grouping or several
         (left out, what the corpus can compare); each group `against` the rest or, in pairs, each other one.
         With `near` (a pattern, topic:NAME or entity:NAME) the words or stems within `window` words of it in its
         sentence stand against all others, whatever the groups.
    Out: Result; table [group, against, <item>, n, n_other, …] as `analysis.keyness.keyness` explains it, the `top`
         strongest of each comparison; `table.attrs["tested"]` is the number of all, over which q is corrected.
    Raises BadParameter for an unknown feature, grouping, node or side, with the nearest.
    """
    if against not in AGAINST:
        raise BadParameter(
            "against", problem=f"cannot compare against `{against}`", hint=did_you_mean(against, AGAINST)
        )
    said = {
        "top": None if top == TOP else top,
        "near": near,
        "against": None if against == "rest" else against,
    }
    said["window"] = None if window == WINDOW else window
    if near:
        return _around(corpus, feature, by, top, near, window, said)
    asked = ask(corpus, feature, by)
    units = asked.units
    hits = asked.hits(units)
    table = _table(hits, document_counts(hits, units), against, top, units.grouping)
    return Result(
        table, keyness_reading(table),
        Notes(
            f"Which {_noun(feature)} set each {units.grouping} apart {'from each other one' if against == 'pairs' else 'from the others'}?",
            "To the right of zero a group uses the word more, to the left less: +1 is twice as often. Filled is beyond chance.",
            "A word that is frequent is not yet important, and what it means stands in its sentences.",
            "Log ratio with its 95 % interval, G² and a test over documents; q is corrected over all that were compared.",
        ),
        corpus.caption, code_line(corpus, "keyness", asked.feature, by=asked.by, **said), corpus.provenance(),
        partial(draw_keyness, caption=corpus.caption), asked.evidence, hits.item,
    )  # fmt: skip


def _around(
    corpus: Corpus, feature: str | Sequence[str], by: By, top: int, near: str, window: int, said: Mapping[str, object]
) -> Result:  # fmt: skip
    if feature not in AROUND:
        raise BadParameter(
            "feature", problem=f"cannot count {feature!r} around a place", hint="choose words or stems"
        )
    if by is not None:
        raise BadParameter(
            "by", problem="words near a place are compared with all others, not in groups", hint="leave out `by` or `near`"
        )  # fmt: skip
    if window < 1:
        raise BadParameter(
            "window", problem=f"a window of {window} words holds nothing", hint="use 1 or more, 10 is usual"
        )
    make_layers(corpus, near)
    asked = ask(corpus, feature, "all")
    units = asked.units
    hits = asked.hits(units)
    nodes, name = node_places(corpus, units, near)
    words = window_words(units, nodes, window)
    table = _table(hits, near_and_far_counts(hits, units, words, name), "rest", top, "place")
    return Result(
        table, around_reading(table, node_count(units, nodes)),
        Notes(
            f"Which {_noun(feature)} stand near {name} more than elsewhere?",
            "A dot to the right of zero is a word that stands near it more often than elsewhere, with its 95 % interval.",
            "Company is not meaning: a phrase that is repeated, or quoted, gives the same figure.",
            f"Words within {window} words in the same sentence against all other words; q is corrected over all that were compared.",
        ),
        corpus.caption, code_line(corpus, "keyness", asked.feature, **said), corpus.provenance(),
        partial(draw_keyness_words, caption=corpus.caption),
        partial(_evidence_around, asked, near, window), hits.item,
    )  # fmt: skip


def make_layers(corpus: Corpus, near: str) -> None:
    """See that the layers of a place are there before anything is counted: a new layer is a new session."""
    for prefix, feature in NODES.items():
        if near.startswith(prefix):
            corpus.count_context(*FEATURES[feature].tables)


def node_places(corpus: Corpus, units: Units, near: str) -> tuple[str, str]:
    """(the places of a pattern, a topic or an entity, as a table of the session; its name).

    Raises BadParameter for a topic or an entity that is not there, with the nearest and their counts.
    """
    for prefix, feature in NODES.items():
        if near.startswith(prefix):
            name = near.removeprefix(prefix).strip()
            node = ask(corpus, feature, "all")
            hits = node.hits(node.units)
            (item,) = chosen_items(hits, node.units, [name], None)
            return nodes_table(units, hits, item), name
    return nodes_table(units, ask(corpus, [near], "all").hits(units)), near.strip()


def _table(hits: Hits, counts: DocumentCounts, against: str, top: int, by: str) -> pd.DataFrame:
    terms, sides = comparisons(counts, against)
    rows, tested = compare_sides(sides, top=top)
    rows = rows.assign(k=terms[rows["term"].to_numpy(int)])
    name = term_names(counts, hits, rows["k"].to_numpy(np.int64))
    named = rows.assign(form=pd.Series([name[k] for k in rows["k"]], index=rows.index, dtype="str"))
    return keyness_table(named, tested=tested, by=by, item=hits.item, top=top)


def _evidence_around(asked: Asked, near: str, window: int, rows: Sequence[Row], n: int) -> list[Evidence]:
    """The sentences near the place; of a word that is rarer there, those elsewhere."""
    units = asked.units
    hits = asked.hits(units)
    nodes, name = node_places(asked.corpus, units, near)
    words = window_words(units, nodes, window)
    found = []
    for row in rows:
        far = float(row.get("log_ratio", 0)) < 0
        side = far_hits(hits, words) if far else near_hits(hits, words)
        (item,) = named_items(side, units, [str(row[hits.item])])
        (part,) = sampled_evidence(side, units, [(item, ())], at_most=n)
        found.append(replace(part, title=f"{item.name}, {REST if far else f'near {name}'}"))
    return found


def _noun(feature: str | Sequence[str]) -> str:
    return feature if isinstance(feature, str) else "patterns"
