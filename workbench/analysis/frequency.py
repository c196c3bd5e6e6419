"""Word and n-gram frequencies, and the counts that keyness compares.

Words and how often they stand: the counts that keyness compares, and rates of chosen words.

What is counted as one: words, or rows of two or three words side by side.

Terms are a table of tokens, so that every analysis of words (`frequency.term_counts`, `keyness`,
`top_words`) and `evidence` take them as they take words. Words of one stem come from
`annotate.stems.by_family` and are a table of tokens too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.analysis.matches import find_places
from workbench.analysis.rates import KEY, rates
from workbench.errors import BadParameter
from workbench.languages import default_language

_LANGUAGE = default_language()

STOP_WORDS = _LANGUAGE.vocabulary.stop
_WORD = re.compile(r"[^\W\d_]")
_LETTER = re.compile(r"[a-z]")  # of a stock's code, an initial, a list: no word of a text
_CONTRACTED = _LANGUAGE.vocabulary.contracted


def is_stop(form: str, stop: frozenset[str] = STOP_WORDS) -> bool:
    """Whether a folded form is a stop word, one contracted ("we're", "it's", "don't"), or a single letter.

    A stem group is one where the word that names it is one ("have*").

    >>> [form for form in ("we're", "don't", "n", "russia's", "u.s") if not is_stop(form)]
    ["russia's", 'u.s']
    """
    form = form.removesuffix("*")
    if form in stop or _LETTER.fullmatch(form):
        return True
    head, mark, tail = form.replace("\u2019", "'").rpartition("'")
    return (
        bool(mark)
        and bool(stop)
        and ((tail in _CONTRACTED and head in stop) or (tail == "t" and head.endswith("n")))
    )


def is_content(form: str, stop: frozenset[str] = STOP_WORDS) -> bool:
    """Whether a folded form is listed and compared: it has a letter and is no stop word.

    >>> [form for form in ("sanctions", "the", "29.2", "g8") if is_content(form)]
    ['sanctions', 'g8']
    """
    return _WORD.search(form) is not None and not is_stop(form, stop)


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
    wanted = np.array([is_content(form, stop) for form in distinct], dtype=bool)
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

    Out: [group, pattern, n, words, rate, low, high, n_docs, docs_with, dispersion, basis, sufficient].
    """
    wanted = list(dict.fromkeys(pattern.strip() for pattern in patterns))
    return rates(word_hits(tokens, documents, patterns), units, item="pattern", items=wanted)


def word_hits(tokens: pd.DataFrame, documents: pd.DataFrame, patterns: list[str]) -> pd.DataFrame:
    """The places of the patterns, of any kind that `places.find_places` reads; `topic` is the pattern.

    Out: [doc_id, sentence, topic, pattern, start, end, surface].
    """
    return find_places(tokens, documents, patterns)


# ---------------------------------------------------------------- terms to count: words and n-grams

REST = "the rest"  # after "near …" in the alphabet, so that keyness reads from the node
KINDS = {"words": 1, "stems": 1, "pairs": 2, "triples": 3}  # what a notebook counts -> words in a row
Many = Literal[1, 2, 3, 4, 5]
TERM_COLUMNS = [*KEY, "start", "end", "form", "word"]


def ngrams(tokens: pd.DataFrame, many: int = 2, *, stop: frozenset[str] = STOP_WORDS) -> pd.DataFrame:
    """Every row of `many` words with only a space or a hyphen between them, as tokens.

    In:  tokens; words of `stop` may stand inside a row ("court of law") but not at its ends.
    Out: [doc_id, sentence, start, end, form, word] in text order; for 1, the words themselves.
         BadParameter for fewer than 1 or more than 5.
    """
    if not 1 <= many <= 5:
        raise BadParameter("ngrams", problem=f"cannot count rows of {many} words", hint="use 1 to 5")
    words = tokens[tokens["word"].astype(bool)]
    words = words.assign(doc_id=words["doc_id"].astype("object")).sort_values(
        ["doc_id", "start"], kind="stable"
    )
    if many == 1:
        return words[TERM_COLUMNS].reset_index(drop=True)
    at = np.arange(max(0, len(words) - many + 1))
    beside = _beside(words)
    for step in range(many - 1):
        at = at[beside[at + step]]
    forms = words["form"].astype("object").to_numpy()
    edge = np.array([is_stop(form, stop) for form in forms], dtype=bool)
    at = at[~edge[at] & ~edge[at + many - 1]]
    first, last = words.iloc[at], words.iloc[at + many - 1]
    form = forms[at]
    for step in range(1, many):
        form = form + " " + forms[at + step]
    return pd.DataFrame({
        "doc_id": first["doc_id"].to_numpy(), "sentence": first["sentence"].to_numpy(), "start": first["start"].to_numpy(),
        "end": last["end"].to_numpy(), "form": form, "word": True,
    }).astype({"form": "object"})  # fmt: skip


def term_rates(terms: pd.DataFrame, units: pd.DataFrame, *, top: int = 10) -> pd.DataFrame:
    """The most frequent terms of all groups together, with their rate in each.

    In:  terms (tokens, or `ngrams`), units. Out: as `rates.rates`, item "form": [group, form, n, words,
         rate, low, high, n_docs, docs_with, dispersion, basis, sufficient].
    """
    counts = term_counts(terms, units).groupby("form")["n"].sum()
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
    wanted = [str(form) for form, _ in ranked[:top]]
    spans = terms[terms["form"].isin(wanted)]
    spans = spans.assign(doc_id=spans["doc_id"].astype("object"), form=spans["form"].astype("object"))
    return rates(spans[[*KEY, "form"]], units, item="form", items=wanted)


def near_and_far(
    nodes: pd.DataFrame, terms: pd.DataFrame, units: pd.DataFrame, *, name: str, window: int = 10
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The words around chosen places against all other words: what `keyness` asks for, in two groups.

    In:  nodes [doc_id, sentence, start, end]: hits of a topic or a word, mentions of an entity; terms;
         units; words within `window` words of a node, in its sentence, are "near <name>", all others
         "the rest"; words of a node are in neither.
    Out: (terms with `group` and `part`, units with `group`, `part` and the `words` of that part): a
         sentence with both kinds is two units. `evidence` takes the two as spans and units.
    """
    words = terms[terms["word"].astype(bool)].merge(units[KEY].drop_duplicates(), on=KEY, how="inner")
    words = words.sort_values([*KEY, "start"], kind="stable", ignore_index=True)
    near, inside = _near(words, nodes, window)
    side = np.where(near, f"near {name}", REST).astype(object)
    words = words.assign(group=side, part=side)[~inside]
    return words.reset_index(drop=True), _parts(words, units, by="place")


def around_each(
    nodes: pd.DataFrame, terms: pd.DataFrame, units: pd.DataFrame, *, item: str, items: Sequence[str],
    window: int = 5,
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """The words around each of several items, a group for each: what `keyness` asks for.

    In:  nodes [doc_id, sentence, start, end, <item>]: mentions, or hits of topics or words; terms; units;
         words within `window` words of a node of an item, in its sentence, are of the group of that item;
         words of its nodes are not. A word near two items is in both groups, once in each.
    Out: (terms with `group` and `part`, units with `group`, `part` and the `words` of that part), as
         `near_and_far` gives them.
    """
    words = terms[terms["word"].astype(bool)].merge(units[KEY].drop_duplicates(), on=KEY, how="inner")
    words = words.sort_values([*KEY, "start"], kind="stable", ignore_index=True)
    sides = []
    for name in items:
        mine = nodes[(nodes[item] == name) & nodes["sentence"].notna()]
        held = words.merge(mine[KEY].drop_duplicates().astype({"sentence": "int64"}), on=KEY, how="inner")
        near, _ = _near(held, mine, window)
        sides.append(held[near].assign(group=name, part=name))
    around = pd.concat(sides, ignore_index=True) if sides else words.head(0).assign(group="", part="")
    return around, _parts(around, units, by=item)


def grouped_counts(terms: pd.DataFrame, *, stop: frozenset[str] = STOP_WORDS) -> pd.DataFrame:
    """Counts of terms that carry their group, as `near_and_far` gives them: [group, doc_id, form, n]."""
    forms = terms["form"].astype("object")
    listed = [form for form in forms.unique() if is_content(str(form), stop)]
    kept = terms[forms.isin(listed)]
    kept = kept.assign(form=kept["form"].astype("object"), doc_id=kept["doc_id"].astype("object"))
    return kept.groupby(["group", "doc_id", "form"], sort=True).size().rename("n").reset_index()


def _parts(words: pd.DataFrame, units: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """The units cut into the groups of their words: a row for each group of a sentence, with its `words`."""
    sizes = words.groupby([*KEY, "group"], sort=False).size().rename("words").reset_index()
    known = units.drop(columns=["group", "words", "by"]).drop_duplicates(
        KEY
    )  # one may stand in several groups
    out = sizes.merge(known, on=KEY, how="left")
    return out.assign(by=by, part=out["group"])


def _beside(words: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which words have the next one of their sentence one mark away at most; the last has none."""
    doc, sentence = words["doc_id"].to_numpy(), words["sentence"].to_numpy()
    start, end = words["start"].to_numpy(np.int64), words["end"].to_numpy(np.int64)
    out = np.zeros(len(words), dtype=bool)
    out[:-1] = (doc[1:] == doc[:-1]) & (sentence[1:] == sentence[:-1]) & (start[1:] - end[:-1] <= 1)
    return out


def _near(
    words: pd.DataFrame, nodes: pd.DataFrame, window: int
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """(near a node and not in one, in a node), a mark for each word; nodes must not be many per sentence."""
    near, inside = np.zeros(len(words), dtype=bool), np.zeros(len(words), dtype=bool)
    places = nodes[nodes["sentence"].notna()].drop_duplicates(["doc_id", "start", "end"])
    runs = words.groupby(KEY, sort=False, observed=True).indices
    start, end = words["start"].to_numpy(np.int64), words["end"].to_numpy(np.int64)
    given = (places[c].tolist() for c in (*KEY, "start", "end"))
    for doc_id, sentence, begin, until in zip(*given, strict=True):
        run = runs.get((doc_id, int(sentence)))
        if run is None:
            continue
        first, last = int(run[0]), int(run[-1]) + 1
        held = np.flatnonzero((end[first:last] > begin) & (start[first:last] < until)) + first
        if len(held):
            inside[held] = True
            near[max(first, held[0] - window) : min(last, held[-1] + 1 + window)] = True
    return near & ~inside, inside
