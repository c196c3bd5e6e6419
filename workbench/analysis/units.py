"""The denominators: which sentences there are, how many words each has, in which group it counts.

Every rate divides by words of these units, every interval resamples them. `group` is chosen here, once.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from workbench.errors import BadParameter, did_you_mean
from workbench.schema import UNKNOWN

DOCUMENT_COLUMNS = ("source", "title", "date", "year", "month", "genre", "place", "language", "story")
GROUPINGS = (*DOCUMENT_COLUMNS, "doc_id", "voice", "speaker", "all")
AUTHOR = "the author"  # the speaker of a sentence that nobody else speaks
ALL = "all texts"
JOINT = " · "  # between the parts of a combined group: TASS · quote


def count_units(
    sentences: pd.DataFrame, tokens: pd.DataFrame, documents: pd.DataFrame, by: str | Sequence[str] = "source"
) -> pd.DataFrame:
    """One row per sentence of body text, with its words, what is known of its document, and its group.

    In:  sentences, tokens, documents as in the schema.
    Out: [doc_id, sentence, segment, start, end, voice, speaker, words, source, title, date, year, month,
         genre, place, language, story, by, group]. `words` counts tokens that are words, stop words
         included; unknown values are the word "unknown"; the author's sentences have the speaker
         "the author". BadParameter when `by` is no grouping.
    """
    words = tokens[tokens["word"].astype(bool)].groupby(["doc_id", "sentence"], sort=False).size()
    known = _document_columns(documents)
    out = sentences.merge(words.rename("words").reset_index(), on=["doc_id", "sentence"], how="left")
    out["words"] = out["words"].fillna(0).astype("int64")
    out = out.merge(known, on="doc_id", how="left")
    spoken = out["speaker"].astype("object").where(out["voice"] != "author", AUTHOR)
    out["speaker"] = spoken.where(spoken.notna(), UNKNOWN)
    return regroup(out, by)


def regroup(units: pd.DataFrame, by: str | Sequence[str]) -> pd.DataFrame:
    """The same units in other groups: `by` is one of GROUPINGS or a list of them.

    Out: the units with `group` ("TASS", or "TASS · quote" for two columns) and `by` ("source · voice").
    """
    names = [by] if isinstance(by, str) else list(by)
    for name in names:
        if name not in GROUPINGS:
            raise BadParameter("by", problem=f"cannot group by `{name}`", hint=did_you_mean(name, GROUPINGS))
    return units.assign(by=JOINT.join(names), group=group_labels(units, names))


def group_labels(rows: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """The group of each row from its columns `names`; "all" puts every row in one group.

    What is not known is the group "unknown source", "unknown month" … (`unknown`).
    """
    label: pd.Series | None = None
    for name in names:
        part = pd.Series(ALL, index=rows.index) if name == "all" else rows[name].astype("object")
        part = part.fillna(UNKNOWN).replace(UNKNOWN, unknown(name))
        label = part.astype(str) if label is None else label + JOINT + part.astype(str)
    assert label is not None, "regroup was given no column"
    return label.astype("object")


def unknown(name: str) -> str:
    """The group of rows whose `name` is not known, as a figure can print it: "unknown source"."""
    return f"{UNKNOWN} {name}"


def totals(units: pd.DataFrame) -> pd.DataFrame:
    """How much text stands in each group: the denominators as a table.

    In:  units. Out: [group, words, share, n_sentences, n_docs], most words first; `share` of all words.
    """
    out = (
        units.groupby("group", sort=True)
        .agg(words=("words", "sum"), n_sentences=("words", "size"), n_docs=("doc_id", "nunique"))
        .reset_index()
    )
    out.insert(2, "share", out["words"] / max(1, int(out["words"].sum())))
    out = out.sort_values(["words", "group"], ascending=[False, True], ignore_index=True)
    out.attrs["by"] = grouping(units)
    return out


def grouping(units: pd.DataFrame) -> str:
    """What the groups of `units` are: "source", "voice", "source · voice"."""
    return str(units["by"].iloc[0]) if len(units) else "group"


def _document_columns(documents: pd.DataFrame) -> pd.DataFrame:
    """[doc_id, source, title, date, year, month, …] with the word "unknown" where nothing is known."""
    out = documents[["doc_id", *(c for c in DOCUMENT_COLUMNS if c in documents.columns)]].copy()
    date, precision = documents["date"].astype("object"), documents["date_precision"]
    out["year"] = date.str[:4].where(precision.isin(["day", "month", "year"]))
    out["month"] = date.str[:7].where(precision.isin(["day", "month"]))
    for column in DOCUMENT_COLUMNS:
        out[column] = out[column].astype("object").where(out[column].notna(), UNKNOWN)
    return out[["doc_id", *DOCUMENT_COLUMNS]]
