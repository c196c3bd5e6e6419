"""Match words, phrases, wildcards, NEAR and regular expressions in tokens.

Finding words and phrases in tokens: `sanction*`, `arms control`, `=US`.

A word list is matched against the distinct forms of the corpus, never against its text: a million
sentences cost what their vocabulary costs. Tokens are cut at every mark first, so that "anti-terrorist"
is met by `terror*` however the tokens keep hyphens.

Every place of what an analyst asks for: a word, a phrase, `sanction*`, `/a.*b/`, `trade NEAR/5 security`.

Words and phrases are the pattern language of `topics.toml`. Two more kinds are for asking, not for
counting topics: a regular expression between slashes, read within one sentence and without regard to
case, and NEAR, which wants both sides in one sentence with few words between, in any order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple, NoReturn

import numpy as np
import numpy.typing as npt
import pandas as pd
import regex

from workbench.errors import BadParameter
from workbench.schema import plain

_PART = re.compile(r"\w+", re.UNICODE)
GAP = 1  # code points between the words of a phrase: a space or a hyphen; a comma and a space are two
HIT_COLUMNS = ["doc_id", "sentence", "topic", "pattern", "start", "end", "surface"]

Ints = npt.NDArray[np.int64]


Cut = Callable[
    [npt.NDArray[Any], Ints, Ints], list[str]
]  # (doc_id, start, end) of spans -> the words as written


@dataclass(frozen=True)
class WordParts:
    """Words of the corpus in text order, marks and hyphens cut away; positions are code points."""

    doc_id: npt.NDArray[Any]
    sentence: Ints
    start: Ints
    end: Ints
    code: Ints
    forms: list[str]

    @cached_property
    def code_of(self) -> dict[str, int]:
        """The number of each form."""
        return {form: code for code, form in enumerate(self.forms)}

    @cached_property
    def by_code(self) -> tuple[Ints, Ints]:
        """Places sorted by their form, and where those of each form begin: a word costs its hits, not the corpus."""
        order = np.argsort(self.code, kind="stable")
        return order, np.searchsorted(self.code[order], np.arange(len(self.forms) + 1))

    def places(self, codes: Ints) -> Ints:
        """Where the forms of these numbers stand, in text order."""
        order, first = self.by_code
        return np.sort(
            np.concatenate([np.zeros(0, np.int64), *(order[first[c] : first[c + 1]] for c in codes)])
        )


def cut_from(texts: Mapping[str, str]) -> Cut:
    """Cut spans from texts that are held in memory."""
    return lambda doc_id, start, end: [texts[d][s:e] for d, s, e in zip(doc_id, start, end, strict=True)]


def word_parts(tokens: pd.DataFrame) -> WordParts:
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
    return WordParts(
        np.repeat(tokens["doc_id"].to_numpy(), repeat), np.repeat(sentence, repeat),
        begin + offset[which], begin + until[which], np.asarray(code)[which], list(part_forms),
    )  # fmt: skip


def _cut(cut: Cut, spans: pd.DataFrame) -> list[str]:
    return cut(spans["doc_id"].to_numpy(), spans["start"].to_numpy(np.int64), spans["end"].to_numpy(np.int64))


def find(
    parts: WordParts, cut: Cut, patterns: Mapping[str, Sequence[str]], *, surface: bool = True
) -> pd.DataFrame:
    """Every place where a pattern fits, before any blocking.

    In:  `cut` gives the words as written of spans: for exact case, and for `surface`, which stays empty when it is
         not asked for.
    Out: [doc_id, sentence, topic, pattern, start, end, surface] in text order; `topic` is the key of
         `patterns` under which the pattern stands.
    """
    listed = [(topic, pattern) for topic, several in patterns.items() for pattern in dict.fromkeys(several)]
    places = [_places(parts, cut, pattern) for _, pattern in listed]
    many = [len(first) for first, _ in places]
    first, last = (np.concatenate([np.zeros(0, np.int64), *(one[k] for one in places)]) for k in (0, 1))
    out = pd.DataFrame({
        "doc_id": parts.doc_id[first], "sentence": parts.sentence[first],
        "topic": np.repeat(np.array([topic for topic, _ in listed], dtype=object), many),
        "pattern": np.repeat(np.array([pattern for _, pattern in listed], dtype=object), many),
        "start": parts.start[first], "end": parts.end[last],
    })  # fmt: skip
    out["surface"] = _cut(cut, out) if surface else ""
    return out.sort_values(["doc_id", "start", "end", "topic", "pattern"], ignore_index=True)


def _places(parts: WordParts, cut: Cut, pattern: str) -> tuple[Ints, Ints]:
    """The first and the last word of each place of a word or phrase; with `=` before it, only in its own case."""
    words = pattern_words(pattern)
    first = positions(parts, words)
    last = first + len(words) - 1
    if not pattern.startswith("=") or not len(first):
        return first, last
    fits = re.compile(r"\W*".join(_as_expression(word) for word in words))
    written = cut(parts.doc_id[first], parts.start[first], parts.end[last])
    kept = np.array([fits.fullmatch(plain(surface)) is not None for surface in written], dtype=bool)
    return first[kept], last[kept]


def pattern_words(pattern: str) -> list[str]:
    """The words of a word or phrase, each perhaps with a * at an end."""
    return re.findall(r"\*?\w+\*?", plain(pattern.replace("=", " ").replace('"', " ")))


def positions(parts: WordParts, words: Sequence[str]) -> Ints:
    """Where the words (each perhaps with a * at an end) begin in a row within one sentence."""
    at = (
        parts.places(np.flatnonzero(_fitting(parts, words[0])))
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


def _fitting(parts: WordParts, word: str) -> npt.NDArray[np.bool_]:
    """Which of the distinct forms the word fits, whatever its case."""
    folded = word.lower()
    core, forms = folded.strip("*"), parts.forms
    if folded == core:
        fits = np.zeros(len(forms), dtype=bool)
        fits[[parts.code_of[core]] if core in parts.code_of else []] = True
        return fits
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


# ---------------------------------------------------------------- places of a query: a word, a phrase, `sanction*`, `/a.*b/`, `trade NEAR/5 security`

NEAR = re.compile(r"\s+NEAR(?:/(\d+))?(?:\s+|$)")
BETWEEN = 10  # words between for a bare NEAR, as in a selection's query
PATIENCE = 2.0  # seconds a regular expression may take for one sentence; a sound one takes microseconds

IntsPlaces = npt.NDArray[np.int64]


class Stretch(NamedTuple):
    """Places as first and last part, in text order."""

    first: IntsPlaces
    last: IntsPlaces


def find_places(tokens: pd.DataFrame, documents: pd.DataFrame, patterns: Sequence[str]) -> pd.DataFrame:
    """The places of each pattern, in text order.

    In:  tokens, documents as in the schema; patterns of any kind.
    Out: [doc_id, sentence, topic, pattern, start, end, surface]; `topic` is the pattern. A NEAR counts
         each place of its left side once, with the nearest place of its right side; the hit runs from
         the one to the other. BadParameter, with the hint, for a pattern that cannot be read.
    """
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    parts = word_parts(tokens)
    wanted = list(dict.fromkeys(pattern.strip() for pattern in patterns))
    found = [_of_kind(parts, tokens, texts, pattern) for pattern in wanted]
    found = [table for table in found if len(table)]
    out = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=HIT_COLUMNS)
    return out.sort_values(["doc_id", "start", "end", "pattern"], ignore_index=True)[HIT_COLUMNS]


def pattern_kind(pattern: str) -> Literal["words", "near", "expression"]:
    """What a pattern is. Raises BadParameter, with the hint, for one that cannot be read."""
    if len(pattern) > 1 and pattern.startswith("/") and pattern.endswith("/"):
        _compiled(pattern)
        return "expression"
    if re.search(r"(^|\s)NEAR(/\S*)?(\s|$)", pattern):
        near_sides(pattern)
        return "near"
    _words(pattern, pattern)
    return "words"


def _of_kind(parts: WordParts, tokens: pd.DataFrame, texts: Mapping[str, str], pattern: str) -> pd.DataFrame:
    kind = pattern_kind(pattern)
    if kind == "words":
        return find(parts, cut_from(texts), {pattern: [pattern]})
    found = (
        near_places(parts, pattern)
        if kind == "near"
        else expression_places(pattern, _sentences(tokens, texts))
    )
    return found.assign(surface=_cut(cut_from(texts), found) if len(found) else "")


def _words(part: str, pattern: str) -> list[str]:
    """The words of a word or phrase; BadParameter when there is none or a * inside one."""
    words = pattern_words(part)
    if not words:
        _refuse(pattern, "holds no word", 'write a word, a phrase or a beginning such as "sanction*"')
    if re.search(r"\w\*\w", part):
        _refuse(pattern, "has a * inside a word", "write it as a regular expression: /sanc\\w*ed/")
    return words


def expression_places(pattern: str, sentences: Iterable[tuple[Any, int, int, str]]) -> pd.DataFrame:
    """Where a regular expression fits within a sentence.

    In:  (doc_id, sentence, start, words) of each sentence, its words made plain (`schema.plain`).
    Out: [doc_id, sentence, topic, pattern, start, end]. BadParameter for an expression that takes too long.
    """
    wanted, rows = _compiled(pattern), []
    for doc_id, sentence, start, words in sentences:
        try:
            for hit in wanted.finditer(words, timeout=PATIENCE):
                if hit.end() > hit.start():
                    rows.append((doc_id, sentence, pattern, pattern, start + hit.start(), start + hit.end()))
        except TimeoutError:
            _refuse(
                pattern,
                f"takes longer than {PATIENCE:g} s for one sentence",
                "avoid nested repeats such as (a+)+",
            )
    return pd.DataFrame(rows, columns=HIT_COLUMNS[:-1])


def _compiled(pattern: str) -> Any:
    try:
        return regex.compile(pattern[1:-1], regex.IGNORECASE)
    except regex.error as error:
        _refuse(
            pattern,
            f"is no regular expression: {error}",
            r"correct it, or put \ before a mark meant as itself",
        )


def _sentences(tokens: pd.DataFrame, texts: Mapping[str, str]) -> Iterator[tuple[Any, int, int, str]]:
    spans = tokens.groupby(["doc_id", "sentence"], sort=False, observed=True).agg(
        a=("start", "min"), b=("end", "max")
    )
    copies = {doc_id: plain(text) for doc_id, text in texts.items()}
    for (doc_id, sentence), (a, b) in zip(spans.index, spans.to_numpy(), strict=True):
        yield doc_id, sentence, a, copies[doc_id][a:b]


def near_sides(pattern: str) -> list[list[str]]:
    """The words of each side of a NEAR. Raises BadParameter for a side without a word."""
    sides = [side.strip() for side in NEAR.split(f" {pattern} ")[::2]]
    if len(sides) < 2 or not all(sides):
        _refuse(pattern, "has a NEAR without a word on each side", "write it as: trade NEAR/5 security")
    return [_words(side, pattern) for side in sides]


def near_places(parts: WordParts, pattern: str) -> pd.DataFrame:
    """Where the sides of a NEAR stand close enough: [doc_id, sentence, topic, pattern, start, end]."""
    sides, distances = near_sides(pattern), NEAR.split(f" {pattern} ")[1::2]
    at = _stretch(parts, sides[0])
    for side, distance in zip(sides[1:], distances, strict=True):
        at = _joined(parts, at, _stretch(parts, side), int(distance or BETWEEN))
    return pd.DataFrame({
        "doc_id": parts.doc_id[at.first], "sentence": parts.sentence[at.first], "topic": pattern, "pattern": pattern,
        "start": parts.start[at.first], "end": parts.end[at.last],
    }).drop_duplicates(["doc_id", "start", "end"])  # fmt: skip


def _stretch(parts: WordParts, words: Sequence[str]) -> Stretch:
    first = positions(parts, words)
    return Stretch(first, first + len(words) - 1)


def _joined(parts: WordParts, a: Stretch, b: Stretch, distance: int) -> Stretch:
    """Each place of `a` with the nearest of `b` in its sentence, at most `distance` words between."""
    right = np.searchsorted(b.first, a.last, "right")
    left = np.searchsorted(b.last, a.first, "left") - 1
    gap_right = _gap(parts, a.last, b.first, right)
    gap_left = _gap(parts, a.first, b.last, left)
    after = gap_right <= gap_left
    kept = np.minimum(gap_right, gap_left) <= distance
    chosen = np.where(after, right, left)[kept]
    first = np.minimum(a.first[kept], b.first[chosen] if len(b.first) else 0)
    last = np.maximum(a.last[kept], b.last[chosen] if len(b.last) else 0)
    order = np.lexsort([last, first])
    return Stretch(np.asarray(first[order], np.int64), np.asarray(last[order], np.int64))


def _gap(parts: WordParts, own: IntsPlaces, others: IntsPlaces, which: IntsPlaces) -> IntsPlaces:
    """Words between each place and the chosen other one; very many where there is none in its sentence."""
    far = np.full(len(own), np.iinfo(np.int64).max, dtype=np.int64)
    there = np.flatnonzero((which >= 0) & (which < len(others)))
    one, other = own[there], others[which[there]]
    same = (parts.doc_id[one] == parts.doc_id[other]) & (parts.sentence[one] == parts.sentence[other])
    far[there[same]] = np.abs(one - other)[same] - 1
    return far


def _refuse(pattern: str, problem: str, hint: str) -> NoReturn:
    raise BadParameter("patterns", problem=f"`{pattern}` {problem}", hint=hint)
