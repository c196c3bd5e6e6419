"""The gates of a job: what of its documents makes a report one to be read with care."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from workbench.report.jobs.model import Gates
from workbench.selection.model import period

if TYPE_CHECKING:
    import pandas as pd


def failed_gates(
    documents: pd.DataFrame, gates: Gates, day: date, whole: pd.DataFrame | None = None
) -> list[str]:
    """A sentence for each gate that the documents of a report miss; none when all is well.

    In:  documents [doc_id, date, story], those of the window; `day` the slot's. `whole` are those of the
         selection whatever their date: an undated document is inside no window, so its share is theirs.
    """
    every = documents if whole is None else whole
    copies = len(documents) - documents["story"].fillna(documents["doc_id"]).nunique()
    undated = int(every["date"].isna().sum())
    said = [
        _few(len(documents), gates.min_documents),
        _old(documents, gates.max_age_days, day),
        _share(copies, len(documents), gates.max_duplicate_share, "copies of another document"),
        _share(undated, len(every), gates.max_unknown_dates, "without a date"),
    ]
    return [sentence for sentence in said if sentence]


def _few(n: int, least: int | None) -> str:
    if least is None or n >= least:
        return ""
    return f"It rests on {n} document{'' if n == 1 else 's'}; at least {least} are wanted."


def _old(documents: pd.DataFrame, most: int | None, day: date) -> str:
    """Documents are as new as the last day that their date may mean; one without a year says nothing."""
    if most is None or documents.empty:
        return ""
    known = [text for text in documents["date"].dropna() if not str(text).startswith("--")]
    if not known:
        return f"None of its documents has a date with a year; one of the last {most} days is wanted."
    newest = max(date.fromisoformat(period(str(text))[1]) for text in known)
    age = (day - newest).days
    if age <= most:
        return ""
    return (
        f"Its newest document is of {newest.isoformat()}, {age:,} days before {day.isoformat()}; "
        f"at most {most:,} are wanted."
    )


def _share(n: int, total: int, most: float | None, what: str) -> str:
    if most is None or not total or n / total <= most:
        return ""
    return f"{n} of {total} documents ({n / total:.0%}) are {what}; at most {most:.0%} are wanted."
