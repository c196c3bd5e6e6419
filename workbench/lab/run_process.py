"""The process of a job of JupyterLab's: `python -m workbench.lab.run_process WANTED ANSWER`, two files of JSON."""

from __future__ import annotations

import json
import sys
import traceback
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import WorkbenchError
from workbench.lab.run import LabOutcome, LabRequest, project_of
from workbench.report.files import write_file
from workbench.report.formats import FORMATS
from workbench.report.notebook.interrupts import end_with_input, terminable

if TYPE_CHECKING:
    from workbench.report.run import ReportResult


def main() -> None:
    """Run what is wanted and leave the answer."""
    wanted, answer = (Path(word) for word in sys.argv[1:3])
    end_with_input()  # it ends with the job
    with terminable():
        became = outcome_of(LabRequest(**json.loads(wanted.read_text(encoding="utf-8"))))
        write_file(answer, json.dumps(asdict(became)) + "\n")


def outcome_of(wanted: LabRequest) -> LabOutcome:
    """Run a notebook as `workbench report` does; every way to fail is an answer with its reason.

    The place in a message is the notebook that the job was made from, not the job's copy.
    """
    from workbench.report.plan import ReportRequest
    from workbench.report.run_notebooks import run_notebooks

    def tell(said: object) -> None:
        print(said, flush=True)  # noqa: T201

    kinds = tuple(dict.fromkeys(["html", *(one for one in wanted.formats if one in FORMATS)]))
    try:
        job = ReportRequest(Path(wanted.notebook), dict(wanted.parameters))
        (result,) = run_notebooks([job], project_of(Path(wanted.source)), kinds, tell=tell)
        became = _became(result)
    except WorkbenchError as error:
        became = LabOutcome("failed", f"{error.place}: {error.problem}. {error.hint}")
    except Exception as error:  # a defect of ours is told with its traceback in the log
        traceback.print_exc()
        became = LabOutcome("failed", f"{type(error).__name__}: {error}")
    return replace(became, said=became.said.replace(wanted.notebook, wanted.source))


def _became(result: ReportResult) -> LabOutcome:
    said = "; ".join(filter(None, [result.reason if result.state != "reused" else "", result.remark]))
    return LabOutcome(result.state, said, {key: str(path) for key, path in result.paths.items()})


if __name__ == "__main__":
    main()
