"""Documents joined to stories, pair by pair, with those kept apart that must not meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workbench.link.stories.relations import days_between


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
