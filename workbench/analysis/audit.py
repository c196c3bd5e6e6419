"""The audit: what is not known of a corpus, and where its coverage has holes."""

from __future__ import annotations

import math

import pandas as pd

from workbench.languages import UNDETERMINED, languages_with, supports
from workbench.schema import UNKNOWN

SHORT = 50  # words of body text; a news brief has 60 to 100, a page that was not read has next to none
DIP = 0.01  # chance of so few documents in a period, were it like the source's other ones
LEAST_PERIODS = 4  # with fewer periods nobody knows what is usual for a source


def shortfalls(documents: pd.DataFrame, problems: pd.DataFrame) -> pd.DataFrame:
    """How many documents lack something, or are something that analyses leave out.

    In:  documents and problems as in the schema.
    Out: [what, n, of, share, mend], in a fixed order, zero rows included; `of` is all documents, or all
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
    out = pd.DataFrame(rows, columns=["what", "n", "of", "mend"]).astype({"n": int, "of": int})
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
