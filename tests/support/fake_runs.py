"""Runs of jobs as they lie below a reports folder, written without running anything."""

from __future__ import annotations

import json
from pathlib import Path

from workbench.report.diff.attribution import Arrived
from workbench.report.diff.compare import Since, changes_place, compare, split, write_since
from workbench.report.results import NamedResult, ResultStamp, place, write_results

BEFORE = ResultStamp("2020-03-09T07:00:00+00:00", "v1", since="2020-03-02", until="2020-03-08", documents=2)
NOW = ResultStamp("2020-03-16T07:00:00+00:00", "v2", since="2020-03-09", until="2020-03-15", documents=4)


def some_changes(name: str = "report") -> Since:
    """One result up, one new, one gone, one number without an interval; late documents and new ones."""
    before = [
        NamedResult("<i>Ours</i>, arms: per 1,000 words", 10.0, 7.0, 14.0),
        NamedResult("count", 5.0),
        NamedResult("old", 1.0),
    ]
    after = [
        NamedResult("<i>Ours</i>, arms: per 1,000 words", 20.0, 16.0, 23.0),
        NamedResult("count", 6.0),
        NamedResult("new", 2.0),
    ]
    middle = [
        NamedResult("<i>Ours</i>, arms: per 1,000 words", 11.0, 8.0, 15.0),
        NamedResult("count", 5.0),
        NamedResult("old", 1.0),
    ]
    causes = ("late documents", "new documents")
    chain = [("", before), (causes[0], middle), (causes[1], after)]
    changes = tuple(split(change, chain) for change in compare(before, after)[0])
    return Since(name, NOW, BEFORE, changes, 3, causes, Arrived(new=3, late=1), ("settings: <i>topics</i>",))


def lay_run(out: Path, job: str, slot: str, value: float, state: str = "done", **others: object) -> Path:
    """A run of a job with one key figure, `documents`, in its own folder; the folder."""
    folder = out / job / slot
    folder.mkdir(parents=True)
    (folder / f"{job}.html").write_text("report")
    write_results(
        place(folder, job), NOW,
        [NamedResult("<i>documents</i>", value, value - 1, value + 2, key=True), NamedResult("top", "trade", key=True), NamedResult("rate", 1.0)],
    )  # fmt: skip
    since = some_changes(job) if state != "failed" else Since(job, NOW)
    write_since(changes_place(folder, job), since, ["a line"])
    report = {
        "name": job,
        "state": state,
        "paths": {"html": f"{job}.html"},
        "title": f"The {job}",
        "seconds": 1.0,
    }
    run = {
        "job": job, "title": f"The <i>{job}</i>", "state": state, "slot": slot, "window": None, "reason": "",
        "reports": [report], "made": "2020-03-16T07:00:00+00:00", "seconds": 12.34,
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(run | others))
    return folder
