"""A selection answered by the index: which documents, and how many of them each facet's values would leave.

Each facet is counted without its own restriction: a value's count is what it alone would leave, all
other restrictions holding, so that values can be compared and added. The answer is that of `corpus.where(selection)`, as a test holds with random selections.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from workbench.explorer.index import Index, Ints, Pairs
from workbench.schema import VOICES
from workbench.selection.apply import BY_VALUE
from workbench.selection.model import Selection, period
from workbench.selection.query import parse_query

Mask = npt.NDArray[np.bool_]
FACETS = ("source", "genre", "speaker", "voice", "entity", "topic", "story")
SPOKEN = ("speaker", "voice")  # facets of sentences; the others are of documents
FIELD = {facet: "mentions" if facet == "entity" else facet for facet in FACETS}  # of Selection


@dataclass(frozen=True, eq=False)
class FacetCounts:
    """What a selection leaves.

    `shown` are the rows of the documents it chooses, as `corpus.where(selection).doc_ids`. `counts` has
    the shown documents of each value of each facet; `chosen` the values that the selection means;
    `dated` marks the documents that would be shown without its dates.
    """

    selection: Selection
    shown: Ints
    counts: Mapping[str, Ints]
    chosen: Mapping[str, frozenset[int]]
    dated: Mask


class Value(NamedTuple):
    """A value of a facet: its name, the documents it would leave, whether it is chosen."""

    name: str
    n: int
    on: bool


def count_facets(index: Index, selection: Selection) -> FacetCounts:
    """Answer a selection. Raises BadSelection for a value that nothing here has."""
    chosen = _chosen(index, selection)
    masks = _masks(index, selection, chosen)
    failed = np.zeros(len(index), np.uint8)
    for mask in masks.values():
        failed += ~mask
    heard = _heard(index, chosen)

    def but(field: str) -> Mask:
        """Documents that fail nothing but perhaps `field`."""
        without: Mask = failed - ~masks[field] == 0 if field in masks else failed == 0
        return without

    stories = selection.stories != "copies"
    once = partial(_one_per_story, index) if stories else _as_it_is
    everything = once(but(""))
    counts = {
        facet: _count_spoken(index, facet, everything, chosen) if facet in SPOKEN
        else _count(index, facet, but(FIELD[facet]), heard, stories)
        for facet in FACETS
    }  # fmt: skip
    shown = np.flatnonzero(everything & heard).astype(np.int32)
    return FacetCounts(selection, shown, counts, chosen, once(but("date")) & heard)


def names_of(index: Index, facet: str) -> list[str]:
    """The names of a facet's values, in the order of their numbers."""
    return list(VOICES) if facet == "voice" else pairs_of(index, facet).names.list


def pairs_of(index: Index, facet: str) -> Pairs:
    """The pairs of documents and values behind a facet (not voice)."""
    other = {"speaker": index.spoken, "entity": index.mentioned, "topic": index.topical}
    return other[facet] if facet in other else index.values[facet]


def values(index: Index, facet_counts: FacetCounts, facet: str, limit: int) -> list[Value]:
    """The values of a facet to show: the chosen ones and the most frequent, by count, then name.

    Values that would leave nothing are shown only where they are chosen.
    """
    names, counts, chosen = (
        names_of(index, facet),
        facet_counts.counts[facet],
        facet_counts.chosen.get(facet, frozenset()),
    )
    if len(counts) > 4 * limit:
        least = np.partition(counts, -limit)[-limit]
        worth = [int(k) for k in np.flatnonzero(counts >= max(1, least))]
    else:
        worth = [int(k) for k in np.flatnonzero(counts)]
    ranked = sorted({*worth, *chosen}, key=lambda k: (-int(counts[k]), names[k].casefold(), names[k]))
    top = [k for place, k in enumerate(ranked) if place < limit or k in chosen]
    return [Value(names[k], int(counts[k]), k in chosen) for k in top]


def toggled(index: Index, facet_counts: FacetCounts, facet: str, name: str) -> Selection:
    """The selection with one value of a facet added, or taken away where it was chosen."""
    names = names_of(index, facet)
    meant = [names[k] for k in sorted(facet_counts.chosen.get(facet, frozenset()))]
    wanted = [other for other in meant if other != name] if name in meant else [*meant, name]
    return facet_counts.selection.narrowed(**{FIELD[facet]: tuple(wanted)})


def _chosen(index: Index, selection: Selection) -> dict[str, frozenset[int]]:
    """The numbers of the values that the selection means, by facet (and by field for what is no facet)."""
    chosen: dict[str, frozenset[int]] = {}
    for name in BY_VALUE:
        if wanted := getattr(selection, name):
            chosen[name] = frozenset(index.values[name].names.numbers_of(wanted))
    if selection.mentions:
        chosen["entity"] = frozenset(
            int(index.forms.code[k]) for k in index.forms.names.numbers_of(selection.mentions)
        )
    if selection.topic:
        chosen["topic"] = frozenset(index.topical.names.numbers_of(selection.topic))
    if selection.speaker:
        chosen["speaker"] = frozenset(index.spoken.names.numbers_of(selection.speaker))
    if selection.voice:
        chosen["voice"] = frozenset(VOICES.index(voice) for voice in selection.voice)
    return chosen


def _masks(index: Index, selection: Selection, chosen: Mapping[str, Collection[int]]) -> dict[str, Mask]:
    """A mask of documents for each document field that is set; dates are one field."""
    masks: dict[str, Mask] = {}
    for facet in (*BY_VALUE, "entity", "topic"):
        if facet in chosen:
            pairs = pairs_of(index, facet)
            masks[FIELD.get(facet, facet)] = _documents(index, pairs.doc[_among(pairs, chosen[facet])])
    if selection.is_dated():
        since = _day(selection.since, 0) if selection.since else 1
        until = _day(selection.until, 1) if selection.until else 99999999
        masks["date"] = (index.first >= since) & (index.last <= until)
    if selection.arrived:
        masks["arrived"] = np.fromiter(map(selection.holds_arrival, index.added), bool, len(index))
    if selection.query and parse_query(selection.query):
        masks["query"] = _documents(index, index.places(index.search(selection.query)))
    return masks


def _heard(index: Index, chosen: Mapping[str, Collection[int]]) -> Mask:
    """Documents with words by the chosen speakers in the chosen voices; all where none is chosen."""
    if not ("speaker" in chosen or "voice" in chosen):
        return np.ones(len(index), bool)
    fits = np.ones(len(index.spoken.doc), bool)
    if "speaker" in chosen:
        fits &= _among(index.spoken, chosen["speaker"])
    if "voice" in chosen:
        fits &= np.isin(index.voice, list(chosen["voice"]))
    return _documents(index, index.spoken.doc[fits])


def _count(index: Index, facet: str, inside: Mask, heard: Mask, stories: bool) -> Ints:
    """Documents that each value of a facet alone would leave of `inside`."""
    pairs = pairs_of(index, facet)
    if not stories:
        code = pairs.code[(inside & heard)[pairs.doc]]
        return np.bincount(code, minlength=len(pairs.names)).astype(np.int32)
    fits = inside[pairs.doc]
    rows, code = pairs.doc[fits].astype(np.int64), pairs.code[fits].astype(np.int64)
    story = index.values["story"]
    order = np.argsort(
        rows + len(index) * ~_firsts(index)[rows], kind="stable"
    )  # a story's own first goes first
    key = (code * len(story.names) + story.code[rows])[order]
    first = order[np.unique(key, return_index=True)[1]]
    return np.bincount(code[first][heard[rows[first]]], minlength=len(pairs.names)).astype(np.int32)


def _count_spoken(index: Index, facet: str, inside: Mask, chosen: Mapping[str, Collection[int]]) -> Ints:
    """Documents with words of each speaker in the chosen voices, or of each voice by the chosen speakers."""
    fits = inside[index.spoken.doc]
    if facet == "speaker":
        if "voice" in chosen:
            fits &= np.isin(index.voice, list(chosen["voice"]))
        code, size = index.spoken.code, len(index.spoken.names)
    else:
        if "speaker" in chosen:
            fits &= _among(index.spoken, chosen["speaker"])
        code, size = index.voice, len(VOICES)
    fits &= code >= 0
    once = np.unique(index.spoken.doc[fits].astype(np.int64) * max(size, 1) + code[fits])
    return np.bincount((once % max(size, 1)).astype(np.int64), minlength=size).astype(np.int32)


def _one_per_story(index: Index, inside: Mask) -> Mask:
    """One document of each story: the story's own first where it is inside, else the first that is."""
    story = index.values["story"]
    rows = np.flatnonzero(inside)
    keep = np.full(len(story.names), -1, np.int64)
    keep[story.code[rows[::-1]]] = rows[::-1]  # the last written stays: the first row
    own = rows[_firsts(index)[rows]]
    keep[story.code[own]] = own
    return _documents(index, keep[keep >= 0])


def _as_it_is(mask: Mask) -> Mask:
    return mask


def _firsts(index: Index) -> Mask:
    """Documents that give their story its name."""
    first: Mask = (index.documents["doc_id"] == index.documents["story"]).to_numpy(bool)
    return first


def _documents(index: Index, rows: npt.NDArray[np.integer]) -> Mask:
    mask = np.zeros(len(index), bool)
    mask[rows] = True
    return mask


def _among(pairs: Pairs, codes: Collection[int]) -> Mask:
    wanted = np.zeros(len(pairs.names) + 1, bool)  # the last place stands for -1, which is never wanted
    wanted[list(codes)] = True
    return wanted[pairs.code]


def _day(date: str, end: int) -> int:
    return int(period(date)[end].replace("-", ""))
