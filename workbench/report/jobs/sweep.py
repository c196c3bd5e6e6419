"""A sweep: one job, one report for each source, speaker, month, entity, or item of a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workbench.errors import BadSelection
from workbench.selection.model import Selection, narrow, period
from workbench.selection.saved import parse_selection

if TYPE_CHECKING:
    from workbench.corpus import Corpus
    from workbench.report.jobs.model import Sweep

_FIELDS = {"source": "source", "speaker": "speaker", "entity": "mentions"}


@dataclass(frozen=True)
class SweepPoint:
    """One report of a sweep: what it is called, its selection, its parameters."""

    label: str
    selection: Selection
    parameters: Mapping[str, Any] = field(default_factory=dict)


def swept(sweep: Sweep | None, corpus: Corpus, selection: Selection) -> list[SweepPoint]:
    """The points of a sweep inside a selection, the most frequent first; one without a name for no sweep.

    A value under which the selection has no document makes no report. Raises BadSelection when none
    is left, or when the selection already sets what is swept.
    """
    if sweep is None:
        return [SweepPoint("", selection)]
    if sweep.parameter:
        return [SweepPoint(value, selection, {sweep.parameter: value}) for value in sweep.values]
    values = sweep.values or tuple(_found(sweep.by, corpus.where(selection)))
    points = [point for value in values if (point := _point(sweep.by, value, corpus, selection))]
    if not points:
        raise BadSelection(
            "sweep",
            problem=f"nothing to sweep by {sweep.by} in: {selection.caption()}",
            hint="widen the selection",
        )
    return points[: sweep.limit]


def _point(by: str, value: str, corpus: Corpus, selection: Selection) -> SweepPoint | None:
    """The point of one value, or None when the selection has no document under it."""
    inner = parse_selection(value, corpus.settings.folder) if by == "list" else _narrow(by, value)
    wanted = narrow(selection, inner)
    try:
        return SweepPoint(value, wanted) if corpus.where(wanted).doc_ids else None
    except BadSelection as error:
        if error.problem.startswith("nothing here has"):
            return None
        raise


def _narrow(by: str, value: str) -> Selection:
    if by == "month":
        since, until = period(value)
        return Selection(since=since, until=until)
    return Selection(**{_FIELDS[by]: (value,)})  # type: ignore[arg-type]


def _found(by: str, corpus: Corpus) -> list[str]:
    """The values in a corpus, the most frequent first, ties by name; months in their order."""
    if by == "month":
        dates = [str(date)[:7] for date in corpus.tables.documents.to_pandas()["date"].dropna()]
        return sorted({date for date in dates if len(date) == 7 and not date.startswith("--")})
    if by == "entity":
        entities = corpus.tables.entities.to_pandas().sort_values(
            ["n", "entity"], ascending=[False, True], kind="stable"
        )
        return [str(name) for name in entities["entity"].dropna()]
    column = (
        corpus.tables.documents.to_pandas()["source"]
        if by == "source"
        else corpus.tables.sentences.to_pandas()["speaker"]
    )
    counts = column.dropna().astype(str).value_counts()
    return sorted(counts.index, key=lambda value: (-int(counts[value]), value))
