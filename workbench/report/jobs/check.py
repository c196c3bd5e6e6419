"""Reading a job's file: every key and value is checked, every problem is found, not only the first."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from workbench.errors import BadJob, BadSelection, BadSettings, did_you_mean
from workbench.report.formats import FORMATS
from workbench.report.jobs import model
from workbench.report.jobs.model import Deliver, Gates, JobFile, Retention, Schedule, Sweep
from workbench.report.window import is_window
from workbench.selection.model import Selection
from workbench.selection.saved import parse_selection, selection_from_table
from workbench.settings.loader import read_toml

_UNITS = {"s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hour": 3600, "day": 86400, "week": 604800}  # fmt: skip
_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+?)s?\s*\Z", re.I)
_MEMORY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(MB|GB)\s*\Z", re.I)
_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\Z")
_KEYS = tuple(one.name for one in fields(JobFile) if one.name != "name")


def read_job(path: Path, settings: Path | None = None) -> tuple[JobFile | None, list[BadJob]]:
    """The job of a file, or None with everything that is wrong with it.

    `settings` is the folder whose saved selections the job can name; without it, it can name none.
    """
    try:
        return read_table(str(path), path.stem, read_toml(path), settings)
    except OSError as error:
        problem = "there is no such job file" if isinstance(error, FileNotFoundError) else str(error.strerror)
        near = [other.stem for other in path.parent.glob("*.toml")]
        return None, [BadJob(path, problem=problem, hint=did_you_mean(path.stem, near))]
    except BadSettings as error:
        return None, [BadJob(path, problem=error.problem, hint=error.hint)]


def read_table(
    place: str, name: str, table: Mapping[str, Any], settings: Path | None = None
) -> tuple[JobFile | None, list[BadJob]]:
    """The job in a table that is already read, or None with everything that is wrong with it."""
    check = _Checker(place, settings)
    check.keys("a job", table, _KEYS)
    if "notebooks" not in table:
        check.refuse("it names no notebook", 'write notebooks = ["topic_frequency"]')
    notebooks = check.texts("notebooks", table.get("notebooks", ()))
    if "notebooks" in table and not notebooks:
        check.refuse("`notebooks` is empty", 'write notebooks = ["topic_frequency"]')
    job = JobFile(
        name=name,
        title=check.text("title", table.get("title", name.replace("_", " ").capitalize())),
        notebooks=notebooks,
        corpus=check.text("corpus", table.get("corpus", "")),
        selection=check.selection(table.get("selection", "")),
        parameters=check.parameters(table.get("parameters", {}), notebooks),
        sweep=check.sweep(table["sweep"]) if "sweep" in table else None,
        formats=check.chosen("formats", table.get("formats", ["html"]), FORMATS),
        deliver=check.deliver(table.get("deliver", {})),
        schedule=check.schedule(table["schedule"]) if "schedule" in table else None,
        retention=check.part("retention", Retention, table.get("retention", {}), _whole),
        gates=check.gates(table.get("gates", {})),
        memory=_memory(check, table.get("memory", "")),
        when_unchanged=check.one_of("when_unchanged", table.get("when_unchanged", "skip"), model.UNCHANGED),
    )
    return (None if check.problems else job), check.problems


def seconds(value: object) -> float | None:
    """A duration in seconds: a number of them, or a text such as "15 min"; None when it is neither.

    >>> seconds("15 min"), seconds("2 hours"), seconds("soon")
    (900.0, 7200.0, None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) and value >= 0 else None
    found = _DURATION.match(value) if isinstance(value, str) else None
    unit = _UNITS.get(found[2].lower()) if found else None
    return float(found[1]) * unit if found and unit else None


def _has_password(address: str) -> bool:
    """Whether an address such as `ftp://name:secret@host/` holds a password.

    >>> _has_password("ftp://name:secret@host/x"), _has_password("s3://bucket/x")
    (True, False)
    """
    try:
        return urlsplit(address).password is not None
    except ValueError:
        return False


Rule = Callable[["_Checker", str, object, Any], Any]


@dataclass
class _Checker:
    """Collects what is wrong; every method gives a value that can stand in the job meanwhile."""

    place: str
    settings: Path | None = None
    problems: list[BadJob] = field(default_factory=list)

    def refuse(self, problem: str, hint: str) -> None:
        """Note a problem."""
        self.problems.append(BadJob(self.place, problem=problem, hint=hint))

    def keys(self, what: str, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
        """Refuse unknown keys."""
        for key in table:
            if key not in known:
                self.refuse(f"{what} has no setting `{key}`", did_you_mean(key, known))

    def text(self, key: str, value: object) -> str:
        """A text of one line."""
        if isinstance(value, str) and "\n" not in value:
            return value
        self.refuse(f"`{key}` is no text of one line", f'write {key} = "…"')
        return ""

    def texts(self, key: str, value: object) -> tuple[str, ...]:
        """A text, or a list of texts."""
        items = [value] if isinstance(value, str) else value
        if isinstance(items, list | tuple) and all(isinstance(item, str) and item.strip() for item in items):
            return tuple(dict.fromkeys(items))
        self.refuse(f"`{key}` is not a list of texts", f'write {key} = ["…", "…"]')
        return ()

    def one_of(self, key: str, value: object, known: tuple[str, ...]) -> str:
        """One of a closed list."""
        if isinstance(value, str) and value in known:
            return value
        self.refuse(f"`{key}` cannot be {value!r}", did_you_mean(str(value), known))
        return known[0]

    def chosen(self, key: str, value: object, known: tuple[str, ...]) -> tuple[str, ...]:
        """Some of a closed list."""
        return tuple(self.one_of(key, item, known) for item in self.texts(key, value))

    def number(self, key: str, value: object, least: int = 0) -> int:
        """A whole number."""
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        self.refuse(
            f"`{key}` cannot be {value!r}", f"give a whole number from {least}, such as {key} = {least + 1}"
        )
        return least

    def selection(self, value: object) -> Selection:
        """A selection on one line or as a table."""
        try:
            if isinstance(value, Mapping):
                return selection_from_table(value, self.place, self.settings)
            return parse_selection(self.text("selection", value), self.settings)
        except BadSelection as error:
            self.refuse(f"the selection: {error.problem}", error.hint)
        except (TypeError, AttributeError):
            self.refuse(
                "the selection: a field has a value of the wrong kind", "write texts or lists of them"
            )
        return Selection()

    def parameters(self, value: object, notebooks: tuple[str, ...]) -> Mapping[str, Any]:
        """Values for all notebooks, and tables under a notebook's name."""
        if not isinstance(value, Mapping):
            self.refuse("`parameters` is no table", "write [parameters] and one name = value a line")
            return {}
        stems = [Path(name).stem for name in notebooks]
        for key, inner in value.items():
            if isinstance(inner, Mapping) and key not in stems:
                self.refuse(f"`parameters.{key}` names none of its notebooks", did_you_mean(key, stems))
        return {k: dict(v) if isinstance(v, Mapping) else v for k, v in value.items()}

    def table(self, key: str, value: object, kind: type[Any]) -> Mapping[str, Any]:
        """A table with the keys of a dataclass."""
        if not isinstance(value, Mapping):
            self.refuse(f"`{key}` is no table", f"write [{key}] on a line of its own")
            return {}
        self.keys(f"[{key}]", value, tuple(one.name for one in fields(kind)))
        return {name: item for name, item in value.items() if name in {one.name for one in fields(kind)}}

    def part(self, key: str, kind: type[Any], value: object, rule: Rule) -> Any:
        """A table all of whose values are checked by one rule."""
        table = self.table(key, value, kind)
        return kind(**{name: rule(self, f"{key}.{name}", item, None) for name, item in table.items()})

    def sweep(self, value: object) -> Sweep:
        """Which reports one job makes."""
        table = self.table("sweep", value, Sweep)
        sweep = Sweep(
            self.one_of("sweep.by", table.get("by", "list"), model.SWEEPS),
            self.texts("sweep.values", table.get("values", ())),
            self.text("sweep.parameter", table.get("parameter", "")),
            self.number("sweep.limit", table.get("limit", 50), 1),
        )
        if sweep.by == "list" and not sweep.values and not self.problems:
            self.refuse("[sweep] by list has no values", 'write values = ["source:TASS", "source:Reuters"]')
        if sweep.parameter and sweep.by != "list":
            self.refuse(f"[sweep] by {sweep.by} takes no parameter", 'write by = "list", or drop `parameter`')
        if sweep.by == "list" and not sweep.parameter:
            for line in sweep.values:
                self.selection(line)
        return sweep

    def deliver(self, value: object) -> Deliver:
        """Where finished reports go."""
        table = self.table("deliver", value, Deliver)
        for address in (mail := self.texts("deliver.mail", table.get("mail", ()))):
            if not _ADDRESS.match(address):
                self.refuse(
                    f"`deliver.mail` has {address!r}", 'write addresses alone: mail = ["name@example.org"]'
                )
        feed = table.get("feed", False)
        if not isinstance(feed, bool):
            self.refuse("`deliver.feed` is neither true nor false", "write feed = true")
        if "://" in (folder := self.text("deliver.folder", table.get("folder", ""))) and _has_password(
            folder
        ):
            self.refuse(
                "`deliver.folder` holds a password",
                "leave it out; the address's driver reads its own settings",
            )
        return Deliver(
            mail,
            self.chosen("deliver.mail_on", table.get("mail_on", list(Deliver().mail_on)), model.MAIL_ON),
            folder,
            feed is True,
        )

    def schedule(self, value: object) -> Schedule:
        """When it runs, and for which window."""
        table, plain = self.table("schedule", value, Schedule), Schedule()
        zone = table.get("timezone", plain.timezone)
        if not _is_zone(zone):
            self.refuse(
                f"no time zone {zone!r}",
                did_you_mean(str(zone), [z for z in available_timezones() if "/" in z]),
            )
        window = table.get("window", plain.window)
        if not (isinstance(window, str) and is_window(window)):
            self.refuse(
                f"`schedule.window` cannot be {window!r}", 'write "7 days", "1 month" or "previous week"'
            )
        return Schedule(
            _cron(self, table.get("cron", plain.cron)),
            str(zone),
            str(window),
            self.one_of("schedule.catch_up", table.get("catch_up", plain.catch_up), model.CATCH_UP),
            self.number("schedule.catch_up_cap", table.get("catch_up_cap", plain.catch_up_cap), 1),
            self.one_of("schedule.overlap", table.get("overlap", plain.overlap), model.OVERLAP),
            self.number("schedule.retries", table.get("retries", plain.retries)),
            _duration(self, "schedule.backoff", table.get("backoff", plain.backoff)),
            _duration(self, "schedule.deadline", table.get("deadline", plain.deadline)),
        )

    def gates(self, value: object) -> Gates:
        """What turns a run into a degraded one."""
        table = self.table("gates", value, Gates)
        rules: dict[str, Rule] = {
            "min_documents": _whole, "max_age_days": _whole,
            "max_duplicate_share": _share, "max_unknown_dates": _share,
        }  # fmt: skip
        return Gates(**{name: rules[name](self, f"gates.{name}", item, None) for name, item in table.items()})


def _whole(check: _Checker, key: str, value: object, _: Any) -> int:
    return check.number(key, value)


def _share(check: _Checker, key: str, value: object, _: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    check.refuse(f"`{key}` cannot be {value!r}", f"give a share from 0 to 1, such as {key} = 0.2")
    return 1.0


def _duration(check: _Checker, key: str, value: object) -> float:
    found = seconds(value)
    if found is None:
        check.refuse(f"`{key}` cannot be {value!r}", 'write "15 min", "2 hours", or a number of seconds')
    return found or 0.0


def _memory(check: _Checker, value: object) -> int:
    found = _MEMORY.match(value) if isinstance(value, str) else None
    if found:
        return int(float(found[1]) * (1_000_000 if found[2].upper() == "MB" else 1_000_000_000))
    if value != "":
        check.refuse(f"`memory` cannot be {value!r}", 'write memory = "2 GB" or "1500 MB"')
    return 0


def _cron(check: _Checker, value: object) -> str:
    from workbench.report.jobs.cron import EXAMPLES, cron_problem

    text = check.text("schedule.cron", value)
    if text and (why := cron_problem(text)):
        check.refuse(f"`schedule.cron` cannot be {text!r}: {why}", f"write {EXAMPLES}")
    return text


def _is_zone(name: object) -> bool:
    try:
        return isinstance(name, str) and bool(ZoneInfo(name))
    except (ValueError, OSError, LookupError):
        return False


def load_job(path: Path, settings: Path | None = None) -> JobFile:
    """The job in a file, read as `read_job` does. Raises BadJob for the first thing in it that means nothing."""
    job, problems = read_job(path, settings)
    if problems:
        raise problems[0]
    assert job is not None
    return job


def write_job(path: Path, job: JobFile) -> None:
    """Write a job's file, whole or not at all; comments of a file that is there already are kept.

    Raises BadJob when what was written would not be read back as the same job, ReportFailed when the
    folder cannot be written.
    """
    from workbench.report.files import write_file
    from workbench.settings.toml_editor import open_document, set_values

    table = job.table()
    read, problems = read_table(str(path), path.stem, table)
    if problems:
        raise problems[0]
    assert read is not None
    document = open_document(path)
    set_values(document, table)
    write_file(path, document.as_string())
