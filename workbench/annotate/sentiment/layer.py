"""Compute the sentiment of sentences: VADER with and without masks, AFINN, and an explanation of each score."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np
import pyarrow as pa

from workbench.annotate.sentiment import masks, vader as words
from workbench.annotate.sentiment.vader import (
    Flags,
    Floats,
    Ints,
    SplitTexts,
    Valences,
    WordFeatures,
    split_texts,
    sum_valences,
    token_valences,
    word_features,
)
from workbench.annotate.tokens import sentence_texts
from workbench.languages.afinn import afinn
from workbench.schema import Labelled, arrow_schema
from workbench.settings.sentiment_masks import SentimentMasks


def sentiment_table(
    batch: Sequence[Labelled], lexicon: SentimentMasks, mask: Collection[str] = masks.GROUPS
) -> pa.Table:
    """Compute the sentiment of every sentence of `batch`: the sentiment table of the schema, one row a sentence.

    `score`, `positive`, `negative` are VADER's (Hutto and Gilbert 2014) with the groups of `mask` left
    out: any of "names", "offices", "courtesy". A masked word counts as a neutral word of the same length
    and case. `score_unmasked` is exactly what NLTK computes for the sentence in plain characters, its
    insertions and stage marks blanked. `score_second` is masked and computed by the same rules, with the words
    of AFINN in place of VADER's: what differs is the lexicon alone. `hits` lists the words of the lexicon with their place in the
    document; `valence` is what the word counts after all rules, for a masked word what it would have
    counted; `rule` says in words what was done. ValueError for an unknown group.
    """
    unknown = set(mask) - set(masks.GROUPS)
    if unknown:
        raise ValueError(f"unknown mask {sorted(unknown)}; known: {', '.join(masks.GROUPS)}")
    texts = split_texts(list(sentence_texts(batch)))
    features = word_features(texts.types)
    raw = token_valences(texts, features, texts.code)
    group = _mask_of_tokens(batch, texts, features.known, lexicon, mask)
    hidden = len(features.same) - 2 + features.upper[texts.code]  # the mask of the same case
    code = np.where(group > 0, hidden, texts.code).astype(np.int32)
    counted = token_valences(texts, features, code)
    score, unmasked = sum_valences(texts, counted), sum_valences(texts, raw)
    afinn_score = _afinn_scores(batch, texts, features, group, lexicon, mask)
    columns = _keys(batch) | {
        "score": pa.array(score.compound),
        "positive": pa.array(score.positive),
        "negative": pa.array(score.negative),
        "score_unmasked": pa.array(unmasked.compound),
        "score_second": pa.array(afinn_score),
        "hits": explain_scores(batch, texts, features, code, raw, counted, group),
    }
    schema = arrow_schema("sentiment")
    return pa.table({name: columns[name] for name in schema.names}).cast(schema)


def _keys(batch: Sequence[Labelled]) -> dict[str, pa.Array]:
    counts = [len(labelled.sentences) for labelled in batch]
    document = np.repeat(np.arange(len(batch), dtype=np.int32), counts)
    names = pa.array([labelled.doc_id for labelled in batch], pa.string())
    sentence_numbers = [np.arange(count, dtype=np.int32) for count in counts]
    return {
        "doc_id": pa.DictionaryArray.from_arrays(pa.array(document), names),
        "sentence": pa.array(np.concatenate([np.zeros(0, np.int32), *sentence_numbers])),
    }


def _afinn_scores(
    batch: Sequence[Labelled],
    texts: SplitTexts,
    vader_features: WordFeatures,
    group: Ints,
    lexicon: SentimentMasks,
    mask: Collection[str],
) -> Floats:
    """The masked score with the second lexicon; its words that VADER does not know are masked by the same rules."""
    afinn_features = word_features(texts.types, afinn())
    afinn_group = _mask_of_tokens(
        batch, texts, afinn_features.known & ~vader_features.known, lexicon, mask, afinn()
    )
    hidden = len(afinn_features.same) - 2 + afinn_features.upper[texts.code]
    code = np.where((group > 0) | (afinn_group > 0), hidden, texts.code).astype(np.int32)
    return sum_valences(texts, token_valences(texts, afinn_features, code)).compound


def _mask_of_tokens(
    batch: Sequence[Labelled],
    texts: SplitTexts,
    maskable: Flags,
    lexicon: SentimentMasks,
    mask: Collection[str],
    charged: Collection[str] | None = None,
) -> Ints:
    """For each token of `texts` 0, or the place of its group in `masks.GROUPS`, from 1; of `maskable` types."""
    counts = [len(labelled.sentences) for labelled in batch]
    document = np.repeat(np.arange(len(batch), dtype=np.int32), counts)
    every = texts.every
    hits = np.flatnonzero(maskable[every.code] & every.seen).astype(np.int32)
    return masks.mask_groups(texts.types, every, hits, document, lexicon, mask, charged)[every.seen]


# ---------------------------------------------------------------- explanation of a score: each lexicon word, its position, its value, the rule behind it

_MASKED = ("", "masked: name", "masked: office", "masked: courtesy")  # in the order of masks.GROUPS
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
    """Explain the scores: the `hits` column, for each sentence its lexicon words in text order.

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
    start = start + np.array(
        [_leading_marks(texts.types[c], features.words[c]) for c in own_code.tolist()], np.int64
    )
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


def _leading_marks(token: str, word: str) -> int:
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
