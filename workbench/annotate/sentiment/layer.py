"""Compute the sentiment of sentences: VADER with and without masks, AFINN, and an explanation of each score."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pyarrow as pa

from workbench.annotate.counted_text import sentence_texts
from workbench.annotate.sentiment import masks
from workbench.annotate.sentiment.explanations import explain_scores
from workbench.annotate.sentiment.vader import (
    Flags,
    Floats,
    Ints,
    SplitTexts,
    WordFeatures,
    split_texts,
    sum_valences,
    token_valences,
    word_features,
)
from workbench.languages.afinn import afinn
from workbench.schema import Labelled, arrow_schema
from workbench.settings.sentiment_masks import SentimentMasks


def sentiment_table(
    batch: Sequence[Labelled], lexicon: SentimentMasks, mask: Collection[str] = masks.GROUPS
) -> pa.Table:
    """The sentiment of every sentence of `batch`: the sentiment table of the schema, one row a sentence.

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
    group = _masked(batch, texts, features.known, lexicon, mask)
    hidden = len(features.same) - 2 + features.upper[texts.code]  # the mask of the same case
    code = np.where(group > 0, hidden, texts.code).astype(np.int32)
    counted = token_valences(texts, features, code)
    score, unmasked = sum_valences(texts, counted), sum_valences(texts, raw)
    afinn_score = _second(batch, texts, features, group, lexicon, mask)
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


def _second(
    batch: Sequence[Labelled],
    texts: SplitTexts,
    vader_features: WordFeatures,
    group: Ints,
    lexicon: SentimentMasks,
    mask: Collection[str],
) -> Floats:
    """The masked score with the second lexicon; its words that VADER does not know are masked by the same rules."""
    afinn_features = word_features(texts.types, afinn())
    afinn_group = _masked(batch, texts, afinn_features.known & ~vader_features.known, lexicon, mask, afinn())
    hidden = len(afinn_features.same) - 2 + afinn_features.upper[texts.code]
    code = np.where((group > 0) | (afinn_group > 0), hidden, texts.code).astype(np.int32)
    return sum_valences(texts, token_valences(texts, afinn_features, code)).compound


def _masked(
    batch: Sequence[Labelled],
    texts: SplitTexts,
    maskable: Flags,
    lexicon: SentimentMasks,
    mask: Collection[str],
    charged: Collection[str] | None = None,
) -> Ints:
    """For each token of `texts` 0, or the place of its group in `masking.GROUPS`, from 1; of `maskable` types."""
    counts = [len(labelled.sentences) for labelled in batch]
    document = np.repeat(np.arange(len(batch), dtype=np.int32), counts)
    every = texts.every
    hits = np.flatnonzero(maskable[every.code] & every.seen).astype(np.int32)
    return masks.mask_groups(texts.types, every, hits, document, lexicon, mask, charged)[every.seen]
