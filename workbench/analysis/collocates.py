"""Collocations: which words stand near a word, phrase or entity, and which words stand side by side.

The node is a table of spans: hits of `frequency.word_hits`, hits of a topic, mentions of one entity.
The window counts words to the left, the right or both sides and never leaves the sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.analysis.cooccurrence import association
from workbench.analysis.distributions import Floats, benjamini_hochberg, chi_square_tail, wilson
from workbench.analysis.frequency import STOP_WORDS, is_content
from workbench.analysis.rates import KEY
from workbench.analysis.reliability import sufficient
from workbench.analysis.units import grouping
from workbench.errors import BadParameter, did_you_mean

Direction = Literal["both", "left", "right"]
DIRECTIONS = ("both", "left", "right")
WINDOW = 5  # words a side, as corpus tools have it by default; 3 is grammar, 10 is topic
LEAST_BIGRAM = 2  # a pair seen once has the highest scores of all and says nothing
MOST = 14.0  # logDice of two words that never stand apart (Rychlý 2008)

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

COLUMNS = (
    "group form n n_form n_node near words expected log_dice low high t g2 p q n_docs n_sentences window "
    "direction basis sufficient"
).split()
BIGRAM_COLUMNS = (
    "group phrase first second n n_first n_second words expected log_dice t g2 p q n_docs n_sentences sufficient"
).split()


class NodeCounts(NamedTuple):
    """What `scores` needs of one group: for each form outside the nodes how often it stands there, in all and near one.

    `listed` marks the forms that may be collocates; `near` words stand in the windows of `n_node` nodes, `words`
    outside the nodes.
    """

    forms: pd.Index
    n: Ints
    n_form: Ints
    n_docs: Ints
    n_sentences: Ints
    listed: Bools
    near: int
    words: int
    n_node: int


class GroupWords(NamedTuple):
    """The words of one group in text order: codes of form, document and sentence, and their places."""

    form: Ints
    document: Ints
    sentence: Ints
    start: Ints
    end: Ints
    forms: pd.Index
    documents: pd.Index


def collocates(
    spans: pd.DataFrame, tokens: pd.DataFrame, units: pd.DataFrame, *,
    window: int = WINDOW, direction: Direction = "both", least: int = 1, stop: frozenset[str] = STOP_WORDS,
) -> pd.DataFrame:  # fmt: skip
    """The words that stand near the spans more often than their frequency explains, per group.

    In:  spans [doc_id, sentence, start, end] of the node; tokens, units; `window` words on the sides
         that `direction` names ("left": what stands before the node); `least` hits near the node.
    Out: [group, form, n, n_form, n_node, near, words, expected, log_dice, low, high, t, g2, p, q, n_docs,
         n_sentences, window, direction, basis, sufficient], enough data first, then highest log_dice. `n`
         of `n_form` times the word stands among the `near` words in the windows of `n_node` nodes; a
         word in two windows counts once, a node is nobody's collocate. `expected` if the word were
         spread evenly over the `words` outside the nodes. `low` and `high` are limits of log_dice,
         words taken for independent (basis "words"). `q` corrects over all words of the group that
         are not in `stop`, also those never seen near. BadParameter for a wrong window or direction.
    """
    check_window(window, direction)
    counts = (
        (group, _node_counts(words, *_windows(words, spans, window, direction), stop))
        for group, words in _groups(tokens, units)
    )
    return collocate_table(counts, window=window, direction=direction, least=least, by=grouping(units))


def collocate_table(
    counts: Iterable[tuple[str, NodeCounts]], *, window: int, direction: Direction, least: int, by: str
) -> pd.DataFrame:
    """The scores of each group's forms in one table, as `collocates` explains it."""
    rows = [scores(part).assign(group=group) for group, part in counts]
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=COLUMNS)
    tested = len(table)
    table = table[table["n"] >= least].assign(window=window, direction=direction, basis="words")
    out = table.sort_values(
        ["sufficient", "log_dice", "n", "form"], ascending=[False, False, False, True], ignore_index=True
    )[COLUMNS]
    out.attrs |= {"by": by, "item": "form", "tested": tested}
    return out


def near_words(
    spans: pd.DataFrame, tokens: pd.DataFrame, units: pd.DataFrame, *,
    window: int = WINDOW, direction: Direction = "both",
) -> pd.DataFrame:  # fmt: skip
    """Every word that `collocates` counts, as spans: hand it to `evidence` with a row of that table.

    Out: [doc_id, sentence, start, end, form] in text order, stop words included.
    """
    check_window(window, direction)
    rows = []
    for _, words in _groups(tokens, units):
        near = _windows(words, spans, window, direction)[1]
        rows.append(pd.DataFrame({
            "doc_id": words.documents[words.document[near]], "sentence": words.sentence[near],
            "start": words.start[near], "end": words.end[near], "form": words.forms[words.form[near]],
        }))  # fmt: skip
    columns = [*KEY, "start", "end", "form"]
    out = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)
    return out.drop_duplicates().sort_values(["doc_id", "start"], ignore_index=True)


def bigrams(
    tokens: pd.DataFrame, units: pd.DataFrame, *, least: int = LEAST_BIGRAM, stop: frozenset[str] = STOP_WORDS
) -> pd.DataFrame:
    """Pairs of words that stand side by side more often than chance, nothing between them, per group.

    In:  tokens, units; pairs with a word of `stop` are left out (but counted where they stand between).
    Out: [group, phrase, first, second, n, n_first, n_second, words, expected, log_dice, t, g2, p, q,
         n_docs, n_sentences, sufficient], enough data first, then highest log_dice. `q` corrects over all
         pairs seen `least` times; pairs never seen are not tests here, so it is a little too small.
    """
    rows = [_pairs(words, least, stop).assign(group=group) for group, words in _groups(tokens, units)]
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=BIGRAM_COLUMNS)
    out = table.sort_values(
        ["sufficient", "log_dice", "n", "phrase"], ascending=[False, False, False, True], ignore_index=True
    )[BIGRAM_COLUMNS]
    out.attrs |= {"by": grouping(units), "item": "phrase"}
    return out


def bigram_spans(table: pd.DataFrame, tokens: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Every place of the pairs of a table of `bigrams`, as spans for `evidence`.

    Out: [doc_id, sentence, start, end, phrase] in text order.
    """
    rows, wanted = [], set(table["phrase"])
    for _, words in _groups(tokens, units):
        forms = words.forms.to_numpy()
        at = np.flatnonzero(_neighbours(words))
        phrases = [f"{a} {b}" for a, b in zip(forms[words.form[at]], forms[words.form[at + 1]], strict=True)]
        rows.append(pd.DataFrame({
            "doc_id": words.documents[words.document[at]], "sentence": words.sentence[at],
            "start": words.start[at], "end": words.end[at + 1], "phrase": phrases,
        }))  # fmt: skip
    out = (
        pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=[*KEY, "start", "end", "phrase"])
    )
    return out[out["phrase"].isin(wanted)].sort_values(["doc_id", "start"], ignore_index=True)


def log_dice(n: Floats, n_a: Floats, n_b: Floats) -> Floats:
    """Rychlý's logDice (2008): 14 + log2 of 2n / (n_a + n_b); it does not depend on the corpus' size."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(MOST + np.log2(2 * np.asarray(n, float) / (np.asarray(n_a) + np.asarray(n_b))))


def t_score(n: Floats, expected: Floats) -> Floats:
    """Church et al.'s t (1991): (n - expected) / sqrt(n); NaN where n is 0."""
    seen = np.asarray(n, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(seen > 0, (seen - expected) / np.sqrt(seen), np.nan)


def check_window(window: int, direction: str) -> None:
    """Refuse a window without words and an unknown direction with BadParameter."""
    if window < 1:
        raise BadParameter(
            "window", problem=f"a window of {window} words holds nothing", hint="use 1 or more, 5 is usual"
        )
    if direction not in DIRECTIONS:
        raise BadParameter(
            "direction", problem=f"no direction `{direction}`", hint=did_you_mean(direction, DIRECTIONS)
        )


def _groups(tokens: pd.DataFrame, units: pd.DataFrame) -> list[tuple[str, GroupWords]]:
    """The words of each group that has any, the group with most words first."""
    words = tokens[tokens["word"].astype(bool)]
    words = words[[*KEY, "start", "end", "form"]].merge(units[[*KEY, "group"]], on=KEY, how="inner")
    sizes = words["group"].value_counts(sort=False).sort_values(ascending=False, kind="stable")
    return [(str(group), _coded(words[words["group"] == group])) for group in sizes.index]


def _coded(words: pd.DataFrame) -> GroupWords:
    form, forms = pd.factorize(words["form"].astype("object"))
    document, documents = pd.factorize(words["doc_id"].astype("object"))
    start = words["start"].to_numpy(np.int64)
    order = np.lexsort([start, document])
    sentence, end = words["sentence"].to_numpy(np.int64), words["end"].to_numpy(np.int64)
    return GroupWords(
        form[order].astype(np.int64), document[order].astype(np.int64), sentence[order], start[order], end[order],
        pd.Index(forms), pd.Index(documents),
    )  # fmt: skip


def _windows(
    words: GroupWords, spans: pd.DataFrame, window: int, direction: Direction
) -> tuple[Bools, Bools, int]:
    """(words of a node, words near one, number of nodes), the first two a mark for each word."""
    node, near = np.zeros(len(words.form), dtype=bool), np.zeros(len(words.form), dtype=bool)
    first, last = _edges(words, spans)
    for at, until in zip(first, last, strict=True):
        node[at:until] = True
    for step in range(1, window + 1):
        if direction != "right":
            near[_beside(words, first, first - step)] = True
        if direction != "left":
            near[_beside(words, last - 1, last - 1 + step)] = True
    return node, near & ~node, len(first)


def _edges(words: GroupWords, spans: pd.DataFrame) -> tuple[Ints, Ints]:
    """First word and one past the last word of each span that holds a word of these; each span once."""
    given = spans.drop_duplicates(["doc_id", "start", "end"])
    document = words.documents.get_indexer(pd.Index(given["doc_id"].astype("object")))
    given, document = given[document >= 0], document[document >= 0]
    most = int(max(words.end.max(initial=0), given["end"].max() if len(given) else 0)) + 1
    first = np.searchsorted(
        words.document * most + words.end, document * most + given["start"].to_numpy(np.int64), "right"
    )
    last = np.searchsorted(
        words.document * most + words.start, document * most + given["end"].to_numpy(np.int64), "left"
    )
    held = first < last
    return np.asarray(first[held], np.int64), np.asarray(last[held], np.int64)


def _beside(words: GroupWords, own: Ints, other: Ints) -> Ints:
    """The places `other` that exist and stand in the sentence of `own`."""
    inside = (other >= 0) & (other < len(words.form))
    own, other = own[inside], other[inside]
    same = (words.document[own] == words.document[other]) & (words.sentence[own] == words.sentence[other])
    return np.asarray(other[same], dtype=np.int64)


def _node_counts(
    words: GroupWords, node: Bools, near: Bools, n_node: int, stop: frozenset[str]
) -> NodeCounts:
    size = len(words.forms)
    return NodeCounts(
        words.forms, np.bincount(words.form[near], minlength=size), np.bincount(words.form[~node], minlength=size),
        *_spread(words, near, size), _listed(words.forms, stop), int(near.sum()), int((~node).sum()), n_node,
    )  # fmt: skip


def scores(counts: NodeCounts) -> pd.DataFrame:
    """One row for each form outside the nodes, also those never near: Evert's table of surface co-occurrence."""
    kept = (counts.n_form > 0) & counts.listed
    n, n_form = counts.n[kept].astype(float), counts.n_form[kept].astype(float)
    total, windows, n_node = float(counts.words), float(counts.near), counts.n_node
    expected = windows * n_form / max(total, 1.0)
    low, high = (limit * windows for limit in wilson(n, windows))
    g2 = association(n, np.full(len(n), windows), n_form, total)
    p = chi_square_tail(g2)
    n_sentences = counts.n_sentences[kept]
    return pd.DataFrame({
        "form": counts.forms[kept], "n": n.astype(int), "n_form": n_form.astype(int), "n_node": n_node,
        "near": int(windows), "words": int(total), "expected": expected, "log_dice": log_dice(n, n_form, np.full(len(n), n_node)),
        "low": log_dice(low, n_form, np.full(len(n), n_node)),
        "high": np.minimum(log_dice(high, n_form, np.full(len(n), n_node)), MOST),
        "t": t_score(n, expected), "g2": g2, "p": p, "q": benjamini_hochberg(p),
        "n_docs": counts.n_docs[kept], "n_sentences": n_sentences,
        "sufficient": sufficient("collocate", together=n, sentences=n_sentences),
    })  # fmt: skip


def _listed(forms: pd.Index, stop: frozenset[str]) -> Bools:
    """Which forms may be collocates: no stop word, and at least one letter."""
    return np.array([is_content(form, stop) for form in forms], dtype=bool)


def _spread(words: GroupWords, chosen: Bools, size: int) -> tuple[Ints, Ints]:
    """In how many documents and sentences each form stands among the chosen words."""
    rows = pd.DataFrame(
        {"form": words.form[chosen], "d": words.document[chosen], "s": words.sentence[chosen]}
    )
    documents = rows.drop_duplicates(["form", "d"])["form"].to_numpy(np.int64)
    sentences = rows.drop_duplicates()["form"].to_numpy(np.int64)
    return np.bincount(documents, minlength=size), np.bincount(sentences, minlength=size)


def _neighbours(words: GroupWords) -> Bools:
    """Which words have the next one beside them: in their sentence, at most one mark between."""
    return np.asarray(
        (words.document[1:] == words.document[:-1]) & (words.sentence[1:] == words.sentence[:-1])
        & (words.start[1:] - words.end[:-1] <= 1)
    )  # fmt: skip


def _pairs(words: GroupWords, least: int, stop: frozenset[str]) -> pd.DataFrame:
    """One row for each pair of neighbours seen `least` times; two codes are packed into one number."""
    size, total = len(words.forms), float(len(words.form))
    beside = _neighbours(words)
    listed = _listed(words.forms, stop)
    beside &= listed[words.form[1:]] & listed[words.form[:-1]]
    packed = words.form[:-1][beside] * size + words.form[1:][beside]
    pair, which, n = np.unique(packed, return_inverse=True, return_counts=True)
    here = GroupWords(which.astype(np.int64), words.document[:-1][beside], words.sentence[:-1][beside],
                 words.start[:-1][beside], words.end[1:][beside], words.forms, words.documents)  # fmt: skip
    n_docs, n_sentences = _spread(here, np.ones(len(which), dtype=bool), len(pair))
    kept = n >= least
    pair, n_docs, n_sentences = pair[kept], n_docs[kept], n_sentences[kept]
    times = n[kept].astype(float)
    every = np.bincount(words.form, minlength=size).astype(float)
    a, b = pair // size, pair % size
    first, second = words.forms[a], words.forms[b]
    expected = every[a] * every[b] / max(total, 1.0)
    g2 = association(times, every[a], every[b], total)
    p = chi_square_tail(g2)
    return pd.DataFrame({
        "phrase": [f"{x} {y}" for x, y in zip(first, second, strict=True)], "first": first, "second": second,
        "n": times.astype(int), "n_first": every[a].astype(int), "n_second": every[b].astype(int), "words": int(total),
        "expected": expected, "log_dice": log_dice(times, every[a], every[b]), "t": t_score(times, expected), "g2": g2, "p": p,
        "q": benjamini_hochberg(p), "n_docs": n_docs, "n_sentences": n_sentences,
        "sufficient": sufficient("collocate", together=times, sentences=n_sentences),
    })  # fmt: skip
