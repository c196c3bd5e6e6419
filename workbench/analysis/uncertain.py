"""The labels a human eye should look at first: lines, dates and what their pages do not settle."""

from __future__ import annotations

import pandas as pd

from workbench.schema import BODY_KINDS

MOST_DATES = 5  # of them at most, so that the lines are seen: a folder may have a thousand dates of one doubt
CERTAIN = 0.95  # a judgement: a line above it is not nearly anything else, and would only fill the table
LONG = 100  # characters of a line that are shown
# Words of `documents.date_basis` that name a rival or an inference (label/meta.py writes them).
_DOUBTFUL = r"infer|other date lines|also fits|perhaps|no year"


def least_certain_labels(
    segments: pd.DataFrame, documents: pd.DataFrame, *, top: int = 20, dates: int = MOST_DATES
) -> pd.DataFrame:
    """The least certain labels: dates with a rival or an inferred year, then lines that are nearly something else.

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
        other = "not text" if one.kind in BODY_KINDS else "text"
        why = f"{one.rule}; nearly {other}"
        rows.append(("line", one.doc_id, one.start, one.end, one.kind, one.confidence, why, shown))
    columns = ["what", "doc_id", "start", "end", "label", "confidence", "why", "words"]
    out = pd.DataFrame(rows, columns=columns)
    places = {
        name: pd.Series([row[k] for row in rows], dtype="object") for k, name in ((2, "start"), (3, "end"))
    }
    return out.assign(**places).astype({"confidence": "float64"})
