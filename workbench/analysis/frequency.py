"""Words and how often they stand: the counts that keyness compares, and rates of chosen words."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from workbench.analysis.places import find_places
from workbench.analysis.rates import KEY, rates
from workbench.languages import default_language

_LANGUAGE = default_language()

STOP_WORDS = _LANGUAGE.vocabulary.stop
_WORD = re.compile(r"[^\W\d_]")
_LETTER = re.compile(r"[a-z]")  # of a stock's code, an initial, a list: no word of a text
_CONTRACTED = _LANGUAGE.vocabulary.contracted


def is_stop(form: str, stop: frozenset[str] = STOP_WORDS) -> bool:
    """Whether a folded form is a stop word, one contracted ("we're", "it's", "don't"), or a single letter.

    >>> [form for form in ("we're", "don't", "n", "russia's", "u.s") if not is_stop(form)]
    ["russia's", 'u.s']
    """
    if form in stop or _LETTER.fullmatch(form):
        return True
    head, mark, tail = form.replace("\u2019", "'").rpartition("'")
    return (
        bool(mark)
        and bool(stop)
        and ((tail in _CONTRACTED and head in stop) or (tail == "t" and head.endswith("n")))
    )


def term_counts(
    tokens: pd.DataFrame, units: pd.DataFrame, *, stop: frozenset[str] = STOP_WORDS
) -> pd.DataFrame:
    """How often each word stands in each document of each group.

    In:  tokens, units. Out: [group, doc_id, form, n]; `form` is folded, words of `stop` (`is_stop`) and
         tokens without a letter are left out (they stay in the denominators).
    """
    kept = tokens[tokens["word"].astype(bool)]
    forms = kept["form"].astype("object")
    distinct = pd.Index(forms.unique())
    wanted = np.array(
        [not is_stop(form, stop) and _WORD.search(form) is not None for form in distinct], dtype=bool
    )
    kept = kept[wanted[distinct.get_indexer(forms)]] if len(distinct) else kept
    placed = kept[[*KEY, "form"]].merge(units[[*KEY, "group"]], on=KEY, how="inner")
    return placed.groupby(["group", "doc_id", "form"], sort=True).size().rename("n").reset_index()


def top_words(tokens: pd.DataFrame, units: pd.DataFrame, *, top: int = 20) -> pd.DataFrame:
    """The most frequent words of each group, stop words left out.

    Out: [group, form, n, words, rate]; at most `top` rows a group; `rate` per 1,000 words of the group.
    """
    counts = term_counts(tokens, units).groupby(["group", "form"])["n"].sum().reset_index()
    counts["words"] = counts["group"].map(units.groupby("group")["words"].sum())
    counts["rate"] = counts["n"] / counts["words"] * 1000
    counts = counts.sort_values(["group", "n", "form"], ascending=[True, False, True])
    return counts.groupby("group").head(top).reset_index(drop=True)


def word_rates(
    tokens: pd.DataFrame, documents: pd.DataFrame, units: pd.DataFrame, patterns: list[str]
) -> pd.DataFrame:
    """Rates of words, phrases, expressions or NEAR of your choice, as `places.find_places` reads them.

    Out: [group, pattern, n, words, rate, low, high, n_docs, docs_with, dispersion, basis, enough].
    """
    wanted = list(dict.fromkeys(pattern.strip() for pattern in patterns))
    return rates(word_hits(tokens, documents, patterns), units, item="pattern", items=wanted)


def word_hits(tokens: pd.DataFrame, documents: pd.DataFrame, patterns: list[str]) -> pd.DataFrame:
    """The places of the patterns, of any kind that `places.find_places` reads; `topic` is the pattern.

    Out: [doc_id, sentence, topic, pattern, start, end, surface].
    """
    return find_places(tokens, documents, patterns)
