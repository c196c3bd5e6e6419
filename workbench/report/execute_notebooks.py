"""Running the notebooks of one report, one after the other; every way to fail becomes words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.report.notebook.sections import SectionStatus
from workbench.report.plan import NotebookPlan, ReportSpec, RunConfig

STOPPED = "the run was stopped from outside"


@dataclass(frozen=True)
class ExecutedNotebook:
    """The executed notebooks, why they failed (or ""), what interrupted us, and what else is to be said.

    `gaps` has a sentence for each section or notebook that is missing while others are there.
    """

    notebooks: Sequence[Any]
    failure: str = ""
    stopped: BaseException | None = None
    remarks: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True)
class _NotebookRun:
    """What became of one notebook: `reason` when nothing of it can be shown."""

    notebook: Any
    reason: str = ""
    gaps: Mapping[str, str] = field(default_factory=dict)
    stopped: BaseException | None = None


def execute_notebooks(one: ReportSpec, setting: RunConfig) -> ExecutedNotebook:
    """Run the notebooks of a report; after an interruption the others are left as they are.

    A notebook that fails beside one that does not is a gap, as is a section beside others.
    """
    remarks: list[str] = []
    done: list[tuple[str, _NotebookRun]] = []
    for each in one.plans:
        is_over = setting.stop.is_set() or any(ran.stopped is not None for _, ran in done)
        ran = _NotebookRun(each.notebook) if is_over else _execute(each, setting, remarks)
        done.append((each.job.notebook.stem, ran))
    stopped = next((ran.stopped for _, ran in done if ran.stopped is not None), None)
    bad = [(name, ran.reason) for name, ran in done if ran.reason]
    if stopped is not None or setting.stop.is_set() or len(bad) == len(done):
        failure = "; ".join(f"{name}: {reason}" if len(done) > 1 else reason for name, reason in bad)
        return ExecutedNotebook([ran.notebook for _, ran in done], failure, stopped, _once(remarks))
    gaps = [sentence for name, ran in done for sentence in _missing(name if len(done) > 1 else "", ran)]
    return ExecutedNotebook([ran.notebook for _, ran in done], "", None, _once(remarks), tuple(gaps))


def _missing(name: str, ran: _NotebookRun) -> list[str]:
    """A sentence for each gap of a notebook."""
    if ran.reason:
        return [f"The part “{name}” is missing: {ran.reason}"]
    where = f" of “{name}”" if name else ""
    return [f"The section “{section}”{where} is missing: {why}" for section, why in ran.gaps.items()]


def _once(remarks: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(remarks))


def _execute(one: NotebookPlan, setting: RunConfig, remarks: list[str]) -> _NotebookRun:
    """Run one notebook; what interrupted us is to be raised again."""
    from workbench.report.notebook.execute import execute
    from workbench.report.notebook.kernel import DeadlinePassed, KernelDied, RunStopped

    kept: list[Any] = []
    sections = SectionStatus()
    defaults = one.schema.defaults()
    given = {name: value for name, value in one.values.items() if value != defaults[name]}
    reason = ""
    stopped: BaseException | None = None
    try:
        execute(
            one.notebook, given, cwd=setting.project, kept=kept, deadline=setting.deadline, warm=setting.warm,
            memory=setting.memory, stop=setting.stop, pin=setting.pin, remarks=remarks, sections=sections,
        )  # fmt: skip
    except DeadlinePassed as error:
        reason = f"{error}; give it more time with --deadline, or narrow the selection"
    except KernelDied as error:
        reason = f"{error}; the usual cause is too little memory: narrow the selection"
    except RunStopped:
        reason = STOPPED
    except KeyboardInterrupt as error:
        reason, stopped = STOPPED, error
    except Exception as error:  # whatever papermill or the cell raised is the report's failure, not ours
        first = next(iter(sections.gaps.values()), error_line(error))
        reason = "" if sections.usable else first
    return _NotebookRun(kept[0] if kept else one.notebook, reason, {} if reason else sections.gaps, stopped)


def error_line(error: BaseException) -> str:
    """`NameError: name 'x' is not defined` for a cell that failed, whatever papermill wraps around it."""
    name, value = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", str(error))
    lines = str(value).strip().splitlines()
    return f"{name}: {lines[0]}" if lines else str(name)
