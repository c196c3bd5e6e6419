"""Texts to VADER's tokens as numbers: split at white space, tokens of one character dropped.

Works on the bytes of a whole batch at once; Arrow numbers the different tokens.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from workbench.annotate.nltk_door import SentimentIntensityAnalyzer
from workbench.annotate.vader_words import Flags, Floats, Ints

# What str.split() takes for white space: these bytes, and these characters beyond ASCII.
_IS_WORD = bytes(0 if byte in b"\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f " else 1 for byte in range(256))
_WIDE_SPACE = re.compile("[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_EXCLAIM, _QUESTION = b"!?"


class Every(NamedTuple):
    """All tokens at white space, those of one character among them, which VADER does not see."""

    code: Ints
    first: Ints  # of each sentence, as in Split
    seen: Flags  # by VADER


class Split(NamedTuple):
    """The tokens of a batch. Token arrays are aligned; sentence n holds tokens first[n] to first[n + 1]."""

    types: list[str]
    code: Ints
    first: Ints
    start: Ints  # of each token, in code points of its text
    emphasis: Floats  # of each text, from its exclamation and question marks
    every: Every


def split(texts: Sequence[str]) -> Split:
    """The tokens of `texts`, each text its own sentence."""
    raw = [_WIDE_SPACE.sub(" ", text).encode("utf-8", "replace") for text in texts]
    bounds = np.cumsum([1, *(len(line) + 1 for line in raw)], dtype=np.int32)  # byte each text begins at
    buffer = b"\n".join([b"", *raw, b""])
    inside = np.frombuffer(buffer.translate(_IS_WORD), np.int8)
    edges = np.flatnonzero(inside[1:] != inside[:-1]).astype(np.int32) + 1
    start, end = edges[0::2], edges[1::2]
    bytes_ = np.frombuffer(buffer, np.uint8)
    numbered = _numbered(bytes_[inside.view(np.bool_)], end - start)
    types = numbered.dictionary.to_pylist()
    code = np.frombuffer(numbered.indices.buffers()[1], np.int32)[: len(start)]
    seen = np.fromiter(map(len, types), np.int32, len(types))[code] > 1 if types else np.zeros(0, np.bool_)
    every = Every(code, np.searchsorted(start, bounds).astype(np.int32), seen)
    start = start[seen]
    first = np.searchsorted(start, bounds).astype(np.int32)
    points = _code_points(start, first, bounds, bytes_)
    return Split(types, code[seen], first, points, _emphasis(bytes_, bounds), every)


def _numbered(letters: NDArray[np.uint8], length: Ints) -> pa.DictionaryArray:
    """Tokens written end to end, with their lengths in bytes, as an Arrow dictionary."""
    offsets = np.zeros(len(length) + 1, np.int32)
    np.cumsum(length, out=offsets[1:])
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(letters)]
    return pa.Array.from_buffers(pa.utf8(), len(length), buffers).dictionary_encode()


def _code_points(start: Ints, first: Ints, bounds: Ints, buffer: NDArray[np.uint8]) -> Ints:
    """Byte offsets in the batch as code points in each text."""
    followers = np.flatnonzero((buffer & 0xC0) == 0x80).astype(np.int32)  # bytes that begin no character

    def points(at: Ints) -> Ints:
        return (at - np.searchsorted(followers, at) if len(followers) else at).astype(np.int32)

    return points(start) - np.repeat(points(bounds[:-1]), np.diff(first))


def _emphasis(buffer: NDArray[np.uint8], bounds: Ints) -> Floats:
    """NLTK's amplifier for each text, from its number of exclamation and question marks."""
    exclaim, question = _count(buffer, bounds, _EXCLAIM), _count(buffer, bounds, _QUESTION)
    out = np.zeros(len(bounds) - 1)
    for number in np.flatnonzero((exclaim > 0) | (question > 1)).tolist():
        marks = "!" * int(exclaim[number]) + "?" * int(question[number])
        out[number] = SentimentIntensityAnalyzer._punctuation_emphasis(_AMPLIFIER, 0, marks)
    return out


def _count(buffer: NDArray[np.uint8], bounds: Ints, byte: int) -> NDArray[np.intp]:
    at = np.flatnonzero(buffer == byte)
    return np.bincount(np.searchsorted(bounds, at, "right") - 1, minlength=len(bounds) - 1)


_AMPLIFIER = object.__new__(SentimentIntensityAnalyzer)  # its methods need no lexicon
