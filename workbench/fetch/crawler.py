"""A run: the addresses, host by host as each is ready; what is saved, unchanged or refused.

One request at a time. While one host rests, the next one is asked, so a list over many hosts waits
little and a list of one host keeps its delay.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from tqdm import tqdm

from workbench.errors import NotFetched
from workbench.fetch import content_types
from workbench.fetch.addresses import Address, FetchTarget, fetch_target, find_targets, printable
from workbench.fetch.feeds import read_feed
from workbench.fetch.limits import DEFAULT, SYSTEM, FetchLimits, FetchResult, FetchRuntime
from workbench.fetch.manifest import FetchManifest, ManifestEntry, utc_timestamp, validators
from workbench.fetch.visit import FetchedPage, Visitor


def fetch(
    targets: Sequence[str],
    folder: Path,
    *,
    rules: FetchLimits = DEFAULT,
    world: FetchRuntime = SYSTEM,
) -> list[FetchResult]:
    """Save the pages that `targets` name below `folder`, and say what became of each.

    targets: web addresses of pages and feeds, and files that list them one a line. A feed is a row of
    its own, followed by its entries; an address that is named twice is visited once. The rows stand in
    the order of the targets. A second run asks only for what is missing or changed.
    Raises NotFetched, before anything is asked for, for a word that is neither an address nor a file, a
    list that cannot be read, a folder that cannot be written to.
    """
    asked = find_targets(targets)
    run = _Run(folder, rules, world)
    for number, one in enumerate(asked):
        run.add(one, (number, 0), from_feed=False)
    return run.go()


Order = tuple[int, int]  # of the target in the call, and of the entry in its feed


class _Item(NamedTuple):
    order: Order
    address: Address
    from_feed: bool


class _Run:
    """The state of a run: what waits at each host, what is done."""

    def __init__(self, folder: Path, rules: FetchLimits, world: FetchRuntime) -> None:
        self._rules, self._world = rules, world
        self._ledger = FetchManifest(folder, world.wall(), rules.resume_within)
        self._visitor = Visitor(rules, world)
        self._waiting: dict[str, deque[_Item]] = {}
        self._seen: set[str] = set()
        self._saved: dict[str, FetchResult] = {}
        self._done: dict[Order, FetchResult] = {}
        self._bar = tqdm(disable=None, unit="page", total=0, leave=False)  # None: quiet without a terminal

    def add(self, one: FetchTarget, order: Order, *, from_feed: bool) -> None:
        """Put a target in the queue of its host, once; a refused one among the results."""
        if one.address is None:
            assert one.refused is not None
            self._done[order] = FetchResult(one.given, None, "refused", _reason(one.refused), 0, 0.0)
        elif str(one.address) not in self._seen:
            self._seen.add(str(one.address))
            self._waiting.setdefault(one.address.host, deque()).append(_Item(order, one.address, from_feed))
            self._bar.total += 1

    def go(self) -> list[FetchResult]:
        """Visit everything that waits; the results in the order of the targets."""
        self._ledger.add(run="begun", at=utc_timestamp(self._world.wall()))
        with self._bar:
            while self._waiting:
                item = self._next()
                self._done[item.order] = self._timed(item)
                self._bar.update()
        if not self._visitor.pace.over:
            self._ledger.add(run="ended", at=utc_timestamp(self._world.wall()))
        return [row for _, row in sorted(self._done.items())]

    def _next(self) -> _Item:
        """The first item of the host that is ready first."""
        ready = self._visitor.pace.ready
        queue = min(self._waiting.values(), key=lambda queue: (ready(queue[0].address), queue[0].order))
        item = queue.popleft()
        if not queue:
            del self._waiting[item.address.host]
        return item

    def _timed(self, item: _Item) -> FetchResult:
        began, asked = self._world.now(), str(item.address)
        try:
            row = self._one(item, asked)
        except NotFetched as error:
            row = FetchResult(asked, None, "refused", _reason(error), 0, 0.0)
            self._ledger.add(asked=asked, refused=row.reason, at=utc_timestamp(self._world.wall()))
        return row._replace(seconds=round(self._world.now() - began, 3))

    def _one(self, item: _Item, asked: str) -> FetchResult:
        if (entry := self._ledger.fresh(asked)) is not None:
            return self._unchanged(asked, entry, f"saved {entry.fetched} by the run that was interrupted")
        page = self._visitor.visit(item.address, self._ledger.questions(asked, asked))
        url = str(page.address)
        before = self._ledger.by_url.get(url)
        if url in self._saved:
            return self._saved[url]._replace(
                url=asked, state="unchanged", reason=f"leads to {printable(url)}"
            )
        if page.answer.status == 304:
            return self._not_modified(item, asked, url, before)
        if not page.answer.body.strip():
            raise NotFetched(
                url, problem="the page is empty", hint="open it in a browser and save it by hand"
            )
        kind = content_types.content_kind(page.answer.headers.get("content-type", ""), page.answer.body, url)
        row = self._feed(item, page) if kind == content_types.FEED else self._page(asked, page, kind, before)
        if row.path is not None:
            self._saved[url] = row
        return row

    def _not_modified(self, item: _Item, asked: str, url: str, before: ManifestEntry | None) -> FetchResult:
        if before is None or not self._ledger.is_whole(before):
            raise NotFetched(url, problem="said to be unchanged, but never fetched", hint="try again later")
        if before.links:
            return self._entries(item, asked, before.links, "unchanged", "")
        return self._unchanged(asked, before, "")

    def _unchanged(self, asked: str, entry: ManifestEntry, reason: str) -> FetchResult:
        return FetchResult(asked, self._ledger.file(entry), "unchanged", reason, entry.bytes, 0.0)

    def _page(self, asked: str, page: FetchedPage, suffix: str, before: ManifestEntry | None) -> FetchResult:
        """Save a page, unless the same bytes are there already."""
        body = page.answer.body
        sha256 = hashlib.sha256(body).hexdigest()
        whole = before is not None and self._ledger.is_whole(before)
        same = before is not None and whole and before.sha256 == sha256
        if before is not None and same and before.asked == asked and not validators(page.answer):
            return self._unchanged(asked, before, "")
        name = before.path if before is not None and same else str(self._ledger.save(page, suffix))
        moment = before.fetched if before is not None and same else utc_timestamp(self._world.wall())
        self._ledger.add(
            asked=asked,
            url=str(page.address),
            path=name,
            fetched=moment,
            type=page.answer.headers.get("content-type", ""),
            bytes=len(body),
            sha256=sha256,
            **validators(page.answer),
        )
        reason = "" if before is None else f"changed since {before.fetched}"
        if before is not None and not whole:
            reason = "the saved file was missing or altered"
        place = self._ledger.folder / str(name)
        return FetchResult(
            asked, place, "unchanged" if same else "fetched", "" if same else reason, len(body), 0.0
        )

    def _feed(self, item: _Item, page: FetchedPage) -> FetchResult:
        """Queue the entries of a feed."""
        url, asked = str(page.address), str(item.address)
        if item.from_feed:
            raise NotFetched(url, problem="a feed within a feed", hint="name it by itself")
        stated = page.answer.headers.get("content-type", "").lower().partition("charset=")[2]
        feed = read_feed(page.answer.body, url, stated.partition(";")[0].strip("\"' "))
        links = feed.links[: self._rules.max_links]
        if not links:
            raise NotFetched(url, problem="a feed without entries", hint="look whether it has moved")
        when = utc_timestamp(self._world.wall())
        self._ledger.add(asked=asked, url=url, links=links, fetched=when, **validators(page.answer))
        left = len(feed.links) - len(links)
        notes = [f"{left:,} further entries are left out"] * bool(left) + [
            f"breaks off: {feed.fault}"
        ] * bool(feed.fault)
        return self._entries(item, asked, links, "fetched", "; ".join(notes))._replace(
            bytes=len(page.answer.body)
        )

    def _entries(self, item: _Item, asked: str, links: Iterable[str], state: str, note: str) -> FetchResult:
        count = 0
        for count, link in enumerate(links, start=1):
            self.add(fetch_target(link, f"{asked}, entry {count}"), (item.order[0], count), from_feed=True)
        reason = f"a feed with {count} entries" + (f"; {note}" if note else "")
        return FetchResult(asked, None, state, reason, 0, 0.0)


def _reason(error: NotFetched) -> str:
    return f"{error.problem}; hint: {error.hint}"
