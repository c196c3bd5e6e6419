"""Running the notebooks of one report, one after the other; every way to fail becomes words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.report.plan import Book, Plan, Setting

STOPPED = "the run was stopped from outside"


@dataclass(frozen=True)
class Executed:
    """The executed notebooks, why they failed (or ""), what interrupted us, and what else is to be said."""

    notebooks: Sequence[Any]
    failure: str = ""
    stopped: BaseException | None = None
    remarks: tuple[str, ...] = ()


def execute_book(one: Book, setting: Setting) -> Executed:
    """Run the notebooks of a report; after an interruption the others are left as they are."""
    notebooks: list[Any] = []
    reasons: list[str] = []
    remarks: list[str] = []
    stopped: BaseException | None = None
    for each in one.plans:
        nb: Any = each.notebook
        if stopped is None:
            nb, reason, stopped = _execute(each, setting, remarks)
            if reason:
                reasons.append(reason if len(one.plans) == 1 else f"{each.job.notebook.stem}: {reason}")
        notebooks.append(nb)
    return Executed(notebooks, "; ".join(reasons), stopped, tuple(dict.fromkeys(remarks)))


def _execute(one: Plan, setting: Setting, remarks: list[str]) -> tuple[Any, str, BaseException | None]:
    """The executed notebook, why it failed (or ""), and what interrupted us, to be raised again."""
    from workbench.report.client import DeadlinePassed, KernelDied, Stopped
    from workbench.report.engine import execute

    kept: list[Any] = []
    defaults = one.schema.defaults()
    given = {name: value for name, value in one.values.items() if value != defaults[name]}
    reason = ""
    stopped: BaseException | None = None
    try:
        execute(
            one.notebook, given, cwd=setting.project, kept=kept, deadline=setting.deadline,
            warm=setting.warm, memory=setting.memory, stop=setting.stop, remarks=remarks,
        )  # fmt: skip
    except DeadlinePassed as error:
        reason = f"{error}; give it more time with --deadline, or narrow the selection"
    except KernelDied as error:
        reason = f"{error}; the usual cause is too little memory: narrow the selection"
    except Stopped:
        reason = STOPPED
    except KeyboardInterrupt as error:
        reason, stopped = STOPPED, error
    except Exception as error:  # whatever papermill or the cell raised is the report's failure, not ours
        reason = in_a_line(error)
    return kept[0] if kept else one.notebook, reason, stopped


def in_a_line(error: BaseException) -> str:
    """`NameError: name 'x' is not defined` for a cell that failed, whatever papermill wraps around it."""
    name, value = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", str(error))
    lines = str(value).strip().splitlines()
    return f"{name}: {lines[0]}" if lines else str(name)
