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
    found = split_texts(list(sentence_texts(batch)))
    known = word_features(found.types)
    raw = token_valences(found, known, found.code)
    group = _masked(batch, found, known.known, lexicon, mask)
    hidden = len(known.same) - 2 + known.upper[found.code]  # the mask of the same case
    code = np.where(group > 0, hidden, found.code).astype(np.int32)
    counted = token_valences(found, known, code)
    score, unmasked = sum_valences(found, counted), sum_valences(found, raw)
    second = _second(batch, found, known, group, lexicon, mask)
    columns = _keys(batch) | {
        "score": pa.array(score.compound),
        "positive": pa.array(score.positive),
        "negative": pa.array(score.negative),
        "score_unmasked": pa.array(unmasked.compound),
        "score_second": pa.array(second),
        "hits": explain_scores(batch, found, known, code, raw, counted, group),
    }
    schema = arrow_schema("sentiment")
    return pa.table({name: columns[name] for name in schema.names}).cast(schema)


def _keys(batch: Sequence[Labelled]) -> dict[str, pa.Array]:
    counts = [len(labelled.sentences) for labelled in batch]
    document = np.repeat(np.arange(len(batch), dtype=np.int32), counts)
    names = pa.array([labelled.doc_id for labelled in batch], pa.string())
    own = [np.arange(count, dtype=np.int32) for count in counts]
    return {
        "doc_id": pa.DictionaryArray.from_arrays(pa.array(document), names),
        "sentence": pa.array(np.concatenate([np.zeros(0, np.int32), *own])),
    }


def _second(
    batch: Sequence[Labelled],
    found: SplitTexts,
    known: WordFeatures,
    group: Ints,
    lexicon: SentimentMasks,
    mask: Collection[str],
) -> Floats:
    """The masked score with the second lexicon; its words that VADER does not know are masked by the same rules."""
    own = word_features(found.types, afinn())
    more = _masked(batch, found, own.known & ~known.known, lexicon, mask, afinn())
    hidden = len(own.same) - 2 + own.upper[found.code]
    code = np.where((group > 0) | (more > 0), hidden, found.code).astype(np.int32)
    return sum_valences(found, token_valences(found, own, code)).compound


def _masked(
    batch: Sequence[Labelled],
    found: SplitTexts,
    wanted: Flags,
    lexicon: SentimentMasks,
    mask: Collection[str],
    charged: Collection[str] | None = None,
) -> Ints:
    """For each token of `found` 0, or the place of its group in `masking.GROUPS`, from 1; of `wanted` types."""
    counts = [len(labelled.sentences) for labelled in batch]
    document = np.repeat(np.arange(len(batch), dtype=np.int32), counts)
    every = found.every
    hits = np.flatnonzero(wanted[every.code] & every.seen).astype(np.int32)
    return masks.mask_groups(found.types, every, hits, document, lexicon, mask, charged)[every.seen]
