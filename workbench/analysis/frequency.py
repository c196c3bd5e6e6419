"""Words and how often they stand: the counts that keyness compares, and rates of chosen words."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from workbench.analysis.places import find_places
from workbench.analysis.rates import KEY, rates

# Function words only. "us" is the pronoun: tokens keep the country as "US". "state", "group",
# "interest", "not" and "no" are not here, because they are what diplomacy is about.
STOP_WORDS = frozenset(
    """a about above after again all also am an and any are as at be because been before being below between both but
    by can could did do does doing down during each few for from further had has have having he her here hers herself
    him himself his how i if in into is it its itself just me more most my myself now of off on once only or other
    our ours ourselves out over own s same she should so some such t than that the their theirs them themselves then
    there these they this those through to too under until up us very was we were what when where which while who whom
    why will with would you your yours yourself yourselves let don m re ve ll d mr mrs ms""".split()
)
_WORD = re.compile(r"[^\W\d_]")
_LETTER = re.compile(r"[a-z]")  # of a stock's code, an initial, a list: no word of a text
_CONTRACTED = frozenset("m re s ve ll d".split())


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
