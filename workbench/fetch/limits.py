"""What a run may do and how long it may take; the clock and resolver it uses; what it hands back."""

from __future__ import annotations

import datetime
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from workbench import __version__
from workbench.errors import NotFetched

ROBOTS_NAME = "analyst-workbench"  # the token that a robots.txt may name


def user_agent(contact: str = "") -> str:
    """The user agent: name, version, and how to reach whoever fetches. NotFetched for what no header holds."""
    if not (contact.isascii() and contact.isprintable()):
        raise NotFetched("--contact", problem="more than plain ASCII text", hint="give a mail address")
    return f"{ROBOTS_NAME}/{__version__}" + (f" ({contact})" if contact else "")


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """The limits of a run. Times are seconds, sizes are bytes."""

    delay: float = 1.0
    """Between the end of a request and the next one to the same host; a longer crawl-delay counts more."""
    page_seconds: float = 60.0
    """For one request, from looking up the name to the last byte: a slow drip ends here."""
    total_seconds: float = 6 * 3_600.0
    """For the whole run: a night. What is left then is refused, and the next run takes it up."""
    max_bytes: int = 20_000_000
    """For one page, as sent and unpacked; the largest official PDF we met had 14 MB."""
    max_links: int = 1_000
    """Taken from one feed, in its order. Feeds hold 10 to 100; 1,000 is an archive."""
    max_redirects: int = 10
    """As RFC 9309 and browsers do, in round figures: 5 and 20."""
    attempts: int = 4
    """At one page, when the server is busy (429, 502, 503, 504) or the connection fails."""
    backoff: float = 2.0
    """Before the second attempt; doubled before each further one."""
    max_wait: float = 120.0
    """The longest wait for one page; a host that asks for more is left alone for this run."""
    resume_within: float = 24 * 3_600.0
    """A page that an interrupted run saved within this time is not asked for again."""
    allow_private: bool = False
    """Whether private, loopback and link-local addresses may be visited."""
    agent: str = field(default_factory=user_agent)
    """The user agent: clear, with an address for complaints where `agent` was given one."""


class FetchResult(NamedTuple):
    """What became of an address. Columns of the table that the command prints.

    url      the address as asked for, made canonical (no fragment, escapes spelt out); for one that is
             no address, the words as given
    path     the saved file; None for a feed and for what was refused
    state    fetched, unchanged or refused
    reason   for refused the problem and its hint; else what is worth knowing, or nothing
    bytes    of the page as saved; 0 where nothing came
    seconds  that it took, with waiting
    """

    url: str
    path: Path | None
    state: str
    reason: str
    bytes: int
    seconds: float


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _today() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class FetchRuntime(NamedTuple):
    """The clock, the calendar, sleep and the resolver of names; a test brings its own."""

    now: Callable[[], float] = time.monotonic
    wall: Callable[[], datetime.datetime] = _today
    sleep: Callable[[float], None] = time.sleep
    resolve: Callable[[str, int], list[str]] = _resolve


SYSTEM = FetchRuntime()
DEFAULT = FetchLimits()
