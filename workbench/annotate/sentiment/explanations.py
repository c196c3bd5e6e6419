"""Explain a sentiment score: each lexicon word, its position, its value, and the rule behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from workbench.annotate.sentiment import vader as words
from workbench.annotate.sentiment.vader import Ints, SplitTexts, Valences, WordFeatures
from workbench.schema import Labelled, arrow_schema

_MASKED = ("", "masked: name", "masked: office", "masked: courtesy")  # in the order of masking.GROUPS
_REACH = 3


def explain_scores(
    batch: Sequence[Labelled],
    found: SplitTexts,
    known: WordFeatures,
    code: Ints,
    raw: Valences,
    counted: Valences,
    group: Ints,
) -> pa.ListArray:
    """The `hits` column: for each sentence its lexicon words in text order.

    `raw` are the valences of the sentences as they are, `counted` those of the masked tokens `code`,
    `group` the mask of each token.
    """
    value = raw.value.copy()
    open_ = group[raw.token] == 0
    value[open_] = counted.value  # the masked words are exactly those that `counted` lacks
    first = raw.first.copy()
    first[open_] = counted.first
    starts = [sentence.start for labelled in batch for sentence in labelled.sentences]
    start = np.array(starts, np.int64)[raw.sentence] + found.start[raw.token] if starts else found.start[:0]
    own = found.code[raw.token]
    start = start + np.array([_lead(found.types[c], known.words[c]) for c in own.tolist()], np.int64)
    explain = _Explain(found, known, found.code, code)
    changed = (value != known.valence[own]).tolist()
    places = zip(raw.token.tolist(), first.tolist(), raw.sentence.tolist(), changed, strict=True)
    rules = [explain.rule(*place, int(group[place[0]])) for place in places]
    hit = arrow_schema("sentiment").field("hits").type.value_type
    columns = {
        "word": pa.array([known.words[c] for c in own.tolist()], pa.string()),
        "start": pa.array(start.astype(np.int32)),
        "valence": pa.array(np.round(value, 4)),
        "rule": pa.array(rules, pa.string()),
        "masked": pa.array(~open_),
    }
    structs = pa.StructArray.from_arrays([columns[field.name] for field in hit], fields=list(hit))
    bounds = np.searchsorted(raw.sentence, np.arange(len(found.first))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(bounds), structs)


def _lead(token: str, word: str) -> int:
    """How many marks stand before the word in its token."""
    return 0 if token.startswith(word) else token.index(word)


class _Explain:
    """Says in words which rules changed a valence."""

    def __init__(self, found: SplitTexts, known: WordFeatures, raw: Ints, masked: Ints) -> None:
        self.found, self.known, self.raw, self.masked = found, known, raw, masked
        buts = np.flatnonzero((known.rules[masked] & words.BUT) != 0)
        self.but: dict[int, int] = {}
        for at in buts[::-1].tolist():
            self.but[int(np.searchsorted(found.first, at, "right")) - 1] = at

    def rule(self, token: int, first: int, sentence: int, changed: bool, group: int) -> str:
        """The rules of one hit, the mask first, with "; " between."""
        parts = [_MASKED[group]] if group else []
        if changed:
            code = self.raw if group else self.masked
            parts += dict.fromkeys(self._around(first, int(self.found.first[sentence]), code))
            if first != token:
                parts.append("as at its first place")
            parts += self._but(token, sentence)
        return "; ".join(parts)

    def _around(self, at: int, begin: int, code: Ints) -> Iterator[str]:
        """What the up to three words before did, nearest first."""
        known = self.known
        if known.upper[code[at]]:
            yield "capitals"
        for before in range(at - 1, max(begin, at - _REACH) - 1, -1):
            kind = code[before]
            word, rules = known.words[kind], int(known.rules[kind])
            if known.known[kind]:
                continue
            if known.booster[kind]:
                yield f"{'booster' if known.booster[kind] > 0 else 'dampener'}: {word}"
            if known.negation[kind] or (rules & words.LEAST and before == at - 1):
                yield f"negated: {word}"
        yield from self._phrases(
            [known.words[kind] for kind in code[max(begin, at - _REACH) : at + 3].tolist()]
        )

    def _phrases(self, around: Sequence[str]) -> Iterator[str]:
        """Idioms and two-word rules that stand near the word."""
        text = f" {' '.join(around)} "
        yield from (f"idiom: {idiom}" for idiom in words.IDIOMS if f" {idiom} " in text)
        yield from (
            f"dampener: {pair}" for pair in ("kind of", "sort of", "just enough") if f" {pair} " in text
        )
        yield from (f"raised: never {word}" for word in ("so", "this") if f" never {word} " in text)

    def _but(self, token: int, sentence: int) -> Iterator[str]:
        place = self.but.get(sentence)
        if place is not None and place != token:
            yield "before but" if token < place else "after but"
