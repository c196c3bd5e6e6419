"""What may have changed a report since its last run: documents, settings, program, the report itself."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.report.results import ResultStamp
from workbench.selection.model import Selection, period
from workbench.settings.metadata import FILE as METADATA

if TYPE_CHECKING:
    from workbench.corpus import Corpus

NEW, LATE, SETTINGS = "new documents", "late documents", "settings"
PROGRAM, REPORT = "program", "the report itself"
Arrival = tuple[str, str]  # of a document: date ("" unknown), time of arrival


class Documents:
    """Date and time of arrival of the documents of one corpus version, by selection; asked from many threads."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus, self._lock = corpus.unfiltered(), threading.Lock()
        self._every: dict[str, Arrival] | None = None

    def inside(self, selection: Selection) -> dict[str, Arrival]:
        """By doc_id, those inside a selection. BadSelection for a value that nothing has."""
        with self._lock:
            if self._every is None:
                rows = self._corpus.query("SELECT doc_id, date, added FROM documents")
                texts = [rows[name].astype("object").fillna("").astype(str) for name in rows]
                self._every = {doc: (date, added) for doc, date, added in zip(*texts, strict=True)}
            if not selection:
                return dict(self._every)
            return {doc: self._every[doc] for doc in self._corpus.where(selection).doc_ids}


def settings_of(corpus: Corpus, codes: str = "") -> dict[str, str]:
    """A digest of each file of settings that a corpus is read with, its corrections and the codes among them."""
    found = {name: digest for name, digest in corpus.settings.digests.items()}
    files = sorted(corpus.folder.rglob(METADATA))
    said = b"".join(
        path.relative_to(corpus.folder).as_posix().encode() + b"\0" + path.read_bytes() for path in files
    )
    return found | {"metadata": hashlib.sha256(said).hexdigest()[:16] if files else "", "codes": codes}


@dataclass(frozen=True)
class Arrived:
    """Documents between two runs. `new` are of days after the old window, `late` of the old window, arrived or
    changed since; `undated` arrived since, and nobody can tell; `missing` were there and are no longer, or changed.

    `known` is False when the times of arrival say nothing, because the store was made anew since.
    """

    new: int = 0
    late: int = 0
    undated: int = 0
    missing: int = 0
    known: bool = True


def arrived(
    before: ResultStamp, old: Mapping[str, Arrival], now: Mapping[str, Arrival], every: Mapping[str, Arrival]
) -> Arrived:
    """Count the documents inside the selection with the window of the last run (`old`) and of this (`now`).

    `every` are those of the whole corpus.
    """
    if every and before.documents and all(added > before.made for _, added in every.values()):
        return Arrived(new=len(set(now) - set(old)), known=False)
    since = {doc: date for doc, (date, added) in old.items() if added > before.made}
    undated = sum(not _dated(date) for date in since.values())
    after = sum(_dated(date) and period(date)[0] > end_of(before) for date in since.values())
    return Arrived(
        new=after + len(set(now) - set(old)),
        late=len(since) - undated - after,
        undated=undated,
        missing=max(0, before.documents - (len(old) - len(since))),
    )


def other_causes(before: ResultStamp, now: ResultStamp, came: Arrived) -> list[str]:
    """Which inputs other than new documents are not what they were."""
    found = []
    if before.corpus_version != now.corpus_version and (came.late or came.missing or not came.known):
        found.append(LATE)
    if before.settings_digest != now.settings_digest or changed_settings(before, now):
        found.append(SETTINGS)
    if before.package != now.package or dict(before.packages) != dict(now.packages):
        found.append(PROGRAM)
    if changed_report(before, now):
        found.append(REPORT)
    return found


def changed_settings(before: ResultStamp, now: ResultStamp) -> list[str]:
    """Which files of settings say something else."""
    if not before.settings:
        return []
    names = sorted({*before.settings, *now.settings})
    return [name for name in names if before.settings.get(name, "") != now.settings.get(name, "")]


def changed_report(before: ResultStamp, now: ResultStamp) -> list[str]:
    """What of the report's own definition is other: its notebooks, parameters, or selection, dates aside."""
    rules = [Selection.parse(one.line).narrowed(since=None, until=None) for one in (before, now)]
    return [
        word
        for word, differs in (
            ("notebook", before.notebook != now.notebook),
            ("parameters", before.parameters != now.parameters),
            ("selection", rules[0] != rules[1]),
        )
        if differs
    ]


def moved(before: ResultStamp, now: ResultStamp) -> bool:
    """Whether the two runs are about other days."""
    return (before.since, before.until) != (now.since, now.until)


def last_days(before: ResultStamp, now: ResultStamp) -> Selection:
    """This run's rule over the days of the last one."""
    return Selection.parse(now.line).narrowed(since=before.since or None, until=before.until or None)


def again_over(
    before: ResultStamp, now: ResultStamp, old: Mapping[str, Arrival], came: Arrived
) -> Selection | None:
    """The selection that leaves out the new documents: this run's rule over the days of the last one.

    Without a window, it is by arrival where none came late, else by date; None where dates cannot keep them
    apart, since an undated document would fall out as well.
    """
    rule = last_days(before, now)
    if moved(before, now):
        return rule
    if not (came.late or came.missing):
        return rule.narrowed(arrived=before.made)
    end = end_of(before)
    there = [date for date, added in old.values() if added <= before.made]
    if any(not _dated(date) or period(date)[1] > end for date in there):
        return None
    return rule.narrowed(until=end)


def end_of(before: ResultStamp) -> str:
    """The last day that the last run was about: that of its window, or the day it was made."""
    return period(before.until)[1] if before.until else before.made[:10]


def _dated(date: str) -> bool:
    """Whether a date has a year."""
    return bool(date) and not date.startswith("--")
