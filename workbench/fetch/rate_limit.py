"""When a host may be asked again: its delay, and what it said with Retry-After."""

from __future__ import annotations

import datetime
import email.utils

from workbench.errors import NotFetched
from workbench.fetch.addresses import Address
from workbench.fetch.limits import FetchLimits, FetchRuntime


class RateLimit:
    """The next moment at which each host may be asked, and the end of the run."""

    def __init__(self, rules: FetchLimits, world: FetchRuntime) -> None:
        self._rules, self._world = rules, world
        self._next: dict[str, float] = {}
        self._busy: set[str] = set()  # hosts that asked for a rest, beyond their usual delay
        self.over = False  # whether the run had to leave something for the next one
        self._end = world.now() + rules.total_seconds

    def ready(self, address: Address) -> float:
        """The moment at which the host of `address` may be asked again."""
        return self._next.get(address.host, 0.0)

    def wait(self, address: Address) -> None:
        """Sleep until the host may be asked; NotFetched when that is too late for it or for the run."""
        now = self._world.now()
        pause = max(0.0, self.ready(address) - now)
        if now + pause >= self._end:
            self.over = True
            raise NotFetched(
                str(address),
                problem=f"the {self._rules.total_seconds:g} s of the run are over",
                hint="run the same command again: it takes up what is missing",
            )
        if address.host in self._busy and pause > self._rules.max_wait:
            raise NotFetched(
                str(address),
                problem=f"{address.host} wants to be left alone for {pause:.0f} s",
                hint="run the same command again later",
            )
        if pause:
            self._world.sleep(pause)
        self._busy.discard(address.host)

    def asked(self, address: Address, delay: float) -> None:
        """Note that a request to the host has just ended, and how long it wants to rest."""
        self._next[address.host] = max(self.ready(address), self._world.now() + max(delay, self._rules.delay))

    def rest(self, address: Address, seconds: float) -> None:
        """Leave the host alone for so many seconds from now, at least, because it is busy."""
        self._next[address.host] = max(self.ready(address), self._world.now() + seconds)
        self._busy.add(address.host)


def retry_after(stated: str, wall: datetime.datetime) -> float | None:
    """The seconds that a Retry-After asks for, given in seconds or as a date; None when it means nothing.

    >>> retry_after("120", datetime.datetime.now(datetime.UTC))
    120.0
    """
    text = stated.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=datetime.UTC)
    return max(0.0, (until - wall).total_seconds())
