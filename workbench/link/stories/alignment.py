"""Two texts side by side: the runs of words they share, in order, and what stands in each between them.

Anchors are three words in a row that occur once in each text; the longest chain of anchors that keeps
the order in both is extended to runs, and the gaps between the runs are aligned again in the same way
(patience diff, as version control systems use it), short gaps word by word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.link.stories.shingles import clean

ANCHOR = 3  # words
DEPTH = 3  # times that gaps are aligned again; a list of "Order 13574 of May 23" needs two
CLOSE = 4_000  # word pairs of a gap up to which it is aligned word by word: some milliseconds at most
TOUCH = 2  # words a run inside such a gap must have; one shared "the" joins nothing

_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd and random

_WORD = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|[^\W_]+")
_STOP = re.compile(r"[.!?:;*#\"(\[]|\n\s*\n|[\n ]-+[\n ]")


class TextWords(NamedTuple):
    """The words of a text as written and folded; `opens` says that a word begins a sentence or line."""

    shown: list[str]
    folded: list[str]
    opens: list[bool]


class SharedRun(NamedTuple):
    """`length` words that are the same from word `a` of one text and word `b` of the other."""

    a: int
    b: int
    length: int


class Gap(NamedTuple):
    """What stands between two runs: words `a:a_end` of one text and `b:b_end` of the other."""

    a: int
    a_end: int
    b: int
    b_end: int


class FoldedWords(dict[str, tuple[str, str]]):
    """Each word as written with its folded form, once for all texts: "GSK's" is "gsk"."""

    def __missing__(self, word: str) -> tuple[str, str]:
        """Take in a word."""
        folded = word.casefold()
        folded = folded[:-2] if folded.endswith("'s") else folded
        self[word] = pair = (word, self[folded][0] if folded != word else word)
        return pair


def words_of(text: str, vocabulary: FoldedWords | None = None) -> TextWords:
    """The words of a text, web addresses left out; texts with one `vocabulary` share their strings."""
    flat = clean(text)
    spans = [match.span() for match in _WORD.finditer(flat)]
    words_seen = FoldedWords() if vocabulary is None else vocabulary
    words = [words_seen[flat[start:end]] for start, end in spans]
    between = [flat[end:start] for (_, end), (start, _) in pairwise([(0, 0), *spans])]
    opens = [separator != " " and _STOP.search(separator) is not None for separator in between]
    opens[:1] = [True] * bool(opens)
    return TextWords([word for word, _ in words], [folded for _, folded in words], opens)


def align(a: Sequence[str], b: Sequence[str]) -> list[SharedRun]:
    """The runs that two lists of words share, in the order of both."""
    sides = _Side(a, _threes(a)), _Side(b, _threes(b))
    runs = list[SharedRun]()
    gaps = [Gap(0, len(a), 0, len(b))]
    for depth in range(DEPTH + 1):
        new_runs = [run for gap in gaps for run in _runs_within(*sides, gap, last=depth == DEPTH)]
        if not new_runs:
            break
        runs = sorted([*runs, *new_runs])
        gaps = list(gaps_between(runs, len(a), len(b), both=True))
    return _merge_runs(runs)


def gaps_between(runs: Sequence[SharedRun], a: int, b: int, *, both: bool = False) -> Iterator[Gap]:
    """What lies before, between and after `runs` of texts of `a` and `b` words; `both`: on either side something."""
    at_a = at_b = 0
    for run in [*runs, SharedRun(a, b, 0)]:
        if (run.a > at_a and run.b > at_b) if both else (run.a > at_a or run.b > at_b):
            yield Gap(at_a, run.a, at_b, run.b)
        at_a, at_b = run.a + run.length, run.b + run.length


class _Side(NamedTuple):
    """A list of words and a hash of each three in a row."""

    words: Sequence[str]
    threes: NDArray[np.uint64]


def _threes(words: Sequence[str]) -> NDArray[np.uint64]:
    """Hashes of the words, three by three; equal within one run of Python, which is all they are for."""
    codes = np.fromiter(map(hash, words), np.int64, len(words)).view(np.uint64)
    if len(codes) < ANCHOR:
        return codes[:0]
    with np.errstate(over="ignore"):
        hashes = codes[: len(codes) - ANCHOR + 1]
        for offset in range(1, ANCHOR):
            hashes = hashes * _FACTOR + codes[offset : len(codes) - ANCHOR + 1 + offset]
    return hashes


def _runs_within(a: _Side, b: _Side, gap: Gap, *, last: bool) -> Iterator[SharedRun]:
    size = (gap.a_end - gap.a) * (gap.b_end - gap.b)
    if size <= CLOSE:
        left, right = a.words[gap.a : gap.a_end], b.words[gap.b : gap.b_end]
        for block in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
            if block.size >= TOUCH:
                yield SharedRun(gap.a + block.a, gap.b + block.b, block.size)
    elif not last:
        yield from _extended(a.words, b.words, gap, _chain(_anchors(a, b, gap)))


def _anchors(a: _Side, b: _Side, gap: Gap) -> list[tuple[int, int]]:
    """Where three words in a row stand once in each side of the gap, in the order of `a`."""
    left, at_left = _unique_hashes(a.threes, gap.a, gap.a_end)
    right, at_right = _unique_hashes(b.threes, gap.b, gap.b_end)
    if not len(left) or not len(right):
        return []
    index = np.minimum(np.searchsorted(right, left), len(right) - 1)
    same = right[index] == left
    first, second = at_left[same], at_right[index[same]]
    order = np.argsort(first)
    pairs = zip(first[order].tolist(), second[order].tolist(), strict=True)
    words = ((x, y) for x, y in pairs if a.words[x : x + ANCHOR] == b.words[y : y + ANCHOR])
    return list(words)


def _unique_hashes(
    threes: NDArray[np.uint64], start: int, end: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The hashes that stand once among those of words `start:end`, sorted, and the word each begins with."""
    side = threes[start : max(start, end - ANCHOR + 1)]
    order = np.argsort(side)
    ordered = side[order]
    new = np.concatenate([[True], ordered[1:] != ordered[:-1], [True]])
    single = new[:-1] & new[1:] if len(ordered) else np.empty(0, np.bool_)
    return ordered[single], order[single] + start


def _chain(anchors: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest list of anchors that rises in both texts (patience sorting)."""
    tops, ends, before = list[int](), list[int](), list[int]()
    for number, (_, b) in enumerate(anchors):
        pile = bisect_left(tops, b)
        before.append(ends[pile - 1] if pile else -1)
        tops[pile : pile + 1], ends[pile : pile + 1] = [b], [number]
    chain, anchor = list[tuple[int, int]](), ends[-1] if ends else -1
    while anchor >= 0:
        chain.append(anchors[anchor])
        anchor = before[anchor]
    return chain[::-1]


def _extended(
    a: Sequence[str], b: Sequence[str], gap: Gap, chain: Sequence[tuple[int, int]]
) -> Iterator[SharedRun]:
    """Anchors grown to the left and right as long as the words agree."""
    at_a, at_b = gap.a, gap.b
    for start_a, start_b in chain:
        if start_a < at_a or start_b < at_b:
            continue  # inside the run before
        end_a, end_b = start_a + ANCHOR, start_b + ANCHOR
        while start_a > at_a and start_b > at_b and a[start_a - 1] == b[start_b - 1]:
            start_a, start_b = start_a - 1, start_b - 1
        while end_a < gap.a_end and end_b < gap.b_end and a[end_a] == b[end_b]:
            end_a, end_b = end_a + 1, end_b + 1
        yield SharedRun(start_a, start_b, end_a - start_a)
        at_a, at_b = end_a, end_b


def _merge_runs(runs: Sequence[SharedRun]) -> list[SharedRun]:
    """Runs that touch in both texts as one."""
    joined = list[SharedRun]()
    for run in runs:
        last = joined[-1] if joined else None
        if last and (last.a + last.length, last.b + last.length) == (run.a, run.b):
            joined[-1] = SharedRun(last.a, last.b, last.length + run.length)
        else:
            joined.append(run)
    return joined
