"""Sentiment toward entities, split by who is speaking: "X about Y" apart from "the article about Y".

A score is the chance of positive less the chance of negative that the judge of `annotate` gives a mention,
-1 to 1. The limits say how far the mean would move with other documents or sentences of the same kind; they do
not hold the error of the judge, which `measured` states and every reading of this table has to carry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.analysis.benchmark_scores import BenchmarkScore, toward_figures
from workbench.analysis.distributions import Floats
from workbench.analysis.intervals import SCORES, ratio_limits
from workbench.analysis.reliability import sufficient
from workbench.analysis.units import AUTHOR
from workbench.errors import BadParameter, did_you_mean
from workbench.schema import UNKNOWN

SPAN = ["doc_id", "start", "end"]
NAME = ["doc_id", "name_start", "name_end"]
HOLDERS = ("speaker", "voice", "group", "doc_id")
LABELS = ("negative", "neutral", "positive")
# Mean score up to which an article is against whom it is about, and from which it is for them. Set on one half of
# PerSenT (benchmarks/accuracy/toward.py), measured on the other: most articles are well disposed, and those that
# report a quarrel score low though they take no side, so that zero is no border.
ARTICLE_BORDERS = (-0.38, -0.1)
COLUMNS = "holder entity doc_id sentence start end voice speaker score label confidence receipt".split()


POOLED = "holder entity n mean low high positive negative n_docs basis sufficient".split()


class JudgedSums(NamedTuple):
    """Sums over the judged mentions of an entity by a holder, a row for each document, or for each sentence.

    `n` mentions, `score` the sum of their scores, `positive` and `negative` mentions by label, `sentences` they stand in.
    """

    document: npt.NDArray[Any]
    n: Floats
    score: Floats
    positive: Floats
    negative: Floats
    sentences: Floats


def judged(
    toward: pd.DataFrame, mentions: pd.DataFrame, units: pd.DataFrame, *, by: str = "speaker"
) -> pd.DataFrame:
    """The judged mentions of entities in the sentences of `units`: the evidence behind `toward_by`.

    In:  toward as in the schema, one row for each name or pronoun; mentions (with `entity`); units.
    Out: [holder, entity, doc_id, sentence, start, end, voice, speaker, score, label, confidence, receipt],
         in text order. `holder` is whose words the mention stands in: with `by="speaker"` the speaker, "the
         author" or "unknown", with `by="voice"` the voice, with `by="group"` the group of the units, with
         `by="doc_id"` the document.
         BadParameter for another `by`.
    """
    if by not in HOLDERS:
        raise BadParameter("by", problem=f"cannot split by `{by}`", hint=did_you_mean(by, HOLDERS))
    named = mentions.loc[mentions["entity"].notna(), ["doc_id", "start", "end", "entity", "voice", "speaker"]]
    named = named.rename(columns={"start": "name_start", "end": "name_end"}).drop_duplicates(NAME)
    inside = toward.merge(units[["doc_id", "sentence", "group"]], on=["doc_id", "sentence"])
    out = inside.merge(named, on=NAME)
    speaker = out["speaker"].astype("object")
    spoken = speaker.where(speaker.notna(), UNKNOWN).where(out["voice"] != "author", AUTHOR)
    holders = {
        "speaker": spoken,
        "voice": out["voice"].astype("object"),
        "group": out["group"],
        "doc_id": out["doc_id"].astype("object"),
    }
    return out.assign(holder=holders[by])[COLUMNS].sort_values(SPAN, kind="stable", ignore_index=True)


def toward_by(
    toward: pd.DataFrame,
    mentions: pd.DataFrame,
    units: pd.DataFrame,
    entities: Sequence[str] | None = None,
    *,
    by: str = "speaker",
) -> pd.DataFrame:
    """Mean sentiment of each holder toward each entity.

    In:  as `judged`; the chosen entities, or all.
    Out: [holder, entity, n, mean, low, high, positive, negative, n_docs, basis, sufficient], one row for each
         pair that occurs, most mentions first; `n` mentions; `positive` and `negative` shares of them, 0 to
         1; limits over documents, or over sentences within them (NaN where all scores are alike).
         `sufficient` counts sentences, since the mentions of one sentence are read from the same words.
         BadParameter for an entity that no mention bears.
    """
    table = chosen(judged(toward, mentions, units, by=by), mentions, entities)
    sums = {
        (str(holder), str(entity)): _by_sentence(mine)
        for (holder, entity), mine in table.groupby(["holder", "entity"], sort=True, observed=True)
    }
    return pooled_judgements(sums, by)


def pooled_judgements(pairs: Mapping[tuple[str, str], JudgedSums], by: str) -> pd.DataFrame:
    """Mean sentiment of each (holder, entity) from sums by document (by sentence where documents are few).

    Out: the columns of `toward_by`, most mentions first.
    """
    out = pd.DataFrame([_pooled(*pair, pairs[pair]) for pair in sorted(pairs)], columns=POOLED)
    out = out.sort_values("n", ascending=False, kind="stable", ignore_index=True)
    out.attrs |= {"by": by, "measured": measured(), "right": toward_figures()["right"].value}
    return out


def by_article(table: pd.DataFrame, documents: pd.DataFrame, *, least: int = 3) -> pd.DataFrame:
    """What each document as a whole says of those it names most, as a label.

    In:  a table of `toward_by` with `by="doc_id"`; documents with their titles; entities named in fewer than
         `least` mentions of a document are left out.
    Out: [title, entity, n, mean, low, high, label, basis, sufficient, doc_id], most mentions first. `label` is that of
         `article_labels`, measured on news articles about one entity each (`measured.toward_errors`).
    """
    titles = documents.set_index("doc_id")["title"].astype("object")
    out = table[table["n"] >= least].rename(columns={"holder": "doc_id"})
    title = out["doc_id"].map(titles).fillna(out["doc_id"])
    out = out.assign(title=title, label=article_labels(out["mean"]))
    columns = "title entity n mean low high label basis sufficient doc_id".split()
    return out[columns].reset_index(drop=True)


def article_labels(means: npt.ArrayLike) -> npt.NDArray[np.object_]:
    """The label of an article from the mean score toward the entity it is about, by ARTICLE_BORDERS."""
    low, high = ARTICLE_BORDERS
    score = np.asarray(means, dtype=float)
    return np.array(LABELS, dtype=object)[np.where(score >= high, 2, np.where(score <= low, 0, 1))]


def chosen(table: pd.DataFrame, mentions: pd.DataFrame, entities: Sequence[str] | None) -> pd.DataFrame:
    """The rows of the entities asked for; BadParameter for one that no mention bears."""
    if entities is None:
        return table
    known = sorted(mentions["entity"].dropna().unique())
    for name in entities:
        if name not in known:
            raise BadParameter("entity", problem=f"no entity `{name}`", hint=did_you_mean(name, known))
    return table[table["entity"].isin(list(entities))]


def most_named(table: pd.DataFrame, entities: Sequence[str] = (), *, top: int = 6) -> list[str]:
    """The entities asked for, or the `top` with most judged mentions in a table of `judged`."""
    return list(entities) or [str(name) for name in table["entity"].value_counts().head(top).index]


def toward_ends(table: pd.DataFrame, *, each: int = 5) -> pd.DataFrame:
    """The mentions at both ends of the scale, with their receipts in words.

    In:  a table of `judged`.
    Out: [entity, holder, score, receipt, end, confidence, doc_id, sentence, start, stop], most positive
         first, then most negative; a mention labelled neutral is at no end.
    """
    table = table.rename(columns={"end": "stop"})
    up = table[table["label"] == "positive"].sort_values("score", ascending=False, kind="stable").head(each)
    down = table[table["label"] == "negative"].sort_values("score", kind="stable").head(each)
    out = pd.concat([up, down], ignore_index=True)
    out = out.assign(end=out["label"], receipt=[reasons(each) for each in out["receipt"]])
    return out["entity holder score receipt end confidence doc_id sentence start stop".split()]


def reasons(receipt: object, *, least: float = 0.1, most: int = 5) -> str:
    """The words that moved a score, strongest first: "accused (object) −1.9, not praised (subject) −0.4".

    Words that moved the log odds by less than `least` are left out.
    """
    rows = [row for row in receipt if row["word"] and abs(row["weight"]) >= least]  # type: ignore[attr-defined]
    rows.sort(key=lambda row: -abs(row["weight"]))
    said = [
        f"{'not ' if row['negated'] else ''}{row['word']} ({row['relation']}) {_signed(row['weight'])}"
        for row in rows[:most]
    ]
    return ", ".join(said) or "no word speaks of it"


def _signed(weight: float) -> str:
    return f"{weight:+.1f}".replace("-", "−")


def measured() -> str:
    """The measured error of the judge, in a sentence; the figures are those that the benchmark recorded."""
    found = toward_figures()
    right, theirs, f1, other = (
        found[name] for name in ("right", "right, VADER", "macro-F1", "macro-F1, VADER")
    )

    def said(figure: BenchmarkScore) -> str:
        return f"{100 * figure.value:.0f} % [{100 * figure.low:.0f}–{100 * figure.high:.0f} %]"

    return (
        f"On {right.n:,} labelled mentions in English news, none of them used to make it, the label of a single "
        f"mention is right in {said(right)} (macro-F1 {f1.value:.2f} [{f1.low:.2f}–{f1.high:.2f}]), where "
        f"whole-sentence VADER is right in {said(theirs)} ({other.value:.2f}); a mean over many mentions keeps any "
        "error that all of them share."
    )


def _by_sentence(mine: pd.DataFrame) -> JudgedSums:
    """The rows of one pair: sentences are the units, since the mentions of one are read from the same words."""
    labelled = mine.assign(positive=mine["label"] == "positive", negative=mine["label"] == "negative", n=1)
    columns = ["n", "score", "positive", "negative"]
    sums = labelled.groupby(["doc_id", "sentence"], sort=True, observed=True)[columns].sum()
    documents = sums.index.get_level_values("doc_id").to_numpy()
    n, score, positive, negative = (sums[name].to_numpy(float) for name in columns)
    return JudgedSums(documents, n, score, positive, negative, np.ones(len(sums)))


def _pooled(holder: str, entity: str, mine: JudgedSums) -> dict[str, object]:
    limits = ratio_limits(mine.score, mine.n, mine.document, scale=SCORES)
    low, high, n = float(limits.low[0]), float(limits.high[0]), mine.n.sum()
    if low == high:  # one sentence, or all alike: resampling cannot tell how sure that is
        low = high = np.nan
    return {
        "holder": holder, "entity": entity, "n": int(n), "mean": float(mine.score.sum() / n), "low": low, "high": high,
        "positive": float(mine.positive.sum() / n), "negative": float(mine.negative.sum() / n),
        "n_docs": len(np.unique(mine.document)), "basis": limits.basis,
        "sufficient": bool(sufficient("mean", sentences=int(mine.sentences.sum()))),
    }  # fmt: skip
