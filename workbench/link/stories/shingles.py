"""Which documents share words in a row: every shared run of five words, found with one sort and no sampling.

A document is the set of the hashes of its five-word shingles. Hashes of all documents are packed with
the document's number into one integer each and sorted, so that equal shingles of different documents lie
side by side. Nothing is missed among rare shingles (there is no MinHash); a shingle that many documents
share is boilerplate, and joins only neighbours in the order of the documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from tempfile import SpooledTemporaryFile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.schema import plain

Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]

LENGTH = 5  # words a shingle: two texts of one field share threes by chance, fives hardly ever
COMMON = 24  # documents with one shingle; above that it is boilerplate, and pairs grow with the square
BUCKETS = (
    64  # of shingles sorted one after the other: those of 100,000 transcripts are 19 MB each, six times over
)
IN_MEMORY = 1 << 18  # bytes of a bucket; more of them go to disk
WRITTEN = 1 << 18  # shingles that wait to be written to their buckets
PIECE = 1 << 18  # bytes hashed at a time: a text of 200 MB needs no more memory than this takes
EMITTED = 1 << 22  # pairs counted at a time

_MARKS = re.compile(r"[^\w\s]+")  # what ASCII bytes cannot tell: a bullet is no word
_WORD_BYTE = np.array([chr(byte).isalnum() or byte > 127 for byte in range(256)])
# Any odd random numbers do; they are written down so that the same text gives the same hashes everywhere.
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 1 << 64))
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_ADDRESS = re.compile(r"\b(?:https?://|www\.)[^\s<>()\[\]\"]+")


class SharedShingles(NamedTuple):
    """Pairs of documents by their numbers, `first` < `second`, with the number of shingles they share."""

    first: Ints
    second: Ints
    shingles: Ints


def clean(text: str) -> str:
    """`text` with odd marks made plain and web addresses blanked: they are words to nobody."""
    return _ADDRESS.sub(" ", plain(text)) if "://" in text or "www." in text else plain(text)


def distinct(hashes: Hashes) -> Hashes:
    """The hashes sorted, each once."""
    ordered = np.sort(hashes)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def shared_places(text: Hashes, other: Hashes) -> NDArray[np.bool_]:
    """Which words of a text (its shingles in order) stand in a shingle of another (sorted)."""
    is_shared = other[np.minimum(np.searchsorted(other, text), len(other) - 1)] == text
    words = np.zeros(len(is_shared) + LENGTH - 1, np.bool_)
    for offset in range(LENGTH):
        words[offset : offset + len(is_shared)] |= is_shared
    return words


def longest_run(places: NDArray[np.bool_]) -> int:
    """The greatest number of true values in a row."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], places, [False]])))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0


def shingle_hashes(text: str) -> Hashes:
    """Hashes of the shingles of `text`, one for each word that begins one; a shorter text is one shingle."""
    words = _word_hashes(clean(text))
    if not len(words):
        return words
    if len(words) < LENGTH:
        words = np.concatenate([words, np.zeros(LENGTH - len(words), np.uint64)])
    with np.errstate(over="ignore"):
        shingles = words[: len(words) - LENGTH + 1].copy()
        for offset in range(1, LENGTH):
            shingles = _mixed(shingles * _FACTOR + words[offset : len(words) - LENGTH + 1 + offset])
    return shingles


def shared_shingles(documents: Iterable[Hashes], count: int) -> SharedShingles:
    """Every pair of documents that shares a shingle, and how many; in: the shingles of each of `count` documents.

    A shingle in at most `COMMON` documents counts for each pair of them; one in more counts for each
    document and the next that has it, in the order given, so that form letters in hundreds of copies
    make a chain and not tens of thousands of pairs. The documents are gone through once.
    """
    keys, counts = np.empty(0, np.int64), np.empty(0, np.int64)
    bits = max(1, (count - 1).bit_length())
    with _Buckets() as buckets:
        for number, hashes in enumerate(documents):
            buckets.add((hashes >> np.uint64(bits) << np.uint64(bits)) | np.uint64(number))
        for packed in buckets:
            waiting: list[Ints] = []
            for pairs in _pairs(*_postings(packed, bits), count):
                waiting.append(pairs)
                if sum(map(len, waiting)) > EMITTED:
                    keys, counts = _counted(keys, counts, waiting)
                    waiting = []
            keys, counts = _counted(keys, counts, waiting)
    return (
        SharedShingles(keys // count, keys % count, counts) if count else SharedShingles(keys, keys, counts)
    )


class _Buckets:
    """Shingles by their first bits, on disk when they are many, so that equal ones can be found a bucket at a time."""

    def __enter__(self) -> _Buckets:
        self._files = [SpooledTemporaryFile(IN_MEMORY) for _ in range(BUCKETS)]  # noqa: SIM115 - closed at the end
        self._waiting: list[Hashes] = []
        self._count = 0
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.close()

    def add(self, packed: Hashes) -> None:
        """Take in the shingles of a document, each packed with the document's number."""
        self._waiting.append(packed)
        self._count += len(packed)
        if self._count >= WRITTEN:
            self._write()

    def __iter__(self) -> Iterator[Hashes]:
        """Each bucket sorted, the next ones in memory only when they are asked for."""
        self._write()
        for file in self._files:
            file.seek(0)
            packed = np.frombuffer(file.read(), np.uint64).copy()
            file.close()
            packed.sort()
            yield packed

    def _write(self) -> None:
        packed = np.concatenate([*self._waiting, np.empty(0, np.uint64)])
        packed.sort()
        borders = np.arange(1, BUCKETS, dtype=np.uint64) << np.uint64(64 - BUCKETS.bit_length() + 1)
        for file, part in zip(self._files, np.split(packed, np.searchsorted(packed, borders)), strict=True):
            file.write(part.tobytes())
        self._waiting, self._count = [], 0


def _word_hashes(text: str) -> Hashes:
    """A hash of each word, case folded: a difference of prefix sums of a polynomial over its bytes."""
    folded = text.lower() if text.isascii() else _MARKS.sub(" ", text.casefold())
    raw = folded.encode("utf-8", "replace")
    if len(raw) <= PIECE:
        return _piece_hashes(raw)
    pieces, start = [], 0
    while start < len(raw):
        space = raw.rfind(b" ", start, start + PIECE)
        end = space + 1 if space > start and start + PIECE < len(raw) else start + PIECE
        pieces.append(_piece_hashes(raw[start:end]))
        start = end
    return np.concatenate(pieces)


def _piece_hashes(raw: bytes) -> Hashes:
    values = np.frombuffer(b" " + raw + b" ", np.uint8)
    edges = np.flatnonzero(np.diff(_WORD_BYTE[values])) + 1
    start, end = edges[::2], edges[1::2]
    power, inverse = _powers()
    with np.errstate(over="ignore"):
        sums = np.concatenate([[np.uint64(0)], np.cumsum(_VALUE[values] * power[: len(values)])])
        return _mixed((sums[end] - sums[start]) * inverse[start])


def _mixed(hashes: Hashes) -> Hashes:
    """Spread every bit over all others (the finish of the public-domain splitmix64)."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * _MIX[0]
    hashes = (hashes ^ (hashes >> np.uint64(27))) * _MIX[1]
    return hashes ^ (hashes >> np.uint64(31))


with np.errstate(over="ignore"):
    _VALUE = _mixed(np.arange(1, 257, dtype=np.uint64) * _FACTOR)


@cache
def _powers() -> tuple[Hashes, Hashes]:
    """The first powers of the factor and of its inverse, modulo 2 to the 64."""
    with np.errstate(over="ignore"):
        factors, inverses = np.full(PIECE + 2, _FACTOR), np.full(PIECE + 2, _INVERSE)
        return np.cumprod(factors, dtype=np.uint64), np.cumprod(inverses, dtype=np.uint64)


def _postings(keys: Hashes, bits: int) -> tuple[Ints, Ints]:
    """Documents of the shingles of one bucket, shingle by shingle and in order, and where each shingle ends.

    Shingles of one document only are left out: they can join nobody.
    """
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if len(keys) else keys
    shingle = keys >> np.uint64(bits)
    first = np.flatnonzero(np.concatenate([[True], shingle[1:] != shingle[:-1]])) if len(keys) else keys
    ends = np.concatenate([first, [len(keys)]]).astype(np.int64)
    sizes = ends[1:] - ends[:-1]
    several = np.repeat(sizes > 1, sizes)
    sizes = sizes[sizes > 1]
    low = np.uint64((1 << bits) - 1)
    return (keys[several] & low).astype(np.int64), np.repeat(np.cumsum(sizes), sizes)


def _pairs(document: Ints, end: Ints, count: int) -> Iterator[Ints]:
    """Pairs as first * count + second: of rare shingles all, of common ones neighbours only."""
    rows = np.arange(len(document))
    size = end - np.concatenate([[0], end])[np.searchsorted(end, end)] if len(end) else end
    for distance in range(1, COMMON):
        inside = rows + distance < end[rows]
        if distance > 1:
            inside &= size[rows] <= COMMON
        rows = rows[inside]
        if not len(rows):
            return
        first, second = document[rows], document[rows + distance]
        yield (first * count + second)[first != second]


def _counted(keys: Ints, counts: Ints, waiting: list[Ints]) -> tuple[Ints, Ints]:
    """The pairs counted so far together with those that wait."""
    if not waiting:
        return keys, counts
    new, often = np.unique(np.concatenate(waiting), return_counts=True)
    merged = np.concatenate([keys, new])
    distinct, key_index = np.unique(merged, return_inverse=True)
    summed = np.bincount(key_index, weights=np.concatenate([counts, often])).astype(np.int64)
    return distinct, summed
