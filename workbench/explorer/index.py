"""Index one version of a corpus as columns of whole numbers, so that any selection is a few masks.

Built with a handful of queries over the store; holds no text. A facet's values are numbered (`NameIndex`),
and what a document has of it is either one number (source, genre, story) or a list of pairs (speakers
with their voice, entities, topics).

Names (sources, speakers, entities …) are looked up by the rule of `selection.matching`. A wanted value stands for a known one that it equals, or of which it is a run of whole words, in any
case. `matching` looks at every known value; here a folded copy says first which ones can fit at all,
so that two hundred thousand names answer while somebody types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.errors import BadSelection, did_you_mean
from workbench.schema import UNKNOWN, VOICES, plain
from workbench.selection.apply import BY_VALUE
from workbench.selection.model import matching_values, period

if TYPE_CHECKING:
    from workbench.corpus import Corpus

SMALL = 300_000  # words for which names are found at once, about a minute; a larger corpus is built first
Ints = npt.NDArray[np.int32]

_DOCUMENTS = """SELECT doc_id, path, source, title, date, date_precision, date_basis, place, genre, language, words,
    story, added FROM documents ORDER BY doc_id"""
_MENTIONED = "SELECT DISTINCT doc_id, entity FROM mentions WHERE entity IS NOT NULL"
_TONE = "SELECT doc_id, avg(score) AS tone FROM sentiment WHERE lexicon = 'vader' AND masked GROUP BY doc_id"


@dataclass(frozen=True)
class Pairs:
    """Documents and what they have, a pair each: `code` numbers a name of `names`."""

    doc: Ints
    code: Ints
    names: NameIndex


@dataclass(frozen=True)
class Forms:
    """Every form of every entity's name, with the number of the entity."""

    names: NameIndex
    code: Ints


@dataclass(frozen=True, eq=False)
class Index:
    """The columns of one corpus version.

    documents: [doc_id, path, source, title, date, date_precision, date_basis, place, genre, language,
    words, story, tone, doubts], in the order of doc_id; `tone` is the mean score of a document's
    sentences. `first` and `last` are the days (20151211) between which a document's date lies, 0 when
    it has none, `added` their times of arrival. `spoken` pairs documents with speakers (-1: nobody but the author), `voice` beside it.
    """

    version: str
    documents: pd.DataFrame
    values: Mapping[str, Pairs]
    first: Ints
    last: Ints
    spoken: Pairs
    voice: Ints
    mentioned: Pairs
    forms: Forms
    topical: Pairs
    search: Callable[[str], set[str]]
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = field(default=(), repr=False)
    _place: dict[str, int] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.documents)

    def places(self, doc_ids: set[str]) -> Ints:
        """The rows of these documents."""
        return np.fromiter((self._place[d] for d in doc_ids if d in self._place), np.int32)


def build_index(corpus: Corpus) -> Index:
    """The index of all documents of the corpus's version, whatever its selection.

    Names are found first where the corpus is small; in a larger one without them (`workbench build`
    makes them) the entity facet is named in `missing`.
    """
    documents = corpus.query(_DOCUMENTS)
    for table in ("tokens", "sentiment"):
        corpus.has_layer(table)
    named = corpus.has_layer("mentions", make=int(documents["words"].sum()) <= SMALL)
    place = {doc_id: row for row, doc_id in enumerate(documents["doc_id"])}
    spoken = corpus.spoken()
    mentioned = corpus.query(_MENTIONED) if named else pd.DataFrame({"doc_id": [], "entity": []})
    entities = corpus.query("SELECT entity, aliases FROM entities") if named else None
    entity = _pairs(mentioned, place, "entity", "mentions", [] if entities is None else entities["entity"])
    first, last = _days(documents["date"])
    return Index(
        version=corpus.version,
        documents=_shown(documents, corpus, place),
        values={name: _values(documents, name) for name in BY_VALUE},
        first=first,
        last=last,
        spoken=_pairs(spoken, place, "speaker", "speaker", ()),
        voice=np.array([VOICES.index(voice) for voice in spoken["voice"]], np.int32),
        mentioned=entity,
        forms=_forms(entities, entity.names),
        topical=_pairs(corpus.topic_index(), place, "topic", "topic", ()),
        search=corpus.matches,
        missing=() if named else ("entity",),
        added=tuple(documents["added"].fillna("")),
        _place=place,
    )


def _shown(documents: pd.DataFrame, corpus: Corpus, place: Mapping[str, int]) -> pd.DataFrame:
    """The columns that are printed, with the mean score and the doubts of each document."""
    tone = np.full(len(documents), np.nan, np.float32)
    scores = corpus.query(_TONE)
    tone[[place[d] for d in scores["doc_id"]]] = scores["tone"]
    problems = corpus.query("SELECT path, problem FROM problems WHERE severity <> 'refused' ORDER BY path")
    said = problems.groupby("path")["problem"].agg("; ".join).to_dict()
    doubts = [said.get(path, "") for path in documents["path"]]
    return documents.drop(columns="added").assign(tone=tone, doubts=doubts)


def _values(documents: pd.DataFrame, name: str) -> Pairs:
    codes, names = pd.factorize(documents[name].astype("object").fillna(UNKNOWN), sort=True)
    return Pairs(
        np.arange(len(documents), dtype=np.int32), codes.astype(np.int32), NameIndex(list(names), name)
    )


def _pairs(
    rows: pd.DataFrame, place: Mapping[str, int], column: str, field_: str, more: Iterable[str]
) -> Pairs:
    """Pairs of a table [doc_id, <column>]; names are those that occur, and `more` that are known."""
    known = pd.Index(sorted({*rows[column].dropna(), *more}), dtype="object")
    doc = np.fromiter((place[d] for d in rows["doc_id"]), np.int32, len(rows))
    code = known.get_indexer(pd.Index(rows[column], dtype="object")).astype(np.int32)
    return Pairs(doc, code, NameIndex(list(known), field_))


def _forms(entities: pd.DataFrame | None, names: NameIndex) -> Forms:
    """Every form with its entity, the entity's own name first among them."""
    number = {name: code for code, name in enumerate(names.list)}
    pairs = {(name, code) for name, code in number.items()}
    if entities is not None:
        for entity, aliases in zip(entities["entity"], entities["aliases"], strict=True):
            pairs |= {(form, number[entity]) for form in aliases}
    ordered = sorted(pairs)
    return Forms(
        NameIndex([form for form, _ in ordered], "mentions"),
        np.array([code for _, code in ordered], np.int32),
    )


def _days(dates: pd.Series) -> tuple[Ints, Ints]:
    """First and last day of each date as a whole number; 0 where there is no year."""
    known: dict[str, tuple[int, int]] = {}
    for date in dates.dropna().unique():
        if not date.startswith("--"):
            first, last = period(date)
            known[date] = (int(first.replace("-", "")), int(last.replace("-", "")))
    both = [known.get(date, (0, 0)) if isinstance(date, str) else (0, 0) for date in dates]
    first_last = np.array(both, np.int32).reshape(-1, 2)
    return first_last[:, 0].copy(), first_last[:, 1].copy()


NEAR = 2000  # names among which a misspelt one is looked for: difflib needs about 10 µs for each


class NameIndex:
    """Known names in order; `numbers_of` gives the numbers of those that the wanted values stand for."""

    def __init__(self, names: Sequence[str], field: str) -> None:
        self.field = field
        self.list = list(names)
        self.folded = [plain(name).casefold() for name in self.list]
        self._whole: dict[str, list[int]] = {}
        for number, name in enumerate(self.list):
            self._whole.setdefault(name.casefold(), []).append(number)
        self._one = lru_cache(maxsize=256)(self._find)

    def __len__(self) -> int:
        return len(self.list)

    def numbers_of(self, wanted: Iterable[str]) -> set[int]:
        """Numbers of the names meant; BadSelection when a value stands for none."""
        return {number for value in wanted for number in self._one(value)}

    def beginning(self, part: str) -> list[int]:
        """Numbers of the names of which a word begins with `part`, in any case; all of them for ""."""
        folded = plain(part).casefold()
        if not folded:
            return list(range(len(self.list)))
        return [k for k, name in enumerate(self.folded) if name.startswith(folded) or f" {folded}" in name]

    def _find(self, value: str) -> tuple[int, ...]:
        if whole := self._whole.get(value.casefold()):
            return tuple(whole)
        folded = plain(value).casefold()
        candidates = [number for number, name in enumerate(self.folded) if folded in name]
        try:
            names = matching_values([value], [self.list[number] for number in candidates], self.field)
        except BadSelection:
            self._refuse(value)
        return tuple(number for number in candidates if self.list[number] in names)

    def _refuse(self, value: str) -> None:
        first = plain(value).casefold()[:1]
        near = [self.list[k] for k, name in enumerate(self.folded) if f" {first}" in f" {name}"][:NEAR]
        raise BadSelection(
            "selection",
            problem=f"nothing here has {self.field} `{value}`",
            hint=did_you_mean(value, near or self.list[:NEAR]),
        )
