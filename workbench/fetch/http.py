"""One GET: to a checked address, within its seconds and bytes, unpacked. The only door to httpcore.

Limits are held where bytes arrive: every read of the connection asks how much time and how many bytes
are left, so that a drip of headers, of a body or of chunks, a length that lies and an archive that
unpacks without end all stop at the same two numbers.
"""

from __future__ import annotations

import functools
import ssl
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import httpcore

from workbench.errors import NotFetched
from workbench.fetch.addresses import Address, is_public
from workbench.fetch.limits import FetchLimits, FetchRuntime

ACCEPT = "text/html, application/xhtml+xml, application/pdf, text/plain;q=0.9, application/rss+xml;q=0.9, application/atom+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8"
HEAD_BYTES = 100_000  # for status line, headers and chunk marks, beside the page; h11 stops at 100 kB too
READ_SECONDS = 30.0  # without a single byte


class Response(NamedTuple):
    """What a server answered: the header names are in small letters, the body is unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class TransientError(Exception):
    """The connection failed in a way that another attempt may mend."""


def get(address: Address, headers: dict[str, str], rules: FetchLimits, world: FetchRuntime) -> Response:
    """Ask for `address` once; follow nothing.

    Raises NotFetched for an address that may not be visited, a page that is too large or too slow or
    packed in a way we did not ask for; Unsteady when the connection fails.
    """
    allowance = _Allowance(address, rules, world)
    target = httpcore.URL(
        scheme=address.scheme.encode(),
        host=address.host.encode(),
        port=address.port,
        target=address.target.encode(),
    )
    sent = _headers(address, rules) | headers
    backend = _Backend(allowance)
    connection = httpcore.HTTPConnection(target.origin, ssl_context=_tls(), network_backend=backend)
    more = {"timeout": {"connect": READ_SECONDS, "read": READ_SECONDS, "write": READ_SECONDS}}
    try:
        with (
            connection,
            connection.stream("GET", target, headers=list(sent.items()), extensions=more) as answer,
        ):
            return _answer(answer, allowance)
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            raise NotFetched(
                str(address), problem="its certificate is not valid", hint="open it in a browser and look why"
            ) from error
        raise TransientError(_in_words(error)) from error


def _headers(address: Address, rules: FetchLimits) -> dict[str, str]:
    return {
        "Host": address.origin.partition("://")[2],
        "User-Agent": rules.agent,
        "Accept": ACCEPT,
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }


def _answer(answer: httpcore.Response, allowance: _Allowance) -> Response:
    """The answer with its body, if it is a page: nobody reads what stands under a redirect or an error."""
    received = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
    if answer.status != 200:
        return Response(answer.status, received, b"")
    allowance.check_length(received.get("content-length", ""))
    packed = received.get("content-encoding", "").strip().lower()
    return Response(200, received, b"".join(_unpack(answer.iter_stream(), packed, allowance)))


@functools.cache
def _tls() -> ssl.SSLContext:
    return httpcore.default_ssl_context()


def _in_words(error: Exception) -> str:
    said = str(error).strip()
    kind = type(error).__name__
    return {"ConnectTimeout": "no connection", "ReadTimeout": "no answer"}.get(kind, said or kind)


class _Allowance:
    """How many seconds and bytes a request has left."""

    def __init__(self, address: Address, rules: FetchLimits, world: FetchRuntime) -> None:
        self.address, self.rules, self.world = address, rules, world
        self.deadline = world.now() + rules.page_seconds
        self.wire = rules.max_bytes + HEAD_BYTES

    def seconds(self, wished: float | None) -> float:
        """The seconds that the next operation may take; NotFetched when none is left."""
        left = self.deadline - self.world.now()
        if left <= 0:
            raise NotFetched(
                str(self.address),
                problem=f"not complete after {self.rules.page_seconds:g} s",
                hint="try again later, or allow more with --page-seconds",
            )
        return left if wished is None else min(left, wished)

    def arrived(self, count: int) -> None:
        """Count bytes from the network."""
        self.wire -= count
        if self.wire < 0:
            raise self.too_large()

    def check_length(self, stated: str) -> None:
        """Refuse at once what states that it is too large; what understates it is counted anyway."""
        if stated.isascii() and stated.isdigit() and int(stated[:18]) > self.rules.max_bytes:
            raise self.too_large()

    def too_large(self) -> NotFetched:
        return NotFetched(
            str(self.address),
            problem=f"larger than {self.rules.max_bytes:,} bytes",
            hint="save it by hand, or allow more with --max-mb",
        )


class _Backend(httpcore.SyncBackend):
    """Looks a name up once, checks every address found, and connects to a checked one."""

    def __init__(self, allowance: _Allowance) -> None:
        self._allowance = allowance

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the host, at an address that may be visited."""
        last: Exception = httpcore.ConnectError(f"no address of {host} answers")
        for number in checked_addresses(host, port, self._allowance):
            try:
                stream = super().connect_tcp(
                    number, port, self._allowance.seconds(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
            else:
                return _Stream(stream, self._allowance)
        raise last


MAX_ADDRESSES = 4  # of one host that are tried; each may take its 30 s


def checked_addresses(host: str, port: int, allowance: _Allowance) -> list[str]:
    """The numeric addresses of a host; NotFetched when one of them is not public and none such is allowed.

    One private address among public ones refuses the host: that is how a name is turned against the
    network of whoever asks.
    """
    try:
        found = allowance.world.resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"its host {host} is not known") from error
    if not allowance.rules.allow_private and not all(map(is_public, found)):
        raise NotFetched(
            str(allowance.address),
            problem=f"{host} is a private, loopback or link-local address",
            hint="if you mean it, say --allow-private",
        )
    return found[:MAX_ADDRESSES]


class _Stream(httpcore.NetworkStream):
    """A connection that spends an allowance."""

    def __init__(self, inner: httpcore.NetworkStream, allowance: _Allowance) -> None:
        self._inner, self._allowance = inner, allowance

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        received = self._inner.read(max_bytes, self._allowance.seconds(timeout))
        self._allowance.arrived(len(received))
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._allowance.seconds(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._allowance.seconds(timeout))
        return _Stream(inner, self._allowance)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


# ---------------------------------------------------------------- unpacking


def _unpack(chunks: Iterable[bytes], packed: str, allowance: _Allowance) -> Iterator[bytes]:
    """The body in pieces, unpacked, until it is too large."""
    left = allowance.rules.max_bytes
    for piece in _plain(chunks, packed, allowance):
        left -= len(piece)
        if left < 0:
            raise allowance.too_large()
        yield piece


PIECE = 65_536  # unpacked at a time: the most that a bomb can hold in memory beyond the limit


def _plain(chunks: Iterable[bytes], packed: str, allowance: _Allowance) -> Iterator[bytes]:
    if packed in ("", "identity"):
        yield from chunks
        return
    if packed not in ("gzip", "x-gzip", "deflate"):
        raise NotFetched(
            str(allowance.address),
            problem=f"packed as `{packed[:40]}`, which was not asked for",
            hint="save it by hand",
        )
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, by its head
    try:
        for chunk in chunks:
            waiting = chunk
            while waiting and not unpacker.eof:
                yield unpacker.decompress(waiting, PIECE)
                waiting = unpacker.unconsumed_tail
    except zlib.error as error:
        raise NotFetched(
            str(allowance.address),
            problem=f"packed, and damaged ({error})",
            hint="try again, or save it by hand",
        ) from error
    if not unpacker.eof:
        raise TransientError("it ended before it was complete")
