"""Data quality of a corpus: what arrived, what is missing, doubtful or uncertain, and gaps in coverage.

The audit: what is not known of a corpus, and where its coverage has holes.

What arrived: documents, how sure their labels are, how much of each page was text.

The labels a human eye should look at first: lines, dates and what their pages do not settle.
"""

from __future__ import annotations

import math

import pandas as pd

from workbench.analysis.units import group_labels
from workbench.languages import UNDETERMINED, languages_with, supports
from workbench.schema import BODY_KINDS, RELATIONS, SEGMENT_KINDS, UNKNOWN

SHORT = 50  # words of body text; a news brief has 60 to 100, a page that was not read has next to none
DIP = 0.01  # chance of so few documents in a period, were it like the source's other ones
LEAST_PERIODS = 4  # with fewer periods nobody knows what is usual for a source


def shortfalls(documents: pd.DataFrame, problems: pd.DataFrame) -> pd.DataFrame:
    """How many documents lack something, or are something that analyses leave out.

    In:  documents and problems as in the schema.
    Out: [what, n, of, share, hint], in a fixed order, zero rows included; `of` is all documents, or all
         files for those that were refused.
    """
    n = len(documents)
    refused = problems.loc[problems["severity"] == "refused", "path"].nunique()
    basis = documents["date_basis"].fillna("").str.lower()
    language = documents["language"].fillna(UNDETERMINED)
    rows = [
        ("files that could not be read", refused, n + refused, "see the problems below"),
        ("without a date", (documents["date_precision"] == "none").sum(), n, "date in metadata.toml"),
        (
            "with a day but no year",
            (documents["date_precision"] == "month-day").sum(),
            n,
            "date in metadata.toml",
        ),
        ("with an inferred year", basis.str.contains("infer").sum(), n, "check the basis of the date"),
        ("without a title", documents["title"].isna().sum(), n, "title in metadata.toml"),
        ("without a source", documents["source"].isna().sum(), n, "an entry in sources.toml"),
        (
            f"not in {' or '.join(one.name for one in languages_with('names'))}",
            sum(not supports(code, "names") for code in language),
            n,
            "kept, and left out of sentiment and names",
        ),
        ("in a language nobody could tell", (language == UNDETERMINED).sum(), n, "language in metadata.toml"),
        (
            f"shorter than {SHORT} words",
            (documents["words"] < SHORT).sum(),
            n,
            "look at it with workbench parse",
        ),
        ("copies of another document", _copies(documents), n, 'select with stories:"one per story"'),
    ]
    out = pd.DataFrame(rows, columns=["what", "n", "of", "hint"]).astype({"n": int, "of": int})
    out.insert(3, "share", out["n"] / out["of"].clip(lower=1))
    return out


def coverage(documents: pd.DataFrame, period: str = "month") -> pd.DataFrame:
    """The ledger of what arrived, by source and period, so that a dip in a line can be told from a broken feed.

    In:  documents; `period` is "month" or "year". Documents whose date is not known so far stand in the
         period "unknown".
    Out: [source, period, n_docs, words, usual, mark], every period between a source's first and last one;
         `usual` is the median of the source's other periods; `mark` is "gap" (nothing arrived), "dip"
         (fewer than chance allows, Poisson), "last" (the corpus may end inside it) or empty. With fewer
         than four periods nothing is called a dip.
    """
    length = {"month": 7, "year": 4}[period]
    date = documents["date"].astype("object").fillna("")
    known = ~date.str.startswith("-") & (date.str.len() >= length)
    table = documents.assign(
        period=date.str[:length].where(known, UNKNOWN),
        source=documents["source"].astype("object").fillna(UNKNOWN),
    )
    counted = table.groupby(["source", "period"]).agg(n_docs=("doc_id", "size"), words=("words", "sum"))
    last = table.loc[known, "period"].max() if known.any() else ""
    rows = [
        row
        for source, mine in counted.reset_index().groupby("source")
        for row in _ledger(str(source), mine, period, str(last))
    ]
    return pd.DataFrame(rows, columns=["source", "period", "n_docs", "words", "usual", "mark"])


def _ledger(source: str, mine: pd.DataFrame, period: str, last: str) -> list[tuple[object, ...]]:
    have = mine.set_index("period")[["n_docs", "words"]]
    known = sorted(name for name in have.index if name != UNKNOWN)
    span = _between(known[0], known[-1], period) if known else []
    counts = [int(have["n_docs"].get(name, 0)) for name in span]
    rows: list[tuple[object, ...]] = []
    for k, (name, n) in enumerate(zip(span, counts, strict=True)):
        others = counts[:k] + counts[k + 1 :]
        usual = float(pd.Series(others).median()) if others else math.nan
        rows.append(
            (
                source,
                name,
                n,
                int(have["words"].get(name, 0)),
                usual,
                _mark(n, usual, len(span), name == last),
            )
        )
    if UNKNOWN in have.index:
        rows.append(
            (source, UNKNOWN, int(have["n_docs"][UNKNOWN]), int(have["words"][UNKNOWN]), math.nan, "")
        )
    return rows


def _mark(n: int, usual: float, periods: int, is_last: bool) -> str:
    if is_last:
        return "last"
    if n == 0:
        return "gap"
    return "dip" if periods >= LEAST_PERIODS and _poisson_below(n, usual) < DIP else ""


def _poisson_below(n: int, mean: float) -> float:
    """P(X <= n) for a Poisson count of this mean."""
    return (
        math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(n + 1))
        if mean > 0
        else 1.0
    )


def _between(first: str, last: str, period: str) -> list[str]:
    """Every month or year from `first` to `last`."""
    if period == "year":
        return [f"{year:04d}" for year in range(int(first), int(last) + 1)]
    start, end = (int(name[:4]) * 12 + int(name[5:7]) - 1 for name in (first, last))
    return [f"{k // 12:04d}-{k % 12 + 1:02d}" for k in range(start, end + 1)]


def _copies(documents: pd.DataFrame) -> int:
    story = documents["story"].fillna(documents["doc_id"])
    return int((story != documents["doc_id"]).sum())


# ---------------------------------------------------------------- documents, the confidence of their labels, the share of each page that is text


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

    Out: [path, problem, hint, severity]: the problems, then a row for each document whose date, source
         or title is unknown and whose problems do not say so already; refused first.
    """
    missing = {
        "date": documents["date_precision"] == "none",
        "source": documents["source"].isna(),
        "title": documents["title"].isna(),
    }
    columns = ["path", "problem", "hint", "severity"]
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


def copy_counts(pairs: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Counts of near-duplicate pairs and documents by relation.

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


# ---------------------------------------------------------------- the labels a human eye should look at first: lines, dates and what their pages do not settle

MOST_DATES = 5  # of them at most, so that the lines are seen: a folder may have a thousand dates of one doubt
CERTAIN = 0.95  # a judgement: a line above it could hardly be anything else, and would only fill the table
LONG = 100  # characters of a line that are shown
# Words of `documents.date_basis` that name a rival or an inference (label/meta.py writes them).
_DOUBTFUL = r"infer|other date lines|also fits|perhaps|no year"


def least_certain_labels(
    segments: pd.DataFrame, documents: pd.DataFrame, *, top: int = 20, dates: int = MOST_DATES
) -> pd.DataFrame:
    """The least certain labels: dates with a rival or an inferred year, then lines that could also be something else.

    In:  segments [doc_id, start, end, kind, rule, confidence], documents [doc_id, text, date, date_basis].
    Out: [what, doc_id, start, end, label, confidence, why, words], at most `top` rows. `what` is "date" or
         "line"; a date has no place and no confidence, and `why` is its basis. Lines come with the smallest
         `confidence` first: how surely they are text of the story, or none. A line without letters is left out, one
         that is certain, and every label that a rule gave by itself: nothing is known of how sure it is.
    """
    doubtful = documents[documents["date_basis"].fillna("").str.contains(_DOUBTFUL, regex=True)]
    doubtful = doubtful.sort_values("doc_id").head(min(dates, top))
    rows: list[tuple[object, ...]] = [
        ("date", row.doc_id, None, None, row.date, None, row.date_basis, "")
        for row in doubtful[["doc_id", "date", "date_basis"]].itertuples(index=False)
    ]
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    judged = segments[(segments["confidence"] < CERTAIN) & segments["doc_id"].isin(texts.keys())]
    judged = judged.sort_values(["confidence", "doc_id", "start"], kind="stable")
    for one in judged[["doc_id", "start", "end", "kind", "rule", "confidence"]].itertuples(index=False):
        if len(rows) >= top:
            break
        words = " ".join(texts[one.doc_id][one.start : one.end].split())
        if not any(mark.isalpha() for mark in words):
            continue
        shown = words if len(words) <= LONG else words[: LONG - 1] + "…"
        other = "no text" if one.kind in BODY_KINDS else "text"
        why = f"{one.rule}; could also be {other}"
        rows.append(("line", one.doc_id, one.start, one.end, one.kind, one.confidence, why, shown))
    columns = ["what", "doc_id", "start", "end", "label", "confidence", "why", "words"]
    out = pd.DataFrame(rows, columns=columns)
    places = {
        name: pd.Series([row[k] for row in rows], dtype="object") for k, name in ((2, "start"), (3, "end"))
    }
    return out.assign(**places).astype({"confidence": "float64"})
