"""robots.txt as RFC 9309 has it: who may be asked for what, and how often. The only door to protego.

A missing file (4xx) allows everything; one that cannot be had (5xx, no connection) forbids everything
for this run; the first 500 kB count, and up to five redirects are followed.
"""

from __future__ import annotations

from collections.abc import Callable

from protego import Protego

from workbench.errors import NotFetched
from workbench.fetch.addresses import Address
from workbench.fetch.http import Response
from workbench.fetch.limits import ROBOTS_NAME

MAX_BYTES = 500 * 1024  # RFC 9309, 2.5: at least 500 kibibytes are parsed
MAX_DELAY = 7 * 86_400  # a week: longer than any run, so a second page of that host is refused
MAX_REDIRECTS = 5  # RFC 9309, 2.3.1.2


class Robots:
    """The robots.txt of every origin of a run, each asked for once."""

    def __init__(self, ask: Callable[[Address], Response]) -> None:
        self._ask = ask
        self._known: dict[str, Protego | NotFetched] = {}

    def check(self, address: Address) -> None:
        """NotFetched when the rules of its origin forbid `address`, or cannot be had."""
        rules = self._of(address)
        if isinstance(rules, NotFetched):
            problem = f"robots.txt of {address.host} cannot be had, which forbids everything: {rules.problem}"
            raise NotFetched(str(address), problem=problem, hint=rules.hint)
        if not rules.can_fetch(str(address), ROBOTS_NAME):
            raise NotFetched(
                str(address),
                problem=f"robots.txt of {address.host} forbids it",
                hint="ask the publisher, or save the page by hand",
            )

    def delay(self, address: Address) -> float:
        """Seconds that its origin wants between two requests; 0 where it does not say."""
        rules = self._known.get(address.origin)
        if rules is None or isinstance(rules, NotFetched):
            return 0.0
        rate = rules.request_rate(ROBOTS_NAME)
        spread = min(rate.seconds, MAX_DELAY) / rate.requests if rate else 0.0
        return max(spread, min(rules.crawl_delay(ROBOTS_NAME) or 0.0, MAX_DELAY))

    def _of(self, address: Address) -> Protego | NotFetched:
        """The rules of an origin, or why they cannot be had."""
        if address.origin not in self._known:
            self._known[address.origin] = self._read(address._replace(target="/robots.txt"))
        return self._known[address.origin]

    def _read(self, place: Address) -> Protego | NotFetched:
        try:
            answer = self._ask(place)
        except NotFetched as error:
            return error
        if answer.status == 200:
            return Protego.parse(answer.body[:MAX_BYTES].decode("utf-8", errors="replace"))
        if answer.status >= 500 or answer.status == 429:
            return NotFetched(str(place), problem=f"status {answer.status}", hint="try again later")
        return Protego.parse("")
