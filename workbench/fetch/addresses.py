"""Web addresses: made canonical, checked before a name is looked up and again before a connection.

An address is parsed once, here, and what was parsed is what is asked for: no second parser can read it
otherwise.
"""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from workbench.errors import NotFetched

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


def parse(given: str, base: Address | None = None) -> Address:
    """The address that `given` means, seen from the page `base` when it is relative.

    Raises NotFetched for what is no address, is not http or https, is too long, or carries a password.
    """
    text = given.strip()
    place = shown(text)
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
        problem = f"`{shown(parts.scheme)}:` is not fetched" if parts.scheme else "no address of the web"
        raise NotFetched(place, problem=problem, hint="give an address that begins with https:// or http://")
    if not host:
        raise NotFetched(place, problem="the address names no host", hint="copy the address again")
    if "@" in parts.netloc:
        raise NotFetched(
            shown(parts.hostname or ""),
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


def shown(text: str, length: int = 200) -> str:
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
