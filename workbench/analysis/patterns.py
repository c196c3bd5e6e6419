"""Finding words and phrases in tokens: `sanction*`, `arms control`, `=US`.

A word list is matched against the distinct forms of the corpus, never against its text: a million
sentences cost what their vocabulary costs. Tokens are cut at every mark first, so that "anti-terrorist"
is met by `terror*` however the tokens keep hyphens.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.schema import plain

_PART = re.compile(r"\w+", re.UNICODE)
GAP = 1  # code points between the words of a phrase: a space or a hyphen; a comma and a space are two
HIT_COLUMNS = ["doc_id", "sentence", "topic", "pattern", "start", "end", "surface"]

Ints = npt.NDArray[np.int64]


class Parts(NamedTuple):
    """Words of the corpus in text order, marks and hyphens cut away; positions are code points."""

    doc_id: npt.NDArray[np.object_]
    sentence: Ints
    start: Ints
    end: Ints
    code: Ints
    forms: list[str]


def word_parts(tokens: pd.DataFrame) -> Parts:
    """The parts of the tokens. In: tokens [doc_id, sentence, start, end, form]."""
    forms = pd.Index(tokens["form"].unique())
    cut = [[(m.start(), m.end(), m.group().lower()) for m in _PART.finditer(form)] for form in forms]
    many = np.array([len(parts) for parts in cut], dtype=np.int64)
    token_form = forms.get_indexer(tokens["form"])
    repeat = many[token_form] if len(tokens) else np.zeros(0, dtype=np.int64)
    flat = [part for parts in cut for part in parts]
    first = np.concatenate([[0], np.cumsum(many)[:-1]]).astype(np.int64) if len(many) else many
    which = np.repeat(first[token_form], repeat) + _ranks(repeat)
    code, part_forms = pd.factorize(np.array([part[2] for part in flat], dtype=object))
    offset, until = (np.array([part[k] for part in flat], dtype=np.int64) for k in (0, 1))
    begin = np.repeat(tokens["start"].to_numpy(np.int64), repeat)
    sentence = tokens["sentence"].fillna(-1).to_numpy(np.int64)
    return Parts(
        np.repeat(tokens["doc_id"].to_numpy(object), repeat), np.repeat(sentence, repeat),
        begin + offset[which], begin + until[which], np.asarray(code)[which], list(part_forms),
    )  # fmt: skip


_NONE = pd.DataFrame(columns=HIT_COLUMNS)


def find(parts: Parts, texts: Mapping[str, str], patterns: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Every place where a pattern fits, before any blocking.

    In:  `texts` the text of each doc_id (for exact case and the words as written).
    Out: [doc_id, sentence, topic, pattern, start, end, surface] in text order; `topic` is the key of
         `patterns` under which the pattern stands.
    """
    found = [
        _hits(parts, texts, topic, pattern)
        for topic, listed in patterns.items()
        for pattern in dict.fromkeys(listed)
    ]
    found = [table for table in found if len(table)]
    out = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=HIT_COLUMNS)
    return out.sort_values(["doc_id", "start", "end", "topic", "pattern"], ignore_index=True)


def _hits(parts: Parts, texts: Mapping[str, str], topic: str, pattern: str) -> pd.DataFrame:
    exact = pattern.startswith("=")
    written = pattern.replace("=", " ").replace('"', " ")
    words = re.findall(r"\*?\w+\*?", plain(written))
    first = positions(parts, words)
    if not len(first):  # most patterns of a dictionary: a table each took longer than the search
        return _NONE
    last = first + len(words) - 1
    out = pd.DataFrame({
        "doc_id": parts.doc_id[first], "sentence": parts.sentence[first], "topic": topic, "pattern": pattern,
        "start": parts.start[first], "end": parts.end[last],
    })  # fmt: skip
    out["surface"] = [texts[d][s:e] for d, s, e in zip(out["doc_id"], out["start"], out["end"], strict=True)]
    if exact:
        fits = re.compile(r"\W*".join(_as_expression(word) for word in words))
        out = out[[fits.fullmatch(plain(surface)) is not None for surface in out["surface"]]]
    return out


def positions(parts: Parts, words: Sequence[str]) -> Ints:
    """Where the words (each perhaps with a * at an end) begin in a row within one sentence."""
    at = (
        np.flatnonzero(_fitting(parts, words[0])[parts.code])
        if words and parts.forms
        else np.zeros(0, np.int64)
    )
    for step, word in enumerate(words[1:], 1):
        at = at[at + step < len(parts.code)]
        here, before = at + step, at + step - 1
        follows = (
            _fitting(parts, word)[parts.code[here]]
            & (parts.sentence[here] == parts.sentence[before])
            & (parts.doc_id[here] == parts.doc_id[before])
            & (parts.start[here] - parts.end[before] <= GAP)
        )
        at = at[follows]
    return at


def _fitting(parts: Parts, word: str) -> npt.NDArray[np.bool_]:
    """Which of the distinct forms the word fits, whatever its case."""
    folded = word.lower()
    core, forms = folded.strip("*"), parts.forms
    if folded == core:
        return np.array([form == core for form in forms])
    if not folded.startswith("*"):
        return np.array([form.startswith(core) for form in forms])
    if not folded.endswith("*"):
        return np.array([form.endswith(core) for form in forms])
    return np.array([core in form for form in forms])


def _as_expression(word: str) -> str:
    return re.escape(word).replace(r"\*", r"\w*")


def _ranks(repeat: Ints) -> Ints:
    """0, 1, … within each run: _ranks([2, 3]) is [0, 1, 0, 1, 2]."""
    ends = np.cumsum(repeat)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - repeat, repeat)
