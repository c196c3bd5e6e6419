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
    texts: SplitTexts,
    features: WordFeatures,
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
    start = np.array(starts, np.int64)[raw.sentence] + texts.start[raw.token] if starts else texts.start[:0]
    own_code = texts.code[raw.token]
    start = start + np.array([_lead(texts.types[c], features.words[c]) for c in own_code.tolist()], np.int64)
    explain = _Explain(texts, features, texts.code, code)
    changed = (value != features.valence[own_code]).tolist()
    hits = zip(raw.token.tolist(), first.tolist(), raw.sentence.tolist(), changed, strict=True)
    rules = [explain.rule(*hit, int(group[hit[0]])) for hit in hits]
    hit = arrow_schema("sentiment").field("hits").type.value_type
    columns = {
        "word": pa.array([features.words[c] for c in own_code.tolist()], pa.string()),
        "start": pa.array(start.astype(np.int32)),
        "valence": pa.array(np.round(value, 4)),
        "rule": pa.array(rules, pa.string()),
        "masked": pa.array(~open_),
    }
    structs = pa.StructArray.from_arrays([columns[field.name] for field in hit], fields=list(hit))
    bounds = np.searchsorted(raw.sentence, np.arange(len(texts.first))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(bounds), structs)


def _lead(token: str, word: str) -> int:
    """How many marks stand before the word in its token."""
    return 0 if token.startswith(word) else token.index(word)


class _Explain:
    """Says in words which rules changed a valence."""

    def __init__(self, texts: SplitTexts, features: WordFeatures, raw: Ints, masked: Ints) -> None:
        self.found, self.known, self.raw, self.masked = texts, features, raw, masked
        buts = np.flatnonzero((features.rules[masked] & words.BUT) != 0)
        self.but: dict[int, int] = {}
        for token in buts[::-1].tolist():
            self.but[int(np.searchsorted(texts.first, token, "right")) - 1] = token

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

    def _around(self, token: int, begin: int, code: Ints) -> Iterator[str]:
        """What the up to three words before did, nearest first."""
        features = self.known
        if features.upper[code[token]]:
            yield "capitals"
        for before in range(token - 1, max(begin, token - _REACH) - 1, -1):
            kind = code[before]
            word, rules = features.words[kind], int(features.rules[kind])
            if features.known[kind]:
                continue
            if features.booster[kind]:
                yield f"{'booster' if features.booster[kind] > 0 else 'dampener'}: {word}"
            if features.negation[kind] or (rules & words.LEAST and before == token - 1):
                yield f"negated: {word}"
        yield from self._phrases(
            [features.words[kind] for kind in code[max(begin, token - _REACH) : token + 3].tolist()]
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
        but_token = self.but.get(sentence)
        if but_token is not None and but_token != token:
            yield "before but" if token < but_token else "after but"
