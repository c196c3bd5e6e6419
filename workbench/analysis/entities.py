"""Count entities: who is mentioned where and by whom, in which forms, beside which topics and quotes.

Entities: who is mentioned where and by whom, with every name form shown.

What stands beside entities: the topics of the sentences that mention them, and quotes by and about them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from workbench.analysis.distributions import wilson
from workbench.analysis.intervals import SCORES, Side as Ratio, difference, ratio_limits
from workbench.analysis.rates import KEY, place, rates
from workbench.analysis.reliability import sufficient
from workbench.analysis.sentiment import APART_SCALE, ScoreSums, group_sums, scored
from workbench.analysis.topics import topic_rates
from workbench.analysis.units import AUTHOR, group_labels, grouping, regroup
from workbench.errors import BadParameter, did_you_mean
from workbench.schema import UNKNOWN

COMPARED = (
    "entity n share share_low share_high rate low high docs_with n_docs speakers quoted in_quotes sentences "
    "mean mean_low mean_high basis sufficient"
).split()


def entity_rates(
    mentions: pd.DataFrame, units: pd.DataFrame, entities: Sequence[str] | None = None, *, top: int = 12
) -> pd.DataFrame:
    """Who and what each group mentions, per 1,000 words.

    In:  mentions (with `entity`), units; the chosen entities, or the `top` most mentioned ones.
    Out: [group, entity, n, share, words, rate, low, high, n_docs, docs_with, dispersion, basis, sufficient];
         `share` of all mentions of the group. A name in an editor's insertion counts for the author,
         not for the speaker. Mentions in titles and captions have no words to be divided by and do not
         count here (`mentioned_where` shows them).
    """
    named = mentions[mentions["entity"].notna()]
    placed = place(named, units)
    names = (
        list(check_entities(entities, mentions))
        if entities
        else list(placed["entity"].value_counts().index[:top])
    )
    out = rates(named, units, item="entity", items=names)
    every = placed["group"].value_counts()
    share = out["n"] / out["group"].map(every).astype(float)
    out.insert(3, "share", share.fillna(0.0))
    return out


def name_forms(mentions: pd.DataFrame, entities: pd.DataFrame) -> pd.DataFrame:
    """What was merged: each entity with the forms it was written in.

    Out: [entity, label, n, n_docs, forms]; `forms` is "Sergei Lavrov 3, Sergey Lavrov 1"; most
         mentioned first.
    """
    counts = (
        mentions[mentions["entity"].notna()]
        .groupby(["entity", "surface"])
        .size()
        .rename("times")
        .reset_index()
    )
    counts = counts.sort_values(["entity", "times", "surface"], ascending=[True, False, True])
    said = counts.assign(form=counts["surface"] + " " + counts["times"].astype(str)).groupby("entity")["form"]
    n_docs = mentions.groupby("entity")["doc_id"].nunique()
    out = entities[["entity", "label"]].assign(
        n=entities["entity"].map(counts.groupby("entity")["times"].sum()).fillna(0).astype(int),
        n_docs=entities["entity"].map(n_docs).fillna(0).astype(int),
        forms=entities["entity"].map(said.agg(", ".join)).fillna(""),
    )
    out = out[out["n"] > 0]
    return out.sort_values(["n", "entity"], ascending=[False, True], ignore_index=True)


def mentioned_where(mentions: pd.DataFrame, segments: pd.DataFrame, entities: Sequence[str]) -> pd.DataFrame:
    """In which kinds of text the entities stand: title, caption, paragraph, turn, insertion …

    Out: [entity, kind, n, n_docs], most frequent first.
    """
    chosen = mentions[mentions["entity"].isin(check_entities(entities, mentions))]
    parts = []
    for doc_id, mine in chosen.groupby("doc_id", sort=True):
        spans = segments[segments["doc_id"] == doc_id].sort_values("start")
        at = np.searchsorted(spans["start"].to_numpy(), mine["start"].to_numpy(), side="right") - 1
        parts.append(mine.assign(kind=spans["kind"].to_numpy()[at]))
    if not parts:
        return pd.DataFrame(columns=["entity", "kind", "n", "n_docs"])
    out = pd.concat(parts).groupby(["entity", "kind"]).agg(n=("start", "size"), n_docs=("doc_id", "nunique"))
    return out.reset_index().sort_values(["entity", "n"], ascending=[True, False], ignore_index=True)


def mentioned_by(mentions: pd.DataFrame, entities: Sequence[str]) -> pd.DataFrame:
    """Who names the entities: each speaker, and the author where nobody speaks.

    Out: [entity, voice, speaker, n, n_docs], most frequent first within an entity.
    """
    chosen = mentions[mentions["entity"].isin(check_entities(entities, mentions))]
    speaker = chosen["speaker"].astype("object").where(chosen["voice"] != "author", AUTHOR).fillna("unknown")
    chosen = chosen.assign(speaker=speaker)
    out = chosen.groupby(["entity", "voice", "speaker"]).agg(
        n=("start", "size"), n_docs=("doc_id", "nunique")
    )
    return out.reset_index().sort_values(
        ["entity", "n", "speaker"], ascending=[True, False, True], ignore_index=True
    )


def around(units: pd.DataFrame, mentions: pd.DataFrame, entities: Sequence[str]) -> pd.DataFrame:
    """The sentences that mention each entity, as units of their own: the group is the entity.

    A sentence that mentions two of the entities stands in both groups. Hand the result to
    `sentiment.sentiment_by`, `frequency.term_counts` with `keyness.keyness(…, against="pairs")`, or
    `topics.topic_rates`: the same analyses, now about the sentences around an entity.
    Out: the columns of units, `group` the entity, `by` "entity".
    """
    chosen = mentions[
        mentions["entity"].isin(check_entities(entities, mentions)) & mentions["sentence"].notna()
    ]
    pairs = chosen[[*KEY, "entity"]].drop_duplicates().astype({"sentence": "int64"})
    out = (
        units.drop(columns=["group", "by"])
        .merge(pairs, on=KEY, how="inner")
        .rename(columns={"entity": "group"})
    )
    return out.assign(by="entity")


def compare(
    mentions: pd.DataFrame, quotes: pd.DataFrame, sentiment: pd.DataFrame, units: pd.DataFrame,
    entities: Sequence[str],
) -> pd.DataFrame:  # fmt: skip
    """Two or more entities side by side, over all units.

    Out: [entity, n, share, share_low, share_high, rate, low, high, docs_with, n_docs, speakers, quoted,
         in_quotes, sentences, mean, mean_low, mean_high, basis, sufficient], in the order asked for.
         `share` of the mentions of the compared entities; `rate` per 1,000 words; `speakers` that name
         it; `quoted` quotes of its own words; `in_quotes` quotes of others that name it; `mean` the
         sentiment of the `sentences` that mention it, which is not sentiment toward it.
    """
    names = check_entities(entities, mentions)
    whole = regroup(units, "all")
    rows = entity_rates(mentions, whole, names).drop(columns=["share"])
    counted = place(mentions[mentions["entity"].isin(names)], whole)
    tone = group_sums(scored(sentiment, around(whole, mentions, names))) if names else {}
    speakers = {str(name): int(n) for name, n in _speakers(counted).items()}
    return compared(rows, tone, speakers, _quotes(mentions, quotes, whole, names))


def compared(
    rates: pd.DataFrame, tone: Mapping[str, ScoreSums], speakers: Mapping[str, int], quotes: Mapping[str, tuple[int, int]]
) -> pd.DataFrame:  # fmt: skip
    """Entities side by side, from their rates, the scores of the sentences that mention them, speakers and quotes.

    In:  a table of `entity_rates` over all units; for each entity sums of scores by document (by sentence where
         documents are few), how many speakers name it, quotes of its own words and of others that name it.
    Out: the columns of `compare`.
    """
    n = rates["n"].to_numpy()
    total = float(n.sum())
    low, high = wilson(n, np.full(len(n), total)) if total else (np.nan, np.nan)
    means = pd.DataFrame(
        [_tone(tone.get(name)) for name in rates["entity"]],
        columns=["sentences", "mean", "mean_low", "mean_high"],
    )
    out = rates.assign(
        share=n / total if total else 0.0, share_low=low, share_high=high,
        speakers=[speakers.get(name, 0) for name in rates["entity"]],
        quoted=[quotes[name][0] for name in rates["entity"]], in_quotes=[quotes[name][1] for name in rates["entity"]],
        sentences=means["sentences"].to_numpy(), mean=means["mean"].to_numpy(),
        mean_low=means["mean_low"].to_numpy(), mean_high=means["mean_high"].to_numpy(),
    )  # fmt: skip
    out = out[COMPARED].reset_index(drop=True)
    out.attrs["by"] = "entity"
    return out


def entity_differences(
    rates: tuple[Ratio, Ratio], tone: tuple[ScoreSums | None, ScoreSums | None], table: pd.DataFrame
) -> pd.DataFrame:
    """How far two entities lie apart in how often they are named and in the tone of the sentences that name them.

    In:  mentions per 1,000 words and words of each document (sentence) for both; their scores; a table of `compared`
         of these two.
    Out: [measure, entity, against, value, value_other, difference, low, high, detectable, basis, sufficient]; `measure`
         rate (per 1,000 words) or tone; `detectable` the smallest difference that would have been found in four of
         five cases. No row for the tone where no sentence of one of them has a score.
    """
    first, second = table.to_dict("records")
    found = [("rate", "rate", difference(*rates), bool(first["sufficient"] and second["sufficient"]))]
    if tone[0] is not None and tone[1] is not None:
        apart = difference(*((mine.score, mine.n, mine.document) for mine in tone), scale=APART_SCALE)  # type: ignore[union-attr]
        sure = bool(sufficient("mean", sentences=min(first["sentences"], second["sentences"])))
        found.append(("tone", "mean", apart, sure))
    return pd.DataFrame([
        {
            "measure": measure, "entity": first["entity"], "against": second["entity"], "value": first[column],
            "value_other": second[column], "difference": apart.value, "low": apart.low, "high": apart.high,
            "detectable": apart.detectable, "basis": apart.basis, "sufficient": sure,
        }
        for measure, column, apart, sure in found
    ])  # fmt: skip


def check_entities(entities: Sequence[str], mentions: pd.DataFrame) -> list[str]:
    """The names as a list without repeats; the two most mentioned entities when it is empty.

    BadParameter with the nearest known name when nobody bears one of them.
    """
    counts = mentions["entity"].dropna().value_counts()
    known = counts.index
    if not entities:
        most = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
        return [str(name) for name, _ in most[:2]]
    for name in entities:
        if name not in known:
            raise BadParameter(
                "entities", problem=f"no entity `{name}` is mentioned", hint=did_you_mean(name, known)
            )
    return list(dict.fromkeys(entities))


def by_speaker(units: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """Mentions with the group they count in: [.., group], by their own voice and speaker where units do.

    The spans that lead from a row of `entity_rates` to its sentences.
    """
    names = grouping(units).split(" · ")
    placed = place(mentions[mentions["entity"].notna()], units)
    return placed if "group" in placed else placed.assign(group=group_labels(placed, names))


def _tone(mine: ScoreSums | None) -> tuple[int, float, float, float]:
    if mine is None:
        return 0, np.nan, np.nan, np.nan
    n = mine.n.sum()
    limits = ratio_limits(mine.score, mine.n, mine.document, scale=SCORES)
    low, high = float(limits.low[0]), float(limits.high[0])
    if low == high:  # one sentence, or all alike: resampling cannot tell how sure that is
        low = high = np.nan
    return int(n), float(mine.score.sum() / n), low, high


def _speakers(placed: pd.DataFrame) -> pd.Series:
    spoken = placed["speaker"].astype("object").where(placed["voice"] != "author", AUTHOR)
    return placed.assign(speaker=spoken).groupby("entity")["speaker"].nunique()


def _quotes(
    mentions: pd.DataFrame, quotes: pd.DataFrame, units: pd.DataFrame, names: Sequence[str]
) -> dict[str, tuple[int, int]]:
    """(quotes by, quotes of others that name it) for each entity; a quote's speaker is met by any name form."""
    inside = quotes[quotes["doc_id"].isin(units["doc_id"].unique())]
    out = {}
    for name in names:
        mine = mentions[mentions["entity"] == name]
        forms = {name, *mine["surface"]}
        by = inside["speaker"].isin(forms)
        found = inside[~by].merge(mine[["doc_id", "start", "end"]], on="doc_id", suffixes=("", "_name"))
        found = found[(found["start_name"] >= found["start"]) & (found["end_name"] <= found["end"])]
        out[name] = int(by.sum()), len(found[["doc_id", "start"]].drop_duplicates())
    return out


# ---------------------------------------------------------------- topics of the sentences that mention an entity, and quotes by and about it

BY, ABOUT = "by", "about"
QUOTES = [
    "entity",
    "direction",
    "speaker",
    "kind",
    "words",
    "confidence",
    "doc_id",
    "sentence",
    "start",
    "end",
]


def entity_topic_rates(
    hits: pd.DataFrame, mentions: pd.DataFrame, units: pd.DataFrame, entities: Sequence[str], *, top: int = 8
) -> pd.DataFrame:
    """Which dictionary topics occur in the sentences that mention each entity, per 1,000 words of them.

    In:  hits of `topics.find_topics`, mentions, units, the chosen entities.
    Out: as `topics.topic_rates`, the group being the entity, the `top` topics that occur most. A sentence
         that mentions two of the entities counts for both. Empty when no topic occurs in these sentences.
    """
    near = around(units, mentions, check_entities(entities, mentions))
    out = topic_rates(hits, near)
    kept = list(dict.fromkeys(out.loc[out["n"] > 0, "topic"]))[:top]
    return out[out["topic"].isin(kept)].reset_index(drop=True)


def quotes_of(
    mentions: pd.DataFrame, quotes: pd.DataFrame, documents: pd.DataFrame, units: pd.DataFrame, entities: Sequence[str]
) -> pd.DataFrame:  # fmt: skip
    """The quotes by each entity and those of others that name it, with their words.

    In:  mentions, quotes, documents as in the schema; units, the chosen entities.
    Out: [entity, direction, speaker, kind, words, confidence, doc_id, sentence, start, end] in the order of the
         entities, then by before about, then text order; `direction` by or about, `sentence` the one it begins in. A speaker is the entity
         when it is one of its forms in that document, or its name. The counts of `entities.compare`.
    """
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    inside = quotes[quotes["doc_id"].isin(units["doc_id"].unique())]
    parts = []
    for name in check_entities(entities, mentions):
        mine = mentions[mentions["entity"] == name]
        by = inside["speaker"].isin({name, *mine["surface"]})
        spans = inside[~by].merge(mine[["doc_id", "start", "end"]], on="doc_id", suffixes=("", "_name"))
        within = (spans["start_name"] >= spans["start"]) & (spans["end_name"] <= spans["end"])
        about = spans[within].drop_duplicates(["doc_id", "start"])
        parts += [part.assign(entity=name, direction=way) for part, way in ((inside[by], BY), (about, ABOUT))]
    if not parts:  # no entity: a text without a name
        return pd.DataFrame(columns=QUOTES)
    out = pd.concat(parts, ignore_index=True)
    words = [
        " ".join(texts[d][s:e].split())
        for d, s, e in out[["doc_id", "start", "end"]].itertuples(index=False, name=None)
    ]
    speaker = out["speaker"].astype("object").where(out["speaker"].notna(), UNKNOWN)
    sentence = _sentences(out, units)
    return out.assign(words=words, speaker=speaker, sentence=sentence)[QUOTES]


def _sentences(spans: pd.DataFrame, units: pd.DataFrame) -> pd.Series:
    """The number of the sentence that each span begins in; of one between two sentences, the earlier."""
    by = {doc_id: mine.sort_values("start") for doc_id, mine in units.groupby("doc_id", sort=False)}
    found = [
        int(mine["sentence"].iloc[max(0, int(np.searchsorted(mine["start"], start, side="right")) - 1)])
        for mine, start in zip(spans["doc_id"].map(by), spans["start"], strict=True)
    ]
    return pd.Series(found, index=spans.index, dtype="int64")
