"""Sums over documents that keyness needs, for each term and group, made in DuckDB in one pass.

For a document of a group with n hits of a term among w words these are n, 1, n², n·w, n/w and (n/w)². Where documents
lie in one group each, the sums of all other groups are the difference to the whole. A document with words in several
groups (by voice, by speaker) has to be added up before it is squared: its part in the others is a query of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from workbench.analysis.distributions import Floats
from workbench.analysis.keyness import PER_TERM, Side, TwoSides, pairs_of
from workbench.errors import BadParameter
from workbench.features.hits import Hits
from workbench.features.units import Ints, Units, hit_groups
from workbench.store import Session

MOST = 20_000_000  # comparisons × terms: of each two numbers are held until all are corrected together


class DocumentCounts(NamedTuple):
    """Document-term counts of several groups, as tables of the session, and the sizes of the documents.

    `counts` (a table or a query) has [g, d, k, n], `sizes` [g, d, words]; `groups` are the names of the groups, by their number `g`.
    """

    session: Session
    groups: tuple[str, ...]
    counts: str
    sizes: str


def document_counts(hits: Hits, units: Units) -> DocumentCounts:
    """The counts of a feature in each document of each group."""
    joins, group = hit_groups(units, own_voice=hits.own_voice)
    counts = f"(SELECT {group} AS g, h.d, h.k, count(*) AS n FROM {hits.rows} h {joins} WHERE h.sentence IS NOT NULL GROUP BY ALL)"
    return DocumentCounts(units.session, units.groups, counts, units.documents)


def comparisons(counts: DocumentCounts, against: str, least: int = 2) -> tuple[Ints, Iterator[TwoSides]]:
    """The terms (their numbers `k`) with at least `least` hits, and the sides of each comparison with a value for each.

    Raises BadParameter where there are too many groups for so many terms.
    """
    session = counts.session
    pairs = pairs_of(counts.groups, against)
    number = {name: g for g, name in enumerate(counts.groups)}
    sizes = _Sizes(session.table(f"SELECT g, d, words FROM {counts.sizes}"), len(counts.groups))
    apart = against == "rest" and len(counts.groups) > 2 and sizes.shared
    if apart:  # asked twice
        counts = counts._replace(counts=session.create(f"FROM {counts.counts}", name="counts"))
    sums = session.create(
        f"SELECT g, k, {_sums('n', 'words')} FROM {counts.counts} LEFT JOIN {counts.sizes} USING (g, d) GROUP BY ALL",
        name="sums",
    )
    frequent = session.create(
        f"SELECT k FROM {sums} GROUP BY k HAVING sum(n) >= {int(least)}", name="frequent"
    )
    terms = session.table(f"SELECT k FROM {frequent} ORDER BY k").column("k").to_numpy().astype(np.int64)
    if len(pairs) * len(terms) > MOST:
        raise BadParameter(
            "by", problem=f"{len(pairs):,} comparisons of {len(terms):,} items are too many",
            hint='group by something with fewer values, or narrow the corpus: corpus.where("since:2015")',
        )  # fmt: skip
    own = _Sums(session.table(f"FROM {sums} SEMI JOIN {frequent} USING (k)"), terms)
    rest = _Sums(session.table(_shared_rest(counts, frequent)), terms) if apart else None
    return terms, _sides(pairs, number, sizes, own, rest)


def term_names(counts: DocumentCounts, hits: Hits, numbers: Ints) -> dict[int, str]:
    """The names of terms by their numbers `k`."""
    wanted = counts.session.put(pa.table({"k": np.unique(numbers)}), name="wanted")
    found = counts.session.table(f"SELECT k, name FROM {hits.names} SEMI JOIN {wanted} USING (k)")
    counts.session.drop(wanted)
    return dict(zip(found.column("k").to_pylist(), found.column("name").to_pylist(), strict=True))


def _sides(
    pairs: Sequence[tuple[str, list[str], str]],
    number: dict[str, int],
    sizes: _Sizes,
    own: _Sums,
    rest: _Sums | None,
) -> Iterator[TwoSides]:
    whole = own.total() if rest is None else rest.of(-1)
    for one, others, name in pairs:
        g, members = number[one], [number[other] for other in others]
        first = own.of(g)
        if len(members) == 1:
            second = own.of(members[0])
        elif rest is None:
            second = _difference(whole, first)
        else:
            second = [a + b for a, b in zip(whole, rest.of(g), strict=True)]
            second = [np.where(second[1] > 0, values, 0) for values in second]
        yield TwoSides(
            one,
            name,
            _side(first, sizes.of([g])),
            _side(second, sizes.of(members)),
            sizes.share(g, members),
        )


def _side(sums: list[Floats], sizes: tuple[int, float, float]) -> Side:
    return Side(*sums, *sizes)  # type: ignore[call-arg, arg-type]


class _Sums:
    """[g, k, and the sums of `PER_TERM`]: a vector over all terms for each group when it is asked for."""

    def __init__(self, rows: pa.Table, terms: Ints) -> None:
        self.group = rows.column("g").to_numpy().astype(np.int64)
        order = np.argsort(self.group, kind="stable")
        self.group, self.size = self.group[order], len(terms)
        self.term = np.searchsorted(terms, rows.column("k").to_numpy().astype(np.int64))[order]
        self.values = [rows.column(name).to_numpy().astype(float)[order] for name in PER_TERM]

    def of(self, group: int) -> list[Floats]:
        first, last = np.searchsorted(self.group, [group, group + 1])
        return [self._dense(values[first:last], self.term[first:last]) for values in self.values]

    def total(self) -> list[Floats]:
        return [self._dense(values, self.term) for values in self.values]

    def _dense(self, values: Floats, term: Ints) -> Floats:
        return np.asarray(np.bincount(term, weights=values, minlength=self.size), dtype=float)


class _Sizes:
    """Words of each document in each group, and what sides of several groups have of them."""

    def __init__(self, rows: pa.Table, groups: int) -> None:
        self.group, self.document, self.words = (
            rows.column(name).to_numpy().astype(np.int64) for name in ("g", "d", "words")
        )
        self.shared = len(np.unique(self.document)) < len(self.document)
        self.rows = [np.flatnonzero(self.group == g) for g in range(groups)]

    def of(self, groups: Sequence[int]) -> tuple[int, float, float]:
        """Documents with words, their words, and the sum of the squares of these."""
        rows = self._rows(groups)
        words = self.words[rows].astype(float)
        if self.shared:
            _, which = np.unique(self.document[rows], return_inverse=True)
            words = np.bincount(which, weights=words)
        words = words[words > 0]
        return len(words), float(words.sum()), float((words**2).sum())

    def share(self, group: int, others: Sequence[int]) -> bool:
        """Whether a document lies on both sides."""
        if not self.shared:
            return False
        return bool(np.isin(self.document[self.rows[group]], self.document[self._rows(others)]).any())

    def _rows(self, groups: Sequence[int]) -> npt.NDArray[np.int64]:
        return np.concatenate([self.rows[g] for g in groups])


def _difference(whole: list[Floats], part: list[Floats]) -> list[Floats]:
    """What is left of the sums without a part; exactly nothing where no document is left."""
    left = [a - b for a, b in zip(whole, part, strict=True)]
    return [np.where(left[1] > 0, values, 0) for values in left]


def _sums(n: str, words: str) -> str:
    """The sums of `PER_TERM` in SQL; a hit in a group where its document has no word counts in n and documents."""
    share = f"coalesce(({n}) / nullif({words}, 0)::DOUBLE, 0)"
    values = (
        n,
        f"(({n}) > 0)::BIGINT",
        f"({n}) * ({n})",
        f"({n}) * coalesce({words}, 0)",
        share,
        f"{share} * {share}",
    )
    return ", ".join(f"sum({value})::DOUBLE AS {name}" for name, value in zip(PER_TERM, values, strict=True))


def _shared_rest(counts: DocumentCounts, frequent: str) -> str:
    """SQL for the sums of whole documents (g = -1), and for each group what these change by when it is left out."""
    changes = ", ".join(f"r.{name} - w.{name} AS {name}" for name in PER_TERM)
    return f"""
        WITH whole AS (SELECT d, k, sum(n)::BIGINT AS n FROM {counts.counts} SEMI JOIN {frequent} USING (k) GROUP BY ALL),
        places AS (
          SELECT g, d, sum(words)::BIGINT AS words
          FROM (SELECT g, d, words FROM {counts.sizes} UNION ALL SELECT DISTINCT g, d, 0 FROM {counts.counts}) GROUP BY ALL),
        held AS (SELECT d, sum(words)::BIGINT AS words FROM {counts.sizes} GROUP BY d),
        parts AS (
          SELECT z.g, t.k, t.n AS n, h.words AS words, t.n - coalesce(c.n, 0) AS left_n, h.words - z.words AS left_words
          FROM whole t JOIN places z USING (d) JOIN held h USING (d)
          LEFT JOIN {counts.counts} c ON c.d = t.d AND c.g = z.g AND c.k = t.k)
        SELECT -1 AS g, k, {_sums("n", "words")} FROM whole JOIN held USING (d) GROUP BY k
        UNION ALL
        SELECT r.g, r.k, {changes}
        FROM (SELECT g, k, {_sums("left_n", "left_words")} FROM parts GROUP BY ALL) r
        JOIN (SELECT g, k, {_sums("n", "words")} FROM parts GROUP BY ALL) w USING (g, k)"""
