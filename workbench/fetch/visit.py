"""A visit to an address: robots.txt and pace at every hop, redirects, and another attempt when it is busy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from workbench.errors import NotFetched
from workbench.fetch.addresses import Address, parse_address, printable
from workbench.fetch.http import Response, TransientError, get
from workbench.fetch.limits import FetchLimits, FetchRuntime
from workbench.fetch.rate_limit import RateLimit, retry_after
from workbench.fetch.robots import MAX_REDIRECTS, Robots

REDIRECTS = (301, 302, 303, 307, 308)
BUSY = (429, 502, 503, 504)


class FetchedPage(NamedTuple):
    """Where a visit ended and what was there. `answer.status` is 200 or 304."""

    address: Address
    answer: Response


class Visitor:
    """Asks for pages on behalf of one run; knows the robots.txt and the pace of each host."""

    def __init__(self, rules: FetchLimits, world: FetchRuntime) -> None:
        self._rules, self._world = rules, world
        self.pace = RateLimit(rules, world)
        self._robots = Robots(self._ask_robots)

    def visit(self, start: Address, known: Mapping[str, dict[str, str]]) -> FetchedPage:
        """The page at `start`, or where it leads; raises NotFetched with the reason when there is none.

        known: for an address already saved, the headers that ask whether it has changed.
        """
        here, seen = start, [start]
        while True:
            self._robots.check(here)
            answer = self._ask(here, known.get(str(here), {}))
            if answer.status not in REDIRECTS:
                return FetchedPage(here, _check_status(here, answer))
            here = _redirect_target(here, answer)
            if here in seen or len(seen) > self._rules.max_redirects:
                how = "leads in a circle" if here in seen else f"redirects {len(seen)} times"
                raise NotFetched(
                    str(start), problem=f"it {how}", hint="open it in a browser and save it by hand"
                )
            seen.append(here)

    def _ask(self, address: Address, headers: dict[str, str], *, page: bool = True) -> Response:
        """One answer, after as many attempts as the rules allow; NotFetched after the last.

        A host rests after a page; its robots.txt, asked for once a run, is followed at once.
        """
        said = ""
        for attempt in range(self._rules.attempts):
            self.pace.wait(address)
            pause = self._rules.backoff * 2**attempt
            try:
                answer = get(address, headers, self._rules, self._world)
            except TransientError as error:
                said = str(error)
            else:
                if answer.status not in BUSY:
                    return answer
                said = f"status {answer.status}"
                stated = retry_after(answer.headers.get("retry-after", ""), self._world.wall())
                pause = pause if stated is None else max(stated, pause)
            finally:
                if page:
                    self.pace.asked(address, self._robots.delay(address))
            self.pace.rest(address, pause)
        raise NotFetched(
            str(address),
            problem=f"{printable(said)} ({self._rules.attempts} attempts)",
            hint="run the same command again later",
        )

    def _ask_robots(self, place: Address) -> Response:
        """The answer for a robots.txt, which nobody's robots.txt can forbid."""
        here = place
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._ask(here, {}, page=False)
            if answer.status not in REDIRECTS:
                return answer
            here = _redirect_target(here, answer)
        return Response(404, {}, b"")  # RFC 9309, 2.3.1.2: as if there were none


def _redirect_target(here: Address, answer: Response) -> Address:
    """Where a redirect leads; NotFetched when it leaves the web or says nothing."""
    place = answer.headers.get("location", "")
    if not place:
        raise NotFetched(str(here), problem="it redirects to nowhere", hint="open it in a browser")
    try:
        # servers send UTF-8, headers are read as Latin-1
        place = place.encode("latin-1").decode("utf-8", errors="replace")
        return parse_address(place, here)
    except NotFetched as error:
        problem = f"it redirects to {printable(place, 80)}: {error.problem}"
        raise NotFetched(str(here), problem=problem, hint="give the address of the page itself") from error


_STATUS_PROBLEMS = {
    401: ("it asks for a password", "save it by hand, where you are signed in"),
    403: ("the server refuses it", "open it in a browser and save it by hand"),
    404: ("there is no such page", "correct the address, or look in a web archive"),
    410: ("the page was removed", "look in a web archive"),
    451: ("it is withheld for legal reasons", "look for the text elsewhere"),
}


def _check_status(here: Address, answer: Response) -> Response:
    """The answer if it is a page or says that nothing changed; NotFetched otherwise."""
    if answer.status in (200, 304):
        return answer
    problem, hint = _STATUS_PROBLEMS.get(
        answer.status, ("the server did not give the page", "try again later")
    )
    raise NotFetched(str(here), problem=f"{problem} (status {answer.status})", hint=hint)
