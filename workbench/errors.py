"""Every message a user can meet: the problem, the place, the hint.

An error that reaches a person says what is wrong, where, and what to do about it. One class for each
thing that a caller may want to catch; all are `WorkbenchError`. Imports nothing of ours.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from os import PathLike


class WorkbenchError(Exception):
    """A refusal with its problem, its place and its hint, printed on at most three lines."""

    def __init__(self, place: str | PathLike[str], *, problem: str, hint: str) -> None:
        super().__init__(str(place), problem, hint)
        self.place = str(place)
        self.problem = problem
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}\n  hint: {self.hint}"

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process."""
        return (_rebuild, (type(self), self.place, self.problem, self.hint))


class UnreadableFile(WorkbenchError):
    """A file that holds no text we can read: empty, binary, damaged, locked."""


class BadSettings(WorkbenchError):
    """A settings file with a key or a value that means nothing."""


class BadProject(WorkbenchError):
    """A folder that cannot become a project, or whose notebooks cannot be brought up to date."""


class BadJob(BadSettings):
    """A job file with a key or a value that means nothing, or a job that is not there."""


class BadSelection(WorkbenchError):
    """A selection that names an unknown field or value, or cannot be parsed."""


class BadParameter(WorkbenchError):
    """A notebook parameter with an unknown name, a wrong type or a wrong choice."""


class BadCorpus(WorkbenchError):
    """A corpus that is missing, empty, or was built by a version we cannot read."""


class MissingExtra(WorkbenchError):
    """An optional part is not installed."""


class ReportFailed(WorkbenchError):
    """A report could not be made; its notebook keeps the traceback."""


class BadSchedule(WorkbenchError):
    """A slot that is none, or a ledger of slots that cannot be kept."""


class NotDelivered(WorkbenchError):
    """A report that is there and could not be sent or copied to where it was wanted."""


class NotFetched(WorkbenchError):
    """An address that may not or cannot be fetched, or a list of addresses that cannot be read."""


class TooLittleData(WorkbenchError):
    """An analysis was asked of fewer texts than its stated rule allows."""


def _rebuild(kind: type[WorkbenchError], place: str, problem: str, hint: str) -> WorkbenchError:
    return kind(place, problem=problem, hint=hint)


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """A short hint for a misspelt name: the nearest choice, or the whole list when none is near.

    >>> did_you_mean("tpo", ["top", "by"])
    'did you mean `top`? known: by, top'
    """
    known = sorted({str(choice) for choice in choices})
    by_fold = {choice.casefold(): choice for choice in known}
    near = difflib.get_close_matches(word.casefold(), list(by_fold), n=1, cutoff=0.5)
    listed = ", ".join(known[:12]) + (f" … ({len(known)} in all)" if len(known) > 12 else "")
    if near:
        return f"did you mean `{by_fold[near[0]]}`? known: {listed}"
    return f"known: {listed or 'none'}"
