"""Jobs: reports that are wanted again and again, each a TOML file in the project's `jobs` folder.

    title = "The week"
    notebooks = ["corpus_overview", "topic_frequency"]   # one report, one contents list
    selection = "source:TASS"                            # or a table of the selection's fields

    [parameters]                    # for every notebook that has them
    by = "source"
    [parameters.topic_frequency]    # for this one alone
    top = 6

`docs/reports.md` lists every key; a wrong one is refused with its place and its hint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import BadJob, did_you_mean
from workbench.selection.model import Selection

if TYPE_CHECKING:
    from workbench.project import Project

FOLDER = "jobs"  # below the project's folder
SWEEPS = ("source", "speaker", "month", "entity", "list")
CATCH_UP = ("none", "latest", "all")
OVERLAP = ("skip", "queue", "replace")
UNCHANGED = ("skip", "notice", "send")
MAIL_ON = ("success", "failure", "change")


@dataclass(frozen=True)
class Sweep:
    """One report for each value of `by`: those in `values`, or those of the corpus, at most `limit`.

    `list` takes `values` as selections of one line each, or, with `parameter`, as values of that one.
    """

    by: str = "list"
    values: tuple[str, ...] = ()
    parameter: str = ""
    limit: int = 50


@dataclass(frozen=True)
class Deliver:
    """Where a finished report goes besides the reports folder. No secret stands here."""

    mail: tuple[str, ...] = ()
    mail_on: tuple[str, ...] = ("success", "failure")
    folder: str = ""
    feed: bool = False


@dataclass(frozen=True)
class Schedule:
    """When a job runs. Durations are in seconds, `window` as `workbench.report.window` reads it.

    `catch_up` says which missed slots are run afterwards, `catch_up_cap` how many at most; `overlap` what
    happens to a slot that comes while the job still runs.
    """

    cron: str = ""
    timezone: str = "UTC"
    window: str = ""
    catch_up: str = "latest"
    catch_up_cap: int = 10
    overlap: str = "skip"
    retries: int = 0
    backoff: float = 60.0
    deadline: float = 3600.0


@dataclass(frozen=True)
class Retention:
    """Which runs are kept: the newest `runs` of them and those younger than `days`; 0 keeps all."""

    runs: int = 0
    days: int = 0


@dataclass(frozen=True)
class Gates:
    """What the documents must be like for a report to count as good; None asks nothing.

    `max_age_days` is the age of the newest document on the slot's day; shares are of the documents.
    """

    min_documents: int | None = None
    max_age_days: int | None = None
    max_duplicate_share: float | None = None
    max_unknown_dates: float | None = None


@dataclass(frozen=True)
class JobFile:
    """A job as its file says it. `name` is the file's stem, `corpus` a folder or "" for the project's.

    `memory` is what one notebook may take, in bytes; 0 sets no limit.

    `parameters` holds values for all notebooks and, under a notebook's name, a table for it alone.
    """

    name: str
    title: str
    notebooks: tuple[str, ...]
    corpus: str = ""
    selection: Selection = field(default_factory=Selection)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    sweep: Sweep | None = None
    formats: tuple[str, ...] = ("html",)
    deliver: Deliver = field(default_factory=Deliver)
    schedule: Schedule | None = None
    retention: Retention = field(default_factory=Retention)
    gates: Gates = field(default_factory=Gates)
    when_unchanged: str = "skip"
    memory: int = 0

    def parameters_of(self, notebook: str, known: tuple[str, ...]) -> dict[str, Any]:
        """The values for one notebook that knows the parameters `known`: the general ones, then its own."""
        general = {k: v for k, v in self.parameters.items() if not isinstance(v, Mapping) and k in known}
        return general | dict(self.parameters.get(Path(notebook).stem, {}))

    def table(self) -> dict[str, Any]:
        """Only what differs from the defaults, as plain values: the TOML table that reads back the same."""
        plain: dict[str, Any] = {"title": self.title, "notebooks": list(self.notebooks)}
        if self.corpus:
            plain["corpus"] = self.corpus
        if self.selection:
            plain["selection"] = self.selection.line()
        if self.formats != ("html",):
            plain["formats"] = list(self.formats)
        if self.when_unchanged != "skip":
            plain["when_unchanged"] = self.when_unchanged
        if self.memory:
            plain["memory"] = f"{self.memory // 1_000_000} MB"
        if self.parameters:
            plain["parameters"] = {
                k: dict(v) if isinstance(v, Mapping) else v for k, v in self.parameters.items()
            }
        parts = {
            "sweep": self.sweep, "schedule": self.schedule, "gates": self.gates,
            "deliver": self.deliver, "retention": self.retention,
        }  # fmt: skip
        for key, part in parts.items():
            if part is not None and (changed := _changed(part)):
                plain[key] = changed
        return plain


def job_paths(project: Project) -> dict[str, Path]:
    """Every job file of a project by its name, in order."""
    return {path.stem: path for path in sorted((project.folder / FOLDER).glob("*.toml"))}


def find_job(name: str, project: Project) -> Path:
    """The file of a job, named by its stem or by its path; BadJob with the nearest name."""
    known = job_paths(project)
    place = known.get(name.removesuffix(".toml"), Path(name))
    if not place.is_file():
        raise BadJob(
            project.folder / FOLDER, problem=f"no job `{name}`", hint=did_you_mean(Path(name).stem, known)
        )
    return place


def _changed(part: Any) -> dict[str, Any]:
    """The fields of a part that differ from its defaults, as plain values."""
    plain = type(part)()
    found = {one.name: getattr(part, one.name) for one in fields(part)}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in found.items()
        if value != getattr(plain, name) or (name == "by" and isinstance(part, Sweep))
    }
