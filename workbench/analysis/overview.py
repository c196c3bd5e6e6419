"""What arrived: documents, how sure their labels are, how much of each page was text."""

from __future__ import annotations

import pandas as pd

from workbench.analysis.units import group_labels
from workbench.schema import BODY_KINDS, RELATIONS, SEGMENT_KINDS, UNKNOWN


def arrived(documents: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Every document with what is known of it.

    Out: [doc_id, title, source, date, genre, words, n_sentences, voices, date_basis, place, language];
         `voices` is "turn 82 %, author 18 %" of the words; `date_basis` is its first clause, rivals left
         out; "unknown" where nothing is known.
    """
    per = units.groupby("doc_id").agg(n_sentences=("words", "size"), spoken=("words", "sum"))
    voice = units.groupby(["doc_id", "voice"])["words"].sum().reset_index()
    voice["share"] = voice["words"] / voice["doc_id"].map(per["spoken"]).clip(lower=1)
    voice = voice[voice["words"] > 0].sort_values(["doc_id", "share"], ascending=[True, False])
    said = (voice["voice"] + " " + (voice["share"] * 100).round().astype(int).astype(str) + " %").groupby(
        voice["doc_id"]
    )
    columns = "doc_id title date date_basis source place genre language words".split()
    out = documents[columns].copy()
    for column in ("title", "date", "source", "place", "genre", "language"):
        out[column] = out[column].astype("object").where(out[column].notna(), UNKNOWN)
    out["date_basis"] = out["date_basis"].astype("object").str.split(r"[:;]", n=1, regex=True).str[0]
    out["n_sentences"] = out["doc_id"].map(per["n_sentences"]).fillna(0).astype(int)
    out["voices"] = out["doc_id"].map(said.agg(", ".join)).fillna("no body text")
    order = "doc_id title source date genre words n_sentences voices date_basis place language".split()
    return out.sort_values(["date", "doc_id"], ignore_index=True)[order]


def segment_shares(segments: pd.DataFrame, documents: pd.DataFrame, by: str = "source") -> pd.DataFrame:
    """How much of the pages of each source is which kind of text, in characters.

    Out: [group, kind, body, characters, share, n_segments, n_docs]; kinds in the order of
         SEGMENT_KINDS, body kinds (standfirst, turn, paragraph) marked; a kind that never occurs in the
         group has no row. Characters include the white space of the page.
    """
    known = documents[["doc_id", by]] if by != "doc_id" else documents[["doc_id"]]
    table = segments.merge(known, on="doc_id", how="inner")
    table = table.assign(group=group_labels(table, [by]), characters=table["end"] - table["start"])
    out = table.groupby(["group", "kind"]).agg(
        characters=("characters", "sum"), n_segments=("kind", "size"), n_docs=("doc_id", "nunique")
    )
    out = out.reset_index()
    out.insert(2, "body", out["kind"].isin(BODY_KINDS))
    out.insert(4, "share", out["characters"] / out.groupby("group")["characters"].transform("sum"))
    rank = out["kind"].map({kind: k for k, kind in enumerate(SEGMENT_KINDS)})
    out = out.assign(rank=rank).sort_values(["group", "rank"], ignore_index=True).drop(columns=["rank"])
    out.attrs["by"] = by
    return out


def periods(documents: pd.DataFrame) -> pd.DataFrame:
    """When the documents are from: [month, source, n_docs, words], "unknown" for no month."""
    month = (
        documents["date"]
        .astype("object")
        .str[:7]
        .where(documents["date_precision"].isin(["day", "month"]), UNKNOWN)
    )
    table = documents.assign(month=month, source=documents["source"].astype("object").fillna(UNKNOWN))
    out = table.groupby(["month", "source"]).agg(n_docs=("doc_id", "size"), words=("words", "sum"))
    return out.reset_index().sort_values(["month", "source"], ignore_index=True)


def doubts(problems: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """What was refused, what is doubtful, and what nobody could tell.

    Out: [path, problem, mend, severity]: the problems, then a row for each document whose date, source
         or title is unknown and whose problems do not say so already; refused first.
    """
    missing = {
        "date": documents["date_precision"] == "none",
        "source": documents["source"].isna(),
        "title": documents["title"].isna(),
    }
    columns = ["path", "problem", "mend", "severity"]
    said = problems.groupby("path")["problem"].agg(" ".join).to_dict()
    added = [
        (path, f"{what} unknown", f"add `{what}` for this file to metadata.toml beside it", "note")
        for what, unknown in missing.items()
        for path in documents.loc[unknown, "path"]
        if what not in said.get(path, "")
    ]
    out = pd.concat([problems[columns], pd.DataFrame(added, columns=columns)]) if added else problems[columns]
    rank = out["severity"].map({"refused": 0, "doubtful": 1, "note": 2})
    out = out.assign(rank=rank).sort_values(["rank", "path"], kind="stable", ignore_index=True)
    return out.drop(columns=["rank"])


def least_certain(quotes: pd.DataFrame, documents: pd.DataFrame, *, top: int = 10) -> pd.DataFrame:
    """The quotes whose speaker is least sure.

    Out: [doc_id, quote, start, end, kind, speaker, cue, confidence, words], least certain first;
         `words` is the beginning of the quote.
    """
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    out = (
        quotes[quotes["doc_id"].isin(texts.keys())]
        .sort_values(["confidence", "doc_id", "start"], kind="stable")
        .head(top)
    )
    begins = [
        text if len(text := " ".join(texts[d][s:e].split())) <= 100 else text[:99] + "…"
        for d, s, e in zip(out["doc_id"], out["start"], out["end"], strict=True)
    ]
    columns = "doc_id quote start end kind speaker cue confidence".split()
    return out[columns].assign(words=begins).reset_index(drop=True)


def repeated(pairs: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Which documents repeat one another, what they are to each other and why; what was counted as one first.

    In:  pairs [a, b, relation, share_a, share_b, why]; documents [doc_id, title, date, source, story].
    Out: [relation, one_story, a, b, title_a, title_b, date_a, date_b, share, why], the relations in the
         order of `schema.RELATIONS`, then the largest `share` first: the greater of the shares of the words
         that one has in common with the other. `one_story`: both count as one where stories are counted.
         A missing title or date is "unknown". Pairs with a document not in `documents` are left out.
    """
    known = documents.set_index("doc_id")[["title", "date", "story"]].astype("object")
    known = known.where(known.notna(), UNKNOWN)
    out = pairs[pairs["a"].isin(known.index) & pairs["b"].isin(known.index)].copy()
    for side in ("a", "b"):
        for column in ("title", "date", "story"):
            out[f"{column}_{side}"] = out[side].map(known[column])
    out["one_story"] = (out["story_a"] == out["story_b"]).astype(bool)
    out["share"] = out[["share_a", "share_b"]].max(axis=1)
    rank = out["relation"].map({name: k for k, name in enumerate(RELATIONS)})
    out = out.assign(rank=rank).sort_values(["rank", "share", "a", "b"], ascending=[True, False, True, True])
    columns = "relation one_story a b title_a title_b date_a date_b share why".split()
    return out[columns].reset_index(drop=True)


def told_once(pairs: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """How many documents are copies, and how many only look like it.

    In:  as for `repeated`.
    Out: [relation, n_pairs, n_docs, one_story]: pairs of each relation that occurs, documents in them, and
         how many of the pairs count as one story; in the order of `schema.RELATIONS`.
    """
    table = repeated(pairs, documents)
    rows = [
        (name, len(part), len({*part["a"], *part["b"]}), int(part["one_story"].sum()))
        for name in RELATIONS
        if len(part := table[table["relation"] == name])
    ]
    return pd.DataFrame(rows, columns=["relation", "n_pairs", "n_docs", "one_story"])
