"""Parse, normalise and check web addresses, and read files that list them.

An address is parsed once, here, and the request uses the parts found here, so that no second parser can read it
otherwise. `is_public` is asked for every numeric address before a connection. A list has one address a line.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from workbench.errors import NotFetched

MAX_LIST = 10_000_000  # bytes of a list: some 100,000 addresses, more than a day at one a second


class FetchTarget(NamedTuple):
    """An address to visit, or what was given instead of one and why it is refused."""

    given: str
    address: Address | None
    refused: NotFetched | None


def find_targets(given: Sequence[str]) -> list[FetchTarget]:
    """The addresses meant by the words of a call, in their order.

    What is no address but could be meant as one is a refused target. Raises NotFetched before anything
    is asked for when a word is neither an address nor a file, or a list cannot be read or is empty.
    """
    targets: list[FetchTarget] = []
    for word in given:
        if "://" in word or word.lower().startswith(("http:", "https:")):
            targets.append(fetch_target(word))
        else:
            targets += _list(word)
    return targets


def fetch_target(given: str, place: str = "") -> FetchTarget:
    """The target that `given` means; `place` says where it stands, when that is not clear from itself."""
    try:
        return FetchTarget(given, parse_address(given), None)
    except NotFetched as error:
        words = f"{place}: {printable(given)}" if place else printable(given)
        return FetchTarget(words, None, error)


def _list(word: str) -> list[FetchTarget]:
    place = Path(word)
    if not place.is_file():
        raise NotFetched(
            printable(word),
            problem="neither a web address nor a file",
            hint="begin an address with https://, or name a file with one address a line",
        )
    targets = [fetch_target(line, f"{printable(place.name)}:{number}") for number, line in _lines(place)]
    if not targets:
        raise NotFetched(place, problem="it lists no address", hint="write one address a line")
    return targets


def _lines(place: Path) -> Iterator[tuple[int, str]]:
    """The lines that are neither blank nor begin with `#`, with their numbers from 1."""
    try:
        if place.stat().st_size > MAX_LIST:
            raise NotFetched(place, problem=f"longer than {MAX_LIST:,} bytes", hint="split the list")
        text = place.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise NotFetched(
            place, problem=f"cannot be read ({error.strerror})", hint="check the file"
        ) from error
    except UnicodeDecodeError as error:
        raise NotFetched(place, problem="not UTF-8 text", hint="save the list as UTF-8 text") from error
    if text.lstrip().startswith("<"):
        raise NotFetched(place, problem="markup, not a list", hint="give the feed's web address, or a list")
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line.strip()


# ---------------------------------------------------------------- web addresses: made canonical, checked before a name is looked up and again before a connection

MAX_LENGTH = 2_000  # of an address; the oldest browsers stopped at 2,083, and nobody prints longer ones
PORTS = {"http": 80, "https": 443}
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]")
_KEPT = "/:@!$&'()*+,;=-._~%"  # of a path, as RFC 3986 has it, and escapes as they are


class Address(NamedTuple):
    """A canonical address in its parts; `target` is path and query, all in ASCII."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt speaks for."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{shown}" + ("" if self.port == PORTS[self.scheme] else f":{self.port}")

    def __str__(self) -> str:
        return self.origin + self.target


def parse_address(given: str, base: Address | None = None) -> Address:
    """The address that `given` means, seen from the page `base` when it is relative.

    Raises NotFetched for what is no address, is not http or https, is too long, or carries a password.
    """
    text = given.strip()
    place = printable(text)
    if len(text) > MAX_LENGTH:
        raise NotFetched(place, problem=f"an address of {len(text)} characters", hint="use a shorter one")
    if _CONTROL.search(text.replace(" ", "")):
        raise NotFetched(place, problem="control characters in the address", hint="copy the address again")
    try:
        parts = urlsplit(urljoin(str(base), text) if base else text)
        port = parts.port
        host = _host(parts.hostname or "")
    except ValueError as error:
        raise NotFetched(place, problem=f"no address ({error})", hint="copy the address again") from error
    if parts.scheme not in PORTS:
        problem = f"`{printable(parts.scheme)}:` is not fetched" if parts.scheme else "no address of the web"
        raise NotFetched(place, problem=problem, hint="give an address that begins with https:// or http://")
    if not host:
        raise NotFetched(place, problem="the address names no host", hint="copy the address again")
    if "@" in parts.netloc:
        raise NotFetched(
            printable(parts.hostname or ""),
            problem="the address carries a user name or password",
            hint="leave it out: it would be written down beside the page",
        )
    query = f"?{quote(parts.query, safe=_KEPT + '?')}" if parts.query else ""
    return Address(
        parts.scheme, host, port or PORTS[parts.scheme], (quote(parts.path, safe=_KEPT) or "/") + query
    )


def _host(name: str) -> str:
    """The host in ASCII and small letters; ValueError when it has no such form."""
    plain = name.rstrip(".").lower()
    if ":" in plain:
        return str(ipaddress.IPv6Address(plain.partition("%")[0]))
    host = plain.encode("idna").decode("ascii") if plain else ""
    if host and not re.fullmatch(r"[a-z0-9_.-]+", host):
        raise ValueError("its host has characters that no host has")
    return host


def printable(text: str, length: int = 200) -> str:
    """Text from outside, fit for one line of a terminal: no control characters, not too long."""
    plain = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[: length + 1]
    )
    return plain if len(plain) <= length else plain[: length - 1] + "…"


def is_public(number: str) -> bool:
    """Whether a numeric address is one of the public internet; an IPv6 form of an IPv4 is judged as that."""
    try:
        address = ipaddress.ip_address(number)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:  # fe80::1%eth0: link-local
            return False
        if (inner := _inner(address)) is not None:
            return is_public(str(inner))
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a mapped, 6to4 or NAT64 address leads to; Teredo is not public as it stands."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
