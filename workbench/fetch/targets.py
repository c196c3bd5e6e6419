"""What was asked for: addresses, and files that list them, one a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from workbench.errors import NotFetched
from workbench.fetch.addresses import Address, parse, shown

MAX_LIST = 10_000_000  # bytes of a list: some 100,000 addresses, more than a day at one a second


class Target(NamedTuple):
    """An address to visit, or what was given instead of one and why it is refused."""

    given: str
    address: Address | None
    refused: NotFetched | None


def find_targets(given: Sequence[str]) -> list[Target]:
    """The addresses meant by the words of a call, in their order.

    What is no address but could be meant as one is a refused target. Raises NotFetched before anything
    is asked for when a word is neither an address nor a file, or a list cannot be read or is empty.
    """
    targets: list[Target] = []
    for word in given:
        if "://" in word or word.lower().startswith(("http:", "https:")):
            targets.append(target(word))
        else:
            targets += _list(word)
    return targets


def target(given: str, place: str = "") -> Target:
    """The target that `given` means; `place` says where it stands, when that is not clear from itself."""
    try:
        return Target(given, parse(given), None)
    except NotFetched as error:
        words = f"{place}: {shown(given)}" if place else shown(given)
        return Target(words, None, error)


def _list(word: str) -> list[Target]:
    place = Path(word)
    if not place.is_file():
        raise NotFetched(
            shown(word),
            problem="neither a web address nor a file",
            hint="begin an address with https://, or name a file with one address a line",
        )
    targets = [target(line, f"{shown(place.name)}:{number}") for number, line in _lines(place)]
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
