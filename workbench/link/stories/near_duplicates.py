"""Group near-duplicate documents into stories, and tell them from documents that only look alike.

Candidates share five-word shingles (`shingles`), each candidate pair is aligned word by word
(`alignment`), and the relation is decided on what differs (`fact_differences`, `relations`), not on how much is
shared: form letters for two events may share every word, two versions of one story a tenth of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from workbench.link.stories.alignment import FoldedWords, words_of
from workbench.link.stories.fact_differences import facts_of
from workbench.link.stories.relations import (
    ALIKE,
    COMPANION,
    CONTAINS,
    LONG,
    SAME,
    TEMPLATE,
    UPDATE,
    ComparableDocument,
    StoryRelation,
    days_between,
    likeness,
    passage_relation,
    relate,
)
from workbench.link.stories.shingles import (
    Hashes,
    distinct,
    longest_run,
    shared_places,
    shared_shingles,
    shingle_hashes,
)

if TYPE_CHECKING:
    import pandas as pd


COLUMNS = ("a", "b", "relation", "share_a", "share_b", "why")
SHARED = 0.08  # of the smaller document's shingles; updates with new sentences go down to 0.1
FEW = 6  # shingles below which two documents have one phrase in common, unless it is half of the shorter
PASSAGE = 40  # shingles enough however long the documents are: 44 words in a row, or several sentences
KEPT = 500  # documents kept ready for their next comparison: about 40 MB; 2,000 spare a tenth of the time
LITTLE = 0.15  # of the words of either text: with unlike titles there can only be a passage
HALF = 0.5  # a document within another joins its story when it makes this much of it; a digest joins nobody
SPAN = 7  # days from the first to the last document that updates make one story


# What comparisons told, by the two texts compared: relation, shares and why, or None for nothing in common.
PairCache = dict[str, Sequence[str | float] | None]


class DatedDocument(NamedTuple):
    """A document on the time line."""

    doc_id: str
    date: str | None
    title: str


def find_pairs(
    texts: Mapping[str, str], documents: pd.DataFrame, memory: PairCache | None = None
) -> pd.DataFrame:
    """Every pair of documents that has text in common, with what they are to each other and why.

    In:  texts, the body of each document by doc_id (asked for more than once, so that they need not be
         in memory); documents [doc_id, title, date, source]; memory of the last time, so that texts which
         did not change are not compared again: it changes the time, never the pairs, and is left
         holding what was asked of it this time.
    Out: [a, b, relation, share_a, share_b, why], sorted by a and b; `a` is the earlier document (by date,
         then doc_id), relation one of `schema.RELATIONS`, shares are of the words of each.

    Documents that share boilerplate only (shingles in more than `shingles.COMMON` documents) are each
    compared with their neighbours in time.
    """
    import pandas as pd

    order = [document for document in _by_date(documents) if document.doc_id in texts]
    hashes = lru_cache(KEPT)(lambda number: shingle_hashes(texts[order[number].doc_id]))
    ordered = lru_cache(KEPT)(lambda number: distinct(hashes(number)))
    reader = _DocumentCache(texts)

    def compare(a: int, b: int, much: bool) -> StoryRelation | None:
        left = shared_places(hashes(a), ordered(b))
        if not much and longest_run(left) < LONG:
            return None
        right = shared_places(hashes(b), ordered(a))
        little = max(left.mean(), right.mean()) < LITTLE
        if not much or (little and not _similar_titles(order[a], order[b])):
            return passage_relation(left, right)
        return relate(reader.words(order[a]), reader.words(order[b]))

    cached, used = memory or {}, PairCache()
    rows = []
    for a, b, much in _candidates((texts[document.doc_id] for document in order), len(order)):
        key = f"{reader.mark(order[a])} {reader.mark(order[b])} {'much' if much else 'some'}"
        relation = used[key] = cached[key] if key in cached else compare(a, b, much)
        if relation:
            rows.append((order[a].doc_id, order[b].doc_id, *relation))
    if memory is not None:
        memory.clear()
        memory.update(used)
    return pd.DataFrame(rows, columns=list(COLUMNS)).sort_values(["a", "b"], ignore_index=True)


def group_stories(pairs: pd.DataFrame, documents: pd.DataFrame) -> pd.Series[str]:
    """The story of each document: the doc_id of the first document of its group, by date, then doc_id.

    In:  pairs as `find_pairs` gives them; documents [doc_id, date].
    Out: Series of doc_id by doc_id, in the order of `documents`.

    Same text and update join, and contains when the part makes half of the whole. The strongest pairs
    join first; two groups stay apart when any two of their documents are a template or companions, or
    when an update would make a story of more than a week.
    """
    import pandas as pd

    groups = UnionFind({document.doc_id: document.date for document in _by_date(documents)})
    separate = pairs[pairs["relation"].isin((TEMPLATE, COMPANION))]
    groups.keep_apart(zip(separate["a"], separate["b"], strict=True))
    for a, b, days in _joining_pairs(pairs):
        groups.join(a, b, days)
    names = [str(doc_id) for doc_id in documents["doc_id"]]
    return pd.Series([groups.first(name) for name in names], index=names, name="story", dtype=object)


def _by_date(documents: pd.DataFrame) -> list[DatedDocument]:
    """The documents by date, those without one last, then by doc_id."""
    titles = documents["title"] if "title" in documents else [""] * len(documents)
    comparable = [
        DatedDocument(
            str(doc_id), date if isinstance(date, str) else None, title if isinstance(title, str) else ""
        )
        for doc_id, date, title in zip(documents["doc_id"], documents["date"], titles, strict=True)
    ]
    return sorted(
        comparable, key=lambda document: (document.date is None, document.date or "", document.doc_id)
    )


def _candidates(texts: Iterable[str], count: int) -> Iterator[tuple[int, int, bool]]:
    """Pairs of `count` texts that may have more than phrases in common, the first numbers ascending.

    The last value says whether it is much of one of them; if not, there may be one passage.
    """
    sizes = np.zeros(count, np.int64)

    def shingles() -> Iterator[Hashes]:
        for number, text in enumerate(texts):
            shingle_set = distinct(shingle_hashes(text))
            sizes[number] = len(shingle_set)
            yield shingle_set

    shared = shared_shingles(shingles(), count)
    smaller = np.minimum(sizes[shared.first], sizes[shared.second])
    much = (shared.shingles >= SHARED * smaller) & (shared.shingles >= np.minimum(FEW, smaller * HALF))
    chosen = much | (shared.shingles >= PASSAGE)
    columns = (column[chosen].tolist() for column in (shared.first, shared.second, much))
    yield from zip(*columns, strict=True)


def _similar_titles(a: DatedDocument, b: DatedDocument) -> bool:
    """Whether titles are so alike that even a few words in common may be those of a form."""
    return likeness(words_of(a.title).folded, words_of(b.title).folded) >= ALIKE / 2


def _joining_pairs(pairs: pd.DataFrame) -> Iterator[tuple[str, str, int | None]]:
    """Pairs that are one story, the same texts first, then by how much is shared, with the days allowed."""
    contained = pairs["relation"] == CONTAINS
    half = pairs[["share_a", "share_b"]].min(axis=1) >= HALF
    joining = pairs[pairs["relation"].isin((SAME, UPDATE)) | (contained & half)]
    rank = joining.assign(
        update=joining["relation"] == UPDATE, least=-joining[["share_a", "share_b"]].min(axis=1)
    )
    for row in rank.sort_values(["update", "least", "a", "b"]).itertuples():
        yield str(row.a), str(row.b), SPAN if row.update else None


class _DocumentCache:
    """Documents made ready to be compared, the last used kept."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._vocabulary = FoldedWords()
        self.words = lru_cache(KEPT)(self._words)
        self.mark = lru_cache(None)(self._mark)

    def _mark(self, document: DatedDocument) -> str:
        """All that a comparison looks at, as sixteen hex digits."""
        content = "\0".join((document.date or "", document.title, self._texts[document.doc_id]))
        return sha256(content.encode("utf-8", "replace")).hexdigest()[:16]

    def _words(self, document: DatedDocument) -> ComparableDocument:
        body = words_of(self._texts[document.doc_id], self._vocabulary)
        return ComparableDocument(
            body, words_of(document.title, self._vocabulary), facts_of(body), document.date
        )


# ---------------------------------------------------------------- groups of documents


class UnionFind:
    """Groups of documents. At first each is alone; a group is named by its first document in time."""

    def __init__(self, dates: Mapping[str, str | None]) -> None:
        """`dates` by doc_id, in the order of time."""
        self._dates = dates
        self._place = {doc_id: index for index, doc_id in enumerate(dates)}
        self._group = {doc_id: [doc_id] for doc_id in dates}
        self._apart: dict[str, set[str]] = {}

    def keep_apart(self, pairs: Iterable[tuple[str, str]]) -> None:
        """These documents never meet in a group, by whatever way."""
        for a, b in pairs:
            self._apart.setdefault(a, set()).add(b)
            self._apart.setdefault(b, set()).add(a)

    def join(self, a: str, b: str, days: int | None = None) -> bool:
        """Join the groups of two documents, unless two of them are kept apart or lie more than `days` apart."""
        left, right = self._group[a], self._group[b]
        if left is right:
            return True
        if days is not None and self._days([*left, *right]) > days:
            return False
        if any(not self._apart.get(member, set()).isdisjoint(right) for member in left):
            return False
        left += right
        for member in right:
            self._group[member] = left
        return True

    def first(self, doc_id: str) -> str:
        """The first document of the group in time."""
        return min(self._group[doc_id], key=self._place.__getitem__)

    def _days(self, group: Iterable[str]) -> int:
        full_dates = sorted(
            date for member in group if (date := self._dates[member]) and len(date) == len("2015-12-11")
        )
        return (days_between(full_dates[0], full_dates[-1]) or 0) if full_dates else 0
