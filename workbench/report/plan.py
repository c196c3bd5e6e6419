"""What is wanted, checked before anything starts: the job, its parameters, its name, its run key."""

from __future__ import annotations

import hashlib
import json
import shlex
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench import __version__
from workbench.errors import BadParameter, ReportFailed, did_you_mean
from workbench.project import find_project
from workbench.report.files import report_name
from workbench.report.formats import FORMATS, ready
from workbench.report.notebook.kernel_env import DEADLINE
from workbench.report.notebook.parameters import ParameterSchema, check_parameters, read_notebook, schema_of
from workbench.selection.model import Selection
from workbench.selection.saved import parse_selection

if TYPE_CHECKING:
    from workbench.report.diff.attribution import Documents

SELECT = "select"  # the notebook parameter that takes the selection's line


@dataclass(frozen=True)
class ReportRequest:
    """One report that is wanted: a notebook, parameters that differ from its defaults, a selection."""

    notebook: Path
    parameters: Mapping[str, object] = field(default_factory=dict)
    select: str = ""


@dataclass(frozen=True)
class RunConfig:
    """Where reports are made and from what.

    `project` is the kernel's working folder, `out` receives the reports. `corpus_version` and
    `settings_digest` enter the run key: the same key is not run twice unless `force`. `deadline` is
    in seconds, for each notebook; `memory` in bytes, for each kernel (0: no limit; Linux alone holds it).
    `workers` reports are made at once (0: one a core, four at most); `warm` forks kernels from one process
    that has imported what notebooks import, where the system can. Setting `stop` ends what runs.
    `documents` know when each document of the corpus arrived, `settings` has a digest of each file of
    settings: both to say what changed a report. `pin` names the store and version that every kernel of the
    run reads, whatever is built meanwhile (`project.pin`). `began` is when the run did, on the clock of `time.monotonic`.
    """

    project: Path
    out: Path
    corpus_version: str = ""
    settings_digest: str = ""
    pin: str = ""
    deadline: float = DEADLINE
    formats: tuple[str, ...] = ("html",)
    force: bool = False
    warm: bool = True
    memory: int = 0
    workers: int = 0
    documents: Documents | None = field(default=None, repr=False, compare=False)
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)
    began: float = field(default_factory=time.monotonic, repr=False, compare=False)
    stop: threading.Event = field(default_factory=threading.Event, compare=False)


@dataclass(frozen=True)
class NotebookPlan:
    """A job that passed every check: notebook, all parameters, which were changed, file name, run key."""

    job: ReportRequest
    notebook: dict[str, Any]
    schema: ParameterSchema
    values: Mapping[str, Any]
    changed: Mapping[str, Any]
    select: Selection
    name: str
    key: str


def plan(job: ReportRequest, setting: RunConfig) -> NotebookPlan:
    """Check a job against its notebook; nothing is run.

    Raises BadParameter for a missing notebook, an unknown or wrong parameter, or a selection that the
    notebook does not take; BadSelection; ReportFailed for an unknown format, MissingExtra for one that cannot be made here.
    """
    for wanted in setting.formats:
        if wanted not in FORMATS:
            raise ReportFailed(
                job.notebook, problem=f"no format `{wanted}`", hint=did_you_mean(wanted, FORMATS)
            )
    ready(setting.formats)
    notebook = read_notebook(job.notebook)
    schema = schema_of(job.notebook, notebook["cells"])
    values = check_parameters(schema, job.parameters)
    select = parse_selection(job.select or values.get(SELECT) or "", find_project(setting.project).settings)
    if select and SELECT not in values:
        raise BadParameter(
            job.notebook,
            problem="this notebook takes no selection",
            hint=f'add `{SELECT}: str = ""` to its cell tagged `parameters`',
        )
    if SELECT in values:
        values[SELECT] = select.line()
    defaults = schema.defaults()
    changed = {name: value for name, value in values.items() if value != defaults[name] and name != SELECT}
    line = select.line() if values.get(SELECT) != defaults.get(SELECT) else ""
    name = report_name(job.notebook.stem, changed, line)
    return NotebookPlan(
        job, notebook, schema, values, changed, select, name, _key(notebook["cells"], values, setting)
    )


@dataclass(frozen=True)
class ReportSpec:
    """One report of one or several notebooks, checked: file name, title ("" for the notebook's), run key.

    `command` is the line that makes it again, `notices` what its head must say, as (kind, words), and
    `last_good` where an earlier good one is, as (words, address). `before` are the results it is compared
    with, None for those of the report that stands in its place.
    """

    name: str
    title: str
    plans: tuple[NotebookPlan, ...]
    key: str
    command: str
    select: Selection
    notices: tuple[tuple[str, str], ...] = ()
    last_good: tuple[str, str] | None = None
    before: Path | None = None

    def over(self, selection: Selection) -> ReportSpec:
        """The same report about other text; BadParameter when one of its notebooks takes no selection."""
        if not all(SELECT in one.values for one in self.plans):
            raise BadParameter(self.name, problem="one of its notebooks takes no selection", hint="add one")
        line = selection.line()
        plans = [replace(one, values={**one.values, SELECT: line}, select=selection) for one in self.plans]
        return replace(self, plans=tuple(plans), select=selection)

    def warned(self, notices: Sequence[str], last_good: tuple[str, str] | None) -> ReportSpec:
        """The same report, to be read with care; no longer the same as one without these words."""
        said = tuple(("degraded", words) for words in notices)
        key = _digest([self.key, said, last_good])
        return replace(self, key=key, notices=(*self.notices, *said), last_good=last_good)


def book_of(one: NotebookPlan) -> ReportSpec:
    """A notebook on its own as a report."""
    line = one.select.line()
    command = reproduce(one.job.notebook.stem, one.changed, line)
    return ReportSpec(one.name, "", (one,), one.key, command, one.select)


def bind(name: str, title: str, plans: Sequence[NotebookPlan], command: str) -> ReportSpec:
    """Several notebooks of one selection as one report."""
    key = _digest([title, [one.key for one in plans]])
    select = next((one.select for one in plans if one.select), plans[0].select)
    return ReportSpec(name, title, tuple(plans), key, command, select)


def reproduce(stem: str, changed: Mapping[str, Any], select: str) -> str:
    """The command line that makes a notebook's report again."""
    words = ["workbench", "report", stem]
    for name, value in changed.items():
        words += ["-p", f"{name}={_on_command_line(value)}"]
    return shlex.join(words + (["--select", select] if select else []))


def _on_command_line(value: Any) -> str:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else "none" if value is None else str(value)


def notebook_digest(cells: Sequence[Mapping[str, Any]]) -> str:
    """Over what of a notebook decides its result: not its outputs, ids and counts."""
    return _digest(
        [
            (cell["cell_type"], "".join(cell["source"]), sorted(cell.get("metadata", {}).get("tags", [])))
            for cell in cells
        ]
    )


@cache
def package_digest() -> str:
    """Over the package's own files: what changed code makes is not "unchanged"."""
    root = Path(__file__).parent.parent
    files = sorted(
        path for path in root.rglob("*") if path.suffix in (".py", ".css", ".js", ".toml", ".txt", ".j2")
    )
    contents = [
        (path.relative_to(root).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()) for path in files
    ]
    return _digest(contents)


def _key(cells: list[dict[str, Any]], values: Mapping[str, Any], setting: RunConfig) -> str:
    """Over everything that can change a report."""
    corpus = [setting.corpus_version, setting.settings_digest]
    return _digest([notebook_digest(cells), dict(values), corpus, __version__, package_digest()])


def _digest(content: Any) -> str:
    """Sixteen hex digits."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
